public import JSON
import Memories
import Neutralization
public import Storage

/// Memories of the store as JSON; documented in docs/store-json.md.
public enum MemoryJSON {
    /// A document that the body fills, with a newline behind it.
    public static func document(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = MemoryJSON.writer()
        writer.beginObject()
        body(&writer)
        writer.endObject()
        writer.newline()
        return writer.bytes
    }

    /// A writer of what the store holds: no string of it passes for words of the harness, whoever put it there.
    public static func writer() -> JSONWriter { JSONWriter { Neutralizer.neutralized($0)?.text } }

    public static func write(
        _ memory: StoredMemory, to writer: inout JSONWriter, more: (inout JSONWriter) -> Void = { _ in }
    ) {
        writer.beginObject()
        writer.key("id")
        writer.int(memory.id)
        writer.key("uid")
        writer.string(memory.uid)
        writer.key("category")
        writer.string(memory.category.rawValue)
        writer.key("importance")
        writer.int(memory.importance.level)
        writer.key("content")
        writer.string(memory.content)
        writer.key("state")
        writer.string(memory.state.rawValue)
        writer.key("origin")
        writer.string(memory.origin.rawValue)
        writer.field("key", memory.key)
        writer.key("score")
        if let score = memory.score { writer.decimal(Double(score) / 1000, digits: 3) } else { writer.null() }
        writer.field("rule", memory.rule?.id)
        writer.field("pack", memory.rule?.pack)
        writer.key("tags")
        writer.beginArray()
        for tag in memory.tags { writer.string(tag) }
        writer.endArray()
        writer.key("tokens")
        writer.int(memory.tokens.value)
        writer.key("said_at")
        writer.string(memory.saidAt)
        writer.key("created_at")
        writer.string(memory.createdAt)
        writer.field("reason", memory.reason)
        writer.key("sightings")
        writer.int(memory.sightingCount)
        more(&writer)
        writer.endObject()
    }

    public static func write(_ sighting: StoredSighting, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("session", sighting.sessionID)
        writer.field("file", sighting.path)
        writer.key("line")
        if let line = sighting.line { writer.int(line) } else { writer.null() }
        writer.field("role", sighting.role)
        writer.key("said_at")
        writer.string(sighting.saidAt)
        writer.key("quote")
        writer.string(sighting.quote)
        writer.field("rule", sighting.rule?.id)
        writer.field("pack_version", sighting.rule?.packVersion)
        writer.key("is_gone")
        writer.bool(sighting.isGone)
        writer.endObject()
    }
}
