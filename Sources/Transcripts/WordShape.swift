/// Counts of what a line is made of, to tell prose from logs, code and listings.
struct WordShape {
    private var letters = 0
    private var bytes = 0
    private var words = 0
    private var plainWords = 0
    private var last: UInt8 = 0

    init(_ line: UnsafeBufferPointer<UInt8>) {
        bytes = line.count
        last = line.last ?? 0
        // Of the word at hand: whether it has letters, and whether it has something that prose does not have.
        var hasLetters = false
        var isStrange = false
        for byte in line {
            switch byte {
            case 0x61...0x7A, 0x41...0x5A, 0x80...0xFF:
                letters += 1
                hasLetters = true
            case 0x20, 0x09:
                if hasLetters || isStrange {
                    words += 1
                    if !isStrange { plainWords += 1 }
                }
                hasLetters = false
                isStrange = false
                letters += 1
            // Punctuation that belongs to prose.
            case UInt8(ascii: "'"), UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "?"), UInt8(ascii: "!"),
                UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "`"),
                UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\""):
                break
            default: isStrange = true
            }
        }
        if hasLetters || isStrange {
            words += 1
            if !isStrange { plainWords += 1 }
        }
    }

    /// Mostly letters and plain words; no single long token; no statement of code.
    var readsAsProse: Bool {
        guard bytes > 0 else { return false }
        if letters * 100 < bytes * 62 { return false }
        if words == 1, bytes > 25 { return last >= 0x80 }
        if last == UInt8(ascii: ";") || last == UInt8(ascii: "{") { return false }
        return words < 3 || plainWords * 100 >= words * 45
    }

    static func isHex(_ text: UnsafeBufferPointer<UInt8>, from start: Int, count: Int) -> Bool {
        guard text.count >= start + count else { return false }
        return (start..<(start + count)).allSatisfy {
            (0x30...0x39).contains(text[$0]) || (0x61...0x66).contains(text[$0])
        }
    }

    /// Whether the text begins like `shape`, in which `d` stands for a digit.
    static func matches(_ text: UnsafeBufferPointer<UInt8>, _ shape: StaticString) -> Bool {
        guard text.count >= shape.utf8CodeUnitCount else { return false }
        for position in 0..<shape.utf8CodeUnitCount {
            let wanted = shape.utf8Start[position]
            let found = text[position]
            guard wanted == UInt8(ascii: "d") ? (0x30...0x39).contains(found) : wanted == found else { return false }
        }
        return true
    }
}
