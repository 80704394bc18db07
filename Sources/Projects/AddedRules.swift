public import Memories

/// The packs that a user and a project add to those of the product: found and read, in the order of their layers.
public struct AddedRules: Sendable {
    /// The user's, then the project's, each in the order of the bytes of their names.
    public private(set) var files: [RuleFile] = []
    /// Files that can't be read as packs, in words.
    public private(set) var problems: [String] = []
    /// Of the project's packs that nobody has confirmed: their paths below `.ccmem`, and whether they were trusted with
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
            for name in Self.packs(in: folder) { addOwn("\(folder)/\(name)", home: environment.home) }
        }
        guard let (root, ledger) = project, root.reason == .ownFolder else { return }
        for name in Self.packs(in: root.ownFolder + "/rules") {
            add("rules/\(name)", of: root, ledger, ownEdits: ownEdits)
        }
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
        guard let first = unconfirmed.first else { return nil }
        let names = unconfirmed.prefix(3).map { ".ccmem/\($0.path)" }.joined(separator: ", ")
        let rest = unconfirmed.count > 3 ? " and \(unconfirmed.count - 3) more" : ""
        let isOne = unconfirmed.count == 1
        let reason =
            unconfirmed.allSatisfy(\.hasChanged) == true
            ? "changed since \(isOne ? "it was" : "they were") trusted"
            : first.hasChanged || unconfirmed.contains(where: \.hasChanged)
                ? "are new or have changed" : isOne ? "is not trusted yet" : "are not trusted yet"
        let effect =
            isRunning
            ? "\(isOne ? "it runs" : "they run") only because nothing is stored"
            : "\(isOne ? "it does" : "they do") nothing but switch rules off"
        return "\(names)\(rest) \(reason); \(effect) until `ccmem trust --yes`, after a look at `ccmem trust`."
    }

    // MARK: -

    /// Names of packs in a folder, in the order of their bytes; none when there is no such folder.
    static func packs(in folder: String) -> [String] {
        (Files.names(in: folder) ?? []).filter { name in
            (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && !name.hasPrefix(".")
        }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private mutating func addOwn(_ path: String, home: String?) {
        do throws(FileFailure) {
            let bytes = try Files.contents(of: path, limit: TrustLedger.largestFile)
            files.append(RuleFile(layer: .user, file: path, bytes: bytes))
        } catch {
            problems.append(error.message)
        }
    }

    private mutating func add(_ path: String, of root: ProjectRoot, _ ledger: TrustLedger, ownEdits: Bool) {
        do throws(FileFailure) {
            let (bytes, standing) = try ledger.contents(of: path, ownEdits: ownEdits)
            files.append(
                RuleFile(
                    layer: .project, file: "\(root.ownFolder)/\(path)", bytes: bytes, isTrusted: standing == .trusted))
            if standing != .trusted { unconfirmed.append((path, standing == .changed)) }
        } catch {
            problems.append(error.message)
        }
    }
}
