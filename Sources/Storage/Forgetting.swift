import Memories
public import SQLite

/// What is to be forgotten.
public enum ForgetTarget {
    /// These memories, the turns that they stand in, and every other turn that holds their words.
    case memories([Int])
    /// Every memory, sighting and turn whose text the test accepts.
    case matching((String) -> Bool)
    /// Everything that was said in a session and nowhere else.
    case session(String)
}

/// What was forgotten.
public struct ForgetReport: Sendable, Equatable {
    public var memories: [Int] = []
    public var turns = 0
    public var sightings = 0
    /// Other rows that said it: reasons, events, failures, notes of where sessions were left.
    public var traces = 0
    public var isEmpty: Bool { memories.isEmpty && turns == 0 && sightings == 0 && traces == 0 }
    /// Whether another process reads an old state, so that bytes of it are still in the log; `gc` removes them.
    public var isCleanupPending = false
    /// What went, so that it can be taken out of files beside the store too.
    public var words = ForgottenWords()
}

/// The words that were forgotten, to know them again in other files. Never stored.
public struct ForgottenWords: Sendable, Equatable {
    /// Statements and quotations, folded.
    var phrases: Set<String> = []
    /// Whole lines of turns, folded.
    var lines: Set<String> = []

    public init() {}

    mutating func add(phrase: String) {
        let folded = FoldedText.of(phrase)
        if !folded.isEmpty { phrases.insert(folded) }
    }

    mutating func add(turn: String) {
        for line in turn.split(whereSeparator: \.isNewline) {
            let folded = ForgottenWords.bare(line)
            if !folded.isEmpty { lines.insert(folded) }
        }
    }

    /// Whether a line of another file holds them.
    public func stand(in line: some StringProtocol) -> Bool {
        if lines.contains(ForgottenWords.bare(line)) { return true }
        let folded = FoldedText.of(String(line))
        return phrases.contains { folded.holds($0) }
    }

    /// Without the mark of a quotation and white space around it.
    private static func bare(_ line: some StringProtocol) -> String {
        let inner = line.drop { $0 == ">" || $0.isWhitespace }
        var folded = FoldedText.of(String(inner))
        while folded.last?.isWhitespace == true { folded.removeLast() }
        return folded
    }
}

extension MemoryStore {
    /// Removes rows, words of the text indexes and pages of the log, and keeps salted hashes so that reading the same
    /// transcript again does not bring back what was removed.
    public func forget(_ target: ForgetTarget) throws(StoreError) -> ForgetReport {
        var report = try writing { () throws(SQLiteError) in
            try connection.run("INSERT OR IGNORE INTO meta VALUES ('forgetting', '1')")
            try connection.run("INSERT OR IGNORE INTO meta VALUES ('cleanup_pending', '1')")
            let report = try Forgetting(store: self, tombstones: try Tombstones(connection)).remove(target)
            knownTombstones = nil
            try connection.run("DELETE FROM meta WHERE name = 'forgetting'")
            return report
        }
        report.isCleanupPending = try !cleanUp()
        return report
    }

