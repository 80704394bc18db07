import Memories
import PCRE2
import RulePacks
import Testing

@Suite struct RulePackTests {
    static let core = #"""
        pack: core
        format: 1
        version: 1.0.0
        summary: Memories that every software project wants kept.

        fragments:
          NUMBER: '[-+]?\d+(?:[.,_]\d+)*'
          UNIT: '(?:ms|s|MB|KB|%)'
          QUANTITY: '(?&NUMBER)(?:\s?(?&UNIT))?'

        exceptions:
          - why: a hypothetical is not a decision
            context: '(?i)\bif we (?:had|ever)\b'

        rules:
          - id: result.change
            category: result
            status: stable
            summary: A measured value moved from one quantity to another.
            roles: [user, assistant, summary]
            keywords: [dropped, fell, rose, went up]
            pattern: |
              (?xi) (?<metric> \b [a-z] [\w@/%-]* (?:[ ](?!(?&KEYWORD))[\w@/%-]+){0,4} ) \s+
              (?&KEYWORD) \s+ from \s+ (?<before>(?&QUANTITY)) \s+ to \s+ (?<after>(?&QUANTITY))
            fields: {metric: phrase, before: quantity, after: quantity}
            statement: '{metric}: {before} → {after}'
            key: '{metric}'
            importance: {base: 3}
            examples:
              match:
                - text: bundle size fell from 1.2MB to 640KB
                  statement: 'bundle size: 1.2MB → 640KB'
                - text: "The p95 went\n up from 10 ms to 20 ms"
              reject:
                - text: The cursor went up from the footer to the header.
                  why: no quantities
                - text: fell from grace
                  why: no quantities
        """#

    @Test func thePackOfTheDesignIsReadWhole() throws {
        let pack = try RulePack(parsing: Self.core, file: "core.yaml", strictness: .builtIn)
        #expect(pack.identity == PackIdentity(name: "core", version: "1.0.0"))
        let rule = try #require(pack.rules.first)
        #expect(rule.id == "result.change")
        #expect(rule.category == .result)
        #expect(rule.status == .stable)
        #expect(rule.roles == [.user, .assistant, .summary])
        #expect(rule.keywords == ["dropped", "fell", "rose", "went up"])
        #expect(rule.fields.map(\.name) == ["metric", "before", "after"])
        #expect(rule.fields.map(\.kind) == [.phrase, .quantity, .quantity])
        #expect(rule.key == Template(parts: [.field("metric")]))
        #expect(rule.importance == Importance(clamping: 3))
        #expect(rule.exceptions.map(\.why) == ["a hypothetical is not a decision"])
        #expect(rule.matchExamples.count == 2)
        #expect(rule.rejectExamples.map(\.why) == ["no quantities", "no quantities"])
        #expect(rule.pattern.location == SourceLocation(file: "core.yaml", line: 23, column: 7))
    }

    @Test func thePatternMatchesItsExamplesOnly() throws {
        let rule = try #require(try RulePack(parsing: Self.core, file: "core.yaml").rules.first)
        let pattern = try Pattern(rule.pattern.source)
        let workspace = MatchWorkspace()
        for example in rule.matchExamples {
            var text = example.text
            try text.withUTF8 { bytes in
                guard case .match(let captures) = pattern.match(bytes, in: workspace) else {
                    Issue.record("no match in \(example.text)")
                    return
                }
                let metric = try #require(pattern.range(of: "metric", in: captures))
                let words = FieldKind.phrase.trimmed(String(decoding: bytes[metric], as: UTF8.self))
                #expect(words == "bundle size" || words == "p95")
            }
        }
        for example in rule.rejectExamples {
            #expect(pattern.match(example.text, in: workspace) == .noMatch)
        }
    }

    @Test func groupsOfFragmentsAreNoCaptures() throws {
        let text = #"""
            pack: a
            format: 1
            version: 1.0.0
            summary: A pack.
            fragments:
              PAIR: '(?<left>(?&ONE))-(?<right>(?&ONE))()'
              ONE: '(a|b)(?<inner>c)'
            rules:
              - id: x
                category: note
                summary: A rule.
                roles: [user]
                keywords: [k]
                pattern: '(?n)(y)(?&KEYWORD)(?&PAIR)(?<left>z)'
                fields: {left: text}
                statement: '{left}'
              - id: y
                category: note
                summary: A rule.
                roles: [user]
                keywords: [k]
                pattern: '(y)(?&KEYWORD)(?&PAIR)(?<inner>z)'
                fields: {inner: text}
                statement: '{inner}'
            """#
        #expect(try RulePack(parsing: text, file: "a").rules.map { $0.fields.map(\.name) } == [["left"], ["inner"]])
    }
}
