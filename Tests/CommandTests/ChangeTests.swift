import Foundation
import TestSupport
import Testing

@Suite struct AddCommandTests {
    let workspace: Workspace
    init() throws { workspace = try Workspace() }

    @Test func aFirstMemoryMakesTheStoreAndASecondTimeIsKnown() throws {
        #expect(try workspace.run("add", "constraint", "Never", "push", "to", "main").output == "#1 stored\n")
        #expect(try workspace.run("add", "constraint", "Never push to main").output == "#1 already known\n")
        let memory = try #require(try workspace.run("list", "--json").memories.first)
        #expect(memory["origin"] as? String == "manual")
        #expect(memory["importance"] as? Int == 4)
        let mode = try FileManager.default.attributesOfItem(atPath: workspace.database)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func aKeyReplacesAndStandardInputIsRead() throws {
        try workspace.run("add", "config", "port = 8080", "--key", "Port", "--tag", "Net")
        let second = try workspace.run(["add", "config", "-", "--key", "config:port"], input: "port = 8081\n")
        #expect(second.output == "#2 replaces #1\n")
        let memory = try #require(try workspace.run("list", "--json").memories.first)
        #expect(memory["key"] as? String == "config:port")
        #expect(try workspace.run("list", "--tag", "net", "--all", "--json").memories.count == 1)
    }

    @Test func aSessionCanBeNamed() throws {
        try workspace.run("add", "note", "Ask Kim about the quota", "--session", "abc")
        #expect(try workspace.run("list", "--session", "abc", "--json").memories.count == 1)
        #expect(try workspace.run("list", "--session", "other", "--json").status == 1)
    }

    @Test func whatAPersonAddedIsNeitherReplacedNorArchivedByATranscript() throws {
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        let content = try #require(try workspace.run("list", "--json").memories.first?["content"] as? String)
        try workspace.run("add", "constraint", content)
        // The transcript is rewritten and holds nothing of it any more.
        try workspace.write(Workspace.transcript([("user", "Hello there.")]), to: "session.jsonl")
        #expect(try workspace.run("ingest", "session.jsonl").status == 0)
        let left = try workspace.run("list", "--json").memories.compactMap { $0["content"] as? String }
        #expect(left == [content])
    }

    @Test func whatAPersonSaysNowIsTheNewestWhateverTheClockSays() throws {
        try workspace.write(
            #"{"category":"config","content":"port is 8080","key":"port","origin":"manual","said_at":"2199-01-01T00:00:00.000Z"}"#,
            to: "ahead.jsonl")
        #expect(try workspace.run("import", "ahead.jsonl").status == 0)
        for port in [9090, 9091] {
            #expect(try workspace.run("add", "config", "port is \(port)", "--key", "port").output.contains("replaces"))
        }
        #expect(
            try workspace.run("list", "--json").memories.compactMap { $0["content"] as? String } == ["port is 9091"])
    }

    @Test func ofWordsThatAreKnownAPersonSaysWhatTheyAre() throws {
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        let found = try #require(
            try workspace.run("list", "--json").memories.first {
                ($0["content"] as? String)?.contains("PostgreSQL") == true
            })
        let (id, content) = (try #require(found["id"] as? Int), try #require(found["content"] as? String))
        #expect(found["category"] as? String == "decision")
        let added = try workspace.run(
            "add", "constraint", content, "--importance", "5", "--tag", "keep", "--key", "database")
        #expect(added.output.hasPrefix("#\(id) already known; changed: tag, category, "))
        let now = try #require(try workspace.run("show", "\(id)", "--json").json["memory"] as? [String: Any])
        #expect(now["category"] as? String == "constraint")
        #expect(now["key"] as? String == "constraint:database")
        #expect(try workspace.run("undo").status == 0)
        let before = try workspace.run("show", "\(id)", "--json").json["memory"] as? [String: Any]
        #expect(before?["category"] as? String == "decision")
    }

