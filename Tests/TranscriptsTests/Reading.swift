import Memories
import Transcripts

/// An event with its text copied, for comparison.
enum SeenEvent: Equatable, CustomStringConvertible {
    case block(Block, String)
    case prompt(Int, isHuman: Bool)
    case tool(Int, String)
    case boundary(Int)

    var description: String {
        switch self {
        case .block(let block, let text):
            "\(block.line).\(block.blockIndex) \(block.kind) \(block.role): \(text.prefix(80))"
        case .prompt(let line, let isHuman): "\(line) prompt \(isHuman)"
        case .tool(let line, let name): "\(line) tool \(name)"
        case .boundary(let line): "\(line) boundary"
        }
    }
}

/// What a transcript gave.
struct Reading {
    var events: [SeenEvent] = []
    var report = TranscriptReport()

    init(
        _ bytes: [UInt8], from offset: Int = 0, firstLine: Int = 1, _ adjust: (inout ReaderOptions) -> Void = { _ in }
    ) {
        var options = ReaderOptions()
        adjust(&options)
        var reader = TranscriptReader(options: options)
        var events: [SeenEvent] = []
        report = reader.read(TranscriptSource(bytes: bytes), from: offset, firstLine: firstLine) { event in
            switch event {
            case .block(let block, let text): events.append(.block(block, String(decoding: text, as: UTF8.self)))
            case .prompt(let line, let isHuman): events.append(.prompt(line, isHuman: isHuman))
            case .toolActivity(let line, let name): events.append(.tool(line, name))
            case .compactBoundary(let line): events.append(.boundary(line))
            }
        }
        self.events = events
    }

    init(_ lines: String..., adjust: (inout ReaderOptions) -> Void = { _ in }) {
        self.init(Array(lines.map { $0 + "\n" }.joined().utf8), adjust)
    }

    var blocks: [Block] {
        events.compactMap { if case .block(let block, _) = $0 { block } else { nil } }
    }

    /// Role and text of each block.
    var words: [String] {
        events.compactMap { if case .block(let block, let text) = $0 { "\(block.role): \(text)" } else { nil } }
    }

    var texts: [String] {
        events.compactMap { if case .block(_, let text) = $0 { text } else { nil } }
    }

    var prompts: [Bool] {
        events.compactMap { if case .prompt(_, let isHuman) = $0 { isHuman } else { nil } }
    }
}

/// A JSON string, quotes included.
func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": out += "\\\""
        case "\\": out += "\\\\"
        case "\n": out += "\\n"
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out + "\""
}

func user(_ text: String, _ more: String = "") -> String {
    #"{"type":"user","message":{"role":"user","content":\#(quoted(text))},"uuid":"u","sessionId":"s"\#(more)}"#
}

func assistant(_ text: String, _ more: String = "") -> String {
    #"{"message":{"id":"m","role":"assistant","content":[{"type":"text","text":\#(quoted(text))}]},"type":"assistant"\#(more)}"#
}

func toolUse(_ id: String, _ name: String) -> String {
    #"{"type":"assistant","message":{"content":[{"type":"tool_use","id":"\#(id)","name":"\#(name)","input":{"x":[1]}}]}}"#
}

/// `content` is JSON.
func toolResult(_ id: String, _ content: String, isError: Bool = false, more: String = "") -> String {
    #"{"type":"user","message":{"role":"user","content":[{"type":"tool_result","content":\#(content),"is_error":\#(isError),"tool_use_id":"\#(id)"}]}\#(more)}"#
}
