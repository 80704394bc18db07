import Digests
import JSON
import Projects

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The last answer of a turn, which Claude Code writes into the transcript a moment after it has said that the turn is over.
struct FinalAnswer {
    /// As `AnswerMark` makes it.
    let mark: String
    let transcript: String

    /// In milliseconds.
    private static let longestWait = 1_000
    private static let step = 20
    /// So much of the end of the file is looked at, in bytes.
    private static let tail = 256 << 10

    /// Returns when the answer stands in the transcript, or a second has passed.
    func wait() {
        var waited = 0
        var size = -1
        while waited <= FinalAnswer.longestWait {
            let now = Files.status(of: transcript)?.size ?? 0
            if now != size, now > 0 {
                size = now
                if isThere(size) { return }
            }
            usleep(UInt32(FinalAnswer.step) * 1_000)
            waited += FinalAnswer.step
        }
    }

    private func isThere(_ size: Int) -> Bool {
        guard let bytes = end(size) else { return false }
        return bytes.withUnsafeBufferPointer { buffer in
            // The first line may be cut; it is no object then, or not the last answer.
            buffer.split(separator: 0x0A).reversed().prefix(64).contains { line in
                (try? FinalAnswer.holds(UnsafeBufferPointer(rebasing: line), mark)) ?? false
            }
        }
    }

    private func end(_ size: Int) -> [UInt8]? {
        let descriptor = open(transcript, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let start = max(0, size - FinalAnswer.tail)
        return [UInt8](unsafeUninitializedCapacity: size - start) { buffer, count in
            while count < buffer.count, let base = buffer.baseAddress {
                let got = pread(descriptor, base + count, buffer.count - count, off_t(start + count))
                guard got > 0 else { return }
                count += got
            }
        }
    }

    /// Whether a line is an entry of the assistant with that text.
    private static func holds(_ line: UnsafeBufferPointer<UInt8>, _ mark: String) throws(JSONError) -> Bool {
        var scanner = JSONScanner(line)
        guard try scanner.enterObject() else { return false }
        while let key = try scanner.nextKey() {
            guard key.equals("message") else {
                try scanner.skip()
                continue
            }
            guard try scanner.enterObject() else { continue }
            while let key = try scanner.nextKey() {
                guard key.equals("content") else {
                    try scanner.skip()
                    continue
                }
                return try hasText(&scanner, mark)
            }
        }
        return false
    }

    private static func hasText(_ scanner: inout JSONScanner, _ mark: String) throws(JSONError) -> Bool {
        guard try scanner.enterArray() else { return false }
        while try scanner.nextElement() {
            guard try scanner.enterObject() else { continue }
            while let key = try scanner.nextKey() {
                if key.equals("text"), let text = try scanner.string()?.text() {
                    if AnswerMark.of(text) == mark { return true }
                } else {
                    try scanner.skip()
                }
            }
        }
        return false
    }
}
