import Memories
import SQLite
import Storage

/// Memories and turns in words for a model: one line each, with their handles and what it costs to read them.
enum MemoryLines {
    /// Characters of a memory that an index shows.
    static let indexLength = 160

    /// `#12 [4] decision 2026-03-01 ~14t The API …`
    static func index(_ memory: StoredMemory) -> String {
        "\(head(memory)) ~\(memory.tokens.value)t \(cut(memory.content, indexLength))"
    }

    /// `#12 [4] decision 2026-03-01 (superseded)`
    static func head(_ memory: StoredMemory) -> String {
        var text = "#\(memory.id) [\(memory.importance.level)] \(memory.category.rawValue)"
        if !memory.saidAt.isEmpty { text += " \(memory.saidAt.prefix(10))" }
        if memory.state != .active { text += " (\(memory.state.rawValue))" }
        return text
    }

    /// `1f2e3d4c:17 user 2026-03-01 …`
    static func line(_ turn: StoredTurn, length: Int = 200) -> String {
        "\(turn.sessionID.prefix(8)):\(turn.line) \(turn.role) \(turn.saidAt.prefix(10)) \(cut(turn.text, length))"
    }

    /// On one line, and cut.
    static func cut(_ text: String, _ length: Int) -> String {
        if let plain = plainLine(text, length) { return plain }
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count <= length ? words : words.prefix(length) + "…"
    }

    /// The same for what most texts are, one line of ASCII with single blanks in it; nil for any other. Without a look at what each
    /// character is to Unicode.
    private static func plainLine(_ text: String, _ length: Int) -> String? {
        var text = text
        return text.withUTF8 { bytes -> String? in
            guard let first = bytes.first, let last = bytes.last, first != 0x20, last != 0x20 else { return nil }
            var before: UInt8 = 0
            for byte in bytes {
                guard byte >= 0x20, byte < 0x7F, byte != 0x20 || before != 0x20 else { return nil }
                before = byte
            }
            let head = String(decoding: bytes.prefix(length), as: UTF8.self)
            return bytes.count <= length ? head : head + "…"
        }
    }

    /// The text with what it costs.
    static func costed(_ lines: [String]) -> String {
        let text = lines.joined(separator: "\n")
        return text + "\n(~\(TokenCount.estimate(of: text).value) tokens)"
    }
}

extension MemoryHost {
    /// One reading of the store, on one state of it.
    func reading<T>(_ body: (MemoryStore) throws(SQLiteError) -> T) throws -> T {
        let store = try store()
        do throws(StoreError) {
            return try store.reading { () throws(SQLiteError) in try body(store) }
        } catch {
            throw ToolError(
                "The store can't be read: \(error).", remedy: "`ccmem audit` in a shell tells what is wrong.")
        }
    }
}

extension ToolError {
    static func unknown(_ id: Int) -> ToolError { unknown([id]) }

    static func unknown(_ ids: [Int]) -> ToolError {
        ToolError(
            "There is no memory \(ids.map { "#\($0)" }.joined(separator: ", ")).",
            remedy: "memory_search finds numbers.")
    }
}
