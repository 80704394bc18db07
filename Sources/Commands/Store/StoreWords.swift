import SQLite
public import Storage

/// Errors of the store in words; the only place where they are worded.
public enum StoreWords {
    public static func error(_ error: StoreError) -> CommandError {
        switch error {
        case .missing(let path):
            CommandError(
                "There is no store at \(path).",
                help: "`ccmem ingest` makes one from this project's transcripts, `ccmem add` from a first memory.",
                .nothingFound)
        case .newerSchema(let path, let version, let known):
            CommandError(
                "\(path) was written by a newer ccmem (schema \(version), this one knows \(known)).",
                help: "Update ccmem; the file was left as it is.", .unreadableInput)
        case .olderSchema(let path, let version, let known):
            CommandError(
                "\(path) was written by an older ccmem (schema \(version) of \(known)) and can't be brought up to date: it can't be written here.",
                help: "Run any command of ccmem once where the file and its folder can be written.", .unreadableInput)
        case .foreign(let path):
            CommandError(
                "\(path) is no store of ccmem, or a damaged one.",
                help: "`ccmem repair` carries over what it can read of a damaged one; move away what never was one.",
                .unreadableInput)
        case .corrupted(let path, let cause):
            CommandError(
                "\(path) is damaged: \(cause.message).",
                help: "`ccmem repair` salvages what can be read and keeps the damaged file.", .unreadableInput)
        case .locked(let path):
            CommandError(
                "\(path) is being written by another process.", help: "Try again in a moment.", .unreadableInput)
        case .readOnly(let path):
            CommandError(
                "\(path) can't be written.", help: "Check the permissions of the file and its folder.", .unreadableInput
            )
        case .full(let path):
            CommandError(
                "The disk that holds \(path) is full.", help: "Make room and run the command again; nothing was lost.",
                .unreadableInput)
        case .other(let path, let cause):
            CommandError("\(path): \(cause.message) (SQLite \(cause.code)).", .unreadableInput)
        }
    }

    /// Runs a body whose errors are the store's.
    public static func inWords<T>(_ body: () throws(StoreError) -> T) throws -> T {
        do throws(StoreError) {
            return try body()
        } catch {
            throw StoreWords.error(error)
        }
    }
}
