import Foundation
import JSON
import Memories
import TestSupport
import Testing

@testable import Projects

@Suite struct SettingsTests {
    let space: Workspace

    init() throws { space = try Workspace() }

    var file: String { space.at("config/ccmem/config.json") }

    func settings(
        user: String? = nil, project: String? = nil, _ variables: [String: String] = [:],
        commandLine: [(key: String, value: String)] = []
    ) throws -> Settings {
        if let user { try space.write(user, to: file) }
        var environment = space.environment()
        for (name, value) in variables { environment.variables[name] = value }
        let project = project.map { (file: ConfigFile(path: "/w/.ccmem/config.json"), bytes: Array($0.utf8)) }
        return Settings(environment, project: project, commandLine: commandLine)
    }

    /// Messages with the user's file as `config.json`.
    func messages(_ settings: Settings) -> [String] {
        settings.problems.map { $0.message.replacingOccurrences(of: file, with: "config.json") }
    }

    @Test func withoutAFileEverythingHasItsDefault() throws {
        let settings = try settings()
        for key in SettingKey.allCases {
            #expect(settings[key] == .init(value: key.definition.standard, origin: .standard))
        }
        #expect(settings.problems == [])
        #expect(settings.integer(.injectionSessionStartTokens) == 2000)
        #expect(settings.bool(.enabled))
        #expect(settings.text(.llmMode) == "auto")
    }

