import Access
import Commands
import Crypto
import HTTP
import Words

/// How acts are done: who asks, is it well-formed, seal, append, answer. Forms and programs go the same way.
extension Ingress {
    typealias Draw = @Sendable (FormPost, Responder) -> Void

    private static let formStatuses = [303, 400, 403, 404, 415, 422, 429, 503]
    private static let jsonStatuses = [200, 202, 400, 401, 403, 404, 413, 415, 422, 429, 503]

    /// The routes of all acts. `draw` makes the page of a form that did not end in 303.
    func acts(draw: @escaping Draw) -> [Endpoint] {
        Act.all.flatMap { act -> [Endpoint] in
            let caller: Endpoint.Caller =
                switch act.caller {
                case .visitor: .anyone
                case .holder, .person: .person
                }
            var endpoints: [Endpoint] = []
            if let form = act.form {
                endpoints.append(
                    Endpoint(
                        "POST", form, act.summary, caller: caller,
                        media: "application/x-www-form-urlencoded",
                        fields: act.fields.flatMap(\.inForm) + [
                            .init("key", "Makes the post repeatable.")
                        ], statuses: Self.formStatuses + (act.mayBeDead ? [410] : []),
                        page: { act.page($0).path("/" + Self.segment($0["org"] ?? "")) }
                    ) { [self] request, parameters, responder in
                        begin(act, request, parameters, responder, draw)
                    })
            }
            if let json = act.json {
                endpoints.append(
                    Endpoint(
                        json.method, json.pattern, act.summary, caller: caller,
                        media: act.fields.isEmpty ? nil : "application/json",
                        fields: act.fields.map(\.inJSON), statuses: Self.jsonStatuses
                    ) { [self] request, parameters, responder in
                        begin(act, request, parameters, responder, nil)
                    })
            }
            return endpoints
        }
    }

    /// One request for an act, and what is known of who asks.
    private struct Acting: Sendable {
        let act: Act
        let request: Request
        let parameters: Parameters
        let responder: Responder
        let language: Language
        let profile: Profile
        let identity: IdentityProfile
        /// Nil: a program asks.
        let draw: Draw?
        /// Of the request, whatever it is worth.
        let token: String?
        let session: Session?
        /// What the browser holds since it began registrations; the newest first.
        let browsers: [String]
        /// As it was posted; empty: a program asks.
        var form: [String: String] = [:]
        var members: [String: JSON] = [:]
        /// A token made for the session that is to begin.
        var made: String?
        /// A token made for the registration that is to begin.
        var begun: String?
        var recovery: [String] = []

        var root: String { "/\(profile.code)" }
        var actor: String { session?.actor ?? "visitor" }

        func post(_ ending: FormOutcome.Ending, on page: FormPage? = nil) -> FormPost {
            FormPost(
                session: session, profile: profile, page: page ?? act.page(parameters),
                language: language,
                ending: FormOutcome(fields: act.kept(form), ending: ending),
                secret: act.kind == .enableSecondFactor ? form["secret"] : nil,
                recovery: recovery, browsers: browsers)
        }
    }

    // MARK: Who asks

    private func begin(
        _ act: Act, _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ draw: Draw?
    ) {
        let language = request.language
        guard hasRoom(responder, language) else { return }
        withProfile(parameters["org"], request, responder) { [self] profile in
            guard let identity = profile.identity else {
                return respond(responder, 404, "not_found", language)
            }
            let bearer = draw == nil ? request.sessionBearer : nil
            // Who shows a token of its own accord is no page of another site.
            guard bearer != nil || sameSite(request) else {
                return respond(responder, 403, "cross_site", language)
            }
            guard !act.isGuarded || admitsAttempt(request, responder, language) else { return }
            let token = bearer ?? request.sessionCookie
            let known: @Sendable (Session?) -> Void = { [self] session in
                let session = session?.organization == profile.code ? session : nil
                let acting = Acting(
                    act: act, request: request, parameters: parameters, responder: responder,
                    language: language, profile: profile, identity: identity, draw: draw,
                    token: token, session: session,
                    browsers: registrationTokens(request, profile.code))
                guard admits(acting) else { return }
                read(acting)
            }
            // Who registers or signs in is nobody yet.
            let asks = act.caller != .visitor || act.kind == .openLink
            guard asks, let token else { return known(nil) }
            withSession(token, request, responder, known)
        }
    }

