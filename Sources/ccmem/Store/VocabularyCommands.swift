import ArgumentParser
import Commands
import JSON
import Memories
import SQLite
import Storage

struct KeywordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keywords",
        abstract: "List the words that memories are about, the most frequent first.",
        discussion: """
            A word counts once for each active memory that holds it, and once for each session in which such a memory was said, \
            however often it was said there. Names in code stay whole.

            EXAMPLES
              ccmem keywords
              ccmem keywords --limit 200 --json
              ccmem keywords --session 5f0c2c1e-7d4e-4a8e-9f51-6f3a54f0c1aa

            EXIT STATUS
              0  something was found
              1  nothing was found, or there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
    var limit = 50

    @Option(help: ArgumentHelp("Only memories that were said in this session.", valueName: "id"))
    var session: String?

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() throws {
        let store = try ProjectContext.find(project).openToList(isJSON: project.json)
        let (words, isCut) = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.keywords(limit: limit, ofSession: session) }
        }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.array("keywords", words) { word, writer in
                        writer.object { writer in
                            writer.field("word", word.word)
                            writer.field("memories", word.count)
                            writer.field("sessions", word.sessions)
                        }
                    }
                    writer.field("is_cut", isCut)
                })
        } else {
            var page = MemoryPage.forOutput()
            let columns = words.first.map { String($0.count).count } ?? 0
            for word in words {
                let sessions = word.sessions > 1 ? "  (\(word.sessions) sessions)" : ""
                page.line(
                    "\(String(word.count).leftPadded(to: columns))  \(TextStyle.printable(word.word))\(sessions)")
            }
            page.print()
        }
        if words.isEmpty {
            let said = session.map { " that was said in the session `\($0)`" } ?? ""
            if !project.json { StandardStream.error.write("There is no active memory\(said).\n") }
            throw ExitStatus.nothingFound
        }
    }
}

struct TopicsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics",
        abstract: "Show what memories are about, as groups.",
        discussion: """
            Active memories are grouped by the subject of their key, else by tag, else by the name or path that most of them \
            share.

            EXAMPLES
              ccmem topics
              ccmem topics --json

            EXIT STATUS
              0  something was found
              1  nothing was found, or there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Option(help: ArgumentHelp("At most so many groups.", valueName: "n"))
    var limit: Int?

    func validate() throws {
        guard limit ?? 1 >= 1 else { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() throws {
        let store = try ProjectContext.find(project).openToList(isJSON: project.json)
        let topics = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.topics(limit: limit ?? .max) }
        }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.array("topics", topics) { topic, writer in
                        writer.object { writer in
                            writer.field("kind", topic.kind.rawValue)
                            writer.field("name", topic.kind == .other ? nil : topic.name)
                            writer.field("summary", TopicText.summary(topic))
                            writer.array("ids", topic.ids) { $1.int($0) }
                        }
                    }
                })
        } else {
            var page = MemoryPage.forOutput()
            for topic in topics {
                page.heading("\(TextStyle.printable(TopicText.title(topic))) (\(topic.ids.count))")
                page.paragraph(TopicText.summary(topic), indent: 2)
                page.paragraph(topic.ids.map { "#\($0)" }.joined(separator: " "), indent: 2, faint: true)
            }
            page.print()
        }
        if topics.isEmpty {
            if !project.json { StandardStream.error.write("There is no active memory.\n") }
            throw ExitStatus.nothingFound
        }
    }
}

/// A group of memories in words.
enum TopicText {
    static func title(_ topic: Topic) -> String { topic.kind == .other ? "Everything else" : topic.name }

    /// How many of each category, and what the first one says.
    static func summary(_ topic: Topic) -> String {
        let counts = RuleWords.categoryOrder.compactMap { category -> String? in
            topic.categories[category].map { "\(category.rawValue) \($0)" }
        }
        let words = topic.first.count <= 120 ? topic.first : topic.first.prefix(120) + "…"
        return counts.joined(separator: ", ") + ": " + words
    }
}
