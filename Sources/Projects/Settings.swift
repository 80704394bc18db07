public import Memories

/// Where a value came from. Later ones win.
public enum SettingOrigin: Sendable, Equatable {
    case standard
    case user(SourceLocation)
    case project(SourceLocation)
    /// The variable's name.
    case environment(String)
    case commandLine
}

/// Every setting with its value and where that came from.
public struct Settings: Sendable {
    public struct Resolved: Sendable, Equatable {
        public var value: SettingValue
        public var origin: SettingOrigin
    }

    /// What differs from the defaults.
    private var values: [(key: SettingKey, resolved: Resolved)] = []
    /// Everything that was wrong or ignored, in the order of reading.
    public private(set) var problems: [SettingsProblem] = []
    /// What could hide an opt-out of the user: as long as it is there, nothing is stored and nothing injected.
    public private(set) var closedBy: SettingsProblem?
    private let home: String?

    /// The settings of the user: defaults, the user's file, the environment and the command line.
    ///
    /// - Parameters:
    ///   - project: The project's `config.json` and its trusted bytes.
    ///   - commandLine: Keys and values as given to `--set`.
    public init(
        _ environment: Environment, project: (file: ConfigFile, bytes: [UInt8])? = nil,
        commandLine: [(key: String, value: String)] = []
    ) {
        home = environment.home
        if let file = ConfigFile.user(environment) {
            let (entries, found) = file.read(home: home)
            for entry in entries { self[entry.key] = Resolved(value: entry.value, origin: .user(entry.location)) }
            report(found)
        }
        if let project {
            let (entries, found) = project.file.entries(in: project.bytes, home: home)
            report(found)
            for entry in entries { apply(entry) }
        }
        // A hook asks this twice in its few milliseconds, and mostly none is set.
        for key in SettingKey.allCases where environment.variables.holdSettings {
            let name = key.environmentName
            if let text = environment.variables[name], !text.isEmpty {
                guard key.hasVariable else {
                    report([.init(code: .userFile(key), place: .variable(name))])
                    continue
                }
                apply(text, to: key, from: .environment(name), at: .variable(name))
            }
        }
        for (name, text) in commandLine {
            do throws(SettingsProblem) {
                apply(text, to: try SettingKey(named: name), from: .commandLine, at: .commandLine)
            } catch {
                report([error])
            }
        }
    }

    public private(set) subscript(key: SettingKey) -> Resolved {
        get {
            values.first { $0.key == key }?.resolved ?? Resolved(value: key.definition.standard, origin: .standard)
        }
        set {
            if let index = values.firstIndex(where: { $0.key == key }) {
                values[index].resolved = newValue
            } else {
                values.append((key: key, resolved: newValue))
            }
        }
    }

    /// False for a setting of another type.
    public func bool(_ key: SettingKey) -> Bool { if case .bool(true) = self[key].value { true } else { false } }

    /// Nil for a setting of another type.
    public func integer(_ key: SettingKey) -> Int? {
        if case .integer(let value) = self[key].value { value } else { nil }
    }

    /// Nil for a setting of another type.
    public func text(_ key: SettingKey) -> String? { if case .text(let value) = self[key].value { value } else { nil } }

    /// Nothing for a setting of another type.
    public func patterns(_ key: SettingKey) -> PathPatterns {
        guard case .list(let texts) = self[key].value else { return .none }
        return PathPatterns(texts.compactMap { try? PathPattern($0, home: home) })
    }

    /// The domain packs that are switched on, in the order of the product.
    public var packs: [DomainPackName] {
        guard case .list(let names) = self[.packs].value else { return [] }
        return DomainPackName.allCases.filter { names.contains($0.rawValue) }
    }

    /// Takes note of what was found elsewhere, such as a project's settings that are not trusted.
    mutating func report(_ found: [SettingsProblem]) {
        problems += found
        if closedBy == nil { closedBy = found.first(where: \.hidesAnOptOut) }
    }

    /// Sets `enabled` to false, as a project's file says.
    mutating func switchOff(at location: SourceLocation) {
        self[.enabled] = Resolved(value: .bool(false), origin: .project(location))
    }

    // MARK: -

    private mutating func apply(_ entry: ConfigFile.Entry) {
        var value = entry.value
        switch entry.key.definition.scope {
        case .userOnly, .userFile:
            return report([.init(code: .userOnly(entry.key), place: .file(entry.location))])
        case .userAndProject:
            // A list grows from place to place.
            if case .list = value, let longer = Self.restricted(self[entry.key].value, by: value) { value = longer }
        case .projectRestricts:
            guard let restricted = Self.restricted(self[entry.key].value, by: value) else {
                return report([.init(code: .widens(entry.key), place: .file(entry.location))])
            }
            value = restricted
        }
        self[entry.key] = Resolved(value: value, origin: .project(entry.location))
    }

    private mutating func apply(
        _ text: String, to key: SettingKey, from origin: SettingOrigin, at place: SettingsProblem.Place
    ) {
        do throws(SettingMismatch) {
            var value = try key.definition.type.value(ofText: text, home: home)
            // A list grows; nothing is taken off it by what a shell happens to have set.
            if case .list = value, let longer = Self.restricted(self[key].value, by: value) { value = longer }
            self[key] = Resolved(value: value, origin: origin)
        } catch {
            report([.init(code: error.code(key), place: place)])
        }
    }

    /// What remains of the user's value under a project's; nil when the project wants more than the user gives.
    private static func restricted(_ user: SettingValue, by project: SettingValue) -> SettingValue? {
        switch (user, project) {
        case (.bool(let mine), .bool(let theirs)): theirs && !mine ? nil : project
        case (.integer(let mine), .integer(let theirs)): theirs > mine ? nil : project
        case (.list(let mine), .list(let theirs)): .list(mine + theirs.filter { !mine.contains($0) })
        case (.bool, _), (.integer, _), (.text, _), (.list, _): project
        }
    }
}
