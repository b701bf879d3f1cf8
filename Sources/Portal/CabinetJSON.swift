import Access
import Commands
import Files
public import HTTP
import Store
import Telemetry
import Threads
import Words

/// The same for programs, and one's own data as an archive (152-ФЗ, статья 14; domain.md §8).
extension Portal {
    /// `GET /{org}/api/accounts`
    public func accountsJSON(_ visit: Visit) -> Response {
        person("accounts.json", visit) { session throws(PortalQueriesError) in
            let flats = try queries.flats(of: session.accounts.map(\.id))
            return .object([
                "accounts": .array(flats.map { Self.account($0, session) })
            ])
        }
    }

    /// `GET /{org}/api/accounts/{account}/services`
    public func servicesJSON(_ visit: Visit, account: String) -> Response {
        person("services.json", visit) { session throws(PortalQueriesError) in
            guard let number = AccountNumber(account), let mine = session.account(number),
                mine.isOwned, let identity = visit.profile.identity,
                let person = try queries.person(session.principal, in: visit.profile)
            else { return nil }
            let consents = try queries.consents(
                of: mine.id, by: session.principal, in: visit.profile)
            return .object([
                "account": .string(mine.number),
                "services": .array(
                    identity.services.map { service in
                        let consent = consents.first { $0.purpose == service.purpose.rawValue }
                        return .object([
                            "purpose": .string(service.purpose.rawValue),
                            "on": .bool(consent?.isGiven ?? false),
                            "title": .string(service.title), "text": .string(service.text),
                            "version": .string(service.version),
                            "contact": service.purpose.way.flatMap { way in
                                person.confirmed(way).map {
                                    .string(ServicesPage.masked($0, way))
                                }
                            },
                            "changed_at": consent.map { .string($0.at) },
                        ])
                    }),
            ])
        }
    }

    /// `GET /{org}/api/sessions`
    public func sessionsJSON(_ visit: Visit) -> Response {
        person("sessions.json", visit) { session throws(PortalQueriesError) in
            let sessions = try queries.sessions(of: session.principal, in: visit.profile)
            return .object(["sessions": .array(sessions.map { Self.session($0, session) })])
        }
    }

    /// `GET /{org}/profile/export` and its twin: all that is kept of a person, as JSON and as tables.
    public func export(_ visit: Visit) -> Response {
        guard let session = visit.session else { return signedOut(visit) }
        let started = monotonicMicroseconds()
        do {
            guard let person = try queries.person(session.principal, in: visit.profile) else {
                return problem(
                    status: 404, key: "not_found", language: visit.language, profile: visit.profile)
            }
            var meters: [MetersView] = []
            for account in session.accounts {
                guard let number = AccountNumber(account.number) else { continue }
                if let view = try queries.meters(
                    of: number, in: visit.profile, allowed: [account.id], depth: Self.programDepth)
                {
                    meters.append(view)
                }
            }
            let ids = session.accounts.map(\.id)
            let export = PersonExport(
                session: session, person: person, flats: try queries.flats(of: ids), meters: meters,
                money: visit.profile.charges.source == .none
                    ? OwnMoney() : try queries.ownMoney(of: ids, in: visit.profile),
                invitations: try queries.invitations(by: session.principal, in: visit.profile),
                consents: try queries.consentHistory(of: session.principal, in: visit.profile),
                sessions: try queries.sessions(of: session.principal, in: visit.profile))
            let bytes = try export.archive.bytes()
            told("export", since: started)
            return Response(
                status: 200,
                headers: [
                    ("Content-Type", "application/zip"),
                    ("Content-Disposition", "attachment; filename=\"kabinet.zip\""),
                    ("Cache-Control", "no-store"),
                ], body: bytes)
        } catch let error as PortalQueriesError {
            return failed("export", error, visit.language, visit.profile)
        } catch {
            return failed("export", .failed("\(error)"), visit.language, visit.profile)
        }
    }

