/// FNV-1a of 64 bits: the same on every machine. For identities inside one store or one program, not against a forger.
public struct StableHash: Sendable {
    public private(set) var value: UInt64 = 14_695_981_039_346_656_037

    public init() {}

    @inline(__always)
    public mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 1_099_511_628_211 }

    /// Adds a part; a byte that no UTF-8 text holds ends each.
    public mutating func add(part bytes: some Sequence<UInt8>) {
        // A sequence that nobody knows here is asked for each of its bytes, which takes fifty times as long.
        let isAdded: Void? = bytes.withContiguousStorageIfAvailable { for byte in $0 { add(byte) } }
        if isAdded == nil {
            for byte in bytes { add(byte) }
        }
        add(0xFF)
    }

    /// Of parts in their order, as SQLite keeps it.
    public static func integer(_ parts: String...) -> Int {
        var hash = StableHash()
        for part in parts { hash.add(part: part.utf8) }
        return Int(Int64(bitPattern: hash.value))
    }
}
