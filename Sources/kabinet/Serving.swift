import Bills
import Access
import Commands
import Crypto
import Glibc
import HTTP
import Ingress
import Portal
import Postgres
import Settings
import Store
import Telemetry
import Threads
import Words

/// `kabinet ingress`: the door. Commands in, views out.
struct Serving {
    private let context: Context
    /// Pages are a few milliseconds of database each: four at once would serve a thousand a second. Of sixteen some draw while the
    /// others wait for one that asks for them too; with eight, and all of them asked for together, «Главная» was a third slower.
    private static let pageThreads = 16
    /// Descriptors beside the clients' connections: the database's, files, what the server spares.
    private static let spareFiles = 64 + ServerSettings.spareDescriptors
    /// Milliseconds that a request waits for the database.
    private static let patience = 5_000

    private static let drainMicroseconds: Int64 = 2_000_000

    init(_ context: Context) { self.context = context }

    func run() throws -> Int32 {
        var signals = Signals()
        try Release.check(context.library)
        let environment = context.environment
        let telemetry = context.telemetry
        let connections = allowed(environment.connections)
        // What an authenticator is to know must not follow from anything that is stored.
        let own = Secrets.random(32)
        let secrets = PortalSecrets(
            key: { Secrets.token(prefix: "") },
            authenticator: { session in
                Base32.text(
                    Secrets.hash(
                        own + Array("\(session.principal) \(session.id ?? "")".utf8),
                        context: "kabinet authenticator", length: 20))
            }, hash: { Secrets.tokenHash($0) })
        let portal = Portal(
            queries: PortalQueries(
                address: try context.address("kabinet_portal"), library: context.library,
                keep: Self.pageThreads, patience: Self.patience), telemetry: telemetry,
            settings: PortalSettings(
                publicURL: environment.publicURL, showsOutbox: !environment.isProduction,
                defaultLanguage: environment.language == .en ? .en : .ru, drawsBills: true,
                release: Release.build),
            secrets: secrets)
        let ingress = Ingress(
            address: try context.address("kabinet_ingress"),
            clockAddress: environment.hasTestClock ? try context.address("kabinet_clock") : nil,
            library: context.library, telemetry: telemetry,
            settings: IngressSettings(
                isProduction: environment.isProduction, hasTestClock: environment.hasTestClock,
                publicURL: environment.publicURL, deliveredSecret: try context.deliveredSecret(),
                waiting: environment.waiting, patience: Self.patience)
        ) { trouble in
            portal.problem(
                status: trouble.status, key: trouble.code, language: trouble.language,
                profile: trouble.profile, retryAfter: trouble.retryAfter, retry: trouble.retry)
        }
        let pages = Pages(
            portal: portal, ingress: ingress,
            threads: Crew(
                "page", threads: Self.pageThreads, limit: max(1, environment.waiting / 4),
                patience: Self.patience
            ) { Press() }, showsDemo: !environment.isProduction)
        var endpoints = ingress.endpoints { post, responder in pages.draw(post, responder) }
        endpoints += pages.endpoints
        endpoints +=
            OperatorConsole(portal: portal, ingress: ingress, threads: pages.threads).endpoints
        let document = OpenAPI.document(endpoints, url: environment.publicURL).bytes
        endpoints.append(
            Endpoint("GET", "/openapi.json", "This description.") { _, _, responder in
                responder.respond(
                    Response(
                        status: 200, headers: [("Content-Type", "application/json")],
                        body: document))
            })
        let router = Router(endpoints.map { Route($0.method, $0.pattern, $0) })
        let handler: Handler = { request, responder in
            // Pages would be drawn from facts that this release may misread; only what tells of itself goes on.
            if ingress.misfit != nil,
                !["health", "metrics", "static"].contains(request.path.first ?? "")
            {
                return ingress.refuse(
                    responder, TurnedAway(.outdated, retryAfter: 5), pages.language(request))
            }
            switch router.match(method: request.method, path: request.path) {
            case .found(let endpoint, let parameters):
                endpoint.action(request, parameters, responder)
            case .methodNotAllowed(let allow):
                // Where only a form leads, a browser that comes back is led to the page that the form stands on.
                if ["GET", "HEAD"].contains(request.method), request.path.count > 1,
                    request.path[1] != "api",
                    responder.header("Accept")?.contains("text/html") == true,
                    let page = router.page(request.path, raw: request.rawPath)
                {
                    return responder.respond(
                        Response(
                            status: 303,
                            headers: [("Location", page), ("Cache-Control", "no-store")]))
                }
                ingress.respond(responder, 405, "method", request.language, allow: allow)
            case .notFound:
                let language = pages.language(request)
                guard request.path.count > 1, request.path[1] != "api",
                    responder.header("Accept")?.contains("text/html") == true
                else { return ingress.respond(responder, 404, "not_found", language) }
                // A wrong address within an organization says so under its name and with its menu, and leads to its first page.
                ingress.forPerson(of: request.path.first, request, responder) {
                    profile, session in
                    responder.respond(
                        portal.problem(
                            status: 404, key: "not_found", language: language, profile: profile,
                            session: session))
                }
            }
        }
        try ingress.check()
        var listening = ServerSettings(
            address: environment.address, port: UInt16(environment.port),
            connections: connections, idleSeconds: environment.clientSeconds,
            requestSeconds: environment.clientSeconds,
            answerSeconds: 2 * environment.clientSeconds, isFull: { ingress.isFull },
            told: { telemetry.tell(Told.cut($0.rawValue)) })
        listening.proxies = environment.proxies
        let server = try Server(
            listening,
            malformed: { fault, path in
                switch fault {
                case .crowded: ingress.count(TurnedAway(.connections))
                case .full: ingress.count(TurnedAway(.bodies))
                case .slow: telemetry.tell(Told.cut("slow"))
                case .tooLarge, .stopping, .target, .framing, .host: break
                }
                return switch fault {
                case .tooLarge(let limit):
                    Problem.response(413, "too_large", .ru, detail: "\(limit)")
                case .slow: Problem.response(408, "slow", .ru)
                case .crowded, .full, .stopping:
                    // What the client takes is not known yet, only where it asks.
                    Self.isOfPeople(path)
                        ? portal.problem(
                            status: 503, key: "overloaded", language: .ru,
                            profile: path.first.flatMap { ingress.access.lastProfile($0) },
                            retryAfter: 2)
                        : Problem.response(503, "overloaded", .ru, retryAfter: 2)
                case .target, .framing, .host: Problem.response(400, "target", .ru)
                }
            }, handler: handler)
        ingress.measure { [weak server] in
            guard let server else { return [] }
            let held = server.heldBytes
            return [
                .gauge("http_connections", Double(server.openConnections)),
                .gauge("http_connections_limit", Double(connections)),
                .gauge("http_unanswered", Double(server.unanswered)),
                .gauge("http_body_bytes", Double(held.bodies)),
                .gauge("http_answer_bytes", Double(held.answers)),
                .gauge("ingress_pages_waiting", Double(pages.threads.waiting)),
            ]
        }
        ingress.start()
        telemetry.tell(
            Told.started(
                "ingress",
                [
                    ("address", .string("\(environment.address):\(server.port)")),
                    ("url", .string(environment.publicURL)), ("pid", .int(Int64(getpid()))),
                    ("connections", .int(connections)), ("waiting", .int(environment.waiting)),
                ]))
        while signals.next() == SIGHUP { ingress.access.drop() }
        telemetry.tell(Told.stopping("ingress"))
        server.quiesce()
        // Whoever keeps a connection is still served, and told to go elsewhere; who stays silent is not waited for long.
        let patience = monotonicMicroseconds() + Self.drainMicroseconds
        while server.openConnections > 0, monotonicMicroseconds() < patience {
            _ = Monitor(0).wait(milliseconds: 20) { _ in nil as Int? }
        }
        ingress.stop()
        pages.threads.stop()
        server.stop()
        telemetry.tell(Told.stopped("ingress", clean: true))
        return 0
    }

    /// Whether browsers ask there, as far as the path tells.
    private static func isOfPeople(_ path: [String]) -> Bool {
        guard let first = path.first,
            !["delivered", "health", "metrics", "openapi.json", "static", "test"].contains(first)
        else { return false }
        return path.count < 2 || !["api", "operator", "pay"].contains(path[1])
    }

    /// As many connections as are wanted, or as the process may have files: the usual 1,024 are raised as far as the system
    /// allows, and what is missing is told.
    private func allowed(_ wanted: Int) -> Int {
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        getrlimit(kind, &limit)
        let needed = rlim_t(wanted + Self.spareFiles)
        if limit.rlim_cur < needed {
            limit.rlim_cur = min(limit.rlim_max, needed)
            setrlimit(kind, &limit)
            getrlimit(kind, &limit)
        }
        guard limit.rlim_cur < needed else { return wanted }
        let connections = max(16, Int(limit.rlim_cur) - Self.spareFiles)
        context.telemetry.tell(
            Told.fewFiles(
                connections: connections, wanted: wanted, files: Int(limit.rlim_cur),
                needed: Int(needed)))
        return connections
    }
}