    @Test(
        "Wrong words leave with 2 and store nothing",
        arguments: [
            ["add", "desicion", "x"], ["add", "note"], ["add", "note", "  "],
            ["add", "note", "x", "--importance", "6"],
            ["add", "note", "x", "--key", " "],
        ])
    func usage(_ arguments: [String]) throws {
        #expect(try workspace.run(arguments).status == 2)
        #expect(!FileManager.default.fileExists(atPath: workspace.database))
    }

    @Test func fortyWritersAtOnceStoreEachFactOnce() throws {
        let same = try Workspace()
        for (place, text) in [(same, { _ in "Never push to main" }), (workspace, { "The code word is number\($0)" })]
            as [(Workspace, (Int) -> String)]
        {
            let programs = try (1...40).map { number in
                try place.start(["add", "note", text(number)])
            }
            #expect(programs.allSatisfy { $0.wait() == 0 })
            #expect(try place.shell("PRAGMA integrity_check").output == "ok\n")
            // The page holds what the store holds, whoever wrote last.
            let lines = try place.read(".ccmem/MEMORY.md").split(separator: "\n").filter { $0.hasPrefix("- #") }
            #expect(try place.shell("SELECT count(*) FROM memory").output == "\(lines.count)\n")
        }
        #expect(try same.shell("SELECT count(*) FROM memory").output == "1\n")
        #expect(try workspace.shell("SELECT count(*) FROM memory WHERE state = 'active'").output == "40\n")
    }
}

@Suite struct EditCommandTests {
    let workspace: Workspace
    init() throws { workspace = try Workspace() }

    private var active: Set<String> {
        get throws { Set(try workspace.run("list", "--json").memories.compactMap { $0["content"] as? String }) }
    }

    @Test func readingTheTranscriptAgainDoesNotBringOldWordsBack() throws {
        let transcript = Workspace.transcript(IngestTests.talk)
        try workspace.write(transcript, to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        let memories = try workspace.run("list", "--json").memories
        let edited = try #require(memories[0]["id"] as? Int)
        let archived = try #require(memories[1]["id"] as? Int)
        #expect(try workspace.run("edit", "\(edited)", "--content", "Entirely other words").status == 0)
        #expect(try workspace.run("archive", "#\(archived)", "--reason", "gone").output == "#\(archived) archived\n")
        let expected = try active
        #expect(expected.contains("Entirely other words"))
        // As grown, as rewritten, and as read by other packs.
        try workspace.write(transcript + transcript, to: "session.jsonl")
        #expect(try workspace.run("ingest", "session.jsonl").status == 0)
        #expect(try active == expected)
        try workspace.write(
            """
            pack: team
            format: 1
            version: 1.0.0
            summary: Nothing much.
            rules: []

            """, to: "team.yaml")
        try workspace.shell("UPDATE transcript SET plan = 'older'")
        let stale = try workspace.run("ingest", "session.jsonl", "--stale", "--json")
        #expect(stale.json["transcripts"] as? Int == 1)
        #expect(try active == expected)
    }

    @Test func nothingToChangeWithoutATerminalIsAUsageError() throws {
        try workspace.run("add", "note", "x1")
        let run = try workspace.run(["edit", "1"], environment: ["EDITOR": "true"])
        #expect(run.status == 2)
        #expect(run.errors.contains("--content"))
        #expect(try workspace.run("edit", "1", "--content", " ").status == 2)
        #expect(try workspace.run("edit", "7", "--importance", "2").status == 1)
        #expect(try workspace.run("edit", "1", "--key", "a", "--no-key").status == 2)
    }

    @Test func fieldsChangeInPlace() throws {
        try workspace.run("add", "config", "port = 8080", "--key", "port", "--tag", "draft")
        let run = try workspace.run(
            "edit", "1", "--importance", "5", "--no-key", "--tag", "net", "--untag", "draft", "--json")
        #expect(run.json["outcome"] as? String == "changed")
        let memory = try #require(try workspace.run("list", "--json").memories.first)
        #expect(memory["id"] as? Int == 1)
        #expect(memory["importance"] as? Int == 5)
        #expect(memory["key"] is NSNull)
        #expect(memory["tags"] as? [String] == ["net"])
        #expect(try workspace.run("edit", "1", "--importance", "5").output == "#1 is like that already\n")
    }
}

@Suite struct ArchiveAndLinkCommandTests {
    let workspace: Workspace
    init() throws {
        workspace = try Workspace()
        for port in ["8080", "8081"] { try workspace.run("add", "config", "port = \(port)", "--key", "port") }
    }

