import Commands
import Drawing
import Foundation
import HTTP
import Postgres
import TestKit
import Testing
import Words

@testable import Portal

/// Pages of who is signed in, drawn from real rows.
@Suite(.serialized) struct CabinetTests {
    static let town = Result { try Town() }
    private func town() throws -> Town { try Self.town.get() }

    private func page(
        _ code: String, _ page: FormPage, _ number: Int = 0, _ query: [String: String] = [:],
        form: FormOutcome? = nil
    ) throws -> (text: String, response: Response) {
        let response = try town().portal.page(page, town().visit(code, number, query), form: form)
        return (text(response), response)
    }

    @Test func `personal data are those of the manual: SF-015 SF-080 SF-081 SF-082 SF-084`() throws
    {
        let (page, response) = try page("srkc", .profile)
        #expect(response.status == 200)
        for words in [
            "Здравствуйте, Иван Иванович", "action=\"/srkc/sign-out\"", "Выход",
            "Личные данные", "ФИО", "Иванов Иван Иванович",
            "г.\u{A0}Тула, ул.\u{A0}Лесная, д.\u{A0}4, кв.\u{A0}10",
            "Количество комнат", "Общая площадь квартиры", "54,3\u{A0}м²",
            "Количество проживающих", "Изменить пароль", "action=\"/srkc/profile/password\"",
            "action=\"/srkc/profile/email\"", "Назад", "ivanov@example.ru", "не указан",
            "Firefox, Windows", "этот", "Скачать архив", "href=\"/srkc/profile/export\"",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(field(page, "old")?.contains("autocomplete=\"current-password\"") == true)
        #expect(!page.contains("argon2id"))
        try render("profile", response, town().profile("srkc"))
    }

    @Test(arguments: Town.codes)
    func `the menu and deletion go by the profile: SF-086 SF-089 SF-090 SF-091 SF-092`(
        _ code: String
    ) throws {
        let (page, _) = try page(code, .profile)
        let isLogin = code == "potrebitel"
        #expect(page.contains("action=\"/\(code)/profile/delete\"") == isLogin)
        #expect(page.contains("Мой профиль") == ["potrebitel", "abonent"].contains(code))
        #expect(page.contains("Главная") == (code != "abonent"))
        #expect(page.contains("Лицевой счёт</a>") == (code == "abonent"))
        #expect(page.contains("href=\"/potrebitel/accounts#attach\"") == isLogin)
        #expect(page.contains("href=\"/\(code)/accounts/6262001/meters\""))
        #expect(page.contains("Дача"))
    }

    @Test func `only the form that was posted is marked and open`() throws {
        let (page, response) = try page(
            "srkc", .profile,
            form: Town.refused(.password, fields: ["form": "email", "email": "b@example.ru"]))
        #expect(response.status == 422)
        #expect(page.contains("id=\"email-error\"") && !page.contains("id=\"password-error\""))
        #expect(page.contains("value=\"b@example.ru\""))
        #expect(page.contains("<details class=\"fold\" open>"))
    }

    @Test func `an address that is not confirmed is written to once more, with the password`()
        throws
    {
        let town = try town()
        let owner = try town.database.connection()
        #expect(try !page("irkutsk", .profile).text.contains("Отправить письмо"))
        func confirmed(_ at: String) throws {
            try owner.script(
                "update access.principal set email_confirmed_at = \(at) where id = \(town.principal("irkutsk"))"
            )
        }
        try confirmed("null")
        defer { #expect(throws: Never.self) { try confirmed("'\(Town.now)'") } }
        let page = try page("irkutsk", .profile).text
        #expect(page.contains("не подтверждён"))
        let form = try #require(
            page.firstMatch(
                of:
                    /<form[^>]*action="\/irkutsk\/profile\/email">(?:(?!<\/form>).)*Отправить письмо/
            )
        ).output
        #expect(form.contains("name=\"email\" value=\"ivanov@example.ru\""))
        #expect(form.contains("type=\"password\""))
        let wrong = try self.page(
            "irkutsk", .profile,
            form: Town.refused(
                .password, fields: ["form": "confirm-email", "email": "ivanov@example.ru"])
        ).text
        #expect(wrong.contains("id=\"confirm-email-error\""))
        #expect(!wrong.contains("id=\"email-error\""))
    }

    @Test
    func `what is not there or not done here is refused with a word why, whatever the page has`()
        throws
    {
        let alert = /<[^>]*role="alert"[^>]*>/
        for (code, wanted, refusal, values, form, said) in [
            (
                "abonent", FormPage.profile, Refusal.Code.notFound, ["what": "session"], "end",
                "Такого сеанса нет"
            ),
            ("srkc", .profile, .notAllowed, [:], "delete", "так сделать нельзя"),
            ("srkc", .account("6262000"), .notAllowed, [:], "detach", "так сделать нельзя"),
            (
                "srkc", .account("6262000"), .notFound, ["what": "share"], "end",
                "Такого доступа нет"
            ),
            ("potrebitel", .profile, .notAllowed, [:], "", "так сделать нельзя"),
        ] as [(String, FormPage, Refusal.Code, [String: String], String, String)] {
            let (page, response) = try page(
                code, wanted, form: Town.refused(refusal, values, fields: ["form": form]))
            #expect(response.status == 422)
            #expect(page.contains(said), "\(code) \(form)")
            #expect(page.matches(of: alert).count == 1, "once: \(code) \(form)")
        }
    }

    @Test func `who attaches is signed in, and is led to an operator, not to registering`() throws {
        for refusal in [Refusal.Code.identityCheck, .identityRests] {
            let page = try page(
                "srkc", .accounts,
                form: Town.refused(
                    refusal, refusal == .identityCheck ? ["who": "attach"] : ["minutes": "15"],
                    fields: ["form": "attach", "account": "777", "surname": "Петров"])
            ).text
            #expect(page.contains("Если всё верно"), "\(refusal)")
            #expect(page.contains("документы, подтверждающие"), "\(refusal)")
            #expect(!page.contains("Если вы уже регистрировались"))
        }
        #expect(try !page("srkc", .accounts).text.contains("документы, подтверждающие"))
    }

    @Test func `one's sessions can be ended but not this one`() throws {
        let town = try town()
        try town.database.connection().script(
            """
            insert into access.session (hash, id, organization, principal, created_at, seen_at, expires_at, longest_at, agent,
              address, ended_at, half)
            select decode(md5(n::text), 'hex'), md5('s' || n)::uuid, 'uigkh', \(town.principal("uigkh")), '\(Town.now)',
                   '\(Town.now)', case n when 2 then '2026-11-22 11:00+00' else '2026-12-01' end::timestamptz, '2026-12-01',
                   'curl/8', '198.51.100.*', case n when 3 then '2026-11-22'::timestamptz end, n = 4
            from generate_series(1, 4) n
            """)
        let page = try page("uigkh", .profile).text
        let ends = page.matches(of: /profile\/sessions\/([^"]*)\/end/).map { String($0.1) }
        // Expired, ended and half open ones are not in the list; this one has no button.
        #expect(ends.count == 2 && ends.contains("others"))
        #expect(page.contains("curl · ") || page.contains(">curl<"))
    }

    // MARK: Accounts

    @Test(arguments: Town.codes)
    func `who has no account is led to attaching one: SF-055`(_ code: String) throws {
        let town = try town()
        let home = town.portal.home(try town.visit(code, 1, ["done": "registered"]))
        #expect(home.status == 303)
        #expect(home.header("Location") == "/\(code)/accounts?done=registered")
        let (page, _) = try page(code, .accounts, 1, ["done": "registered"])
        #expect(page.contains("Для получения доступа"))
        #expect(page.contains("Регистрация завершена"))
        // Without a name the greeting takes the login.
        #expect(page.contains("Здравствуйте, nobody-\(code)"))
    }

    @Test func `who had an account of another's only is told that it is closed`() throws {
        let town = try town()
        let owner = try town.database.connection()
        let guest = town.principal("irkutsk") + 1
        try owner.script(
            """
            insert into identity.share (id, organization, account, owner, email, rights, principal, invited_at, expires_at,
              ended_at)
            values (gen_random_uuid(), 'irkutsk', \(town.account("irkutsk")), \(town.principal("irkutsk")), 'new@example.ru',
                    '{view}', \(guest), '\(Town.now)', '2026-11-23', '\(Town.now)')
            """)
        let (page, response) = try page("irkutsk", .accounts, 1)
        try owner.script("delete from identity.share where principal = \(guest)")
        #expect(response.status == 200)
        #expect(page.contains("Сейчас Вам не открыт ни один лицевой счёт"))
        #expect(!page.contains("Для получения доступа"))
    }

    @Test(arguments: [
        ("srkc", "Добавить"), ("irkutsk", "Добавить"), ("uigkh", "Добавить лицевой счет"),
    ])
    func `another account is attached by surname or its password: SF-041 SF-069 SF-085 SF-106`(
        _ code: String, _ button: String
    ) throws {
        let (page, _) = try page(code, .accounts)
        for words in [
            "6262000", "Дача", "Номер лицевого счета", "Фамилия", "Пароль к этому лицевому счету",
            ">\(button)</button>", "не более 10 лицевых счетов",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        // The form stands at the page's end.
        let form = try #require(page.range(of: "id=\"attach\""))
        #expect(page[..<form.lowerBound].contains("Дача"))
        #expect(field(page, "surname")?.contains(" required") == false)
    }

    @Test func `a payment code is attached with surname and flat then contacts: SF-053 SF-054`()
        throws
    {
        let (page, _) = try page("abonent", .accounts)
        #expect(page.contains("Платёжный код"))
        for name in ["account", "surname", "apartment"] {
            #expect(field(page, name)?.contains(" required") == true, "\(name)")
        }
        #expect(!page.contains("Контактные данные"))
        let after = try self.page("abonent", .accounts, 0, ["done": "attached"]).text
        #expect(after.contains("Укажите свои Контактные данные"))
        #expect(after.contains("action=\"/abonent/profile/phone\""))
        #expect(field(after, "password")?.contains("autocomplete=\"current-password\"") == true)
        let other = try self.page("abonent", .phoneCode).text
        #expect(field(other, "password")?.contains(" required") == true)
    }

    @Test func `a number that a code went to is not typed again: SF-082`() throws {
        let owner = try town().database.connection()
        let person = try town().principal("uigkh")
        func phone(_ query: [String: String] = [:], form: FormOutcome? = nil) throws -> String {
            try page("uigkh", .phoneCode, 0, query, form: form).text
        }
        func stands(_ page: String, _ number: String = "+79161234567") -> Bool {
            field(page, "phone")?.contains("value=\"\(number)\"") == true
        }
        func change(_ what: String) throws {
            try owner.script("update identity.code set \(what) where subject = '\(person)'")
        }
        #expect(try stands(phone(), ""))
        // As long as nobody knows whether its code is on its way, nobody is asked for it either.
        let (waiting, response) = try page("uigkh", .phoneCode, 0, ["pending": Sample.newest])
        #expect(field(waiting, "phone") == nil && response.header("Refresh") != nil)
        try owner.script(
            """
            insert into identity.code (id, organization, purpose, subject, phone, hash, sent_at, expires_at)
            values (gen_random_uuid(), 'uigkh', 'phone', '\(person)', '+79161234567', 'secret-hash',
                    '2026-11-22 11:59:42+00', '2026-11-22 12:04:42+00')
            """)
        let counting = try phone(["done": "sent"])
        #expect(field(counting, "code") != nil && stands(counting))
        #expect(field(counting, "password")?.contains("value=") == false)
        #expect(try stands(page("uigkh", .phoneCode, 1).text, ""))
        let other = try phone(
            form: Town.refused(.phoneNotServed, fields: ["form": "phone", "phone": "+88"]))
        #expect(stands(other, "+88"))
        // Late, or typed wrong too often.
        try change("expires_at = '2026-11-22 12:00:00+00'")
        let late = try phone(["done": "sent"])
        #expect(field(late, "code") == nil && stands(late))
        #expect(late.contains("Код, отправленный на номер +7916***4567, больше не действует"))
        try change("ended_at = '2026-11-22 12:00:00+00'")
        let ended = try phone(form: Town.refused(.codeEnded, fields: ["form": "code"]))
        #expect(ended.contains("Код больше не действует") && stands(ended))
        #expect(try stands(phone()))
        // What was confirmed is the number that there is.
        try owner.script("update access.principal set phone = '+79161234567' where id = \(person)")
        #expect(try stands(phone(), ""))
        try owner.script(
            """
            update access.principal set phone = null where id = \(person);
            delete from identity.code where subject = '\(person)'
            """)
    }

    @Test func `company house and flat are chosen step by step: SF-065 SF-066 SF-067 SF-068`()
        throws
    {
        let first = try page("potrebitel", .accounts).text
        #expect(first.contains("Управляющая организация"))
        #expect(first.contains("<option value=\"kamal\">"))
        #expect(field(first, "house") == nil && field(first, "last_payment") == nil)
        let second = try page("potrebitel", .accounts, 0, ["company": "kamal"]).text
        #expect(second.contains("<option value=\"lesnaya-4\">г. Тула, ул. Лесная, д. 4</option>"))
        #expect(field(second, "company")?.contains("value=\"kamal\"") == true)
        let third = try page(
            "potrebitel", .accounts, 0, ["company": "kamal", "house": "lesnaya-4"]
        ).text
        #expect(third.contains("<option value=\"12\">12</option>"))
        let (last, response) = try page(
            "potrebitel", .accounts, 0,
            ["company": "kamal", "house": "lesnaya-4", "apartment": "12"])
        for words in [
            "Укажите дату и сумму последней оплаты", "Дата платежа", "Сумма платежа",
            "Если вы заплатили 123 рубля 45 копеек, необходимо ввести 123,45",
            "Сколько будет двенадцать плюс семь?", "Добавить лицевой счет",
            "* Если оплаты ещё не было, обратитесь в управляющую организацию", "…002",
        ] {
            #expect(last.contains(words), "\(words)")
        }
        #expect(!last.contains("6262002"))
        #expect(field(last, "question")?.contains("value=\"stamp\"") == true)
        for (name, value) in ["company": "kamal", "house": "lesnaya-4", "apartment": "12"] {
            #expect(field(last, name)?.contains("value=\"\(value)\"") == true, "\(name)")
        }
        try render("attach", response, town().profile("potrebitel"))
        // In another language it stays chosen.
        let english =
            "href=\"/potrebitel/accounts?apartment=12&amp;company=kamal&amp;house=lesnaya-4&amp;lang=en\""
        #expect(last.contains(english))
        // What was chosen stands again after a refusal; a company of others leads nowhere.
        let wrong = try page(
            "potrebitel", .accounts, 0,
            form: Town.refused(
                .identityCheck,
                fields: [
                    "form": "attach", "company": "kamal", "house": "lesnaya-4",
                    "apartment": "12", "account": "777", "last_payment": "123,45",
                ])
        ).text
        #expect(field(wrong, "account")?.contains("value=\"777\"") == true)
        #expect(field(wrong, "last_payment")?.contains("value=\"123,45\"") == true)
        #expect(wrong.contains(english))
        let other = try page("potrebitel", .accounts, 0, ["company": "zz"]).text
        #expect(field(other, "house") == nil)
    }

    @Test func `an account is named shared and detached where the profile lets: SF-088`() throws {
        let town = try town()
        try town.database.connection().script(
            """
            insert into identity.share (id, organization, account, owner, email, rights, invited_at, expires_at)
            values (gen_random_uuid(), 'potrebitel', \(town.account("potrebitel")), \(town.principal("potrebitel")),
                    'friend@example.ru', '{view,readings}', '\(Town.now)', '2026-11-25'),
                   (gen_random_uuid(), 'potrebitel', \(town.account("potrebitel")), \(town.principal("potrebitel")),
                    'late@example.ru', '{view}', '2026-11-01', '2026-11-05');
            insert into identity.share (id, organization, account, owner, email, rights, principal, invited_at, expires_at)
            select gen_random_uuid(), 'potrebitel', \(town.account("potrebitel")), \(town.principal("potrebitel")),
                   'first@example.ru', '{view}', p.id, '\(Town.now)', '2026-11-25'
            from access.principal p where p.id = \(town.principal("potrebitel")) + 1
            """)
        defer {
            #expect(throws: Never.self) {
                try town.database.connection().script(
                    "delete from identity.share where email = 'first@example.ru'")
            }
        }
        let (own, response) = try page("potrebitel", .account("6262000"))
        // Named is whoever took the invitation, not only the address it went to.
        #expect(own.contains("first@example.ru") && own.contains("пользуется new@example.ru"))
        for words in [
            "friend@example.ru", "смотреть, передавать показания", "Закрыть доступ",
            "action=\"/potrebitel/accounts/6262000/shares\"", "name=\"right_pay\"",
            "action=\"/potrebitel/accounts/6262000/detach\"",
            "action=\"/potrebitel/accounts/6262000/name\"",
        ] {
            #expect(own.contains(words), "\(words)")
        }
        #expect(!own.contains("late@example.ru"))
        try render("account", response, town.profile("potrebitel"))
        #expect(!(try page("srkc", .account("6262000")).text.contains("/detach")))
        // What another shared may always be given up, and is not shared further.
        let shared = try page("srkc", .account("6262001")).text
        #expect(shared.contains("/detach") && !shared.contains("/shares"))
        #expect(field(shared, "name")?.contains("value=\"Дача\"") == true)
        #expect(try page("srkc", .account("6262002")).response.status == 404)
    }

    @Test func `who may only look gets no form`() throws {
        let town = try town()
        let (account, person) = (town.account("uigkh") + 2, town.principal("uigkh") + 1)
        try town.database.connection().script(
            """
            insert into access.attachment (principal, account, number, owner, rights)
            values (\(person), \(account), '6262002', false, '{view}');
            insert into facts.meter (id, account, organization, service, number, registers, digits, decimals, initial)
            values (900, \(account), 'uigkh', 'gas', '77', 1, 5, 3, '{0}')
            """)
        let page = try page("uigkh", .meters(account: "6262002"), 1).text
        #expect(page.contains("не разрешил Вам передавать показания"))
        #expect(page.contains("77") && !page.contains("class=\"reading\""))
        try town.database.connection().script(
            "delete from access.attachment where principal = \(person)")
    }

    // MARK: Services

    @Test(arguments: ["srkc", "uigkh", "irkutsk"])
    func
        `services are ticks with their whole texts: SF-130 SF-131 SF-132 SF-133 SF-134 SF-135 SF-136`(
            _ code: String
        ) throws
    {
        let town = try town()
        try town.database.connection().script(
            """
            insert into identity.consent (command, organization, account, principal, purpose, given, version, text_hash, contact,
              channel, at)
            select gen_random_uuid(), '\(code)', \(town.account(code)), \(town.principal(code)), purpose, given, '2026-01', 'x',
                   'iv***@example.ru', 'resident', '\(Town.now)'
            from (values ('email_news', true), ('email_bill', true), ('email_news', false)) v(purpose, given)
            """)
        let (page, response) = try page(code, .services(account: "6262000"))
        for words in [
            "Дополнительные услуги", "Смс-информирование", "Информирование по e-mail",
            "Счет на дом", "Счет по e-mail", "Сохранить изменения", "размере задолженности",
            "графиках работы офисов", "iv***@example.ru", "+7916***4567, по данным организации",
            "href=\"/\(code)/profile/phone\"",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(field(page, "version_sms_news")?.contains("value=\"2026-01\"") == true)
        #expect(field(page, "on_email_bill")?.contains(" checked") == true)
        #expect(field(page, "on_email_news")?.contains(" checked") == false)
        #expect(field(page, "on_sms_news")?.contains(" checked") == false)
        try render("services", response, town.profile(code))
        // The owner decides.
        let shared = try self.page(code, .services(account: "6262001")).text
        #expect(!shared.contains("Сохранить изменения"))
    }

    @Test func `the bill's mailing is a service of the portal of names: SF-087 SF-137`() throws {
        let page = try page("potrebitel", .services(account: "6262000")).text
        #expect(page.contains("Подписаться на рассылку квитанций"))
        #expect(!page.contains("Смс-информирование"))
        #expect(try self.page("abonent", .services(account: "6262000")).response.status == 404)
    }

    // MARK: What was pending

    @Test func `a page tells what became of what was pending`() throws {
        let town = try town()
        let id = Sample.newest
        func visit(_ state: Outcome.State, _ kind: String, _ number: Int?) throws -> Visit {
            var visit = try town.visit("srkc", number, ["pending": id])
            visit.decided = Outcome(
                command: id, kind: kind, state: state,
                result: .object(["second": kind == "session.open" ? .bool(true) : nil]),
                refusal: state == .refused ? Refusal(.attached) : nil)
            return visit
        }
        let done = town.portal.page(.accounts, try visit(.done, "account.attach", 0))
        #expect(text(done).contains("Лицевой счёт добавлен"))
        #expect(done.header("Refresh") == nil)
        let refused = town.portal.page(.accounts, try visit(.refused, "account.attach", 0))
        #expect(text(refused).contains("Этот лицевой счёт уже добавлен"))
        #expect(refused.header("Refresh") == nil)
        let pending = town.portal.page(.accounts, try visit(.pending, "account.attach", 0))
        #expect(pending.header("Refresh") == "2; url=/srkc/accounts?pending=\(id)&try=1")
        let half = town.portal.home(try visit(.done, "session.open", nil))
        #expect(half.status == 303 && half.header("Location") == "/srkc/sign-in/code")
        let sent = town.portal.page(.register, try visit(.done, "registration.start", nil))
        #expect(text(sent).contains("Проверьте почту"))
    }

    // MARK: The second factor

    @Test func `the second factor is shown as a code to scan and as text`() throws {
        let (page, response) = try page("srkc", .secondFactor)
        #expect(page.contains("JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"))
        #expect(field(page, "secret")?.contains("value=\"\(Town.secret)\"") == true)
        #expect(page.contains("class=\"qr\""))
        try render("factor", response, town().profile("srkc"))
        let town = try town()
        let done = town.portal.page(
            .secondFactor, try town.visit("srkc", 0),
            form: FormOutcome(
                fields: [:],
                ending: .outcome(
                    Outcome(command: Sample.newest, kind: "factor.enable", state: .done))),
            recovery: ["aaaa-1111", "bbbb-2222"])
        #expect(text(done).contains("aaaa-1111") && text(done).contains("bbbb-2222"))
        let refused = town.portal.page(
            .secondFactor, try town.visit("srkc", 0),
            form: Town.refused(.secondFactor), authenticator: "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK",
            recovery: ["aaaa-1111"])
        #expect(!text(refused).contains("aaaa-1111"))
        #expect(text(refused).contains("value=\"MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK\""))
    }

    @Test func `how many recovery codes are left is said, and that it is time for new ones`()
        throws
    {
        let town = try town()
        let owner = try town.database.connection()
        let person = town.principal("uigkh")
        defer {
            #expect(throws: Never.self) {
                try owner.script("delete from identity.totp where principal = \(person)")
            }
        }
        func pages(left: Int) throws -> [String] {
            try owner.script(
                """
                insert into identity.totp (principal, secret, last_step, enabled_at, recovery)
                values (\(person), 'sealed', 1, '\(Town.now)', array_fill('h'::bytea, array[\(left)]))
                on conflict (principal) do update set recovery = excluded.recovery
                """)
            return try [page("uigkh", .secondFactor).text, page("uigkh", .profile).text]
        }
        let many = try pages(left: 7)
        #expect(many[0].contains("Кодов восстановления осталось: 7."))
        #expect(many.allSatisfy { !$0.contains("Чтобы получить десять новых") })
        for left in [2, 0] {
            for page in try pages(left: left) {
                #expect(
                    page.contains(
                        "Кодов восстановления осталось: \(left). Чтобы получить десять новых"))
            }
        }
    }

    @Test func `a QR code is read by others`() throws {
        let text = "otpauth://totp/%D0%9E:1?secret=\(Town.secret)"
        let code = try #require(QRCode(text))
        var image = "P1\n\((code.side + 8) * 4) \((code.side + 8) * 4)\n"
        for row in 0..<(code.side + 8) * 4 {
            for column in 0..<(code.side + 8) * 4 {
                let (x, y) = (column / 4 - 4, row / 4 - 4)
                let isDark =
                    (0..<code.side).contains(x) && (0..<code.side).contains(y)
                    && code.modules[y * code.side + x]
                image += isDark ? "1 " : "0 "
            }
            image += "\n"
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).pbm")
        try Data(image.utf8).write(to: file)
        defer { unlink(file.path()) }
        let reader = Process()
        reader.executableURL = URL(filePath: "/usr/bin/zbarimg")
        reader.arguments = ["--quiet", "--raw", file.path()]
        let pipe = Pipe()
        reader.standardOutput = pipe
        reader.standardError = FileHandle.nullDevice
        try reader.run()
        let read = try pipe.fileHandleForReading.readToEnd() ?? Data()
        reader.waitUntilExit()
        #expect(String(decoding: read, as: UTF8.self) == text + "\n")
        #expect(code.path.hasPrefix("M0 0h7v1h-7z"))
    }

    // MARK: One's own data and programs

    @Test func `one's own data are an archive of JSON and tables`() throws {
        let town = try town()
        let account = town.account("srkc")
        try town.database.connection().script(
            """
            insert into facts.entry (account, id, month, sort, kind, penalty, tranche, effective_on, amount)
            values (\(account), 24315 * 1000000::int8 + 1, '2026-04-01', 'charge', 'water', false, '2026-04-01', '2026-04-30',
                    12345);
            insert into facts.payment (id, organization, account, typed, provider, number, amount, paid_on, received_at, month,
              purpose)
            values (gen_random_uuid(), 'srkc', \(account), '6262000', 'bank', '7', 10000, '2026-05-11', '2026-05-11',
                    '2026-05-01', '{}');
            insert into facts.bill (account, month, version, organization, closed_at, upto, due_on, paid_until, opening, charged,
              recalculated, penalty, paid, closing, card)
            values (\(account), '2026-04-01', 1, 'srkc', '2026-05-01 06:00+00', 0, '2026-05-15', '2026-04-30', 0, 12345, 0, 0, 0,
                    12345, '{}');
            insert into identity.share (id, organization, account, owner, email, rights, invited_at, expires_at, ended_at)
            values (gen_random_uuid(), 'srkc', \(account), \(town.principal("srkc")), 'zip@example.ru', '{view,pay}',
                    '\(Town.now)', '2026-11-23 00:00+03', '\(Town.now)');
            """)
        defer {
            do {
                // Other tests look at the same account.
                try town.database.connection().script(
                    """
                    delete from facts.entry where account = \(account); delete from facts.payment where account = \(account);
                    delete from facts.bill where account = \(account);
                    delete from identity.share where email = 'zip@example.ru';
                    """)
            } catch {
                Issue.record("\(error)")
            }
        }
        let response = town.portal.export(try town.visit("srkc", 0))
        #expect(response.status == 200)
        #expect(response.header("Content-Type") == "application/zip")
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).zip")
        try Data(response.body).write(to: file)
        defer { unlink(file.path()) }
        let reader = Process()
        reader.executableURL = URL(filePath: "/usr/bin/python3")
        reader.arguments = [
            "-c",
            """
            import json, sys, zipfile
            z = zipfile.ZipFile(sys.argv[1])
            assert z.testzip() is None
            j = json.loads(z.read("kabinet.json"))
            print(sorted(z.namelist()), j["profile"]["email"], [a["account"] for a in j["accounts"]])
            print(z.read("accounts.csv").decode("utf-8-sig"))
            for name in ["charges", "payments", "bills", "shares"]:
                print(name, z.read(name + ".csv").decode("utf-8-sig").replace("\\r", ""))
                print(json.dumps(j[name], ensure_ascii=False, sort_keys=True))
            """, file.path(),
        ]
        let pipe = Pipe()
        reader.standardOutput = pipe
        try reader.run()
        let read = String(
            decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        reader.waitUntilExit()
        #expect(reader.terminationStatus == 0)
        #expect(
            read.contains(
                "'accounts.csv', 'bills.csv', 'charges.csv', 'consents.csv', 'kabinet.json', 'payments.csv', 'profile.csv', 'readings.csv', 'sessions.csv', 'shares.csv'"
            ))
        for row in [
            "6262000;2026-04;water;charge;2026-04;;;123.45\n",
            "6262000;2026-05-11;2026-05;bank;7;100.00;false\n",
            "6262000;2026-04;1;2026-05-01T09:00:00+03:00;2026-05-15;0.00;123.45;0.00;0.00;0.00;123.45\n",
            ";zip@example.ru;view,pay;false;2026-11-22T15:00:00+03:00;2026-11-23T00:00:00+03:00;2026-11-22T15:00:00+03:00\n",
            #""amount_kopecks": 12345"#, #""closing_kopecks": 12345"#,
            #""email": "zip@example.ru""#,
            #""amount_kopecks": 10000"#,
        ] {
            #expect(read.contains(row), "\(row)")
        }
        #expect(read.contains("ivanov@example.ru ['6262000', '6262001']"))
        #expect(read.contains("6262001;Дача;srkc;Иванов Иван Иванович"))
        #expect(!read.contains("argon2id"))
    }

    @Test func `programs get the same as JSON`() throws {
        let town = try town()
        let accounts = try JSON.parse(town.portal.accountsJSON(town.visit("srkc", 0)).body)
        let list = try #require(accounts["accounts"]?.array)
        #expect(list.map { $0["account"]?.string } == ["6262000", "6262001"])
        #expect(list[1]["name"]?.string == "Дача" && list[1]["owner"]?.bool == false)
        #expect(list[0]["area"]?.string == "54.3")
        let services = try JSON.parse(
            town.portal.servicesJSON(town.visit("irkutsk", 0), account: "6262000").body)
        #expect(services["services"]?.array?.count == 4)
        let sessions = try JSON.parse(town.portal.sessionsJSON(town.visit("srkc", 0)).body)
        #expect(sessions["sessions"]?.array?.first?["current"]?.bool == true)
        #expect(
            sessions["sessions"]?.array?.first?["seen_at"]?.string == "2026-11-22T15:00:00+03:00")
        let nobody = town.portal.accountsJSON(try town.visit("srkc"))
        #expect(nobody.status == 401 && nobody.header("WWW-Authenticate") == "Bearer")
        #expect(
            town.portal.servicesJSON(try town.visit("srkc", 0), account: "6262002").status == 404)
    }

