import Foundation
import TestSupport
import Testing

/// Forty processes write at once, into a store that none of them finds: each fact is stored once, and none is lost.
@Suite struct ParallelWritersTests {
    let workspace: Workspace
    init() throws { workspace = try Workspace() }

    /// - Returns: The exit status of each.
    private func add(_ texts: [String]) throws -> [Int32] {
        try texts.map { try workspace.start(["add", "note", $0]) }.map { $0.wait() }
    }

    @Test func theSameFactIsStoredOnce() throws {
        let statuses = try add(Array(repeating: "The gateway listens on port 8080", count: 40))
        #expect(statuses.allSatisfy { $0 == 0 })
        #expect(try workspace.shell("SELECT count(*) FROM memory").output == "1\n")
        #expect(try workspace.shell("PRAGMA integrity_check").output == "ok\n")
    }

    @Test func differentFactsAreAllStored() throws {
        let statuses = try add((0..<40).map { "The gateway number \($0) listens on port 80\($0)" })
        #expect(statuses.allSatisfy { $0 == 0 })
        #expect(try workspace.shell("SELECT count(*), count(DISTINCT content) FROM memory").output == "40|40\n")
        #expect(try workspace.shell("PRAGMA integrity_check").output == "ok\n")
        #expect(try workspace.run("audit").status == 0)
    }
}
