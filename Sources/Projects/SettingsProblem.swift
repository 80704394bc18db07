public import Memories

/// Something in the settings that is not as it should be.
public struct SettingsProblem: Error, Sendable, Equatable {
    public enum Code: Sendable, Equatable {
        case unreadable(FileFailure)
        /// The clause says what is wrong.
        case notJSON(String)
        case notAnObject
        case unknownKey(String, nearest: String?)
        case duplicateKey(String)
        case wrongValue(SettingKey)
        case wrongPattern(SettingKey, pattern: String, reason: String)
        /// A name of a list that is none of those that the setting takes.
        case unknownName(SettingKey, name: String, known: [String])
        /// A project's configuration sets what only the user may set; it is ignored.
        case userOnly(SettingKey)
        /// A variable sets what only the user's own file may set; it is ignored.
        case userFile(SettingKey)
        /// A project's configuration gives back what the user took away; it is ignored.
        case widens(SettingKey)
        /// The project's configuration is not trusted; it is ignored.
        case untrusted
    }

    public enum Place: Sendable, Equatable {
        case file(SourceLocation)
        /// A file as a whole.
        case path(String)
        case variable(String)
        case commandLine
    }

    public var code: Code
    public var place: Place

    /// Whether something may be stored that the user wanted left alone, so that nothing is stored.
    var hidesAnOptOut: Bool {
        switch code {
        case .unreadable, .notJSON, .notAnObject: true
        case .unknownKey(let key, let nearest):
            key.hasPrefix("exclude") || nearest.flatMap(SettingKey.init)?.isOptOut == true
        case .duplicateKey(let key): SettingKey(rawValue: key)?.isOptOut == true
        case .wrongValue(let key), .wrongPattern(let key, _, _), .unknownName(let key, _, _): key.isOptOut
        case .userOnly, .userFile, .widens, .untrusted: false
        }
    }

    /// Position, what, and what to do.
    public var message: String {
        let position =
            switch place {
            case .file(let location): "\(location.file):\(location.line):\(location.column): "
            case .path(let path): "\(path): "
            case .variable(let name): "\(name): "
            case .commandLine: ""
            }
        return position + words
    }

    /// That there is no such name, and which one may be meant.
    public static func unknown(_ name: String, among known: [String]) -> String {
        let names = known.map { "`\($0)`" }.joined(separator: ", ")
        let nearest = nearestName(to: name, in: known).map { "; did you mean `\($0)`?" } ?? "."
        return "There is no `\(name)`\(nearest) There are \(names)."
    }

    private var words: String {
        switch code {
        case .unreadable(let failure): "The settings cannot be read: \(failure.reason)."
        case .notJSON(let clause): "This is not JSON: \(clause)."
        case .notAnObject: "The settings are one object, as in `{\"enabled\": true}`."
        case .unknownKey(let key, let nearest):
            "There is no setting `\(key)`" + (nearest.map { "; did you mean `\($0)`?" } ?? ".")
        case .duplicateKey(let key): "`\(key)` is set twice; keep one of them."
        case .wrongValue(let key): "`\(key)` takes \(key.definition.type.allowed)."
        case .wrongPattern(let key, let pattern, let reason): "`\(key)`: The pattern `\(pattern)` \(reason)."
        case .unknownName(let key, let name, let known): "`\(key)`: " + Self.unknown(name, among: known)
        case .userOnly(let key): "A project cannot set `\(key)`; set it in your own settings. This line is ignored."
        case .userFile(let key):
            "No variable can set `\(key)`; `ccmem config set \(key)` does. This one is ignored."
        case .widens(let key):
            "A project can only restrict `\(key)`, not go beyond your own setting. This line is ignored."
        case .untrusted: "These settings are not trusted and are ignored until `ccmem trust`."
        }
    }
}

extension PathPattern.Failure {
    var reason: String {
        switch self {
        case .isRelative: "begins with neither `/`, `~/` nor `**/`"
        case .namesAUser: "names another user's home; write the path"
        case .isEmpty: "is empty"
        case .hasNoHome: "needs `HOME` to be set"
        }
    }
}
