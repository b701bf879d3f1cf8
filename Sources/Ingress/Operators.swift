public import Access
public import Commands
import Crypto
public import HTTP
public import Words

/// A form of the operators' console that came, for Portal to draw again.
public struct OperatorPost: Sendable {
    /// Nil: nobody is signed in.
    public let session: OperatorSession?
    public let profile: Profile
    public let page: OperatorPage
    public let language: Language
    public let ending: FormOutcome
    /// Of the authenticator that is being set up.
    public let secret: String?
}

/// The operators' console: who is it, and the forms. What operators look at is appended as a command before it leaves.
extension Ingress {
    public typealias DrawOperator = @Sendable (OperatorPost, Responder) -> Void

    static let operatorCookie = "kabinet_operator"
    private static let formStatuses = [303, 400, 403, 404, 415, 422, 429, 503]

    /// Runs `body` with the operator signed in there, at least half; nil: nobody is.
    public func forOperator(
        _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ body: @escaping @Sendable (Profile, OperatorSession?) -> Void
    ) {
        withProfile(parameters["org"], request, responder) { [self] profile in
            let language = request.language
            guard let token = request.cookie(Self.operatorCookie), !token.isEmpty,
                token.utf8.count < 200
            else { return body(profile, nil) }
            guard
                admits(
                    .address, "operator \(request.network)", perSecond: 20, burst: 100, responder,
                    language)
            else { return }
            ask(responder, language) { connection in
                try Access.operatorSession(token, on: connection)
            } then: { session in
                body(
                    profile,
                    session?.organization == profile.code
                        ? session?.under(profile.operators) : nil)
            }
        }
    }

    /// Writes down what an operator is about to be shown. False: it is not written, and must not be shown.
    public func append(
        _ viewed: PersonViewed, _ session: OperatorSession, trace: String?,
        _ done: @escaping @Sendable (Bool) -> Void
    ) {
        append(
            Wish(
                command: .operators(.viewed(viewed)), organization: session.organization,
                actor: session.actor, channel: .operator, trace: trace, digest: [])
        ) { result in
            if case .outcome = result { done(true) } else { done(false) }
        }
    }

    // MARK: Forms

    /// What a form of operators is, before it is read.
    private struct OperatorForm: Sendable {
        let path: String
        let summary: String
        let fields: [Endpoint.Field]
        /// What the session must still lack; nil: it is whole.
        let half: OperatorSession.Half?
        /// A whole session may do it too.
        let orWhole: Bool
        let page: @Sendable (Parameters) -> OperatorPage
        let command:
            @Sendable ([String: String], Parameters, OperatorSession, Sealer) throws -> Command
        /// Where it leads when it is done, behind `/{org}/operator/`.
        let next: @Sendable ([String: String], Parameters, Outcome) -> String
    }

    /// Seals what must not rest in clear.
    struct Sealer: Sendable {
        let key: [UInt8]
        func seal(_ text: String) throws -> JSON {
            .string(try SealedBox.seal(text: text, to: key))
        }
    }

    private static let key = Endpoint.Field("key", "Makes the post repeatable.")
    private static let wanted = Endpoint.Field(
        "next", "Where to go on: a page of the console, behind its part.")
    private static let seen = Endpoint.Field(
        "seen", "The reason with which the page of the form was looked at.")

