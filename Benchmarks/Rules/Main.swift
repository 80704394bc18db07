import BuiltInRules
import Extraction
import Pipeline
import Transcripts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Prints what each rule and each exception costs on the transcripts that are named, the dearest first.
///
///     ccmem-bench-rules [--rules DIRECTORY] [--runs NUMBER] FILE…
///
/// `--rules` reads the packs from files of a directory (`Rules`), so that a change shows without a build. The first run
/// compiles the patterns and is not counted.
@main
struct Main {
    static func main() throws {
        var files: [String] = []
        var runs = 5
        var directory: String?
        var arguments = CommandLine.arguments.dropFirst()
        while let argument = arguments.popFirst() {
            switch argument {
            case "--rules": directory = arguments.popFirst()
            case "--runs": runs = arguments.popFirst().flatMap { Int($0) } ?? runs
            default: files.append(argument)
            }
        }
        let packs = BuiltInRules.packs.map { pack in
            (
                file: pack.file,
                bytes: directory.map { bytes(of: "\($0)/\(pack.file.split(separator: "/").last ?? "")") } ?? pack.bytes
            )
        }
        let plan = try ExtractionPlan(builtIn: packs, scoring: BuiltInRules.scoring)
        let worker = plan.engine.makeWorker()
        let clock = RuleClock(now: now)
        worker.clock = clock
        for run in 0...runs {
            if run == 1 { clock.reset() }
            for file in files {
                var reader = TranscriptReader()
                var extractor = worker.makeExtractor(judge: plan.judge())
                _ = reader.read(try TranscriptSource(path: file)) { extractor.add($0) }
                _ = extractor.finish()
            }
        }
        report(clock.entries.filter { !$0.isException }, "rules", runs)
        report(clock.entries.filter(\.isException), "exceptions", runs)
    }

    private static func report(_ entries: [RuleClock.Entry], _ title: String, _ runs: Int) {
        print(column("µs", 9), column("calls", 8), column("µs/call", 8), column("hits", 7), "", title)
        for entry in entries.filter({ $0.calls > 0 }).sorted(by: { ($0.ticks, $1.name) > ($1.ticks, $0.name) }) {
            row(entry.ticks, entry.calls, entry.hits, entry.name, runs)
        }
        let calls = entries.reduce(0) { $0 + $1.calls }
        row(entries.reduce(0) { $0 + $1.ticks }, calls, entries.reduce(0) { $0 + $1.hits }, "all \(title)", runs)
        print()
    }

    private static func row(_ ticks: UInt64, _ calls: Int, _ hits: Int, _ name: String, _ runs: Int) {
        let each = UInt64(calls == 0 ? 0 : ticks / UInt64(calls) / 10)
        let tenths = "\(each / 100).\(each % 100 < 10 ? "0" : "")\(each % 100)"
        print(
            column("\(ticks / 1000 / UInt64(runs))", 9), column("\(calls / runs)", 8), column(tenths, 8),
            column("\(hits / runs)", 7), "", name)
    }

    private static func column(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.utf8.count)) + text
    }

    /// Of this thread, so that neighbours on the machine do not count.
    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func bytes(of path: String) -> [UInt8] {
        guard let file = fopen(path, "rb") else { fatalError("cannot read \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[0..<count] }
        return bytes
    }
}
