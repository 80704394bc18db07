#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How long a whole run may take, over all its requests and all its waiting.
public struct Patience: Sendable {
    /// Milliseconds of a clock that only goes forward.
    private let now: @Sendable () -> Int
    private let sleep: @Sendable (Int) -> Void
    private let end: Int

    /// - Parameters:
    ///   - milliseconds: From now on.
    ///   - now: Milliseconds of a clock that only goes forward; tests have their own.
    ///   - sleep: Waits for so many milliseconds.
    public init(
        milliseconds: Int, now: @escaping @Sendable () -> Int = Patience.monotonic,
        sleep: @escaping @Sendable (Int) -> Void = Patience.pause
    ) {
        self.now = now
        self.sleep = sleep
        end = now() + milliseconds
    }

    /// In milliseconds; 0 when the time is over.
    public var left: Int { max(0, end - now()) }

    /// Waits, unless the time would be over then.
    ///
    /// - Returns: Whether it waited.
    func wait(milliseconds: Int) -> Bool {
        guard milliseconds < left else { return false }
        sleep(milliseconds)
        return true
    }

    @Sendable public static func monotonic() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int(time.tv_sec) * 1_000 + Int(time.tv_nsec) / 1_000_000
    }

    @Sendable public static func pause(milliseconds: Int) {
        let end = monotonic() + milliseconds
        while true {
            let rest = end - monotonic()
            guard rest > 0 else { return }
            usleep(UInt32(min(rest, 500)) * 1_000)
        }
    }
}
