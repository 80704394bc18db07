import Commands
import Memories
import Projects
import SQLite
import Storage

/// One thing that was looked at.
struct DoctorFinding {
    enum Subject: String {
        case programs, hooks, project, rules, store, transcripts, errors, delivery, cost
    }

    enum State: String {
        case fine = "ok"
        case note
        case bad
    }

    var subject: Subject
    var state: State
    var words: String
    /// What to do; a sentence with a command.
    var remedy: String?
    /// What `--fix` does about it; nil where a person must decide.
    var repair: DoctorRepair?
}

/// All checks of `doctor`. None of them fails: what can't be looked at is a finding.
struct Doctor {
    let options: ProjectOptions
    private let environment = Environment.current()

    init(options: ProjectOptions) { self.options = options }

    func findings() -> [DoctorFinding] {
        var findings = [programs()]
        let context: ProjectContext
        findings += DoctorHooks(root: try? ProjectContext.find(options).root, environment).findings()
        do {
            context = try ProjectContext.find(options)
        } catch {
            findings.append(
                DoctorFinding(
                    subject: .project, state: .bad, words: (error as? CommandError)?.message ?? "\(error)", remedy: nil)
            )
            return findings + [errors(nil)]
        }
        findings.append(
            DoctorFinding(
                subject: .project, state: context.refusal == nil ? .fine : .note,
                words: context.refusal ?? "\(context.root); store \(context.database)", remedy: nil))
        findings += rules(context)
        if let store = store(context, &findings) {
            findings += transcripts(context, store)
            findings += DoctorDelivery(store: store).findings()
        }
        // What a model that refines memories needs and costs is looked at here: its credential, its calls.
        findings.append(errors(context.database))
        return findings
    }

    // MARK: - Outside the project

    private func programs() -> DoctorFinding {
        guard let hook = SettingsFile.hook else {
            return DoctorFinding(
                subject: .programs, state: .bad, words: "there is no `ccmem-hook` beside this command",
                remedy: "Install both with `make install`.")
        }
        return DoctorFinding(
            subject: .programs, state: .fine, words: "ccmem \(Version.text), hook \(hook)", remedy: nil)
    }

    /// - Parameter store: Path of the project's database: errors of other projects are not its own.
    private func errors(_ store: String?) -> DoctorFinding {
        let last = environment.dataFolder.flatMap { HookLog(dataFolder: $0, store: store).last }
        return DoctorFinding(
            subject: .errors, state: last == nil ? .fine : .note, words: last ?? "no hook has noted any",
            remedy: last == nil ? nil : "The newest message of `hook.log`; it may have been mended since.")
    }

    // MARK: - The project

    private func rules(_ context: ProjectContext) -> [DoctorFinding] {
        let files = PlanFiles(context)
        let added = files.added
        var findings: [DoctorFinding] = []
        if let notice = added.notice {
            findings.append(DoctorFinding(subject: .rules, state: .note, words: notice, remedy: nil))
        }
        for problem in added.problems {
            findings.append(
                DoctorFinding(subject: .rules, state: .bad, words: problem, remedy: "`ccmem rules lint` tells more."))
        }
        for line in files.broken() {
            findings.append(
                DoctorFinding(
                    subject: .rules, state: .bad, words: "a pack does nothing: \(line)",
                    remedy: "`ccmem rules lint` tells more."))
        }
        if findings.isEmpty {
            let count = added.files.count
            let words =
                count == 0 ? "those of ccmem alone" : "\(count) \(count == 1 ? "pack" : "packs") beside ccmem's own"
            findings.append(DoctorFinding(subject: .rules, state: .fine, words: words))
        }
        return findings
    }

    private func store(_ context: ProjectContext, _ findings: inout [DoctorFinding]) -> MemoryStore? {
        do {
            guard let store = try context.openIfThere(.read) else {
                findings.append(
                    DoctorFinding(
                        subject: .store, state: .note, words: "none yet; the first memory makes it", remedy: nil))
                return nil
            }
            let counts = try store.reading { () throws(SQLiteError) in
                (try store.count("memory WHERE state = 'active'"), try store.count("session"))
            }
            findings += structure(context, store)
            let isEmpty = counts.0 == 0 && counts.1 > 2
            findings.append(
                DoctorFinding(
                    subject: .store, state: isEmpty ? .bad : .fine,
                    words: "\(RuleWords.grouped(counts.0)) memories from \(RuleWords.grouped(counts.1)) sessions",
                    remedy: isEmpty ? "`ccmem extract --dry-run --refused` shows what is left out, and why." : nil))
            return store
        } catch {
            findings.append(
                DoctorFinding(
                    subject: .store, state: .bad, words: (error as? CommandError)?.message ?? "\(error)",
                    remedy: (error as? CommandError)?.help ?? "`ccmem audit` looks closer."))
            return nil
        }
    }

    /// What is wrong with the file and what stands beside it.
    private func structure(_ context: ProjectContext, _ store: MemoryStore) -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        func add(_ words: String, _ remedy: String, _ repair: DoctorRepair?, _ state: DoctorFinding.State = .bad) {
            findings.append(
                DoctorFinding(subject: .store, state: state, words: words, remedy: remedy, repair: repair))
        }
        // Text indexes are compared by an INSERT that inserts nothing, so the store is opened to write.
        let structure =
            (try? MemoryStore(path: context.database, access: .write)).flatMap { try? $0.auditStructure() } ?? []
        if structure.contains(where: { $0.check == .integrity || $0.check == .foreignKeys }) {
            add("the database is damaged", "`ccmem repair` saves what can be read.", nil)
        } else if let index = structure.first(where: { $0.check == .index }) {
            add(
                "the text index \(index.place) does not say what the rows say", "`ccmem repair` makes it again.",
                .rebuildIndexes(database: context.database))
        }
        let pending = try? store.reading { () throws(SQLiteError) in
            try store.count("meta WHERE name = 'cleanup_pending'")
        }
        if pending == 1 {
            add(
                "what was forgotten waits to be overwritten", "`ccmem gc` does it when nobody else reads.",
                .cleanUp(database: context.database), .note)
        }
        var open = [context.database, context.database + "-wal", context.database + "-shm"]
        open.append(context.location.dataFolder)
        open.append(context.location.dataFolder + "/hook.log")
        open.removeAll { (Files.status(of: $0)?.permissions ?? 0) & 0o077 == 0 }
        if !open.isEmpty {
            add(
                "others may look into \(open.joined(separator: ", "))", "`chmod go= FILE` keeps it to yourself.",
                .closeToOthers(paths: open))
        }
        return findings
    }

    private func transcripts(_ context: ProjectContext, _ store: MemoryStore) -> [DoctorFinding] {
        let found = InputFiles.transcripts(
            of: context.location.root, context.active?.settings, optOuts: .none, environment)
        let known = (try? store.reading { () throws(SQLiteError) in try store.transcriptPaths() }) ?? []
        let fresh = found.accepted.filter { !known.contains(StoredText.path($0.path)) }.count
        return [
            DoctorFinding(
                subject: .transcripts, state: fresh == 0 ? .fine : .note,
                words: fresh == 0
                    ? "all \(found.accepted.count) are stored"
                    : "\(fresh) of \(found.accepted.count) are not stored yet",
                remedy: fresh == 0 ? nil : "`ccmem ingest --pending` stores them; the next session start does, too.")
        ]
    }
}
