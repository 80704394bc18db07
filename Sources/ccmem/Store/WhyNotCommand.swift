import ArgumentParser
import JSON
import Memories
import Pipeline
import Projects
import SQLite
import Storage
import Transcripts

struct WhyNotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why-not",
        abstract: "Explain why something was not kept.",
        discussion: """
            Reads the words again and shows for each sentence where it stopped: as code or a paste, at a rule, at the score, \
            because the same is said elsewhere, or at the store. FILE:LINE is a line of a transcript, SESSION:LINE one of the \
            archive; anything else is taken as a message that somebody might have written. Nothing is stored.

            EXAMPLES
              ccmem why-not 'We decided to use PostgreSQL.'
              ccmem why-not 'The build is green now.' --role assistant
              ccmem why-not session.jsonl:120
              ccmem why-not 1f0c2a:120 --json

            EXIT STATUS
              0  something of it is kept
              1  nothing of it is kept
              2  the command line, a rule pack or a scoring table is wrong
              3  the transcript or the store can't be read
            """)

    enum Speaker: String, ExpressibleByArgument, CaseIterable { case user, assistant }

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Words, or a place.", valueName: "text|file:line|session:line"))
    var subject: String

    @Option(help: "Whose words they are: user or assistant.")
    var role: Speaker = .user

    @Option(help: ArgumentHelp("A rule pack to add to those that are there; repeatable.", valueName: "file"))
    var rules: [String] = []

    @Option(help: DomainPackName.optionHelp, transform: DomainPackName.named)
    var pack: [DomainPackName] = []

    @Option(help: ArgumentHelp("A scoring table to use instead of the built-in one.", valueName: "file"))
    var scoring: String?

    func run() throws {
        guard subject.contains(where: { !$0.isWhitespace }) else {
            throw CommandError("There are no words in it.", .usage)
        }
        let context = try ProjectContext.find(project)
        let store = try context.openIfThere(.read)
        var plan = try PlanFiles(rules: rules, packs: pack, scoring: scoring, context, untrusted: .run).load()
        plan.keepsRefusals = true
        let replay = try replay(TranscriptWorker(plan: plan), store)
        var verdicts = ReplayText(plan: plan, store: store, minimum: context.minimumImportance)
        let page = try project.json ? nil : verdicts.page(replay)
        if let page { page.print() } else { StandardStream.output.print(try verdicts.document(replay)) }
        if !verdicts.keepsAny { throw ExitStatus.nothingFound }
    }

    private func replay(_ worker: TranscriptWorker, _ store: MemoryStore?) throws -> Replay {
        if let (place, line) = WhyNotCommand.place(subject) {
            if Files.kind(of: place) != nil { return try replay(worker, file: place, line: line) }
            if let store, let turns = try archived(place, store) {
                return try replay(worker, turns, of: place, line: line)
            }
        }
        let message = WhyNotCommand.transcript(of: subject, role: role)
        return worker.replay(TranscriptSource(bytes: message), path: "", line: 1)
    }

    private func replay(_ worker: TranscriptWorker, file: String, line: Int) throws -> Replay {
        let replay: Replay
        do throws(TranscriptSourceError) {
            replay = worker.replay(try TranscriptSource(path: file), path: Files.realPath(file) ?? file, line: line)
        } catch {
            throw CommandError(ReaderWords.describe(error) + ".", .unreadableInput)
        }
        guard line <= replay.lineCount else {
            throw CommandError("`\(file)` has \(replay.lineCount) lines; there is no line \(line).", .usage)
        }
        return replay
    }

    private func archived(_ session: String, _ store: MemoryStore) throws -> [StoredTurn]? {
        try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in
                guard case .one(let found) = try store.session(session) else { return nil }
                return try store.turns(ofSession: found.uid)
            }
        }
    }

    private func replay(_ worker: TranscriptWorker, _ turns: [StoredTurn], of session: String, line: Int) throws
        -> Replay
    {
        let replay = worker.replay(turns, session: turns.first?.sessionID ?? session, line: line)
        guard !replay.messages.isEmpty else {
            throw CommandError(
                "The archive has no turn at line \(line) of session `\(session)`.",
                help: "`ccmem session \(session) --json` shows the lines that it has.", .usage)
        }
        return replay
    }

    /// `name:12`, without white space in the name's last part.
    private static func place(_ subject: String) -> (String, Int)? {
        guard let colon = subject.lastIndex(of: ":"), colon > subject.startIndex,
            let line = Int(subject[subject.index(after: colon)...]), line > 0
        else { return nil }
        return (String(subject[..<colon]), line)
    }

    /// A transcript of one message, said now.
    private static func transcript(of text: String, role: Speaker) -> [UInt8] {
        MemoryJSON.document { writer in
            writer.field("type", role.rawValue)
            writer.field("uuid", "1")
            writer.field("sessionId", "")
            writer.field("timestamp", Clock.system.timestamp)
            writer.object("message") { writer in
                writer.field("role", role.rawValue)
                switch role {
                case .user: writer.field("content", text)
                case .assistant:
                    writer.array("content", [text]) { text, writer in
                        writer.object { writer in
                            writer.field("type", "text")
                            writer.field("text", text)
                        }
                    }
                }
            }
        }
    }
}
