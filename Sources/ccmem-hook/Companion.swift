import CDetach
import Memories
import Projects

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The `ccmem` beside this program; never one of the PATH, which a project could have changed.
enum Companion {
    /// Nil when there is none, which is noted.
    static func path(_ place: String, _ environment: Environment) -> String? {
        if let path = Files.beside("ccmem") { return path }
        if let own = Files.ownProgram, let data = environment.dataFolder {
            HookLog(dataFolder: data).note(
                "There is no `ccmem` beside `\(own)`, so nothing is remembered; install both with `make install`.",
                from: place, at: Clock.system.timestamp)
        }
        return nil
    }

    /// Takes the place of this process; returns only when it can't.
    static func execute(_ path: String, _ arguments: [String]) {
        withArguments([path] + arguments) { detach_execute(path, $0) }
    }

    /// Runs it to its end.
    ///
    /// - Returns: Its standard output up to 64 KB; nil when it did not run or failed badly.
    static func run(_ path: String, _ arguments: [String], input: String) -> [UInt8]? {
        let bytes = Array(input.utf8)
        var status: Int32 = -1
        let capacity = 64 << 10
        var length = -1
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            length = withArguments([path] + arguments) { arguments in
                Int(detach_run(path, arguments, bytes, bytes.count, buffer.baseAddress, capacity, &status))
            }
            count = max(0, length)
        }
        return length >= 0 && (status == 0 || status == 1) ? output : nil
    }

    private static func withArguments<T>(
        _ arguments: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> T
    ) -> T {
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { buffer in
            // A list that ends in nil is never empty.
            guard let base = buffer.baseAddress else { detach_leave() }
            return body(base)
        }
    }
}
