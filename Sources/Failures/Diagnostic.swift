/// What a failing tool said, cut down to what tells one failure from another.
public struct Diagnostic: Sendable, Equatable {
    /// The first line that says what went wrong, as it stood; at most `longest` bytes.
    public var line: String
    /// The same without what changes from run to run: paths, line numbers, times, addresses. Two runs with the same one
    /// failed for the same reason, as far as can be seen.
    public var signature: String
    /// The file that the line names, as it stood; nil when it names none.
    public var file: String?
    /// The name in code that the line is about.
    public var symbol: String?

    public static let longest = 200

    /// - Parameter text: What the tool gave back: an error, or output. Empty text has no diagnostic.
    public init?(_ text: String) {
        let lines = Diagnostic.lines(of: text)
        guard let chosen = Diagnostic.choose(lines) else { return nil }
        line = Diagnostic.cut(chosen)
        let signature = Diagnostic.cut(Diagnostic.normalised(chosen))
        self.signature = signature.isEmpty ? line : signature
        file = Diagnostic.file(in: chosen) ?? Diagnostic.file(near: chosen, in: lines)
        symbol = Diagnostic.symbol(in: chosen)
    }

    // MARK: - Which line

    /// Lines without colours and without the client's own first line `Exit code 1`; at most 2,000 of them.
    private static func lines(of text: String) -> [String] {
        var lines: [String] = []
        for part in text.utf8.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let line = plain(part)
            if line.isEmpty || lines.isEmpty && isExitCode(line) { continue }
            lines.append(line)
            if lines.count == 2_000 { break }
        }
        return lines
    }

    /// Without escape sequences, control characters and outer blanks.
    private static func plain(_ line: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        var isEscape = false
        for byte in line {
            if byte == 0x1B {
                isEscape = true
            } else if isEscape {
                // `ESC [ … m`: ends with a letter.
                if (0x40...0x7E).contains(byte), byte != UInt8(ascii: "[") { isEscape = false }
            } else if byte >= 0x20, byte != 0x7F {
                bytes.append(byte)
            } else if byte == 0x09 {
                bytes.append(0x20)
            }
            if bytes.count > 4_096 { break }
        }
        while bytes.last == 0x20 { bytes.removeLast() }
        return String(decoding: bytes.drop { $0 == 0x20 }, as: UTF8.self)
    }

    private static func isExitCode(_ line: String) -> Bool {
        line.hasPrefix("Exit code ") && line.dropFirst(10).allSatisfy(\.isNumber)
    }

    /// The line that says most: one with the shape of a diagnostic before one that only holds a word such as `failed`.
    private static func choose(_ lines: [String]) -> String? {
        // An exception of Python stands at the end of its trace.
        if let start = lines.lastIndex(where: { $0.hasPrefix("Traceback (most recent call last)") }),
            let last = lines[start...].dropFirst().first(where: { isException($0) })
        {
            return last
        }
        var best: (line: String, weight: Int)?
        for line in lines {
            let weight = weight(of: line)
            if weight > best?.weight ?? 0 { best = (line, weight) }
            if weight == 4 { break }
        }
        return best?.line ?? lines.first
    }

    private static func weight(of line: String) -> Int {
        let lower = line.lowercased()
        // A count of nothing, or of how many, says less than any single message.
        if ["0 error", "no error", "0 failed", "error(s)", "errors generated", "0 failures"].contains(
            where: lower.holds)
            || lower.hasPrefix("warning")
        {
            return 0
        }
        if lower.holds(": error") || lower.hasPrefix("error:") || lower.hasPrefix("error[") || lower.hasPrefix("fatal:")
            || lower.hasPrefix("e   ") || lower.holds("error ts") || isException(line)
        {
            return 4
        }
        if lower.hasPrefix("panic:") || lower.holds("assertion") || lower.holds("expected") && lower.holds("received")
            || lower.holds("command not found") || lower.holds("no such file") || lower.holds("permission denied")
            || lower.holds("cannot find") || lower.holds("not found") || lower.holds("undefined")
            || lower.holds("rejected") || lower.holds("refused") || lower.holds("timed out")
        {
            return 3
        }
        if lower.holds("error") || lower.hasPrefix("fail") || lower.hasPrefix("✗") || lower.hasPrefix("✘")
            || lower.hasPrefix("✕") || lower.hasPrefix("×") || lower.hasPrefix("--- fail") || lower.holds(" failed")
        {
            return 2
        }
        return lower.holds("fail") || lower.holds("denied") || lower.holds("invalid") ? 1 : 0
    }

    /// `ValueError: …`, `java.lang.IllegalStateException: …`, `TypeError [ERR_X]: …`.
    private static func isException(_ line: String) -> Bool {
        let head = line.prefix { $0 != ":" && $0 != " " }
        return head.count > 5 && head.first?.isLetter == true
            && (head.hasSuffix("Error") || head.hasSuffix("Exception") || head.hasSuffix("Failure"))
    }

    // MARK: - What stays the same

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longest else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: longest)
        while end > text.startIndex, Unicode.UTF8.isContinuation(text.utf8[end]) { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }

    static func normalised(_ line: String) -> String {
        var words: [String] = []
        for word in line.split(separator: " ", omittingEmptySubsequences: true) {
            words.append(normalisedWord(word))
        }
        var text = words.joined(separator: " ")
        for (from, to) in [("line N, column N", "line N"), ("line N:", "line N")] {
            if let range = text.place(of: from) { text.replaceSubrange(range, with: to) }
        }
        while let last = text.last, ".:,;!".contains(last) { text.removeLast() }
        return text
    }

    /// A path becomes the name of its file, places in it go, and numbers that time or chance gives become `N`.
    private static func normalisedWord(_ word: Substring) -> String {
        var core = word[...]
        var (head, tail) = ("", "")
        while let first = core.first, "([{\"'`<".contains(first) {
            head.append(first)
            core = core.dropFirst()
        }
        while let last = core.last, ")]}\"'`>,;.:".contains(last) {
            tail = String(last) + tail
            core = core.dropLast()
        }
        guard !core.isEmpty else { return String(word) }
        if core.contains("/"), !core.holds("://"), core.count > 1 || core.first == "/" {
            core = stripPlace(core)
            let name = core.split(separator: "/").last.map(String.init) ?? String(core)
            return head + name + tail.filter { $0 != ":" }
        }
        let place = stripPlace(core)
        if place.count < core.count, place.contains(".") { return head + place + tail.filter { $0 != ":" } }
        if core.hasPrefix("0x"), core.count > 4 { return head + "0xN" + tail }
        if isHash(core) { return head + "#" + tail }
        if isMeasure(core) { return head + "N" + tail }
        return String(word)
    }

    /// Without `:12` and `:12:5` and `(12,5)` at the end.
    private static func stripPlace(_ word: Substring) -> Substring {
        var word = word
        if let open = word.lastIndex(of: "("), word[open...].dropFirst().allSatisfy({ $0.isNumber || $0 == "," }) {
            word = word[..<open]
        }
        while let colon = word.lastIndex(of: ":"), word[colon...].count > 1,
            word[colon...].dropFirst().allSatisfy(\.isNumber)
        {
            word = word[..<colon]
        }
        return word
    }

    /// A commit, an identifier made by chance, a time of day.
    private static func isHash(_ word: Substring) -> Bool {
        let digits = word.filter { $0 != "-" && $0 != ":" }
        guard digits.count >= 7, digits.allSatisfy(\.isHexDigit) else { return false }
        return digits.contains(where: \.isNumber) && (digits.contains(where: \.isLetter) || word.contains(":"))
    }

    /// `12`, `1.23s`, `250ms`, `12%`: what a run measures or counts. Versions such as `v2` stay.
    private static func isMeasure(_ word: Substring) -> Bool {
        guard word.first?.isNumber == true else { return false }
        let unit = word.drop { $0.isNumber || $0 == "." || $0 == "," }
        return ["", "s", "ms", "us", "µs", "ns", "m", "h", "%", "x", "kb", "mb", "gb", "b"].contains(unit.lowercased())
    }

    // MARK: - What it is about

    /// A word that looks like a file with an ending, or with a place behind it.
    static func file(in line: String) -> String? {
        for word in line.split(whereSeparator: { " \t\"'`()[]<>,".contains($0) }) {
            let hadPlace = stripPlace(word[...]).count < word.count
            var core = stripPlace(word[...])
            while let last = core.last, ":;,.".contains(last) { core = core.dropLast() }
            core = stripPlace(core)
            guard core.count > 2, !core.holds("://"), core.first?.isNumber != true || core.contains("/"),
                let dot = core.lastIndex(of: "."), dot > core.startIndex
            else { continue }
            let ending = core[dot...].dropFirst()
            guard (1...10).contains(ending.count), ending.allSatisfy({ $0.isLetter || $0.isNumber }),
                ending.contains(where: \.isLetter), core.last != "."
            else { continue }
            if core.contains("/") || hadPlace || knownEndings.contains(ending.lowercased()) { return String(core) }
        }
        return nil
    }

    /// In the two lines behind, where compilers of Rust and runtimes of JavaScript say the place; then in the one before.
    private static func file(near line: String, in lines: [String]) -> String? {
        guard let index = lines.firstIndex(of: line) else { return nil }
        let around = lines[(index + 1)...].prefix(3) + lines[..<index].suffix(1)
        return around.lazy.compactMap { file(in: $0) }.first { !$0.holds("node_modules/") }
    }

    private static let knownEndings: Set<String> = [
        "swift", "py", "js", "jsx", "ts", "tsx", "rs", "go", "c", "h", "cpp", "hpp", "cc", "java", "kt", "rb", "php",
        "ex",
        "exs", "cs", "sql", "sh", "yaml", "yml", "json", "toml", "xml", "html", "css", "scss", "vue", "svelte", "md",
        "lock",
        "gradle", "tf", "proto", "mjs", "cjs", "m", "mm", "dart", "scala", "hs", "lua", "pl", "r", "jl", "zig",
    ]

    /// The first name in quotes, in backticks, or behind `undefined:`; common words are none.
    private static func symbol(in line: String) -> String? {
        var inside: Character?
        var text = ""
        for character in line {
            if let quote = inside {
                if character == quote {
                    if isName(text) { return text }
                    inside = nil
                } else {
                    text.append(character)
                }
            } else if "'`\"".contains(character) {
                inside = character
                text = ""
            }
        }
        if let range = line.place(of: "undefined: ") {
            let name = String(line[range.upperBound...].prefix { $0.isLetter || $0.isNumber || "_.".contains($0) })
            if isName(name) { return name }
        }
        return nil
    }

    private static func isName(_ text: String) -> Bool {
        guard (2...60).contains(text.count), let first = text.first, first.isLetter || first == "_" else {
            return false
        }
        return text.allSatisfy { $0.isLetter || $0.isNumber || "_.$()-".contains($0) } && file(in: text) == nil
    }
}
