import Memories
import RulePacks
import Testing

/// What is weak in a pack that can be read, and what is wrong in one that can't.
@Suite struct LintTests {
    /// A rule that nothing can be said against, with parts that a case replaces.
    struct Parts {
        var head = ""
        var keywords = "[went with]"
        var roles = "[user]"
        var pattern = "'(?i)(?&KEYWORD) \\w{2,40}'"
        var more = ""
        var match = ["We went with Postgres.", "They went with Kafka."]
        var reject = ["We went without lunch, with care.", "It went with-out."]

        var text: String {
            var text = "pack: a\nformat: 1\nversion: 1.0.0\nsummary: A pack.\n\(head)rules:\n  - id: note.a\n"
            text += "    category: note\n    summary: A rule.\n    roles: \(roles)\n    keywords: \(keywords)\n"
            text += "    pattern: \(pattern)\n    statement: '{sentence}'\n\(more)    examples:\n      match:\n"
            for example in match { text += "        - text: \(example)\n" }
            text += "      reject:\n"
            for example in reject { text += "        - {text: '\(example)', why: no choice}\n" }
            return text
        }
    }

    static func findings(_ change: (inout Parts) -> Void) -> [LintFinding] {
        var parts = Parts()
        change(&parts)
        return PackLinter().findings(in: Array(parts.text.utf8), file: "a.yaml")
    }

    @Test func aSoundPackHasNoFindings() {
        var parts = Parts()
        parts.reject = ["We went with", "I went with."]
        #expect(PackLinter().findings(in: Array(parts.text.utf8), file: "a.yaml") == [])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var check: LintCheck
        /// Of the finding.
        var line: Int
        var column: Int?
        var change: @Sendable (inout Parts) -> Void

        var testDescription: String { check.rawValue }

        init(_ check: LintCheck, line: Int, _ column: Int? = nil, _ change: @escaping @Sendable (inout Parts) -> Void) {
            (self.check, self.line, self.column, self.change) = (check, line, column, change)
        }
    }

    static let cases: [Case] = [
        Case(.yaml, line: 12, 15) { $0.head = "language: 'en\n" },
        Case(.yamlComment, line: 11) { $0.pattern = "(?i)(?&KEYWORD) #\\d+" },
        Case(.yamlWord, line: 10) { $0.keywords = "[went with, off]" },
        Case(.keys, line: 13, 5) { $0.more = "    keyword: [x]\n" },
        Case(.value, line: 13) { $0.more = "    importance: {base: 9}\n" },
        Case(.name, line: 13) { $0.more = "    status: stabel\n" },
        Case(.pattern, line: 11, 29) { $0.pattern = "'(?&KEYWORD)x(y'" },
        Case(.fields, line: 13, 14) { $0.more = "    fields: {what: text}\n" },
        Case(.template, line: 13) { $0.more = "    key: '{what}'\n" },
        Case(.override, line: 6) { $0.head = "overrides:\n  - {id: note.a, enabled: false, why: no}\n" },
        Case(.patternBlank, line: 13, 11) {
            $0.pattern = "|-\n      (?xi)(?&KEYWORD) \\w+\n      | go with"
        },
        Case(.patternHash, line: 11) { $0.pattern = "'(?xi) (?&KEYWORD) \\s \\w+|issue#\\d'" },
        Case(.patternRepeat, line: 11) { $0.pattern = "'(?i)(?&KEYWORD) (?:\\w+\\s?)+'" },
        Case(.patternLimit, line: 11) { $0.pattern = "'(?i)(?&KEYWORD) (?:\\w+\\s?)+[|#]'" },
        Case(.keywordMissing, line: 16) { $0.match = ["We went with Postgres.", "We took Kafka."] },
        Case(.keywordDead, line: 10, 27) {
            $0.keywords = "[went with, zebra]"
            $0.pattern = "'(?i)went with \\w+'"
        },
        Case(.keywordImplied, line: 10, 27) {
            $0.keywords = "[went with, we went with]"
            $0.pattern = "'(?i)went with \\w+'"
        },
        Case(.keywordApostrophe, line: 10) { $0.keywords = "[went with, didn't go]" },
        Case(.keywordCommon, line: 10) { $0.keywords = "[went with, the]" },
        Case(.keywordNone, line: 6) {
            $0.keywords = "[]"
            $0.pattern = "'(?i)went with \\w+'"
        },
        Case(.examplesFew, line: 14) { $0.match = ["We went with Postgres."] },
        Case(.exampleContradiction, line: 15) { $0.reject = ["We went with Postgres.", "They went with nothing"] },
        Case(.rejectWeak, line: 18) { $0.reject = ["The sky is blue.", "I went with"] },
        Case(.secretException, line: 6) {
            $0.keywords = "[went with, password]"
            $0.pattern = "'(?i)\\w{0,20} ?(?&KEYWORD)(?: is|:)? (?<what>\\S{2,40})'"
            $0.more = "    fields: {what: text}\n"
        },
        Case(.statementLong, line: 15) {
            $0.match = ["We went with Postgres" + String(repeating: " and more", count: 80), "They went with Kafka."]
        },
        Case(.keyConstant, line: 13, 10) { $0.more = "    key: choice\n" },
        Case(.toolUnknown, line: 13, 19) {
            $0.roles = "[tool]"
            $0.more = "    tools: [Grep, bash]\n"
        },
    ]

