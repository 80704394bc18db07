import Digests
import Extraction
public import Memories
public import Redaction
public import RulePacks
import Importance

extension ExtractionPlan {
    /// Reads packs and weights and puts them together.
    ///
    /// - Parameters:
    ///   - files: The packs of all layers, lowest first; a test shows that those of the product are sound.
    ///   - untrusted: What packs may do that nobody has confirmed.
    ///   - scoring: The scoring table.
    ///   - secrets: Packs of secrets; without any, texts stay as they are.
    /// - Throws: `RulePackErrors` with everything that is wrong in the first file that has a problem.
    public init(
        rules files: [RuleFile], untrusted: UntrustedRules = .switchOff, scoring: (file: String, bytes: [UInt8]),
        secrets: [(file: String, bytes: [UInt8])] = []
    ) throws(RulePackErrors) {
        var packs: [RulePack] = []
        for file in files { packs.append(try RulePack(reading: file, untrusted: untrusted)) }
        let set = try RuleSet(packs: packs)
        try ExampleCheck.checkChanged(set)
        let table = try ScoringTable(
            parsing: scoring.bytes, file: scoring.file, features: ExtractionPlan.structuralFeatures)
        let redactor = secrets.isEmpty ? nil : try Redactor(parsing: secrets)
        do {
            try self.init(rules: set.rules, table: table)
        } catch {
            // The reader has checked each name already; a table made by hand is the caller's own mistake.
            preconditionFailure("feature \(error.name) is unknown")
        }
        self.redactor = redactor
        notices = set.notices
        identity = ExtractionPlan.identity(Array(zip(files, packs)), [scoring] + secrets)
    }

    /// The same for packs that are all trusted.
    ///
    /// - Parameters:
    ///   - builtIn: The packs of the product.
    ///   - added: Packs given on the command line.
    public init(
        builtIn: [(file: String, bytes: [UInt8])], added: [(file: String, bytes: [UInt8])] = [],
        scoring: (file: String, bytes: [UInt8]), secrets: [(file: String, bytes: [UInt8])] = []
    ) throws(RulePackErrors) {
        try self.init(
            rules: builtIn.map { RuleFile(layer: .builtIn, file: $0.file, bytes: $0.bytes) }
                + added.map { RuleFile(layer: .commandLine, file: $0.file, bytes: $0.bytes) },
            scoring: scoring, secrets: secrets)
    }

    /// Of all contents with their layers. Names of files do not count, so that two checkouts of a project agree; of a pack that
    /// is not trusted only what it switches off counts.
    private static func identity(
        _ layers: [(file: RuleFile, pack: RulePack)], _ others: [(file: String, bytes: [UInt8])]
    ) -> String {
        var hash = StableHash()
        for (file, pack) in layers {
            if pack.isTrusted {
                hash.add(part: "\(file.layer.rawValue)".utf8)
                hash.add(part: file.bytes)
            } else {
                for override in pack.overrides { hash.add(part: "off \(override.target.text)".utf8) }
            }
        }
        for (_, bytes) in others { hash.add(part: bytes) }
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
