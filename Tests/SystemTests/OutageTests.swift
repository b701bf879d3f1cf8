import Commands
import Crypto
import Foundation
import Postgres
import TestKit
import Testing
import Threads

/// What the ground does to a system: a disk without room, a network that swallows what is sent. Each sort alone; in any
/// order and beside all others they are in `ChaosTests`.
@Suite(.serialized) struct OutageTests {
    private func load(_ system: System, _ token: String, doors: [UInt16]? = nil) throws -> [Load] {
        let load = (1...4).map { number in
            Load(
                number, doors: doors ?? [system.port], token: token,
                accounts: (0..<20).map { "\(1_000 * number + $0)" }, pace: 4)
        }
        try system.accounts(load.flatMap(\.accounts), token: token)
        return load
    }

    private func reach(_ more: Int, _ load: [Load]) throws {
        let before = load.reduce(0) { $0 + $1.count }
        try eventually("\(more) answers", seconds: 120) {
            load.reduce(0) { $0 + $1.count } >= before + more
        }
    }

    private func judge(_ system: System, _ load: [Load]) throws {
        for client in load { client.end() }
        try system.drained(seconds: 120)
        #expect(load.flatMap(\.surprises) == [])
        let sent = load.flatMap(\.acknowledged)
        let stored = try system.connection().script("select id from facts.reading")
            .map { $0.text(0) }
        #expect(stored.count == sent.count)
        #expect(Set(stored) == Set(sent))
        #expect(
            try system.count("select count(*) from queue.exception where kind = 'abandoned'") == 0)
        #expect(try system.violations() == [])
    }

    /// A person with a session and an account, as the lanes leave them. Returns the session's token.
    private func resident(_ system: System, account: String) throws -> String {
        try Secrets.start()
        let token = Secrets.token(prefix: "ks_")
        try system.connection().script(
            """
            with f as (
                select id, number from facts.account
                where organization = '\(System.organization)' and number = '\(account)'
            ), p as (
                insert into access.principal (organization, login, name, kind, account)
                select '\(System.organization)', f.number, 'Иван Иванович', 'account', f.id from f returning id
            ), c as (
                insert into identity.credential (principal, hash, changed_at) select id, 'none', now() from p
            ), a as (
                insert into access.attachment (principal, account, number, rights)
                select p.id, f.id, f.number, '{view,readings,pay}' from p, f
            )
            insert into access.session (hash, organization, principal, created_at, expires_at, id, seen_at)
            select '\\x\(Secrets.tokenHashText(token))', '\(System.organization)', p.id, clock_timestamp(),
                   clock_timestamp() + interval '1 day', gen_random_uuid(), clock_timestamp()
            from p
            """)
        return token
    }

    /// A browser's request, by who is signed in.
    private func browse(
        _ system: System, _ token: String, _ method: String, _ path: String,
        _ fields: [(String, String)] = []
    ) throws -> Answer {
        let wire = try Wire(port: system.port)
        var headers = [
            ("Accept", "text/html"), ("Cookie", "kabinet_session=\(token)"),
            ("Sec-Fetch-Site", "same-origin"), ("Connection", "close"),
        ]
        var body: [UInt8]?
        if method == "POST" {
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
            body = Array(
                fields.map { "\($0.0)=\(Visitor.encoded($0.1))" }.joined(separator: "&").utf8)
        }
        try wire.send(request(method, path, headers, body: body))
        return try wire.answer()
    }

    @Test
    func `with the database away what a person posts stays typed, and is recorded once afterwards`()
        throws
    {
        let system = try System()
        defer { system.stop() }
        try system.organization()
        let operators = try system.token().token
        let ingress = try system.startIngress()
        _ = try system.startWorkers()
        try system.accounts(["1000"], token: operators)
        let token = try resident(system, account: "1000")
        let path = "/probe/accounts/1000/readings/all"
        let typed = [
            ("key", "a-key-of-the-page"), ("meter_1", "M1000"), ("service_1", "cold_water"),
            ("value_1_T1", "7,5"),
        ]
        #expect(try browse(system, token, "GET", "/probe/accounts/1000/submit").status == 200)
        try system.stopPostgres()
        try eventually("the door's word") { system.ready == 503 }
        // At first it is remembered who it is, then nobody can be asked any more: the digits stand there in either case.
        var held: Answer?
        try eventually("a page that knows nobody", seconds: 120) {
            let answer = try browse(system, token, "POST", path, typed)
            #expect(answer.status == 503 && answer.header("Retry-After") != nil)
            for (name, value) in typed {
                #expect(answer.text.contains("name=\"\(name)\" value=\"\(value)\""), "\(name)")
            }
            held = answer.text.contains("data-again=") ? answer : nil
            return held != nil
        }
        let page = try #require(held).text
        #expect(page.contains("ООО «Проба»"), "in the organization's dress")
        #expect(page.contains("action=\"\(path)\"") && page.contains("Ничего не сохранено"))
        let waiting = try browse(system, token, "GET", "/probe/accounts/1000/submit")
        #expect(waiting.status == 503 && waiting.header("Refresh") != nil)
        // Somebody else's site gets nothing that could be sent from here.
        let wire = try Wire(port: system.port)
        try wire.send(
            request(
                "POST", path,
                [
                    ("Accept", "text/html"), ("Sec-Fetch-Site", "cross-site"),
                    ("Content-Type", "application/x-www-form-urlencoded"),
                ], body: Array("value_1_T1=9".utf8)))
        #expect(try !wire.answer().text.contains("value_1_T1"))

        try system.startPostgres()
        try eventually("the door's return") { system.ready == 200 }
        #expect(try system.count("select count(*) from facts.reading") == 0)
        let fields = page.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/).map {
            (String($0.1), String($0.2))
        }
        // A double tap, and once more for who is not sure.
        for _ in 0..<3 {
            let taken = try browse(system, token, "POST", path, fields)
            #expect(taken.status == 303, "\(taken.status) \(taken.text)")
        }
        try system.drained()
        let stored = try system.connection().script("select id from facts.reading")
        #expect(stored.count == 1)
        #expect(
            try system.count("select count(*) from queue.command where kind = 'reading.submit'")
                == 1)
        #expect(ingress.ended == nil)
        let violations = try system.violations()
        #expect(violations == [], "\(violations)")
    }

    @Test(
        .enabled(
            if: SmallDisk.missing == nil, "no small disk here: \(SmallDisk.missing ?? "")"))
    func `a full disk is told at the door, and with room again all goes on`() throws {
        let system = try System(
            settings: ["max_wal_size=128MB", "min_wal_size=32MB"], disk: 600)
        defer { system.stop() }
        try system.organization()
        let token = try system.token().token
        let ingress = try system.startIngress()
        let workers = try system.startWorkers()
        let load = try load(system, token)
        for client in load { client.start() }
        defer { for client in load { client.end() } }
        try reach(200, load)
        let disk = try #require(system.disk)
        try disk.fill()
        try eventually("the door's word", seconds: 60) {
            load.contains { $0.statuses[503] != nil }
        }
        try disk.free()
        try eventually("the server", seconds: 60) {
            try system.startPostgres()
            return system.ready == 200
        }
        try reach(200, load)
        #expect(ingress.ended == nil)
        #expect(workers.ended == nil)
        try judge(system, load)
    }

    @Test(
        .enabled(
            if: Cable.missing == nil, "no network to drop packets on here: \(Cable.missing ?? "")"),
        arguments: Cable.Loss.allCases.filter { $0 != .some })
    func `a network that swallows everything is noticed, lanes go to others, and then all goes on`(
        loss: Cable.Loss
    ) throws {
        let system = try System(cable: true)
        defer { system.stop() }
        try system.organization()
        let token = try system.token().token
        let far = try freePort()
        let processes = [
            try system.startIngress(), try system.startWorkers(),
            try system.launch(
                ["ingress"], ["DATABASE_URL": system.distant, "KABINET_PORT": "\(far)"]),
            try system.launch(["workers"], ["DATABASE_URL": system.distant]),
        ]
        try eventually("the far door") { system.ready(far) == 200 }
        let load = try load(system, token, doors: [system.port, far])
        for client in load { client.start() }
        defer { for client in load { client.end() } }
        try reach(200, load)
        let cable = try #require(system.cable)
        let marks = processes.map(\.spoken)
        try cable.lose(loss)
        // Every session across the cable is given up by this side: the door's flushes, its listener, the lanes, theirs.
        for (index, words) in [(2, #""what":"decisions""#), (3, #""what":"listener""#)] {
            try eventually("\(words) is given up", seconds: 60) {
                try processes[index].words(after: marks[index]).contains(words)
            }
        }
        try eventually("the door says that it is away") { system.ready(far) == 503 }
        // And by the other: no lane stays with who cannot be reached.
        try reach(200, load)
        try eventually("an empty queue", seconds: 60) {
            try system.count(
                "select count(*) from queue.waiting where received_at < now() - interval '1 second'"
            ) == 0
        }
        try cable.mend()
        try eventually("the door is back", seconds: 60) { system.ready(far) == 200 }
        try reach(200, load)
        for process in processes { #expect(process.ended == nil) }
        try judge(system, load)
    }
}
