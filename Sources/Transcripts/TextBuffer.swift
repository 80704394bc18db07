import JSON

/// The reused buffer in which a block's text is made.
struct TextBuffer {
    var bytes: [UInt8] = []
    /// What the decoding repaired since the last `clear`.
    var repaired = JSONDecodingReport()
    var isCut = false
    /// Whether that was done, and counted, before the text came here.
    var wasCutBefore = false

    /// A string as long as this was cut while its line streamed through.
    private var cutLength = Int.max

    /// - Parameter cutLength: longer strings were cut, and counted, before they come here.
    mutating func clear(cutLength: Int = .max) {
        self.cutLength = cutLength
        bytes.removeAll(keepingCapacity: true)
        repaired = JSONDecodingReport()
        isCut = false
        wasCutBefore = false
    }

    /// Appends a decoded string; the whole buffer never grows beyond `limit`.
    mutating func append(_ string: JSONString, limit: Int) {
        let report = string.decode(into: &bytes, limit: max(0, limit - bytes.count))
        repaired.invalidBytes += report.invalidBytes
        repaired.loneSurrogates += report.loneSurrogates
        repaired.nulls += report.nulls
        isCut = isCut || report.isCut
        if string.raw.count > cutLength {
            isCut = true
            wasCutBefore = true
        }
    }

    /// CRLF becomes LF.
    mutating func normalizeLineEnds() {
        guard var carriage = crlf(from: 0) else { return }
        var to = carriage
        while true {
            // Everything up to the next CRLF moves by as many bytes as were dropped.
            let next = crlf(from: carriage + 1)
            let end = next ?? bytes.count
            let length = end - carriage - 1
            bytes.withUnsafeMutableBufferPointer { buffer in
                if let base = buffer.baseAddress { (base + to).update(from: base + carriage + 1, count: length) }
            }
            to += length
            guard let next else { break }
            carriage = next
        }
        bytes.removeSubrange(to...)
    }

    private func crlf(from start: Int) -> Int? {
        var at = bytes.firstOffset(of: 0x0D, from: start)
        while let carriage = at {
            if carriage + 1 < bytes.count, bytes[carriage + 1] == 0x0A { return carriage }
            at = bytes.firstOffset(of: 0x0D, from: carriage + 1)
        }
        return nil
    }

    /// Leaves the first `head` and the last `tail` bytes, never a part of a character, with a line `…` between them.
    mutating func cut(head: Int, tail: Int) {
        guard bytes.count > head + tail + 16 else { return }
        var end = head
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        var start = bytes.count - tail
        while start < bytes.count, bytes[start] & 0xC0 == 0x80 { start += 1 }
        bytes.replaceSubrange(end..<start, with: "\n…\n".utf8)
        isCut = true
    }
}
