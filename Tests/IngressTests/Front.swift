import Access
import Commands
import Crypto
import HTTP
import Postgres
import Queue
import Telemetry
import TestKit
import Testing
import Threads
import Words

@testable import Ingress

/// The door with a real PostgreSQL behind it, reached over HTTP, without workers: commands stay undecided unless a test
/// decides them. Two organizations: `alfa` as manual 000, `beta` as manual 003.
final class Front: Sendable {
    let database: TestDatabase
    let key = SealingKey()
    let ingress: Ingress
    private let server: Server
    private let posts = Monitor<[FormPost]>([])
    private let troubles = Monitor<[Trouble]>([])
    private let lane: Standing

    /// - Parameters:
    ///   - wait: milliseconds that forms wait for a decision.
    ///   - publishes: whether there is a key to seal to.
    ///   - isProduction: it is reached by https, through a proxy.
    init(
        wait: Int = 0, publishes: Bool = true, failures: Int = 20, isProduction: Bool = false,
        decide: (@Sendable (ClaimedCommand) -> Verdict)? = nil
    ) throws {
        try Secrets.start()
        database = try TestDatabase("front")
        let map = try database.pools(
            (
                PoolPolicy(name: "identity", lanes: 1, threads: 1, batch: 100),
                Command.Kind.allCases.map(\.rawValue)
            ))
        let owner = try database.connection()
        for profile in [Self.alfa, Self.beta] {
            let json = String(
                decoding: try Profile(JSON.parse(Array(profile.utf8))).json.bytes, as: UTF8.self)
            try owner.script(
                """
                insert into access.profile (organization, valid_from, profile, applied_by)
                select p->>'code', '2020-01-01', p, 'test' from (select $json$\(json)$json$::jsonb as p) x
                """)
        }
        if publishes {
            try owner.script(
                """
                insert into access.sealing_key (id, public, published_by)
                values ('\(key.id)', '\\x\(Self.hexadecimal(key.publicKey))', 'test')
                """)
        }
        let troubles = troubles
        let ingress = try Ingress(
            address: database.address(role: "kabinet_ingress"),
            clockAddress: database.address(role: "kabinet_clock"), library: database.library,
            telemetry: .collecting(),
            settings: IngressSettings(
                isProduction: isProduction, hasTestClock: true, publicURL: "http://localhost",
                formWait: wait, attemptsPerSecond: 1_000, failuresPerHour: failures)
        ) { trouble in
            troubles.change { $0.append(trouble) }
            var response = Response(
                status: trouble.status, type: "text/html",
                text: Words.text("problem.\(trouble.code)", trouble.language))
            if let retryAfter = trouble.retryAfter {
                response.headers.append(("Retry-After", "\(retryAfter)"))
            }
            return response
        }
        self.ingress = ingress
        let posts = posts
        let endpoints = ingress.endpoints { post, responder in
            posts.change { $0.append(post) }
            responder.respond(Response(status: 422, type: "text/html", text: "drawn"))
        }
        let forms = ["submit", "meters", "settings"].map { page in
            Endpoint("GET", "/{org}/accounts/{account}/\(page)", "A form.", caller: .person) {
                request, parameters, responder in
                ingress.forPerson(request, parameters, responder) { profile, _ in
                    let kept = ingress.kept(request, profile)
                    let keeps = ingress.keeps(request, profile)
                    responder.respond(
                        Response(
                            status: 200, type: "text/plain; charset=utf-8",
                            text: Front.told(kept, keeps)))
                }
            }
        }
        let router = Router(
            (endpoints + [
                Endpoint("GET", "/{org}/page", "A page.", caller: .person) {
                    request, parameters, responder in
                    ingress.forPerson(request, parameters, responder) { _, session in
                        responder.respond(
                            Response(
                                status: 200, type: "text/plain",
                                text: session.map { "\($0.principal)" } ?? "nobody"))
                    }
                }
            ] + forms).map { Route($0.method, $0.pattern, $0) })
        server = try Server(ServerSettings(), malformed: { _, _ in Response(status: 400) }) {
            request, responder in
            switch router.match(method: request.method, path: request.path) {
            case .found(let endpoint, let parameters):
                endpoint.action(request, parameters, responder)
            default: responder.respond(Response(status: 404))
            }
        }
        ingress.start()
        lane = try Standing(database, map, decide)
        try eventually("the door listens") { ingress.waiter.isListening }
    }