    @Test func theLastPlaceCounts() throws {
        let key = "recall.half-life-days"
        func resolved(_ user: Bool, _ project: Bool, _ variable: Bool, _ option: Bool) throws -> Settings.Resolved {
            try? space.remove("config")
            return try settings(
                user: user ? "{\n  \"\(key)\": 1\n}" : nil, project: project ? "{\"\(key)\": 2}" : nil,
                variable ? ["CCMEM_RECALL_HALF_LIFE_DAYS": "3"] : [:], commandLine: option ? [(key, "4")] : []
            )[.recallHalfLifeDays]
        }
        #expect(try resolved(true, false, false, false).value == .integer(1))
        #expect(
            try resolved(true, false, false, false).origin == .user(SourceLocation(file: file, line: 2, column: 28)))
        #expect(try resolved(true, true, false, false).value == .integer(2))
        #expect(try resolved(true, true, true, false).value == .integer(3))
        #expect(try resolved(true, true, true, false).origin == .environment("CCMEM_RECALL_HALF_LIFE_DAYS"))
        #expect(try resolved(true, true, true, true) == .init(value: .integer(4), origin: .commandLine))
    }

    @Test func aVariableCannotSetWhereTheModelIs() throws {
        // The settings that a project has for Claude Code fill the environment of hooks.
        let settings = try settings([
            "CCMEM_LLM_KEY_COMMAND": "touch /tmp/x", "CCMEM_LLM_ENDPOINT": "http://elsewhere",
            "CCMEM_LLM_PROVIDER": "openai",
        ])
        #expect(settings.text(.llmKeyCommand) == "" && settings.text(.llmEndpoint) == "")
        #expect(settings.text(.llmProvider) == "anthropic")
        #expect(
            settings.problems.map(\.code) == [
                .userFile(.llmProvider), .userFile(.llmEndpoint), .userFile(.llmKeyCommand),
            ])
    }

    @Test func aProjectCannotSetWhatIsTheUsers() throws {
        let settings = try settings(
            project: #"{"llm.mode": "require", "exclude.projects": [], "secrets.file": "/x", "trust.own-edits": true}"#)
        #expect(settings.text(.llmMode) == "auto")
        #expect(settings.text(.secretsFile) == "")
        #expect(!settings.bool(.trustOwnEdits))
        #expect(
            settings.problems.map(\.code) == [
                .userOnly(.llmMode), .userOnly(.excludeProjects), .userOnly(.secretsFile), .userOnly(.trustOwnEdits),
            ])
        #expect(settings.closedBy == nil)
        #expect(
            messages(settings)[0]
                == "/w/.ccmem/config.json:1:14: A project cannot set `llm.mode`; set it in your own settings. This line is ignored."
        )
    }

    @Test func aProjectCanOnlyRestrict() throws {
        let user = #"{"injection.enabled": false, "injection.prompt-tokens": 100, "exclude.paths": ["/a"]}"#
        let wide = try settings(
            user: user,
            project: #"{"injection.enabled": true, "injection.prompt-tokens": 900, "exclude.paths": ["/b"]}"#)
        #expect(!wide.bool(.injectionEnabled))
        #expect(wide.integer(.injectionPromptTokens) == 100)
        #expect(wide[.excludePaths].value == .list(["/a", "/b"]))
        #expect(wide.problems.map(\.code) == [.widens(.injectionEnabled), .widens(.injectionPromptTokens)])
        let narrow = try settings(user: user, project: #"{"injection.prompt-tokens": 50, "archive.enabled": false}"#)
        #expect(narrow.integer(.injectionPromptTokens) == 50)
        #expect(!narrow.bool(.archiveEnabled))
    }

    @Test func aVariableDoesNotShortenAList() throws {
        let settings = try settings(
            user: #"{"exclude.projects": ["/a"]}"#, ["CCMEM_EXCLUDE_PROJECTS": "/b:~/c", "CCMEM_ENABLED": ""])
        #expect(settings[.excludeProjects].value == .list(["/a", "/b", "~/c"]))
        #expect(settings.bool(.enabled), "an empty variable is none")
    }

    @Test func packsAddUpFromPlaceToPlace() throws {
        let settings = try settings(
            user: #"{"packs": ["es"]}"#, project: #"{"packs": ["ml", "es"]}"#, ["CCMEM_PACKS": "web,ml"])
        #expect(settings.packs == [.machineLearning, .web, .spanish])
        #expect(settings.problems == [])
        #expect(try self.settings(user: "{}").packs == [])
    }

    @Test func anUnknownPackIsToldWithTheNearestName() throws {
        let known = "There are `ml`, `web`, `embedded`, `data`, `ops`, `es`."
        let settings = try settings(user: #"{"packs": ["embeded"]}"#)
        #expect(settings.packs == [])
        #expect(settings.closedBy == nil)
        #expect(
            messages(settings) == [
                "config.json:1:11: `packs`: There is no `embeded`; did you mean `embedded`? \(known)"
            ])
        #expect(
            messages(try self.settings(user: "{}", ["CCMEM_PACKS": "ml,cooking"])) == [
                "CCMEM_PACKS: `packs`: There is no `cooking`. \(known)"
            ])
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        var text: String
        var message: String
        var isClosed: Bool

        init(_ text: String, _ message: String, closed: Bool) {
            (self.text, self.message, isClosed) = (text, message, closed)
        }

        var testDescription: String { text }
    }

    @Test(
        "What is wrong is told with its place",
        arguments: [
            Broken(
                "{\n  \"enabled\": true,\n}",
                "config.json:2:18: This is not JSON: no comma may follow the last entry; remove it.", closed: true),
            Broken(
                "{\n  // off\n  \"enabled\": false}",
                "config.json:2:3: This is not JSON: JSON has no comments; remove this one.", closed: true),
            Broken(
                "{\"enabled\": true", "config.json:1:17: This is not JSON: the file ends in the middle of a value.",
                closed: true),
            Broken("{\"enabled\": True}", "config.json:1:13: This is not JSON: `T` cannot stand here.", closed: true),
            Broken(
                "{\"llm.daily-tokens\": 01}",
                "config.json:1:22: This is not JSON: this is not a number as JSON writes it.", closed: true),
            Broken(
                "{\"enabled\": true \"llm.mode\": \"off\"}",
                "config.json:1:18: This is not JSON: a comma is missing before this entry.", closed: true),
            Broken("{} {}", "config.json:1:4: This is not JSON: nothing may follow the closing brace.", closed: true),
            Broken(
                "{\"secrets.file\": \"a\tb\"}",
                "config.json:1:20: This is not JSON: this string holds a control character or an escape that JSON does not know.",
                closed: true),
            Broken("[]", "config.json:1:1: The settings are one object, as in `{\"enabled\": true}`.", closed: true),
            Broken("null", "config.json:1:1: The settings are one object, as in `{\"enabled\": true}`.", closed: true),
            Broken("{\"enabled\": 1}", "config.json:1:13: `enabled` takes `true` or `false`.", closed: true),
            Broken("{\"enabled\": \"no\"}", "config.json:1:13: `enabled` takes `true` or `false`.", closed: true),
            Broken(
                "{\"exclude.projects\": \"/a\"}",
                "config.json:1:22: `exclude.projects` takes a list of patterns in quotes, each beginning with `/`, `~/` or `**/`.",
                closed: true),
            Broken(
                "{\"exclude.projects\": [\"~bob/x\"]}",
                "config.json:1:22: `exclude.projects`: The pattern `~bob/x` names another user's home; write the path.",
                closed: true),
            Broken(
                "{\"exclude.paths\": [3]}",
                "config.json:1:19: `exclude.paths` takes a list of patterns in quotes, each beginning with `/`, `~/` or `**/`.",
                closed: true),
            Broken(
                "{\"exclude.project\": [\"/a\"]}",
                "config.json:1:2: There is no setting `exclude.project`; did you mean `exclude.projects`?", closed: true
            ),
            Broken(
                "{\"Enabeld\": false}", "config.json:1:2: There is no setting `Enabeld`; did you mean `enabled`?",
                closed: true),
            Broken(
                "{\"exclude.projects\": [], \"exclude.projects\": [\"/a\"]}",
                "config.json:1:26: `exclude.projects` is set twice; keep one of them.", closed: true),
            Broken("{\"colour\": 3}", "config.json:1:2: There is no setting `colour`.", closed: false),
            Broken(
                "{\"llm.mode\": \"on\"}", "config.json:1:14: `llm.mode` takes `\"off\"`, `\"auto\"`, `\"require\"`.",
                closed: false),
            Broken(
                "{\n\"ingest.min-importance\":\n  9}",
                "config.json:3:3: `ingest.min-importance` takes a whole number from 1 to 5.", closed: false),
            Broken(
                "{\"recall.half-life-days\": 1.5}",
                "config.json:1:27: `recall.half-life-days` takes a whole number of days from 1 to 3650.", closed: false),
            Broken(
                "{\"recall.half-life-days\": 99999999999999999999}",
                "config.json:1:27: `recall.half-life-days` takes a whole number of days from 1 to 3650.", closed: false),
        ])
    func broken(_ broken: Broken) throws {
        let settings = try settings(user: broken.text)
        #expect(messages(settings) == [broken.message])
        #expect((settings.closedBy != nil) == broken.isClosed)
        let state = Activity.state(from: .directory(space.at("config")), space.environment())
        switch state {
        case .active: #expect(!broken.isClosed)
        case .optedOut(.settings): #expect(broken.isClosed)
        case .paused, .optedOut, .disabled, .unavailable: Issue.record("\(state)")
        }
    }

    @Test(
        "A byte order mark and nothing at all are fine",
        arguments: ["\u{FEFF}{\"ingest.min-importance\": 3}", "", " \n", "\u{FEFF}", "{}"])
    func tolerated(_ text: String) throws {
        let settings = try settings(user: text)
        #expect(settings.problems == [])
        #expect(settings.integer(.ingestMinImportance) == (text.contains("3") ? 3 : 1))
    }

    @Test func textThatIsNotUTF8ClosesMemory() throws {
        try space.folders("config/ccmem")
        try Data([0x7B, 0x22, 0xFF, 0x22, 0x7D]).write(to: URL(fileURLWithPath: file))
        #expect(try settings().closedBy != nil)
    }

    @Test func aFolderInPlaceOfTheFileClosesMemory() throws {
        try space.folders("config/ccmem/config.json")
        let problem = try #require(try settings().closedBy)
        #expect(problem.code == .unreadable(FileFailure(file, code: EISDIR)))
    }

    @Test func deepNestingIsRefused() throws {
        let text = String(repeating: "[", count: 100_000)
        #expect(try settings(user: text).closedBy != nil)
    }

    @Test func aWrongVariableIsNamed() throws {
        let settings = try settings(["CCMEM_INJECTION_PROMPT_TOKENS": "many", "CCMEM_ARCHIVE_ENABLED": "off"])
        #expect(
            messages(settings) == [
                "CCMEM_INJECTION_PROMPT_TOKENS: `injection.prompt-tokens` takes a whole number from 0 to 20000."
            ])
        #expect(!settings.bool(.archiveEnabled))
    }

    @Test func aWrongOptionIsNamed() throws {
        let settings = try settings(commandLine: [("llm.mod", "off")])
        #expect(messages(settings) == ["There is no setting `llm.mod`; did you mean `llm.mode`?"])
    }

    @Test(
        "Setting changes one place",
        arguments: [
            (nil, "{\n  \"enabled\": false\n}\n"), ("", "{\n  \"enabled\": false\n}\n"),
            ("{}\n", "{\n  \"enabled\": false\n}\n"),
            ("{ \"enabled\" : true , \"x\": [1, 2] }", "{ \"enabled\" : false , \"x\": [1, 2] }"),
            ("{\n\t\"a\": 1,\n\t\"b\": {}\n}", "{\n\t\"a\": 1,\n\t\"b\": {},\n\t\"enabled\": false\n}"),
            ("{\"a\":1}", "{\"a\":1, \"enabled\": false}"),
            ("\u{FEFF}{\"a\": 1}", "\u{FEFF}{\"a\": 1, \"enabled\": false}"),
        ] as [(String?, String)])
    func set(_ before: String?, _ after: String) throws {
        if let before { try space.write(before, to: file) }
        let config = try #require(ConfigFile.user(space.environment()))
        #expect(try config.set(.enabled, to: .bool(false)) == Array(after.utf8))
        #expect(FileManager.default.contents(atPath: file).map(Array.init) == Array(after.utf8))
        #expect(space.mode("config/ccmem/config.json") == 0o600)
    }

    @Test(
        "Removing changes one place",
        arguments: [
            ("{\"enabled\": true}", "{}"), ("{\n  \"enabled\": true,\n  \"b\": 2\n}", "{\n  \"b\": 2\n}"),
            ("{\n  \"a\": 1,\n  \"enabled\": true,\n  \"b\": 2\n}", "{\n  \"a\": 1,\n  \"b\": 2\n}"),
            ("{\n  \"a\": 1,\n  \"enabled\": true\n}", "{\n  \"a\": 1\n}"), ("{\"a\": 1}", nil),
        ] as [(String, String?)])
    func unset(_ before: String, _ after: String?) throws {
        try space.write(before, to: file)
        let config = try #require(ConfigFile.user(space.environment()))
        #expect(try config.unset(.enabled) == after.map { Array($0.utf8) })
        #expect(space.text("config/ccmem/config.json") == after ?? before)
    }

    @Test func aBrokenFileIsNotWrittenOver() throws {
        try space.write("{\"enabled\": ", to: file)
        let config = try #require(ConfigFile.user(space.environment()))
        #expect(throws: SettingsProblem.self) { try config.set(.enabled, to: .bool(false)) }
        #expect(space.text("config/ccmem/config.json") == "{\"enabled\": ")
    }

    @Test func aLinkedFileStaysALink() throws {
        try space.write("{}", to: "dotfiles/ccmem.json")
        try space.folders("config/ccmem")
        try space.link("config/ccmem/config.json", to: "dotfiles/ccmem.json")
        let config = try #require(ConfigFile.user(space.environment()))
        try config.set(.llmMode, to: .text("auto"))
        #expect(Files.status(of: file)?.kind == .link)
        #expect(space.text("dotfiles/ccmem.json")?.contains("auto") == true)
    }

    @Test func valuesOfTheCommandLine() throws {
        let environment = space.environment()
        #expect(try SettingKey(named: "exclude.paths").value(ofText: "~/a:/b", environment) == .list(["~/a", "/b"]))
        #expect(try SettingKey.enabled.value(ofText: "Off", environment) == .bool(false))
        #expect(throws: SettingsProblem(code: .wrongValue(.llmMode), place: .commandLine)) {
            try SettingKey.llmMode.value(ofText: "on", environment)
        }
        #expect(
            throws: SettingsProblem(
                code: .unknownKey("archive.enable", nearest: "archive.enabled"), place: .commandLine)
        ) {
            try SettingKey(named: "archive.enable")
        }
    }

    @Test func namesOfVariables() {
        #expect(SettingKey.injectionSessionStartTokens.environmentName == "CCMEM_INJECTION_SESSION_START_TOKENS")
        #expect(Set(SettingKey.allCases.map(\.environmentName)).count == SettingKey.allCases.count)
    }

    @Test("Every default is a value of its type", arguments: SettingKey.allCases)
    func defaults(_ key: SettingKey) throws {
        let document = try JSONDocument(parsing: Array(key.definition.standard.json.utf8))
        #expect(try key.definition.type.value(of: document.root.value, home: nil) == key.definition.standard)
    }

    @Test func thePageIsTheTable() throws {
        let page = try String(
            contentsOf: Fixture.projectRoot.appendingPathComponent("docs/settings.md"), encoding: .utf8)
        if ProcessInfo.processInfo.environment["CCMEM_WRITE_PAGES"] != nil {
            try Data(SettingDefinition.page.utf8).write(
                to: Fixture.projectRoot.appendingPathComponent("docs/settings.md"))
        }
        #expect(
            page == SettingDefinition.page,
            "write it anew with CCMEM_WRITE_PAGES=1 swift test --filter thePageIsTheTable")
    }
}
