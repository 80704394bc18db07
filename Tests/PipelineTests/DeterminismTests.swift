import BuiltInRules
import Foundation
import Importance
import Memories
import RulePacks
import TestSupport
import Testing
import Transcripts

@testable import Extraction
@testable import Pipeline

/// The same transcript gives the same memories: again, in company, with or without shortcuts.
@Suite struct DeterminismTests {
    static let plan: ExtractionPlan = {
        do throws(RulePackErrors) {
            var plan = try ExtractionPlan(builtIn: BuiltInRules.packs, scoring: BuiltInRules.scoring)
            plan.keepsRefusals = true
            return plan
        } catch {
            fatalError(DiagnosticRenderer().render(error))
        }
    }()

    /// The rules of the product with their examples, which the plan does without.
    static let rules: [Rule] = BuiltInRules.packs.flatMap { pack in
        (try? RulePack(parsing: pack.bytes, file: pack.file, strictness: .builtIn))?.rules ?? []
    }

    struct Session: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
    }

    /// Every transcript of `Fixtures/transcripts`, and one that is made of all examples of the built-in rules.
    static let sessions: [Session] = {
        let folder = Fixture.url("transcripts").path
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let fixtures = names.compactMap { name -> Session? in
            let bytes = try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)/session.jsonl"))
            return bytes.map { Session(testDescription: name, bytes: Array($0)) }
        }
        return fixtures + [Session(testDescription: "all examples", bytes: examples(rules).bytes)]
    }()

    static func examples(_ rules: [Rule]) -> TranscriptText {
        var talk = TranscriptText()
        for (number, rule) in rules.enumerated() {
            let examples =
                rule.matchExamples.map { ($0.text, $0.under) } + rule.rejectExamples.map { ($0.text, $0.under) }
            var text = "This paragraph is about something else, and goes on for a while.\n\n"
            for (example, under) in examples { text += (under.map { "## \($0)\n\n" } ?? "") + example + "\n\n" }
            switch number % 4 {
            case 0: talk.user(text)
            case 1: talk.bash("make test", output: examples.map(\.0).joined(separator: "\n"))
            default: talk.assistant(text)
            }
            if number % 7 == 0 { talk.user("No, wait. That's wrong.") }
        }
        return talk
    }

    @Test("With and without the prefilter it is the same", arguments: sessions)
    func prefilter(_ session: Session) {
        var unfiltered = Self.plan
        unfiltered.engine.usesPrefilter = false
        let (a, b) = (Self.plan.extract(session.bytes), unfiltered.extract(session.bytes))
        #expect(Difference(a.memories, b.memories).lines == [])
        #expect(Difference(a.refusals.map(\.memory), b.refusals.map(\.memory)).lines == [])
        #expect(a.refusalCounts == b.refusalCounts)
    }

    @Test("Whether refusals are kept changes no memory", arguments: sessions)
    func refusals(_ session: Session) {
        var plain = Self.plan
        plain.keepsRefusals = false
        let (explained, counted) = (Self.plan.extract(session.bytes), plain.extract(session.bytes))
        #expect(Difference(explained.memories, counted.memories).lines == [])
        #expect(explained.refusalCounts == counted.refusalCounts)
        #expect(counted.refusals == [])
    }

    @Test("The judge turns away nothing that reaches the threshold later", arguments: sessions)
    func gate(_ session: Session) {
        var open = Self.plan.judge()
        let reach = open.reach
        open.reach = { _ in .min }
        var reader = TranscriptReader(options: TranscriptWorker.options(Self.plan))
        var extractor = Self.plan.engine.makeWorker().makeExtractor(judge: open)
        _ = reader.read(TranscriptSource(bytes: session.bytes)) { extractor.add($0) }
        let scorer = Self.plan.scorer
        let good = extractor.finish().candidates.filter {
            scorer.score($0.features, role: $0.sighting.role) >= scorer.table.threshold
        }
        #expect(good.filter { $0.gateScore < reach($0.sighting.role) }.map(\.statement) == [])
    }

    @Test("Again it is the same", arguments: sessions)
    func again(_ session: Session) {
        let worker = TranscriptWorker(plan: Self.plan)
        let first = worker.extract(TranscriptSource(bytes: session.bytes), file: "a")
        // Another transcript in between leaves no trace.
        if let other = Self.sessions.last { _ = worker.extract(TranscriptSource(bytes: other.bytes), file: "b") }
        let second = worker.extract(TranscriptSource(bytes: session.bytes), file: "a")
        #expect(Difference(first.memories, second.memories).lines == [])
        #expect(first.refusals == second.refusals)
        #expect(first.refusalCounts == second.refusalCounts)
    }

    @Test func theExamplesGiveMemories() {
        let found = Self.plan.extract(Self.examples(Self.rules).bytes)
        #expect(found.memories.count > 20)
        #expect(Set(found.memories.map(\.category)).count > 4)
        #expect(found.limitReports == [])
    }

    // MARK: - Company

    static let facts = [
        "The stale lock file blocks the release build.", "We never deploy on a Friday afternoon here.",
        "Uploads go through the gateway and not the worker.", "The web port is 8080.",
        "Snapshots live below fixtures/golden.",
    ]

    @Test("Unrelated words around them change no fact", arguments: 0..<UInt64(20))
    func company(seed: UInt64) throws {
        let plan = try ExtractionPlan.simple(portRule)
        var random = SplitMix(seed: seed)
        var others = (0..<random.below(60)).map { "Note \($0) about topic\(seed)x\($0) and subject\($0)y\(seed)." }
        var rest = Self.facts[...]
        let talk = plan.extract { talk in
            while !rest.isEmpty || !others.isEmpty {
                if others.isEmpty || (!rest.isEmpty && random.below(4) == 0) {
                    talk.assistant(rest.removeFirst())
                } else {
                    talk.assistant(others.removeLast())
                }
            }
        }
        let expected = Self.facts.map { $0 == "The web port is 8080." ? "the web port is 8080" : $0 }
        #expect(talk.contents.filter { !$0.hasPrefix("Note ") } == expected)
    }

    @Test("Facts give the same set in any order", arguments: 0..<UInt64(20))
    func order(seed: UInt64) throws {
        let plan = try ExtractionPlan.simple(portRule)
        var random = SplitMix(seed: seed)
        var left = Self.facts
        let talk = plan.extract { talk in
            while !left.isEmpty { talk.assistant(left.remove(at: random.below(left.count))) }
        }
        let expected = Self.facts.map { $0 == "The web port is 8080." ? "the web port is 8080" : $0 }
        #expect(Set(talk.contents) == Set(expected))
    }
}

/// What two lists of memories do not share, in words.
struct Difference {
    var lines: [String]

    init(_ a: [Memory], _ b: [Memory]) {
        guard a != b else {
            lines = []
            return
        }
        func line(_ memory: Memory) -> String {
            "\(memory.sightings.first?.line ?? 0) [\(memory.category)] \(memory.content) "
                + "(\(memory.rule?.id ?? "no rule"), others \(memory.otherRules), key \(memory.key ?? "none"), score \(memory.score), "
                + "\(memory.importance.level), \(memory.sightingCount) times)"
        }
        let (first, second) = (a.map(line), b.map(line))
        lines = second.difference(from: first).map { change in
            switch change {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }
        if lines.isEmpty { lines = ["the memories differ in terms or sightings"] }
    }
}
