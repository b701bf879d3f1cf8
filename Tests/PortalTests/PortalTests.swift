import Commands
import Foundation
import HTTP
import Markup
import Store
import Testing
import Words

@testable import Portal

/// Profiles, accounts and meters to draw pages of.
enum Sample {
    static func profile(
        window: Profile.Readings.Window? = nil, late: Profile.Readings.Late = .refuse,
        accent: String = "#1f5fa8"
    ) throws -> Profile {
        var profile = try Profile(
            JSON.object([
                "code": .string("srkc"), "name": .string("ООО «СРКЦ»"),
                "title": .string("Личный кабинет физического лица"),
                "time_zone": .string("Europe/Moscow"),
                "companies": .array([
                    .object(["code": .string("srkc"), "name": .string("ООО «СРКЦ»")])
                ]),
                "services": .array([.string("cold_water"), .string("electricity")]),
                "accent": .string(accent),
                "footer": .array([.string("ООО «СРКЦ»")]),
            ]))
        profile.readings.window = window
        profile.readings.late = late
        return profile
    }

    static func day(_ text: String) throws -> Day { try #require(Day(text)) }
    static func month(_ text: String) throws -> Month { try #require(Month(text)) }
    static func quantity(_ text: String) -> Quantity {
        guard case .value(let quantity, _, _) = Quantity.read(text) else { return .zero }
        return quantity
    }

    static func reading(
        _ id: String, _ month: String, _ taken: String, _ values: [String], _ volumes: [String]?,
        state: ReadingView.State = .effective, channel: Channel = .resident,
        calculated: Bool = true
    ) throws -> ReadingView {
        ReadingView(
            id: id, month: try self.month(month), takenOn: try day(taken),
            received: "\(taken)T10:23:05+03:00", state: state, channel: channel,
            values: values.map(quantity), calculated: calculated,
            volumes: volumes.map { $0.map(quantity) })
    }

    static let newest = "0196f0c2-5c3a-7c1e-8f00-1234567890ab"

    static func water() throws -> MeterView {
        var readings: [ReadingView] = [
            try reading(
                newest, "2026-04", "2026-04-18", ["131.012"], ["4.512"], calculated: false),
            try reading(
                "a1", "2026-04", "2026-04-12", ["130.9"], nil, state: .replaced,
                calculated: false),
        ]
        let values = ["126.5", "122.1", "118", "113.75", "109.3", "105", "100.6", "96", "92.25"]
        for (index, value) in values.enumerated() {
            let month = try self.month("2026-03").advanced(by: -index)
            let taken = Day(days: month.first.days + 17)
            readings.append(
                try reading(
                    "b\(index)", month.description, taken.description, [value],
                    index == values.count - 1 ? ["2.25"] : ["4.\(index)"],
                    channel: Channel.allCases[index % Channel.allCases.count]))
        }
        return MeterView(
            id: 12, service: .coldWater, number: "ХВ-10452", verifiedUntil: try day("2026-05-10"),
            initial: [quantity("90")], readings: readings,
            attempts: [
                AttemptView(
                    id: "c1", received: "2026-04-17T09:00:00+03:00", channel: .resident,
                    typed: [RegisterValue(.t1, "13l,5")],
                    refusal: Refusal(.readingFormat, ["f": "3"]))
            ])
    }

    static func electricity() throws -> MeterView {
        MeterView(
            id: 13, service: .electricity, number: "77001122", registers: 3, digits: 6, decimals: 1,
            verifiedUntil: try day("2034-01-01"), initial: [.zero, .zero, .zero],
            readings: [
                try reading(
                    "d1", "2026-03", "2026-03-20", ["12045", "6200.5", "803"],
                    ["120", "60.5", "13"]),
                try reading(
                    "d2", "2026-02", "2026-02-20", ["11925", "6140", "790"], ["110", "55", "12"],
                    channel: .bank),
            ])
    }

    static func removed() throws -> MeterView {
        MeterView(
            id: 11, service: .coldWater, number: "ХВ-00017", verifiedUntil: try day("2024-01-01"),
            removedOn: try day("2023-12-15"), initial: [.zero],
            readings: [
                try reading(
                    "e1", "2023-12", "2023-12-15", ["842.1"], ["5"], channel: .control)
            ])
    }

    static func view(_ meters: [MeterView], today: String = "2026-04-18") throws -> MetersView {
        MetersView(
            account: AccountView(
                id: 5, number: "А000123", company: "srkc", surname: "Иванов", name: "Иван",
                patronymic: "Иванович", address: "г. Тула, ул. Лесная, д. 4, кв. 17"),
            meters: meters, today: try day(today))
    }

    static func page(
        _ view: MetersView?, profile: Profile? = nil, language: Language = .ru,
        posted: MetersForm? = nil, notice: MetersNotice? = nil
    ) throws -> MetersPage {
        MetersPage(
            frame: Frame(
                profile: try profile ?? self.profile(), language: language,
                person: "Иван Иванович", accounts: ["А000123", "А000777"], account: "А000123"),
            view: view, posted: posted, notice: notice, key: { "new-key" })
    }

    static func posted(
        _ ending: FormOutcome.Ending, _ fields: [String: String] = ["value_T1": "13,1"],
        meter: String = "ХВ-10452", service: String = "cold_water"
    ) -> MetersForm {
        MetersForm(
            meter: meter, service: service,
            outcome: FormOutcome(
                fields: fields.merging(["key": "sent-key"]) { kept, _ in kept }, ending: ending))
    }

    static func refused(_ refusal: Refusal) -> FormOutcome.Ending {
        .outcome(
            Outcome(
                command: newest, kind: "reading.submit", state: .refused, refusal: refusal))
    }
}

func text(_ response: Response) -> String { String(decoding: response.body, as: UTF8.self) }

/// Writes a page with its stylesheet beside it into the folder that KABINET_RENDER names, so that
/// a person can look at it.
func render(_ name: String, _ response: Response, _ profile: Profile) throws {
    guard let folder = ProcessInfo.processInfo.environment["KABINET_RENDER"] else { return }
    let css = Stylesheet.css + "\n" + Theme(accent: profile.accent).css
    let page = text(response)
        .replacing(/\/static\/kabinet\.css\?[^"]*/, with: "\(name).css")
    let root = URL(filePath: folder)
    try Data(page.utf8).write(to: root.appending(path: "\(name).html"))
    try Data(css.utf8).write(to: root.appending(path: "\(name).css"))
}

struct MetersPageTests {
    private func draw(
        _ name: String, _ meters: [MeterView]? = nil, today: String = "2026-04-18",
        profile: Profile? = nil, language: Language = .ru, posted: MetersForm? = nil,
        notice: MetersNotice? = nil
    ) throws -> (page: String, response: Response) {
        let profile = try profile ?? Sample.profile()
        let all = try meters ?? [Sample.water(), Sample.electricity(), Sample.removed()]
        let response = try Sample.page(
            Sample.view(all, today: today), profile: profile, language: language, posted: posted,
            notice: notice
        ).response()
        try render(name, response, profile)
        return (text(response), response)
    }

    @Test func `the page shows the person the accounts the meters and the words of the manuals`()
        throws
    {
        let (page, response) = try draw("plain")
        #expect(response.status == 200)
        for words in [
            "<html lang=\"ru\">", "Здравствуйте, Иван Иванович", "Выход", "Приборы учета",
            "Личный кабинет физического лица", "ООО «СРКЦ»", "Передать показания", "Новое",
            "Внести", "Статус ввода", "Статус показания", "Рассчитано", "Принято", "Заменено",
            "через личный кабинет", "снят с учёта 15.12.2023", "Холодная вода (ХВС)",
            "131,012", "126,5\u{A0}м³", "за апрель 2026", "action=\"/srkc/sign-out\"",
            "Недействующие приборы учета", "T2, ночь", "T3, полупик", "12\u{202F}045",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(
            page.contains("action=\"/srkc/accounts/%D0%90000123/readings\""))
        #expect(page.contains("href=\"/srkc/accounts/%D0%90000777/meters\""))
    }

    @Test func `every page lets one program of ours run and forbids others, frames and caches`()
        throws
    {
        let response = try draw("plain").response
        #expect(
            response.header("Content-Security-Policy")
                == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                + "connect-src 'self'; form-action 'self'; base-uri 'none'; "
                + "frame-ancestors 'none'")
        #expect(response.header("Referrer-Policy") == "same-origin")
        #expect(response.header("Cross-Origin-Opener-Policy") == "same-origin")
        #expect(response.header("Permissions-Policy")?.contains("camera=()") == true)
        #expect(response.header("Cache-Control") == "no-store")
        let page = text(response)
        #expect(runsOnlyOurs(page))
        #expect(!page.contains(/<[^>]* on[a-z]+=/))
    }

    @Test func `what was used since a meter was installed is no month's bar`() throws {
        var meter = try Sample.electricity()
        let dwarfed = "февраль 2026: первое показание, расход с установки прибора"
        #expect(try !draw("plot", [meter]).page.contains(dwarfed))
        meter.installedOn = try Sample.day("2025-11-30")
        #expect(try !draw("plot", [meter]).page.contains(dwarfed))
        meter.installedOn = try Sample.day("2025-10-31")
        let page = try draw("plot", [meter]).page
        #expect(page.contains(dwarfed) && page.contains("март 2026: 193,5"))
    }

    @Test func `hostile names and values stay text`() throws {
        let evil = "<script>alert(1)</script>\"' onfocus=x"
        var meter = try Sample.water()
        meter.number = evil
        meter.attempts[0].typed = [RegisterValue(.t1, evil)]
        var view = try Sample.view([meter])
        view.account.address = evil
        var profile = try Sample.profile()
        profile.name = evil
        profile.title = evil
        var page = try Sample.page(
            view, profile: profile,
            posted: Sample.posted(
                Sample.refused(Refusal(.readingMeterRemoved, ["org": evil, "date": evil])),
                ["value_T1": evil, "key": evil], meter: evil))
        page.frame.person = evil
        let drawn = text(page.response())
        #expect(runsOnlyOurs(drawn))
        // Inside a tag it would end the attribute.
        #expect(!drawn.contains(/<[^>]*"' onfocus/))
        #expect(drawn.contains("&lt;script&gt;"))
    }

    @Test func `a refused value stays typed with its reason beside it`() throws {
        let (page, response) = try draw(
            "refused",
            posted: Sample.posted(
                Sample.refused(
                    Refusal(.readingLess, ["prev": "126.5", "date": "2026-03-18"]))))
        #expect(response.status == 422)
        let field = try #require(page.firstMatch(of: /<input[^>]*id="m12-T1"[^>]*>/)).output
        #expect(field.contains("value=\"13,1\""))
        #expect(field.contains("aria-invalid=\"true\""))
        #expect(field.contains("aria-describedby=\"m12-error m12-hint\""))
        #expect(field.contains("autofocus"))
        let reason = try #require(page.firstMatch(of: /<p[^>]*id="m12-error".*?<\/p>/)).output
        #expect(reason.contains("<svg") && reason.contains("Ошибка:"))
        #expect(reason.contains("значение меньше предыдущего (126,5 от 18.03.2026)"))
        #expect(page.contains("<title>Ошибка: Приборы учета"))
        // The refused body has used up its key.
        #expect(!page.contains("sent-key"))
        #expect(!page.contains("name=\"confirm\""))
    }

    @Test func `only the register that is wrong is marked`() throws {
        let (page, _) = try draw(
            "registers",
            posted: Sample.posted(
                Sample.refused(Refusal(.readingFormat, ["f": "1"])),
                ["value_T1": "12100", "value_T2": "6300,55", "value_T3": "810"],
                meter: "77001122", service: "electricity"))
        let marked = page.matches(of: /<input[^>]*aria-invalid[^>]*>/).map(\.output)
        #expect(marked.count == 1)
        #expect(marked.first?.contains("name=\"value_T2\"") == true)
        #expect(page.contains("value=\"12100\""))
    }

    @Test func `a doubtful value is asked about and can be confirmed`() throws {
        let (page, response) = try draw(
            "confirm",
            posted: Sample.posted(
                Sample.refused(
                    Refusal(
                        .readingSoft, ["v": "40.5", "unit": "cold_water", "avg": "4.2"],
                        confirmable: true)), ["value_T1": "167"]))
        #expect(response.status == 422)
        #expect(page.contains("существенно выше обычного (4,2)"))
        let button = try #require(page.firstMatch(of: /<button[^>]*name="confirm"[^>]*>/)).output
        #expect(button.contains("value=\"1\""))
        #expect(page.contains("Подтвердить"))
        #expect(page.contains("value=\"167\""))
    }

    @Test func `when nothing was saved the same key goes out again`() throws {
        let (page, response) = try draw(
            "unavailable", posted: Sample.posted(.unavailable(retryAfter: 2)))
        #expect(response.status == 503)
        #expect(response.header("Retry-After") == "2")
        #expect(page.contains("показание не сохранено"))
        #expect(page.contains("через 2 секунды"))
        #expect(page.contains("name=\"key\" value=\"sent-key\""))
        #expect(page.contains("value=\"13,1\""))
        #expect(page.contains("Отправить ещё раз"))
    }

    @Test func `what was typed survives a database that is away`() throws {
        var page = try Sample.page(
            nil, posted: Sample.posted(.unavailable(retryAfter: 3), ["value_T1": "140,5"]))
        page.isAway = true
        let response = page.response()
        let drawn = text(response)
        try render("away", response, try Sample.profile())
        #expect(response.status == 503)
        #expect(drawn.contains("value=\"140,5\""))
        #expect(drawn.contains("value=\"sent-key\""))
        #expect(drawn.contains("name=\"meter\" value=\"ХВ-10452\""))
    }

    @Test func `a form that is still pending says so and empties its fields`() throws {
        let (page, response) = try draw(
            "pending",
            posted: Sample.posted(
                .outcome(
                    Outcome(command: Sample.newest, kind: "reading.submit", state: .pending))))
        #expect(response.status == 200)
        #expect(page.contains("обрабатывается"))
        #expect(speaks(page))
        #expect(!page.contains("value=\"13,1\""))
        #expect(page.contains("?pending=\(Sample.newest)"))
    }

    @Test func `a misshapen form is told at its field`() throws {
        let (page, response) = try draw(
            "misshapen",
            posted: Sample.posted(.misshapen(ShapeError("/values/T1", "shape.long", "64")))
        )
        #expect(response.status == 400)
        #expect(page.contains("слишком длинное значение, можно не более 64 символов"))
        #expect(!page.contains("values/T1:"))
        #expect(page.contains("aria-invalid"))
    }

    @Test func `a refusal of a meter that is not there is told above`() throws {
        let (page, _) = try draw(
            "elsewhere",
            posted: Sample.posted(
                Sample.refused(Refusal(.notFound, ["what": "meter", "meter": "99"])), meter: "99"))
        #expect(page.contains("role=\"alert\""))
        #expect(page.contains("Прибор учёта № 99 на лицевом счёте не найден"))
    }

    @Test func `an abandoned form gives a code for support`() throws {
        let (page, response) = try draw(
            "abandoned",
            posted: Sample.posted(
                .outcome(
                    Outcome(command: Sample.newest, kind: "reading.submit", state: .abandoned))))
        #expect(response.status == 500)
        #expect(page.contains(Sample.newest))
    }

    @Test func `after success the page says what was accepted`() throws {
        let (page, _) = try draw("done", notice: .done(Sample.newest))
        #expect(page.contains("Показание принято к обработке"))
        #expect(page.contains("Холодная вода (ХВС), №\u{A0}ХВ-10452: 131,012\u{A0}м³"))
        #expect(speaks(page))
    }

    @Test func `a pending reading that has been decided is told as decided`() throws {
        #expect(
            try draw("pended", notice: .pending(Sample.newest)).page
                .contains("Показание принято к обработке"))
        let refused = try draw("pended", notice: .pending("c1")).page
        #expect(refused.contains("role=\"alert\""))
        #expect(try draw("pended", notice: .pending("zz")).page.contains("обрабатывается"))
        #expect(try draw("deleted", notice: .deleted("zz")).page.contains("Показание удалено"))
    }

    @Test func `a reading after expired verification is told to be for information only`() throws {
        var meter = try Sample.water()
        meter.verifiedUntil = try Sample.day("2026-01-10")
        meter.readings[0].state = .noted
        meter.readings[0].volumes = nil
        let (page, _) = try draw("expired", [meter], notice: .done(Sample.newest))
        #expect(page.contains("Истёк срок поверки прибора учёта (10.01.2026)"))
        #expect(page.contains("Срок поверки истёк 10.01.2026"))
        #expect(page.contains("Принято для сведения"))
    }

    @Test func `verification that ends soon is warned of`() throws {
        #expect(
            try draw("plain").page.contains(
                "Поверка действует до 10.05.2026, осталось 22 дня"))
    }

    @Test func `an account without meters says so`() throws {
        #expect(
            try draw("none", []).page.contains("Индивидуальный прибор учета не установлен"))
    }

    @Test func `only the newest reading that is not calculated can be deleted`() throws {
        let (page, _) = try draw("plain")
        let deletions = page.matches(of: /action="([^"]*)\/delete"/).map { String($0.1) }
        #expect(
            deletions == ["/srkc/accounts/%D0%90000123/readings/\(Sample.newest)"])
        #expect(page.contains("Удалить показание 131,012\u{A0}м³ за апрель 2026"))
    }

    @Test func `refused attempts stand in red with a word beside the colour`() throws {
        let (page, _) = try draw("plain")
        let row = try #require(page.firstMatch(of: /<tr[^>]*class="refused".*?<\/tr>/)).output
        #expect(row.contains("13l,5"))
        #expect(row.contains("class=\"remark error\""))
        #expect(row.contains("не более 3 знаков после запятой"))
    }

    private func attempt(
        _ id: String, _ received: String, _ typed: String, _ refusal: Refusal? = nil
    ) -> AttemptView {
        AttemptView(
            id: id, received: "2026-04-\(received)+03:00", channel: .resident,
            typed: [RegisterValue(.t1, typed)], refusal: refusal)
    }

    @Test func `of a day the reading that counts stands first, and tries stand where they belong`()
        throws
    {
        var meter = try Sample.water()
        let soft = Refusal(
            .readingSoft, ["v": "40", "unit": "cold_water", "avg": "4.2"], confirmable: true)
        let format = Refusal(.readingFormat, ["f": "3"])
        // The newest reading came on the 18th at 10:23:05, the one that it replaced on the 12th.
        meter.attempts = [
            attempt("after", "18T11:00:00", "12,,3", format),
            attempt("confirmed", "18T10:23:05", "131,0120", soft),
            attempt("before", "18T10:00:00", "13l", format),
            attempt("doubted", "17T09:00:00", "171", soft),
            attempt("early", "01T09:00:00", "1", format),
        ]
        func order(_ meter: MeterView) -> [String] {
            HistoryEntry.all(meter.readings, meter.attempts).prefix(6).map {
                switch $0 {
                case .reading(let reading): reading.id == Sample.newest ? "newest" : reading.id
                case .attempt(let attempt): attempt.id
                }
            }
        }
        #expect(order(meter) == ["newest", "after", "before", "doubted", "a1", "early"])
        // Of one day what was replaced stands among the tries by its time.
        meter.readings[1].takenOn = try Sample.day("2026-04-18")
        meter.readings[1].received = "2026-04-18T10:10:00+03:00"
        #expect(order(meter) == ["newest", "after", "a1", "before", "doubted", "early"])
        let (page, _) = try draw("history", [meter])
        let rows = page.matches(of: /<tr role="row" class="([a-z]+)">/).map { String($0.1) }
        #expect(
            rows.prefix(5) == ["effective", "refused", "replaced", "refused", "refused"])
        // Nothing can be confirmed in a history.
        #expect(page.contains("Показание не подтверждено: расход 40 м³ существенно выше обычного"))
        #expect(!page.contains("подтвердите ввод") && !page.contains("131,0120"))
        // Without a reading there are tries alone.
        meter.readings = []
        #expect(order(meter).count == 5)
    }

    @Test func `a long try is shown in short, and what cannot be seen by a sign for it`() throws {
        var meter = try Sample.water()
        let long = "12,,3abc" + String(repeating: "9", count: 40)
        meter.attempts = [
            attempt("long", "17T09:00:00", long), attempt("short", "16T09:00:00", "12,,3abc"),
            attempt("turned", "15T09:00:00", "1\u{202E}2\u{7}"), attempt("none", "14T09:00:00", ""),
        ]
        let page = try draw("tries", [meter]).page
        #expect(page.contains("title=\"\(long)\""))
        #expect(page.contains(">\(long.prefix(19))…</span>"))
        // In the title, and for whoever hears the page.
        #expect(page.ranges(of: long).count == 2)
        #expect(page.contains(">12,,3abc<") && page.contains(">1\u{FFFD}2\u{FFFD}<"))
        #expect(!page.contains("\u{202E}"))
    }

    @Test func `months before the last six are folded`() throws {
        let (page, _) = try draw("water", [try Sample.water()])
        #expect(page.contains("Более ранние показания (4)"))
        let fold = try #require(page.range(of: "<details>"))
        #expect(page[..<fold.lowerBound].contains("ноябрь 2025"))
        #expect(page[fold.lowerBound...].contains("октябрь 2025"))
        #expect(!page[fold.lowerBound...].contains("ноябрь 2025</td>"))
    }

    @Test func `the usual monthly use stands beside the field`() throws {
        let (page, _) = try draw("water", [try Sample.water()])
        #expect(page.contains("Обычный расход в месяц"))
        #expect(page.contains("около 4,3\u{A0}м³"))
    }

    @Test func `a closed window is told with the day when it opens and closes the form`() throws {
        let profile = try Sample.profile(window: .init(from: 10, to: 25))
        let open = try draw("window", today: "2026-04-18", profile: profile).page
        #expect(open.contains("Показания принимаются с 10 по 25 число"))
        #expect(!open.contains(" disabled"))
        let (closed, _) = try draw("closed", today: "2026-04-28", profile: profile)
        #expect(closed.contains("Период ввода показаний закрыт"))
        #expect(closed.contains("следующий период начнётся 10.05.2026"))
        #expect(closed.contains(" disabled"))
    }

    @Test func `a closed month is told`() throws {
        var view = try Sample.view([try Sample.water()])
        view.closed = [try Sample.month("2026-04")]
        let page = text(try Sample.page(view).response())
        #expect(page.contains("Показания за апрель 2026 уже учтены в расчёте"))
        #expect(page.contains(" disabled"))
    }

    @Test func `in English everything but the organization's own words is English`() throws {
        let (page, _) = try draw("english", language: .en)
        for words in [
            "<html lang=\"en\">", "Hello, Иван Иванович", "Meters", "Sign out", "Submit readings",
            "New reading", "18 Apr 2026", "Cold water", "126.5\u{A0}m³", "Entry status",
            "in the resident account", "removed on 15 Dec 2023", "12,045",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        for words in ["Приборы учета", "Внести", "Новое", "Рассчитано"] {
            #expect(!page.contains(words), "\(words)")
        }
    }

    @Test func `a long number an accent of any colour and many accounts still fit`() throws {
        var meter = try Sample.water()
        meter.number = String(repeating: "9", count: 50)
        meter.attempts[0].typed = [RegisterValue(.t1, String(repeating: "1", count: 64))]
        let profile = try Sample.profile(accent: "#ffe600")
        var page = try Sample.page(try Sample.view([meter]), profile: profile)
        page.frame.accounts = (0..<10).map { "А00012\($0)" }
        try render("long", page.response(), profile)
    }
}

