import Memories
import Projects
import Storage

extension SearchRun {
    /// A search for plain words with the options that are used most, read without the argument parser: its definitions of all
    /// options cost as much as the search itself.
    ///
    /// - Parameter arguments: What follows the verb.
    /// - Returns: Nil for everything that is not surely the same to the whole parser.
    init?(plain arguments: ArraySlice<String>) {
        var words: [String] = []
        var start = ProjectStart.workingDirectory
        var (limit, tokens, json): (Int, Int?, Bool) = (SearchRun.usualLimit, nil, false)
        var position = arguments.startIndex
        func isOption(_ word: String) -> Bool { word.utf8.first == UInt8(ascii: "-") }
        func value() -> String? {
            position += 1
            guard position < arguments.endIndex, !isOption(arguments[position]) else { return nil }
            return arguments[position]
        }
        while position < arguments.endIndex {
            switch arguments[position] {
            case "--json": json = true
            case "--project":
                guard let name = value() else { return nil }
                start = .directory(name)
            case "--limit":
                guard let number = value().flatMap({ Int($0) }), number >= 1 else { return nil }
                limit = number
            case "--tokens":
                guard let number = value().flatMap({ Int($0) }), number >= 1 else { return nil }
                tokens = number
            case let word:
                guard !isOption(word) else { return nil }
                words.append(word)
            }
            position += 1
        }
        guard !words.isEmpty else { return nil }
        self.init(query: words.text(between: " "), start: start, json: json)
        filter.limit = limit
        self.tokens = tokens
    }
}
