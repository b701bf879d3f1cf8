import Commands
import Foundation
import HTTP
import Postgres
import Store
import Telemetry
import TestKit
import Testing
import Words

@testable import Portal

/// Pages that say why there is no other, and what becomes of what was typed.
struct TroublePageTests {
    private static let held = HeldForm(
        action: "/srkc/accounts/1/readings/all",
        fields: [
            .init("key", .typed("sent-key")), .init("meter_1", .typed("ХВ-10452")),
            .init("service_1", .typed("cold_water")), .init("value_1_T1", .typed("13,1")),
            .init("meter_2", .typed("77001122")), .init("service_2", .typed("electricity")),
            .init("value_2_T1", .typed("19000")), .init("value_2_T2", .typed("<6300>")),
            .init("meter_3", .typed("ГВ-7")), .init("value_3_T1", .typed("")),
        ])

    private func portal() throws -> Portal {
        Portal(
            queries: PortalQueries(
                address: try Address("host=/nowhere port=1 user=nobody dbname=nothing"),
                library: Library(home: TestDatabase.home), keep: 1, patience: 1_000),
            telemetry: Telemetry(write: { _ in }),
            settings: PortalSettings(publicURL: "http://localhost", showsOutbox: true),
            secrets: PortalSecrets(key: { "new-key" }))
    }

    private func draw(
        _ key: String, _ retry: Retry?, _ language: Language = .ru, after seconds: Int = 7,
        isKnown: Bool = true
    ) throws -> (page: String, response: Response) {
        let response = try portal().problem(
            status: key == "too_many" ? 429 : 503, key: key, language: language,
            profile: isKnown ? Sample.profile() : nil, retryAfter: seconds, retry: retry)
        try render("trouble-\(key)", response, Sample.profile())
        return (text(response), response)
    }

