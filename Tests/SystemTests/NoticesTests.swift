import Commands
import Crypto
import Foundation
import Postgres
import TestKit
import Testing

/// Notices through the built binary: the door, workers, a real mail server, and the secrets that must stay secret.
@Suite(.serialized) struct NoticesTests {
    private let system: System

    init() throws {
        system = try System()
        try system.organization()
    }

    private func file(_ name: String, _ text: String) throws -> String {
        let path = "\(system.directory)/\(name)"
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else { throw TestKitError("cannot write \(path)") }
        return path
    }

    /// A notice with its delivery, as a deciding lane leaves them. Returns the command.
    private func order(
        _ kind: String, _ outgoing: Outgoing, _ key: String = UUID().uuidString
    ) throws -> String {
        let channel: NoticeChannel = kind == "letter.send" ? .letter : .message
        let payload = String(decoding: outgoing.json.bytes, as: UTF8.self)
        return try system.connection().script(
            """
            with made as (
              insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
              select (overlay(gen_random_uuid()::text placing left(queue.first_id(clock_timestamp())::text, 13)
                              from 1 for 13))::uuid,
                     p.pool, 0, '\(kind)', 'probe', 0, $json$\(payload)$json$, 'test', 'api', clock_timestamp()
              from queue.kind p where p.kind = '\(kind)' returning id)
            insert into facts.notice (command, organization, key, channel, notice, contact, queued_at)
            select id, 'probe', '\(key)', '\(channel.rawValue)', '\(outgoing.notice.rawValue)',
                   '\(channel.masked(outgoing.to))', clock_timestamp() from made returning command::text
            """)[0].text(0)
    }

    private func state(_ command: String) throws -> String {
        try system.connection().script(
            "select state from facts.notice where command = '\(command)'")[0].text(0)
    }

    @Test func `a gateway's report changes a state; without the secret the address is not there`()
        throws
    {
        let secret = try file("secret", "abcdefghij0123456789\n")
        let door = try system.startIngress(["KABINET_DELIVERED_SECRET_FILE": secret])
        _ = try system.startWorkers()
        let id = try order(
            "message.send", Outgoing(to: "+79501234567", notice: .userDeleted))
        try eventually("the message is in the outbox") { try state(id) == "sent" }
        let client = Client(port: system.port, token: "none")
        let report = "/delivered/kannel?id=\(id)&type=1&secret="
        #expect(try client.call("GET", report + "wrong").status == 404)
        #expect(
            try client.call("GET", "/delivered/other?secret=abcdefghij0123456789").status == 404)
        #expect(
            try client.call("GET", "/delivered/kannel?id=\(id)&type=7&secret=abcdefghij0123456789")
                .status == 400)
        #expect(try state(id) == "sent")
        for _ in 0..<2 {
            #expect(try client.call("GET", report + "abcdefghij0123456789").status == 200)
        }
        try eventually("the report is decided") { try state(id) == "delivered" }
        // sms.ru wants its own word back; what is no status of a message is taken and forgotten.
        let wire = try Wire(port: system.port, patience: 10)
        try wire.send(
            request(
                "POST", "/delivered/smsru?secret=abcdefghij0123456789",
                [("Content-Type", "application/x-www-form-urlencoded")],
                body: Array("data%5B0%5D=balance%0A1".utf8)))
        let answer = try wire.answer()
        #expect(answer.status == 200 && answer.text == "100")
        try system.drained()
        #expect(!door.words.contains("abcdefghij0123456789"))
        #expect(try system.violations() == [])
    }

    @Test func `without the setting no report is taken`() throws {
        _ = try system.startIngress()
        let client = Client(port: system.port, token: "none")
        #expect(try client.call("GET", "/delivered/kannel?secret=").status == 404)
    }

    @Test func `a code rests sealed, and is nowhere in clear but in the outbox`() throws {
        try system.kabinet("key", "create", system.keyFile)
        let keys = try SealingKeys.read(system.keyFile)
        let secret = "748159263"
        let workers = try system.startWorkers([
            "KABINET_SEALING_KEY_FILE": system.keyFile, "KABINET_LOG": "debug",
        ])
        let sealed = try SealedBox.seal(text: secret, to: keys[0].publicKey)
        let id = try order(
            "message.send", Outgoing(to: "+79501234567", notice: .phoneCode, secret: sealed))
        let link = try order(
            "letter.send",
            Outgoing(
                to: "ivan.petrov@mail.ru", notice: .registrationConfirm,
                values: ["path": "/probe/confirm/"], secret: sealed))
        try eventually("both are in the outbox") {
            try state(id) == "sent" && state(link) == "sent"
        }
        #expect(
            try system.count("select count(*) from operations.outbox where text ~ '\(secret)'") == 2
        )
        #expect(
            try system.kabinet("outbox", "list", "--json").contains(
                "http://localhost:\(system.port)/probe/confirm/\(secret)"))
        let dump = try System.script(
            ["/usr/lib/postgresql/15/bin/pg_dump", "-T", "operations.outbox", system.conninfo],
            log: "\(system.directory)/dump.sql")
        #expect(!dump.contains(secret))
        #expect(!workers.words.contains(secret))
        #expect(!workers.words.contains("ivan.petrov") && !workers.words.contains("79501234567"))
        workers.signal(SIGTERM)
        #expect(try workers.wait() == 0)
    }

    @Test func `settings are checked whole, and the check shows no secret`() throws {
        let password = try file("password", "s3cret-word\n")
        let secret = try file("delivered", "abcdefghij0123456789")
        let good = [
            "KABINET_SMTP": "smtps://me@mail.example.ru", "KABINET_SMTP_PASSWORD_FILE": password,
            "KABINET_MAIL_FROM": "noreply@example.ru",
            "KABINET_SMS": "kannel+http://kabinet@127.0.0.1:13013",
            "KABINET_SMS_PASSWORD_FILE": password, "KABINET_DELIVERED_SECRET_FILE": secret,
        ]
        let check = try system.launch(["check"], good)
        #expect(try check.wait() == 0, "\(check.words)")
        #expect(
            check.words.contains(
                "letters: smtps://mail.example.ru:465 as me, TLS, from noreply@example.ru"))
        #expect(check.words.contains("SMS: kannel, http://127.0.0.1:13013 as kabinet"))
        #expect(check.words.contains("/delivered/kannel?secret=…"))
        #expect(!check.words.contains("s3cret-word") && !check.words.contains("abcdefghij"))
        let bare = try system.launch(["check"])
        #expect(try bare.waitedWords.contains("letters: the outbox; nothing leaves"))
        chmod(password, 0o644)
        let open = try system.launch(["check"], good)
        #expect(try open.wait() == 1)
        #expect(open.words.contains("chmod 600 \(password)"))
        let workers = try system.startWorkers(good)
        #expect(try workers.wait() == 1)
    }
}
