import HookProtocol
import Memories
import Projects
import SQLite
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Asks a long session once to save what is worth it, when `reminder.turns` says so; mostly it is not even looked for.
struct StopReminder {
    let input: HookInput
    /// What the ledger of answers has for it, beside what a session began by.
    static let instance = "reminder"
    static let words = """
        ccmem: this session has gone on for a while. If something was decided, forbidden, found or left open that is not saved yet, save it \
        now with the skill `save-memories`; if not, say nothing about this and end your turn.
        """

    init(_ input: HookInput) { self.input = input }

    func run() {
        guard let session = input.sessionID, Capture.isPlain(session), !input.isStopHookActive, mayBeWanted else {
            return
        }
        let environment = Environment.current()
        guard
            case .active(let project) = Activity.state(
                from: .hook(workingDirectory: input.workingDirectory), environment),
            // What is not stored need not be saved.
            HookStore.optOut(of: input, in: project, environment) == nil,
            let turns = project.settings.integer(.reminderTurns), turns > 0,
            let store = HookStore.open(project, HookEvent.stop.rawValue, busyTimeout: 10)
        else { return }
        let answer = InjectionAnswer(
            session: session, event: HookEvent.stop.rawValue, instance: StopReminder.instance, sameCall: .max, items: []
        )
        do throws(StoreError) {
            let prompts = try store.reading { () throws(SQLiteError) in try store.prompts(ofSession: session) }
            guard prompts >= turns, try store.enter(answer, now: Clock.system.milliseconds()) != nil else { return }
            StandardOutput.write(HookOutput(.stop, context: StopReminder.words))
        } catch {
            HookStore.note(error, project, HookEvent.stop.rawValue)
        }
    }

    /// A setting of the user's own: without a file of settings, and nothing in the environment, nobody has asked for it.
    private var mayBeWanted: Bool {
        if getenv(SettingKey.reminderTurns.environmentName) != nil { return true }
        guard let folder = Environment.current().configFolder else { return false }
        return Files.status(of: folder + "/config.json") != nil
    }
}