    @Test func whatStandsInTheWayIsNamed() throws {
        let run = try workspace.run("restore", "1")
        #expect(run.status == 1)
        #expect(run.errors.contains("#2 stands in its place"))
        #expect(try workspace.run("archive", "2", "9").status == 1)
        #expect(try workspace.run("archive", "2").output == "#2 is archived already\n")
        #expect(try workspace.run("restore", "1").output == "#1 restored\n")
        #expect(try workspace.run("restore", "1").output == "#1 is active already\n")
    }

    @Test func linksAreLoggedAndRefusalsExplained() throws {
        #expect(try workspace.run("add", "bug", "The pool was too small").status == 0)
        #expect(try workspace.run("link", "3", "2", "--as", "caused-by").output == "#3 caused_by #2\n")
        #expect(
            try workspace.run("link", "3", "2", "--as", "caused_by").output == "#3 caused_by #2 is known already\n")
        #expect(
            try workspace.shell("SELECT count(*) FROM memory_event WHERE kind = 'linked' AND memory_id = 3").output
                == "1\n")
        #expect(try workspace.run("link", "1", "2", "--as", "supersedes").errors.contains("#2 supersedes #1 already"))
        #expect(try workspace.run("link", "2", "2", "--as", "related_to").status == 1)
        #expect(try workspace.run("link", "2", "3", "--as", "beats").status == 2)
    }

    @Test func withoutAStoreOneIsNamed() throws {
        let empty = try Workspace()
        for verb in [["archive", "1"], ["restore", "1"], ["undo"], ["edit", "1", "--importance", "1"]] {
            let run = try empty.run(verb)
            #expect(run.status == 1, "\(verb)")
            #expect(run.errors.contains("There is no store"))
        }
    }
}

@Suite struct UndoCommandTests {
    let workspace: Workspace
    init() throws { workspace = try Workspace() }

    @Test func anIngestIsTakenBackAndItsTranscriptDoesNotBringItBack() throws {
        try workspace.run("add", "config", "The answer is 42")
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        let turns = try workspace.shell("SELECT count(*) FROM turn").output
        let before = try workspace.run("list", "--json").output
        let preview = try workspace.run("undo", "--dry-run", "--json")
        #expect(try workspace.run("list", "--json").output == before)
        let undone = try workspace.run("undo", "--json")
        #expect(undone.json["archived"] as? [Int] == preview.json["archived"] as? [Int])
        #expect(undone.json["kind"] as? String == "ingest")
        #expect(try workspace.run("list", "--json").memories.count == 1)
        #expect(try workspace.shell("SELECT count(*) FROM turn").output == turns)
        try workspace.shell("UPDATE transcript SET plan = 'older'")
        try workspace.run("ingest", "session.jsonl", "--stale")
        #expect(try workspace.run("list", "--json").memories.count == 1)
        #expect(try workspace.run("undo").status == 0)
        #expect(try workspace.run("list", "--json").memories.isEmpty)
        #expect(try workspace.run("undo").status == 1)
    }
}

@Suite struct ImportCommandTests {
    let workspace: Workspace
    init() throws { workspace = try Workspace() }

