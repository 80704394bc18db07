import ArgumentParser
import Commands
import JSON
import Memories
import Pipeline
import Projects
import SQLite
import Storage
import Transcripts

/// Words, or the place of words, that are read again to be explained.
struct ReplaySubject {
    enum Speaker: String, ExpressibleByArgument, CaseIterable { case user, assistant }

    /// `file:line`, `session:line`, or a message that somebody might have written.
    var text: String
    /// Whose words a message is.
    var role: Speaker

    /// - Parameters:
    ///   - worker: Its plan keeps refusals.
    ///   - store: Nil when there is none; then no session can be named.
    func replay(_ worker: TranscriptWorker, _ store: MemoryStore?) throws -> Replay {
        try ReplaySubject.checkLine(text)
        if let (place, line) = ReplaySubject.place(text) {
            if Files.kind(of: place) != nil { return try replay(worker, file: place, line: line) }
            if let store, let turns = try archived(place, store) {
                return try replay(worker, turns, of: place, line: line)
            }
            // Who names a transcript has not written a sentence.
            if place.hasSuffix(".jsonl") {
                throw CommandError("There is no file \(place).", .unreadableInput)
            }
        }
        let message = ReplaySubject.transcript(of: text, role: role)
        return worker.replay(TranscriptSource(bytes: message), path: "", line: 1)
    }

    /// Whether it is a line of something that is there, and no message.
    func isPlace(_ store: MemoryStore?) throws -> Bool {
        guard let (place, _) = ReplaySubject.place(text) else { return false }
        if place.hasSuffix(".jsonl") || Files.kind(of: place) != nil { return true }
        return try store.map { try archived(place, $0) != nil } ?? false
    }

    func replay(_ worker: TranscriptWorker, file: String, line: Int) throws -> Replay {
        let replay: Replay
        do throws(TranscriptSourceError) {
            replay = worker.replay(try TranscriptSource(path: file), path: Files.realPath(file) ?? file, line: line)
        } catch {
            throw CommandError(ReaderWords.describe(error) + ".", .unreadableInput)
        }
        guard line <= replay.lineCount else {
            throw CommandError("`\(file)` has \(replay.lineCount) lines; there is no line \(line).", .usage)
        }
        return replay
    }

    private func archived(_ session: String, _ store: MemoryStore) throws -> [StoredTurn]? {
        try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in
                guard case .one(let found) = try store.session(session) else { return nil }
                return try store.turns(ofSession: found.uid)
            }
        }
    }

    private func replay(_ worker: TranscriptWorker, _ turns: [StoredTurn], of session: String, line: Int) throws
        -> Replay
    {
        let replay = worker.replay(turns, session: turns.first?.sessionID ?? session, line: line)
        guard !replay.messages.isEmpty else {
            throw CommandError(
                "The archive has no turn at line \(line) of session `\(session)`.",
                help: "`ccmem session \(session) --json` shows the lines that it has.", .usage)
        }
        return replay
    }

    /// `name:12`, without white space in the name's last part.
    static func place(_ text: String) -> (String, Int)? {
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
            let line = Int(text[text.index(after: colon)...]), line > 0
        else { return nil }
        return (String(text[..<colon]), line)
    }

    /// Refuses a line in front of the first.
    static func checkLine(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
            let line = Int(text[text.index(after: colon)...]), line < 1
        else { return }
        let place = String(text[..<colon])
        guard place.hasSuffix(".jsonl") || Files.kind(of: place) == .file else { return }
        throw CommandError(
            "`\(TextStyle.printable(text))` is no place: lines begin at 1.",
            help: "The first line is \(TextStyle.printable(place)):1.",
            .usage)
    }

    /// What a session begins with after it was compacted.
    static func summary(_ text: String) -> [UInt8] {
        MemoryJSON.document { writer in
            writer.field("type", "user")
            writer.field("uuid", "1")
            writer.field("sessionId", "")
            writer.field("timestamp", Clock.system.timestamp)
            writer.key("isCompactSummary")
            writer.bool(true)
            writer.object("message") { writer in
                writer.field("role", "user")
                writer.field("content", text)
            }
        }
    }

    /// A call of a tool, and at line 2 what it printed.
    static func output(_ text: String, of tool: String) -> [UInt8] {
        func line(_ type: String, _ content: (inout JSONWriter) -> Void) -> [UInt8] {
            MemoryJSON.document { writer in
                writer.field("type", type)
                writer.field("uuid", type)
                writer.field("sessionId", "")
                writer.field("timestamp", Clock.system.timestamp)
                writer.object("message") { writer in
                    writer.field("role", type)
                    writer.array("content", [text]) { _, writer in writer.object { content(&$0) } }
                }
            }
        }
        return line("assistant") { writer in
            writer.field("type", "tool_use")
            writer.field("id", "t1")
            writer.field("name", tool)
            writer.object("input") { (_: inout JSONWriter) in }
        }
            + line("user") { writer in
                writer.field("type", "tool_result")
                writer.field("tool_use_id", "t1")
                writer.field("content", text)
            }
    }

    /// A transcript of one message, said now.
    static func transcript(of text: String, role: Speaker) -> [UInt8] {
        MemoryJSON.document { writer in
            writer.field("type", role.rawValue)
            writer.field("uuid", "1")
            writer.field("sessionId", "")
            writer.field("timestamp", Clock.system.timestamp)
            writer.object("message") { writer in
                writer.field("role", role.rawValue)
                switch role {
                case .user: writer.field("content", text)
                case .assistant:
                    writer.array("content", [text]) { text, writer in
                        writer.object { writer in
                            writer.field("type", "text")
                            writer.field("text", text)
                        }
                    }
                }
            }
        }
    }
}
