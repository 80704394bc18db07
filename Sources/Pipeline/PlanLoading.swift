public import RulePacks
import Importance
import Memories

extension ExtractionPlan {
    /// Reads packs and weights and puts them together.
    ///
    /// - Parameters:
    ///   - builtIn: The packs of the product; a test shows that they are sound.
    ///   - added: Packs of the user, which come after them.
    ///   - scoring: The scoring table.
    /// - Throws: `RulePackErrors` with everything that is wrong in the first file that has a problem.
    public init(
        builtIn: [(file: String, bytes: [UInt8])], added: [(file: String, bytes: [UInt8])] = [],
        scoring: (file: String, bytes: [UInt8])
    ) throws(RulePackErrors) {
        var packs: [RulePack] = []
        for (file, bytes) in builtIn { packs.append(try RulePack(parsing: bytes, file: file, strictness: .proven)) }
        for (file, bytes) in added {
            var pack = try RulePack(parsing: bytes, file: file, strictness: .user)
            for index in pack.rules.indices { pack.rules[index].isOwn = true }
            packs.append(pack)
        }
        let rules = try RuleSet(packs: packs).rules
        let table = try ScoringTable(
            parsing: scoring.bytes, file: scoring.file, features: ExtractionPlan.structuralFeatures)
        do {
            try self.init(rules: rules, table: table)
        } catch {
            // The reader has checked each name already; a table made by hand is the caller's own mistake.
            preconditionFailure("feature \(error.name) is unknown")
        }
    }
}
