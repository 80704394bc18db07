#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import JSON

/// A window of fixed size that moves over a source and gives one line after the other.
///
/// A line that fits is handed out where it lies. A longer one is condensed as it streams through: memory is bounded by
/// the window and the condenser's limits, not by the line.
struct LineWindow: ~Copyable {
    struct Line {
        var bytes: UnsafeBufferPointer<UInt8>
        /// In the source, in bytes.
        var offset: Int
        /// In the source, without the newline.
        var length: Int
        /// Whether a newline ends it; only the last line may have none.
        var isTerminated: Bool
        /// Whether parts of it were dropped because it was too long.
        var isCondensed: Bool
        /// How many of its strings were cut.
        var cutStrings = 0
        /// Whether even its structure was too much.
        var isTooLarge = false
    }

    private let chunkSize: Int
    private let capacityLimit: Int
    private var capacity: Int
    private var buffer: UnsafeMutablePointer<UInt8>
    private var start = 0
    private var end = 0
    /// The offset in the source of `buffer[end]`: where the next read goes.
    private var readOffset: Int
    private var isAtEnd = false
    private(set) var readError: Int32?
    private var condenser: LineCondenser

    /// - Parameters:
    ///   - chunkSize: bytes read at once.
    ///   - lineLimit: the longest line that is handed out where it lies.
    init(chunkSize: Int, lineLimit: Int, offset: Int, limits: LineCondenser.Limits) {
        self.chunkSize = max(1, chunkSize)
        capacityLimit = max(self.chunkSize, lineLimit + 1)
        capacity = self.chunkSize
        buffer = .allocate(capacity: capacity)
        readOffset = offset
        condenser = LineCondenser(limits: limits)
    }

    deinit { buffer.deallocate() }

    /// The offset in the source of what follows the last line.
    var offset: Int { readOffset - end + start }

    /// Passes over the first `count` bytes of a stream.
    mutating func discard(_ count: Int, _ source: borrowing TranscriptSource) {
        while offset < count, !isAtEnd {
            fill(source)
            start = min(end, start + count - offset)
            if start == end { (start, end) = (0, 0) }
        }
    }

    /// The next line, or nil at the end. Its bytes are valid until the next call.
    mutating func next(_ source: borrowing TranscriptSource) -> Line? {
        var searched = start
        while true {
            if let newline = window.firstOffset(of: 0x0A, in: searched..<end) {
                defer { start = newline + 1 }
                return line(to: newline, isTerminated: true)
            }
            searched = end
            if isAtEnd {
                guard start < end else { return nil }
                defer { start = end }
                return line(to: end, isTerminated: false)
            }
            if start > 0 {
                // What is left of the window moves to its front.
                let rest = end - start
                if rest > 0 { memmove(buffer, buffer + start, rest) }
                start = 0
                end = rest
                searched = rest
            } else if end == capacityLimit {
                return condensedLine(source)
            } else if end == capacity {
                grow()
            }
            fill(source)
        }
    }

    private var window: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: buffer, count: end) }

    private func line(to newline: Int, isTerminated: Bool) -> Line {
        Line(
            bytes: window.part(start..<newline), offset: readOffset - end + start, length: newline - start,
            isTerminated: isTerminated, isCondensed: false)
    }

    private mutating func condensedLine(_ source: borrowing TranscriptSource) -> Line {
        let lineOffset = readOffset - end
        condenser.reset()
        var isTerminated = false
        while true {
            if let newline = window.firstOffset(of: 0x0A, in: start..<end) {
                condenser.feed(window.part(start..<newline))
                start = newline + 1
                isTerminated = true
                break
            }
            condenser.feed(window.part(start..<end))
            start = 0
            end = 0
            fill(source)
            if end == 0 { break }
        }
        let length = readOffset - end + start - lineOffset - (isTerminated ? 1 : 0)
        return Line(
            bytes: condenser.result, offset: lineOffset, length: length, isTerminated: isTerminated, isCondensed: true,
            cutStrings: condenser.cutStrings, isTooLarge: condenser.isTooLarge)
    }

    private mutating func grow() {
        capacity = min(capacityLimit, 2 * capacity)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: buffer, count: end)
        buffer.deallocate()
        buffer = larger
    }

    private mutating func fill(_ source: borrowing TranscriptSource) {
        let count = source.read(into: buffer + end, count: min(chunkSize, capacity - end), at: readOffset)
        if count > 0 {
            end += count
            readOffset += count
        } else {
            isAtEnd = true
            if count < 0 { readError = Int32(-count) }
        }
    }
}
