import Foundation
import Memories
import RulePacks

/// One run of the fuzzer, and what it found.
struct Campaign {
    var corpus: Corpus
    var generator: Generator

    private(set) var findings: [String] = []
    private var tried = 0
    private var read = 0
    private var problems = 0
    private var slowest: (seconds: Double, bytes: Int) = (0, 0)

    init(corpus: Corpus, generator: Generator) {
        self.corpus = corpus
        self.generator = generator
    }

    var report: String {
        "\(tried) texts, \(read) read as packs, \(problems) problems told; slowest \(slowest.seconds) s for \(slowest.bytes) bytes; "
            + (findings.isEmpty ? "nothing found" : "FOUND:\n" + findings.joined(separator: "\n"))
    }

    mutating func run(seconds: Double) {
        let mutation = Mutation(corpus: corpus)
        let end = Date().addingTimeInterval(seconds)
        while Date() < end, findings.count < 10 {
            let text = mutation.text(&generator)
            // Kept by the system even when the next line crashes; no Data.write(to:), which waits for the disk.
            keepAtHand(text)
            attempt(text)
        }
    }

    private func keepAtHand(_ text: [UInt8]) {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-pack.yaml").path
        guard let file = fopen(path, "w") else { return }
        fwrite(text, 1, text.count, file)
        fclose(file)
    }

    private mutating func attempt(_ text: [UInt8]) {
        tried += 1
        let start = Date()
        var errors: RulePackErrors?
        do throws(RulePackErrors) {
            let pack = try RulePack(
                parsing: text, file: "f.yaml", strictness: generator.below(2) == 0 ? .user : .builtIn)
            read += 1
            _ = try RuleSet(packs: [try RulePack(parsing: Grammar.below, file: "below.yaml"), pack])
        } catch {
            errors = error
        }
        if let errors { check(errors, text) }
        let time = Date().timeIntervalSince(start)
        if time > slowest.seconds { slowest = (time, text.count) }
        if time > 2 { keep("slow: \(time) s", text) }
    }

    private mutating func check(_ errors: RulePackErrors, _ text: [UInt8]) {
        problems += errors.problems.count
        if errors.problems.isEmpty { keep("an error without a problem", text) }
        let widths = lineWidths(text)
        for problem in errors.problems.prefix(100) {
            let place = problem.location
            if place.line < 1 || place.line > widths.count || place.column < 1
                || place.column > widths[place.line - 1] + 1
            {
                keep("no place in the text: \(problem)", text)
            }
        }
        let words = DiagnosticRenderer(file: "f.yaml", text: text).render(
            RulePackErrors(Array(errors.problems.prefix(100))))
        if words.unicodeScalars.contains(where: { $0.value != 10 && ($0.value < 32 || (127..<160).contains($0.value)) })
        {
            keep("a control character in a message", text)
        }
    }

    private func lineWidths(_ text: [UInt8]) -> [Int] {
        var widths = [0]
        for (index, byte) in text.enumerated() {
            if byte == 0x0A || (byte == 0x0D && !(index + 1 < text.count && text[index + 1] == 0x0A)) {
                widths.append(0)
            } else {
                widths[widths.count - 1] += 1
            }
        }
        return widths
    }

    private mutating func keep(_ what: String, _ text: [UInt8]) {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-pack-\(tried).yaml")
        try? Data(text).write(to: file)
        findings.append("\(what) in \(file.path)")
    }
}
