import CArena

/// A process that lives for milliseconds and uses SQLite from one thread only.
public enum BriefProcess {
    /// Spares this process what SQLite does for longer lives: mutexes, statistics, an allocator that gives memory back. A third
    /// of the instructions of opening a store and asking it for a few words go into these.
    ///
    /// To be called before the first connection; later it changes nothing.
    public static func begin() { _ = arena_serve_sqlite() }
}
