import JSON

/// Makes a short line of a long one while it streams through, in bounded memory.
///
/// What comes out is the line without the values of keys that the reader never looks at, and with the middle of long strings
/// cut out. The line stays JSON if it was JSON; if not, it stays broken.
package struct LineCondenser: ~Copyable {
    package struct Limits: Sendable {
        /// Bytes, as written, that are kept of the beginning of a string …
        package var stringHead = 9 << 17
        /// … and of its end.
        package var stringTail = 64 << 10
        /// Of a whole line. When it is used up, strings are cut to 256 bytes; whatever is beyond twice as much is dropped.
        package var line = 3 << 19

        package init() {}
    }

    private enum State {
        case outside, inString, escaped
    }

    /// Keys with values that the reader looks at, at whatever depth.
    private static let wantedKeys: [StaticString] = [
        "type", "message", "content", "role", "text", "id", "name", "tool_use_id", "is_error", "thinking", "model",
        "uuid", "timestamp", "sessionId", "cwd", "gitBranch", "isSidechain", "isMeta", "isCompactSummary",
        "isVisibleInTranscriptOnly", "isApiErrorMessage", "subtype", "operation", "promptSource", "origin", "kind",
    ]

    private let limits: Limits
    private var out: UnsafeMutableBufferPointer<UInt8>
    private var count = 0
    private var state = State.outside
    /// Where the string that is being read, or was read last, starts in `out`.
    private var stringStart = 0
    private var stringEnd = 0
    /// Where the head of a string that is longer than its head ends in `out`.
    private var cutAt: Int?
    /// Whether bytes behind that place were left out.
    private var isTrimmed = false
    /// How many strings of the line were cut.
    private(set) var cutStrings = 0
    /// Whether parts of the structure had to be dropped, so that the line is broken.
    private(set) var isTooLarge = false
    /// While a value is dropped: how many containers of it are open.
    private var dropDepth: Int?

    init(limits: Limits) {
        self.limits = limits
        out = .init(start: nil, count: 0)
    }

    deinit { out.deallocate() }

    var result: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: out[..<count]) }

    mutating func reset() {
        count = 0
        state = .outside
        cutAt = nil
        isTrimmed = false
        cutStrings = 0
        isTooLarge = false
        dropDepth = nil
        stringStart = 0
        stringEnd = 0
    }

    /// The next part of the line.
    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
        var at = 0
        // The next quote and backslash are remembered: each byte is searched once for each of them.
        var quote = -1
        var backslash = -1
        while at < bytes.count {
            switch state {
            case .outside:
                outside(bytes[at])
                at += 1
            case .escaped:
                keep(bytes.part(at..<at + 1))
                state = .inString
                at += 1
            case .inString:
                if quote < at { quote = bytes.firstOffset(of: 0x22, in: at..<bytes.count) ?? bytes.count }
                if backslash < at { backslash = bytes.firstOffset(of: 0x5C, in: at..<bytes.count) ?? bytes.count }
                let stop = min(quote, backslash)
                keep(bytes.part(at..<stop))
                at = stop
                guard at < bytes.count else { break }
                if stop == quote {
                    endString()
                } else {
                    keep(bytes.part(at..<at + 1))
                    state = .escaped
                }
                at += 1
            }
        }
    }

    // MARK: - Outside of strings

    private mutating func outside(_ byte: UInt8) {
        if let depth = dropDepth {
            switch byte {
            case UInt8(ascii: "\""): state = .inString
            case UInt8(ascii: "{"), UInt8(ascii: "["): dropDepth = depth + 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth == 0 else {
                    dropDepth = depth - 1
                    return
                }
                endDrop(with: byte)
            case UInt8(ascii: ",") where depth == 0: endDrop(with: byte)
            default: break
            }
            return
        }
        switch byte {
        case 0x20, 0x09, 0x0D: break
        case UInt8(ascii: "\""):
            put(byte)
            state = .inString
            stringStart = count
            cutAt = nil
            isTrimmed = false
        case UInt8(ascii: ":"):
            put(byte)
            if !isWanted(result.part(stringStart..<stringEnd)) { dropDepth = 0 }
        default: put(byte)
        }
    }

    private mutating func endDrop(with byte: UInt8) {
        dropDepth = nil
        for byte in "null".utf8 { put(byte) }
        put(byte)
    }

    private func isWanted(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
        Self.wantedKeys.contains { key.equals($0) }
    }

    /// A byte of the structure.
    private mutating func put(_ byte: UInt8) {
        guard count < 2 * limits.line else {
            isTooLarge = true
            return
        }
        reserve(1)
        out[count] = byte
        count += 1
    }

    // MARK: - In strings

    private mutating func keep(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard dropDepth == nil, !bytes.isEmpty else { return }
        var bytes = bytes
        if cutAt == nil {
            let room = max(0, stringStart + stringHead - count)
            append(bytes.part(0..<min(room, bytes.count)))
            guard bytes.count > room else { return }
            bytes = bytes.part(room..<bytes.count)
            cutAt = count
        }
        // Behind the head only the last bytes are kept: twice as many as wanted, so that what precedes the tail is known,
        // and up to four times as many before the surplus goes, so that each byte is moved less than once.
        let base = cutAt ?? count
        let most = isOverBudget ? 0 : 2 * limits.stringTail
        if bytes.count > most {
            isTrimmed = true
            count = base
            append(bytes.part(bytes.count - most..<bytes.count))
            return
        }
        append(bytes)
        if count - base > 2 * most { trim(from: base, to: most) }
    }

    /// Leaves the last `most` bytes behind `base`.
    private mutating func trim(from base: Int, to most: Int) {
        let surplus = count - base - most
        guard surplus > 0, let start = out.baseAddress else { return }
        isTrimmed = true
        (start + base).update(from: start + base + surplus, count: most)
        count -= surplus
    }

    private mutating func endString() {
        state = .outside
        guard dropDepth == nil else { return }
        if let cut = cutAt {
            trim(from: cut, to: isOverBudget ? 0 : 2 * limits.stringTail)
            if isTrimmed { join(at: cut) }
        }
        stringEnd = count
        put(UInt8(ascii: "\""))
    }

    /// Whether the string began when the line had used up what it may have.
    private var isOverBudget: Bool { stringStart > limits.line }

    /// Beyond the budget a string keeps just enough for names, ids and times.
    private var stringHead: Int { isOverBudget ? min(256, limits.stringHead) : limits.stringHead }

    /// Joins head and tail of a cut string where no escape and no character is split.
    private mutating func join(at cut: Int) {
        cutStrings += 1
        let tail = isOverBudget ? count : tailStart(floor: cut)
        let rest = Array(out[tail..<count])
        count = headEnd(before: cut)
        guard !isOverBudget else { return }
        // `\n…\n`, as it is written in JSON.
        for byte in [0x5C, 0x6E, 0xE2, 0x80, 0xA6, 0x5C, 0x6E] as [UInt8] { put(byte) }
        rest.withUnsafeBufferPointer { append($0) }
    }

    /// The last place at or before `end` where the string can be cut: not in a character, not in an escape.
    private func headEnd(before end: Int) -> Int {
        var at = end
        while at > stringStart, out[at - 1] & 0xC0 == 0x80 { at -= 1 }
        if at > stringStart, out[at - 1] >= 0xC0 { at -= 1 }
        // An escape takes up to six bytes; its backslash is the last of an odd run.
        var back = at
        while back > stringStart, at - back < 6 {
            back -= 1
            guard out[back] == 0x5C else { continue }
            let run = backslashes(before: back + 1, floor: stringStart)
            return run & 1 == 1 ? back : at
        }
        return at
    }

    /// Where the tail of a trimmed string begins; at its end when no safe place is found.
    private func tailStart(floor: Int) -> Int {
        var at = max(floor, count - limits.stringTail)
        while at < count, out[at] & 0xC0 == 0x80 { at += 1 }
        let run = backslashes(before: at, floor: floor)
        guard at - run > floor else { return count }
        return min(count, at + (run & 1))
    }

    private func backslashes(before end: Int, floor: Int) -> Int {
        var at = end
        while at > floor, out[at - 1] == 0x5C { at -= 1 }
        return end - at
    }

    // MARK: - The buffer

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress, !bytes.isEmpty, count + bytes.count <= 2 * limits.line else {
            isTooLarge = isTooLarge || !bytes.isEmpty
            return
        }
        reserve(bytes.count)
        (out.baseAddress! + count).update(from: source, count: bytes.count)
        count += bytes.count
    }

    private mutating func reserve(_ extra: Int) {
        guard count + extra > out.count else { return }
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(
            capacity: max(64 << 10, min(2 * out.count, 2 * limits.line), count + extra))
        if let source = out.baseAddress { larger.baseAddress!.update(from: source, count: count) }
        out.deallocate()
        out = larger
    }
}
