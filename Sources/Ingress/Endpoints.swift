import Access
public import Commands
import Crypto
public import HTTP
import Postgres
import Queue
import Telemetry
import Threads
import Words

extension Ingress {
    /// The door's routes. `draw` makes the page of a form that did not succeed.
    public func endpoints(
        draw: @escaping @Sendable (FormPost, Responder) -> Void
    ) -> [Endpoint] {
        [submitReading, deleteReading, operatorCommand, command]
            + readingForms(draw: draw) + acts(draw: draw) + [askQuestion, unsubscribe, dismissHelp]
            + demo
            + health + delivered + (settings.hasTestClock ? [testClock] : [])
    }

    private static let readingFields: [Endpoint.Field] = [
        .init("meter", "The meter's number.", required: true),
        .init(
            "service",
            "cold_water, hot_water, electricity, gas or heat; where the number alone is ambiguous."),
        .init("values", "By register T1, T2, T3; decimal strings.", type: "object", required: true),
        .init("taken_on", "When it was read, 2026-04-18; absent: today where the account is."),
        .init("confirm", "A doubtful value is meant.", type: "boolean"),
    ]
    private static let appendStatuses = [
        200, 202, 400, 401, 403, 404, 413, 415, 422, 429, 503,
    ]

    // MARK: Programs

    private var submitReading: Endpoint {
        Endpoint(
            "POST", "/{org}/api/accounts/{account}/readings", "Submit a reading.",
            caller: .tokenOrPerson(scope: "readings"), media: "application/json",
            fields: Self.readingFields, statuses: Self.appendStatuses
        ) { [self] request, parameters, responder in
            guard hasRoom(responder, request.language) else { return }
            forReadings(request, parameters, responder) { [self] asker, account in
                body(request, responder) { json in
                    var reading = try SubmitReading(account: account, body: json)
                    reading.session = asker.entry
                    return .submitReading(reading)
                } then: { [self] command in
                    append(command, asker, request, responder)
                }
            }
        }
    }

    private var deleteReading: Endpoint {
        Endpoint(
            "DELETE", "/{org}/api/accounts/{account}/readings/{id}",
            "Take a reading back that is not calculated yet.",
            caller: .tokenOrPerson(scope: "readings"),
            statuses: [200, 202, 401, 403, 404, 422, 429, 503]
        ) { [self] request, parameters, responder in
            guard hasRoom(responder, request.language) else { return }
            forReadings(request, parameters, responder) { [self] asker, account in
                guard let id = Identifier(parameters["id"] ?? "") else {
                    return respond(responder, 404, "not_found", request.language)
                }
                append(
                    .deleteReading(DeleteReading(account: account, reading: id.description)),
                    asker, request, responder)
            }
        }
    }

    private var operatorCommand: Endpoint {
        Endpoint(
            "POST", "/{org}/operator/commands",
            "Append an operator's command: account.open|change|close|correct, meter.install|remove|replace|change, "
                + "period.open|close|reopen, window.extend|set, payment.post|reverse|assign, correction.withdraw.",
            caller: .token(scope: "operator"), media: "application/json",
            fields: [
                .init("kind", "The command's kind.", required: true),
                .init("body", "The command's members.", type: "object", required: true),
            ], statuses: Self.appendStatuses
        ) { [self] request, parameters, responder in
            guard hasRoom(responder, request.language) else { return }
            authorized("operator", request, parameters, responder) { [self] token in
                body(request, responder) { json in
                    let allowed: [Command.Kind] = [
                        .openAccount, .changeAccount, .closeAccount, .installMeter, .removeMeter,
                        .replaceMeter, .changeMeter, .openPeriod, .closePeriod, .reopenPeriod,
                        .extendWindow, .setWindow, .correctAccount, .postPayment, .reversePayment,
                        .assignPayment, .withdrawCorrection,
                    ]
                    guard let kind = json["kind"]?.string.flatMap(Command.Kind.init(rawValue:)),
                        allowed.contains(kind)
                    else {
                        throw ShapeError(
                            "/kind", "shape.choice",
                            allowed.map(\.rawValue).joined(separator: ", "))
                    }
                    for member in json.members ?? [] where !["kind", "body"].contains(member.key) {
                        throw ShapeError("/\(member.key)", "shape.unknown", member.key)
                    }
                    return try Command(kind, json["body"] ?? .null)
                } then: { [self] command in
                    append(command, Asker(token), request, responder)
                }
            }
        }
    }

    /// A program sees its organization's; a person what she asked for herself. Who was nobody yet has nothing but the id,
    /// which nobody guesses.
    private var command: Endpoint {
        Endpoint(
            "GET", "/{org}/api/commands/{id}",
            "The present state of a command: of one's own, or by a program's token.",
            statuses: [200, 401, 404, 410, 429, 503]
        ) { [self] request, parameters, responder in
            let id = parameters["id"] ?? ""
            guard request.bearer == nil || request.sessionBearer != nil else {
                return authorized("readings", request, parameters, responder) { [self] token in
                    present(id, token.organization, request, responder, otherwise: 404) { _ in
                        true
                    }
                }
            }
            guard
                admits(
                    .address, "command \(request.network)", perSecond: 20, burst: 200, responder,
                    request.language)
            else { return }
            withProfile(parameters["org"], request, responder) { [self] profile in
                withSession(request, responder) { [self] session in
                    let actor = session?.organization == profile.code ? session?.actor : nil
                    // Who has shown nothing is asked who it is.
                    present(
                        id, profile.code, request, responder, otherwise: actor == nil ? 401 : 404
                    ) { $0 == "visitor" || $0 == actor }
                }
            }
        }
    }

