import BuiltInRules
import Foundation
import Memories
import TestSupport
import Testing
import Transcripts

@testable import Pipeline

/// What can be checked of `Fixtures/labelled` without judging anybody's rules.
@Suite struct LabelledSessionTests {
    private struct Label: Decodable {
        struct Quote: Decodable {
            let line: Int
            let quote: String
        }

        let file: String
        let line: Int
        let quote: String
        let keep: Bool
        let role: String
        let fact: String?
        let category: String?
        let also: [String]?
        let importance: Int?
        let must: Bool?
        let altQuotes: [Quote]?
        let why: String?

        var quotes: [Quote] { [Quote(line: line, quote: quote)] + (altQuotes ?? []) }
    }

    private static let sessions: [String] = {
        let folders = try? FileManager.default.contentsOfDirectory(atPath: Fixture.url("labelled").path)
        return (folders ?? []).filter { $0 != "README.md" }.sorted()
    }()

    private func labels(_ session: String) throws -> [Label] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try Fixture.text("labelled/\(session)/labels.jsonl").split(separator: "\n").map {
            try decoder.decode(Label.self, from: Data($0.utf8))
        }
    }

    /// The text that each line of a transcript carries, read with another JSON reader than ours.
    private func texts(_ session: String) throws -> [String] {
        try Fixture.text("labelled/\(session)/session.jsonl").split(separator: "\n").map { line in
            let entry = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let content = (entry["message"] as? [String: Any])?["content"]
            if let text = content as? String { return text }
            let blocks = content as? [[String: Any]] ?? []
            return blocks.compactMap { ($0["text"] ?? $0["content"]) as? String }.joined(separator: "\n")
        }
    }

    @Test(arguments: sessions) func everyQuoteStandsOnItsLine(session: String) throws {
        let texts = try texts(session)
        for label in try labels(session) {
            #expect(label.file == "session.jsonl")
            for quote in label.quotes {
                #expect(texts.indices.contains(quote.line - 1), "\(session): no line \(quote.line)")
                guard texts.indices.contains(quote.line - 1) else { continue }
                #expect(texts[quote.line - 1].contains(quote.quote), "\(session):\(quote.line) lacks “\(quote.quote)”")
            }
        }
    }

    @Test(arguments: sessions) func everyLabelIsComplete(session: String) throws {
        for label in try labels(session) {
            #expect(["user", "assistant", "summary", "tool"].contains(label.role))
            guard label.keep else {
                #expect(label.why?.isEmpty == false, "\(session):\(label.line) does not say why not")
                continue
            }
            let names = [label.category ?? ""] + (label.also ?? [])
            #expect(names.allSatisfy { MemoryCategory(rawValue: $0) != nil }, "\(session):\(label.line) \(names)")
            #expect((1...5).contains(label.importance ?? 0))
            #expect(label.fact?.isEmpty == false)
            #expect(label.must != nil)
        }
    }

    @Test func thereAreEnoughAndHalfAreTraps() throws {
        let all = try Self.sessions.flatMap(labels)
        #expect(Self.sessions.count >= 12)
        #expect(all.count >= 400)
        #expect(all.count(where: { !$0.keep }) * 2 >= all.count)
        #expect(all.count(where: { $0.must == true }) >= 150)
    }

    /// What a plan keeps of a session: labels that one of its memories holds or is part of.
    private func found(_ plan: ExtractionPlan, _ session: String) throws -> (kept: Int, traps: Int) {
        let contents = plan.extract(Array(try Fixture.text("labelled/\(session)/session.jsonl").utf8)).contents
        func isFound(_ label: Label) -> Bool {
            label.quotes.contains { quote in
                contents.contains { $0 == quote.quote || $0.contains(quote.quote) || quote.quote.contains($0) }
            }
        }
        let labels = try labels(session).filter(isFound)
        return (labels.count(where: \.keep), labels.count(where: { !$0.keep }))
    }

    @Test(
        "A domain pack finds more in its trade and falls for no more",
        arguments: [
            (DomainPackName.machineLearning, ["machine-learning-intent-classifier"]),
            (.web, ["web-backend-payments", "web-frontend-checkout"]), (.embedded, ["embedded-soil-sensor"]),
            (.data, ["data-engineering-orders"]), (.operations, ["operations-incident"]),
            (.spanish, ["spanish-facturacion"]),
        ])
    func aDomainPackHelps(pack: DomainPackName, sessions: [String]) throws {
        let files = BuiltInRules.packs.map { RuleFile(layer: .builtIn, file: $0.file, bytes: $0.bytes) }
        let domain = try #require(BuiltInRules.domainPacks.first { $0.file == "domains/\(pack.rawValue).yaml" })
        let without = try ExtractionPlan(rules: files, scoring: BuiltInRules.scoring)
        let with = try ExtractionPlan(
            rules: files + [RuleFile(layer: .domain, file: domain.file, bytes: domain.bytes)],
            scoring: BuiltInRules.scoring)
        var gained = 0
        for session in sessions {
            let (before, after) = (try found(without, session), try found(with, session))
            #expect(after.kept >= before.kept, "\(session): \(before) \(after)")
            #expect(after.traps <= before.traps + 1, "\(session): \(before) \(after)")
            gained += after.kept - before.kept
        }
        #expect(gained > 0)
    }

    /// An entry that the reader cannot place would make every figure on the session meaningless.
    @Test(arguments: sessions) func theReaderReadsTheWholeSession(session: String) throws {
        var plan = try ExtractionPlan(builtIn: BuiltInRules.packs, scoring: BuiltInRules.scoring)
        plan.keepsRefusals = true
        let bytes = Array(try Fixture.text("labelled/\(session)/session.jsonl").utf8)
        let found = plan.extract(bytes)
        let lines = bytes.count(where: { $0 == UInt8(ascii: "\n") })
        #expect((25...160).contains(lines))
        #expect(found.report.lines == lines)
        #expect(found.report.malformedLines == 0 && found.report.unknownTypes == 0)
        #expect(found.memories.count + found.refusals.count > 20)
    }
}
