import Commands
import Digests
import Projects
import SQLite
import Storage
import Views

/// `topics/*.md` of a project: what people write there is remembered with the highest authority.
struct TopicFiles {
    let folder: String

    private let isTrusted: (String) -> Bool

    /// Nil when the store does not lie in the project.
    init?(context: ProjectContext) {
        guard let views = context.location.views, let active = context.active else { return nil }
        folder = views
        let ownEdits = active.settings.bool(.trustOwnEdits)
        isTrusted = { active.ledger.isTrusted($0, ownEdits: ownEdits) }
    }

    /// A longer file is no page of topics, in bytes.
    private static let longest = 1 << 20

    private struct Page {
        var path: String
        var name: String
        var hash: String?
        var lines: [TopicLine]
    }

    /// Brings the store in line with the files.
    ///
    /// - Parameters:
    ///   - existing: The store, when there is one.
    ///   - makeStore: Makes it, for the first memory.
    /// - Returns: The store and what was done to it; nil when nothing has changed.
    func read(
        _ existing: MemoryStore?, makeStore: () throws -> MemoryStore
    ) throws -> (store: MemoryStore, counts: IngestCounts)? {
        do {
            return try readInto(existing, makeStore: makeStore)
        } catch let error as StoreError {
            throw StoreWords.error(error)
        }
    }

    private func readInto(
        _ existing: MemoryStore?, makeStore: () throws -> MemoryStore
    ) throws -> (store: MemoryStore, counts: IngestCounts)? {
        let pages = try changed(since: existing)
        guard !pages.isEmpty else { return nil }
        if existing == nil, pages.allSatisfy(\.lines.isEmpty) { return nil }
        let store: MemoryStore
        if let existing { store = existing } else { store = try makeStore() }
        let counts = try store.changing(.topics) { run throws(SQLiteError) in
            for page in pages {
                try store.storeTopics(page.lines, path: page.path, name: page.name, hash: page.hash, run)
            }
            return run.counts
        }
        return (store, counts)
    }

    private func changed(since store: MemoryStore?) throws(StoreError) -> [Page] {
        let topics = folder + "/topics"
        let paths = Files.kind(of: topics) == .directory ? Files.files(below: topics, suffix: ".md") { _ in } : []
        var pages: [Page] = []
        var present: Set<String> = []
        for path in paths {
            // What is there and can't be read is no reason to archive what it said before.
            present.insert(path)
            // What came with a clone says nothing before somebody has looked at it.
            guard isTrusted(name(path)) else {
                StandardStream.error.write("note: \(path) is not trusted yet; `ccmem trust` shows it.\n")
                continue
            }
            guard let bytes = PageFile.read(path, limit: TopicFiles.longest),
                let text = String(validating: bytes, as: UTF8.self)
            else { continue }
            let hash = SHA256.hex(bytes)
            if let store,
                try store.reading({ () throws(SQLiteError) in try store.knowsTopics(path, hash: hash) })
            {
                continue
            }
            var lines = TopicPage(titles: RuleWords.titles).lines(of: text)
            for index in lines.indices { lines[index].content = StoredText.clean(lines[index].content) }
            pages.append(Page(path: path, name: name(path), hash: hash, lines: lines))
        }
        guard let store else { return pages }
        let known = try store.reading { () throws(SQLiteError) in try store.topicPaths() }
        for path in known where !present.contains(path) && path.hasPrefix(topics + "/") {
            pages.append(Page(path: path, name: name(path), hash: nil, lines: []))
        }
        return pages
    }

    /// What all files of topics say, trusted or not, with its place.
    ///
    /// - Parameter folder: That of the pages; nil when there is none.
    static func linesOfAll(below folder: String?) -> [(place: String, content: String)] {
        guard let folder else { return [] }
        return Files.files(below: folder + "/topics", suffix: ".md") { _ in }.flatMap { path in
            guard let bytes = PageFile.read(path, limit: longest) else { return [(place: String, content: String)]() }
            return TopicPage(titles: RuleWords.titles).lines(of: String(decoding: bytes, as: UTF8.self)).map {
                ("\(path):\($0.line)", StoredText.clean($0.content))
            }
        }
    }

    private func name(_ path: String) -> String { String(path.dropFirst(folder.count + 1)) }
}
