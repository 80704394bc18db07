import ArgumentParser
import Commands
import JSON
import Memories
import SQLite
import Storage

struct InjectedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "injected",
        abstract: "What a session was told, and what it came back to.",
        discussion: """
            Each line is a memory that hooks have put into the session, with the event and what it cost in tokens. Behind `used` stand names \
            of it that the assistant wrote later in that session, as far as it is stored: a sign, no proof. `ccmem why ID` tells why a \
            memory is kept.

            EXAMPLES
              ccmem injected
              ccmem injected --session 0d2f

            EXIT STATUS
              0  something was injected
              1  nothing was, or there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Option(
        help: ArgumentHelp(
            "The session, or how its id begins; else the last one that was told something.", valueName: "id"))
    var session: String?

    @Flag(help: "Only what was used.")
    var used = false

    func run() throws {
        let store = try ProjectContext.find(project).openToList(isJSON: project.json)
        let names = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try candidates(in: store) }
        }
        if let session, names.count > 1 {
            let list = names.prefix(8).map { "`\($0)`" }.joined(separator: ", ") + (names.count > 8 ? ", …" : "")
            throw CommandError(
                "\(names.count) sessions begin with `\(session)`: \(list).", help: "Give more of the id.", .usage)
        }
        let uid = names.first
        let all = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) -> [InjectedMemory] in
                guard let uid else { return [] }
                return try store.injections(inSession: uid)
            }
        }
        let found = used ? all.filter { !$0.usedTerms.isEmpty } : all
        let tokens = all.reduce(0) { $0 + $1.tokens }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.field("session", uid.map(StoredText.shown))
                    writer.field("tokens", tokens)
                    writer.array("injected", found) { item, writer in
                        writer.object { writer in
                            writer.field("id", item.id)
                            writer.field("event", item.event)
                            writer.field("at", item.at)
                            writer.field("category", item.category.rawValue)
                            writer.field("importance", item.importance.level)
                            writer.field("tokens", item.tokens)
                            writer.field("content", StoredText.shown(item.content))
                            writer.array("used", item.usedTerms) { $1.string(StoredText.shown($0)) }
                        }
                    }
                })
        } else if let uid, !found.isEmpty {
            var page = MemoryPage.forOutput()
            page.heading(TextStyle.printable("Session \(uid)"))
            for item in found {
                var words =
                    "#\(item.id) \(item.category.rawValue) \(item.importance.level) · \(item.event) · \(item.tokens) tokens"
                if !item.usedTerms.isEmpty { words += " · used: \(item.usedTerms.joined(separator: ", "))" }
                page.line(TextStyle.printable(item.content))
                page.line("  " + page.style.paint(TextStyle.printable(words), .faint))
            }
            let usedCount = all.filter { !$0.usedTerms.isEmpty }.count
            page.line("\(all.count) \(ReaderWords.memories(all.count)), \(tokens) tokens, \(usedCount) used")
            page.print()
        }
        if found.isEmpty {
            if !project.json { StandardStream.error.write("Nothing was injected.\n") }
            throw ExitStatus.nothingFound
        }
    }

    /// The session that is meant, or those that may be.
    private func candidates(in store: MemoryStore) throws(SQLiteError) -> [String] {
        guard let session else {
            guard let last = try store.lastInjectedSession() else { return [] }
            return [last]
        }
        let told = try store.injectedSessions(beginning: session)
        if told.contains(session) { return [session] }
        if !told.isEmpty { return told }
        if case .one(let found) = try store.session(session) { return [found.uid] }
        return [session]
    }
}
