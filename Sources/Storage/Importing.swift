public import Memories
public import SQLite

extension MemoryStore {
    /// Stores a memory that comes from elsewhere, in the state that it had there. Importing it again changes nothing.
    public func importMemory(
        _ memory: NewMemory, state: MemoryState, reason: String?, _ run: ChangeRun
    ) throws(SQLiteError) -> RecordOutcome {
        if let uid = memory.uid,
            let known = try connection.row("SELECT id FROM memory WHERE uid = ?", .text(uid), read: { $0.int(0) })
        {
            return .merged(into: known)
        }
        let ingest = try run.begin()
        var memory = memory
        // The file may not be here; its name is part of the evidence all the same.
        for index in memory.sightings.indices where !memory.sightings[index].path.isEmpty {
            memory.sightings[index].transcriptID = try transcriptRow(memory.sightings[index].path)
        }
        let outcome: RecordOutcome
        if state == .active {
            outcome = try record(memory, ingest: ingest)
        } else if try Tombstones(connection).forbids(memory) {
            outcome = .refused(.tombstone)
        } else if let twin = try connection.row(
            "SELECT id FROM memory WHERE fingerprint = \(RecordPlanner.foldedParameter) ORDER BY id DESC LIMIT 1",
            .text(memory.content), read: { $0.int(0) })
        {
            outcome = .merged(into: twin)
        } else {
            outcome = .inserted(
                id: try insert(memory, state: state, reason: reason ?? "imported as \(state.rawValue)", ingest))
        }
        run.count(outcome)
        return outcome
    }
}