    @Test func wrongLinesAreNamedAndTheOthersStored() throws {
        try workspace.write(
            """
            {"category":"desicion","content":"We use tabs"}
            {"category":"decisions","content":"We use spaces","importance":4,"tags":["Style"],"key":"indent"}

            {"category":"note","content":"  "}
            {"category":"note","content":"n1","importance":"high"}
            not json
            {"category":"note","content":"n2","state":"archived","reason":"old","unknown":[{}]}

            """, to: "in.jsonl")
        let first = try workspace.run("import", "in.jsonl", "--json")
        #expect(first.status == 3)
        #expect(first.json["inserted"] as? Int == 2)
        #expect(first.json["bad_lines"] as? Int == 4)
        #expect(
            first.errors == """
                error: in.jsonl:1: the category `desicion` is not known; did you mean `decision`?
                error: in.jsonl:4: `content` is missing.
                error: in.jsonl:5: `importance` is a whole number from 1 to 5.
                error: in.jsonl:6: this is no JSON object.

                """)
        let list = try workspace.run("list", "--all", "--json")
        #expect(list.memories.map { $0["origin"] as? String } == ["import", "import"])
        #expect(list.memories[0]["key"] as? String == "decision:indent")
        #expect(list.memories[1]["state"] as? String == "archived")
        #expect(try workspace.run("import", "in.jsonl", "--json").json["inserted"] as? Int == 0)
        #expect(try workspace.run("list", "--all", "--json").output == list.output)
    }

    @Test func anExportMakesTheSameActiveMemoriesElsewhere() throws {
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        for port in 1...2 { try workspace.run("add", "config", "port = \(port)", "--key", "port", "--tag", "net") }
        try workspace.run("archive", "1")
        #expect(try workspace.run("export", "--output", "all.jsonl").status == 0)
        let other = try Workspace()
        try other.write(workspace.read("all.jsonl"), to: "all.jsonl")
        #expect(try other.run("import", "all.jsonl").status == 0)
        func active(_ workspace: Workspace) throws -> [String: NSDictionary] {
            var found: [String: NSDictionary] = [:]
            for var memory in try workspace.run("list", "--json").memories {
                for key in ["id", "created_at"] { memory[key] = nil }
                found[try #require(memory["uid"] as? String)] = memory as NSDictionary
            }
            return found
        }
        let here = try active(workspace)
        #expect(!here.isEmpty)
        #expect(try active(other) == here)
        // The moment at which the row was made is the only thing that differs.
        let moment = /"created_at":"[^"]*"/
        #expect(
            try other.run("export").output.replacing(moment, with: "")
                == workspace.run("export").output.replacing(moment, with: ""))
        #expect(try other.run("audit").status == 0)
    }

    @Test func aByteOrderMarkIsNoPartOfALine() throws {
        let line = #"{"category":"note","content":"Written by an editor of Windows"}"#
        let run = try workspace.run("import", "-", input: "\u{FEFF}" + line + "\r\n")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try workspace.run("list", "--json").memories.count == 1)
    }

    @Test func memoriesOfAnotherStoreAreTheSameHere() throws {
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        for port in 1...2 { try workspace.run("add", "config", "port = \(port)", "--key", "port", "--tag", "net") }
        try workspace.run("archive", "1", "--reason", "gone")
        func memories(_ workspace: Workspace) throws -> [String: NSDictionary] {
            var found: [String: NSDictionary] = [:]
            for var memory in try workspace.run("list", "--all", "--json").memories {
                for key in ["id", "created_at", "sightings"] { memory[key] = nil }
                found[try #require(memory["uid"] as? String)] = memory as NSDictionary
            }
            return found
        }
        let lines = try workspace.run("list", "--all", "--json").memories.map {
            String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self) + "\n"
        }
        let other = try Workspace()
        #expect(try other.run(["import", "-"], input: lines.joined()).status == 0)
        #expect(try memories(other) == memories(workspace))
    }

    @Test func linesOfExtractCarryTheirEvidence() throws {
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        let lines = try workspace.run("extract", "--dry-run", "session.jsonl", "--format", "jsonl", "--refused").output
        let run = try workspace.run(["import", "-"], input: lines)
        #expect(run.status == 0, "\(run.errors)")
        let imported = try workspace.run("list", "--json").memories
        #expect(!imported.isEmpty)
        #expect(imported.allSatisfy { $0["sightings"] as? Int == 1 })
        try workspace.run("ingest", "session.jsonl")
        #expect(try workspace.run("list", "--json").memories.count == imported.count)
        #expect(try workspace.run("undo").status == 0)
    }
}
