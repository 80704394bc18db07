import LiteralSearch
import Memories
import RulePacks
import TestSupport
import Testing
import Transcripts

@testable import Extraction

/// Whatever a pattern that calls its keywords can match, the prefilter has seen.
@Suite struct PrefilterTests {
    private func statements(_ yaml: String, _ text: String, usesPrefilter: Bool) throws -> [String] {
        var engine = ExtractionEngine(rules: try rules(yaml), table: .conversation)
        engine.usesPrefilter = usesPrefilter
        let reader = SegmentReader(rules: engine.rules, table: engine.table, usesPrefilter: engine.usesPrefilter)
        reader.matcher.beginTranscript()
        let cut = Array(text.utf8).withUnsafeBufferPointer { Segmenter.segments(of: $0, role: .user) }
        return reader.read(cut, place: MessagePlace(role: .user), judge: .open).readings.flatMap { reading in
            reading.matches.map(\.statement)
        }
    }

    static func rule(_ keywords: [String]) -> String {
        """
          - id: note
            category: note
            summary: A note.
            roles: [user]
            keywords: [\(keywords.map { "'\($0)'" }.joined(separator: ", "))]
            pattern: '(?&KEYWORD)'
            statement: '{sentence}'

        """
    }

    @Test(
        "A keyword is seen",
        arguments: [
            ("went up", "It went up."), ("went up", "It WENT  UP."), ("went up", "It went\tup."),
            ("went up", "It went\nup."),
            ("went up", "It went \u{B} up."), ("Größe", "Die Größe zählt."), ("Été", "Pas en Été ici."),
            ("決定", "これを決定した。"),
            ("C++", "In c++ it is."), ("=", "Please set PORT=8080 there."), ("--force", "Use --force never."),
        ])
    func seen(_ keyword: String, _ text: String) throws {
        let filtered = try statements(Self.rule([keyword]), text, usesPrefilter: true)
        #expect(filtered.count == 1)
        #expect(filtered == (try statements(Self.rule([keyword]), text, usesPrefilter: false)))
    }

    @Test("A rule for one tool is asked on no other's output", arguments: [true, false])
    func tools(usesPrefilter: Bool) throws {
        func rule(_ id: String, _ tool: String, _ more: String = "") -> String {
            """
              - id: \(id)
                category: note
                summary: A note.
                roles: [tool]
                tools: [\(tool)]
                pattern: failed
                statement: '\(id)'
            \(more)
            """
        }
        let rules = try rules(rule("bash", "Bash", "    keywords: [failed]\n") + rule("task", "Task"))
        let reader = SegmentReader(rules: rules, table: .conversation, usesPrefilter: usesPrefilter)
        func read(_ tool: String?) -> [SegmentReading] {
            Array("It failed.\nAgain it failed.".utf8).withUnsafeBufferPointer {
                reader.readToolOutput($0, tool: tool, judge: .open)
            }
        }
        for (tool, id) in [("Bash", "bash"), ("Task", "task")] {
            let readings = read(tool)
            #expect(readings.map { $0.matches.map(\.statement) } == [[id], [id]])
            #expect(readings.allSatisfy { $0.otherRules.isEmpty })
        }
        #expect(read(nil).isEmpty)
    }

    @Test("Random texts give the same with and without it", arguments: 0..<UInt64(40))
    func random(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let words = [
            "went", "up", "UP", "Down", "went  up", "up\tand", "é", "É", "port", "ports", "決定", "C++", ".", "\n",
            "- up",
        ]
        func pick() -> String { words[random.below(words.count)] }
        let keywords = (0..<(1 + random.below(4))).map { _ in
            KeywordFolding.folded(keyword: "\(pick()) \(random.below(2) == 0 ? "" : pick())")
        }.filter { !$0.isEmpty }
        let yaml = Self.rule(keywords)
        let text = (0..<60).map { _ in pick() }.joined(separator: " ")
        let (filtered, all) = try (
            statements(yaml, text, usesPrefilter: true), statements(yaml, text, usesPrefilter: false)
        )
        #expect(filtered == all, "\(keywords) in \(text.debugDescription)")
    }
}