    /// False when it has been answered.
    private func admits(_ acting: Acting) -> Bool {
        let (responder, language) = (acting.responder, acting.language)
        switch acting.act.caller {
        case .visitor: return true
        case .holder where acting.token != nil: return true
        case .person where acting.session != nil: break
        case .holder, .person:
            if acting.draw == nil {
                respond(responder, 401, "unauthorized", language)
            } else if acting.act.caller == .holder, acting.act.sessions == .ends {
                // Whoever leaves has left.
                responder.respond(Self.redirect(acting.root + "/"))
            } else {
                let page =
                    acting.act.caller == .person ? acting.act.page(acting.parameters) : .signIn
                responder.respond(
                    Self.signIn(
                        acting.root, page,
                        cookie: keeping(acting.request, acting.profile, page)))
            }
            return false
        }
        guard let session = acting.session else { return false }
        guard
            admits(
                .person, "person \(session.principal)", perSecond: 2, burst: 40, responder,
                language)
        else { return false }
        touch(session, acting.token, acting.profile)
        guard acting.act.isOfAccount else { return true }
        // What is not one's own is not there.
        guard let number = AccountNumber(acting.parameters["account"] ?? ""),
            session.account(number) != nil
        else {
            respond(responder, 404, "not_found", language)
            return false
        }
        return true
    }

    // MARK: Is it well-formed

    private func read(_ acting: Acting) {
        var acting = acting
        let (responder, language) = (acting.responder, acting.language)
        do {
            if acting.draw != nil {
                guard let items = acting.request.form else {
                    return respond(
                        responder, 415, "media_type", language,
                        detail: "application/x-www-form-urlencoded")
                }
                acting.form = Dictionary(items, uniquingKeysWith: { _, last in last })
                acting.members = try acting.act.members(form: acting.form)
            } else if acting.act.takesBody(of: acting.request) {
                guard acting.request.hasMediaType("application/json") else {
                    return respond(
                        responder, 415, "media_type", language, detail: "application/json")
                }
                acting.members = try acting.act.members(json: JSON.parse(acting.request.body))
            }
            try check(&acting)
            guard let repetition = repetition(of: acting) else { return }
            if let question = acting.members["question"]?.string {
                guard questions.take(question, by: repetition.key) else {
                    throw ShapeError("/answer", "shape.question")
                }
            }
            if acting.act.sendsCode(acting.members),
                !admits(
                    .address, "code \(acting.request.network)",
                    perSecond: Double(acting.identity.limits.codesPerAddress) / 3600,
                    burst: Double(acting.identity.limits.codesPerAddress), responder, language)
            {
                return
            }
            guard let command = try command(&acting, repetition.meant) else { return }
            append(command, acting, repetition)
        } catch let error as JSONError {
            respond(responder, 400, "malformed_json", language, detail: error.description)
        } catch let error as ShapeError {
            guard let draw = acting.draw else {
                return responder.respond(Problem.shape(error, language))
            }
            draw(acting.post(.misshapen(acting.act.typed(error))), responder)
        } catch {
            respond(responder, 400, "misshapen", language)
        }
    }

    private func check(_ acting: inout Acting) throws(ShapeError) {
        let act = acting.act
        for field in act.fields where field.isRequired {
            guard let value = acting.members[field.name], value != .string("") else {
                throw ShapeError("/\(field.name)", "shape.missing", field.name)
            }
        }
        let rule = acting.identity.password
        for field in act.fields {
            guard let text = acting.members[field.name]?.string else { continue }
            switch field.kind {
            case .newPassword:
                guard (rule.least...rule.most).contains(text.count) else {
                    throw ShapeError(
                        "/\(field.name)", "shape.password", "\(rule.least)–\(rule.most)")
                }
                guard !text.allSatisfy(\.isWhitespace) else {
                    throw ShapeError("/\(field.name)", "shape.password_blank")
                }
            case .secret, .code:
                guard text.utf8.count <= 1_000 else {
                    throw ShapeError("/\(field.name)", "shape.long", "1000")
                }
                guard case .code = field.kind else { continue }
                acting.members[field.name] = .string(
                    text.lowercased().filter { !" -\u{A0}".contains($0) })
            case .text, .flag, .money, .choices, .texts: continue
            }
        }
        var reading = Act.Reading(
            identity: acting.identity, language: acting.language.rawValue,
            members: acting.members)
        try act.check(&reading)
        acting.members = reading.members
        guard act.kind == .attachAccount else { return }
        guard acting.identity.attach.question else {
            acting.members["question"] = nil
            return
        }
        guard let stamp = reading.text("question"), let key = access.doorKey,
            let answer = reading.text("answer").flatMap(Words.number(answered:)),
            Challenge.until(stamp, answer: answer, key: key, now: clock.now()) != nil
        else { throw ShapeError("/answer", "shape.question") }
    }

    // MARK: Repetitions

