import ArgumentParser

@main
struct CCMem: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ccmem", abstract: "Persistent memory for Claude Code.")
}
