import Access
import Commands
import Crypto
import HTTP
import Postgres
import Queue

/// Forms of readings: the same commands in another encoding.
extension Ingress {
    func readingForms(draw: @escaping @Sendable (FormPost, Responder) -> Void) -> [Endpoint] {
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
                form(request, parameters, responder, draw) { fields, account, entry in
                    var values: [JSON.Member] = []
                    for register in Register.allCases {
                        guard let text = fields["value_\(register.rawValue)"] else { continue }
                        values.append(.init(register.rawValue, .string(text)))
                    }
                    var reading = try SubmitReading(
                        account: account,
                        body: .object([
                            "meter": fields["meter"].map(JSON.string),
                            "service": fields["service"].map(JSON.string),
                            "values": .object(values),
                            "confirm": fields["confirm"] == "1" ? .bool(true) : nil,
                        ]))
                    reading.session = entry
                    return .submitReading(reading)
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
                form(request, parameters, responder, draw) { _, account, _ in
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
        _ read:
            @escaping @Sendable (
                _ fields: [String: String], AccountNumber, _ entry: String?
            ) throws -> Command
    ) {
        forPerson(request, parameters, responder) { [self] profile, session in
            let language = request.language
            guard sameSite(request) else {
                return respond(responder, 403, "cross_site", language)
            }
            guard let session else {
                return responder.respond(
                    Self.signIn(
                        "/\(profile.code)", .meters(account: parameters["account"] ?? "")))
            }
            // What is not one's own is not there.
            guard let typed = AccountNumber(parameters["account"] ?? ""),
                session.account(typed) != nil
            else { return respond(responder, 404, "not_found", language) }
            guard session.account(typed, for: .readings) != nil else {
                return respond(responder, 403, "forbidden", language)
            }
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
                let command = try read(fields, typed, profile.entry(in: session))
                submit(
                    command, fields, session,
                    FormPage.meters(account: typed.text).path("/\(profile.code)"),
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
}

extension Profile {
    /// The id of the session that a reading is entered in, where readings may be taken back only until it ends (SF-148).
    func entry(in session: Session) -> String? {
        readings.deleteUntil == .session ? session.id : nil
    }
}
