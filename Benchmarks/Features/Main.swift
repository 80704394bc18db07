import BuiltInRules
import Extraction
import Foundation
import Importance
import JSON
import Memories
import Pipeline
import RulePacks
import Transcripts

/// Prints every candidate of the transcripts that are named, with its features, one JSON object a line: the input of
/// `fit_weights.py`.
///
///     ccmem-features [--scoring TABLE] FILE… > features.jsonl
@main
struct Main {
    static func main() throws {
        var files = Array(CommandLine.arguments.dropFirst())
        var scoring = BuiltInRules.scoring
        if files.count > 1, files[0] == "--scoring" {
            scoring = (file: files[1], bytes: try Array(Data(contentsOf: URL(fileURLWithPath: files[1]))))
            files.removeFirst(2)
        }
        var plan = try ExtractionPlan(builtIn: BuiltInRules.packs, scoring: scoring)
        plan.keepsRefusals = true
        let worker = plan.engine.makeWorker()
        for file in files {
            var reader = TranscriptReader()
            var extractor = worker.makeExtractor(judge: plan.judge())
            let source = try TranscriptSource(path: file)
            _ = reader.read(source) { extractor.add($0) }
            let found = extractor.finish()
            for candidate in found.candidates + found.below { print(line(candidate, file, plan)) }
        }
    }

    private static func line(_ candidate: Candidate, _ file: String, _ plan: ExtractionPlan) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.key("file")
        json.string(file)
        json.key("line")
        json.int(candidate.sighting.line)
        json.key("role")
        json.string(candidate.sighting.role.rawValue)
        json.key("content")
        json.string(candidate.statement)
        json.key("category")
        json.string((candidate.category ?? plan.scorer.category(candidate.features)).rawValue)
        json.key("rule")
        json.string(candidate.rule.map { plan.engine.rules[$0].id } ?? "")
        json.key("key")
        json.string(candidate.key ?? "")
        json.key("given")
        json.bool(candidate.category != nil)
        json.key("features")
        json.beginArray()
        for feature in candidate.features.numbers { json.string(plan.engine.vocabulary.names[feature]) }
        json.endArray()
        json.endObject()
        return json.text
    }
}