    public func operatorForms(draw: @escaping DrawOperator) -> [Endpoint] {
        let code = OperatorForm(
            path: "code", summary: "The code of the operator's authenticator.",
            fields: [.init("code", "Six digits.", required: true), Self.wanted], half: .code,
            orWhole: false,
            page: { _ in .code }
        ) { fields, _, session, sealer in
            let typed = try Self.sixDigits(fields["code"])
            return try Command(
                .operatorCode,
                .object([
                    "login": .string(session.login.text), "session": .string(session.hash.text),
                    "code": try sealer.seal(typed),
                ]))
        } next: { fields, _, outcome in
            Self.next(outcome, fields)
        }
        let password = OperatorForm(
            path: "password", summary: "A password of the operator's own.",
            fields: [
                .init("old", "The present one.", required: true),
                .init("password", "12 to 128 characters.", required: true),
                .init("password_again", "The same again.", required: true), Self.wanted,
            ], half: .password, orWhole: true, page: { _ in .password }
        ) { fields, _, session, sealer in
            let (old, new) = (fields["old"] ?? "", fields["password"] ?? "")
            guard !old.isEmpty else { throw ShapeError("/old", "shape.missing", "old") }
            guard OperatorLogin.passwordLength.contains(new.count) else {
                throw ShapeError(
                    "/password", "shape.password",
                    "\(OperatorLogin.passwordLength.lowerBound)–\(OperatorLogin.passwordLength.upperBound)"
                )
            }
            guard !new.allSatisfy(\.isWhitespace) else {
                throw ShapeError("/password", "shape.password_blank")
            }
            guard new == fields["password_again"] else {
                throw ShapeError("/password_again", "shape.again")
            }
            guard new != old else { throw ShapeError("/password", "shape.same_password") }
            return try Command(
                .operatorPassword,
                .object([
                    "login": .string(session.login.text), "session": .string(session.hash.text),
                    "old": try sealer.seal(old), "new": try sealer.seal(new),
                ]))
        } next: { fields, _, outcome in
            Self.next(outcome, fields, done: "password")
        }
        let factor = OperatorForm(
            path: "second-factor", summary: "Setting the operator's authenticator up.",
            fields: [
                .init("secret", "As it was shown.", required: true),
                .init("code", "Six digits.", required: true),
                .init("password", "The password, of a session that is whole."),
                .init("present", "Six digits of the authenticator that is on."), Self.wanted,
            ], half: .factor, orWhole: true, page: { _ in .factor }
        ) { fields, _, session, sealer in
            let secret = fields["secret"] ?? ""
            guard secret.utf8.count == 32 else {
                throw ShapeError("/secret", "shape.missing", "secret")
            }
            let typed = try Self.sixDigits(fields["code"])
            let present =
                session.hasFactor ? try Self.sixDigits(fields["present"], "present") : nil
            return try Command(
                .operatorFactor,
                .object([
                    "login": .string(session.login.text), "session": .string(session.hash.text),
                    "secret": try sealer.seal(secret),
                    "code": try sealer.seal(typed),
                    "password": try fields["password"].map { try sealer.seal($0) },
                    "present": try present.map { try sealer.seal($0) },
                ]))
        } next: { fields, _, outcome in
            Self.next(outcome, fields, done: "factor")
        }
        let restore = OperatorForm(
            path: "people/{person}/restore",
            summary: "«Восстановить доступ» (SF-039, SF-040): a new contact, after a check.",
            fields: [
                .init("login", "What the person signs in with.", required: true),
                .init("email", "The new address.", required: true),
                .init("check", "documents or questions.", required: true),
                .init("why", "What was seen, or asked.", required: true), Self.seen,
            ], half: nil, orWhole: true,
            page: { Int64($0["person"] ?? "").map { .person($0) } ?? .home }
        ) { fields, parameters, _, _ in
            // The path says whom: a login that is somebody else's is refused when it is decided.
            try Command(
                .restoreAccess,
                .object([
                    "login": .string(fields["login"] ?? ""),
                    "person": .string(parameters["person"] ?? ""),
                    "email": .string(fields["email"] ?? ""),
                    "check": .string(fields["check"] ?? ""),
                    "why": .string(try Self.why(fields)),
                ]))
        } next: { fields, parameters, _ in
            "people/\(parameters["person"] ?? "")?done=restored&why=\(Self.segment(fields["why"] ?? ""))"
        }
        let detach = OperatorForm(
            path: "accounts/{account}/people/{person}/detach",
            summary: "Takes an account out of somebody's hands, after a check.",
            fields: [
                .init("login", "What the person signs in with.", required: true),
                .init("check", "documents or questions.", required: true),
                .init("why", "What was seen, or asked.", required: true), Self.seen,
            ], half: nil, orWhole: true, page: { .account($0["account"] ?? "") }
        ) { fields, parameters, _, _ in
            try Command(
                .detachPerson,
                .object([
                    "account": .string(parameters["account"] ?? ""),
                    "login": .string(fields["login"] ?? ""),
                    "person": .string(parameters["person"] ?? ""),
                    "check": .string(fields["check"] ?? ""),
                    "why": .string(try Self.why(fields)),
                ]))
        } next: { fields, parameters, _ in
            "accounts/\(Self.segment(parameters["account"] ?? ""))?done=detached&why=\(Self.segment(fields["why"] ?? ""))"
        }
        return [signIn(draw), signOut]
            + [code, password, factor, restore, detach].map { form in
                Endpoint(
                    "POST", "/{org}/operator/\(form.path)", form.summary, caller: .operator,
                    media: "application/x-www-form-urlencoded", fields: form.fields + [Self.key],
                    statuses: Self.formStatuses
                ) { [self] request, parameters, responder in
                    take(form, request, parameters, responder, draw)
                }
            }
    }

