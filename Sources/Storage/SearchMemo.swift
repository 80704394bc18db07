public import SQLite

/// What a ranking needs to know of the whole store.
public struct StoreOutline: Sendable, Equatable {
    /// The highest numbers of rows, which is about how many there are.
    public var memories: Int
    public var turns: Int
    /// The time of the newest entry.
    public var newestTime: String
    /// Whether any session was at work elsewhere than in the directory that was asked about.
    public var hasOtherDirectories: Bool
}

/// What a question asks for more than once, and what is the same for all questions as long as nobody writes, for a process that
/// answers many.
struct SearchMemo {
    /// More words than this are not remembered.
    private static let mostWords = 4_096

    /// The state of the store that it is about.
    private var state: State
    /// Whether it outlives a question.
    private(set) var isKept: Bool
    private var frequencies: [Key: Int] = [:]
    private(set) var outline: (directory: String?, outline: StoreOutline)?

    struct State: Equatable {
        /// Changes with what other connections write.
        var version = 0
        /// Changes with what this one writes.
        var changes = 0
    }

    private struct Key: Hashable {
        var word: String
        var isOfMemories: Bool
    }

    init(_ state: State = State(), isKept: Bool) {
        self.state = state
        self.isKept = isKept
    }

    /// Forgets everything when it was about another state.
    mutating func bring(to state: State) {
        if state != self.state { self = SearchMemo(state, isKept: isKept) }
    }

    func frequency(of word: String, in index: MemoryStore.TextIndex) -> Int? {
        frequencies[Key(word: word, isOfMemories: index == .memories)]
    }

    mutating func remember(_ count: Int, of word: String, in index: MemoryStore.TextIndex) {
        if frequencies.count >= SearchMemo.mostWords { frequencies = [:] }
        frequencies[Key(word: word, isOfMemories: index == .memories)] = count
    }

    mutating func remember(_ outline: StoreOutline, outside directory: String?) {
        self.outline = (directory, outline)
    }
}

extension MemoryStore {
    /// From now on what many questions need is kept from one to the next, until somebody writes. Answers are the same.
    public func rememberForSearches() {
        searchMemo = SearchMemo(isKept: true)
    }

    /// Asked for once a question, inside its transaction.
    ///
    /// - Parameter directory: Where the question is asked.
    public func outline(outside directory: String?) throws(SQLiteError) -> StoreOutline {
        if searchMemo?.isKept != true {
            searchMemo = SearchMemo(isKept: false)
        } else {
            let version = try connection.row("PRAGMA data_version") { $0.int(0) } ?? 0
            searchMemo?.bring(to: SearchMemo.State(version: version, changes: connection.totalChanges))
            if let known = searchMemo?.outline, known.directory == directory { return known.outline }
        }
        let outline = try connection.row(
            """
            SELECT (SELECT max(id) FROM memory), (SELECT max(id) FROM turn), (SELECT max(said_at) FROM memory),
                (SELECT max(ended_at) FROM session), EXISTS (SELECT 1 FROM session WHERE cwd <> ?)
            """, .optional(directory)
        ) {
            StoreOutline(
                memories: $0.int(0), turns: $0.int(1), newestTime: max($0.text(2), $0.text(3)),
                hasOtherDirectories: $0.int(4) == 1)
        }
        guard let outline else {
            return StoreOutline(memories: 0, turns: 0, newestTime: "", hasOtherDirectories: false)
        }
        searchMemo?.remember(outline, outside: directory)
        return outline
    }
}
