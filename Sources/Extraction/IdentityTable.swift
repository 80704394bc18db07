/// Which candidate has an identity: a hash table of what are hashes already, so that none is hashed again.
struct IdentityTable {
    private struct Slot {
        var identity: UInt64 = 0
        /// Below zero for a slot that is free.
        var index: Int32 = -1
    }

    /// A power of two of them, at most half of them taken.
    private var slots = [Slot](repeating: Slot(), count: 1 << 8)
    private var taken = 0

    subscript(_ identity: UInt64) -> Int? {
        get {
            let index = slots[place(of: identity)].index
            return index < 0 ? nil : Int(index)
        }
        set {
            guard let newValue else { return }
            if 2 * taken >= slots.count { rebuild(slots, size: 2 * slots.count) { $0 } }
            insert(identity, Int32(newValue))
        }
    }

    /// - Parameter newIndex: Of each index the new one, or nil when what has it is gone.
    mutating func renumber(_ newIndex: [Int?]) {
        rebuild(slots, size: slots.count) { newIndex[Int($0)].map { Int32($0) } }
    }

    private mutating func rebuild(_ old: [Slot], size: Int, _ newIndex: (Int32) -> Int32?) {
        slots = [Slot](repeating: Slot(), count: size)
        taken = 0
        for slot in old where slot.index >= 0 {
            if let index = newIndex(slot.index) { insert(slot.identity, index) }
        }
    }

    private mutating func insert(_ identity: UInt64, _ index: Int32) {
        let place = place(of: identity)
        if slots[place].index < 0 { taken += 1 }
        slots[place] = Slot(identity: identity, index: index)
    }

    /// Where an identity is, or may be put.
    private func place(of identity: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: identity ^ identity >> 32) & (slots.count - 1)
        while slots[place].index >= 0, slots[place].identity != identity { place = (place + 1) & (slots.count - 1) }
        return place
    }
}
