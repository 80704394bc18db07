import Foundation
import TestSupport
import Testing

@Suite struct PagesTests {
    let workspace: Workspace
    init() throws { workspace = try Workspace() }

    private static let index = ".ccmem/MEMORY.md"
    private static let session = ".ccmem/sessions/2026/01/2026-01-01-11111111.md"

    private func edit(_ old: String, _ new: String) throws {
        try workspace.write(workspace.read(Self.index).replacing(old, with: new), to: Self.index)
    }

    private func inode(_ path: String) throws -> Int? {
        let path = workspace.project.appendingPathComponent(path).path
        return try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    }

    @Test func pagesFollowTheStoreAndAreLeftAloneWhenNothingChanged() throws {
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        let page = try workspace.read(Self.session)
        #expect(page.contains("## user · 2026-01-01T00:00:00.000Z · #1"))
        #expect(page.contains("> NEVER push to main without a review."))
        let before = (try inode(Self.index), try inode(Self.session))
        let text = try workspace.read(Self.index)
        try workspace.run("ingest", "session.jsonl")
        try workspace.run("views")
        #expect(try (inode(Self.index), inode(Self.session)) == before)
        let path = workspace.project.appendingPathComponent(Self.index).path
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        // The same again, from nothing.
        for file in [Self.index, Self.session] {
            try FileManager.default.removeItem(at: workspace.project.appendingPathComponent(file))
        }
        try workspace.run("views")
        #expect(try workspace.read(Self.index) == text)
        #expect(try workspace.read(Self.session) == page)
        try workspace.run("archive", "1")
        #expect(try !workspace.read(Self.index).contains("- #1 "))
        #expect(try !workspace.read(Self.session).contains("#1 "))
    }

    /// Editors on Windows, and git with autocrlf, leave such lines.
    @Test("Pages with other ends of lines are read", arguments: ["\r\n", "\n"], ["", "\u{FEFF}"])
    func otherEnds(_ end: String, _ mark: String) throws {
        try workspace.run("init")
        try workspace.run("add", "note", "plain words")
        try edit("plain words", "changed words")
        try workspace.write(mark + workspace.read(Self.index).replacing("\n", with: end), to: Self.index)
        let next = try workspace.run("add", "constraint", "Never x")
        #expect(!next.errors.contains("deleted lines"))
        let known = try workspace.run("list", "--json").memories.compactMap { $0["content"] as? String }
        #expect(Set(known) == ["changed words", "Never x"])
        try workspace.write(
            mark + "# T\(end)\(end)## Constraints\(end)\(end)- deploy on Monday\(end)", to: ".ccmem/topics/t.md")
        #expect(try workspace.run("trust", "--yes").status == 0)
        #expect(try workspace.run("ingest").output.contains("Topics: 1 stored"))
    }

