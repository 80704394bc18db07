import Projects
import Storage

/// The project that a command works on, and its store.
struct ProjectContext {
    var root: String
    /// Path of the database, whether or not it exists.
    var database: String

    /// Finds the project of the options; makes nothing.
    static func find(_ options: ProjectOptions) throws -> ProjectContext {
        let environment = Environment.current()
        let start = options.project ?? environment.workingDirectory ?? "."
        guard let root = Files.realPath(start) else { throw CommandError("`\(start)` does not exist.", .usage) }
        return ProjectContext(root: root, database: root + "/.ccmem/memory.db")
    }

    /// Opens the store to read.
    ///
    /// - Throws: `CommandError` that tells what to do when there is none.
    func openToRead() throws -> MemoryStore { try open(.read) }

    /// Opens the store to write; it must exist.
    func openToWrite() throws -> MemoryStore { try open(.write) }

    /// Opens the store to write; makes it when it is missing.
    func openOrMake() throws(StoreError) -> MemoryStore { try MemoryStore(path: database, access: .create) }

    /// Writes the generated pages again.
    func refreshViews(_ store: MemoryStore) throws {}

    /// Nil when there is no store yet.
    func openIfThere(_ access: MemoryStore.Access) throws -> MemoryStore? {
        Files.kind(of: database) == nil ? nil : try open(access)
    }

    private func open(_ access: MemoryStore.Access) throws -> MemoryStore {
        do throws(StoreError) {
            return try MemoryStore(path: database, access: access)
        } catch {
            throw StoreWords.error(error)
        }
    }
}
