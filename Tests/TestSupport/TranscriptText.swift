/// Writes a small transcript as Claude Code would: one JSON object a line.
public struct TranscriptText: Sendable {
    public private(set) var lines: [String] = []

    public init() {}

    public var bytes: [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }

    public mutating func user(_ text: String) {
        add("user", #""promptSource":"typed","message":{"role":"user","content":\#(quoted(text))}"#)
    }

    public mutating func assistant(_ text: String) {
        let content = #"[{"type":"text","text":\#(quoted(text))}]"#
        add("assistant", #""message":{"id":"msg_\#(lines.count)","role":"assistant","content":\#(content)}"#)
    }

    public mutating func queued(_ text: String) {
        add("queue-operation", #""operation":"enqueue","content":\#(quoted(text))"#)
    }

    /// A call of Bash and what it printed.
    public mutating func bash(_ command: String, output: String) {
        let id = "toolu_\(lines.count)"
        let use = #"{"type":"tool_use","id":"\#(id)","name":"Bash","input":{"command":\#(quoted(command))}}"#
        add("assistant", #""message":{"id":"msg_\#(lines.count)","role":"assistant","content":[\#(use)]}"#)
        let result = #"{"type":"tool_result","tool_use_id":"\#(id)","content":\#(quoted(output))}"#
        add("user", #""message":{"role":"user","content":[\#(result)]}"#)
    }

    private mutating func add(_ type: String, _ rest: String) {
        let minute = String(lines.count + 100).dropFirst()
        lines.append(
            #"{"type":"\#(type)","uuid":"u\#(lines.count)","sessionId":"s1","#
                + #""timestamp":"2025-01-01T10:\#(minute):00.000Z","cwd":"/work",\#(rest)}"#)
    }

    private func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
