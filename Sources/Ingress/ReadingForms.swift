import Access
import Commands
import Crypto
import HTTP
import Postgres
import Queue
import Synchronization
import Words

/// Forms of readings: the same commands in another encoding.
extension Ingress {
    typealias Drawing = @Sendable (FormPost, Responder) -> Void

    private static let formMedia = "application/x-www-form-urlencoded"
    private static let formStatuses = [303, 400, 403, 404, 415, 422, 503]
    private static let tab = Endpoint.Field(
        "tab", "The service in whose tab the page stands, which is led back to.")

    func readingForms(draw: @escaping Drawing) -> [Endpoint] {
        [
            Endpoint(
                "POST", "/{org}/accounts/{account}/readings", "«Внести»: a reading from the page.",
                caller: .person, media: Self.formMedia,
                fields: [
                    .init("meter", "The meter's number.", required: true),
                    .init("service", "The meter's service."),
                    .init("value_T1", "The value of register T1.", required: true),
                    .init("value_T2", "Of register T2, where the meter has it."),
                    .init("value_T3", "Of register T3, where the meter has it."),
                    .init("confirm", "1: a doubtful value is meant."),
                    .init("key", "Makes the post repeatable."), Self.tab,
                ], statuses: Self.formStatuses
            ) { [self] request, parameters, responder in
                form(request, parameters, responder, draw) { form in
                    let fields = form.fields
                    var values: [JSON.Member] = []
                    for register in Register.allCases {
                        guard let text = fields["value_\(register.rawValue)"] else { continue }
                        values.append(.init(register.rawValue, .string(text)))
                    }
                    return .submitReading(
                        try form.reading(
                            fields["meter"], fields["service"], values,
                            isMeant: fields["confirm"] == "1"))
                }
            },
            Endpoint(
                "POST", "/{org}/accounts/{account}/readings/all",
                "«Передать показания»: readings of several meters from one page, each a command of its own.",
                caller: .person, media: Self.formMedia,
                fields: [
                    .init("^meter_\(Self.rowNumber)$", "A meter's number."),
                    .init("^service_\(Self.rowNumber)$", "The meter's service."),
                    .init(
                        "^value_\(Self.rowNumber)_T[123]$",
                        "The value of a register; a meter without values is left out."),
                    .init(
                        "^confirm_\(Self.rowNumber)$",
                        "These values are meant though doubtful, as typed: T1=150."),
                    .init("key", "Makes the post repeatable, meter by meter."),
                ], statuses: Self.formStatuses
            ) { [self] request, parameters, responder in
                posted(request, parameters, responder, FormPage.submit(account:)) { [self] form in
                    submitAll(form, request, responder, draw)
                }
            },
            Endpoint(
                "POST", "/{org}/accounts/{account}/readings/{id}/delete",
                "«Удалить»: take a reading back.", caller: .person,
                media: Self.formMedia,
                fields: [.init("key", "Makes the post repeatable."), Self.tab],
                statuses: Self.formStatuses
            ) { [self] request, parameters, responder in
                let reading = parameters["id"] ?? ""
                form(request, parameters, responder, draw) { form in
                    guard let id = Identifier(reading) else {
                        throw ShapeError("/id", "shape.missing", "id")
                    }
                    return .deleteReading(
                        DeleteReading(account: form.account, reading: id.description))
                }
            },
        ]
    }

    // MARK: Who posts

    /// A form about the readings of an account, posted by somebody who may.
    private struct ReadingsPost: Sendable {
        let profile: Profile
        let session: Session
        let account: AccountNumber
        let page: FormPage
        let language: Language
        let fields: [String: String]
        /// A try before this one may have been saved.
        let isUnsure: Bool

        var back: String { page.path("/\(profile.code)") }
        /// What it leads back to says besides: the tab of a service is kept (SF-110).
        var kept: String {
            fields["tab"].flatMap(Service.init(rawValue:)).map { "service=\($0.rawValue)&" } ?? ""
        }

        func post(
            _ ending: FormOutcome.Ending, _ parts: [FormOutcome.Part] = []
        ) -> FormPost {
            FormPost(
                session: session, profile: profile, page: page, language: language,
                ending: FormOutcome(fields: fields, ending: ending, parts: parts))
        }

        func reading(
            _ meter: String?, _ service: String?, _ values: [JSON.Member], isMeant: Bool
        ) throws(ShapeError) -> SubmitReading {
            var reading = try SubmitReading(
                account: account,
                body: .object([
                    "meter": meter.map(JSON.string),
                    "service": service.map(JSON.string),
                    "values": .object(values),
                    "confirm": isMeant ? .bool(true) : nil,
                ]))
            reading.session = profile.entry(in: session)
            return reading
        }
    }

