import Foundation
import Testing

@testable import Projects

/// Our hooks in the settings of Claude Code, and nothing else touched.
@Suite struct ClaudeSettingsTests {
    static let hook = "/opt/ccmem/bin/ccmem-hook"

    private func added(_ text: String, _ path: String = hook) throws -> String {
        String(decoding: try ClaudeSettings(Array(text.utf8)).adding(path), as: UTF8.self)
    }

    private func removed(_ text: String) throws -> String {
        String(decoding: try ClaudeSettings(Array(text.utf8)).removing(), as: UTF8.self)
    }

    private func events(_ text: String) throws -> [String: [[String: Any]]] {
        let root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return root?["hooks"] as? [String: [[String: Any]]] ?? [:]
    }

    static let files = [
        "", "{}", "{\n}\n", #"{"model":"opus"}"#,
        "{\n  \"model\": \"opus\",\n  \"permissions\": {\"allow\": [\"Bash\"]}\n}\n",
        #"{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"say done"}]}]},"model":"opus"}"#,
        #"{"a":1,"hooks":{}}"#,
        #"{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"/x/guard.sh"}]}]}}"#,
    ]

    @Test("Installing adds each hook once, and doing it again changes nothing", arguments: files)
    func install(_ file: String) throws {
        let text = try added(file)
        let events = try events(text)
        for (event, timeout) in ClaudeSettings.hooks {
            let ours = (events[event] ?? []).flatMap { $0["hooks"] as? [[String: Any]] ?? [] }
                .filter { $0["command"] as? String == Self.hook }
            #expect(ours.count == 1, "\(event)")
            #expect(ours.first?["args"] as? [String] == [event])
            #expect(ours.first?["timeout"] as? Int == timeout)
        }
        #expect(try added(text) == text)
    }

    @Test("Uninstalling brings back what was there", arguments: files)
    func uninstall(_ file: String) throws {
        let text = try removed(added(file))
        let before = file.isEmpty ? "{}" : file
        func value(_ text: String) throws -> NSDictionary {
            var root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
            // An empty object of hooks says as much as none.
            if (root["hooks"] as? [String: Any])?.isEmpty == true { root["hooks"] = nil }
            return NSDictionary(dictionary: root)
        }
        #expect(try value(text) == value(before))
        #expect(try removed(text) == text)
    }

    @Test func withoutHooksBeforeEachByteComesBack() throws {
        let file = "{\n  \"model\": \"opus\"\n}\n"
        #expect(try removed(added(file)) == file)
        #expect(try added(file).hasPrefix("{\n  \"model\": \"opus\",\n  \"hooks\": {\n"))
    }

    @Test func anEmptyListOfAnotherEventStays() throws {
        let file = #"{"hooks":{"Notification":[]}}"#
        #expect(try events(removed(added(file))) as NSDictionary == ["Notification": []] as NSDictionary)
        #expect(try events(added(file))["Notification"]?.isEmpty == true)
        #expect(try removed(file) == file)
    }

    @Test func anotherPathTakesThePlaceOfTheOld() throws {
        let text = try added(added("{}"), "/new/ccmem-hook")
        #expect(!text.contains(Self.hook))
        #expect(text.components(separatedBy: "/new/ccmem-hook").count == ClaudeSettings.hooks.count + 1)
    }

    @Test func anEntryOfOursBesideAnotherGoesAlone() throws {
        let file =
            #"{"hooks":{"Stop":[{"matcher":"","hooks":[{"type":"command","command":"ccmem-hook Stop"}, {"type":"command","command":"other"}]}]}}"#
        let text = try removed(file)
        #expect(!text.contains("ccmem-hook") && text.contains("other") && text.contains("matcher"))
        _ = try events(text)
    }

    @Test(
        "What can't be read is refused with its place",
        arguments: [
            ("{ // mine\n}", 1, "comments"), ("{\n  \"a\": 1,\n}", 2, "comma"), ("[]", 1, "object"),
            ("{\"hooks\": []}", 1, "`hooks` must be an object"),
            ("{\n\"hooks\": {\"Stop\": {}}}", 2, "`hooks.Stop` must be a list"),
        ])
    func refused(_ file: String, _ line: Int, _ words: String) throws {
        let error = #expect(throws: ClaudeSettings.Refusal.self) { try added(file) }
        #expect(error?.line == line)
        #expect(error?.reason.contains(words) == true)
    }
}
