import Access
import Commands
public import HTTP
import Markup
import Store
import Words

/// A page about the money of an account (features.md §§6–8). Which of them an organization has, its profile says:
/// `charges.view`.
public enum MoneyPage: Sendable, Equatable {
    /// «Главная», «Лицевой счёт» (SF-100…SF-103).
    case account
    /// «Взаиморасчеты» (SF-110…SF-113).
    case settlements
    /// «Начисления» (SF-115).
    case charges
    /// «Платежи» with «Движение финансов» (SF-170, SF-171).
    case payments
    /// «Счета», «Квитанции» (SF-120…SF-125).
    case bills
    /// As it stood in the path.
    case bill(month: String)
    /// Services, their suppliers and tariffs (SF-104).
    case suppliers

    func isThere(in profile: Profile) -> Bool {
        switch (profile.charges.view, self) {
        case (.none, _): false
        case (_, .account), (_, .bills), (_, .bill), (_, .suppliers): true
        case (.settlements, .settlements), (.movements, .charges), (.movements, .payments): true
        // Manual 002 has all of it on the first page, 001 its payments too.
        case (.summary, .payments): profile.identity?.mode == .email
        default: false
        }
    }

    fileprivate var section: Frame.Section {
        switch self {
        case .account: .home
        case .suppliers: .suppliers
        case .settlements: .settlements
        case .charges: .charges
        case .payments: .payments
        case .bills, .bill: .bills
        }
    }

    fileprivate var path: String {
        switch self {
        case .account: ""
        case .settlements: "settlements"
        case .charges: "charges"
        case .payments: "payments"
        case .bills: "bills"
        case .bill(let month): "bills/\(segment(month))"
        case .suppliers: "suppliers"
        }
    }

    fileprivate var name: String {
        switch self {
        case .account: "account"
        case .bill: "bill"
        default: path
        }
    }
}

extension Portal {
    /// A page about the money of an account. Whoever may look at the account may look at it; all others find nothing there.
    public func money(_ page: MoneyPage, _ visit: Visit, account: String) -> Response {
        money(page, visit, account: account, isHome: false)
    }

    /// - Parameter isHome: it stands at the organization's own address.
    func money(_ page: MoneyPage, _ visit: Visit, account: String, isHome: Bool) -> Response {
        guard let session = visit.session else { return signedOut(visit) }
        guard page.isThere(in: visit.profile), let mine = Self.account(account, session),
            let number = AccountNumber(mine.number)
        else { return missing(visit) }
        let profile = visit.profile
        var frame = Frame(
            profile, session, visit.language, account: mine.number, section: page.section,
            path: isHome
                ? "/\(profile.code)/" : Frame.accountPath(profile, mine.number, page.path))
        if case .bill = page { frame.accountPage = "bills" } else { frame.accountPage = page.path }
        frame.query = Self.kept(visit.query)
        frame.dismissed = visit.dismissed
        if page != .account {
            // Else its own rows say what was posted.
            do {
                frame = try dressed(frame, session, visit.dismissed)
            } catch {
                return failed("menu", error, visit.language, profile)
            }
        }
        let (from, to) = (Self.month(visit, "from"), Self.month(visit, "to"))
        func sheet(_ account: MoneyAccount, _ names: MoneyNames) -> MoneySheet {
            MoneySheet(
                frame: frame, profile: profile, account: account, names: names,
                hasPDF: settings.drawsBills)
        }
        return asked(page.name, visit) { () throws(PortalQueriesError) in
            switch page {
            case .account:
                return try queries.summary(
                    of: HomeQuestion(
                        account: mine.id, accounts: session.accounts.map(\.id),
                        owner: mine.isOwned ? session.principal : nil), in: profile
                ).map { view in
                    let inputs = SummaryPage.Inputs(
                        frame: frame, view: view, isOwned: mine.isOwned,
                        maySubmit: mine.rights.contains(.readings))
                    return drawn.response(of: session.principal, inputs, isPlain: visit.isPlain) {
                        frame.charged = view.names
                        frame.groups = ServiceGroup.all(view.rows, view.names)
                        return SummaryPage(
                            sheet: sheet(view.account, view.names), view: view,
                            isOwned: inputs.isOwned, maySubmit: inputs.maySubmit
                        ).response(
                            profile.identity.map {
                                Sheet(
                                    frame: frame, visit: visit, identity: $0, posted: nil,
                                    makeKey: secrets.key)
                            })
                    }
                }
            case .settlements:
                return try queries.settlements(
                    of: number, in: profile, allowed: [mine.id], from: from, to: to
                ).map {
                    SettlementsPage(
                        sheet: sheet($0.account, $0.names), view: $0, chosen: visit.query["kind"]
                    ).response()
                }
            case .charges:
                return try queries.charges(
                    of: number, in: profile, allowed: [mine.id], month: Self.month(visit, "month")
                ).map { ChargesPage(sheet: sheet($0.account, $0.names), view: $0).response() }
            case .payments:
                return try queries.settlements(
                    of: number, in: profile, allowed: [mine.id], from: from, to: to, payments: true
                ).map { PaymentsPage(sheet: sheet($0.account, $0.names), view: $0).response() }
            case .bills:
                return try queries.bills(of: number, in: profile, allowed: [mine.id]).map {
                    BillsPage(sheet: sheet($0.account, $0.names), bills: $0.bills).response()
                }
            case .bill(let text):
                guard let month = Self.month(text) else { return nil }
                let found = try queries.bills(
                    of: number, in: profile, allowed: [mine.id], month: month)
                guard let found, let bill = found.bills.first(where: { $0.month == found.month })
                else { return nil }
                return BillPage(
                    sheet: sheet(found.account, found.names), bill: bill, charges: found.charges
                ).response()
            case .suppliers:
                return try queries.suppliers(of: number, in: profile, allowed: [mine.id]).map {
                    SuppliersPage(sheet: sheet($0.account, $0.names), view: $0).response()
                }
            }
        }
    }

    /// `2026-04` and nothing else; what is no month is as if nothing had been asked for.
    static func month(_ text: String) -> Month? { text.utf8.count == 7 ? Month(text) : nil }

    private static func month(_ visit: Visit, _ name: String) -> Month? {
        visit.query[name].flatMap { month($0) }
    }

    /// What a page goes by, to stay as it is in another language.
    private static func kept(_ query: [String: String]) -> String {
        ["kind", "month", "from", "to"].compactMap { name in
            query[name].flatMap { value in
                value.utf8.count <= 50 ? "\(name)=\(segment(value))" : nil
            }
        }.joined(separator: "&")
    }
}
