import Commands
import JSON
import LanguageModels
import Memories
import Refinement
import Storage

/// What a run of `refine` did, for reading and as JSON.
struct RefineReport {
    var calls: [RefineRun.Call]
    var stop: RefineRun.Stop?
    var isDry: Bool
    var model: String
    /// Only sessions that ended since then were looked at; nil for all.
    var since: String?

    private var stored: [(claim: RefineVerdict.Accepted, id: Int?)] { calls.flatMap(\.stored) }

    func text() -> String {
        guard !calls.isEmpty else {
            let more = since.map { " in sessions that ended since \($0.prefix(10)); `--all` looks at older ones too" }
            return (stop.map { ModelRun.words($0) } ?? "There is nothing to refine\(more ?? "").") + "\n"
        }
        var lines: [String] = []
        for (claim, id) in stored {
            let number = id.map { "#\($0) " } ?? ""
            lines.append("\(number)\(claim.refinement.kind.rawValue) [\(claim.refinement.category.rawValue)]")
            for (original, words) in zip(claim.refinement.originals, claim.before) {
                lines.append("  - #\(original) \(words)")
            }
            lines.append("  + \(claim.refinement.content)")
            lines.append("    “\(claim.refinement.quote)”")
        }
        for dropped in calls.flatMap(\.dropped) {
            let about = (dropped.memories.map { "#\($0)" } + [dropped.statement]).filter { !$0.isEmpty }
            lines.append("dropped: \(dropped.reason.rawValue): \(about.joined(separator: " "))")
        }
        let doubted = calls.flatMap(\.doubted)
        if !doubted.isEmpty {
            lines.append(
                "doubted: \(doubted.map { "#\($0)" }.joined(separator: " "))\(isDry ? "" : "; `ccmem tidy` asks you about them")"
            )
        }
        let counts = RefinedMemory.Kind.allCases.map { kind in
            "\(stored.count { $0.claim.refinement.kind == kind }) \(kind.rawValue)"
        }
        lines.append(
            (isDry ? "Would be: " : "") + (["\(calls.flatMap(\.kept).count) kept"] + counts).joined(separator: ", ")
                + ", \(calls.flatMap(\.dropped).count) dropped.")
        let tokens = calls.reduce(0) { $0 + ($1.usage?.total ?? 0) }
        let cost = calls.compactMap(\.cost).reduce(0, +)
        lines.append(
            "\(calls.count) \(calls.count == 1 ? "call" : "calls") of \(model): \(RuleWords.grouped(tokens)) tokens, \(CostText.dollars(cost))."
        )
        for call in calls where call.outcome == .unusable {
            lines.append(
                "An answer could not be used: \(call.failure.map { ModelRun.words($0) } ?? "it lacks the form").")
        }
        if let stop { lines.append(ModelRun.words(stop)) }
        return lines.map { TextStyle.printable($0) + "\n" }.joined()
    }

    func document() -> [UInt8] {
        MemoryJSON.document { writer in
            writer.field("dry_run", isDry)
            writer.field("model", model)
            writer.array("calls", calls) { call, writer in
                writer.object { write(call, to: &$0) }
            }
            writer.field("stopped", stop.map { ModelRun.words($0) })
        }
    }

    private func write(_ call: RefineRun.Call, to writer: inout JSONWriter) {
        writer.array("sessions", call.sessions) { $1.string($0) }
        writer.field("outcome", call.outcome.rawValue)
        CostText.write(call.usage, cost: call.cost, to: &writer)
        writer.array("stored", call.stored) { item, writer in
            writer.object { writer in
                writer.field("id", item.id)
                writer.field("kind", item.claim.refinement.kind.rawValue)
                writer.field("category", item.claim.refinement.category.rawValue)
                writer.field("importance", item.claim.refinement.importance.level)
                writer.field("content", item.claim.refinement.content)
                writer.field("quote", item.claim.refinement.quote)
                writer.array("originals", zip(item.claim.refinement.originals, item.claim.before)) { original, writer in
                    writer.object { writer in
                        writer.field("id", original.0)
                        writer.field("content", original.1)
                    }
                }
            }
        }
        writer.array("kept", call.kept) { $1.int($0) }
        writer.array("doubted", call.doubted) { $1.int($0) }
        writer.array("dropped", call.dropped) { DroppedJSON.write($0, to: &$1) }
    }
}

enum DroppedJSON {
    static func write(_ dropped: RefineVerdict.Dropped, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("reason", dropped.reason.rawValue)
            writer.field("statement", dropped.statement)
            writer.array("memories", dropped.memories) { $1.int($0) }
        }
    }
}
