import Digests
import SQLite
import Storage
import Views

/// `sessions/YYYY/MM/*.md`: the archive of each session. What each page was made of is noted in the store, so that only those
/// are made again that would be different.
struct SessionPages {
    let folder: String
    let store: MemoryStore
    private let page = SessionPage(shown: StoredText.shown)

    init(folder: String, store: MemoryStore) {
        self.folder = folder
        self.store = store
    }

    private static let prefix = "session:"

    /// What is known of a page that was written.
    private struct Mark {
        var signature: String
        var hash: String
        var path: String

        init(signature: String, hash: String, path: String) {
            self.signature = signature
            self.hash = hash
            self.path = path
        }

        init?(_ text: String) {
            let parts = text.split(separator: " ", maxSplits: 2).map(String.init)
            guard parts.count == 3 else { return nil }
            self.init(signature: parts[0], hash: parts[1], path: parts[2])
        }

        var text: String { "\(signature) \(hash) \(path)" }
    }

    func refresh() throws(StoreError) {
        let (digests, marks) = try store.reading { () throws(SQLiteError) in
            (try store.sessionDigests(), try store.viewMarks(SessionPages.prefix))
        }
        var known: [String: Mark] = [:]
        for (name, value) in marks { known[String(name.dropFirst(SessionPages.prefix.count))] = Mark(value) }
        var names: Set<String> = []
        for digest in digests {
            var name = SessionPage.name(session: digest.uid, startedAt: digest.startedAt)
            if !names.insert(name).inserted {
                name = SessionPage.name(session: digest.uid, startedAt: digest.startedAt, isWhole: true)
                names.insert(name)
            }
            let path = "sessions/\(name).md"
            let mark = known.removeValue(forKey: digest.uid)
            if let mark, mark.signature == digest.signature, mark.path == path,
                PageFile.isPlainFile("\(folder)/\(path)")
            {
                continue
            }
            try write(digest, to: path, mark)
        }
        // What is not in the archive any more has no page either.
        for (uid, mark) in known.sorted(by: { $0.key < $1.key }) { try remove(uid, mark) }
    }

    private func write(_ digest: SessionDigest, to path: String, _ mark: Mark?) throws(StoreError) {
        try store.writing { () throws(SQLiteError) in
            let turns = try store.turns(ofSession: digest.uid)
            let text = page.page(
                session: digest.uid, turns: turns, memories: try store.citations(inSession: digest.uid))
            let bytes = Array(text.utf8)
            do throws(FileError) {
                if let mark, mark.path != path { try clear(mark.path, mark.hash) }
                let full = "\(folder)/\(path)"
                if let slash = path.lastIndex(of: "/") { try PageFile.makeFolders(path[..<slash], below: folder) }
                if let present = PageFile.read(full), present != bytes { try clear(path, mark?.hash) }
                try PageFile.write(bytes, to: full)
            } catch {
                StandardStream.error.write("warning: \(error.path) can't be written: \(error.reason)\n")
                return
            }
            let new = Mark(signature: digest.signature, hash: SHA256.hex(bytes), path: path)
            try store.setViewMark(SessionPages.prefix + digest.uid, new.text)
        }
    }

    private func remove(_ uid: String, _ mark: Mark) throws(StoreError) {
        try store.writing { () throws(SQLiteError) in
            do throws(FileError) {
                try clear(mark.path, mark.hash)
            } catch {
                StandardStream.error.write("warning: \(error.path) can't be written: \(error.reason)\n")
            }
            try store.setViewMark(SessionPages.prefix + uid, nil)
        }
    }

    /// Takes a page away; one that is not as it was written is kept under another name.
    private func clear(_ path: String, _ hash: String?) throws(FileError) {
        let full = "\(folder)/\(path)"
        guard let present = PageFile.read(full) else { return }
        if SHA256.hex(present) != hash {
            let kept = try PageFile.keepAside(present, of: full)
            StandardStream.error.write("note: \(full) was edited; it is kept as \(kept).\n")
        }
        PageFile.remove(full)
    }
}
