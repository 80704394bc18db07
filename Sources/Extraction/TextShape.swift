/// Counts of what a segment's text is made of, taken in one pass over its bytes.
struct TextShape {
    private(set) var words = 0
    private(set) var codeSpans = 0
    private(set) var numbers = 0
    private(set) var commas = 0
    private(set) var hasBold = false
    private(set) var hasParenthesis = false
    private(set) var hasQuotes = false
    private(set) var hasArrow = false
    private(set) var hasColonInside = false
    private(set) var hasQuestion = false
    private(set) var hasIdentifier = false
    private(set) var hasPath = false
    private(set) var hasCapitals = false
    private(set) var hasCount = false
    private(set) var hasQuantity = false
    private(set) var hasCheckMark = false
    private(set) var hasCrossMark = false
    private(set) var hasParty = false
    /// The first letter, digit or non-ASCII byte: where the words begin.
    private(set) var openingOffset: Int
    /// The last byte that is no closing markup.
    private(set) var lastMark: UInt8 = 0

    init(_ text: UnsafeBufferPointer<UInt8>) {
        openingOffset = text.firstIndex { LiteralScan.isWordByte($0) || $0 >= 0x80 } ?? text.count
        var end = text.count
        while end > 0, TextShape.isClosing(text[end - 1]) { end -= 1 }
        if end > 0 { lastMark = text[end - 1] }
        scan(text)
    }

    /// `*`, `_`, space, `)`
    private static func isClosing(_ byte: UInt8) -> Bool {
        byte == 0x2A || byte == 0x5F || byte == 0x20 || byte == 0x29
    }

    private mutating func scan(_ text: UnsafeBufferPointer<UInt8>) {
        var wordStart = 0
        var ticks = 0
        var ideographs = 0
        // Whether the word so far is made of small letters and marks that mean nothing inside of a word.
        var isPlain = true
        for position in 0..<text.count {
            let byte = text[position]
            if byte >= 0x80 {
                isPlain = false
                if byte >= 0xE2 { noteSymbol(text, at: position) }
                if (0xE3...0xED).contains(byte) { ideographs += 1 }
                continue
            }
            if byte > 0x60, byte < 0x7B { continue }
            switch byte {
            case 0x20:
                if isPlain, !pendingNumber, !pendingFigure || hasQuantity {
                    if wordStart < position { words += 1 }
                } else {
                    endWord(text, wordStart..<position)
                }
                wordStart = position + 1
                isPlain = true
            case UInt8(ascii: "-"), UInt8(ascii: "'"), UInt8(ascii: ";"), UInt8(ascii: "!"): break
            case UInt8(ascii: "."):
                if position + 1 < text.count, text[position + 1] != 0x20 { isPlain = false }
            case UInt8(ascii: "`"): ticks += 1
            case UInt8(ascii: ","): commas += 1
            case UInt8(ascii: "?"): hasQuestion = true
            case UInt8(ascii: "("):
                hasParenthesis = true
                isPlain = false
            case UInt8(ascii: "\""): hasQuotes = true
            case UInt8(ascii: ":"):
                if position + 1 < text.count, text[position + 1] == 0x20 { hasColonInside = true }
            case UInt8(ascii: ">"):
                if position > 0, text[position - 1] == UInt8(ascii: "-") { hasArrow = true }
                isPlain = false
            case UInt8(ascii: "*"):
                if position > 0, text[position - 1] == UInt8(ascii: "*") { hasBold = true }
            default: isPlain = false
            }
        }
        endWord(text, wordStart..<text.count)
        // Chinese and Japanese write no spaces; a word has two characters or so.
        words += ideographs / 2
        codeSpans = ticks / 2
    }

    private mutating func noteSymbol(_ text: UnsafeBufferPointer<UInt8>, at position: Int) {
        guard position + 2 < text.count else { return }
        let second = text[position + 1]
        let third = text[position + 2]
        switch (text[position], second, third) {
        case (0xE2, 0x86, 0x92): hasArrow = true  // →
        case (0xE2, 0x80, 0x93), (0xE2, 0x80, 0x94): hasColonInside = true  // – —
        case (0xE2, 0x80, 0x9C): hasQuotes = true  // “
        case (0xE2, 0x9C, 0x85), (0xE2, 0x9C, 0x93), (0xE2, 0x9C, 0x94): hasCheckMark = true  // ✅ ✓ ✔
        case (0xE2, 0x9D, 0x8C), (0xE2, 0x9C, 0x97): hasCrossMark = true  // ❌ ✗
        case (0xE2, 0x9C, 0xA8): hasParty = true  // ✨
        case (0xF0, 0x9F, 0x8E), (0xF0, 0x9F, 0x9A): hasParty = true  // 🎉 🎯 🚀
        default: break
        }
    }

