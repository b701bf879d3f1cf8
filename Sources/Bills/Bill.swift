public import Commands
public import Drawing
public import Store
public import Words

/// A bill («платёжный документ»; ПП 354, п. 69): the month of an account as it was closed, as words for print. Sums are those of
/// the frozen row and of its entries; what a payee of its own gets (капитальный ремонт) stands apart, with its own code.
public struct Bill: Sendable {
    let facts: BillFacts
    let profile: Profile
    let language: Language
    let account: String
    /// Of the account's own payee first; then those that have one of their own.
    let groups: [Group]

    public init(_ facts: BillFacts, _ profile: Profile, _ language: Language = .ru) {
        self.facts = facts
        self.profile = profile
        self.language = language
        account = facts.bill.card["account"]?.string ?? ""
        groups = Group.all(facts, profile, language)
    }

    public var form: BillForm {
        switch profile.charges.bills.form {
        case .standard: standard
        case .thirteen: thirteen
        }
    }

    /// «Квитанция 2026-10 626200012.pdf»
    public var fileName: String {
        let word = profile.charges.bills.word.filter { !"/\\\"".contains($0) }
        return Words.text(
            "print.file", language,
            [
                "word": word, "month": facts.bill.month.description,
                "account": account.filter { !"/\\\"".contains($0) },
            ])
    }

    /// The same where only ASCII may stand.
    public var plainFileName: String { "bill-\(facts.bill.month).pdf" }

    // MARK: Words

    func words(_ key: String, _ values: [String: String] = [:]) -> String {
        Words.bound(Words.text(key, language, values))
    }

    /// «1 234,56»
    func amount(_ money: Money) -> String { Words.amount(money, language) }
    /// «1 234,56 ₽»
    func roubles(_ money: Money) -> String { Words.money(money, language) }
    /// Nothing where it is nothing.
    func some(_ money: Money) -> String { money == .zero ? "" : amount(money) }
    func number(_ quantity: Quantity) -> String { Words.number(quantity, language) }
    /// With as many decimals, at least, as meters and registers have of it.
    func number(_ quantity: Quantity, _ unit: ChargeUnit?) -> String {
        let decimals =
            switch unit {
            case .m3: 3
            case .m2: 2
            case .gcal: 4
            default: 0
            }
        return Words.number(quantity, language, decimals: decimals)
    }
    func number(_ quantity: Quantity, _ service: Service) -> String {
        number(quantity, service == .electricity ? nil : service == .heat ? .gcal : .m3)
    }
    func price(_ price: Quantity) -> String { Words.number(price, language, decimals: 2) }
    func date(_ day: Day) -> String { Words.date(day, language) }

    var month: String { Words.month(facts.bill.month, language) }
    /// «10.2026», as payment orders write it.
    var shortMonth: String {
        let month = facts.bill.month
        return "\(month.ordinal < 10 ? "0" : "")\(month.ordinal).\(month.year)"
    }

    // MARK: Whose it is

    private func text(_ key: String) -> String { facts.bill.card[key]?.string ?? "" }

    var holder: String {
        ["surname", "name", "patronymic"].map(text).filter { !$0.isEmpty }.joined(separator: " ")
    }

    var names: (last: String, first: String, middle: String) {
        (text("surname"), text("name"), text("patronymic"))
    }

    var address: String { text("address") }

    /// «общая 54,3 м², жилая 31,8 м²»
    var area: String {
        func area(_ card: String, _ key: String) -> String? {
            guard case .value(let area, _, _) = Quantity.read(text(card)) else { return nil }
            return words(key, ["v": Words.volume(area, .m2, language, decimals: 2)])
        }
        return [area("area_m2", "print.area_total"), area("living_area_m2", "print.area_living")]
            .compactMap(\.self).joined(separator: ", ")
    }

    var residents: String? { facts.bill.card["residents"]?.int.map { "\($0)" } }

    /// Who manages the house, or whose cabinet it is.
    var organization: String {
        profile.companies.first { $0.code == text("company") }?.name ?? profile.name
    }

    func verified(_ meter: Int64) -> String {
        (facts.bill.card["verified_until"]?["\(meter)"]?.string).flatMap { Day($0) }.map(date)
            ?? ""
    }

    func pairs(_ pairs: [(String, String?)]) -> [BillForm.Pair] {
        pairs.compactMap { key, value in
            guard let value, !value.isEmpty else { return nil }
            return BillForm.Pair(words(key), Words.bound(value))
        }
    }

    // MARK: How much

    /// What there is to pay, to all payees; one's overpayment pays no other's debt.
    public var toPay: Money { groups.reduce(.zero) { $0 + max($1.total.closing, .zero) } }

    var until: String { words("print.until", ["date": date(facts.bill.dueOn)]) }

    func total(of closing: Money, _ toPay: Money) -> BillForm.Total {
        .init(
            label: words("print.to_pay"), amount: roubles(toPay),
            note: toPay > .zero
                ? until
                : closing < .zero
                    ? words("print.overpaid", ["amount": roubles(-closing)]) : words("print.even"))
    }

    var total: BillForm.Total { total(of: facts.bill.closing, toPay) }

    var footer: String {
        let bill = facts.bill
        let made = words(
            "print.footer",
            [
                "account": account, "month": bill.month.description,
                "date": date(facts.closedOn),
            ])
        guard bill.version > 1 else { return made }
        return made + ", " + words("print.again", ["n": "\(bill.version)"])
    }

    /// Its places are filled in by who counts pages.
    func pageNumber(_ key: String) -> String {
        words(key, ["page": "{page}", "pages": "{pages}"])
    }

    var day: BillForm.Day {
        let civil = facts.closedOn.civil
        return .init(year: civil.year, month: civil.month, day: civil.day)
    }
}
