import Access
import Bills
import Commands
import Crypto
import HTTP
import Ingress
import Portal
import Threads
import Words

/// The operators' console as endpoints: who it is comes from the door, the page from Portal, and what is seen goes to the
/// queue before the page leaves.
struct OperatorConsole: Sendable {
    let portal: Portal
    let ingress: Ingress
    /// Threads that may block.
    let threads: Crew<Press>

    private static let why = Endpoint.Field("why", "For which reason, kept in the audit.")

    var endpoints: [Endpoint] {
        ingress.operatorForms { post, responder in draw(post, responder) } + [
            page("/{org}/operator/", "Finding somebody; signing in.", .home),
            page("/{org}/operator/sign-in", "Signing in.", .signIn, .anyone),
            page("/{org}/operator/code", "The code of the authenticator.", .code),
            page("/{org}/operator/password", "A password of one's own.", .password),
            page("/{org}/operator/second-factor", "Setting the authenticator up.", .factor),
            Endpoint(
                "POST", "/{org}/operator/find",
                "Finds people and accounts by number, login, address or surname. Kept in the audit.",
                caller: .operator, media: "application/x-www-form-urlencoded",
                fields: [
                    .init("q", "What to look for.", required: true),
                    .init("why", "For which reason.", required: true),
                ], statuses: [200, 303, 400, 403, 404, 415, 503]
            ) { request, parameters, responder in
                guard let items = ingress.operatorPost(request, responder) else { return }
                show(request, parameters, responder) { visit, viewing, answer in
                    portal.operatorFind(
                        visit, typed: items["q"] ?? "", why: items["why"] ?? "", viewing: viewing,
                        answer: answer)
                }
            },
            Endpoint(
                "GET", "/{org}/operator/accounts/{account}",
                "The card of an account. Kept in the audit.", caller: .operator,
                query: [Self.why, .init("done", "What was just done.")],
                statuses: [200, 303, 400, 404, 503]
            ) { request, parameters, responder in
                let page = OperatorPage.account(parameters["account"] ?? "")
                show(request, parameters, responder, page) { visit, viewing, answer in
                    portal.operatorAccount(
                        visit, number: parameters["account"] ?? "", viewing: viewing,
                        answer: answer)
                }
            },
            Endpoint(
                "GET", "/{org}/operator/people/{person}",
                "The card of a person. Kept in the audit.", caller: .operator,
                query: [Self.why, .init("done", "What was just done.")],
                statuses: [200, 303, 400, 404, 503]
            ) { request, parameters, responder in
                show(request, parameters, responder) { visit, viewing, answer in
                    portal.operatorPerson(
                        visit, person: Int64(parameters["person"] ?? "") ?? 0, viewing: viewing,
                        answer: answer)
                }
            },
        ]
    }

    /// A page without anybody on it.
    private func page(
        _ pattern: String, _ summary: String, _ page: OperatorPage,
        _ caller: Endpoint.Caller = .operator
    ) -> Endpoint {
        Endpoint(
            "GET", pattern, summary, caller: caller,
            query: [
                .init("pending", "What is not decided yet."),
                .init("done", "What was just done."), .init("next", "Where to go on."),
                .init("q", "What is to be found, typed already."),
            ], statuses: [200, 404, 503]
        ) { request, parameters, responder in
            let language = language(request)
            let query = query(request)
            ingress.forOperator(request, parameters, responder) { profile, session in
                var response = portal.operatorPage(
                    page,
                    OperatorVisit(
                        profile: profile, session: session, language: language, query: query),
                    secret: Self.secret())
                if query["lang"] != nil { response.headers.append(Portal.remember(language)) }
                responder.respond(response)
            }
        }
    }

    /// A page with somebody on it, for who is signed in.
    /// - Parameter wanted: what whoever is not comes back to.
    private func show(
        _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ wanted: OperatorPage = .home,
        _ page:
            @escaping @Sendable (
                OperatorVisit, Viewing, @escaping @Sendable (Response) -> Void
            ) -> Void
    ) {
        let language = language(request)
        var query = query(request)
        // A reason stands in the audit as the operator's own: a link on another site cannot give it.
        if !ingress.sameSite(request) { query["why"] = nil }
        let asked = query
        let isPost = request.method == "POST"
        let trace = request.header("traceparent")
        ingress.forOperator(request, parameters, responder) { profile, session in
            if session == nil, isPost {
                return responder.respond(Ingress.lost(profile, .home))
            }
            guard let session, session.half == nil else {
                return responder.respond(Ingress.operatorSignIn(profile, wanted))
            }
            run(responder, language) {
                page(
                    OperatorVisit(
                        profile: profile, session: session, language: language, query: asked),
                    { viewed, done in
                        ingress.append(viewed, session, trace: trace, done)
                    }, { responder.respond($0) })
            }
        }
    }

    /// The page of a form that did not end in 303.
    private func draw(_ post: OperatorPost, _ responder: Responder) {
        let visit = OperatorVisit(
            profile: post.profile, session: post.session, language: post.language)
        guard let session = post.session, session.half == nil else {
            return responder.respond(bare(post, visit))
        }
        let viewing: Viewing = { viewed, done in
            ingress.append(viewed, session, trace: nil, done)
        }
        switch post.page {
        case .person(let person):
            run(responder, post.language) {
                portal.operatorPerson(
                    visit, person: person, form: post.ending, viewing: viewing,
                    answer: { responder.respond($0) })
            }
        case .account(let number):
            run(responder, post.language) {
                portal.operatorAccount(
                    visit, number: number, form: post.ending, viewing: viewing,
                    answer: { responder.respond($0) })
            }
        case .signIn, .code, .password, .factor, .home: responder.respond(bare(post, visit))
        }
    }

    private func bare(_ post: OperatorPost, _ visit: OperatorVisit) -> Response {
        portal.operatorPage(
            post.page, visit, form: post.ending, secret: post.secret ?? Self.secret())
    }

    private static func secret() -> String { TOTP.base32(TOTP.secret()) }

    private func query(_ request: Request) -> [String: String] {
        Dictionary(request.queryItems, uniquingKeysWith: { first, _ in first })
    }

    private func language(_ request: Request) -> Language {
        portal.language(
            query: request.query("lang"), cookie: request.cookie("kabinet_language"),
            accept: request.header("Accept-Language"))
    }

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