    /// Grounds that say nothing are none: nothing is done on them.
    private static func why(_ fields: [String: String]) throws(ShapeError) -> String {
        let why = fields["why"] ?? ""
        guard !why.isEmpty else { throw ShapeError("/why", "shape.missing", "why") }
        guard PersonViewed.reason(why) != nil else { throw ShapeError("/why", "shape.why") }
        return why
    }

    /// What an authenticator shows, without the spaces and hyphens that are typed with it. Anything else costs no attempt.
    private static func sixDigits(
        _ typed: String?, _ field: String = "code"
    ) throws(ShapeError) -> String {
        let code = (typed ?? "").filter { !" -\u{A0}".contains($0) }
        guard Act.isSixDigits(code) else { throw ShapeError("/\(field)", "shape.six_digits") }
        return code
    }

    /// What is still to be done, as a page; when nothing is, where somebody was on the way to.
    /// - Parameter done: the word for what was done, once nothing is to be done before it can be read.
    private static func next(
        _ outcome: Outcome, _ fields: [String: String], done: String? = nil
    ) -> String {
        let wanted = WantedPage(fields["next"] ?? "")
        let half = outcome.result["next"]?.string.flatMap(OperatorSession.Half.init(rawValue:))
        if let half { return path(of: half) + query(wanted) }
        return landing(wanted, done: done)
    }

