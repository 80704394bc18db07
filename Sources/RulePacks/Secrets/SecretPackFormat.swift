/// The names of the format of a file of secret rules; `docs/privacy.md` describes them.
public enum SecretPackFormat {
    /// The newest format that this version reads.
    public static let newest = 1

    public static let packKeys = ["secrets", "format", "version", "summary", "fragments", "allow", "rules"]
    public static let ruleKeys = [
        "id", "kind", "summary", "keywords", "reach", "pattern", "entropy", "allow", "pack_allow", "examples",
    ]
    public static let allowanceKeys = ["why", "words", "value", "context"]
    public static let examplesKeys = ["match", "reject"]
    public static let matchExampleKeys = ["text", "redacted"]
    public static let rejectExampleKeys = ["text", "why"]

    /// Eight bits a byte are all there is.
    public static let entropyRange = 0...8000

    /// Whether a text can stand in `[redacted:…]`: `a-z 0-9 -`, a letter first, at most 32 bytes.
    public static func isKind(_ text: String) -> Bool {
        isKind(text.utf8)
    }

    public static func isKind(_ bytes: some Collection<UInt8>) -> Bool {
        guard let first = bytes.first, (0x61...0x7A).contains(first), bytes.count <= 32 else { return false }
        return bytes.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
}
