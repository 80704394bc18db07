import ArgumentParser
import Commands
import Extraction
import Importance
import JSON
import Memories
import Pipeline
import Redaction
import RulePacks
import SQLite
import Storage
import Transcripts

extension RulesCommand {
    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show stage by stage what a rule makes of a sentence.",
            discussion: """
                Keywords, pattern (how far it gets), fields, exceptions, statement and key; then whether the rule speaks for the \
                sentence, and the score. Without words, its own examples are explained.

                EXAMPLES
                  ccmem rules explain decision.chosen-over 'We went with Postgres over DynamoDB.'
                  ccmem rules explain decision.chosen-over --line session.jsonl:120
                  ccmem rules explain decision.chosen-over --memory 12
                  ccmem rules explain decision.chosen-over

                EXIT STATUS
                  0  the rule reads something in it
                  1  it reads nothing
                  2  the command line or a rule pack is wrong, or there is no such rule
                  3  the transcript or the store can't be read
                """)

        @OptionGroup var options: RuleOptions

        @Argument(help: ArgumentHelp("Id of the rule.", valueName: "id"))
        var id: String

        @Argument(help: ArgumentHelp("A message that somebody might have written.", valueName: "text"))
        var text: String?

        @Option(help: ArgumentHelp("Number of a memory, whose words are explained.", valueName: "id"))
        var memory: MemoryID?

        @Option(help: ArgumentHelp("A line of a transcript, or of a session in the archive.", valueName: "file:line"))
        var line: String?

        @Option(help: "Whose words TEXT is: user or assistant; else a role that the rule reads.")
        var role: ReplaySubject.Speaker?

        func validate() throws {
            let given = [text != nil, memory != nil, line != nil].filter { $0 }.count
            guard given < 2 else { throw ValidationError("Give one of TEXT, --memory and --line.") }
        }

        func run() throws {
            let loaded = try LoadedRules(options)
            let rule = loaded.set.rules[try loaded.index(of: id)]
            var plan = try options.files.load(isQuiet: true)
            plan.keepsRefusals = true
            var pages: [RuleExplanation] = []
            if text == nil, memory == nil, line == nil {
                let examples =
                    rule.matchExamples.map { (text: $0.text, under: $0.under) }
                    + rule.rejectExamples.map { (text: $0.text, under: $0.under) }
                for example in examples {
                    pages.append(explanation(ofText: example.text, under: example.under, rule, plan, loaded))
                }
            } else {
                pages = [try explanation(rule, plan, loaded)]
            }
            if options.project.json {
                StandardStream.output.print(
                    MemoryJSON.document { writer in
                        writer.field("rule", rule.id)
                        writer.field("threshold", thousandths: plan.scorer.table.threshold)
                        writer.array("sentences", pages.flatMap(\.sentences)) { $0.write(to: &$1) }
                    })
            } else {
                var page = MemoryPage.forOutput()
                for (index, found) in pages.enumerated() {
                    if index > 0 { page.line() }
                    found.add(to: &page)
                }
                if pages.isEmpty { page.line("The rule has no examples; give it a TEXT.") }
                page.print()
            }
            if !pages.contains(where: \.readsAny) { throw ExitStatus.nothingFound }
        }

        private func explanation(_ rule: Rule, _ plan: ExtractionPlan, _ loaded: LoadedRules) throws -> RuleExplanation
        {
            if let text { return explanation(ofText: text, rule, plan, loaded) }
            let store = try (try? ProjectContext.find(options.project))?.openIfThere(.read)
            if let line {
                try ReplaySubject.checkLine(line)
                guard ReplaySubject.place(line) != nil else {
                    throw CommandError("`\(TextStyle.printable(line))` is no place; write FILE:LINE.", .usage)
                }
                let replay = try ReplaySubject(text: line, role: .user).replay(TranscriptWorker(plan: plan), store)
                return RuleExplanation(rule: rule, replay: replay, plan: plan, loaded: loaded)
            }
            guard let memory, let store else {
                throw CommandError(
                    "There is no store here.", help: "Run it in the project of the memory.", .nothingFound)
            }
            return try explanation(of: memory, rule, plan, store, loaded)
        }

        /// A message of its own, in words that the rule reads.
        ///
        /// - Parameter heading: What the text stands under.
        private func explanation(
            ofText text: String, under heading: String? = nil, _ rule: Rule, _ plan: ExtractionPlan,
            _ loaded: LoadedRules
        ) -> RuleExplanation {
            let worker = TranscriptWorker(plan: plan)
            let said = heading.map { "## \($0)\n\n\(text)" } ?? text
            let replay =
                switch role.map({ Role($0) })
                    ?? ([.user, .assistant, .summary].first(where: rule.roles.contains) ?? .tool)
                {
                case .user:
                    worker.replay(.init(bytes: ReplaySubject.transcript(of: said, role: .user)), path: "", line: 1)
                case .assistant:
                    worker.replay(.init(bytes: ReplaySubject.transcript(of: said, role: .assistant)), path: "", line: 1)
                case .summary: worker.replay(.init(bytes: ReplaySubject.summary(said)), path: "", line: 1)
                case .tool:
                    worker.replay(
                        .init(bytes: ReplaySubject.output(text, of: rule.tools.min() ?? "Bash")), path: "", line: 2,
                        keepsAll: true)
                }
            var found = RuleExplanation(rule: rule, replay: replay, plan: plan, loaded: loaded)
            found.subject = plan.redactor?.makeWorker().redact(text).text ?? text
            return found
        }

        /// Where a stored memory was said, or else its own words.
        private func explanation(
            of memory: MemoryID, _ rule: Rule, _ plan: ExtractionPlan, _ store: MemoryStore, _ loaded: LoadedRules
        ) throws -> RuleExplanation {
            let found = try StoreWords.inWords { () throws(StoreError) in
                try store.reading { () throws(SQLiteError) in
                    (memory: try store.memory(memory.number), sightings: try store.sightings(of: memory.number))
                }
            }
            guard let stored = found.memory else { throw memory.unknown }
            for sighting in found.sightings {
                guard let number = sighting.line else { continue }
                let places = [sighting.path, sighting.sessionID].compactMap { $0 }
                for place in places {
                    let subject = ReplaySubject(text: "\(place):\(number)", role: .user)
                    guard let replay = try? subject.replay(TranscriptWorker(plan: plan), store),
                        !replay.messages.isEmpty
                    else { continue }
                    return RuleExplanation(
                        rule: rule, replay: replay, plan: plan, loaded: loaded, holding: sighting.quote)
                }
            }
            return explanation(ofText: stored.content, rule, plan, loaded)
        }
    }
}

extension Role {
    fileprivate init(_ speaker: ReplaySubject.Speaker) {
        switch speaker {
        case .user: self = .user
        case .assistant: self = .assistant
        }
    }
}
