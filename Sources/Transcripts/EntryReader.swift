import JSON
import Memories

/// Reads the lines of one transcript: finds the entries in them, also behind torn ones, and counts.
struct EntryReader {
    private var events: EntryEvents
    private var runs = FieldRuns()
    private var ignoredCounts = [Int](repeating: 0, count: EntryType.ignoredTypes.count)
    private var counts: (user: Int, assistant: Int, system: Int, summary: Int, queueOperation: Int) = (0, 0, 0, 0, 0)
    private var firstTimestamp: [UInt8] = []
    private var lastTimestamp: [UInt8] = []
    private var sessionID = StringCache()

    init(options: ReaderOptions) {
        events = EntryEvents(options: options)
    }

    mutating func begin(isFromStart: Bool) {
        ignoredCounts = [Int](repeating: 0, count: EntryType.ignoredTypes.count)
        counts = (0, 0, 0, 0, 0)
        firstTimestamp.removeAll()
        lastTimestamp.removeAll()
        sessionID = StringCache()
        if isFromStart { events.forget() }
    }

    /// Reads a line.
    ///
    /// - Returns: false for a last line that is torn; nothing of it was delivered or counted.
    mutating func read(
        _ line: LineWindow.Line, number: Int, report: inout TranscriptReport, visit: (TranscriptEvent) -> Void
    ) -> Bool {
        let bytes = Self.trimmed(line.bytes)
        guard !bytes.isEmpty else {
            report.emptyLines += 1
            return true
        }
        if !line.isTerminated, !Self.isWholeObject(bytes) { return false }
        report.lines += 1
        if line.isTooLarge {
            malformed(.tooLarge, line: number, report: &report)
            return true
        }
        let place = EntryEvents.Place(
            line: number, offset: line.offset, length: line.length, isCondensed: line.isCondensed)
        report.cutBlocks += line.cutStrings
        var scanner = JSONScanner(bytes)
        var mayHoldAnother = bytes[bytes.count - 1] != UInt8(ascii: "}")
        var entry = Entry()
        while true {
            let start = scanner.offset
            do throws(JSONError) {
                if try events.read(&entry, &scanner, runs: &runs, leavesUnwanted: !mayHoldAnother) {
                    if entry.isUnread {
                        if Self.mayHoldAnother(bytes, after: scanner.offset) {
                            mayHoldAnother = true
                            scanner = JSONScanner(bytes, at: start)
                            continue
                        }
                    }
                    try deliver(entry, in: bytes, place: place, report: &report, visit: visit)
                    if entry.isUnread { return true }
                } else {
                    malformed(.notAnObject, line: number, report: &report)
                }
                if scanner.isAtEnd() { return true }
                // Two entries in one line: a newline was lost between them.
            } catch {
                malformed(error.code == .endsEarly ? .endsEarly : .unexpectedByte, line: number, report: &report)
            }
            guard let next = Self.entryStart(in: bytes, after: start) else { return true }
            report.salvagedEntries += 1
            scanner = JSONScanner(bytes, at: next)
        }
    }

    /// Writes what was counted into the report.
    func finish(_ report: inout TranscriptReport) {
        let named: [(String, Int)] = [
            ("user", counts.user), ("assistant", counts.assistant), ("system", counts.system),
            ("summary", counts.summary), ("queue-operation", counts.queueOperation),
        ]
        for (name, count) in named where count > 0 { report.entries[name] = count }
        for (type, count) in zip(EntryType.ignoredTypes, ignoredCounts) where count > 0 {
            report.entries[type.description] = count
        }
        report.titles = counts.summary
        if !firstTimestamp.isEmpty { report.firstTimestamp = String(decoding: firstTimestamp, as: UTF8.self) }
        if !lastTimestamp.isEmpty { report.lastTimestamp = String(decoding: lastTimestamp, as: UTF8.self) }
    }

    // MARK: -

