/// Every text that people read, in Russian and English, by key, and the way each language writes
/// numbers, dates and months. Everything here is a pure function; whoever shows a text escapes it.
public import Commands

/// A language that people may read in.
public enum Language: String, Sendable, CaseIterable {
    case ru, en
}

public enum Words {
    /// A text in both languages. `{name}` stands for a value; `{name|one|few|many}` (Russian) and
    /// `{name|one|other}` (English) for the form of a word that goes with the number in that value.
    struct Entry: Sendable {
        let ru: String
        let en: String

        init(_ ru: String, _ en: String) {
            self.ru = ru
            self.en = en
        }

        subscript(_ language: Language) -> String { language == .ru ? ru : en }
    }

    /// The text of a key with its values put in, in one pass: what stands in a value is never read
    /// as a placeholder. A key that nobody wrote shows itself (a test looks for those), since a
    /// missing word must not stop a page.
    public static func text(
        _ key: String, _ language: Language, _ values: [String: String] = [:]
    ) -> String {
        guard let entry = catalogue[key] else { return key }
        return fill(entry[language], language, values)
    }

    /// All keys, sorted.
    public static var keys: [String] { catalogue.keys.sorted() }

    static let catalogue: [String: Entry] = {
        var all: [String: Entry] = [:]
        for group in [
            frame, home, submit, trouble,
            pages, meters, names, refusals, identity, door, cabinet, charges, operators, shapes,
            problems,
            notices, bills,
        ] {
            all.merge(group) { _, _ in preconditionFailure("a key stands in two groups") }
        }
        return all
    }()

    private static func fill(
        _ template: String, _ language: Language, _ values: [String: String]
    ) -> String {
        // Byte by byte: braces and bars are never part of another character, and whole characters cost ten times as much.
        let bytes = template.utf8
        guard var open = bytes.firstIndex(of: UInt8(ascii: "{")) else { return template }
        var result = ""
        result.reserveCapacity(bytes.count + 32)
        var from = template.startIndex
        while let close = bytes[open...].firstIndex(of: UInt8(ascii: "}")) {
            result += template[from..<open]
            let parts = bytes[bytes.index(after: open)..<close].split(
                separator: UInt8(ascii: "|"))
            let value = parts.first.flatMap { values[String(Substring($0))] } ?? ""
            if parts.count > 1 {
                let forms = parts.dropFirst()
                let form = forms.startIndex + min(plural(value, language), forms.count - 1)
                result += Substring(forms[form])
            } else {
                result += value
            }
            from = bytes.index(after: close)
            guard let next = bytes[from...].firstIndex(of: UInt8(ascii: "{")) else { break }
            open = next
        }
        return result + template[from...]
    }

    /// The form of a word beside a whole number: Russian 0 «знак», 1 «знака», 2 «знаков»; English 0
    /// for one, else 1.
    static func plural(_ number: String, _ language: Language) -> Int {
        let value = Int(number) ?? 0
        switch language {
        case .en: return value == 1 ? 0 : 1
        case .ru:
            let tens = value % 100
            switch value % 10 {
            case 1 where tens != 11: return 0
            case 2...4 where !(12...14).contains(tens): return 1
            default: return 2
            }
        }
    }

    // MARK: Numbers and times

