#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How a command ends that goes on until somebody has seen enough.
enum Interruption {
    /// Ctrl-C ends it with 0, and a request to terminate ends it as any program.
    static func endsThis() {
        signal(SIGINT) { _ in _exit(0) }
        // Whoever started this may have blocked the signals for itself, which is inherited.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
}
