import Memories

/// Every setting there is. A new one is a case here and a line in `definition`; reading, checking, messages and
/// docs/settings.md follow.
public enum SettingKey: String, CaseIterable, Sendable, CustomStringConvertible {
    case enabled
    case excludeProjects = "exclude.projects"
    case excludePaths = "exclude.paths"
    case archiveEnabled = "archive.enabled"
    case archiveMaxMegabytes = "archive.max-megabytes"
    case ingestMinImportance = "ingest.min-importance"
    case injectionEnabled = "injection.enabled"
    case injectionSessionStartTokens = "injection.session-start-tokens"
    case injectionPromptTokens = "injection.prompt-tokens"
    case recallHalfLifeDays = "recall.half-life-days"
    case embedProvider = "embed.provider"
    case embedModel = "embed.model"
    case embedEndpoint = "embed.endpoint"
    case packs
    case viewsEnabled = "views.enabled"
    case llmMode = "llm.mode"
    case llmDailyTokens = "llm.daily-tokens"
    case llmSessionTokens = "llm.session-tokens"
    case llmProvider = "llm.provider"
    case llmModel = "llm.model"
    case llmEndpoint = "llm.endpoint"
    case llmSubscription = "llm.subscription"
    case llmClaude = "llm.claude"
    case llmKeyCommand = "llm.key-command"
    case secretsFile = "secrets.file"
    case trustOwnEdits = "trust.own-edits"

    public var definition: SettingDefinition {
        switch self {
        case .enabled:
            .init(.bool, default: .bool(true), .projectRestricts, "Whether ccmem remembers and brings back anything.")
        case .excludeProjects:
            .init(
                .globs, default: .list([]), .userOnly,
                "Directories that have no memory: nothing of sessions in them or below is stored or injected.")
        case .excludePaths:
            .init(
                .globs, default: .list([]), .projectRestricts,
                "Working directories and transcripts whose sessions are not stored.")
        case .archiveEnabled:
            .init(.bool, default: .bool(true), .projectRestricts, "Whether the text of conversations is archived.")
        case .archiveMaxMegabytes:
            .init(
                .integer(1...1_000_000), default: .integer(512), .projectRestricts,
                "How large the archive of a project may grow, in megabytes; the oldest text goes first.")
        case .ingestMinImportance:
            .init(
                .integer(1...5), default: .integer(1), .userAndProject, "Memories below this importance are not stored."
            )
        case .injectionEnabled:
            .init(.bool, default: .bool(true), .projectRestricts, "Whether memories are put into sessions.")
        case .injectionSessionStartTokens:
            .init(
                .integer(0...20_000), default: .integer(2000), .projectRestricts,
                "How many tokens the start of a session may get at most.")
        case .injectionPromptTokens:
            .init(
                .integer(0...20_000), default: .integer(600), .projectRestricts,
                "How many tokens a prompt may get at most.")
        case .recallHalfLifeDays:
            .init(
                .days(1...3650), default: .integer(99), .userAndProject,
                "After so many days the part of an answer's worth that fades is half; what a constraint says does not."
            )
        case .embedProvider:
            .init(
                .choice(["off", "ollama", "openai"]), default: .text("off"), .userFile,
                "Who computes vectors for `ccmem embed`: nobody, Ollama, or a server that speaks OpenAI's embeddings.")
        case .embedModel:
            .init(.text, default: .text("nomic-embed-text"), .userOnly, "The model of these vectors.")
        case .embedEndpoint:
            .init(
                .text, default: .text(""), .userFile,
                "The address of the server: `http://127.0.0.1:11434` for `ollama` where none is given, one that ends in `/v1` for `openai`."
            )
        case .packs:
            .init(
                .names(DomainPackName.allCases.map(\.rawValue)), default: .list([]), .userAndProject,
                "Packs of rules for a trade or a language that are switched on.")
        case .viewsEnabled:
            .init(
                .bool, default: .bool(true), .userAndProject,
                "Whether `MEMORY.md`, `HANDOFF.md` and session pages are written; only in projects with `.ccmem`.")
        case .llmMode:
            .init(
                .choice(["off", "auto", "require"]), default: .text("auto"), .userOnly,
                "Whether a language model may refine memories, once `ccmem auth enable` has allowed it: never; when a credential is valid; or else it is an error."
            )
        case .llmDailyTokens:
            .init(
                .integer(0...100_000_000), default: .integer(50_000), .userOnly,
                "How many tokens a day the language model may use.")
        case .llmSessionTokens:
            .init(
                .integer(0...100_000_000), default: .integer(20_000), .userOnly,
                "How many tokens the language model may use for one session.")
        case .llmProvider:
            .init(
                .choice(["anthropic", "openai", "ollama"]), default: .text("anthropic"), .userFile,
                "Who answers: Anthropic's API, a server that speaks OpenAI's chat completions, or Ollama.")
        case .llmModel:
            .init(
                .text, default: .text("claude-haiku-4-5-20251001"), .userOnly,
                "The language model, by its vendor's name.")
        case .llmEndpoint:
            .init(
                .text, default: .text(""), .userFile,
                "The address of the server for `openai` (`http://localhost:8080/v1`) or `ollama` (`http://localhost:11434`)."
            )
        case .llmSubscription:
            .init(
                .choice(["claude", "direct"]), default: .text("claude"), .userFile,
                "How a Claude subscription is used: by your own `claude` command, or by calls with its token.")
        case .llmClaude:
            .init(
                .text, default: .text(""), .userFile,
                "The path of the `claude` command; without one it is looked for on the PATH.")
        case .llmKeyCommand:
            .init(
                .text, default: .text(""), .userFile,
                "A command that prints the key, as `pass show anthropic`; run by `/bin/sh`, within 20 seconds.")
        case .secretsFile:
            .init(.text, default: .text(""), .userOnly, "A pack of your own that says what else is a secret.")
        case .trustOwnEdits:
            .init(
                .bool, default: .bool(false), .userOnly,
                "Whether everything in a `.ccmem` that your `ccmem init` made is trusted, pulled changes included.")
        }
    }

