#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How the command ends; documented in its help and in the man page.
public enum ExitStatus: Int32, Error {
    /// Something was found.
    case found = 0
    /// Nothing was found.
    case nothingFound = 1
    /// The command line, a rule pack or a scoring table is wrong.
    case usage = 2
    /// Some input could not be read, and what could be read was printed; or what was printed could not be written.
    case unreadableInput = 3
    /// What was recorded before is something else now.
    case recordingDiffers = 4

    /// Ends the process; with another status when standard output did not take all that was printed, which is said then.
    public func leave() -> Never { exit(OutputFailure.told(self).rawValue) }
}
