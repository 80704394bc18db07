import Commands
import Memories
import Projects

/// What failed in an ingest that a hook has started: nobody reads what it prints, so it goes into the log of the hooks.
enum BoundaryReport {
    /// A pack that does not work: told by the first and the last ingest of a session, not by all between.
    static func note(leftOut line: String, _ boundary: String?, _ project: ProjectOptions) {
        guard let boundary, boundary == "SessionStart" || boundary == "SessionEnd",
            let data = Environment.current().dataFolder
        else { return }
        HookLog(dataFolder: data, store: ProjectContext.database(of: project)).note(
            "A rule pack does nothing, since it can't be read: \(line); `ccmem rules lint` tells more.", from: boundary,
            at: Clock.system.timestamp)
    }

    static func note(_ error: any Error, _ boundary: String, _ project: ProjectOptions) {
        guard let data = Environment.current().dataFolder else { return }
        let why =
            switch error {
            case let error as CommandError: error.message
            case ExitStatus.unreadableInput: "Some of its transcripts could not be read."
            default: "\(error)"
            }
        HookLog(dataFolder: data, store: ProjectContext.database(of: project)).note(
            "The last conversation could not be stored. \(why) `ccmem ingest` tells more.", from: boundary,
            at: Clock.system.timestamp)
    }
}
