import Commands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A bar on standard error while long input is read; nothing when that is no terminal or the input is short.
struct ProgressBar {
    /// Shorter input needs no bar, in bytes.
    static let shortestInput = 64 << 20

    private let total: Int
    private let isShown: Bool
    private var done = 0
    private var shown = -1

    init(totalBytes: Int) {
        total = max(1, totalBytes)
        isShown = totalBytes >= ProgressBar.shortestInput && StandardStream.error.isTerminal
    }

    mutating func advance(bytes: Int) {
        done += bytes
        let percent = min(100, done * 100 / total)
        guard isShown, percent != shown else { return }
        shown = percent
        let filled = percent * 30 / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        StandardStream.error.write("\r\(bar) \(percent) %")
    }

    func finish() {
        if isShown, shown >= 0 { StandardStream.error.write("\r\u{1B}[K") }
    }
}
