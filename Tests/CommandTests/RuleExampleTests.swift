import Foundation
#if canImport(FoundationXML)
    import FoundationXML
#endif
import TestSupport
import Testing

/// Examples, recordings and reports of `ccmem rules test`.
@Suite struct RuleExampleTests {
    @Test func examplesPassOrFail() throws {
        let workspace = try RuleSample.workspace()
        let good = try workspace.run("rules", "test", "note.ledger")
        #expect(good.status == 0)
        #expect(good.output == "4 examples of 1 rule: all pass.\n")
        try workspace.write(
            RuleSample.pack(statement: "'Path: {sentence}'").replacing(
                "- text: Invoices go through the finance team.",
                with: "- {text: Invoices go through the finance team., statement: x}"),
            to: ".ccmem/rules/team.yaml")
        let bad = try workspace.run("rules", "test", "note.ledger")
        #expect(bad.status == 1)
        #expect(bad.output.contains(".ccmem/rules/team.yaml:21: note.ledger, match example"), "\(bad.output)")
        #expect(bad.output.contains("the statement is “Path: Invoices go through the finance team.”, not “x”"))
    }

    @Test func allRulesAreTested() throws {
        let run = try RuleSample.workspace().run("rules", "test")
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains(": all pass."))
    }

    @Test func junitIsWellFormed() throws {
        let workspace = try RuleSample.workspace(
            RuleSample.pack().replacing(
                "'Does it go through a team?'", with: "'It must go through <any> \"team\" & us'"))
        let run = try workspace.run("rules", "test", "note.ledger", "--format", "junit")
        #expect(run.status == 1)
        let document = JUnitReader(run.output)
        #expect(document.isWellFormed, "\(run.output)")
        #expect(document.cases == 4)
        #expect(document.failures.count == 1)
        #expect(document.names.contains("reject: It must go through <any> \"team\" & us"))
    }

    @Test func aCorpusIsComparedAndRecorded() throws {
        let workspace = try RuleSample.workspace()
        try workspace.write(
            Workspace.transcript([("user", RuleSample.sentence), ("assistant", "Understood.")]),
            to: "corpus/first/session.jsonl")
        let missing = try workspace.run("rules", "test", "note.ledger", "--corpus", "corpus")
        #expect(missing.status == 4)
        let recorded = try workspace.run("rules", "test", "note.ledger", "--corpus", "corpus", "--record")
        #expect(recorded.status == 4)
        #expect(recorded.output.contains("Recorded"))
        let expected = try workspace.read("corpus/first/expected.jsonl")
        #expect(expected.contains("note.ledger"))
        let same = try workspace.run("rules", "test", "note.ledger", "--corpus", "corpus", "--record")
        #expect(same.status == 0, "\(same.output)")
        let plain = try workspace.run(
            ["extract", "--dry-run", "session.jsonl", "--format", "jsonl"],
            directory: workspace.project.appendingPathComponent("corpus/first"))
        #expect(plain.output == expected, "a recording is what extract prints")
        // A rule that changes shows as a changed recording, not as a wrong example.
        try workspace.write(
            RuleSample.pack(statement: "'Path: {sentence}'"), to: ".ccmem/rules/team.yaml")
        let changed = try workspace.run("rules", "test", "--corpus", "corpus", "--json")
        #expect(changed.status == 4)
        let cases = changed.json["cases"] as? [[String: Any]] ?? []
        #expect((cases.first?["gained"] as? [String])?.first?.contains("Path: The refund") == true)
        #expect(try workspace.read("corpus/first/expected.jsonl") == expected)
    }

    @Test("A recording of nothing is told", arguments: [[], ["--record"]])
    func orphan(_ more: [String]) throws {
        let workspace = try RuleSample.workspace()
        try workspace.write("{}\n", to: "corpus/first/expected.jsonl")
        let run = try workspace.run(["rules", "test", "note.ledger", "--corpus", "corpus"] + more)
        #expect(run.status == 4)
        #expect(run.output.contains("expected.jsonl without a transcript"), "\(run.output)")
        #expect(try workspace.read("corpus/first/expected.jsonl") == "{}\n")
    }

    @Test func rulesOfOnesOwnHaveNoPartInACorpus() throws {
        let workspace = try Workspace()
        try workspace.write(Workspace.transcript([("user", RuleSample.sentence)]), to: "corpus/first/session.jsonl")
        let folder = workspace.home.appendingPathComponent(".config/ccmem/rules")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try RuleSample.pack().write(to: folder.appendingPathComponent("mine.yaml"), atomically: true, encoding: .utf8)
        _ = try workspace.run("rules", "test", "note.ledger", "--corpus", "corpus", "--record")
        #expect(try !workspace.read("corpus/first/expected.jsonl").contains("note.ledger"))
    }

    @Test func aChangeRunsTheTestsAgain() throws {
        let workspace = try RuleSample.workspace()
        let log = workspace.folder.appendingPathComponent("log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let writer = try FileHandle(forWritingTo: log)
        let program = try workspace.start(
            ["rules", "test", "note.ledger", "--watch"], output: .descriptor(writer.fileDescriptor))
        defer { program.send(SIGKILL) }
        var text = ""
        func wait(for words: String) {
            for _ in 0..<600 where !text.contains(words) {
                usleep(50_000)
                text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            }
        }
        wait(for: "Ctrl-C")
        #expect(text.contains("all pass"))
        try workspace.write(
            RuleSample.pack().replacing("Invoices go through", with: "Invoices pass"), to: ".ccmem/rules/team.yaml")
        wait(for: "1 fails")
        #expect(text.contains("none of the keywords stands in it"))
        program.send(SIGTERM)
        for _ in 0..<200 where program.isRunning { usleep(50_000) }
        #expect(!program.isRunning, "it goes on when it is asked to end")
    }
}

/// Counts the cases of a JUnit report.
private final class JUnitReader: NSObject, XMLParserDelegate {
    var isWellFormed = false
    var cases = 0
    var names: [String] = []
    var failures: [String] = []

    init(_ text: String) {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        isWellFormed = parser.parse()
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        if name == "testcase" {
            cases += 1
            names.append(attributes["name"] ?? "")
        }
        if name == "failure" { failures.append(attributes["message"] ?? "") }
    }
}
