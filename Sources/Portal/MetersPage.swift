package import Commands
package import HTTP
package import Markup
package import Store
import Words

/// «Приборы учета»: meters, their readings, and the forms to submit them (features.md §10). Drawing
/// is a pure function of this value.
package struct MetersPage: Sendable {
    package var frame: Frame
    /// Nil while the database is away: then only what was posted is drawn.
    package var view: MetersView?
    package var posted: MetersForm?
    package var notice: MetersNotice?
    /// Makes a new idempotency key for each form.
    package var key: @Sendable () -> String
    /// The key of what led here, where that was no reading.
    package var said: String?
    /// False: the account was shared to be looked at only.
    package var maySubmit = true
    /// Where an organization shows no money it is «Главная» too: the accounts of whoever looks, none where there is only this
    /// one. Nil: it is not.
    package var home: [OwedAccount]?
    /// The account could not be read because the database is away.
    package var isAway = false

    package init(
        frame: Frame, view: MetersView?, posted: MetersForm? = nil, notice: MetersNotice? = nil,
        key: @escaping @Sendable () -> String
    ) {
        self.frame = frame
        self.view = view
        self.posted = posted
        self.notice = notice
        self.key = key
    }

    // MARK: The answer

    package func response() -> Response {
        var response = Page.response(status, draw())
        if status == 503 {
            response.headers.append(("Retry-After", "\(retryAfter)"))
        }
        return response
    }

    private var retryAfter: Int {
        if case .unavailable(let seconds, _) = posted?.outcome.ending { return seconds }
        return Portal.retryAfter
    }

    private var status: Int { posted?.outcome.ending.status ?? (isAway ? 503 : 200) }

    // MARK: The page

    var language: Language { frame.language }

    func words(_ key: String, _ values: [String: String] = [:]) -> String {
        frame.words(key, values)
    }

    package func draw() -> HTML {
        let heading = frame.metersTitle
        // Screen readers read the title first: it says at once that something is to be put right.
        let tab = status >= 400 ? "\(words("page.error_mark")) \(heading)" : heading
        return frame.draw(tab) {
            h1 { heading }
            if let view, let home, let profile = frame.profile {
                messages
                // It says what the month's notice would, and leads to all meters at once.
                NextCard(
                    frame: frame, profile: profile, times: view,
                    meters: view.meters.map { DueMeter($0) }, maySubmit: maySubmit
                ).draw()
                AccountsCard(frame: frame, profile: profile, accounts: home).draw()
                accountCard
            } else {
                accountCard
                messages
            }
            if let view {
                if maySubmit {
                    if home == nil {
                        if closed == nil { monthNotice(view) }
                        allTogether(view)
                    }
                } else {
                    Notice.warning.draw(language) { words("meters.view_only") }
                }
                meters(view)
            } else {
                postedAlone
            }
        }
    }

    /// The way to «Передать показания»: all meters on one page.
    @Children private func allTogether(_ view: MetersView) -> HTML {
        if let profile = frame.profile, view.meters.contains(where: { takesReadings($0, view) }) {
            p {
                a(
                    .class("all-meters"),
                    .href(Frame.accountPath(profile, view.account.number, "submit"))
                ) { words("submit.all", ["link": frame.submitAct]) }
            }
        }
    }

    /// Whether a meter is at work and read by its residents.
    func takesReadings(_ meter: MeterView, _ view: MetersView) -> Bool {
        isActive(meter, view) && !meter.automatic
    }

    static func withoutAccounts(_ frame: Frame) -> HTML {
        frame.draw(frame.metersTitle) {
            h1 { frame.metersTitle }
            Notice.warning.draw(frame.language) {
                frame.words("page.no_accounts", ["org": frame.profile?.name ?? ""])
            }
        }
    }

    @Children var accountCard: HTML {
        if let account = view?.account {
            div(.class("account")) {
                p(.class("number")) { words("page.account", ["number": account.number]) }
                dl {
                    let holder = [account.surname, account.name, account.patronymic]
                        .filter { !$0.isEmpty }.joined(separator: " ")
                    fact("page.holder", holder)
                    fact("page.address", Words.address(account.address))
                    // One company is the organization itself; of several, the account's own
                    // (SF-101).
                    if let profile = frame.profile, profile.companies.count > 1 {
                        fact(
                            "page.company",
                            profile.companies.first { $0.code == account.company }?.name ?? "")
                    }
                }
            }
        } else if let number = frame.account {
            div(.class("account")) {
                p(.class("number")) { words("page.account", ["number": number]) }
            }
        }
    }

    @Children private func fact(_ key: String, _ value: String) -> HTML {
        if !value.isEmpty {
            div {
                dt { words(key) }
                dd(frame.own) { value }
            }
        }
    }

    // MARK: What came of the last act

    @Children private var messages: HTML {
        switch posted?.outcome.ending {
        case .unavailable(let seconds, let isDoubtful):
            Notice.error.draw(language, role: "alert") {
                words(
                    isDoubtful ? "meters.unconfirmed" : "meters.unavailable",
                    ["n": "\(max(1, seconds))"])
            }
        case .outcome(let outcome):
            switch outcome.state {
            case .pending: pending(outcome.command)
            case .done: accepted(outcome.command)
            case .abandoned, .discarded:
                Notice.error.draw(language, role: "alert") {
                    words("meters.abandoned") + ". "
                        + words("page.code", ["code": outcome.command])
                }
            case .refused:
                if let closed {
                    tooLate(1, closed)
                } else if formMeter == nil, view != nil, let refusal = outcome.refusal {
                    Notice.error.draw(language, role: "alert") {
                        Words.refusal(refusal, language)
                    }
                }
            }
        case .misshapen(let error):
            if formMeter == nil, view != nil {
                Notice.error.draw(language, role: "alert") { Words.complaint(error, language) }
            }
        case .kept: KeptNotice.draw(language, mayBeSent: mayBeSent)
        case nil: after
        }
        if isAway, posted != nil {
            if case .unavailable = posted?.outcome.ending {
                HTML.empty
            } else {
                Notice.warning.draw(language) { words("problem.database_away") }
            }
        }
    }

    @Children private var after: HTML {
        switch notice {
        case .done(let id): accepted(id)
        case .deleted:
            Notice.done.draw(language, role: "status") { words("meters.deleted") }
        case .pending(let id):
            // By now it may have been decided: the page says what it sees.
            if reading(id) != nil {
                accepted(id)
            } else if let refusal = attempt(id)?.refusal {
                Notice.error.draw(language, role: "alert") { Words.refusal(refusal, language) }
            } else {
                pending(id)
            }
        case nil:
            if let said {
                Sheet.notice(said).draw(language, role: "status") { words(said) }
            }
        }
    }

    func pending(_ id: String) -> HTML {
        Notice.warning.draw(language, role: "status") {
            words("meters.pending") + ". "
            a(.href("\(frame.path)?\(kept)pending=\(segment(id))")) { words("meters.refresh") }
        }
    }

    /// What the address says of the page itself, with more to come behind it.
    private var kept: String { frame.query.isEmpty ? "" : frame.query + "&" }

    @Children func accepted(_ id: String) -> HTML {
        if let (meter, reading) = reading(id) {
            let what = words(
                "meters.done_what",
                [
                    "service": Words.service(meter.service, language), "number": meter.number,
                    "value": amounts(reading.values, meter),
                ])
            if reading.state == .noted {
                Notice.warning.draw(language, role: "status") {
                    words(
                        "meters.done_noted",
                        ["date": meter.verifiedUntil.map { Words.date($0, language) } ?? ""])
                    p { what }
                }
            } else {
                Notice.done.draw(language, role: "status") {
                    strong { words("meters.done") }
                    p { what }
                }
            }
        } else {
            // The same values again change nothing and so have no reading of their own.
            Notice.done.draw(language, role: "status") { strong { words("meters.done") } }
        }
    }

    func reading(_ id: String) -> (MeterView, ReadingView)? {
        for meter in view?.meters ?? [] {
            if let found = meter.readings.first(where: { $0.id == id }) { return (meter, found) }
        }
        return nil
    }

    func attempt(_ id: String) -> AttemptView? {
        view?.meters.lazy.flatMap(\.attempts).first { $0.id == id }
    }

    // MARK: When readings are taken

    var calendar: ReadingCalendar? { view.flatMap { ReadingCalendar(frame.profile, $0) } }

    /// As far as anybody knows.
    var mayBeSent: Bool { calendar.map { $0.state == .open } ?? true }

    /// A reading was posted here behind the last day and refused.
    private var closed: ReadingCalendar.Closed? {
        guard case .outcome(let outcome) = posted?.outcome.ending, outcome.state == .refused,
            outcome.kind == Command.Kind.submitReading.rawValue
        else { return nil }
        return calendar?.closed
    }

    /// Readings came behind the last day: nothing in them is to be put right. Says until when they
    /// were taken, when they will be again, and what becomes of the month.
    /// - Parameter count: how many were not taken.
    func tooLate(_ count: Int, _ closed: ReadingCalendar.Closed) -> HTML {
        Notice.error.draw(language, role: "alert") {
            words("meters.late", ["n": "\(count)"])
            p {
                let opens = Words.date(closed.opens, language)
                if let last = closed.last {
                    words(
                        "meters.late_until", ["date": Words.date(last, language), "opens": opens])
                } else {
                    words("home.opens", ["date": opens])
                }
            }
            p { words("meters.late_typed") }
            if let profile = frame.profile {
                if profile.charges.view != .none { p { words("meters.late_charged") } }
                if profile.readings.policy(.operator).window != .refuse {
                    p { words("meters.late_operator", ["org": profile.name]) }
                    div(frame.own) { frame.contacts(profile.contacts) }
                }
            }
        }
    }

    @Children func monthNotice(_ view: MetersView) -> HTML {
        if let calendar {
            switch calendar.state {
            case .open:
                if let window = calendar.window {
                    open(calendar, window, view.today)
                }
            case .windowClosed(let opens):
                Notice.warning.draw(language) {
                    words(
                        "meters.window_closed",
                        [
                            "from": "\(calendar.window?.from ?? 1)",
                            "to": "\(calendar.window?.to ?? 31)",
                            "date": Words.date(opens, language),
                        ])
                }
            case .monthClosed:
                Notice.warning.draw(language) {
                    words(
                        "meters.month_closed",
                        [
                            "month": Words.month(calendar.month, language),
                            "from": "\(calendar.window?.from ?? 1)",
                        ])
                }
            case .accountClosed(let day):
                Notice.warning.draw(language) {
                    words("meters.account_closed", ["date": Words.date(day, language)])
                }
            }
        }
    }

    /// Until when, and how long that is yet; an extension is told as one.
    private func open(
        _ calendar: ReadingCalendar, _ window: Profile.Readings.Window, _ today: Day
    ) -> HTML {
        let left = calendar.closes.map { Int($0.days - today.days) }
        let date = calendar.closes.map { Words.date($0, language) } ?? ""
        let rest =
            left.map {
                ". "
                    + ($0 == 0
                        ? words("meters.last_day") : words("meters.days_left", ["n": "\($0)"]))
            } ?? ""
        if calendar.isExtended {
            return Notice.warning.draw(language) {
                words("meters.window_extended", ["date": date]) + rest
            }
        }
        return p(.class("window")) {
            words("meters.window", ["from": "\(window.from)", "to": "\(window.to)"]) + rest
        }
    }

    // MARK: Meters

    /// The meter whose form was posted, if the page shows it.
    var formMeter: MeterView? {
        guard let posted, let meters = view?.meters else { return nil }
        let found = meters.filter {
            $0.number == posted.meter
                && (posted.service.isEmpty || $0.service.rawValue == posted.service)
        }
        return found.count == 1 ? found.first : nil
    }

    @Children private func meters(_ view: MetersView) -> HTML {
        // In the tab of a service stand its own meters only.
        let all = view.meters.filter { $0.service == frame.service ?? $0.service }
        let active = all.filter { isActive($0, view) }
        let inactive = all.filter { !isActive($0, view) }
        div(.id("meters"), .tabindex(-1)) {
            if active.isEmpty {
                p(.class("card none")) { words("meters.none") }
            }
            let services = (frame.profile?.services ?? []) + Service.allCases
            for (index, service) in services.enumerated()
            where services.firstIndex(of: service) == index {
                let own = active.filter { $0.service == service }
                if !own.isEmpty {
                    section(.class("service"), .aria("labelledby", service.rawValue)) {
                        h2(.id(service.rawValue)) { Words.service(service, language) }
                        for meter in own { MeterCard(page: self, view: view, meter: meter).draw() }
                    }
                }
            }
            if frame.service == nil { missing(active) }
            if !inactive.isEmpty {
                section(.class("service inactive"), .aria("labelledby", "inactive")) {
                    h2(.id("inactive")) { words("meters.removed_list") }
                    for meter in inactive {
                        MeterCard(page: self, view: view, meter: meter).draw()
                    }
                }
            }
        }
    }

    /// «При отсутствии индивидуального прибора учета появится информация о его отсутствии» (SF-142), service by service.
    @Children private func missing(_ active: [MeterView]) -> HTML {
        let without = (frame.profile?.services ?? []).filter { service in
            !active.contains { $0.service == service }
        }
        if !active.isEmpty, !without.isEmpty {
            p(.class("card none")) {
                words("meters.none") + ": "
                    + without.map { Words.service($0, language) }.joined(separator: ", ")
            }
        }
    }

    func isActive(_ meter: MeterView, _ view: MetersView) -> Bool {
        meter.removedOn.map { $0 >= view.today } ?? true
    }

    /// «131,012 м³», or of several registers «T1 131,012; T2 70».
    func amounts(_ values: [Quantity], _ meter: MeterView) -> String {
        let unit = Words.unit(meter.service, language)
        guard values.count > 1 else {
            return values.first.map { "\(Words.number($0, language))\u{A0}\(unit)" } ?? ""
        }
        return zip(Register.allCases, values)
            .map { "\($0.rawValue)\u{A0}\(Words.number($1, language))" }
            .joined(separator: "; ") + "\u{A0}\(unit)"
    }

    // MARK: The form alone

    /// What was posted, while the page around it cannot be read: nothing typed is lost, and the
    /// same key goes out again.
    @Children private var postedAlone: HTML {
        if let posted {
            let fields = posted.outcome.fields
            let typed = Register.allCases.filter { fields["value_\($0.rawValue)"] != nil }
            let isSaved =
                switch posted.outcome.ending {
                case .outcome(let outcome): outcome.state != .refused
                default: false
                }
            if !isSaved {
                div(.class("card meter")) {
                    h2 {
                        (Service(rawValue: posted.service).map {
                            Words.service($0, language) + ", "
                        } ?? "") + words("meters.number", ["number": posted.meter])
                    }
                    ReadingForm(
                        page: self, id: "posted", meter: posted.meter, service: posted.service,
                        unit: Service(rawValue: posted.service).map {
                            Words.unit($0, language)
                        } ?? "",
                        registers: typed.isEmpty ? [.t1] : typed, hint: nil, month: nil,
                        mine: posted, decimals: 6, digits: 12, isOpen: true
                    ).draw()
                }
            }
        }
    }
}

