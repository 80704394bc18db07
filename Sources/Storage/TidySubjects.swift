public import SQLite

/// An active memory with what tells whether anyone needs it.
public struct TidySubject: Sendable, Equatable {
    public var memory: StoredMemory
    /// How often it reached a model.
    public var injections: Int
    /// Whether its words still stand somewhere: in the archive, or in a transcript that is not known to be gone.
    public var isVouchedFor: Bool

    public init(memory: StoredMemory, injections: Int, isVouchedFor: Bool) {
        self.memory = memory
        self.injections = injections
        self.isVouchedFor = isVouchedFor
    }
}

extension MemoryStore {
    /// All active memories, by category and then in the order in which they were said.
    public func tidySubjects() throws(SQLiteError) -> [TidySubject] {
        try connection.rows(
            """
            SELECT \(StoredMemory.columns), (SELECT count(*) FROM injection AS i WHERE i.memory_id = m.id),
                NOT EXISTS (SELECT 1 FROM memory_source AS s WHERE s.memory_id = m.id) OR EXISTS (
                    SELECT 1 FROM memory_source AS s LEFT JOIN transcript AS t ON t.id = s.transcript_id
                    WHERE s.memory_id = m.id AND (s.turn_id IS NOT NULL OR t.is_gone = 0))
            FROM memory AS m WHERE m.state = 'active' ORDER BY m.category, m.said_at, m.id
            """
        ) {
            TidySubject(
                memory: StoredMemory($0), injections: $0.int(StoredMemory.columnCount),
                isVouchedFor: $0.int(StoredMemory.columnCount + 1) != 0)
        }
    }
}
