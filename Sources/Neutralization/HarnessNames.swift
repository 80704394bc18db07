/// The elements that Claude Code and the model speak in: whoever writes one of them in a text speaks in their name.
enum HarnessNames {
    /// In lower case, `_` written as `-`. A name that ends in `*` stands for every name that begins so.
    static let names: [StaticString] = [
        "agent-notification", "assistant", "bash-*", "ccmem*", "channel", "claude-*", "command-*",
        "cross-session-message", "fork-boilerplate", "function-calls", "function-results", "function-result",
        "functions", "human", "ide-*", "invoke", "local-command-*", "mcp-*", "new-diagnostics", "parameter",
        "persisted-output", "post-tool-use*", "pre-tool-use*", "pre-compact*", "session-start*", "session-end*",
        "stop-hook*", "subagent-stop*", "system", "system-*", "task-notification", "teammate-message", "thinking",
        "tick", "tool-call*", "tool-result*", "tool-response*", "tool-use*", "tools-used-*", "uploaded-files",
        "user-memory-*", "user-prompt-*",
    ]

    /// Whether a name, with or without a namespace, is one of them. Everything in the namespace `antml` is.
    static func contain(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        if name.count == 5 || name.count > 5 && name[5] == UInt8(ascii: ":"), name.holds("antml", at: 0) { return true }
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name.part(($0 + 1)..<name.count) } ?? name
        guard !local.isEmpty else { return false }
        return names.contains { matches(local, $0) }
    }

    private static func matches(_ name: UnsafeBufferPointer<UInt8>, _ pattern: StaticString) -> Bool {
        pattern.withUTF8Buffer { pattern in
            let isPrefix = pattern.last == UInt8(ascii: "*")
            let length = isPrefix ? pattern.count - 1 : pattern.count
            guard isPrefix ? name.count >= length : name.count == length else { return false }
            return (0..<length).allSatisfy { folded(name[$0]) == pattern[$0] }
        }
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : Bytes.lowered(byte)
    }
}
