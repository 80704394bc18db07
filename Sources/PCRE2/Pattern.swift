import CPCRE2

/// A compiled regular expression (PCRE2 syntax, Unicode properties on).
///
/// Belongs to one thread: the JIT compiler runs on the first match, which changes the pattern. Not `Sendable`;
/// each worker compiles its own.
public final class Pattern {
    /// What runs the pattern.
    public enum Engine: Sendable {
        /// The JIT compiler where the machine allows it, else the interpreter. Both find the same matches.
        case fastest
        case interpreter
    }

    private enum Readiness { case untried, compiled, interpreted }

    private let code: OpaquePointer
    private var readiness: Readiness

    /// Groups of the pattern, without the whole match.
    public let captureCount: Int

    /// The group numbers of each name, in ascending order. A name may belong to several groups.
    public let groups: [String: [Int]]

    /// Compiles `source`. Matching is by character, `\w \d \s \b` and case know all of Unicode, a name may be given to
    /// several groups, `\C` is refused, a line ends with a line feed; all of it independent of how PCRE2 was built.
    ///
    /// - Throws: `PatternError` with the byte offset in `source`.
    public convenience init(_ source: String, engine: Engine = .fastest) throws(PatternError) {
        let options = PCRE2_UTF | PCRE2_UCP | PCRE2_DUPNAMES | PCRE2_NEVER_BACKSLASH_C
        try self.init(source, options: options, engine: engine)
    }

    /// The same pattern for subjects that are ASCII, in which it finds the same, faster. It must not be given others.
    ///
    /// - Returns: Nil when there is no such pattern.
    public convenience init?(forASCII source: String) {
        guard let rewritten = ASCIISource.rewritten(source) else { return nil }
        do throws(PatternError) {
            try self.init(rewritten, options: PCRE2_DUPNAMES | PCRE2_NEVER_BACKSLASH_C, engine: .fastest)
        } catch {
            return nil
        }
    }

    private init(_ source: String, options: UInt32, engine: Engine) throws(PatternError) {
        var source = source
        var number: Int32 = 0
        var offset = 0
        let compiled = source.withUTF8 { text in
            guard let context = pcre2_compile_context_create_8(nil) else { fatalError("out of memory") }
            defer { pcre2_compile_context_free_8(context) }
            pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
            pcre2_set_bsr_8(context, UInt32(PCRE2_BSR_UNICODE))
            return withSomePointer(text) { pcre2_compile_8($0, text.count, options, &number, &offset, context) }
        }
        guard let compiled else {
            throw PatternError(code: number, offset: max(0, min(offset, source.utf8.count)))
        }
        code = compiled
        readiness = engine == .interpreter ? .interpreted : .untried
        captureCount = Int(Pattern.number(compiled, UInt32(PCRE2_INFO_CAPTURECOUNT)))
        groups = Pattern.names(compiled)
    }

    deinit {
        pcre2_code_free_8(code)
    }

    /// Looks for the first match that starts at byte `start` or later.
    ///
    /// The subject is neither copied nor kept. Assertions such as `\b` see the bytes before `start`.
    ///
    /// - Parameters:
    ///   - subject: Valid UTF-8. It is not checked again; invalid text is undefined behaviour.
    ///   - start: On a character boundary; behind the end there is no match.
    ///   - workspace: Brings the memory and the limits.
    public func match(
        _ subject: UnsafeBufferPointer<UInt8>, from start: Int = 0, in workspace: MatchWorkspace
    ) -> MatchOutcome {
        guard subject.count <= workspace.limits.subjectLength else { return .tooLong(bytes: subject.count) }
        let result = run(subject, from: start, in: workspace)
        return result > 0 ? .match(workspace.captures(count: captureCount + 1)) : outcome(of: result)
    }

    /// Like `match`, for callers that need the whole match only: nothing is allocated.
    public func firstRange(
        _ subject: UnsafeBufferPointer<UInt8>, from start: Int = 0, in workspace: MatchWorkspace
    ) -> RangeOutcome {
        guard subject.count <= workspace.limits.subjectLength else { return .noMatch }
        let result = run(subject, from: start, in: workspace)
        if result > 0 { return .match(workspace.range) }
        return result == PCRE2_ERROR_NOMATCH ? .noMatch : .stopped
    }

    /// PCRE2's return code: positive for a match.
    private func run(
        _ subject: UnsafeBufferPointer<UInt8>, from start: Int, in workspace: MatchWorkspace
    ) -> Int32 {
        guard start >= 0, start <= subject.count else { return PCRE2_ERROR_NOMATCH }
        workspace.prepare(groups: captureCount + 1, length: subject.count - start)
        if readiness == .untried {
            readiness = pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE) == 0 ? .compiled : .interpreted
        }
        return withSomePointer(subject) { text in
            readiness == .compiled
                ? pcre2_jit_match_8(
                    code, text, subject.count, start, 0, workspace.matchData, workspace.context)
                : pcre2_match_8(
                    code, text, subject.count, start, PCRE2_NO_UTF_CHECK, workspace.matchData, workspace.context)
        }
    }

    private func outcome(of code: Int32) -> MatchOutcome {
        switch code {
        case PCRE2_ERROR_NOMATCH: .noMatch
        case PCRE2_ERROR_MATCHLIMIT: .limitExceeded(.steps)
        case PCRE2_ERROR_DEPTHLIMIT: .limitExceeded(.depth)
        case PCRE2_ERROR_HEAPLIMIT: .limitExceeded(.heap)
        case PCRE2_ERROR_JIT_STACKLIMIT: .limitExceeded(.jitStack)
        default: .failed(code: code)
        }
    }

    /// The same for a whole string.
    public func match(_ subject: String, from start: Int = 0, in workspace: MatchWorkspace) -> MatchOutcome {
        var subject = subject
        return subject.withUTF8 { match($0, from: start, in: workspace) }
    }

    /// The range of the first group with this name that took part; nil when there is none.
    public func range(of name: String, in captures: Captures) -> Range<Int>? {
        guard let numbers = groups[name] else { return nil }
        for number in numbers {
            if let range = captures[number] { return range }
        }
        return nil
    }

    /// Whether this machine has a JIT compiler.
    public static var hasJIT: Bool {
        var answer: UInt32 = 0
        return pcre2_config_8(UInt32(PCRE2_CONFIG_JIT), &answer) >= 0 && answer == 1
    }

    private static func number(_ code: OpaquePointer, _ what: UInt32) -> UInt32 {
        var answer: UInt32 = 0
        pcre2_pattern_info_8(code, what, &answer)
        return answer
    }

    /// Reads the name table: entries of equal size, each a group number (two bytes, high one first) and a C string.
    private static func names(_ code: OpaquePointer) -> [String: [Int]] {
        var table: UnsafePointer<UInt8>?
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
        let size = Int(number(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE)))
        var names: [String: [Int]] = [:]
        guard let table else { return names }
        for index in 0..<Int(number(code, UInt32(PCRE2_INFO_NAMECOUNT))) {
            let entry = table + index * size
            let name = String(cString: entry + 2)
            names[name, default: []].append(Int(entry[0]) << 8 | Int(entry[1]))
        }
        return names.mapValues { $0.sorted() }
    }
}

/// An empty buffer may have no address; PCRE2 wants one all the same.
private func withSomePointer<Result>(
    _ buffer: UnsafeBufferPointer<UInt8>, _ body: (UnsafePointer<UInt8>) -> Result
) -> Result {
    if let address = buffer.baseAddress { return body(address) }
    return withUnsafePointer(to: 0) { body($0) }
}
