import Commands
import Credentials
import HTTP
import JSON
import LanguageModels
import Memories
import ModelProviders
import Projects

/// One question to the vendor, by which the best credential shows what it is worth.
struct AuthProbe {
    struct Result {
        /// Nil when the vendor does not say.
        var outcome: ProbeCache.Outcome?
        /// A sentence.
        var words: String
        var source: String?

        var json: [UInt8] {
            MemoryJSON.document { writer in
                writer.field("outcome", outcome?.rawValue)
                writer.field("source", source)
                writer.field("words", words)
            }
        }
    }

    /// For the whole, in milliseconds.
    static let deadline = 90_000

    private let environment: Environment
    private let settings: Settings
    private let clock: Clock

    init(_ environment: Environment, clock: Clock) {
        self.environment = environment
        self.clock = clock
        settings = Settings(environment)
    }

    func run() throws -> Result {
        let destination = ModelDestination(environment, settings)
        // A key does not go to an address that nobody agreed to.
        let state = ModelSwitch(environment, settings, isOwnCall: OwnCall.isThis)
        if case .off(.otherDestination) = state { throw CommandError(state.words, .unreadableInput) }
        let access = ModelAccess(environment, settings, client: HTTPClient(userAgent: Agent.name), clock: clock)
        let patience = Patience(milliseconds: AuthProbe.deadline)
        let usable = CredentialSearch(environment, settings, now: clock.milliseconds()).findings(.use)
            .compactMap(\.credential)
        do throws(ModelFailure) {
            guard destination.provider == .anthropic else { return try ask(access, destination, nil, patience) }
            guard let best = usable.first else {
                throw .refused("there is none; `ccmem auth status` says where it is looked for")
            }
            if best.kind == .subscription, settings.text(.llmSubscription) != "direct" {
                return try ask(access, destination, best, patience)
            }
            let outcome = try access.probe(best, at: destination, patience)
            let name = "The \(best.kind.words) of \(best.source.words)"
            return Result(
                outcome: outcome,
                words: outcome == .valid
                    ? "\(name) is good: \(destination.address) takes it."
                    : outcome == .refused
                        ? "\(name) is refused by \(destination.address)."
                        : "\(destination.address) does not say whether \(name) is good.", source: best.source.name)
        } catch {
            if case .refused(let why) = error {
                return Result(outcome: .refused, words: "No credential is good: \(why).", source: nil)
            }
            return Result(outcome: nil, words: "\(destination.address): \(error.words).", source: nil)
        }
    }

    /// One short question, where only an answer shows it.
    private func ask(
        _ access: ModelAccess, _ destination: ModelDestination, _ credential: Credential?, _ patience: Patience
    ) throws(ModelFailure) -> Result {
        let form = AnswerForm(
            name: "answer", description: "Whether the question was understood.",
            schema: #"{"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"]}"#)
        let model = try access.model(destination, patience, only: credential)
        _ = try model.model.answer(
            ModelRequest(
                model: model.name, instructions: "Fill in the form with ok = true.", text: "Is this understood?",
                form: form,
                maxOutputTokens: 200))
        if let credential {
            ProbeCache(environment)?.note(
                .init(outcome: .valid, at: clock.milliseconds()), of: credential, at: destination.address)
        }
        return Result(outcome: .valid, words: "\(model.words) answers.", source: credential?.source.name)
    }
}

/// How ccmem names itself to servers.
enum Agent {
    static let name = "ccmem/\(Version.text)"
}
