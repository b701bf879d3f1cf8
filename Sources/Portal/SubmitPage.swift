package import Commands
package import HTTP
import Markup
import Store
import Words

/// What «Передать показания» tells after a 303, from its query: which readings were taken, and which are not decided yet.
public struct SubmitNotice: Sendable, Equatable {
    public var done: [String]
    public var pending: [String]

    public init(done: [String] = [], pending: [String] = []) {
        self.done = done
        self.pending = pending
    }

    /// Whatever is no id is left out.
    public init(query: (String) -> String?) {
        func ids(_ name: String) -> [String] {
            (query(name) ?? "").split(separator: ",").prefix(SubmitPage.mostRows)
                .compactMap { MetersNotice.id(String($0)) }
        }
        self.init(done: ids("done"), pending: ids("pending"))
    }
}

/// «Передать показания»: all meters of an account on one page, digits and one tap (SF-143, SF-144). Beside each field stands
/// what it is compared with; what was refused stays typed, what was taken is gone from its field and stands above.
package struct SubmitPage: Sendable {
    /// The door takes no more from one form.
    static let mostRows = 40

    /// What it has in common with «Приборы учета».
    var base: MetersPage
    /// What was posted, and how it ended.
    var form: FormOutcome?
    var notice: SubmitNotice

    package init(_ base: MetersPage, form: FormOutcome? = nil, notice: SubmitNotice = .init()) {
        self.base = base
        self.form = form
        self.notice = notice
    }

    private var frame: Frame { base.frame }
    private var language: Language { base.language }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        base.words(key, values)
    }

    // MARK: The answer

    package func response() -> Response {
        let status = form?.ending.status ?? (base.isAway ? 503 : 200)
        var response = Page.response(status, draw(status))
        if status == 503 {
            var seconds = Portal.retryAfter
            if case .unavailable(let wait, _) = form?.ending { seconds = max(1, wait) }
            response.headers.append(("Retry-After", "\(seconds)"))
        }
        return response
    }

    private func draw(_ status: Int) -> HTML {
        let heading =
            language == .ru
            ? frame.profile?.readings.words.link ?? words("meters.link") : words("meters.link")
        // Screen readers read the title first: it says at once that something is to be put right.
        let tab = status >= 400 ? "\(words("page.error_mark")) \(heading)" : heading
        return frame.draw(tab) {
            h1 { heading }
            account
            messages
            if let view = base.view {
                if base.maySubmit {
                    if !isTooLate { base.monthNotice(view) }
                    let meters = Self.meters(base, view)
                    if meters.isEmpty {
                        p(.class("card none")) { words("meters.none") }
                    } else {
                        fields(
                            meters.enumerated().map { index, meter in
                                row(
                                    index + 1, meter, view,
                                    isFirst: meters.first { $0.service == meter.service }?.id
                                        == meter.id)
                            }, isOpen: calendar?.state == .open || isUnsaved)
                    }
                } else {
                    Notice.warning.draw(language) { words("meters.view_only") }
                }
                if let profile = frame.profile {
                    p {
                        a(.href(Frame.metersPath(profile, view.account.number))) {
                            words("submit.history", ["title": frame.metersTitle])
                        }
                    }
                }
            } else if form != nil {
                fields(postedRows, isOpen: true)
            }
        }
    }

    /// Those that residents read, in the order of the services; the door takes no more of one form.
    static func meters(_ base: MetersPage, _ view: MetersView) -> [MeterView] {
        let services = (base.frame.profile?.services ?? []) + Service.allCases
        return view.meters.filter { base.takesReadings($0, view) }.enumerated()
            .sorted { left, right in
                let places = [left, right].map {
                    services.firstIndex(of: $0.element.service) ?? services.count
                }
                return (places[0], left.offset) < (places[1], right.offset)
            }.prefix(mostRows).map(\.element)
    }

    private var calendar: ReadingCalendar? { base.calendar }

    /// Some of what was posted came behind the last day, which is told above.
    private var isTooLate: Bool {
        calendar?.closed != nil && form?.parts.isEmpty == false && !isUnsaved
    }

    /// Only the same form again finds out what became of it, whatever day it is by then.
    private var isUnsaved: Bool { form?.ending.isUnavailable == true }

    /// One line: the fields are to stand on the first screen of a phone.
    @Children private var account: HTML {
        if let number = base.view?.account.number ?? frame.account {
            p(.class("hint")) {
                words("page.account", ["number": number])
                if let address = base.view?.account.address, !address.isEmpty {
                    ", "
                    span(frame.own) { Words.address(address) }
                }
            }
        }
    }

    // MARK: What came of the last act

    @Children private var messages: HTML {
        switch form?.ending {
        case .unavailable(let seconds, let isDoubtful):
            alert(.error) {
                words(
                    isDoubtful ? "meters.unconfirmed" : "meters.unavailable",
                    ["n": "\(max(1, seconds))"])
            }
        // Why it can be sent no more stands below.
        case .misshapen where form?.parts.isEmpty == true && calendar?.closed != nil: HTML.empty
        case .misshapen(let error) where form?.parts.isEmpty == true:
            alert(.error) {
                error.key == "shape.values"
                    ? words("submit.nothing") : Words.complaint(error, language)
            }
        case .outcome, .misshapen: wrong
        case .kept: KeptNotice.draw(language, mayBeSent: base.mayBeSent)
        case nil: HTML.empty
        }
        taken(form.map { Self.commands($0.parts, .done) } ?? doneByNow)
        waiting(form.map { Self.commands($0.parts, .pending) } ?? pendingYet)
        if base.isAway {
            if case .unavailable = form?.ending {
                HTML.empty
            } else {
                Notice.warning.draw(language) { words("problem.database_away") }
            }
        }
    }

    private func alert(_ kind: Notice, @Children _ content: () -> HTML) -> HTML {
        kind.draw(language, role: "alert", content)
    }

    /// How many are to be looked at again; beside each stands why.
    private var wrong: HTML {
        let refused = (form?.parts ?? []).filter {
            switch $0.ending {
            case .misshapen: true
            case .outcome(let outcome): outcome.state == .refused
            case .unavailable, .kept: false
            }
        }
        if let closed = calendar?.closed { return base.tooLate(refused.count, closed) }
        let reasons = refused.map { part -> Refusal? in
            if case .outcome(let outcome) = part.ending { outcome.refusal } else { nil }
        }
        if reasons.allSatisfy({ $0?.confirmable == true }) {
            return alert(.question) { words("submit.doubtful") }
        }
        return alert(.error) {
            words(
                reasons.allSatisfy(Self.isOfNoValue) ? "submit.not_taken" : "submit.refused",
                ["n": "\(refused.count)"])
        }
    }

    /// No other value of this meter would be taken either.
    private static func isOfNoValue(_ refusal: Refusal?) -> Bool {
        switch refusal?.code {
        case .readingWindow, .readingClosed, .accountClosed, .readingMeterRemoved, .readingNoMeter,
            .readingAutomatic, .notFound, .meterAmbiguous:
            refusal?.confirmable == false
        default: false
        }
    }

    private static func commands(
        _ parts: [FormOutcome.Part], _ state: Outcome.State
    ) -> [String] {
        parts.compactMap { part in
            guard case .outcome(let outcome) = part.ending else { return nil }
            switch outcome.state {
            case .done, .discarded: return state == .done ? outcome.command : nil
            case .pending, .abandoned: return state == .pending ? outcome.command : nil
            case .refused: return nil
            }
        }
    }

    /// By now what was pending may have been decided: the page says what it sees.
    private var doneByNow: [String] {
        notice.done + notice.pending.filter { base.reading($0) != nil }
    }

    private var pendingYet: [String] {
        notice.pending.filter { base.reading($0) == nil }
    }

    @Children private func taken(_ ids: [String]) -> HTML {
        let found = ids.compactMap { base.reading($0) }
        let noted = ids.filter { base.reading($0)?.1.state == .noted }
        let counted = found.filter { $0.1.state != .noted }
        // The same values again change nothing and so have no reading of their own.
        if ids.count > noted.count {
            Notice.done.draw(language, role: "status") {
                strong { words("submit.done", ["n": "\(ids.count - noted.count)"]) }
                for (meter, reading) in counted {
                    p {
                        words(
                            "meters.done_what",
                            [
                                "service": Words.service(meter.service, language),
                                "number": meter.number,
                                "value": base.amounts(reading.values, meter),
                            ])
                    }
                }
            }
        }
        for id in noted { base.accepted(id) }
    }

    @Children private func waiting(_ ids: [String]) -> HTML {
        for id in ids {
            if let refusal = base.attempt(id)?.refusal {
                alert(.error) { Words.refusal(refusal, language) }
            }
        }
        let open = ids.filter { base.attempt($0) == nil }
        if !open.isEmpty {
            Notice.warning.draw(language, role: "status") {
                words("meters.pending") + ". "
                a(.href("\(frame.path)?pending=\(open.joined(separator: ","))"), .data("poll", ""))
                {
                    words("meters.refresh")
                }
            }
        }
    }

    // MARK: The form

    private func fields(_ rows: [SubmitRow], isOpen: Bool) -> HTML {
        let code = frame.profile?.code ?? ""
        let wrong = isOpen ? rows.first { $0.complaint != nil }?.index : nil
        return Markup.form(
            .class("readings card"), .method(.post), .data("live", ""),
            .action(
                ProblemPage.action(
                    "/\(code)/accounts/\(segment(frame.account ?? ""))/readings/all",
                    isDoubtful: isDoubtful)),
            .aria("label", words("submit.form"))
        ) {
            input(.type(.hidden), .name("key"), .value(key))
            for row in rows {
                row.draw(
                    isOpen: isOpen, isLast: row.index == rows.last?.index,
                    isFocused: row.index == wrong)
            }
            SendingRemarks.draw(language)
            div(.class("buttons send")) {
                button(.type(.submit), .class("main"), .disabled(!isOpen)) {
                    sendWord(rows)
                }
            }
        }
    }

    private func sendWord(_ rows: [SubmitRow]) -> String {
        if case .unavailable = form?.ending { return words("meters.again") }
        if rows.contains(where: { $0.complaint?.isQuestion == true }) {
            return words("submit.confirm")
        }
        // «Внести» is of one reading; what an organization calls it otherwise, such as «Сохранить», is of
        // all of them too.
        let own = language == .ru ? frame.profile?.readings.words.submit : nil
        return own.flatMap { $0 == words("meters.submit") ? nil : $0 } ?? words("submit.send")
    }

    /// Nothing may have been saved, or nobody knows: the same key again, so that an answer that was lost is not a second
    /// reading.
    private var key: String {
        switch form?.ending {
        case .unavailable, .kept: form?.fields["key"] ?? base.key()
        default: base.key()
        }
    }

    private var isDoubtful: Bool {
        if case .unavailable(_, let isDoubtful) = form?.ending { isDoubtful } else { false }
    }

    private func row(
        _ index: Int, _ meter: MeterView, _ view: MetersView, isFirst: Bool
    ) -> SubmitRow {
        let card = MeterCard(page: base, view: view, meter: meter)
        let month = calendar?.month ?? view.today.month
        let previous = card.effective.first { $0.month < month }
        let values = previous?.values ?? meter.initial
        let registers = Array(Register.allCases.prefix(meter.registers))
        var row = SubmitRow(
            frame: frame, index: index, id: "m\(meter.id)", meter: meter.number,
            service: meter.service.rawValue, registers: registers, decimals: meter.decimals,
            digits: meter.digits)
        row.anchor = isFirst ? meter.service.rawValue : nil
        row.unit = Words.unit(meter.service, language)
        row.previous = values
        row.previousOn = previous?.takenOn ?? meter.installedOn
        row.usual = Usage.average(card.effective.filter { $0.month < month }).map {
            Words.number(Words.usual($0, meter.service), language)
        }
        row.given = card.effective.first { $0.month == month }.map {
            (Words.date($0.takenOn, language), base.amounts($0.values, meter))
        }
        row.warning = card.verificationWarning
        fill(&row)
        return row
    }

    /// What was posted, while the page around it cannot be read: nothing typed is lost, and the same key goes out again.
    private var postedRows: [SubmitRow] {
        let fields = form?.fields ?? [:]
        return (1...Self.mostRows).compactMap { index in
            guard let meter = fields["meter_\(index)"] else { return nil }
            let registers = Register.allCases.filter {
                fields["value_\(index)_\($0.rawValue)"] != nil
            }
            guard !registers.isEmpty else { return nil }
            let service = fields["service_\(index)"] ?? ""
            var row = SubmitRow(
                frame: frame, index: index, id: "posted\(index)", meter: meter, service: service,
                registers: registers, decimals: 6, digits: 12)
            row.unit = Service(rawValue: service).map { Words.unit($0, language) } ?? ""
            fill(&row)
            return row
        }
    }

    /// What was typed of this meter, and what came of it.
    private func fill(_ row: inout SubmitRow) {
        guard let form else { return }
        let place = (1...Self.mostRows).first {
            form.fields["meter_\($0)"] == row.meter && form.fields["service_\($0)"] == row.service
        }
        guard let place else { return }
        let ending = form.parts.first { $0.meter == row.meter && $0.service == row.service }?.ending
        // What was taken, or waits, is not to be sent again.
        if case .outcome(let outcome) = ending, outcome.state != .refused { return }
        var typed: [Register: String] = [:]
        for register in row.registers {
            typed[register] = form.fields["value_\(place)_\(register.rawValue)"]
        }
        row.typed = typed
        row.complaint = ReadingComplaint(
            ending, registers: row.registers, decimals: row.decimals, digits: row.digits,
            language: language
        ) { typed[$0] ?? "" }
        // Nothing is known to be wrong with what was meant before.
        if ending == nil || row.complaint == nil {
            row.confirm = form.fields["confirm_\(place)"]
        } else if row.complaint?.isQuestion == true {
            row.confirm = SubmitReading.confirmation(
                row.registers.compactMap { register in
                    typed[register].map { RegisterValue(register, $0) }
                })
        }
    }
}