    private mutating func endWord(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        words += 1
        var digits = 0
        var upper = 0
        var inDigits = false
        var humps = false
        var underscore = false
        var slash = false
        var call = false
        var previous: UInt8 = 0
        for position in range {
            let byte = text[position]
            switch byte {
            case 0x30...0x39:
                digits += 1
                if !inDigits { numbers += 1 }
                inDigits = true
            default:
                if inDigits, byte == UInt8(ascii: "%") { hasCount = true }
                inDigits = false
                switch byte {
                case 0x41...0x5A:
                    upper += 1
                    if (0x61...0x7A).contains(previous) { humps = true }
                    if upper >= 3 { hasCapitals = true }
                case 0x61...0x7A: upper = 0
                case 0x5F:
                    let next = position + 1 < range.upperBound ? text[position + 1] : 0x20
                    underscore = underscore || isLetter(previous) && LiteralScan.isWordByte(next)
                case UInt8(ascii: "/"):
                    slash =
                        slash || (isLetter(previous) && position + 1 < range.upperBound && isLetter(text[position + 1]))
                    if (0x30...0x39).contains(previous), position + 1 < range.upperBound,
                        (0x30...0x39).contains(text[position + 1])
                    {
                        hasCount = true
                    }
                case UInt8(ascii: ")"): call = call || previous == UInt8(ascii: "(")
                default: break
                }
            }
            previous = byte
        }
        hasIdentifier = hasIdentifier || humps || underscore || call
        hasPath = hasPath || slash || TextShape.endsInExtension(text, range)
        if digits > 0 || words > 1 { noteCountedNoun(text, range) }
        if !hasQuantity, digits > 0 || pendingFigure { noteQuantity(text, range) }
    }

    private var pendingNumber = false
    /// The word before is a figure, perhaps with a fraction.
    private var pendingFigure = false

    /// "12 tests", "0 failures": a bare number before a noun of counting.
    private mutating func noteCountedNoun(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        var body = range
        while let first = body.first, !isLetter(text[first]), !(0x30...0x39).contains(text[first]) {
            body.removeFirst()
        }
        while let last = body.last, !isLetter(text[last]), !(0x30...0x39).contains(text[last]) { body.removeLast() }
        if pendingNumber,
            ["test", "fail", "pass", "error", "file", "line"].contains(where: { noun in
                body.count >= noun.utf8.count && zip(noun.utf8, body).allSatisfy { $0 == text[$1] | 0x20 }
            })
        {
            hasCount = true
        }
        pendingNumber = !body.isEmpty && body.allSatisfy { (0x30...0x39).contains(text[$0]) || text[$0] == 0x2C }
    }

    private static let units: Set<String> = [
        "%", "×", "ms", "s", "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "h", "hour",
        "hours",
        "day", "days", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "k", "m", "g", "x", "fps", "hz", "khz", "mhz",
        "ghz",
        "ma", "mw", "bytes", "bits", "rows", "requests", "rps", "qps", "percent", "times", "tokens",
    ]

    /// `53ms`, `34–53ms`, `8.4M`, `20×`; or a unit behind a bare number, as in `6.6 s`.
    private mutating func noteQuantity(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        var word = range
        while let first = word.first, !TextShape.isPartOfQuantity(text[first]) { word.removeFirst() }
        while let last = word.last, !TextShape.isPartOfQuantity(text[last]) { word.removeLast() }
        let wasFigure = pendingFigure
        pendingFigure = false
        guard let first = word.first, word.count <= 16 else { return }
        var unit = word
        if isDigit(text[first]) {
            unit = ((word.last { isDigit(text[$0]) } ?? first) + 1)..<word.upperBound
            pendingFigure = unit.isEmpty
        } else if !wasFigure {
            return
        }
        guard !unit.isEmpty else { return }
        hasQuantity = TextShape.units.contains(String(decoding: text[unit], as: UTF8.self).lowercased())
    }

    private static func isPartOfQuantity(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "%") || byte >= 0x80
    }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static let extensions: Set<String> = [
        "c", "cc", "cfg", "conf", "cpp", "cs", "css", "ex", "exs", "go", "h", "hpp", "html", "ini", "java", "js",
        "json",
        "jsx", "kt", "lock", "m", "md", "mjs", "php", "proto", "py", "rb", "rs", "scss", "sh", "sql", "svelte", "swift",
        "tf", "toml", "ts", "tsx", "txt", "vue", "xml", "yaml", "yml",
    ]

    private static func endsInExtension(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        var end = range.upperBound
        while end > range.lowerBound, !LiteralScan.isWordByte(text[end - 1]) { end -= 1 }
        var dot = end
        while dot > range.lowerBound, end - dot < 7, text[dot - 1] != UInt8(ascii: ".") { dot -= 1 }
        guard dot > range.lowerBound + 1, text[dot - 1] == UInt8(ascii: "."), end > dot,
            LiteralScan.isWordByte(text[dot - 2])
        else { return false }
        return extensions.contains(String(decoding: text[dot..<end], as: UTF8.self).lowercased())
    }
}
