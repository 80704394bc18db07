import Digests
import Memories
import SQLite
import Storage
import Views

/// `HANDOFF.md` beside the store: written whole, and only when it would be another.
struct HandoffFile {
    let folder: String
    let store: MemoryStore

    /// Sessions that are told of; those that were at work at the same time stand beside each other.
    private static let sessions = 5
    private static let name = "HANDOFF.md"

    /// Call it under the lock of the store.
    func refresh() throws(SQLiteError) {
        let handoffs = try SessionHandoffs.newest(HandoffFile.sessions, in: store)
        let path = "\(folder)/\(HandoffFile.name)"
        if handoffs.isEmpty, PageFile.read(path) == nil { return }
        let bytes = Array(HandoffPage(shown: StoredText.shown).page(of: handoffs).utf8)
        let present = PageFile.read(path)
        if present == bytes { return }
        let mark = try store.viewMark(HandoffFile.name)
        do throws(FileError) {
            if let present, mark != SHA256.hex(present) {
                let kept = try PageFile.keepAside(present, of: path)
                StandardStream.error.write("note: \(path) was not as ccmem wrote it; it is kept as \(kept).\n")
            }
            try PageFile.write(bytes, to: path)
        } catch {
            StandardStream.error.write("warning: \(error.path) can't be written: \(error.reason)\n")
            return
        }
        try store.setViewMark(HandoffFile.name, SHA256.hex(bytes))
    }
}
