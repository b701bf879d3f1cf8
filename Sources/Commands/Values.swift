/// A command's id, and so the id of the reading, payment or appeal that it makes: a UUIDv7.
public struct CommandID: Hashable, Comparable, Sendable {
    public let high: UInt64
    public let low: UInt64
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
    public static func < (left: CommandID, right: CommandID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// A civil date, counted in days since 1970-01-01.
public struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let days: Int32
    public init(days: Int32) { self.days = days }
    public static func < (left: Day, right: Day) -> Bool { left.days < right.days }

    /// Nil for a date that is not in the calendar. Years 1900…2199.
    public init?(year: Int, month: Int, day: Int) {
        guard (1900...2199).contains(year), (1...12).contains(month), day >= 1,
            day <= Day.length(year: year, month: month)
        else { return nil }
        // Days from civil, Howard Hinnant's published algorithm (proleptic Gregorian calendar).
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        days = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// `2026-04-18` or `18.04.2026`; nothing else.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10 else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for index in range {
                guard bytes[index] >= 48, bytes[index] <= 57 else { return nil }
                value = value * 10 + Int(bytes[index]) - 48
            }
            return value
        }
        let iso = bytes[4] == UInt8(ascii: "-") && bytes[7] == UInt8(ascii: "-")
        let local = bytes[2] == UInt8(ascii: ".") && bytes[5] == UInt8(ascii: ".")
        guard iso || local,
            let year = number(iso ? 0..<4 : 6..<10), let month = number(iso ? 5..<7 : 3..<5),
            let day = number(iso ? 8..<10 : 0..<2)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    public var civil: (year: Int, month: Int, day: Int) {
        let shifted = Int(days) + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    public var month: Month {
        let civil = civil
        return Month(number: Int32(civil.year * 12 + civil.month - 1))
    }

    static func length(year: Int, month: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// `2026-04-18`.
    public var description: String {
        let civil = civil
        return "\(civil.year)-\(two(civil.month))-\(two(civil.day))"
    }
}

/// A calendar month, counted from year 0.
public struct Month: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let number: Int32
    public init(number: Int32) { self.number = number }
    public static func < (left: Month, right: Month) -> Bool { left.number < right.number }

    /// `2026-04`.
    public init?(_ text: some StringProtocol) {
        guard let day = Day("\(text)-01") else { return nil }
        self = day.month
    }

    public var year: Int { Int(number) / 12 }
    public var ordinal: Int { Int(number) % 12 + 1 }
    public func advanced(by months: Int) -> Month { Month(number: number + Int32(months)) }
    public static func - (left: Month, right: Month) -> Int { Int(left.number - right.number) }

    public var first: Day {
        Day(year: year, month: ordinal, day: 1) ?? Day(days: 0)
    }

    /// How many days it has.
    public var length: Int { Day.length(year: year, month: ordinal) }

    public var description: String { "\(year)-\(two(ordinal))" }
}

func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

/// A volume or a meter's value as read: millionths of its unit (м³, кВт·ч, Гкал). Never a Double.
public struct Quantity: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let millionths: Int64
    public init(millionths: Int64) { self.millionths = millionths }
    public static func < (left: Quantity, right: Quantity) -> Bool {
        left.millionths < right.millionths
    }
    public static func + (left: Quantity, right: Quantity) -> Quantity {
        Quantity(millionths: left.millionths + right.millionths)
    }
    public static func - (left: Quantity, right: Quantity) -> Quantity {
        Quantity(millionths: left.millionths - right.millionths)
    }
    public static let zero = Quantity(millionths: 0)

    /// Ten to the power of `digits`: where a meter's dial starts again. `digits` is 1…12.
    public static func capacity(digits: Int) -> Quantity {
        var value: Int64 = 1_000_000
        for _ in 0..<digits { value *= 10 }
        return Quantity(millionths: value)
    }

    /// What a typed number is, digit by digit, before any meter is asked.
    public enum Typed: Sendable, Equatable {
        case value(Quantity, integerDigits: Int, fractionDigits: Int)
        /// Digits only, but more of them than any dial has.
        case tooLong(fractionDigits: Int)
        case malformed
    }

