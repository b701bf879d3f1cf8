import Commands
import Crypto
import Foundation
import Postgres
import TestKit
import Testing

/// The same scenarios for all five organizations, through HTTP as a browser comes: each ends signed in, with the account
/// attached and a reading handed in (features.md §§2–5, 9, 15).
///
/// | SF | shown by (here: `in` = comes in, `own` = goes about the own access, `services`; Access = WorkersTests.Access) |
/// |---|---|
/// | 020, 021, 022 | `in` of srkc, uigkh, irkutsk; Access: the pair is checked before the form is shown |
/// | 023, 024, 025, 026, 029 | `in`: the fields, both passwords, the terms; PortalTests |
/// | 027, 028, 033, 034, 035 | Access: by message, without an address; test_identity_pages.py |
/// | 030, 031, 032, 036 | `in`: letter, button, once; Access: by letter; a link that came too late |
/// | 037 | PortalTests: the help about spam |
/// | 038, 090 | `own`: a link resets the password |
/// | 039, 040 | Access: an operator sets a new address; ConsoleTests |
/// | 041 | Access: the eleventh account of an address |
/// | 050, 051, 052, 053, 054, 055 | `in` of abonent; PortalTests for contact data |
/// | 060, 061, 063, 064 | `in` of potrebitel; Access: sessions are remembered where asked |
/// | 062 | Access: of many logins with one address one comes to be |
/// | 065, 066, 067, 068, 069 | `in` of potrebitel: cascade, last payment, question against machines |
/// | 080, 082, 083, 084 | `in`, `own`: the exit; password and address; no letter has the password |
/// | 081, 092 | `own`: personal data |
/// | 085, 086, 106 | `in`, `own`: another account, its name, switching |
/// | 087, 137 | PortalTests; `services` for bills by e-mail |
/// | 088, 089, 091 | `own` of potrebitel: detached, deleted; the menu in PortalTests |
/// | 130, 131, 132, 133, 134, 135, 136 | `services`; Access: consents are one a purpose |
/// | 140, 144, 149, 150 | PortalTests: the words of readings are those of the manual, of all five |
/// | 141, 142, 143, 202 | PortalTests: removed meters, services without one, the link's place; DomainTests |
/// | 145, 146 | ReadingChecksTests; PortalTests: refused attempts in red; test_meters_page.py |
/// | 147, 200 | `in`: a reading handed in; PeriodTests: it becomes «Рассчитано» |
/// | 148 | WorkersTests and PortalTests by number; IngressTests: its session; test_meters_page.py |
/// | 151, 154 | `in` of abonent and potrebitel; PortalTests: the words of readings |
/// | 152, 153, 192 | WorkersTests, PortalTests, DomainTests, CommandsTests by number |
/// | 155 (114) | PortalTests: the tab of all five; WorkersTests: house meters from files; DomainTests |
/// | 156 | ImportTests: a file's rows by the bank's channel; PortalTests: «через банк» |
@Suite(.serialized) struct ScenarioTests {
    /// What differs between the five; all else is the same scenario.
    struct Organization: Sendable, CustomTestStringConvertible {
        let code: String
        let mode: IdentityProfile.Mode
        /// Words that the sign-in page has.
        let signIn: [String]
        /// The button that adds an account.
        let button: String
        var hasServices = false
        var detaches = false
        var deletes = false
        var testDescription: String { code }
    }

    static let organizations = [
        Organization(
            code: "srkc", mode: .account,
            signIn: ["Номер лицевого счета", "Пароль", "Забыли пароль?", "Зарегистрироваться"],
            button: "Добавить", hasServices: true),
        Organization(
            code: "abonent", mode: .email,
            signIn: ["Войти в личный кабинет", "Email", "Пароль", "Зарегистрироваться"],
            button: "Добавить лицевой счет"),
        Organization(
            code: "uigkh", mode: .account,
            signIn: ["Номер лицевого счета", "Пароль", "Забыли пароль?"],
            button: "Добавить лицевой счет", hasServices: true),
        Organization(
            code: "potrebitel", mode: .login,
            signIn: [
                "Введите имя пользователя и пароль или зарегистрируйтесь", "Имя пользователя",
                "Запомнить?", "Забыли пароль?", "Зарегистрироваться",
            ], button: "Добавить лицевой счет", detaches: true, deletes: true),
        Organization(
            code: "irkutsk", mode: .account,
            signIn: ["Номер лицевого счета", "Пароль", "Забыли пароль?"], button: "Добавить",
            hasServices: true),
    ]

