public import Memories

/// The packs and weights that a user and a project add to those of the product: found and read, in the order of their layers.
public struct AddedRules: Sendable {
    /// The user's, then the project's, each in the order of the bytes of their names.
    public private(set) var files: [RuleFile] = []
    /// Their changes of the scoring table, in the same order.
    public private(set) var scoring: [RuleFile] = []
    /// Files that can't be read as packs, in words.
    public private(set) var problems: [String] = []
    /// Of the project's files that nobody has confirmed: their paths below `.ccmem`, and whether they were trusted with
    /// other contents.
    public private(set) var unconfirmed: [(path: String, hasChanged: Bool)] = []

    /// Looks into the user's folder of rules, and into that of a project when it has one. Creates nothing.
    ///
    /// - Parameters:
    ///   - project: The project and what is trusted of it; nil outside of any.
    ///   - ownEdits: The setting `trust.own-edits`.
    public init(
        _ environment: Environment, project: (root: ProjectRoot, ledger: TrustLedger)?, ownEdits: Bool = false
    ) {
        if let folder = environment.configFolder.map({ $0 + "/rules" }) {
            for name in Self.packs(in: folder) { addOwn("\(folder)/\(name)", to: \.files) }
        }
        if let file = environment.configFolder.map({ $0 + "/scoring.yaml" }), Files.status(of: file) != nil {
            addOwn(file, to: \.scoring)
        }
        if let (root, ledger) = project { addAll(of: root, ledger, ownEdits: ownEdits) }
    }

    private mutating func addAll(of root: ProjectRoot, _ ledger: TrustLedger, ownEdits: Bool) {
        guard root.reason == .ownFolder else { return }
        for name in Self.packs(in: root.ownFolder + "/rules") {
            add("rules/\(name)", of: root, ledger, ownEdits: ownEdits, to: \.files)
        }
        if Files.status(of: root.ownFolder + "/scoring.yaml") != nil {
            add("scoring.yaml", of: root, ledger, ownEdits: ownEdits, to: \.scoring)
        }
    }

    /// Only what stands in the project: for a hook, which has a few milliseconds and asks for nothing but `notice`.
    public init(ofProjectAlone project: ActiveProject) {
        addAll(of: project.root, project.ledger, ownEdits: project.settings.bool(.trustOwnEdits))
    }

    public init(_ project: ActiveProject, _ environment: Environment) {
        self.init(
            environment, project: (project.root, project.ledger), ownEdits: project.settings.bool(.trustOwnEdits))
    }

    /// One line about packs that do not act before the user has looked at them; nil when there are none.
    public var notice: String? { notice(isRunning: false) }

    /// The same where they run nevertheless, because nothing is stored.
    public var noticeOfDryRun: String? { notice(isRunning: true) }

    private func notice(isRunning: Bool) -> String? {
        guard !unconfirmed.isEmpty else { return nil }
        var names = unconfirmed.prefix(3).map { ".ccmem/\($0.path)" }.joined(separator: ", ")
        if unconfirmed.count > 3 { names += " and \(unconfirmed.count - 3) more" }
        let isOne = unconfirmed.count == 1
        var reason = isOne ? "is not trusted yet" : "are not trusted yet"
        if unconfirmed.allSatisfy(\.hasChanged) {
            reason = "changed since \(isOne ? "it was" : "they were") trusted"
        } else if unconfirmed.contains(where: \.hasChanged) {
            reason = "are new or have changed"
        }
        var effect = isOne ? "it does nothing" : "they do nothing"
        if isRunning {
            effect = "\(isOne ? "it runs" : "they run") only because nothing is stored"
        } else if unconfirmed.contains(where: { $0.path.hasPrefix("rules/") }) {
            effect += " but switch rules off"
        }
        return "\(names) \(reason); \(effect) until `ccmem trust --yes`, after a look at `ccmem trust`."
    }

    // MARK: -

    /// Names of packs in a folder, in the order of their bytes; none when there is no such folder.
    static func packs(in folder: String) -> [String] {
        (Files.names(in: folder) ?? []).filter { name in
            (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && !name.hasPrefix(".")
        }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private mutating func addOwn(_ path: String, to list: WritableKeyPath<AddedRules, [RuleFile]>) {
        do throws(FileFailure) {
            let bytes = try Files.contents(of: path, limit: TrustLedger.largestFile)
            self[keyPath: list].append(RuleFile(layer: .user, file: path, bytes: bytes))
        } catch {
            problems.append(error.message)
        }
    }

    private mutating func add(
        _ path: String, of root: ProjectRoot, _ ledger: TrustLedger, ownEdits: Bool,
        to list: WritableKeyPath<AddedRules, [RuleFile]>
    ) {
        do throws(FileFailure) {
            let (bytes, standing) = try ledger.contents(of: path, ownEdits: ownEdits)
            self[keyPath: list].append(
                RuleFile(
                    layer: .project, file: "\(root.ownFolder)/\(path)", bytes: bytes, isTrusted: standing == .trusted))
            if standing != .trusted { unconfirmed.append((path, standing == .changed)) }
        } catch {
            problems.append(error.message)
        }
    }
}