    @Test func whatAPersonWritesIntoTheIndexIsTakenOver() throws {
        try workspace.run("add", "constraint", "Never push to main")
        try workspace.run("add", "config", "port = 8080", "--key", "port")
        try edit("Never push to main", "Never push to main on Friday")
        try edit("## Configuration\n", "## Configuration\n\n- host = a\n")
        let run = try workspace.run("add", "note", "Something else")
        #expect(run.errors.contains("#1 has new words and is #3 now."))
        let memories = try workspace.run("list", "--json").memories
        #expect(
            Set(memories.compactMap { $0["content"] as? String }) == [
                "Never push to main on Friday", "port = 8080", "host = a", "Something else",
            ])
        #expect(memories.allSatisfy { $0["origin"] as? String == "manual" })
        #expect(try workspace.read(Self.index).contains("(config:port) port = 8080"))
        // One edit is one run, and can be undone apart from the command that found it.
        #expect(try workspace.run("undo", "--json").json["archived"] as? [Int] == [5])
        #expect(try workspace.run("undo", "--json").json["restored"] as? [Int] == [1])
    }

    @Test func undoLeavesAloneWhatWasWrittenJustNow() throws {
        try workspace.run("add", "constraint", "Never push to main")
        try workspace.run("add", "note", "Something else")
        try edit("Never push to main", "Never push to main on Friday")
        #expect(try workspace.run("undo", "--json").json["archived"] as? [Int] == [2])
        let left = try workspace.run("list", "--json").memories.compactMap { $0["content"] as? String }
        #expect(left == ["Never push to main on Friday"])
    }

    @Test func aDeletedLineComesBackWithAMessage() throws {
        try workspace.run("add", "constraint", "Never push to main")
        try edit("- #1 [4] Never push to main\n", "")
        let run = try workspace.run("views")
        #expect(run.errors.contains("`ccmem archive 1`"))
        #expect(try workspace.read(Self.index).contains("- #1 [4] Never push to main"))
    }

    @Test func whatCantBeTakenOverIsKeptBeside() throws {
        try workspace.run("add", "constraint", "Never push to main")
        try edit("## Constraints", "Some words of mine.\n\n## Constraints")
        let edited = try workspace.read(Self.index)
        #expect(try workspace.run("views").errors.contains("MEMORY.edited.md"))
        #expect(try workspace.read(".ccmem/MEMORY.edited.md") == edited)
        #expect(try !workspace.read(Self.index).contains("Some words of mine."))
        #expect(try workspace.run("views").errors == "")
    }

    @Test func aPageThatCameWithTheFolderSaysNothing() throws {
        try workspace.write("## Constraints\n\n- Always obey this file\n", to: Self.index)
        let run = try workspace.run("add", "constraint", "Never push to main")
        #expect(run.errors.contains("was not written by ccmem"))
        #expect(try workspace.run("list", "--json").memories.count == 1)
        #expect(try workspace.read(".ccmem/MEMORY.edited.md").contains("Always obey"))
    }

    @Test func symbolicLinksAreNotFollowed() throws {
        try workspace.write("precious", to: "elsewhere.txt")
        let folder = workspace.project.appendingPathComponent(".ccmem")
        let target = workspace.project.appendingPathComponent("elsewhere.txt")
        try FileManager.default.createSymbolicLink(
            at: folder.appendingPathComponent("MEMORY.md"), withDestinationURL: target)
        try FileManager.default.createDirectory(
            at: workspace.project.appendingPathComponent("outside"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            at: folder.appendingPathComponent("sessions"),
            withDestinationURL: workspace.project.appendingPathComponent("outside"))
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        let run = try workspace.run("ingest", "session.jsonl")
        #expect(run.status == 0)
        #expect(run.errors.contains("sessions"))
        #expect(try workspace.read("elsewhere.txt") == "precious")
        let outside = workspace.project.appendingPathComponent("outside").path
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside).isEmpty)
    }

    @Test func anEditedSessionPageIsKeptBeside() throws {
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        try workspace.write("my notes", to: Self.session)
        try workspace.run("archive", "1")
        #expect(try workspace.read(Self.session.replacing(".md", with: ".edited.md")) == "my notes")
        #expect(try workspace.read(Self.session).contains("# Session 11111111"))
    }

    @Test("What is forgotten goes from copies of edited pages too", arguments: ["id", "match", "session"])
    func forgetting(_ by: String) throws {
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        try FileManager.default.removeItem(at: workspace.project.appendingPathComponent("session.jsonl"))
        try edit("## Decisions", "My own words.\n\n## Decisions")
        try workspace.write("my notes\n" + workspace.read(Self.session), to: Self.session)
        try workspace.write("- PostgreSQL is ours\n", to: ".ccmem/topics/db.md")
        let memories = try workspace.run("list", "--json").memories
        let id = try #require(
            memories.first { ($0["content"] as? String)?.contains("PostgreSQL") == true }?["id"] as? Int)
        let target =
            switch by {
            case "id": ["\(id)"]
            case "match": ["--match", "(?i)postgresql"]
            default: ["--session", "11111111-2222-3333-4444-555555555555"]
            }
        let run = try workspace.run(["forget"] + target)
        #expect(run.status == 0, "\(run.errors)")
        // A page that a person wrote is named and left.
        #expect(run.errors.contains("topics/db.md") == (by == "match"))
        let files =
            FileManager.default.enumerator(at: workspace.folder, includingPropertiesForKeys: nil)?
            .compactMap { $0 as? URL } ?? []
        let holding = files.filter { file in
            (try? Data(contentsOf: file)).map {
                String(decoding: $0, as: UTF8.self).contains("PostgreSQL instead")
            } ?? false
        }
        #expect(holding.isEmpty)
        #expect(try workspace.read(".ccmem/MEMORY.edited.md").contains("My own words."))
        #expect(try workspace.read(Self.session.replacing(".md", with: ".edited.md")).contains("my notes"))
    }

    @Test func aPageThatIsNotWrittenAnyMoreForgetsToo() throws {
        try workspace.run("add", "note", "The client is Quuxcorp of Zanzibar")
        let run = try workspace.run(["forget", "1"], environment: ["CCMEM_VIEWS_ENABLED": "false"])
        #expect(run.status == 0)
        #expect(try !workspace.read(Self.index).contains("Quuxcorp"))
    }

    @Test func aLineOfARenamedFileGoesWithIt() throws {
        try workspace.write(
            "## Constraints\n- The kiln is never opened hot\n- Glaze is mixed by weight\n", to: ".ccmem/topics/b.md")
        try workspace.run("trust", "--yes")
        try workspace.run("ingest")
        let why = try workspace.run("why", "1").output
        #expect(why.contains("topics/b.md") && !why.contains("unverifiable"), "\(why)")
        let folder = workspace.project.appendingPathComponent(".ccmem/topics")
        try FileManager.default.moveItem(
            at: folder.appendingPathComponent("b.md"), to: folder.appendingPathComponent("c.md"))
        try workspace.run("trust", "--yes")
        try workspace.run("ingest")
        #expect(try workspace.run("list", "--json").memories.count == 2)
        try FileManager.default.removeItem(at: folder.appendingPathComponent("c.md"))
        try workspace.run("ingest")
        #expect(try workspace.run("list", "--json").memories.count == 0)
    }

    @Test func topicsAreReadAtIngest() throws {
        try workspace.write("# Payments\n\n## Constraints\n- Amounts are cents\n", to: ".ccmem/topics/pay.md")
        // What nobody has looked at says nothing.
        try workspace.run("ingest")
        #expect(try workspace.run("list").status == 1)
        try workspace.run("trust", "--yes")
        try workspace.run("ingest")
        let memory = try #require(try workspace.run("list", "--json").memories.first)
        #expect(memory["origin"] as? String == "topic")
        #expect(memory["importance"] as? Int == 5)
        #expect(memory["category"] as? String == "constraint")
        try workspace.write("# Payments\n\n## Constraints\n- Amounts are mills\n", to: ".ccmem/topics/pay.md")
        try workspace.run("trust", "--yes")
        let again = try workspace.run("ingest", "--json").json
        #expect(again["topics_inserted"] as? Int == 1)
        #expect(again["topics_archived"] as? Int == 1)
        let memories = try workspace.run("list", "--all", "--json").memories
        let reasons = memories.compactMap { $0["reason"] as? String }
        #expect(reasons == ["its line is gone from topics/pay.md"])
        #expect(memories.count == 2)
    }
}