    static let password = "Тайна 2026-х"

    /// The system with one organization in it: two accounts, a meter, the facts that prove ownership.
    private func system(_ organization: Organization) throws -> System {
        let system = try System()
        try system.demo(organization.code)
        try system.seal()
        _ = try system.startIngress(system.keyed)
        _ = try system.startWorkers(system.keyed)
        let company = organization.mode == .login ? "kamal" : organization.code
        try system.importing(
            "accounts", organization.code,
            """
            account;company;surname;name;patronymic;house;apartment;address;area_m2;rooms;residents
            500000001;\(company);Ковалёв;Иван;Иванович;h-1;12А;г. Пример, ул. Мира, 1-12А;54,3;2;3
            500000002;\(company);Салтыков-Щедрин;Анна;Петровна;h-1;13;г. Пример, ул. Мира, 1-13;40;1;1
            """)
        try system.importing(
            "meters", organization.code,
            """
            account;service;meter;register;digits;decimals;installed_on;initial_value
            500000001;cold_water;M-1;T1;5;3;2020-01-01;0
            500000002;cold_water;M-2;T1;5;3;2020-01-01;0
            """)
        // Whatever day it is.
        try system.kabinet(
            "window", "set", "--organization", organization.code, "--house", "h-1", "--from", "1",
            "--to", "31", "--why", "test")
        try system.importing(
            "proofs", organization.code,
            """
            account;last_payment_on;last_payment;bill_month;bill_total;code
            500000001;03.10.2026;123,45;2026-09;1 000,50;7291-0042
            500000002;05.10.2026;5;2026-09;7;1111-2222
            """)
        return system
    }

    // MARK: Coming in

    /// Registers and confirms; returns what one signs in with.
    @discardableResult
    private func register(
        _ visitor: Visitor, _ organization: Organization, in system: System
    ) throws -> String {
        let code = organization.code
        let email = "ivan@example.ru"
        switch organization.mode {
        case .account:
            // SF-020…022: only after the right pair does the form come.
            let wrong = try visitor.post(
                "/\(code)/register/check", ["account": "500000001", "surname": "Петров"])
            #expect(wrong.words.contains("Проверьте данные. Если вы уже регистрировались"))
            let form = try visitor.post(
                "/\(code)/register/check", ["account": "500000001", "surname": "ковалев"])
            for word in ["Фамилия", "e-mail", "пароль", "от 8 до 20", "данных"] {
                #expect(form.words.localizedCaseInsensitiveContains(word), "\(word)")
            }
            // SF-026, SF-025: the passwords must be the same, and of 8 to 20 characters.
            let apart = try visitor.post(
                "/\(code)/register",
                [
                    "account": "500000001", "surname": "ковалев", "email": email,
                    "password": Self.password, "password_again": "другой пароль", "way": "email",
                    "agree": "2026-01",
                ])
            #expect(apart.status == 422 || apart.status == 400)
            let begun = try visitor.post(
                "/\(code)/register",
                [
                    "account": "500000001", "surname": "ковалев", "email": email,
                    "password": Self.password, "password_again": Self.password, "way": "email",
                    "agree": "2026-01",
                ])
            #expect(begun.next == "/\(code)/register?done=sent", "\(begun.status) \(begun.words)")
        case .email:
            let begun = try visitor.post(
                "/\(code)/register",
                [
                    "email": email, "password": Self.password, "password_again": Self.password,
                    "agree": "2026-01",
                ])
            #expect(begun.next == "/\(code)/register?done=sent", "\(begun.status) \(begun.words)")
        case .login:
            let begun = try visitor.post(
                "/\(code)/register",
                [
                    "login": "ivan.k", "email": email, "password": Self.password,
                    "password_again": Self.password, "agree": "2026-01",
                ])
            #expect(begun.next == "/\(code)/register?done=sent", "\(begun.status) \(begun.words)")
        }
        let letter = try system.letter(to: email)
        #expect(letter.title == "Подтвердите регистрацию в Личном кабинете")
        #expect(!letter.text.contains(Self.password))
        let link = try system.link(to: email)
        #expect(link.hasPrefix("/\(code)/confirm/"))
        // A mail scanner opens the link; only the button acts.
        #expect(try visitor.get(link).status == 200)
        #expect(try system.count("select count(*) from access.principal where kind <> 'demo'") == 0)
        // Who reads the letter elsewhere may not have begun it: the password is asked for.
        let elsewhere = Visitor(system, agent: "Telephone/1")
        #expect(try elsewhere.get(link).words.contains("не в том браузере"))
        let bare = try elsewhere.post(link)
        #expect(bare.status == 422 && bare.words.contains("Введите пароль"))
        let guessed = try elsewhere.post(link, ["password": "чужой пароль"])
        #expect(guessed.words.contains("Пароль не тот, что был введён при регистрации"))
        #expect(!(try visitor.get(link).words.contains("не в том браузере")))
        let confirmed = try visitor.post(link)
        #expect(confirmed.status == 303, "\(confirmed.status) \(confirmed.words)")
        // SF-032: once.
        let again = try visitor.post(link)
        #expect(again.status != 303 && again.words.contains("Ссылка больше не действует"))
        return switch organization.mode {
        case .account: "500000001"
        case .email: email
        case .login: "ivan.k"
        }
    }

