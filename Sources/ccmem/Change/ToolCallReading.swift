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
        switch (input.toolName, input.eventName) {
        case ("Bash"?, "PostToolUseFailure"?):
            guard let command = input.toolInput.command, let error = input.error else { return nil }
            let said = ToolCall.said(error, by: command)
            return cleaned(
                ToolOutcome.failure(of: StoredText.clean(command), error: said, isInterrupted: input.isInterrupt), root)
        case ("Bash"?, "PostToolUse"?):
            guard let command = input.toolInput.command else { return nil }
            let (whole, output) = (StoredText.clean(command), input.toolOutput ?? "")
            var found = ToolOutcome.success(of: whole, output: output)
            // Of what passed nothing is kept that was said.
            if case .failed? = found {
                found = ToolOutcome.success(of: whole, output: ToolCall.said(output, by: command))
            }
            return cleaned(found, root)
        case ("Edit"?, "PostToolUse"?), ("Write"?, "PostToolUse"?), ("MultiEdit"?, "PostToolUse"?),
            ("NotebookEdit"?, "PostToolUse"?):
            guard let file = input.toolInput.file else { return nil }
            let change = ToolEvent.Change(
                before: StoredText.clean(input.toolInput.oldText ?? ""),
                after: StoredText.clean(input.toolInput.newText ?? ""))
            return .changed(file: StoredText.clean(PathText.below(root, file) ?? file), change: change)
        default: return nil
        }
    }

    /// What a tool said, without secrets: those that the redactor knows by the words around them, and those that the command
    /// handed to its programs.
    private static func said(_ text: String, by command: String) -> String {
        StoredText.clean(
            Invocation.secrets(in: command).reduce(text) { $0.replacingEach($1, with: "[redacted:password]") })
    }

    /// The command was cleaned as a whole, since a secret is known by what stands around it. Its words are cleaned once more, each
    /// by itself: without its quotation marks a word may be another one.
    private static func cleaned(_ event: ToolEvent?, _ root: String) -> ToolEvent? {
        switch event {
        case .failed(let invocation, var diagnostic)?:
            clean(&diagnostic, root)
            return .failed(cleaned(invocation), diagnostic)
        case .passed(let invocation)?: return .passed(cleaned(invocation))
        case .changed?, nil: return event
        }
    }

    private static func cleaned(_ invocation: Invocation) -> Invocation {
        var invocation = invocation
        invocation.words = invocation.words.map(StoredText.clean)
        invocation.program = StoredText.clean(invocation.program)
        invocation.action = invocation.action.map(StoredText.clean)
        return invocation
    }

    private static func clean(_ diagnostic: inout Diagnostic, _ root: String) {
        diagnostic.line = StoredText.clean(diagnostic.line)
        diagnostic.signature = StoredText.clean(diagnostic.signature)
        diagnostic.symbol = diagnostic.symbol.map(StoredText.clean)
        diagnostic.file = diagnostic.file.map { StoredText.clean(PathText.below(root, $0) ?? $0) }
    }
}