    func stop() {
        lane.stop()
        server.quiesce()
        ingress.stop()
        server.stop()
    }

    // MARK: Asking

    func send(
        _ method: String, _ path: String, _ headers: [(String, String)] = [], body: [UInt8]? = nil
    ) throws -> Client.Answer {
        try Client().send(
            method: method, url: "http://127.0.0.1:\(server.port)\(path)", headers: headers,
            body: body, timeoutMilliseconds: 30_000)
    }

    func post(
        _ path: String, _ fields: [(String, String)], cookie: String? = nil,
        _ headers: [(String, String)] = []
    ) throws -> Client.Answer {
        let body = fields.map { "\(Ingress.segment($0.0))=\(Ingress.segment($0.1))" }
        return try send(
            "POST", path,
            [("Content-Type", "application/x-www-form-urlencoded")]
                + (cookie.map { [("Cookie", "kabinet_session=\($0)")] } ?? []) + headers,
            body: Array(body.joined(separator: "&").utf8))
    }

    func json(
        _ method: String, _ path: String, _ body: JSON?, bearer: String? = nil,
        _ headers: [(String, String)] = []
    ) throws -> (answer: Client.Answer, json: JSON) {
        let answer = try send(
            method, path,
            (body == nil ? [] : [("Content-Type", "application/json")])
                + (bearer.map { [("Authorization", "Bearer \($0)")] } ?? []) + headers,
            body: body?.bytes)
        return (answer, answer.body.isEmpty ? .null : try JSON.parse(answer.body))
    }

    private static func told(_ kept: FormOutcome?, _ keeps: Bool) -> String {
        guard let kept, kept.ending == .kept else { return keeps ? "elsewhere" : "nothing" }
        return kept.fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            .joined(separator: "&")
    }

    /// Why pages could not be had, since the last time.
    func pagesOfTrouble() -> [Trouble] {
        troubles.read { troubles in
            defer { troubles = [] }
            return troubles
        }
    }

    /// The pages that were drawn of forms, since the last time.
    func drawn() -> [FormPost] {
        posts.read { posts in
            defer { posts = [] }
            return posts
        }
    }

    // MARK: What is in it

    struct Appended {
        let id: String
        let kind: String
        let organization: String
        let actor: String
        let channel: String
        let subject: Int64
        let payload: JSON
    }

    /// Every command, in the order of their appends.
    func commands() throws -> [Appended] {
        try database.connection().script(
            """
            select id::text, kind, organization, actor, channel, subject::text, payload::text
            from queue.command order by xid, seq
            """
        ).map { row in
            Appended(
                id: row.text(0), kind: row.text(1), organization: row.text(2), actor: row.text(3),
                channel: row.text(4), subject: Int64(row.text(5)) ?? 0,
                payload: try JSON.parse(Array(row.text(6).utf8)))
        }
    }

    /// A sealed member, opened.
    func opened(_ command: Appended, _ member: String) throws -> String {
        try SealedBox.open(text: command.payload[member]?.string ?? "", with: [key])
    }

