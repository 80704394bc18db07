import ArgumentParser

extension SearchCommand {
    /// The command for plain words with the options that are used most, without the argument parser: reading the definitions
    /// of all options costs as much as the search itself.
    ///
    /// - Parameter arguments: What follows the verb.
    /// - Returns: Nil for everything that is not surely the same to the whole parser.
    static func quick(_ arguments: ArraySlice<String>) -> SearchCommand? {
        var options = ProjectOptions()
        var command = SearchCommand()
        var words: [String] = []
        var (limit, tokens): (Int, Int?) = (10, nil)
        var (directory, json): (String?, Bool) = (nil, false)
        var position = arguments.startIndex
        func value() -> String? {
            position += 1
            guard position < arguments.endIndex, !arguments[position].hasPrefix("-") else { return nil }
            return arguments[position]
        }
        while position < arguments.endIndex {
            switch arguments[position] {
            case "--json": json = true
            case "--project":
                guard let name = value() else { return nil }
                directory = name
            case "--limit":
                guard let number = value().flatMap({ Int($0) }), number >= 1 else { return nil }
                limit = number
            case "--tokens":
                guard let number = value().flatMap({ Int($0) }) else { return nil }
                tokens = number
            case let word:
                guard !word.hasPrefix("-") else { return nil }
                words.append(word)
            }
            position += 1
        }
        guard !words.isEmpty else { return nil }
        options.project = directory
        options.json = json
        command.project = options
        command.query = words
        command.limit = limit
        command.tokens = tokens
        command.category = []
        command.minImportance = 1
        command.since = nil
        command.session = nil
        command.scope = .memories
        command.all = false
        command.raw = false
        command.allProjects = false
        return command
    }
}
