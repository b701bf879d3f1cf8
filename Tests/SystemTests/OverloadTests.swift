import Commands
import Foundation
import Glibc
import Postgres
import TestKit
import Testing
import Threads

/// More than the machine can take, a database that does not answer, clients that sit on their connections: the door says
/// no in time, keeps its memory, and what it said yes to is decided. Everything here is counted, nothing is timed.
@Suite(.serialized) struct OverloadTests {
    private let system: System
    private let token: String

    init() throws {
        system = try System()
        try system.organization()
        token = try system.token().token
    }

    // MARK: Asking much at once

    private func reading(
        _ token: String, _ account: String, _ key: String, _ value: Int, wait: Int? = nil,
        organization: String = System.organization
    ) -> [UInt8] {
        let body = #"{"meter":"M\#(account)","values":{"T1":"\#(value)"},"taken_on":"2000-01-15"}"#
        var headers = [
            ("Authorization", "Bearer \(token)"), ("Content-Type", "application/json"),
            ("Idempotency-Key", key),
        ]
        if let wait { headers.append(("Prefer", "wait=\(wait)")) }
        return request(
            "POST", "/\(organization)/api/accounts/\(account)/readings", headers,
            body: Array(body.utf8))
    }

    private func command(_ answer: Answer) throws -> String {
        try JSON.parse(answer.body)["command"]?.string ?? answer.text
    }

