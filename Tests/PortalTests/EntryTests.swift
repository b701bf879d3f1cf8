import Access
import Commands
import Crypto
import Foundation
import HTTP
import Postgres
import TestKit
import Testing
import Words

@testable import Portal

/// Pages before anybody is signed in, for the organizations of all five manuals.
@Suite(.serialized) struct EntryTests {
    static let town = Result { try Town() }
    private func town() throws -> Town { try Self.town.get() }

    private func page(
        _ code: String, _ page: FormPage, _ query: [String: String] = [:],
        form: FormOutcome? = nil, language: Language = .ru
    ) throws -> (text: String, response: Response) {
        let response = try town().portal.page(
            page, town().visit(code, nil, query, language), form: form)
        return (text(response), response)
    }

    @Test(arguments: [
        ("srkc", "Номер лицевого счета", false), ("uigkh", "Номер лицевого счета", false),
        ("irkutsk", "Номер лицевого счета", false), ("abonent", "Email", false),
        ("potrebitel", "Имя пользователя", true),
    ])
    func `signing in has the fields of its manual: SF-036 SF-038 SF-050 SF-052 SF-060 SF-064`(
        _ code: String, _ login: String, _ remembers: Bool
    ) throws {
        let (page, response) = try page(code, .signIn)
        #expect(response.status == 200)
        #expect(page.contains("action=\"/\(code)/sign-in\""))
        #expect(page.contains(">\(login)</label>"))
        #expect(field(page, "login")?.contains("autocomplete=\"username\"") == true)
        #expect(field(page, "password")?.contains("autocomplete=\"current-password\"") == true)
        for words in ["Войти", "Забыли пароль?", "Зарегистрироваться", "href=\"/\(code)/reset\""] {
            #expect(page.contains(words), "\(words)")
        }
        #expect((field(page, "remember") != nil) == remembers)
        #expect(page.contains("Запомнить?") == remembers)
        #expect(
            page.contains("Введите имя пользователя и пароль или зарегистрируйтесь.")
                == (code == "potrebitel"))
        #expect(page.contains("Войти в личный кабинет") == (code == "abonent"))
        #expect(runsOnlyOurs(page))
    }

    @Test(arguments: [
        ("srkc", ["Лицевой счёт", "Ваши данные", "Подтверждение"]),
        ("abonent", ["Ваши данные", "Подтверждение"]),
        ("potrebitel", ["Ваши данные", "Подтверждение"]),
    ])
    func `registering says which step it is`(_ code: String, _ steps: [String]) throws {
        func list(_ query: [String: String] = [:]) throws -> [String] {
            let text = try page(code, .register, query).text
            return text.matches(of: /<li(?: class="passed"| aria-current="step")?>([^<]+)(?:<|$)/)
                .map { ($0.0.contains("aria-current") ? "*" : "") + $0.1 }
        }
        #expect(try list() == ["*\(steps[0])"] + steps.dropFirst())
        #expect(
            try list(["done": "sent"]) == Array(steps.dropLast()) + ["*\(steps[steps.count - 1])"])
    }

    @Test func `a wrong password is told without the field and typed again`() throws {
        let (page, response) = try page(
            "srkc", .signIn,
            form: Town.refused(
                .signIn, fields: ["login": "6262000", "password": "hunter2", "form": "sign-in"]))
        #expect(response.status == 422)
        #expect(page.contains("Неверный логин или пароль"))
        #expect(page.contains("role=\"alert\""))
        #expect(field(page, "login")?.contains("value=\"6262000\"") == true)
        #expect(!page.contains("hunter2"))
        #expect(!page.contains("aria-invalid"))
        #expect(page.contains("<title>Ошибка:"))
    }

    @Test func `a sign-in that waits refreshes by itself and not for ever`() throws {
        let id = Sample.newest
        let waiting = try page("srkc", .signIn, ["pending": id]).response
        #expect(waiting.header("Refresh") == "2; url=/srkc/?pending=\(id)&try=1")
        let last = try page("srkc", .signIn, ["pending": id, "try": "10"])
        #expect(last.response.header("Refresh") == nil)
        #expect(last.text.contains("name=\"login\""))
        let evil = try page("srkc", .signIn, ["pending": "\r\nSet-Cookie: a=b"])
        #expect(evil.response.header("Refresh") == nil)
    }

    @Test(arguments: ["srkc", "uigkh", "irkutsk"])
    func `registering begins with number and surname: SF-020 SF-021 SF-022`(_ code: String) throws {
        let (first, _) = try page(code, .register)
        #expect(first.contains("action=\"/\(code)/register/check\""))
        #expect(field(first, "account") != nil && field(first, "surname") != nil)
        #expect(first.contains("только цифры"))
        #expect(field(first, "password") == nil)
        let wrong = try page(
            code, .registerCheck,
            form: Town.refused(
                .identityCheck, fields: ["account": "1", "surname": "Петров", "form": "check"]))
        #expect(
            wrong.text.contains(
                "Проверьте данные. Если вы уже регистрировались, войдите или восстановите пароль"))
        #expect(field(wrong.text, "surname")?.contains("value=\"Петров\"") == true)
        #expect(field(wrong.text, "password") == nil)
    }

    private static let checked = FormOutcome(
        fields: ["account": "6262000", "surname": "Иванов", "form": "check"],
        ending: .outcome(
            Outcome(command: Sample.newest, kind: "registration.check", state: .done)))

    @Test(arguments: [("srkc", false), ("uigkh", true), ("irkutsk", true)])
    func
        `the form behind a right pair: SF-023 SF-024 SF-025 SF-026 SF-027 SF-028 SF-029 SF-030`(
            _ code: String, _ needsEmail: Bool
        ) throws
    {
        let (page, response) = try page(code, .register, form: Self.checked)
        #expect(response.status == 200)
        #expect(page.contains("action=\"/\(code)/register\""))
        for name in ["account", "surname"] {
            #expect(field(page, name)?.contains(" readonly") == true)
        }
        #expect(field(page, "account")?.contains("value=\"6262000\"") == true)
        #expect(field(page, "email")?.contains("type=\"email\"") == true)
        #expect(field(page, "email")?.contains(" required") == needsEmail)
        #expect(page.contains("вводить не обязательно") == !needsEmail)
        #expect(page.contains("От 8 до 20 символов"))
        #expect(field(page, "password")?.contains("autocomplete=\"new-password\"") == true)
        #expect(field(page, "password_again") != nil)
        for words in [
            "Способ подтверждения регистрации", "value=\"email\"", "value=\"sms\"", "Сохранить",
            "Условия обработки персональных данных", "152-ФЗ",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        let agree = try #require(field(page, "agree"))
        #expect(agree.contains("value=\"2026-01\"") && !agree.contains(" checked"))
        #expect(!page.contains("name=\"phone\""))
        try render("register", response, town().profile(code))
    }

    @Test func `what was wrong with the form stands at its field and no secret stands again`()
        throws
    {
        let fields = [
            "form": "register", "account": "6262000", "surname": "Иванов", "email": "i@example.ru",
            "password": "correct horse", "way": "sms", "agree": "2026-01",
        ]
        let (page, response) = try page(
            "srkc", .register,
            form: FormOutcome(
                fields: fields,
                ending: .misshapen(ShapeError("/password_again", "shape.again"))))
        #expect(response.status == 400)
        let again = try #require(field(page, "password_again"))
        #expect(again.contains("aria-invalid=\"true\"") && again.contains(" autofocus"))
        #expect(again.contains("register-password_again-error"))
        #expect(page.contains("href=\"#register-password_again\""))
        #expect(!page.contains("correct horse"))
        #expect(field(page, "email")?.contains("value=\"i@example.ru\"") == true)
        let ticked = page.matches(of: /<input[^>]*checked[^>]*>/).map(\.output)
        #expect(ticked.contains { $0.contains("value=\"sms\"") })
        #expect(ticked.contains { $0.contains("name=\"agree\"") })
        let full = try self.page(
            "srkc", .register, form: Town.refused(.emailLimit, ["most": "10"], fields: fields)
        ).text
        #expect(full.contains("не более 10 лицевых счетов"))
        #expect(field(full, "email")?.contains("aria-invalid") == true)
    }

    @Test func `an address registers with address and password: SF-051`() throws {
        let (page, _) = try page("abonent", .register)
        #expect(page.contains(">Email</label>"))
        #expect(page.contains("Подтверждение пароля"))
        #expect(page.contains("Для проверки корректности внесённого пароля повторите его"))
        #expect(field(page, "surname") == nil && field(page, "login") == nil)
        #expect(page.contains(">Зарегистрироваться</button>"))
        // No letter is on its way yet that could be missed.
        #expect(!page.contains("«Спам»"))
    }

    @Test func `a name registers with all fields required: SF-061`() throws {
        let (page, _) = try page("potrebitel", .register)
        #expect(page.contains("Введите регистрационные данные"))
        #expect(page.contains("Все поля являются обязательными для заполнения"))
        for name in ["login", "email", "password", "password_again"] {
            #expect(field(page, name)?.contains(" required") == true, "\(name)")
        }
        #expect(field(page, "way")?.contains("type=\"hidden\"") == true)
    }

    @Test func `a letter is announced with how long its link counts: SF-031 SF-032 SF-037`() throws
    {
        let (page, _) = try page("srkc", .register, ["done": "sent"])
        #expect(page.contains("действует 24 часа"))
        #expect(page.contains("«Спам»"))
        #expect(page.contains("зарегистрируйтесь заново"))
    }

    @Test func `a code is sent to a number and typed: SF-033 SF-034`() throws {
        let town = try town()
        let id = "0196f0c2-5c3a-7c1e-8f00-0000000000a1"
        let owner = try town.database.connection()
        try owner.script(
            """
            insert into identity.registration (id, organization, kind, login, hash, way, language, terms_version, terms_hash,
              channel, began_at, expires_at)
            values ('\(id)', 'srkc', 'account', '777', 'secret-hash', 'sms', 'ru', '1', 'x', 'resident', '\(Town.now)',
                    '2026-11-23')
            """)
        let before = try page("srkc", .registerCode(id)).text
        #expect(before.contains("Номер телефона") && before.contains(">Отправить смс<"))
        #expect(field(before, "phone")?.contains("type=\"tel\"") == true)
        #expect(field(before, "code") == nil)
        // Nor is a code of before said to be on its way.
        let late = try self.page("srkc", .registerCode(id), ["done": "sent"]).text
        #expect(!late.contains("Смс с кодом отправлено"))
        try owner.script(
            """
            insert into identity.code (id, organization, purpose, subject, phone, hash, sent_at, expires_at)
            values (gen_random_uuid(), 'srkc', 'registration', '\(id)', '+79161234567', 'secret-hash',
                    '2026-11-22 11:59:42+00', '2026-11-22 12:04:42+00')
            """)
        let (page, response) = try page("srkc", .registerCode(id), ["done": "sent"])
        #expect(field(page, "code")?.contains("autocomplete=\"one-time-code\"") == true)
        #expect(field(page, "code")?.contains("inputmode=\"numeric\"") == true)
        #expect(page.contains("Код подтверждения") && page.contains(">ОК<"))
        #expect(page.contains("+7916***4567") && !page.contains("+79161234567"))
        #expect(page.contains("через 42 секунды"))
        #expect(page.contains("Смс с кодом отправлено"))
        #expect(!page.contains("secret-hash"))
        try render("code", response, town.profile("srkc"))
        let wrong = try self.page(
            "srkc", .registerCode(id),
            form: Town.refused(.codeWrong, ["left": "4"], fields: ["form": "code"])
        ).text
        #expect(wrong.contains("Неверный код. Осталось попыток: 4"))
        #expect(field(wrong, "code")?.contains("aria-invalid") == true)
        // Another one goes to the same number at a press; another number is typed behind a fold.
        #expect(page.contains(/<form class="entry again"[^>]*\/phone">(?:(?!<\/form>).)*ещё раз</))
        let fold = try #require(page.firstRange(of: "Отправить на другой номер"))
        let number = try #require(page.firstRange(of: "name=\"phone\""))
        #expect(fold.lowerBound < number.lowerBound)
        let soon = try self.page(
            "srkc", .registerCode(id),
            form: Town.refused(.codeTooSoon, ["seconds": "42"], fields: ["form": "again"])
        ).text
        #expect(soon.contains("id=\"again-error\"") && soon.contains("<details class=\"fold\">"))
        let typed = try self.page(
            "srkc", .registerCode(id),
            form: Town.refused(.phoneNotServed, fields: ["form": "phone", "phone": "+88"])
        ).text
        #expect(typed.contains("<details class=\"fold\" open>"))
        #expect(field(typed, "phone")?.contains("aria-invalid") == true)
        // Minutes are rounded up: what has 4:59 left does not count for four.
        try owner.script(
            "update identity.code set expires_at = '2026-11-22 12:04:59+00' where subject = '\(id)'"
        )
        #expect(try self.page("srkc", .registerCode(id)).text.contains("ещё 5 минут"))
        try owner.script(
            "update identity.code set expires_at = '2026-11-22 12:04:00+00' where subject = '\(id)'"
        )
        #expect(try self.page("srkc", .registerCode(id)).text.contains("ещё 4 минуты"))
        // Expired, it can still be sent to the same number again.
        try owner.script(
            "update identity.code set expires_at = '2026-11-22 12:00:00+00' where subject = '\(id)'"
        )
        let over = try self.page("srkc", .registerCode(id)).text
        #expect(
            field(over, "code") == nil && over.contains("action=\"/srkc/register/\(id)/phone\""))
        #expect(over.contains(">Отправить смс ещё раз<"))
    }

    @Test
    func `a registration that has ended says so, like one that never was, and leads to another`()
        throws
    {
        let town = try town()
        let id = "0196f0c2-5c3a-7c1e-8f00-0000000000a5"
        try town.database.connection().script(
            """
            insert into identity.registration (id, organization, kind, login, hash, way, language, terms_version, terms_hash,
              channel, began_at, expires_at)
            values ('\(id)', 'srkc', 'account', '778', 'secret-hash', 'sms', 'ru', '1', 'x', 'resident', '2026-11-21 11:00+00',
                    '2026-11-22 11:00+00')
            """)
        let never = "0196f0c2-5c3a-7c1e-8f00-0000000000a6"
        let expected = try page("srkc", .registerCode(never)).text
        #expect(expected.contains("Ссылка больше не действует"))
        for other in [id, never, "x' or 1=1", "-0196f0c-5c3a-7c1e-8f00-0000000000a1"] {
            let (page, response) = try page("srkc", .registerCode(other))
            #expect(response.status == 410, "\(other)")
            #expect(page.contains("href=\"/srkc/register\">Зарегистрироваться<"), "\(other)")
            #expect(!page.contains("<form"), "\(other)")
            #expect(page.replacing(segment(other), with: never) == expected, "\(other)")
        }
        // Of another organization it is as if it had never been.
        try town.database.connection().script(
            "update identity.registration set expires_at = '2026-11-23' where id = '\(id)'")
        #expect(try page("uigkh", .registerCode(id)).response.status == 410)
        #expect(try page("srkc", .registerCode(id)).response.status == 200)
        // A page that was left open: its forms could only be refused.
        for form in [
            Town.refused(.linkEnded, fields: ["form": "code"]),
            FormOutcome(
                fields: ["form": "code"],
                ending: .misshapen(ShapeError("/code", "shape.six_digits"))),
        ] {
            let (left, response) = try page("srkc", .registerCode(never), form: form)
            #expect(response.status == 410 && left == expected)
        }
        // What ended for a reason of its own tells it.
        let taken = try page(
            "srkc", .registerCode(never),
            form: Town.refused(.identityTaken, fields: ["form": "code"]))
        #expect(taken.response.status == 422)
        #expect(taken.text.contains("уже занят") && !taken.text.contains("<form"))
        // Where nobody knows what came of it, the same form finds out; and what is not decided yet is waited for.
        let doubtful = try page(
            "srkc", .registerCode(never),
            form: FormOutcome(
                fields: ["form": "phone", "key": "the-same-key"],
                ending: .unavailable(retryAfter: 2, isDoubtful: true)))
        #expect(doubtful.text.contains("value=\"the-same-key\""))
        let waiting = try page("srkc", .registerCode(never), ["pending": Sample.newest])
        #expect(waiting.response.status == 200 && waiting.response.header("Refresh") != nil)
    }

    @Test func `whoever is refused, perhaps wrongly, is led to an operator`() throws {
        let fields = ["account": "6262000", "surname": "Петров", "form": "check"]
        for (code, refusal) in [
            ("srkc", Refusal.Code.identityCheck), ("srkc", .identityRests),
            ("irkutsk", .identityRests),
        ] {
            let said = code == "irkutsk" ? "уточняющую информацию" : "документы, подтверждающие"
            let page = try page(
                code, .registerCheck,
                form: Town.refused(refusal, ["minutes": "15"], fields: fields)
            ).text
            #expect(page.contains(said) && page.contains("Если всё верно"), "\(code) \(refusal)")
            // Nobody is who has not been refused.
            #expect(try !self.page(code, .register).text.contains(said), "\(code)")
        }
    }

    @Test func `a letter that is one too many is not waited for: all are told how many there are`()
        throws
    {
        for page: FormPage in [.register, .reset] {
            #expect(
                try self.page("srkc", page, ["done": "sent"]).text.contains(
                    "не больше 5 писем в час"))
        }
    }

    @Test func `what has not been filled in is said once, and a square is to be ticked`() throws {
        func refused(_ error: ShapeError) throws -> String {
            try page(
                "srkc", .register,
                form: FormOutcome(
                    fields: ["account": "1", "surname": "Иванов", "form": "register"],
                    ending: .misshapen(error))
            ).text
        }
        let account = try page(
            "srkc", .registerCheck,
            form: FormOutcome(
                fields: ["form": "check"],
                ending: .misshapen(ShapeError("/account", "shape.missing", "account")))
        ).text
        #expect(account.contains(">Номер лицевого счета</a>: заполните это поле"))
        #expect(!account.contains("счёта» не заполнено"))
        #expect(
            try refused(ShapeError("/agree", "shape.missing", "agree")).contains(
                "отметьте согласие с условиями"))
        #expect(
            try refused(ShapeError("/agree", "shape.terms_changed")).contains(
                "изменились; прочитайте их"))
    }

    @Test func `a link acts on its button only: SF-031 SF-063`() throws {
        try town().link("abc/../x", "potrebitel", "email", subject: "1")
        let (page, _) = try page("potrebitel", .link("abc/../x"))
        #expect(page.contains("method=\"post\" action=\"/potrebitel/confirm/abc%2F..%2Fx\""))
        let ended = try self.page("potrebitel", .link("abc"), form: Town.refused(.linkEnded)).text
        #expect(ended.contains("Ссылка больше не действует"))
        #expect(
            ended.contains("новое присылает владелец лицевого счёта")
                && !ended.contains("Зарегистрироваться заново"))
        #expect(!ended.contains("/confirm/abc\""))
        // Posted to or asked for, it is the same page.
        let misshapen = FormOutcome(
            fields: ["form": "confirm"],
            ending: .misshapen(ShapeError("/password", "shape.missing", "password")))
        for form in [nil, Town.refused(.linkEnded), misshapen] {
            let dead = try self.page("potrebitel", .link("abc"), form: form)
            #expect(dead.response.status == 410 && dead.text == ended)
        }
        #expect(ended.contains("href=\"/potrebitel/register\""))
        // What was refused for another reason took the link along: why is told, and there is no button that cannot work.
        for (code, values) in [
            (Refusal.Code.identityCheck, [:]), (.identityTaken, [:]), (.emailLimit, ["most": "10"]),
        ] {
            let refusal = Refusal(code, values)
            let refused = try self.page(
                "potrebitel", .link("abc"), form: Town.refused(code, values)
            )
            #expect(refused.text.contains(Words.refusal(refusal, .ru)), "\(code)")
            #expect(!refused.text.contains("/confirm/abc\""), "\(code)")
            #expect(refused.text.contains("href=\"/potrebitel/register\""))
            #expect(refused.response.status != 410)
            // As long as it counts, the button stays.
            let again = try self.page(
                "potrebitel", .link("abc/../x"), form: Town.refused(code, values)
            ).text
            #expect(again.contains("/confirm/abc%2F..%2Fx\""), "\(code)")
        }
    }

    @Test func `the link of a registration needs the password in another browser: SF-031 SF-063`()
        throws
    {
        let town = try town()
        let id = "0196f0c2-5c3a-7c1e-8f00-0000000000b1"
        let browser = Secrets.token(prefix: "kr_")
        try town.database.connection().script(
            """
            insert into identity.registration (id, organization, kind, login, hash, way, language, terms_version, terms_hash,
              browser, channel, began_at, expires_at)
            values ('\(id)', 'srkc', 'account', '778', 'secret-hash', 'email', 'ru', '1', 'x',
                    '\\x\(Secrets.tokenHashText(browser))', 'resident', '\(Town.now)', '2026-11-23')
            """)
        let token = "of-this-registration"
        try town.link(token, "srkc", subject: id)
        func page(_ browser: String?, form: FormOutcome? = nil) throws -> String {
            var visit = try town.visit("srkc")
            visit.browsers = [Secrets.token(prefix: "kr_")] + (browser.map { [$0] } ?? [])
            return text(town.portal.page(.link(token), visit, form: form))
        }
        let own = try page(browser)
        #expect(own.contains("action=\"/srkc/confirm/\(token)\"") && own.contains("Подтвердить"))
        #expect(field(own, "password") == nil)
        for other in [nil, "kr_other"] {
            let elsewhere = try page(other)
            #expect(field(elsewhere, "password")?.contains("current-password") == true)
            #expect(elsewhere.contains("не в том браузере"))
            #expect(!elsewhere.contains("secret-hash") && !elsewhere.contains("778"))
        }
        let wrong = try page(
            nil,
            form: Town.refused(
                .registrationPassword, fields: ["form": "confirm", "password": "hunter2"]))
        #expect(wrong.contains("Пароль не тот, что был введён при регистрации"))
        #expect(field(wrong, "password")?.contains("aria-invalid=\"true\"") == true)
        #expect(!wrong.contains("hunter2"))
        // One that is over, or of another organization, is like one that never was.
        try town.link("used", "srkc", subject: id, isUsed: true)
        try town.link("late", "srkc", subject: id, expires: "2026-11-22 11:59:59+00")
        for (code, token) in [("srkc", "used"), ("srkc", "late"), ("uigkh", token)] {
            let (dead, response) = try self.page(code, .link(token))
            #expect(response.status == 410 && !dead.contains("не в том браузере"), "\(token)")
        }
    }

    @Test
    func `an invitation says who invites where and to do what, and makes a login or is taken`()
        throws
    {
        let town = try town()
        let share = "0196f0c2-5c3a-7c1e-8f00-0000000000c1"
        let owner = try town.database.connection()
        try owner.script(
            """
            insert into identity.share (id, organization, account, owner, email, rights, invited_at, expires_at)
            values ('\(share)', 'srkc', \(town.account("srkc")), \(town.principal("srkc")), 'guest@example.ru',
                    '{view,readings}', '\(Town.now)', '2026-11-23')
            """)
        let token = "of-this-invitation"
        try town.link(token, "srkc", "share", subject: share)
        let (page, response) = try page("srkc", .link(token))
        #expect(page.contains("Владелец лицевого счёта № 6262000 приглашает Вас в Личный кабинет"))
        #expect(page.contains(try town.profile("srkc").name))
        #expect(page.contains("смотреть, передавать показания."))
        // No more than the letter says.
        for hidden in ["guest@example.ru", "Иванов", "Лесная"] { #expect(!page.contains(hidden)) }
        #expect(page.contains("action=\"/srkc/invitations/\(token)\""))
        #expect(!page.contains("action=\"/srkc/confirm/\(token)\""))
        // Who signs in comes back to it.
        #expect(page.contains("href=\"/srkc/?next=confirm%2F\(token)\""))
        #expect(field(page, "password")?.contains("new-password") == true)
        #expect(field(page, "password_again") != nil && page.contains("От 8 до 20 символов"))
        let agree = try #require(field(page, "agree"))
        #expect(agree.contains("value=\"2026-01\"") && !agree.contains(" checked"))
        #expect(page.contains("152-ФЗ"))
        try render("invitation", response, town.profile("srkc"))
        let taken = try self.page(
            "srkc", .link(token),
            form: Town.refused(.identityTaken, fields: ["form": "invitation", "agree": "2026-01"])
        ).text
        #expect(taken.contains("уже занят. Если это вы, войдите или восстановите пароль"))
        let out = try self.page(
            "srkc", .link(token), form: Town.refused(.signInFirst, fields: ["form": "confirm"])
        ).text
        #expect(out.contains("создайте вход на её странице"))
        // Who is signed in takes it with one button.
        let mine = text(town.portal.page(.link(token), try town.visit("srkc", 1)))
        #expect(mine.contains("action=\"/srkc/confirm/\(token)\""))
        #expect(mine.contains("Вы вошли как nobody-srkc") && field(mine, "password") == nil)
        #expect(!mine.contains("guest@example.ru"))
        // Whoever invited is told whom, and is not asked to accept it.
        let refused = Town.refused(.invitationOwn, fields: ["form": "confirm"])
        for form in [nil, refused] {
            let response = town.portal.page(.link(token), try town.visit("srkc", 0), form: form)
            #expect(response.status == (form == nil ? 200 : 422))
            let own = text(response)
            #expect(
                own.contains("Это Ваше приглашение: Вы отправили его на адрес guest@example.ru"))
            #expect(own.contains("№ 6262000") && !own.contains("action=\"/srkc/confirm/"))
            #expect(own.contains("Это Ваше собственное приглашение") == (form != nil))
        }
        let english = try self.page("srkc", .link(token), language: .en).text
        #expect(english.contains("You may: look, submit readings."))
        // Taken back, taken or late it says nothing.
        for over in [
            "ended_at = '\(Town.now)'", "principal = \(town.principal("srkc") + 1)",
            "expires_at = '\(Town.now)'",
        ] {
            try owner.script("update identity.share set \(over) where id = '\(share)'")
            let dead = try self.page("srkc", .link(token))
            #expect(dead.response.status == 410 && !dead.text.contains("6262000"), "\(over)")
            try owner.script(
                """
                update identity.share set ended_at = null, principal = null, expires_at = '2026-11-23'
                where id = '\(share)'
                """)
        }
        #expect(try self.page("srkc", .link(token)).text.contains("6262000"))
    }

    @Test func `a link that counts no more is told truly to whoever opens it`() throws {
        let town = try town()
        func dead(_ number: Int?, form: FormOutcome? = nil) throws -> String {
            let response = town.portal.page(
                .link("taken-or-never-made"), try town.visit("srkc", number), form: form)
            #expect(response.status == (form == nil ? 410 : 422))
            return text(response)
        }
        let accounts = "href=\"/srkc/accounts\""
        let known = "регистрация, новый адрес или приглашение по ней уже подтверждены, "
        let visitor = try dead(nil)
        #expect(visitor.contains(known + "просто войдите") && !visitor.contains(accounts))
        // Whoever sent an invitation is not told to ask for one.
        for number in [0, 1] {
            let person = try dead(number)
            #expect(person.contains(known + "больше ничего делать не нужно"))
            #expect(person.contains("новое присылает владелец") && !person.contains("попросите"))
            #expect(person.contains(accounts) && !person.contains("href=\"/srkc/register\""))
            #expect(!person.contains("На страницу входа"))
        }
        // Whoever presses the button again, as it stood there before, is told for certain.
        let again = try dead(0, form: Town.refused(.attached, fields: ["form": "confirm"]))
        #expect(again.contains("Этот лицевой счёт уже добавлен") && again.contains(accounts))
        #expect(!again.contains("<form") && !again.contains("уже подтверждены"))
    }

    @Test(arguments: [
        ("other_changed", "Новый адрес электронной почты подтверждён"),
        ("other_changed_login", "Теперь входите с ним"),
        ("other_registered", "Регистрация подтверждена"),
    ])
    func `what a link did for another is told outside of the cabinet that is open`(
        _ done: String, _ words: String
    ) throws {
        let town = try town()
        let session = try town.session("srkc")
        let page = text(
            town.portal.page(.link("of-another"), try town.visit("srkc", 0, ["done": done])))
        #expect(page.contains(words) && page.contains("вход выполнен как \(session.login)"))
        #expect(page.contains("action=\"/srkc/sign-out\"") && page.contains("href=\"/srkc/\""))
        // Nothing of the cabinet stands around it.
        #expect(!page.contains("class=\"greeting\"") && !page.contains("6262000"))
        #expect(!page.contains("action=\"/srkc/confirm/"))
        let visitor = try self.page("srkc", .link("of-another"), ["done": done]).text
        #expect(visitor.contains(words) && visitor.contains("На страницу входа"))
        #expect(!visitor.contains("вход выполнен") && !visitor.contains("/sign-out"))
    }

    @Test func `what the lane says of a link that waited is told alike`() throws {
        let town = try town()
        func told(_ result: JSON) throws -> String {
            var visit = try town.visit("srkc", 0, ["pending": Sample.newest])
            visit.decided = Outcome(
                command: Sample.newest, kind: "link.open", state: .done, result: result)
            return text(town.portal.page(.link("of-another"), visit))
        }
        let email = JSON.object(["purpose": .string("email"), "other": .bool(true)])
        #expect(try told(email).contains("/srkc/sign-out"))
        let registration = JSON.object(["purpose": .string("registration"), "other": .bool(true)])
        #expect(try told(registration).contains("Регистрация подтверждена"))
        let own = try told(.object(["purpose": .string("email"), "login": .bool(true)]))
        #expect(own.contains("Теперь входите с новым адресом") && !own.contains("/sign-out"))
    }

    @Test func `a password that was set by a link is not told within another's cabinet`() throws {
        let town = try town()
        for response in [
            town.portal.home(try town.visit("srkc", 0, ["done": "reset"])),
            town.portal.page(
                .newPassword("of-another"), try town.visit("srkc", 0, ["done": "reset"])),
        ] {
            let page = text(response)
            #expect(response.status == 200 && page.contains("Пароль изменён"))
            #expect(page.contains("Сейчас в этом браузере открыт другой кабинет"))
            #expect(page.contains("action=\"/srkc/sign-out\""))
            #expect(!page.contains("class=\"greeting\"") && !page.contains("6262000"))
        }
        let alone = text(town.portal.home(try town.visit("srkc", nil, ["done": "reset"])))
        #expect(alone.contains("Пароль изменён") && field(alone, "login") != nil)
    }

    @Test(arguments: [("srkc", true), ("potrebitel", true), ("abonent", false)])
    func `whoever was invited is told what to sign in and to recover with`(
        _ code: String, _ isTold: Bool
    ) throws {
        for wanted: FormPage in [.signIn, .reset] {
            #expect(
                try page(code, wanted).text.contains("на который пришло приглашение") == isTold)
        }
        let (done, _) = try page(code, .signIn, ["done": "invited"])
        #expect(done.contains("Приглашение принято"))
    }

    @Test func `a link that counts no more has no button, and says what to do: SF-032 SF-063`()
        throws
    {
        let town = try town()
        try town.link("used", "srkc", isUsed: true)
        try town.link("late", "srkc", expires: "2026-11-22 11:59:59+00")
        try town.link("elsewhere", "irkutsk")
        try town.link("reset", "srkc", "reset")
        try town.link("unsubscribe", "srkc", "unsubscribe")
        for token in ["unknown", "used", "late", "elsewhere", "reset", "unsubscribe", ""] {
            let (page, response) = try page("srkc", .link(token))
            #expect(response.status == 410, "\(token)")
            #expect(page.contains("Ссылка больше не действует"), "\(token)")
            #expect(!page.contains("action=\"/srkc/confirm/"), "\(token)")
            #expect(page.contains("href=\"/srkc/register\""), "\(token)")
        }
        #expect(try page("srkc", .newPassword("reset")).response.status == 200)
        try town.link("reset", "srkc", "reset", isUsed: true)
        let (old, response) = try page("srkc", .newPassword("reset"))
        #expect(response.status == 410 && field(old, "password") == nil)
        #expect(old.contains("href=\"/srkc/reset\""))
        let apart = FormOutcome(
            fields: [:], ending: .misshapen(ShapeError("/password_again", "shape.again")))
        for form in [Town.refused(.linkEnded), apart] {
            let posted = try page("srkc", .newPassword("reset"), form: form)
            #expect(posted.response.status == 410 && posted.text == old)
        }
        try town.link("reset", "srkc", "reset")
        let living = try page("srkc", .newPassword("reset"), form: apart)
        #expect(living.response.status == 400 && field(living.text, "password") != nil)
        // What was pressed tells itself what came of it.
        let waiting = try page("srkc", .link("used"), ["pending": Sample.newest])
        #expect(
            waiting.response.status == 200
                && !waiting.text.contains("action=\"/srkc/confirm/used\""))
    }

    @Test func `signing in leads on to the page that was wanted`() throws {
        let town = try town()
        let wanted = try #require(WantedPage("accounts/6262000/charges?month=2026-04"))
        var visit = try town.visit("srkc")
        visit.wanted = wanted
        let asked = town.portal.signedOut(visit)
        let page = text(asked)
        #expect(asked.status == 401)
        #expect(field(page, "next")?.contains("value=\"\(wanted.text)\"") == true)
        // In another language it is still the same page.
        #expect(
            page.contains(
                "href=\"/srkc/accounts/6262000/charges?month=2026-04&amp;lang=en\""))
        let again = try self.page(
            "srkc", .signIn,
            form: Town.refused(.signIn, fields: ["login": "1", "next": wanted.text])
        ).text
        #expect(field(again, "next")?.contains("value=\"\(wanted.text)\"") == true)
        let half = try self.page("srkc", .secondStep, ["next": wanted.text]).text
        #expect(field(half, "next")?.contains("value=\"\(wanted.text)\"") == true)
        // A sign-in that waits, and then is done.
        let waiting = try self.page(
            "srkc", .signIn, ["pending": Sample.newest, "next": wanted.text])
        let next = "next=accounts%2F6262000%2Fcharges%3Fmonth%3D2026-04"
        #expect(
            waiting.response.header("Refresh")
                == "2; url=/srkc/?\(next)&pending=\(Sample.newest)&try=1")
        let home = town.portal.home(try town.visit("srkc", 0, ["next": wanted.text]))
        #expect(home.status == 303 && home.header("Location") == "/srkc/\(wanted.text)")
        for evil in ["//evil.example", "https://evil.example", "../irkutsk/", "\\evil.example"] {
            let home = town.portal.home(try town.visit("srkc", 0, ["next": evil]))
            #expect(home.header("Location")?.contains("evil") != true, "\(evil)")
            #expect(home.header("Location")?.contains("irkutsk") != true, "\(evil)")
            let page = try self.page("srkc", .signIn, ["next": evil]).text
            #expect(field(page, "next") == nil && !page.contains("evil"), "\(evil)")
        }
    }

    @Test(arguments: Town.codes)
    func `who comes back to the page of another's account is led home and told so`(code: String)
        throws
    {
        let town = try town()
        func home(_ number: Int, _ query: [String: String]) throws -> Response {
            town.portal.home(try town.visit(code, number, query))
        }
        // The third account is nobody's.
        let theirs = ["next": "accounts/6262002/submit"]
        #expect(try home(0, theirs).header("Location") == "/\(code)/?done=elsewhere")
        let led = try home(0, ["done": "elsewhere"])
        #expect(led.status == 200)
        #expect(text(led).contains("Введённое на ней не показано и не отправлено"))
        #expect(text(led).contains("<div class=\"notice warning\" role=\"status\">"))
        #expect(!text(led).contains("class=\"notice done\""))
        // Who has no account is led on to where one is attached, with the same word.
        #expect(try home(1, theirs).header("Location") == "/\(code)/?done=elsewhere")
        #expect(
            try home(1, ["done": "elsewhere"]).header("Location")
                == "/\(code)/accounts?done=elsewhere")
        let none = text(town.portal.page(.accounts, try town.visit(code, 1, ["done": "elsewhere"])))
        #expect(none.contains("не показано и не отправлено") && none.contains("<title>Внимание:"))
        // One's own, however it is written, and pages of no account.
        for page in ["accounts/%20626-2000/meters", "accounts/6262001", "accounts", "profile"] {
            #expect(try home(0, ["next": page]).header("Location") == "/\(code)/\(page)")
        }
    }

    @Test func `who was signed out and posted what is not kept is told that it is lost`() throws {
        let lost = "введённое не сохранено. Войдите и сделайте это ещё раз"
        let over = ["done": "over", "next": "profile"]
        let (page, response) = try page("abonent", .signIn, over)
        #expect(response.status == 200 && page.contains(lost))
        #expect(field(page, "next")?.contains("value=\"profile\"") == true)
        #expect(
            try self.page("abonent", .signIn, over, language: .en).text.contains(
                "what you typed is not kept"))
        // What else may be kept is of another page.
        var visit = try town().visit("abonent", nil, over)
        visit.keeps = true
        let kept = text(try town().portal.page(.signIn, visit))
        #expect(kept.contains(lost) && !kept.contains("Введённое сохранено"))
        // It is said once, to who is to sign in, and in no words of the address.
        let wrong = try self.page("abonent", .signIn, form: Town.refused(.signIn, fields: over))
            .text
        #expect(!wrong.contains(lost))
        let home = try town().portal.home(try town().visit("srkc", 0, ["done": "over"]))
        #expect(!text(home).contains(lost))
        for word in ["Over", "over-and-out", "<b>over"] {
            let page = try self.page("abonent", .signIn, ["done": word]).text
            #expect(!page.contains(lost) && !page.contains("<b>"), "\(word)")
        }
    }

    @Test func `a forgotten password is answered alike for all: SF-038 SF-039 SF-040`() throws {
        let asked = try page("irkutsk", .reset).text
        #expect(field(asked, "login") != nil)
        #expect(asked.contains("8-800-100-9777"))
        let sent = try page("srkc", .reset, ["done": "sent"]).text
        #expect(sent.contains("Если такой логин зарегистрирован"))
        #expect(sent.contains("действует 1 час"))
        #expect(sent.contains("документы, подтверждающие"))
        try town().link("abc", "srkc", "reset")
        let new = try page("srkc", .newPassword("abc")).text
        #expect(new.contains("action=\"/srkc/reset/abc\"") && new.contains("От 8 до 20 символов"))
    }

    @Test func `a page that needs a session asks to sign in`() throws {
        for wanted: FormPage in [.profile, .accounts, .services(account: "1"), .secondFactor] {
            let (page, response) = try page("srkc", wanted)
            #expect(response.status == 401)
            #expect(page.contains("время сеанса закончилось") && page.contains("name=\"login\""))
        }
    }

    @Test func `when nothing was saved the same key goes out again`() throws {
        let (page, response) = try page(
            "srkc", .signIn,
            form: FormOutcome(
                fields: ["login": "1", "key": "sent-key"], ending: .unavailable(retryAfter: 3)))
        #expect(response.status == 503 && response.header("Retry-After") == "3")
        #expect(page.contains("value=\"sent-key\""))
    }

    @Test func `all of it is there in English`() throws {
        try town().link("x", "srkc")
        for (code, wanted): (String, FormPage) in [
            ("srkc", .signIn), ("srkc", .register), ("potrebitel", .register), ("abonent", .reset),
            ("srkc", .secondStep), ("srkc", .link("x")), ("srkc", .link("unknown")),
        ] {
            let page = try page(code, wanted, language: .en).text
            let form = try #require(page.firstMatch(of: /<main.*<\/main>/)).output
            let own = form.replacing(/lang="ru">[^<]*</, with: "")
            #expect(!own.contains { ("а"..."я").contains($0) }, "\(code) \(own)")
        }
    }

    @Test func `the unsubscribe link acts on its button only`() throws {
        let portal = try town().portal
        try town().link("way-out", "srkc", "unsubscribe", subject: "1:1")
        #expect(
            text(portal.unsubscribe("way-out", .ru)).contains(
                "method=\"post\" action=\"/unsubscribe/way-out\""))
        let dead = portal.unsubscribe("nobody's", .ru)
        #expect(dead.status == 410 && text(dead).contains("Ссылка не действует"))
        #expect(!text(dead).contains("<form"))
        // What it ends is said to who holds a link that counts, and to nobody else: any dead one is like an unknown one.
        let profile = try town().profile("srkc")
        let owner = try town().database.connection()
        func value() throws {
            try owner.script(
                "update identity.link set value = 'email_news' where subject = '1:1'")
        }
        try owner.script(
            """
            insert into access.profile (organization, valid_from, profile, applied_by)
            values ('srkc', '2026-01-01', $json$\(String(decoding: profile.json.bytes, as: UTF8.self))$json$, 'test')
            """)
        try value()
        func consents(_ isGiven: Bool) throws {
            try owner.script(
                """
                insert into identity.consent (command, organization, account, principal, purpose, given, version, text_hash,
                  channel, at)
                values (gen_random_uuid(), 'srkc', 1, 1, 'email_news', \(isGiven), '1', 'x', 'resident', '\(Town.now)')
                """)
        }
        try consents(true)
        let named = text(portal.unsubscribe("way-out", .ru))
        #expect(named.contains("<form") && !named.contains("уже отключены"))
        for words in ["Информирование по e-mail", "лицевой счёт …000", "\(profile.name)</span>"] {
            #expect(named.contains(words), "\(words)")
        }
        #expect(!named.contains("6262000"))
        // Opened again, it says that it has done what it is for, and has no button.
        try consents(false)
        let over = portal.unsubscribe("way-out", .ru)
        #expect(over.status == 200 && text(over).contains("уже отключены"))
        #expect(!text(over).contains("<form") && text(over).contains("лицевой счёт …000"))
        try consents(true)
        #expect(text(portal.unsubscribe("way-out", .ru)).contains("<form"))
        // A letter of before names the account alone, and nobody knows whose consent it is.
        try town().link("way-before", "srkc", "unsubscribe", subject: "1")
        try owner.script("update identity.link set value = 'email_news' where subject = '1'")
        try consents(false)
        #expect(text(portal.unsubscribe("way-before", .ru)).contains("<form"))
        try town().link("way-taken", "srkc", "unsubscribe", subject: "1:1", isUsed: true)
        try town().link("way-back", "srkc", "reset", subject: "1:1")
        try value()
        let unknown = text(portal.unsubscribe("way-unknown", .ru))
        for token in ["way-taken", "way-back"] {
            let page = text(portal.unsubscribe(token, .ru))
            #expect(page.replacing(token, with: "way-unknown") == unknown, "\(token)")
        }
        #expect(
            text(portal.unsubscribe("abc", .ru, query: ["done": "saved"])).contains("Вы отписаны"))
    }
}
