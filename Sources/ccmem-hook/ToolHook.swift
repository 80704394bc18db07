import CDetach
import Failures
import HookProtocol
import JSON
import Projects
import SQLite
import Storage

/// A tool has run: what failed, what was changed and what passed is taken note of, behind the hook.
struct ToolHook {
    let event: HookEvent
    let input: HookInput

    init(_ event: HookEvent, _ input: HookInput) {
        self.event = event
        self.input = input
    }

    func run() {
        guard let session = input.sessionID, Capture.isPlain(session), input.toolUseID != nil, mayCount else { return }
        guard detach_fork(nil) == 1 else { return }
        let environment = Environment.current()
        guard
            case .active(let project) = Activity.state(
                from: .hook(workingDirectory: input.workingDirectory), environment),
            HookStore.optOut(of: input, in: project, environment) == nil, counts(in: project),
            let path = Companion.path(event.rawValue, environment)
        else { return }
        _ = Companion.run(path, ["record", "--tool-call", "--project", project.root.path], input: call)
    }

    /// Whether such a call can matter at all: it costs nothing to pass over all others.
    private var mayCount: Bool {
        switch input.toolName {
        case "Bash": input.toolInput.command.flatMap(Invocation.main) != nil
        case "Edit", "Write", "MultiEdit", "NotebookEdit":
            event == .postToolUse && input.toolInput.file != nil
        default: false
        }
    }

    /// A failure always counts where there is a store; what went well, and changes, only while something is broken.
    private func counts(in project: ActiveProject) -> Bool {
        guard let status = Files.status(of: project.location.database), status.size > 0 else { return false }
        if event == .postToolUseFailure { return true }
        guard let store = try? MemoryStore(path: project.location.database, access: .read, busyTimeout: 500) else {
            return false
        }
        let program = input.toolInput.command.flatMap(Invocation.main)?.name
        let isOpen = try? store.reading { () throws(SQLiteError) in try store.hasOpenFailure(of: program) }
        // A test run whose status is hidden may have failed.
        return isOpen == true || program != nil && hidesItsStatus
    }

    private var hidesItsStatus: Bool {
        guard let command = input.toolInput.command, let main = Invocation.main(of: command), main.isCheck else {
            return false
        }
        return main.isPiped || ShellLine(command).commands.contains { $0.joint == .or }
    }

    /// What `ccmem record --tool-call` reads: the call, as Claude Code told it, with what matters here.
    private var call: String {
        var writer = JSONWriter()
        writer.beginObject()
        func field(_ name: String, _ value: String?) {
            guard let value else { return }
            writer.key(name)
            writer.string(value)
        }
        field("hook_event_name", event.rawValue)
        field("session_id", input.sessionID)
        field("cwd", input.workingDirectory)
        field("tool_name", input.toolName)
        field("tool_use_id", input.toolUseID)
        writer.key("tool_input")
        writer.beginObject()
        field("command", input.toolInput.command)
        field("file_path", input.toolInput.file)
        field("old_string", input.toolInput.oldText)
        field("new_string", input.toolInput.newText)
        writer.endObject()
        if let output = input.toolOutput {
            writer.key("tool_response")
            writer.beginObject()
            field("stdout", output)
            writer.endObject()
        }
        field("error", input.error)
        writer.key("is_interrupt")
        writer.bool(input.isInterrupt)
        writer.endObject()
        return writer.text
    }
}
