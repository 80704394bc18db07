import Foundation
import TestSupport
import Testing

/// The example in docs/scoring.md is what the program says today.
@Suite struct WorkedExampleTests {
    private static let begin = "<!-- made by the program -->\n"
    private static let end = "<!-- until here -->\n"

    @Test func theWorkedExampleIsWhatTheProgramSays() throws {
        let workspace = try Workspace()
        let session = Fixture.url("labelled/web-backend-payments/session.jsonl").path
        let run = try workspace.run("extract", "--dry-run", "--explain", "--format", "jsonl", session)
        let memories = run.output.split(separator: "\n").compactMap {
            (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
        }
        let memory = try #require(memories.first { $0["line"] as? Int == 16 })
        let made = try table(memory)
        let url = Fixture.projectRoot.appendingPathComponent("docs/scoring.md")
        let page = try String(contentsOf: url, encoding: .utf8)
        let from = try #require(page.range(of: Self.begin))
        let to = try #require(page.range(of: Self.end))
        if ProcessInfo.processInfo.environment["CCMEM_WRITE_PAGES"] != nil {
            let written = page[..<from.upperBound] + made + page[to.lowerBound...]
            try Data(written.utf8).write(to: url)
        }
        #expect(
            page[from.upperBound..<to.lowerBound] == made,
            "write it anew with CCMEM_WRITE_PAGES=1 swift test --filter theWorkedExample")
    }

    /// Terms and outcome of a memory, as the page shows them.
    private func table(_ memory: [String: Any]) throws -> String {
        let terms = try #require(memory["terms"] as? [[String: Any]])
        var text = "| term | points |\n|---|---|\n"
        for term in terms {
            let name = try #require(term["name"] as? String)
            let value = try #require(term["value"] as? Double)
            text += "| `\(name)` | \(number(value)) |\n"
        }
        let score = try #require(memory["score"] as? Double)
        let sum = terms.compactMap { $0["value"] as? Double }.reduce(0, +)
        #expect(abs(sum - score) < 0.0005)
        let level = try #require(memory["importance"] as? Int)
        let rule = try #require(memory["rule"] as? String)
        let category = try #require(memory["category"] as? String)
        text += "| **score** | **\(number(score))** |\n\n"
        text += "Read by `\(rule)`, category `\(category)`, importance \(level).\n"
        return text
    }

    private func number(_ value: Double) -> String { String(format: "%+.3f", value) }
}
