import Digests
import Memories
import Projects
import SQLite
public import Storage
import Views

/// The pages beside a project's store: `MEMORY.md` and one page a session. Written after each change; what people write
/// into `MEMORY.md` is taken over before the next one.
///
/// A page that can't be written is no reason to fail: the store is what counts. It is said on standard error.
public struct StorePages {
    public let folder: String
    public let store: MemoryStore
    private let index: MemoryIndex
    private let title: String

    public static let indexName = "MEMORY.md"

    /// Nil for a store that does not lie in the project: such a one has no pages.
    public init?(context: ProjectContext, store: MemoryStore) {
        guard let views = context.location.views, context.active?.settings.bool(.viewsEnabled) ?? true else {
            return nil
        }
        folder = views
        self.store = store
        title = context.root.split(separator: "/").last.map(String.init) ?? "/"
        index = MemoryIndex(titles: RuleWords.titles, shown: StoredText.shown)
    }

    private var indexPath: String { folder + "/" + StorePages.indexName }

    // MARK: - What people wrote

    /// What is known of the page as it was written last.
    private struct Mark {
        var hash: String
        /// The newest memory at that time: a line of a younger one can't have been deleted.
        var newest: Int

        init(hash: String, newest: Int) {
            self.hash = hash
            self.newest = newest
        }

        init?(_ text: String?) {
            guard let parts = text?.split(separator: " "), parts.count == 2, let newest = Int(parts[1]) else {
                return nil
            }
            self.init(hash: String(parts[0]), newest: newest)
        }

        var text: String { "\(hash) \(newest)" }
    }

    /// Takes over what was changed in `MEMORY.md` since it was written.
    public func takeOver() {
        do throws(StoreError) {
            guard try store.reading({ () throws(SQLiteError) in try editedIndex() }) != nil else { return }
            // Looked at again under the lock under which it is written: another command may just have done so.
            let report = try store.changing { run throws(SQLiteError) -> EditReport? in
                guard let (bytes, mark) = try editedIndex() else { return nil }
                guard var mark = mark, let text = String(validating: bytes, as: UTF8.self) else {
                    keepAside(bytes, "was not written by ccmem")
                    let seen = Mark(hash: SHA256.hex(bytes), newest: 0)
                    try store.setViewMark(StorePages.indexName, seen.text)
                    return nil
                }
                var edits = index.edits(in: text, of: try store.memories(MemoryQuery()))
                edits.deleted.removeAll { $0 > mark.newest }
                let report = try apply(edits, run)
                if !report.isComplete { keepAside(bytes, "holds what could not be taken over") }
                mark.hash = SHA256.hex(bytes)
                try store.setViewMark(StorePages.indexName, mark.text)
                return report
            }
            for line in report?.lines ?? [] {
                StandardStream.error.write("note: \(StorePages.indexName): \(line)\n")
            }
        } catch {
            StandardStream.error.write("warning: \(StoreWords.error(error).message)\n")
        }
    }

    /// The page when it is not as it was written, with what is known of that; nil when it is, or there is none.
    private func editedIndex() throws(SQLiteError) -> (bytes: [UInt8], mark: Mark?)? {
        guard let bytes = PageFile.read(indexPath) else { return nil }
        let mark = Mark(try store.viewMark(StorePages.indexName))
        return mark?.hash == SHA256.hex(bytes) ? nil : (bytes, mark)
    }

    private struct EditReport {
        var lines: [String] = []
        var isComplete = true
    }

    private func apply(_ edits: IndexEdits, _ run: ChangeRun) throws(SQLiteError) -> EditReport {
        var report = EditReport()
        for edit in edits.changes {
            var change = MemoryChange()
            change.content = edit.content.map(StoredText.clean)
            change.importance = edit.importance
            change.category = edit.category
            switch try store.edit(edit.id, change, run) {
            case .replaced(let new): report.lines.append("#\(edit.id) has new words and is #\(new) now.")
            case .changed(let fields): report.lines.append("#\(edit.id) changed: \(fields.joined(separator: ", ")).")
            case .unchanged: continue
            case .standing(let other):
                report.lines.append("#\(edit.id) is as before: #\(other) says that already.")
                report.isComplete = false
            case .forgotten, .unknown, .notActive:
                report.lines.append("#\(edit.id) is as before.")
                report.isComplete = false
            }
        }
        for addition in edits.additions {
            let memory = NewMemory(
                category: addition.category, content: StoredText.clean(addition.content),
                importance: addition.importance ?? addition.category.defaultImportance, origin: .manual,
                saidAt: Clock.system.timestamp)
            let outcome = try store.add(memory, run).outcome
            report.lines.append(RecordWords.line(outcome).map { $0 + "." } ?? "A new line was refused.")
            if outcome.memoryID == nil { report.isComplete = false }
        }
        if !edits.deleted.isEmpty {
            let ids = edits.deleted.map { "\($0)" }.joined(separator: " ")
            report.lines.append("deleted lines are back; `ccmem archive \(ids)` takes these memories out of use.")
        }
        if !edits.unreadable.isEmpty {
            let lines = edits.unreadable.prefix(10).map { "\($0)" }.joined(separator: ", ")
            report.lines.append("line \(lines) could not be read as a memory.")
            report.isComplete = false
        }
        return report
    }

    private func keepAside(_ bytes: [UInt8], _ why: String) {
        do throws(FileError) {
            let kept = try PageFile.keepAside(bytes, of: indexPath)
            StandardStream.error.write("note: \(indexPath) \(why); it is kept as \(kept).\n")
        } catch {
            StandardStream.error.write("warning: \(error.path) can't be written: \(error.reason)\n")
        }
    }

    // MARK: - Writing

    /// Brings all pages up to date; those that would be the same are not touched.
    public func refresh() {
        do throws(StoreError) {
            // Under the lock of the store, so that of two writers the one with the newer state comes last.
            try store.writing { () throws(SQLiteError) in
                try writeIndex()
                try HandoffFile(folder: folder, store: store).refresh()
            }
            try SessionPages(folder: folder, store: store).refresh()
        } catch {
            StandardStream.error.write("warning: pages are not up to date: \(StoreWords.error(error).message)\n")
        }
    }

    private func writeIndex() throws(SQLiteError) {
        let memories = try store.memories(MemoryQuery())
        let present = PageFile.read(indexPath)
        if memories.isEmpty, present == nil { return }
        let page = Array(index.page(of: memories, title: title).utf8)
        // It was compared with its hash before the change.
        if present == page, try store.viewMark(StorePages.indexName) != nil { return }
        if present != nil, let (bytes, mark) = try editedIndex() {
            keepAside(bytes, mark == nil ? "was not written by ccmem" : "was changed meanwhile")
        }
        do throws(FileError) {
            try PageFile.write(page, to: indexPath)
        } catch {
            StandardStream.error.write("warning: \(error.path) can't be written: \(error.reason)\n")
            return
        }
        let newest = memories.map(\.id).max() ?? 0
        try store.setViewMark(StorePages.indexName, Mark(hash: SHA256.hex(page), newest: newest).text)
    }
}
