import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// SIGKILL at random instants of ingest: nothing is lost, nothing is doubled, and the next run ends what was begun.
///
/// 300 kills by default. `make soak` sets `CCMEM_KILLS` to 10,000 and `CCMEM_PROGRAMS` to the folder of a release, which is done
/// ten times sooner and spends most of its time in the store, where a kill can do harm.
@Suite struct KillTests {
    @Test func killsLeaveTheStoreWhole() throws {
        let rounds = ProcessInfo.processInfo.environment["CCMEM_KILLS"].flatMap { Int($0) } ?? 300
        var random = SplitMix(seed: 42)
        let killed = try Workspace()
        let lines = Self.transcript(turns: 400).split(separator: "\n")
        var full = try Self.duration(of: lines)
        var kills = 0
        for round in 0..<rounds {
            // The file grows, so that each run has something to do; now and then it is rewritten from its beginning.
            let count = 1 + Int(random.next() % UInt64(lines.count))
            let known = round % 50 == 49 ? 1 : max(1, count)
            try killed.write(lines.prefix(known).joined(separator: "\n") + "\n", to: "session.jsonl")
            let isKilled = try Self.kill(killed, after: full * Double(random.next() % 1_000) / 900)
            kills += isKilled ? 1 : 0
            // Other work on the machine comes and goes, and a run takes longer or shorter with it: about six of ten are met.
            full *= isKilled ? 1.03 : 0.96
            if round % 25 == 24 { #expect(try killed.shell("PRAGMA integrity_check").output == "ok\n") }
        }
        #expect(kills > rounds / 3, "the kills came too late to prove anything")
        try killed.write(lines.joined(separator: "\n") + "\n", to: "session.jsonl")
        #expect(try killed.run("ingest", "session.jsonl").status == 0)

        let clean = try Workspace()
        try clean.write(lines.joined(separator: "\n") + "\n", to: "session.jsonl")
        #expect(try clean.run("ingest", "session.jsonl").status == 0)
        for sql in [
            "SELECT role, said_at, text FROM turn ORDER BY said_at, text",
            "SELECT content FROM memory WHERE state = 'active' ORDER BY content",
            """
            SELECT m.content, s.role, s.said_at, s.quote FROM memory AS m JOIN memory_source AS s ON s.memory_id = m.id
            WHERE m.state = 'active' ORDER BY m.content, s.said_at, s.quote
            """,
        ] {
            #expect(try killed.shell(sql).output == clean.shell(sql).output)
        }
        #expect(try killed.run("audit").status == 0)
        print("killed \(kills) of \(rounds) runs")
    }

    private static let program =
        ProcessInfo.processInfo.environment["CCMEM_PROGRAMS"].map {
            URL(fileURLWithPath: $0).appendingPathComponent("ccmem")
        } ?? Workspace.tool("ccmem")

    /// - Returns: Whether it was still running when the signal came.
    ///
    /// - Parameter seconds: Nil to let it end.
    private static func kill(_ workspace: Workspace, after seconds: Double?) throws -> Bool {
        let run = try Program(
            program.path, ["ingest", "session.jsonl"], environment: ["HOME": workspace.home.path],
            directory: workspace.project)
        var wasRunning = false
        if let seconds {
            usleep(UInt32(max(0, seconds) * 1_000_000))
            wasRunning = run.isRunning
            run.send(SIGKILL)
        }
        return run.wait() == 128 + SIGKILL && wasRunning
    }

    /// How long one whole run takes: the shortest of three, since other work on the machine only makes them longer.
    private static func duration(of lines: [Substring]) throws -> Double {
        try (0..<3).map { _ in
            let workspace = try Workspace()
            try workspace.write(lines.joined(separator: "\n") + "\n", to: "session.jsonl")
            let start = Date()
            _ = try kill(workspace, after: nil)
            return Date().timeIntervalSince(start)
        }.min() ?? 0
    }

    private static func transcript(turns: Int) -> String {
        Workspace.transcript(
            (0..<turns).map { index in
                index % 2 == 0
                    ? (
                        "user",
                        "NEVER change setting number \(index) of module m\(index) without asking; it broke release \(index)."
                    )
                    : (
                        "assistant",
                        "The root cause was in `file\(index).swift`: the cache kept \(index) entries. All \(index) tests pass now."
                    )
            })
    }
}
