import Foundation
import TestSupport
import Testing

/// What a line gives that is wrong, or asks for what is not there: the message says what is meant, and what to do.
@Suite struct MistakeTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.run("add", "note", "Buoys drift by the current of the river")
        try workspace.run("add", "config", "The decimal comma is used in reports")
    }

    @Test(
        "A wrong line names what is right",
        arguments: [
            (["lst"], "error: There is no verb `ccmem lst`; did you mean `ccmem list`?"),
            (["help", "serch"], "did you mean `ccmem search`?"),
            (["rules", "lnt"], "error: There is no verb `ccmem rules lnt`; did you mean `ccmem rules lint`?"),
            (["config", "gett", "archive"], "did you mean `ccmem config get`?"),
            (["zzzzzz"], "There is no verb `ccmem zzzzzz`."),
            (["rules", "lint", "--nope"], "error: Unknown option '--nope'"),
            (["list", "--since", "yesterday"], "a date or a time is written as 2026, 2026-03, 2026-03-01 or"),
            (["search", "x", "--since", "2026-02-30"], "a date or a time is written as"),
            (["list", "--limit", "-3"], "error: --limit takes no negative number, and -3 is one."),
            (["search", "x", "--limit", "-3"], "error: --limit takes no negative number, and -3 is one."),
            (["list", "--limit"], "error: Missing value for '--limit <n>'"),
            (
                ["rules", "docs", "--json"],
                "error: pages are Markdown; `ccmem rules show ID --json` tells the same to programs."
            ),
            (["search", "x", "--tokens", "0"], "error: --tokens takes a number from 1."),
        ])
    func wrong(_ arguments: [String], _ words: String) throws {
        let run = try workspace.run(arguments)
        #expect(run.status == 2)
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    @Test func helpOfAVerbIsNoMistake() throws {
        for line in [["help", "list"], ["help", "rules"], ["help", "rules", "lint"], ["help"]] {
            let run = try workspace.run(line)
            #expect(run.status == 0 && run.errors.isEmpty, "\(line): \(run.errors)")
        }
    }

    @Test("What matches and has no room is said", arguments: [[], ["--json"], ["--scope", "all"]])
    func noRoom(_ more: [String]) throws {
        let run = try workspace.run(["search", "buoys", "--tokens", "1"] + more)
        #expect(run.status == 0)
        #expect(run.errors == "1 result matches; the smallest needs 8 tokens: `--tokens 8`.\n")
        #expect(try workspace.run(["search", "buoys", "--tokens", "8"] + more).errors == "")
        #expect(try workspace.run(["search", "zebra", "--tokens", "1"] + more).status == 1)
    }

    @Test func anAnswerThatHasNoRoomIsSaid() throws {
        let question = ["recall", "decimal comma", "--json", "--tokens"]
        let run = try workspace.run(question + ["60"])
        #expect(run.status == 0 && run.memories.isEmpty)
        let least = run.errors.split(separator: " ").compactMap { Int($0) }.first ?? 0
        #expect(run.errors == "What answers it needs \(least) tokens or more as JSON: `--tokens \(least)`.\n")
        #expect((61...150).contains(least))
        let enough = try workspace.run(question + ["\(least)"])
        #expect(enough.memories.count == 1 && enough.errors.isEmpty)
        #expect(enough.json["tokens"] as? Int ?? .max <= least)
        #expect(try workspace.run(["recall", "zebra stripes", "--json", "--tokens", "60"]).status == 1)
    }

    @Test func aTranscriptThatIsNotThereIsNoSentence() throws {
        let run = try workspace.run("why-not", "../nope.jsonl:1")
        #expect(run.status == 3)
        #expect(run.errors == "error: There is no file ../nope.jsonl.\n")
        #expect(try workspace.run("why-not", "We decided at 10:30").output.contains("1 sentence"))
    }

    static let oddLines: [(String, String)] = [
        (#""uid":"x x""#, "`uid` is 1 to 64 letters"), (#""score":"abc""#, "`score` is a number"),
        (#""score":1e300"#, "`score` is a number"), (#""sightings":"x""#, "`sightings` is an array of objects"),
        (#""sightings":[1]"#, "`sightings` is an array of objects"),
        (#""sightings":[{"line":-5}]"#, "`sightings.line` is a whole number from 0"),
        (#""sightings":[{"role":"king"}]"#, "`sightings.role` is one of user,"),
        (#""sightings":[{"said_at":"noon"}]"#, "`sightings.said_at` is a time in UTC"),
        (#""links":[{"kind":"x","to":"y"}]"#, "`links.kind` is one of supersedes,"),
        (#""links":[{"kind":"resolves"}]"#, "`links` is an array of objects with `kind` and `to`"),
        (#""line":99999999999999999999"#, "`line` is a whole number from 0"),
        (#""terms":[{"name":"x"}]"#, "`terms` is an array of objects with `name` and `value`"),
        (#""said_at":"2026-02-31T00:00:00Z""#, "`said_at` is a time in UTC"),
        (#""role":"king""#, "the role `king` is not known"),
    ]

    @Test("A value that is not right makes a line of an import wrong", arguments: oddLines)
    func oddValue(_ field: String, _ words: String) throws {
        let line = #"{"category":"note","content":"The odd one",\#(field)}"# + "\n"
        let run = try workspace.run(
            ["import", "-"], input: line + #"{"category":"note","content":"Fine","score":-1.5}"#)
        #expect(run.status == 3)
        #expect(run.errors.contains("error: -:1: " + words), "\(run.errors)")
        #expect(run.output.contains("2 lines: 1 stored, 0 already known, 1 wrong."))
    }

    @Test func anIngestOfTopicsAloneIsNotNothing() throws {
        try workspace.write("- PostgreSQL is ours\n", to: ".ccmem/topics/db.md")
        try workspace.run("trust", "--yes")
        #expect(try workspace.run("ingest").output == "Topics: 1 stored, 0 archived.\n")
        #expect(try workspace.run("ingest").output == "There was nothing to store.\n")
    }

    @Test(
        "Colours go to a terminal that knows them, unless somebody wants none",
        arguments: [
            ([:], true), (["TERM": "xterm"], true), (["TERM": "dumb"], false), (["NO_COLOR": "1"], false),
            (["NO_COLOR": ""], true),
        ] as [([String: String], Bool)])
    func colour(_ environment: [String: String], _ isColoured: Bool) throws {
        let terminal = try Terminal()
        let program = try workspace.start(["list"], environment: environment, output: .descriptor(terminal.line))
        #expect(program.wait() == 0)
        let text = terminal.text()
        #expect(text.contains("Buoys") && text.contains("\u{1B}[") == isColoured, "\(text)")
    }

    @Test func oneLineIsOneLine() throws {
        try workspace.write(Workspace.transcript([(role: "user", text: "ok")]), to: "one.jsonl")
        #expect(try workspace.run("extract", "--dry-run", "one.jsonl").output.contains(" in 1 line of 1 transcript"))
    }

    /// Left by a full disk, or by somebody's `> memory.db`.
    @Test func aFileOfZeroBytesIsNoStore() throws {
        for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: workspace.database + end) }
        // The same file: another one would not be trusted.
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: workspace.database))
        try file.truncate(atOffset: 0)
        try file.close()
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: workspace.database)
        for verb in ["list", "audit", "repair"] {
            let run = try workspace.run(verb)
            #expect(run.status == 1)
            #expect(run.errors.contains("memory.db is empty: there is no store in it, and nothing to salvage."))
        }
        let run = try workspace.run("add", "note", "A new beginning")
        #expect(run.status == 0 && run.errors.contains("memory.db was empty; a new store begins in it."))
        #expect(try !workspace.run("add", "note", "Another one").errors.contains("was empty"))
    }

    @Test(
        "A number that no store reaches is taken as it is meant",
        arguments: [
            "search linter --limit 4611686018427387904", "search linter --scope all --limit 9223372036854775807",
            "keywords --limit 9223372036854775807", "handoff --sessions 4611686018427387904",
            "topics --limit 9223372036854775807", "list --limit 9223372036854775807",
            "sessions --limit 9223372036854775807", "timeline --limit 9223372036854775807",
            "usage --limit 9223372036854775807",
        ])
    func hugeNumbers(_ line: String) throws {
        let workspace = try Workspace()
        try workspace.write(Workspace.transcript(session: "talk", IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        #expect([0, 1].contains(try workspace.run(line.split(separator: " ").map(String.init)).status), "\(line)")
    }

    @Test func aPatternThatCouldNotBeTriedIsSaidAlsoByTheDryRun() throws {
        let workspace = try Workspace()
        try workspace.run("add", "note", String(repeating: "a", count: 60) + " secret-name")
        let pattern = "(a|aa)+c|secret-name"
        for options in [["--dry-run"], []] {
            let run = try workspace.run(["forget", "--match", pattern] + options)
            #expect(run.status == 3, "\(options): \(run.output)")
            #expect(run.errors.contains("used up its limits on"), "\(run.errors)")
        }
    }

    @Test func privateWordsAloneAreNoMemory() throws {
        let workspace = try Workspace()
        let run = try workspace.run("add", "note", "<private>the name</private>")
        #expect(run.status != 0, "\(run.output)")
        #expect(try workspace.run("list").status == 1)
    }
}
