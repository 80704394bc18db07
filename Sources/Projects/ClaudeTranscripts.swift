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
}
