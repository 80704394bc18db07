import ArgumentParser
import Commands
import Memories
import SQLite
import Storage

struct ReceiptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: "What memory did since the session before: five lines.",
        discussion: """
            Counts what was stored, merged, superseded, refused and redacted, and what was put into sessions and cost tokens there.

            EXAMPLES
              ccmem receipt
              ccmem receipt --since 2026-01-01

            EXIT STATUS
              0  something happened
              1  nothing did, or there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Option(
        help: ArgumentHelp("Since this date; else since the session before the last one began.", valueName: "date"),
        transform: Since.read)
    var since: WrittenTime?

    func run() throws {
        let store = try ProjectContext.find(project).openToList(isJSON: project.json)
        let receipt = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in
                if let since { return try store.receipt(since: since.text) }
                return try store.receipt(since: store.previousStart())
            }
        }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.field("stored", receipt.inserted)
                    writer.field("merged", receipt.merged)
                    writer.field("superseded", receipt.superseded)
                    writer.field("archived", receipt.archived)
                    writer.field("refused", receipt.refused)
                    writer.field("redacted", receipt.redacted)
                    writer.field("injected", receipt.injected)
                    writer.field("injected_tokens", receipt.injectedTokens)
                })
        } else if !receipt.isEmpty {
            StandardStream.output.write(ReceiptCommand.text(receipt))
        }
        if receipt.isEmpty {
            if !project.json { StandardStream.error.write("Nothing was stored or injected.\n") }
            throw ExitStatus.nothingFound
        }
    }

    static func text(_ receipt: Receipt) -> String {
        func grouped(_ count: Int) -> String { RuleWords.grouped(count) }
        return """
            stored     \(grouped(receipt.inserted)) new, \(grouped(receipt.merged)) said again (merged)
            superseded \(grouped(receipt.superseded)) by newer statements, \(grouped(receipt.archived)) no longer supported (archived)
            refused    \(grouped(receipt.refused)); `ccmem why-not` tells why
            redacted   \(grouped(receipt.redacted)) secrets and private parts
            injected   \(grouped(receipt.injected)) \(receipt.injected == 1 ? "line" : "lines"), \(grouped(receipt.injectedTokens)) tokens of context

            """
    }
}
