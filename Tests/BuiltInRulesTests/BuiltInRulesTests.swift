import BuiltInRules
import Foundation
import Importance
import Memories
import Pipeline
import RulePacks
import TestSupport
import Testing

@testable import Extraction

@Suite struct BuiltInRulesTests {
    @Test("A rule reads what its match example says", arguments: BuiltIn.matchExamples)
    func reads(_ example: BuiltInExample<Rule.MatchExample>) throws {
        let reading = RuleReading(example.rule, example.text, under: example.example.under)
        let match = try #require(reading.matches.first, "\(example.id): \(reading)")
        if let statement = example.example.statement { #expect(match.statement == statement) }
        if let key = example.example.key {
            let category = BuiltIn.rules[example.rule].category.rawValue
            #expect(match.key == "\(category):\(Statement.folded(key))")
        }
        #expect(reading.limitReports.isEmpty)
    }

    @Test("A rule leaves its reject example alone", arguments: BuiltIn.rejectExamples)
    func leaves(_ example: BuiltInExample<Rule.RejectExample>) {
        let reading = RuleReading(example.rule, example.text, under: example.example.under)
        #expect(reading.matches.isEmpty, "\(example.id) should refuse this (\(example.example.why)), but \(reading)")
        #expect(reading.limitReports.isEmpty)
    }

    @Test(
        "A rule with `under` reads nothing elsewhere",
        arguments: BuiltIn.matchExamples.filter { $0.example.under != nil })
    func staysUnder(_ example: BuiltInExample<Rule.MatchExample>) {
        let rule = BuiltIn.rules[example.rule]
        guard rule.under != nil else { return }
        let reading = RuleReading(example.rule, example.text, under: nil)
        #expect(reading.matches.isEmpty, "\(example.id): \(reading)")
    }

    @Test func everyPackOfTheFolderIsEmbedded() throws {
        let folder = Fixture.projectRoot.appendingPathComponent("Rules").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
        #expect(Self.files.map(\.file).filter { !$0.hasPrefix("domains/") }.sorted() == files.sorted())
        #expect(BuiltInRules.scoring.file == "scoring.yaml")
        #expect(BuiltInRules.secrets.file == "secrets.yaml")
    }

    @Test func everyDomainPackIsEmbeddedUnderItsName() throws {
        let folder = Fixture.projectRoot.appendingPathComponent("Rules/domains").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).map { "domains/\($0)" }
        #expect(BuiltInRules.domainPacks.map(\.file).sorted() == files.sorted())
        #expect(
            BuiltInRules.domainPacks.map(\.file) == DomainPackName.allCases.map { "domains/\($0.rawValue).yaml" })
    }

    static let files =
        BuiltInRules.packs + BuiltInRules.domainPacks + [BuiltInRules.scoring, BuiltInRules.secrets]

    @Test("The bytes in the binary are those of the file", arguments: files.map(\.file))
    func embedded(_ file: String) throws {
        let embedded = try #require(Self.files.first { $0.file == file })
        let url = Fixture.projectRoot.appendingPathComponent("Rules").appendingPathComponent(file)
        let same = try embedded.bytes == Array(Data(contentsOf: url))
        #expect(same, "\(file) was changed after it was built in")
    }

    @Test func idsAreUniqueAndTheSetIsSound() throws {
        #expect(try RuleSet(packs: BuiltIn.packs).rules.map(\.id) == BuiltIn.rules.map(\.id))
    }

    @Test("Each category has a rule", arguments: MemoryCategory.allCases)
    func category(_ category: MemoryCategory) {
        #expect(BuiltIn.rules.contains { $0.category == category && $0.status == .stable })
    }

    @Test("Each role is read by a rule", arguments: Role.allCases)
    func role(_ role: Role) {
        #expect(BuiltIn.rules.contains { $0.roles.contains(role) })
    }

    @Test func theScoringTableAndTheRulesMakeAPlan() throws {
        let plan = try ExtractionPlan(builtIn: BuiltInRules.packs, scoring: BuiltInRules.scoring)
        let loaded = BuiltIn.rules.count(where: { DomainPackName(rawValue: $0.pack.name) == nil })
        #expect(plan.engine.rules.count == loaded)
        #expect(plan.scorer.table.weights.count > 40)
    }

    @Test func thereAreExamples() {
        #expect(BuiltIn.matchExamples.count >= 2 * BuiltIn.rules.count)
        #expect(BuiltIn.rejectExamples.count >= 2 * BuiltIn.rules.count)
    }
}
