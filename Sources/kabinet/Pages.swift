import Access
import Commands
import Crypto
import HTTP
import Ingress
import Portal
import Store
import Threads
import Words

/// Portal's pages as endpoints: who it is comes from the door, the page from Portal.
struct Pages: Sendable {
    let portal: Portal
    let ingress: Ingress
    /// Threads that may block: reads of the database, a page each. A line of their own, so that slow pages hold up no
    /// commands.
    let threads: Crew<Void>
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

    func language(_ request: Request) -> Language {
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
        run(responder, post.language) {
            switch (post.page, post.session) {
            case (.meters(let account), let session?):
                responder.respond(
                    portal.meters(
                        Viewer(profile: post.profile, session: session, language: post.language),
                        account: account,
                        form: MetersForm(
                            meter: fields["meter"] ?? "", service: fields["service"] ?? "",
                            outcome: post.ending)))
            default:
                responder.respond(
                    portal.problem(
                        status: 404, key: "not_found", language: post.language,
                        profile: post.profile))
            }
        }
    }

    private func blocking(
        _ request: Request, _ responder: Responder, _ page: @escaping @Sendable () -> Response
    ) {
        run(responder, request.language) { responder.respond(page()) }
    }

    /// Runs what answers on a thread that may block; who has to wait too long for one is told so.
    private func run(
        _ responder: Responder, _ language: Language, _ answer: @escaping @Sendable () -> Void
    ) {
        let isTaken = threads.run { turn, _ in
            guard turn == .served else {
                return ingress.refuse(responder, TurnedAway(.late, retryAfter: 2), language)
            }
            answer()
        }
        if !isTaken { ingress.refuse(responder, TurnedAway(.pages), language) }
    }
}