/// Whether readings are taken today, and for which month. The lane decides by the same rules when a
/// reading arrives; this only tells people beforehand.
package struct ReadingCalendar: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        case open
        case windowClosed(opens: Day)
        case monthClosed
        case accountClosed(Day)
    }
    package var window: Profile.Readings.Window?
    package var month: Month
    package var state: State
    /// The last day of those that are open now; nil: none is.
    package var closes: Day?
    /// Days on which readings were taken last, and will be next.
    package struct Closed: Sendable, Equatable {
        /// Nil: there was none for long.
        package var last: Day?
        package var opens: Day
    }
    /// Nil: the window is not what stands in the way today.
    package var closed: Closed?
    /// An operator's extension makes it open today, or longer.
    package var isExtended = false

    package init?(_ profile: Profile?, _ view: MetersView) {
        guard let profile else { return nil }
        let readings = profile.readings
        let today = view.today
        var times = ReadingTimes(
            window: view.window ?? profile.window(of: view.account.company),
            extensions: view.extensions)
        month = view.open.max() ?? times.month(on: today)
        // A policy that lets residents in at any time makes the window a custom, not a limit.
        if readings.policy(.resident).window == .allow { times.window = nil }
        window = times.window
        state = .open
        if let closed = view.account.closedOn, closed <= today {
            state = .accountClosed(closed)
            return
        }
        guard times.isOpen(on: today) else {
            let opens = times.opens(after: today) ?? today
            state = .windowClosed(opens: opens)
            closed = Closed(last: times.lastDay(before: today), opens: opens)
            return
        }
        closes = times.lastDay(from: today)
        isExtended = closes.map { times.isExtended(on: $0) } ?? false
        if view.closed.contains(month) {
            switch readings.late {
            case .refuse: state = .monthClosed
            case .nextMonth:
                while view.closed.contains(month) { month = month.advanced(by: 1) }
            }
        }
    }
}
