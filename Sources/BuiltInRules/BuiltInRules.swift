import CBuiltInRules

/// The shipped packs and weights, as the bytes that stand in `Rules/`; `CBuiltInRules` embeds them.
public enum BuiltInRules {
    /// File name and bytes of each pack, in the order in which their rules are asked.
    public static var packs: [(file: String, bytes: [UInt8])] {
        (0..<builtin_pack_count).map { file(builtin_pack($0)) }
    }

    /// File name and bytes of each pack that is off until it is switched on; `domains/NAME.yaml` is called NAME.
    public static var domainPacks: [(file: String, bytes: [UInt8])] {
        (0..<domain_pack_count).map { file(domain_pack($0)) }
    }

    /// The phrases and weights of the importance scorer.
    public static var scoring: (file: String, bytes: [UInt8]) { file(builtin_scoring) }

    /// The rules that find secrets.
    public static var secrets: (file: String, bytes: [UInt8]) { file(builtin_secrets) }

    /// The JSON schema of packs, for editors.
    public static var schema: (file: String, bytes: [UInt8]) { file(builtin_schema) }

    private static func file(_ file: builtin_file) -> (file: String, bytes: [UInt8]) {
        (String(cString: file.name), Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
    }
}
