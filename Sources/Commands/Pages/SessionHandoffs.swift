public import SQLite
public import Storage
import Memories

/// Sessions with what they left open.
public enum SessionHandoffs {
    /// The newest first; those that left nothing to tell are passed over.
    public static func newest(
        _ count: Int, in store: MemoryStore
    ) throws(SQLiteError) -> [(handoff: Handoff, tasks: [StoredMemory])] {
        var found: [(handoff: Handoff, tasks: [StoredMemory])] = []
        for session in try store.sessions(limit: min(count, 1 << 30) * 2) where found.count < count {
            guard let handoff = try store.handoff(ofSession: session.uid), !handoff.isEmpty else { continue }
            let tasks = try store.memories(ofSession: session.uid)
                .filter { $0.category == .task && $0.state == .active && $0.rule?.id != "task.done" }
            found.append((handoff, Array(tasks.prefix(12))))
        }
        return found
    }
}
