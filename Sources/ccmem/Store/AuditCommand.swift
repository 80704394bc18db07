import ArgumentParser
import Commands
import JSON
import Projects
import Redaction
import SQLite
import Storage

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Prove that the store is whole, private and within its budgets.",
        discussion: """
            Checks pages and constraints, references, text indexes against rows, budgets against ledgers, every stored text for \
            secrets, private text and words that pass for the client's own, files beside the store for what was forgotten, and \
            who may read the files. Names places, never \
            the text.

            EXAMPLES
              ccmem audit
              ccmem audit --json | jq '.findings[].place'

            EXIT STATUS
              0  nothing is wrong
              1  something is wrong, or there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    func run() throws {
        let context = try ProjectContext.find(project)
        let findings = try StoreAudit(context: context).findings()
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.key("findings")
                    writer.beginArray()
                    for finding in findings {
                        writer.beginObject()
                        writer.key("check")
                        writer.string(finding.check.rawValue)
                        writer.key("place")
                        writer.string(finding.place)
                        writer.key("problem")
                        writer.string(finding.problem)
                        writer.endObject()
                    }
                    writer.endArray()
                })
        } else {
            var page = MemoryPage.forOutput()
            for check in AuditFinding.Check.allCases {
                let found = findings.filter { $0.check == check }
                page.line("\(found.isEmpty ? "ok  " : "FAIL")  \(check.rawValue)")
                for finding in found { page.line("      \(finding.place): \(finding.problem)") }
            }
            page.print()
        }
        if !findings.isEmpty { throw ExitStatus.nothingFound }
    }
}

/// All checks of `audit`.
struct StoreAudit {
    let context: ProjectContext

    func findings() throws -> [AuditFinding] {
        let store = try context.openToWrite()
        var findings = try StoreWords.inWords { () throws(StoreError) in try store.auditStructure() }
        let audit = TextAudit(redactor: try PackFiles.redactor().makeWorker())
        do throws(StoreError) {
            try store.reading { () throws(SQLiteError) in
                try store.forEachText { place, text in findings += audit.findings(in: text, place: place) }
            }
        } catch {
            // A damaged page ends the reading; the checks above have named it.
            guard case .corrupted = error, !findings.isEmpty else { throw StoreWords.error(error) }
        }
        findings += try leftBeside(store)
        for path in [context.database, context.database + "-wal", context.database + "-shm"] {
            guard let status = Files.status(of: path), status.permissions & 0o077 != 0 else { continue }
            findings.append(
                AuditFinding(
                    check: .permissions, place: path, problem: "others may read it; `chmod 600` keeps it to yourself"))
        }
        return findings
    }

    /// Files that forgetting does not reach and that hold, or may hold, what was forgotten.
    private func leftBeside(_ store: MemoryStore) throws -> [AuditFinding] {
        let lines = TopicFiles.linesOfAll(below: context.location.views)
        let answers = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.forgotten(among: lines.map(\.content)) }
        }
        guard let answers else { return [] }
        return zip(lines, answers).filter(\.1).map { line, _ in
            AuditFinding(
                check: .forgotten, place: line.place, problem: "says what was forgotten; it is yours to take out")
        }
            + DamagedCopies.paths(beside: context.location.folder).map {
                AuditFinding(
                    check: .forgotten, place: $0,
                    problem: "may hold what was forgotten; `ccmem forget --damaged-copies` deletes it")
            }
    }
}

/// Looks at a stored text: what would be taken out of it should not be there.
struct TextAudit {
    let redactor: RedactionWorker

    func findings(in text: String, place: String) -> [AuditFinding] {
        let report = redactor.redact(text).report
        var findings = report.secrets.keys.sorted().map { kind in
            AuditFinding(check: .secrets, place: place, problem: "holds a secret of the kind \(kind)")
        }
        if report.privateSpans > 0 {
            findings.append(AuditFinding(check: .privacy, place: place, problem: "holds private text"))
        }
        if report.neutralizedCount > 0 {
            findings.append(
                AuditFinding(
                    check: .privacy, place: place,
                    problem: "holds words that pass for the client's own, or characters that nobody sees"))
        }
        return findings
    }
}
