/// What one call of a tool did, as far as failures and their mending are concerned.
public enum ToolEvent: Sendable, Equatable {
    /// A program ran and did not end well.
    case failed(Invocation, Diagnostic)
    /// A program ran and ended well.
    case passed(Invocation)
    /// A file was changed.
    case changed(file: String, change: Change)

    public struct Change: Sendable, Equatable {
        /// What was taken out and put in; at most `longest` bytes each.
        public var before: String
        public var after: String

        public static let longest = 400

        public init(before: String, after: String) {
            self.before = Change.cut(before)
            self.after = Change.cut(after)
        }

        private static func cut(_ text: String) -> String {
            text.utf8.count <= longest ? text : String(decoding: text.utf8.prefix(longest), as: UTF8.self) + "…"
        }
    }
}

/// A tool's own word on how it went, and whether that can be believed.
public enum ToolOutcome {
    /// What a command that ended with an error did; nil when that is no failure: a search without a hit, a person's no, a
    /// run that was interrupted.
    ///
    /// - Parameters:
    ///   - command: The command line.
    ///   - error: What the client gave the model, `Exit code 1` and output.
    public static func failure(of command: String, error: String, isInterrupted: Bool) -> ToolEvent? {
        guard !isInterrupted, !isRefusal(error), let main = Invocation.main(of: command),
            let diagnostic = Diagnostic(error)
        else { return nil }
        return .failed(main, diagnostic)
    }

    /// What a command did that ended without an error.
    ///
    /// In `npm test | tee log` the line ends with the status of `tee`: there only what the output says clearly counts.
    public static func success(of command: String, output: String) -> ToolEvent? {
        guard let main = Invocation.main(of: command) else { return nil }
        let line = ShellLine(command)
        // `|| true` and a later command hide the status as well.
        let hidesStatus =
            main.isPiped && !command.holds("pipefail")
            || line.commands.contains { $0.joint == .or }
            || Invocation.all(in: command).last != main
        guard hidesStatus else { return .passed(main) }
        switch verdict(in: output) {
        case true?: return .passed(main)
        case false?: return Diagnostic(output).map { .failed(main, $0) }
        case nil: return nil
        }
    }

    /// What the totals of a test run or build say; nil when there are none, or both.
    static func verdict(in output: String) -> Bool? {
        var (good, bad) = (false, false)
        for part in output.utf8.split(separator: UInt8(ascii: "\n")).suffix(200) {
            let line = String(Substring(part)).lowercased()
            if let count = number(before: [" failed", " failures", " failure", " errors", " failing"], in: line) {
                if count > 0 { bad = true } else { good = true }
            }
            if let count = number(before: [" passed", " passing"], in: line), count > 0 { good = true }
            if line.hasPrefix("build complete") || line.holds("build succeeded") || line.holds("build success") {
                good = true
            }
            if line.hasPrefix("error:") || line.holds(": error:") || line.holds("build failed")
                || line.hasPrefix("fail\t") || line.hasPrefix("failed ")
            {
                bad = true
            }
        }
        if bad { return false }
        return good ? true : nil
    }

    /// The number in front of one of the words: 3 of `3 failed`.
    private static func number(before words: [String], in line: String) -> Int? {
        for word in words {
            guard let range = line.place(of: word) else { continue }
            let digits = line[..<range.lowerBound].reversed().prefix { $0.isNumber }
            if let number = Int(String(digits.reversed())) { return number }
        }
        return nil
    }

    /// A person or a hook said no; the program never ran.
    static func isRefusal(_ error: String) -> Bool {
        [
            "The user doesn't want to", "The user doesn’t want to", "[Request interrupted", "Permission to use",
            "hook error:", "This command requires approval", "was blocked. For security",
        ].contains { error.holds($0) }
    }
}