    /// What makes a request the same as one before.
    private struct Repetition {
        /// Hash of who asks and of the key; nil: it cannot be repeated.
        let key: [UInt8]?
        let digest: [UInt8]
        /// Who asks, the key and all that was sent; empty without a key. It never rests anywhere.
        let meant: [UInt8]
    }

    /// With a password or a code in it, a hash of what was sent may rest only together with a key that nobody guesses: else
    /// whoever steals the table tries passwords against it.
    private static let shortestSecretKey = 32

    /// Nil when it has been answered: the key does not fit.
    private func repetition(of acting: Acting) -> Repetition? {
        let act = acting.act
        let isForm = acting.draw != nil
        let text: String
        if isForm {
            text = acting.form["key"] ?? ""
            guard (8...100).contains(text.utf8.count) else { return Self.once }
        } else {
            guard let header = acting.request.header("Idempotency-Key") else { return Self.once }
            guard Self.isKey(header) else {
                respond(acting.responder, 400, "idempotency_key", acting.language)
                return nil
            }
            text = header
        }
        if act.isSecret || act.isOpening, text.utf8.count < Self.shortestSecretKey {
            if isForm { return Self.once }
            respond(acting.responder, 400, "short_key", acting.language)
            return nil
        }
        let who =
            switch act.caller {
            case .visitor: "visitor \(acting.request.clientAddress)"
            case .holder: "session \(Secrets.tokenHashText(acting.token ?? ""))"
            case .person: acting.actor
            }
        let key = Array("\(who)\n\(text)\n".utf8)
        let meant =
            key + Array("\(acting.request.method) \(acting.request.rawPath)\n".utf8)
            + acting.request.body
        // A page that somebody went back to has the key of before, and may say something else.
        return Repetition(
            key: Secrets.hash(
                isForm ? meant : key, context: "kabinet idempotency", length: 16),
            digest: Secrets.hash(meant, length: 16), meant: meant)
    }

    private static let once = Repetition(key: nil, digest: [], meant: [])

