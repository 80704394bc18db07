import ArgumentParser
import Commands
import Memories
import Pipeline
import Projects
import Storage

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

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Words, or a place.", valueName: "text|file:line|session:line"))
    var subject: String

    @Option(help: "Whose words they are: user or assistant.")
    var role: ReplaySubject.Speaker = .user

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
        let files = PlanFiles(rules: rules, packs: pack, scoring: scoring, context, untrusted: .run)
        var plan = try files.load()
        plan.keepsRefusals = true
        let subject = ReplaySubject(text: subject, role: role)
        let replay = try subject.replay(TranscriptWorker(plan: plan), store)
        var verdicts = ReplayText(plan: plan, store: store, minimum: context.minimumImportance)
        if !files.added.unconfirmed.isEmpty {
            var files = files
            files.untrusted = .switchOff
            // What is named here may build on packs that await trust: without them it is no whole.
            if let plan = try? files.load(isQuiet: true) {
                verdicts.keptWithoutTrust = ReplayText.kept(try subject.replay(TranscriptWorker(plan: plan), store))
            }
        }
        let page = try project.json ? nil : verdicts.page(replay)
        if let page { page.print() } else { StandardStream.output.print(try verdicts.document(replay)) }
        if !verdicts.keepsAny { throw ExitStatus.nothingFound }
    }
}