    private func person(
        _ name: String, _ visit: Visit,
        _ body: (Session) throws(PortalQueriesError) -> JSON?
    ) -> Response {
        func problem(_ status: Int, _ key: String) -> Response {
            var answer = Page.problemJSON(
                status, key, Words.text("problem.\(key)", visit.language))
            if status == 401 { answer.headers.append(("WWW-Authenticate", "Bearer")) }
            if status == 503 { answer.headers.append(("Retry-After", "\(Self.retryAfter)")) }
            return answer
        }
        guard let session = visit.session else { return problem(401, "unauthorized") }
        let started = monotonicMicroseconds()
        do {
            let found = try body(session)
            told(name, since: started)
            return found.map { Page.json(200, $0) } ?? problem(404, "not_found")
        } catch {
            let page = failed(name, error, visit.language, visit.profile)
            return problem(page.status, page.status == 503 ? "database_away" : "internal")
        }
    }

    fileprivate static func account(_ flat: FlatView, _ session: Session) -> JSON {
        let mine = session.accounts.first { $0.id == flat.account.id }
        return .object([
            "account": .string(flat.account.number), "name": mine?.name.map(JSON.string),
            "company": .string(flat.account.company), "holder": .string(flat.holder),
            "address": .string(flat.account.address),
            "area": flat.area.map { .string($0.description) },
            "rooms": flat.rooms.map { .int(Int64($0)) },
            "residents": flat.residents.map { .int(Int64($0)) },
            "closed_on": flat.account.closedOn.map { .string($0.description) },
            "owner": .bool(mine?.isOwned ?? false),
            "rights": .array(
                Right.allCases.filter { mine?.rights.contains($0) ?? false }.map {
                    .string($0.rawValue)
                }),
        ])
    }

    fileprivate static func session(_ one: SessionView, _ session: Session) -> JSON {
        .object([
            "id": .string(one.id), "current": .bool(one.id == session.id),
            "opened_at": .string(one.opened), "seen_at": .string(one.seen),
            "expires_at": .string(one.expires), "remembered": .bool(one.isRemembered),
            "agent": one.agent.map(JSON.string), "address": one.address.map(JSON.string),
        ])
    }
}

/// What is kept of a person, in one archive: `kabinet.json` and a table of each part.
struct PersonExport {
    var session: Session
    var person: PersonView
    var flats: [FlatView]
    var meters: [MetersView]
    var money: OwnMoney
    var invitations: [InvitationView]
    var consents: [ConsentView]
    var sessions: [SessionView]

    var archive: Archive {
        Archive(
            [
                Archive.Entry(name: "kabinet.json", bytes: json.bytes),
                table("profile.csv", ["field", "value"], profile),
                table(
                    "accounts.csv",
                    [
                        "account", "name", "company", "holder", "address", "area", "rooms",
                        "residents", "rights",
                    ],
                    flats.map { flat in
                        let mine = session.accounts.first { $0.id == flat.account.id }
                        return [
                            flat.account.number, mine?.name ?? "", flat.account.company,
                            flat.holder, flat.account.address, flat.area?.description ?? "",
                            flat.rooms.map { "\($0)" } ?? "",
                            flat.residents.map { "\($0)" } ?? "",
                            Right.allCases.filter { mine?.rights.contains($0) ?? false }
                                .map(\.rawValue).joined(separator: ","),
                        ]
                    }),
                table(
                    "readings.csv",
                    [
                        "account", "service", "meter", "register", "month", "taken_on", "value",
                        "volume", "state", "channel", "received_at",
                    ], readings),
                chargeTable, paymentTable, billTable, shareTable,
                table(
                    "consents.csv",
                    ["account", "purpose", "given", "version", "contact", "channel", "at"],
                    consents.map {
                        [
                            $0.account ?? "", $0.purpose, "\($0.isGiven)", $0.version,
                            $0.contact ?? "", $0.channel, $0.at,
                        ]
                    }),
                table(
                    "sessions.csv",
                    ["id", "opened_at", "seen_at", "expires_at", "remembered", "agent", "address"],
                    sessions.map {
                        [
                            $0.id, $0.opened, $0.seen, $0.expires, "\($0.isRemembered)",
                            $0.agent ?? "", $0.address ?? "",
                        ]
                    }),
            ], madeAt: session.seenAt / 1_000_000)
    }

