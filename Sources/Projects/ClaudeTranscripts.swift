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

    /// How many sessions began in a directory itself, by the names of their files alone, and how many bytes they have.
    ///
    /// - Parameters:
    ///   - directory: Absolute, without symbolic links.
    ///   - session: Is not counted.
    public static func sessions(
        in directory: String, _ environment: Environment, except session: String
    ) -> (count: Int, bytes: Int) {
        var found = (count: 0, bytes: 0)
        guard let claude = environment.claudeDirectory else { return found }
        let name = folderName(for: directory)
        // Of a longer name only the beginning is known, and others begin like it.
        guard name.utf16.count <= longestName else { return found }
        let folder = PathText.joined(PathText.joined(claude, "projects"), name)
        for name in Files.names(in: folder) ?? [] where name.hasSuffix(".jsonl") && name != session + ".jsonl" {
            guard let status = Files.status(of: PathText.joined(folder, name)), status.size > 0 else { continue }
            found.count += 1
            found.bytes += status.size
        }
        return found
    }
}
