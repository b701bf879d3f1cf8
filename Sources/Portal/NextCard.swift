import Commands
import Markup
import Store
import Words

/// What a resident is to do next, at the top of «Главная»: submit readings, and how long that is possible yet (SF-143, SF-152,
/// SF-153); pay, and until when. Without it people learn of a window when it is closed.
struct NextCard {
    struct Debt {
        var sum: Money
        var dueOn: Day
        /// What of the sum was to be paid by a day that has gone by before.
        var overdue = Money.zero
        /// Whose it is, where another payee was paid too much.
        var payees: String?
    }

    var frame: Frame
    var profile: Profile
    /// The account, and when its readings are taken.
    var times: MetersView
    var meters: [DueMeter]
    /// False: the account was shared to be looked at only.
    var maySubmit: Bool
    /// Nil: nothing is owed by a bill.
    var debt: Debt?

    private var language: Language { frame.language }
    private var today: Day { times.today }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        frame.words(key, values)
    }

    private func day(_ day: Day) -> String { Words.nearDay(day, language) }

    func draw() -> HTML {
        let tasks = [readings, payment].compactMap { $0 }
        return section(.class("card next"), .aria("labelledby", "next-title")) {
            h2(.id("next-title")) { words("home.next") }
            if tasks.isEmpty {
                p { words("home.nothing") }
            } else {
                ul(.class("tasks")) { for task in tasks { li { task } } }
            }
        }
    }

    // MARK: Readings

    /// Those that their residents read.
    private var asked: [DueMeter] {
        meters.filter { !$0.automatic && ($0.removedOn.map { $0 >= today } ?? true) }
    }

    /// Nil: there is nothing to submit, now or later.
    private var readings: HTML? {
        guard maySubmit, !asked.isEmpty, let calendar = ReadingCalendar(profile, times) else {
            return nil
        }
        let left = asked.count { !$0.months.contains(calendar.month) }
        switch calendar.state {
        case .open where left > 0: return submit(calendar, left)
        case .open, .monthClosed: return p { submitted(calendar) }
        case .windowClosed(let opens):
            let now = left > 0 ? words("home.closed") : submitted(calendar)
            return p { now + ". " + words("home.opens", ["date": day(opens)]) }
        case .accountClosed(let closed):
            return p { words("meters.account_closed", ["date": Words.date(closed, language)]) }
        }
    }

    private func submitted(_ calendar: ReadingCalendar) -> String {
        if calendar.state == .monthClosed {
            return words(
                "meters.month_closed",
                [
                    "month": Words.month(calendar.month, language),
                    "from": "\(calendar.window?.from ?? 1)",
                ])
        }
        return words("home.submitted", ["month": Words.month(calendar.month, language)])
    }

    @Children private func submit(_ calendar: ReadingCalendar, _ left: Int) -> HTML {
        let month = Words.month(calendar.month, language)
        div {
            p { strong { submit(until: calendar.closes, month) } }
            p(.class("hint")) {
                words(
                    "home.missing", ["month": month, "left": "\(left)", "all": "\(asked.count)"])
            }
            if calendar.isExtended, let closes = calendar.closes {
                p(.class("hint")) {
                    words("meters.window_extended", ["date": Words.date(closes, language)])
                }
            }
        }
        a(.class("go"), .href(frame.submitPath(profile, times.account.number))) {
            frame.submitAct
        }
    }

    private func submit(until closes: Day?, _ month: String) -> String {
        guard let closes else { return words("home.submit", ["month": month]) }
        let left = Int(closes.days - today.days)
        return left == 0
            ? words("home.submit_today")
            : words("home.submit_by", ["date": day(closes), "n": "\(left)"])
    }

    // MARK: Money

    private var payment: HTML? {
        debt.map { debt in
            let values = [
                "sum": Words.money(debt.sum, language), "date": day(debt.dueOn),
                "late": Words.money(debt.overdue, language),
            ]
            return told(words(key(debt), values), debt.payees)
        }
    }

    @Children private func told(_ text: String, _ payees: String?) -> HTML {
        p { text }
        if let payees { p(.class("hint")) { payees } }
    }

    /// A day that is yet to come is not said of what has been overdue for long: penalties run on it.
    private func key(_ debt: Debt) -> String {
        if debt.dueOn < today { return "home.pay_late" }
        if debt.overdue >= debt.sum { return "home.pay_overdue" }
        let isLate = debt.overdue > .zero
        if debt.dueOn == today { return isLate ? "home.pay_today_part" : "home.pay_today" }
        return isLate ? "home.pay_part" : "home.pay"
    }
}

/// All accounts of a person with the debt of each (SF-106), each leading to its own «Главная». Of one account there is nothing to
/// choose, and its card says it.
struct AccountsCard {
    var frame: Frame
    var profile: Profile
    var accounts: [OwedAccount]

    private var language: Language { frame.language }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        frame.words(key, values)
    }

    @Children func draw() -> HTML {
        if accounts.count > 1 {
            section(.class("card all-accounts"), .aria("labelledby", "accounts-title")) {
                h2(.id("accounts-title")) { words("menu.accounts") }
                ul(.class("list")) { for owed in accounts { li { row(owed) } } }
                total
            }
        }
    }

    @Children private func row(_ owed: OwedAccount) -> HTML {
        let number = owed.account.number
        div {
            p {
                a(
                    .href(Frame.homePath(profile, number)),
                    number == frame.account ? .aria("current", "true") : nil
                ) { frame.named(number) }
            }
            p(.class("hint"), frame.own) { Words.address(owed.account.address) }
            if let closed = owed.account.closedOn {
                p(.class("hint")) {
                    words("accounts.closed", ["date": Words.date(closed, language)])
                }
            }
        }
        if profile.charges.view != .none {
            p(.class("owed")) { Balance(owed.owed, language).sentence }
        }
    }

    /// What was paid too much for one account pays for no other.
    @Children private var total: HTML {
        let debts = accounts.map(\.owed.toPay).filter { $0 > .zero }
        if profile.charges.view != .none, !debts.isEmpty {
            p(.class("all-owed")) {
                words("home.owed_in_all") + " "
                strong { Words.money(debts.reduce(.zero) { $0 + $1 }, language) }
            }
        }
    }
}
