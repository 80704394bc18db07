import Foundation
import Projects
import Testing

@testable import Credentials

@Suite struct ModelSwitchTests {
    let home: Home
    init() throws { home = try Home() }

    func agree() throws {
        let file = try #require(ConsentFile(home.environment))
        try file.write(
            Consent(destination: ModelDestination(home.environment, home.settings), since: "2026-01-02T03:04:05.000Z"))
    }

    func state(_ commandLine: ModelMode? = nil, isOwnCall: Bool = false) -> ModelSwitch {
        ModelSwitch(home.environment, home.settings, commandLine: commandLine, isOwnCall: isOwnCall)
    }

    var isOn: Bool { if case .on = state() { true } else { false } }

    @Test("A key alone switches nothing on, whatever the mode", arguments: [nil, "auto", "require"])
    func keysAlone(_ mode: String?) throws {
        home.variables["ANTHROPIC_API_KEY"] = "sk-ant-api"
        home.variables["CCMEM_LLM"] = mode
        try home.logIn(expiresAt: nil)
        #expect(state() == .off(.neverEnabled))
        #expect(state(.require) == .off(.neverEnabled))
    }

    @Test func afterTheConsentItIsOnByDefault() throws {
        try agree()
        guard case .on(.auto, let consent) = state() else {
            Issue.record()
            return
        }
        #expect(consent.destination.address == "https://api.anthropic.com")
        #expect(state().words == "On since 2026-01-02, mode `auto`: texts go to https://api.anthropic.com.")
        #expect(home.mode(".local/share/ccmem/llm/consent.json") == 0o600)
        try ConsentFile(home.environment)?.remove()
        #expect(state() == .off(.neverEnabled))
    }

    @Test func theModeIsThatOfTheLastPlace() throws {
        try agree()
        try home.write(#"{"llm.mode": "off"}"#, to: ".config/ccmem/config.json")
        guard case .off(.mode) = state() else {
            Issue.record()
            return
        }
        home.variables["CCMEM_LLM"] = "require"
        guard case .on(.require, _) = state() else {
            Issue.record()
            return
        }
        #expect(state(.off) == .off(.mode(from: "the command line")))
        home.variables["CCMEM_LLM"] = "yes"
        #expect(state() == .off(.unknownMode("yes", from: "CCMEM_LLM")))
    }

    @Test func wherePeopleAreNotItIsOff() throws {
        try agree()
        home.variables["CI"] = "true"
        #expect(state() == .off(.continuousIntegration))
        guard case .on = state(.auto) else {
            Issue.record("the command line was not heard")
            return
        }
        home.variables["CI"] = "false"
        #expect(isOn)
    }

    @Test func anotherAddressNeedsAnotherConsent() throws {
        try agree()
        home.variables["ANTHROPIC_BASE_URL"] = "https://elsewhere.example/"
        guard case .off(.otherDestination(_, let now)) = state() else {
            Issue.record()
            return
        }
        #expect(now.address == "https://elsewhere.example")
        try agree()
        #expect(isOn)
        home.variables["ANTHROPIC_BASE_URL"] = "https://elsewhere.example"
        #expect(isOn, "a slash at the end is no other address")
        try home.write(#"{"llm.provider": "ollama"}"#, to: ".config/ccmem/config.json")
        #expect(!isOn)
    }

    @Test func ourOwnCallsMakeNone() throws {
        try agree()
        #expect(state(.require, isOwnCall: true) == .off(.ownCall))
    }

    @Test(
        "A consent that is not as it was written is none",
        arguments: [
            "", "{", "{}", "[]", #"{"provider":"x","address":"https://api.anthropic.com","since":"s"}"#,
            #"{"provider":"anthropic","since":"s"}"#,
        ])
    func brokenConsent(_ text: String) throws {
        try home.write(text, to: ".local/share/ccmem/llm/consent.json")
        #expect(state() == .off(.neverEnabled))
    }

    @Test func probesAreKeptWithTheirTimeAndWithoutTheirKey() throws {
        let probes = try #require(ProbeCache(home.environment))
        let credential = Credential(source: .command, kind: .apiKey, secret: try #require(Secret("sk-THESECRET")))
        let other = Credential(source: .command, kind: .apiKey, secret: try #require(Secret("sk-OTHER")))
        probes.note(.init(outcome: .valid, at: 1_000), of: credential, at: "https://a")
        probes.note(.init(outcome: .refused, at: 1_000), of: other, at: "https://a")
        #expect(probes.current(of: credential, at: "https://a", now: 2_000) == .valid)
        #expect(probes.current(of: credential, at: "https://b", now: 2_000) == nil, "it was asked of another")
        #expect(probes.current(of: credential, at: "https://a", now: 25 * 3_600_000) == nil)
        #expect(probes.current(of: other, at: "https://a", now: 3_600_000) == .refused)
        #expect(probes.current(of: other, at: "https://a", now: 3_601_001) == nil)
        #expect(probes.current(of: other, at: "https://a", now: 999) == nil, "the clock was wrong then, or is now")
        let file = try #require(home.read(".local/share/ccmem/llm/probes.json"))
        #expect(!file.contains("SECRET") && !file.contains("OTHER"))
        #expect(home.mode(".local/share/ccmem/llm/probes.json") == 0o600)
        for number in 0..<20 {
            let one = Credential(source: .command, kind: .apiKey, secret: try #require(Secret("k\(number)")))
            probes.note(.init(outcome: .valid, at: 1), of: one, at: "https://a")
        }
        #expect((home.read(".local/share/ccmem/llm/probes.json")?.count ?? 0) < 2_000)
    }
}
