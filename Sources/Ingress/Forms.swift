import Access
import Commands
import Crypto
import HTTP
import Postgres
import Queue
import Telemetry
import Threads
import Words

/// Forms of people: the same commands in another encoding.
extension Ingress {
    func forms(draw: @escaping @Sendable (FormPost, Responder) -> Void) -> [Endpoint] {
        [
            Endpoint(
                "POST", "/{org}/accounts/{account}/readings", "«Внести»: a reading from the page.",
                caller: .person, media: "application/x-www-form-urlencoded",
                fields: [
                    .init("meter", "The meter's number.", required: true),
                    .init("service", "The meter's service."),
                    .init("value_T1", "The value of register T1; T2, T3 likewise.", required: true),
                    .init("confirm", "1: a doubtful value is meant."),
                    .init("key", "Makes the post repeatable."),
                ], statuses: [303, 400, 403, 404, 415, 422, 503]
            ) { [self] request, parameters, responder in
                form(request, parameters, responder, draw) { fields, account in
                    var values: [JSON.Member] = []
                    for register in Register.allCases {
                        guard let text = fields["value_\(register.rawValue)"] else { continue }
                        values.append(.init(register.rawValue, .string(text)))
                    }
                    return .submitReading(
                        try SubmitReading(
                            account: account,
                            body: .object([
                                "meter": fields["meter"].map(JSON.string),
                                "service": fields["service"].map(JSON.string),
                                "values": .object(values),
                                "confirm": fields["confirm"] == "1" ? .bool(true) : nil,
                            ])))
                }
            },
            Endpoint(
                "POST", "/{org}/accounts/{account}/readings/{id}/delete",
                "«Удалить»: take a reading back.", caller: .person,
                media: "application/x-www-form-urlencoded",
                fields: [.init("key", "Makes the post repeatable.")],
                statuses: [303, 400, 403, 404, 415, 422, 503]
            ) { [self] request, parameters, responder in
                let reading = parameters["id"] ?? ""
                form(request, parameters, responder, draw) { _, account in
                    guard let id = Identifier(reading) else {
                        throw ShapeError("/id", "shape.missing", "id")
                    }
                    return .deleteReading(
                        DeleteReading(account: account, reading: id.description))
                }
            },
        ]
    }

    private func form(
        _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ draw: @escaping @Sendable (FormPost, Responder) -> Void,
        _ read: @escaping @Sendable ([String: String], AccountNumber) throws -> Command
    ) {
        forPerson(request, parameters, responder) { [self] profile, session in
            let language = request.language
            guard sameSite(request) else {
                return respond(responder, 403, "cross_site", language)
            }
            guard let session else {
                return responder.respond(Self.redirect("/\(profile.code)/"))
            }
            // What is not one's own is not there.
            guard let typed = AccountNumber(parameters["account"] ?? ""),
                session.accounts.contains(where: { $0.number == typed.text })
            else { return respond(responder, 404, "not_found", language) }
            guard let items = request.form else {
                return respond(
                    responder, 415, "media_type", language,
                    detail: "application/x-www-form-urlencoded")
            }
            let fields = Dictionary(items, uniquingKeysWith: { _, last in last })
            guard
                admits(
                    .person, "person \(session.principal)", perSecond: 2, burst: 40, responder,
                    language)
            else { return }
            let post: @Sendable (FormOutcome.Ending) -> FormPost = { ending in
                FormPost(
                    session: session, profile: profile, page: .meters(account: typed.text),
                    language: language, ending: FormOutcome(fields: fields, ending: ending))
            }
            do {
                let command = try read(fields, typed)
                submit(
                    command, fields, session, "/\(profile.code)/accounts/\(typed.text)/meters",
                    request, responder, post, draw)
            } catch let error as ShapeError {
                draw(post(.misshapen(error)), responder)
            } catch {
                respond(responder, 400, "misshapen", language)
            }
        }
    }

