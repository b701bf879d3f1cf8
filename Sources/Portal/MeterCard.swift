package import Commands
import Markup
package import Store
import Words

/// One meter: what it is, its form, its months as bars, and the history of its readings (SF-141,
/// SF-144…149).
struct MeterCard {
    /// Months of the history that stand open; older ones are folded.
    static let shownMonths = 6
    static let plottedMonths = 12
    /// Characters of what was typed and refused.
    static let typedLength = 20
    /// «поверка» is warned of so many days before.
    static let verificationNotice: Int32 = 30

    var page: MetersPage
    var view: MetersView
    var meter: MeterView

    private var language: Language { page.language }
    private var unit: String { Words.unit(meter.service, language) }
    private var id: String { "m\(meter.id)" }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        page.words(key, values)
    }

    private func date(_ day: Day) -> String { Words.date(day, language) }

    private func amount(_ quantity: Quantity) -> String {
        "\(Words.number(quantity, language))\u{A0}\(unit)"
    }

    /// Readings that count, newest month first.
    var effective: [ReadingView] { meter.readings.filter { $0.state == .effective } }

    func draw() -> HTML {
        let isActive = page.isActive(meter, view)
        return article(.class("card meter"), .id(id), .aria("labelledby", "\(id)-title")) {
            div(.class("name")) {
                h3(.id("\(id)-title")) {
                    // Two meters may share a number across services, and a screen reader jumps from
                    // heading to heading.
                    span(.class(isActive ? "spoken" : "")) {
                        Words.service(meter.service, language) + ", "
                    }
                    words("meters.number", ["number": meter.number])
                }
                if let removed = meter.removedOn, !isActive {
                    p(.class("state")) { words("meters.removed", ["date": date(removed)]) }
                }
            }
            if isActive, let warning = verificationWarning {
                Notice.warning.inline(language, warning)
            }
            div(.class("work")) {
                facts(isActive)
                if isActive, meter.automatic {
                    p(.class("automatic")) { words("meters.automatic") }
                } else if isActive, page.maySubmit {
                    entry
                }
            }
            plot
            history
        }
    }

    // MARK: What it is

    private func facts(_ isActive: Bool) -> HTML {
        dl(.class("facts")) {
            let month = ReadingCalendar(page.frame.profile, view)?.month ?? view.today.month
            if let previous = effective.first(where: { !isActive || $0.month < month }) {
                div {
                    dt { words("meters.previous") }
                    dd {
                        strong { stand(previous.values) }
                        span(.class("hint")) {
                            words(
                                "meters.at",
                                [
                                    "date": date(previous.takenOn),
                                    "month": Words.month(previous.month, language),
                                ])
                        }
                    }
                }
            } else {
                div {
                    dt { words("meters.initial") }
                    dd {
                        strong { stand(meter.initial) }
                        meter.installedOn.map { day in span(.class("hint")) { date(day) } }
                    }
                }
            }
            if isActive, let average = Usage.average(effective.filter { $0.month < month }) {
                div {
                    dt { words("meters.usual") }
                    dd {
                        words(
                            "meters.usual_value",
                            [
                                "v": Words.number(
                                    Words.usual(average, meter.service), language),
                                "unit": unit,
                            ])
                    }
                }
            }
            div {
                dt { words("meters.verification") }
                dd {
                    meter.verifiedUntil.map { date($0) } ?? words("meters.verification_unknown")
                }
            }
        }
    }

    /// What stands on the dials, a line a register.
    @Children private func stand(_ values: [Quantity]) -> HTML {
        lines(zip(Register.allCases, values).map { ($0, amount($1)) })
    }

    /// «поверка»: what expires is said before it does, since afterwards readings count for nothing
    /// (RD_VERIF).
    var verificationWarning: String? {
        guard let until = meter.verifiedUntil else { return nil }
        let left = until.days - view.today.days
        if left < 0 { return words("meters.verification_expired", ["date": date(until)]) }
        guard left <= Self.verificationNotice else { return nil }
        return words("meters.verification_soon", ["date": date(until), "n": "\(left)"])
    }

    private var entry: HTML {
        let calendar = ReadingCalendar(page.frame.profile, view)
        let isMine = page.formMeter?.id == meter.id
        return ReadingForm(
            page: page, id: id, meter: meter.number, service: meter.service.rawValue, unit: unit,
            registers: Array(Register.allCases.prefix(meter.registers)),
            hint: words(
                meter.decimals == 0 ? "meters.field_hint_whole" : "meters.field_hint",
                ["d": "\(meter.digits)", "f": "\(meter.decimals)"]),
            month: calendar?.month, mine: isMine ? page.posted : nil, decimals: meter.decimals,
            digits: meter.digits,
            // Only the same form again finds out what became of it, whatever day it is by then.
            isOpen: calendar?.state == .open
                || isMine && page.posted?.outcome.ending.isUnavailable == true
        ).draw()
    }

    // MARK: Months as bars

    @Children private var plot: HTML {
        let used = Dictionary(
            effective.compactMap { reading in
                reading.volumes.map { (reading.month, $0.reduce(.zero, +)) }
            }, uniquingKeysWith: { first, _ in first })
        if used.count > 1, let last = used.keys.max() {
            let count = Self.plottedMonths
            figure(.class("use")) {
                figcaption { words("meters.plot", ["unit": unit]) }
                Plot.bars(
                    id: "\(id)-plot", title: words("meters.plot", ["unit": unit]),
                    (0..<count).map { index in
                        let month = last.advanced(by: index - count + 1)
                        return point(month, used[month])
                    })
            }
        }
    }

    private func point(_ month: Month, _ used: Quantity?) -> Plot.Point {
        let name = Words.month(month, language)
        let label = Words.shortMonth(month, language)
        guard let used else {
            return Plot.Point(
                label: label, value: nil, words: words("meters.plot_nothing", ["month": name]))
        }
        if month == firstOfMany {
            return Plot.Point(
                label: label, value: nil, words: words("meters.plot_first", ["month": name]))
        }
        return Plot.Point(
            label: label, value: used.millionths,
            words: words(
                "meters.plot_point",
                ["month": name, "v": Words.number(used, language), "unit": unit]))
    }

    /// The month of the first reading of a meter that was installed long before: what was used is of all that time, and as a
    /// bar it would dwarf the months.
    private var firstOfMany: Month? {
        guard let first = effective.last?.month, let installed = meter.installedOn?.month,
            first - installed > 3
        else { return nil }
        return first
    }

    // MARK: History

    @Children private var history: HTML {
        if meter.readings.isEmpty, meter.attempts.isEmpty {
            p(.class("hint")) { words("meters.history_empty") }
        } else {
            let months = Set(meter.readings.map(\.month)).sorted(by: >)
            let oldest = months.prefix(Self.shownMonths).last
            let recent = meter.readings.filter { $0.month >= oldest ?? $0.month }
            let older = meter.readings.filter { $0.month < oldest ?? $0.month }
            table(recent, meter.attempts, words("meters.history"), isFirst: true)
            if !older.isEmpty {
                details {
                    summary {
                        words("meters.older", ["n": "\(Set(older.map(\.month)).count)"])
                    }
                    table(older, [], words("meters.history"), isFirst: false)
                }
            }
        }
    }

    /// A narrow screen shows each row in two lines, which takes the table's roles from it, so they
    /// are said.
    private func table(
        _ readings: [ReadingView], _ attempts: [AttemptView], _ name: String, isFirst: Bool
    ) -> HTML {
        let columns =
            ["month", "date", "value", "volume"].map { words("meters.column.\($0)") }
            + [own(\.entry, "meters.column.entry"), own(\.status, "meters.column.channel")]
        return Markup.table(.role("table"), .class("history")) {
            caption(.class("spoken")) {
                "\(name): \(words("meters.number", ["number": meter.number]))"
            }
            thead(.role("rowgroup")) {
                tr(.role("row")) {
                    for column in columns {
                        th(.role("columnheader"), .scope(.col)) { column }
                    }
                    th(.role("columnheader"), .scope(.col)) {
                        span(.class("spoken")) { words("meters.column.action") }
                    }
                }
            }
            tbody(.role("rowgroup")) {
                for entry in HistoryEntry.all(readings, attempts) {
                    switch entry {
                    case .reading(let reading): row(reading)
                    case .attempt(let attempt): row(attempt)
                    }
                }
            }
        }
    }

    private func cell(_ kind: String, @Children _ content: () -> HTML) -> HTML {
        td(.role("cell"), .class(kind)) { content() }
    }

    private func lines(_ values: [(Register, String)]) -> HTML {
        lines(drawn: values.map { ($0, HTML.text($1)) })
    }

    @Children private func lines(drawn values: [(Register, HTML)]) -> HTML {
        for (register, value) in values {
            if meter.registers > 1 {
                span(.class("line")) {
                    span(.class("register")) { register.rawValue + "\u{A0}" }
                    value
                }
            } else {
                value
            }
        }
    }

    /// What was typed and refused, as far as a dial's number would be long.
    private func typed(_ text: String) -> HTML {
        let shown = Self.printable(text)
        if shown.isEmpty { return .text("—") }
        guard shown.count > Self.typedLength else { return .text(shown) }
        return span(.title(shown)) {
            span(.aria("hidden", "true")) { "\(shown.prefix(Self.typedLength - 1))…" }
            span(.class("spoken")) { shown }
        }
    }

    /// What cannot be seen, or turns the writing around, is shown as a sign that stands for it.
    private static func printable(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
                .unassigned:
                scalars.append("\u{FFFD}")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    private func row(_ reading: ReadingView) -> HTML {
        let counts = reading.state == .effective
        return tr(.role("row"), .class(reading.state.rawValue)) {
            cell("month") { Words.month(reading.month, language) }
            cell("date") { date(reading.takenOn) }
            cell("value") {
                lines(
                    zip(Register.allCases, reading.values).map {
                        ($0, Words.number($1, language, decimals: 0))
                    })
            }
            cell("volume") {
                if counts, let volumes = reading.volumes {
                    lines(zip(Register.allCases, volumes).map { ($0, amount($1)) })
                } else {
                    "—"
                }
            }
            cell("entry") {
                switch reading.state {
                case .effective where reading.calculated:
                    status("calculated", own(\.calculated, "meters.state.calculated"))
                case .effective: status("accepted", own(\.accepted, "meters.state.accepted"))
                case .replaced: status("replaced")
                case .noted: status("noted")
                }
            }
            cell("channel") { Words.channel(reading.channel, language) }
            td(.role("cell"), .class("action")) { deletion(of: reading) }
        }
    }

    private func status(_ name: String) -> HTML {
        status(name, words("meters.state.\(name)"))
    }

    @Children private func status(_ name: String, _ text: String) -> HTML {
        if !text.isEmpty { span(.class("status \(name)")) { text } }
    }

    /// The profile's own word; they are Russian.
    private func own(_ word: KeyPath<Profile.Readings.Words, String>, _ key: String) -> String {
        guard language == .ru, let words = page.frame.profile?.readings.words else {
            return words(key)
        }
        return words[keyPath: word]
    }

    /// «показание можно удалить» (SF-148): the newest one that counts, while it is not
    /// «Рассчитано», and where the profile says so only in the session in which it was entered.
    private func mayDelete(_ reading: ReadingView) -> Bool {
        guard page.maySubmit, !meter.automatic, reading.id == effective.first?.id,
            !reading.calculated
        else { return false }
        return page.frame.profile?.readings.deleteUntil != .session || reading.entryLives
    }

    @Children private func deletion(of reading: ReadingView) -> HTML {
        if mayDelete(reading), let code = page.frame.profile?.code {
            form(
                .method(.post), .data("live", ""),
                .action(
                    "/\(code)/accounts/\(segment(view.account.number))/readings/"
                        + "\(segment(reading.id))/delete")
            ) {
                input(.type(.hidden), .name("key"), .value(page.key()))
                page.frame.tabField
                button(
                    .type(.submit), .class("quiet"),
                    .aria(
                        "label",
                        words(
                            "meters.delete_label",
                            [
                                "value": page.amounts(reading.values, meter),
                                "month": Words.month(reading.month, language),
                            ]))
                ) { words("meters.delete") }
            }
        }
    }

    /// A refused attempt: «причина непринятия показания» in red (SF-146), with a mark and a word
    /// beside the colour.
    private func row(_ attempt: AttemptView) -> HTML {
        tr(.role("row"), .class("refused")) {
            cell("month") { "—" }
            cell("date") {
                Day(attempt.received.prefix(10)).map { date($0) } ?? ""
            }
            cell("value") {
                lines(drawn: attempt.typed.map { ($0.register, typed($0.text)) })
            }
            cell("volume") { "—" }
            cell("entry") {
                Notice.error.inline(
                    language,
                    attempt.refusal.map { Words.refusal($0, language, isPast: true) }
                        ?? words("meters.state.refused"))
            }
            cell("channel") { Words.channel(attempt.channel, language) }
            td(.role("cell"), .class("action"))
        }
    }
}

