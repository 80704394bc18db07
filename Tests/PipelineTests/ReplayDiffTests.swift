import Foundation
import BuiltInRules
import Memories
import RulePacks
import Testing
import TestSupport

@testable import Pipeline

/// What a change of rules does to memories, and how labels are counted.
@Suite struct ReplayDiffTests {
    private func memory(
        _ content: String, line: Int = 1, quote: String? = nil, category: MemoryCategory = .note, key: String? = nil
    ) -> Memory {
        Memory(
            category: category, content: content, importance: Importance(clamping: 3), score: 1000, terms: [],
            rule: nil,
            otherRules: [], key: key,
            sightings: [
                Sighting(
                    line: line, endLine: line, bytes: 0..<1, role: .user, sessionID: "s", timestamp: nil,
                    quote: quote ?? content)
            ], sightingCount: 1)
    }

    private func words(_ change: MemoryChange) -> String {
        switch change {
        case .gained(let memory): "+\(memory.content)"
        case .lost(let memory): "-\(memory.content)"
        case .changed(let old, let new): "\(old.content)>\(new.content)"
        }
    }

    private func diff(_ before: [Memory], _ after: [Memory]) -> ([String], Int) {
        let (changes, same) = ReplayDiff.changes(from: before, to: after)
        return (changes.map(words), same)
    }

    @Test func whatStaysIsNoChange() {
        #expect(diff([memory("a"), memory("b", line: 2)], [memory("b", line: 2), memory("a")]) == ([], 2))
    }

    @Test func changesAreToldInTheOrderOfLines() {
        let before = [memory("a", line: 9), memory("b", line: 2)]
        let after = [memory("c", line: 5), memory("b", line: 2, category: .bug)]
        #expect(diff(before, after) == (["b>b", "+c", "-a"], 0))
    }

    @Test func theSameWordsOrTheSameKeyAreOneMemory() {
        #expect(diff([memory("a", quote: "q")], [memory("b", quote: "q")]) == (["a>b"], 0))
        #expect(diff([memory("a", key: "k")], [memory("b", key: "k")]) == (["a>b"], 0))
        #expect(diff([memory("a", key: "k")], [memory("b", line: 2, key: "k")]).0.count == 2)
    }

    @Test func labelsAreCounted() {
        func label(_ quote: String, line: Int = 1, keep: Bool, _ category: MemoryCategory? = nil) -> MemoryLabel {
            MemoryLabel(file: "f", line: line, quote: quote, category: category, keep: keep)
        }
        var score = LabelScore()
        score.add(
            [memory("We use **Postgres**."), memory("It is late.", line: 2), memory("Else.", line: 3)],
            labels: [
                label("we use postgres", keep: true, .decision), label("It is late.", line: 2, keep: false),
                label("Gone.", line: 4, keep: true), label("Never.", line: 5, keep: false),
            ])
        #expect(score.found == 1)
        #expect(score.missed == 1)
        #expect(score.wrong == 1)
        #expect(score.unlabelled == 1)
        #expect(score.otherCategory == 1)
        #expect(score.precision == 500)
        #expect(score.recall == 500)
        #expect(LabelScore().precision == nil)
    }
}