    /// Names and values of the hidden fields, in their order.
    private func hidden(_ page: String) -> [String] {
        page.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/).map {
            "\($0.1)=\($0.2)"
        }
    }

    // MARK: Pages

    @Test(arguments: ["overloaded", "database_away", "outdated", "too_many"])
    func `a page that cannot be had is asked for again by itself, without a program`(key: String)
        throws
    {
        var delays: Set<Int> = []
        for _ in 0..<60 {
            let (page, response) = try draw(key, .page)
            #expect(response.header("Retry-After") == "7")
            let delay = try #require(response.header("Refresh").flatMap { Int($0) })
            #expect((7...14).contains(delay))
            #expect(page.contains("через \(delay) секунд"))
            delays.insert(delay)
        }
        #expect(delays.count > 1, "not all come back in the same second")
        let (page, _) = try draw(key, .page)
        #expect(runsOnlyOurs(page) && !page.contains("<form"))
        // In another language it is the same page.
        #expect(page.contains("href=\"?lang=en\"") && page.contains("<a href=\"\">Открыть сейчас"))
        #expect(page.contains("ООО «СРКЦ»") && page.contains("href=\"/srkc/\""))
        // Who only looks has nothing to lose.
        #expect(!page.contains("Ничего не сохранено"))
        let (english, _) = try draw(key, .page, .en, isKnown: false)
        #expect(english.contains("Open it now") && !english.contains("СРКЦ"))
    }

    @Test func `who is to wait for long is told so in minutes`() throws {
        func said(_ seconds: Int, _ language: Language = .ru) throws -> String {
            text(
                try portal().problem(
                    status: 429, key: "too_many", language: language, profile: Sample.profile(),
                    retryAfter: seconds))
        }
        #expect(try said(120).contains("через 120 секунд"))
        #expect(try said(121).contains("через 3 минуты"))
        #expect(try said(3_599).contains("через 60 минут"))
        #expect(try said(3_599, .en).contains("in 60 minutes"))
        #expect(
            Words.wait("trouble.press", seconds: 3_599, .ru).hasPrefix(
                "Отправить ещё раз можно через 60 минут."))
    }

    // MARK: Forms

    @Test(arguments: ["overloaded", "database_away", "outdated"])
    func `a form that was not taken goes out again as it was typed, under the same key`(key: String)
        throws
    {
        let (page, response) = try draw(key, .form(Self.held))
        #expect(response.status == 503 && response.header("Retry-After") == "7")
        #expect(response.header("Refresh") == nil, "nothing is lost by loading anew")
        #expect(runsOnlyOurs(page))
        #expect(
            hidden(page) == [
                "key=sent-key", "meter_1=ХВ-10452", "service_1=cold_water", "value_1_T1=13,1",
                "meter_2=77001122", "service_2=electricity", "value_2_T1=19000",
                "value_2_T2=&lt;6300&gt;", "meter_3=ГВ-7", "value_3_T1=",
            ])
        #expect(page.contains("method=\"post\" action=\"/srkc/accounts/1/readings/all\""))
        #expect(page.contains(">Отправить ещё раз</button>"))
        #expect(page.contains("Ничего не сохранено. Введённое осталось на этой странице"))
        #expect(!page.contains("не знаем"))
        // The digits are seen to be there.
        #expect(page.contains("Холодная вода (ХВС), №\u{A0}ХВ-10452"))
        #expect(page.contains("<dd>13,1</dd>"))
        #expect(page.contains("T1\u{A0}19000; T2\u{A0}&lt;6300&gt;"))
        #expect(!page.contains("<dt>№\u{A0}ГВ-7"), "of it nothing was typed")
        // Where a program runs it is sent by itself, and the count can be stopped.
        #expect(page.contains(/<form class="entry"[^>]* data-live="" data-again="[0-9]+">/))
        #expect(page.contains(/<div class="counting" hidden data-counting="">/))
        #expect(page.contains("data-stop=\"\">Остановить</button>"))
        // Another address would not have what was typed.
        #expect(!page.contains("lang=en"))
    }

    @Test(arguments: [true, false])
    func `what may have been saved is not called unsaved`(_ isDoubted: Bool) throws {
        var held = Self.held
        held.isDoubtful = isDoubted
        // The first time the code says it, and then the form's address.
        let (page, _) = try draw(isDoubted ? "overloaded" : "unconfirmed", .form(held))
        #expect(page.contains("Мы пока не знаем, сохранилось ли отправленное"))
        #expect(page.contains("второй раз оно не запишется"))
        #expect(!page.contains("Ничего не сохранено") && !page.contains("Idempotency"))
        #expect(page.contains("action=\"/srkc/accounts/1/readings/all?unsure=1\""))
        #expect(hidden(page).count == Self.held.fields.count)
    }

    @Test func `secrets are typed anew in their places, and nothing is sent by itself`() throws {
        let held = HeldForm(
            action: "/srkc/profile/password",
            fields: [
                .init("key", .typed("k")), .init("old", .secret(.password)),
                .init("password", .secret(.newPassword)),
                .init("password_again", .secret(.newPassword)), .init("code", .secret(.code)),
                .init("form", .typed("password")),
            ])
        let (page, _) = try draw("overloaded", .form(held))
        #expect(hidden(page) == ["key=k", "form=password"])
        let names = page.matches(of: /<input type="[a-z]+"(?: id="[^"]*")? name="([a-z_]+)"/)
        #expect(names.map { String($0.1) } == held.fields.map(\.name))
        for (name, type, filler) in [
            ("old", "password", "current-password"), ("password", "password", "new-password"),
            ("password_again", "password", "new-password"), ("code", "text", "one-time-code"),
        ] {
            let tag = try #require(field(page, name))
            #expect(tag.contains("type=\"\(type)\"") && tag.contains("required"), "\(name)")
            #expect(tag.contains("autocomplete=\"\(filler)\"") && !tag.contains("value="))
            #expect(page.contains("<label for=\"again-\(name)\">"))
        }
        #expect(page.contains("Прежний пароль") && page.contains("Новый пароль"))
        #expect(!page.contains("data-again") && !page.contains("data-live"))
    }

    @Test func `a long wait is not counted down`() throws {
        let (page, _) = try draw("too_many", .form(Self.held), after: 3_600)
        #expect(!page.contains("data-again") && hidden(page).count == Self.held.fields.count)
    }

    // MARK: Wrong addresses

    @Test func `a wrong address says what to do, and where one is known leads home`() throws {
        let portal = try portal()
        let known = text(
            portal.problem(
                status: 404, key: "not_found", language: .ru, profile: try Sample.profile()))
        #expect(known.contains("Проверьте адрес") && known.contains("href=\"/srkc/\""))
        let nowhere = portal.problem(status: 404, key: "not_found", language: .ru, profile: nil)
        #expect(text(nowhere).contains("указан на квитанции"))
        #expect(nowhere.header("Refresh") == nil && nowhere.header("Retry-After") == nil)
    }

    @Test func `the first page of a system that is tried out leads to every cabinet`() throws {
        let portal = try portal()
        let page = text(portal.welcome([try Sample.profile()], .ru))
        #expect(page.contains("href=\"/srkc/\"") && page.contains("demo links"))
        #expect(page.contains("href=\"/outbox\"") && runsOnlyOurs(page))
        #expect(text(portal.welcome([], .en)).contains("There is no organization here yet"))
    }

    // MARK: Kept while its owner signed in

    private static let kept = FormOutcome(
        fields: [
            "key": "sent-key", "meter_1": "ХВ-10452", "service_1": "cold_water",
            "value_1_T1": "<13,1>", "confirm_1": "T1=<13,1>",
        ], ending: .kept)

    @Test func `what was typed stands in the form again, and waits for the tap`() throws {
        let base = try Sample.page(Sample.view([Sample.water()]))
        let response = SubmitPage(base, form: Self.kept).response()
        let page = text(response)
        #expect(response.status == 200 && response.header("Refresh") == nil)
        #expect(page.contains("ещё не отправлено") && speaks(page))
        #expect(field(page, "value_1_T1")?.contains("value=\"&lt;13,1&gt;\"") == true)
        #expect(field(page, "value_1_T1")?.contains("aria-invalid") == false)
        #expect(field(page, "key")?.contains("value=\"sent-key\"") == true)
        #expect(page.contains("Отправить показания") && !page.contains("data-again"))

        let one = try Sample.page(
            Sample.view([Sample.water()]), posted: Sample.posted(.kept)
        ).response()
        #expect(one.status == 200 && text(one).contains("ещё не отправлено"))
        #expect(field(text(one), "value_T1")?.contains("value=\"13,1\"") == true)
        #expect(text(one).contains("name=\"key\" value=\"sent-key\""))
    }

    // MARK: The window

    @Test func `a reading outside the window stays beside its reason, and when it opens is told`()
        throws
    {
        let profile = try Sample.profile(window: .init(from: 20, to: 25))
        let refusal = Refusal(.readingWindow, ["from": "20", "to": "25", "date": "2026-04-20"])
        let ending = FormOutcome.Ending.outcome(
            Outcome(
                command: Sample.newest, kind: "reading.submit", state: .refused, refusal: refusal))
        let base = try Sample.page(Sample.view([Sample.water()]), profile: profile)
        let all = SubmitPage(
            base,
            form: FormOutcome(
                fields: Self.kept.fields, ending: ending,
                parts: [.init(meter: "ХВ-10452", service: "cold_water", ending: ending)])
        ).response()
        let one = try Sample.page(
            Sample.view([Sample.water()]), profile: profile,
            posted: Sample.posted(ending, ["value_T1": "<13,1>"])
        ).response()
        for (response, name) in [(all, "value_1_T1"), (one, "value_T1")] {
            #expect(response.status == 422)
            let page = text(response)
            let tag = try #require(field(page, name))
            #expect(tag.contains("value=\"&lt;13,1&gt;\"") && tag.contains("disabled"), "\(name)")
            #expect(page.contains("Не принято 1 показание: период ввода закрыт"))
            #expect(
                page.contains(
                    "по 25.03.2026 включительно, следующий период начнётся 20.04.2026"))
            #expect(page.matches(of: /role="alert"/).count == 1)
            #expect(page.contains(/class="remark error" id="[^"]*-error"/))
        }
    }

    // MARK: Old browsers

    @Test func `who has an old browser is told so first, and nobody else`() throws {
        let (page, _) = try draw("overloaded", .page)
        let notice = try #require(page.range(of: "<p class=\"outdated\">Ваш браузер устарел"))
        #expect(notice.lowerBound < page.range(of: "<header")?.lowerBound ?? page.startIndex)
        // What does not know the query shows it; what knows it, and what it asks for, does not.
        let css = Stylesheet.css
        let shown = try #require(css.range(of: ".outdated { padding"))
        let gone = try #require(
            css.range(of: "@supports (inset: 0) { .outdated { display: none; } }"))
        #expect(shown.lowerBound < gone.lowerBound)
        #expect(css.matches(of: /\.outdated \{/).count == 2)
    }
}

