import HookProtocol
import Memories
import Projects
import SQLite
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the start of a session tells its user of the memory's own work: a line when something was stored or is going on.
struct SessionNews {
    let project: ActiveProject
    let session: String
    let source: SessionSource

    /// How long a start waits for an ingest that is running, in milliseconds: its facts are wanted in this very context. After a
    /// compaction nothing else holds them any more.
    private var longestWait: Int { (source == .compact ? 150 : 100) * CCMemHook.patience }
    private static let step = 5

    /// Waits a little for an ingest that is running.
    ///
    /// - Returns: A line on what is going on, or is about to; nil mostly.
    func work(_ environment: Environment) -> String? {
        // Who asked for a compaction or a copy was told at the start.
        let tells = source != .compact && source != .fork
        guard let begun = project.location.begun(.ingest) else { return tells ? pastSessions(environment) : nil }
        // Where the hooks are registered twice, the other call of this start has told it.
        if Clock.system.milliseconds() - begun / 1_000_000 < SessionStartHook.sameCall { return nil }
        var waited = 0
        while !isOver {
            guard waited < longestWait else {
                return tells
                    ? "An earlier session is still being stored; what it said comes back with later prompts." : nil
            }
            usleep(UInt32(SessionNews.step) * 1_000)
            waited += SessionNews.step
        }
        return nil
    }

    /// The ingest that this start begins finds whatever word somebody leaves meanwhile.
    private var isOver: Bool {
        do throws(FileFailure) {
            guard let lock = try project.location.tryLocking(.ingest) else { return false }
            lock.keep()
            return true
        } catch {
            // Where no lock is to be had there is nothing to wait for.
            return true
        }
    }

    /// Sessions from before this memory, which are about to be read. Told by one of two equal calls.
    private func pastSessions(_ environment: Environment) -> String? {
        let past = ClaudeTranscripts.sessions(of: project, environment, except: session)
        guard past.count > 0, (try? project.location.begin(.ingest)) != false else { return nil }
        let noun = past.count == 1 ? "1 earlier session" : "\(past.count) earlier sessions"
        let size = past.bytes < 1 << 20 ? "\(max(1, past.bytes >> 10)) KB" : "\(past.bytes >> 20) MB"
        let seconds = max(1, past.bytes / SessionNews.bytesASecond)
        let time = seconds < 120 ? "\(seconds) s" : "\(seconds / 60) minutes"
        return
            "\(noun) of this project (\(size)) will be read in the background, in about \(time); the next session says what was found, as does `ccmem receipt`; `ccmem pause` stops it."
    }

    /// What an ingest reads, stores and writes pages for, at the least.
    private static let bytesASecond = 4 << 20

    /// What was stored since the last session here, for the user; nil when nothing was.
    func receipt(_ store: MemoryStore) throws(StoreError) -> String? {
        guard source == .startup || source == .clear else { return nil }
        let receipt = try store.reading { () throws(SQLiteError) in try store.receiptSinceLastStart() }
        guard receipt.inserted + receipt.superseded > 0 else { return nil }
        return """
            Since the last session here: \(receipt.inserted) stored, \(receipt.merged) merged, \(receipt.superseded) superseded, \
            \(receipt.refused) refused, \(receipt.redacted) redacted; \(receipt.injected) \
            \(receipt.injected == 1 ? "line" : "lines") injected, \(receipt.injectedTokens) tokens. `ccmem list` shows memories.
            """
    }
}
