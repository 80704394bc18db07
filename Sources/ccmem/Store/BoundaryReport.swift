import Commands
import Memories
import Projects

/// What failed in an ingest that a hook has started: nobody reads what it prints, so it goes into the log of the hooks.
enum BoundaryReport {
    static func note(_ error: any Error, _ boundary: String, _ project: ProjectOptions) {
        guard let data = Environment.current().dataFolder else { return }
        let why =
            switch error {
            case let error as CommandError: error.message
            case ExitStatus.unreadableInput: "Some of its transcripts could not be read."
            default: "\(error)"
            }
        HookLog(dataFolder: data).note(
            "The last conversation could not be stored. \(why) `ccmem ingest` tells more.", from: boundary,
            at: Clock.system.timestamp)
    }
}
