/// FNV-1a of 64 bits: the same on every machine. For identities inside one store, not against a forger.
struct StableHash {
    private(set) var value: UInt64 = 14_695_981_039_346_656_037

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 1_099_511_628_211 }
        // A byte that no UTF-8 text holds ends each part.
        value = (value ^ 0xFF) &* 1_099_511_628_211
    }

    static func of(_ parts: String...) -> UInt64 {
        var hash = StableHash()
        for part in parts { hash.add(part.utf8) }
        return hash.value
    }

    /// As SQLite keeps it.
    static func integer(_ parts: String...) -> Int {
        var hash = StableHash()
        for part in parts { hash.add(part.utf8) }
        return Int(Int64(bitPattern: hash.value))
    }
}
