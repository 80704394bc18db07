import JSON
import Memories

/// Makes events of entries: decides whose words a text is, decodes it and hands it out.
struct EntryEvents {
    /// Where the entry stands in the file.
    struct Place {
        var line: Int
        var offset: Int
        var length: Int
        var isCondensed: Bool
    }

    private let options: ReaderOptions
    private var text = TextBuffer()
    /// The content of the entry at hand.
    private var blocks: [ContentBlock] = []
    private var tools = RecentTools()
    private var sessionID = StringCache()
    private var cwd = StringCache()
    private var gitBranch = StringCache()
    private var messageID = StringCache()
    private var uuid = StringCache()
    private var timestamp = StringCache()

    init(options: ReaderOptions) {
        self.options = options
    }

    /// Another file begins.
    mutating func forget() {
        tools = RecentTools()
    }

    /// Reads the entry at the scanner's place.
    ///
    /// - Parameter leavesUnwanted: stop as soon as it is clear that nothing of it is handed out.
    /// - Returns: false when there is no object.
    mutating func read(
        _ entry: inout Entry, _ scanner: inout JSONScanner, runs: inout FieldRuns, leavesUnwanted: Bool
    ) throws(JSONError) -> Bool {
        blocks.removeAll(keepingCapacity: true)
        var found: [ContentBlock] = []
        swap(&found, &blocks)
        defer { swap(&found, &blocks) }
        return try entry.read(&scanner, runs: &runs, blocks: &found) { type, blocks, hasMetadata in
            guard leavesUnwanted else { return false }
            if case .ignored = type { return true }
            return blocks.allSatisfy { isRead($0, hasMetadata) }
        }
    }

    /// Whether a result is not handed out, or is handed out without a look at its machine-readable copy.
    private func isRead(_ block: ContentBlock, _ hasMetadata: Bool) -> Bool {
        guard let type = block.type, type.equals("tool_result"), let name = tools.name(of: block.toolUseID) else {
            return false
        }
        return !isWanted(block, name) || (hasMetadata && name != "AskUserQuestion")
    }

    private func isWanted(_ block: ContentBlock, _ name: String?) -> Bool {
        if block.isError, options.includesToolErrors { return true }
        guard let name else { return false }
        return options.toolResults.contains(name)
    }

    mutating func deliver(
        _ entry: Entry, in line: UnsafeBufferPointer<UInt8>, place: Place, report: inout TranscriptReport,
        visit: (TranscriptEvent) -> Void
    ) throws(JSONError) {
        switch entry.type {
        case .user:
            var context = Context(entry: entry, line: line, place: place)
            try user(&context, &report, visit)
        case .assistant: assistant(Context(entry: entry, line: line, place: place), &report, visit)
        case .queueOperation: try queued(Context(entry: entry, line: line, place: place), &report, visit)
        case .system:
            if let subtype = entry.subtype, subtype.equals("compact_boundary") {
                report.compactBoundaries += 1
                visit(.compactBoundary(line: place.line))
            }
        case .summary, .ignored, .unknown, .untyped: break
        }
    }

    /// The entry at hand.
    private struct Context {
        let entry: Entry
        let line: UnsafeBufferPointer<UInt8>
        let place: Place
        var hasText = false
        var hasPrompt = false
    }

    // MARK: - User

    private mutating func user(
        _ context: inout Context, _ report: inout TranscriptReport, _ visit: (TranscriptEvent) -> Void
    ) throws(JSONError) {
        for index in blocks.indices {
            let block = blocks[index]
            if let type = block.type, type.equals("tool_result") {
                try toolResult(block, context, &report, visit)
            } else if let text = block.text {
                userText(text, block.index, &context, &report, visit)
            }
        }
        let entry = context.entry
        if context.hasText, !context.hasPrompt, !entry.isMeta, !entry.isSidechain, !entry.isCompactSummary {
            visit(.prompt(line: context.place.line, isHuman: false))
        }
    }

    private mutating func userText(
        _ string: JSONString, _ index: Int, _ context: inout Context, _ report: inout TranscriptReport,
        _ visit: (TranscriptEvent) -> Void
    ) {
        guard !string.raw.isEmpty else { return }
        context.hasText = true
        guard !context.entry.isMachineMade else {
            report.harnessTexts += 1
            return
        }
        decode(string, context)
        let isSummary = context.entry.isCompactSummary
        let length = text.bytes.count
        let verdict = isSummary ? HarnessText.stripSummary(&text.bytes) : HarnessText.strip(&text.bytes)
        if !isSummary, text.bytes.count + 16 < length || verdict == .nothing { report.harnessTexts += 1 }
        let role: Role
        switch verdict {
        case .nothing: return
        case .summary: role = .summary
        case .assistantWords: role = .assistant
        case .words: role = .user
        }
        if role == .user, !context.hasPrompt {
            context.hasPrompt = true
            visit(.prompt(line: context.place.line, isHuman: true))
        }
        emit(.prose, role, index, context, &report, visit)
    }

    private mutating func queued(
        _ context: Context, _ report: inout TranscriptReport, _ visit: (TranscriptEvent) -> Void
    ) throws(JSONError) {
        guard let operation = context.entry.operation, operation.equals("enqueue"),
            let content = context.entry.content
        else { return }
        var scanner = JSONScanner(context.line, at: content.lowerBound)
        blocks.removeAll(keepingCapacity: true)
        try ContentBlock.readAll(&scanner, into: &blocks)
        for index in blocks.indices {
            guard let string = blocks[index].text, !string.raw.isEmpty else { continue }
            decode(string, context)
            guard !context.entry.isMachineMade, HarnessText.strip(&text.bytes) == .words else {
                report.harnessTexts += 1
                continue
            }
            emit(.prose, .user, blocks[index].index, context, &report, visit) { $0.isQueued = true }
        }
    }

