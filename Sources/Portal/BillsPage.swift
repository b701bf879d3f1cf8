import Commands
import HTTP
import Markup
import Store
import Words

/// «Счета», «Квитанции»: bills that may be seen (SF-121, SF-123, SF-124).
struct BillsPage {
    var sheet: MoneySheet
    var bills: [BillView]

    func response() -> Response {
        sheet.response(sheet.billsTitle) {
            sheet.accountLine
            if bills.isEmpty {
                p(.class("card none")) { sheet.words("money.nothing") }
            } else {
                section(.class("card")) {
                    sheet.bills(
                        bills.map {
                            .init(
                                month: $0.month, closing: $0.closing, apart: $0.apart,
                                dueOn: $0.dueOn)
                        })
                }
            }
            if let visible = sheet.profile.charges.bills.visible, !bills.isEmpty {
                p(.class("hint")) { sheet.words("bill.visible", ["n": "\(visible)"]) }
            }
        }
    }
}

/// A bill as it was frozen when its month was closed (SF-120), with how each of its lines came to be.
struct BillPage {
    var sheet: MoneySheet
    var bill: BillView
    var charges: [ChargeView]

    private var language: Language { sheet.language }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    func response() -> Response {
        sheet.response(sheet.billTitle(bill.month)) {
            section(.class("card"), .aria("label", words("bill.payer"))) {
                dl(.class("pairs")) { for (key, value) in payer { pair(words(key), value) } }
            }
            section(.class("card"), .aria("labelledby", "reckoning-title")) {
                h2(.id("reckoning-title")) { words("bill.reckoning") }
                reckoning
                if let payees = sheet.payees(bill.owed) { p(.class("hint")) { payees } }
            }
            section(.class("card"), .aria("labelledby", "charges-title")) {
                h2(.id("charges-title")) {
                    words("charges.title_of", ["month": sheet.month(bill.month)])
                }
                ChargesTable(sheet: sheet, charges: charges).draw(words("menu.charges"))
            }
            div(.class("ways")) {
                if sheet.hasPDF { printing }
                a(.href(sheet.path("bills"))) { words("form.back") }
            }
        }
    }

    private var printing: HTML {
        a(
            .href(sheet.path("bills/\(bill.month).pdf")), .target("_blank"), .rel("noopener")
        ) { language == .ru ? sheet.profile.charges.bills.print : words("bill.print") }
    }

    /// Whose it was when the month was closed (SF-117); what the row does not say is as it is now.
    private var payer: [(String, String)] {
        let now = sheet.account.account
        func text(_ key: String, _ standard: String = "") -> String {
            bill.card[key]?.string ?? standard
        }
        let holder = [
            text("surname", now.surname), text("name", now.name),
            text("patronymic", now.patronymic),
        ].filter { !$0.isEmpty }.joined(separator: " ")
        let all: [(String, String)] = [
            ("bill.account", text("account", now.number)), ("page.holder", holder),
            ("page.address", Words.address(text("address", now.address))),
            ("money.area", area("area_m2")),
            ("bill.living_area", area("living_area_m2")),
            ("bill.residents", bill.card["residents"]?.int.map { "\($0)" } ?? ""),
        ]
        return all.filter { !$0.1.isEmpty }
    }

    private func area(_ key: String) -> String {
        guard let text = bill.card[key]?.string, case .value(let area, _, _) = Quantity.read(text)
        else { return "" }
        return Words.volume(area, .m2, language)
    }

    // MARK: From what was owed to what is to be paid

    private var reckoning: HTML {
        dl(.class("pairs reckoning")) {
            pair(
                words("payments.opening", ["month": sheet.month(bill.month)]),
                Balance(bill.opening, language).sentence)
            pair(words("money.charged"), Words.money(bill.charged, language))
            pair(words("money.recalculated"), Words.money(bill.recalculated, language))
            pair(words("money.penalty"), Words.money(bill.penalty, language))
            pair(
                words("bill.paid_until", ["date": Words.date(bill.paidUntil, language)]),
                Words.money(bill.paid, language))
            if bill.owed.isSplit {
                pair(words("bill.nothing_to_pay"), Balance(bill.closing, language).sentence)
            }
            if bill.owed.toPay > .zero {
                pair(
                    words("bill.to_pay", ["date": Words.date(bill.dueOn, language)]),
                    Words.money(bill.owed.toPay, language), "result")
            } else {
                pair(
                    words("bill.nothing_to_pay"), Balance(bill.closing, language).sentence,
                    "result")
            }
        }
    }

    private func pair(_ name: String, _ value: String, _ classes: String? = nil) -> HTML {
        div(classes.map { .class($0) }) {
            dt { name }
            dd { value }
        }
    }
}
