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

/// Letters to a real SMTP server that does as a letter's address says (`Servers/mail.py`).
@Suite(.serialized) struct `A letter` {
    static func route(
        _ port: Int, scheme: String = "smtp", user: String? = nil, password: String = "",
        requiresEncryption: Bool = false, certificates: String? = nil
    ) -> MailRoute {
        MailRoute(
            server: MailServer(
                url: "\(scheme)://localhost:\(port)", user: user, password: password,
                requiresEncryption: requiresEncryption, certificates: certificates),
            from: "noreply@example.ru")
    }

    @Test func `leaves as text and HTML, with the headers that it must have`() throws {
        let server = try Server.script("mail.py")
        let depot = try Depot(mail: Self.route(server.port))
        let id = try depot.letter(
            "ivan@mail.ru", .registrationConfirm, values: ["path": "/srkc/confirm/"],
            secret: "TOKEN<&>", unsubscribe: "LEAVE")
        try depot.deliver()
        let letter = try #require(server.wait("taken").first)
        #expect(letter["sender"]?.string == "noreply@example.ru")
        #expect(letter["hello"]?.string == "example.ru")
        #expect(letter["subject"]?.string == "Подтвердите регистрацию в Личном кабинете")
        #expect(letter["origin"]?.string == "ООО «СРКЦ» <noreply@example.ru>")
        #expect(letter["id"]?.string == "<\(id)@example.ru>")
        #expect(letter["type"]?.string == "multipart/alternative")
        #expect(
            letter["unsubscribe"]?.string == "<https://lk.example.ru/unsubscribe/LEAVE>")
        #expect(letter["post"]?.string == "List-Unsubscribe=One-Click")
        #expect(letter["date"]?.string?.hasSuffix("+0000") == true)
        #expect(letter["defects"]?.array?.isEmpty == true)
        let parts = try #require(letter["parts"]?.array)
        #expect(parts.compactMap { $0.array?.first?.string } == ["text/plain", "text/html"])
        let texts = parts.compactMap { $0.array?.last?.string }
        #expect(texts[0].contains("https://lk.example.ru/srkc/confirm/TOKEN<&>\r\n"))
        #expect(texts[1].contains(#"href="https://lk.example.ru/srkc/confirm/TOKEN&lt;&amp;&gt;""#))
        #expect(texts[0].contains("ООО «СРКЦ»") && texts[1].contains("ООО «СРКЦ»"))
        let raw = try #require(letter["raw"]?.string)
        #expect(raw.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
        #expect(
            try depot.notices() == ["letter registration.confirm iv***@mail.ru sent smtp 1"])
        #expect(try depot.text("select provider_id from facts.notice") == "Q1")
    }

    @Test func `has one header a header, whatever its values hold`() throws {
        let server = try Server.script("mail.py")
        let depot = try Depot(mail: Self.route(server.port))
        try depot.owner.script(
            """
            update access.profile set profile = jsonb_set(profile, '{name}',
              to_jsonb(E'Evil\\r\\nBcc: all@example.ru\\r\\n\\r\\nbody'::text))
            """)
        try depot.letter(
            "a@mail.ru", .shareInvited, values: ["account": "1", "path": "/"],
            secret: "x\r\nBcc: all@example.ru", unsubscribe: "y>\r\nBcc: all@example.ru")
        try depot.deliver()
        let letter = try #require(server.wait("taken").first)
        #expect(
            letter["headers"]?.array?.compactMap(\.string) == [
                "Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Auto-Submitted",
                "List-Unsubscribe", "List-Unsubscribe-Post", "Content-Type",
            ])
    }

    @Test func `is written once for a key, whoever orders it how often`() throws {
        let server = try Server.script("mail.py")
        let depot = try Depot(mail: Self.route(server.port))
        let first = try depot.letter("a@mail.ru", key: "k")
        let second = try depot.letter("a@mail.ru", key: "k")
        let twice = try depot.order([
            ("m", .letter, Outgoing(to: "b@mail.ru", notice: .userDeleted)),
            ("m", .letter, Outgoing(to: "b@mail.ru", notice: .userDeleted)),
        ])
        try depot.deliver()
        #expect(try server.wait("taken", 2).count == 2)
        #expect(try depot.count("queue.command where kind = 'letter.send'") == 2)
        #expect(try depot.count("facts.notice where command in ('\(first)', '\(twice[0])')") == 2)
        #expect(try depot.count("facts.notice where command = '\(second)'") == 0)
    }

    @Test func `shares its connection with those before it`() throws {
        let server = try Server.script("mail.py")
        let depot = try Depot(mail: Self.route(server.port), calls: 3)
        try depot.order(
            (0..<100).map {
                ("k\($0)", .letter, Outgoing(to: "a\($0)@mail.ru", notice: .userDeleted))
            })
        try depot.deliver()
        let letters = try server.wait("taken", 100)
        #expect(Set(letters.compactMap { $0["to"]?.string }).count == 100)
        #expect(server.events("connected").count <= 3)
        #expect(server.events("repeated").isEmpty)
    }

    @Test func `is sent while others wait for their answers, as many at once as the pool calls`()
        throws
    {
        let server = try Server.script("mail.py")
        let depot = try Depot(mail: Self.route(server.port), timeout: 20_000, calls: 4)
        try depot.letter("first@mail.ru")
        try depot.deliver()
        try depot.order(
            (0..<8).map {
                ("k\($0)", .letter, Outgoing(to: "together.\($0)@mail.ru", notice: .userDeleted))
            })
        try depot.deliver()
        #expect(try depot.count("facts.notice where state = 'sent' and attempts = 1") == 9)
        #expect(server.events("connected").count <= 4)
    }

    @Test func `never takes the answer to another one for its own`() throws {
        let server = try Server.script("mail.py")
        let depot = try Depot(mail: Self.route(server.port), timeout: 1_500, calls: 1)
        try depot.letter("first@mail.ru")
        try depot.deliver()
        // The answer to the first comes when its connection has been given up.
        try depot.order(
            ["late.1", "good.1", "good.2"].map {
                ($0, .letter, Outgoing(to: "\($0)@mail.ru", notice: .userDeleted))
            })
        try depot.deliver()
        try depot.makeDue()
        try depot.deliver()
        #expect(
            try depot.owner.script("select attempts::text from facts.notice order by key").map {
                $0.text(0)
            } == ["1", "1", "2", "1"])
        #expect(server.events("taken").count == 4 && server.events("repeated").count == 1)
    }

    @Test func `leaves encrypted and as the user that it should`() throws {
        let folder = try Folder()
        let files = try folder.certificate()
        for (option, scheme) in [("--starttls", "smtp"), ("--tls", "smtps")] {
            let server = try Server.script(
                "mail.py", [option, files.certificate, files.key, "--user", "kabinet", "s3cret"])
            let depot = try Depot(
                mail: Self.route(
                    server.port, scheme: scheme, user: "kabinet", password: "s3cret",
                    requiresEncryption: true, certificates: files.certificate))
            try depot.letter("a@mail.ru")
            try depot.deliver()
            let letter = try #require(server.wait("taken").first)
            #expect(letter["encrypted"]?.bool == true || scheme == "smtps")
            #expect(letter["user"]?.string == "kabinet")
        }
    }

    @Test func `that has expired by domain time is dropped`() throws {
        let server = try Server.script("mail.py")
        let depot = try Depot(mail: Self.route(server.port))
        try depot.set(clock: "2026-04-18 12:00:00+00")
        let end = try #require(Instant("2026-04-18T12:00:00Z")).microseconds
        let late = try depot.letter(
            "late.a@mail.ru", .registrationCode, secret: "1", expiresAt: end)
        let due = try depot.letter(
            "b@mail.ru", .registrationCode, secret: "2", expiresAt: end + 1)
        try depot.deliver()
        #expect(try server.wait("taken").count == 1)
        #expect(try depot.state(late) == "expired")
        #expect(try depot.state(due) == "sent")
        #expect(try depot.database.state(of: late)?.code == "NOTICE_EXPIRED")
    }

    @Test func `whose secret nobody here can open waits for a key, and shows nothing`() throws {
        let server = try Server.script("mail.py")
        let depot = try Depot(mail: Self.route(server.port))
        let foreign = try Outgoing(
            to: "a@mail.ru", notice: .phoneCode,
            secret: Depot().sealed("123456"))
        let torn = Outgoing(to: "b@mail.ru", notice: .phoneCode, secret: "!!!")
        let ids = try depot.order([("f", .letter, foreign), ("t", .letter, torn)])
        try depot.deliver()
        #expect(try depot.notices().map { $0.split(separator: " ")[3] } == ["queued", "failed"])
        #expect(try depot.database.state(of: ids[0])?.state == .pending)
        #expect(try depot.database.state(of: ids[1])?.state == .abandoned)
        #expect(server.events("taken").isEmpty)
    }

    @Test func `stays in the outbox where no server is set, with its secret`() throws {
        let depot = try Depot()
        let letter = try depot.letter("a@mail.ru", .registrationCode, secret: "482913")
        let message = try depot.message("+79501234567", secret: "775533")
        try depot.deliver()
        try depot.deliver("messages")
        #expect(
            try depot.owner.script(
                "select channel || ' ' || recipient from operations.outbox order by channel"
            ).map { $0.text(0) } == ["letter a@mail.ru", "message +79501234567"])
        #expect(
            try depot.text("select text from operations.outbox where channel = 'message'")
                == "Код для телефона: 775533. Никому не сообщайте. ООО «СРКЦ»")
        #expect(
            try depot.text("select text || html from operations.outbox where channel = 'letter'")
                .contains("482913"))
        #expect(try depot.state(letter) == "sent")
        #expect(try depot.state(message) == "sent")
        // Nowhere else.
        for table in ["queue.command", "queue.exception", "facts.notice"] {
            #expect(try depot.count("\(table) t where t::text ~ '482913|775533'") == 0)
        }
    }

    // MARK: Misbehaviour

    /// Everything that a server may do, all at once: each letter arrives once, or is refused for good, and the table tells.
    @Test func `arrives once whatever the server does, or is told as refused`() throws {
        let server = try Server.script("mail.py")
        let depot = try Depot(mail: Self.route(server.port), timeout: 1_500, attempts: 6)
        let words = [
            "good", "grey", "busytwice", "busy", "full", "broken", "nobody", "spam", "die", "late",
            "hang", "bye",
        ]
        // The one that proves the server goes first, alone.
        try depot.letter("good.first@mail.ru")
        try depot.deliver()
        let orders = words.flatMap { word in
            (0..<3).map { number in
                (
                    key: "\(word).\(number)", channel: NoticeChannel.letter,
                    outgoing: Outgoing(to: "\(word).\(number)@mail.ru", notice: .userDeleted)
                )
            }
        }
        let ids = try depot.order(orders)
        for _ in 0..<8 {
            try depot.deliver()
            try depot.makeDue()
        }
        try depot.deliver()

        let taken = server.events("taken")
        let repeated = server.events("repeated")
        report("deliver: recipient   state    attempts  taken  repeated  code")
        for (order, id) in zip(orders, ids) where order.key.hasSuffix(".0") {
            let row = try depot.owner.script(
                "select state, attempts, coalesce(code, '') from facts.notice where command = '\(id)'"
            )
            let found = try #require(row.first)
            let to = order.outgoing.to
            func count(_ events: [JSON]) -> Int { events.count { $0["to"]?.string == to } }
            let line = [
                order.key, found.text(0), found.text(1), "\(count(taken))", "\(count(repeated))",
            ]
            report(
                "deliver: "
                    + zip(line, [12, 9, 10, 7, 10]).map {
                        $0.padding(toLength: $1, withPad: " ", startingAt: 0)
                    }.joined() + found.text(2))
        }
        for (order, id) in zip(orders, ids) {
            let to = order.outgoing.to
            let word = order.key.split(separator: ".")[0]
            let state = try depot.state(id)
            switch word {
            case "nobody", "spam":
                #expect(state == "refused", "\(to)")
                #expect(!taken.contains { $0["to"]?.string == to }, "\(to)")
            case "busy":
                #expect(state == "failed", "\(to)")
                #expect(try depot.database.state(of: id)?.state == .abandoned)
            default:
                #expect(state == "sent", "\(to)")
                // Nothing lost; and what was sent again came under the same Message-ID, so it is one letter.
                #expect(taken.count { $0["to"]?.string == to } == 1, "\(to)")
            }
            let ids = (taken + repeated).filter { $0["to"]?.string == to }.map { $0["id"]?.string }
            #expect(ids.allSatisfy { $0 == "<\(id)@example.ru>" }, "\(to)")
        }
        for word in ["die", "late"] {
            #expect(repeated.contains { $0["to"]?.string?.hasPrefix(word) == true }, "\(word)")
        }
        #expect(try depot.count("facts.notice where state = 'queued'") == 0)
        // The bytes of a repeated letter are those of the first.
        let first = taken.first { $0["to"]?.string == "die.0@mail.ru" }
        let again = repeated.first { $0["to"]?.string == "die.0@mail.ru" }
        #expect(first?["raw"]?.string == again?["raw"]?.string)
        // Nothing in the log names anybody.
        for event in depot.telemetry.events {
            #expect(!"\(event.fields)".contains("@mail.ru"), "\(event)")
        }
    }

    @Test func `goes by message instead when its address refuses for good`() throws {
        let server = try Server.script("mail.py")
        let depot = try Depot(mail: Self.route(server.port))
        let letter = try depot.letter(
            "nobody.a@mail.ru", .registrationCode, secret: "482913", fallback: "+79501234567")
        try depot.deliver()
        try depot.deliver("messages")
        #expect(try depot.state(letter) == "refused")
        #expect(
            try depot.text("select recipient || ' ' || text from operations.outbox")
                == "+79501234567 Код подтверждения: 482913. Никому не сообщайте. ООО «СРКЦ»")
        #expect(
            try depot.text("select first::text from facts.notice where channel = 'message'")
                == "\(letter)")
        #expect(try depot.database.state(of: letter)?.code == "NOTICE_REFUSED")
    }

    // MARK: The gateway as a whole

    private static let stops: [(arguments: [String], reason: String)] = [
        (["--user", "kabinet", "other"], "credentials"), (["--greeting", "busy"], "unreachable"),
        ([], "encryption"), (["relay"], "relay"), (["certificate"], "certificate"),
        (["gone"], "unreachable"),
    ]

    @Test(arguments: stops.indices)
    func `waits without burning attempts while the server turns everybody away`(
        index: Int
    ) throws {
        let (arguments, reason) = Self.stops[index]
        let folder = try Folder()
        let files = try folder.certificate()
        let tls = ["--starttls", files.certificate, files.key]
        let isPlain = [["relay"], ["--greeting", "busy"]].contains(arguments)
        var options = arguments.first?.hasPrefix("--") == true ? arguments : []
        if reason == "credentials" || reason == "certificate" { options += tls }
        let server = try Server.script("mail.py", options)
        let port = arguments == ["gone"] ? 1 : try server.port
        let depot = try Depot(
            mail: Self.route(
                port, user: reason == "credentials" ? "kabinet" : nil, password: "s3cret-word",
                requiresEncryption: !isPlain,
                certificates: reason == "certificate" ? nil : files.certificate), attempts: 2)
        try depot.order(
            (0..<120).map {
                ("k\($0)", .letter, Outgoing(to: "relay.\($0)@mail.ru", notice: .userDeleted))
            })
        try depot.deliver()
        #expect(try depot.step().isPaused)
        // One call found out, alone.
        if arguments != ["gone"] { #expect(server.events("connected").count <= 1) }
        #expect(try depot.count("facts.notice where state = 'queued' and attempts = 0") == 120)
        #expect(try depot.count("queue.hold where attempt > 0 or state <> 'waiting'") == 0)
        #expect(try depot.text("select reason from facts.gateway") == reason)
        let told = depot.telemetry.events.filter { $0.name == "gateway.stopped" }
        #expect(told.count == 1)
        #expect(told.first?.level == .error)
        #expect(
            told.first?.fields.contains { name, _ in name == "cure" } == true)
        for event in depot.telemetry.events {
            #expect(!"\(event.fields)".contains("s3cret-word"))
        }
        #expect(
            depot.telemetry.metrics.exposition().contains("gateway_stopped{gateway=\"smtp\"} 1"))
    }

    @Test func `goes on by itself when the server does its work again, and none is lost`() throws {
        // Nothing listens there until the second server does.
        let first = try Server.script("mail.py")
        let port = try first.port
        let depot = try Depot(mail: Self.route(port), attempts: 2, firstPause: 10, longestPause: 20)
        _ = consume first
        try depot.order(
            (0..<120).map {
                ("k\($0)", .letter, Outgoing(to: "a\($0)@mail.ru", notice: .userDeleted))
            })
        for _ in 0..<5 {
            try depot.deliver()
            try depot.makeDue()
        }
        #expect(try depot.text("select reason from facts.gateway") == "unreachable")
        let second = try Server.script("mail.py", ["--port", "\(port)"])
        #expect(try second.port == port)
        try eventually("all letters") {
            try depot.deliver()
            try depot.makeDue()
            return second.events("taken").count == 120
        }
        try depot.deliver()
        #expect(try depot.count("facts.notice where state = 'sent' and attempts = 1") == 120)
        #expect(try depot.text("select reason from facts.gateway") == "")
        #expect(depot.telemetry.events.count { $0.name == "gateway.resumed" } == 1)
        #expect(second.events("repeated").isEmpty)
    }

    @Test func `of a process that died behind its calls comes again under the same id`() throws {
        let server = try Server.script("mail.py")
        let depot = try Depot(mail: Self.route(server.port))
        let id = try depot.letter("a@mail.ru")
        // The record fails: the disk is full.
        try depot.owner.script(
            """
            create function public.no_room() returns trigger language plpgsql as
              $$ begin raise exception 'no space' using errcode = '53100'; end $$;
            create trigger no_room before update on facts.notice execute function public.no_room()
            """)
        if case .full = try depot.step() {} else { Issue.record("the record did not fail") }
        try depot.owner.script("drop trigger no_room on facts.notice")
        try depot.forget("letters")
        try depot.deliver()
        #expect(server.events("taken").count == 1)
        #expect(server.events("repeated").map { $0["id"]?.string } == ["<\(id)@example.ru>"])
        #expect(try depot.state(id) == "sent")
    }
}
