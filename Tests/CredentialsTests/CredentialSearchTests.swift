import Foundation
import Projects
import Testing

@testable import Credentials

@Suite struct CredentialSearchTests {
    let home: Home
    init() throws { home = try Home() }

    @Test func withoutAnyThereIsNone() {
        #expect(home.findings().isEmpty && home.findings(.look).isEmpty)
    }

    @Test func allAreFoundInTheirOrder() throws {
        home.variables["ANTHROPIC_API_KEY"] = "key-of-variable"
        home.variables["ANTHROPIC_AUTH_TOKEN"] = "token"
        home.variables["CLAUDE_CODE_OAUTH_TOKEN"] = "sk-ant-oat01-x"
        try home.logIn(expiresAt: 90_000_000)
        try home.write(#"{"llm.key-command": "echo ' key-of-command '"}"#, to: ".config/ccmem/config.json")
        let stored = try #require(StoredCredentials(home.environment))
        try stored.write(.init(kind: .apiKey, secret: try #require(Secret("stored"))), for: .anthropic)
        let found = home.findings().compactMap(\.credential)
        #expect(
            found.map(\.source.name) == [
                "stored", "command", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN",
                "claude-code",
            ])
        #expect(found.map(\.kind) == [.apiKey, .apiKey, .apiKey, .bearer, .subscription, .subscription])
        #expect(found.map(\.secret.revealed).prefix(3) == ["stored", "key-of-command", "key-of-variable"])
        #expect(found.last?.expiresAt == 90_000_000)
    }

    @Test func whoeverOnlyLooksRunsNothing() throws {
        try home.write(#"{"llm.key-command": "touch '\#(home.path)/ran'; echo k"}"#, to: ".config/ccmem/config.json")
        let findings = home.findings(.look)
        #expect(findings.count == 1 && findings[0].isPromising && findings[0].credential == nil)
        #expect(home.read("ran") == nil)
        #expect(home.findings(.use)[0].credential?.secret.revealed == "k" && home.read("ran") != nil)
    }

    @Test(
        "A command that prints no key makes room for the next",
        arguments: [
            "exit 1", "true", "echo two words", "printf 'a\\nb'", "head -c 99999 /dev/zero | tr '\\\\0' x",
            "kill -9 $$",
        ])
    func commands(_ line: String) throws {
        home.variables["ANTHROPIC_API_KEY"] = "k"
        try home.write("{\"llm.key-command\": \"\(line)\"}", to: ".config/ccmem/config.json")
        let findings = home.findings()
        #expect(findings.map(\.isPromising) == [false, true])
    }

    // MARK: - The login of Claude Code

    @Test(
        "A token counts while it has five minutes left",
        arguments: [(-1, false), (0, false), (299_999, false), (300_000, true), (86_400_000, true)])
    func expiry(_ left: Int, _ isUsable: Bool) throws {
        let now = 1_795_000_000_000
        try home.logIn(expiresAt: now + left)
        #expect(home.findings(now: now).first?.isPromising == isUsable)
    }

    @Test func anExpiredTokenIsToldWithItsTime() throws {
        try home.logIn(expiresAt: 1_700_000_000_000)
        guard case .unusable(let kind, let why)? = home.findings(now: 1_800_000_000_000).first?.state else {
            Issue.record()
            return
        }
        #expect(kind == .subscription)
        #expect(why == "its token expired at 2023-11-14 22:13 UTC; Claude Code renews it when it is used next")
    }

    @Test(
        "A token that may not ask a model is not used",
        arguments: ["[]", #"["user:profile"]"#, "null", "5", #"{"user:inference":1}"#])
    func scopes(_ scopes: String) throws {
        try home.logIn(expiresAt: nil, scopes: scopes)
        #expect(home.findings().map(\.isPromising) == [false])
    }

    @Test(
        "A file that is none is told or passed over, and never stops the search",
        arguments: [
            ("", false), ("{", false), ("null", nil), ("[1]", nil), ("{}", nil), (#"{"mcpOAuth":{}}"#, nil),
            (#"{"claudeAiOauth":5}"#, nil),
            (#"{"claudeAiOauth":{}}"#, false),
            (#"{"claudeAiOauth":{"accessToken":"a b","scopes":["user:inference"]}}"#, false),
            (#"{"claudeAiOauth":{"accessToken":7,"scopes":["user:inference"]}}"#, false),
        ] as [(String, Bool?)])
    func broken(_ text: String, _ isPromising: Bool?) throws {
        try home.write(text, to: ".claude/.credentials.json")
        #expect(home.findings().first?.isPromising == isPromising)
    }

    @Test func itIsLookedForWhereClaudeCodeKeepsIt() throws {
        try home.logIn(expiresAt: nil)
        home.variables["CLAUDE_CONFIG_DIR"] = home.path + "/other"
        #expect(home.findings().isEmpty)
        try home.write(home.read(".claude/.credentials.json") ?? "", to: "other/.credentials.json")
        #expect(home.findings().count == 1)
    }

    @Test func nothingIsWritten() throws {
        try home.logIn(expiresAt: 1)
        let before = try FileManager.default.subpathsOfDirectory(atPath: home.path).sorted()
        let text = home.read(".claude/.credentials.json")
        _ = home.findings(now: 5_000_000_000_000)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: home.path).sorted() == before)
        #expect(home.read(".claude/.credentials.json") == text)
    }

    @Test func aServerOfOnesOwnGetsNothingOfAnthropics() throws {
        home.variables["ANTHROPIC_API_KEY"] = "k"
        try home.logIn(expiresAt: nil)
        try home.write(#"{"llm.provider": "openai"}"#, to: ".config/ccmem/config.json")
        #expect(home.findings().isEmpty)
    }

    // MARK: - What is stored

    @Test func whatIsStoredIsForItsOwnerAlone() throws {
        let stored = try #require(StoredCredentials(home.environment))
        let secret = try #require(Secret("sk-THESECRET"))
        try stored.write(.init(kind: .bearer, secret: secret), for: .openai)
        try stored.write(.init(kind: .apiKey, secret: secret), for: .anthropic)
        #expect(home.mode(".config/ccmem/credentials.json") == 0o600)
        #expect(try stored.read(.openai)?.kind == .bearer)
        try stored.write(nil, for: .openai)
        #expect(try stored.read(.openai) == nil && stored.read(.anthropic)?.secret == secret)
        try stored.write(nil, for: .anthropic)
        #expect(home.read(".config/ccmem/credentials.json") == nil)
    }

    @Test(
        "A file that others may read, or that is another, is told and makes room",
        arguments: [
            (0o644, #"{"anthropic":{"kind":"api-key","secret":"k"}}"#), (0o640, "{}"), (0o600, "{"),
            (0o600, #"{"anthropic":{"kind":"other","secret":"k"}}"#), (0o600, #"{"anthropic":{"kind":"api-key"}}"#),
        ])
    func storedBadly(_ mode: Int, _ text: String) throws {
        home.variables["ANTHROPIC_API_KEY"] = "k"
        try home.write(text, to: ".config/ccmem/credentials.json", mode: mode)
        #expect(home.findings().map(\.isPromising) == [false, true])
    }

    // MARK: - Secrets

    @Test func nothingShowsASecret() throws {
        let secret = try #require(Secret("  sk-THESECRET\n"))
        #expect(secret.revealed == "sk-THESECRET")
        var dumped = ""
        let credential = Credential(source: .command, kind: .apiKey, secret: secret)
        dump(credential, to: &dumped)
        for text in [
            "\(secret)", "\(credential)", String(reflecting: credential), dumped,
            "\(CredentialFinding(source: .command, state: .usable(credential)))",
        ] {
            #expect(!text.contains("THESECRET"))
        }
        #expect(secret.removed(from: "no sk-THESECRET, sk-THESECRET!") == "no [credential], [credential]!")
        #expect(secret.mark(for: "a") != secret.mark(for: "b") && !secret.mark(for: "a").contains("THE"))
    }

    @Test(
        "What no header can hold is no secret",
        arguments: ["", " \n", "a b", "a\nb", "a\u{0}b", "é", "a\u{7F}", String(repeating: "x", count: 20_000)])
    func noSecrets(_ text: String) { #expect(Secret(text) == nil) }
}