    /// Where one is led to by an address: to a page of one's own, or to where one begins, with what was to be found typed
    /// already. No card is: why it is looked at must not come from an address, and is asked there.
    private static func landing(_ wanted: WantedPage?, done: String?) -> String {
        var path = ""
        var query: [String] = []
        switch wanted?.path {
        case findPage:
            let pairs = Request.pairs(wanted?.query ?? "") ?? []
            if let typed = pairs.first(where: { $0.0 == "q" })?.1 {
                query.append("q=\(segment(typed))")
            }
        // What has just been done there is not done again.
        case OperatorPage.password.path where done == nil: path = OperatorPage.password.path
        case OperatorPage.factor.path where done == nil: path = OperatorPage.factor.path
        default: break
        }
        if let done { query.append("done=\(done)") }
        return path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    private static let findPage = "find"

    /// Who is to sign in first: what they posted is lost, the page to sign in says so and leads back to where the form stands,
    /// or to where its card is found.
    /// - Parameter login: whose card it is, where the page does not say it.
    public static func lost(
        _ profile: Profile, _ page: OperatorPage, login: String? = nil
    ) -> Response {
        let back = query(leading(to: page, login: login))
        return redirect(
            "/\(profile.code)/operator/sign-in\(back)\(back.isEmpty ? "?" : "&")done=over")
    }

    /// Who has to sign in, or to go on with it, before a page is shown.
    public static func operatorSignIn(_ profile: Profile, _ page: OperatorPage) -> Response {
        redirect("/\(profile.code)/operator/\(query(leading(to: page)))")
    }

    /// What leads back to a page; nil: to where one begins.
    private static func leading(to page: OperatorPage, login: String? = nil) -> WantedPage? {
        // No address of somebody stands in one of ours.
        let known = page.found ?? login.flatMap { $0.contains("@") ? nil : $0 } ?? ""
        return WantedPage(known.isEmpty ? page.path : "\(findPage)?q=\(segment(known))")
    }

    /// The fields of a post from a page of ours; nil: it has been answered.
    public func operatorPost(
        _ request: Request, _ responder: Responder
    ) -> [String: String]? {
        let language = request.language
        guard sameSite(request) else {
            respond(responder, 403, "cross_site", language)
            return nil
        }
        guard let items = request.form else {
            respond(
                responder, 415, "media_type", language, detail: "application/x-www-form-urlencoded")
            return nil
        }
        return Dictionary(items, uniquingKeysWith: { _, last in last })
    }

    private func take(
        _ form: OperatorForm, _ request: Request, _ parameters: Parameters,
        _ responder: Responder, _ draw: @escaping DrawOperator
    ) {
        guard hasRoom(responder, request.language), let fields = operatorPost(request, responder)
        else {
            return
        }
        forOperator(request, parameters, responder) { [self] profile, session in
            let language = request.language
            let root = "/\(profile.code)/operator/"
            guard let session else {
                return responder.respond(
                    Self.lost(profile, form.page(parameters), login: fields["login"]))
            }
            guard session.half == form.half || form.orWhole && session.half == nil else {
                return responder.respond(Self.redirect(root + Self.path(of: session.half)))
            }
            guard form.half != .code || admitsAttempt(request, responder, language) else { return }
            guard let sealing = access.sealingKey else {
                return refuse(responder, TurnedAway(.keyless, retryAfter: 60), language)
            }
            let post: @Sendable (FormOutcome.Ending) -> OperatorPost = { ending in
                OperatorPost(
                    session: session, profile: profile, page: form.page(parameters),
                    language: language,
                    ending: FormOutcome(fields: Self.kept(fields), ending: ending),
                    secret: fields["secret"])
            }
            do {
                let command = try form.command(
                    fields, parameters, session, Sealer(key: sealing))
                submit(
                    command, fields, session.actor, profile, request, responder, post, draw
                ) { outcome in
                    Self.redirect(root + form.next(fields, parameters, outcome))
                }
            } catch let error as ShapeError {
                draw(post(.misshapen(error)), responder)
            } catch {
                respond(responder, 400, "misshapen", language)
            }
        }
    }

    private static func path(of half: OperatorSession.Half?) -> String {
        switch half {
        case .code: "code"
        case .password: "password"
        case .factor: "second-factor"
        case nil: ""
        }
    }

    /// What may be drawn again.
    private static func kept(_ fields: [String: String]) -> [String: String] {
        fields.filter {
            !["password", "password_again", "old", "code", "secret", "present"].contains($0.key)
        }
    }

    private func submit(
        _ command: Command, _ fields: [String: String], _ actor: String, _ profile: Profile,
        _ request: Request, _ responder: Responder,
        _ post: @escaping @Sendable (FormOutcome.Ending) -> OperatorPost,
        _ draw: @escaping DrawOperator, cookie: String? = nil,
        _ done: @escaping @Sendable (Outcome) -> Response
    ) {
        // Only a form without a secret can be repeated: what is sealed is another body each time.
        var key: [UInt8]?
        var digest: [UInt8] = []
        if case .identity = command, let text = fields["key"], (8...100).contains(text.utf8.count) {
            digest = Secrets.hash(command.json.bytes, length: 16)
            key = Secrets.hash(
                Array("\(actor)\n\(text)\n".utf8) + digest, context: "kabinet idempotency",
                length: 16)
        }
        let root = "/\(profile.code)/operator/"
        append(
            Wish(
                command: command, organization: profile.code, actor: actor, channel: .operator,
                trace: request.trace, key: key, digest: digest, wait: settings.formWait)
        ) { [self] result in
            switch result {
            case .outcome(let outcome):
                switch outcome.state {
                case .done, .discarded: responder.respond(done(outcome))
                case .pending, .abandoned:
                    // The session is dead until its command is accepted, and may be soon.
                    responder.respond(
                        Self.redirect(root + "?pending=\(outcome.command)", cookie: cookie))
                case .refused: draw(post(.outcome(outcome)), responder)
                }
            case .conflict, .rejected:
                draw(post(.misshapen(ShapeError("", "shape.form"))), responder)
            case .turned(let turned):
                count(turned)
                draw(
                    post(
                        .unavailable(
                            retryAfter: turned.retryAfter,
                            isDoubtful: turned.reason == .unconfirmed)), responder)
            }
        }
    }

    // MARK: In and out

    private func signIn(_ draw: @escaping DrawOperator) -> Endpoint {
        Endpoint(
            "POST", "/{org}/operator/sign-in", "An operator signs in.",
            media: "application/x-www-form-urlencoded",
            fields: [
                .init("login", "The operator's login.", required: true),
                .init("password", "The password.", required: true), Self.wanted, Self.key,
            ], statuses: Self.formStatuses
        ) { [self] request, parameters, responder in
            let language = request.language
            guard hasRoom(responder, language), let fields = operatorPost(request, responder),
                admitsAttempt(request, responder, language)
            else { return }
            withProfile(parameters["org"], request, responder) { [self] profile in
                guard let sealing = access.sealingKey else {
                    return refuse(responder, TurnedAway(.keyless, retryAfter: 60), language)
                }
                let post: @Sendable (FormOutcome.Ending) -> OperatorPost = { ending in
                    OperatorPost(
                        session: nil, profile: profile, page: .signIn, language: language,
                        ending: FormOutcome(fields: Self.kept(fields), ending: ending), secret: nil)
                }
                let token = Secrets.token(prefix: "ko_")
                let cookie = operatorCookie(token, profile.code)
                do {
                    guard let password = fields["password"], !password.isEmpty else {
                        throw ShapeError("/password", "shape.missing", "password")
                    }
                    guard password.utf8.count <= 1_000 else {
                        throw ShapeError("/password", "shape.long", "1000")
                    }
                    let members: [JSON.Member] = [
                        .init("login", .string(fields["login"] ?? "")),
                        .init("password", try Sealer(key: sealing).seal(password)),
                        .init("session", .string(Secrets.tokenHashText(token))),
                    ]
                    let command = try Command(
                        .operatorSignIn, .object(members + request.origin))
                    submit(
                        command, fields, "visitor", profile, request, responder, post, draw,
                        cookie: cookie
                    ) { outcome in
                        Self.redirect(
                            "/\(profile.code)/operator/\(Self.next(outcome, fields))",
                            cookie: cookie)
                    }
                } catch let error as ShapeError {
                    draw(post(.misshapen(error)), responder)
                } catch {
                    respond(responder, 400, "misshapen", language)
                }
            }
        }
    }

    private var signOut: Endpoint {
        Endpoint(
            "POST", "/{org}/operator/sign-out", "An operator signs out.", caller: .operator,
            media: "application/x-www-form-urlencoded", fields: [Self.key],
            statuses: [303, 403, 404, 415, 503]
        ) { [self] request, parameters, responder in
            guard operatorPost(request, responder) != nil else { return }
            forOperator(request, parameters, responder) { [self] profile, session in
                // Whoever leaves has left, whatever becomes of the command.
                let gone = Self.redirect(
                    "/\(profile.code)/operator/sign-in",
                    cookie: operatorCookie("", profile.code, seconds: 0))
                guard let session else { return responder.respond(gone) }
                do {
                    let command = try Command(
                        .operatorSignOut,
                        .object([
                            "login": .string(session.login.text),
                            "session": .string(session.hash.text),
                        ]))
                    append(
                        Wish(
                            command: command, organization: profile.code, actor: session.actor,
                            channel: .operator, trace: request.trace, digest: [],
                            wait: settings.formWait)
                    ) { _ in responder.respond(gone) }
                } catch {
                    respond(responder, 400, "misshapen", request.language)
                }
            }
        }
    }

    private func operatorCookie(_ token: String, _ code: String, seconds: Int? = nil) -> String {
        "\(Self.operatorCookie)=\(token); Path=/\(code)/operator/; HttpOnly; SameSite=Lax"
            + (seconds.map { "; Max-Age=\($0)" } ?? "") + (settings.isProduction ? "; Secure" : "")
    }
}

extension OperatorPage {
    /// Where one gets to it, behind `/{org}/operator/`. Empty: where one begins, and finds whose card is wanted.
    fileprivate var path: String {
        switch self {
        case .signIn, .code, .home, .person, .account: ""
        case .password: "password"
        case .factor: "second-factor"
        }
    }

    /// What it is found by; nil: the page does not say it.
    fileprivate var found: String? {
        if case .account(let number) = self { number } else { nil }
    }
}
