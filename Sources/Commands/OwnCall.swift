#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Whether this runs within a model's call that ccmem made: then none is made.
public enum OwnCall {
    public static var isThis: Bool { getenv("CCMEM_HOOKS").map { String(cString: $0) } == "off" }
}
