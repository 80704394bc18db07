import JSON

/// A time with its distance from UTC, as `2026-01-02T10:00:00+02:00`: other programs than Claude Code write transcripts, too.
/// What is stored is compared as text, so it is told in UTC.
enum OffsetTime {
    /// The same time in UTC, with the fraction of its second; nil for what has no such form.
    static func inUTC(_ raw: UnsafeBufferPointer<UInt8>) -> String? {
        guard (22...40).contains(raw.count), let sign = raw.lastIndex(where: { $0 == plus || $0 == minus }), sign >= 19,
            let time = fields(raw.part(0..<19), "dddd-dd-ddTdd:dd:dd"), let fraction = fraction(raw.part(19..<sign))
        else { return nil }
        let written = raw.part(sign + 1..<raw.count)
        guard
            let offset = fields(written, "dd:dd") ?? fields(written, "dddd").map({ [$0[0] / 100, $0[0] % 100] })
                ?? fields(written, "dd").map({ $0 + [0] }),
            (1...9_998).contains(time[0]), (1...12).contains(time[1]), (1...31).contains(time[2]), time[3] < 24,
            time[4] < 60, time[5] <= 60,
            offset[0] < 24, offset[1] < 60
        else { return nil }
        let distance = (offset[0] * 60 + offset[1]) * (raw[sign] == minus ? -1 : 1)
        let minutes = (days(time[0], time[1], time[2]) * 24 + time[3]) * 60 + time[4] - distance
        let (day, minute) = minutes.quotientAndRemainder(dividingBy: 1_440)
        let (year, month, dayOfMonth) = date(minute < 0 ? day - 1 : day)
        let rest = minute < 0 ? minute + 1_440 : minute
        let date = "\(digits(year, 4))-\(digits(month))-\(digits(dayOfMonth))"
        return "\(date)T\(digits(rest / 60)):\(digits(rest % 60)):\(digits(time[5]))\(fraction)Z"
    }

    private static let plus = UInt8(ascii: "+")
    private static let minus = UInt8(ascii: "-")

    /// The numbers of a text of a form in which `d` is a digit; nil when it has another.
    private static func fields(_ raw: UnsafeBufferPointer<UInt8>, _ form: StaticString) -> [Int]? {
        guard raw.count == form.utf8CodeUnitCount else { return nil }
        var numbers: [Int] = []
        var isInNumber = false
        for place in 0..<raw.count {
            if form.utf8Start[place] == UInt8(ascii: "d") {
                guard (0x30...0x39).contains(raw[place]) else { return nil }
                if !isInNumber { numbers.append(0) }
                numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int(raw[place] - 0x30)
                isInNumber = true
            } else {
                guard raw[place] == form.utf8Start[place] else { return nil }
                isInNumber = false
            }
        }
        return numbers
    }

    private static func fraction(_ raw: UnsafeBufferPointer<UInt8>) -> String? {
        guard let first = raw.first else { return "" }
        guard first == UInt8(ascii: "."), raw.count > 1, raw.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return String(decoding: raw, as: UTF8.self)
    }

    private static func digits(_ number: Int, _ count: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    // Days of the Gregorian calendar since 1 March 0000, with years that begin in March, so that a leap day is the last of its
    // year (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").

    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let month = (month + 9) % 12
        return year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1
    }

    private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = era * 400 + yearOfEra + (month >= 10 ? 1 : 0)
        return (year, month < 10 ? month + 3 : month - 9, dayOfYear - (153 * month + 2) / 5 + 1)
    }
}
