#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The time that goes into what is stored. Extraction and scoring have none.
public struct Clock: Sendable {
    /// Milliseconds since 1970 in UTC.
    public var milliseconds: @Sendable () -> Int

    public init(milliseconds: @escaping @Sendable () -> Int) { self.milliseconds = milliseconds }

    public static let system = Clock {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int(now.tv_sec) * 1_000 + Int(now.tv_nsec) / 1_000_000
    }

    public static func fixed(_ milliseconds: Int) -> Clock { Clock { milliseconds } }

    /// ISO 8601 in UTC with milliseconds, as transcripts write it: sorts as text.
    public var timestamp: String { Clock.timestamp(milliseconds()) }

    /// The proleptic Gregorian date of a day, from days since 1970: Howard Hinnant's `civil_from_days`.
    public static func timestamp(_ milliseconds: Int) -> String {
        let day = milliseconds >= 0 ? milliseconds / 86_400_000 : (milliseconds - 86_399_999) / 86_400_000
        let rest = milliseconds - day * 86_400_000
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, 2))"
        let seconds = rest / 1_000
        return date
            + "T\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
            + ".\(padded(rest % 1_000, 3))Z"
    }
}
