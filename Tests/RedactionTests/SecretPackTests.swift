import Foundation
import RulePacks
import TestSupport
import Testing

@testable import Redaction

/// Files of secret rules that users write.
@Suite struct SecretPackTests {
    private let head = "secrets: own\nformat: 1\nversion: 1.0.0\nsummary: Ours.\nrules:\n"
    private let rule =
        "  - id: acme\n    kind: acme-key\n    summary: s\n    keywords: [acme_]\n    pattern: 'acme_[a-z0-9]{8}'\n"

    private func words(_ text: String) -> String {
        do throws(RulePackErrors) {
            _ = try SecretPack(parsing: Array(text.utf8), file: "own.yaml")
            return ""
        } catch {
            return DiagnosticRenderer().render(error)
        }
    }

    @Test func anOwnRuleWorksBesideTheShippedOnes() throws {
        let own = try SecretPack(parsing: Array((head + rule).utf8), file: "own.yaml")
        let builtIn = try #require(BuiltInSecrets.pack)
        let worker = Redactor(rules: try SecretRules(packs: [builtIn, own])).makeWorker()
        #expect(worker.redact("use ACME_x or acme_a1b2c3d4").text == "use ACME_x or [redacted:acme-key]")
        #expect(worker.redact("password = \"hunter2\"").text == "password = \"[redacted:password]\"")
    }

    @Test func theExampleOfTheDocumentationDoesWhatItSays() throws {
        let url = Fixture.projectRoot.appendingPathComponent("docs/privacy.md")
        let parts = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "```yaml\n")
        let text = try #require(parts.last?.components(separatedBy: "```").first)
        let pack = try SecretPack(parsing: Array(text.utf8), file: "privacy.md", strictness: .builtIn)
        let worker = Redactor(rules: try SecretRules(packs: [pack])).makeWorker()
        let rule = try #require(pack.rules.first)
        for example in rule.matchExamples {
            #expect(worker.redact(SecretSample.filled(example.text)).text == example.redacted)
        }
        for example in rule.rejectExamples { #expect(worker.finds(in: SecretSample.filled(example.text)) == []) }
        for word in [
            "acme_sandbox", "acme_00000123456789abcdef0123456789ab", "* acme_0123456789abcdef0123456789abcdef",
        ] {
            #expect(worker.finds(in: word) == [], "\(word)")
        }
    }

    @Test func anIdThatExistsIsToldWithBothPlaces() throws {
        let own = try SecretPack(parsing: Array((head + rule).utf8), file: "own.yaml")
        let errors = #expect(throws: RulePackErrors.self) { try SecretRules(packs: [own, own]) }
        #expect(DiagnosticRenderer().render(try #require(errors)).contains("rule `acme` exists already"))
    }

    @Test(
        "What is wrong is told with its place",
        arguments: [
            ("kind: acme-key", "kind: Acme Key", "7:11: error: `Acme Key` is no kind of secret"),
            ("keywords: [acme_]", "keywords: []", "9:15: error: `keywords` is empty"),
            ("    keywords: [acme_]\n", "", "6:5: error: missing key `keywords` in `rules`"),
            ("keywords:", "keyword:", "did you mean `keywords`?"),
            ("{8}'", "{8'", ""),
            ("'acme_[a-z0-9]{8}'", "'acme_(['", "10:22: error: `pattern` does not compile"),
            ("summary: s", "summary: s\n    entropy: 9000", "it must lie between 0 and 8000."),
            ("summary: s", "summary: s\n    reach: word", "unknown reach `word`"),
            ("summary: s", "summary: s\n    allow: [{why: x}]", "nothing is allowed here"),
            ("summary: s", "summary: s\n    allow: [{why: x, words: [a], value: b}]", "more than one test"),
            ("summary: s", "summary: s\n    allow: [{words: [a]}]", "missing key `why`"),
            ("summary: s", "summary: s\n    examples: {match: [{text: a}]}", "missing key `redacted`"),
        ])
    func wrong(_ part: String, _ replacement: String, _ message: String) {
        let text = (head + rule).replacing(part, with: replacement)
        if message.isEmpty {
            #expect(words(text) == "")
        } else {
            #expect(words(text).contains(message), "\(words(text))")
        }
    }

    @Test(
        "A file as a whole",
        arguments: [
            ("format: 1", "format: 2", "it has format 2"), ("secrets: own\n", "", "missing key `secrets`"),
            ("rules:\n", "rule:\n", "did you mean `rules`?"), ("version: 1.0.0", "version: one", "`one` is no version"),
        ])
    func file(_ part: String, _ replacement: String, _ message: String) {
        #expect(words((head + rule).replacing(part, with: replacement)).contains(message))
    }

    @Test func aShippedRuleNeedsExamples() {
        let errors = #expect(throws: RulePackErrors.self) {
            try SecretPack(parsing: Array((head + rule).utf8), file: "own.yaml", strictness: .builtIn)
        }
        #expect(errors?.problems.count == 2)
    }

    @Test func allowancesSpeakOfTheSecretOrOfItsLine() throws {
        let allow =
            "    allow:\n      - {why: a, words: [Test]}\n      - {why: b, value: '^acme_0'}\n      - {why: c, context: '^#'}\n"
        let own = try SecretPack(parsing: Array((head + rule + allow).utf8), file: "own.yaml")
        let worker = Redactor(rules: try SecretRules(packs: [own])).makeWorker()
        let text = "acme_tEst0000 acme_01234567\n# acme_a1b2c3d4\nacme_a1b2c3d4"
        #expect(worker.redact(text).text == "acme_tEst0000 acme_01234567\n# acme_a1b2c3d4\n[redacted:acme-key]")
    }
}

@Suite struct SecretSampleTests {
    @Test func placeholdersAreFilledAndOtherBracesStay() {
        let text = SecretSample.filled("a {{digits:4}} {{ name }} {{hex:2}} {{x:3}} {{alnum:0}} {{dash:3}} {{", seed: 3)
        #expect(text.wholeMatch(of: /a \d{4} {{ name }} [0-9a-f]{2} {{x:3}} {{alnum:0}} --- {{/) != nil, "\(text)")
        #expect(
            text
                == SecretSample.filled("a {{digits:4}} {{ name }} {{hex:2}} {{x:3}} {{alnum:0}} {{dash:3}} {{", seed: 3)
        )
        #expect(SecretSample.filled("{{alnum:20}}", seed: 1) != SecretSample.filled("{{alnum:20}}", seed: 2))
    }
}
