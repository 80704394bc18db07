import BuiltInRules
import Commands
import Memories
import Pipeline
import Projects
import Redaction
import RulePacks

/// Reads the packs and the scoring table that a command uses, and turns what is wrong with them into words.
struct PlanFiles {
    /// Given on the command line.
    var rules: [String]
    var scoring: String?
    /// Switched on by the settings, and on the command line.
    var packs: Set<DomainPackName>
    /// Those of the user and of the project.
    var added: AddedRules
    /// What packs may do that nobody has confirmed: for what is stored only `switchOff`.
    var untrusted: UntrustedRules

    /// For a command that works on a project.
    init(
        rules: [String] = [], packs: [DomainPackName] = [], scoring: String? = nil, _ context: ProjectContext,
        untrusted: UntrustedRules = .switchOff
    ) {
        let settings = context.active?.settings ?? Settings(.current())
        self.init(
            rules: rules, packs: Set(packs + settings.packs), scoring: scoring, untrusted: untrusted,
            added: AddedRules(
                .current(), project: (context.location.root, TrustLedger(context.location)),
                ownEdits: Settings(.current()).bool(.trustOwnEdits)))
    }

    /// For a command that stores nothing and needs no project: the one that it is started in counts, when there is one.
    static func looking(
        rules: [String], packs: [DomainPackName] = [], scoring: String?, at project: ProjectOptions
    ) -> PlanFiles {
        let environment = Environment.current()
        let settings = ConfigCommand.resolved(project)
        let location = try? StoreLocation(
            of: ProjectLocator(environment).project(
                from: project.project.map { .directory($0) } ?? .workingDirectory), environment)
        let added = AddedRules(
            environment, project: location.map { ($0.root, TrustLedger($0)) },
            ownEdits: Settings(environment).bool(.trustOwnEdits))
        return PlanFiles(
            rules: rules, packs: Set(packs + settings.packs), scoring: scoring, untrusted: .run, added: added)
    }

    private init(
        rules: [String], packs: Set<DomainPackName>, scoring: String?, untrusted: UntrustedRules, added: AddedRules
    ) {
        self.rules = rules
        self.packs = packs
        self.scoring = scoring
        self.untrusted = untrusted
        self.added = added
    }

    /// The packs of all layers, lowest first.
    func files() throws -> [RuleFile] {
        BuiltInRules.packs.map { RuleFile(layer: .builtIn, file: $0.file, bytes: $0.bytes) } + domains + added.files
            + (try rules.map { RuleFile(layer: .commandLine, file: $0, bytes: try PackFiles.read($0)) })
    }

    /// The packs that may be switched on, in the order of the product; those that are not are dormant.
    private var domains: [RuleFile] {
        zip(DomainPackName.allCases, BuiltInRules.domainPacks).map { name, pack in
            var file = RuleFile(layer: .domain, file: pack.file, bytes: pack.bytes)
            file.isDormant = !packs.contains(name)
            return file
        }
    }

    /// - Parameters:
    ///   - isQuiet: Without the lines about packs that are not trusted and the like.
    ///   - leavesOutBroken: Packs of the user and of the project that do not work are told and left out, instead of stopping
    ///     everything: for runs that nobody watches.
    ///   - onLeftOut: Gets what is wrong with one of them, in a line.
    func load(
        isQuiet: Bool = false, leavesOutBroken: Bool = false, onLeftOut: (String) -> Void = { _ in }
    ) throws -> ExtractionPlan {
        let files = try files()
        let table = try scoring.map { (file: $0, bytes: try PackFiles.read($0)) } ?? BuiltInRules.scoring
        // A table that is given by name is the whole table.
        let changes = scoring == nil ? added.scoring : []
        let secrets = try PackFiles.secrets()
        do throws(RulePackErrors) {
            let plan: ExtractionPlan
            if leavesOutBroken {
                let found = try ExtractionPlan.leavingOutBroken(
                    rules: files, scoring: table, changes: changes, secrets: secrets)
                plan = found.plan
                for errors in found.leftOut {
                    if let line = PackFiles.line(errors) { onLeftOut(line) }
                    if !isQuiet { _ = PackFiles.report(errors, in: (files + changes).map { ($0.file, $0.bytes) }) }
                }
            } else {
                plan = try ExtractionPlan(
                    rules: files, untrusted: untrusted, scoring: table, changes: changes, secrets: secrets)
            }
            if !isQuiet { tell(plan.notices) }
            return plan
        } catch {
            throw PackFiles.report(error, in: (files + changes).map { ($0.file, $0.bytes) } + [table] + secrets)
        }
    }

    /// What is wrong with packs of the user and of the project, a line each; nothing is printed.
    func broken() -> [String] {
        guard let files = try? files(), let secrets = try? PackFiles.secrets() else { return [] }
        do throws(RulePackErrors) {
            return try ExtractionPlan.leavingOutBroken(
                rules: files, scoring: BuiltInRules.scoring, changes: added.scoring, secrets: secrets
            ).leftOut.compactMap(PackFiles.line)
        } catch {
            return [error].compactMap(PackFiles.line)
        }
    }

    /// The rules of all layers as they are in force; whether their examples pass is not asked.
    ///
    /// - Parameter builtIn: `.builtIn` brings the examples and origins of the product's rules along.
    func ruleSet(builtIn: Strictness = .builtIn) throws -> RuleSet {
        let files = try files()
        do throws(RulePackErrors) {
            return try RuleSet(files: files, untrusted: untrusted, builtIn: builtIn)
        } catch {
            throw PackFiles.report(error, in: files.map { ($0.file, $0.bytes) })
        }
    }

    /// One line for each thing that the user should know.
    private func tell(_ notices: [RuleNotice]) {
        for problem in added.problems { StandardStream.error.write("warning: \(problem)\n") }
        if let notice = untrusted == .run ? added.noticeOfDryRun : added.notice {
            StandardStream.error.write("note: \(notice)\n")
        }
        for notice in notices { StandardStream.error.write("warning: \(notice.message)\n") }
    }
}
