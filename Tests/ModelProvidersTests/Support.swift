import Credentials
import Foundation
import HTTP
import LanguageModels
import Synchronization
import TestSupport
import Testing

@testable import ModelProviders

/// A secret that no output may hold.
let secretText = "sk-ant-api03-THESECRETOFTHETEST"

enum Sample {
    static let form = AnswerForm(
        name: "keep", description: "What to keep.",
        schema:
            #"{"type":"object","properties":{"kept":{"type":"array"},"note":{"type":"string"}},"required":["kept"]}"#)

    static let request = ModelRequest(
        model: "claude-haiku-4-5-20251001", instructions: "Keep what matters.", text: "The port is 8080.", form: form,
        maxOutputTokens: 500)

    static func credential(_ kind: CredentialKind = .apiKey) throws -> Credential {
        Credential(source: .variable("ANTHROPIC_API_KEY"), kind: kind, secret: try #require(Secret(secretText)))
    }

    /// An answer of Anthropic's.
    static func message(
        _ input: String, tool: String = "keep", stop: String = "tool_use", text: String? = nil
    ) -> String {
        let words = text.map { #"{"type":"text","text":"\#($0)"},"# } ?? ""
        return
            #"{"id":"m","type":"message","content":[\#(words){"type":"tool_use","id":"t","name":"\#(tool)","input":\#(input)}],"#
            + #""stop_reason":"\#(stop)","usage":{"input_tokens":10,"output_tokens":4,"cache_read_input_tokens":3,"cache_creation_input_tokens":2}}"#
    }
}

/// A clock that nobody waits for.
final class FakeTime: Sendable {
    private let state = Mutex<(now: Int, waits: [Int])>((0, []))
    var waits: [Int] { state.withLock { $0.waits } }

    func patience(_ milliseconds: Int) -> Patience {
        Patience(
            milliseconds: milliseconds, now: { [self] in state.withLock { $0.now } },
            sleep: { [self] wait in
                state.withLock { state in
                    state.now += wait
                    state.waits.append(wait)
                }
            })
    }
}

/// What went wrong, which must be there and must hold no secret and nothing that was sent.
func failure(_ body: () throws -> ModelAnswer) throws -> ModelFailure {
    do {
        let answer = try body()
        Issue.record("there was an answer: \(answer)")
        throw CancellationError()
    } catch let failure as ModelFailure {
        let words = "\(failure) \(failure.words)"
        #expect(!words.contains("THESECRET"), "\(words)")
        #expect(!words.contains("8080"), "\(words)")
        return failure
    }
}

/// Credentials that were noted as refused.
final class NotedCredentials: Sendable {
    private let state = Mutex<[Credential]>([])
    var all: [Credential] { state.withLock { $0 } }
    func add(_ credential: Credential) { state.withLock { $0.append(credential) } }
}
