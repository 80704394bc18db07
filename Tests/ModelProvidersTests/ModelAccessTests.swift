import Credentials
import Foundation
import HTTP
import LanguageModels
import Memories
import Projects
import TestSupport
import Testing

@testable import ModelProviders

/// From settings, consent and credentials to a model.
@Suite struct ModelAccessTests {
    let home: String
    init() throws {
        home = NSTemporaryDirectory() + "ccmem-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    }

    func environment(_ server: LoopbackServer, _ variables: [String: String]) -> Environment {
        Environment(
            variables: ["HOME": home, "ANTHROPIC_BASE_URL": server.address].merging(variables) { $1 },
            workingDirectory: home)
    }

    func agree(_ environment: Environment) throws {
        try ConsentFile(environment)?.write(
            Consent(destination: ModelDestination(environment, Settings(environment)), since: "2026-01-01"))
    }

    func open(_ environment: Environment, _ mode: ModelMode? = nil, now: Int = 1_000) -> ModelOpening {
        ModelAccess(
            environment, Settings(environment), client: HTTPClient(userAgent: "t"), clock: .fixed(now)
        ).open(commandLine: mode, isOwnCall: false, FakeTime().patience(60_000))
    }

    func opened(_ opening: ModelOpening) -> OpenedModel? { if case .open(let model) = opening { model } else { nil } }

    @Test func withoutConsentNothingIsSentAtAll() throws {
        let server = try LoopbackServer([.respond(200)])
        defer { server.stop() }
        let place = environment(server, ["ANTHROPIC_API_KEY": "k"])
        guard case .without = open(place) else {
            Issue.record()
            return
        }
        guard case .missing = open(place, .require) else {
            Issue.record()
            return
        }
        #expect(server.requests.isEmpty)
    }

    @Test func aKeyIsProbedOnceADay() throws {
        let server = try LoopbackServer([.respond(200, [], "{}")])
        defer { server.stop() }
        let place = environment(server, ["ANTHROPIC_API_KEY": "k"])
        try agree(place)
        #expect(opened(open(place))?.words == "Anthropic, with the API key of the variable ANTHROPIC_API_KEY")
        #expect(opened(open(place, now: 80_000_000)) != nil)
        #expect(server.requests.map { String($0.head.prefix(14)) } == ["GET /v1/models"])
        #expect(opened(open(place, now: 90_000_000)) != nil)
        #expect(server.requests.count == 2)
    }

    @Test("A key that is refused makes room for the next", arguments: [401, 403])
    func fallingThrough(_ status: Int) throws {
        let server = try LoopbackServer([
            .respond(status, [], "{}"), .respond(200, [], Sample.message(#"{"kept":[]}"#)),
        ])
        defer { server.stop() }
        let place = environment(server, ["ANTHROPIC_API_KEY": "revoked", "ANTHROPIC_AUTH_TOKEN": "good"])
        try agree(place)
        let model = try #require(opened(open(place)))
        #expect(model.words == "Anthropic, with the bearer token of the variable ANTHROPIC_AUTH_TOKEN")
        #expect(try model.model.answer(Sample.request).form == #"{"kept":[]}"#)
        #expect(server.requests.last?.header("authorization") == "Bearer good")
        let next = try #require(opened(open(place)))
        #expect(next.words == model.words)
        #expect(server.requests.count == 2, "what was refused is not asked again within the hour")
    }

    @Test func aTokenThatIsRevokedMeanwhileMakesRoomWhileItIsUsed() throws {
        let server = try LoopbackServer([.respond(401, [], "{}"), .respond(200, [], Sample.message(#"{"kept":[]}"#))])
        defer { server.stop() }
        let first = try Sample.credential(.bearer)
        let exchange = ModelExchange(client: HTTPClient(userAgent: "t"), patience: FakeTime().patience(60_000))
        let address = try #require(HTTPURL(server.address))
        let ways = try [CredentialKind.bearer, .apiKey].map { kind in
            let credential = try Sample.credential(kind)
            return CredentialWay(
                credential: credential, model: try AnthropicModel(exchange, address: address, credential))
        }
        let noted = NotedCredentials()
        let model = FallingThrough(ways) { noted.add($0) }
        #expect(try model.answer(Sample.request).form == #"{"kept":[]}"#)
        #expect(try model.answer(Sample.request).form == #"{"kept":[]}"#)
        #expect(noted.all == [first])
        #expect(server.requests.map { $0.header("x-api-key") == nil } == [true, false, false])
    }

    @Test func withoutACredentialTheModeDecides() throws {
        let server = try LoopbackServer([.respond(200)])
        defer { server.stop() }
        let place = environment(server, [:])
        try agree(place)
        guard case .without(let words) = open(place) else {
            Issue.record()
            return
        }
        #expect(words.contains("ccmem auth status"))
        guard case .missing = open(place, .require) else {
            Issue.record()
            return
        }
    }

    @Test(
        "A vendor that can't be asked is no reason to fail",
        arguments: [LoopbackServer.Answer.respond(500), .close, .raw("x")])
    func unreachable(_ answer: LoopbackServer.Answer) throws {
        let server = try LoopbackServer([answer])
        defer { server.stop() }
        let place = environment(server, ["ANTHROPIC_API_KEY": secretText])
        try agree(place)
        guard case .without(let words) = open(place) else {
            Issue.record()
            return
        }
        #expect(!words.contains("THESECRET"))
        guard case .missing = open(place, .require) else {
            Issue.record()
            return
        }
    }

    @Test func aGatewayWithoutTheQuestionIsUsedAllTheSame() throws {
        let server = try LoopbackServer([.respond(404)])
        defer { server.stop() }
        let place = environment(server, ["ANTHROPIC_API_KEY": "k"])
        try agree(place)
        #expect(opened(open(place)) != nil)
    }

    @Test func aSubscriptionIsUsedByTheUsersOwnCommand() throws {
        let server = try LoopbackServer([.respond(200)])
        defer { server.stop() }
        let place = environment(server, ["CLAUDE_CODE_OAUTH_TOKEN": "sk-ant-oat01-x", "PATH": "/nowhere"])
        try agree(place)
        let file = home + "/bin/claude"
        guard case .without = open(place) else {
            Issue.record("there is no such command")
            return
        }
        try FileManager.default.createDirectory(atPath: home + "/bin", withIntermediateDirectories: true)
        try Program.writeScript("", at: file)
        var with = place
        with.variables["PATH"] = home + "/bin"
        #expect(opened(open(with))?.words.contains("subscription") == true)
        #expect(server.requests.isEmpty)
    }

    @Test func aLocalServerNeedsNoKey() throws {
        let server = try LoopbackServer([.respond(200, [], #"{"message":{"content":"{\"kept\":[]}"}}"#)])
        defer { server.stop() }
        let place = environment(server, ["ANTHROPIC_API_KEY": "k"])
        let folder = home + "/.config/ccmem"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try #"{"llm.provider":"ollama","llm.endpoint":"\#(server.address)","llm.model":"qwen3"}"#.write(
            toFile: folder + "/config.json", atomically: true, encoding: .utf8)
        try agree(place)
        let model = try #require(opened(open(place)))
        #expect(model.name == "qwen3")
        #expect(try model.model.answer(Sample.request).form == #"{"kept":[]}"#)
        #expect(server.requests.allSatisfy { !$0.head.contains("x-api-key") })
    }
}