    /// - Parameter otherwise: the status where there is none, or none for who asks.
    private func present(
        _ id: String, _ organization: String, _ request: Request, _ responder: Responder,
        otherwise status: Int, isFor: @escaping @Sendable (_ actor: String) -> Bool
    ) {
        let language = request.language
        let missing = status == 401 ? "unauthorized" : "not_found"
        guard let id = Identifier(id) else {
            return respond(responder, status, missing, language)
        }
        let turned = waiter.state(of: id) { [self] state, failed in
            if failed {
                return refuse(responder, .init(.database, retryAfter: 2), language)
            }
            guard let state, state.organization == organization,
                state.state == .gone || isFor(state.actor)
            else { return respond(responder, status, missing, language) }
            guard state.state != .gone else {
                return respond(responder, 410, "gone", language)
            }
            responder.respond(Self.json(200, Self.outcome(state), language))
        }
        if let turned { refuse(responder, turned, language) }
    }

    /// A token is of an organization that is there; so one that fits the path needs no look at the path.
    private func authorized(
        _ scope: String, _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ body: @escaping @Sendable (APIToken) -> Void
    ) {
        withToken(scope, parameters["org"] ?? "", request, responder, body)
    }

    /// For endpoints of other rooms that programs read: the token's organization and scope are checked as here.
    public func forProgram(
        _ scope: String, _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ body: @escaping @Sendable (Profile) -> Void
    ) {
        authorized(scope, request, parameters, responder) { [self] _ in
            withProfile(parameters["org"], request, responder, body)
        }
    }

    private func account(
        _ parameters: Parameters, _ request: Request, _ responder: Responder
    ) -> AccountNumber? {
        let number = AccountNumber(parameters["account"] ?? "")
        if number == nil { respond(responder, 404, "not_found", request.language) }
        return number
    }

    /// Reads a JSON body into a command; every fault of the body is a 4xx that says where and why.
    private func body(
        _ request: Request, _ responder: Responder,
        read: (JSON) throws -> Command, then: (Command) -> Void
    ) {
        let language = request.language
        guard request.hasMediaType("application/json") else {
            return respond(responder, 415, "media_type", language, detail: "application/json")
        }
        do {
            then(try read(JSON.parse(request.body)))
        } catch let error as JSONError {
            respond(responder, 400, "malformed_json", language, detail: error.description)
        } catch let error as ShapeError {
            responder.respond(Problem.shape(error, language))
        } catch {
            respond(responder, 400, "misshapen", language)
        }
    }

    /// Whose command it is.
    private struct Asker: Sendable {
        let organization: String
        let actor: String
        let channel: Channel
        /// The session that readings are entered in, where it says how long they may be taken back.
        let entry: String?

        init(_ token: APIToken) {
            organization = token.organization
            actor = token.actor
            channel = token.channel
            entry = nil
        }

        init(_ session: Session, _ profile: Profile) {
            organization = session.organization
            actor = session.actor
            channel = .resident
            entry = profile.entry(in: session)
        }
    }

    /// Programs send readings of any account, persons of those that they may send them of.
    private func forReadings(
        _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ body: @escaping @Sendable (Asker, AccountNumber) -> Void
    ) {
        let language = request.language
        guard request.bearer == nil ? request.sessionCookie != nil : request.sessionBearer != nil
        else {
            return authorized("readings", request, parameters, responder) { [self] token in
                guard let account = account(parameters, request, responder) else { return }
                body(Asker(token), account)
            }
        }
        guard request.sessionBearer != nil || sameSite(request) else {
            return respond(responder, 403, "cross_site", language)
        }
        forPerson(request, parameters, responder) { [self] profile, session in
            guard let session else { return respond(responder, 401, "unauthorized", language) }
            guard let account = account(parameters, request, responder) else { return }
            // What is not one's own is not there.
            guard session.account(account) != nil else {
                return respond(responder, 404, "not_found", language)
            }
            guard session.account(account, for: .readings) != nil else {
                return respond(responder, 403, "forbidden", language)
            }
            guard
                admits(
                    .person, "person \(session.principal)", perSecond: 2, burst: 40, responder,
                    language)
            else { return }
            body(Asker(session, profile), account)
        }
    }

