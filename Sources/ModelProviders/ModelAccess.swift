public import Credentials
public import HTTP
public import LanguageModels
public import Memories
public import Projects
import Synchronization

/// What a command has to do with a language model.
public enum ModelOpening: Sendable {
    /// It may ask.
    case open(OpenedModel)
    /// It must go on without one; a sentence why, for whoever looks.
    case without(String)
    /// It must fail, since the mode is `require`; a sentence why.
    case missing(String)
}

/// A model that may be asked, and who that is.
public struct OpenedModel: Sendable {
    public let model: any LanguageModel
    /// The model's name, for requests.
    public let name: String
    public let destination: ModelDestination
    /// How it is asked, in words: `Anthropic, with the API key of …`.
    public let words: String
}

/// Opens the model that settings, consent and credentials allow: the one way for a command to get one.
public struct ModelAccess: Sendable {
    private let environment: Environment
    private let settings: Settings
    private let client: HTTPClient
    private let clock: Clock

    /// - Parameter environment: With the variables of `CredentialSearch.all`.
    public init(_ environment: Environment, _ settings: Settings, client: HTTPClient, clock: Clock = .system) {
        self.environment = environment
        self.settings = settings
        self.client = client
        self.clock = clock
    }

    /// - Parameters:
    ///   - commandLine: The mode as it was given there.
    ///   - isOwnCall: Whether this runs within a call of our own.
    ///   - patience: For the whole run, and all that it asks.
    public func open(commandLine: ModelMode? = nil, isOwnCall: Bool, _ patience: Patience) -> ModelOpening {
        let state = ModelSwitch(environment, settings, commandLine: commandLine, isOwnCall: isOwnCall)
        switch state {
        case .off(let reason):
            if case .unknownMode = reason { return .missing(state.words) }
            let isRequired = ModelSwitch.mode(environment, settings, commandLine).mode == .require
            // Nobody is to be disturbed where a model is never asked.
            let isAtRest = reason == .ownCall || reason == .continuousIntegration
            return isRequired && !isAtRest ? .missing(state.words) : .without(state.words)
        case .on(let mode, let consent):
            do throws(ModelFailure) {
                return .open(try model(consent.destination, patience))
            } catch {
                let words = "No language model: \(error.words)."
                return mode == .require ? .missing(words) : .without(words)
            }
        }
    }

    /// The model behind a destination, with the best credential that is not known to be refused.
    ///
    /// - Parameter only: The one credential that is tried, whether or not it was refused lately; nil for all, in their order.
    /// - Throws: When there is none, or the vendor can't be reached.
    public func model(
        _ destination: ModelDestination, _ patience: Patience, only: Credential? = nil
    ) throws(ModelFailure) -> OpenedModel {
        guard let address = HTTPURL(destination.address) else {
            throw .unreachable("`\(destination.address)` is no address that can be used")
        }
        let exchange = ModelExchange(client: client, patience: patience)
        let name = settings.text(.llmModel) ?? ""
        let found =
            only.map { [CredentialFinding(source: $0.source, state: .usable($0))] }
            ?? CredentialSearch(environment, settings, now: clock.milliseconds()).findings(.use)
        let usable = found.compactMap(\.credential)
        func opened(_ model: any LanguageModel, _ words: String) -> OpenedModel {
            OpenedModel(model: model, name: name, destination: destination, words: words)
        }
        switch destination.provider {
        case .ollama: return opened(try OllamaModel(exchange, address: address), "Ollama at \(destination.address)")
        case .openai:
            return opened(
                try OpenAIModel(exchange, address: address, usable.first), "the server at \(destination.address)")
        case .anthropic: break
        }
        var ways: [CredentialWay] = []
        var refusals = found.compactMap { finding -> String? in
            guard case .unusable(_, let why) = finding.state else { return nil }
            return "\(finding.source.words): \(why)"
        }
        let probes = ProbeCache(environment)
        for credential in usable {
            if only == nil, let refusal = try refusal(of: credential, address, destination.address, exchange, probes) {
                refusals.append("\(credential.source.words): \(refusal)")
                continue
            }
            do throws(ModelFailure) {
                ways.append(
                    CredentialWay(credential: credential, model: try way(credential, address, exchange, patience)))
            } catch {
                refusals.append("\(credential.source.words): \(error.words)")
            }
        }
        guard let first = ways.first else {
            throw .refused(
                refusals.isEmpty
                    ? "there is none; `ccmem auth status` says where it is looked for"
                    : refusals.joined(separator: "; "))
        }
        let fallingThrough = FallingThrough(ways) { [clock] credential in
            probes?.note(
                .init(outcome: .refused, at: clock.milliseconds()), of: credential, at: destination.address)
        }
        return opened(
            fallingThrough, "Anthropic, with the \(first.credential.kind.words) of \(first.credential.source.words)")
    }

