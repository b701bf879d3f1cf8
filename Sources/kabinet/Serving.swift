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
    /// Pages are a few milliseconds of database each: four at once serve a thousand a second.
    private static let pageThreads = 4

    private static let drainMicroseconds: Int64 = 2_000_000

    init(_ context: Context) { self.context = context }

    func run() throws -> Int32 {
        var signals = Signals()
        try Release.check(context.library)
        raiseFileLimit()
        let environment = context.environment
        let telemetry = context.telemetry
        let ingress = Ingress(
            address: try context.address("kabinet_ingress"),
            clockAddress: environment.hasTestClock ? try context.address("kabinet_clock") : nil,
            library: context.library, telemetry: telemetry,
            settings: IngressSettings(
                isProduction: environment.isProduction, hasTestClock: environment.hasTestClock,
                publicURL: environment.publicURL))
        let pages = Pages(
            portal: Portal(
                queries: PortalQueries(
                    address: try context.address("kabinet_portal"), library: context.library,
                    keep: Self.pageThreads), telemetry: telemetry,
                settings: PortalSettings(
                    publicURL: environment.publicURL, showsOutbox: !environment.isProduction,
                    defaultLanguage: environment.language == .en ? .en : .ru),
                key: { Secrets.token(prefix: "") }), ingress: ingress,
            threads: PageThreads(Self.pageThreads), showsDemo: !environment.isProduction)
        var endpoints = ingress.endpoints { post, responder in pages.draw(post, responder) }
        endpoints += pages.endpoints
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
                return pages.refuse(request, responder, 503, "outdated")
            }
            switch router.match(method: request.method, path: request.path) {
            case .found(let endpoint, let parameters):
                endpoint.action(request, parameters, responder)
            case .methodNotAllowed(let allow):
                responder.respond(
                    Problem.response(405, "method", request.language, allow: allow))
            case .notFound: pages.refuse(request, responder, 404, "not_found")
            }
        }
        try ingress.check()
        let server = try Server(
            ServerSettings(
                address: environment.address, port: UInt16(environment.port)),
            malformed: { fault, _ in
                switch fault {
                case .tooLarge(let limit):
                    Problem.response(413, "too_large", .ru, detail: "\(limit)")
                case .slow: Problem.response(408, "slow", .ru)
                case .stopping:
                    Problem.response(503, "overloaded", .ru, retryAfter: 2)
                case .target, .framing, .host: Problem.response(400, "target", .ru)
                }
            }, handler: handler)
        ingress.start()
        telemetry.tell(
            Told.started(
                "ingress",
                [
                    ("address", .string("\(environment.address):\(server.port)")),
                    ("url", .string(environment.publicURL)), ("pid", .int(Int64(getpid()))),
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

    /// 12,000 connections need more than the usual 1,024 open files.
    private func raiseFileLimit() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
