// Reads transcripts and says how fast, or with --dump what is in them.
//     swift run -c release ccmem-bench-read [--dump] FILE|- …
import Memories
import Transcripts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Of this process, so that neighbours on the machine do not count.
func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// `-` is standard input.
func open(_ path: String) throws -> TranscriptSource {
    if path == "-" { return .standardInput }
    return try TranscriptSource(path: path)
}

let arguments = CommandLine.arguments.dropFirst()
let isDump = arguments.contains("--dump")
for path in arguments where path != "--dump" {
    do {
        let source = try open(path)
        var reader = TranscriptReader()
        var textBytes = 0
        let start = cpuSeconds()
        let report = reader.read(source) { event in
            if case .block(_, let text) = event { textBytes += text.count }
            guard isDump else { return }
            switch event {
            case .block(let block, let text):
                let tool = block.toolName.map { "[\($0)]" } ?? ""
                let flags = (block.isQueued ? "q" : "") + (block.isAnswer ? "a" : "") + (block.isError ? "e" : "")
                print(
                    "\(block.line) \(block.kind) \(block.role)\(tool) \(flags) ",
                    String(decoding: text, as: UTF8.self).debugDescription)
            case .prompt(let line, let isHuman): print("\(line) prompt", isHuman)
            case .toolActivity(let line, let name): print("\(line) tool", name)
            case .compactBoundary(let line): print("\(line) boundary")
            }
        }
        let time = cpuSeconds() - start
        if isDump {
            print(report)
        } else {
            let rate = Int(Double(report.nextOffset) / time / 1e6)
            print(
                "\(path): \(report.lines) lines, \(report.blocks) blocks, \(textBytes) bytes of text, \(rate) MB/s of CPU time"
            )
        }
    } catch {
        print(error)
    }
}
