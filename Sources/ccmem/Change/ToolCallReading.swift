import Commands
import Failures
import HookProtocol
import Memories
import Projects
import Storage

extension ToolCall {
    /// What a hook was told of a call of a tool, made ready for the store: nothing secret is left in it.
    ///
    /// - Parameters:
    ///   - root: The project's; files in it are named below it.
    /// - Returns: Nil for calls that say nothing about what works.
    init?(_ input: HookInput, root: String, at time: String) {
        guard let session = input.sessionID, let identity = input.toolUseID, let event = ToolCall.event(input, root)
        else { return nil }
        self.init(identity: StoredText.clean(identity), session: StoredText.clean(session), at: time, event: event)
    }

    private static func event(_ input: HookInput, _ root: String) -> ToolEvent? {
        let found: ToolEvent?
        switch (input.toolName, input.eventName) {
        case ("Bash"?, "PostToolUseFailure"?):
            guard let command = input.toolInput.command, let error = input.error else { return nil }
            found = ToolOutcome.failure(of: command, error: error, isInterrupted: input.isInterrupt)
        case ("Bash"?, "PostToolUse"?):
            guard let command = input.toolInput.command else { return nil }
            found = ToolOutcome.success(of: command, output: input.toolOutput ?? "")
        case ("Edit"?, "PostToolUse"?), ("Write"?, "PostToolUse"?), ("MultiEdit"?, "PostToolUse"?),
            ("NotebookEdit"?, "PostToolUse"?):
            guard let file = input.toolInput.file else { return nil }
            let change = ToolEvent.Change(
                before: StoredText.clean(input.toolInput.oldText ?? ""),
                after: StoredText.clean(input.toolInput.newText ?? ""))
            return .changed(file: StoredText.clean(PathText.below(root, file) ?? file), change: change)
        default: return nil
        }
        guard case .failed(var invocation, var diagnostic)? = found else { return found }
        invocation.words = invocation.words.map(StoredText.clean)
        invocation.program = StoredText.clean(invocation.program)
        invocation.action = invocation.action.map(StoredText.clean)
        diagnostic.line = StoredText.clean(diagnostic.line)
        diagnostic.signature = StoredText.clean(diagnostic.signature)
        diagnostic.symbol = diagnostic.symbol.map(StoredText.clean)
        diagnostic.file = diagnostic.file.map { StoredText.clean(PathText.below(root, $0) ?? $0) }
        return .failed(invocation, diagnostic)
    }
}