    /// What would be forgotten: it is removed and taken back.
    public func previewForgetting(_ target: ForgetTarget) throws(StoreError) -> ForgetReport {
        defer { knownTombstones = nil }
        do throws(SQLiteError) {
            return try connection.preview { () throws(SQLiteError) in
                try connection.run("INSERT OR IGNORE INTO meta VALUES ('forgetting', '1')")
                return try Forgetting(store: self, tombstones: try Tombstones(connection)).remove(target)
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Ends what forgetting began: no word of what was removed stays in an index, a free page or the log.
    ///
    /// - Returns: False while another process reads an old state.
    @discardableResult
    public func cleanUp() throws(StoreError) -> Bool {
        do throws(SQLiteError) {
            for index in ["memory_fts", "memory_trigram", "turn_fts"] {
                try connection.run("INSERT INTO \(index) (\(index)) VALUES ('optimize')")
            }
            // (https://sqlite.org/pragma.html#pragma_wal_checkpoint): the first column tells whether a reader was in the way.
            let isBusy = try connection.row("PRAGMA wal_checkpoint (TRUNCATE)") { $0.int(0) != 0 } ?? false
            guard !isBusy else { return false }
            guard
                try connection.row("SELECT 1 FROM meta WHERE name = 'cleanup_pending'", read: { _ in true }) != nil
            else { return true }
            try connection.run("DELETE FROM meta WHERE name = 'cleanup_pending'")
            return try connection.row("PRAGMA wal_checkpoint (TRUNCATE)") { $0.int(0) == 0 } ?? true
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Which of some texts say what was forgotten; nil when nothing ever was.
    public func forgotten(among texts: [String]) throws(SQLiteError) -> [Bool]? {
        let tombstones = try Tombstones(connection)
        if tombstones.isEmpty { return nil }
        var answers: [Bool] = []
        for text in texts { answers.append(try tombstones.holdWords(text)) }
        return answers
    }

    /// Whether bytes of something forgotten may still be in the log.
    var isCleanupPending: Bool {
        get throws(SQLiteError) {
            try connection.row("SELECT 1 FROM meta WHERE name = 'cleanup_pending'") { _ in true } ?? false
        }
    }
}

/// One run of `forget`, inside its transaction.
struct Forgetting {
    let store: MemoryStore
    let tombstones: Tombstones
    var connection: Connection { store.connection }

    init(store: MemoryStore, tombstones: Tombstones) {
        self.store = store
        self.tombstones = tombstones
    }

    func remove(_ target: ForgetTarget) throws(SQLiteError) -> ForgetReport {
        switch target {
        case .memories(let ids): try remove(memories: ids)
        case .matching(let test): try remove(matching: test)
        case .session(let uid): try remove(session: uid)
        }
    }

    private func remove(memories ids: [Int]) throws(SQLiteError) -> ForgetReport {
        var report = ForgetReport()
        // The same statement may stand there more than once, as history.
        for id in ids {
            report.memories += try connection.rows(
                "SELECT id FROM memory WHERE fingerprint = (SELECT fingerprint FROM memory WHERE id = ?) ORDER BY id",
                .integer(id)
            ) { $0.int(0) }.filter { !report.memories.contains($0) }
        }
        // One fact in other words: what it was refined from, and what it was refined to.
        var next = 0
        while next < report.memories.count {
            report.memories += try connection.rows(
                """
                SELECT original_id FROM refinement_original WHERE memory_id = ?1
                UNION SELECT memory_id FROM refinement_original WHERE original_id = ?1
                """, .integer(report.memories[next])
            ) { $0.int(0) }.filter { !report.memories.contains($0) }
            next += 1
        }
        var phrases: Set<String> = []
        var cited: Set<Int> = []
        for id in report.memories {
            let wordings = try words(of: id)
            phrases.formUnion(wordings.map(FoldedText.of))
            for wording in wordings {
                report.words.add(phrase: wording)
                try bury(wording)
            }
            cited.formUnion(
                try connection.rows(
                    "SELECT turn_id FROM memory_source WHERE memory_id = ? AND turn_id IS NOT NULL", .integer(id)
                ) { $0.int(0) })
            try delete(memory: id)
        }
        let list = phrases.filter { !$0.isEmpty }
        report.turns = try removeTurns(&report.words) { id, text in
            if cited.contains(id) { return true }
            let text = FoldedText.of(text)
            return list.contains { text.holds($0) }
        }
        report.traces = try removeTraces { text in
            let text = FoldedText.of(text)
            return list.contains { text.holds($0) }
        }
        return report
    }

    private func remove(matching test: (String) -> Bool) throws(SQLiteError) -> ForgetReport {
        var report = ForgetReport()
        let all = try connection.rows("SELECT id FROM memory ORDER BY id") { $0.int(0) }
        for id in all {
            let row = try connection.row(
                """
                SELECT content, coalesce(key, ''),
                    coalesce((SELECT group_concat(tag, ' ') FROM memory_tag WHERE memory_id = memory.id), '')
                FROM memory WHERE id = ?
                """, .integer(id)
            ) { [$0.text(0), $0.text(1), $0.text(2)] }
            let quote = try connection.row("SELECT quote FROM refinement WHERE memory_id = ?", .integer(id)) {
                $0.text(0)
            }
            guard ((row ?? []) + [quote ?? ""]).contains(where: test) else { continue }
            for wording in try words(of: id) {
                report.words.add(phrase: wording)
                try bury(wording)
            }
            try delete(memory: id)
            report.memories.append(id)
        }
        // Of memories that stay, the places where the words stand go.
        let quotes = try connection.rows("SELECT id, quote, memory_id FROM memory_source ORDER BY id") {
            (id: $0.int(0), quote: $0.text(1), memory: $0.int(2))
        }.filter { test($0.quote) }
        for (id, quote, _) in quotes {
            report.words.add(phrase: quote)
            try bury(quote)
            try connection.run("DELETE FROM memory_source WHERE id = ?", .integer(id))
            report.sightings += 1
        }
        try store.countAgain(Set(quotes.map(\.memory)))
        report.turns = try removeTurns(&report.words) { _, text in test(text) }
        report.traces = try removeTraces(test)
        return report
    }

    private func remove(session uid: String) throws(SQLiteError) -> ForgetReport {
        var report = ForgetReport()
        try tombstones.add(.session, uid, at: store.now)
        // Its calls of tools are known before any of its turns are.
        try removeToolCalls(ofSession: uid)
        guard let session = try connection.row("SELECT id FROM session WHERE uid = ?", .text(uid), read: { $0.int(0) })
        else { return report }
        let only = try connection.rows(
            """
            SELECT DISTINCT memory_id FROM memory_source AS s WHERE session_id = ?1 AND NOT EXISTS (
                SELECT 1 FROM memory_source AS o WHERE o.memory_id = s.memory_id AND o.session_id IS NOT ?1)
            ORDER BY memory_id
            """, .integer(session)
        ) { $0.int(0) }
        for id in only {
            for wording in try words(of: id) {
                report.words.add(phrase: wording)
                try bury(wording)
            }
            try delete(memory: id)
        }
        report.memories = only
        let others = try connection.rows(
            "SELECT DISTINCT memory_id FROM memory_source WHERE session_id = ?", .integer(session)
        ) { $0.int(0) }
        try connection.run("DELETE FROM memory_source WHERE session_id = ?", .integer(session))
        report.sightings = connection.changes
        try store.countAgain(Set(others))
        let turns = Set(
            try connection.rows("SELECT id FROM turn WHERE session_id = ?", .integer(session)) { $0.int(0) })
        report.turns = try removeTurns(&report.words) { id, _ in turns.contains(id) }
        try connection.run("DELETE FROM injection WHERE session = ?", .text(uid))
        try connection.run("DELETE FROM answer WHERE session = ?", .text(uid))
        try connection.run("DELETE FROM handoff_item WHERE session_id = ?", .integer(session))
        try connection.run(
            "UPDATE session SET cwd = NULL, branch = NULL, started_at = '', ended_at = '' WHERE id = ?",
            .integer(session))
        return report
    }

    // MARK: -

    /// Every wording of a memory: its own, those that were merged into it, and what stands in its sources.
    private func words(of id: Int) throws(SQLiteError) -> [String] {
        try connection.rows(
            """
            SELECT content FROM memory WHERE id = ?1
            UNION SELECT quote FROM memory_source WHERE memory_id = ?1 AND quote <> ''
            UNION SELECT quote FROM refinement WHERE memory_id = ?1
            UNION SELECT json_extract(detail, '$.as') FROM memory_event
                WHERE memory_id = ?1 AND json_extract(detail, '$.as') IS NOT NULL
            """, .integer(id)
        ) { $0.text(0) }
    }

    private func bury(_ wording: String) throws(SQLiteError) {
        let folded = Tombstones.folded(wording)
        guard !folded.isEmpty else { return }
        try tombstones.add(.fact, folded, at: store.now)
        try tombstones.add(.quote, folded, at: store.now)
        for sentence in Tombstones.sentences(of: wording) { try tombstones.add(.quote, sentence, at: store.now) }
    }

    private func delete(memory id: Int) throws(SQLiteError) {
        try store.countOut(id)
        // What came after it came after what stood before it, too: the chain stays one.
        try connection.run(
            """
            INSERT OR IGNORE INTO memory_link (from_id, to_id, kind, created_at)
            SELECT later.from_id, earlier.to_id, 'supersedes', later.created_at
            FROM memory_link AS later JOIN memory_link AS earlier ON earlier.from_id = later.to_id
            WHERE later.to_id = ? AND later.kind = 'supersedes' AND earlier.kind = 'supersedes'
                AND later.from_id <> earlier.to_id
            """, .integer(id))
        // The trigger removes what belongs to it; foreign keys are asked at the end.
        try connection.run("PRAGMA defer_foreign_keys = ON")
        try connection.run("DELETE FROM memory WHERE id = ?", .integer(id))
    }

    private func removeTurns(
        _ words: inout ForgottenWords, _ test: (Int, String) -> Bool
    ) throws(SQLiteError) -> Int {
        var gone = words
        let turns = try connection.rows("SELECT id, identity, text FROM turn ORDER BY id") { row in
            let text = row.text(2)
            let goes = test(row.int(0), text)
            if goes { gone.add(turn: text) }
            return (id: row.int(0), identity: row.int(1), goes: goes)
        }.filter(\.goes)
        words = gone
        for turn in turns {
            try tombstones.add(.turn, String(turn.identity), at: store.now)
            try connection.run("UPDATE memory_source SET turn_id = NULL WHERE turn_id = ?", .integer(turn.id))
            try connection.run("DELETE FROM turn WHERE id = ?", .integer(turn.id))
        }
        return turns.count
    }

    /// Words that other rows have kept of it.
    ///
    /// - Returns: How many rows.
    private func removeTraces(_ test: (String) -> Bool) throws(SQLiteError) -> Int {
        let before = connection.totalChanges
        let events = try connection.rows(
            """
            SELECT e.id, (SELECT group_concat(value, char(10)) FROM json_each(e.detail)), e.memory_id
            FROM memory_event AS e WHERE e.detail <> '{}'
            """
        ) { (id: $0.int(0), goes: test($0.text(1)), memory: $0.int(2)) }.filter(\.goes)
        for event in events { try connection.run("DELETE FROM memory_event WHERE id = ?", .integer(event.id)) }
        try removeReasons(test)
        let items = try connection.rows("SELECT DISTINCT text FROM handoff_item") { $0.text(0) }.filter(test)
        for item in items {
            try tombstones.add(.quote, Tombstones.folded(item), at: store.now)
            try connection.run("DELETE FROM handoff_item WHERE text = ?", .text(item))
        }
        let proposals = try connection.rows(
            "SELECT id, reason || char(10) || coalesce(statement, '') FROM tidy_proposal"
        ) { (id: $0.int(0), goes: test($0.text(1))) }.filter(\.goes)
        for proposal in proposals {
            try connection.run("DELETE FROM tidy_subject WHERE proposal_id = ?", .integer(proposal.id))
            try connection.run("DELETE FROM tidy_proposal WHERE id = ?", .integer(proposal.id))
        }
        try removeFailures(test)
        let count = connection.totalChanges - before
        // An event that nobody had counted yet was all that told of the change.
        try store.countNow(Set(events.map(\.memory)))
        return count
    }

    /// Why a memory was archived, in a person's words, and what a session's place says.
    private func removeReasons(_ test: (String) -> Bool) throws(SQLiteError) {
        let reasons = try connection.rows("SELECT DISTINCT reason FROM memory WHERE reason IS NOT NULL") { $0.text(0) }
        // The program decides by its own reasons.
        let own = [RecordPlanner.unsupported, RecordPlanner.replaced, RecordPlanner.refined]
        for reason in reasons where test(reason) && !own.contains(reason) {
            try connection.run("UPDATE memory SET reason = 'forgotten' WHERE reason = ?", .text(reason))
        }
        for column in ["cwd", "branch"] {
            let texts = try connection.rows(
                "SELECT DISTINCT \(column) FROM session WHERE \(column) IS NOT NULL"
            ) { $0.text(0) }
            for text in texts where test(text) {
                try connection.run("UPDATE session SET \(column) = NULL WHERE \(column) = ?", .text(text))
            }
        }
    }
}
