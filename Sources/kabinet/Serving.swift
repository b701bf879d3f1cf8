import Access
import Commands
import Glibc
import HTTP
import Ingress
import Postgres
import Settings
import Telemetry
import Threads
import Words

/// `kabinet ingress`: the door. Commands in, views out.
struct Serving {
    private let context: Context

    init(_ context: Context) { self.context = context }

    func run() throws -> Int32 {
        var signals = Signals()
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
        let endpoints = ingress.endpoints { post, responder in
            responder.respond(Problem.response(500, "page", post.language))
        }
        let router = Router(endpoints.map { Route($0.method, $0.pattern, $0) })
        let handler: Handler = { request, responder in
            switch router.match(method: request.method, path: request.path) {
            case .found(let endpoint, let parameters):
                endpoint.action(request, parameters, responder)
            case .methodNotAllowed(let allow):
                responder.respond(
                    Problem.response(405, "method", request.language, allow: allow))
            case .notFound:
                responder.respond(Problem.response(404, "not_found", request.language))
            }
        }
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
                case .target, .framing: Problem.response(400, "target", .ru)
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
        ingress.stop()
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
