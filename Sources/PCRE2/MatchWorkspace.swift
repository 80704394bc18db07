import CPCRE2

/// The memory that matching needs, shared by all patterns of one thread.
///
/// Owned by the task that made it; not `Sendable`. Holds no state that one match could hand to another.
public final class MatchWorkspace {
    public let limits: MatchLimits

    private(set) var matchData: OpaquePointer
    private var pairs: UInt32
    let context: OpaquePointer
    private let jitStack: OpaquePointer?

    public init(limits: MatchLimits = .standard) {
        self.limits = limits
        pairs = 32
        guard let data = pcre2_match_data_create_8(pairs, nil), let context = pcre2_match_context_create_8(nil) else {
            fatalError("out of memory")
        }
        matchData = data
        self.context = context
        pcre2_set_depth_limit_8(context, UInt32(clamping: limits.depth))
        pcre2_set_heap_limit_8(context, UInt32(clamping: limits.heapKiB))
        // Nil without JIT support; the JIT compiler then has 32 KiB of the machine stack, or is not there at all.
        jitStack = pcre2_jit_stack_create_8(limits.jitStackStart, limits.jitStackMaximum, nil)
        if let jitStack {
            pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(jitStack))
        }
    }

    deinit {
        pcre2_match_data_free_8(matchData)
        pcre2_match_context_free_8(context)
        if let jitStack { pcre2_jit_stack_free_8(jitStack) }
    }

    /// Makes room for the groups of a pattern, and sets the steps that a subject of `length` bytes is worth.
    func prepare(groups: Int, length: Int) {
        pcre2_set_match_limit_8(context, UInt32(clamping: limits.steps(forLength: length)))
        guard groups > Int(pairs) else { return }
        pairs = UInt32(clamping: groups)
        guard let larger = pcre2_match_data_create_8(pairs, nil) else { fatalError("out of memory") }
        pcre2_match_data_free_8(matchData)
        matchData = larger
    }

    /// The whole of the last successful match.
    var range: Range<Int> {
        guard let vector = pcre2_get_ovector_pointer_8(matchData) else { return 0..<0 }
        return vector[0] <= vector[1] ? vector[0]..<vector[1] : vector[1]..<vector[1]
    }

    /// The groups of the last successful match.
    func captures(count: Int) -> Captures {
        guard let vector = pcre2_get_ovector_pointer_8(matchData) else { return Captures(ranges: [nil]) }
        var ranges: [Range<Int>?] = []
        ranges.reserveCapacity(count)
        for group in 0..<count {
            // PCRE2_UNSET is the largest size_t, which is -1 here. `\K` can put the start behind the end.
            let (start, end) = (vector[2 * group], vector[2 * group + 1])
            ranges.append(start >= 0 && start <= end ? start..<end : nil)
        }
        return Captures(ranges: ranges)
    }
}
