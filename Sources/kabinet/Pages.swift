import Access
import Bills
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
    let threads: Crew<Press>
    let showsDemo: Bool

    var endpoints: [Endpoint] {
        let page: [Endpoint] = [
            Endpoint(
                "GET", "/{org}/", "The cabinet's first page: signing in, or one's first account.",
                query: Self.told + [Self.next], statuses: [200, 303, 404, 503]
            ) { request, parameters, responder in
                visit(request, parameters, responder) { portal.home($0) }
            },
            Endpoint(
                "GET", "/{org}/accounts/{account}/meters", "«Приборы учета» of an account.",
                caller: .person,
                query: [
                    Self.service, .init("done", "The id of a reading that was just taken."),
                    .init("deleted", "Of one that was taken back."),
                    .init("pending", "Of one that is not decided yet."),
                ], statuses: [200, 401, 404, 503]
            ) { request, parameters, responder in meters(request, parameters, responder) },
            Endpoint(
                "GET", "/{org}/accounts/{account}/submit",
                "«Передать показания»: all meters of an account on one page.",
                caller: .person,
                query: [
                    .init("done", "Ids of readings that were just taken, with commas between."),
                    .init("pending", "Ids of those that are not decided yet."),
                ], statuses: [200, 401, 404, 503]
            ) { request, parameters, responder in
                let notice = SubmitNotice { request.query($0) }
                view(request, parameters, responder) {
                    portal.submit($0, account: parameters["account"] ?? "", notice: notice)
                }
            },
            asset(
                "css", "The stylesheet.", [.init("accent", "The colour it is in: 1f5fa8.")]
            ) { portal.stylesheet(accent: $0.query("accent")) },
            asset("js", "The one program of all pages.") { _ in portal.script },
            asset("svg", "The icon.") { _ in portal.icon },
            Endpoint(
                "GET", "/{org}/logo.svg", "The organization's logo, where it has one.",
                query: [Self.version], statuses: [200, 304, 404, 503]
            ) { request, parameters, responder in
                ingress.withProfile(parameters["org"], request, responder) { profile in
                    guard let logo = portal.logo(profile) else {
                        return ingress.respond(responder, 404, "not_found", language(request))
                    }
                    responder.respond(logo.response(to: request))
                }
            },
            Endpoint(
                "GET", "/{org}/api/accounts/{account}/meters", "The meters of an account.",
                caller: .tokenOrPerson(scope: "accounts.read"),
                statuses: [200, 401, 403, 404, 429, 503]
            ) { request, parameters, responder in
                ingress.forReader("accounts.read", request, parameters, responder) {
                    profile, session in
                    blocking(request, responder) {
                        portal.metersJSON(
                            Reader(
                                profile: profile, accounts: session?.accounts.map(\.id)),
                            account: parameters["account"] ?? "")
                    }
                }
            },
            Endpoint(
                "GET", "/{org}/accounts/{account}/house-meters",
                "«Общедомовые нужды» of an account's house, where the organization shows them.",
                caller: .person, query: [Self.service], statuses: [200, 401, 404, 503]
            ) { request, parameters, responder in
                let service = request.query("service")
                view(request, parameters, responder) {
                    portal.houseMeters(
                        $0, account: parameters["account"] ?? "", service: service)
                }
            },
            Endpoint(
                "GET", "/{org}/api/accounts/{account}/house-meters",
                "The meters of an account's house and the volume of each month.",
                caller: .tokenOrPerson(scope: "accounts.read"),
                statuses: [200, 401, 403, 404, 429, 503]
            ) { request, parameters, responder in
                ingress.forReader("accounts.read", request, parameters, responder) {
                    profile, session in
                    blocking(request, responder) {
                        portal.houseMetersJSON(
                            Reader(
                                profile: profile, accounts: session?.accounts.map(\.id)),
                            account: parameters["account"] ?? "")
                    }
                }
            },
            Endpoint(
                "GET", "/{org}/api/accounts/{account}/meters/{meter}/readings",
                "The readings of a meter and the volume of each month.",
                caller: .tokenOrPerson(scope: "accounts.read"),
                query: [.init("service", "Where the number alone is ambiguous.")],
                statuses: [200, 401, 403, 404, 422, 429, 503]
            ) { request, parameters, responder in
                let service = request.query("service")
                ingress.forReader("accounts.read", request, parameters, responder) {
                    profile, session in
                    blocking(request, responder) {
                        portal.readingsJSON(
                            Reader(
                                profile: profile, accounts: session?.accounts.map(\.id)),
                            account: parameters["account"] ?? "",
                            meter: parameters["meter"] ?? "", service: service)
                    }
                }
            },
        ]
        return page + entry + cabinet + money + programs + (showsDemo ? demo : [])
    }

    /// Pages of meters in the tab of a service (SF-110).
    private static let service = Endpoint.Field(
        "service", "cold_water …: its meters only; whatever is none stands for all.")
    private static let version = Endpoint.Field(
        "v", "The version of its content: then it may be kept for a year.")

    /// What all pages are dressed with: neither a profile nor the database is asked for it.
    private func asset(
        _ ending: String, _ summary: String, _ query: [Endpoint.Field] = [],
        _ asset: @escaping @Sendable (Request) -> Asset
    ) -> Endpoint {
        Endpoint(
            "GET", "/static/kabinet.\(ending)", summary, query: query + [Self.version],
            statuses: [200, 304]
        ) { request, _, responder in responder.respond(asset(request).response(to: request)) }
    }

    /// What a page is told after a form of it was taken.
    private static let told: [Endpoint.Field] = [
        .init("done", "What was just done."), .init("pending", "What is not decided yet."),
    ]
    /// What pages of signing in are told.
    private static let next = Endpoint.Field("next", "Where to go on, within the organization.")

    /// Pages of people who are not signed in.
    private var entry: [Endpoint] {
        [
            form(
                "/{org}/sign-in/code", "The code of the second factor.", query: [Self.next]
            ) { _ in .secondStep },
            form("/{org}/register", "Registering (SF-020…SF-029, SF-051, SF-061).") { _ in
                .register
            },
            form("/{org}/register/{id}/code", "«Код подтверждения» (SF-033, SF-034).") {
                .registerCode($0["id"] ?? "")
            },
            form("/{org}/confirm/{token}", "The button behind a letter's link.", mayEnd: true) {
                .link($0["token"] ?? "")
            },
            form("/{org}/reset", "«Забыли пароль?» (SF-038).") { _ in .reset },
            form("/{org}/reset/{token}", "A new password, behind a letter's link.", mayEnd: true) {
                .newPassword($0["token"] ?? "")
            },
            Endpoint(
                "GET", "/unsubscribe/{token}", "A button that takes a consent back (RFC 8058).",
                query: Self.told, statuses: [200, 410, 503]
            ) { request, parameters, responder in
                let (token, language) = (parameters["token"] ?? "", language(request))
                let query = Self.query(request)
                blocking(request, responder) { portal.unsubscribe(token, language, query: query) }
            },
        ]
    }

    /// Pages of who is signed in.
    private var cabinet: [Endpoint] {
        [
            form("/{org}/profile", "«Личные данные», «Мой профиль» (SF-081).", .person) { _ in
                .profile
            },
            form("/{org}/profile/phone", "Another telephone number.", .person) { _ in .phoneCode },
            form("/{org}/profile/second-factor", "The second factor.", .person) { _ in
                .secondFactor
            },
            form(
                "/{org}/accounts", "One's accounts, «Добавить лицевой счет» (SF-065, SF-085).",
                .person,
                query: [
                    .init("company", "Chosen on the way to an account."),
                    .init("house", "Chosen after the company."),
                    .init("apartment", "Chosen after the house."),
                ]
            ) { _ in .accounts },
            form(
                "/{org}/accounts/{account}/settings", "An account's name, and who else uses it.",
                .person
            ) { .account($0["account"] ?? "") },
            form(
                "/{org}/accounts/{account}/services", "«Дополнительные услуги» (SF-130…SF-137).",
                .person
            ) { .services(account: $0["account"] ?? "") },
            Endpoint(
                "GET", "/{org}/profile/export", "One's own data: a ZIP of JSON and CSV.",
                caller: .person, statuses: [200, 401, 404, 503]
            ) { request, parameters, responder in
                visit(request, parameters, responder) { portal.export($0) }
            },
        ]
    }

    /// What an account owes, and why; for people, and for programs.
    private var money: [Endpoint] {
        let months: [Endpoint.Field] = [
            .init("from", "The first month, 2026-04."), .init("to", "The last month."),
        ]
        return [
            money("", "«Главная» of an account (SF-100…SF-103).", query: Self.told) { _ in .account
            },
            money(
                "/settlements", "«Взаиморасчеты» of a service (SF-111, SF-112).",
                query: [.init("kind", "Which service's.")] + months
            ) { _ in .settlements },
            money(
                "/charges", "«Начисления» of a month (SF-115).",
                query: [.init("month", "Which, 2026-04.")]
            ) { _ in .charges },
            money("/payments", "«Движение финансов» (SF-170, SF-171).", query: months) { _ in
                .payments
            },
            money("/bills", "Bills (SF-120…SF-125).") { _ in .bills },
            money("/bills/{month}", "A bill, explained.") { .bill(month: $0["month"] ?? "") },
            money("/suppliers", "Suppliers and tariffs (SF-104).") { _ in .suppliers },
            billPage, billFile,
            reading("/settlements", "What was owed, charged and paid, by kind and month.", months) {
                _ in .settlements
            },
            reading(
                "/charges", "What a month charged, with how each line came to be.",
                [.init("month", "2026-04; the newest if none is given.")]
            ) { _ in .charges },
            reading("/payments", "What was paid, and where it went.", months) { _ in .payments },
            reading("/bills", "The bills that may be seen, newest first.") { _ in .bills },
            reading("/bills/{month}", "A bill with its lines, explained.") {
                .bill(month: $0["month"] ?? "")
            },
            reading("/suppliers", "Services with suppliers, tariffs and their history.") { _ in
                .suppliers
            },
        ]
    }

    private var billPage: Endpoint {
        Endpoint(
            "GET", "/{org}/accounts/{account}/bills/{month}.pdf",
            "A bill as PDF (SF-120, SF-122): the same bytes each time, with an ETag.",
            caller: .person, statuses: [200, 304, 401, 404, 503]
        ) { request, parameters, responder in
            let language = language(request)
            let (query, known) = (Self.query(request), request.header("If-None-Match"))
            let wanted = WantedPage(request)
            ingress.forPerson(request, parameters, responder) { profile, session in
                run(responder, language) { press in
                    responder.respond(
                        portal.billFile(
                            Visit(
                                profile: profile, session: session, language: language,
                                query: query, wanted: wanted),
                            account: parameters["account"] ?? "",
                            month: parameters["month"] ?? "", known: known, press: press))
                }
            }
        }
    }

    private var billFile: Endpoint {
        Endpoint(
            "GET", "/{org}/api/accounts/{account}/bills/{month}.pdf",
            "A bill as PDF: the same bytes each time, with an ETag.",
            caller: .tokenOrPerson(scope: "accounts.read"),
            statuses: [200, 304, 401, 403, 404, 429, 503]
        ) { request, parameters, responder in
            let known = request.header("If-None-Match")
            ingress.forReader("accounts.read", request, parameters, responder) {
                profile, session in
                run(responder, request.language) { press in
                    responder.respond(
                        portal.billFile(
                            Reader(profile: profile, accounts: session?.accounts.map(\.id)),
                            account: parameters["account"] ?? "",
                            month: parameters["month"] ?? "", known: known, press: press))
                }
            }
        }
    }

    private func money(
        _ pattern: String, _ summary: String, query: [Endpoint.Field] = [],
        _ page: @escaping @Sendable (Parameters) -> MoneyPage
    ) -> Endpoint {
        Endpoint(
            "GET", "/{org}/accounts/{account}\(pattern)", summary, caller: .person, query: query,
            statuses: [200, 401, 404, 503]
        ) { request, parameters, responder in
            visit(request, parameters, responder) {
                portal.money(page(parameters), $0, account: parameters["account"] ?? "")
            }
        }
    }

    private func reading(
        _ pattern: String, _ summary: String, _ query: [Endpoint.Field] = [],
        _ answer: @escaping @Sendable (Parameters) -> MoneyAnswer
    ) -> Endpoint {
        Endpoint(
            "GET", "/{org}/api/accounts/{account}\(pattern)", summary,
            caller: .tokenOrPerson(scope: "accounts.read"), query: query,
            statuses: (query.isEmpty ? [] : [400]) + [200, 401, 403, 404, 429, 503]
        ) { request, parameters, responder in
            let language = language(request)
            let asked = Self.query(request)
            ingress.forReader("accounts.read", request, parameters, responder) {
                profile, session in
                blocking(request, responder) {
                    portal.moneyJSON(
                        answer(parameters),
                        Reader(profile: profile, accounts: session?.accounts.map(\.id)), language,
                        account: parameters["account"] ?? "", query: asked)
                }
            }
        }
    }

    /// The same for programs that hold a session's token.
    private var programs: [Endpoint] {
        [
            program("/{org}/api/accounts", "One's accounts.") { visit, _ in
                portal.accountsJSON(visit)
            },
            program("/{org}/api/accounts/{account}/services", "What one has consented to.") {
                portal.servicesJSON($0, account: $1["account"] ?? "")
            },
            program("/{org}/api/sessions", "One's sessions that live.") { visit, _ in
                portal.sessionsJSON(visit)
            },
            program("/{org}/api/profile/export", "One's own data: a ZIP of JSON and CSV.") {
                visit, _ in portal.export(visit)
            },
        ]
    }

    /// A page that has forms on it.
    /// - Parameter mayEnd: it stands behind a letter's link.
    private func form(
        _ pattern: String, _ summary: String, _ caller: Endpoint.Caller = .anyone,
        mayEnd: Bool = false, query: [Endpoint.Field] = [],
        _ page: @escaping @Sendable (Parameters) -> FormPage
    ) -> Endpoint {
        Endpoint(
            "GET", pattern, summary, caller: caller, query: query + Self.told,
            statuses: (caller == .person ? [200, 401, 404, 503] : [200, 404, 503])
                + (mayEnd ? [410] : [])
        ) { request, parameters, responder in
            visit(request, parameters, responder) {
                portal.page(page(parameters), $0, form: $0.kept)
            }
        }
    }

    private func program(
        _ pattern: String, _ summary: String,
        _ answer: @escaping @Sendable (Visit, Parameters) -> Response
    ) -> Endpoint {
        Endpoint("GET", pattern, summary, caller: .person, statuses: [200, 401, 404, 503]) {
            request, parameters, responder in
            visit(request, parameters, responder) { answer($0, parameters) }
        }
    }

    /// Asked only by the page that has the question on it.
    private func riddle(_ language: Language) -> @Sendable () -> Riddle? {
        { ingress.question(language).map { Riddle(token: $0.stamp, text: $0.text) } }
    }

    private static func query(_ request: Request) -> [String: String] {
        Dictionary(request.queryItems, uniquingKeysWith: { first, _ in first })
    }

    private func visit(
        _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ page: @escaping @Sendable (Visit) -> Response
    ) {
        let language = language(request)
        let query = Self.query(request)
        let chosen = query["lang"] != nil
        let wanted = WantedPage(request)
        ingress.forPerson(request, parameters, responder) { profile, session in
            let kept = session == nil ? nil : ingress.kept(request, profile)
            let keeps = session == nil && ingress.keeps(request, profile)
            let draw: @Sendable (Outcome?) -> Void = { decided in
                blocking(request, responder) {
                    var asked = Visit(
                        profile: profile, session: session, language: language, query: query,
                        wanted: wanted, decided: decided,
                        browsers: ingress.registrationTokens(request, profile.code),
                        dismissed: request.dismissedHelp, riddle: riddle(language))
                    asked.kept = kept
                    asked.keeps = keeps
                    asked.takesGzip = request.takesGzip
                    var response = page(asked)
                    if chosen { response.headers.append(Portal.remember(language)) }
                    if kept != nil { forget(profile, &response) }
                    return response
                }
            }
            guard let pending = query["pending"] else { return draw(nil) }
            ingress.outcome(of: pending, profile.code, for: session, then: draw)
        }
    }

    /// What was kept has been shown, and is the browser's no more.
    private func forget(_ profile: Profile, _ response: inout Response) {
        guard response.status == 200 else { return }
        response.headers.append(ingress.forgettingKept(profile))
    }

    private var demo: [Endpoint] {
        [
            Endpoint("GET", "/", "Whose cabinets there are: of a system that is tried out.") {
                request, _, responder in
                let language = language(request)
                let chosen = request.query("lang") != nil
                ingress.withProfiles(request, responder) { profiles in
                    var response = portal.welcome(profiles, language)
                    if chosen { response.headers.append(Portal.remember(language)) }
                    responder.respond(response)
                }
            },
            Endpoint(
                "GET", "/{org}/demo/{token}", "A demo sign-in link: a page with a button.",
                statuses: [200, 404, 410, 429, 503]
            ) { request, parameters, responder in
                let language = language(request)
                // With one slash before each part: two at its beginning would be another host's name.
                let action = "/" + request.rawPath.split(separator: "/").joined(separator: "/")
                ingress.forDemo(request, parameters, responder) { profile, _ in
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
        let notice = MetersNotice { request.query($0) }
        let service = request.query("service")
        view(request, parameters, responder) {
            portal.meters(
                $0, account: parameters["account"], notice: notice, service: service)
        }
    }

    /// A page of an account, of somebody signed in.
    private func view(
        _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ page: @escaping @Sendable (Viewer) -> Response
    ) {
        let language = language(request)
        let chosen = request.query("lang") != nil
        let dismissed = request.dismissedHelp
        let wanted = WantedPage(request)
        ingress.forPerson(request, parameters, responder) { profile, session in
            guard let session else {
                var asked = Visit(
                    profile: profile, session: nil, language: language, wanted: wanted)
                asked.keeps = ingress.keeps(request, profile)
                return responder.respond(portal.signedOut(asked))
            }
            let kept = ingress.kept(request, profile)
            blocking(request, responder) {
                var response = page(
                    Viewer(
                        profile: profile, session: session, language: language,
                        dismissed: dismissed, kept: kept))
                if chosen { response.headers.append(Portal.remember(language)) }
                if kept != nil { forget(profile, &response) }
                return response
            }
        }
    }

    /// The page of a form that did not end in 303.
    func draw(_ post: FormPost, _ responder: Responder) {
        let mayBeSaved = post.ending.mayBeSaved
        run(responder, post.language, mayBeSaved: mayBeSaved) { _ in
            var visit = Visit(
                profile: post.profile, session: post.session, language: post.language,
                browsers: post.browsers,
                // Who is told what was wrong needs no other help.
                dismissed: Set(Profile.Help.Section.allCases), riddle: riddle(post.language))
            visit.isPosted = true
            visit.held = ingress.held(responder, mayBeSaved: mayBeSaved)
            responder.respond(
                portal.page(
                    post.page, visit, form: post.ending, authenticator: post.secret,
                    recovery: post.recovery))
        }
    }

    private func blocking(
        _ request: Request, _ responder: Responder, _ page: @escaping @Sendable () -> Response
    ) {
        run(responder, request.language) { _ in responder.respond(page()) }
    }

    /// Runs what answers on a thread that may block; who has to wait too long for one is told so.
    /// - Parameter mayBeSaved: what was posted may have been, though its page cannot be drawn.
    private func run(
        _ responder: Responder, _ language: Language, mayBeSaved: Bool = false,
        _ answer: @escaping @Sendable (Press) -> Void
    ) {
        let isTaken = threads.run { turn, press in
            guard turn == .served else {
                return ingress.refuse(
                    responder, TurnedAway(.late, retryAfter: 2), language, mayBeSaved: mayBeSaved)
            }
            answer(press)
        }
        if !isTaken {
            ingress.refuse(responder, TurnedAway(.pages), language, mayBeSaved: mayBeSaved)
        }
    }
}
