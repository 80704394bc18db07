public import JSON
public import Storage

/// What became of a statement, in words and as names for programs.
public enum RecordWords {
    /// Nil when it was refused: that is an error.
    public static func line(_ outcome: RecordOutcome) -> String? {
        switch outcome {
        case .inserted(let id): "#\(id) stored"
        case .merged(let id): "#\(id) already known"
        case .supersedes(let id, let older): "#\(id) replaces #\(older)"
        case .history(let id, let newer): "#\(id) stored as history of #\(newer)"
        case .refused: nil
        }
    }

    public static func parts(_ outcome: RecordOutcome) -> (name: String, id: Int?, other: Int?) {
        switch outcome {
        case .inserted(let id): ("inserted", id, nil)
        case .merged(let id): ("merged", id, nil)
        case .supersedes(let id, let older): ("supersedes", id, older)
        case .history(let id, let newer): ("history", id, newer)
        case .refused(let why): (name(why), nil, other(why))
        }
    }

    /// The keys `outcome` and `outcome_id` of docs/jsonl.md.
    public static func parts(_ preview: RecordPreview) -> (name: String, id: Int?) {
        switch preview {
        case .inserted: ("inserted", nil)
        case .merged(let id): ("merged", id)
        case .supersedes(let id): ("supersedes", id)
        case .history(let id): ("history", id)
        case .refused(let why): (name(why), other(why))
        }
    }

    public static func words(_ preview: RecordPreview) -> String {
        switch preview {
        case .inserted: "new"
        case .merged(let id): "already known as #\(id)"
        case .supersedes(let id): "replaces #\(id)"
        case .history(let id): "history of #\(id)"
        case .refused(let why):
            switch why {
            case .tombstone: "refused: it was forgotten"
            case .archived(let id): "refused: archived as #\(id)"
            case .outranked(let id): "refused: #\(id) says otherwise"
            case .empty: "refused: it is empty"
            case .unimportant: "refused: below `ingest.min-importance`"
            }
        }
    }

    public static func error(_ why: RecordOutcome.Refused) -> CommandError {
        switch why {
        case .tombstone:
            CommandError(
                "That was forgotten, and is not stored again.", help: "Say it in other words to keep it after all.",
                .nothingFound)
        case .archived(let id):
            CommandError("That is archived as #\(id).", help: "`ccmem restore \(id)` brings it back.", .nothingFound)
        case .outranked(let id):
            CommandError(
                "#\(id) says otherwise on the same subject.", help: "`ccmem edit \(id)` changes it.", .nothingFound)
        case .empty: CommandError("There is no text to store.", .usage)
        case .unimportant:
            CommandError(
                "That is less important than what is stored here.",
                help: "`ccmem config get ingest.min-importance` tells the limit.", .nothingFound)
        }
    }

    private static func name(_ why: RecordOutcome.Refused) -> String {
        switch why {
        case .tombstone: "refused_tombstone"
        case .archived: "refused_archived"
        case .outranked: "refused_outranked"
        case .empty: "refused_empty"
        case .unimportant: "refused_unimportant"
        }
    }

    private static func other(_ why: RecordOutcome.Refused) -> Int? {
        switch why {
        case .archived(let id), .outranked(let id): id
        case .tombstone, .empty, .unimportant: nil
        }
    }
}

extension MemoryJSON {
    public static func optional(_ key: String, _ value: Int?, _ writer: inout JSONWriter) {
        writer.key(key)
        if let value { writer.int(value) } else { writer.null() }
    }
}