    private func posted(
        _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ page: @escaping @Sendable (String) -> FormPage,
        _ then: @escaping @Sendable (ReadingsPost) -> Void
    ) {
        forPerson(request, parameters, responder) { [self] profile, session in
            let language = request.language
            guard sameSite(request) else {
                return respond(responder, 403, "cross_site", language)
            }
            guard let session else {
                let place = page(parameters["account"] ?? "")
                return responder.respond(
                    Self.signIn(
                        "/\(profile.code)", place, cookie: keeping(request, profile, place)))
            }
            // What is not one's own is not there.
            guard let typed = AccountNumber(parameters["account"] ?? ""),
                session.account(typed) != nil
            else { return respond(responder, 404, "not_found", language) }
            guard session.account(typed, for: .readings) != nil else {
                return respond(responder, 403, "forbidden", language)
            }
            guard let items = request.form else {
                return respond(responder, 415, "media_type", language, detail: Self.formMedia)
            }
            then(
                ReadingsPost(
                    profile: profile, session: session, account: typed, page: page(typed.text),
                    language: language,
                    fields: Dictionary(items, uniquingKeysWith: { _, last in last }),
                    isUnsure: request.isUnsure))
        }
    }

    /// - Parameter readings: how many it brings; each counts.
    private func admits(
        _ form: ReadingsPost, readings: Int = 1, _ responder: Responder
    ) -> Bool {
        admits(
            .person, "person \(form.session.principal)", perSecond: 2, burst: Double(Self.mostRows),
            cost: Double(readings), responder, form.language)
    }

    // MARK: One command

    private func form(
        _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ draw: @escaping Drawing,
        _ read: @escaping @Sendable (ReadingsPost) throws -> Command
    ) {
        posted(request, parameters, responder, FormPage.meters(account:)) { [self] form in
            guard admits(form, responder) else { return }
            do {
                submit(try read(form), form, request, responder, draw)
            } catch let error as ShapeError {
                draw(form.post(.misshapen(error)), responder)
            } catch {
                respond(responder, 400, "misshapen", form.language)
            }
        }
    }

    private func submit(
        _ command: Command, _ form: ReadingsPost, _ request: Request, _ responder: Responder,
        _ draw: @escaping Drawing
    ) {
        let back = "\(form.back)?\(form.kept)"
        append(wish(command, form, request, confirm: form.fields["confirm"] ?? "")) {
            [self] result in
            let ending = ending(of: result, form)
            guard case .outcome(let outcome) = ending, outcome.state != .refused else {
                return draw(form.post(ending), responder)
            }
            switch outcome.state {
            case .done, .discarded:
                let word =
                    outcome.kind == Command.Kind.deleteReading.rawValue ? "deleted" : "done"
                responder.respond(Self.redirect("\(back)\(word)=\(outcome.command)"))
            case .pending, .abandoned, .refused:
                responder.respond(Self.redirect("\(back)pending=\(outcome.command)"))
            }
        }
    }

    /// - Parameter confirm: part of what is asked: the same key with it is another body, so it is part of the key.
    private func wish(
        _ command: Command, _ form: ReadingsPost, _ request: Request, confirm: String
    ) -> Wish {
        let bytes = command.json.bytes
        let key = form.fields["key"].flatMap { text -> [UInt8]? in
            guard (8...100).contains(text.utf8.count) else { return nil }
            let meant = "person \(form.session.principal)\n\(text)\n\(confirm)"
            // The command names its meter and service: so each of several has a key of its own, whatever its place is.
            return Secrets.hash(
                Array(meant.utf8) + bytes, context: "kabinet idempotency", length: 16)
        }
        return Wish(
            command: command, organization: form.session.organization,
            actor: form.session.actor, channel: .resident, trace: request.trace, key: key,
            digest: key == nil ? [] : Secrets.hash(bytes, length: 16), wait: settings.formWait)
    }

    private func ending(of result: Result, _ form: ReadingsPost) -> FormOutcome.Ending {
        switch result {
        case .outcome(let outcome): return .outcome(outcome)
        case .conflict, .rejected: return .misshapen(ShapeError("", "shape.form"))
        case .turned(let turned):
            count(turned)
            return .unavailable(
                retryAfter: turned.retryAfter,
                isDoubtful: turned.reason == .unconfirmed || form.isUnsure)
        }
    }

    // MARK: Several

    /// Meters that one form may bring readings of; as many as a person may send at once.
    private static let mostRows = 40
    /// Their numbers, as an expression: what one meter's fields have in common.
    private static let rowNumber = "([1-9]|[1-3][0-9]|40)"

    /// One meter of a form that brings several.
    private struct Row: Sendable {
        let meter: String
        let service: String
        /// As it was asked for; "": nothing was confirmed.
        let confirm: String
        let command: Swift.Result<Command, ShapeError>
    }

