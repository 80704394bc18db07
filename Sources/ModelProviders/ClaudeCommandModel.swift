import Credentials
import JSON
import LanguageModels
import Projects

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The user's own `claude`, which uses the subscription in the way that its vendor means it to be used. It gets no tools, no
/// settings, no MCP servers and no hooks, leaves no transcript, and ends at the deadline with all that it started.
struct ClaudeCommandModel: LanguageModel {
    /// Of one call, in milliseconds.
    static let longestCall = 180_000

    /// The variables that it gets: its login, its way through the network, and nothing else. A key in the environment would be
    /// used in place of the subscription.
    static let passed: Set<String> = [
        "HOME", "PATH", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
        "XDG_CACHE_HOME",
        "CLAUDE_CONFIG_DIR", "ANTHROPIC_BASE_URL", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY",
        "NO_PROXY", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE",
    ]

    private let path: String
    /// An empty folder: what stands in the one of a project is none of its business.
    private let folder: String
    private let environment: [String]
    private let patience: Patience
    private let secret: Secret

    init(_ path: String, _ environment: Environment, _ credential: Credential, _ patience: Patience)
        throws(ModelFailure)
    {
        guard let data = environment.dataFolder else { throw .unreachable("there is no home directory") }
        folder = data + "/llm/empty"
        guard (try? Files.makeFolder(folder)) != nil else { throw .unreachable("\(folder) can't be made") }
        self.path = path
        self.patience = patience
        secret = credential.secret
        self.environment = ClaudeCommandModel.variables(for: credential)
    }

    static func variables(for credential: Credential) -> [String] {
        var lines = Program.current.filter { line in passed.contains(String(line.prefix { $0 != "=" })) }
        lines += [
            // Hooks of ccmem that run all the same do nothing.
            "CCMEM_HOOKS=off", "CCMEM_LLM=off",
            "MAX_THINKING_TOKENS=0", "CLAUDE_CODE_MAX_RETRIES=1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1",
        ]
        switch credential.source {
        case .claudeFile, .keychain: break
        // Claude Code has its own login only; another token is given to it where no process list shows it.
        case .stored, .command, .variable: lines.append("CLAUDE_CODE_OAUTH_TOKEN=\(credential.secret.revealed)")
        }
        return lines
    }

    /// The `claude` of the settings, else the first on the PATH or where its installers put it; nil when there is none.
    static func path(_ environment: Environment, _ settings: Settings) -> String? {
        if let named = settings.text(.llmClaude), !named.isEmpty {
            let path = named.hasPrefix("~/") ? (environment.home ?? "") + named.dropFirst() : named
            return path.hasPrefix("/") && access(path, X_OK) == 0 ? path : nil
        }
        var folders = (environment.variables["PATH"] ?? "").split(separator: ":").map(String.init)
        if let home = environment.home { folders += [home + "/.local/bin", home + "/.claude/local"] }
        folders += ["/usr/local/bin", "/opt/homebrew/bin"]
        // A folder by a relative name would be the project's.
        return folders.filter { $0.hasPrefix("/") }.map { $0 + "/claude" }.first {
            Files.kind(of: $0) == .file && access($0, X_OK) == 0
        }
    }

    func answer(_ request: ModelRequest) throws(ModelFailure) -> ModelAnswer {
        let left = patience.left
        guard left > 0 else { throw .outOfTime }
        let limit = min(left, ClaudeCommandModel.longestCall)
        // The text comes by standard input: it shows in no process list.
        let arguments = [
            "-p", "--model", request.model, "--no-session-persistence", "--setting-sources", "", "--strict-mcp-config",
            "--tools", "", "--output-format", "json", "--system-prompt", FormCheck.instructions(request),
        ]
        let variables = environment + ["CLAUDE_CODE_MAX_OUTPUT_TOKENS=\(request.maxOutputTokens)"]
        guard
            let result = Program.run(
                path, arguments, environment: variables, directory: folder, input: request.text, limit: 1 << 22,
                milliseconds: limit)
        else { throw .unreachable("\(path) can't be run") }
        if result.isCut, patience.left == 0 { throw .outOfTime }
        if result.isCut { throw .unreachable("`claude` gave no answer in time, and was ended") }
        return try ClaudeCommandModel.answer(
            in: Array(result.output.utf8), status: result.status, request.form, without: secret)
    }

    /// What `claude -p --output-format json` prints.
    static func answer(
        in output: [UInt8], status: Int, _ form: AnswerForm, without secret: Secret?
    ) throws(ModelFailure) -> ModelAnswer {
        guard let root = (try? JSONDocument(parsing: output))?.root.value, root["type"]?.text == "result" else {
            throw .unusable("`claude` ended with \(status) and printed no result", .none)
        }
        let counted = root["usage"]
        let usage = ModelUsage(
            input: counted?.tokens("input_tokens") ?? 0, output: counted?.tokens("output_tokens") ?? 0,
            cacheRead: counted?.tokens("cache_read_input_tokens") ?? 0,
            cacheWritten: counted?.tokens("cache_creation_input_tokens") ?? 0)
        let text = root["result"]?.text ?? ""
        guard root["is_error"]?.isTrue != true, status == 0 else {
            throw failure(text, status: root["api_error_status"]?.integer, usage, without: secret)
        }
        if root["stop_reason"]?.text == "max_tokens" { throw .unusable("it was cut at its longest length", usage) }
        return try FormCheck.answer(in: text, form, usage)
    }

    private static func failure(
        _ text: String, status: Int?, _ usage: ModelUsage, without secret: Secret?
    ) -> ModelFailure {
        let words = VendorWords.cut(text.isEmpty ? "`claude` failed" : text, without: secret)
        switch status {
        case 401?, 403?: return .refused(words)
        case 408?, 429?, (500...599)?: return .busy(status: status ?? 0)
        case (400...499)?: return .rejected(status: status ?? 0, words)
        default: break
        }
        let isLogin = ["not logged in", "/login", "invalid api key", "oauth token"].contains {
            text.lowercased().contains($0)
        }
        return isLogin ? .refused(words) : .unusable(words, usage)
    }
}
