/// By what one process tells another which answer it waits for, without handing on the text: a hash of its beginning, white
/// space left out.
public enum AnswerMark {
    /// Bytes that count.
    static let length = 4_096

    public static func of(_ answer: String) -> String { of(answer.utf8) }

    public static func of(_ bytes: some Sequence<UInt8>) -> String {
        SHA256.hex(Array(bytes.lazy.filter { $0 > 0x20 }.prefix(length)))
    }
}
