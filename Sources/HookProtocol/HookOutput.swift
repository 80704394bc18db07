import JSON

/// What a hook answers: context for the model, a line for the user, or nothing.
public struct HookOutput: Sendable, Equatable {
    /// Claude Code writes what is longer into a file, and shows the model its beginning only. In UTF-16 units.
    public static let mostContext = 9_500

    public var event: HookEvent
    public var context: String?
    /// Shown to the user, never to the model.
    public var message: String?

    public init(_ event: HookEvent, context: String? = nil, message: String? = nil) {
        self.event = event
        self.context = context
        self.message = message
    }

    /// One object of JSON on one line; nil when there is nothing to say. Context that is too long is left out, not cut.
    public var json: [UInt8]? {
        let context = context.flatMap { $0.isEmpty || $0.utf16.count > HookOutput.mostContext ? nil : $0 }
        guard context != nil || message != nil else { return nil }
        var writer = JSONWriter()
        writer.beginObject()
        if let message {
            writer.key("systemMessage")
            writer.string(message)
        }
        if let context {
            writer.key("hookSpecificOutput")
            writer.beginObject()
            writer.key("hookEventName")
            writer.string(event.rawValue)
            writer.key("additionalContext")
            writer.string(context)
            writer.endObject()
        }
        writer.endObject()
        writer.newline()
        return writer.bytes
    }
}
