import Memories
import SQLite
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

// Makes stores and measures what one more memory costs.
//
//   ccmem-bench-store make FILE N      a new store with N memories, in one transaction
//   ccmem-bench-store turns FILE N     N more turns of the archive, 200 a session
//   ccmem-bench-store insert FILE N    N more memories beside N plain rows: prints the microseconds of each and their ratio

func fail(_ words: String) -> Never {
    _ = "error: \(words)\n".withCString { write(STDERR_FILENO, $0, strlen($0)) }
    exit(2)
}

func microseconds(_ body: () throws -> Void) rethrows -> Double {
    var start = timespec()
    var end = timespec()
    clock_gettime(CLOCK_MONOTONIC, &start)
    try body()
    clock_gettime(CLOCK_MONOTONIC, &end)
    return Double(end.tv_sec - start.tv_sec) * 1e6 + Double(end.tv_nsec - start.tv_nsec) / 1e3
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let count = Int(arguments[3]), count > 0 else {
    fail("ccmem-bench-store make|turns|insert FILE N")
}
let path = arguments[2]

/// A table of the same columns with no index, no constraint, no trigger and no text beside it, in a file of its own.
let plainTable = """
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE plain (id INTEGER PRIMARY KEY, uid, category, content, importance, state, origin, key, score, terms, rule, pack,
        pack_version, tokens, said_at, created_at)
    """

do {
    switch arguments[1] {
    case "make":
        let store = try MemoryStore(path: path, access: .create, clock: .fixed(1_767_225_600_000))
        // A store of this size is made once; the cache of a command would read the same pages again and again.
        try store.connection.execute("PRAGMA cache_size = -400000; PRAGMA synchronous = OFF")
        var sentences = Sentences(seed: 1)
        try store.writing { () throws(SQLiteError) in
            let run = try store.beginIngest(.import)
            for index in 0..<count { _ = try store.record(sentences.memory(index), ingest: run) }
        }
        try store.connection.execute(
            "INSERT INTO memory_fts (memory_fts) VALUES ('optimize'); ANALYZE; PRAGMA wal_checkpoint (TRUNCATE)")
        let held = try store.connection.row("SELECT count(*) FROM memory") { $0.int(0) } ?? 0
        print("\(held) memories")
    case "turns":
        let store = try MemoryStore(path: path, access: .write)
        try store.connection.execute("PRAGMA cache_size = -400000; PRAGMA synchronous = OFF")
        try store.connection.execute("UPDATE archive_budget SET max_bytes = 1 << 40")
        var sentences = Sentences(seed: 3)
        let perSession = 200
        for session in 0..<(count + perSession - 1) / perSession {
            let name = "bench-\(session)"
            let turns = (0..<min(perSession, count - session * perSession)).map { line in
                let number = session * perSession + line
                let first = sentences.memory(number)
                return NewTurn(
                    sessionID: name, line: line + 1, role: line % 2 == 0 ? .user : .assistant, saidAt: first.saidAt,
                    text: first.content + ". " + sentences.memory(number).content + ".")
            }
            try store.writing { () throws(SQLiteError) in _ = try store.archive(turns, ofTranscript: name + ".jsonl") }
        }
        try store.connection.execute(
            "INSERT INTO turn_fts (turn_fts) VALUES ('optimize'); PRAGMA wal_checkpoint (TRUNCATE)")
        let held = try store.connection.row("SELECT count(*) FROM turn") { $0.int(0) } ?? 0
        print("\(held) turns")
    case "insert":
        let store = try MemoryStore(path: path, access: .write)
        let known = try store.connection.row("SELECT count(*) FROM memory") { $0.int(0) } ?? 0
        var sentences = Sentences(seed: 2)
        let memories = (0..<count).map { sentences.memory(known + $0) }
        let other = try Connection(path: path + ".plain", mode: .create)
        try other.execute(plainTable)
        // By turns, a tenth each, so that whatever else the machine does falls on both.
        var (indexed, plain) = (0.0, 0.0)
        for part in 0..<10 {
            let slice = memories[(part * count / 10)..<((part + 1) * count / 10)]
            indexed += try microseconds {
                try store.writing { () throws(SQLiteError) in
                    for memory in slice { _ = try store.record(memory, ingest: nil) }
                }
            }
            plain += try microseconds {
                try other.transaction { () throws(SQLiteError) in
                    for memory in slice {
                        try other.run(
                            "INSERT INTO plain VALUES (NULL, ?, ?, ?, ?, 'active', 'rule', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                            .text("0123456789abcdef0123456789abcdef"), .text(memory.category.rawValue),
                            .text(memory.content), .integer(memory.importance.level), .optional(memory.key),
                            .optional(memory.score),
                            .text("[[\"bias\",-1600],[\"ruleFired\",790],[\"ruleStrong\",410]]"),
                            .optional(memory.rule?.id), .optional(memory.rule?.pack),
                            .optional(memory.rule?.packVersion),
                            .integer(memory.content.utf8.count / 4), .text(memory.saidAt), .text(memory.saidAt))
                    }
                }
            }
        }
        print("\(indexed / Double(count)) \(plain / Double(count)) \(indexed / plain)")
    default: fail("ccmem-bench-store make|turns|insert FILE N")
    }
} catch {
    fail("\(error)")
}