/// A row of a meter's history: a reading, or what was tried and refused.
enum HistoryEntry {
    case reading(ReadingView)
    case attempt(AttemptView)

    /// The newest decision first; of a day the reading that counts. What was asked about and then
    /// taken as it was is no refusal.
    /// - Parameters:
    ///   - readings: newest month first, as they are kept.
    ///   - attempts: newest first.
    static func all(_ readings: [ReadingView], _ attempts: [AttemptView]) -> [HistoryEntry] {
        var left = attempts.filter { attempt in
            !readings.contains { isConfirmation($0, of: attempt) }
        }[...]
        var entries: [HistoryEntry] = []
        for reading in readings {
            while let attempt = left.first, comes(attempt, before: reading) {
                entries.append(.attempt(attempt))
                left = left.dropFirst()
            }
            entries.append(.reading(reading))
        }
        return entries + left.map(HistoryEntry.attempt)
    }

    private static func comes(_ attempt: AttemptView, before reading: ReadingView) -> Bool {
        guard let day = Day(attempt.received.prefix(10)), day <= reading.takenOn else {
            return true
        }
        // Local times of one zone are in the order of their texts.
        return day == reading.takenOn && reading.state == .replaced
            && attempt.received > reading.received
    }

    /// The same values, taken after they were doubted.
    private static func isConfirmation(_ reading: ReadingView, of attempt: AttemptView) -> Bool {
        guard attempt.refusal?.confirmable == true, reading.received >= attempt.received else {
            return false
        }
        let values = attempt.typed.compactMap { entry -> Quantity? in
            guard case .value(let value, _, _) = Quantity.read(entry.text) else { return nil }
            return value
        }
        return values == reading.values
    }
}

/// The usual monthly use shown beside a field: the volume of the last intervals that span at most
/// six months, a month's share of it, as the rule of doubtful readings reckons (domain.md §6.5).
package enum Usage {
    /// Nil below three months. Readings that count, newest first.
    package static func average(_ readings: [ReadingView]) -> Quantity? {
        var total: Int64 = 0
        var months = 0
        for (newer, older) in zip(readings, readings.dropFirst()) {
            guard let volumes = newer.volumes else { break }
            let span = newer.month - older.month
            if months + span > 6, months > 0 { break }
            months += span
            total += volumes.reduce(0) { $0 + $1.millionths }
        }
        guard months >= 3 else { return nil }
        return Quantity(millionths: total / Int64(months))
    }
}
