import Commands
import Extraction
import JSON
import Memories
import Pipeline
import RulePacks

/// What rules cost and find, as a table and as JSON.
struct BenchReport {
    struct Row {
        var rule: String
        /// Of the time of all rules and exceptions, in thousandths.
        var share: Int
        var count: PrefilterAudit.Count
        var limitHits: Int
        var samples: [String]
    }

    private(set) var rows: [Row] = []
    private let losses: [(rule: String, text: String)]
    private let exceptionShare: Int
    private var score = LabelScore()
    private let hasLabels: Bool
    private let memories: Int

    init(_ bench: RuleBench, labels: [MemoryLabel]) {
        let rules = bench.plan.engine.rules
        let costs = bench.costs
        let (counts, samples) = (bench.counts, bench.samples)
        let total = max(1, costs.values.reduce(bench.exceptionTime) { $0 + $1.time })
        exceptionShare = Int(bench.exceptionTime * 1000 / total)
        var hits: [String: Int] = [:]
        for report in bench.extractions.flatMap(\.limitReports) { hits[report.rule, default: 0] += report.hits }
        rows = rules.indices.filter { rules[$0].status != .deprecated }.map { index in
            let id = rules[index].id
            return Row(
                rule: id, share: Int((costs[id]?.time ?? 0) * 1000 / total), count: counts[index],
                limitHits: hits[id] ?? 0, samples: samples[index])
        }.sorted { ($0.share, $0.count.woken, $1.rule) > ($1.share, $1.count.woken, $0.rule) }
        losses = bench.losses
        hasLabels = !labels.isEmpty
        memories = bench.extractions.reduce(0) { $0 + $1.memories.count }
        for extraction in bench.extractions {
            let own = labels.filter { $0.file == extraction.file }
            // A transcript without labels says nothing about what is right.
            if !own.isEmpty { score.add(extraction.memories, labels: own) }
        }
    }

    var lost: Int { rows.reduce(0) { $0 + $1.count.lost } }

    private var sentences: Int { rows.reduce(0) { $0 + $1.count.sentences } }
    private var woken: Int { rows.reduce(0) { $0 + $1.count.woken } }

    /// `12.3 %`
    private static func percent(_ part: Int, of whole: Int) -> String {
        let thousandths = whole == 0 ? 0 : part * 1000 / whole
        return "\(thousandths / 10).\(thousandths % 10) %"
    }

    func page(top: Int) -> MemoryPage {
        var page = MemoryPage.forOutput()
        let width = rows.prefix(top).map { TextStyle.columnCount($0.rule) }.max() ?? 4
        page.heading(
            "rule".padded(to: width) + "time".leftPadded(to: 9) + "woken".leftPadded(to: 9) + "reads".leftPadded(to: 8)
                + "lost".leftPadded(to: 6) + "limit".leftPadded(to: 7))
        for row in rows.prefix(top) {
            page.line(
                row.rule.padded(to: width) + BenchReport.percent(row.share, of: 1000).leftPadded(to: 9)
                    + BenchReport.percent(row.count.woken, of: row.count.sentences).leftPadded(to: 9)
                    + "\(row.count.matched)".leftPadded(to: 8) + "\(row.count.lost)".leftPadded(to: 6)
                    + "\(row.limitHits)".leftPadded(to: 7))
            if let sample = row.samples.first {
                page.paragraph("“\(sample.prefix(160))”", indent: 2, hanging: 1, faint: true)
            }
        }
        if rows.count > top { page.line("… and \(rows.count - top) more rules; --top 0 shows all.") }
        page.line()
        page.line("\(BenchReport.percent(exceptionShare, of: 1000)) of the time goes into exceptions.")
        page.line(
            "Keywords spare \(BenchReport.percent(sentences - woken, of: sentences)) of all trials, and lose \(lost).")
        for loss in losses { page.paragraph("lost: \(loss.rule): “\(loss.text.prefix(160))”", indent: 2, hanging: 2) }
        page.line("\(memories) \(ReaderWords.memories(memories)) kept.")
        guard hasLabels else { return page }
        func rate(_ value: Int?) -> String { value.map { BenchReport.percent($0, of: 1000) } ?? "unknown" }
        page.line(
            "Labels: precision \(rate(score.precision)), recall \(rate(score.recall)) "
                + "(\(score.found) found, \(score.missed) missed, \(score.wrong) wrong, \(score.otherCategory) in another category; "
                + "\(score.unlabelled) kept without a label).")
        return page
    }

    var document: [UInt8] {
        MemoryJSON.document { writer in
            writer.array("rules", rows) { row, writer in
                writer.object { writer in
                    writer.field("rule", row.rule)
                    writer.field("time_share", thousandths: row.share)
                    writer.field("sentences", row.count.sentences)
                    writer.field("woken", row.count.woken)
                    writer.field("reads", row.count.matched)
                    writer.field("lost", row.count.lost)
                    writer.field("limit_hits", row.limitHits)
                    writer.array("samples", row.samples) { $1.string($0) }
                }
            }
            writer.field("exceptions_time_share", thousandths: exceptionShare)
            writer.field("lost", lost)
            writer.field("memories", memories)
            writer.key("labels")
            guard hasLabels else { return writer.null() }
            writer.object { writer in
                writer.field("precision", thousandths: score.precision)
                writer.field("recall", thousandths: score.recall)
                writer.field("found", score.found)
                writer.field("missed", score.missed)
                writer.field("wrong", score.wrong)
                writer.field("other_category", score.otherCategory)
                writer.field("unlabelled", score.unlabelled)
            }
        }
    }
}
