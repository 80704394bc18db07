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
    /// - Returns: The store, when something was written to it.
    func read(
        _ existing: MemoryStore?, makeStore: () throws -> MemoryStore
    ) throws -> MemoryStore? {
        do {
            return try readInto(existing, makeStore: makeStore)
        } catch let error as StoreError {
            throw StoreWords.error(error)
        }
    }

    private func readInto(_ existing: MemoryStore?, makeStore: () throws -> MemoryStore) throws -> MemoryStore? {
        let pages = try changed(since: existing)
        guard !pages.isEmpty else { return nil }
        if existing == nil, pages.allSatisfy(\.lines.isEmpty) { return nil }
        let store: MemoryStore
        if let existing { store = existing } else { store = try makeStore() }
        try store.changing(.topics) { run throws(SQLiteError) in
            for page in pages {
                try store.storeTopics(page.lines, path: page.path, name: page.name, hash: page.hash, run)
            }
        }
        return store
    }

    private func changed(since store: MemoryStore?) throws(StoreError) -> [Page] {
        let topics = folder + "/topics"
        let paths = Files.kind(of: topics) == .directory ? Files.files(below: topics, suffix: ".md") { _ in } : []
        var pages: [Page] = []
        var present: Set<String> = []
        for path in paths {
            guard let bytes = PageFile.read(path), let text = String(validating: bytes, as: UTF8.self) else { continue }
            present.insert(path)
            // What came with a clone says nothing before somebody has looked at it.
            guard isTrusted(name(path)) else {
                StandardStream.error.write("note: \(path) is not trusted yet; `ccmem trust` shows it.\n")
                continue
            }
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

    private func name(_ path: String) -> String { String(path.dropFirst(folder.count + 1)) }
}
