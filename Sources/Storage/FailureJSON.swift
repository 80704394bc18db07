import JSON

/// The lists that rows of failures hold.
enum FailureJSON {
    static func text(_ words: [String]) -> String {
        var writer = JSONWriter()
        writer.beginArray()
        for word in words.prefix(40) { writer.string(word) }
        writer.endArray()
        return writer.text
    }

    static func text(_ changes: [FailureChange]) -> String {
        var writer = JSONWriter()
        writer.beginArray()
        for change in changes {
            writer.beginObject()
            writer.key("file")
            writer.string(change.file)
            writer.key("before")
            writer.string(change.before)
            writer.key("after")
            writer.string(change.after)
            writer.endObject()
        }
        writer.endArray()
        return writer.text
    }
}