    private mutating func deliver(
        _ entry: Entry, in line: UnsafeBufferPointer<UInt8>, place: EntryEvents.Place, report: inout TranscriptReport,
        visit: (TranscriptEvent) -> Void
    ) throws(JSONError) {
        switch entry.type {
        case .user: counts.user += 1
        case .assistant: counts.assistant += 1
        case .system: counts.system += 1
        case .summary: counts.summary += 1
        case .queueOperation: counts.queueOperation += 1
        case .ignored(let index): ignoredCounts[index] += 1
        case .unknown: report.unknownTypes += 1
        case .untyped: report.untypedEntries += 1
        }
        if let time = entry.time {
            if firstTimestamp.isEmpty { firstTimestamp = Array(time.raw) }
            lastTimestamp.removeAll(keepingCapacity: true)
            lastTimestamp.append(contentsOf: time.raw)
        } else if let time = entry.convertedTime {
            if firstTimestamp.isEmpty { firstTimestamp = Array(time.utf8) }
            lastTimestamp = Array(time.utf8)
        }
        if let raw = entry.sessionID, sessionID.isNew(raw), let session = sessionID.string(raw),
            report.sessionIDs.count < 64, !report.sessionIDs.contains(session)
        {
            report.sessionIDs.append(session)
        }
        try events.deliver(entry, in: line, place: place, report: &report, visit: visit)
    }

    private func malformed(_ reason: TranscriptReport.Malformed.Reason, line: Int, report: inout TranscriptReport) {
        // A line is counted once, however many pieces of it are broken.
        if report.malformed.last?.line == line { return }
        report.malformedLines += 1
        if report.malformed.count < 5 { report.malformed.append(.init(line: line, reason: reason)) }
    }

    /// Without byte order mark, white space and the NULs that a crash of the machine leaves.
    private static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var start = 0
        var end = bytes.count
        while start < end {
            if bytes[start] <= 0x20 {
                start += 1
            } else if bytes.part(start..<end).hasPrefix("\u{FEFF}") {
                start += 3
            } else {
                break
            }
        }
        while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
        return bytes.part(start..<end)
    }

    /// Whether another entry could begin in the rest of a line that nobody wants: behind a torn one, without a newline.
    ///
    /// Such a beginning is unlikely in strings, where its quotes are escaped.
    private static func mayHoldAnother(_ bytes: UnsafeBufferPointer<UInt8>, after offset: Int) -> Bool {
        var at = offset
        while let hit = bytes.objectStart(from: at, first: UInt8(ascii: "p"), or: UInt8(ascii: "t")) {
            let rest = bytes.part(hit..<bytes.count)
            if rest.hasPrefix("{\"parentUuid\"") || rest.hasPrefix("{\"type\":\"queue-operation\"") { return true }
            at = hit + 1
        }
        return false
    }

    private static func isWholeObject(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var scanner = JSONScanner(bytes)
        do throws(JSONError) {
            guard try scanner.peek() == .object else { return false }
            try scanner.skip()
            return scanner.isAtEnd()
        } catch {
            return false
        }
    }

    /// Keys that an entry begins with.
    private static let entryStarts: [StaticString] = [
        "{\"parentUuid\"", "{\"type\"", "{\"isSidechain\"", "{\"sessionId\"", "{\"uuid\"", "{\"logicalParentUuid\"",
        "{\"messageId\"",
    ]

    /// Where, behind `start`, an entry of a known type begins that reaches to the end of the line.
    private static func entryStart(in bytes: UnsafeBufferPointer<UInt8>, after start: Int) -> Int? {
        var at = start + 1
        var attempts = 64
        while attempts > 0, at < bytes.count, let open = bytes.firstOffset(of: 0x7B, in: at..<bytes.count) {
            at = open + 1
            let rest = bytes.part(open..<bytes.count)
            guard entryStarts.contains(where: { rest.hasPrefix($0) }) else { continue }
            attempts -= 1
            var scanner = JSONScanner(bytes, at: open)
            var blocks: [ContentBlock] = []
            var runs = FieldRuns()
            var entry = Entry()
            let isEntry = try? entry.read(&scanner, runs: &runs, blocks: &blocks, wantsNoMore: { _, _, _ in false })
            if isEntry == true, scanner.isAtEnd() {
                switch entry.type {
                case .unknown, .untyped: continue
                default: return open
                }
            }
        }
        return nil
    }
}
