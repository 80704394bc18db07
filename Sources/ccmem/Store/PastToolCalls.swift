import Failures
import HookProtocol
import Memories
import Storage
import Transcripts

/// Reads out of a transcript what hooks would have been told of its tools, for sessions that no hook has seen.
struct PastToolCalls {
    /// Of one transcript; far more than a session has.
    private static let most = 4_000

    private let root: String
    private var calls: [ToolCall] = []
    /// Calls whose result has not come yet, with the message that they stand in.
    private var pending: [(message: String?, input: HookInput, at: String)] = []

    private init(root: String) { self.root = root }

    /// From the first call that failed on: before, there was nothing to mend. Empty when none failed, for transcripts of subagents,
    /// and for what can't be read.
    ///
    /// - Parameter root: The project's.
    static func calls(of path: String, root: String) -> [ToolCall] {
        guard !path.contains("/subagents/"), let source = try? TranscriptSource(path: path) else { return [] }
        var options = ReaderOptions()
        options.includesToolInput = true
        options.toolResults = ["Bash"]
        options.proseCap = 64 << 10
        var reader = TranscriptReader(options: options)
        var reading = PastToolCalls(root: root)
        _ = reader.read(source) { event in
            if case .block(let block, let text) = event, !block.isSidechain { reading.add(block, text) }
        }
        return reading.calls
    }

    private mutating func add(_ block: Block, _ text: UnsafeBufferPointer<UInt8>) {
        switch block.kind {
        case .toolUse:
            endPending(before: block.messageID)
            var input = HookInput()
            input.sessionID = block.sessionID
            input.toolName = block.toolName
            input.toolUseID = block.toolUseID
            input.toolInput = ToolInput(json: text)
            pending.append((block.messageID, input, block.timestamp ?? ""))
        case .toolResult:
            guard let index = pending.firstIndex(where: { $0.input.toolUseID == block.toolUseID }) else { return }
            let (_, input, at) = pending.remove(at: index)
            // A person's no is no failure, and nothing was changed.
            guard !block.isAnswer else { return }
            end(
                input, output: String(decoding: text, as: UTF8.self), isError: block.isError, at: block.timestamp ?? at)
        case .prose where block.role == .assistant: endPending(before: block.messageID)
        case .prose, .thinking: return
        }
    }

    /// The model goes on: what it called before has come back, with nothing that would be handed out.
    private mutating func endPending(before message: String?) {
        let ended = pending.filter { $0.message != message }
        pending.removeAll { $0.message != message }
        for (_, input, at) in ended { end(input, output: "", isError: false, at: at) }
    }

    private mutating func end(_ input: HookInput, output: String, isError: Bool, at: String) {
        guard !at.isEmpty, calls.count < PastToolCalls.most, !calls.isEmpty || input.toolName == "Bash" else { return }
        var input = input
        input.eventName = isError ? "PostToolUseFailure" : "PostToolUse"
        input.toolOutput = output
        input.error = output
        guard let call = ToolCall(input, root: root, at: at) else { return }
        if case .failed = call.event {} else if calls.isEmpty { return }
        calls.append(call)
    }
}
