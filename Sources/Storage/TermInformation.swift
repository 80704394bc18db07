#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How much a word tells of a text, by how many texts hold it.
public enum TermInformation {
    /// Natural logarithm of how much rarer than everywhere a word is; never below 0: the inverse document frequency of BM25.
    public static func of(_ count: Int, among total: Int) -> Double {
        let with = Double(count) + 0.5
        let without = Double(max(total, count, 1)) - Double(count) + 0.5
        return log(1 + without / with)
    }
}