    /// What the door's metrics say now, by `name{labels}`.
    private func metrics() throws -> [String: Double] {
        let wire = try Wire(port: system.port)
        try wire.send(request("GET", "/metrics"))
        var found: [String: Double] = [:]
        for line in try wire.answer().text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            found[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        return found
    }

    /// Refusals by status, as the metrics count them.
    private func refusals(_ metrics: [String: Double]) -> [Int: Int] {
        var found: [Int: Int] = [:]
        for (name, value) in metrics where name.hasPrefix("ingress_refused_total{") {
            for status in [429, 503] where name.contains("status=\"\(status)\"") {
                found[status, default: 0] += Int(value)
            }
        }
        return found
    }

    /// The most memory of a process so far, in MiB.
    private func peak(_ child: Child) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(child.pid)/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0) / 1024
    }

    private func stored() throws -> Set<String> {
        Set(
            try system.connection().script(
                "select id from queue.command where kind = 'reading.submit'"
            ).map { $0.text(0) })
    }

    /// Every command of these, and no other, was decided, once.
    private func judge(_ acknowledged: [String]) throws {
        try system.drained()
        #expect(Set(acknowledged).count == acknowledged.count, "each key has a command of its own")
        // Counted, because thousands of ids tell nobody anything.
        let others = try stored().symmetricDifference(acknowledged)
        #expect(others.count == 0, "stored is what was acknowledged")
        let decided = try system.connection().script(
            """
            select id from facts.reading
            union all
            select e.command from queue.exception e join queue.command c on c.id = e.command
            where c.kind = 'reading.submit' and e.kind <> 'result'
            """
        ).map { $0.text(0) }
        #expect(decided.count == acknowledged.count, "each was decided once")
        #expect(Set(decided).symmetricDifference(acknowledged).count == 0)
        #expect(try system.violations() == [])
    }

    private func accounts(_ count: Int) throws -> [String] {
        let numbers = (0..<count).map { "\(1_000 + $0)" }
        try system.accounts(numbers, token: token)
        return numbers
    }

    @Test
    func `a crowd of one program's requests whose key is looked up is one question, not a flood`()
        throws
    {
        let ingress = try system.startIngress()
        let blocker = try system.connection()
        try blocker.script("begin; lock table access.token in access exclusive mode")
        let fresh = try (0..<300).map { _ in try Wire(port: system.port) }
        for (number, wire) in fresh.enumerated() {
            try wire.send(reading(token, "1000", "\(number)", number))
        }
        try eventually("all of them at the door") {
            try metrics()["ingress_waiting", default: 0] >= 300
        }
        try blocker.script("rollback")
        for wire in fresh { #expect(try wire.answer().status == 202) }
        #expect(ingress.ended == nil)
    }

    @Test
    func `far beyond its room the door says yes, 429 or 503 with Retry-After, and means each`()
        throws
    {
        let limit = 50
        let ingress = try system.startIngress(["KABINET_WAITING": "\(limit)"])
        let workers = try system.startWorkers()
        let accounts = try accounts(400)
        let before = refusals(try metrics())
        // Programs enough to fill the room, of which each alone may have half.
        let tokens = [token, try system.token().token, try system.token().token]
        var counts: [Int: Int] = [:]
        var acknowledged: [String] = []
        var refused: [Int] = []
        let wires = try accounts.map { _ in try Wire(port: system.port) }
        func judged(_ answer: Answer, _ index: Int) throws {
            counts[answer.status, default: 0] += 1
            switch answer.status {
            // A refusal by the rules is a decision too.
            case 200, 202, 422: acknowledged.append(try command(answer))
            case 429, 503:
                refused.append(index)
                let code = try JSON.parse(answer.body)["code"]?.string
                #expect(code == (answer.status == 429 ? "too_many" : "overloaded"))
                #expect((answer.header("Retry-After").flatMap { Int($0) } ?? 0) >= 1)
                #expect(answer.header("Content-Type") == "application/problem+json")
            default: Issue.record("\(answer.status) \(answer.text)")
            }
        }
        func bytes(_ index: Int) -> [UInt8] {
            reading(
                tokens[index % 3], accounts[index % 400], "key-\(index)",
                1 + index / 400, wait: index.isMultiple(of: 10) ? 5 : nil)
        }
        let total = 4_000
        for round in 0..<(total / 400) {
            for (number, wire) in wires.enumerated() { try wire.send(bytes(round * 400 + number)) }
            for (number, wire) in wires.enumerated() {
                try judged(wire.answer(), round * 400 + number)
            }
        }
        print("overload: \(counts.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" })")
        #expect(counts[202, default: 0] > 0)
        #expect(!refused.isEmpty, "it was more than the room holds")
        let others = try stored().symmetricDifference(acknowledged)
        #expect(others.count == 0, "what was refused was not stored")
        let after = try self.metrics()
        let rules = try String(
            contentsOfFile: "\(TestDatabase.home)/ops/alerts/kabinet.rules.yml", encoding: .utf8)
        let asked = rules.split(separator: "\n").filter { $0.contains("expr:") }.flatMap {
            $0.matches(of: /(ingress|http)_[a-z_]+/).map { String($0.output.0) }
        }
        #expect(Set(asked).count >= 3)
        for name in asked {
            #expect(after.keys.contains { $0.prefix { $0 != "{" } == name }, "\(name)")
        }
        #expect(after["ingress_waiting_limit"] == Double(limit))
        #expect(try #require(after["ingress_waiting_most"]) <= Double(limit))
        #expect(after["ingress_waiting"] == 0)
        for status in [429, 503] {
            #expect(
                refusals(after)[status, default: 0] - before[status, default: 0]
                    == counts[status, default: 0], "every refusal is counted: \(status)")
        }
        // Who comes again with his key is served in the end, and once.
        counts = [:]
        while !refused.isEmpty {
            let again = refused
            refused = []
            for start in stride(from: 0, to: again.count, by: 20) {
                let part = again[start..<min(start + 20, again.count)]
                for (index, wire) in zip(part, wires) { try wire.send(bytes(index)) }
                for (index, wire) in zip(part, wires) { try judged(wire.answer(), index) }
            }
        }
        #expect(acknowledged.count == total)
        #expect(try metrics()["ingress_waiting_most", default: 0] <= Double(limit))
        try judge(acknowledged)
        #expect(try peak(ingress) < 200)
        #expect(ingress.ended == nil && workers.ended == nil)
    }

    @Test func `a program that floods has its share and its rate, and leaves the others theirs`()
        throws
    {
        _ = try system.startIngress(["KABINET_WAITING": "40"])
        _ = try system.startWorkers()
        try system.organization("other")
        let accounts = try accounts(200)
        let flood = try system.token().token
        let slow = try system.token(rate: 5).token
        let neighbour = Client(port: system.port, token: try system.token("other").token)
        let wires = try accounts.map { _ in try Wire(port: system.port) }
        for (token, name) in [(flood, "share"), (slow, "rate")] {
            var counts: [Int: Int] = [:]
            for round in 0..<20 {
                for (number, wire) in wires.enumerated() {
                    try wire.send(
                        reading(token, accounts[number], "\(name)-\(round)-\(number)", round))
                }
                // Amid the flood: not one of the neighbour's is refused.
                for number in 0..<5 {
                    let answer = try neighbour.call(
                        "POST", "/other/api/accounts/1/readings",
                        [("Idempotency-Key", "\(name)-\(round)-\(number)")],
                        json: #"{"meter":"M1","values":{"T1":"1"}}"#)
                    #expect(answer.status == 202, "\(answer.status) \(answer.text)")
                }
                for wire in wires {
                    let answer = try wire.answer()
                    counts[answer.status, default: 0] += 1
                    if answer.status == 429 { #expect(answer.header("Retry-After") != nil) }
                }
            }
            print("overload: the flood by \(name) got \(counts)")
            #expect(Set(counts.keys).isSubset(of: [202, 429]))
            #expect(counts[429, default: 0] > 0)
        }
        let metrics = try self.metrics()
        #expect(metrics[#"ingress_refused_total{reason="share",status="429"}"#, default: 0] > 0)
        #expect(metrics[#"ingress_refused_total{reason="token",status="429"}"#, default: 0] > 0)
    }

    // MARK: The database

    /// The processes of the system's cluster, the postmaster first.
    private func servers() throws -> [pid_t] {
        let file = "\(system.directory)/postgres/data/postmaster.pid"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        guard let head = text.split(separator: "\n").first.flatMap({ pid_t($0) }) else {
            throw TestKitError("no postmaster")
        }
        let children = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap {
            pid_t($0)
        }.filter { pid in
            // One that ends meanwhile has no file any more.
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else {
                return false
            }
            let fields = String(decoding: bytes, as: UTF8.self).split(separator: ")").last
            return fields?.split(separator: " ").dropFirst().first.flatMap { pid_t($0) } == head
        }
        return [head] + children
    }

    @Test
    func `a database that stands still: bounded waiting, 503, nothing half done, then each once`()
        throws
    {
        let limit = 100
        let ingress = try system.startIngress(["KABINET_WAITING": "\(limit)"])
        _ = try system.startWorkers()
        let accounts = try accounts(300)
        let tokens = try (0..<3).map { _ in try system.token().token }
        let load = (1...4).map { number in
            Load(
                number, doors: [system.port], token: token,
                accounts: (0..<20).map { "\(10_000 * number + $0)" }, pace: 1)
        }
        try system.accounts(load.flatMap(\.accounts), token: token)
        for client in load { client.start() }
        defer { for client in load { client.end() } }
        try eventually("the flow of the load") {
            load.reduce(0) { $0 + $1.acknowledged.count } > 200
        }
        var frozen: [pid_t] = []
        func freeze() throws {
            // Twice: the first look may miss what the postmaster has just started.
            for _ in 0..<2 {
                for pid in try servers() where !frozen.contains(pid) {
                    kill(pid, SIGSTOP)
                    frozen.append(pid)
                }
            }
        }
        func thaw() {
            for pid in frozen.reversed() { kill(pid, SIGCONT) }
            frozen = []
        }
        defer { thaw() }
        // Who they are is known: what they want written is what waits.
        for token in tokens {
            let known = Client(port: system.port, token: token)
            #expect(try known.call("GET", "/probe/api/accounts/1000/meters").status == 200)
        }
        try freeze()
        var counts: [Int: Int] = [:]
        var codes: [String: Int] = [:]
        let wires = try accounts.map { _ in try Wire(port: system.port) }
        func bytes(_ number: Int) -> [UInt8] {
            reading(
                tokens[number % 3], accounts[number], "frozen-\(number)", 1,
                wait: number.isMultiple(of: 2) ? 2 : nil)
        }
        for (number, wire) in wires.enumerated() { try wire.send(bytes(number)) }
        let reader = Client(port: system.port, token: token)
        let page = try Wire(port: system.port)
        // Each of them is answered, though the database never is.
        for wire in wires {
            let answer = try wire.answer()
            counts[answer.status, default: 0] += 1
            codes[try JSON.parse(answer.body)["code"]?.string ?? "", default: 0] += 1
            #expect(answer.header("Retry-After") != nil, "\(answer.status) \(answer.text)")
        }
        print("overload: a frozen database: \(counts) \(codes)")
        #expect(Set(counts.keys).isSubset(of: [429, 503]))
        #expect(codes["database_away", default: 0] > 0, "some waited, and were told in time")
        let view = try reader.call("GET", "/probe/api/accounts/1000/meters")
        #expect(view.status == 503)
        #expect(view.header("Retry-After") != nil)
        try page.send(request("GET", "/probe/", [("Accept", "text/html")]))
        let drawn = try page.answer()
        #expect(drawn.status == 503)
        #expect(drawn.header("Retry-After") != nil)
        #expect(drawn.header("Content-Type")?.hasPrefix("text/html") == true)
        #expect(system.ready == 503)
        let during = try metrics()
        #expect(try #require(during["ingress_waiting_most"]) <= Double(limit))
        #expect(try peak(ingress) < 200)
        thaw()

        // The same keys again: each has one command in the end, whatever was told of it.
        var acknowledged: [String] = []
        for number in wires.indices {
            // The first ones are idle by now, and may have been closed for that.
            let wire = try Wire(port: system.port)
            try eventually("the answer to \(number)", seconds: 60) {
                try wire.send(bytes(number))
                let answer = try wire.answer()
                guard answer.status == 200 || answer.status == 202 else {
                    #expect([429, 503].contains(answer.status), "\(answer.status) \(answer.text)")
                    return false
                }
                acknowledged.append(try command(answer))
                return true
            }
        }
        for client in load { client.end() }
        #expect(load.flatMap(\.surprises) == [])
        try judge(acknowledged + load.flatMap(\.acknowledged))
        #expect(try metrics()["ingress_waiting_most", default: 0] <= Double(limit))
        #expect(ingress.ended == nil)
    }

    @Test func `what waits for the lanes closes no door`() throws {
        let ingress = try system.startIngress(["KABINET_WAITING": "20"])
        let connection = try system.connection()
        try connection.script(
            """
            insert into queue.command
              (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
            select (overlay(gen_random_uuid()::text
                placing left(queue.first_id(clock_timestamp())::text, 13) from 1 for 13))::uuid,
              p.id, i % p.lanes, 'reading.submit', 'probe', i, '{}', 'test', 'import', clock_timestamp()
            from queue.pool p, generate_series(1, 200000) i where p.name = 'accounts'
            """)
        #expect(try system.count("select count(*) from queue.command") == 200_000)
        let client = Client(port: system.port, token: token)
        for number in 0..<200 {
            let answer = try client.call(
                "POST", "/probe/api/accounts/1/readings",
                [("Idempotency-Key", "\(number)")]
                    + (number.isMultiple(of: 50) ? [("Prefer", "wait=1")] : []),
                json: #"{"meter":"M1","values":{"T1":"1"}}"#)
            #expect(answer.status == 202, "\(answer.status) \(answer.text)")
        }
        #expect(try system.count("select count(*) from queue.command") == 200_200)
        let metrics = try self.metrics()
        #expect(refusals(metrics) == [:])
        #expect(metrics["ingress_undecided"] == 0)
        #expect(try peak(ingress) < 150)
    }

    // MARK: Connections

    /// As many descriptors as the system gives this process, at least so many.
    private func files(_ wanted: Int) throws {
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        getrlimit(kind, &limit)
        if limit.rlim_cur < rlim_t(wanted) {
            limit.rlim_cur = min(limit.rlim_max, rlim_t(wanted))
            setrlimit(kind, &limit)
        }
        guard limit.rlim_cur >= rlim_t(wanted) else {
            throw TestKitError(
                "the system allows a process \(limit.rlim_cur) files: ulimit -n \(wanted)")
        }
    }

    @Test func `10,000 idle connections: a client is served, and for more the idlest give way`()
        throws
    {
        let crowd = 10_000
        try files(crowd + 1_000)
        let ingress = try system.startIngress([
            "KABINET_CONNECTIONS": "\(crowd + 50)", "KABINET_CLIENT_SECONDS": "3600",
        ])
        _ = try system.startWorkers()
        let accounts = try accounts(1)
        let before = try peak(ingress)
        var idle: [Wire] = []
        for _ in 0..<crowd {
            let wire = try Wire(port: system.port)
            // Each has been served once, so that it has cost all that it can.
            try wire.send(request("GET", "/health/live"))
            idle.append(wire)
            // Some hundred at a time; the listener's backlog is not what is looked at here.
            if idle.count.isMultiple(of: 200) {
                for wire in idle.suffix(200) { #expect(try wire.answer().status == 200) }
            }
        }
        #expect(try metrics()["http_connections", default: 0] >= Double(crowd))
        let bytes = (try peak(ingress) - before) * 1024 / crowd
        print("overload: \(crowd) idle connections cost \(bytes) KiB each")
        #expect(bytes <= 40)
        let client = Client(port: system.port, token: token)
        for number in 1...100 {
            let answer = try client.call(
                "POST", "/probe/api/accounts/\(accounts[0])/readings", [("Prefer", "wait=20")],
                json: #"{"meter":"M\#(accounts[0])","values":{"T1":"\#(number)"}}"#)
            #expect(answer.status == 200, "\(answer.status) \(answer.text)")
        }
        #expect(idle.allSatisfy { !$0.hasInput }, "nobody was closed for that")
        var served = 0
        var more: [Wire] = []
        for _ in 0..<200 {
            let wire = try Wire(port: system.port)
            try wire.send(request("GET", "/health/live"))
            served += try wire.answer().status == 200 ? 1 : 0
            more.append(wire)
        }
        #expect(served == 200, "for each of them there was a place")
        let metrics = try self.metrics()
        let cut = metrics[#"http_cut_total{reason="idlest"}"#, default: 0]
        #expect(cut >= 150 && cut <= 200, "\(cut)")
        try eventually("the end of those that gave way") {
            idle.count { $0.hasInput } == Int(cut)
        }
        // Those that had been idle the longest: of the first that were served together.
        #expect(idle.dropFirst(400).allSatisfy { !$0.hasInput })
        #expect(metrics["http_connections", default: 0] <= Double(crowd + 50))
    }

    @Test func `too few files for the connections wanted: fewer, and it is said`() throws {
        let child = try Child(
            "/bin/sh",
            ["-c", #"ulimit -n 1024; exec "$0" ingress"#, System.variable("KABINET_BINARY")],
            environment: system.environment(), log: "\(system.directory)/few.log")
        defer { child.signal(SIGKILL) }
        try eventually("the door's answer") { system.ready == 200 }
        #expect(child.words.contains(#""event":"ingress.few_files""#), "\(child.words)")
        #expect(child.words.contains("ulimit -n"), "\(child.words)")
        let limit = try #require(try metrics()["http_connections_limit"])
        #expect(limit < 1024 && limit >= 256)
        // To its last connection it answers, and beyond.
        var wires: [Wire] = []
        for _ in 0..<(Int(limit) + 50) {
            let wire = try Wire(port: system.port)
            try wire.send(request("GET", "/health/live"))
            #expect([200, 503].contains(try wire.answer().status))
            wires.append(wire)
        }
        child.signal(SIGTERM)
        #expect(try child.wait() == 0)
    }

    @Test func `who drips, falls silent or never reads is ended after his time and harms nobody`()
        throws
    {
        let ingress = try system.startIngress(["KABINET_CLIENT_SECONDS": "2"])
        _ = try system.startWorkers()
        let accounts = try accounts(1)
        let head = "POST /probe/api/accounts/1/readings HTTP/1.1\r\nHost: x\r\n"
        let kinds: [(name: String, bytes: [UInt8], drips: Bool)] = [
            ("drips its headers", Array("\(head)X: ".utf8), true),
            ("drips its body", Array("\(head)Content-Length: 100000\r\n\r\n{".utf8), true),
            ("drips its first line", Array("GET /".utf8), true),
            // To the door a client that vanished without a word is one that says nothing more.
            ("falls silent in its headers", Array(head.utf8), false),
            ("falls silent in its body", Array("\(head)Content-Length: 9\r\n\r\n{".utf8), false),
            ("never says anything", [], false),
        ]
        var clients: [(name: String, wire: Wire, drips: Bool)] = []
        for kind in kinds {
            for _ in 0..<50 {
                let wire = try Wire(port: system.port)
                try wire.send(kind.bytes)
                clients.append((kind.name, wire, kind.drips))
            }
        }
        // Large answers, one after the other, that nobody reads: they fill every buffer on the way.
        let many = (0..<2_000).flatMap { _ in request("GET", "/openapi.json") }
        var readers: [Wire] = []
        for _ in 0..<50 {
            let wire = try Wire(port: system.port)
            wire.fill(many)
            readers.append(wire)
        }
        #expect(try metrics()["http_connections", default: 0] >= 350)
        let neighbour = Client(port: system.port, token: token)
        var served = 0
        try eventually("the end of all of them", seconds: 60) {
            let answer = try neighbour.call(
                "POST", "/probe/api/accounts/\(accounts[0])/readings", [("Prefer", "wait=20")],
                json: #"{"meter":"M\#(accounts[0])","values":{"T1":"\#(served)"}}"#)
            #expect(answer.status == 200, "\(answer.status) \(answer.text)")
            served += 1
            for client in clients where client.drips && !client.wire.hasInput {
                do {
                    try client.wire.send("x")
                } catch is Wire.Broken {}
            }
            let now = try self.metrics()
            return now["http_connections", default: 0] <= 4
                && now[#"http_cut_total{reason="reader"}"#, default: 0] >= 50
        }
        let metrics = try self.metrics()
        print("overload: the neighbour was served \(served) times meanwhile")
        // The question for the metrics itself.
        #expect(metrics["http_unanswered"] == 1)
        #expect(metrics["http_answer_bytes"] == 0)
        #expect(metrics["http_body_bytes"] == 0)
        #expect(metrics[#"http_cut_total{reason="reader"}"#, default: 0] == 50)
        #expect(metrics[#"http_cut_total{reason="slow"}"#, default: 0] >= 150)
        for client in clients where client.drips {
            #expect(try client.wire.answer().status == 408, "\(client.name)")
        }
        #expect(
            try system.count(
                "select count(*) from queue.command where kind = 'reading.submit'") == served)
        #expect(try peak(ingress) < 200)
        #expect(ingress.ended == nil)
        withExtendedLifetime(readers) {}
    }
}
