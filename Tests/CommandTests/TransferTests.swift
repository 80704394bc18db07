import Foundation
import Testing

/// What `export` writes and `import` takes, from one machine to another.
@Suite struct TransferTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.write(Workspace.transcript(session: "first", IngestTests.talk), to: "first.jsonl")
        // Said again in another session, so that a memory has two places.
        try workspace.write(
            Workspace.transcript(session: "second", [("user", "Hello there.")] + [IngestTests.talk[2]]),
            to: "second.jsonl")
        try workspace.run("ingest", "first.jsonl", "second.jsonl")
        for port in 1...3 { try workspace.run("add", "config", "port = \(port)", "--key", "port", "--tag", "net") }
        try workspace.run("add", "bug", "The pool was too small", "--session", "typed")
        try workspace.run("edit", "1", "--content", "Entirely other words", "--tag", "mine", "--importance", "5")
        try workspace.run("archive", "2", "--reason", "gone")
        try workspace.run("link", "#5", "#3", "--as", "caused-by")
        try workspace.run("link", "#5", "#2", "--as", "related-to")
    }

    /// The lines of an export without the time at which a store took them in.
    private func exported(_ workspace: Workspace) throws -> [NSDictionary] {
        try workspace.run("export", "--all").output.split(separator: "\n").map { line in
            var object =
                try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            object["created_at"] = nil
            return object as NSDictionary
        }
    }

    @Test func anotherStoreExportsTheSame() throws {
        let lines = try exported(workspace)
        let links = lines.compactMap { ($0["links"] as? [Any])?.count }.reduce(0, +)
        #expect(links == 5)
        let places = lines.flatMap { $0["sightings"] as? [[String: Any]] ?? [] }
        #expect(places.contains { $0["byte_end"] as? Int ?? 0 > 0 && $0["line"] as? Int == 3 })
        #expect(places.contains { $0["session"] as? String == "typed" && $0["file"] is NSNull })
        #expect(lines.contains { ($0["sightings"] as? [Any])?.count == 2 })

        let other = try Workspace()
        let file = try workspace.run("export", "--all").output
        let run = try other.run(["import", "-", "--json"], input: file)
        #expect(run.json["inserted"] as? Int == lines.count)
        #expect(run.json["links"] as? Int == links)
        #expect(try exported(other) == lines)
        #expect(try other.run("audit").status == 0)
        // Once more, and back to where it came from.
        for store in [other, workspace] {
            let again = try store.run(["import", "-", "--json"], input: file)
            #expect(again.json["known"] as? Int == lines.count)
            #expect(again.json["links"] as? Int == 0)
            #expect(try exported(store) == lines)
        }
        #expect(try other.run("undo").status == 0)
        #expect(try other.run("list").status == 1)
        // Who imports once more what was undone wants it back.
        let active = try workspace.run("list", "--json").memories.count
        let back = try other.run(["import", "-", "--json"], input: file)
        #expect(back.json["restored"] as? Int == active)
        #expect(try other.run("list", "--json").memories.count == active)
    }

    @Test func plainLinesComeBackAfterAnUndo() throws {
        let other = try Workspace()
        let line = #"{"category": "decision", "content": "Use Postgres for the ledger"}"#
        #expect(try other.run(["import", "-"], input: line).output == "1 line: 1 stored, 0 already known.\n")
        try other.run("undo")
        #expect(
            try other.run(["import", "-"], input: line).output == "1 line: 0 stored, 0 already known, 1 back in use.\n")
        #expect(try other.run("list", "--json").memories.count == 1)
    }

    @Test func theChainOfWhatReplacedWhatCanBeWalkedThere() throws {
        let other = try Workspace()
        try other.run("add", "note", "A number is taken already")
        try other.run(["import", "-"], input: workspace.run("export", "--all").output)
        let found = try other.run("list", "--json").memories.first { $0["content"] as? String == "port = 3" }
        let id = try #require(found?["id"] as? Int)
        let chain = try #require(try other.run("history", "\(id)", "--json").json["history"] as? [[String: Any]])
        #expect(chain.map { $0["content"] as? String } == ["port = 1", "port = 2", "port = 3"])
        #expect(chain.map { $0["state"] as? String } == ["superseded", "superseded", "active"])
    }

    @Test func placesAndLinksOfWhatIsKnownAreAdded() throws {
        let other = try Workspace()
        try other.write(Workspace.transcript(session: "first", IngestTests.talk), to: "first.jsonl")
        try other.run("ingest", "first.jsonl")
        let before = try other.run("list", "--json").memories.count
        let file = try workspace.run("export", "--all").output
        try other.run(["import", "-"], input: file)
        // The statements of the transcript are the same ones here, and one has a second place now.
        let decided = try other.run("list", "--all", "--json").memories.filter {
            ($0["content"] as? String)?.contains("PostgreSQL") == true
        }
        #expect(decided.count == 1)
        #expect(decided.first?["sightings"] as? Int == 2)
        #expect(try other.shell("SELECT count(*) FROM memory_link").output == "5\n")
        // What was edited there is replaced here too; what was archived there is not taken away here.
        #expect(try other.run("list", "--all", "--json").memories.count == before + 5)
        #expect(
            try other.run("list", "--json").memories.contains { $0["content"] as? String == "Entirely other words" })
    }

    @Test(
        "A line that would stand above all others for ever, or bring a secret in, is no line as it is",
        arguments: [
            (#"{"category":"note","content":"x","said_at":"zzzz"}"#, "`said_at` is a time in UTC"),
            (#"{"category":"note","content":"x","said_at":"tomorrow"}"#, "`said_at` is a time in UTC"),
        ])
    func wrong(_ line: String, _ words: String) throws {
        let run = try workspace.run(["import", "-"], input: line + "\n")
        #expect(run.status == 3)
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    @Test func everyTextOfALineIsCleaned() throws {
        let key = PrivacyTests.key
        let line = #"""
            {"uid":"\#(key)","category":"note","content":"Of another machine","rule":"\#(key)","pack":"\#(key)","tags":["\#(key)"],
            "reason":"\#(key)","sightings":[{"session":"\#(key)","file":"/\#(key)/a.jsonl","line":1,"role":"user","said_at":"2026-01-01","quote":"\#(key)"}]}
            """#.replacing("\n", with: "")
        #expect(try workspace.run(["import", "-"], input: line + "\n").status == 0)
        #expect(try !workspace.shell(".dump").output.contains(key))
        #expect(try workspace.run("audit").status == 0)
    }

    @Test func whatWasForgottenHereDoesNotComeBackByAFile() throws {
        let file = try workspace.run("export", "--all").output
        try workspace.run("forget", "--match", "(?i)postgresql")
        try workspace.run("forget", "--session", "typed")
        try workspace.run(["import", "-"], input: file)
        #expect(try !workspace.shell(".dump").output.contains("PostgreSQL"))
        #expect(try workspace.run("search", "pool").status == 1)
    }

    @Test func anExportThatCannotBeWrittenLeavesTheOldFile() throws {
        #expect(try workspace.run("export", "--all", "--output", "out.jsonl").status == 0)
        let before = try workspace.read("out.jsonl")
        try workspace.run(["add", "note", "-"], input: String(repeating: "many words ", count: 20_000))
        // A file of more than 64 KB can't be written; the index of the log is smaller.
        let run = try workspace.run(
            tool: "/bin/sh",
            [
                "-c",
                "trap '' XFSZ; ulimit -f 128; exec '\(Workspace.tool("ccmem").path)' export --all --output out.jsonl",
            ])
        #expect(run.status == 3, "\(run.errors)")
        #expect(run.errors.contains("out.jsonl"))
        #expect(try workspace.read("out.jsonl") == before)
        let files = try FileManager.default.contentsOfDirectory(atPath: workspace.project.path)
        #expect(!files.contains { $0.hasSuffix(".tmp") })
    }
}
