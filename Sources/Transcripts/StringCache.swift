import JSON

/// The last value of a field that hardly ever changes from line to line: a new `String` is made only when it did.
struct StringCache {
    private var raw: [UInt8] = []
    private var value: String?
    /// Reused when a string is decoded.
    private var decoded: [UInt8] = []

    /// Whether `string` would have to make a new one.
    func isNew(_ new: JSONString) -> Bool {
        value == nil || !raw.withUnsafeBufferPointer { $0.equals(new.raw) }
    }

    /// The decoded string; nil when absent or empty.
    mutating func string(_ new: JSONString?) -> String? {
        guard let new, !new.raw.isEmpty else { return nil }
        if isNew(new) {
            raw.removeAll(keepingCapacity: true)
            // A value that long is not a path or an id.
            raw.append(contentsOf: new.raw.part(0..<min(4096, new.raw.count)))
            if new.raw.count <= 4096, new.isPlain {
                value = String(decoding: new.raw, as: UTF8.self)
            } else {
                decoded.removeAll(keepingCapacity: true)
                new.decode(into: &decoded, limit: 4096)
                value = String(decoding: decoded, as: UTF8.self)
            }
        }
        return value
    }
}

/// Remembers which tool the recent tool uses called, by their ids.
struct RecentTools {
    private static let capacity = 4096
    private static let nameLimit = 512
    private var indexByID: [UInt64: Int] = [:]
    private var ring: [UInt64] = []
    private var next = 0
    private var names: [String] = []
    private var cache = StringCache()

    /// - Returns: the tool's name as a string.
    mutating func note(id: JSONString?, name: JSONString?) -> String? {
        guard let name = cache.string(name) else { return nil }
        guard let id else { return name }
        let index: Int
        if let known = names.firstIndex(of: name) {
            index = known
        } else {
            if names.count == Self.nameLimit { removeAll() }
            index = names.count
            names.append(name)
        }
        let hash = Self.hash(id.raw)
        if indexByID.updateValue(index, forKey: hash) != nil { return name }
        if ring.count < Self.capacity {
            ring.append(hash)
        } else {
            indexByID[ring[next]] = nil
            ring[next] = hash
            next = (next + 1) % Self.capacity
        }
        return name
    }

    func name(of id: JSONString?) -> String? {
        guard let id, let index = indexByID[Self.hash(id.raw)] else { return nil }
        return names[index]
    }

    private mutating func removeAll() {
        indexByID.removeAll()
        ring.removeAll()
        names.removeAll()
        next = 0
    }

    /// FNV-1a: the same in every run.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}
