import Commands
import HTTP
import Markup
import Store
import Words

/// What somebody owes, or paid too much, in words: above zero is debt (SF-116).
struct Balance {
    var sum: Money
    /// What a payee was paid too much while another is owed the sum; never below zero.
    var elsewhere = Money.zero
    var language: Language

    init(_ sum: Money, _ language: Language) {
        self.sum = sum
        self.language = language
    }

    /// What there is to pay, where one's overpayment pays no other's debt.
    init(_ owed: Owed, _ language: Language) {
        self.init(owed.isSplit ? owed.toPay : owed.balance, language)
        if owed.isSplit { elsewhere = owed.overpaid }
    }

    private var isOverpaid: Bool { sum < .zero }

    /// «Долг», «Переплата».
    var label: String {
        Words.text(
            sum == .zero ? "money.even" : isOverpaid ? "money.overpaid" : "money.debt", language)
    }

    /// Without its sign: the label says it.
    var text: String { Words.money(isOverpaid ? -sum : sum, language) }

    /// «Долг: 6 889,37 ₽», «Задолженности нет».
    var sentence: String {
        sum == .zero ? label : Self.beside("\(label): \(text)", elsewhere, language)
    }

    /// «Долг: 456,77 ₽; другому получателю переплачено 31 803,68 ₽»
    static func beside(_ text: String, _ overpaid: Money, _ language: Language) -> String {
        guard overpaid > .zero else { return text }
        return text + "; "
            + Words.text("money.elsewhere", language, ["sum": Words.money(overpaid, language)])
    }
}

/// What every page about money is drawn from: the frame, the account, and what its kinds are called.
struct MoneySheet: Sendable {
    var frame: Frame
    var profile: Profile
    var account: MoneyAccount
    var names: MoneyNames
    /// A bill can be had as a PDF.
    var hasPDF: Bool

    var language: Language { frame.language }
    private var titles: [String: String] { names.titles(english: language == .en) }

    func words(_ key: String, _ values: [String: String] = [:]) -> String {
        frame.words(key, values)
    }

    func path(_ page: String) -> String {
        Frame.accountPath(profile, account.account.number, page)
    }

    /// What a kind is called; its code where no dated row says it.
    func title(_ code: String) -> String { titles[code] ?? code }

    /// Titles are of the organization, and Russian where it gave no other.
    func own(_ code: String) -> Attribute? {
        names.kind(code)?.titleEnglish == nil ? frame.own : nil
    }

    func amount(_ money: Money) -> String { Words.amount(money, language) }

    func month(_ month: Month) -> String { Words.month(month, language) }

    // MARK: Whose the money is

    /// «К оплате 456,77 ₽ (Взнос на капитальный ремонт); переплата 31 803,68 ₽ (ООО «Дом»)». Nil: all of it is to be paid, or was
    /// paid too much.
    func payees(_ owed: Owed) -> String? {
        guard owed.isSplit else { return nil }
        let all = owed.payees.filter { $0.sum != .zero }.sorted { $0.sum > $1.sum }
        return all.map { payee in
            let isOwed = payee.sum > .zero
            return words(
                isOwed ? "money.payee_owed" : "money.payee_overpaid",
                [
                    "sum": Words.money(isOwed ? payee.sum : -payee.sum, language),
                    "payee": name(payee),
                ])
        }.joined(separator: "; ")
    }

    private func name(_ payee: Owed.Payee) -> String {
        guard payee.kinds.isEmpty else {
            return payee.kinds.map { title($0) }.joined(separator: ", ")
        }
        return PayeeShare.own(names, profile)
    }

    // MARK: The answer

    /// - Parameter tabs: what stands beside the page, in its place above the heading.
    func response(
        _ heading: String, status: Int = 200, tabs: HTML = .empty, @Children _ content: () -> HTML
    ) -> Response {
        Page.response(
            status,
            frame.draw(heading) {
                tabs
                h1 { heading }
                content()
            })
    }

    /// Which account it is, in a line, where its card stands elsewhere.
    var accountLine: HTML {
        p {
            words("page.account", ["number": account.account.number]) + ", "
            span(frame.own) { Words.address(account.account.address) }
        }
    }

    // MARK: Tables

    struct Column {
        var title: String
        /// Sums stand to the right, digit under digit.
        var isSum = true
    }

    /// The columns of a balance that changed: what was owed at both ends.
    var balanceColumns: [Column] {
        [
            Column(title: words("money.opening")), Column(title: words("money.charged")),
            Column(title: words("money.recalculated")), Column(title: words("money.penalty")),
            Column(title: words("money.paid")), Column(title: words("money.closing")),
        ]
    }

    /// What did not change is said by a zero, which rows that are cards leave out.
    func change(_ money: Money) -> HTML {
        let text = amount(money)
        return money == .zero ? span(.class("zero")) { text } : .text(text)
    }

    func balanceCells(_ month: SettledMonth) -> [HTML] {
        let changes = [month.charged, month.recalculated, month.penalty, month.paid].map(change)
        return [.text(amount(month.opening))] + changes + [.text(amount(month.closing))]
    }

    /// What the signs of a balance mean (SF-116).
    var signs: HTML { p(.class("hint")) { words("money.signs") } }

