import ArgumentParser
import Commands
import JSON
import Memories
import Projects
import Recall
import Neutralization
import SQLite
import Storage

struct RecallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recall",
        abstract: "Answer a question with what was said, within a budget of tokens.",
        discussion: """
            Prints the memories that answer it, then excerpts of the conversations around them, each with its number or its \
            session and line, and its date. Nothing is worded anew. When nothing has to do with the question, nothing is \
            printed.

            EXAMPLES
              ccmem recall 'why did we leave Alembic?'
              ccmem recall 'what port does the API listen on' --tokens 300
              ccmem recall 'how was the pool timeout fixed' --format markdown
              ccmem recall 'how was the pool timeout fixed' --explain

            EXIT STATUS
              0  there is an answer, or what may hold it; perhaps one that --tokens leaves no room for, which is said
              1  nothing was found, or there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, markdown }

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("The question.", valueName: "question"))
    var question: [String]

    @Option(help: ArgumentHelp("At most so many tokens, by estimate.", valueName: "n"))
    var tokens = 1_000

    @Option(help: "text, json or markdown.")
    var format: Format = .text

    @Flag(help: "Show what each result is worth, and why: instead, or in JSON as `explain` too.")
    var explain = false

    func validate() throws {
        guard (50...100_000).contains(tokens) else {
            throw ValidationError("--tokens takes a number from 50 to 100000, not \(tokens).")
        }
    }

    func run() throws {
        let context = try ProjectContext.find(project)
        let isJSON = format == .json || project.json
        let store = try context.openToList(isJSON: isJSON)
        var options = RecallOptions()
        options.directory = context.root
        options.halfLife = context.halfLife
        let text = question.joined(separator: " ")
        let embedding = Embedding.of(text, context, store)
        options.vector = embedding.vector
        let found = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in
                try Retrieval.answers(to: Question(text), in: store, options)
            }
        }
        let layout: ContextPack.Layout = format == .markdown ? .markdown : .plain
        var pack = ContextPack(found, budget: tokens, layout: layout, clean: { Neutralizer.neutralized($0) })
        if explain, !isJSON {
            StandardStream.output.write(RecallText.explanation(found, embedding))
        } else if isJSON {
            let (fitting, document) = RecallText.document(
                within: tokens, found, question: text, explained: explain ? embedding : nil)
            pack = fitting
            StandardStream.output.print(document)
        } else {
            StandardStream.output.write(RecallText.text(pack, layout))
        }
        if pack.isEmpty {
            if found.isEvidence, !explain {
                let least = RecallText.least(found, question: text, layout, isJSON: isJSON)
                StandardStream.error.write(
                    "What answers it needs \(least) tokens or more\(isJSON ? " as JSON" : ""): `--tokens \(least)`.\n")
                return
            }
            if !isJSON {
                StandardStream.error.write("Nothing that was said has to do with that question.\n")
            }
            throw ExitStatus.nothingFound
        }
    }
}

/// What answers a question, for reading and as JSON.
enum RecallText {
    static func text(_ pack: ContextPack, _ layout: ContextPack.Layout = .plain) -> String {
        pack.text(layout, clean: clean)
    }

    private static func clean(_ text: String) -> String { Neutralizer.neutralized(text) }

    /// The best as JSON that costs at most so many tokens, names and brackets included.
    ///
    /// - Parameter explained: What the question was compared by, when the document is to say what each result is worth and why;
    ///   that is not counted.
    static func document(
        within budget: Int, _ found: Retrieved, question: String, explained: Embedding?
    ) -> (pack: ContextPack, document: [UInt8]) {
        let (pack, plain) = document(within: budget, found, question: question)
        guard let explained else { return (pack, plain) }
        return (pack, document(pack, found, question: question, budget: budget, explained: explained).document)
    }

    private static func document(
        within budget: Int, _ found: Retrieved, question: String
    ) -> (pack: ContextPack, document: [UInt8]) {
        var room = budget
        while true {
            let pack = ContextPack(found, budget: room, clean: clean)
            let (document, cost) = document(pack, found, question: question, budget: budget)
            if pack.isEmpty || room <= 0 { break }
            if cost <= budget { return (pack, document) }
            room = min(room - 1, room * budget / cost)
        }
        return single(within: budget, found, question: question)
    }

    /// Where names and brackets leave too little room for more: the best that fits alone. Nothing, where nothing does.
    private static func single(
        within budget: Int, _ found: Retrieved, question: String
    ) -> (pack: ContextPack, document: [UInt8]) {
        for alone in found.alone {
            let pack = ContextPack(alone, budget: budget, clean: clean)
            let (document, cost) = document(pack, found, question: question, budget: budget)
            if !pack.isEmpty, cost <= budget { return (pack, document) }
        }
        let pack = ContextPack(found, budget: 0, clean: clean)
        return (pack, document(pack, found, question: question, budget: budget).document)
    }

    /// What the cheapest of what answers the question costs.
    static func least(_ found: Retrieved, question: String, _ layout: ContextPack.Layout, isJSON: Bool) -> Int {
        let costs = found.alone.map { alone in
            let pack = ContextPack(alone, budget: .max / 8, layout: layout, clean: clean)
            return isJSON
                ? document(pack, found, question: question, budget: 100_000).cost : pack.cost(layout, clean: clean)
        }
        return costs.min() ?? 0
    }

    private static func document(
        _ pack: ContextPack, _ found: Retrieved, question: String, budget: Int, explained: Embedding? = nil
    ) -> (document: [UInt8], cost: Int) {
        func written(tokens: Int, explained: Embedding? = nil) -> [UInt8] {
            MemoryJSON.document { writer in
                writer.field("question", question)
                writer.field("budget", budget)
                writer.field("tokens", tokens)
                writer.field("coverage", thousandths: found.coverage)
                writer.array("memories", pack.memories) { line, writer in write(line, to: &writer) }
                writer.array("excerpts", pack.excerpts) { excerpt, writer in write(excerpt, to: &writer) }
                if let explained {
                    writer.array("explain", [found]) { writeExplanation($0, explained, to: &$1) }
                }
            }
        }
        // As many digits as the number can have.
        let text = String(decoding: written(tokens: budget), as: UTF8.self)
        let cost = max(ContextPack.tokens(text), (text.unicodeScalars.count + 3) / 4)
        return (written(tokens: cost, explained: explained), cost)
    }

    /// What a citation needs; `ccmem show` has the rest.
    private static func write(_ line: ContextPack.MemoryLine, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", line.memory.id)
            writer.field("category", line.memory.category.rawValue)
            writer.field("importance", line.memory.importance.level)
            writer.field("content", line.memory.content)
            writer.field("said_at", line.memory.saidAt)
            writer.field("state", line.memory.state.rawValue)
            writer.field("worth", thousandths: line.worth)
            if let successor = line.successor { writer.field("superseded_by", successor) }
        }
    }

    private static func write(_ excerpt: ContextPack.Excerpt, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("session", excerpt.turn.sessionID)
            writer.field("line", excerpt.turn.line)
            writer.field("role", excerpt.turn.role)
            writer.field("said_at", excerpt.turn.saidAt)
            writer.field("text", excerpt.text)
            writer.field("worth", thousandths: excerpt.worth)
        }
    }

    /// The best candidates with the terms of what they are worth.
    static func explanation(_ found: Retrieved, _ embedding: Embedding, limit: Int = 30) -> String {
        var text =
            "coverage \(number(found.coverage)), learnt: \(found.learnt.isEmpty ? "nothing" : found.learnt.joined(separator: " "))\n"
        if let vector = embedding.vector {
            text += "vectors: \(found.comparedVectors) of \(TextStyle.printable(vector.model)) were compared\n"
        }
        if let note = embedding.note { text += TextStyle.printable(note) + "\n" }
        for item in found.items.prefix(limit) {
            let place =
                switch item.source {
                case .memory(let memory, _): "#\(memory.id)"
                case .excerpt(let turn, let piece): "\(turn.sessionID.prefix(8)):\(turn.line)/\(piece)"
                }
            let terms = item.terms.map { "\($0.name) \(number($0.value))" }.joined(separator: ", ")
            let words = clean(item.text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            text += "\(number(item.worth))  \(place)  \(words.prefix(100))\n    \(terms)\n"
        }
        return text
    }

    /// The same as JSON.
    static func writeExplanation(
        _ found: Retrieved, _ embedding: Embedding, to writer: inout JSONWriter, limit: Int = 30,
        more: (inout JSONWriter) -> Void = { _ in }
    ) {
        writer.object { writer in
            more(&writer)
            writer.field("coverage", thousandths: found.coverage)
            writer.array("learnt", found.learnt) { $1.string($0) }
            if let vector = embedding.vector {
                writer.field("vector_model", vector.model)
                writer.field("vectors_compared", found.comparedVectors)
            }
            if let note = embedding.note { writer.field("note", note) }
            writer.array("results", found.items.prefix(limit)) { item, writer in
                writer.object { writer in
                    switch item.source {
                    case .memory(let memory, _): writer.field("id", memory.id)
                    case .excerpt(let turn, let piece):
                        writer.field("session", turn.sessionID)
                        writer.field("line", turn.line)
                        writer.field("piece", piece)
                    }
                    writer.field("worth", thousandths: item.worth)
                    writer.array("terms", item.terms) { term, writer in
                        writer.object { writer in
                            writer.field("name", term.name)
                            writer.field("value", thousandths: term.value)
                        }
                    }
                }
            }
        }
    }

    private static func number(_ thousandths: Int) -> String {
        let rest = String(1000 + thousandths.magnitude % 1000).dropFirst()
        return "\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / 1000).\(rest)"
    }
}
