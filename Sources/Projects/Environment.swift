#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The outside world as far as this product asks for it, read once by `main` and passed on.
public struct Environment: Sendable {
    public var variables: EnvironmentVariables
    /// The working directory, absolute; nil when it is gone.
    public var workingDirectory: String?

    public init(variables: [String: String], workingDirectory: String?) {
        self.init(EnvironmentVariables(variables), workingDirectory: workingDirectory)
    }

    init(_ variables: EnvironmentVariables, workingDirectory: String?) {
        self.variables = variables
        self.workingDirectory = workingDirectory
    }

    /// The variables that the product knows, and the working directory of this process.
    ///
    /// - Parameter names: Others that this program needs: those that hold secrets are read by nobody else.
    public static func current(with names: [String] = []) -> Environment {
        var variables = EnvironmentVariables()
        for name in known + names + SettingKey.allCases.map(\.environmentName) {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return Environment(variables, workingDirectory: Files.workingDirectory())
    }

    /// Every variable that is read, but for those of the settings.
    private static let known = [
        "HOME", "CLAUDE_CONFIG_DIR", "CLAUDE_PROJECT_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "TMPDIR", "CI",
        "NO_COLOR",
        "COLUMNS", "TERM", "CCMEM_LLM",
    ]

    /// Where Claude Code keeps its files: `CLAUDE_CONFIG_DIR`, else `~/.claude`; nil without both.
    public var claudeDirectory: String? {
        if let directory = variables["CLAUDE_CONFIG_DIR"], !directory.isEmpty { return directory }
        guard let home = variables["HOME"], !home.isEmpty else { return nil }
        return home + "/.claude"
    }

    /// The home directory as it is written; nil when it is not set or not absolute.
    public var home: String? { absolute("HOME") }

    /// Where stores and the registry live: `$XDG_DATA_HOME/ccmem`, else below the usual place of the platform; nil without
    /// a home.
    public var dataFolder: String? {
        #if os(macOS)
            let usual = "Library/Application Support"
        #else
            let usual = ".local/share"
        #endif
        return folder("XDG_DATA_HOME", usual: usual)
    }

    /// Where the user's own configuration lives: `$XDG_CONFIG_HOME/ccmem`, else `~/.config/ccmem`; nil without a home.
    public var configFolder: String? { folder("XDG_CONFIG_HOME", usual: ".config") }

    /// The directory that a session was started in, as Claude Code tells its hooks; nil when it is not set or not absolute.
    public var claudeProjectDirectory: String? { absolute("CLAUDE_PROJECT_DIR") }

    private func folder(_ name: String, usual: String) -> String? {
        if let base = absolute(name) { return PathText.joined(base, "ccmem") }
        return home.map { PathText.joined($0, usual + "/ccmem") }
    }

    /// The XDG specification has relative paths ignored; a place that moves with each `cd` would be a new store each time.
    private func absolute(_ name: String) -> String? {
        guard let value = variables[name], value.utf8.first == UInt8(ascii: "/") else { return nil }
        return value
    }
}

/// A few environment variables by name.
///
/// A list, not a dictionary: a handful of names is found as fast, and the first dictionary of a kind costs a process a
/// search through all its types, which a hook or a search would notice.
public struct EnvironmentVariables: Sendable {
    private var entries: [(name: String, value: String)] = []

    public init() {}

    public init(_ variables: [String: String]) {
        entries = variables.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    /// Whether any of them is named as those of the settings are.
    var holdSettings: Bool { entries.contains { $0.name.hasPrefix(SettingKey.environmentPrefix) } }

    public subscript(name: String) -> String? {
        get { entries.first { $0.name == name }?.value }
        set {
            let index = entries.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append((name: name, value: value))
            case (nil, nil): break
            }
        }
    }
}
