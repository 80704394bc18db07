import Memories

/// The text of a YAML file with what is needed to name places in it.
///
/// Lines end with LF, CR LF or CR, as in editors; the other line breaks of YAML 1.1 (NEL, LS, PS) end none here.
struct YAMLSource: Sendable {
    let file: String
    let bytes: [UInt8]
    /// Where the YAML begins: behind a UTF-8 byte order mark.
    let start: Int
    private let lineStarts: [Int]
    /// The byte offset of every 64th character; empty when all of them are ASCII.
    private let checkpoints: [Int]

    /// Checks the encoding on the way.
    init(_ bytes: [UInt8], file: String) throws(RulePackError) {
        self.file = file
        self.bytes = bytes
        start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var lines = [0]
        for (offset, byte) in bytes.enumerated() {
            if byte == 0x0A || (byte == 0x0D && !(offset + 1 < bytes.count && bytes[offset + 1] == 0x0A)) {
                lines.append(offset + 1)
            }
        }
        lineStarts = lines
        let found = YAMLSource.characters(bytes, from: start)
        checkpoints = found.checkpoints
        guard let problem = found.problem else { return }
        let column = problem.offset - (lines.last { $0 <= problem.offset } ?? 0) + 1
        let line = lines.count { $0 <= problem.offset }
        throw RulePackError(problem.code, at: SourceLocation(file: file, line: line, column: column))
    }

    /// The place of a byte; one behind the end is the end.
    func location(_ offset: Int) -> SourceLocation {
        let offset = min(max(0, offset), bytes.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return SourceLocation(file: file, line: low + 1, column: offset - lineStarts[low] + 1)
    }

    /// The byte at which the character with this number (from 0, behind the byte order mark) begins.
    func offset(ofCharacter index: Int) -> Int {
        guard !checkpoints.isEmpty else { return min(start + index, bytes.count) }
        var offset = index / 64 < checkpoints.count ? checkpoints[index / 64] : bytes.count
        for _ in 0..<(index % 64) where offset < bytes.count {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        }
        return offset
    }

    private typealias Characters = (checkpoints: [Int], problem: (code: RulePackError.Code, offset: Int)?)

    private static let encodings: [(mark: [UInt8], name: String)] = [
        ([0xFF, 0xFE], "UTF-16"), ([0xFE, 0xFF], "UTF-16"), ([0, 0, 0xFE, 0xFF], "UTF-32"),
    ]

    private static func characters(_ bytes: [UInt8], from start: Int) -> Characters {
        for (mark, name) in encodings
        where bytes.starts(with: mark) {
            return ([], (.otherEncoding(name), 0))
        }
        var checkpoints: [Int] = []
        var count = 0
        var isASCII = true
        var offset = start
        while offset < bytes.count {
            if count % 64 == 0 { checkpoints.append(offset) }
            guard let (value, length) = scalar(bytes, at: offset) else { return ([], (.notUTF8, offset)) }
            switch value {
            case 0x09, 0x0A, 0x0D, 0x20...0x7E: break
            case 0x85, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: isASCII = false
            default: return ([], (.controlCharacter(value), offset))
            }
            offset += length
            count += 1
        }
        return (isASCII ? [] : checkpoints, nil)
    }

    /// Decodes one character; nil when it is not well-formed (overlong, surrogate, cut off).
    static func scalar(_ bytes: [UInt8], at offset: Int) -> (value: UInt32, length: Int)? {
        let first = bytes[offset]
        if first < 0x80 { return (UInt32(first), 1) }
        let length: Int
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return nil
        }
        guard offset + length <= bytes.count else { return nil }
        var value = UInt32(first) & (0xFF >> UInt32(length + 1))
        for byte in bytes[(offset + 1)..<(offset + length)] {
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard value >= least, value <= 0x10FFFF, !(0xD800...0xDFFF).contains(value) else { return nil }
        return (value, length)
    }
}