struct CalendarTests {
    private func state(
        _ window: Profile.Readings.Window?, _ today: String, open: [String] = [],
        closed: [String] = [], late: Profile.Readings.Late = .refuse
    ) throws -> ReadingCalendar {
        var view = try Sample.view([], today: today)
        view.open = Set(try open.map(Sample.month))
        view.closed = Set(try closed.map(Sample.month))
        return try #require(
            ReadingCalendar(try Sample.profile(window: window, late: late), view))
    }

    @Test func `both ends of the window are in it`() throws {
        let window = Profile.Readings.Window(from: 10, to: 25)
        #expect(try state(window, "2026-04-10").state == .open)
        #expect(try state(window, "2026-04-25").state == .open)
        #expect(
            try state(window, "2026-04-09").state
                == .windowClosed(opens: try Sample.day("2026-04-10")))
        #expect(
            try state(window, "2026-12-26").state
                == .windowClosed(opens: try Sample.day("2027-01-10")))
    }

    @Test func `a window across the month's end belongs to the month before`() throws {
        let window = Profile.Readings.Window(from: 25, to: 3)
        #expect(try state(window, "2026-05-02").month == Sample.month("2026-04"))
        #expect(try state(window, "2026-05-27").month == Sample.month("2026-05"))
        #expect(
            try state(window, "2026-05-04").state
                == .windowClosed(opens: try Sample.day("2026-05-25")))
    }

    @Test func `a window of a day that a month lacks opens in the next month`() throws {
        let window = Profile.Readings.Window(from: 31, to: 31)
        #expect(
            try state(window, "2026-04-15").state
                == .windowClosed(opens: try Sample.day("2026-05-31")))
    }

    @Test func `the newest open month is the one and a closed one may pass to the next`() throws {
        #expect(
            try state(nil, "2026-04-18", open: ["2026-03", "2026-04"]).month
                == Sample.month("2026-04"))
        #expect(try state(nil, "2026-05-02", open: ["2026-04"]).month == Sample.month("2026-04"))
        #expect(try state(nil, "2026-04-18", closed: ["2026-04"]).state == .monthClosed)
        let later = try state(nil, "2026-04-18", closed: ["2026-04"], late: .nextMonth)
        #expect(later.state == .open)
        #expect(later.month == (try Sample.month("2026-05")))
    }
}

