/// The lines of a page that anybody may have written: with the line ends of Windows, which Swift takes for one character, or
/// with a mark of the byte order before the first line.
public enum PageLines {
    /// The lines, empty ones included, without their ends.
    public static func of(_ text: String) -> [Substring] {
        (text.first == "\u{FEFF}" ? text.dropFirst() : text[...]).split(omittingEmptySubsequences: false) {
            $0 == "\n" || $0 == "\r\n" || $0 == "\r"
        }
    }
}
