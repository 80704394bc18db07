/// Statements that are worded alike and say two things.
///
/// Of two sentences with mostly the same words the second is mostly said again. It is another fact where a word of its own
/// stands in the place of another one (`the api server listens`, `the web server listens`), or where the same words stand in
/// an order that counts (`Postgres instead of MySQL`, `MySQL instead of Postgres`).
public enum Contrast {
    /// Whether two statements contrast. Asked only of those whose words are mostly the same.
    public static func stands(between a: String, and b: String) -> Bool {
        let (first, second) = (words(of: a), words(of: b))
        let (x, y) = (first.filter { !fillers.contains($0) }, second.filter { !fillers.contains($0) })
        if x.sorted() == y.sorted() {
            return x != y && (first + second).contains(where: directions.contains)
        }
        let start = zip(x, y).prefix(while: isSameWord).count
        let end = zip(x.dropFirst(start).reversed(), y.dropFirst(start).reversed()).prefix(while: isSameWord).count
        let middleOfX = x.dropFirst(start).dropLast(end), middleOfY = y.dropFirst(start).dropLast(end)
        // What one has alone, in the part where they differ; one that has nothing alone only says less.
        let ownOfX = middleOfX.filter { word in !middleOfY.contains { isSameWord(word, $0) } }
        let ownOfY = middleOfY.filter { word in !middleOfX.contains { isSameWord(word, $0) } }
        if ownOfX.isEmpty || ownOfY.isEmpty { return false }
        if middleOfX.count <= 2, middleOfY.count <= 2, start + end >= 2 { return true }
        return x.count == y.count && x.count >= 4 && max(ownOfX.count, ownOfY.count) * 4 <= x.count
    }

    /// Runs of letters and digits in lower case, runs of other scripts by character.
    private static func words(of text: String) -> [Substring] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.flatMap { run -> [Substring] in
            guard run.unicodeScalars.contains(where: { (0x3040...0x9FFF).contains($0.value) }) else { return [run] }
            return run.indices.map { run[$0...$0] }
        }
    }

    /// `test` and `tests`, `fix` and `fixed`: one word, with an ending of up to three letters; or with two letters exchanged.
    private static func isSameWord(_ a: Substring, _ b: Substring) -> Bool {
        let (short, long) = a.utf8.count <= b.utf8.count ? (a, b) : (b, a)
        if short == long { return true }
        if short.utf8.count == long.utf8.count, short.utf8.count >= 6, short.utf8.sorted() == long.utf8.sorted() {
            return true
        }
        guard short.utf8.count >= 3, long.utf8.count - short.utf8.count <= 3, long.hasPrefix(short) else {
            return false
        }
        return long.dropFirst(short.count).allSatisfy { $0.isLetter && $0.isASCII }
    }

    private static func set(_ words: String) -> Set<Substring> { Set(words.split(separator: " ")) }

    /// Words that may come, go and change without another meaning.
    private static let fillers = set(
        """
        a an the this that these those it its is are was were be been being am do does did has have had i we you they he she \
        our your their my me us them which who and also just really very please should shall must will would so then now note remember \
        of in on at for to by with from into as because since
        """)
    /// Words whose two sides can't change places.
    private static let directions = set(
        "instead over than before after from to into rather not never always without don t by via 而不是 不")
}
