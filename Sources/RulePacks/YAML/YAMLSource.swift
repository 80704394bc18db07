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
    /// The byte offset of every 32nd character; empty when all of them are ASCII.
    private let checkpoints: [Int]

    /// Checks the encoding on the way.
    init(_ bytes: [UInt8], file: String) throws(RulePackError) {
        self.file = file
        self.bytes = bytes
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        self.start = start
        let found = bytes.withUnsafeBufferPointer { YAMLSource.survey($0, from: start) }
        lineStarts = found.lineStarts
        checkpoints = found.checkpoints
        if let problem = found.problem { throw RulePackError(problem.code, at: location(problem.offset)) }
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
        guard index / YAMLSource.stride < checkpoints.count else { return bytes.count }
        var offset = checkpoints[index / YAMLSource.stride]
        return bytes.withUnsafeBufferPointer { bytes in
            for _ in 0..<(index % YAMLSource.stride) where offset < bytes.count {
                offset += 1
                while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            }
            return offset
        }
    }

    private static let stride = 32

    private struct Survey {
        var lineStarts = [0]
        var checkpoints: [Int] = []
        var problem: (code: RulePackError.Code, offset: Int)?
    }

    private static let encodings: [(mark: [UInt8], name: String)] = [
        ([0xFF, 0xFE], "UTF-16"), ([0xFE, 0xFF], "UTF-16"), ([0, 0, 0xFE, 0xFF], "UTF-32"),
    ]

    /// One pass: lines, characters, and the first of them that cannot be.
    private static func survey(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Survey {
        var survey = Survey()
        if let encoding = encodings.first(where: { bytes.starts(with: $0.mark) }) {
            survey.problem = (.otherEncoding(encoding.name), 0)
            return survey
        }
        var count = 0
        var isASCII = true
        var offset = start
        while offset < bytes.count {
            if count % stride == 0 { survey.checkpoints.append(offset) }
            count += 1
            let byte = bytes[offset]
            if byte == 0x0A || (byte == 0x0D && !(offset + 1 < bytes.count && bytes[offset + 1] == 0x0A)) {
                survey.lineStarts.append(offset + 1)
            } else if byte >= 0x80 {
                isASCII = false
                guard let (value, length) = scalar(bytes, at: offset) else {
                    survey.problem = (.notUTF8, offset)
                    break
                }
                // The C1 controls, and the two that are no characters, as in libyaml.
                guard value == 0x85 || value >= 0xA0, value != 0xFFFE, value != 0xFFFF else {
                    survey.problem = (.controlCharacter(value), offset)
                    break
                }
                offset += length - 1
            } else if byte == 0x7F || (byte < 0x20 && byte != 0x09 && byte != 0x0D) {
                survey.problem = (.controlCharacter(UInt32(byte)), offset)
                break
            }
            offset += 1
        }
        if isASCII { survey.checkpoints = [] }
        return survey
    }

    /// Decodes one character; nil when it is not well-formed (overlong, surrogate, cut off).
    static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> (value: UInt32, length: Int)? {
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
        for index in (offset + 1)..<(offset + length) {
            guard bytes[index] & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(bytes[index] & 0x3F)
        }
        let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard value >= least, value <= 0x10FFFF, !(0xD800...0xDFFF).contains(value) else { return nil }
        return (value, length)
    }
}
