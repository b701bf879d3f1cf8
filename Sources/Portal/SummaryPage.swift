import Access
import Commands
import HTTP
import Markup
import Store
import Words

/// «Главная» (SF-100): what is to be done next, all accounts with their debts (SF-106), whose this one is and what it owes
/// (SF-101, SF-102), what its newest month charged (SF-103) or how its services stand, its bills (SF-120, SF-121), and the window
/// of the additional services.
struct SummaryPage {
    /// All that a plain visit's page is drawn from.
    struct Inputs: Sendable, Equatable {
        /// As it is before what was charged stands in it, which is of the view.
        var frame: Frame
        var view: SummaryView
        var isOwned: Bool
        var maySubmit: Bool
    }

    var sheet: MoneySheet
    var view: SummaryView
    /// Not shared by another person.
    var isOwned: Bool
    /// Readings may be submitted.
    var maySubmit: Bool

    private var profile: Profile { sheet.profile }
    private var language: Language { sheet.language }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    /// - Parameter told: what led here; nil where nobody can sign in.
    func response(_ told: Sheet?) -> Response {
        let heading = words(profile.identity.map(Frame.homeKey) ?? "menu.home")
        guard let told else { return sheet.response(heading) { content } }
        return told.response(heading) { content }
    }

    @Children private var content: HTML {
        next
        AccountsCard(frame: sheet.frame, profile: profile, accounts: view.accounts).draw()
        card
        month
        bills
        switches
        more
    }

    private var next: HTML {
        NextCard(
            frame: sheet.frame, profile: profile, times: view.times, meters: view.meters,
            maySubmit: maySubmit,
            debt: due.map {
                NextCard.Debt(
                    sum: view.owed.toPay, dueOn: $0.dueOn, overdue: view.overdue,
                    payees: sheet.payees(view.owed))
            }
        ).draw()
    }

    /// The newest bill, where something is owed by it.
    private var due: BalanceView.Bill? {
        guard view.owed.toPay > .zero, let bill = view.bills.first, bill.owed.toPay > .zero
        else { return nil }
        return bill
    }

    // MARK: The account

    private var card: HTML {
        let account = view.account.account
        return section(.class("card owner"), .aria("labelledby", "account-title")) {
            div {
                h2(.id("account-title")) { words("page.account", ["number": account.number]) }
                dl(.class("pairs")) {
                    fact(
                        "page.holder",
                        [account.surname, account.name, account.patronymic].filter { !$0.isEmpty }
                            .joined(separator: " "))
                    fact("page.address", Words.address(account.address))
                    fact(
                        "page.company",
                        profile.companies.first { $0.code == account.company }?.name
                            ?? profile.name)
                    fact("money.area", view.account.area.map { Words.volume($0, .m2, language) })
                    fact("money.ownership", view.account.ownership)
                }
            }
            owed
        }
    }

    @Children private func fact(_ key: String, _ value: String?) -> HTML {
        if let value, !value.isEmpty {
            div {
                dt { words(key) }
                dd(sheet.frame.own) { value }
            }
        }
    }

    private var owed: HTML {
        let balance = Balance(view.owed, language)
        return div(.class("owed")) {
            p(.class("hint")) { balance.label }
            p(.class("figure")) { balance.text }
            if let payees = sheet.payees(view.owed) { p(.class("hint")) { payees } }
            if let bill = due {
                p(.class("hint")) {
                    words(
                        "money.due",
                        [
                            "month": sheet.month(bill.month),
                            "date": Words.date(bill.dueOn, language),
                        ])
                }
            }
        }
    }

    // MARK: The newest month

    @Children private var month: HTML {
        if let newest = view.bills.first?.month {
            section(.class("card"), .aria("labelledby", "month-title")) {
                if profile.charges.view == .movements {
                    h2(.id("month-title")) {
                        words("charges.title_of", ["month": sheet.month(newest)])
                    }
                    ChargesTable(sheet: sheet, charges: view.charges).draw(words("menu.charges"))
                } else {
                    h2(.id("month-title")) {
                        words("money.since", ["month": sheet.month(newest)])
                    }
                    services
                    sheet.signs
                }
            }
        } else if view.rows.isEmpty {
            p(.class("card none")) { words("money.nothing") }
        } else {
            section(.class("card"), .aria("labelledby", "month-title")) {
                h2(.id("month-title")) { words("money.now") }
                services
                sheet.signs
            }
        }
    }

    /// «общая информация о расчетах по всем коммунальным услугам» (SF-100): a row a service, since the newest month.
    private var services: HTML {
        let columns =
            [MoneySheet.Column(title: words("charges.service"), isSum: false)]
            + sheet.balanceColumns
        let name = words("money.by_service")
        return sheet.table(name, columns) {
            for (kind, settled) in ServiceGroup.byKind(view.rows, view.names) {
                sheet.row(
                    columns,
                    [.text(kind.map { sheet.title($0) } ?? words("money.advance"))]
                        + sheet.balanceCells(settled), own: kind.flatMap { sheet.own($0) })
            }
            if let whole = ServiceGroup.settled(view.rows) {
                sheet.row(
                    columns, [.text(words("money.total"))] + sheet.balanceCells(whole), "total")
            }
        }
    }

    // MARK: Bills, and where else to go

    @Children private var bills: HTML {
        if !view.bills.isEmpty {
            section(.class("card"), .aria("labelledby", "bills-title")) {
                h2(.id("bills-title")) { sheet.billsTitle }
                sheet.bills(view.bills)
            }
        }
    }