    private func signIn(
        _ visitor: Visitor, _ organization: Organization, _ login: String,
        _ password: String = Self.password
    ) throws -> Answer {
        try visitor.post(
            "/\(organization.code)/sign-in", ["login": login, "password": password])
    }

    /// SF-053, SF-065…068, SF-085.
    private func attach(
        _ visitor: Visitor, _ organization: Organization, in system: System
    ) throws -> Answer {
        let path = "/\(organization.code)/accounts"
        let page = try visitor.get(path)
        #expect(page.words.contains(organization.button), "\(page.words)")
        switch organization.mode {
        case .account:
            return try visitor.post(
                path, ["account": "500000002", "surname": "САЛТЫКОВ - ЩЕДРИН"])
        case .email:
            let wrong = try visitor.post(
                path,
                [
                    "form": try #require(page.hidden("form")), "account": "500000001",
                    "surname": "Ковалёв", "apartment": "13",
                ])
            #expect(wrong.words.contains("Проверьте данные"))
            return try visitor.post(
                path, ["account": "500000001", "surname": "Ковалёв", "apartment": "12 а"])
        case .login:
            // The cascade, step by step, without a program in the browser.
            let houses = try visitor.get(path + "?company=kamal")
            #expect(houses.words.contains("Дом"))
            let form = try visitor.get(path + "?company=kamal&house=h-1&apartment=12%D0%90")
            #expect(form.words.contains("123,45"))
            let question = try #require(form.hidden("question"))
            return try visitor.post(
                path,
                [
                    "company": "kamal", "house": "h-1", "account": "500000001",
                    "last_payment_on": "03.10.2026", "last_payment": "123,45",
                    "question": question, "answer": try Sum.answer(form.words),
                ])
        }
    }