    /// One command a meter; whoever left a meter's fields empty means nothing by it. What is refused of one stands in nobody
    /// else's way.
    private func submitAll(
        _ form: ReadingsPost, _ request: Request, _ responder: Responder, _ draw: @escaping Drawing
    ) {
        let rows: [Row]
        do {
            rows = try Self.rows(form)
        } catch {
            return draw(form.post(.misshapen(error)), responder)
        }
        guard admits(form, readings: rows.count, responder) else { return }
        let gather = Gather(rows.count) { endings in
            let parts = zip(rows, endings).map {
                FormOutcome.Part(meter: $0.meter, service: $0.service, ending: $1)
            }
            if let ending = Self.worst(endings) {
                draw(form.post(ending, parts), responder)
            } else {
                responder.respond(Self.redirect(Self.told(endings, form.back)))
            }
        }
        for (index, row) in rows.enumerated() {
            switch row.command {
            case .failure(let error): gather.end(index, .misshapen(error))
            case .success(let command):
                append(wish(command, form, request, confirm: row.confirm)) { [self] result in
                    gather.end(index, ending(of: result, form))
                }
            }
        }
    }

    private static func rows(_ form: ReadingsPost) throws(ShapeError) -> [Row] {
        let numbers = form.fields.keys.compactMap { name -> Int? in
            name.hasPrefix("meter_") ? Int(name.dropFirst("meter_".count)) ?? 0 : nil
        }.sorted()
        guard numbers.allSatisfy({ (1...mostRows).contains($0) }) else {
            throw ShapeError("/meter", "shape.unknown", "meter_\(numbers.last ?? 0)")
        }
        var rows: [Row] = []
        var seen: Set<String> = []
        for number in numbers {
            let meter = form.fields["meter_\(number)"] ?? ""
            let service = form.fields["service_\(number)"]
            let typed = Register.allCases.compactMap { register in
                form.fields["value_\(number)_\(register.rawValue)"].map {
                    RegisterValue(register, $0)
                }
            }
            guard typed.contains(where: { $0.text.contains { $0 != " " } }) else { continue }
            guard seen.insert("\(service ?? "")\n\(meter)").inserted else {
                throw ShapeError("/meter", "shape.unknown", "meter_\(number)")
            }
            let confirm = form.fields["confirm_\(number)"] ?? ""
            let isMeant = confirm == SubmitReading.confirmation(typed)
            let command: Swift.Result<Command, ShapeError>
            do {
                command = .success(
                    .submitReading(
                        try form.reading(
                            meter, service,
                            typed.map { .init($0.register.rawValue, .string($0.text)) },
                            isMeant: isMeant)))
            } catch {
                command = .failure(error)
            }
            rows.append(
                Row(
                    meter: meter, service: service ?? "", confirm: isMeant ? "1" : "",
                    command: command))
        }
        guard !rows.isEmpty else { throw ShapeError("/values", "shape.values") }
        return rows
    }

    /// What the page is drawn for; nil: all are taken, or wait to be decided.
    private static func worst(_ endings: [FormOutcome.Ending]) -> FormOutcome.Ending? {
        var wait = 0
        var isDoubtful = false
        var misshapen: FormOutcome.Ending?
        var refused: FormOutcome.Ending?
        for ending in endings {
            switch ending {
            case .unavailable(let seconds, let doubt):
                wait = max(wait, seconds, 1)
                isDoubtful = isDoubtful || doubt
            case .misshapen: misshapen = misshapen ?? ending
            case .outcome(let outcome) where outcome.state == .refused:
                refused = refused ?? ending
            case .outcome, .kept: break
            }
        }
        if wait > 0 { return .unavailable(retryAfter: wait, isDoubtful: isDoubtful) }
        return misshapen ?? refused
    }

    /// The page, told which readings were taken and which wait.
    private static func told(_ endings: [FormOutcome.Ending], _ back: String) -> String {
        var done: [String] = []
        var pending: [String] = []
        for case .outcome(let outcome) in endings {
            switch outcome.state {
            case .done, .discarded: done.append(outcome.command)
            case .pending, .abandoned: pending.append(outcome.command)
            case .refused: break
            }
        }
        let query = [("done", done), ("pending", pending)].filter { !$0.1.isEmpty }
            .map { "\($0.0)=\($0.1.joined(separator: ","))" }
        return "\(back)?\(query.joined(separator: "&"))"
    }
}

/// Waits for all of several ends, which come on any thread and in any order, and then goes on once.
private final class Gather: Sendable {
    private struct State {
        var endings: [FormOutcome.Ending?]
        var left: Int
    }

    private let state: Mutex<State>
    private let then: @Sendable ([FormOutcome.Ending]) -> Void

    init(_ count: Int, _ then: @escaping @Sendable ([FormOutcome.Ending]) -> Void) {
        state = Mutex(State(endings: Array(repeating: nil, count: count), left: count))
        self.then = then
    }

    func end(_ index: Int, _ ending: FormOutcome.Ending) {
        let all = state.withLock { state -> [FormOutcome.Ending]? in
            guard state.endings[index] == nil else { return nil }
            state.endings[index] = ending
            state.left -= 1
            return state.left == 0 ? state.endings.compactMap { $0 } : nil
        }
        if let all { then(all) }
    }
}

extension Profile {
    /// The id of the session that a reading is entered in, where readings may be taken back only until it ends (SF-148).
    func entry(in session: Session) -> String? {
        readings.deleteUntil == .session ? session.id : nil
    }
}
