/// Text of a file as a terminal may show it: what is no visible character is spelled out.
enum DisplayText {
    /// One character with its width in terminal columns.
    struct Cell {
        var text: String
        var width: Int
        /// Of its first byte in the line.
        var offset: Int
    }

    /// The characters of a line. Tabs are single spaces; controls, invisible and direction-changing characters and bytes
    /// that are no UTF-8 are spelled out, as `\u{1B}` and `\xFF`.
    static func cells(_ line: ArraySlice<UInt8>) -> [Cell] {
        line.withUnsafeBufferPointer { cells($0) }
    }

    private static func cells(_ bytes: UnsafeBufferPointer<UInt8>) -> [Cell] {
        var cells: [Cell] = []
        var place = 0
        while place < bytes.count {
            guard let (value, length) = YAMLSource.scalar(bytes, at: place), let scalar = Unicode.Scalar(value) else {
                cells.append(spelled("\\x" + hexadecimal(UInt32(bytes[place])), at: place))
                place += 1
                continue
            }
            if scalar == "\t" {
                cells.append(Cell(text: " ", width: 1, offset: place))
            } else if isInvisible(scalar) {
                cells.append(spelled("\\u{" + hexadecimal(value) + "}", at: place))
            } else {
                cells.append(Cell(text: String(scalar), width: width(scalar), offset: place))
            }
            place += length
        }
        return cells
    }

    /// The user's own words inside a message: on one line, of bounded length.
    static func quoted(_ text: String) -> String {
        let cells = cells(Array(text.utf8)[...])
        let shown = cells.prefix(60).map(\.text).joined()
        return "`" + shown + (cells.count > 60 ? "…" : "") + "`"
    }

    private static func spelled(_ text: String, at offset: Int) -> Cell {
        Cell(text: text, width: text.utf8.count, offset: offset)
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return digits.utf8.count < 2 ? "0" + digits : digits
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
        default: false
        }
    }

    /// As most terminals draw it: combining marks take no column, East Asian wide characters and emoji two.
    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            return 2
        default: return scalar.properties.isEmojiPresentation ? 2 : 1
        }
    }
}
