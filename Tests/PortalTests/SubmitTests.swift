import Commands
import HTTP
import Store
import Testing
import Words

@testable import Portal

struct SubmitPageTests {
    private static let second = "0196f0c2-5c3a-7c1e-8f00-1234567890ac"

    private func automatic() throws -> MeterView {
        var meter = try Sample.water()
        meter.id = 14
        meter.number = "АВТ-1"
        meter.automatic = true
        return meter
    }

    private func hot() throws -> MeterView {
        MeterView(
            id: 15, service: .hotWater, number: "ГВ-7", verifiedUntil: try Sample.day("2030-01-01"),
            initial: [Sample.quantity("3.5")], readings: [])
    }

    private func draw(
        _ name: String, _ form: FormOutcome? = nil, notice: SubmitNotice = .init(),
        profile: Profile? = nil, today: String = "2026-04-18", language: Language = .ru,
        isAway: Bool = false
    ) throws -> (page: String, response: Response) {
        let profile = try profile ?? Sample.profile()
        let meters = try [
            Sample.electricity(), hot(), Sample.water(), automatic(), Sample.removed(),
        ]
        var base = try Sample.page(
            isAway ? nil : Sample.view(meters, today: today), profile: profile, language: language)
        base.frame.path = "/srkc/accounts/1/submit"
        base.isAway = isAway
        let response = SubmitPage(base, form: form, notice: notice).response()
        try render("submit-\(name)", response, profile)
        return (text(response), response)
    }

    private static let fields = [
        "key": "sent-key", "meter_1": "ХВ-10452", "service_1": "cold_water", "value_1_T1": "13,1",
        "meter_2": "77001122", "service_2": "electricity", "value_2_T1": "19000",
        "value_2_T2": "6300", "value_2_T3": "900", "meter_3": "ГВ-7", "service_3": "hot_water",
        "value_3_T1": "5.25",
    ]

    private func part(_ row: Int, _ ending: FormOutcome.Ending) -> FormOutcome.Part {
        FormOutcome.Part(
            meter: Self.fields["meter_\(row)"] ?? "", service: Self.fields["service_\(row)"] ?? "",
            ending: ending)
    }

    private func ended(
        _ state: Outcome.State, _ refusal: Refusal? = nil, id: String = Sample.newest
    ) -> FormOutcome.Ending {
        .outcome(Outcome(command: id, kind: "reading.submit", state: state, refusal: refusal))
    }

