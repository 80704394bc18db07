import ArgumentParser
import BuiltInRules
import Commands
import Extraction
import JSON
import Memories
import Pipeline
import Projects
import Redaction
import RulePacks
import SQLite
import Storage
import Transcripts

extension RulesCommand {
    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a first draft of a rule, made from a sentence that it must read.",
            discussion: """
                The rule is added to .ccmem/rules/PACK.yaml of the project; what stands there stays as it is. Its keyword is \
                guessed from the sentence, and two near misses show where it ends. Look at it, then run `ccmem rules test` and \
                `ccmem rules diff`, and commit it for everybody.

                EXAMPLES
                  ccmem rules new constraint.pipeline --category constraint --from 'Deploys always go through the pipeline.'
                  ccmem rules new decision.queue --category decision --from session.jsonl:120
                  ccmem rules new note.mine --category note --user

                EXIT STATUS
                  0  it was written
                  2  the command line or a pack is wrong, or the id is taken
                  3  the file cannot be written, or its pack is not trusted
                """)

        @OptionGroup var options: RuleOptions

        @Argument(help: ArgumentHelp("Id of the new rule, as category.shape.", valueName: "id"))
        var id: String

        @Option(help: "What kind of memory it gives.")
        var category: MemoryCategory

        @Option(help: ArgumentHelp("A sentence, or the place of one.", valueName: "sentence|file:line"))
        var from: String?

        @Option(help: ArgumentHelp("Which sentence of it, from 1.", valueName: "n"))
        var sentence: Int?

        @Option(help: ArgumentHelp("Name of the pack; else team, or own with --user.", valueName: "name"))
        var pack: String?

        @Flag(help: "Write it into your own rules, for all projects.")
        var user = false

        @Flag(help: "Print what would be written, and write nothing.")
        var stdout = false

        func validate() throws {
            guard RuleScaffold.isID(id) else {
                throw ValidationError(
                    "`\(TextStyle.printable(id))` is no id of a rule; use a-z, 0-9, `_`, `.` and `-`, a letter or digit first."
                )
            }
            guard sentence == nil || from != nil else { throw ValidationError("--sentence goes with --from.") }
        }

        func run() throws {
            let loaded = try LoadedRules(options)
            if let known = loaded.set[id] {
                throw CommandError(
                    "Rule `\(id)` exists already, at \(RuleNames.place(known.location)).",
                    help: "Take another id, or change that rule under `overrides:`.", .usage)
            }
            let source = try from.map(source) ?? (text: nil, role: nil)
            let name = pack ?? (user ? "own" : "team")
            let roles: [Role] = source.role == .tool ? [.tool] : [.user, .assistant, .summary]
            var scaffold = RuleScaffold(id: id, category: category, roles: roles, sentence: source.text)
            guard !scaffold.isEmpty else {
                throw CommandError(
                    "Nothing in that sentence could be a keyword.", help: "Leave --from out and fill the rule in.",
                    .usage)
            }
            let target = try RuleTarget(name: name, isUser: user, isPrinted: stdout, project: options.project)
            try check(name, target, loaded)
            let draft = try draft(&scaffold, target, loaded)
            if from != nil, let failure = draft.failures.first(where: { $0.result.kind == .match }) {
                throw CommandError(
                    "The draft would not read its own sentence: \(failure.words).",
                    help: "Take a plainer sentence, or leave --from out and fill the rule in.", .usage)
            }
            if !stdout { try target.write(Array(draft.text.utf8)) }
            if options.project.json {
                StandardStream.output.print(document(draft, scaffold, target))
            } else if stdout {
                StandardStream.output.print(Array(draft.text.utf8))
            } else {
                tell(draft, scaffold, target)
            }
        }

        /// Two packs cannot share a name.
        private func check(_ name: String, _ target: RuleTarget, _ loaded: LoadedRules) throws {
            guard target.contents == nil,
                loaded.set.packs.contains(where: { $0.name == name }) || DomainPackName(rawValue: name) != nil
            else { return }
            throw CommandError(
                "--pack \(name): there is another pack of this name.", help: "Take another name, such as `team`.",
                .usage)
        }

        private func document(_ draft: Draft, _ scaffold: RuleScaffold, _ target: RuleTarget) -> [UInt8] {
            MemoryJSON.document { writer in
                writer.field("rule", id)
                writer.field("file", target.shown)
                writer.field("line", draft.line)
                writer.key("is_written")
                writer.bool(!stdout)
                writer.array("keywords", scaffold.keywords) { $1.string($0) }
                writer.array("failures", draft.failures) { failure, writer in
                    writer.object { writer in
                        writer.field("text", failure.result.text)
                        writer.field("message", failure.words)
                    }
                }
                writer.field("text", draft.text)
            }
        }

        /// A sentence as it may be committed, and whose it is.
        private func source(_ from: String) throws -> (text: String?, role: Role?) {
            let (text, role) = try chosen(from)
            let clean = try PackFiles.redactor().makeWorker().redact(text)
            if clean.report.secretCount > 0 {
                StandardStream.error.write(
                    "warning: a secret was taken out of the sentence; the rule will be read by others.\n")
            }
            let words = clean.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            guard !words.isEmpty else { throw CommandError("There are no words in it.", .usage) }
            return (words, role)
        }

        /// The sentence of a line, or of a text, that is meant, as rules get it: the one that was not kept, when there is one
        /// only.
        private func chosen(_ place: String) throws -> (String, Role?) {
            guard place.contains(where: { !$0.isWhitespace }) else {
                throw CommandError("There are no words in it.", .usage)
            }

            let store = try (try? ProjectContext.find(options.project))?.openIfThere(.read)
            let isPlace = try ReplaySubject(text: place, role: .user).isPlace(store)
            let subject = isPlace ? "line" : "text"
            var plan = try options.files.load(isQuiet: true)
            plan.keepsRefusals = true
            let replay = try ReplaySubject(text: place, role: .user).replay(TranscriptWorker(plan: plan), store)
            let found = replay.messages.flatMap { message in message.segments.map { (segment: $0, role: message.role) }
            }
            guard !found.isEmpty else {
                guard isPlace else {
                    throw CommandError(
                        "No rule would ever see that text: it is left out as \(ExampleForm.leftOut(replay)).",
                        help: "Rules read sentences and list items of prose; give one of these.", .usage)
                }
                throw CommandError(
                    "\(TextStyle.printable(place)): there is no sentence of prose in that line.",
                    help: "`ccmem why-not \(TextStyle.printable(place))` shows what stands there.", .usage)
            }
            if let sentence {
                guard found.indices.contains(sentence - 1) else {
                    throw CommandError(
                        "The \(subject) has \(found.count) \(ReaderWords.plural("sentence", found.count)); "
                            + "there is no number \(sentence).", .usage)
                }
                return chosen(found[sentence - 1], isPlace)
            }
            let missed = found.filter { item in
                !item.segment.fates.contains { if case .kept = $0 { true } else { false } }
            }
            if let only = (found.count == 1 ? found : missed).first, found.count == 1 || missed.count == 1 {
                return chosen(only, isPlace)
            }
            let list = found.enumerated().map { "  \($0 + 1)  \(TextStyle.printable($1.segment.text))" }
            throw CommandError(
                "The \(subject) has \(found.count) sentences:\n\(list.joined(separator: "\n"))",
                help: "Add `--sentence` with the number of the one that is meant.", .usage)
        }

        /// A text that was typed is nobody's yet.
        private func chosen(
            _ item: (segment: ReplayedSegment, role: Role), _ isPlace: Bool
        ) -> (String, Role?) {
            (item.segment.said, isPlace ? item.role : nil)
        }

        private struct Draft {
            var text: String
            var line: Int
            var failures: [RuleTestRun.Example]
        }

        /// The whole file, after its examples were run.
        private func draft(_ scaffold: inout RuleScaffold, _ target: RuleTarget, _ loaded: LoadedRules) throws -> Draft
        {
            var draft = try read(scaffold, target, loaded)
            // A near miss that the rule would read is no reject.
            let noisy = draft.failures.filter { $0.result.kind == .reject }.map(\.result.text)
            if !noisy.isEmpty {
                scaffold.rejects.removeAll { noisy.contains($0.text) }
                draft = try read(scaffold, target, loaded)
            }
            return draft
        }

        private func read(_ scaffold: RuleScaffold, _ target: RuleTarget, _ loaded: LoadedRules) throws -> Draft {
            var text = scaffold.pack(named: target.name, summary: user ? "Rules of my own." : "Rules of this project.")
            var line =
                text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.hasPrefix("  - id:") }
                .map { $0 + 1 } ?? 1
            if let bytes = target.contents {
                do throws(PackAddition.Refusal) {
                    let addition = try PackAddition(to: bytes, file: target.path) { scaffold.entry(indentation: $0) }
                    (text, line) = (addition.text, addition.line)
                } catch {
                    throw target.refusal(error)
                }
            }
            let file = RuleFile(layer: user ? .user : .project, file: target.path, bytes: Array(text.utf8))
            var files = loaded.files.filter { $0.file != target.path }
            let place = files.firstIndex { $0.layer > file.layer } ?? files.count
            files.insert(file, at: place)
            do throws(RulePackErrors) {
                let set = try RuleSet(files: files, untrusted: .run, builtIn: .builtIn)
                var run = RuleTestRun()
                if let index = set.index(of: id) { run.addExamples(of: [index], in: set) }
                return Draft(text: text, line: line, failures: run.examples.filter { !$0.isPassed })
            } catch {
                throw PackFiles.report(error, in: files.map { ($0.file, $0.bytes) })
            }
        }

        private func tell(_ draft: Draft, _ scaffold: RuleScaffold, _ target: RuleTarget) {
            var page = MemoryPage.forOutput()
            page.line("Wrote rule \(id) to \(TextStyle.printable(target.shown)):\(draft.line).")
            page.line("  keyword  " + scaffold.keywords.map { "“\($0)”" }.joined(separator: ", "))
            if draft.failures.isEmpty {
                let rejects = scaffold.rejects.count
                page.line("  examples 1 match and \(rejects) reject pass")
            }
            for failure in draft.failures {
                page.paragraph("Fill in: “\(failure.result.text)”: \(failure.words).", indent: 2, hanging: 2)
            }
            if from == nil { page.line("Fill in keywords, pattern and examples: they are stand-ins.") }
            if scaffold.rejects.count < 2 {
                page.line("Add near misses under `reject:`: sentences with the keyword that are no memory.")
            }
            page.line("Look at it, then: ccmem rules test \(id) && ccmem rules diff")
            page.print()
        }
    }
}
