/// A sum of money as people and files write it.
public enum Kopecks {
    /// «123,45», «1 234.5», «7»: roubles with at most two digits behind a comma or a dot. Nil for anything else, and for
    /// more than ten thousand million roubles.
    public static func read(roubles text: some StringProtocol) -> Int64? {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar {
            // Spreadsheets put spaces between thousands.
            case " ", "\u{A0}", "\u{2009}", "\u{202F}": continue
            case "\u{2212}": bytes.append(UInt8(ascii: "-"))
            case _ where scalar.isASCII: bytes.append(UInt8(scalar.value))
            default: return nil
            }
        }
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes.removeFirst() }
        let parts = bytes.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".")
        }
        guard (1...2).contains(parts.count), (1...10).contains(parts[0].count),
            parts.count == 1 || (1...2).contains(parts[1].count),
            parts.allSatisfy({ $0.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } })
        else { return nil }
        var value: Int64 = 0
        for digit in parts[0] { value = value * 10 + Int64(digit - 0x30) }
        let fraction = parts.count == 2 ? Array(parts[1]) : []
        for place in 0..<2 {
            value = value * 10 + (place < fraction.count ? Int64(fraction[place] - 0x30) : 0)
        }
        return isNegative ? -value : value
    }

    /// «123.45»
    public static func text(_ kopecks: Int64) -> String {
        let magnitude = kopecks.magnitude
        return (kopecks < 0 ? "-" : "") + "\(magnitude / 100).\(two(Int(magnitude % 100)))"
    }
}

/// What whoever owns an account knows of it (`kabinet import proofs`), until charges and payments tell it themselves. What
/// is not given stays as it was.
public struct Proof: Sendable, Equatable {
    public struct Payment: Sendable, Equatable {
        public var on: Day
        /// Kopecks.
        public var sum: Int64
        public init(on: Day, sum: Int64) {
            self.on = on
            self.sum = sum
        }
    }
    public struct Bill: Sendable, Equatable {
        public var month: Month
        /// Kopecks; below zero where the organization owes.
        public var total: Int64
        public init(month: Month, total: Int64) {
            self.month = month
            self.total = total
        }
    }

    public var account: AccountNumber
    public var payment: Payment?
    public var bill: Bill?
    /// The code that is printed on the bill, sealed before it was staged.
    public var code: Sealed?

    /// In the order in which they are staged.
    public static let columns = [
        "account", "last_payment_on", "last_payment", "bill_month", "bill_total", "code",
    ]

    /// Reads a row of the file; its code is sealed already.
    public init(_ fields: [String: String]) throws(ShapeError) {
        guard let account = AccountNumber(fields["account"] ?? "") else {
            throw ShapeError("/account", "shape.account")
        }
        self.account = account
        switch (fields["last_payment_on"], fields["last_payment"]) {
        case (nil, nil): payment = nil
        case (nil, _): throw ShapeError("/last_payment_on", "shape.missing", "last_payment_on")
        case (_, nil): throw ShapeError("/last_payment", "shape.missing", "last_payment")
        case (let on?, let sum?):
            guard let on = Day(on) else { throw ShapeError("/last_payment_on", "shape.date") }
            guard let sum = Kopecks.read(roubles: sum), sum >= 0 else {
                throw ShapeError("/last_payment", "shape.money")
            }
            payment = Payment(on: on, sum: sum)
        }
        switch (fields["bill_month"], fields["bill_total"]) {
        case (nil, nil): bill = nil
        case (nil, _): throw ShapeError("/bill_month", "shape.missing", "bill_month")
        case (_, nil): throw ShapeError("/bill_total", "shape.missing", "bill_total")
        case (let month?, let total?):
            // Spreadsheets make «04.2026» and «01.04.2026» of a month.
            guard let month = Month(month) ?? Day("01.\(month)")?.month ?? Day(month)?.month
            else { throw ShapeError("/bill_month", "shape.month") }
            guard let total = Kopecks.read(roubles: total) else {
                throw ShapeError("/bill_total", "shape.money")
            }
            bill = Bill(month: month, total: total)
        }
        code = fields["code"].map { Sealed(text: $0) }
        guard payment != nil || bill != nil || code != nil else {
            throw ShapeError("", "shape.nothing")
        }
    }

    /// What stands between the ends of a code on a bill is for the eye: «12-34 56» is «123456»; letters in upper case. Nil
    /// for what nobody could type: shorter than four characters, longer than 40, or none at all.
    public static func code(_ typed: some StringProtocol) -> String? {
        var scalars = String.UnicodeScalarView()
        for scalar in typed.uppercased().unicodeScalars {
            switch scalar {
            case " ", "\u{A0}", "\u{2009}", "\u{202F}", "-", "‐", "‑", "–", "—": continue
            case _ where scalar.properties.isAlphabetic: scalars.append(Lookalikes.cyrillic(scalar))
            case "0"..."9": scalars.append(scalar)
            default: return nil
            }
        }
        return (4...40).contains(scalars.count) ? String(scalars) : nil
    }
}
