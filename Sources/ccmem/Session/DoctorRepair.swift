import Commands
import Memories
import Projects
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What `doctor --fix` does without a question: nothing that a person wrote or that was remembered is lost by it.
enum DoctorRepair {
    /// Our hooks come into a settings file, with the path of the hook.
    case addHooks(file: String, hook: String)
    case removeHooks(files: [String])
    /// Only the owner may read them.
    case closeToOthers(paths: [String])
    case rebuildIndexes(database: String)
    /// Ends what `forget` could not end, because somebody was reading.
    case cleanUp(database: String)

    /// Does it.
    ///
    /// - Returns: What was done, as a sentence.
    /// - Throws: `CommandError`.
    func apply() throws -> String {
        switch self {
        case .addHooks(let file, let hook):
            try SettingsFile(path: file).rewrite { settings throws(ClaudeSettings.Refusal) in
                try settings.adding(hook)
            }
            return "Put the hooks of \(hook) into \(file)."
        case .removeHooks(let files):
            for file in files {
                try SettingsFile(path: file).rewrite { settings throws(ClaudeSettings.Refusal) in
                    SettingsFile(path: file).asBefore(try settings.removing(), of: settings)
                }
            }
            return "Took the hooks out of \(files.joined(separator: " and "))."
        case .closeToOthers(let paths):
            // The log of the database goes with its last reader.
            for path in paths where Files.status(of: path) != nil {
                let mode: mode_t = Files.kind(of: path) == .directory ? 0o700 : 0o600
                guard chmod(path, mode) == 0 else {
                    throw CommandError(FileFailure(path, code: errno).message, .unreadableInput)
                }
            }
            return "Kept to yourself: \(paths.joined(separator: ", "))."
        case .rebuildIndexes(let database):
            return try StoreWords.inWords { () throws(StoreError) in
                let store = try MemoryStore(path: database, access: .write)
                let report = try store.repairIndexes(try store.auditStructure())
                return "Rebuilt \(report.rebuiltIndexes.joined(separator: ", "))."
            }
        case .cleanUp(let database):
            return try StoreWords.inWords { () throws(StoreError) in
                let isClean = try MemoryStore(path: database, access: .write).collectGarbage().isClean
                return isClean
                    ? "Ended the clean-up of the store." : "The clean-up waits: another process reads an old state."
            }
        }
    }
}
