import JSON
import Memories
import Redaction
public import Storage
public import Transcripts

/// Finds out of a transcript where its session was left: files that were changed, what is left of a list of things to do, what
/// the last run of tests said.
///
/// A reading of its own, since extraction has no use for the inputs of tools.
public struct HandoffReading {
    /// Files that are told, the newest first.
    static let mostFiles = 24
    static let mostTodos = 12

    private var files: [String] = []
    private var todos: [String] = []
    private var test: String?
    private var directory: String?

    /// - Parameter clean: Takes out what must not be stored.
    public static func items(
        of source: borrowing TranscriptSource, clean: (String) -> String
    ) -> HandoffItems {
        var options = ReaderOptions()
        options.includesToolInput = true
        options.toolResults = ["Bash"]
        options.proseCap = 64 << 10
        options.toolResultHead = 2 << 10
        options.toolResultTail = 6 << 10
        var reader = TranscriptReader(options: options)
        var reading = HandoffReading()
        _ = reader.read(source) { reading.add($0) }
        var items = HandoffItems()
        items.files = reading.files.reversed().prefix(mostFiles).map(clean)
        items.todos = reading.todos.prefix(mostTodos).map(clean)
        items.test = reading.test.map(clean)
        return items
    }

    private mutating func add(_ event: TranscriptEvent) {
        guard case .block(let block, let text) = event, !block.isSidechain else { return }
        if directory == nil { directory = block.cwd }
        switch block.kind {
        case .toolUse: toolUse(block.toolName ?? "", text)
        case .toolResult where block.toolName == "Bash":
            if let line = HandoffReading.testResult(String(decoding: text, as: UTF8.self)) { test = line }
        case .toolResult, .prose, .thinking: return
        }
    }

    private mutating func toolUse(_ name: String, _ input: UnsafeBufferPointer<UInt8>) {
        var scanner = JSONScanner(input)
        switch name {
        case "Edit", "Write", "MultiEdit", "NotebookEdit":
            guard let path = (try? HandoffReading.path(&scanner)).flatMap({ $0 }) else { return }
            let file = shortened(path)
            files.removeAll { $0 == file }
            files.append(file)
            // Far more than are told: an old file may come to the front again.
            if files.count > 512 { files.removeFirst(256) }
        case "TodoWrite": if let found = try? HandoffReading.openTodos(&scanner) { todos = found }
        default: return
        }
    }

    /// Seen from the directory of the session.
    private func shortened(_ path: String) -> String {
        guard let directory, path.hasPrefix(directory + "/") else { return path }
        return String(path.dropFirst(directory.count + 1))
    }

    private static func path(_ scanner: inout JSONScanner) throws(JSONError) -> String? {
        guard try scanner.enterObject() else { return nil }
        while let key = try scanner.nextKey() {
            if key.equals("file_path") || key.equals("notebook_path") { return try scanner.string()?.text() }
            try scanner.skip()
        }
        return nil
    }

    private static func openTodos(_ scanner: inout JSONScanner) throws(JSONError) -> [String]? {
        guard try scanner.enterObject() else { return nil }
        while let key = try scanner.nextKey() {
            guard key.equals("todos") else {
                try scanner.skip()
                continue
            }
            guard try scanner.enterArray() else { return nil }
            var found: [String] = []
            while try scanner.nextElement() {
                guard try scanner.enterObject() else { continue }
                var (content, isDone) = ("", false)
                while let key = try scanner.nextKey() {
                    if key.equals("content") {
                        content = try scanner.string()?.text() ?? ""
                    } else if key.equals("status") {
                        isDone = try scanner.string()?.equals("completed") ?? false
                    } else {
                        try scanner.skip()
                    }
                }
                if !content.isEmpty, !isDone { found.append(HandoffReading.line(content)) }
            }
            return found
        }
        return nil
    }

    /// The line of an output that sums up a run of tests: the last with a number and a word for how it went.
    static func testResult(_ output: String) -> String? {
        let lines = output.split(whereSeparator: \.isNewline)
        let found = lines.last { line in
            let lower = line.lowercased()
            guard line.utf8.count <= 240, lower.contains(where: \.isNumber) else { return false }
            return outcomes.contains { lower.contains($0) }
        }
        return found.map { line(String($0)) }
    }

    private static let outcomes = [
        " passed", " failed", " passing", " failing", "tests passed", "tests run", "test result:", "failures:",
        " tests in ",
        "tests:  ", "tests: ",
    ]

    private static func line(_ text: String) -> String {
        String(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(240))
    }
}