    /// A narrow screen shows its rows as cards, which takes the table's roles from it, so they are said.
    func table(_ name: String, _ columns: [Column], @Children _ rows: () -> HTML) -> HTML {
        Markup.table(.role("table"), .class("history money")) {
            caption(.class("spoken")) { name }
            thead(.role("rowgroup")) {
                tr(.role("row")) {
                    for column in columns {
                        th(
                            .role("columnheader"), .scope(.col),
                            column.isSum ? .class("sum") : nil
                        ) { column.title }
                    }
                }
            }
            tbody(.role("rowgroup")) { rows() }
        }
    }

    /// - Parameter cells: one a column; empty ones are left out where rows are cards.
    func row(
        _ columns: [Column], _ cells: [HTML], own: Attribute? = nil, _ classes: String = ""
    ) -> HTML {
        tr(.role("row"), classes.isEmpty ? nil : .class(classes)) {
            for (index, column) in columns.enumerated() {
                if index == 0 {
                    th(.role("rowheader"), .scope(.row), own) { cells[0] }
                } else {
                    td(
                        .role("cell"), .data("label", column.title),
                        column.isSum ? .class("sum") : nil
                    ) { cells[index] }
                }
            }
        }
    }

    // MARK: Choosing months

    /// «Период отображения» (SF-112): any month that there is, without a program.
    func periodForm(
        _ action: String, _ period: MoneyPeriod, hidden: [(String, String)] = []
    ) -> HTML {
        form(.class("period"), .method(.get), .action(action)) {
            for (name, value) in hidden { input(.type(.hidden), .name(name), .value(value)) }
            monthChoice("from", words("money.from"), period.choice, period.from)
            monthChoice(
                "to", words("money.to"), period.choice, period.to, isWrong: period.isTurned)
            button(.type(.submit), .class("quiet")) { words("money.show") }
            if period.isTurned {
                Notice.error.inline(language, id: "period-error", words("money.turned"))
            }
        }
    }

    /// Instead of months that were asked for the wrong way round.
    func turned(
        _ heading: String, _ page: String, _ period: MoneyPeriod, hidden: [(String, String)] = []
    ) -> Response {
        response(heading, status: 400) {
            accountLine
            section(.class("card"), .aria("label", words("menu.\(page)"))) {
                periodForm(path(page), period, hidden: hidden)
            }
        }
    }

    func monthForm(_ action: String, _ months: [Month], _ chosen: Month) -> HTML {
        form(.class("period"), .method(.get), .action(action)) {
            monthChoice("month", words("money.month"), months, chosen)
            button(.type(.submit), .class("quiet")) { words("money.show") }
        }
    }

    private func monthChoice(
        _ name: String, _ words: String, _ months: [Month], _ chosen: Month, isWrong: Bool = false
    ) -> HTML {
        div(.class("field")) {
            label(.for("period-\(name)")) { words }
            select(
                .id("period-\(name)"), .name(name), isWrong ? .aria("invalid", "true") : nil,
                isWrong ? .aria("describedby", "period-error") : nil
            ) {
                for month in months {
                    option(.value(month.description), .selected(month == chosen)) {
                        self.month(month)
                    }
                }
            }
        }
    }

    // MARK: Bills

    /// «Квитанция» of a month, and «Печать» where it can be drawn (SF-120, SF-122, SF-123).
    @Children func billLinks(_ month: Month) -> HTML {
        a(
            .href(path("bills/\(month)")),
            .aria("label", words("bill.label", ["word": billWord, "month": self.month(month)]))
        ) { span(language == .ru ? nil : .lang("en")) { billWord } }
        if hasPDF {
            a(
                .href(path("bills/\(month).pdf")), .target("_blank"), .rel("noopener"),
                .aria("label", words("bill.print_label", ["month": self.month(month)]))
            ) { language == .ru ? profile.charges.bills.print : words("bill.print") }
        }
    }

    /// The organization's own word, in Russian.
    var billWord: String {
        language == .ru && profile.charges.bills.form == .standard
            ? profile.charges.bills.word : words("bill.word")
    }

    /// «Квитанция за апрель 2026»; of the form of manual 001 «Счёт на оплату за апрель 2026» (SF-117).
    func billTitle(_ month: Month) -> String {
        words("bill.title", ["word": billWord, "month": self.month(month)])
    }

    /// «Квитанции», «Счета».
    var billsTitle: String {
        language == .ru && profile.charges.bills.form == .thirteen
            ? profile.charges.bills.word : words("menu.bills")
    }

    /// Months that can be seen, each with what there was to pay.
    func bills(_ bills: [BalanceView.Bill]) -> HTML {
        ul(.class("list bills")) {
            for bill in bills {
                li {
                    div {
                        p { strong { month(bill.month) } }
                        p(.class("hint")) { due(bill) }
                    }
                    div(.class("ways")) { billLinks(bill.month) }
                }
            }
        }
    }

    private func due(_ bill: BalanceView.Bill) -> String {
        let owed = bill.owed
        guard owed.toPay > .zero else { return Balance(owed, language).sentence }
        let due = words(
            "bill.due",
            [
                "amount": Words.money(owed.toPay, language),
                "date": Words.date(bill.dueOn, language),
            ])
        return Balance.beside(due, owed.overpaid, language)
    }
}