    @Test(arguments: organizations)
    func `SF-020…069: a resident comes in, attaches an account and hands in a reading`(
        organization: Organization
    ) throws {
        let system = try system(organization)
        let visitor = Visitor(system)
        let code = organization.code
        let page = try visitor.get("/\(code)/")
        for word in organization.signIn { #expect(page.words.contains(word), "\(word)") }
        let login = try register(visitor, organization, in: system)
        let wrong = try signIn(visitor, organization, login, "не тот пароль")
        #expect(wrong.words.contains("Неверный логин или пароль"))
        #expect(visitor.session == nil)
        let right = try signIn(visitor, organization, login)
        #expect(right.next.hasPrefix("/\(code)/"), "\(right.status) \(right.words)")
        #expect(visitor.session?.hasPrefix("ks_") == true)
        if organization.mode != .account {
            // SF-055: without an account there is nothing of one to see.
            #expect(try visitor.get("/\(code)/accounts/500000001/meters").status == 404)
        }
        let attached = try attach(visitor, organization, in: system)
        #expect(attached.status == 303, "\(attached.status) \(attached.words)")
        let meters = try visitor.get("/\(code)/accounts/500000001/meters")
        #expect(meters.status == 200 && meters.words.contains("M-1"))
        // SF-015: whom the page greets.
        #expect(
            meters.words.contains(organization.mode == .account ? "Иван Иванович" : "Здравствуйте"))
        let read = try visitor.post(
            "/\(code)/accounts/500000001/readings",
            ["meter": "M-1", "service": "cold_water", "value_T1": "7"])
        #expect(read.next.contains("done="), "\(read.status) \(read.words)")
        // SF-080.
        let token = try #require(visitor.session)
        #expect(try visitor.post("/\(code)/sign-out").status == 303)
        try eventually("the session has ended") {
            try system.count(
                "select count(*) from access.session where hash = decode('\(Secrets.hexadecimal(Secrets.tokenHash(token)))', 'hex') and ended_at is null"
            ) == 0
        }
        try system.drained()
        #expect(try system.violations() == [])
        let link = try system.link(to: "ivan@example.ru").split(separator: "/").last ?? ""
        let begun = try #require(visitor.cookies["kabinet_registration"])
        #expect(try system.leaks(of: [Self.password, token, String(link), begun]) == [])
        #expect(
            try system.count(
                "select count(*) from queue.exception where kind in ('failed', 'abandoned')") == 0)
    }

    // MARK: One's own access

    @Test(arguments: organizations)
    func `SF-038, SF-080…092: a resident goes about the own access`(
        organization: Organization
    ) throws {
        let system = try system(organization)
        let visitor = Visitor(system)
        let code = organization.code
        let login = try register(visitor, organization, in: system)
        _ = try signIn(visitor, organization, login)
        let other = Visitor(system, agent: "Other/2")
        _ = try signIn(other, organization, login)
        _ = try attach(visitor, organization, in: system)
        let profile = try visitor.get("/\(code)/profile")
        #expect(profile.status == 200)
        // SF-081.
        if organization.mode == .account {
            for word in ["Ковалёв", "ул.\u{A0}Мира", "54,3"] {
                #expect(profile.words.contains(word), "\(word)")
            }
        }
        #expect(profile.words.contains("Изменить пароль"))
        #expect(profile.words.contains("Other/2") || profile.words.contains("Visitor/1"))
        // SF-082, SF-083 as it is safe: the letter tells of it, and has no password.
        let changed = try visitor.post(
            "/\(code)/profile/password",
            [
                "old": Self.password, "password": "новый пароль 1",
                "password_again": "новый пароль 1",
            ])
        #expect(changed.next.contains("done=password"), "\(changed.status) \(changed.words)")
        #expect(try visitor.get(changed.next).words.contains("Остальные сеансы завершены"))
        let letter = try system.letter(to: "ivan@example.ru", about: "Пароль изменён")
        #expect(!letter.text.contains("новый пароль 1"))
        // The other session has ended with it, this one has not.
        try eventually("the other session is out") {
            try !other.get("/\(code)/profile").words.contains("Изменить пароль")
        }
        #expect(try visitor.get("/\(code)/profile").status == 200)
        // SF-086, SF-085: named and switched between.
        let named = try visitor.post("/\(code)/accounts/500000001/name", ["name": "Дача у озера"])
        #expect(named.next.contains("done=named"), "\(named.status) \(named.words)")
        #expect(try visitor.get("/\(code)/accounts").words.contains("Дача у озера"))
        // SF-088.
        if organization.detaches {
            let detached = try visitor.post("/\(code)/accounts/500000001/detach")
            #expect(detached.next.contains("done=detached"))
            #expect(try visitor.get("/\(code)/accounts/500000001/meters").status == 404)
        }
        // SF-038: whoever forgot it gets a link.
        let lost = Visitor(system)
        let asked = try lost.post("/\(code)/reset", ["login": login])
        #expect(asked.status == 303)
        let link = try system.link(to: "ivan@example.ru", about: "Восстановление пароля")
        #expect(try lost.get(link).words.contains("пароль"))
        let reset = try lost.post(
            link, ["password": "совсем новый", "password_again": "совсем новый"])
        #expect(reset.status == 303, "\(reset.status) \(reset.words)")
        #expect(try signIn(lost, organization, login, "совсем новый").status == 303)
        #expect(lost.session != nil)
        // SF-089.
        let deleted = try lost.post("/\(code)/profile/delete", ["password": "совсем новый"])
        if organization.deletes {
            #expect(deleted.status == 303 && lost.session == nil, "\(deleted.words)")
            #expect(
                try system.count("select count(*) from access.principal where kind <> 'demo'") == 0)
        } else {
            #expect(deleted.status != 303)
        }
        try system.drained()
        #expect(try system.violations() == [])
    }

    // MARK: Invited

    @Test(arguments: organizations)
    func `SF-031, SF-036, SF-038: whoever is invited comes in by the address, and is let out again`(
        organization: Organization
    ) throws {
        let system = try system(organization)
        let owner = Visitor(system)
        let code = organization.code
        let login = try register(owner, organization, in: system)
        _ = try signIn(owner, organization, login)
        _ = try attach(owner, organization, in: system)
        let settings = "/\(code)/accounts/500000001"
        let shared = try owner.post(
            "\(settings)/shares", ["email": "guest@example.ru", "right_readings": "1"])
        #expect(shared.next.contains("done=shared"), "\(shared.status) \(shared.words)")
        let link = try system.link(to: "guest@example.ru")
        let guest = Visitor(system, agent: "Guest/1")
        let page = try guest.get(link)
        for word in [
            "Владелец лицевого счёта № 500000001 приглашает", "передавать показания",
            "на который пришло приглашение",
        ] {
            #expect(page.words.contains(word), "\(word)")
        }
        // Without a login there is nothing to accept it with.
        #expect(try guest.post(link).words.contains("создайте вход"))
        let path = link.replacing("/confirm/", with: "/invitations/")
        func enter(again: String = "пароль гостя") throws -> Answer {
            try guest.post(
                path,
                [
                    "form": "invitation", "password": "пароль гостя", "password_again": again,
                    "agree": "2026-01", "language": "ru",
                ])
        }
        #expect(try enter(again: "иной пароль").words.contains("пароли не совпадают"))
        let made = try enter()
        #expect(made.next == "/\(code)/?done=invited", "\(made.status) \(made.words)")
        #expect(try guest.get(made.next).words.contains("Приглашение принято"))
        #expect(try enter().words.contains("Ссылка больше не действует"))
        #expect(
            try signIn(guest, organization, "Guest@example.ru", "пароль гостя").status == 303)
        #expect(guest.session != nil)
        // The same link again leads to what it opened.
        let taken = try guest.get(link)
        #expect(taken.status == 410 && taken.words.contains("больше ничего делать не нужно"))
        #expect(try guest.post(link).words.contains("Этот лицевой счёт уже добавлен"))
        // This account alone, for what it was shared for.
        let accounts = try guest.get("/\(code)/accounts")
        #expect(accounts.words.contains("500000001") && !accounts.words.contains("500000002"))
        #expect(try guest.get("/\(code)/accounts/500000001/meters").words.contains("M-1"))
        #expect(try guest.get("/\(code)/accounts/500000002/meters").status == 404)
        let read = try guest.post(
            "\(settings)/readings",
            ["meter": "M-1", "service": "cold_water", "value_T1": "7"])
        #expect(read.next.contains("done="), "\(read.status) \(read.words)")
        // Forgotten, as others forget.
        let lost = Visitor(system)
        #expect(try lost.post("/\(code)/reset", ["login": "guest@example.ru"]).status == 303)
        let reset = try system.link(to: "guest@example.ru", about: "Восстановление пароля")
        #expect(
            try lost.post(
                reset, ["password": "совсем новый", "password_again": "совсем новый"]
            ).status == 303)
        #expect(
            try signIn(guest, organization, "guest@example.ru", "совсем новый").status == 303)
        // The owner ends it: the login stays, and the cabinet says that it is empty.
        let found = try owner.get("\(settings)/settings").text
        let share = try #require(found.firstMatch(of: /shares\/([0-9a-f-]{36})\/end/)).1
        let ended = try owner.post("\(settings)/shares/\(share)/end")
        #expect(ended.next.contains("done=ended"), "\(ended.status) \(ended.words)")
        try eventually("the account is closed to the guest") {
            try guest.get("/\(code)/accounts/500000001/meters").status == 404
        }
        let again = Visitor(system, agent: "Guest/2")
        #expect(
            try signIn(again, organization, "guest@example.ru", "совсем новый").status == 303)
        let empty = try again.get("/\(code)/accounts")
        #expect(empty.status == 200)
        #expect(empty.words.contains("Сейчас Вам не открыт ни один лицевой счёт"))
        #expect(!empty.words.contains("500000001"))
        try system.drained()
        #expect(try system.violations() == [])
        let token = String(link.split(separator: "/").last ?? "")
        #expect(try system.leaks(of: ["пароль гостя", "совсем новый", token]) == [])
    }

    @Test(arguments: organizations.filter(\.hasServices))
    func `SF-130…137: a resident chooses services, and the organization's base learns of it`(
        organization: Organization
    ) throws {
        let system = try system(organization)
        let visitor = Visitor(system)
        let code = organization.code
        let login = try register(visitor, organization, in: system)
        _ = try signIn(visitor, organization, login)
        let path = "/\(code)/accounts/500000001/services"
        let page = try visitor.get(path)
        for word in [
            "Смс-информирование", "Информирование по e-mail", "Счет на дом", "Счет по e-mail",
            "Сохранить изменения",
        ] {
            #expect(page.words.contains(word), "\(word)")
        }
        // Nothing is ticked before somebody ticks it.
        #expect(!page.text.contains(" checked"))
        let early = try visitor.post(
            path, ["on_sms_news": "1", "version_sms_news": "2026-01"])
        #expect(early.words.contains("Сначала укажите и подтвердите"))
        #expect(
            try visitor.post(
                "/\(code)/profile/phone",
                ["phone": "8 916 000 00 12", "password": Self.password]
            ).status == 303)
        let sent = try system.code(to: "+79160000012")
        let confirmed = try visitor.post("/\(code)/profile/phone/code", ["code": sent])
        #expect(confirmed.status == 303, "\(confirmed.status) \(confirmed.words)")
        let saved = try visitor.post(
            path,
            [
                "on_sms_news": "1", "version_sms_news": "2026-01", "on_email_bill": "1",
                "version_email_bill": "2026-01",
            ])
        #expect(saved.next.contains("done=saved"), "\(saved.status) \(saved.words)")
        let after = try visitor.get(path)
        #expect(after.text.components(separatedBy: " checked").count == 3)
        let contacts = try system.kabinet("export", "contacts", "--organization", code)
        #expect(contacts.contains("+79160000012") && contacts.contains("ivan@example.ru"))
        let consents = try system.kabinet("export", "consents", "--organization", code)
        #expect(consents.contains("sms_news") && consents.contains("email_bill"))
        try system.drained()
        #expect(try system.violations() == [])
    }
}

/// Arithmetic in words, as a reader does it.
enum Sum {
    private static let numbers = [
        "ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять",
        "десять",
        "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать",
        "семнадцать", "восемнадцать", "девятнадцать", "двадцать",
    ]

    static func answer(_ words: String) throws -> String {
        guard let start = words.range(of: "Сколько будет ") else {
            throw TestKitError("no question in: \(words)")
        }
        let question = words[start.upperBound...].prefix { $0 != "?" }.split(separator: " ")
        let found = question.compactMap { word in numbers.firstIndex(of: word.lowercased()) }
        guard found.count == 2 else { throw TestKitError("no sum: \(question)") }
        if question.contains("плюс") { return "\(found[0] + found[1])" }
        if question.contains("минус") { return "\(found[0] - found[1])" }
        return "\(found[0] * found[1])"
    }
}

extension System {
    /// Imports rows for an organization.
    func importing(_ what: String, _ organization: String, _ rows: String) throws {
        let path = try file("\(what).csv", rows + "\n")
        try kabinet("import", what, path, "--organization", organization)
    }
}
