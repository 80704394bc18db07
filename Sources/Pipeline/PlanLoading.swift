import Digests
public import Redaction
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
    ///   - secrets: Packs of secrets; without any, texts stay as they are.
    /// - Throws: `RulePackErrors` with everything that is wrong in the first file that has a problem.
    public init(
        builtIn: [(file: String, bytes: [UInt8])], added: [(file: String, bytes: [UInt8])] = [],
        scoring: (file: String, bytes: [UInt8]), secrets: [(file: String, bytes: [UInt8])] = []
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
        let redactor = secrets.isEmpty ? nil : try Redactor(parsing: secrets)
        do {
            try self.init(rules: rules, table: table)
            self.redactor = redactor
            identity = ExtractionPlan.identity(builtIn + added + [scoring] + secrets)
        } catch {
            // The reader has checked each name already; a table made by hand is the caller's own mistake.
            preconditionFailure("feature \(error.name) is unknown")
        }
    }

    /// Of all files, names included.
    private static func identity(_ files: [(file: String, bytes: [UInt8])]) -> String {
        var hash = StableHash()
        for (file, bytes) in files {
            hash.add(part: file.utf8)
            hash.add(part: bytes)
        }
        return String(hash.value, radix: 16)
    }
}

extension Redactor {
    /// Reads packs of secrets: the first is the product's, the others are the user's.
    public init(parsing files: [(file: String, bytes: [UInt8])]) throws(RulePackErrors) {
        var packs: [SecretPack] = []
        for (index, file) in files.enumerated() {
            packs.append(
                try SecretPack(parsing: file.bytes, file: file.file, strictness: index == 0 ? .proven : .user))
        }
        self.init(rules: try SecretRules(packs: packs))
    }
}
