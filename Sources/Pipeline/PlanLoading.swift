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
    ///   - changes: What layers above say otherwise than the table, lowest first.
    ///   - secrets: Packs of secrets; without any, texts stay as they are.
    /// - Throws: `RulePackErrors` with everything that is wrong in the first file that has a problem.
    public init(
        rules files: [RuleFile], untrusted: UntrustedRules = .switchOff, scoring: (file: String, bytes: [UInt8]),
        changes: [RuleFile] = [], secrets: [(file: String, bytes: [UInt8])] = []
    ) throws(RulePackErrors) {
        var packs: [RulePack] = []
        for file in files { packs.append(try RulePack(reading: file, untrusted: untrusted)) }
        let set = try RuleSet(packs: packs)
        try ExampleCheck.checkChanged(set)
        var table = try ScoringTable(
            parsing: scoring.bytes, file: scoring.file, features: ExtractionPlan.structuralFeatures)
        let changes = changes.filter { $0.isTrusted || untrusted == .run }
        for change in changes {
            table = try ScoringTable(
                parsing: change.bytes, file: change.file, features: ExtractionPlan.structuralFeatures, over: table)
        }
        let redactor = secrets.isEmpty ? nil : try Redactor(parsing: secrets)
        do {
            try self.init(rules: set.rules, table: table)
        } catch {
            // The reader has checked each name already; a table made by hand is the caller's own mistake.
            preconditionFailure("feature \(error.name) is unknown")
        }
        self.redactor = redactor
        notices = set.notices
        switchedOff = set.switchedOff
        let resting = Set(zip(files, packs).filter { !$1.isTrusted }.compactMap { $0.0.packName })
            .subtracting(set.packs.map(\.name))
        identity = ExtractionPlan.identity(
            Array(zip(files, packs)), [scoring] + changes.map { ($0.file, $0.bytes) } + secrets)
        rest(resting)
    }

    /// Notes packs that do not act. Whether one waits or is gone makes a difference to what it has found.
    private mutating func rest(_ packs: Set<String>) {
        guard !packs.isEmpty else { return }
        restingPacks.formUnion(packs)
        identity += packs.sorted().map { "-" + String(StableHash.integer($0), radix: 16) }.joined()
    }

    /// The same where nobody is there to mend a pack: packs of the user and of the project that do not work are left out.
    ///
    /// - Returns: The plan, and what is wrong with what was left out, in the order in which it was found.
    /// - Throws: What is wrong with the rest.
    public static func leavingOutBroken(
        rules files: [RuleFile], scoring: (file: String, bytes: [UInt8]), changes: [RuleFile] = [],
        secrets: [(file: String, bytes: [UInt8])] = []
    ) throws(RulePackErrors) -> (plan: ExtractionPlan, leftOut: [RulePackErrors]) {
        var (files, changes) = (files, changes)
        var leftOut: [RulePackErrors] = []
        var broken: Set<String> = []
        while true {
            do throws(RulePackErrors) {
                var plan = try ExtractionPlan(rules: files, scoring: scoring, changes: changes, secrets: secrets)
                plan.rest(broken)
                return (plan, leftOut)
            } catch {
                let places = Set(error.problems.map(\.location.file))
                let count = files.count + changes.count
                broken.formUnion(
                    files.filter { $0.layer != .builtIn && places.contains($0.file) }.compactMap(\.packName))
                files.removeAll { $0.layer != .builtIn && places.contains($0.file) }
                changes.removeAll { places.contains($0.file) }
                guard files.count + changes.count < count else { throw error }
                leftOut.append(error)
            }
        }
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
    /// is not trusted only its name and what it switches off count.
    private static func identity(
        _ layers: [(file: RuleFile, pack: RulePack)], _ others: [(file: String, bytes: [UInt8])]
    ) -> String {
        var hash = StableHash()
        for (file, pack) in layers where !file.isDormant {
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

extension RuleFile {
    /// The name of its pack, also when the file is broken: what stands behind `pack:` at the beginning of a line.
    fileprivate var packName: String? {
        for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) where line.starts(with: "pack:".utf8) {
            let words = String(decoding: line.dropFirst(5), as: UTF8.self).split { " \t'\"#".contains($0) }
            return words.first.map(String.init)
        }
        return nil
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
