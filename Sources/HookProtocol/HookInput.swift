import JSON

/// What Claude Code tells a hook. Whatever is missing or of another type is nil.
public struct HookInput: Sendable, Equatable {
    public var sessionID: String?
    public var transcriptPath: String?
    public var workingDirectory: String?
    public var promptID: String?
    public var eventName: String?
    public var source: String?
    public var prompt: String?
    public var agentID: String?
    /// Empty for the agent that compacts the conversation.
    public var agentType: String?
    public var agentTranscriptPath: String?
    public var lastAssistantMessage: String?
    public var toolName: String?
    /// The client's own id of the call.
    public var toolUseID: String?
    public var toolInput = ToolInput()
    /// What a command wrote, as far as it was kept.
    public var toolOutput: String?
    /// What the client told the model of a call that failed.
    public var error: String?
    public var isInterrupt = false
    /// Whether the turn goes on only because a hook has asked for it.
    public var isStopHookActive = false

    public init() {}

    /// - Parameter bytes: One object; of a field that stands there twice the last one counts. Nil when it is no object.
    public init?(_ bytes: [UInt8]) {
        let isRead = bytes.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(buffer)
            do throws(JSONError) {
                guard try scanner.peek() == .object, try scanner.enterObject() else { return false }
                while let key = try scanner.nextKey() { try read(key, &scanner) }
                return true
            } catch {
                // What was read until there counts.
                return sessionID != nil
            }
        }
        guard isRead else { return nil }
    }

    private mutating func read(_ key: JSONString, _ scanner: inout JSONScanner) throws(JSONError) {
        func text() throws(JSONError) -> String? { try scanner.string()?.text() }
        if key.equals("session_id") {
            sessionID = try text()
        } else if key.equals("transcript_path") {
            transcriptPath = try text()
        } else if key.equals("cwd") {
            workingDirectory = try text()
        } else if key.equals("prompt_id") {
            promptID = try text()
        } else if key.equals("hook_event_name") {
            eventName = try text()
        } else if key.equals("source") {
            source = try text()
        } else if key.equals("prompt") {
            prompt = try text()
        } else if key.equals("agent_id") {
            agentID = try text()
        } else if key.equals("agent_type") {
            agentType = try text()
        } else if key.equals("agent_transcript_path") {
            agentTranscriptPath = try text()
        } else if key.equals("last_assistant_message") {
            lastAssistantMessage = try text()
        } else if key.equals("tool_name") {
            toolName = try text()
        } else if key.equals("tool_use_id") {
            toolUseID = try text()
        } else if key.equals("tool_input") {
            toolInput = try ToolInput(&scanner)
        } else if key.equals("tool_response") {
            toolOutput = try HookInput.output(&scanner)
        } else if key.equals("error") {
            error = try text()
        } else if key.equals("is_interrupt") {
            isInterrupt = try scanner.bool() ?? false
        } else if key.equals("stop_hook_active") {
            isStopHookActive = try scanner.bool() ?? false
        } else {
            try scanner.skip()
        }
    }

    /// Both streams of a command; nil for tools that answer otherwise.
    private static func output(_ scanner: inout JSONScanner) throws(JSONError) -> String? {
        guard try scanner.peek() == .object, try scanner.enterObject() else {
            try scanner.skip()
            return nil
        }
        var parts: [String] = []
        while let key = try scanner.nextKey() {
            if key.equals("stdout") || key.equals("stderr") {
                if let text = try scanner.string()?.text(), !text.isEmpty { parts.append(text) }
            } else {
                try scanner.skip()
            }
        }
        return parts.joined(separator: "\n")
    }
}
