import BuiltInRules
import Commands
import Extraction
import Memories
import Pipeline
import Projects
import RulePacks
import Transcripts

/// The examples of rules and the recordings of a corpus, with what came of them.
struct RuleTestRun {
    struct Example {
        var rule: String
        var result: ExampleResult

        var isPassed: Bool { result.verdict == .passed }

        /// What failed, in words.
        var words: String {
            switch result.verdict {
            case .passed: "passed"
            case .missing(.noKeyword): "it must match, but none of the keywords stands in it"
            case .missing(.noMatch): "it must match, but the pattern does not"
            case .missing(.excepted(let why)): "it must match, but an exception takes it back: \(why)"
            case .missing(.incomplete): "it must match, but a field of the statement is empty"
            case .noisy(let statement): "it must not match, but gives “\(statement)”"
            case .wrongStatement(let expected, let actual): "the statement is “\(actual)”, not “\(expected)”"
            case .wrongKey(let expected, let actual):
                "the key is \(actual.map { "“\($0)”" } ?? "not there"), not “\(expected)”"
            case .stopped: "the match limit stopped the pattern"
            }
        }
    }

    /// One folder of a corpus.
    struct Case {
        var name: String
        var folder: String
        /// Lines of the recording that do not come any more, and lines that are new.
        var lost: [String] = []
        var gained: [String] = []
        /// Whether there was no recording.
        var isNew = false
        /// Whether there is a recording and nothing that it could be of.
        var isOrphan = false
        var wasRecorded = false
        /// What could not be read.
        var failure: String?

        var isSame: Bool { lost.isEmpty && gained.isEmpty && !isNew && !isOrphan && failure == nil }

        var words: String {
            if let failure { return failure }
            if isOrphan {
                return "there is expected.jsonl without a transcript; add session.jsonl, or remove the folder"
            }
            if isNew { return "there is no expected.jsonl; --record makes it" }
            let lines = lost.map { "- \($0)" } + gained.map { "+ \($0)" }
            let summary = "\(lost.count) \(ReaderWords.plural("line", lost.count)) lost, \(gained.count) new"
            return ([summary] + lines.prefix(12).map { String($0.prefix(240)) }).joined(separator: "\n")
        }
    }

    var examples: [Example] = []
    var cases: [Case] = []

    var count: Int { examples.count + cases.count }
    var failures: Int { examples.count { !$0.isPassed } }
    var differing: Int { cases.count { !$0.isSame } }

    /// The worst that happened; nil when all is well.
    var status: ExitStatus? {
        if failures > 0 { return .nothingFound }
        if cases.contains(where: { $0.failure != nil }) { return .unreadableInput }
        return differing > 0 ? .recordingDiffers : nil
    }

    mutating func addExamples(of indices: [Int], in set: RuleSet) {
        let runner = ExampleRunner(rules: set.rules)
        for index in indices {
            examples += runner.results(of: index).map { Example(rule: set.rules[index].id, result: $0) }
        }
    }

    /// Reads each folder of a corpus again.
    ///
    /// - Parameter records: Writes what comes out now where it is not what was recorded.
    mutating func addCorpus(_ folder: String, plan: ExtractionPlan, records: Bool) throws {
        let folder = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        guard let names = Files.names(in: folder) else {
            throw CommandError("\(folder): it cannot be read as a folder.", .unreadableInput)
        }
        let worker = TranscriptWorker(plan: plan)
        for name in names where Files.kind(of: "\(folder)/\(name)") == .directory {
            if let found = RuleTestRun.read(name, "\(folder)/\(name)", worker, records) { cases.append(found) }
        }
        guard !cases.isEmpty else {
            throw CommandError(
                "\(folder): there is no case in it.", help: "A case is a folder with session.jsonl.", .unreadableInput)
        }
    }

    /// Nil when a folder holds no transcript.
    private static func read(_ name: String, _ folder: String, _ worker: TranscriptWorker, _ records: Bool) -> Case? {
        var found = Case(name: name, folder: folder)
        var unreadable: [String] = []
        let paths = Files.files(below: folder, suffix: ".jsonl") { unreadable.append($0) }
            .filter { $0 != "\(folder)/expected.jsonl" }
        guard !paths.isEmpty else {
            found.isOrphan = Files.kind(of: "\(folder)/expected.jsonl") == .file
            return found.isOrphan ? found : nil
        }
        var extractions: [TranscriptExtraction] = []
        for path in paths {
            do {
                let local = String(path.dropFirst(folder.count + 1))
                extractions.append(worker.extract(try TranscriptSource(path: path), file: local))
            } catch {
                unreadable.append(ReaderWords.describe(error))
            }
        }
        if let first = unreadable.first {
            found.failure = "it cannot be read: \(first)"
            return found
        }
        let result = RunResult(extractions: extractions, failures: [])
        let now = JSONReport(explain: false, refused: false).lines(result)
        let recording = "\(folder)/expected.jsonl"
        let before = try? WholeFile.read(recording, limit: 64 << 20)
        guard before != now else { return found }
        if let before {
            (found.lost, found.gained) = difference(lines(before), lines(now))
            // Only their order differs.
            if found.lost.isEmpty, found.gained.isEmpty { found.gained = ["the same lines in another order"] }
        } else {
            found.isNew = true
        }
        if records {
            do throws(FileError) {
                try WholeFile.write(now, to: recording)
                found.wasRecorded = true
            } catch {
                found.failure = "\(error.path): it cannot be written: \(error.reason)"
            }
        }
        return found
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func difference(_ before: [String], _ now: [String]) -> (lost: [String], gained: [String]) {
        var counts: [String: Int] = [:]
        for line in now { counts[line, default: 0] += 1 }
        var lost: [String] = []
        for line in before {
            if let count = counts[line], count > 0 { counts[line] = count - 1 } else { lost.append(line) }
        }
        var gained: [String] = []
        for line in now {
            if let count = counts[line], count > 0 {
                gained.append(line)
                counts[line] = count - 1
            }
        }
        return (lost, gained)
    }
}

extension LoadedRules {
    /// What a team shares: everything but a user's own packs and settings, so that a recording is the same for everybody.
    func sharedPlan() throws -> ExtractionPlan {
        let shared = files.filter { $0.layer != .user }
        do throws(RulePackErrors) {
            return try ExtractionPlan(
                rules: shared, untrusted: .run, scoring: BuiltInRules.scoring, secrets: [BuiltInRules.secrets])
        } catch {
            throw PackFiles.report(error, in: shared.map { ($0.file, $0.bytes) })
        }
    }
}
