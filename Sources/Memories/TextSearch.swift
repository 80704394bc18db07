extension StringProtocol {
    /// Whether a text stands in it, byte for byte; an empty one does.
    ///
    /// What the standard library has for this brings an engine of regular expressions with it: a megabyte in a program that
    /// starts at every hook.
    public func holds(_ text: some StringProtocol) -> Bool {
        let sought = Array(text.utf8)
        return utf8.withContiguousStorageIfAvailable { place(of: sought, in: $0, from: 0) != nil }
            ?? Array(utf8).withUnsafeBufferPointer { place(of: sought, in: $0, from: 0) != nil }
    }

    /// The text with each place of another one, byte for byte and from the left, put into other words.
    public func replacingEach(_ text: some StringProtocol, with words: some StringProtocol) -> String {
        let sought = Array(text.utf8)
        guard !sought.isEmpty else { return String(self) }
        let bytes = Array(utf8)
        var result: [UInt8] = []
        var start = 0
        bytes.withUnsafeBufferPointer { bytes in
            while let found = place(of: sought, in: bytes, from: start) {
                result += bytes[start..<found]
                result += words.utf8
                start = found + sought.count
            }
            result += bytes[start...]
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// Where a text begins first, at an offset or behind it.
private func place(of sought: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let first = sought.first else { return start }
    var offset = start
    while offset + sought.count <= bytes.count {
        if bytes[offset] == first, bytes[offset..<(offset + sought.count)].elementsEqual(sought) { return offset }
        offset += 1
    }
    return nil
}

extension [String] {
    /// As `joined(separator:)`. That one is generic code of the library, for which the program looks through all its conformances
    /// at the first call: as much work as a twentieth of a search.
    public func text(between separator: String) -> String {
        var text = ""
        for index in indices {
            if index > 0 { text += separator }
            text += self[index]
        }
        return text
    }
}
