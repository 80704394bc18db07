public import Memories
public import SQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A project's memories in one SQLite file. Belongs to the task that opened it.
///
/// Everything that writes goes through a transaction of `record`, `archive`, `forget` and their like; what must hold for any
/// writer stands in the schema.
public final class MemoryStore {
    public enum Access: Sendable {
        /// Takes no write lock and makes no file.
        case read
        case write
        /// Makes the file when it is missing.
        case create
    }

    public let path: String
    package let connection: Connection
    private let clock: Clock
    private var lastTime: (milliseconds: Int, text: String)?
    /// The session that was asked for last, for as long as the transaction lasts: one holds many memories.
    var knownSession: (transaction: Int, uid: String, row: Int)?
    /// For as long as the transaction lasts.
    var knownTombstones: (transaction: Int, tombstones: Tombstones)?
    /// Nil before the first question.
    var searchMemo: SearchMemo?

    /// The time that goes into rows; ISO 8601 in UTC.
    var now: String {
        let milliseconds = clock.milliseconds()
        if let lastTime, lastTime.milliseconds == milliseconds { return lastTime.text }
        let text = Clock.timestamp(milliseconds)
        lastTime = (milliseconds, text)
        return text
    }

    /// - Parameters:
    ///   - busyTimeout: How long to wait for another writer, in milliseconds.
    ///   - bringsUpToDate: Whether a store of an older version is migrated, which takes time; else it is an error. Of no
    ///     meaning to readers, who never do.
    public init(
        path: String, access: Access, clock: Clock = .system, busyTimeout: Int32 = 10_000, bringsUpToDate: Bool = true
    ) throws(StoreError) {
        self.path = path
        self.clock = clock
        do throws(SQLiteError) {
            connection = try MemoryStore.open(path, access, busyTimeout)
        } catch {
            // SQLITE_CANTOPEN is all that SQLite says about a file that is not there.
            throw error.primaryCode == 14 && access != .create ? .missing(path: path) : StoreError(error, path: path)
        }
        try prepare(access, busyTimeout, bringsUpToDate)
    }

    private static func open(
        _ path: String, _ access: Access, _ busyTimeout: Int32
    ) throws(SQLiteError) -> Connection {
        switch access {
        case .read:
            do throws(SQLiteError) {
                let connection = try Connection(path: path, mode: .readOnly, busyTimeout: busyTimeout)
                // Opening is lazy: only a first read shows whether the files beside the database can be made.
                _ = try connection.row("PRAGMA schema_version") { $0.int(0) }
                return connection
            } catch {
                guard error.primaryCode == 14 || error.primaryCode == 8 else { throw error }
                let connection = try Connection(path: path, mode: .immutable, busyTimeout: busyTimeout)
                _ = try connection.row("PRAGMA schema_version") { $0.int(0) }
                return connection
            }
        case .write: return try Connection(path: path, mode: .readWrite, busyTimeout: busyTimeout)
        case .create:
            makePrivateFile(path)
            return try Connection(path: path, mode: .create, busyTimeout: busyTimeout)
        }
    }

    private func prepare(_ access: Access, _ busyTimeout: Int32, _ bringsUpToDate: Bool) throws(StoreError) {
        let migrator = StoreSchema.migrator
        var finding: Migrator.Finding
        do throws(SQLiteError) {
            connection.refuseDangerousStatements()
            finding = try migrator.finding(connection)
            // Somebody else's database is not touched, not even its journal mode.
            if access != .read, finding != .foreign {
                try useLog(busyTimeout)
                // What is deleted is overwritten, so that forgetting leaves no byte behind.
                try connection.execute(
                    "PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; PRAGMA cache_size = -16384")
                if bringsUpToDate || finding == .older(0), finding != .current {
                    finding = try migrator.migrate(connection)
                }
            }
            try connection.execute("PRAGMA foreign_keys = ON")
        } catch {
            throw StoreError(error, path: path)
        }
        switch finding {
        case .current: return
        case .older(0): throw .missing(path: path)
        case .older(let version): throw .olderSchema(path: path, version: version, known: migrator.count)
        case .newer(let version):
            throw .newerSchema(path: path, version: version, known: migrator.count)
        case .foreign: throw .foreign(path: path)
        }
    }

    /// Switches a new file to a write-ahead log. SQLite does not wait for the lock that this takes when several programs
    /// meet at a new file, so it is asked again.
    private func useLog(_ busyTimeout: Int32) throws(SQLiteError) {
        let step: Int32 = 5
        var waited: Int32 = 0
        while true {
            do throws(SQLiteError) {
                return try connection.execute("PRAGMA journal_mode = WAL")
            } catch {
                guard error.primaryCode == 5, waited < busyTimeout else { throw error }
                usleep(UInt32(step) * 1_000)
                waited += step
            }
        }
    }

    /// Runs the body in a transaction, all or nothing, and names the file in what goes wrong.
    public func writing<T>(_ body: () throws(SQLiteError) -> T) throws(StoreError) -> T {
        do throws(SQLiteError) {
            return try connection.transaction(.immediate, body)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Runs the body on one state of the store, whatever others write meanwhile.
    public func reading<T>(_ body: () throws(SQLiteError) -> T) throws(StoreError) -> T {
        do throws(SQLiteError) {
            return try connection.transaction(.deferred, body)
        } catch {
            throw StoreError(error, path: path)
        }
    }
}

/// SQLite makes files that others may read; the log and its index take the mode of the database. What goes wrong here
/// goes wrong again, with words, when SQLite opens the file.
private func makePrivateFile(_ path: String) {
    guard !path.hasPrefix(":") else { return }
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
}