    @Test func `one form has every meter that is read, with what its value is compared with`()
        throws
    {
        let (page, response) = try draw("plain")
        #expect(response.status == 200)
        #expect(runsOnlyOurs(page))
        #expect(page.matches(of: /<form[^>]*class="readings card"/).count == 1)
        #expect(page.contains("action=\"/srkc/accounts/%D0%90000123/readings/all\""))
        #expect(page.matches(of: /name="key"/).count == 1)
        // The organization's services first, then the others; what is read by itself or gone is not asked for.
        for (name, value) in [
            ("meter_1", "ХВ-10452"), ("meter_2", "77001122"), ("meter_3", "ГВ-7"),
            ("service_3", "hot_water"),
        ] {
            #expect(field(page, name)?.contains("value=\"\(value)\"") == true, "\(name)")
        }
        #expect(field(page, "meter_4") == nil)
        for name in ["value_1_T1", "value_2_T1", "value_2_T2", "value_2_T3", "value_3_T1"] {
            let tag = try #require(field(page, name), "\(name)")
            #expect(tag.contains("inputmode=\"decimal\""))
            #expect(!tag.contains("required"))
        }
        #expect(field(page, "value_1_T1")?.contains("enterkeyhint=\"next\"") == true)
        #expect(field(page, "value_3_T1")?.contains("enterkeyhint=\"send\"") == true)
        for words in [
            "126,5\u{A0}м³", "18.03.2026", "обычно около", "Отправить показания",
            "Передано 18.04.2026: 131,012\u{A0}м³", "T2\u{A0}6\u{202F}200,5", "3,5\u{A0}м³",
            "id=\"cold_water\"", "id=\"electricity\"", "id=\"hot_water\"",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        // What the program tells while one types stands in the page, in its language.
        let tag = try #require(field(page, "value_1_T1"))
        #expect(tag.contains("data-previous=\"126.5\"") && tag.contains("data-decimals=\"3\""))
        #expect(tag.contains("Значение меньше предыдущего (126,5"))
        #expect(
            page.matches(of: /aria-describedby="([^"]*)"/).allSatisfy { found in
                found.1.split(separator: " ").allSatisfy { page.contains("id=\"\($0)\"") }
            })
    }

    @Test func `what was refused stays typed with its reason, what was taken is told and gone`()
        throws
    {
        let (page, response) = try draw(
            "partly",
            FormOutcome(
                fields: Self.fields, ending: ended(.refused, Refusal(.readingFormat)),
                parts: [
                    part(
                        1,
                        ended(
                            .refused,
                            Refusal(.readingLess, ["prev": "126.5", "date": "2026-03-18"]))),
                    part(2, ended(.done, id: Self.second)),
                    part(3, ended(.pending, id: Self.second)),
                ]))
        #expect(response.status == 422)
        let wrong = try #require(field(page, "value_1_T1"))
        #expect(wrong.contains("value=\"13,1\"") && wrong.contains("aria-invalid=\"true\""))
        #expect(wrong.contains("autofocus"))
        #expect(wrong.contains("aria-describedby=\"m12-error"))
        let reason = try #require(page.firstMatch(of: /<p[^>]*id="m12-error".*?<\/p>/)).output
        #expect(reason.contains("class=\"remark error\"") && reason.contains("Ошибка:"))
        #expect(reason.contains("значение меньше предыдущего (126,5 от 18.03.2026)"))
        for name in ["value_2_T1", "value_2_T2", "value_2_T3", "value_3_T1"] {
            let tag = try #require(field(page, name))
            #expect(tag.contains("value=\"\"") && !tag.contains("aria-invalid"), "\(name)")
        }
        #expect(page.contains("Не принято 1 показание"))
        #expect(page.contains("Показание принято к обработке"))
        #expect(page.contains("Показание сохранено и обрабатывается"))
        // The refused body has used up its key.
        #expect(!page.contains("sent-key") && page.contains("value=\"new-key\""))
        #expect(page.contains("<title>Ошибка:"))
    }

    @Test func `a doubtful value is asked about once, and the question is about this value`() throws
    {
        let (page, response) = try draw(
            "doubtful",
            FormOutcome(
                fields: Self.fields, ending: ended(.refused, Refusal(.readingSoft)),
                parts: [
                    part(1, ended(.done)),
                    part(
                        2,
                        ended(
                            .refused,
                            Refusal(
                                .readingSoft, ["v": "7000", "avg": "190", "unit": "electricity"],
                                confirmable: true))),
                ]))
        #expect(response.status == 422)
        #expect(
            field(page, "confirm_2")?.contains("value=\"T1=19000 T2=6300 T3=900\"") == true)
        #expect(field(page, "confirm_1") == nil && field(page, "confirm_3") == nil)
        #expect(page.contains("Подтвердить и отправить"))
        #expect(page.contains("Если всё верно, подтвердите"))
        #expect(!page.contains("class=\"remark error\" id="))
        #expect(field(page, "value_2_T1")?.contains("value=\"19000\"") == true)
    }

    @Test(arguments: [false, true])
    func `what could not be saved stays typed and goes out under the same key`(_ isAway: Bool)
        throws
    {
        let fields = Self.fields.merging(["confirm_1": "T1=13,1"]) { $1 }
        let ending = FormOutcome.Ending.unavailable(retryAfter: 7, isDoubtful: true)
        let (page, response) = try draw(
            "away", FormOutcome(fields: fields, ending: ending, parts: [part(1, ending)]),
            isAway: isAway)
        #expect(response.status == 503)
        #expect(response.header("Retry-After") == "7")
        #expect(field(page, "key")?.contains("value=\"sent-key\"") == true)
        #expect(page.contains("дважды оно не запишется") && page.contains("Отправить ещё раз"))
        for (name, value) in fields where name.hasPrefix("value_") || name.hasPrefix("confirm_") {
            #expect(field(page, name)?.contains("value=\"\(value)\"") == true, "\(name)")
        }
    }

    @Test func `a form without a value says what to do`() throws {
        let (page, response) = try draw(
            "nothing",
            FormOutcome(
                fields: ["key": "sent-key"],
                ending: .misshapen(ShapeError("/values", "shape.values"))))
        #expect(response.status == 400)
        #expect(page.contains("Введите показание хотя бы одного прибора учёта"))
    }

    @Test func `what the page is told after a post it says by what it sees`() throws {
        let (done, _) = try draw("done", notice: SubmitNotice(done: [Sample.newest, Self.second]))
        #expect(speaks(done))
        #expect(done.contains("Показания приняты к обработке"))
        #expect(done.contains("Холодная вода (ХВС), №\u{A0}ХВ-10452: 131,012\u{A0}м³"))
        let (late, _) = try draw(
            "pending", notice: SubmitNotice(pending: [Sample.newest, Self.second]))
        #expect(late.contains("Показание принято к обработке"))
        #expect(
            late.contains(
                "href=\"/srkc/accounts/1/submit?pending=\(Self.second)\" data-poll=\"\""))
        let query = ["done": "\(Sample.newest.uppercased()),Вы выиграли", "pending": ","]
        #expect(SubmitNotice { query[$0] } == SubmitNotice(done: [Sample.newest]))
    }

    @Test func `a closed window takes nothing`() throws {
        let (page, _) = try draw(
            "closed", profile: Sample.profile(window: .init(from: 20, to: 25)))
        #expect(page.contains("Период ввода показаний закрыт"))
        #expect(field(page, "value_1_T1")?.contains("disabled") == true)
        #expect(page.contains(/<button[^>]*class="main"[^>]*disabled/))
    }

    @Test func `who comes behind the last day is told so, and not to put anything right`() throws {
        var profile = try Sample.profile(window: .init(from: 10, to: 17))
        profile.contacts.phone = "+7 916 123-45-67"
        profile.charges.view = .movements
        let late = Refusal(.readingWindow, ["from": "10", "to": "17"])
        func outcome(_ parts: [FormOutcome.Part]) -> FormOutcome {
            FormOutcome(fields: Self.fields, ending: ended(.refused, late), parts: parts)
        }
        let all = outcome((1...3).map { part($0, ended(.refused, late)) })
        // What was mistyped besides cannot be put right today either.
        let some = outcome([
            part(1, ended(.refused, late)), part(2, ended(.done, id: Self.second)),
            part(3, ended(.refused, Refusal(.readingFormat, ["f": "3"]))),
        ])
        for (name, form, said, rows) in [
            ("late", all, "Не приняты 3 показания: период ввода закрыт", [1, 2, 3]),
            ("late-partly", some, "Не приняты 2 показания: период ввода закрыт", [1, 3]),
        ] {
            let (page, response) = try draw(name, form, profile: profile)
            #expect(response.status == 422)
            for words in [
                said, "Показания принимались по 17.04.2026 включительно",
                "Исправлять ничего не нужно", "начисление выполняется по среднему расходу",
                "Оператор может принять показания и сейчас. Обратитесь в ООО «СРКЦ»",
            ] {
                #expect(page.contains(words), "\(words)")
            }
            #expect(!page.contains("отправьте ещё раз"))
            #expect(page.matches(of: /следующий период начнётся 10\.05\.2026/).count == 1)
            // Where a program runs the answer is led to by its alert: nothing else takes the focus.
            #expect(page.matches(of: /role="alert"/).count == 1)
            #expect(!page.contains("aria-invalid") && !page.contains(" autofocus"))
            #expect(page.matches(of: /href="tel:\+79161234567"/).count == 2)
            for row in rows {
                let tag = try #require(field(page, "value_\(row)_T1"))
                let typed = Self.fields["value_\(row)_T1"] ?? ""
                #expect(tag.contains("value=\"\(typed)\"") && tag.contains("disabled"), "\(row)")
            }
            #expect(page.contains("Показание принято к обработке") == (rows.count == 2))
        }
        let (english, _) = try draw("late-english", all, profile: profile, language: .en)
        #expect(english.contains("3 readings were not accepted: the period for readings is closed"))
        #expect(
            english.contains("taken through 17 Apr 2026; the next period begins on 10 May 2026"))
        // No operator takes them either.
        profile.readings.policies[.operator] = ReadingPolicy.standard(.resident)
        #expect(try !draw("late-refused", all, profile: profile).page.contains("Оператор может"))
    }

    @Test func `behind the last day only what may have been taken goes out again`() throws {
        let profile = try Sample.profile(window: .init(from: 10, to: 17))
        let ending = FormOutcome.Ending.unavailable(retryAfter: 7, isDoubtful: true)
        let (doubtful, _) = try draw(
            "late-doubtful",
            FormOutcome(fields: Self.fields, ending: ending, parts: [part(1, ending)]),
            profile: profile)
        #expect(field(doubtful, "value_1_T1")?.contains("disabled") == false)
        #expect(!doubtful.contains(/<button[^>]*class="main"[^>]*disabled/))
        let (kept, _) = try draw(
            "late-kept", FormOutcome(fields: Self.fields, ending: .kept), profile: profile)
        #expect(kept.contains("сейчас показания не принимаются"))
        #expect(!kept.contains("проверьте и отправьте"))
        #expect(field(kept, "value_1_T1")?.contains("value=\"13,1\"") == true)
        let (empty, _) = try draw(
            "late-nothing",
            FormOutcome(
                fields: ["key": "sent-key"],
                ending: .misshapen(ShapeError("/values", "shape.values"))), profile: profile)
        #expect(!empty.contains("Введите показание") && empty.contains("Период ввода показаний"))
    }

    @Test func `what no other value would change is not to be put right`() throws {
        let gone = ended(
            .refused, Refusal(.readingMeterRemoved, ["date": "2026-04-17", "org": "ООО «СРКЦ»"]))
        let format = ended(.refused, Refusal(.readingFormat, ["f": "3"]))
        func page(_ parts: [FormOutcome.Part]) throws -> String {
            try draw(
                "final", FormOutcome(fields: Self.fields, ending: gone, parts: parts)
            ).page
        }
        let none = try page([part(1, gone), part(3, gone)])
        #expect(none.contains("Не приняты 2 показания. Исправлять введённое не нужно"))
        #expect(!none.contains("отправьте ещё раз"))
        let some = try page([part(1, gone), part(3, format)])
        #expect(some.contains("исправьте отмеченное и отправьте ещё раз"))
    }

    @Test func `of a dial without a fraction whole numbers are asked for`() throws {
        var meter = try Sample.water()
        meter.decimals = 0
        for (language, words) in [
            (Language.ru, "нужно целое число, без знаков после запятой"),
            (.en, "a whole number, without digits after the point"),
        ] {
            let base = try Sample.page(Sample.view([meter]), language: language)
            let one = text(base.response())
            let all = text(SubmitPage(base).response())
            #expect(all.contains(/data-format="[^"]*"/) && all.contains(words))
            for page in [all, one] {
                #expect(!page.contains("не более 0") && !page.contains("at most 0"))
            }
            #expect(one.contains(language == .ru ? "только целые числа" : "whole numbers only"))
        }
    }

    @Test func `hostile texts stay texts, and in English all is English`() throws {
        let evil = "<script>alert(1)</script>\"' onfocus=x"
        let fields = [
            "key": evil, "meter_1": evil, "service_1": evil, "value_1_T1": evil,
            "confirm_1": evil,
        ]
        for isAway in [false, true] {
            let (page, _) = try draw(
                "hostile",
                FormOutcome(fields: fields, ending: .unavailable(retryAfter: 1)), isAway: isAway)
            #expect(runsOnlyOurs(page))
            #expect(!page.contains(/<[^>]*"' onfocus/))
        }
        let (page, _) = try draw("english", language: .en)
        for words in ["Send the readings", "Was ", "usually about", "Submitted on 18 Apr 2026"] {
            #expect(page.contains(words), "\(words)")
        }
    }

    @Test func `the page of meters leads here, where there is a meter to read`() throws {
        let link = "Передать показания по всем приборам"
        let open = text(try Sample.page(Sample.view([Sample.water()])).response())
        #expect(open.contains(link))
        let none = text(try Sample.page(Sample.view([automatic(), Sample.removed()])).response())
        #expect(!none.contains(link))
    }

    @Test func `the program says nothing of its own and is small`() throws {
        let bytes = Array(Script.program.description.utf8)
        #expect(bytes.allSatisfy { $0 < 0x80 }, "its texts stand in the page, in its language")
        #expect(bytes.count < 10_000)
    }
}
