import SQLite
import Storage

/// What a client can read of a project without a tool, by its address: the pages that people read, and each memory.
struct Resource: Sendable {
    /// The address; of a template, with a name between braces.
    var address: String
    var name: String
    var summary: String
    var mimeType: String

    static let scheme = "ccmem://"

    static let all = [
        Resource(
            address: scheme + "index", name: "index",
            summary: "All active memories by category, as MEMORY.md shows them.",
            mimeType: "text/markdown"),
        Resource(
            address: scheme + "handoff", name: "handoff",
            summary: "Where the last session was left: asked, done, open, files, tests.", mimeType: "text/markdown"),
    ]

    static let templates = [
        Resource(
            address: scheme + "memory/{id}", name: "memory",
            summary: "A memory in full, with the words it was read from and its links.", mimeType: "text/plain"),
        Resource(
            address: scheme + "index/{page}", name: "index page", summary: "A further page of a long index, from 2.",
            mimeType: "text/markdown"),
    ]

    /// What is at an address.
    struct Contents: Equatable {
        var text: String
        var mimeType: String
    }

    /// - Throws: `ToolError` when the store can't be read.
    /// - Returns: Nil when nothing is there.
    static func contents(at address: String, _ host: any MemoryHost) throws -> Contents? {
        guard address.hasPrefix(scheme) else { return nil }
        let parts = address.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        switch (parts.first ?? "", parts.count) {
        case ("index", 1): return try page(.index, 1, host)
        case ("index", 2): return try number(parts[1]).flatMap { try page(.index, $0, host) }
        case ("handoff", 1): return try page(.handoff, 1, host)
        case ("memory", 2):
            guard let id = number(parts[1]) else { return nil }
            let lines = try host.reading { store throws(SQLiteError) in try MemoryLines.whole(id, store) }
            return lines.map { Contents(text: $0.joined(separator: "\n"), mimeType: "text/plain") }
        default: return nil
        }
    }

    /// Digits that stand for a number of their own, so that nothing has two addresses.
    private static func number(_ digits: Substring) -> Int? {
        guard let number = Int(digits), number > 0, String(number) == digits else { return nil }
        return number
    }

    private static func page(_ page: MemoryPages, _ number: Int, _ host: any MemoryHost) throws -> Contents? {
        guard let text = try host.page(page) else { return nil }
        let pages = MCPServer.pages(of: text)
        guard pages.indices.contains(number - 1) else { return nil }
        let more =
            number < pages.count
            ? "\n(page \(number) of \(pages.count); next: \(scheme)\(page.rawValue)/\(number + 1))\n" : ""
        return Contents(text: pages[number - 1] + more, mimeType: "text/markdown")
    }
}

/// The pages beside a store.
public enum MemoryPages: String, Sendable {
    case index
    case handoff
}
