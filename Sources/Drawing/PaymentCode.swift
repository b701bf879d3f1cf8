/// What a bank's application reads from a bill: requisites as a line of keys and values (ГОСТ Р 56042-2014).
public struct PaymentCode: Sendable, Equatable {
    /// Whom to pay: the five values without which there is no code.
    public struct Payee: Sendable, Equatable {
        /// At most 160 characters.
        public var name: String
        /// 20 digits.
        public var account: String
        /// At most 45 characters.
        public var bank: String
        /// 9 digits.
        public var bic: String
        /// The bank's correspondent account, at most 20 digits; nil where there is none, which is written as 0.
        public var correspondent: String?

        public init(
            name: String, account: String, bank: String, bic: String, correspondent: String?
        ) {
            self.name = name
            self.account = account
            self.bank = bank
            self.bic = bic
            self.correspondent = correspondent
        }
    }

    /// What may stand behind the payee, in any order; an empty one is left out.
    public enum Detail: Sendable, Equatable {
        /// ИНН of the payee: 10 or 12 digits.
        case payeeINN(String)
        /// КПП of the payee: 9 characters.
        case kpp(String)
        /// The payer's account with the payee («лицевой счёт»).
        case account(String)
        case lastName(String)
        case firstName(String)
        case middleName(String)
        case address(String)
        /// The month that is paid for.
        case period(year: Int, month: Int)
        /// At most 210 characters.
        case purpose(String)
        /// Kopecks. Left out unless positive: then the payer says how much.
        case sum(kopecks: Int64)
        /// Another of the standard's keys, such as `ServiceName`.
        case other(key: String, value: String)
    }

    /// What is wrong with one value.
    public enum Problem: Sendable, Equatable {
        case missing(key: String)
        case tooLong(key: String, limit: Int)
        /// It is not so many digits.
        case notDigits(key: String, counts: [Int])
        /// There is no such month.
        case noMonth(Int)
        /// The name of a key is not made of Latin letters.
        case noKey(String)
        /// More bytes than `limit`, even without what may be left out.
        case tooLarge(bytes: Int)
    }

    /// All that is wrong, at once.
    public struct Invalid: Error, Sendable, Equatable, CustomStringConvertible {
        public let problems: [Problem]
        public var description: String { "no payment code: \(problems)" }
    }

    /// How many bytes a code may have: more would not be read from paper by every telephone.
    public static let limit = 500

    public var payee: Payee
    public var details: [Detail]

    public init(payee: Payee, details: [Detail]) {
        self.payee = payee
        self.details = details
    }

    /// The bytes to draw. Windows-1251 where it has all letters, because it takes half the room of UTF-8, in which the rest
    /// is written. When they are more than `limit`, the payer's address and name are left out, in this order: the
    /// account says the same.
    public func bytes() throws(Invalid) -> [UInt8] {
        let problems = problems()
        guard problems.isEmpty else { throw Invalid(problems: problems) }
        var pairs = pairs()
        var bytes = Self.encoded(pairs)
        for key in ["PayerAddress", "MiddleName", "FirstName", "LastName"]
        where bytes.count > Self.limit {
            pairs.removeAll { $0.key == key }
            bytes = Self.encoded(pairs)
        }
        guard bytes.count <= Self.limit else {
            throw Invalid(problems: [.tooLarge(bytes: bytes.count)])
        }
        return bytes
    }

    /// The same in UTF-8 whatever the letters, and as long as it is.
    public func text() throws(Invalid) -> String {
        let problems = problems()
        guard problems.isEmpty else { throw Invalid(problems: problems) }
        return Self.text(pairs(), encoding: "2")
    }

    /// Whether the control digit of an account fits the bank's BIC (Bank of Russia, 515 of 08.09.1997): a mistyped digit
    /// rarely does.
    /// - Parameter isCorrespondent: it is the bank's own account with the Bank of Russia. The accounts of clients of the
    ///   Bank of Russia itself, whose BIC ends with 000, 001 or 002, are counted like those.
    public static func isPlausible(
        account: String, bic: String, isCorrespondent: Bool = false
    ) -> Bool {
        guard isDigits(account, 20), isDigits(bic, 9) else { return false }
        let code = bic.utf8.map { Int($0) - 48 }
        let isOfBankOfRussia = code[6] == 0 && code[7] == 0 && code[8] < 3
        let bank =
            isCorrespondent || isOfBankOfRussia ? [0] + code[4..<6] : Array(code[6..<9])
        let digits = bank + account.utf8.map { Int($0) - 48 }
        return zip(digits.indices, digits).reduce(0) { $0 + $1.1 * [7, 1, 3][$1.0 % 3] } % 10 == 0
    }

    // MARK: Writing