/// Where the program says, while somebody types, what will not be taken.
enum TypingRemark {
    /// - Parameter id: begins the ids of the fields that it is about.
    static func draw(_ id: String) -> HTML {
        p(.class("remark warning"), .id("\(id)-check"), .hidden, .data("check", "")) {
            Notice.warning.icon
            span(.data("text", ""))
        }
    }
}

/// What the program shows in a form that cannot be sent just now; without one nobody sees it.
enum SendingRemarks {
    @Children static func draw(_ language: Language) -> HTML {
        p(.class("remark warning"), .hidden, .data("away", "")) {
            Notice.warning.icon
            span { Words.text("submit.offline", language) }
        }
        p(.class("remark error"), .hidden, .data("failed", "")) {
            Notice.error.icon
            span { Words.text("submit.failed", language) }
        }
    }
}

/// One meter of the form: its name, a field a register, and beside it what the value is compared with.
struct SubmitRow {
    var frame: Frame
    var index: Int
    /// Begins the ids inside; the same whenever the meter is drawn.
    var id: String
    var meter: String
    var service: String
    var registers: [Register]
    var decimals: Int
    var digits: Int
    /// A link may lead to the first meter of a service.
    var anchor: String?
    var unit = ""
    /// What stood on the dials last, and when.
    var previous: [Quantity] = []
    var previousOn: Day?
    var usual: String?
    /// What was submitted this month already; a new value takes its place.
    var given: (day: String, value: String)?
    var warning: String?
    var typed: [Register: String] = [:]
    var complaint: ReadingComplaint?
    /// The values that are meant though doubtful.
    var confirm: String?

