public import Memories
public import SQLite

/// How often a memory was put into sessions, and in how many of them one came back to it.
public struct MemoryUsage: Sendable, Equatable {
    public var id: Int
    public var category: MemoryCategory
    public var importance: Importance
    public var content: String
    /// How often it was injected, and into how many sessions.
    public var injections: Int
    public var sessions: Int
    /// What all of them cost in context.
    public var tokens: Int
    /// The sessions that came back to a name of it afterwards.
    public var used: Int
    /// These names, those of most sessions first; three at most.
    public var terms: [String]
    /// When it was injected last; ISO 8601.
    public var lastAt: String
}

/// What a session shows of its work: names that its assistant wrote, files that were changed, programs that ran.
///
/// Signs, no proof: that a name was written after a memory with it was told does not say that it was written because of that.
struct SessionSigns {
    private var turns: [(at: String, names: String)] = []
    private var calls: [(at: String, program: String?, file: String?)] = []
    private var files: [String] = []

    /// - Parameter uid: Of a session.
    init(_ connection: Connection, session uid: String) throws(SQLiteError) {
        turns = try connection.rows(
            """
            SELECT t.said_at, t.text FROM turn AS t JOIN session AS c ON c.id = t.session_id
            WHERE c.uid = ? AND t.role = 'assistant' ORDER BY t.said_at
            """, .text(uid)
        ) { (at: $0.text(0), names: SearchText.identifiers($0.text(1))) }
        calls = try connection.rows("SELECT at, program, file FROM tool_call WHERE session = ? ORDER BY id", .text(uid))
        {
            (at: $0.text(0), program: $0.optionalText(1), file: $0.optionalText(2))
        }
        files = try connection.rows(
            """
            SELECT h.text FROM handoff_item AS h JOIN session AS c ON c.id = h.session_id
            WHERE c.uid = ? AND h.kind = 'file'
            """, .text(uid)
        ) { $0.text(0) }
    }

    /// What of a text stands in the session after a time: its names in code, paths and options, then its programs. The files that
    /// the session left behind have no time of their own.
    func terms(of content: String, after time: String) -> [String] {
        let later = turns.filter { $0.at >= time }
        let laterCalls = calls.filter { $0.at >= time }
        var found = SearchText.identifiers(content).split(separator: " ").map(String.init).filter { term in
            later.contains { $0.names.holds(term) } || files.contains { $0.hasSuffix(term) }
                || laterCalls.contains { $0.file?.hasSuffix(term) == true }
        }
        for program in laterCalls.compactMap(\.program)
        where program.contains(" ") && content.holds(program) && !found.contains(program) {
            found.append(program)
        }
        return Array(found.prefix(3))
    }
}

extension MemoryStore {
    /// Memories that were injected, those that were used most first, then those that cost most.
    ///
    /// - Parameter since: Only what was injected at this time or later; a prefix of an ISO 8601 time, empty for all.
    public func usage(since: String = "") throws(SQLiteError) -> [MemoryUsage] {
        let sessions = try connection.rows("SELECT DISTINCT session FROM injection WHERE at >= ?", .text(since)) {
            $0.text(0)
        }
        var found: [Int: MemoryUsage] = [:]
        var terms: [Int: [String: Int]] = [:]
        for session in sessions {
            var used: Set<Int> = []
            var told: Set<Int> = []
            for item in try injections(inSession: session) where item.at >= since {
                var usage =
                    found[item.id]
                    ?? MemoryUsage(
                        id: item.id, category: item.category, importance: item.importance, content: item.content,
                        injections: 0, sessions: 0, tokens: 0, used: 0, terms: [], lastAt: "")
                usage.injections += 1
                usage.tokens += item.tokens
                usage.lastAt = max(usage.lastAt, item.at)
                if told.insert(item.id).inserted { usage.sessions += 1 }
                if !item.usedTerms.isEmpty, used.insert(item.id).inserted {
                    usage.used += 1
                    for term in item.usedTerms { terms[item.id, default: [:]][term, default: 0] += 1 }
                }
                found[item.id] = usage
            }
        }
        for (id, counts) in terms {
            let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            found[id]?.terms = order.prefix(3).map(\.key)
        }
        return found.values.sorted { ($1.used, $1.tokens, $0.id) < ($0.used, $0.tokens, $1.id) }
    }
}
