import Neutralization
import Recall
import SQLite
import Storage

extension Tool {
    static let recall = Tool(
        name: "recall_context",
        summary:
            "Answer a question from memories and past conversations, cited as #id or session and :line, within `tokens`.",
        parameters: [.text("question").required, .integer("tokens", 100...8_000)]
    ) { arguments, host in
        var options = RecallOptions()
        options.directory = host.directory
        options.halfLife = host.halfLife
        let text = arguments.text("question") ?? ""
        let question = Question(text)
        options.vector = host.vector(of: text)
        let found = try host.reading { store throws(SQLiteError) in
            try Retrieval.answers(to: question, in: store, options)
        }
        let tokens = arguments.integer("tokens") ?? 1_000
        let pack = ContextPack(found, budget: tokens, clean: Neutralizer.neutralized)
        guard !pack.isEmpty || !found.isEvidence else {
            return "What answers it is longer than \(tokens) tokens: ask again with more."
        }
        guard !pack.isEmpty else { return "Nothing that was said has to do with that question." }
        return pack.text(clean: Neutralizer.neutralized)
    }
}
