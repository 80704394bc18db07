import ArgumentParser
import Commands
import Memories
import Pipeline
import MCP
import Projects
import Recall
import SQLite
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct McpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Serve memory to a model over the Model Context Protocol.",
        discussion: """
            Reads requests from standard input and answers on standard output, a line each, until its client is gone. Claude \
            Code starts it by itself when the plugin is installed.

            EXAMPLES
              claude mcp add ccmem -- ccmem mcp

            EXIT STATUS
              0  the client is gone
              2  the command line is wrong
            """)

    @OptionGroup var project: ProjectOptions

    func run() throws {
        let server = MCPServer(host: ProjectHost(project), version: Version.text)
        var input = LineInput(descriptor: STDIN_FILENO, longest: MCPServer.longestLine)
        while let line = input.next() {
            let answer: [UInt8]?
            switch line {
            case .whole(let bytes): answer = server.answer(bytes)
            case .tooLong: answer = MCPServer.tooLong
            }
            if let answer, !StandardStream.output.write(answer + [0x0A]) { break }
        }
    }
}

/// Lines of a descriptor, of bounded length.
struct LineInput {
    enum Line {
        case whole(ArraySlice<UInt8>)
        /// It was passed over.
        case tooLong
    }

    private let descriptor: Int32
    private let longest: Int
    private var buffer: [UInt8] = []
    /// What was handed out already.
    private var start = 0
    /// What is known to hold no line's end.
    private var searched = 0
    private var isPassingOver = false
    private var isAtEnd = false

    init(descriptor: Int32, longest: Int) {
        self.descriptor = descriptor
        self.longest = longest
    }

    /// Nil when the other end is gone; a last line without an end is handed out too.
    mutating func next() -> Line? {
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                let line = buffer[start..<end]
                start = end + 1
                searched = start
                if isPassingOver {
                    isPassingOver = false
                    return .tooLong
                }
                return .whole(line)
            }
            searched = buffer.count
            if isAtEnd {
                guard start < buffer.count, !isPassingOver else { return nil }
                let line = buffer[start...]
                start = buffer.count
                return .whole(line)
            }
            if buffer.count - start > longest { isPassingOver = true }
            if isPassingOver || start > 0 {
                buffer.removeFirst(isPassingOver ? buffer.count : start)
                start = 0
                searched = buffer.count
            }
            read()
        }
    }

    private mutating func read() {
        let count = buffer.count
        let size = 64 << 10
        buffer.append(contentsOf: repeatElement(0, count: size))
        var taken = -1
        repeat {
            taken = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress?.advanced(by: count), size) }
        } while taken < 0 && errno == EINTR
        buffer.removeLast(size - max(0, taken))
        if taken <= 0 { isAtEnd = true }
    }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    guard let bytes else { return -1 }
    return read(descriptor, bytes, count)
}

/// A project as the tools of the server see it. Everything is looked up when a tool asks: settings, trust and the store may
/// change while the server runs.
final class ProjectHost: MemoryHost {
    let options: ProjectOptions
    private var opened: (store: MemoryStore, file: FileIdentity)?
    /// What `context` last found, and when, in milliseconds.
    private var known: (context: ProjectContext, at: Int)?

    init(_ options: ProjectOptions) { self.options = options }

    var directory: String { (try? context().root) ?? "" }
    var halfLife: Int { (try? context().halfLife) ?? RecallOptions.usualHalfLife }
    var database: String { (try? context().database) ?? "" }

    func vector(of question: String) -> QuestionVector? {
        guard let context = try? context(), let store = try? store() else { return nil }
        return Embedding.of(question, context, store).vector
    }

    /// Files of settings and trust are read again once a second, not for each of a thousand questions.
    private func context() throws -> ProjectContext {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let milliseconds = now.tv_sec * 1_000 + now.tv_nsec / 1_000_000
        if let known, milliseconds - known.at < 1_000 { return known.context }
        let context = try ProjectContext.find(options)
        known = (context, milliseconds)
        return context
    }

    func store() throws -> MemoryStore {
        guard let store = try storeIfThere() else { throw NothingRemembered() }
        return store
    }

    /// Nil in a new project.
    private func storeIfThere() throws -> MemoryStore? {
        if let opened, FileIdentity(opened.store.path) == opened.file { return opened.store }
        opened = nil
        guard let store = try inToolWords({ try ProjectContext.find(options).openIfThere(.read) }) else { return nil }
        store.rememberForSearches()
        if let file = FileIdentity(store.path) { opened = (store, file) }
        return store
    }

    func change<T>(
        makesStore: Bool, _ body: (MemoryStore, ChangeRun) throws(SQLiteError) -> T
    ) throws -> T {
        try inToolWords {
            let change = try makesStore ? StoreChange.openOrMake(options) : StoreChange.open(options)
            return try change.run { run throws(SQLiteError) in try body(change.store, run) }
        }
    }

    func clean(_ text: String) throws -> String {
        try inToolWords { try StoredText.prepare() }
        return StoredText.clean(text)
    }

    func key(_ text: String, category: MemoryCategory) -> String? { StoredText.key(text, category: category) }
    func tag(_ text: String) -> String? { StoredText.tag(text) }

    func pendingTranscripts() throws -> Int {
        try inToolWords {
            let context = try ProjectContext.find(options)
            let paths = IngestRun.transcripts(of: context).accepted.map(\.path)
            guard let store = try storeIfThere() else { return paths.count }
            return try StoreWords.inWords { () throws(StoreError) in
                try store.reading { () throws(SQLiteError) in
                    var pending = 0
                    for path in paths {
                        let state = try store.transcript(StoredText.path(path))
                        if state == nil || Files.status(of: path).map({ Int($0.size) != state?.size }) ?? false {
                            pending += 1
                        }
                    }
                    return pending
                }
            }
        }
    }

    func ingest(session: String?) throws -> String {
        try inToolWords {
            let context = try ProjectContext.find(options)
            try context.checkActive()
            let run = try IngestRun(
                context: context, plan: try PlanFiles(context).load(isQuiet: true, leavesOutBroken: true))
            try run.ingestPending(isStale: false, session: session)
            run.refreshPages()
            if run.leftToAnother {
                return "Another process is reading the transcripts just now; it has been told to look again."
            }
            return IngestText.line(run.ingester.counts, unchanged: run.unchanged)
                + run.failures.map { "\nerror: \($0)" }.joined()
        }
    }

    func inToolWords<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as CommandError {
            throw ToolError(error.message, remedy: error.help)
        }
    }
}

/// Which file a path leads to: another one after a repair.
struct FileIdentity: Equatable {
    var device: UInt64
    var number: UInt64

    init?(_ path: String) {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        device = UInt64(info.st_dev)
        number = UInt64(info.st_ino)
    }
}