    /// The key, as messages show it.
    public var description: String { rawValue }

    /// Whether a variable can set it.
    public var hasVariable: Bool { definition.scope != .userFile }

    /// `CCMEM_` and the key in capitals, with `_` for `.` and `-`.
    public var environmentName: String {
        let name = rawValue.utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "."), UInt8(ascii: "-"): UInt8(ascii: "_")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 32
            default: byte
            }
        }
        return "CCMEM_" + String(decoding: name, as: UTF8.self)
    }

    /// Whether a mistake in this setting could let something be stored that the user wanted left alone.
    var isOptOut: Bool {
        switch self {
        case .enabled, .excludeProjects, .excludePaths: true
        case .archiveEnabled, .archiveMaxMegabytes, .ingestMinImportance, .injectionEnabled,
            .injectionSessionStartTokens, .injectionPromptTokens, .recallHalfLifeDays, .embedProvider,
            .embedModel, .embedEndpoint, .packs, .viewsEnabled, .llmMode,
            .llmDailyTokens, .llmSessionTokens, .llmProvider, .llmModel, .llmEndpoint, .llmSubscription, .llmClaude,
            .llmKeyCommand,
            .secretsFile, .trustOwnEdits:
            false
        }
    }
}

extension SettingKey {
    /// The setting of that name.
    ///
    /// - Throws: A problem with the nearest name.
    public init(named name: String) throws(SettingsProblem) {
        guard let key = SettingKey(rawValue: name) else {
            let nearest = nearestName(to: name, in: Self.allCases.map(\.rawValue))
            throw .init(code: .unknownKey(name, nearest: nearest), place: .commandLine)
        }
        self = key
    }

    /// A value as `ccmem config set` takes it; patterns of a list are parted by `:`, names by `,`.
    public func value(ofText text: String, _ environment: Environment) throws(SettingsProblem) -> SettingValue {
        do throws(SettingMismatch) { return try definition.type.value(ofText: text, home: environment.home) } catch {
            throw .init(code: error.code(self), place: .commandLine)
        }
    }
}

/// What a setting takes, and who may set it.
public struct SettingDefinition: Sendable {
    public enum Scope: Sendable, Equatable {
        /// A project's configuration cannot set it.
        case userOnly
        /// Only the user's own file can: a project's configuration can't, and neither can the environment, which the settings that
        /// a project has for Claude Code may fill.
        case userFile
        case userAndProject
        /// A project can switch off, lower and add to a list, but not give back what the user took away.
        case projectRestricts
    }

    public var type: SettingType
    public var standard: SettingValue
    public var scope: Scope
    /// One sentence.
    public var help: String

    init(_ type: SettingType, default standard: SettingValue, _ scope: Scope, _ help: String) {
        self.type = type
        self.standard = standard
        self.scope = scope
        self.help = help
    }
}
