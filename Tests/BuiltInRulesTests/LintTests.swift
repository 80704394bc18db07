import BuiltInRules
import Memories
import RulePacks
import Testing

@Suite struct BuiltInLintTests {
    @Test("A pack of the product has no error", arguments: BuiltInRules.packs.indices)
    func sound(index: Int) {
        let pack = BuiltInRules.packs[index]
        let findings = PackLinter(strictness: .builtIn).findings(in: pack.bytes, file: pack.file, layer: .builtIn)
        let errors = findings.filter { $0.level == .error }
        #expect(errors == [])
    }

    @Test func theSchemaIsEmbedded() {
        #expect(BuiltInRules.schema.file == "rulepack.schema.json")
        #expect(BuiltInRules.schema.bytes.first == UInt8(ascii: "{"))
    }
}
