import CArena
import TestSupport
import Testing

/// One test: the arena serves one thread.
@Suite struct ArenaTests {
    @Test func piecesKeepTheirBytesWhateverIsAskedFor() throws {
        struct Held {
            var piece: UnsafeMutableRawPointer
            var count: Int
            var mark: UInt8
            var isWhole: Bool {
                // The ends, where a neighbour would reach.
                [0, count / 2, max(0, count - 8), count - 1].allSatisfy {
                    piece.load(fromByteOffset: $0, as: UInt8.self) == mark
                }
            }
        }
        var random = SplitMix(seed: 7)
        var held: [Held] = []
        // Small ones, such as a page needs, and ones beyond what is kept in lists.
        func size() -> Int {
            [1 + random.below(200), 4_360, 16_376, 16_377, 70_000][random.below(5)]
        }
        for step in 0..<5_000 {
            let mark = UInt8(truncatingIfNeeded: step)
            switch random.below(3) {
            case 0 where held.count < 400:
                let count = size()
                let piece = try #require(arena_allocate(Int32(count)))
                #expect(UInt(bitPattern: piece) % 8 == 0 && Int(arena_capacity(piece)) >= count)
                piece.initializeMemory(as: UInt8.self, repeating: mark, count: count)
                held.append(Held(piece: piece, count: count, mark: mark))
            case 1 where !held.isEmpty:
                let index = random.below(held.count)
                let count = size()
                held[index].piece = try #require(arena_reallocate(held[index].piece, Int32(count)))
                held[index].count = min(held[index].count, count)
                #expect(held[index].isWhole)
                held[index].piece.initializeMemory(as: UInt8.self, repeating: mark, count: count)
                held[index].count = count
                held[index].mark = mark
            case 2 where !held.isEmpty:
                let one = held.remove(at: random.below(held.count))
                #expect(one.isWhole)
                arena_release(one.piece)
            default: break
            }
        }
        #expect(held.allSatisfy { $0.isWhole })
        arena_release(nil)
        #expect(arena_capacity(nil) == 0)
    }
}
