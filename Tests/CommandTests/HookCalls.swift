import Foundation
import TestSupport

/// Runs the real `ccmem-hook` as Claude Code does.
extension Workspace {
    static let session = "11111111-2222-3333-4444-555555555555"

    func hook(
        _ event: String, _ input: String, environment: [String: String] = [:], directory: URL? = nil
    ) throws -> Run {
        try run(
            tool: Workspace.tool("ccmem-hook").path, [event], input: input,
            environment: ["CLAUDE_PROJECT_DIR": project.path, "CCMEM_HOOK_PATIENCE": "50"].merging(environment) { $1 },
            directory: directory)
    }

    func payload(_ event: String, session: String = session, _ fields: [String: Any] = [:]) -> String {
        let base: [String: Any] = [
            "session_id": session, "transcript_path": transcriptPath(session), "cwd": project.path,
            "hook_event_name": event,
        ]
        let data = try? JSONSerialization.data(withJSONObject: base.merging(fields) { $1 })
        return String(decoding: data ?? Data(), as: UTF8.self) + "\n"
    }

    /// Where Claude Code would write the transcript of a session.
    func transcriptPath(_ session: String = session) -> String {
        let real = project.resolvingSymlinksInPath().path
        let name = String(real.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        return home.appendingPathComponent(".claude/projects/\(name)/\(session).jsonl").path
    }

    func writeTranscript(_ turns: [(role: String, text: String)], session: String = session) throws {
        let path = URL(fileURLWithPath: transcriptPath(session))
        try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Workspace.transcript(session: session, cwd: project.resolvingSymlinksInPath().path, turns)
            .write(to: path, atomically: true, encoding: .utf8)
    }

    /// A query of a store that may not be there yet: opening it for writing would make one.
    func look(_ sql: String) throws -> String {
        try run(tool: "/usr/bin/env", ["sqlite3", "-readonly", database, sql]).output
    }

    /// Waits until the store holds as many memories with a word, at most ten seconds.
    func waits(for word: String, count: Int = 1) throws -> Bool {
        for _ in 0..<200 {
            let rows = try look("SELECT count(*) FROM memory WHERE content LIKE '%\(word)%'")
            if Int(rows.trimmingCharacters(in: .whitespacesAndNewlines)) == count { return true }
            usleep(50_000)
        }
        return false
    }

    /// What an answer gives the model.
    static func context(_ run: Run) -> String {
        (run.json["hookSpecificOutput"] as? [String: Any])?["additionalContext"] as? String ?? ""
    }

    var files: [String] {
        let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return paths.sorted()
    }
}
