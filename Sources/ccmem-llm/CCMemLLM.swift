import ArgumentParser
import CSubprocess
import Commands

/// `ccmem-llm`: the verbs that may ask a language model: the one program of these that can reach the network. `ccmem` starts it.
@main
struct CCMemLLM: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ccmem",
        abstract: "The verbs of ccmem that may ask a language model; `ccmem` starts it.",
        version: Version.text,
        subcommands: [RefineCommand.self, TidyCommand.self, CostCommand.self, AuthCommand.self, EmbedCommand.self])

    static func main() {
        subprocess_keep_memory_private()
        inStatuses {
            var command = try parseAsRoot()
            try command.run()
        }
    }
}
