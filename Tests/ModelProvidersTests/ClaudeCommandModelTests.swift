import Credentials
import Foundation
import LanguageModels
import Projects
import TestSupport
import Testing

@testable import ModelProviders

/// The user's own `claude`, played by a script.
@Suite struct ClaudeCommandModelTests {
    final class Place {
        let folder: String
        init() throws {
            folder = NSTemporaryDirectory() + "ccmem-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func script(_ text: String) throws -> String {
            let path = folder + "/claude"
            try TestSupport.Program.writeScript(text, at: path)
            return path
        }

        func read(_ name: String) -> String {
            (try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)) ?? ""
        }
    }

    let place: Place
    init() throws { place = try Place() }

    func ask(_ script: String, _ source: CredentialSource = .claudeFile(path: "/x"), limit: Int = 20_000) throws
        -> ModelAnswer
    {
        let credential = Credential(source: source, kind: .subscription, secret: try #require(Secret(secretText)))
        let model = try ClaudeCommandModel(
            try place.script(script), Environment(variables: ["HOME": place.folder], workingDirectory: nil), credential,
            Patience(milliseconds: limit))
        return try model.answer(Sample.request)
    }

    static let result =
        #"{"type":"result","is_error":false,"stop_reason":"end_turn","result":"Here:\n{\"kept\":[3]}","usage":{"input_tokens":8,"output_tokens":2,"cache_read_input_tokens":1}}"#

    @Test func itIsCalledInTheNestedForm() throws {
        let answer = try ask(
            "printf '%s\\n' \"$@\" >\(place.folder)/argv; env >\(place.folder)/env; pwd >\(place.folder)/pwd; cat >\(place.folder)/stdin; printf '%s' '\(Self.result)'"
        )
        #expect(
            answer
                == ModelAnswer(
                    form: #"{"kept":[3]}"#, usage: ModelUsage(input: 8, output: 2, cacheRead: 1, cacheWritten: 0)))
        let arguments = place.read("argv")
        #expect(
            arguments.hasPrefix(
                "-p\n--model\nclaude-haiku-4-5-20251001\n--no-session-persistence\n--setting-sources\n\n--strict-mcp-config\n--tools\n\n--output-format\njson\n--system-prompt\nKeep what matters."
            ))
        #expect(!arguments.contains("8080"), "the text is in no process list")
        #expect(place.read("stdin") == "The port is 8080.")
        let variables = place.read("env").split(separator: "\n")
        for line in ["CCMEM_HOOKS=off", "CCMEM_LLM=off", "MAX_THINKING_TOKENS=0", "CLAUDE_CODE_MAX_OUTPUT_TOKENS=500"] {
            #expect(variables.contains { $0 == line })
        }
        #expect(
            !variables.contains {
                $0.contains("THESECRET") || $0.hasPrefix("ANTHROPIC_API_KEY") || $0.hasPrefix("CLAUDECODE")
            })
        #expect(place.read("pwd").hasSuffix("/llm/empty\n"))
    }

    @Test func anotherTokenGoesByTheEnvironmentAndNotByArguments() throws {
        _ = try ask(
            "printf '%s\\n' \"$@\" >\(place.folder)/argv; env >\(place.folder)/env; printf '%s' '\(Self.result)'",
            .variable("CLAUDE_CODE_OAUTH_TOKEN"))
        #expect(place.read("env").contains("CLAUDE_CODE_OAUTH_TOKEN=" + secretText))
        #expect(!place.read("argv").contains("THESECRET"))
    }

    @Test func itEndsAtTheDeadlineWithAllThatItStarted() throws {
        let start = Date()
        let failure = try failure {
            try ask("sleep 300 & echo $! >\(place.folder)/child; trap '' TERM; sleep 300", limit: 700)
        }
        #expect(failure == .outOfTime)
        #expect(Date().timeIntervalSince(start) < 30)
        let child = try #require(Int32(place.read("child").trimmingCharacters(in: .whitespacesAndNewlines)))
        var isGone = false
        // Whoever adopts it may take a moment to notice.
        for _ in 0..<50 where !isGone {
            let stat = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ""
            isGone = kill(child, 0) != 0 || stat.contains(") Z ")
            if !isGone { usleep(100_000) }
        }
        #expect(isGone)
    }

    @Test(
        "What it says of a failure decides what it was",
        arguments: [
            (
                #"{"type":"result","is_error":true,"api_error_status":401,"result":"API Error: 401 OAuth token has been revoked"}"#,
                1, "refused"
            ),
            (#"{"type":"result","is_error":true,"result":"Not logged in · Please run /login"}"#, 1, "refused"),
            (#"{"type":"result","is_error":true,"api_error_status":529,"result":"API Error: 529 busy"}"#, 1, "busy"),
            (#"{"type":"result","is_error":true,"api_error_status":429,"result":"API Error: limit"}"#, 1, "busy"),
            (#"{"type":"result","is_error":true,"api_error_status":400,"result":"API Error: 400"}"#, 1, "rejected"),
            (#"{"type":"result","is_error":true,"result":"something"}"#, 1, "unusable"),
            (#"{"type":"result","is_error":false,"result":"{\"kept\":[]}"}"#, 1, "unusable"),
            (#"{"type":"result","is_error":false,"result":"I would rather not."}"#, 0, "unusable"),
            (#"{"type":"result","is_error":false,"result":"{\"keep\":[]}"}"#, 0, "unusable"),
            ("", 0, "unusable"), ("Segmentation fault", 139, "unusable"),
        ])
    func failures(_ output: String, _ status: Int, _ kind: String) throws {
        let failure = try failure { try ask("cat >/dev/null; cat <<'END'\n\(output)\nEND\nexit \(status)") }
        #expect("\(failure)".hasPrefix(kind), "\(failure)")
    }

    @Test func aFloodIsEnded() throws {
        let failure = try failure { try ask("yes floods", limit: 15_000) }
        guard case .unreachable = failure else {
            Issue.record("\(failure)")
            return
        }
    }

    @Test func aProgramThatCannotBeRunIsUnreachable() throws {
        let credential = try Sample.credential(.subscription)
        let model = try ClaudeCommandModel(
            place.folder + "/none", Environment(variables: ["HOME": place.folder], workingDirectory: nil), credential,
            Patience(milliseconds: 1_000))
        guard case .unreachable = try failure({ try model.answer(Sample.request) }) else {
            Issue.record()
            return
        }
    }

    @Test func itIsLookedForByAbsoluteNamesOnly() throws {
        let path = try place.script("exit 0")
        func found(_ variable: String) -> String? {
            let environment = Environment(variables: ["HOME": "/nowhere", "PATH": variable], workingDirectory: nil)
            return ClaudeCommandModel.path(environment, Settings(environment))
        }
        #expect(found("relative:\(place.folder)") == path)
        #expect(found(".")?.hasPrefix(".") != true)
    }
}
