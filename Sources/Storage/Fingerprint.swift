/// The folded statement by which the same words are known again, as the column `fingerprint` of the schema makes it: without
/// `` ` ``, `*` and quotation marks, letters of ASCII in lower case, without marks at its end. A test compares the two.
enum Fingerprint {
    static func of(_ content: String) -> String {
        var content = content
        return content.withUTF8 { bytes in
            String(unsafeUninitializedCapacity: bytes.count) { folded in
                var count = 0
                for byte in bytes {
                    switch byte {
                    case UInt8(ascii: "`"), UInt8(ascii: "*"), UInt8(ascii: "\""), UInt8(ascii: "'"): continue
                    case 0x41...0x5A: folded[count] = byte | 0x20
                    default: folded[count] = byte
                    }
                    count += 1
                }
                while count > 0, isMarkAtTheEnd(folded[count - 1]) { count -= 1 }
                return count
            }
        }
    }

    private static func isMarkAtTheEnd(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"): true
        default: false
        }
    }
}
