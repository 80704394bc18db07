import CPluginCommands
import Commands
import MCP
import SQLite
import Storage
import Views

/// What the server shows beside its tools: the pages for people, and the texts of the plugin.
extension ProjectHost {
    /// Sessions that the handoff tells of.
    private static let sessions = 3

    func page(_ page: MemoryPages) throws -> String? {
        try inToolWords {
            let context = try ProjectContext.find(options)
            let store = try store()
            return try StoreWords.inWords { () throws(StoreError) in
                try store.reading { () throws(SQLiteError) -> String? in
                    switch page {
                    case .index:
                        let title = context.root.split(separator: "/").last.map(String.init) ?? "/"
                        return MemoryIndex(titles: RuleWords.titles, shown: StoredText.shown)
                            .page(of: try store.memories(MemoryQuery()), title: title)
                    case .handoff:
                        let found = try SessionHandoffs.newest(ProjectHost.sessions, in: store)
                        return found.isEmpty ? nil : HandoffPage(shown: StoredText.shown).page(of: found)
                    }
                }
            }
        }
    }

    func command(_ name: String) -> String? {
        let all = (0..<plugin_command_count).map { plugin_command($0) } + [plugin_skill]
        return all.first { String(cString: $0.name) == name }.map {
            String(decoding: UnsafeBufferPointer(start: $0.bytes, count: $0.count), as: UTF8.self)
        }
    }
}
