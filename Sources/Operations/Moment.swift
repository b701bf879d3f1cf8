import Commands

/// A moment written for people and programs alike: RFC 3339 in UTC, to the second.
public struct Moment: Sendable, Equatable, CustomStringConvertible {
    /// Microseconds since 1970-01-01 UTC.
    public let microseconds: Int64
    public init(_ microseconds: Int64) { self.microseconds = microseconds }

    public var description: String {
        let seconds = microseconds.floored(by: 1_000_000)
        let day = seconds.floored(by: 86_400)
        let second = seconds - day * 86_400
        return "\(Day(days: Int32(clamping: day)))T\(two(second / 3600)):\(two(second / 60 % 60))"
            + ":\(two(second % 60))Z"
    }

    /// The moment that a filter means: `90s`, `15m`, `1h`, `7d` before now, or a date (its first
    /// moment in UTC).
    public static func since(_ text: String) -> Int64? { since(text, now: realMicroseconds()) }

    static func since(_ text: String, now: Int64) -> Int64? {
        if let day = Day(text) { return Int64(day.days) * 86_400_000_000 }
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let last = text.last, let unit = units[last],
            let count = Int64(text.dropLast()), count >= 0, count <= 1_000_000
        else { return nil }
        return now - count * unit * 1_000_000
    }

    /// `7 с`, `12 мин`, `3 ч`, `2 д`: an age in one glance.
    public static func age(_ seconds: Int64) -> Phrase {
        switch seconds {
        case ..<120: Phrase("\(seconds) с", "\(seconds) s")
        case ..<7200: Phrase("\(seconds / 60) мин", "\(seconds / 60) min")
        case ..<172_800: Phrase("\(seconds / 3600) ч", "\(seconds / 3600) h")
        default: Phrase("\(seconds / 86_400) д", "\(seconds / 86_400) d")
        }
    }
}

private func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

extension Int64 {
    fileprivate func floored(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
