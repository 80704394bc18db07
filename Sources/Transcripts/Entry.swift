import JSON

/// What an entry of a transcript is about, as far as the reader cares.
enum EntryType {
    case user, assistant, system, summary, queueOperation
    /// Known, and without words of anyone: attachments, snapshots, progress, requests … The place in `ignoredTypes`.
    case ignored(Int)
    case unknown
    /// `type` is absent or null.
    case untyped

    /// Types known to hold no words of a person or of the model's answers.
    static let ignoredTypes: [StaticString] = [
        "progress", "attachment", "file-history-snapshot", "last-prompt", "mode", "permission-mode", "atis-latch",
        "tools-used", "cost-state", "custom-title", "ai-title", "agent-name", "agent-color", "agent-setting", "tag",
        "pr-link", "api-request", "api-request-shape", "api-request-blob", "file-history-delta", "worktree-state",
        "content-replacement", "speculation-accept", "task-summary", "context-collapse-commit", "relocated",
    ]

    init(_ name: JSONString?) {
        guard let name else {
            self = .untyped
            return
        }
        if name.equals("assistant") {
            self = .assistant
        } else if name.equals("user") {
            self = .user
        } else if name.equals("system") {
            self = .system
        } else if name.equals("summary") {
            self = .summary
        } else if name.equals("queue-operation") {
            self = .queueOperation
        } else if let index = Self.ignoredTypes.firstIndex(where: { name.equals($0) }) {
            self = .ignored(index)
        } else {
            self = .unknown
        }
    }
}

/// The top level of one line. Values are borrowed from it; nothing is decoded.
struct Entry {
    var type = EntryType.untyped
    var typeName: JSONString?
    var subtype: JSONString?
    var operation: JSONString?
    var uuid: JSONString?
    var timestamp: JSONString?
    var sessionID: JSONString?
    var cwd: JSONString?
    var gitBranch: JSONString?
    var promptSource: JSONString?
    /// `origin` itself when it is a string, else its `kind`.
    var origin: JSONString?
    var isSidechain = false
    var isMeta = false
    var isCompactSummary = false
    var isTranscriptOnly = false
    var isAPIError = false
    var message: Message?
    /// Where the values stand in the line.
    var content: Range<Int>?
    var toolUseResult: Range<Int>?

    /// Whether the walk ended at the type, because nobody wants the rest.
    var isUnread = false

    /// Walks the object at the scanner's place, to its end.
    ///
    /// - Parameters:
    ///   - runs: fields of the lines before.
    ///   - blocks: what is in the message's content is appended here.
    ///   - wantsNoMore: asked when the type is known, and again before the second, machine-readable copy of a tool's
    ///     result; true ends the walk.
    /// - Returns: false when the value there is not an object.
    mutating func read(
        _ scanner: inout JSONScanner, runs: inout FieldRuns, blocks: inout [ContentBlock],
        wantsNoMore: (EntryType, [ContentBlock], _ hasMetadata: Bool) -> Bool
    ) throws(JSONError) -> Bool {
        self = Entry()
        guard try scanner.peek() == .object, try scanner.enterObject() else { return false }
        var run = FieldRun.Draft()
        while true {
            if runs.apply(to: &self, &scanner) { continue }
            let start = scanner.offset
            guard let key = try scanner.nextKey() else { break }
            if try readField(key, &scanner, from: start, &run) { continue }
            runs.note(&run, of: scanner)
            switch key.raw.count {
            case 4 where key.equals("type"):
                typeName = try scanner.string()
                type = EntryType(typeName)
                if case .ignored = type, wantsNoMore(type, blocks, false) {
                    isUnread = true
                    return true
                }
            case 4 where key.equals("uuid"): uuid = try scanner.string()
            case 6 where key.equals("isMeta"): isMeta = try scanner.bool() ?? false
            case 6 where key.equals("origin"): origin = try Self.origin(&scanner)
            case 7 where key.equals("message"): message = try Message(&scanner, blocks: &blocks)
            case 7 where key.equals("content"): content = try scanner.skip()
            case 7 where key.equals("subtype"): subtype = try scanner.string()
            case 9 where key.equals("timestamp"): timestamp = try scanner.string()
            case 9 where key.equals("operation"): operation = try scanner.string()
            case 12 where key.equals("promptSource"): promptSource = try scanner.string()
            case 13 where key.equals("toolUseResult"):
                if case .user = type, message != nil, wantsNoMore(type, blocks, hasMetadata) {
                    isUnread = true
                    return true
                }
                toolUseResult = try scanner.skip()
            case 16 where key.equals("isCompactSummary"): isCompactSummary = try scanner.bool() ?? false
            case 17 where key.equals("isApiErrorMessage"): isAPIError = try scanner.bool() ?? false
            case 25 where key.equals("isVisibleInTranscriptOnly"): isTranscriptOnly = try scanner.bool() ?? false
            default: try scanner.skip()
            }
        }
        runs.note(&run, of: scanner)
        return true
    }