    // MARK: - Assistant

    private mutating func assistant(
        _ context: Context, _ report: inout TranscriptReport, _ visit: (TranscriptEvent) -> Void
    ) {
        if context.entry.isAPIError || context.entry.message?.model?.equals("<synthetic>") == true {
            report.harnessTexts += 1
            return
        }
        for index in blocks.indices {
            let block = blocks[index]
            guard let type = block.type else { continue }
            if type.equals("text"), let string = block.text {
                decode(string, context)
                if HarnessText.isClientMessage(text.bytes) {
                    report.harnessTexts += 1
                } else {
                    emit(.prose, .assistant, block.index, context, &report, visit)
                }
            } else if type.equals("thinking"), options.includesThinking, let string = block.thinking {
                decode(string, context)
                emit(.thinking, .assistant, block.index, context, &report, visit)
            } else if type.equals("tool_use") || type.equals("server_tool_use") {
                toolUse(block, context, &report, visit)
            }
        }
    }

    private mutating func toolUse(
        _ block: ContentBlock, _ context: Context, _ report: inout TranscriptReport,
        _ visit: (TranscriptEvent) -> Void
    ) {
        let name = tools.note(id: block.id, name: block.name)
        visit(.toolActivity(line: context.place.line, name: name ?? ""))
        guard options.includesToolInput, let input = block.input else { return }
        text.clear()
        // JSON in which nothing is unescaped: only its bytes are repaired.
        let raw = context.line.part(input)
        text.bytes.append(contentsOf: String(decoding: raw, as: UTF8.self).utf8.prefix(options.proseCap))
        text.isCut = raw.count > options.proseCap
        emit(.toolUse, .assistant, block.index, context, &report, visit) {
            $0.toolName = name
            $0.toolUseID = block.id?.text()
        }
    }

    // MARK: - Tool results

    private mutating func toolResult(
        _ block: ContentBlock, _ context: Context, _ report: inout TranscriptReport,
        _ visit: (TranscriptEvent) -> Void
    ) throws(JSONError) {
        let line = context.line
        var name = tools.name(of: block.toolUseID)
        if name == nil, let result = context.entry.toolUseResult {
            name = try ToolResults.toolName(line, at: result.lowerBound)
        }
        guard isWanted(block, name), let content = block.content else { return }
        // Not capped before both its ends are known; a line is never longer than this.
        let limit = 2 * max(options.lineLimit, options.condenserLimits.line)
        text.clear(cutLength: cutLength(context))
        let isQuestion = name == "AskUserQuestion"
        var isAnswer = false
        if isQuestion, !block.isError, let result = context.entry.toolUseResult {
            try ToolResults.appendAnswers(line, at: result.lowerBound, to: &text, limit: limit)
            isAnswer = !text.bytes.isEmpty
        }
        if !isAnswer {
            try ToolResults.append(line, at: content.lowerBound, to: &text, limit: limit)
            text.normalizeLineEnds()
            if let words = ToolResults.declined(text.bytes) {
                text.bytes = words
                isAnswer = true
                if words.isEmpty { report.harnessTexts += 1 }
            } else {
                if isQuestion, !block.isError { isAnswer = ToolResults.rewriteAnswers(&text.bytes) }
                HarnessText.stripToolOutput(&text.bytes)
            }
        }
        text.normalizeLineEnds()
        text.cut(head: options.toolResultHead, tail: options.toolResultTail)
        let id = options.includesToolInput ? block.toolUseID?.text() : nil
        emit(.toolResult, .tool, block.index, context, &report, visit) {
            $0.toolName = name
            $0.toolUseID = id
            $0.isError = block.isError
            $0.isAnswer = isAnswer
        }
    }

    // MARK: -

    private mutating func decode(_ string: JSONString, _ context: Context) {
        text.clear(cutLength: cutLength(context))
        text.append(string, limit: options.proseCap)
        text.normalizeLineEnds()
    }

    private func cutLength(_ context: Context) -> Int {
        context.place.isCondensed ? options.condenserLimits.stringHead : .max
    }

    /// Hands out the text buffer as a block, unless nothing but white space is in it.
    private mutating func emit(
        _ kind: Block.Kind, _ role: Role, _ index: Int, _ context: Context, _ report: inout TranscriptReport,
        _ visit: (TranscriptEvent) -> Void, _ adjust: (inout Block) -> Void = { _ in }
    ) {
        guard text.bytes.contains(where: { $0 > 0x20 }) else { return }
        let entry = context.entry
        var block = Block(
            kind: kind, role: role, line: context.place.line, lineOffset: context.place.offset,
            lineLength: context.place.length, blockIndex: index, sessionID: sessionID.string(entry.sessionID),
            timestamp: timestamp.string(entry.time) ?? entry.convertedTime, cwd: cwd.string(entry.cwd),
            gitBranch: gitBranch.string(entry.gitBranch), messageID: messageID.string(entry.message?.id),
            uuid: uuid.string(entry.uuid), isSidechain: entry.isSidechain, isCut: text.isCut)
        adjust(&block)
        report.blocks += 1
        report.invalidBytes += text.repaired.invalidBytes
        report.loneSurrogates += text.repaired.loneSurrogates
        report.nulls += text.repaired.nulls
        if text.isCut, !text.wasCutBefore { report.cutBlocks += 1 }
        text.bytes.withUnsafeBufferPointer { visit(.block(block, $0)) }
    }
}
