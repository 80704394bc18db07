import RulePacks
import Testing

@testable import Redaction

/// What stands under `examples:` in `Rules/secrets.yaml`.
@Suite struct SecretRuleTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var rule: SecretRule
        var text: String
        var redacted: String?
        var why = ""

        var testDescription: String { "\(rule.id): \(text)" }

        static let match = BuiltInSecrets.rules.flatMap { rule in
            rule.matchExamples.map { Example(rule: rule, text: $0.text, redacted: $0.redacted) }
        }
        static let reject = BuiltInSecrets.rules.flatMap { rule in
            rule.rejectExamples.map { Example(rule: rule, text: $0.text, why: $0.why) }
        }
    }

    @Test("What a match example holds is taken out", arguments: Example.match)
    func takenOut(_ example: Example) throws {
        let text = SecretSample.filled(example.text, seed: 11)
        let worker = BuiltInSecrets.redactor.makeWorker()
        #expect(worker.redact(text).text == example.redacted, "\(text)")
        let alone = Redactor(rules: try SecretRules(only: example.rule)).makeWorker()
        #expect(!alone.finds(in: text).isEmpty, "\(example.rule.id) itself does not find it: \(text)")
    }

    @Test("A reject example stays as it is", arguments: Example.reject)
    func stays(_ example: Example) throws {
        let text = SecretSample.filled(example.text, seed: 11)
        let alone = Redactor(rules: try SecretRules(only: example.rule)).makeWorker()
        #expect(alone.finds(in: text) == [], "\(example.why): \(text)")
        let worker = BuiltInSecrets.redactor.makeWorker()
        #expect(worker.redact(text).text == text, "\(example.why)")
    }

    @Test func thereAreRulesOfManyKinds() {
        #expect(BuiltInSecrets.rules.count > 60)
        #expect(Set(BuiltInSecrets.rules.map(\.kind)).count > 45)
    }
}

extension SecretRules {
    init(only rule: SecretRule) throws {
        var pack = try #require(BuiltInSecrets.pack)
        pack.rules = [rule]
        try self.init(packs: [pack])
    }
}
