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
}

/// All checks of `doctor`. None of them fails: what can't be looked at is a finding.
struct Doctor {
    let options: ProjectOptions
    private let environment = Environment.current()

    init(options: ProjectOptions) { self.options = options }

    func findings() -> [DoctorFinding] {
        var findings = [programs(), hooks()]
        let context: ProjectContext
        do {
            context = try ProjectContext.find(options)
        } catch {
            findings.append(
                DoctorFinding(
                    subject: .project, state: .bad, words: (error as? CommandError)?.message ?? "\(error)", remedy: nil)
            )
            return findings + [errors()]
        }
        findings.append(
            DoctorFinding(
                subject: .project, state: context.refusal == nil ? .fine : .note,
                words: context.refusal ?? "\(context.root); store \(context.database)", remedy: nil))
        findings += rules(context)
        if let store = store(context, &findings) {
            findings += transcripts(context, store)
            findings += delivery(store)
        }
        findings.append(errors())
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

    private func hooks() -> DoctorFinding {
        guard let folder = environment.claudeDirectory else {
            return DoctorFinding(
                subject: .hooks, state: .bad, words: "there is no home directory", remedy: "Set `HOME`.")
        }
        var places: [String] = []
        var broken: [String] = []
        var files = [folder + "/settings.json"]
        if let root = try? ProjectContext.find(options).root {
            files += [root + "/.claude/settings.json", root + "/.claude/settings.local.json"]
        }
        for file in files {
            guard let bytes = try? Files.contents(of: file, limit: 1 << 24) else { continue }
            guard let settings = try? ClaudeSettings(bytes) else {
                broken.append("\(file) is no JSON")
                continue
            }
            let paths = settings.hookPaths
            if !paths.isEmpty { places.append(file) }
            broken += paths.filter { $0.hasPrefix("/") && Files.status(of: $0) == nil }.map {
                "\(file) calls \($0), which is gone"
            }
            if settings.hasPlugin { places.append("the plugin, switched on in \(file)") }
        }
        if let problem = broken.first {
            return DoctorFinding(
                subject: .hooks, state: .bad, words: problem, remedy: "`ccmem install --user` writes the path of today."
            )
        }
        guard let first = places.first else {
            return DoctorFinding(
                subject: .hooks, state: .bad, words: "Claude Code does not call ccmem",
                remedy: "`ccmem install --user` adds the hooks; so does the plugin.")
        }
        guard places.count > 1 else {
            return DoctorFinding(subject: .hooks, state: .fine, words: first, remedy: nil)
        }
        return DoctorFinding(
            subject: .hooks, state: .note, words: "registered twice: \(places.joined(separator: "; "))",
            remedy: "The second call of an event is silent, so nothing is doubled; `ccmem uninstall` takes one out.")
    }

    private func errors() -> DoctorFinding {
        let last = environment.dataFolder.flatMap { HookLog(dataFolder: $0).last }
        return DoctorFinding(
            subject: .errors, state: last == nil ? .fine : .note, words: last ?? "no hook has noted any",
            remedy: last == nil ? nil : "The newest message of `hook.log`; it may have been mended since.")
    }

    // MARK: - The project

    private func rules(_ context: ProjectContext) -> [DoctorFinding] {
        let added = AddedRules(environment, project: (context.location.root, TrustLedger(context.location)))
        var findings: [DoctorFinding] = []
        if let notice = added.notice {
            findings.append(DoctorFinding(subject: .rules, state: .note, words: notice, remedy: nil))
        }
        for problem in added.problems {
            findings.append(
                DoctorFinding(subject: .rules, state: .bad, words: problem, remedy: "`ccmem rules lint` tells more."))
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
                (try store.count("memory WHERE state = 'active'"), try store.count("session"), try store.quickCheck())
            }
            guard counts.2 else {
                findings.append(
                    DoctorFinding(
                        subject: .store, state: .bad, words: "the database is damaged",
                        remedy: "`ccmem repair` saves what can be read."))
                return store
            }
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
                    remedy: "`ccmem audit` looks closer."))
            return nil
        }
    }

    private func transcripts(_ context: ProjectContext, _ store: MemoryStore) -> [DoctorFinding] {
        let found = InputFiles.transcripts(
            of: context.location.root, context.active?.settings, optOuts: .none, environment)
        let known = (try? store.reading { () throws(SQLiteError) in try store.transcriptPaths() }) ?? []
        let fresh = found.accepted.filter { !known.contains($0.path) }.count
        return [
            DoctorFinding(
                subject: .transcripts, state: fresh == 0 ? .fine : .note,
                words: fresh == 0
                    ? "all \(found.accepted.count) are stored"
                    : "\(fresh) of \(found.accepted.count) are not stored yet",
                remedy: fresh == 0 ? nil : "`ccmem ingest --pending` stores them; the next session start does, too.")
        ]
    }

    /// Whether the words of the last injection stand in the transcript of that session: then Claude Code has taken them.
    private func delivery(_ store: MemoryStore) -> [DoctorFinding] {
        let last = try? store.reading { () throws(SQLiteError) -> (String, Int, String?)? in
            guard let session = try store.lastInjectedSession() else { return nil }
            let injected = try store.injections(inSession: session)
            let path = try store.handoff(ofSession: session)?.transcript
            return (session, injected.reduce(0) { $0 + $1.tokens }, path)
        }
        guard let (session, tokens, path) = last ?? nil else {
            return [DoctorFinding(subject: .delivery, state: .fine, words: "nothing was injected yet", remedy: nil)]
        }
        let cost = DoctorFinding(
            subject: .cost, state: .fine,
            words: "\(RuleWords.grouped(tokens)) tokens of context in the last session; no model was called",
            remedy: nil)
        guard let path, let bytes = try? Files.contents(of: path, limit: 1 << 26) else {
            return [
                DoctorFinding(
                    subject: .delivery, state: .note,
                    words: "the transcript of session \(session) is not there to look at",
                    remedy: nil), cost,
            ]
        }
        let arrived = ByteText.contains(bytes, "hook_additional_context") && ByteText.contains(bytes, "ccmem")
        return [
            DoctorFinding(
                subject: .delivery, state: arrived ? .fine : .bad,
                words: arrived
                    ? "what was injected last arrived, by \(path)" : "what was injected last does not stand in \(path)",
                remedy: arrived ? nil : "Look whether another hook fails (`claude --debug hooks`), and at `hook.log`."),
            cost,
        ]
    }
}

private enum ByteText {
    static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first, bytes.count >= wanted.count else { return false }
        var at = 0
        while at <= bytes.count - wanted.count {
            if bytes[at] == first, bytes[at..<at + wanted.count].elementsEqual(wanted) { return true }
            at += 1
        }
        return false
    }
}