    private func submit(
        _ command: Command, _ fields: [String: String], _ session: Session, _ back: String,
        _ request: Request,
        _ responder: Responder, _ post: @escaping @Sendable (FormOutcome.Ending) -> FormPost,
        _ draw: @escaping @Sendable (FormPost, Responder) -> Void
    ) {
        // `confirm` is part of what is asked: the same key with it is another body, so it is part of the key.
        let key = fields["key"].flatMap { text -> [UInt8]? in
            guard (8...100).contains(text.utf8.count) else { return nil }
            let meant = "person \(session.principal)\n\(text)\n\(fields["confirm"] ?? "")"
            return Secrets.hash(
                Array(meant.utf8) + command.json.bytes, context: "kabinet idempotency", length: 16)
        }
        let wish = Wish(
            command: command, organization: session.organization,
            actor: session.actor, channel: .resident, trace: request.trace,
            key: key,
            digest: key == nil ? [] : Secrets.hash(command.json.bytes, length: 16),
            wait: settings.formWait)
        append(wish) { [self] result in
            switch result {
            case .outcome(let outcome):
                switch outcome.state {
                case .done, .discarded:
                    let word =
                        outcome.kind == Command.Kind.deleteReading.rawValue
                        ? "deleted" : "done"
                    responder.respond(Self.redirect("\(back)?\(word)=\(outcome.command)"))
                case .pending, .abandoned:
                    responder.respond(Self.redirect("\(back)?pending=\(outcome.command)"))
                case .refused: draw(post(.outcome(outcome)), responder)
                }
            case .conflict, .rejected:
                draw(post(.misshapen(ShapeError("", "shape.object"))), responder)
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

    static func redirect(_ path: String, cookie: String? = nil) -> Response {
        var headers = [("Location", path), ("Cache-Control", "no-store")]
        if let cookie { headers.append(("Set-Cookie", cookie)) }
        return Response(status: 303, headers: headers)
    }

    /// Cross-site posts are refused. Browsers say where a post comes from; one that says nothing is let through only
    /// when it names no origin at all (old browsers), SameSite=Lax standing behind it.
    private func sameSite(_ request: Request) -> Bool {
        if let site = request.header("Sec-Fetch-Site") {
            return site == "same-origin" || site == "none"
        }
        guard let origin = request.header("Origin") else { return true }
        return origin == settings.publicURL
            || origin == "http://\(request.header("Host") ?? "")" && !settings.isProduction
    }

    // MARK: Sessions

    /// Until identity exists: a demo link's token is a session's.
    var signing: [Endpoint] {
        [
            Endpoint(
                "POST", "/{org}/demo/{token}", "Sign in by a demo link.",
                media: "application/x-www-form-urlencoded", statuses: [303, 403, 404, 429]
            ) { [self] request, parameters, responder in
                withProfile(parameters["org"], request, responder) { [self] profile in
                    let language = request.language
                    guard !settings.isProduction, sameSite(request) else {
                        return respond(responder, 403, "cross_site", language)
                    }
                    guard
                        admits(
                            .address, "sign-in \(request.clientAddress)", perSecond: 5, burst: 50,
                            responder, language)
                    else { return }
                    let token = parameters["token"] ?? ""
                    ask(responder, language) { [access] connection in
                        try access.loadSession(token, on: connection)
                    } then: { [self] session in
                        guard session?.organization == profile.code
                        else { return respond(responder, 404, "not_found", language) }
                        responder.respond(
                            Self.redirect(
                                "/\(profile.code)/",
                                cookie: cookie(token, profile.code, seconds: 86_400)))
                    }
                }
            },
            Endpoint(
                "POST", "/{org}/sign-out", "«Выход».",
                media: "application/x-www-form-urlencoded", statuses: [303, 403, 404]
            ) { [self] request, parameters, responder in
                withProfile(parameters["org"], request, responder) { [self] profile in
                    guard sameSite(request) else {
                        return respond(responder, 403, "cross_site", request.language)
                    }
                    responder.respond(
                        Self.redirect(
                            "/\(profile.code)/", cookie: cookie("", profile.code, seconds: 0)))
                }
            },
        ]
    }

    private func cookie(_ token: String, _ organization: String, seconds: Int) -> String {
        "kabinet_session=\(token); Path=/\(organization)/; HttpOnly; SameSite=Lax; Max-Age=\(seconds)"
            + (settings.isProduction ? "; Secure" : "")
    }

    // MARK: Health

    var health: [Endpoint] {
        [
            Endpoint("GET", "/health/live", "The process answers.") { _, _, responder in
                responder.respond(
                    Response(status: 200, type: "application/json", text: "{\"live\":true}"))
            },
            Endpoint(
                "GET", "/health/ready", "The door can take commands.", statuses: [200, 503]
            ) { [self] request, _, responder in
                // One question for all who ask: nobody needs a key for it.
                ask(readiness, "", responder, request.language) { [room] connection in
                    try connection.run("access/organizations")
                    do {
                        try Misfit.check(on: connection)
                    } catch let misfit as Misfit {
                        return Self.health(
                            503, [("ready", .bool(false)), ("why", .string("\(misfit)"))])
                    }
                    let lanes = try connection.run("access/lanes").map { row in
                        JSON.Member(row.text(0), .int(row.int64(1)))
                    }
                    return Self.health(
                        200,
                        [
                            ("ready", .bool(true)),
                            ("waiting", .int(Int64(room.standing.requests))),
                            ("sessions", .object(lanes)),
                        ])
                } then: { response in
                    responder.respond(response)
                }
            },
            Endpoint("GET", "/metrics", "Prometheus text.") { [self] _, _, responder in
                tellStanding()
                responder.respond(
                    Response(
                        status: 200, type: "text/plain; version=0.0.4; charset=utf-8",
                        text: telemetry.metrics.exposition()))
            },
        ]
    }

    private static func health(_ status: Int, _ members: [(String, JSON)]) -> Response {
        Response(
            status: status,
            headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")],
            body: JSON.object(members.map { JSON.Member($0.0, $0.1) }).bytes)
    }

    var testClock: Endpoint {
        Endpoint(
            "PUT", "/test/clock", "Set the test clock; null lets time run.",
            media: "application/json",
            fields: [.init("now", "RFC 3339 with zone, or null.")], statuses: [200, 400]
        ) { [self] request, _, responder in
            do {
                let json = try JSON.parse(request.body)
                let now = try json["now"].map { value throws -> Int64 in
                    guard let text = value.string, let moment = Moment.parse(text) else {
                        throw ShapeError("/now", "shape.date")
                    }
                    return moment
                }
                ask(responder, request.language) { [clock] _ in
                    try clock.set(now)
                } then: { [telemetry] _ in
                    telemetry.tell(Told.testClock(now.map { "\($0)" } ?? "real"))
                    responder.respond(
                        Response(status: 200, type: "application/json", text: "{}"))
                }
            } catch {
                respond(responder, 400, "malformed_json", request.language, detail: "\(error)")
            }
        }
    }
}

/// RFC 3339 with a zone offset.
enum Moment {
    static func parse(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, let day = Day(text.prefix(10)), bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
        else { return nil }
        func two(_ at: Int) -> Int64? {
            guard at + 1 < bytes.count, (48...57).contains(bytes[at]),
                (48...57).contains(bytes[at + 1])
            else { return nil }
            return Int64(bytes[at] - 48) * 10 + Int64(bytes[at + 1] - 48)
        }
        guard let hour = two(11), hour < 24, let minute = two(14), minute < 60,
            let second = two(17), second < 60
        else { return nil }
        var seconds = Int64(day.days) * 86_400 + hour * 3600 + minute * 60 + second
        var rest = text.dropFirst(19)
        if rest.first == "." { rest = rest.dropFirst().drop(while: { $0.isNumber }) }
        if rest == "Z" { return seconds * 1_000_000 }
        let offset = Array(rest.utf8)
        guard offset.count == 6, offset[3] == UInt8(ascii: ":"),
            let sign = rest.first, sign == "+" || sign == "-",
            let hours = Int64(rest.dropFirst().prefix(2)), let minutes = Int64(rest.suffix(2))
        else { return nil }
        let shift = hours * 3600 + minutes * 60
        seconds -= sign == "+" ? shift : -shift
        return seconds * 1_000_000
    }
}