    /// Reads ASCII digits with an optional comma or dot; spaces around are ignored, leading zeros
    /// count for nothing, trailing zeros of the fraction count for nothing. Before the comma a
    /// space may stand between two digits, as thousands are written: U+0020, or U+00A0, U+2009 and
    /// U+202F, as they come from pages and spreadsheets. No sign, no exponent, no other script's
    /// digits.
    public static func read(_ text: String) -> Typed {
        var bytes = Array(text.utf8)[...]
        while bytes.first == 0x20 { bytes.removeFirst() }
        while bytes.last == 0x20 { bytes.removeLast() }
        let parts = bytes.split(
            omittingEmptySubsequences: false,
            whereSeparator: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") })
        guard parts.count == 1 || parts.count == 2, let whole = ungrouped(parts[0]),
            parts.count == 1 || !parts[1].isEmpty && parts[1].allSatisfy(isDigit)
        else { return .malformed }
        let integer = whole.drop(while: { $0 == 48 })
        var fraction = parts.count == 2 ? parts[1] : []
        while fraction.last == 48 { fraction.removeLast() }
        guard integer.count <= 12, fraction.count <= 6 else {
            return .tooLong(fractionDigits: fraction.count)
        }
        var value: Int64 = 0
        for digit in integer { value = value * 10 + Int64(digit - 48) }
        for index in 0..<6 {
            let offset = fraction.startIndex + index
            value = value * 10 + (offset < fraction.endIndex ? Int64(fraction[offset] - 48) : 0)
        }
        return .value(
            Quantity(millionths: value), integerDigits: integer.count,
            fractionDigits: fraction.count)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

    /// Spaces that part thousands, in UTF-8.
    private static let spaces = [" ", "\u{A0}", "\u{2009}", "\u{202F}"].map { Array($0.utf8) }

    /// The digits before the comma, without one space between any two of them; nil: they are
    /// something else.
    private static func ungrouped(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        if text.allSatisfy(isDigit) { return text.isEmpty ? nil : text }
        var digits: [UInt8] = []
        var rest = text
        while let byte = rest.first {
            if isDigit(byte) {
                digits.append(byte)
                rest = rest.dropFirst()
                continue
            }
            guard !digits.isEmpty, let space = spaces.first(where: { rest.starts(with: $0) }),
                let next = rest.dropFirst(space.count).first, isDigit(next)
            else { return nil }
            rest = rest.dropFirst(space.count)
        }
        return digits[...]
    }

    /// `131.012`, `-0.5`, `7`: as few fraction digits as it takes.
    public var description: String { text(decimals: 0) }

    /// At least `decimals` fraction digits, with a dot.
    public func text(decimals: Int) -> String {
        String(unsafeUninitializedCapacity: 32) { digits in
            let magnitude = millionths.magnitude
            var (whole, fraction) = magnitude.quotientAndRemainder(dividingBy: 1_000_000)
            var places = 6
            while places > max(decimals, 0), fraction % 10 == 0 {
                fraction /= 10
                places -= 1
            }
            // From the last digit to the first.
            var at = 32
            func put(_ byte: UInt8) {
                at -= 1
                digits[at] = byte
            }
            if places > 0 {
                for _ in 0..<places {
                    put(UInt8(ascii: "0") + UInt8(fraction % 10))
                    fraction /= 10
                }
                put(UInt8(ascii: "."))
            }
            repeat {
                put(UInt8(ascii: "0") + UInt8(whole % 10))
                whole /= 10
            } while whole > 0
            if millionths < 0 { put(UInt8(ascii: "-")) }
            for index in at..<32 { digits[index - at] = digits[index] }
            return 32 - at
        }
    }
}

/// A metered service.
public enum Service: String, Sendable, CaseIterable {
    case coldWater = "cold_water"
    case hotWater = "hot_water"
    case electricity
    case gas
    case heat
}

/// The registers of a meter: T1 single or day (peak), T2 night, T3 half-peak (ГИС ЖКХ numbering).
public enum Register: String, Sendable, CaseIterable {
    case t1 = "T1"
    case t2 = "T2"
    case t3 = "T3"
    public var index: Int { self == .t1 ? 0 : self == .t2 ? 1 : 2 }
}

/// By which way a reading came: «способ передачи показания» (SF-149).
public enum Channel: String, Sendable, CaseIterable {
    case resident, api, phone, `operator`, bank, gis, automatic, control
    case `import`
}

/// A personal account's number («лицевой счёт») in its canonical form: an optional letter index
/// around digits. Leading zeros are kept; it is never an integer.
public struct AccountNumber: Hashable, Sendable, CustomStringConvertible {
    public let text: String
    /// The digits without leading zeros: what the order of commands and the first look-up go by, so
    /// that every way of writing a number meets the same account.
    public let stripped: String

    /// Normalizes what people type (domain.md §6.1): spaces, №, dots and hyphens dropped, upper
    /// case, Latin look-alikes of Cyrillic letters made Cyrillic; then up to 4 letters, 1–20
    /// digits, up to 4 letters.
    public init?(_ typed: some StringProtocol) {
        // Digits alone, as nearly all come, are what they are.
        if typed.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            guard (1...20).contains(typed.utf8.count) else { return nil }
            text = String(typed)
            let significant = text.utf8.drop { $0 == 0x30 }
            stripped = significant.isEmpty ? "0" : String(decoding: significant, as: UTF8.self)
            return
        }
        var letters: [[Unicode.Scalar]] = [[], []]
        var digits: [Unicode.Scalar] = []
        for scalar in typed.uppercased().unicodeScalars {
            switch scalar {
            case " ", "\u{A0}", "\u{2009}", "\u{202F}", "№", ".", "-", "‐", "‑", "–", "—", "/":
                continue
            case "0"..."9":
                guard letters[1].isEmpty else { return nil }
                digits.append(scalar)
            case "A"..."Z", "А"..."Я", "Ё":
                letters[digits.isEmpty ? 0 : 1].append(Lookalikes.cyrillic(scalar))
            // И + breve and Е + diaeresis, as some keyboards send Й and Ё.
            case "\u{306}", "\u{308}":
                let side = digits.isEmpty ? 0 : 1
                switch (letters[side].last, scalar) {
                case ("И", "\u{306}"): letters[side][letters[side].count - 1] = "Й"
                case ("Е", "\u{308}"): letters[side][letters[side].count - 1] = "Ё"
                default: return nil
                }
            default: return nil
            }
        }
        guard (1...20).contains(digits.count), letters[0].count <= 4, letters[1].count <= 4 else {
            return nil
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: letters[0] + digits + letters[1])
        text = String(view)
        let significant = digits.drop(while: { $0 == "0" })
        var strippedView = String.UnicodeScalarView()
        strippedView.append(contentsOf: significant.isEmpty ? ["0"] : significant)
        stripped = String(strippedView)
    }

    public var description: String { text }
}

/// What the queue keeps the order of, as a 64-bit hash. Two subjects that share a hash only share
/// an order.
public enum Subject {
    public static func account(_ organization: String, _ number: AccountNumber) -> Int64 {
        hash("account", organization, number.stripped)
    }

    public static func organization(_ code: String) -> Int64 { hash("organization", code) }

    /// FNV-1a, then a finalizer (the 64-bit mix of MurmurHash3): the lane is taken from the low
    /// bits.
    public static func hash(_ parts: String...) -> Int64 {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325
        for part in parts {
            for byte in part.utf8 {
                value = (value ^ UInt64(byte)) &* 0x100_0000_01b3
            }
            value = (value ^ 0xff) &* 0x100_0000_01b3
        }
        value = (value ^ (value >> 33)) &* 0xff51_afd7_ed55_8ccd
        value = (value ^ (value >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return Int64(bitPattern: value ^ (value >> 33))
    }
}
