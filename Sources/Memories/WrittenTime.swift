/// A date or a time in UTC as people and programs write it: all of `2026-03-01T10:00:00.000Z`, or the beginning of it. What is
/// stored is compared with it as text, so that one of another form would be the newest, or the oldest, for ever.
public struct WrittenTime: Sendable, Equatable {
    /// Without the `Z`, which would sort behind what goes on.
    public let text: String

    /// What is right, for messages.
    public static let forms = "2026, 2026-03, 2026-03-01 or 2026-03-01T10:00 (UTC)"

    /// - Returns: Nil for any other form, and for a day or an hour that there is not.
    public init?(_ written: String) {
        let shape = written.utf8.map { (0x30...0x39).contains($0) ? UInt8(ascii: "d") : $0 }
        let full = Array("dddd-dd-ddTdd:dd:dd.ddd".utf8)
        let trimmed = shape.last == UInt8(ascii: "Z") ? shape.dropLast() : shape[...]
        guard [4, 7, 10, 16, 19, 23].contains(trimmed.count), trimmed.elementsEqual(full.prefix(trimmed.count)) else {
            return nil
        }
        func number(_ start: Int, _ count: Int = 2) -> Int { Int(written.dropFirst(start).prefix(count)) ?? -1 }
        let days = trimmed.count > 8 ? WrittenTime.days(ofMonth: number(5), number(0, 4)) : 31
        let limits = [(5, 1...12), (8, 1...days), (11, 0...23), (14, 0...59), (17, 0...60)]
        for (start, range) in limits where trimmed.count > start {
            guard range.contains(number(start)) else { return nil }
        }
        text = String(decoding: Array(written.utf8).prefix(trimmed.count), as: UTF8.self)
    }

    private static func days(ofMonth month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Whether a time is not before it.
    public func includes(_ time: String?) -> Bool {
        guard let time else { return false }
        return !time.utf8.lexicographicallyPrecedes(text.utf8)
    }
}