    /// With the mark by which Excel knows UTF-8.
    private func table(_ name: String, _ head: [String], _ rows: [[String]]) -> Archive.Entry {
        var writer = CSVWriter(mark: true, crlf: true)
        writer.write(head)
        for row in rows { writer.write(row) }
        return Archive.Entry(name: name, bytes: writer.take())
    }

    private var profile: [[String]] {
        [
            ["login", person.login], ["name", person.name], ["email", person.email ?? ""],
            ["email_confirmed", "\(person.isEmailConfirmed)"], ["phone", person.phone ?? ""],
            ["phone_confirmed", "\(person.isPhoneConfirmed)"], ["language", person.language],
            ["registered_at", person.created],
            ["password_changed_at", person.passwordChanged ?? ""],
            ["second_factor_since", person.secondFactor ?? ""],
        ]
    }

    private var readings: [[String]] {
        meters.flatMap { view in
            view.meters.flatMap { meter in
                meter.readings.flatMap { reading in
                    reading.values.enumerated().map { index, value in
                        [
                            view.account.number, meter.service.rawValue, meter.number,
                            Register.allCases[index].rawValue, reading.month.description,
                            reading.takenOn.description, value.text(decimals: meter.decimals),
                            reading.volumes.map { $0[index].text(decimals: meter.decimals) } ?? "",
                            reading.state.rawValue, reading.channel.rawValue, reading.received,
                        ]
                    }
                }
            }
        }
    }

    private var chargeTable: Archive.Entry {
        table(
            "charges.csv",
            ["account", "month", "kind", "sort", "of", "volume", "unit", "amount"],
            rows(money.charges) { charge -> [String] in
                [
                    charge.month.description, charge.kind, charge.sort,
                    charge.of?.description ?? "", charge.line?.volume.description ?? "",
                    charge.line?.unit.rawValue ?? "", Self.roubles(charge.amount),
                ]
            })
    }

    private var paymentTable: Archive.Entry {
        table(
            "payments.csv",
            ["account", "paid_on", "month", "provider", "number", "amount", "reversed"],
            rows(money.payments) { payment -> [String] in
                [
                    payment.paidOn.description, payment.month?.description ?? "",
                    payment.provider, payment.number, Self.roubles(payment.amount),
                    "\(payment.isReversed)",
                ]
            })
    }

    private var billTable: Archive.Entry {
        table(
            "bills.csv",
            [
                "account", "month", "version", "closed_at", "due_on", "opening", "charged",
                "recalculated", "penalty", "paid", "closing",
            ],
            rows(money.bills) { bill -> [String] in
                let sums = [
                    bill.opening, bill.charged, bill.recalculated, bill.penalty, bill.paid,
                    bill.closing,
                ]
                return [
                    bill.month.description, "\(bill.version)", bill.closed, bill.dueOn.description,
                ] + sums.map(Self.roubles)
            })
    }

    private var shareTable: Archive.Entry {
        table(
            "shares.csv",
            ["account", "email", "rights", "accepted", "invited_at", "expires_at", "ended_at"],
            invitations.map { share -> [String] in
                [
                    share.account ?? "", share.email,
                    share.rights.map(\.rawValue).joined(separator: ","), "\(share.isAccepted)",
                    share.invited, share.expires, share.ended ?? "",
                ]
            })
    }

