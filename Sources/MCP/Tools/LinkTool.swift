import Memories
import SQLite
import Storage

extension Tool {
    static let link = Tool(
        name: "memory_link",
        summary: "Say how two memories belong together.",
        parameters: [
            .memory("from").required, .memory("to").required,
            Parameter.choice("kind", LinkKind.allCases.map(\.rawValue)).required, .flag("remove"),
        ], isReadOnly: false
    ) { arguments, host in
        let kind = arguments.text("kind").flatMap(LinkKind.init(rawValue:)) ?? .relatedTo
        return try Linking.link(
            arguments.integer("from") ?? 0, kind, to: arguments.integer("to") ?? 0, removes: arguments.flag("remove"),
            host)
    }
}

enum Linking {
    static func link(
        _ from: Int, _ kind: LinkKind, to: Int, removes: Bool, _ host: any MemoryHost
    ) throws -> String {
        let outcome = try host.change(makesStore: false) { store, run throws(SQLiteError) in
            removes ? try store.unlink(from, kind, to: to, run) : try store.link(from, kind, to: to, run)
        }
        let words = "#\(from) \(kind.rawValue) #\(to)"
        switch outcome {
        case .linked: return words + "."
        case .alreadyLinked: return words + " is known already."
        case .unlinked: return words + " is removed."
        case .notLinked: return words + " was not known."
        case .unknown(let id): throw ToolError.unknown(id)
        case .toItself: throw ToolError("A memory can't be linked to itself.", remedy: "Give two different numbers.")
        case .circle: throw ToolError("#\(to) supersedes #\(from) already.", remedy: "Remove that link first.")
        case .notActive(let id, let state):
            throw ToolError("#\(id) is \(state.rawValue).", remedy: "Restore it first with memory_update.")
        }
    }
}
