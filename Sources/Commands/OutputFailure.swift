import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What became of standard output, for the whole process: what a command prints and nobody can read is no success.
enum OutputFailure {
    /// The first `errno` of a write to standard output; 0 while all went well.
    private static let first = Atomic<Int32>(0)

    /// Notes why a write to standard output failed. A reader that has gone has seen enough, which is no failure.
    static func note(_ code: Int32) {
        guard code != EPIPE else { return }
        _ = first.compareExchange(expected: 0, desired: code, ordering: .relaxed)
    }

    /// Says once why the output is not whole.
    ///
    /// - Returns: The status to leave with in place of `status`: a worse one stands.
    static func told(_ status: ExitStatus) -> ExitStatus {
        let code = first.exchange(0, ordering: .relaxed)
        guard code != 0 else { return status }
        let error = CommandError(
            "Standard output can't be written: \(String(cString: strerror(code))).", .unreadableInput)
        StandardStream.error.write(error.text)
        return status == .usage ? status : error.status
    }

    /// Keeps a closed standard stream from being taken by the next file that is opened: words for the reader would go into
    /// that file. What is written to a closed output fails then, as it should.
    static func keepStandardStreams() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is this one, since those below it are open.
            _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
