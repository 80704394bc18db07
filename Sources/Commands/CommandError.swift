import Neutralization

/// Ends a command: what went wrong, what to do, and the exit status. Printed by `main`.
public struct CommandError: Error {
    /// A full sentence.
    public var message: String
    /// What to do about it; nil when the message says it.
    public var help: String?
    public var status: ExitStatus

    public init(_ message: String, help: String? = nil, _ status: ExitStatus) {
        self.message = message
        self.help = help
        self.status = status
    }

    /// A message may quote what somebody typed or stored: nothing unseen goes with it.
    public var text: String { Neutralizer.neutralized("error: \(message)\n" + (help.map { "help: \($0)\n" } ?? "")) }
}