    // MARK: What the role sees

    @Test func `no hash code or link is in what pages read`() throws {
        let town = try town()
        let columns = try town.database.connection().script(
            """
            select table_name || '.' || column_name from information_schema.columns
            where table_schema = 'views' and (column_name ~ 'hash|secret|token|password$' or column_name = 'code')
              and table_name not in ('attempt', 'charge_kind', 'supplier')
            """)
        #expect((0..<columns.count).map { columns[$0].text(0) } == [])
        let portal = try town.database.connection(role: "kabinet_portal")
        for table in ["credential", "code", "link", "totp", "registration", "consent", "share"] {
            #expect(throws: PostgresError.self) {
                try portal.script("select * from identity.\(table)")
            }
        }
        for view in ["person", "session", "share", "consent", "registration", "code", "contact"] {
            try portal.script("select * from views.\(view)")
        }
    }

    @Test func `hostile texts stay texts`() throws {
        let town = try town()
        let evil = "<script>alert(1)</script>\"' onfocus=x"
        try town.database.connection().script(
            """
            update access.principal set login = '<script>a</script>', email = '"onfocus=x@example.ru'
            where id = \(town.principal("irkutsk"));
            update access.attachment set name = '<script>b</script>' where principal = \(town.principal("irkutsk"));
            update access.session set agent = '<script>c</script>' where principal = \(town.principal("irkutsk"))
            """)
        for wanted: FormPage in [
            .profile, .accounts, .account("6262000"), .services(account: "6262000"), .secondFactor,
        ] {
            let page = try page(
                "irkutsk", wanted, 0, ["done": evil, "pending": evil, "company": evil],
                form: Town.refused(
                    .identityField, ["field": evil],
                    fields: ["form": "attach", "account": evil, "email": evil, "key": evil])
            ).text
            #expect(runsOnlyOurs(page), "\(wanted)")
            #expect(!page.contains(/<[^>]*"' onfocus/), "\(wanted)")
        }
    }
}