    private func append(
        _ command: Command, _ asker: Asker, _ request: Request, _ responder: Responder
    ) {
        let language = request.language
        var key: [UInt8]?
        if let header = request.header("Idempotency-Key") {
            guard Self.isKey(header) else {
                return respond(responder, 400, "idempotency_key", language)
            }
            var who = Array(asker.actor.utf8)
            who.append(0x0A)
            who.append(contentsOf: header.utf8)
            key = Secrets.hash(who, context: "kabinet idempotency", length: 16)
        }
        let wait = request.preferredWait
        let wish = Wish(
            command: command, organization: asker.organization, actor: asker.actor,
            channel: asker.channel, trace: request.trace, key: key,
            digest: key == nil
                ? []
                : Secrets.hash(
                    Array("\(request.method) \(request.rawPath)\n".utf8) + request.body,
                    length: 16),
            wait: wait.map { $0 * 1000 })
        let organization = asker.organization
        append(wish) { [self] result in
            if case .turned(let turned) = result { return refuse(responder, turned, language) }
            responder.respond(
                response(result, organization, language, waited: wait != nil))
        }
    }

    /// - Parameter more: what only the door knows of it.
    func response(
        _ result: Result, _ organization: String, _ language: Language, waited: Bool,
        more: [JSON.Member] = []
    ) -> Response {
        switch result {
        case .outcome(let outcome):
            let status: Int
            switch outcome.state {
            case .done, .discarded: status = 200
            case .pending, .abandoned: status = 202
            case .refused: status = outcome.refusal?.code == .notFound ? 404 : 422
            }
            var response = Self.json(status, outcome, language, more: more)
            response.headers.append(
                (name: "Location", value: "/\(organization)/api/commands/\(outcome.command)"))
            if waited { response.headers.append((name: "Preference-Applied", value: "wait")) }
            return response
        case .conflict: return Problem.response(422, "idempotency_conflict", language)
        case .rejected: return Problem.response(422, "rejected", language)
        case .turned(let turned): return Problem.response(turned, language)
        }
    }

    /// Words of what was accepted with a remark.
    private static func words(
        _ code: String, _ values: [String: String], _ language: Language
    ) -> String {
        guard code == "RD_VERIF", let day = Day(values["date"] ?? "") else { return code }
        return Words.text("meters.done_noted", language, ["date": Words.date(day, language)])
    }

    static func json(
        _ status: Int, _ outcome: Outcome, _ language: Language, more: [JSON.Member] = []
    ) -> Response {
        // Nearly every answer: the command is written, and nobody waits for more.
        if outcome.state == .pending, more.isEmpty {
            return Response(
                status: status, headers: Self.headers(status, language),
                body: Array(
                    "{\"command\":\"\(outcome.command)\",\"kind\":\"\(outcome.kind)\",\"state\":\"pending\"}"
                        .utf8))
        }
        var members: [JSON.Member] = []
        if status >= 400 {
            members = [
                .init("type", .string("about:blank")),
                .init("title", .string(Words.text("problem.refused", language))),
                .init("status", .int(Int64(status))),
            ]
        }
        members += [
            .init("command", .string(outcome.command)), .init("kind", .string(outcome.kind)),
            .init("state", .string(outcome.state.rawValue)),
        ]
        if outcome.state == .done {
            var result = outcome.result
            // The result may carry a code of its own («для сведения»): its words come along.
            if case .object(var inner) = result, let code = result["code"]?.string {
                inner.append(
                    .init(
                        "message",
                        .string(Self.words(code, result.values, language))))
                result = .object(inner)
            }
            members.append(.init("result", result))
        }
        if let refusal = outcome.refusal {
            members += [
                .init("code", .string(refusal.code.rawValue)),
                .init("message", .string(Words.refusal(refusal, language))),
                .init(
                    "values",
                    .object(
                        refusal.values.sorted { $0.key < $1.key }.map {
                            .init($0.key, .string($0.value))
                        })),
                .init("confirmable", .bool(refusal.confirmable)),
            ]
        }
        return Response(
            status: status, headers: Self.headers(status, language),
            body: JSON.object(members + more).bytes)
    }

    private static func headers(_ status: Int, _ language: Language) -> [(String, String)] {
        [
            ("Content-Type", status >= 400 ? "application/problem+json" : "application/json"),
            ("Cache-Control", "no-store"), ("Content-Language", language.rawValue),
        ]
    }
}

extension JSON {
    fileprivate var values: [String: String] {
        var found: [String: String] = [:]
        for member in self["values"]?.members ?? [] { found[member.key] = member.value.string }
        return found
    }
}

extension Request {
    /// What follows `Authorization: Bearer`, without its spaces.
    var bearer: String? {
        guard let header = header("Authorization"), header.utf8.count < 200 else { return nil }
        var rest = header.utf8[...]
        for wanted in "bearer ".utf8 {
            guard let byte = rest.popFirst(), byte | 0x20 == wanted else { return nil }
        }
        guard rest.contains(0x20) else { return String(Substring(rest)) }
        return String(decoding: rest.filter { $0 != 0x20 }, as: UTF8.self)
    }

    /// W3C trace context, kept when it is well-formed.
    var trace: String? {
        guard let value = header("traceparent"), value.utf8.count == 55,
            value.utf8.allSatisfy({
                ($0 >= 48 && $0 <= 57) || ($0 >= 97 && $0 <= 102) || $0 == 45
            })
        else { return nil }
        return value
    }
}
