import Digests
import Testing

@Suite struct StableHashTests {
    @Test(
        "A text has the hash that FNV-1a gives", arguments: [("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C)])
    func vectors(_ text: String, _ value: UInt64) {
        var hash = StableHash()
        for byte in text.utf8 { hash.add(byte) }
        #expect(hash.value == value)
    }

    @Test func aPartIsTheSameHoweverItIsHeld() {
        let text = "kürzer als gedacht"
        var (array, view, lazy) = (StableHash(), StableHash(), StableHash())
        array.add(part: Array(text.utf8))
        view.add(part: text.utf8)
        lazy.add(part: text.utf8.lazy.map { $0 })
        #expect(array.value == view.value)
        #expect(array.value == lazy.value)
        lazy.add(part: [])
        #expect(array.value != lazy.value)
    }
}