    /// Asks the vendor whether a credential is good, and keeps the answer.
    ///
    /// - Returns: Nil when the vendor does not say.
    public func probe(
        _ credential: Credential, at destination: ModelDestination, _ patience: Patience
    ) throws(ModelFailure) -> ProbeCache.Outcome? {
        guard let address = HTTPURL(destination.address) else {
            throw .unreachable("`\(destination.address)` is no address that can be used")
        }
        let exchange = ModelExchange(client: client, patience: patience)
        let outcome = try CredentialProbe(exchange: exchange).outcome(credential, at: address)
        if let outcome {
            ProbeCache(environment)?.note(
                .init(outcome: outcome, at: clock.milliseconds()), of: credential, at: destination.address)
        }
        return outcome
    }

    /// Why a credential is not tried; nil when it may be good.
    private func refusal(
        of credential: Credential, _ address: HTTPURL, _ name: String, _ exchange: ModelExchange, _ probes: ProbeCache?
    ) throws(ModelFailure) -> String? {
        if let known = probes?.current(of: credential, at: name, now: clock.milliseconds()) {
            return known == .refused ? "it was refused within the last hour; `ccmem auth test` asks again" : nil
        }
        // Only a key can be asked for at no cost; tokens show what they are worth when they are used.
        guard credential.kind == .apiKey else { return nil }
        guard let outcome = try CredentialProbe(exchange: exchange).outcome(credential, at: address) else { return nil }
        probes?.note(.init(outcome: outcome, at: clock.milliseconds()), of: credential, at: name)
        return outcome == .refused ? "the vendor refuses it" : nil
    }

    private func way(
        _ credential: Credential, _ address: HTTPURL, _ exchange: ModelExchange, _ patience: Patience
    ) throws(ModelFailure) -> any LanguageModel {
        guard credential.kind == .subscription, settings.text(.llmSubscription) != "direct" else {
            return try AnthropicModel(exchange, address: address, credential)
        }
        guard let claude = ClaudeCommandModel.path(environment, settings) else {
            throw .unreachable("there is no `claude` command, by which a subscription is used (`llm.claude` names it)")
        }
        return try ClaudeCommandModel(claude, environment, credential, patience)
    }
}

/// A credential and the model that is asked with it.
struct CredentialWay: Sendable {
    var credential: Credential
    var model: any LanguageModel
}

/// Asks with the best credential; one that is refused makes room for the next.
final class FallingThrough: LanguageModel {
    private let ways: [CredentialWay]
    private let first = Mutex(0)
    private let note: @Sendable (Credential) -> Void

    /// - Parameter note: Gets each credential that was refused.
    init(_ ways: [CredentialWay], note: @escaping @Sendable (Credential) -> Void) {
        self.ways = ways
        self.note = note
    }

    func answer(_ request: ModelRequest) throws(ModelFailure) -> ModelAnswer {
        var last = ModelFailure.refused("there is no credential left")
        for index in first.withLock({ $0 })..<ways.count {
            do throws(ModelFailure) {
                return try ways[index].model.answer(request)
            } catch {
                guard case .refused = error else { throw error }
                last = error
                note(ways[index].credential)
                first.withLock { $0 = max($0, index + 1) }
            }
        }
        throw last
    }
}
