import CDetach
import HookProtocol
import Projects

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `ccmem-hook EVENT`: answers one call of Claude Code and is gone. It leaves with 0 whatever happens, and says nothing but its
/// answer: one object of JSON on standard output, or nothing.
@main
enum CCMemHook {
    /// So long the input may take, in milliseconds.
    static let inputDeadline = 5_000

    static func main() {
        detach_leave_in_silence()
        detach_deadline(Int32(inputDeadline))
        guard CommandLine.arguments.count == 2 else { detach_leave() }
        let name = CommandLine.arguments[1]
        if name == "--version" {
            StandardOutput.write(Array("0.1.0\n".utf8))
            detach_leave()
        }
        // Our own calls of a model run in Claude Code, too.
        if let guardian = getenv("CCMEM_HOOKS"), String(cString: guardian) == "off" {
            StandardInput.drain()
            detach_leave()
        }
        guard let event = HookEvent(rawValue: name) else {
            StandardInput.drain()
            detach_leave()
        }
        let input = HookInput(StandardInput.reduced())
        detach_deadline(Int32(event.deadline))
        if let input, input.eventName == nil || input.eventName == name { answer(event, input) }
        detach_leave()
    }

    private static func answer(_ event: HookEvent, _ input: HookInput) {
        switch event {
        case .sessionStart: SessionStartHook(input).run()
        case .userPromptSubmit: PromptHook(input).run()
        case .stop, .subagentStop, .preCompact, .sessionEnd: Capture(event, input).run()
        }
    }
}

/// What Claude Code writes to a hook: one object of JSON of any size.
enum StandardInput {
    private static let size = 64 << 10

    /// Reads all of it and keeps nothing, so that the writer meets no closed pipe.
    static func drain() { read { _ in } }

    /// Reads all of it and keeps a bounded part.
    static func reduced() -> [UInt8] {
        var reducer = FieldReducer()
        read { reducer.add($0) }
        reducer.finish()
        return reducer.bytes
    }

    private static func read(_ visit: (UnsafeBufferPointer<UInt8>) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { buffer in
            guard let base = buffer.baseAddress else { return }
            while true {
                let count = systemRead(0, base, size)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                visit(UnsafeBufferPointer(start: base, count: count))
            }
        }
    }

    private static func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, bytes, count)
        #else
            Darwin.read(descriptor, bytes, count)
        #endif
    }
}

enum StandardOutput {
    static func write(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                #if canImport(Glibc)
                    Glibc.write(1, buffer.baseAddress.map { $0 + start }, bytes.count - start)
                #else
                    Darwin.write(1, buffer.baseAddress.map { $0 + start }, bytes.count - start)
                #endif
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            start += written
        }
    }

    static func write(_ output: HookOutput) { if let json = output.json { write(json) } }
}
