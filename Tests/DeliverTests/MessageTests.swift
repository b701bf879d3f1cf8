import Commands
import Foundation
import HTTP
import Postgres
import Queue
import Telemetry
import TestKit
import Testing
import Threads
import Workers

/// SMS to gateways over HTTP: Debian's Kannel, and one that answers as the Russian ones do (`Servers/gateway.py`).
@Suite(.serialized) struct `A message` {
    static let providers: [MessageRoute.Provider] = [.smsc, .smsru, .exolve]

    static func route(
        _ provider: MessageRoute.Provider, _ url: String, password: String = "s3cret",
        reports: String? = nil
    ) -> MessageRoute {
        MessageRoute(
            provider: provider, url: url, login: "kabinet", password: password, from: "SRKC",
            reports: reports)
    }

    // MARK: smsc.ru, sms.ru, Exolve

    @Test(arguments: providers)
    func `leaves as the gateway wants it`(provider: MessageRoute.Provider) throws {
        let server = try Server.script("gateway.py")
        let depot = try Depot(
            messages: Self.route(provider, "http://127.0.0.1:\(server.port)"))
        let id = try depot.message("+79501234500")
        try depot.deliver("messages")
        let asked = try #require(server.wait("asked").first)
        #expect(asked["provider"]?.string == provider.rawValue)
        #expect(asked["to"]?.string == "79501234500")
        let fields = try #require(asked["fields"])
        let text = "Код для телефона: 482913. Никому не сообщайте. ООО «СРКЦ»"
        switch provider {
        case .smsc:
            #expect(fields["mes"]?.string == text)
            #expect(fields["charset"]?.string == "utf-8")
            #expect(fields["login"]?.string == "kabinet" && fields["psw"]?.string == "s3cret")
            let number = id.low & 0x7fff_ffff
            #expect(fields["id"]?.string == "\(number)")
            #expect(try depot.text("select provider_id from facts.notice") == "\(number)")
        case .smsru:
            #expect(fields["msg"]?.string == text && fields["api_id"]?.string == "s3cret")
            #expect(try depot.text("select provider_id from facts.notice") == "000000-1")
        case .exolve:
            #expect(fields["text"]?.string == text && fields["number"]?.string == "SRKC")
            #expect(asked["key"]?.string == "Bearer s3cret")
            #expect(try depot.text("select provider_id from facts.notice") == "440001")
        case .kannel: break
        }
        #expect(
            try depot.notices() == ["message phone.code +7950***4500 sent \(provider.rawValue) 1"])
    }

    /// What is about the message is final, what passes is tried again, and nothing is lost.
    @Test(arguments: providers)
    func `is sent, tried again or refused as the gateway's answer means`(
        provider: MessageRoute.Provider
    ) throws {
        let server = try Server.script("gateway.py")
        let depot = try Depot(
            messages: Self.route(provider, "http://127.0.0.1:\(server.port)"), timeout: 1_500,
            attempts: 6)
        // The first proves the gateway, alone.
        try depot.message("+79500000100")
        try depot.deliver("messages")
        let cases = ["00", "01", "02", "05", "06", "07", "09"]
        let ids = try depot.order(
            try cases.map {
                (
                    "k\($0)", .message,
                    Outgoing(
                        to: "+795000000\($0)", notice: .phoneCode, secret: try depot.sealed("1"))
                )
            })
        for _ in 0..<4 {
            try depot.deliver("messages")
            try depot.makeDue()
        }
        report("deliver: \(provider.rawValue)  number  state  attempts  asked  code")
        for (number, id) in zip(cases, ids) {
            let row = try #require(
                depot.owner.script(
                    "select state, attempts, coalesce(code, '') from facts.notice where command = '\(id)'"
                ).first)
            let asked = server.events("asked").filter {
                $0["to"]?.string == "795000000\(number)"
            }
            report(
                "deliver: \(provider.rawValue)  …\(number)  \(row.text(0))  \(row.text(1))  \(asked.count)  \(row.text(2))"
            )
            #expect(row.text(0) == (number == "01" ? "refused" : "sent"), "\(number)")
            #expect(row.text(1) == (["00", "01"].contains(number) ? "1" : "2"), "\(number)")
            if provider == .smsc {
                // Every try has the same id.
                #expect(Set(asked.map { $0["fields"]?["id"]?.string }).count == 1)
            }
        }
    }

    @Test(arguments: providers, ["03", "04", "08"])
    func `waits without burning attempts while the gateway stops our account`(
        provider: MessageRoute.Provider, number: String
    ) throws {
        let server = try Server.script("gateway.py")
        let depot = try Depot(
            messages: Self.route(
                provider, "http://127.0.0.1:\(server.port)", password: "pass-word"),
            attempts: 2)
        try depot.order(
            try (0..<60).map {
                (
                    "k\($0)", .message,
                    Outgoing(
                        to: "+7950000\($0 + 10)\(number)", notice: .phoneCode,
                        secret: try depot.sealed("1"))
                )
            })
        try depot.deliver("messages")
        #expect(try depot.step("messages").isPaused)
        // What it was asked, it tells by a pipe of its own.
        try eventually("the gateway tells of one call") { !server.events("asked").isEmpty }
        #expect(server.events("asked").count == 1)
        #expect(try depot.count("facts.notice where state = 'queued' and attempts = 0") == 60)
        #expect(try depot.count("queue.hold where attempt > 0 or state <> 'waiting'") == 0)
        let reason =
            switch (provider, number) {
            case (_, "03"): "money"
            case (.smsc, "08"): "blocked"
            case (.smsru, "08"): "sender"
            default: "credentials"
            }
        #expect(
            try depot.text("select gateway || ' ' || reason from facts.gateway")
                == "\(provider.rawValue) \(reason)")
        #expect(depot.telemetry.events.count { $0.name == "gateway.stopped" } == 1)
        for event in depot.telemetry.events {
            #expect(!"\(event.fields)".contains("pass-word"))
            #expect(!"\(event.fields)".contains("7950"))
        }
    }

    // MARK: Reports

    @Test func `has the state that was reported last in its life, in whatever order reports come`()
        throws
    {
        let server = try Server.script("gateway.py")
        let depot = try Depot(messages: Self.route(.smsru, "http://127.0.0.1:\(server.port)"))
        let ids = try (0..<3).map { try depot.message("+7950000\($0)000") }
        try depot.deliver("messages")
        let names = try ids.map {
            try depot.text("select provider_id from facts.notice where command = '\($0)'")
        }
        // Late, repeated, several at once, and one of nobody.
        try depot.report(
            "smsru", [.init(id: names[0], state: .delivered), .init(id: names[0], state: .sent)])
        try depot.report("smsru", [.init(id: names[0], state: .undelivered, code: "x")])
        try depot.report("smsru", [.init(id: names[0], state: .sent)])
        try depot.report("smsru", [.init(id: names[1], state: .undelivered, code: "sms.ru 104")])
        try depot.report("smsru", [.init(id: names[1], state: .undelivered, code: "again")])
        try depot.report("kannel", [.init(id: names[2], state: .delivered)])
        #expect(try ids.map { try depot.state($0) } == ["delivered", "undelivered", "sent"])
        #expect(
            try depot.text("select code from facts.notice where command = '\(ids[1])'")
                == "sms.ru 104")
        try depot.report("smsru", [.init(id: names[1], state: .delivered)])
        #expect(try depot.state(ids[1]) == "delivered")
    }

    @Test func `takes a report that came before its sending was written down`() throws {
        let server = try Server.script("gateway.py")
        let depot = try Depot(messages: Self.route(.exolve, "http://127.0.0.1:\(server.port)"))
        try depot.report("exolve", [.init(id: "440001", state: .delivered)])
        try depot.report("exolve", [.init(id: "440001", state: .sent)])
        let id = try depot.message("+79500000000")
        try depot.deliver("messages")
        #expect(try depot.state(id) == "delivered")
        #expect(try depot.count("facts.notice_report") == 0)
    }

    @Test func `stays delivered when its sending is written down after the report`() throws {
        let server = try Server.script("gateway.py")
        let depot = try Depot(messages: Self.route(.smsru, "http://127.0.0.1:\(server.port)"))
        let id = try depot.message("+79500000000")
        try depot.owner.script(
            """
            create function public.no_room() returns trigger language plpgsql as
              $$ begin raise exception 'no space' using errcode = '53100'; end $$;
            create trigger no_room before insert on queue.batch for each statement execute function public.no_room()
            """)
        if case .full = try depot.step("messages") {
        } else {
            Issue.record("the record did not fail")
        }
        try depot.owner.script("drop trigger no_room on queue.batch")
        try depot.report("kannel", [.init(id: id.description, state: .delivered)])
        try depot.deliver("messages")
        #expect(try depot.state(id) == "delivered")
        #expect(try depot.text("select provider_id from facts.notice") == "000000-1")
        #expect(server.events("asked").count == 1)
    }

    @Test func `that was delivered before a crash is not sent again`() throws {
        let server = try Server.script("gateway.py")
        let depot = try Depot(messages: Self.route(.smsru, "http://127.0.0.1:\(server.port)"))
        let id = try depot.message("+79500000000")
        try depot.report("kannel", [.init(id: id.description, state: .delivered)])
        try depot.deliver("messages")
        #expect(try depot.state(id) == "delivered")
        #expect(try depot.database.state(of: id)?.state == .done)
        #expect(server.events("asked").isEmpty)
    }

    @Test func `goes by letter instead when it was not delivered, once`() throws {
        let server = try Server.script("gateway.py")
        let depot = try Depot(messages: Self.route(.smsru, "http://127.0.0.1:\(server.port)"))
        let id = try depot.message("+79500000000", secret: "482913", fallback: "ivan@mail.ru")
        try depot.deliver("messages")
        for _ in 0..<3 {
            try depot.report("smsru", [.init(id: "000000-1", state: .undelivered, code: "x")])
        }
        try depot.deliver()
        #expect(
            try depot.notices() == [
                "message phone.code +7950***0000 undelivered smsru 1",
                "letter phone.code iv***@mail.ru sent outbox 1",
            ])
        #expect(try depot.text("select text from operations.outbox").contains("482913"))
        #expect(
            try depot.text("select first::text from facts.notice where channel = 'letter'")
                == "\(id)")
    }

    @Test func `that expired meanwhile is not sent by the other channel either`() throws {
        let server = try Server.script("gateway.py")
        let depot = try Depot(messages: Self.route(.smsru, "http://127.0.0.1:\(server.port)"))
        try depot.set(clock: "2026-04-18 12:00:00+00")
        let end = try #require(Instant("2026-04-18T12:05:00Z")).microseconds
        try depot.message("+79500000000", expiresAt: end, fallback: "ivan@mail.ru")
        try depot.deliver("messages")
        try depot.set(clock: "2026-04-18 12:05:00+00")
        try depot.report("smsru", [.init(id: "000000-1", state: .undelivered, code: "x")])
        try depot.deliver()
        #expect(try depot.count("operations.outbox") == 0)
        #expect(try depot.count("facts.notice where state = 'expired' and channel = 'letter'") == 1)
    }

    // MARK: Kannel

    @Test func `goes through Debian's Kannel in Cyrillic, and comes back as delivered`() throws {
        let kannel = try Kannel()
        let centre = try kannel.centre()
        let listener = try Server.script("reports.py")
        let depot = try Depot(
            messages: Self.route(
                .kannel, kannel.url,
                reports: "http://127.0.0.1:\(listener.port)/delivered/kannel?secret=abc"))
        let cyrillic = try depot.message("+79501234567")
        let latin = try depot.message("+79501234568", key: "latin", language: "en")
        try depot.deliver("messages")
        #expect(try depot.state(cyrillic) == "sent")
        // Both parts of each report: at the centre, and at the person.
        let reports = try listener.wait("report", 4)
        #expect(
            try kannel.taken().sorted() == [
                "+79501234567 Код для телефона: 482913. Никому не сообщайте. ООО «СРКЦ»",
                "+79501234568 Phone code: 482913. Tell it to nobody. ООО «СРКЦ»",
            ])
        for report in reports {
            #expect(report["query"]?["secret"]?.string == "abc")
            let id = try #require(report["query"]?["id"]?.string)
            let state: NoticeReport.State =
                report["query"]?["type"]?.string == "1" ? .delivered : .sent
            try depot.report("kannel", [.init(id: id, state: state)])
        }
        #expect(try depot.state(cyrillic) == "delivered")
        #expect(try depot.state(latin) == "delivered")
        _ = centre
    }

    @Test func `waits in Kannel while the centre is away, and counts as sent`() throws {
        let kannel = try Kannel()
        let depot = try Depot(messages: Self.route(.kannel, kannel.url))
        let id = try depot.message("+79501234567")
        try depot.deliver("messages")
        #expect(try depot.state(id) == "sent")
        let centre = try kannel.centre()
        try eventually("the message at the centre") { try kannel.taken().count == 1 }
        _ = centre
    }

    @Test func `waits here while Kannel does not know our password`() throws {
        let kannel = try Kannel()
        let depot = try Depot(messages: Self.route(.kannel, kannel.url, password: "other"))
        let id = try depot.message("+79501234567")
        try depot.deliver("messages")
        #expect(try depot.state(id) == "queued")
        #expect(try depot.text("select reason from facts.gateway") == "credentials")
    }
}
