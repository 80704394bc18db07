/// How much a memory matters, from 1 (trivia) to 5 (critical: survives every budget).
public struct Importance: Sendable, Hashable, Comparable {
    /// 1 ... 5.
    public let level: Int

    /// Values outside 1 ... 5 are moved to the nearest end.
    public init(clamping level: Int) {
        self.level = min(5, max(1, level))
    }

    public static func < (a: Importance, b: Importance) -> Bool { a.level < b.level }
}
