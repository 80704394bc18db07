import Memories
import SQLite
import Storage

extension Tool {
    static let update = Tool(
        name: "memory_update",
        summary:
            "Change a memory: edit (text, importance, category), archive (reason), supersede (by the memory `by`), restore.",
        parameters: [
            .memory("id").required, Parameter.choice("action", ["edit", "archive", "supersede", "restore"]).required,
            .text("text"), .integer("importance", 1...5), .category, .memory("by"), .text("reason", most: 500),
        ], isReadOnly: false
    ) { arguments, host in
        let id = arguments.integer("id") ?? 0
        switch arguments.text("action") {
        case "archive": return try Updating.archive(id, arguments, host)
        case "restore": return try Updating.restore(id, host)
        case "supersede":
            guard let by = arguments.integer("by") else {
                throw ToolError(
                    "`by` is missing.", remedy: "Give the number of the memory that takes the place of #\(id).")
            }
            return try Linking.link(by, .supersedes, to: id, removes: false, host)
        default: return try Updating.edit(id, arguments, host)
        }
    }
}

private enum Updating {
    static func archive(_ id: Int, _ arguments: Arguments, _ host: any MemoryHost) throws -> String {
        let reason = try arguments.text("reason").map { try host.clean($0) }
        let outcome = try host.change(makesStore: false) { store, run throws(SQLiteError) in
            try store.archive(memory: id, reason: reason, run)
        }
        switch outcome {
        case .unknown: throw ToolError.unknown(id)
        case .archived: return "#\(id) is archived."
        case .alreadyArchived: return "#\(id) is archived already."
        }
    }

    static func restore(_ id: Int, _ host: any MemoryHost) throws -> String {
        let outcome = try host.change(makesStore: false) { store, run throws(SQLiteError) in
            try store.restore(memory: id, run)
        }
        switch outcome {
        case .unknown: throw ToolError.unknown(id)
        case .restored: return "#\(id) is active again."
        case .alreadyActive: return "#\(id) is active already."
        case .standing(let other):
            throw ToolError(
                "#\(other) stands in its place.", remedy: "Archive #\(other) first, if the user wants that.")
        }
    }

    static func edit(_ id: Int, _ arguments: Arguments, _ host: any MemoryHost) throws -> String {
        var change = MemoryChange()
        change.content = try arguments.text("text").map { try host.clean($0) }
        change.importance = arguments.integer("importance").map(Importance.init(clamping:))
        change.category = arguments.category
        guard !change.isEmpty, change.content?.allSatisfy(\.isWhitespace) != true else {
            throw ToolError("There is nothing to change.", remedy: "Give `text`, `importance` or `category`.")
        }
        let outcome = try host.change(makesStore: false) { store, run throws(SQLiteError) in
            try store.edit(id, change, run)
        }
        switch outcome {
        case .unknown: throw ToolError.unknown(id)
        case .notActive(let state):
            throw ToolError("#\(id) is \(state.rawValue).", remedy: "Restore it first.")
        case .unchanged: return "#\(id) is like that already."
        case .changed(let fields): return "#\(id) changed: \(Set(fields).sorted().joined(separator: ", "))."
        case .replaced(let new): return "#\(new) replaces #\(id)."
        case .standing(let other):
            throw ToolError("#\(other) says that already.", remedy: "Supersede #\(id) by #\(other).")
        case .forgotten: throw ToolError("That was forgotten on purpose and is not stored.", remedy: "Ask the user.")
        }
    }
}