    /// A person with a session, as a lane would leave them. Returns the principal and the session's token.
    @discardableResult
    func person(
        _ organization: String = "alfa", accounts: [String] = ["100"],
        rights: String = "view,readings,pay",
        token: String = Secrets.token(prefix: "ks_"), seen: String = "clock_timestamp()",
        principal: Int64? = nil
    ) throws -> (principal: Int64, token: String) {
        let owner = try database.connection()
        let made =
            try principal
            ?? Int64(
                owner.script(
                    """
                    insert into access.principal (organization, login, name, kind)
                    values ('\(organization)', 'u' || gen_random_uuid(), 'Иван', 'account') returning id::text
                    """)[0].text(0)) ?? 0
        for number in accounts {
            try owner.script(
                """
                insert into access.attachment (principal, account, number, rights)
                values (\(made), \(Int64(number) ?? 0), '\(number)', string_to_array('\(rights)', ','))
                on conflict do nothing
                """)
        }
        try owner.script(
            """
            insert into access.session (hash, organization, principal, created_at, expires_at, id, seen_at)
            values ('\\x\(Secrets.tokenHashText(token))', '\(organization)', \(made), \(seen),
                    clock_timestamp() + interval '1 day', gen_random_uuid(), \(seen))
            """)
        return (made, token)
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    // MARK: Profiles

    private static func profile(
        _ code: String, _ identity: String, deleteUntil: String = "calculated"
    ) -> String {
        """
        {"code": "\(code)", "name": "ООО «Проба»", "title": "Личный кабинет", "time_zone": "Europe/Moscow",
         "companies": [{"code": "\(code)", "name": "ООО «Проба»"}], "services": ["cold_water"],
         "readings": {"late": "refuse", "delete_until": "\(deleteUntil)", "words": {"new": "Новое", "submit": "Внести", "link": "Показания"}},
         "identity": \(identity), "accent": "#c8102e", "footer": ["ООО «Проба»"],
         "help": {"home": {"text": "Всё на одной странице"}, "meters": {"text": "Показания"}}}
        """
    }

    private static let alfa = profile(
        "alfa",
        """
        {"mode": "account", "login_word": "Номер лицевого счета", "confirm": ["email", "sms"],
         "email_with_sms": false, "auto_sign_in": "sms", "password": {"least": 8, "most": 20},
         "attach": {"proofs": [["surname"], ["password"]], "button": "Добавить", "most_per_email": 10},
         "second_factor": true, "delete_user": true,
         "terms": {"version": "2026-01", "text": "Условия"},
         "services": [{"purpose": "sms_news", "title": "Смс", "text": "Согласен", "version": "1"}]}
        """, deleteUntil: "session")

    private static let beta = profile(
        "beta",
        """
        {"mode": "login", "login_word": "Имя пользователя", "confirm": ["email"],
         "attach": {"proofs": [["last_payment"], ["code"]], "cascade": true, "question": true, "button": "Добавить"},
         "remember": true, "delete_user": true, "terms": {"version": "2026-02", "text": "Условия"}}
        """)
}

/// Decides what a test says, as a lane of the real queue.
private final class Standing: Sendable {
    private let stopping = Monitor(false)
    private let thread: Worker?

    init(
        _ database: TestDatabase, _ map: PoolMap,
        _ decide: (@Sendable (ClaimedCommand) -> Verdict)?
    ) throws {
        guard let decide else {
            thread = nil
            return
        }
        let (address, library) = (try database.address(role: "kabinet_workers"), database.library)
        thread = Worker("lane") { [stopping] in
            do {
                let connection = try Connection(
                    address, library: library, preparing: Lane.statements)
                let policy = PoolPolicy(name: "identity", lanes: 1, threads: 1, batch: 100)
                guard let pool = map.pool(named: "identity") else { return }
                var lane = Lane(pool: pool.id, lane: 0, batch: 100)
                let decider = Deciding { batch, _ in Decided(verdicts: batch.map(decide)) }
                while !stopping.read({ $0 }) {
                    let step = try lane.step(
                        on: connection, policy: policy, map: map, decider: decider)
                    if case .idle = step {
                        _ = stopping.wait(milliseconds: 5) { $0 ? true : nil }
                    }
                }
            } catch {
                Issue.record("the lane ended: \(error)")
            }
        }
    }

    func stop() {
        stopping.change { $0 = true }
        thread?.join()
    }
}

extension Client.Answer {
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The session's token that the answer sets; "" ends it.
    var session: String? {
        guard let cookie = header("Set-Cookie"), cookie.hasPrefix("kabinet_session=") else {
            return nil
        }
        return String(cookie.dropFirst("kabinet_session=".count).prefix { $0 != ";" })
    }
}
