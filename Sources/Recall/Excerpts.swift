/// Cuts a turn into pieces that can be quoted on their own: sentences, items of lists, lines of tables, blocks of code.
enum Excerpts {
    /// Longer blocks of code are cut into their lines, in bytes.
    static let longestBlock = 700
    /// Of a longer turn the beginning is read, in bytes.
    static let longestTurn = 32 << 10

    static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var block: [Substring] = []
        var isInBlock = false
        func endBlock() {
            let whole = block.joined(separator: "\n")
            if whole.utf8.count <= longestBlock {
                if !whole.isEmpty { pieces.append(whole) }
            } else {
                pieces += block.filter { !$0.allSatisfy(\.isWhitespace) && !isFence($0) }.map(String.init)
            }
            block = []
        }
        let bounded = text.utf8.count <= longestTurn ? text[...] : prefix(of: text)
        for line in bounded.split(separator: "\n", omittingEmptySubsequences: false) {
            if isFence(line) {
                block.append(line)
                if isInBlock { endBlock() }
                isInBlock.toggle()
            } else if isInBlock {
                block.append(line)
            } else if line.contains(where: { !$0.isWhitespace }) {
                if isItem(line) || line.utf8.count <= 120 {
                    pieces.append(String(line))
                } else {
                    addSentences(of: line, to: &pieces)
                }
            }
        }
        endBlock()
        return pieces
    }

    private static func prefix(of text: String) -> Substring {
        var end = text.utf8.index(text.startIndex, offsetBy: longestTurn)
        while end > text.startIndex, String.Index(end, within: text) == nil { end = text.utf8.index(before: end) }
        return text[..<end]
    }

    private static func isFence(_ line: Substring) -> Bool {
        line.drop { $0 == " " }.hasPrefix("```")
    }

    /// `- `, `* `, `12. `, `| `
    private static func isItem(_ line: Substring) -> Bool {
        let start = line.drop { $0 == " " || $0 == "\t" }
        if start.hasPrefix("- ") || start.hasPrefix("* ") || start.hasPrefix("|") || start.hasPrefix("#") {
            return true
        }
        let digits = start.prefix { ("0"..."9").contains($0) }
        return !digits.isEmpty && start.dropFirst(digits.count).hasPrefix(". ")
    }

    /// A sentence ends at its mark with white space and a capital, a quotation or code behind it, or at an ideographic mark.
    private static func addSentences(of line: Substring, to pieces: inout [String]) {
        var start = line.startIndex
        var index = line.startIndex
        func end(at next: Substring.Index) {
            let sentence = line[start..<next]
            if sentence.contains(where: { !$0.isWhitespace }) { pieces.append(String(sentence.drop { $0 == " " })) }
            start = next
        }
        while index < line.endIndex {
            let character = line[index]
            let next = line.index(after: index)
            if character == "。" || character == "\u{FF01}" || character == "\u{FF1F}" {
                end(at: next)
            } else if character == "." || character == "!" || character == "?", next < line.endIndex, line[next] == " "
            {
                let behind = line[next...].drop { $0 == " " }
                if let first = behind.first,
                    first.isUppercase || first == "`" || first == "*" || first == "\"" || first == "¿"
                {
                    end(at: behind.startIndex)
                    index = behind.startIndex
                    continue
                }
            }
            index = next
        }
        end(at: line.endIndex)
    }
}
