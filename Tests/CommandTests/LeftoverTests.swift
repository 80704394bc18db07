import Foundation
import Testing

/// Files beside the store that forgetting does not reach by itself.
@Suite struct LeftoverTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
    }

    private func findings() throws -> [String] {
        let run = try workspace.run("audit", "--json")
        return (run.json["findings"] as? [[String: Any]] ?? []).compactMap { finding in
            guard let check = finding["check"] as? String, let place = finding["place"] as? String else { return nil }
            return "\(check) \(place.replacing(workspace.project.path + "/.ccmem/", with: ""))"
        }
    }

    @Test func aDamagedCopyIsToldUntilItIsDeleted() throws {
        for name in ["memory.db.damaged-1", "memory.db.damaged-1-wal", "memory.db.repaired"] {
            try workspace.write("an old page with PostgreSQL in it", to: ".ccmem/\(name)")
        }
        // Nothing was forgotten yet: there is nothing that it should not hold.
        #expect(try findings() == [])
        let run = try workspace.run("forget", "--match", "(?i)postgresql")
        #expect(run.status == 0)
        #expect(run.errors.contains("memory.db.damaged-1 may still hold it; `ccmem forget --damaged-copies`"))
        #expect(
            try findings() == [
                "forgotten memory.db.damaged-1", "forgotten memory.db.damaged-1-wal", "forgotten memory.db.repaired",
            ])
        #expect(
            try workspace.run("forget", "--damaged-copies").output
                == "Deleted 3 files of damaged or replaced databases.\n")
        #expect(try findings() == [])
        #expect(try workspace.run("forget", "--damaged-copies").status == 1)
        #expect(try workspace.run("list").status == 0)
    }

    @Test func copiesGoTogetherWithTheWords() throws {
        try workspace.write("an old page", to: ".ccmem/memory.db.damaged-7")
        let run = try workspace.run("forget", "1", "--damaged-copies", "--json")
        #expect(run.json["forgotten"] as? [Int] == [1])
        #expect(run.json["deleted_copies"] as? Int == 1)
        #expect(run.json["left_in"] as? [String] == [])
        #expect(try workspace.run("forget").status == 2)
    }

    @Test func aLinkInPlaceOfACopyLeadsNowhere() throws {
        try workspace.write("precious", to: "elsewhere.txt")
        try FileManager.default.createSymbolicLink(
            at: workspace.project.appendingPathComponent(".ccmem/memory.db.damaged-1"),
            withDestinationURL: workspace.project.appendingPathComponent("elsewhere.txt"))
        #expect(try workspace.run("forget", "--damaged-copies").status == 0)
        #expect(try workspace.read("elsewhere.txt") == "precious")
    }

    @Test func aTopicThatSaysWhatWasForgottenIsTold() throws {
        let content = try #require(
            try workspace.run("list", "--json").memories.compactMap { $0["content"] as? String }.first {
                $0.contains("PostgreSQL")
            })
        try workspace.write("# Storage\n\n- Rows are small\n- **\(content)**\n", to: ".ccmem/topics/db.md")
        #expect(try findings() == [])
        #expect(try workspace.run("forget", "--match", "(?i)postgresql").status == 0)
        #expect(try findings() == ["forgotten topics/db.md:4"])
        try workspace.write("# Storage\n\n- Rows are small\n", to: ".ccmem/topics/db.md")
        #expect(try findings() == [])
    }
}