    /// What needs packs below, or the way of a transcript: the verb tells it, and its tests hold it.
    static let elsewhere: Set<LintCheck> = [.pinStale, .exampleFails, .exampleForm]

    @Test("A finding stands where the fault is", arguments: cases)
    func finds(_ one: Case) {
        let findings = Self.findings(one.change)
        let found = findings.filter { $0.check == one.check }
        #expect(!found.isEmpty, "\(findings)")
        #expect(found.contains { $0.location.line == one.line }, "\(found)")
        if let column = one.column { #expect(found.contains { $0.location.column == column }, "\(found)") }
    }

    @Test func everyCheckIsTested() {
        #expect(Set(Self.cases.map(\.check)) == Set(LintCheck.allCases).subtracting(Self.elsewhere))
    }

    @Test func aKeyThatIsMeantToBeOneIsNotFound() {
        let meant = Self.findings {
            $0.more = "    key: choice\n"
            $0.match = ["We went with Postgres.\n          key: choice", "They went with Kafka."]
        }
        #expect(!meant.contains { $0.check == .keyConstant }, "\(meant)")
    }

    @Test(
        "It is said what to do",
        arguments: [
            ("'(?<=a+)(?&KEYWORD)'", "has one length"), ("'(*FOO)(?&KEYWORD)'", "begin it with `(?i)`"),
            ("'(?&NUMBR) (?&KEYWORD)'", "define it under `fragments:`"),
        ])
    func help(_ pattern: String, _ words: String) {
        let findings = Self.findings { $0.pattern = pattern }
        #expect(findings.contains { $0.hint?.contains(words) == true }, "\(findings)")
    }

    @Test func aListThatIsLeftEmptyIsSaidToBeEmpty() {
        let findings = Self.findings { $0.match = [] }
        #expect(findings.map(\.message).contains("`match` is empty"), "\(findings)")
    }

    @Test func whatIsMeantIsNotFound() {
        let findings = Self.findings { parts in
            parts.pattern = "|-\n      (?xi) \\b (?&KEYWORD) \\s+ # the choice\n      \\w+ (?: [ ] \\w+ ){0,3}"
            parts.keywords = "[went with]  # two blanks: a comment"
            parts.reject = ["We went with", "I went with."]
        }
        #expect(findings == [])
    }

    @Test func aPatternThatIsOnlyLongIsNotStopped() {
        let findings = Self.findings { $0.pattern = "'(?i)^.{0,200}?(?&KEYWORD)\\s+[\\w, -]{2,200}'" }
        #expect(!findings.contains { $0.check == .patternLimit }, "\(findings)")
    }

    @Test func overridesAreSeenFromThePacksBelow() throws {
        let below = try RulePack(parsing: Parts().text, file: "below.yaml")
        let text = """
            pack: b
            format: 1
            version: 1.0.0
            summary: Changes.
            overrides:
              - id: note.b
                importance: {base: 4}
            """
        let findings = PackLinter(below: [below]).findings(in: Array(text.utf8), file: "b.yaml")
        #expect(findings.map(\.check) == [.name])
        #expect(findings.first?.hint?.contains("note.a") == true)
        let right = PackLinter(below: [below]).findings(
            in: Array(text.replacing("note.b", with: "note.a").utf8), file: "b.yaml")
        #expect(right == [])
    }

    @Test func aFindingIsToldWithItsLine() throws {
        let text = Parts(keywords: "[went with, the]").text
        let finding = try #require(
            PackLinter().findings(in: Array(text.utf8), file: "a.yaml").first { $0.check == .keywordCommon })
        #expect(
            DiagnosticRenderer(file: "a.yaml", text: Array(text.utf8)).render(finding) == """
                a.yaml:10:27: note: keyword `the` stands in nearly every sentence (rule `note.a`) [keyword-common]
                    keywords: [went with, the]
                                          ^
                help: take a rarer word of the pattern, or a phrase.

                """)
    }
}
