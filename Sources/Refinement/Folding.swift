/// Text as it is sent and compared: one line, single blanks, so that nothing in it can begin a line of ours.
enum Folding {
    static func folded(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    /// The sentences of a folded text in which a part of it stands.
    static func sentences(around range: Range<String.Index>, in text: String) -> String {
        var start = text.startIndex
        var index = text.startIndex
        var ends: [String.Index] = []
        while index < text.endIndex {
            let next = text.index(after: index)
            let isEnd = "。!?！？".contains(text[index]) || text[index] == "."
            if isEnd, next == text.endIndex || text[next] == " " || "。！？".contains(text[index]) { ends.append(next) }
            index = next
        }
        for end in ends where end <= range.lowerBound { start = end }
        let end = ends.first { $0 >= range.upperBound } ?? text.endIndex
        return folded(String(text[start..<end]))
    }
}
