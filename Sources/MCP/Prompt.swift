import Memories
import Neutralization

/// A prompt that a person can choose in a client: the words of a command of the plugin, for clients that have no such commands.
struct Prompt: Sendable {
    struct Argument: Sendable {
        var name: String
        var summary: String
    }

    var name: String
    var summary: String
    /// Which of the plugin's texts it is.
    var text: String
    /// What stands for `$ARGUMENTS` in it; required.
    var argument: Argument?
    /// Shown with it, since a client without a shell can't ask for it.
    var resource: String?

    static let all = [
        Prompt(
            name: "handoff", summary: "Where the last session on this project was left.", text: "handoff",
            resource: Resource.scheme + "handoff"),
        Prompt(
            name: "recall", summary: "Answer a question from the memories and past conversations of this project.",
            text: "search", argument: Argument(name: "question", summary: "What to look for.")),
        Prompt(
            name: "save-memories", summary: "Review this conversation and store what a later session must know.",
            text: "save-memories"),
    ]

    /// The words, without the head that is for the plugin.
    ///
    /// - Parameter value: For the argument; what is forged in it is made harmless.
    static func words(of file: String, value: String) -> String {
        var lines = file.split(separator: "\n", omittingEmptySubsequences: false)[...]
        if lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") { lines = lines[(end + 1)...] }
        while lines.first?.isEmpty == true { lines = lines.dropFirst() }
        while lines.last?.isEmpty == true { lines = lines.dropLast() }
        return lines.joined(separator: "\n").replacingEach("$ARGUMENTS", with: Neutralizer.neutralized(value))
    }
}