    /// «окно управления для подключения дополнительных услуг» (SF-100): how each stands, and where it goes (SF-130, SF-131). The
    /// owner decides about them, with the texts before their eyes.
    @Children private var switches: HTML {
        let services = profile.identity?.services ?? []
        if isOwned, !services.isEmpty {
            section(.class("card"), .aria("labelledby", "services-title")) {
                h2(.id("services-title")) { words("menu.services") }
                ul(.class("list switches")) {
                    for service in services { li { row(of: service) } }
                }
                p { a(.href(sheet.path("services"))) { words("home.change_services") } }
            }
        }
    }

    @Children private func row(of service: IdentityProfile.Consent) -> HTML {
        let found = view.switches.first { $0.purpose == service.purpose.rawValue }
        div {
            p(sheet.frame.own) { HTML.whole(service.title) }
            if let found, found.isOn {
                p(.class("hint")) { place(of: service.purpose, found) }
            }
        }
        if found?.isOn == true {
            span(.class("mark")) { words("home.on") }
        } else {
            span(.class("hint")) { words("home.off") }
        }
    }

    @Children private func place(
        of purpose: IdentityProfile.Consent.Purpose, _ found: SwitchView
    ) -> HTML {
        if let way = purpose.way {
            let known = way == .sms ? found.phone : found.email
            let base = way == .sms ? found.basePhone : found.baseEmail
            if let known {
                ServicesPage.masked(known, way)
            } else if let base, !base.isEmpty {
                words("services.of_base", ["contact": ServicesPage.masked(base, way)])
            } else {
                words("profile.not_given")
            }
        } else {
            span(sheet.frame.own) { Words.address(view.account.account.address) }
        }
    }

    @Children private var more: HTML {
        section(.class("card"), .aria("labelledby", "more-title")) {
            h2(.id("more-title")) { words("money.more") }
            ul(.class("ways")) {
                li {
                    a(.href(Frame.metersPath(profile, view.account.account.number))) {
                        sheet.frame.metersTitle
                    }
                }
                if profile.houseMeters == .tab {
                    li { a(.href(sheet.path("house-meters"))) { words("menu.house") } }
                }
                li { a(.href(sheet.path("suppliers"))) { words("suppliers.title") } }
            }
        }
    }
}

/// Kinds of one service, which people see in one tab: hot water and the heat for it (SF-113), a service and the house's needs of it.
struct ServiceGroup: Sendable, Equatable {
    /// The kind that it is called by.
    var kind: String
    var kinds: [String]

    /// «Холодная вода (ХВС)»: the service, where it is one; else what the kind is called.
    func title(_ names: MoneyNames, _ language: Language) -> String {
        names.kind(kind)?.service.map { Words.service($0, language) }
            ?? names.titles(english: language == .en)[kind] ?? kind
    }

    /// The title is the organization's, and there is none in another language.
    func isOwn(_ names: MoneyNames) -> Bool {
        guard let known = names.kind(kind) else { return true }
        return known.service == nil && known.titleEnglish == nil
    }

    /// Of the kinds that were ever posted to an account, in the order of a bill.
    static func all(_ rows: [SettlementView], _ names: MoneyNames) -> [ServiceGroup] {
        all(codes(rows, names), names)
    }

    /// - Parameter names: of those kinds and no others.
    static func all(_ names: MoneyNames) -> [ServiceGroup] { all(names.kinds.map(\.code), names) }

    private static func all(_ codes: [String], _ names: MoneyNames) -> [ServiceGroup] {
        var groups: [ServiceGroup] = []
        for code in codes {
            let leading = leader(of: code, names, codes)
            if let index = groups.firstIndex(where: { $0.kind == leading }) {
                groups[index].kinds.append(code)
            } else {
                groups.append(ServiceGroup(kind: leading, kinds: [code]))
            }
        }
        return groups
    }

    private static func codes(_ rows: [SettlementView], _ names: MoneyNames) -> [String] {
        let found = Set(rows.compactMap(\.kind))
        return names.kinds.map(\.code).filter { found.contains($0) }
            + found.filter { names.kind($0) == nil }.sorted()
    }

    private static func leader(
        of code: String, _ names: MoneyNames, _ codes: [String]
    ) -> String {
        guard let kind = names.kind(code) else { return code }
        switch kind.basis {
        case .waterHeat:
            return kind.of.flatMap { codes.contains($0) ? $0 : nil } ?? code
        case .houseNeeds:
            return names.kinds.first {
                $0.basis == .meter && $0.service == kind.service && kind.service != nil
                    && codes.contains($0.code)
            }?.code ?? code
        default: return code
        }
    }

    /// Each kind's balance over all that the rows tell of; money of no kind last.
    static func byKind(
        _ rows: [SettlementView], _ names: MoneyNames
    ) -> [(kind: String?, settled: SettledMonth)] {
        let kinds: [String?] = codes(rows, names) + (rows.contains { $0.kind == nil } ? [nil] : [])
        return kinds.compactMap { kind in
            guard let settled = settled(rows.filter { $0.kind == kind }) else { return nil }
            // A kind of long ago that is even is nothing to tell of.
            let isIdle =
                settled == SettledMonth(month: settled.month)
            return isIdle ? nil : (kind, settled)
        }
    }

    /// All rows as one.
    static func settled(_ rows: [SettlementView]) -> SettledMonth? {
        guard !rows.isEmpty else { return nil }
        let months = Set(rows.compactMap(\.month)).sorted()
        return SettledMonth.sum(
            SettledMonth.all(months.isEmpty ? [Month(number: 0)] : months, of: rows))
    }
}
