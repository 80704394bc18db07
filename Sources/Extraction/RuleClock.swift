import PCRE2

/// Adds up what each pattern costs. Only `ccmem-bench-rules` sets one; without it a match costs one comparison more.
package final class RuleClock {
    package struct Entry {
        package var name: String
        package var isException: Bool
        package var calls = 0
        package var hits = 0
        package var ticks: UInt64 = 0
    }

    /// Tells the time, in nanoseconds.
    private let now: () -> UInt64
    /// What asking for the time costs by itself.
    private let overhead: UInt64
    private var costs: [ObjectIdentifier: Entry] = [:]

    package init(now: @escaping () -> UInt64) {
        self.now = now
        overhead = (0..<1000).reduce(UInt64.max) { least, _ in
            let start = now()
            return min(least, now() - start)
        }
    }

    package var entries: [Entry] { Array(costs.values) }

    /// Calls that are not counted: what they compile is compiled once.
    package func reset() {
        for key in costs.keys { costs[key].map { costs[key] = Entry(name: $0.name, isException: $0.isException) } }
    }

    func register(_ pattern: Pattern, as name: String, isException: Bool) {
        if costs[ObjectIdentifier(pattern)] == nil {
            costs[ObjectIdentifier(pattern)] = Entry(name: name, isException: isException)
        }
    }

    func timed<Result>(_ pattern: Pattern, _ match: () -> Result, isHit: (Result) -> Bool) -> Result {
        let start = now()
        let result = match()
        let time = now() - start
        let cost = time - min(time, overhead)
        costs[ObjectIdentifier(pattern)]?.calls += 1
        costs[ObjectIdentifier(pattern)]?.ticks += cost
        if isHit(result) { costs[ObjectIdentifier(pattern)]?.hits += 1 }
        return result
    }
}
