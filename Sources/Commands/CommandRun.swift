public import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How a program of verbs begins and ends.
extension ParsableCommand {
    /// Runs a command, prints what went wrong, and leaves with the status that the help documents.
    public static func inStatuses(_ body: () throws -> Void) {
        // A reader that has gone is seen where it is written to, not by a signal.
        signal(SIGPIPE, SIG_IGN)
        // So is a file that may grow no more.
        signal(SIGXFSZ, SIG_IGN)
        OutputFailure.keepStandardStreams()
        do {
            try body()
            ExitStatus.found.leave()
        } catch let exit as ExitStatus {
            exit.leave()
        } catch let error as CommandError {
            StandardStream.error.write(error.text)
            error.status.leave()
        } catch {
            leave(with: error)
        }
    }

    /// Usage errors leave with 2, as documented.
    private static func leave(with error: any Error) -> Never {
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        if code == .success {
            if !text.isEmpty { StandardStream.output.write(text + "\n") }
            ExitStatus.found.leave()
        }
        StandardStream.error.write(inOurWords(text, CommandLine.arguments) + "\n")
        ExitStatus.usage.leave()
    }

    /// The parser's message as ours begin. Where it misses a value, because it takes a negative number for an option, the number is
    /// what is wrong.
    private static func inOurWords(_ text: String, _ arguments: [String]) -> String {
        let (theirs, missing) = ("Error: ", "Missing value for '")
        guard text.hasPrefix(theirs) else { return text }
        let words = text.dropFirst(theirs.count)
        if words.hasPrefix(missing), let end = words.firstIndex(where: \.isNewline) {
            let option = words[..<end].dropFirst(missing.count).prefix { $0 != " " && $0 != "'" }
            for (name, value) in zip(arguments, arguments.dropFirst()) where name == option && Int(value) != nil {
                return "error: \(option) takes no negative number, and \(value) is one." + words[end...]
            }
        }
        return "error: " + words
    }
}