struct SmallPageTests {
    @Test func `problems say what to do and keep the status`() throws {
        let profile = try Sample.profile()
        for (key, words) in [
            ("not_found", "Проверьте адрес"), ("database_away", "не потеряно"),
            ("unauthorized", "Войдите снова"), ("overloaded", "очень много людей"),
        ] {
            let html = ProblemPage(
                frame: Frame(profile: profile, language: .ru), key: key, retryAfter: 21
            ).draw()
            let page = String(decoding: html.render(), as: UTF8.self)
            #expect(page.contains(words), "\(key)")
            #expect(page.contains("через 21 секунду"))
            #expect(page.contains("href=\"/srkc/\""))
            try render("problem", Page.response(503, html), profile)
        }
    }

    @Test func `a sign-in link acts on a button only`() throws {
        let profile = try Sample.profile()
        let html = DemoSignInPage(
            frame: Frame(profile: profile, language: .ru), action: "/srkc/demo/abc", key: "k"
        ).draw()
        let page = String(decoding: html.render(), as: UTF8.self)
        #expect(page.contains("method=\"post\" action=\"/srkc/demo/abc\""))
        try render("signin", Page.response(200, html), profile)
    }

    @Test func `letters link only to our own address`() throws {
        let letter = LetterView(
            id: Sample.newest, at: "2026-04-18T07:00:00Z", recipient: "a@b.example",
            title: "<b>Вход</b>",
            text:
                "Войдите: http://localhost:8080/srkc/demo/abc.\n"
                + "http://localhost:8080.evil.example/x"
        )
        let html = OutboxPage(
            letters: [letter], language: .ru, publicURL: "http://localhost:8080"
        ).draw()
        let page = String(decoding: html.render(), as: UTF8.self)
        #expect(page.contains("href=\"http://localhost:8080/srkc/demo/abc\""))
        #expect(!page.contains("href=\"http://localhost:8080.evil"))
        #expect(page.contains("&lt;b&gt;Вход"))
        #expect(page.contains("Здесь 1 сообщение"))
        try render("outbox", Page.response(200, html), try Sample.profile())
    }

