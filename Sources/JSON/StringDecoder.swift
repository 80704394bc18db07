/// One run of `JSONString.decode`.
struct StringDecoder {
    let raw: UnsafeBufferPointer<UInt8>
    let limit: Int
    var report = JSONDecodingReport()
    private var offset = 0
    private var written = 0

    init(raw: UnsafeBufferPointer<UInt8>, limit: Int) {
        self.raw = raw
        self.limit = limit
    }

    mutating func run(into buffer: inout [UInt8]) {
        if limit >= raw.count { runFast(into: &buffer) }
        while offset < raw.count {
            let plain = plainRun(from: offset)
            if plain > offset {
                guard copy(plain - offset, into: &buffer) else { return }
                continue
            }
            let more = raw[offset] == Byte.backslash ? escape(into: &buffer) : unusual(into: &buffer)
            if !more { return }
        }
    }

    /// Decodes as far as nothing has to be repaired. What comes out is never longer than what goes in, so it is written
    /// without looking for room, sixteen bytes at a time.
    private mutating func runFast(into buffer: inout [UInt8]) {
        guard raw.count >= 8 else { return }
        let start = buffer.count
        // The room is filled with what is decoded: nothing fills it faster.
        buffer.append(contentsOf: raw)
        for _ in 0..<8 { buffer.append(0) }
        var at = 0
        let length = buffer.withUnsafeMutableBytes { bytes in
            let out = bytes.baseAddress! + start
            var to = 0
            while at < raw.count {
                let plain = raw.unescape(from: at, to: out + to)
                at += plain.read
                to += plain.written
                guard at < raw.count else { break }
                guard let unit = hexUnit(at: at), unit > 0, unit & 0xF800 != 0xD800 else { break }
                to += Self.store(unit, in: out + to)
                at += 6
            }
            return to
        }
        buffer.removeLast(raw.count + 8 - length)
        offset = at
        written = length
    }

    /// Writes a character below U+10000.
    private static func store(_ scalar: UInt32, in out: UnsafeMutableRawPointer) -> Int {
        if scalar < 0x80 {
            out.storeBytes(of: UInt8(scalar), as: UInt8.self)
            return 1
        }
        if scalar < 0x800 {
            out.storeBytes(of: UInt8(0xC0 | scalar >> 6), as: UInt8.self)
            out.storeBytes(of: UInt8(0x80 | scalar & 0x3F), toByteOffset: 1, as: UInt8.self)
            return 2
        }
        out.storeBytes(of: UInt8(0xE0 | scalar >> 12), as: UInt8.self)
        out.storeBytes(of: UInt8(0x80 | scalar >> 6 & 0x3F), toByteOffset: 1, as: UInt8.self)
        out.storeBytes(of: UInt8(0x80 | scalar & 0x3F), toByteOffset: 2, as: UInt8.self)
        return 3
    }

    /// The end of the run of ASCII bytes, neither NUL nor backslash, that starts at `start`: eight bytes at a time.
    @inline(__always)
    private func plainRun(from start: Int) -> Int {
        var at = start
        let base = UnsafeRawPointer(raw.baseAddress!)
        while at + 8 <= raw.count {
            let word = base.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            let slashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
            let zeroes = (word &- 0x0101_0101_0101_0101) | (slashes &- 0x0101_0101_0101_0101) | word
            if zeroes & 0x8080_8080_8080_8080 != 0 { break }
            at += 8
        }
        while at < raw.count, raw[at] < 0x80, raw[at] != 0, raw[at] != Byte.backslash { at += 1 }
        return at
    }

    /// Copies bytes that need no change, up to the limit.
    private mutating func copy(_ count: Int, into buffer: inout [UInt8]) -> Bool {
        let room = min(count, limit - written)
        buffer.append(contentsOf: raw.part(offset..<offset + room))
        offset += room
        written += room
        if room < count { report.isCut = true }
        return room == count
    }