    /// `131,012` or `131.012`, thousands apart: by a narrow no-break space in Russian, by a comma
    /// in English.
    /// - Parameter decimals: the fewest digits after the comma.
    public static func number(
        _ quantity: Quantity, _ language: Language, decimals: Int = 0
    ) -> String {
        let text = quantity.text(decimals: decimals).utf8
        let isNegative = quantity.millionths < 0
        var left = text.prefix { $0 != UInt8(ascii: ".") }.count - (isNegative ? 1 : 0)
        // A real minus sign: the hyphen is read as a range or not at all.
        var grouped: [UInt8] = isNegative ? Array("\u{2212}".utf8) : []
        grouped.reserveCapacity(text.count + 24)
        for byte in text.dropFirst(isNegative ? 1 : 0) {
            if byte == UInt8(ascii: ".") {
                grouped.append(UInt8(ascii: language == .ru ? "," : "."))
                // Digits of the fraction are not grouped.
                left = 0
                continue
            }
            grouped.append(byte)
            left -= 1
            if left > 0, left % 3 == 0 {
                if language == .ru {
                    grouped.append(contentsOf: "\u{202F}".utf8)
                } else {
                    grouped.append(UInt8(ascii: ","))
                }
            }
        }
        return String(decoding: grouped, as: UTF8.self)
    }

    /// «18.04.2026», "18 Apr 2026".
    public static func date(_ day: Day, _ language: Language) -> String {
        let civil = day.civil
        switch language {
        case .ru: return "\(two(civil.day)).\(two(civil.month)).\(civil.year)"
        case .en:
            return "\(civil.day) \(shortMonth(day.month, language)) \(civil.year)"
        }
    }

    /// «апрель 2026», "April 2026".
    public static func month(_ month: Month, _ language: Language) -> String {
        "\(text("month.\(month.ordinal)", language)) \(month.year)"
    }

    /// «апр», "Apr": for the axis of a plot.
    public static func shortMonth(_ month: Month, _ language: Language) -> String {
        text("month.short.\(month.ordinal)", language)
    }

    /// «18.04.2026 10:23», "18 Apr 2026, 10:23", from a local time as `2026-04-18T10:23:05+08:00`.
    public static func moment(_ time: String, _ language: Language) -> String {
        guard let day = Day(time.prefix(10)) else { return time }
        let clock = time.dropFirst(11).prefix(5)
        return date(day, language) + (language == .ru ? " " : ", ") + clock
    }

    /// An address that no line ends in behind «ул.», «д.» or «кв.»: they stay with the name or number that they belong to.
    public static func address(_ text: String) -> String {
        joined(text) { before, _ in before.hasSuffix(".") && before.count <= 4 }
    }

    /// A text for print in which no line ends between a number and the word that it needs: «№ 7», «п. 98», «500 ₽»,
    /// «12 апреля», «2026 г.».
    public static func bound(_ text: String) -> String { joined(text, belong) }

    /// Telephone numbers, with words between them or not: no line ends inside of a number.
    public static func phones(_ text: String) -> String {
        joined(text) { before, part in
            let goesOn = before.last.map { $0.isNumber || $0 == ")" } ?? false
            let isNumber = part.first.map { $0.isNumber || $0 == "(" } ?? false
            return goesOn && isNumber
        }
    }

    /// No line ends between two words that belong together.
    private static func joined(
        _ text: String, _ belong: (_ before: Substring, _ word: Substring) -> Bool
    ) -> String {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        var result = words.first.map(String.init) ?? ""
        for (before, word) in zip(words, words.dropFirst()) {
            result += belong(before, word) ? "\u{A0}" : " "
            result += word
        }
        return result
    }

    /// As they stand behind the number of a day.
    private static let months = [
        "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
        "октября", "ноября", "декабря", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
        "Sep", "Oct", "Nov", "Dec",
    ]

