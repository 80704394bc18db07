import ArgumentParser
import Commands
import JSON
import Memories
import SQLite
import Storage

struct EditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Change a memory.",
        discussion: """
            Nothing is overwritten: new words make a new memory, and the old one stays readable as its history. The other \
            options change the memory where it is. Reading the same transcript again does not bring old words back. Without \
            options, opens the words in $EDITOR.

            EXAMPLES
              ccmem edit 12 --content 'The API listens on port 8082'
              ccmem edit 12 --importance 5 --tag deploy --untag draft
              ccmem edit 12 --no-key

            EXIT STATUS
              0  done, also when it was like that already
              1  there is no such memory, it is not active, or another one stands in the way
              2  the command line is wrong
              3  the store can't be written
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Number of the memory.", valueName: "id"))
    var id: MemoryID

    @Option(help: ArgumentHelp("New words; - reads them from standard input.", valueName: "text"))
    var content: String?

    @Option(help: ArgumentHelp("1 (trivia) to 5 (critical).", valueName: "level"))
    var importance: Int?

    @Option(help: ArgumentHelp("Another category.", valueName: "category"))
    var category: CategoryArgument?

    @Option(help: ArgumentHelp("What it is about; `port` stands for `config:port`.", valueName: "key"))
    var key: String?

    @Flag(name: .customLong("no-key"), help: "Take its key away.")
    var removesKey = false

    @Option(help: ArgumentHelp("A tag to add; repeatable.", valueName: "tag"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("A tag to take away; repeatable.", valueName: "tag"))
    var untag: [String] = []

    func validate() throws {
        try ImportanceArgument.check(importance)
        if removesKey, key != nil { throw ValidationError("--key and --no-key exclude each other.") }
    }

    func run() throws {
        let change = try StoreChange.open(project)
        let old = try StoreWords.inWords { () throws(StoreError) in
            try change.store.reading { () throws(SQLiteError) in try change.store.memory(id.number) }
        }
        guard let old else { throw id.unknown }
        let wanted = try wanted(old)
        let outcome = try change.run { run throws(SQLiteError) in try change.store.edit(id.number, wanted, run) }
        try report(outcome, wanted)
    }

    private func wanted(_ old: StoredMemory) throws -> MemoryChange {
        var change = MemoryChange()
        if let content { change.content = StoredText.clean(content == "-" ? try StoredText.standardInput() : content) }
        change.category = category?.category
        change.importance = importance.map(Importance.init(clamping:))
        if let key {
            guard let subject = StoredText.key(key, category: category?.category ?? old.category) else {
                throw CommandError("The key `\(key)` is empty.", .usage)
            }
            change.key = .set(subject)
        } else if removesKey {
            change.key = .remove
        }
        change.addedTags = tag.compactMap(StoredText.tag)
        change.removedTags = untag.compactMap(StoredText.tag)
        if change.isEmpty { change.content = StoredText.clean(try TextEditor.edit(old.content)) }
        if let content = change.content, !content.contains(where: { !$0.isWhitespace }) {
            throw CommandError(
                "A memory needs words.", help: "`ccmem archive \(id.number)` takes it out of use.", .usage)
        }
        return change
    }

    private func report(_ outcome: EditOutcome, _ wanted: MemoryChange) throws {
        let number = id.number
        switch outcome {
        case .unknown: throw id.unknown
        case .notActive(let state):
            throw CommandError(
                "#\(number) is \(state.rawValue).", help: "`ccmem restore \(number)` brings it back first.",
                .nothingFound)
        case .standing(let other):
            throw CommandError(
                "#\(other) says that already, or has that key.",
                help: "`ccmem show \(other)` shows it; `ccmem archive \(other)` takes it out of the way.", .nothingFound
            )
        case .forgotten: throw RecordWords.error(.tombstone)
        case .unchanged: print("#\(number) is like that already", "unchanged", number, nil)
        case .changed(let fields):
            let names = fields.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            print("#\(number) changed: \(names.joined(separator: ", "))", "changed", number, nil)
        case .replaced(let new): print("#\(new) replaces #\(number)", "supersedes", new, number)
        }
    }

    private func print(_ words: String, _ name: String, _ id: Int, _ other: Int?) {
        guard project.json else { return StandardStream.output.write(words + "\n") }
        StandardStream.output.print(
            MemoryJSON.document { writer in
                writer.key("outcome")
                writer.string(name)
                writer.field("id", id)
                writer.field("other_id", other)
            })
    }
}