    static func isKey(_ header: String) -> Bool {
        (1...255).contains(header.utf8.count) && header.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    // MARK: The command

    /// Nil when it has been answered: there is no key to seal to.
    private func command(_ acting: inout Acting, _ meant: [UInt8]) throws -> Command? {
        let act = acting.act
        guard let doorKey = access.doorKey else {
            refuse(acting.responder, TurnedAway(.database, retryAfter: 2), acting.language)
            return nil
        }
        let sealingKey = access.sealingKey
        guard sealingKey != nil || !act.seals(acting.members) else {
            refuse(acting.responder, TurnedAway(.keyless, retryAfter: 60), acting.language)
            return nil
        }
        var members: [JSON.Member] = []
        for field in act.fields {
            guard let member = field.member, let value = acting.members[field.name] else {
                continue
            }
            if field.isSecret, let text = value.string, let sealingKey {
                members.append(
                    .init(member, .string(try SealedBox.seal(text: text, to: sealingKey))))
            } else {
                members.append(.init(member, value))
            }
        }
        for part in act.parts {
            switch part {
            case .path(let name, let member):
                members.append(.init(member, .string(acting.parameters[name] ?? "")))
            case .link:
                members.append(
                    .init(
                        "link", .string(Secrets.tokenHashText(acting.parameters["token"] ?? ""))))
            case .session(let member):
                if act.isOpening {
                    acting.made =
                        meant.isEmpty
                        ? Secrets.token(prefix: "ks_")
                        : Secrets.token(
                            prefix: "ks_", of: meant, key: doorKey, context: "kabinet session")
                }
                members.append(
                    .init(
                        member,
                        .string(Secrets.tokenHashText(acting.made ?? acting.token ?? ""))))
            case .newBrowser:
                // Nothing but a letter's link asks for it.
                guard acting.members["way"]?.string == "email" else { continue }
                let token =
                    meant.isEmpty
                    ? Secrets.token(prefix: "kr_")
                    : Secrets.token(
                        prefix: "kr_", of: meant, key: doorKey, context: "kabinet registration")
                acting.begun = token
                members.append(.init("browser", .string(Secrets.tokenHashText(token))))
            case .browsers:
                let tokens =
                    acting.members["registration_token"]?.string.map { [$0] }
                    ?? acting.browsers
                guard !tokens.isEmpty else { continue }
                members.append(
                    .init(
                        "browsers", .array(tokens.map { .string(Secrets.tokenHashText($0)) })))
            case .origin: members += acting.request.origin
            case .recovery:
                guard let sealingKey else { continue }
                let secret = acting.members["secret"]?.string ?? ""
                // The same for the same secret, as a repeated post must show the codes that count.
                acting.recovery = Secrets.recoveryCodes(
                    10, of: Array("\(acting.actor)\n\(secret)".utf8), key: doorKey)
                members.append(
                    .init(
                        "recovery",
                        .string(
                            try SealedBox.seal(
                                text: acting.recovery.joined(separator: " "), to: sealingKey))))
            }
        }
        return try Command(act.kind, .object(members))
    }

    private func append(_ command: Command, _ acting: Acting, _ repetition: Repetition) {
        let (request, responder) = (acting.request, acting.responder)
        let preferred = acting.draw == nil ? request.preferredWait : nil
        let wish = Wish(
            command: command, organization: acting.profile.code, actor: acting.actor,
            channel: .resident, trace: request.trace, key: repetition.key,
            digest: repetition.digest,
            wait: acting.draw == nil ? preferred.map { $0 * 1000 } : settings.formWait,
            counted: acting.act.isGuarded ? request.network : nil)
        append(wish) { [self] result in
            if case .outcome(let outcome) = result, outcome.state == .done {
                // What it may do has just changed; pages that come next must know.
                for token in [acting.token, acting.made].compactMap({ $0 }) {
                    access.forget(session: token)
                }
            }
            guard let draw = acting.draw else { return answer(result, acting, preferred != nil) }
            switch result {
            case .outcome(let outcome): responder.end(ended(outcome, acting), draw)
            case .conflict, .rejected:
                draw(acting.post(.misshapen(ShapeError("", "shape.form"))), responder)
            case .turned(let turned):
                count(turned)
                draw(
                    acting.post(
                        .unavailable(
                            retryAfter: turned.retryAfter,
                            isDoubtful: turned.reason == .unconfirmed
                                || acting.request.isUnsure)), responder)
            }
        }
    }

    // MARK: Answers

    /// How a form ends.
    fileprivate enum Ending: Sendable {
        case response(Response)
        case page(FormPost)
    }

    private func ended(_ outcome: Outcome, _ acting: Acting) -> Ending {
        let act = acting.act
        let cookie = cookie(after: outcome, acting)
        switch outcome.state {
        case .done, .discarded:
            if act.kind == .endSession, acting.session?.id == acting.parameters["id"],
                acting.session?.id != nil
            {
                return .response(Self.redirect(acting.root + "/", cookie: cookie))
            }
            switch act.next(
                Act.Ended(
                    parameters: acting.parameters, outcome: outcome, members: acting.members,
                    isSignedIn: acting.session != nil))
            {
            case .go(let path):
                return .response(Self.redirect(acting.root + path, cookie: cookie))
            case .draw(let page): return .page(acting.post(.outcome(outcome), on: page))
            }
        case .pending, .abandoned:
            switch act.kind {
            // What they show is in no other answer.
            case .checkHolder, .enableSecondFactor: return .page(acting.post(.outcome(outcome)))
            case .endSession where cookie != nil:
                return .response(Self.redirect(acting.root + "/", cookie: cookie))
            default: break
            }
            var page = act.page(acting.parameters)
            // The code may be on its way already.
            if act.kind == .startRegistration, acting.members["way"]?.string == "sms" {
                page = .registerCode(outcome.command)
            }
            let next = Act.wanted(acting.members).map { "&next=\(Self.segment($0.text))" } ?? ""
            return .response(
                Self.redirect(
                    "\(page.path(acting.root))?pending=\(outcome.command)\(next)", cookie: cookie))
        case .refused:
            // Whoever leaves has left, even if the session was over before.
            if act.kind == .endSession, act.sessions == .ends {
                return .response(Self.redirect(acting.root + "/", cookie: cookie))
            }
            return .page(acting.post(.outcome(outcome)))
        }
    }

    /// What the answer makes of the browser's session, or of the registration that it began; nil: nothing.
    private func cookie(after outcome: Outcome, _ acting: Acting) -> String? {
        let code = acting.profile.code
        switch acting.act.sessions {
        case .none where acting.begun != nil:
            guard let begun = acting.begun, [.done, .pending].contains(outcome.state) else {
                return nil
            }
            // A post that is repeated begins the same again.
            let tokens = [begun] + acting.browsers.filter { $0 != begun }
            return registrationCookie(code).kept(
                Array(tokens.prefix(OpenLink.mostBrowsers)),
                hours: acting.identity.limits.linkHours)
        case .none:
            guard acting.act.kind == .endSession, outcome.state == .done,
                let id = acting.session?.id, acting.parameters["id"] == id
            else { return nil }
            return cookie("", code, seconds: 0)
        case .opens:
            guard let made = acting.made, begins(outcome, acting) else { return nil }
            let isLong = acting.members["remember"]?.bool == true
            return cookie(
                made, code, seconds: isLong ? acting.identity.sessions.remembered * 60 : nil)
        case .ends:
            // Deleting may be refused, leaving may not.
            guard outcome.state == .done || acting.act.kind == .endSession else { return nil }
            return cookie("", code, seconds: 0)
        }
    }

    /// Whether the token that was made counts, or will.
    private func begins(_ outcome: Outcome, _ acting: Acting) -> Bool {
        switch outcome.state {
        case .done, .discarded:
            acting.act.kind == .openSession || outcome.result["signed_in"]?.bool == true
        // One that is there is not given up for one that may come.
        case .pending: acting.session == nil
        case .abandoned, .refused: false
        }
    }

    private func answer(_ result: Result, _ acting: Acting, _ waited: Bool) {
        if case .turned(let turned) = result {
            return refuse(acting.responder, turned, acting.language)
        }
        var more: [JSON.Member] = []
        var cookie: String?
        if case .outcome(let outcome) = result {
            cookie = self.cookie(after: outcome, acting)
            if let made = acting.made, begins(outcome, acting) {
                more.append(.init("token", .string(made)))
            }
            if let begun = acting.begun, [.done, .pending].contains(outcome.state) {
                more.append(.init("registration_token", .string(begun)))
            }
            if !acting.recovery.isEmpty, [.done, .pending].contains(outcome.state) {
                more.append(.init("recovery_codes", .array(acting.recovery.map(JSON.string))))
            }
        }
        var response = response(
            result, acting.profile.code, acting.language, waited: waited, more: more)
        if let cookie { response.headers.append((name: "Set-Cookie", value: cookie)) }
        acting.responder.respond(response)
    }
}

extension Act {
    var isOpening: Bool { sessions == .opens }