    private typealias Pair = (key: String, value: String)

    private static func text(_ pairs: [Pair], encoding: String) -> String {
        "ST0001\(encoding)" + pairs.map { "|\($0.key)=\($0.value)" }.joined()
    }

    private static func encoded(_ pairs: [Pair]) -> [UInt8] {
        windows1251(text(pairs, encoding: "1")) ?? Array(text(pairs, encoding: "2").utf8)
    }

    private func pairs() -> [Pair] {
        let required = [
            ("Name", payee.name), ("PersonalAcc", payee.account), ("BankName", payee.bank),
            ("BIC", payee.bic), ("CorrespAcc", payee.correspondent ?? "0"),
        ]
        return (required + details.map(Self.pair)).map { ($0.0, Self.clean($0.1)) }
            .filter { !$0.1.isEmpty }
    }

    private static func pair(_ detail: Detail) -> Pair {
        switch detail {
        case .payeeINN(let value): ("PayeeINN", value)
        case .kpp(let value): ("KPP", value)
        case .account(let value): ("PersAcc", value)
        case .lastName(let value): ("LastName", value)
        case .firstName(let value): ("FirstName", value)
        case .middleName(let value): ("MiddleName", value)
        case .address(let value): ("PayerAddress", value)
        case .period(let year, let month):
            ("PaymPeriod", (month < 10 ? "0" : "") + "\(month)\(year)")
        case .purpose(let value): ("Purpose", value)
        case .sum(let kopecks): ("Sum", kopecks > 0 ? "\(kopecks)" : "")
        case .other(let key, let value): (key, value)
        }
    }

    /// A value as it may stand there: the separator and what cannot be printed become spaces, of which there is one at a
    /// time.
    private static func clean(_ value: String) -> String {
        var words: [String] = [""]
        for scalar in value.unicodeScalars {
            if scalar == "|" || scalar.properties.isWhitespace
                || scalar.properties.generalCategory == .control
            {
                if words[words.count - 1] != "" { words.append("") }
            } else {
                words[words.count - 1].unicodeScalars.append(scalar)
            }
        }
        return words.filter { $0 != "" }.joined(separator: " ")
    }

    // MARK: Checking

    private static let lengths = [
        "Name": 160, "BankName": 45, "CorrespAcc": 20, "Sum": 18, "Purpose": 210, "PayeeINN": 12,
        "PayerINN": 12, "DrawerStatus": 2, "KPP": 9, "CBC": 20, "OKTMO": 11, "PaytReason": 2,
        "TaxPeriod": 10, "DocNo": 15, "DocDate": 10, "TaxPayKind": 2,
    ]
    private static let digits = [
        "PersonalAcc": [20], "BIC": [9], "CorrespAcc": Array(1...20), "PayeeINN": [10, 12],
    ]

    private func problems() -> [Problem] {
        let pairs = pairs()
        var problems: [Problem] = ["Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc"]
            .filter { key in !pairs.contains { $0.key == key } }.map { .missing(key: $0) }
        for (key, value) in pairs {
            if let limit = Self.lengths[key], value.unicodeScalars.count > limit {
                problems.append(.tooLong(key: key, limit: limit))
            }
            if let counts = Self.digits[key],
                !counts.contains(where: { Self.isDigits(value, $0) })
            {
                problems.append(.notDigits(key: key, counts: counts))
            }
            if key.isEmpty || !key.utf8.allSatisfy({ 65...90 ~= $0 || 97...122 ~= $0 }) {
                problems.append(.noKey(key))
            }
        }
        for case .period(let year, let month) in details
        where !(1...12).contains(month) || !(1000...9999).contains(year) {
            problems.append(.noMonth(month))
        }
        return problems
    }

    private static func isDigits(_ value: String, _ count: Int) -> Bool {
        value.utf8.count == count && value.utf8.allSatisfy { 48...57 ~= $0 }
    }

    // MARK: Windows-1251

    /// What the bytes from 0x80 to 0xBF stand for; 0x98 stands for nothing. From 0xC0 on are А to я.
    private static let upper: [Unicode.Scalar: UInt8] = Dictionary(
        zip(
            ("ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{FFFD}™љ›њќћџ"
                + "\u{A0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{AD}®Ї°±Ііґµ¶·ё№є»јѕї").unicodeScalars, 0x80...0xBF),
        uniquingKeysWith: { first, _ in first })

    private static func windows1251(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x80: bytes.append(UInt8(scalar.value))
            case 0x410...0x44F: bytes.append(UInt8(scalar.value - 0x410 + 0xC0))
            default:
                guard scalar.value != 0xFFFD, let byte = upper[scalar] else { return nil }
                bytes.append(byte)
            }
        }
        return bytes
    }
}