    @Test(arguments: ["#1f5fa8", "#ffe600", "#ffffff", "#000000", "#c8102e", "#2e7d4f", "#zz"])
    func `any accent can be read in both themes`(_ accent: String) throws {
        let css = Theme(accent: accent).css
        let colours = css.matches(of: /--accent:(#[0-9a-f]{6})/).compactMap {
            Theme.Colour(hex: String($0.1))
        }
        try #require(colours.count == 2)
        #expect(colours[0].contrast(with: Theme.light) >= 4.5)
        #expect(colours[0].contrast(with: Theme.Colour(255, 255, 255)) >= 4.5)
        #expect(colours[1].contrast(with: Theme.dark) >= 4.5)
    }

    @Test func `notices come only from ids`() {
        let id = Sample.newest
        #expect(MetersNotice { $0 == "done" ? id : nil } == .done(id))
        #expect(MetersNotice { $0 == "pending" ? id : nil } == .pending(id))
        #expect(MetersNotice { $0 == "done" ? "Вы выиграли" : nil } == nil)
        #expect(MetersNotice { _ in nil } == nil)
    }
}

struct MetersJSONTests {
    @Test func `programs get decimal strings months and local times`() throws {
        let meter = try Sample.water()
        let view = try Sample.view([meter, try Sample.electricity()])
        let body = MetersJSON.readingsBody(view, meter)
        let first = try #require(body["readings"]?.array?.first)
        #expect(first["values"]?["T1"]?.string == "131.012")
        #expect(first["volumes"]?["T1"]?.string == "4.512")
        #expect(first["month"]?.string == "2026-04")
        #expect(first["taken_on"]?.string == "2026-04-18")
        #expect(first["received_at"]?.string == "2026-04-18T10:23:05+03:00")
        #expect(first["state"]?.string == "effective")
        #expect(body["refused"]?.array?.first?["code"]?.string == "RD_FORMAT")
        let meters = try #require(MetersJSON.metersBody(view)["meters"]?.array)
        #expect(meters.count == 2)
        #expect(meters[1]["registers"]?.array?.count == 3)
        #expect(meters[1]["last_reading"]?["values"]?["T2"]?.string == "6200.5")
        #expect(meters[0]["verified_until"]?.string == "2026-05-10")
    }
}