    /// Of all accounts in their order, each row behind its account's number.
    private func rows<Item>(
        _ items: [Int64: [Item]], _ fields: (Item) -> [String]
    ) -> [[String]] {
        session.accounts.flatMap { account -> [[String]] in
            (items[account.id] ?? []).map { [account.number] + fields($0) }
        }
    }

    /// As files have sums: 123.45.
    private static func roubles(_ money: Money) -> String {
        Quantity(millionths: money.kopecks * 10_000).text(decimals: 2)
    }

    private func members<Item>(
        _ items: [Int64: [Item]], _ members: (Item) -> KeyValuePairs<String, JSON?>
    ) -> JSON {
        var all: [JSON] = []
        for account in session.accounts {
            for item in items[account.id] ?? [] {
                var object = [JSON.Member("account", .string(account.number))]
                for (name, value) in members(item) {
                    if let value { object.append(JSON.Member(name, value)) }
                }
                all.append(.object(object))
            }
        }
        return .array(all)
    }

    private static func kopecks(_ money: Money) -> JSON { .int(money.kopecks) }

    private var charges: JSON {
        members(money.charges) { charge in
            [
                "month": .string(charge.month.description), "kind": .string(charge.kind),
                "sort": .string(charge.sort),
                "of": charge.of.map { .string($0.description) },
                "volume": charge.line.map { .string($0.volume.description) },
                "unit": charge.line.map { .string($0.unit.rawValue) },
                "method": charge.line.map { .string($0.method.rawValue) },
                "amount_kopecks": Self.kopecks(charge.amount),
            ]
        }
    }

    private var payments: JSON {
        members(money.payments) { payment in
            [
                "id": .string(payment.id), "paid_on": .string(payment.paidOn.description),
                "month": payment.month.map { .string($0.description) },
                "provider": .string(payment.provider), "number": .string(payment.number),
                "amount_kopecks": Self.kopecks(payment.amount),
                "reversed": .bool(payment.isReversed),
            ]
        }
    }

    private var bills: JSON {
        members(money.bills) { bill in
            [
                "month": .string(bill.month.description), "version": .int(Int64(bill.version)),
                "closed_at": .string(bill.closed), "due_on": .string(bill.dueOn.description),
                "paid_until": .string(bill.paidUntil.description),
                "opening_kopecks": Self.kopecks(bill.opening),
                "charged_kopecks": Self.kopecks(bill.charged),
                "recalculated_kopecks": Self.kopecks(bill.recalculated),
                "penalty_kopecks": Self.kopecks(bill.penalty),
                "paid_kopecks": Self.kopecks(bill.paid),
                "closing_kopecks": Self.kopecks(bill.closing),
            ]
        }
    }

    private var shares: JSON {
        .array(
            invitations.map { share in
                .object([
                    "account": share.account.map(JSON.string), "email": .string(share.email),
                    "rights": .array(share.rights.map { .string($0.rawValue) }),
                    "accepted": .bool(share.isAccepted), "invited_at": .string(share.invited),
                    "expires_at": .string(share.expires), "ended_at": share.ended.map(JSON.string),
                ])
            })
    }

    private var json: JSON {
        .object([
            "profile": .object(profile.map { JSON.Member($0[0], .string($0[1])) }),
            "accounts": .array(flats.map { Portal.account($0, session) }),
            "meters": .array(
                meters.map { view in
                    .object([
                        "account": .string(view.account.number),
                        "meters": .array(
                            view.meters.map { MetersJSON.readingsBody(view, $0) }),
                    ])
                }),
            "charges": charges, "payments": payments, "bills": bills, "shares": shares,
            "consents": .array(
                consents.map {
                    .object([
                        "account": $0.account.map(JSON.string), "purpose": .string($0.purpose),
                        "given": .bool($0.isGiven), "version": .string($0.version),
                        "contact": $0.contact.map(JSON.string), "channel": .string($0.channel),
                        "at": .string($0.at),
                    ])
                }),
            "sessions": .array(sessions.map { Portal.session($0, session) }),
        ])
    }
}