    /// Reads a field of the session, which may be repeated in the next line, and notes it in `run`.
    ///
    /// - Parameter start: what precedes the key.
    /// - Returns: false when the key is another.
    private mutating func readField(
        _ key: JSONString, _ scanner: inout JSONScanner, from start: Int, _ run: inout FieldRun.Draft
    ) throws(JSONError) -> Bool {
        switch key.raw.count {
        case 3 where key.equals("cwd"):
            cwd = try scanner.string()
            run.cwd = run.add(cwd, scanner, from: start)
        case 9 where key.equals("sessionId"):
            sessionID = try scanner.string()
            run.sessionID = run.add(sessionID, scanner, from: start)
        case 9 where key.equals("gitBranch"):
            gitBranch = try scanner.string()
            run.gitBranch = run.add(gitBranch, scanner, from: start)
        case 4 where key.equals("slug"), 7 where key.equals("version"), 8 where key.equals("userType"),
            10 where key.equals("entrypoint"):
            _ = run.add(try scanner.string(), scanner, from: start)
        case 11 where key.equals("isSidechain"):
            isSidechain = try scanner.bool() ?? false
            run.add(isSidechain, scanner, from: start)
        default: return false
        }
        return true
    }

    /// When it was said. Times are compared as text, so what has not the form of a time in UTC is none: it would be the newest, or
    /// the oldest, for ever.
    var time: JSONString? {
        guard let raw = timestamp?.raw, (19...32).contains(raw.count), raw[4] == UInt8(ascii: "-"),
            raw[10] == UInt8(ascii: "T")
        else { return nil }
        for place in 0..<raw.count {
            switch raw[place] {
            case 0x30...0x39: break
            // Behind the date it is the distance from UTC.
            case UInt8(ascii: "-"): guard place == 4 || place == 7 else { return nil }
            case UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "T"), UInt8(ascii: "Z"):
                // The year.
                guard place >= 4 else { return nil }
            default: return nil
            }
        }
        return timestamp
    }

    /// The same for a time that is told by its distance from UTC; nil for all others.
    var convertedTime: String? { timestamp.flatMap { OffsetTime.inUTC($0.raw) } }

    /// Whether what a block carries beside its text has been read.
    private var hasMetadata: Bool { uuid != nil && timestamp != nil && sessionID != nil && cwd != nil }

    /// Whether the entry's metadata alone says that no person typed its text.
    var isMachineMade: Bool {
        if isMeta || isSidechain { return true }
        if isTranscriptOnly && !isCompactSummary { return true }
        if let promptSource, promptSource.equals("system") { return true }
        if let origin, !origin.equals("human") { return true }
        return false
    }

    private static func origin(_ scanner: inout JSONScanner) throws(JSONError) -> JSONString? {
        if try scanner.peek() == .string { return try scanner.string() }
        var kind: JSONString?
        guard try scanner.enterObject() else { return nil }
        while let key = try scanner.nextKey() {
            if key.equals("kind") { kind = try scanner.string() } else { try scanner.skip() }
        }
        return kind
    }
}

/// The `message` of a user or assistant entry.
struct Message {
    /// More blocks than this in one line are not read.
    static let blockLimit = 1 << 14

    var id: JSONString?
    var model: JSONString?

    /// Reads the next value; its content goes to `blocks`.
    init(_ scanner: inout JSONScanner, blocks: inout [ContentBlock]) throws(JSONError) {
        guard try scanner.enterObject() else { return }
        while let key = try scanner.nextKey() {
            switch key.raw.count {
            case 2 where key.equals("id"): id = try scanner.string()
            case 5 where key.equals("model"): model = try scanner.string()
            case 7 where key.equals("content"): try ContentBlock.readAll(&scanner, into: &blocks)
            default: try scanner.skip()
            }
        }
    }
}

/// One element of a message's content.
struct ContentBlock {
    /// Its place in the content.
    var index = 0
    var type: JSONString?
    var text: JSONString?
    var thinking: JSONString?
    var name: JSONString?
    var id: JSONString?
    var toolUseID: JSONString?
    var isError = false
    /// Where these stand in the line.
    var input: Range<Int>?
    var content: Range<Int>?

    /// A message's content that is a plain string.
    init(text: JSONString) {
        self.text = text
        type = JSONString(raw: Self.textType)
    }

    private static var textType: UnsafeBufferPointer<UInt8> {
        let name: StaticString = "text"
        return UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    }

    /// Reads a message's content: a string, blocks, or one block.
    static func readAll(_ scanner: inout JSONScanner, into blocks: inout [ContentBlock]) throws(JSONError) {
        switch try scanner.peek() {
        case .string:
            if let string = try scanner.string() { blocks.append(ContentBlock(text: string)) }
        case .array:
            guard try scanner.enterArray() else { return }
            var index = 0
            while try scanner.nextElement() {
                var block: ContentBlock
                if try scanner.peek() == .string, let string = try scanner.string() {
                    block = ContentBlock(text: string)
                } else {
                    block = try ContentBlock(&scanner)
                }
                block.index = index
                index += 1
                if block.type != nil, blocks.count < Message.blockLimit { blocks.append(block) }
            }
        case .object: blocks.append(try ContentBlock(&scanner))
        case .number, .bool, .null: try scanner.skip()
        }
    }

    /// Reads the next value; an element that is not an object has no type.
    init(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.enterObject() else { return }
        while let key = try scanner.nextKey() {
            switch key.raw.count {
            case 2 where key.equals("id"): id = try scanner.string()
            case 4 where key.equals("type"): type = try scanner.string()
            case 4 where key.equals("text"): text = try scanner.string()
            case 4 where key.equals("name"): name = try scanner.string()
            case 5 where key.equals("input"): input = try scanner.skip()
            case 7 where key.equals("content"): content = try scanner.skip()
            case 8 where key.equals("thinking"): thinking = try scanner.string()
            case 8 where key.equals("is_error"): isError = try scanner.bool() ?? false
            case 11 where key.equals("tool_use_id"): toolUseID = try scanner.string()
            default: try scanner.skip()
            }
        }
    }
}
