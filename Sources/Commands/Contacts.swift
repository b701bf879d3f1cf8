/// An e-mail address as it is compared and written to: trimmed, its domain in lower case.
public struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    /// What letters are sent to: the part before the @ as it was typed.
    public let text: String
    /// What addresses are compared by: all in lower case (domain.md §6.3).
    public let key: String

    /// Bytes that an address may have (RFC 5321 §4.5.3.1.3 leaves 254 between the brackets).
    public static let longest = 254

    /// Nil for what no server would take. Only what stands in the address bar of the usual mail programs is an address
    /// here: printable ASCII before the @, no quotations, no comments; a domain of labels with a dot.
    public init?(_ typed: some StringProtocol) {
        var bytes = Array(typed.utf8)[...]
        while bytes.first == 0x20 { bytes.removeFirst() }
        while bytes.last == 0x20 { bytes.removeLast() }
        guard bytes.count <= Self.longest,
            let at = bytes.lastIndex(of: UInt8(ascii: "@"))
        else { return nil }
        let (local, domain) = (bytes[..<at], bytes[(at + 1)...])
        guard (1...64).contains(local.count), local.allSatisfy(Self.isLocal),
            local.first != UInt8(ascii: "."), local.last != UInt8(ascii: "."),
            !zip(local, local.dropFirst()).contains(where: {
                $0 == UInt8(ascii: ".") && $1 == UInt8(ascii: ".")
            })
        else { return nil }
        let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy(Self.isLabel),
            labels.last?.contains(where: { !($0 >= 0x30 && $0 <= 0x39) }) == true
        else { return nil }
        text =
            String(decoding: local, as: UTF8.self) + "@"
            + String(decoding: domain, as: UTF8.self).lowercased()
        key = text.lowercased()
    }

    /// `atext` of RFC 5322 §3.2.3 and dots.
    private static func isLocal(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-/=?^_`{|}~.".utf8.contains(byte)
        }
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
            && label.last != UInt8(ascii: "-")
            && label.allSatisfy {
                switch $0 {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
                default: false
                }
            }
    }

    /// Enough to recognize one's own.
    public var masked: String { NoticeChannel.letter.masked(text) }

    public var description: String { masked }
}

/// A telephone number in the form of E.164: `+79161234567`.
public struct PhoneNumber: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// Reads what people type (domain.md §6.3): brackets, spaces and hyphens dropped; 8 and 7 before ten digits, and ten
    /// digits from 9 on, are Russian; anything else needs its +.
    public init?(_ typed: some StringProtocol) {
        var digits: [UInt8] = []
        var hasPlus = false
        for scalar in typed.unicodeScalars {
            switch scalar {
            case "0"..."9": digits.append(UInt8(scalar.value))
            case "+" where digits.isEmpty && !hasPlus: hasPlus = true
            case " ", "\u{A0}", "\u{2009}", "\u{202F}", "(", ")", "-", "‐", "‑", "–", "—", ".":
                continue
            default: return nil
            }
        }
        if !hasPlus {
            switch (digits.count, digits.first) {
            case (11, UInt8(ascii: "8")), (11, UInt8(ascii: "7")): digits[0] = UInt8(ascii: "7")
            case (10, UInt8(ascii: "9")): digits.insert(UInt8(ascii: "7"), at: 0)
            default: return nil
            }
        }
        guard (8...15).contains(digits.count), digits.first != UInt8(ascii: "0") else {
            return nil
        }
        text = "+" + String(decoding: digits, as: UTF8.self)
    }

    /// Enough to recognize one's own.
    public var masked: String { NoticeChannel.message.masked(text) }

    public var description: String { masked }
}

/// A surname as it is compared with the holder's (domain.md §6.2; features.md §14 J).
public struct Surname: Hashable, Sendable {
    /// Upper case; Ё is Е; no hyphens, apostrophes or spaces: «Салтыков Щедрин» is «Салтыков-Щедрин». The same as
    /// `views.surname_key`.
    public let key: String

    public static let longest = 100

    /// What a person types. Nil when there is no letter in it, or something that is in no name.
    public init?(_ typed: some StringProtocol) {
        guard typed.utf8.count <= 2 * Self.longest,
            let words = Self.words(typed), !words.isEmpty
        else { return nil }
        key = words.joined()
    }

    /// Whether this is the surname of the holder of an account. A holder written in full («Иванов Иван Иванович») is known
    /// by the first word. A company, or nobody, is nobody's surname: such an account is attached by an operator.
    /// Takes as long for a wrong surname as for the right one.
    public func isOf(holder: String) -> Bool {
        guard !Self.isCompany(holder), let words = Self.words(holder), let first = words.first
        else { return false }
        let whole = equalInConstantTime(key, words.joined())
        let short = equalInConstantTime(key, first)
        return whole || short
    }

    /// Forms of organization, and what stands where no holder is known.
    private static let companies: Set<String> = [
        "ООО", "АО", "ОАО", "ЗАО", "ПАО", "НКО", "АНО", "ИП", "КФХ", "ТСЖ", "ТСН", "ЖСК", "ГСК",
        "СНТ",
        "МУП", "ГУП", "ФГУП", "МКУ", "МБУ", "ГБУ", "ФГБУ", "МБОУ", "МДОУ", "УК", "АДМИНИСТРАЦИЯ",
        "КОМИТЕТ", "ДЕПАРТАМЕНТ", "МИНИСТЕРСТВО", "ПРЕДПРИЯТИЕ", "УЧРЕЖДЕНИЕ", "ОБЩЕСТВО",
        "СОБСТВЕННИК", "СОБСТВЕННИКИ", "АБОНЕНТ", "ЖИЛЕЦ", "НЕИЗВЕСТЕН", "НЕИЗВЕСТНО", "НЕ", "НЕТ",
    ]

    private static func isCompany(_ holder: String) -> Bool {
        if holder.unicodeScalars.contains(where: {
            "\"«»„“”0123456789".unicodeScalars.contains($0)
        }) {
            return true
        }
        guard let first = words(holder)?.first else { return true }
        return companies.contains(first)
    }

    /// Without hyphens. Nil when something stands there that is in no name.
    private static func words(_ text: some StringProtocol) -> [String]? {
        var words: [[Unicode.Scalar]] = [[]]
        for scalar in text.uppercased().unicodeScalars {
            let last = words.count - 1
            switch scalar {
            case " ", "\t", "\u{A0}", "\u{2009}", "\u{202F}":
                if words[last].last != "-", !words[last].isEmpty { words.append([]) }
            case "-", "\u{AD}", "‐", "‑", "‒", "–", "—", "―", "−":
                // «Салтыков - Щедрин»: what stands around a hyphen is one word.
                if words[last].isEmpty, words.count > 1 { words.removeLast() }
                if words[words.count - 1].last != "-" { words[words.count - 1].append("-") }
            case "'", "`", "´", "’", "‘", "ʼ", "ʹ", ".", ",", ";", ":": continue
            case "Ё": words[last].append("Е")
            // И + breve and Е + diaeresis, as some keyboards send Й and Ё.
            case "\u{308}" where words[last].last == "Е": continue
            case "\u{306}" where words[last].last == "И":
                words[last][words[last].count - 1] = "Й"
            case "\u{301}": continue
            case "A"..."Z", "А"..."Я": words[last].append(scalar)
            case _ where scalar.properties.isAlphabetic: words[last].append(scalar)
            default: return nil
            }
        }
        return words.map { word in word.filter { $0 != "-" } }.filter { !$0.isEmpty }.map { word in
            // «Cмирнов» with a Latin C looks right to who typed it.
            let isCyrillic = word.contains { $0.value >= 0x400 && $0.value < 0x530 }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: isCyrillic ? word.map(Lookalikes.cyrillic) : word)
            return String(view)
        }
    }
}

