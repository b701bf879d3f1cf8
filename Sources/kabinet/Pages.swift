import Access
import Commands
import Crypto
import HTTP
import Ingress
import Portal
import Store
import Threads
import Words

/// Threads that may block for pages: reads of the database, a page each. Bounded, so that slow pages never pile up.
final class PageThreads: Sendable {
    typealias Task = @Sendable () -> Void

    private struct Board: Sendable {
        var tasks: [Task] = []
        var stopping = false
    }

    private let board = Monitor(Board())
    private let workers = Monitor<[Worker]>([])
    private static let limit = 2_000

    init(_ count: Int) {
        for index in 0..<count {
            let worker = Worker("page \(index)") { [board] in
                while let task = Self.next(board) { task() }
            }
            workers.change { $0.append(worker) }
        }
    }

    private static func next(_ board: Monitor<Board>) -> Task? {
        board.wait { board -> Task?? in
            if !board.tasks.isEmpty { return board.tasks.removeFirst() }
            return board.stopping ? .some(nil) : nil
        } ?? nil
    }

    /// False when too many wait already.
    func run(_ task: @escaping Task) -> Bool {
        board.change { board in
            guard board.tasks.count < Self.limit, !board.stopping else { return false }
            board.tasks.append(task)
            return true
        }
    }

    func stop() {
        board.change { $0.stopping = true }
        for worker in workers.read({ $0 }) { worker.join() }
    }
}

/// Portal's pages as endpoints: who it is comes from the door, the page from Portal.
struct Pages: Sendable {
    let portal: Portal
    let ingress: Ingress
    let threads: PageThreads
    let showsDemo: Bool

    var endpoints: [Endpoint] {
        let page: [Endpoint] = [
            Endpoint(
                "GET", "/{org}/", "The cabinet's first page.", caller: .person,
                statuses: [200, 401, 404, 503]
            ) { request, parameters, responder in meters(request, parameters, responder) },
            Endpoint(
                "GET", "/{org}/accounts/{account}/meters", "«Приборы учета» of an account.",
                caller: .person, statuses: [200, 401, 404, 503]
            ) { request, parameters, responder in meters(request, parameters, responder) },
            Endpoint("GET", "/static/kabinet.css", "The stylesheet.") { request, _, responder in
                responder.respond(portal.stylesheet(version: request.query("v")))
            },
            Endpoint("GET", "/static/kabinet.svg", "The icon.") { _, _, responder in
                responder.respond(portal.icon())
            },
            Endpoint(
                "GET", "/{org}/theme.css", "The organization's colour.", statuses: [200, 404]
            ) { request, parameters, responder in
                ingress.forPerson(request, parameters, responder) { profile, _ in
                    responder.respond(portal.theme(profile, version: request.query("v")))
                }
            },
            Endpoint(
                "GET", "/{org}/api/accounts/{account}/meters", "The meters of an account.",
                caller: .token(scope: "accounts.read"), statuses: [200, 401, 403, 404, 429, 503]
            ) { request, parameters, responder in
                ingress.forProgram("accounts.read", request, parameters, responder) { profile in
                    blocking(request, responder) {
                        portal.metersJSON(
                            Reader(profile: profile, accounts: nil),
                            account: parameters["account"] ?? "")
                    }
                }
            },
            Endpoint(
                "GET", "/{org}/api/accounts/{account}/meters/{meter}/readings",
                "The readings of a meter and the volume of each month.",
                caller: .token(scope: "accounts.read"),
                query: [.init("service", "Where the number alone is ambiguous.")],
                statuses: [200, 401, 403, 404, 422, 429, 503]
            ) { request, parameters, responder in
                let service = request.query("service")
                ingress.forProgram("accounts.read", request, parameters, responder) { profile in
                    blocking(request, responder) {
                        portal.readingsJSON(
                            Reader(profile: profile, accounts: nil),
                            account: parameters["account"] ?? "",
                            meter: parameters["meter"] ?? "", service: service)
                    }
                }
            },
        ]
        return page + (showsDemo ? demo : [])
    }

    private var demo: [Endpoint] {
        [
            Endpoint(
                "GET", "/{org}/demo/{token}", "A demo sign-in link: a page with a button."
            ) { request, parameters, responder in
                let language = language(request)
                let action = request.rawPath
                ingress.forPerson(request, parameters, responder) { profile, _ in
                    responder.respond(
                        portal.signInDemo(profile, language: language, action: action))
                }
            },
            Endpoint("GET", "/outbox", "Letters that stayed here.") { request, _, responder in
                let language = language(request)
                blocking(request, responder) { portal.outbox(language) }
            },
        ]
    }

    private func language(_ request: Request) -> Language {
        portal.language(
            query: request.query("lang"), cookie: request.cookie("kabinet_language"),
            accept: request.header("Accept-Language"))
    }

    private func meters(_ request: Request, _ parameters: Parameters, _ responder: Responder) {
        let language = language(request)
        let chosen = request.query("lang") != nil
        let notice = MetersNotice { request.query($0) }
        ingress.forPerson(request, parameters, responder) { profile, session in
            guard let session else {
                return responder.respond(
                    portal.problem(
                        status: 401, key: "unauthorized", language: language, profile: profile))
            }
            blocking(request, responder) {
                var response = portal.meters(
                    Viewer(profile: profile, session: session, language: language),
                    account: parameters["account"], notice: notice)
                if chosen { response.headers.append(Portal.remember(language)) }
                return response
            }
        }
    }

    /// The page of a form that did not end in 303.
    func draw(_ post: FormPost, _ responder: Responder) {
        let fields = post.ending.fields
        let taken = threads.run {
            responder.respond(
                portal.meters(
                    Viewer(
                        profile: post.profile, session: post.session, language: post.language),
                    account: post.account,
                    form: MetersForm(
                        meter: fields["meter"] ?? "", service: fields["service"] ?? "",
                        outcome: post.ending)))
        }
        if !taken {
            responder.respond(
                portal.problem(
                    status: 503, key: "overloaded", language: post.language,
                    profile: post.profile, retryAfter: 2))
        }
    }

    private func blocking(
        _ request: Request, _ responder: Responder, _ page: @escaping @Sendable () -> Response
    ) {
        let language = request.language
        let taken = threads.run { responder.respond(page()) }
        if !taken {
            responder.respond(Problem.response(503, "overloaded", language, retryAfter: 1))
        }
    }

    /// What is wrong, as a page for browsers and as a problem for programs.
    func refuse(_ request: Request, _ responder: Responder, _ status: Int, _ code: String) {
        let wantsPage =
            request.header("Accept")?.contains("text/html") == true
            && !request.path.contains("api")
        guard wantsPage else {
            return responder.respond(
                Problem.response(
                    status, code, request.language, retryAfter: status == 503 ? 5 : nil))
        }
        responder.respond(
            portal.problem(status: status, key: code, language: language(request), profile: nil))
    }
}