    /// Whether it goes to what ends: a registration that waits for its code, the link of a letter.
    fileprivate var mayBeDead: Bool {
        switch kind {
        case .sendRegistrationCode, .confirmRegistration, .openLink, .registerInvited,
            .resetPassword:
            true
        default: false
        }
    }

    /// Whether a program has to say something: where nothing is required, a POST may be empty.
    fileprivate func takesBody(of request: Request) -> Bool {
        guard request.body.isEmpty, request.method == "POST" else { return !fields.isEmpty }
        return fields.contains(where: \.isRequired)
    }
}

extension Ingress {
    /// Who is to sign in first, and then comes back to a page.
    /// - Parameter cookie: keeps what was typed there; nil: it is lost, and the page to sign in says so.
    static func signIn(_ root: String, _ page: FormPage, cookie: String?) -> Response {
        let path = page.path(root).dropFirst(root.count + 1)
        let back = query(WantedPage(path))
        let lost = cookie == nil ? (back.isEmpty ? "?" : "&") + "done=over" : ""
        return redirect("\(root)/\(back)\(lost)", cookie: cookie)
    }

    /// As an address says where somebody was on the way to.
    static func query(_ wanted: WantedPage?) -> String {
        wanted.map { "?next=\(segment($0.text))" } ?? ""
    }
}

extension Responder {
    fileprivate func end(_ ending: Ingress.Ending, _ draw: Ingress.Draw) {
        switch ending {
        case .response(let response): respond(response)
        case .page(let post): draw(post, self)
        }
    }
}

extension FormPage {
    /// Where it is.
    /// - Parameter root: the organization's path, without a slash behind it.
    func path(_ root: String) -> String {
        switch self {
        case .meters(let account): "\(root)/accounts/\(Ingress.segment(account))/meters"
        case .submit(let account): "\(root)/accounts/\(Ingress.segment(account))/submit"
        case .signIn: "\(root)/"
        case .secondStep: "\(root)/sign-in/code"
        case .registerCheck, .register: "\(root)/register"
        case .registerCode(let id): "\(root)/register/\(Ingress.segment(id))/code"
        case .link(let token): "\(root)/confirm/\(Ingress.segment(token))"
        case .reset: "\(root)/reset"
        case .newPassword(let token): "\(root)/reset/\(Ingress.segment(token))"
        case .profile: "\(root)/profile"
        case .phoneCode: "\(root)/profile/phone"
        case .secondFactor: "\(root)/profile/second-factor"
        case .accounts: "\(root)/accounts"
        case .account(let number): "\(root)/accounts/\(Ingress.segment(number))/settings"
        case .services(let account): "\(root)/accounts/\(Ingress.segment(account))/services"
        case .unsubscribe(let token): "/unsubscribe/\(Ingress.segment(token))"
        }
    }
}
