import Commands
import HTTP
import Markup
import Store
import Words

/// «Начисления» (SF-115): base and corrected charge of any past month, each explaining itself.
struct ChargesPage {
    var sheet: MoneySheet
    var view: ChargesView

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    func response() -> Response {
        sheet.response(words("menu.charges")) {
            sheet.accountLine
            if let month = view.month {
                sheet.monthForm(sheet.path("charges"), view.bills.map(\.month), month)
                section(.class("card"), .aria("labelledby", "charges-title")) {
                    h2(.id("charges-title")) {
                        words("charges.title_of", ["month": sheet.month(month)])
                    }
                    ChargesTable(sheet: sheet, charges: view.charges).draw(words("menu.charges"))
                    // Any past month may be printed (SF-124), as far as the profile lets.
                    if view.bills.prefix(sheet.profile.charges.bills.visible ?? .max).contains(
                        where: { $0.month == month })
                    {
                        div(.class("ways")) { sheet.billLinks(month) }
                    }
                }
            } else {
                p(.class("card none")) { words("money.nothing") }
            }
        }
    }
}

/// «Платежи»: «Движение финансов» (SF-170, SF-171) over a time, and what was paid, each with where it went.
struct PaymentsPage {
    var sheet: MoneySheet
    var view: SettlementsView

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    func response() -> Response {
        guard !view.period.isTurned else {
            return sheet.turned(words("menu.payments"), "payments", view.period)
        }
        let months = SettledMonth.all(view.period.months, of: view.rows)
        return sheet.response(words("menu.payments")) {
            sheet.accountLine
            sheet.periodForm(sheet.path("payments"), view.period)
            // Manual 003 begins with «Движение финансов»; of 001 payments are all that the page is for.
            if sheet.profile.charges.view == .movements {
                finances(months)
                received
            } else {
                received
                finances(months)
            }
            p { a(.href(sheet.path("bills"))) { copies } }
        }
    }

    private func finances(_ months: [SettledMonth]) -> HTML {
        section(.class("card"), .aria("labelledby", "movement-title")) {
            h2(.id("movement-title")) { words("payments.movement") }
            movement(months)
            MonthsTable(sheet: sheet, months: months).draw(words("payments.movement"))
            sheet.signs
        }
    }

    private var received: HTML {
        section(.class("card"), .aria("labelledby", "payments-title")) {
            h2(.id("payments-title")) { words("payments.title") }
            if view.payments.isEmpty {
                p { words("payments.none") }
            } else {
                ul(.class("list payments")) {
                    for payment in view.payments { li { one(payment) } }
                }
            }
        }
    }

    /// Where bills have a word of their own it is said: «Счета».
    private var copies: String {
        sheet.profile.charges.bills.form == .thirteen
            ? sheet.billsTitle : words("payments.bills")
    }

    @Children private func movement(_ months: [SettledMonth]) -> HTML {
        if let whole = SettledMonth.sum(months) {
            dl(.class("pairs reckoning")) {
                pair(
                    words("payments.opening", ["month": sheet.month(view.period.from)]),
                    Balance(whole.opening, sheet.language).sentence)
                pair(words("money.charged"), Words.money(whole.charged, sheet.language))
                pair(words("money.recalculated"), Words.money(whole.recalculated, sheet.language))
                pair(words("money.penalty"), Words.money(whole.penalty, sheet.language))
                pair(words("money.paid"), Words.money(whole.paid, sheet.language))
                pair(
                    words("payments.closing", ["month": sheet.month(view.period.to)]),
                    Balance(whole.closing, sheet.language).sentence)
            }
        }
    }

    private func pair(_ name: String, _ value: String) -> HTML {
        div {
            dt { name }
            dd { value }
        }
    }

    @Children private func one(_ payment: PaymentView) -> HTML {
        div {
            p {
                Words.date(payment.paidOn, sheet.language) + " · "
                strong(.class(payment.isReversed ? "sum reversed" : "sum")) {
                    Words.money(payment.amount, sheet.language)
                }
            }
            p(.class("hint"), sheet.frame.own) { "\(payment.provider), №\u{A0}\(payment.number)" }
            if let assigned = payment.assigned {
                p(.class("hint")) {
                    words(
                        "payments.assigned",
                        [
                            "date": Words.date(assigned.on, sheet.language),
                            "account": assigned.typed,
                        ])
                }
            }
            if payment.isReversed {
                Notice.warning.inline(sheet.language, words("payments.reversed"))
            } else if !payment.parts.isEmpty {
                details {
                    summary { words("payments.where") }
                    payees(payment)
                    ul(.class("how")) { for part in payment.parts { li { whither(part) } } }
                }
            }
        }
    }

    /// Money for one payee never covers a debt to another: what went to each, and by what it was split.
    @Children private func payees(_ payment: PaymentView) -> HTML {
        let shares = PayeeShare.all(payment, view.names, sheet.profile)
        if !shares.isEmpty {
            p {
                words("payments.payees") + " "
                span(sheet.frame.own) { list(shares) }
                let advances = PayeeShare.advances(payment, view.names, sheet.profile)
                if !advances.isEmpty {
                    words("payments.payees_rest") + " "
                    span(sheet.frame.own) { list(advances) }
                    ". " + words("payments.payees_apart")
                }
                ". " + words("payments.payees_then")
            }
        }
    }

    /// «ООО «УК» – 369,61 ₽, МУП «Водоканал» – 205,43 ₽»
    private func list(_ shares: [PayeeShare]) -> String {
        shares.map { "\($0.name) – \(Words.money($0.amount, sheet.language))" }
            .joined(separator: ", ")
    }

    /// To which debt, and why to that one.
    @Children private func whither(_ part: PaymentView.Part) -> HTML {
        p {
            strong { Words.money(part.amount, sheet.language) }
            " "
            [
                part.kind.map { sheet.title($0) }, part.isPenalty ? words("money.penalty") : nil,
                part.month.map { sheet.month($0) },
                part.reason.map { Words.reason($0, sheet.language) },
            ].compactMap(\.self).joined(separator: ", ")
        }
    }
}