/// Pages of people and accounts whose database is away, or whose form was kept.
@Suite(.serialized) struct TroubleInTownTests {
    private static let town = Result { try Town() }

    @Test(arguments: Town.codes)
    func `a wrong address within one's cabinet has its menu`(code: String) throws {
        let town = try Self.town.get()
        let page = text(
            town.portal.problem(
                status: 404, key: "not_found", language: .ru, profile: try town.profile(code),
                session: try town.session(code)))
        #expect(page.contains("class=\"menu\"") && page.contains("Здравствуйте"))
    }

    @Test func `an account's form stands filled again`() throws {
        let town = try Self.town.get()
        var visit = try town.visit("srkc", 0)
        visit.kept = FormOutcome(
            fields: ["form": "name", "name": "Дача <у моря>", "key": "sent-key-of-the-form"],
            ending: .kept)
        let response = town.portal.page(.account("6262000"), visit, form: visit.kept)
        let page = text(response)
        #expect(response.status == 200 && page.contains("ещё не отправлено"))
        #expect(field(page, "name")?.contains("value=\"Дача &lt;у моря&gt;\"") == true)
        #expect(page.contains("value=\"sent-key-of-the-form\""))
        // The page to sign in says that it waits, where it was on the way to it.
        var nobody = try town.visit("srkc", nil, ["next": "accounts/6262000/settings"])
        nobody.keeps = true
        #expect(text(town.portal.home(nobody)).contains("Введённое сохранено в этом браузере"))
        nobody.keeps = false
        #expect(!text(town.portal.home(nobody)).contains("Введённое сохранено"))
    }

