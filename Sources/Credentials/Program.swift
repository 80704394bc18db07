import CSubprocess

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Programs that are run for their output.
public enum Program {
    /// How a run ended.
    public struct Result: Sendable {
        /// What it printed.
        public var output: String
        /// Its exit status; 128 and more for a signal.
        public var status: Int
        /// Whether it was ended: at the deadline, or because it printed too much.
        public var isCut: Bool
    }

    /// Runs a program with all that it starts; nothing of it is left when this returns.
    ///
    /// - Parameters:
    ///   - path: Absolute.
    ///   - environment: Lines of `NAME=value`; nil for those of this process.
    ///   - directory: Where it works; nil for where this process does.
    ///   - input: Its standard input; nil for none.
    ///   - limit: The longest output, in bytes.
    /// - Returns: Nil when it could not be run.
    public static func run(
        _ path: String, _ arguments: [String], environment: [String]? = nil, directory: String? = nil,
        input: String? = nil, limit: Int = 1 << 20, milliseconds: Int
    ) -> Result? {
        var result = subprocess_result()
        let bytes = input.map { Array($0.utf8) }
        let output = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            withPointers(to: [path] + arguments) { arguments in
                withPointers(to: environment ?? current) { environment in
                    withOptional(directory) { directory in
                        // An input without a byte is an input all the same.
                        (bytes ?? []).withUnsafeBufferPointer { input in
                            var none: UInt8 = 0
                            withUnsafePointer(to: &none) { empty in
                                subprocess_run(
                                    path, arguments, environment, directory,
                                    bytes == nil ? nil : input.baseAddress ?? empty, input.count, buffer.baseAddress,
                                    limit, milliseconds, &result)
                            }
                        }
                    }
                }
            }
            count = result.length
        }
        if result.outcome == SUBPROCESS_NOT_RUN { return nil }
        return Result(
            output: String(decoding: output, as: UTF8.self), status: Int(result.status),
            isCut: result.outcome != SUBPROCESS_ENDED)
    }

    /// The output of a program that ended well; nil for all others.
    static func output(of path: String, _ arguments: [String], environment: [String]?, milliseconds: Int) -> String? {
        guard
            let result = run(
                path, arguments, environment: environment, limit: 1 << 16, milliseconds: milliseconds),
            result.status == 0, !result.isCut
        else { return nil }
        return result.output
    }

    /// The environment of this process, as lines of `NAME=value`.
    public static var current: [String] {
        var lines: [String] = []
        var entry = subprocess_environment()
        while let line = entry?.pointee {
            lines.append(String(cString: line))
            entry = entry.map { $0 + 1 }
        }
        return lines
    }

    private static func withPointers(
        to texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Void
    ) {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        (copies + [nil]).withUnsafeBufferPointer { body($0.baseAddress) }
    }

    private static func withOptional(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Void) {
        guard let text else { return body(nil) }
        text.withCString(body)
    }
}