    init(
        frame: Frame, index: Int, id: String, meter: String, service: String,
        registers: [Register], decimals: Int, digits: Int
    ) {
        self.frame = frame
        self.index = index
        self.id = id
        self.meter = meter
        self.service = service
        self.registers = registers
        self.decimals = decimals
        self.digits = digits
    }

    private var language: Language { frame.language }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        frame.words(key, values)
    }

    func draw(isOpen: Bool, isLast: Bool, isFocused: Bool) -> HTML {
        div(.class("row"), anchor.map { .id($0) }) {
            input(.type(.hidden), .name("meter_\(index)"), .value(meter))
            input(.type(.hidden), .name("service_\(index)"), .value(service))
            if let confirm, !confirm.isEmpty {
                input(.type(.hidden), .name("confirm_\(index)"), .value(confirm))
            }
            if registers.count > 1 {
                fieldset {
                    legend { name }
                    div(.class("registers")) {
                        for (place, register) in registers.enumerated() {
                            field(
                                register, place, isOpen: isOpen,
                                isLast: isLast && register == registers.last, isFocused: isFocused)
                        }
                    }
                }
            } else {
                for register in registers {
                    field(register, 0, isOpen: isOpen, isLast: isLast, isFocused: isFocused)
                }
            }
            facts
            if let warning { Notice.warning.inline(language, warning) }
            TypingRemark.draw(id)
            if let complaint {
                (complaint.isQuestion ? Notice.question : Notice.error)
                    .inline(language, id: "\(id)-error", complaint.text)
            }
        }
    }

    /// «Холодная вода (ХВС) № 12345678»: no two are called alike.
    @Children private var name: HTML {
        if let service = Service(rawValue: service) {
            Words.service(service, language)
            " "
        }
        span(.class("for")) { words("meters.number", ["number": meter]) }
    }

    private func field(
        _ register: Register, _ place: Int, isOpen: Bool, isLast: Bool, isFocused: Bool
    ) -> HTML {
        let wrong = complaint?.fields ?? []
        let isWrong = complaint != nil && (wrong.isEmpty || wrong.contains(register))
        let described = (isWrong ? ["\(id)-error"] : []) + ["\(id)-facts", "\(id)-check"]
        let name = "\(id)-\(register.rawValue)"
        return div(.class("field")) {
            label(.for(name)) {
                if registers.count > 1 {
                    Words.register(register, of: registers.count, language)
                } else {
                    self.name
                }
            }
            div(.class("typing")) {
                input(
                    .type(.text), .id(name), .name("value_\(index)_\(register.rawValue)"),
                    .value(typed[register] ?? ""), .inputmode("decimal"),
                    .enterkeyhint(isLast ? "send" : "next"), .autocomplete("off"),
                    .maxlength(64), .disabled(!isOpen),
                    // What cannot be put right now is not called wrong.
                    isWrong && isOpen ? .aria("invalid", "true") : nil,
                    .aria("describedby", described.joined(separator: " ")),
                    .autofocus(isFocused && register == (wrong.first ?? registers.first)),
                    .data("digits", "\(digits)"), .data("decimals", "\(decimals)"),
                    place < previous.count
                        ? .data("previous", previous[place].description) : nil,
                    .data(
                        "format",
                        Words.refusal(Refusal(.readingFormat, ["f": "\(decimals)"]), language)),
                    .data("capacity", words("submit.above", ["d": "\(digits)"])),
                    place < previous.count ? .data("less", less(previous[place])) : nil)
                if registers.count == 1 {
                    span(.class("unit"), .aria("hidden", "true")) { unit }
                }
            }
        }
    }

    private func less(_ value: Quantity) -> String {
        guard let previousOn else {
            return words("submit.less_undated", ["prev": Words.number(value, language)])
        }
        return words(
            "submit.less",
            ["prev": Words.number(value, language), "date": Words.date(previousOn, language)])
    }

    /// «Было 126,5 м³ (18.03.2026), обычно около 4,5 м³ в месяц».
    private var facts: HTML {
        p(.class("hint facts-line"), .id("\(id)-facts")) {
            if !previous.isEmpty {
                words("submit.was") + " "
                strong { stand }
                if let previousOn { " (\(Words.date(previousOn, language)))" }
                if let usual {
                    ", " + words("submit.usual", ["v": usual, "unit": unit])
                }
            }
            if let given {
                span(.class("given")) {
                    words("submit.given", ["date": given.day, "value": given.value])
                }
            }
        }
    }

    private var stand: String {
        let values = previous.map { Words.number($0, language) }
        guard values.count > 1 else { return (values.first ?? "") + "\u{A0}\(unit)" }
        return zip(Register.allCases, values).map { "\($0.rawValue)\u{A0}\($1)" }
            .joined(separator: "; ") + "\u{A0}\(unit)"
    }
}
