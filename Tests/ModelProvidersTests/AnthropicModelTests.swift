import Credentials
import Foundation
import HTTP
import LanguageModels
import TestSupport
import Testing

@testable import ModelProviders

@Suite struct AnthropicModelTests {
    func ask(
        _ server: LoopbackServer, _ kind: CredentialKind = .apiKey, time: FakeTime = FakeTime(), limit: Int = 100_000
    ) throws -> ModelAnswer {
        defer { server.stop() }
        let exchange = ModelExchange(client: HTTPClient(userAgent: "ccmem-test"), patience: time.patience(limit))
        let model = try AnthropicModel(
            exchange, address: try #require(HTTPURL(server.address)), try Sample.credential(kind))
        return try model.answer(Sample.request)
    }

    @Test func theFormComesBackWithItsTokens() throws {
        let server = try LoopbackServer([
            .respond(200, [], Sample.message(#"{"kept": [1, "é"], "more": null}"#, text: "Hm."))
        ])
        let answer = try ask(server)
        #expect(answer.form == #"{"kept": [1, "é"], "more": null}"#)
        #expect(answer.usage == ModelUsage(input: 10, output: 4, cacheRead: 3, cacheWritten: 2))
        let sent = try #require(
            try JSONSerialization.jsonObject(with: Data(server.requests[0].body.utf8)) as? [String: Any])
        #expect((sent["tool_choice"] as? [String: String]) == ["type": "tool", "name": "keep"])
        let system = try #require((sent["system"] as? [[String: Any]])?.first)
        #expect(system["text"] as? String == "Keep what matters.")
        #expect(system["cache_control"] as? [String: String] == ["type": "ephemeral"])
        #expect(
            ((sent["tools"] as? [[String: Any]])?.first?["input_schema"] as? [String: Any])?["type"] as? String
                == "object")
        #expect(sent["max_tokens"] as? Int == 500 && sent["temperature"] == nil)
    }

    @Test func eachKindOfCredentialHasItsHeaders() throws {
        func head(_ kind: CredentialKind) throws -> LoopbackServer.Request {
            let server = try LoopbackServer([.respond(200, [], Sample.message(#"{"kept":[]}"#))])
            _ = try ask(server, kind)
            return server.requests[0]
        }
        let key = try head(.apiKey)
        #expect(key.header("x-api-key") == secretText && key.header("authorization") == nil)
        #expect(key.header("anthropic-version") == "2023-06-01")
        let bearer = try head(.bearer)
        #expect(bearer.header("authorization") == "Bearer " + secretText)
        #expect(bearer.header("anthropic-beta") == nil && bearer.header("x-api-key") == nil)
        #expect(try head(.subscription).header("anthropic-beta") == "oauth-2025-04-20")
    }

    @Test("What is refused or rejected is asked once", arguments: [400, 401, 403, 404, 413])
    func once(_ status: Int) throws {
        let body = #"{"type":"error","error":{"type":"x","message":"no \#(secretText)\nfor you"}}"#
        let server = try LoopbackServer([.respond(status, [], body)])
        let failure = try failure { try ask(server) }
        #expect(server.requests.count == 1)
        let words = "no [credential] for you"
        #expect(failure == (status == 401 || status == 403 ? .refused(words) : .rejected(status: status, words)))
    }

    @Test("What is busy is asked three times and no more", arguments: [408, 429, 500, 502, 529])
    func busy(_ status: Int) throws {
        let time = FakeTime()
        let server = try LoopbackServer([.respond(status, [], "{}")])
        #expect(try failure { try ask(server, time: time) } == .busy(status: status))
        #expect(server.requests.count == 3 && time.waits == [1_000, 4_000])
    }

    @Test func busyAndThenNot() throws {
        let time = FakeTime()
        let server = try LoopbackServer([
            .respond(529, [], "{}"), .respond(429, ["retry-after: 7"]),
            .respond(200, [], Sample.message(#"{"kept":[]}"#)),
        ])
        #expect(try ask(server, time: time).form == #"{"kept":[]}"#)
        #expect(time.waits == [1_000, 7_000])
    }

    @Test(
        "Nobody waits longer than it is worth, or than there is time",
        arguments: [("3600", 100_000), ("20", 15_000), ("99999999999", 100_000)])
    func tooLong(_ wait: String, _ limit: Int) throws {
        let time = FakeTime()
        let server = try LoopbackServer([.respond(429, ["retry-after: \(wait)"])])
        #expect(try failure { try ask(server, time: time, limit: limit) } == .busy(status: 429))
        #expect(server.requests.count == 1 && time.waits.isEmpty)
    }

    @Test func aServerThatSaysSoIsNotAskedAgain() throws {
        let server = try LoopbackServer([.respond(500, ["x-should-retry: false"])])
        #expect(try failure { try ask(server) } == .busy(status: 500))
        #expect(server.requests.count == 1)
    }

    @Test func theDeadlineIsThatOfTheWholeRun() throws {
        let server = try LoopbackServer([.hang])
        defer { server.stop() }
        let exchange = ModelExchange(client: HTTPClient(userAgent: "t"), patience: Patience(milliseconds: 400))
        let model = try AnthropicModel(
            exchange, address: try #require(HTTPURL(server.address)), try Sample.credential())
        let start = Date()
        #expect(try failure { try model.answer(Sample.request) } == .outOfTime)
        #expect(try failure { try model.answer(Sample.request) } == .outOfTime)
        #expect(Date().timeIntervalSince(start) < 30)
        #expect(server.requests.count == 1)
    }

    @Test(
        "An answer that is none is unusable, and the tokens that it took are told",
        arguments: [
            ("", 0), ("{", 0), ("[]", 0), ("null", 0), (#"{"id":"m","content":[{"type":"te"#, 0),
            ("<html>busy</html>", 0),
            ("{}", 0), (#"{"content":[],"usage":{"input_tokens":-7,"output_tokens":1e3}}"#, 0),
            (#"{"content":"text","usage":{"input_tokens":5}}"#, 5),
            (Sample.message(#"{"kept":[]}"#, tool: "other"), 19),
            (Sample.message(#"{"kept":[]}"#, stop: "max_tokens"), 19),
            (Sample.message(#"{"kept":[]}"#, stop: "refusal"), 19), (Sample.message(#"{"keep":[]}"#), 19),
            (Sample.message(#"{"kept":"all"}"#), 19), (Sample.message(#"{"kept":[],"note":5}"#), 19),
            (Sample.message("[1]"), 19), (Sample.message("null"), 19), (Sample.message(#""{}""#), 19),
            (String(repeating: "[", count: 100_000), 0),
        ])
    func unusable(_ body: String, _ tokens: Int) throws {
        let failure = try failure { try ask(LoopbackServer([.respond(200, [], body)])) }
        guard case .unusable(_, let usage) = failure else {
            Issue.record("\(failure)")
            return
        }
        #expect(usage.total == tokens)
    }

    @Test(
        "What is no whole answer is unreachable",
        arguments: [LoopbackServer.Answer.truncated(announced: 900, sent: "{"), .close, .flood(8 << 20)])
    func unreachable(_ answer: LoopbackServer.Answer) throws {
        let server = try LoopbackServer([answer])
        guard case .unreachable = try failure({ try ask(server) }) else {
            Issue.record()
            return
        }
        #expect(server.requests.count == 1, "it may have been answered and paid for")
    }

    @Test func aRedirectElsewhereIsUnreachable() throws {
        let other = try LoopbackServer([.respond(200)])
        defer { other.stop() }
        let server = try LoopbackServer([.respond(307, ["location: \(other.address)/v1/messages"])])
        guard case .unreachable = try failure({ try ask(server) }) else {
            Issue.record()
            return
        }
        #expect(other.requests.isEmpty)
    }
}
