import Memories

/// Adds a rule to the text of a pack and leaves everything else as a person wrote it: comments, order, line ends.
public struct PackAddition: Sendable {
    /// Why a text cannot be added to.
    public enum Refusal: Error, Sendable, Equatable {
        /// The pack cannot be read as it is.
        case unreadable(RulePackErrors)
        /// The list of rules is written in brackets.
        case rulesInBrackets(line: Int)
    }

    /// The whole text.
    public var text: String
    /// Where the new rule begins, from 1.
    public var line: Int

    /// - Parameters:
    ///   - bytes: The pack as it is.
    ///   - file: The name used in messages.
    ///   - entry: Gives the rule at an indentation, with line feeds.
    public init(to bytes: [UInt8], file: String, entry: (Int) -> String) throws(Refusal) {
        let root: YAMLMapping
        do throws(RulePackError) {
            root = try YAMLNode(parsing: bytes, file: file).mapping()
        } catch {
            throw .unreadable(RulePackErrors([error]))
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let lineEnd = text.utf8.contains(0x0D) ? "\r\n" : "\n"
        // Without its line ends, so that a file that ends without one is no special case.
        // By bytes: to a string, CR LF is one character.
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard let position = root.entries.firstIndex(where: { $0.key == "rules" }) else {
            lines += ["", "rules:"]
            self.init(lines, lineEnd, at: lines.count, entry(2))
            return
        }
        let key = root.entries[position]
        let next = root.entries[(position + 1)...].first?.keyLocation.line
        guard case .sequence(let items) = key.value.content else {
            throw .rulesInBrackets(line: key.keyLocation.line)
        }
        let keyLine = lines[key.keyLocation.line - 1]
        if keyLine.contains("[") {
            guard items.isEmpty, key.value.location.line == key.keyLocation.line, keyLine.contains("[]") else {
                throw .rulesInBrackets(line: key.keyLocation.line)
            }
            lines[key.keyLocation.line - 1] = keyLine.replacing("[]", with: "").trimmedEnd
        }
        let end = PackAddition.end(of: lines, before: next)
        self.init(lines, lineEnd, at: end, entry(PackAddition.indentation(items, lines)))
    }

    private init(_ lines: [String], _ lineEnd: String, at place: Int, _ entry: String) {
        var added = entry.split(separator: "\n").map(String.init)
        let needsBlank = place > 0 && !lines[place - 1].isBlank && !lines[place - 1].hasPrefix("rules:")
        if needsBlank { added.insert("", at: 0) }
        if place < lines.count, !lines[place].isBlank { added.append("") }
        let all = Array(lines[..<place]) + added + Array(lines[place...])
        text = all.map { $0 + lineEnd }.joined()
        line = place + (needsBlank ? 2 : 1)
    }

    /// Behind the last line of the rules: blank lines and comments in front of the next key belong to that.
    private static func end(of lines: [String], before next: Int?) -> Int {
        var end = next.map { $0 - 1 } ?? lines.count
        while end > 0, lines[end - 1].isBlank || next != nil && lines[end - 1].hasPrefix("#") { end -= 1 }
        return end
    }

    private static func indentation(_ items: [YAMLNode], _ lines: [String]) -> Int {
        guard let first = items.first, first.location.line <= lines.count else { return 2 }
        return lines[first.location.line - 1].prefix { $0 == " " }.count
    }
}

extension String {
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }

    fileprivate var trimmedEnd: String {
        var text = self
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
