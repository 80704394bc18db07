import Memories

/// Turns problems into words: position, what, the line with a caret, and what to do.
///
///     core.yaml:9:5: error: unknown key `keyword` in `rules`
///         keyword: [fell]
///         ^
///     help: did you mean `keywords`?
///
/// Nothing of a file can act on the terminal: control characters are spelled out, long lines are cut around the caret.
public struct DiagnosticRenderer: Sendable {
    private var lines: [String: [ArraySlice<UInt8>]] = [:]

    /// A renderer without any text; it shows positions and words alone.
    public init() {}

    /// A renderer for the problems of one file.
    public init(file: String, text: [UInt8]) {
        add(file: file, text: text)
    }

    /// Makes the lines of a file known. The name is the one that its locations have.
    public mutating func add(file: String, text: [UInt8]) {
        lines[file] = DiagnosticRenderer.lines(text)
    }

    /// All problems in their order, an empty line between them; ends with a line feed.
    public func render(_ errors: RulePackErrors) -> String {
        errors.problems.map(render).joined(separator: "\n")
    }

    /// One problem; every line ends with a line feed.
    public func render(_ error: RulePackError) -> String {
        let message = DiagnosticMessage(error.code)
        return render(at: error.location, level: "error", message.text, help: message.help)
    }

    func render(at location: SourceLocation, level: String, _ message: String, help: String?) -> String {
        let file = DisplayText.cells(Array(location.file.utf8)[...]).map(\.text).joined()
        var text = "\(file):\(location.line):\(location.column): \(level): \(message)\n"
        if let source = excerpt(location) { text += source }
        if let help { text += "help: \(help)\n" }
        return text
    }

    /// The most columns of a line that are shown.
    private static let width = 120

    private func excerpt(_ location: SourceLocation) -> String? {
        guard let lines = lines[location.file], lines.indices.contains(location.line - 1) else { return nil }
        let line = lines[location.line - 1]
        guard !line.isEmpty else { return nil }
        let cells = DisplayText.cells(line)
        // The caret stands under the cell that holds the byte, or behind the last one.
        let caret = cells.lastIndex { $0.offset <= location.column - 1 } ?? 0
        let isBehind = location.column - 1 >= line.count
        var first = 0
        if cells.count > DiagnosticRenderer.width, caret > DiagnosticRenderer.width / 2 {
            first = min(caret - DiagnosticRenderer.width / 2, cells.count - DiagnosticRenderer.width)
        }
        let last = min(cells.count, first + DiagnosticRenderer.width)
        let shown = cells[first..<last].map(\.text).joined()
        let before = cells[first..<(isBehind ? last : caret)].reduce(0) { $0 + $1.width } + (first > 0 ? 1 : 0)
        return (first > 0 ? "…" : "") + shown + (last < cells.count ? "…" : "") + "\n"
            + String(repeating: " ", count: before) + "^\n"
    }

    /// Lines end as in `YAMLSource`.
    private static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        var place = 0
        while place < text.count {
            let byte = text[place]
            guard byte == 0x0A || byte == 0x0D else {
                place += 1
                continue
            }
            lines.append(text[start..<place])
            place += byte == 0x0D && place + 1 < text.count && text[place + 1] == 0x0A ? 2 : 1
            start = place
        }
        lines.append(text[start...])
        return lines
    }
}