/// A flat's number as it is compared: «12А» is «12 а», «кв. 12» is «12» (domain.md §6.3).
public struct Flat: Hashable, Sendable {
    public let key: String

    public init?(_ typed: some StringProtocol) {
        guard typed.utf8.count <= 60 else { return nil }
        var words: [String] = []
        var word = String.UnicodeScalarView()
        func kind(_ scalar: Unicode.Scalar) -> Int {
            scalar.properties.isAlphabetic ? 1 : ("0"..."9").contains(scalar) ? 2 : 0
        }
        for scalar in typed.uppercased().unicodeScalars {
            let now = kind(scalar)
            if let last = word.last, kind(last) != now {
                words.append(String(word))
                word = String.UnicodeScalarView()
            }
            if now != 0 { word.append(now == 1 ? Lookalikes.cyrillic(scalar) : scalar) }
        }
        if !word.isEmpty { words.append(String(word)) }
        words.removeAll { ["КВ", "КВАРТИРА", "КОМ", "КОМН", "КОМНАТА"].contains($0) }
        guard !words.isEmpty else { return nil }
        key = words.joined(separator: " ")
    }

    public func isSame(as other: String) -> Bool {
        guard let other = Flat(other) else { return false }
        return equalInConstantTime(key, other.key)
    }
}

/// Latin capital letters that look like Cyrillic ones.
enum Lookalikes {
    static func cyrillic(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "A": "А"
        case "B": "В"
        case "C": "С"
        case "E": "Е"
        case "H": "Н"
        case "K": "К"
        case "M": "М"
        case "O": "О"
        case "P": "Р"
        case "T": "Т"
        case "X": "Х"
        case "Y": "У"
        default: scalar
        }
    }
}

/// What people sign in with, as it is compared: an account's number by its digits, anything else in lower case.
public struct LoginName: Hashable, Sendable {
    public let key: String

    public static let longest = EmailAddress.longest

    public init(_ typed: some StringProtocol, _ mode: IdentityProfile.Mode) {
        if mode == .account, let number = AccountNumber(String(typed)) {
            key = number.stripped
            return
        }
        var bytes = Array(typed.lowercased().utf8)[...]
        while bytes.first == 0x20 { bytes.removeFirst() }
        while bytes.last == 0x20 { bytes.removeLast() }
        key = String(decoding: bytes, as: UTF8.self)
    }
}

/// Whether two texts are the same; how long it takes tells nothing about where they differ.
func equalInConstantTime(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    var difference = left.count ^ right.count
    for index in 0..<max(left.count, right.count) {
        let a = index < left.count ? left[index] : 0
        let b = index < right.count ? right[index] : 0
        difference |= Int(a ^ b)
    }
    return difference == 0
}