    @Test func `with the database away a posted form is held instead of its page`() throws {
        let town = try Self.town.get()
        let away = Portal(
            queries: PortalQueries(
                address: try Address("host=/nowhere port=1 user=nobody dbname=nothing"),
                library: town.database.library, keep: 1, patience: 1_000),
            telemetry: Telemetry(write: { _ in }),
            settings: PortalSettings(publicURL: "http://localhost", showsOutbox: true),
            secrets: PortalSecrets(key: { "new-key" }))
        var visit = try town.visit("srkc", 0)
        let fields = ["form": "name", "name": "Дача", "key": "sent-key-of-the-form"]
        let form = FormOutcome(fields: fields, ending: .unavailable(retryAfter: 2))
        visit.held = HeldForm(
            action: "/srkc/accounts/6262000/name",
            fields: fields.sorted { $0.key < $1.key }.map { .init($0.key, .typed($0.value)) })
        let response = away.page(.account("6262000"), visit, form: form)
        let page = text(response)
        #expect(response.status == 503 && response.header("Refresh") == nil)
        #expect(page.contains("action=\"/srkc/accounts/6262000/name\""))
        #expect(field(page, "name")?.contains("value=\"Дача\"") == true)
        #expect(field(page, "key")?.contains("value=\"sent-key-of-the-form\"") == true)
        // Who only looked looks again.
        visit.held = nil
        #expect(away.page(.account("6262000"), visit).header("Refresh") != nil)
        // Readings have a page of their own then, under the same key, and it says what is known of them.
        let session = try #require(visit.session)
        for isDoubtful in [false, true] {
            let posted = FormOutcome(
                fields: [
                    "key": "sent-key", "meter_1": "1", "service_1": "cold_water", "value_1_T1": "7",
                ], ending: .unavailable(retryAfter: 2, isDoubtful: isDoubtful))
            let answer = away.submit(
                Viewer(profile: visit.profile, session: session, language: .ru),
                account: "6262000", form: posted)
            let drawn = text(answer)
            #expect(answer.status == 503)
            #expect(field(drawn, "value_1_T1")?.contains("value=\"7\"") == true)
            #expect(field(drawn, "key")?.contains("value=\"sent-key\"") == true)
            #expect(drawn.contains("readings/all?unsure=1\"") == isDoubtful)
            #expect(drawn.contains("не сохранено") != isDoubtful)
        }
    }
}
