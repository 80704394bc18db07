import JSON

/// Which lines a program printed.
extension LineShape {
    /// Prompts, time stamps, compiler and package-manager lines, lines of JSON, tree and progress drawings.
    static func startsLikeLog(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        switch body[0] {
        case UInt8(ascii: "$"): return body.count > 1 && body[1] == 0x20
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ";"): return true
        case UInt8(ascii: "\""):  // "key":
            guard let close = body.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else { return false }
            return close + 1 < body.count && body[close + 1] == UInt8(ascii: ":")
        case UInt8(ascii: "["): return body.count > 2 && (0x30...0x39).contains(body[1])
        case UInt8(ascii: "#"): return body.count > 1 && body[1] == UInt8(ascii: "#")
        case UInt8(ascii: "d"), UInt8(ascii: "l"), UInt8(ascii: "-"):  // drwxr-xr-x
            let isListing = body.count > 10 && body[1..<10].allSatisfy { "-rwxsStT".utf8.contains($0) }
            return isListing || body[0] != UInt8(ascii: "-") && isPrinted(body)
        case 0x30...0x39:  // 2024-01-31, 10:02:33
            return WordShape.matches(body, "dddd-dd") || WordShape.matches(body, "dd:dd") || isDiagnostic(body)
        case 0xE2:  // box drawing, geometric shapes, dingbat arrows of tools
            guard body.count > 2 else { return false }
            return (0x94...0x96).contains(body[1]) || (body[1] == 0x8E && body[2] == 0xBF)
                || (body[1] == 0x8F && body[2] == 0xBA)
        case UInt8(ascii: "F") where body.hasPrefix("FAILED "): return body.contains(UInt8(ascii: ":"))
        default: return isPrinted(body)
        }
    }

    private static func isPrinted(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        logStarts.contains { body.hasPrefix($0) } || isDiagnostic(body) || isException(body)
    }

    /// `ValueError: …`, `django.core.exceptions.ImproperlyConfigured: …`, `** (MatchError) …`
    private static func isException(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let colon = body.prefix(120).firstIndex(of: UInt8(ascii: ":")), colon >= 8 else { return false }
        let name = body[..<colon]
        var (parts, capitals) = (0, 0)
        for byte in name {
            switch byte {
            case 0x41...0x5A: capitals += 1
            case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "_"), UInt8(ascii: "$"): break
            case UInt8(ascii: "."): parts += 1
            default: return false
            }
        }
        if parts >= 2, capitals >= 1 { return true }
        return capitals >= 2
            && kindsOfException.contains { kind in
                let kind = kind.withUTF8Buffer { Array($0) }
                return name.count > kind.count && name.suffix(kind.count).elementsEqual(kind)
            }
    }

    private static let kindsOfException: [StaticString] = ["Error", "Exception", "Warning", "Fault", "Panic"]

    /// `src/a.ts:32:7 - error TS2740: …`, `a.c:3:5: warning: …`, `a.cs(4,2): error …`: a place in a file and how bad it is.
    private static func isDiagnostic(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let end = body.firstIndex(of: 0x20), end >= 4, let last = body[..<end].last,
            (0x30...0x39).contains(last) || last == UInt8(ascii: ":") || last == UInt8(ascii: ")")
        else { return false }
        let word = UnsafeBufferPointer(rebasing: body[..<end])
        let hasPlace = word.indices.dropLast().contains {
            (word[$0] == UInt8(ascii: ":") || word[$0] == UInt8(ascii: "(")) && (0x30...0x39).contains(word[$0 + 1])
        }
        guard hasPlace else { return false }
        // `limit_test.go:22: …`, as tests and backtraces write it.
        if last == UInt8(ascii: ":"), word.contains(UInt8(ascii: ".")) { return true }
        let rest = UnsafeBufferPointer(rebasing: body[end...].drop { $0 == 0x20 || $0 == UInt8(ascii: "-") })
        return severities.contains { rest.hasPrefix($0) }
    }

    private static let severities: [StaticString] = [
        "error", "warning", "fatal error", "note:", "undefined:", "Error:", "Warning:",
    ]

    private static let logStarts: [StaticString] = [
        "npm ERR", "npm WARN", "npm warn", "npm error", "Error: ", "error[", "warning: ", "error: ", "Run npm ", "> ",
        "thread '", "note: run with `RUST", "stack backtrace:", "called `Result::", "called `Option::",
        "For more information about this error", "e: file:", "w: file:", "FAILURE: ", "BUILD FAILED",
        "Execution failed for ",
        "ERROR: ", "DETAIL: ", "HINT: ", "FATAL: ", "error TS", "error from server", "Error from server", "remote: ",
        "fatal: ",
        "Module not found: ", "ERROR in ", "=== RUN ", "--- FAIL", "--- PASS", "=== CONT", "E   ",
        "Warning: ",
        "collect2: ", "ld: ", "** (", "e: ", "w: ",
        "* What went wrong:", "* Exception is:", "* Try:", "make: *** ", "make[", "status code: ",
    ]
}
