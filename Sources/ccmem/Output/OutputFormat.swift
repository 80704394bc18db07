import ArgumentParser
import Commands

/// How a report is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text, json, jsonl, markdown

    func render(_ result: RunResult, explain: Bool, refused: Bool, style: TextStyle) -> [UInt8] {
        switch self {
        case .text: Array(TextReport(result: result, explain: explain, refused: refused, style: style).text.utf8)
        case .json: JSONReport(explain: explain, refused: refused).document(result)
        case .jsonl: JSONReport(explain: explain, refused: refused).lines(result)
        case .markdown: Array(MarkdownReport(result: result, explain: explain, refused: refused).text.utf8)
        }
    }
}
