public import Memories
public import Recall
public import SQLite
public import Storage

/// The program around the server: what of a project the tools may use.
public protocol MemoryHost: AnyObject {
    /// The store, open to read.
    ///
    /// - Throws: `NothingRemembered` when there is none yet, `ToolError` when it can't be read.
    func store() throws -> MemoryStore

    /// Runs changes in one transaction that can be undone as a whole.
    ///
    /// - Parameter makesStore: Whether to make the store when there is none.
    func change<T>(
        makesStore: Bool, _ body: (MemoryStore, ChangeRun) throws(SQLiteError) -> T
    ) throws -> T

    /// A text that a model gave, before it is stored: without secrets, private text and forged words.
    func clean(_ text: String) throws -> String
    /// As rules write it: `port` of the category `config` becomes `config:port`; nil when nothing is left.
    func key(_ text: String, category: MemoryCategory) -> String?
    func tag(_ text: String) -> String?

    /// Root of the project.
    var directory: String { get }
    /// After so many days the part of an answer's worth that fades is half.
    var halfLife: Int { get }
    /// What a question means, where vectors are switched on; nil where they are not, or none could be had.
    func vector(of question: String) -> QuestionVector?
    /// Path of the database.
    var database: String { get }
    /// A page for people as it would be written now; nil when there is nothing to write.
    func page(_ page: MemoryPages) throws -> String?
    /// The file of a command or skill of the plugin, with its head; nil for one that is not there.
    func command(_ name: String) -> String?
    /// Transcripts of the project that were not read to their end; all of them where there is no store.
    func pendingTranscripts() throws -> Int
    /// Reads what is pending, of one session or of all.
    ///
    /// - Returns: What was done, in a sentence.
    func ingest(session: String?) throws -> String
}

/// The project has no store yet: nothing was read, nothing was said.
public struct NothingRemembered: Error {
    public init() {}

    /// What a model is told in a new project.
    static func words(_ host: any MemoryHost) -> String {
        let pending = (try? host.pendingTranscripts()) ?? 0
        let first = "Nothing is remembered of this project yet"
        return pending == 0
            ? first
                + ": there is no transcript to read either. mark_decision, mark_constraint, mark_task and memory_add store."
            : first + "; \(StatusWords.pending(pending))."
    }
}

/// Why a tool could not do what was asked, with what to do instead.
public struct ToolError: Error, Sendable, Equatable {
    /// A full sentence.
    public var message: String
    public var remedy: String?

    public init(_ message: String, remedy: String? = nil) {
        self.message = message
        self.remedy = remedy
    }

    var text: String { message + (remedy.map { " " + $0 } ?? "") }
}
