import Commands
import JSON
import Memories
import Pipeline
import Storage
import Transcripts

/// JSON for programs. `jsonl` is a stable contract, documented in docs/jsonl.md: keys are added, never changed.
struct JSONReport {
    var explain: Bool
    var refused: Bool

    /// One memory a line; refusals, when asked for, carry the key `refused`.
    func lines(_ result: RunResult) -> [UInt8] {
        var json = JSONWriter()
        for (index, extraction) in result.extractions.enumerated() {
            for (number, memory) in extraction.memories.enumerated() {
                write(memory, of: extraction.file, nil, result.outcome(index, number), to: &json)
                json.newline()
            }
            for refusal in refused ? extraction.refusals : [] {
                write(refusal.memory, of: extraction.file, refusal.reason, nil, to: &json)
                json.newline()
            }
        }
        return json.bytes
    }

    /// One object with every transcript, its counts and its memories.
    func document(_ result: RunResult) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("format")
        json.int(1)
        json.key("transcripts")
        json.beginArray()
        for (index, extraction) in result.extractions.enumerated() {
            write(extraction, result.outcomes.isEmpty ? nil : result.outcomes[index], to: &json)
        }
        json.endArray()
        json.endObject()
        json.newline()
        return json.bytes
    }

    private func write(
        _ extraction: TranscriptExtraction, _ outcomes: [RecordPreview]?, to json: inout JSONWriter
    ) {
        json.beginObject()
        json.key("file")
        json.string(extraction.file)
        let counts: [(String, Int)] = [
            ("lines", extraction.report.lines), ("malformed_lines", extraction.report.malformedLines),
            ("segments", extraction.segmentCount), ("refused_score", extraction.refusalCounts.score),
            ("refused_refuted", extraction.refusalCounts.refuted),
            ("refused_superseded", extraction.refusalCounts.superseded),
            ("refused_repetition", extraction.refusalCounts.repetition),
            ("refused_limit", extraction.refusalCounts.limit),
        ]
        for (name, count) in counts {
            json.key(name)
            json.int(count)
        }
        json.key("memories")
        json.beginArray()
        for (number, memory) in extraction.memories.enumerated() {
            write(memory, of: extraction.file, nil, outcomes?[number], to: &json)
        }
        json.endArray()
        if refused {
            json.key("refused")
            json.beginArray()
            for refusal in extraction.refusals {
                write(refusal.memory, of: extraction.file, refusal.reason, nil, to: &json)
            }
            json.endArray()
        }
        json.endObject()
    }

    private func write(
        _ memory: Memory, of file: String, _ reason: Refusal.Reason?, _ outcome: RecordPreview?,
        to json: inout JSONWriter
    ) {
        let first = memory.sightings[0]
        json.beginObject()
        json.key("file")
        json.string(file)
        json.key("line")
        json.int(first.line)
        json.key("end_line")
        json.int(first.endLine)
        json.key("session")
        json.optional(first.sessionID)
        json.key("role")
        json.string(first.role.rawValue)
        json.key("category")
        json.string(memory.category.rawValue)
        json.key("content")
        json.string(memory.content)
        json.key("importance")
        json.int(memory.importance.level)
        json.key("score")
        json.thousandths(memory.score)
        json.key("rule")
        json.string(memory.rule?.id ?? RuleWords.salience)
        json.key("pack")
        json.optional(memory.rule?.pack)
        json.key("pack_version")
        json.optional(memory.rule?.packVersion)
        json.key("key")
        json.optional(memory.key)
        json.key("quote")
        json.string(first.quote)
        json.key("timestamp")
        json.optional(first.timestamp)
        json.key("sighting_count")
        json.int(memory.sightingCount)
        json.key("sightings")
        json.beginArray()
        for sighting in memory.sightings {
            json.beginObject()
            json.key("line")
            json.int(sighting.line)
            json.key("role")
            json.string(sighting.role.rawValue)
            json.endObject()
        }
        json.endArray()
        if let reason {
            json.key("refused")
            json.string(RuleWords.name(of: reason))
            json.key("because_of_line")
            if let line = RuleWords.line(of: reason) { json.int(line) } else { json.null() }
        }
        if let outcome {
            let (name, id) = RecordWords.parts(outcome)
            json.key("outcome")
            json.string(name)
            MemoryJSON.optional("outcome_id", id, &json)
        }
        if explain { writeTerms(memory, to: &json) }
        json.endObject()
    }

    private func writeTerms(_ memory: Memory, to json: inout JSONWriter) {
        json.key("terms")
        json.beginArray()
        for term in memory.terms {
            json.beginObject()
            json.key("name")
            json.string(term.name)
            json.key("value")
            json.thousandths(term.value)
            json.endObject()
        }
        json.endArray()
        json.key("other_rules")
        json.beginArray()
        for rule in memory.otherRules { json.string(rule) }
        json.endArray()
    }
}

extension JSONWriter {
    mutating func optional(_ value: String?) {
        if let value { string(value) } else { null() }
    }
}
