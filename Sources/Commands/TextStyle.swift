import Neutralization
public import Projects

/// How text is laid out for reading.
public struct TextStyle: Sendable {
    /// Columns when the output is no terminal.
    public static let plainWidth = 100

    public enum Ink: String {
        case bold = "1"
        case faint = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }

    public var colour: Bool
    public var width: Int

    public init(colour: Bool, width: Int) {
        self.colour = colour
        self.width = width
    }

    /// Whether what goes to a stream may be coloured: to a terminal that knows colours, unless somebody wants none
    /// (`NO_COLOR`, which counts when it is not empty).
    public static func isColoured(_ stream: StandardStream, _ variables: EnvironmentVariables) -> Bool {
        stream.isTerminal && (variables["NO_COLOR"] ?? "").isEmpty && variables["TERM"] != "dumb"
    }

    public func paint(_ text: String, _ ink: Ink) -> String {
        colour ? "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Breaks a text into lines of at most `columns`, at spaces where there are any.
    public static func wrapped(_ text: String, columns: Int) -> [String] {
        var text = text
        if let lines = text.withUTF8({ wrappedASCII($0, columns: columns) }) { return lines }
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: true) {
            var word = String(Substring(word))
            var width = columnCount(word)
            if used > 0, used + 1 + width > columns {
                lines.append(line)
                line = ""
                used = 0
            }
            while width > columns {
                // A word longer than a line: cut where the line is full.
                let room = columns - (used > 0 ? used + 1 : 0)
                let head = prefix(of: word, columns: max(1, room))
                lines.append(line + (used > 0 ? " " : "") + head)
                line = ""
                used = 0
                word = String(word.dropFirst(head.count))
                width = columnCount(word)
            }
            line += (used > 0 ? " " : "") + word
            used += (used > 0 ? 1 : 0) + width
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// The same for what most texts are: ASCII, no word longer than a line. Nil for any other.
    private static func wrappedASCII(_ text: UnsafeBufferPointer<UInt8>, columns: Int) -> [String]? {
        var lines: [String] = []
        var line: [UInt8] = []
        var start = 0
        while start < text.count {
            var end = start
            while end < text.count, text[end] != UInt8(ascii: " ") {
                if text[end] >= 0x80 { return nil }
                end += 1
            }
            if end > start {
                if end - start > columns { return nil }
                if !line.isEmpty, line.count + 1 + end - start > columns {
                    lines.append(String(decoding: line, as: UTF8.self))
                    line.removeAll(keepingCapacity: true)
                }
                if !line.isEmpty { line.append(UInt8(ascii: " ")) }
                line.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<end]))
            }
            start = end + 1
        }
        if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }

    private static func prefix(of word: String, columns: Int) -> String {
        var used = 0
        var head = ""
        for character in word {
            let width = columnCount(String(character))
            if used + width > columns, !head.isEmpty { break }
            head.append(character)
            used += width
        }
        return head
    }

    /// Columns that a terminal gives a text: two for East Asian wide characters and emoji, none for combining marks.
    public static func columnCount(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.value {
            case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: sum
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
                0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
                sum + 2
            default: sum + 1
            }
        }
    }

    /// Text of a transcript that is safe to print: control and direction-changing characters become spaces.
    public static func printable(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "<") }) { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in Neutralizer.neutralized(text).unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}

extension String {
    /// Filled with spaces on the right up to so many columns.
    public func padded(to columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - TextStyle.columnCount(self)))
    }

    /// Filled with spaces on the left up to so many columns.
    public func leftPadded(to columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - TextStyle.columnCount(self))) + self
    }
}
