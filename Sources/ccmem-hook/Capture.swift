import CDetach
import Digests
import HookProtocol
import Projects

/// Has a boundary of a session stored: `ccmem ingest`, in a process of its own that nobody waits for and that no end of the
/// session takes along.
struct Capture {
    let event: HookEvent
    let input: HookInput

    init(_ event: HookEvent, _ input: HookInput) {
        self.event = event
        self.input = input
    }

    /// How long a compaction waits for its facts to be stored, in milliseconds; a little less than the deadline.
    static let compactionWait: Int32 = 1_800

    func run() {
        // The agent that compacts a conversation has nothing of its own to say.
        if event == .subagentStop, input.agentType?.isEmpty ?? true { return }
        guard event == .preCompact else {
            guard detach_fork(nil) == 1 else {
                if event == .stop { StopReminder(input).run() }
                return
            }
            ingest()
            return
        }
        var watched: Int32 = -1
        switch detach_fork(&watched) {
        case 1: ingest()
        case 0: _ = detach_wait(watched, Capture.compactionWait * Int32(CCMemHook.patience))
        default: return
        }
    }

    /// Behind the hook: nobody waits any more.
    private func ingest() {
        let environment = Environment.current()
        guard
            case .active(let project) = Activity.state(
                from: .hook(workingDirectory: input.workingDirectory), environment)
        else { return }
        Capture.ingest(project, environment, event.rawValue, options)
    }

    /// Takes the place of this process.
    static func ingest(_ project: ActiveProject, _ environment: Environment, _ event: String, _ options: [String]) {
        guard let path = Companion.path(event, environment) else { return }
        Companion.execute(path, ["ingest", "--pending", "--boundary", event, "--project", project.root.path] + options)
    }

    private var options: [String] {
        var options: [String] = []
        guard let session = input.sessionID, Capture.isPlain(session) else { return options }
        options += ["--session", session]
        if event == .preCompact { options.append("--wait") }
        // The last answer reaches the file after this event: ingest knows it by its hash.
        let file = event == .subagentStop ? input.agentTranscriptPath : input.transcriptPath
        if event == .stop || event == .subagentStop, let answer = input.lastAssistantMessage, !answer.isEmpty,
            let file, file.hasPrefix("/")
        {
            options += ["--answer", AnswerMark.of(answer), "--answer-in", file]
        }
        return options
    }

    /// An id as Claude Code makes them; nothing that could be an option or a path.
    static func isPlain(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count) && id.utf8.first != UInt8(ascii: "-")
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