    private static func belong(_ before: Substring, _ word: Substring) -> Bool {
        let sign = before.drop { "(«“".contains($0) }
        if sign == "№" || sign == "No." { return true }
        if word.first?.isNumber ?? false {
            return sign.count <= 4 && sign.hasSuffix(".") && (sign.first?.isLetter ?? false)
        }
        guard sign.last?.isNumber ?? false else { return false }
        if word.hasPrefix("₽") || word.hasPrefix("руб") { return true }
        if word.hasPrefix("г.") { return sign.count >= 4 }
        return sign.count <= 2 && months.contains { word.hasPrefix($0) }
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// How long to wait, in words that have `{n}`: seconds as people count them, and minutes above two.
    public static func wait(_ key: String, seconds: Int, _ language: Language) -> String {
        seconds <= 120
            ? text(key, language, ["n": "\(seconds)"])
            : text("\(key).minutes", language, ["n": "\((seconds + 59) / 60)"])
    }

    // MARK: Names of values

    public static func service(_ service: Service, _ language: Language) -> String {
        text("service.\(service.rawValue)", language)
    }

    /// «м³», «кВт·ч», «Гкал».
    public static func unit(_ service: Service, _ language: Language) -> String {
        text("unit.\(service.rawValue)", language)
    }

    /// «Статус показания»: by which way a reading came (SF-149).
    public static func channel(_ channel: Channel, _ language: Language) -> String {
        text("channel.\(channel.rawValue)", language)
    }

    /// The name of one register of a meter that has several; T1 is «день» of two and «пик» of
    /// three.
    public static func register(
        _ register: Register, of count: Int, _ language: Language
    ) -> String {
        text("register.\(register.rawValue).\(max(2, min(3, count)))", language)
    }

    // MARK: Refusals and misshapen bodies

    /// Why the rules said no (domain.md §6.6), in words that people can act on. Values come as the
    /// rules gave them (ISO dates, decimal points, raw names of services) and leave as the language
    /// writes them.
    /// - Parameter isPast: it stands in a history, and nothing is to be done about it there.
    public static func refusal(
        _ refusal: Refusal, _ language: Language, isPast: Bool = false
    ) -> String {
        let key = "refusal.\(refusal.code.rawValue)"
        if refusal.code == .shape {
            let error = ShapeError(
                refusal.values["pointer"] ?? "", refusal.values["key"] ?? "",
                refusal.values["value"] ?? "")
            guard catalogue[error.key] != nil else { return text("\(key).bare", language) }
            return text(key, language, ["reason": shape(error, language)])
        }
        let values = localized(refusal.values, language)
        // Some texts name a value that is not always known, or a thing that has words of its own.
        let variant =
            switch refusal.code {
            case .readingFormat:
                isBlank(values["f"]) ? ".bare" : values["f"] == "0" ? ".whole" : ""
            case .readingLess: isBlank(values["date"]) ? ".undated" : ""
            case .readingSoft: (isPast ? ".past" : "") + (isBlank(values["avg"]) ? ".bare" : "")
            case .readingHard: isBlank(values["n"]) ? ".bare" : ""
            case .periodClosed: isBlank(values["month"]) ? ".bare" : ""
            case .periodOrder:
                values["what"] == "before" ? ".before" : isBlank(values["month"]) ? ".bare" : ""
            case .notFound, .chargedNothing: ".\(refusal.values["what"] ?? "bare")"
            // An operator has no letter to recover a password by.
            case .signIn: refusal.values["who"] == "operator" ? ".operator" : ""
            case .secondFactor: isBlank(values["used"]) ? "" : ".used"
            // Who is signed in has registered, and is not told to.
            case .identityCheck: refusal.values["who"] == "attach" ? ".attach" : ""
            default: ""
            }
        return text(
            catalogue[key + variant] == nil ? key + ".bare" : key + variant, language, values)
    }

    /// What is wrong with a body, and where. Where it is told by the JSON pointer, since programs
    /// sent it.
    public static func shape(_ error: ShapeError, _ language: Language) -> String {
        let words = text(error.key, language, values(of: error))
        let place = error.pointer.drop(while: { $0 == "/" })
        return place.isEmpty ? words : "\(place): \(words)"
    }

    /// The same for who filled in a form: fields are called as people call them.
    /// - Parameter isMarked: the field is seen to be the wrong one, and need not be named before its fault.
    public static func complaint(
        _ error: ShapeError, _ language: Language, isMarked: Bool = false
    ) -> String {
        var named = error
        // A square is ticked, not filled in; and what is marked need not be named again.
        if error.key == "shape.missing", place(error) == "agree" {
            return text("shape.terms", language)
        }
        if error.key == "shape.missing", isMarked { return text("shape.fill", language) }
        if ["shape.missing", "shape.before"].contains(error.key) {
            named = ShapeError(error.pointer, error.key, field(error.value, language))
        }
        if error.key == "shape.choice" {
            named = ShapeError(error.pointer, error.key, choices(error, language))
        }
        let words = text(named.key, language, values(of: named))
        let place = place(error)
        // What is missing is named by its words already.
        guard !isMarked, !place.isEmpty, error.key != "shape.missing" else { return words }
        return "\(field(place, language)): \(words)"
    }

    /// The field that it is about; nothing: none.
    private static func place(_ error: ShapeError) -> String {
        error.pointer.split(separator: "/").first.map(String.init) ?? ""
    }

    /// By which words the choices of a form's field are called.
    private static let choiceWords = [
        "way": "way.", "check": "console.check.", "service": "service.", "rights": "right.",
        "language": "page.language.", "channel": "channel.",
    ]

    /// The choices as the form calls them, not as programs send them; one without words of its own by its name.
    private static func choices(_ error: ShapeError, _ language: Language) -> String {
        let name = error.pointer.split(separator: "/").first.map(String.init) ?? ""
        return error.value.split(separator: ",").map { part in
            let choice = String(part.drop { $0 == " " })
            guard let words = choiceWords[name].map({ $0 + choice }), catalogue[words] != nil
            else { return choice }
            let said = text(words, language)
            return language == .ru ? "«\(said)»" : "“\(said)”"
        }.joined(separator: ", ")
    }

    /// What a field of a form is called; one without words of its own by its name.
    private static func field(_ name: String, _ language: Language) -> String {
        catalogue["field.\(name)"] == nil ? name : text("field.\(name)", language)
    }

    /// What stands in the words of a fault. A range of lengths has two ends.
    private static func values(of error: ShapeError) -> [String: String] {
        var values = ["value": error.value]
        let ends = error.value.split(separator: "–").map(String.init)
        if ends.count == 2 {
            values["least"] = ends[0]
            values["most"] = ends[1]
        }
        return values
    }

    /// «около»: as exact as is of use. Whole kWh, hundredths of Gcal, tenths of a cubic metre.
    public static func usual(_ quantity: Quantity, _ service: Service) -> Quantity {
        let step: Int64 =
            switch service {
            case .electricity: 1_000_000
            case .heat: 10_000
            case .coldWater, .hotWater, .gas: 100_000
            }
        return Quantity(millionths: (quantity.millionths + step / 2) / step * step)
    }

    private static func isBlank(_ value: String?) -> Bool { value?.isEmpty ?? true }

    private static func localized(
        _ values: [String: String], _ language: Language
    ) -> [String: String] {
        var result = values
        for (name, value) in values {
            switch name {
            case "unit":
                if let service = Service(rawValue: value) { result[name] = unit(service, language) }
            case "service":
                if let named = Service(rawValue: value) { result[name] = service(named, language) }
            case "field":
                result[name] = field(value, language)
            case "date", "last":
                if let day = Day(value) { result[name] = date(day, language) }
            case "month":
                if let found = Month(value) { result[name] = month(found, language) }
            case "prev", "v":
                if case .value(let quantity, _, _) = Quantity.read(value) {
                    result[name] = number(quantity, language)
                }
            case "avg":
                if case .value(let quantity, _, _) = Quantity.read(value) {
                    let service = values["unit"].flatMap(Service.init(rawValue:))
                    let usual = service.map { Self.usual(quantity, $0) } ?? quantity
                    // What rounds to nothing is said as it is.
                    result[name] = number(usual.millionths == 0 ? quantity : usual, language)
                }
            default: break
            }
        }
        return result
    }
}