    /// A NUL or a byte of 0x80 and more.
    private mutating func unusual(into buffer: inout [UInt8]) -> Bool {
        if raw[offset] == 0 {
            report.nulls += 1
            offset += 1
            return true
        }
        let length = utf8Length(at: offset)
        guard length > 0 else {
            guard put(0xFFFD, into: &buffer) else { return false }
            report.invalidBytes += 1
            offset += 1
            return true
        }
        guard written + length <= limit else {
            report.isCut = true
            return false
        }
        return copy(length, into: &buffer)
    }

    /// The length of the well-formed character at `at` (Unicode, table 3-7), or 0.
    private func utf8Length(at: Int) -> Int {
        let lead = raw[at]
        var second: ClosedRange<UInt8> = 0x80...0xBF
        let length: Int
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: return 0
        }
        guard at + length <= raw.count, second.contains(raw[at + 1]) else { return 0 }
        for i in at + 2..<max(at + 2, at + length) where raw[i] & 0xC0 != 0x80 { return 0 }
        return length
    }

    private mutating func escape(into buffer: inout [UInt8]) -> Bool {
        guard offset + 1 < raw.count else {
            offset = raw.count
            report.invalidBytes += 1
            return put(0xFFFD, into: &buffer)
        }
        let letter = raw[offset + 1]
        let scalar: UInt32
        var length = 2
        switch letter {
        case UInt8(ascii: "n"): scalar = 0x0A
        case UInt8(ascii: "t"): scalar = 0x09
        case UInt8(ascii: "r"): scalar = 0x0D
        case UInt8(ascii: "b"): scalar = 0x08
        case UInt8(ascii: "f"): scalar = 0x0C
        case UInt8(ascii: "u"): (scalar, length) = unicodeEscape()
        case 0x80...:
            // Not an escape: the backslash goes, the character behind it is read as usual.
            offset += 1
            return true
        default: scalar = UInt32(letter)
        }
        if scalar == 0 {
            report.nulls += 1
        } else if !put(scalar, into: &buffer) {
            return false
        }
        offset += length
        return true
    }

    /// The character of a `\u` escape, with its second half when it is a pair, and the bytes that it takes.
    private mutating func unicodeEscape() -> (UInt32, Int) {
        guard let unit = hexUnit(at: offset) else {
            report.invalidBytes += 1
            return (0xFFFD, 2)
        }
        guard unit & 0xF800 == 0xD800 else { return (unit, 6) }
        if unit < 0xDC00, let low = hexUnit(at: offset + 6), low & 0xFC00 == 0xDC00 {
            return (0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00), 12)
        }
        report.loneSurrogates += 1
        return (0xFFFD, 6)
    }

    private func hexUnit(at: Int) -> UInt32? {
        guard at + 6 <= raw.count, raw[at] == Byte.backslash, raw[at + 1] == UInt8(ascii: "u") else { return nil }
        var unit: UInt32 = 0
        for byte in raw[at + 2..<at + 6] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(byte - 48)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(byte - 87)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(byte - 55)
            default: return nil
            }
        }
        return unit
    }

    /// Appends one character, or notes that it does not fit.
    private mutating func put(_ scalar: UInt32, into buffer: inout [UInt8]) -> Bool {
        let length = scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4
        guard written + length <= limit else {
            report.isCut = true
            return false
        }
        switch length {
        case 1: buffer.append(UInt8(scalar))
        case 2: buffer.append(UInt8(0xC0 | scalar >> 6))
        case 3:
            buffer.append(UInt8(0xE0 | scalar >> 12))
            buffer.append(UInt8(0x80 | scalar >> 6 & 0x3F))
        default:
            buffer.append(UInt8(0xF0 | scalar >> 18))
            buffer.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            buffer.append(UInt8(0x80 | scalar >> 6 & 0x3F))
        }
        if length > 1 { buffer.append(UInt8(0x80 | scalar & 0x3F)) }
        written += length
        return true
    }
}
