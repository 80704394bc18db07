import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// What the user is told of the memory's own work when a session begins.
@Suite struct SessionNewsTests {
    private func start(
        _ workspace: Workspace, _ session: String, source: String = "startup", _ environment: [String: String] = [:]
    ) throws -> Workspace.Run {
        try workspace.hook(
            "SessionStart", workspace.payload("SessionStart", session: session, ["source": source]),
            environment: environment)
    }

    private func message(_ run: Workspace.Run) -> String { run.json["systemMessage"] as? String ?? "" }

    @Test func sessionsFromBeforeAreReadAndSaidSo() throws {
        let workspace = try Workspace(hasStore: false)
        try workspace.writeTranscript([("user", "NEVER deploy the gateway on Friday.")], session: "old1")
        try workspace.writeTranscript([("user", "We decided to use PostgreSQL instead of MySQL.")], session: "old2")
        let first = message(try start(workspace, "new1"))
        #expect(first.contains("2 earlier sessions of this project (1 KB)"))
        #expect(first.contains("in about 1 s") && first.contains("`ccmem pause` stops it"))
        for _ in 0..<200 where try workspace.run("list", "--json").memories.count < 2 { usleep(50_000) }
        let second = message(try start(workspace, "new2"))
        #expect(second.contains("2 stored, 0 merged, 0 superseded,"), "\(second)")
        #expect(second.contains("redacted; 0 lines injected, 0 tokens"))
        #expect(try message(start(workspace, "new3")) == "", "told once")
        #expect(try !workspace.run("receipt").output.contains("2 new"), "of the session before alone")
    }

    @Test func twoRegistrationsOfTheHookSayItOnce() throws {
        let workspace = try Workspace(hasStore: false)
        try workspace.writeTranscript([("user", "NEVER deploy the gateway on Friday.")], session: "old1")
        let said = try [start(workspace, "new1"), start(workspace, "new1")].map(message)
        #expect(said[0].contains("1 earlier session of this project"))
        #expect(said[1] == "")
    }

    @Test func sessionsBelowTheProjectCountAndThoseBesideItDoNot() throws {
        let workspace = try Workspace(hasStore: false)
        let project = workspace.project.resolvingSymlinksInPath().path
        // What lies below a repository belongs to it.
        try workspace.write("ref: refs/heads/main\n", to: ".git/HEAD")
        try workspace.writeTranscript([("user", "NEVER deploy the gateway on Friday.")], session: "old1")
        let folder = URL(fileURLWithPath: workspace.transcriptPath("old1")).deletingLastPathComponent().path
        // Both folders have a name that one below the project would have.
        for (name, directory) in [("sub", project + "/sub"), ("beside", project + "-beside")] {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let path = folder + "-\(name)/old-\(name).jsonl"
            try FileManager.default.createDirectory(
                atPath: folder + "-" + name, withIntermediateDirectories: true)
            try Workspace.transcript(session: "old-\(name)", cwd: directory, [("user", "Never skip the tests.")])
                .write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try message(start(workspace, "new1")).contains("2 earlier sessions of this project"))
    }

    @Test func withoutSessionsFromBeforeNothingIsSaid() throws {
        let workspace = try Workspace(hasStore: false)
        try workspace.writeTranscript([("user", "NEVER deploy the gateway on Friday.")], session: "new1")
        #expect(try message(start(workspace, "new1")) == "")
    }

    /// Holds the lock of an ingest as long as the body runs.
    private func ingesting(_ workspace: Workspace, _ body: (Int32) throws -> Void) throws {
        let locks = workspace.home.appendingPathComponent(".local/share/ccmem/locks")
        let name = try FileManager.default.contentsOfDirectory(atPath: locks.path).first { $0.hasSuffix(".ingest") }
        let path = locks.appendingPathComponent(try #require(name)).path
        // The first ingest was a while ago.
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: path)
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        // That one, started behind a session, may still be at its end.
        let deadline = Date(timeIntervalSinceNow: 20)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0, Date() < deadline { usleep(10_000) }
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        defer { close(descriptor) }
        try body(descriptor)
    }

    @Test func anIngestThatIsRunningIsWaitedForAndSaid() throws {
        let workspace = try Workspace()
        try workspace.run("add", "constraint", "Never force-push to main")
        try workspace.run("ingest")
        try ingesting(workspace) { _ in
            let run = try start(workspace, "a", ["CCMEM_HOOK_PATIENCE": "10"])
            #expect(message(run).contains("still being stored"))
            #expect(Workspace.context(run).contains("force-push"), "what is there is told all the same")
        }
        try ingesting(workspace) { lock in
            let wakes = Thread {
                usleep(400_000)
                flock(lock, LOCK_UN)
            }
            wakes.start()
            let words = try message(start(workspace, "b"))
            #expect(!words.contains("still being stored"))
        }
    }

    @Test func aPauseEndsAnIngestBetweenTwoTranscripts() throws {
        let workspace = try Workspace()
        try workspace.run("ingest", "--wait")
        try workspace.writeTranscript([("user", "NEVER deploy the gateway on Friday.")], session: "old1")
        var reading: Program?
        try ingesting(workspace) { _ in
            reading = try workspace.start(["ingest", "--wait"])
            // It has begun, and waits for the lock.
            usleep(1_500_000)
            try workspace.run("pause")
        }
        reading?.wait()
        #expect(try workspace.look("SELECT count(*) FROM memory") != "1\n")
        try workspace.run("resume")
        try workspace.run("ingest")
        #expect(try workspace.look("SELECT count(*) FROM memory") == "1\n", "what was left is read then")
    }

    @Test func aForkIsToldWhatIsMissingAfterItsCompactionAndNothingBefore() throws {
        let workspace = try Workspace()
        try workspace.run("add", "constraint", "Never force-push to main")
        #expect(try Workspace.context(start(workspace, "original")).contains("force-push"))
        #expect(try start(workspace, "copy", source: "fork").output == "")
        #expect(try start(workspace, "copy", source: "resume").output == "", "its context holds it still")
        #expect(try Workspace.context(start(workspace, "copy", source: "compact")).contains("force-push"))
    }
}
