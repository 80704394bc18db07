#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The outside world as far as this product asks for it, read once by `main` and passed on.
public struct Environment: Sendable {
    /// Environment variables.
    public var variables: [String: String]
    /// The working directory, absolute; nil when it is gone.
    public var workingDirectory: String?

    public init(variables: [String: String], workingDirectory: String?) {
        self.variables = variables
        self.workingDirectory = workingDirectory
    }

    /// The variables that the product knows, and the working directory of this process.
    public static func current() -> Environment {
        var variables: [String: String] = [:]
        for name in ["HOME", "CLAUDE_CONFIG_DIR", "NO_COLOR", "COLUMNS", "TERM"] {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return Environment(variables: variables, workingDirectory: Files.workingDirectory())
    }

    /// Where Claude Code keeps its files: `CLAUDE_CONFIG_DIR`, else `~/.claude`; nil without both.
    public var claudeDirectory: String? {
        if let directory = variables["CLAUDE_CONFIG_DIR"], !directory.isEmpty { return directory }
        guard let home = variables["HOME"], !home.isEmpty else { return nil }
        return home + "/.claude"
    }
}
