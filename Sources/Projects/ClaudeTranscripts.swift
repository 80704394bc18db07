/// Finds the transcripts that Claude Code wrote for a project.
public enum ClaudeTranscripts {
    /// The longest folder name that Claude Code writes whole, in UTF-16 units.
    static let longestName = 200

    /// The name of the folder below `projects/` for a working directory: every UTF-16 unit that is no ASCII letter or digit
    /// becomes `-`.
    ///
    /// - Parameter directory: Absolute, without symbolic links.
    public static func folderName(for directory: String) -> String {
        String(
            decoding: directory.utf16.map { unit -> UInt16 in
                switch unit {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: unit
                default: 0x2D
                }
            }, as: UTF16.self)
    }

    /// The transcripts of the project that the working directory belongs to, subagents' included, ordered by their path.
    ///
    /// The nearest ancestor with transcripts counts, so that a subdirectory shows its project's; the home directory and `/`
    /// are no projects.
    ///
    /// - Returns: Nil when there is no folder; else the folder and what is in it.
    public static func ofProject(_ environment: Environment) -> (folder: String, files: [String])? {
        guard let claude = environment.claudeDirectory, let working = environment.workingDirectory else { return nil }
        let home = environment.variables["HOME"].flatMap(Files.realPath)
        var directory = Files.realPath(working) ?? working
        while directory != "/", !directory.isEmpty, directory != home {
            if let folder = folder(for: directory, below: claude + "/projects") {
                return (folder, Files.files(below: folder, suffix: ".jsonl", unreadable: { _ in }))
            }
            guard let slash = directory.lastIndex(of: "/") else { break }
            directory = String(directory[..<slash])
        }
        return nil
    }

    private static func folder(for directory: String, below projects: String) -> String? {
        let name = folderName(for: directory)
        guard name.utf16.count > longestName else {
            let path = projects + "/" + name
            return Files.kind(of: path) == .directory ? path : nil
        }
        // Longer names are cut and get a hash that is not ours to compute; a second project with that beginning is
        // no match, rather than a wrong one.
        let beginning = String(name.prefix(longestName)) + "-"
        let matches = (Files.names(in: projects) ?? []).filter { $0.hasPrefix(beginning) }
        return matches.count == 1 ? projects + "/" + matches[0] : nil
    }
}
