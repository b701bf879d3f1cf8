import Commands
import Crypto
import Foundation
import Postgres
import TestKit
import Testing

/// The operators' console through the built binary: who comes in, what they may see and do, and that it is written down.
@Suite(.serialized) struct ConsoleTests {
    private let system: System

    init() throws {
        system = try System()
        try system.identity()
        try system.people()
        _ = try system.startIngress()
        _ = try system.startWorkers(system.keyed)
    }

    @Test func `a given password lets its operator only choose one of their own`() throws {
        let given = try system.clerk("oleg", "--role", "clerk")
        let clerk = Clerk(system)
        #expect(try clerk.get("").text.contains("Operators sign in"))
        #expect(try clerk.signIn("oleg", "wrong password") == "422")
        #expect(try clerk.signIn("nobody", given) == "422")
        #expect(try clerk.signIn(" Oleg ", given) == "/srkc/operator/password")
        // Nothing else is to be had yet.
        #expect(try clerk.find("10001").header("Location") == "/srkc/operator/")
        #expect(
            try clerk.get("accounts/10001?why=test").header("Location")
                == "/srkc/operator/?next=find%3Fq%3D10001")
        #expect(try clerk.get("").text.contains("A password of your own"))
        func change(_ old: String, _ new: String, again: String? = nil) throws -> Int {
            try clerk.post(
                "password", [("old", old), ("password", new), ("password_again", again ?? new)]
            ).status
        }
        #expect(try change(given, "short") == 400)
        #expect(try change(given, "long enough a password", again: "another one") == 400)
        #expect(try change(given, given) == 400)
        #expect(try change("wrong", "long enough a password") == 422)
        #expect(try change(given, "long enough a password") == 303)
        #expect(try clerk.get("?done=password").text.contains("Your other sessions have ended"))
        #expect(try clerk.get("").text.contains("Whom to find"))
        // The given one is dead; of another organization the operator is none.
        #expect(try Clerk(system).signIn("oleg", given) == "422")
        #expect(try Clerk(system).signIn("oleg", "long enough a password") == "/srkc/operator/")
        #expect(
            try Clerk(system, organization: "irkutsk").signIn("oleg", "long enough a password")
                == "422")
        let cookie = try #require(clerk.cookie)
        try clerk.post("sign-out", [("key", "12345678")])
        #expect(try clerk.get("").text.contains("Operators sign in"))
        // No page and no row tells the token or the password.
        let dump = try System.script(
            ["/usr/lib/postgresql/15/bin/pg_dump", system.conninfo],
            log: "\(system.directory)/dump.sql")
        #expect(!dump.contains(cookie) && !dump.contains("long enough") && !dump.contains(given))
        #expect(
            try system.audit("operator:oleg") == [
                "operator.sign_in | operator oleg | ID_SIGN_IN", "operator.sign_in | operator oleg",
                "operator.password | operator oleg | ID_PASSWORD",
                "operator.password | operator oleg",
                "operator.sign_in | operator oleg | ID_SIGN_IN", "operator.sign_in | operator oleg",
                // Of the other organization.
                "operator.sign_in | operator oleg | ID_SIGN_IN",
                "operator.sign_out | operator oleg",
            ])
    }

    @Test func `what is told of roles is what there is`() throws {
        let help = try system.kabinet("operator", "create", "--help")
        #expect(help.contains("administrator может всё"))
        for promise in ["журнал", "займётся"] { #expect(!help.contains(promise), "\(promise)") }
    }

    @Test func `wrong passwords make a login rest, whether it is somebody's or not`() throws {
        let given = try system.clerk("oleg", "--role", "viewer")
        for login in ["oleg", "nobody"] {
            let clerk = Clerk(system)
            for _ in 0..<5 { #expect(try clerk.signIn(login, "wrong") == "422") }
            let answer = try clerk.post("sign-in", [("login", login), ("password", given)])
            #expect(answer.status == 422 && answer.text.contains("Too many wrong attempts"))
        }
    }

    @Test
    func `what is posted signed out is lost with a word, and signing in leads to finding it`()
        throws
    {
        let clerk = Clerk(system)
        try clerk.begin("oleg", try system.clerk("oleg", "--role", "clerk"))
        let anna = try system.person("10001")
        try clerk.post("sign-out", [("key", "12345678")])
        let lost = try clerk.post(
            "people/\(anna)/restore",
            [
                ("login", "10001"), ("email", "new@example.ru"), ("check", "documents"),
                ("why", "паспорт"), ("seen", "звонок"),
            ])
        let way = "sign-in?next=find%3Fq%3D10001&done=over"
        #expect(lost.header("Location") == "/srkc/operator/\(way)")
        let page = try clerk.get(way)
        #expect(page.text.contains("what you typed is not kept"))
        #expect(page.hidden("next") == "find?q=10001")
        let taken = try clerk.post(
            "accounts/10002/people/\(anna)/detach", [("login", "10001"), ("why", "продана")])
        #expect(
            taken.header("Location")
                == "/srkc/operator/sign-in?next=find%3Fq%3D10002&done=over")
        // An address of somebody stands in none of ours.
        let address = try clerk.post("people/\(anna)/restore", [("login", "anna@old.ru")])
        #expect(address.header("Location") == "/srkc/operator/sign-in?done=over")
        // So it goes where a card was only looked at, and from wherever.
        #expect(
            try clerk.get("accounts/10001?why=call").header("Location")
                == "/srkc/operator/?next=find%3Fq%3D10001")
        #expect(try clerk.get("?next=find%3Fq%3D10001").hidden("next") == "find?q=10001")
        #expect(
            try clerk.get("people/\(anna)?why=call").header("Location") == "/srkc/operator/")
        #expect(try !clerk.get("sign-in").text.contains("what you typed is not kept"))
        #expect(
            try Clerk(system).find("10001").header("Location")
                == "/srkc/operator/sign-in?done=over")
        // Neither a reason nor a way out comes from an address.
        for (next, path) in [
            ("find?q=10001", "?q=10001"), ("find?q=10001&why=mischief", "?q=10001"),
            ("people/\(anna)?why=mischief", ""), ("//example.com", ""), ("../../irkutsk/", ""),
            ("sign-in", ""), ("code", ""), ("password", "password"),
        ] {
            let back = try clerk.post(
                "sign-in",
                [("login", "oleg"), ("password", "correct horse battery"), ("next", next)])
            #expect(back.header("Location") == "/srkc/operator/\(path)", "\(next)")
        }
        // There it is typed already; why is asked, and nobody is shown.
        let search = try clerk.get("?q=10001")
        #expect(search.status == 200 && search.text.contains("value=\"10001\""))
        #expect(search.text.contains("name=\"why\"") && !search.text.contains("Соловьёва"))
    }

    @Test(arguments: [
        ("find?q=10001", "?q=10001&done=password"), ("password", "?done=password"),
        ("second-factor", "?done=password"), ("code", "?done=password"),
        ("sign-in", "?done=password"), ("accounts/10001", "?done=password"),
    ])
    func `a password of one's own is told to be set where one was on the way to`(
        _ next: String, _ path: String
    ) throws {
        let given = try system.clerk("oleg", "--role", "clerk")
        let clerk = Clerk(system)
        let led = try clerk.post(
            "sign-in", [("login", "oleg"), ("password", given), ("next", next)])
        #expect(
            led.header("Location") == "/srkc/operator/password?next=\(Visitor.encoded(next))")
        let own = "correct horse battery"
        let set = try clerk.post(
            "password",
            [("old", given), ("password", own), ("password_again", own), ("next", next)])
        #expect(set.header("Location") == "/srkc/operator/\(path)")
        let page = try clerk.get(path)
        #expect(page.status == 200 && page.text.contains("Your other sessions have ended"))
        #expect(page.text.contains("Whom to find"))
        #expect(page.text.contains("value=\"10001\"") == path.contains("q="))
    }

    @Test func `a password set at the server lets in at once who had been wrong too often`() throws
    {
        let clerk = Clerk(system)
        try clerk.begin("oleg", try system.clerk("oleg", "--role", "viewer"))
        for _ in 0..<5 { #expect(try clerk.signIn("oleg", "forgotten") == "422") }
        let resting = try clerk.post(
            "sign-in", [("login", "oleg"), ("password", "correct horse battery")])
        #expect(resting.status == 422 && resting.text.contains("Too many wrong attempts"))
        // From everywhere, and in every organization; those of another login stay.
        try system.connection().script(
            """
            insert into identity.failure (organization, what, count, since, rests, rests_until)
            select o, w, 0, clock.now(), 1, clock.now() + interval '1 hour'
            from (values ('srkc', 'operator oleg'), ('srkc', 'operator oleg inside'), ('irkutsk', 'operator oleg'),
                         ('srkc', 'operator oleg2'), ('srkc', 'operator oleg2 inside')) v(o, w)
            on conflict do nothing
            """)
        let reset = try JSON.parse(
            Array(
                try system.kabinet("operator", "password", "oleg", "--why", "забыл", "--json").utf8)
        )
        #expect(
            try clerk.signIn("oleg", try #require(reset["password"]?.string))
                == "/srkc/operator/password")
        #expect(
            try system.connection().script(
                "select string_agg(what, ', ' order by what) from identity.failure where what like 'operator %'"
            )[0].text(0) == "operator oleg2, operator oleg2 inside")
    }

    @Test func `whatever is seen of a person is in the audit before the page leaves`() throws {
        let clerk = Clerk(system)
        try clerk.begin("oleg", try system.clerk("oleg", "--role", "viewer"))
        let anna = try system.person("10001")
        let found = try clerk.find("010001", why: "звонок")
        #expect(found.status == 200 && found.text.contains("Соловьёва"))
        #expect(found.text.contains("<h1>Find</h1>"))
        // Case, ё and е, and the rest of a surname make no difference.
        let surname = try clerk.find("СОЛОВЬЕВ")
        for number in ["10001", "10002", "30001"] { #expect(surname.text.contains(number)) }
        #expect(!surname.text.contains("20001"))
        #expect(try clerk.find("ANNA@old.ru").text.contains("10001"))
        // It stands in the field where it was typed, and nowhere else.
        #expect(
            try clerk.find("anna@old.ru").text.components(separatedBy: "anna@old.ru").count == 2)
        #expect(try clerk.find("Неизвестный").text.contains("Nobody was found"))
        let card = try clerk.get("accounts/10001?why=%D0%B7%D0%B2%D0%BE%D0%BD%D0%BE%D0%BA")
        #expect(card.text.contains("Петровна") && card.text.contains("+79161110001"))
        #expect(card.text.contains("<h1>Account No. 10001</h1>"))
        let person = try clerk.get("people/\(anna)?why=call")
        #expect(person.text.contains("anna@old.ru") && person.text.contains("+79161234567"))
        // A viewer is offered nothing to change.
        #expect(!person.text.contains("Restore access"))
        // Without a reason nobody is shown.
        for path in ["accounts/10001", "people/\(anna)", "people/\(anna)?why=%20x"] {
            let answer = try clerk.get(path)
            #expect(answer.status == 400 && !answer.text.contains("Петровна"), "\(path)")
        }
        #expect(try clerk.post("find", [("q", "10001")]).status == 400)
        #expect(try clerk.get("people/999999?why=call").status == 404)
        try system.drained()
        let seen = try system.audit("operator:oleg", action: "person.viewed")
        #expect(
            seen == [
                "person.viewed | operator oleg,account 10001,person \(anna),login 10001 | звонок",
                "person.viewed | operator oleg,account 10002,account 30001,account 10001 | a call",
                "person.viewed | operator oleg,person \(anna),login 10001 | a call",
                "person.viewed | operator oleg,person \(anna),login 10001 | a call",
                "person.viewed | operator oleg | a call",
                "person.viewed | operator oleg,account 10001,person \(anna),login 10001 | звонок",
                "person.viewed | operator oleg,account 10001,person \(anna),login 10001 | call",
            ])
        let listed = try system.kabinet(
            "audit", "list", "--person", "№ 10001", "--operator", "oleg", "--json")
        #expect(listed.split(separator: "\n").count == 6)
        #expect(
            try system.kabinet("audit", "list", "--person", "20001", "--json").isEmpty)
        #expect(try system.violations() == [])
    }

    @Test func `a person is not shown when it cannot be written down`() throws {
        let clerk = Clerk(system)
        try clerk.begin("oleg", try system.clerk("oleg", "--role", "viewer"))
        try system.connection().script("revoke insert on queue.command from kabinet_ingress")
        let answer = try clerk.get("accounts/10001?why=call")
        #expect(answer.status == 503 && !answer.text.contains("Соловьёва"))
        #expect(try !clerk.find("10001").text.contains("Соловьёва"))
    }

    @Test
    func `a role of one house sees nobody of another, and changes nobody who has an account there`()
        throws
    {
        let clerk = Clerk(system)
        try clerk.begin("oleg", try system.clerk("oleg", "--role", "clerk", "--house", "a"))
        let (anna, boris, vera) = (
            try system.person("10001"), try system.person("20001"), try system.person("10002")
        )
        #expect(try clerk.find("20001").text.contains("Nobody was found"))
        #expect(try clerk.find("boris@old.ru").text.contains("Nobody was found"))
        #expect(try clerk.find("Зимин").text.contains("Nobody was found"))
        #expect(try !clerk.find("Соловьев").text.contains("30001"))
        #expect(try clerk.get("accounts/20001?why=call").status == 404)
        #expect(try clerk.get("accounts/30001?why=call").status == 404)
        #expect(try clerk.get("people/\(boris)?why=call").status == 404)
        // Vera uses an account of the other house too: of her only what is within reach is shown, and nothing is restored.
        let card = try clerk.get("people/\(vera)?why=call")
        #expect(card.status == 200 && !card.text.contains("20001"))
        #expect(card.text.contains("Hand it over") && !card.text.contains("name=\"email\""))
        func restore(_ person: Int64, _ login: String) throws -> Answer {
            try clerk.post(
                "people/\(person)/restore",
                [
                    ("login", login), ("email", "new\(login)@example.org"), ("check", "documents"),
                    ("why", "паспорт"),
                ])
        }
        #expect(try restore(vera, "10002").status == 422)
        // The page of who is out of reach is not there, whatever was refused.
        #expect(try restore(boris, "20001").status == 404)
        // The path says Anna, the body Boris: that is refused.
        #expect(try restore(anna, "20001").status == 422)
        #expect(
            try system.count("select count(*) from access.principal where email like 'new%'") == 0)
        #expect(try restore(anna, "10001").status == 303)
        #expect(
            try system.audit("operator:oleg", action: "access.restore") == [
                "access.restore | login 10002 | паспорт | NOT_FOUND",
                "access.restore | login 20001 | паспорт | NOT_FOUND",
                "access.restore | login 20001 | паспорт | NOT_FOUND",
                "access.restore | login 10001 | паспорт",
            ])
    }

    @Test(arguments: ["viewer", "accountant"])
    func `who only looks restores nobody's access, whatever is posted`(role: String) throws {
        let clerk = Clerk(system)
        try clerk.begin("oleg", try system.clerk("oleg", "--role", role))
        let anna = try system.person("10001")
        #expect(try !clerk.get("people/\(anna)?why=call").text.contains("Restore access"))
        let answer = try clerk.post(
            "people/\(anna)/restore",
            [
                ("login", "10001"), ("email", "evil@example.org"), ("check", "documents"),
                ("why", "хочу"),
            ])
        #expect(answer.status == 422)
        // There is no form for them; why nothing was done is told all the same.
        #expect(answer.text.contains("This organization does not allow it"))
        #expect(
            try system.count("select count(*) from access.principal where email ~ 'evil'") == 0)
        #expect(
            try system.audit("operator:oleg", action: "access.restore") == [
                "access.restore | login 10001 | хочу | ID_NOT_ALLOWED"
            ])
    }

    @Test func `SF-039, SF-040: a clerk restores access with a check, and the old contact is told`()
        throws
    {
        let clerk = Clerk(system)
        try clerk.begin("oleg", try system.clerk("oleg", "--role", "clerk"))
        let anna = try system.person("10001")
        func restore(_ fields: [(String, String)]) throws -> Answer {
            try clerk.post("people/\(anna)/restore", fields)
        }
        let full = [
            ("login", "10001"), ("email", "anna@new.ru"), ("check", "documents"),
            ("why", "паспорт предъявлен"), ("key", "once-and-only"),
        ]
        for missing in ["email", "check", "why"] {
            #expect(try restore(full.filter { $0.0 != missing }).status == 400, "\(missing)")
        }
        #expect(try restore(full.map { $0.0 == "check" ? ($0.0, "no") : $0 }).status == 400)
        // Grounds that say nothing: on the page of the form, and nothing is done.
        let short =
            full.map { $0.0 == "why" ? ($0.0, "x") : $0 } + [
                ("seen", "call"), ("form", "restore"),
            ]
        let said = try restore(short.filter { $0.0 != "key" })
        #expect(said.status == 400 && said.text.contains("three letters at least"))
        #expect(said.text.contains("id=\"restore-why-error\"") && said.text.contains("anna@old.ru"))
        let done = try clerk.get("people/\(anna)?done=restored&why=x")
        #expect(done.status == 400 && !done.text.contains("Access is restored"))
        // From another site it is nobody's form.
        #expect(
            try clerk.post("people/\(anna)/restore", full, site: "cross-site").status == 403)
        // The login of somebody else than the page's changes nobody, also within reach.
        let other = full.map { $0.0 == "login" ? ($0.0, "20001") : $0 }
        #expect(try restore(other.filter { $0.0 != "key" }).status == 422)
        #expect(
            try system.count("select count(*) from access.principal where email = 'anna@new.ru'")
                == 0)
        let answer = try restore(full)
        #expect(answer.status == 303)
        let location = try #require(answer.header("Location"))
        #expect(location.contains("done=restored"))
        // Sent twice, it is done once.
        #expect(try restore(full).header("Location") == location)
        let page = try clerk.get(String(location.dropFirst("/srkc/operator/".count)))
        #expect(page.text.contains("Access is restored") && page.text.contains("anna@new.ru"))
        try eventually("both letters are in the outbox") {
            try system.count("select count(*) from operations.outbox") == 2
        }
        #expect(
            try system.count(
                "select count(*) from operations.outbox where recipient = 'anna@new.ru' and text ~ '/srkc/reset/'"
            )
                == 1)
        #expect(
            try system.count(
                "select count(*) from operations.outbox where recipient = 'anna@old.ru' and text !~ '/reset/'"
            )
                == 1)
        #expect(
            try system.audit("operator:oleg", action: "access.restore") == [
                "access.restore | login 20001 | паспорт предъявлен | NOT_FOUND",
                "access.restore | login 10001 | паспорт предъявлен",
            ])
        let entry = try JSON.parse(
            Array(
                try system.kabinet(
                    "audit", "list", "--action", "access.restore", "--person", "10001", "--json"
                ).utf8))
        #expect(entry["details"]?["check"]?.string == "documents")
        #expect(entry["details"]?["email"]?.string?.contains("anna@new.ru") == false)
    }

    @Test func `SF-039: access is restored at the server too`() throws {
        let words = try system.kabinet(
            "access", "restore", "--organization", "srkc", "--login", "10001", "--email",
            "anna@new.ru", "--check", "questions", "--why", "ответила на вопросы")
        #expect(words.contains("access.restore"))
        #expect(
            try system.count("select count(*) from access.principal where email = 'anna@new.ru'")
                == 1)
        let wrong = try system.launch([
            "access", "restore", "--organization", "srkc", "--login", "10001", "--email", "x",
            "--check", "questions", "--why", "y",
        ])
        #expect(try wrong.wait() == 2)
        let nobody = try system.launch([
            "access", "restore", "--organization", "srkc", "--login", "77777", "--email",
            "x@example.org", "--check", "documents", "--why", "y",
        ])
        #expect(try nobody.wait() == 1)
        let audited = try system.kabinet(
            "audit", "list", "--action", "access.restore", "--person", "10001", "--json")
        #expect(audited.contains("ответила на вопросы") && !audited.contains("anna@new.ru"))
        // What was refused does not stand there like what was done.
        func became(_ person: String) throws -> [String?] {
            let entry = try JSON.parse(
                Array(
                    try system.kabinet(
                        "audit", "list", "--action", "access.restore", "--person", person, "--json"
                    ).utf8))
            return [entry["state"]?.string, entry["code"]?.string]
        }
        #expect(try became("10001") == ["done", nil])
        #expect(try became("77777") == ["refused", "NOT_FOUND"])
        #expect(
            try system.kabinet(
                "audit", "list", "--action", "access.restore", "--person", "77777"
            ).contains("отклонена (NOT_FOUND)"))
    }

    @Test func `a clerk takes an account out of one person's hands, who is told`() throws {
        let clerk = Clerk(system)
        try clerk.begin("oleg", try system.clerk("oleg", "--role", "clerk"))
        let (boris, vera) = (try system.person("20001"), try system.person("10002"))
        let card = try clerk.get("accounts/20001?why=call").text
        #expect(card.contains("owner, signs in with its number"))
        #expect(card.contains("let in by the owner: look"))
        #expect(card.contains("accounts/20001/people/\(boris)/detach"))
        func detach(_ person: Int64, _ fields: [(String, String)]) throws -> Answer {
            try clerk.post("accounts/20001/people/\(person)/detach", fields)
        }
        let full = [
            ("login", "10002"), ("check", "documents"), ("why", "доверенность отозвана"),
            ("form", "detach-\(vera)"), ("key", "once-and-only"),
        ]
        for missing in ["login", "check", "why"] {
            #expect(try detach(vera, full.filter { $0.0 != missing }).status == 400, "\(missing)")
        }
        let wrong = try detach(vera, full.map { $0.0 == "check" ? ($0.0, "no") : $0 })
        #expect(wrong.status == 400 && wrong.text.contains("“Answers to questions”"))
        // Of another person than the page's nothing is taken.
        #expect(try detach(boris, full.filter { $0.0 != "key" }).status == 422)
        let answer = try detach(vera, full)
        #expect(answer.status == 303)
        let location = try #require(answer.header("Location"))
        #expect(try detach(vera, full).header("Location") == location)
        let after = try clerk.get(String(location.dropFirst("/srkc/operator/".count))).text
        #expect(after.contains("The account is taken away") && !after.contains("/people/\(vera)/"))
        #expect(
            try system.count("select count(*) from access.attachment where principal = \(vera)")
                == 1)
        try eventually("the person is told") {
            try system.count(
                "select count(*) from operations.outbox where recipient = 'vera@old.ru'") == 1
        }
        #expect(
            try system.audit("operator:oleg", action: "access.detach") == [
                "access.detach | account 20001,login 10002,person \(boris) | доверенность отозвана | NOT_FOUND",
                "access.detach | account 20001,login 10002,person \(vera) | доверенность отозвана",
            ])
        let entry = try JSON.parse(
            Array(
                try system.kabinet(
                    "audit", "list", "--action", "access.detach", "--person", "20001", "--json"
                ).split(separator: "\n").first.map(String.init)?.utf8 ?? "".utf8))
        #expect(entry["details"]?["check"]?.string == "documents")
        #expect(try system.violations() == [])
    }

    @Test func `an account out of reach is taken from nobody, nor by who only looks`() throws {
        let (anna, vera) = (try system.person("10001"), try system.person("10002"))
        let fields = [("login", "10002"), ("check", "documents"), ("why", "продана")]
        let viewer = Clerk(system)
        try viewer.begin("pavel", try system.clerk("pavel", "--role", "viewer"))
        #expect(try !viewer.get("accounts/20001?why=call").text.contains("/detach\""))
        #expect(try viewer.post("accounts/20001/people/\(vera)/detach", fields).status == 422)
        let clerk = Clerk(system)
        try clerk.begin("oleg", try system.clerk("oleg", "--role", "clerk", "--house", "a"))
        // The account is in the other house.
        #expect(try clerk.post("accounts/20001/people/\(vera)/detach", fields).status == 404)
        // Vera signs in with this one, and has something in the other house: all of her access would change.
        let card = try clerk.get("accounts/10002?why=call").text
        #expect(card.contains("Hand it over") && !card.contains("/detach\""))
        #expect(try clerk.post("accounts/10002/people/\(vera)/detach", fields).status == 422)
        #expect(
            try system.count("select count(*) from access.attachment where principal = \(vera)")
                == 2)
        // Anna's is all within reach, and her only one: her access ends, and the account is free.
        let own = [("login", "10001"), ("check", "questions"), ("why", "продана")]
        #expect(try clerk.post("accounts/10001/people/\(anna)/detach", own).status == 303)
        #expect(
            try system.count("select count(*) from access.principal where login = '10001'") == 0)
        #expect(try system.violations() == [])
    }

    @Test func `an account is taken away at the server too`() throws {
        let words = try system.kabinet(
            "access", "detach", "--organization", "srkc", "--account", "20001", "--login", "10002",
            "--check", "questions", "--why", "попросил владелец")
        #expect(words.contains("access.detach"))
        #expect(try system.count("select count(*) from access.attachment where account = 201") == 1)
        let nobody = try system.launch([
            "access", "detach", "--organization", "srkc", "--account", "20001", "--login", "10002",
            "--check", "questions", "--why", "ещё раз",
        ])
        #expect(try nobody.wait() == 1)
        let wrong = try system.launch([
            "access", "detach", "--organization", "srkc", "--account", "20001", "--login", "10002",
            "--check", "telepathy", "--why", "x",
        ])
        #expect(try wrong.wait() == 2)
        #expect(wrong.words.contains("documents, questions"))
        let audited = try system.kabinet(
            "audit", "list", "--action", "access.detach", "--person", "20001", "--json")
        #expect(audited.contains("попросил владелец"))
    }

    @Test func `where the organization wants it nobody works without a second factor`() throws {
        let profile = try String(
            contentsOfFile: "\(TestDatabase.home)/ops/demo/organizations/srkc.yaml",
            encoding: .utf8)
        let earlier = Clerk(system)
        try earlier.begin("pavel", try system.clerk("pavel", "--role", "clerk"))
        #expect(try earlier.find("10001").status == 200)
        let path = "\(system.directory)/strict.yaml"
        try (profile + "operators:\n  second_factor: true\n").write(
            toFile: path, atomically: true, encoding: .utf8)
        #expect(
            try system.kabinet("organization", "apply", path).contains(
                "+ operators.second_factor: true"))
        // Who was signed in before it was wanted can only set one up, with the password.
        try eventually("the session of before opens nothing else") {
            try earlier.find("10001").status == 303
        }
        #expect(try earlier.get("second-factor").text.contains("name=\"password\""))
        let given = try system.clerk("oleg", "--role", "clerk")
        let clerk = Clerk(system)
        #expect(try clerk.signIn("oleg", given) == "/srkc/operator/password")
        let own = "correct horse battery"
        #expect(
            try clerk.post(
                "password", [("old", given), ("password", own), ("password_again", own)]
            ).header("Location") == "/srkc/operator/second-factor")
        #expect(try clerk.find("10001").status == 303)
        // What takes posts only leads a browser to the page that its form stands on.
        #expect(try clerk.get("find").header("Location") == "/srkc/operator/")
        let page = try clerk.get("second-factor").text
        let secret = try #require(
            page.firstMatch(of: #/name="secret" value="([A-Z2-7]{32})"/#)?.output.1)
        let bytes = try #require(TOTP.bytes(base32: String(secret)))
        func code(_ step: Int64) -> String { TOTP.code(secret: bytes, step: step) }
        func now() -> Int64 { Int64(Date().timeIntervalSince1970) / TOTP.period }
        #expect(
            try clerk.post("second-factor", [("secret", String(secret)), ("code", "000000")])
                .status == 422)
        let first = now()
        #expect(
            try clerk.post(
                "second-factor", [("secret", String(secret)), ("code", code(first))]
            ).header("Location") == "/srkc/operator/?done=factor")
        #expect(try clerk.get("?done=factor").text.contains("The second factor is on"))
        #expect(try clerk.find("10001").status == 200)
        // From now on the password alone opens nothing, and a code counts once.
        let again = Clerk(system)
        #expect(try again.signIn("oleg", own) == "/srkc/operator/code")
        // Where one was on the way to goes along.
        let led = try again.post(
            "sign-in", [("login", "oleg"), ("password", own), ("next", "find?q=10001")])
        #expect(led.header("Location") == "/srkc/operator/code?next=find%3Fq%3D10001")
        #expect(try again.get("code?next=find%3Fq%3D10001").hidden("next") == "find?q=10001")
        #expect(try again.find("10001").status == 303)
        let used = try again.post("code", [("code", code(first))])
        #expect(used.status == 422 && used.text.contains("This code has been used"))
        #expect(
            try again.post("code", [("code", code(first + 1))]).header("Location")
                == "/srkc/operator/")
        #expect(try again.find("10001").status == 200)
        // A lost one is taken away at the server, and a new one is to be set up.
        let reset = try JSON.parse(
            Array(
                try system.kabinet(
                    "operator", "password", "oleg", "--drop-second-factor", "--why", "потерян",
                    "--json"
                ).utf8))
        #expect(try again.find("10001").status == 303)
        let third = Clerk(system)
        #expect(
            try third.signIn("oleg", try #require(reset["password"]?.string))
                == "/srkc/operator/password")
    }

    @Test func `a role that is taken away is gone at once, and its login is never given again`()
        throws
    {
        let clerk = Clerk(system)
        try clerk.begin("oleg", try system.clerk("oleg", "--role", "administrator"))
        #expect(try clerk.find("10001").status == 200)
        try system.kabinet(
            "operator", "role", "oleg", "--organization", "srkc", "--role", "viewer", "--house",
            "b", "--why", "перевод")
        #expect(
            try clerk.find("10001").header("Location") == "/srkc/operator/sign-in?done=over")
        #expect(try clerk.signIn("oleg", "correct horse battery") == "/srkc/operator/")
        #expect(try clerk.find("10001").text.contains("Nobody was found"))
        #expect(try clerk.find("20001").text.contains("Зимин"))
        let list = try system.kabinet("operator", "list", "--organization", "srkc")
        #expect(list.contains("srkc: viewer (b)"))
        try system.kabinet(
            "operator", "revoke", "oleg", "--organization", "srkc", "--why", "ушёл")
        #expect(try clerk.find("20001").status == 303)
        #expect(try clerk.signIn("oleg", "correct horse battery") == "422")
        try system.kabinet("operator", "revoke", "oleg", "--why", "уволен")
        for arguments in [
            ["create", "oleg", "--name", "Другой"],
            ["role", "oleg", "--organization", "srkc", "--role", "viewer", "--why", "x"],
            ["password", "oleg", "--why", "x"],
            ["create", "Олег", "--name", "Олег"],
            ["role", "nobody", "--organization", "srkc", "--role", "viewer", "--why", "x"],
            ["create", "petr", "--name", "Пётр", "--organization", "nowhere", "--role", "viewer"],
            [
                "create", "petr", "--name", "Пётр", "--organization", "srkc", "--role", "viewer",
                "--house", "b,nowhere",
            ],
        ] {
            let child = try system.launch(["operator"] + arguments)
            #expect(try child.wait() == 1, "\(arguments): \(child.words)")
        }
        #expect(
            try system.kabinet("audit", "list", "--person", "oleg", "--json").contains("уволен"))
    }

    @Test func `what programs of operators change is in the audit too`() throws {
        let (id, token) = try system.token("srkc", scopes: "operator")
        let client = Client(port: system.port, token: token)
        let answer = try client.call(
            "POST", "/srkc/operator/commands", [("Prefer", "wait=10")],
            json: #"{"kind":"account.change","body":{"account":"10001","phone":"+79990001122"}}"#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(
            try system.audit("token:\(id)") == ["account.change | account 10001"])
        // What stands in the card is not kept for ever, only that it was changed.
        #expect(
            try system.count(
                "select count(*) from operations.audit where details::text ~ '0001122'")
                == 0)
    }

    @Test func `what the command line does at once is done, of what it begins nothing is said`()
        throws
    {
        _ = try system.token("srkc", scopes: "operator")
        _ = try system.kabinet("export", "contacts", "--organization", "srkc")
        func states(_ action: String) throws -> Set<String> {
            let listed = try system.kabinet("audit", "list", "--action", action, "--json")
            return Set(
                try listed.split(separator: "\n").map {
                    try JSON.parse(Array($0.utf8))["state"]?.string ?? "nothing"
                })
        }
        #expect(try states("token.create") == ["done"])
        #expect(try states("export.contacts") == ["nothing"])
        #expect(
            try system.kabinet("audit", "list", "--action", "token.create").contains("выполнена"))
    }
}
