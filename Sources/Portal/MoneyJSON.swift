import Commands
public import HTTP
import Store
import Telemetry
import Threads
public import Words

/// What a program reads of the money of an account.
public enum MoneyAnswer: Sendable, Equatable {
    case settlements, charges, payments, bills
    /// As it stood in the path.
    case bill(month: String)
    case suppliers

    fileprivate var name: String {
        switch self {
        case .settlements: "settlements.json"
        case .charges: "charges.json"
        case .payments: "payments.json"
        case .bills: "bills.json"
        case .bill: "bill.json"
        case .suppliers: "suppliers.json"
        }
    }
}

/// The same views for programs: sums in kopecks, volumes and prices as decimal strings, months `2026-04`.
extension Portal {
    /// `GET /{org}/api/accounts/{account}/settlements|charges|payments|bills|bills/{month}|suppliers`
    /// - Parameters:
    ///   - language: of titles and explanations.
    ///   - query: `from`, `to`, `month`: months.
    public func moneyJSON(
        _ answer: MoneyAnswer, _ reader: Reader, _ language: Language, account: String,
        query: [String: String]
    ) -> Response {
        func problem(_ status: Int, _ key: String) -> Response {
            Page.problemJSON(status, key, Words.text("problem.\(key)", language))
        }
        guard reader.profile.charges.source != .none, let number = AccountNumber(account) else {
            return problem(404, "not_found")
        }
        var months: [String: Month] = [:]
        for name in ["from", "to", "month"] {
            guard let text = query[name] else { continue }
            guard let month = Self.month(text) else {
                return Page.problemJSON(
                    400, "misshapen",
                    Words.shape(ShapeError("/\(name)", "shape.month", text), language))
            }
            months[name] = month
        }
        if let from = months["from"], let to = months["to"], to < from {
            return Page.problemJSON(
                400, "misshapen",
                Words.shape(ShapeError("/to", "shape.month_order", "\(from)"), language))
        }
        let json = MoneyJSON(
            profile: reader.profile, language: language, hasPDF: settings.drawsBills)
        let started = monotonicMicroseconds()
        do {
            let body = try body(answer, json, reader, number, months)
            told(answer.name, since: started)
            return body.map { Page.json(200, $0) } ?? problem(404, "not_found")
        } catch {
            let page = failed(answer.name, error, language, reader.profile)
            var answer = problem(page.status, page.status == 503 ? "database_away" : "internal")
            if page.status == 503 {
                answer.headers.append(("Retry-After", "\(Self.retryAfter)"))
            }
            return answer
        }
    }

    private func body(
        _ answer: MoneyAnswer, _ json: MoneyJSON, _ reader: Reader, _ number: AccountNumber,
        _ months: [String: Month]
    ) throws(PortalQueriesError) -> JSON? {
        let (profile, allowed) = (reader.profile, reader.accounts)
        switch answer {
        case .settlements, .payments:
            let view = try queries.settlements(
                of: number, in: profile, allowed: allowed, from: months["from"], to: months["to"],
                payments: answer == .payments)
            guard let view else { return nil }
            return answer == .payments ? json.payments(view) : json.settlements(view)
        case .charges:
            let view = try queries.charges(
                of: number, in: profile, allowed: allowed, month: months["month"])
            // Another month than the one that was asked for is no answer.
            guard let view, months["month"] == nil || view.month == months["month"] else {
                return nil
            }
            return json.charges(view)
        case .bills:
            return try queries.bills(of: number, in: profile, allowed: allowed).map(json.bills)
        case .bill(let text):
            guard let month = Self.month(text),
                let view = try queries.bills(
                    of: number, in: profile, allowed: allowed, month: month),
                let bill = view.bills.first(where: { $0.month == view.month })
            else { return nil }
            return json.bill(bill, view)
        case .suppliers:
            return try queries.suppliers(of: number, in: profile, allowed: allowed).map(
                json.suppliers)
        }
    }
}

struct MoneyJSON {
    var profile: Profile
    var language: Language
    var hasPDF: Bool

    private func title(_ code: String?, _ names: MoneyNames) -> JSON? {
        code.map { .string(names.titles(english: language == .en)[$0] ?? $0) }
    }

    private func money(_ money: Money) -> JSON { .int(money.kopecks) }

    private func month(_ month: Month) -> JSON { .string(month.description) }

    private func day(_ day: Day) -> JSON { .string(day.description) }

    /// Roubles for a unit.
    private func price(_ price: Quantity) -> JSON { .string(price.text(decimals: 2)) }

    private func quantity(_ quantity: Quantity) -> JSON { .string(quantity.description) }

    // MARK: Balances

    func settlements(_ view: SettlementsView) -> JSON {
        let kinds = ServiceGroup.byKind(view.rows, view.names).map(\.kind)
        return .object([
            "account": .string(view.account.account.number), "from": month(view.period.from),
            "to": month(view.period.to),
            "kinds": .array(
                kinds.map { kind in
                    .object([
                        "kind": kind.map(JSON.string), "title": title(kind, view.names),
                        "months": months(view, view.rows.filter { $0.kind == kind }),
                    ])
                }), "total": .object(["months": months(view, view.rows)]),
        ])
    }

    private func months(_ view: SettlementsView, _ rows: [SettlementView]) -> JSON {
        .array(SettledMonth.all(view.period.months, of: rows).map(settled))
    }

    private func settled(_ one: SettledMonth) -> JSON {
        .object([
            "month": month(one.month), "opening_kopecks": money(one.opening),
            "charged_kopecks": money(one.charged), "recalculated_kopecks": money(one.recalculated),
            "penalty_kopecks": money(one.penalty), "paid_kopecks": money(one.paid),
            "closing_kopecks": money(one.closing),
        ])
    }

    func payments(_ view: SettlementsView) -> JSON {
        .object([
            "account": .string(view.account.account.number), "from": month(view.period.from),
            "to": month(view.period.to),
            "payments": .array(
                view.payments.map { payment in
                    .object([
                        "id": .string(payment.id), "provider": .string(payment.provider),
                        "number": .string(payment.number), "amount_kopecks": money(payment.amount),
                        "paid_on": day(payment.paidOn), "month": payment.month.map(month),
                        "reversed": .bool(payment.isReversed),
                        "assigned": payment.assigned.map { assigned in
                            .object([
                                "on": day(assigned.on), "typed": .string(assigned.typed),
                            ])
                        }, "payees": payees(payment, view.names),
                        "parts": .array(
                            payment.parts.map { part in
                                .object([
                                    "kind": part.kind.map(JSON.string),
                                    "title": title(part.kind, view.names),
                                    "penalty": .bool(part.isPenalty),
                                    "month": part.month.map(month),
                                    "amount_kopecks": money(part.amount),
                                    "reason": part.reason.map { .string($0.rawValue) },
                                    "explanation": part.reason.map {
                                        .string(Words.reason($0, language))
                                    },
                                ])
                            }),
                    ])
                }),
        ])
    }

    /// Where it was split between payees; what was taken back went to none.
    private func payees(_ payment: PaymentView, _ names: MoneyNames) -> JSON? {
        guard !payment.isReversed else { return nil }
        let shares = PayeeShare.all(payment, names, profile)
        guard !shares.isEmpty else { return nil }
        return .array(
            shares.map {
                .object(["payee": .string($0.name), "amount_kopecks": money($0.amount)])
            })
    }

    // MARK: Charges

    func charges(_ view: ChargesView) -> JSON {
        .object([
            "account": .string(view.account.account.number), "month": view.month.map(month),
            "charges": .array(view.charges.map { charge($0, view.names) }),
            "total_kopecks": money(view.charges.reduce(.zero) { $0 + $1.amount }),
        ])
    }

    private func charge(_ charge: ChargeView, _ names: MoneyNames) -> JSON {
        let line = charge.line
        var penalty: PenaltyDetail?
        if case .penalty(let detail) = charge.content { penalty = detail }
        let supplier = names.kind(charge.kind).flatMap { names.supplier(of: $0) }
        return .object([
            "sort": .string(charge.sort?.rawValue ?? "penalty"), "kind": .string(charge.kind),
            "title": title(charge.kind, names), "month": month(charge.month),
            "amount_kopecks": money(charge.amount),
            "method": line.map { .string($0.method.rawValue) },
            "unit": line.map { .string($0.unit.rawValue) },
            "volume": line.map { quantity($0.volume) },
            "steps": line.map { .array($0.steps.map(step)) },
            "parts": line.map { .array($0.parts.map(part)) },
            "ground": line?.ground.map(ground),
            "due_on": penalty.map { day($0.due) }, "through": penalty.map { day($0.through) },
            "exact": penalty.map { price($0.exact) },
            "segments": penalty.map { .array($0.segments.map(late)) },
            "supplier": supplier.map { .string($0.name) },
            "explanation": .array(
                Explained.sentences(of: charge, names, language).map(JSON.string)),
        ])
    }

    private func part(_ part: ChargeLine.Part) -> JSON {
        .object([
            "register": part.register.map { .string($0.rawValue) },
            "range": part.range.map { .int(Int64($0)) }, "volume": quantity(part.volume),
            "price": price(part.price), "amount_kopecks": money(part.amount),
        ])
    }

    private func step(_ step: ChargeLine.Step) -> JSON {
        func object(_ sort: String, _ members: KeyValuePairs<String, JSON?>) -> JSON {
            .object(
                [JSON.Member("step", .string(sort))]
                    + members.compactMap { pair in pair.value.map { JSON.Member(pair.key, $0) } })
        }
        switch step {
        case .readings(let meter, let register, let from, let to, let rolled):
            return object(
                "readings",
                [
                    "meter": .string(meter), "register": .string(register.rawValue),
                    "from": quantity(from), "to": quantity(to), "rolled": .bool(rolled),
                ])
        case .spread(let volume, let months):
            return object(
                "spread", ["volume": quantity(volume), "months": .int(Int64(months))])
        case .kept(let volume, let months, let all):
            return object(
                "kept",
                [
                    "volume": quantity(volume), "months": .int(Int64(months)),
                    "of": .int(Int64(all)),
                ])
        case .average(let volumes, let months):
            return object(
                "average",
                ["volumes": .array(volumes.map(quantity)), "months": .int(Int64(months))])
        case .norm(let norm, let residents, let multiplier):
            return object(
                "norm",
                [
                    "norm": quantity(norm), "residents": .int(Int64(residents)),
                    "multiplier": multiplier.map(quantity),
                ])
        case .sum(let addends):
            return object(
                "sum",
                [
                    "addends": .array(
                        addends.map {
                            .object(["kind": .string($0.kind), "volume": quantity($0.volume)])
                        })
                ])
        case .heat(let water, let share):
            return object("heat", ["water": quantity(water), "per_cubic_metre": quantity(share)])
        case .area(let area): return object("area", ["area": quantity(area)])
        case .residents(let count):
            return object("residents", ["residents": .int(Int64(count))])
        case .areaNorm(let area, let norm):
            return object("area_norm", ["area": quantity(area), "norm": quantity(norm)])
        case .house(let total, let individual, let area, let houseArea, let limit):
            return object(
                "house",
                [
                    "total": quantity(total), "individual": quantity(individual),
                    "area": quantity(area), "house_area": quantity(houseArea),
                    "limit": limit.map(quantity),
                    "undistributed": limit.map { quantity(max(total - individual - $0, .zero)) },
                ])
        case .houseNorm(let norm, let commonArea, let area, let houseArea):
            return object(
                "house_norm",
                [
                    "norm": quantity(norm), "common_area": quantity(commonArea),
                    "area": quantity(area), "house_area": quantity(houseArea),
                ])
        case .undersupply(let days, let of):
            return object("undersupply", ["days": .int(Int64(days)), "of": .int(Int64(of))])
        case .days(let days, let of):
            return object("days", ["days": .int(Int64(days)), "of": .int(Int64(of))])
        case .anew(let parts, let now, let was):
            return object(
                "anew",
                [
                    "parts": .array(parts.map(part)), "now_kopecks": money(now),
                    "was_kopecks": money(was),
                ])
        }
    }

    private func ground(_ ground: ChargeLine.Ground) -> JSON {
        switch ground {
        case .readingReturned: .object(["ground": .string("reading_returned")])
        case .undersupply(let days, let why):
            .object([
                "ground": .string("undersupply"), "days": .int(Int64(days)),
                "text": why.map(JSON.string),
            ])
        case .corrected(let words):
            .object(["ground": .string("corrected"), "text": .string(words)])
        case .handedOver: .object(["ground": .string("handed_over")])
        }
    }

    private func late(_ segment: PenaltyDetail.Segment) -> JSON {
        .object([
            "from": day(segment.from), "to": day(segment.to), "days": .int(Int64(segment.days)),
            "principal_kopecks": money(segment.principal),
            "rate_percent": .string(
                Quantity(millionths: Int64(segment.rate) * 10_000).description),
            "denominator": .int(Int64(segment.denominator)), "amount": price(segment.amount),
        ])
    }

    // MARK: Bills

    func bills(_ view: ChargesView) -> JSON {
        .object([
            "account": .string(view.account.account.number),
            "bills": .array(view.bills.map { .object(members($0, view.account.account.number)) }),
        ])
    }

    func bill(_ bill: BillView, _ view: ChargesView) -> JSON {
        let number = view.account.account.number
        return .object(
            [JSON.Member("account", .string(number))] + members(bill, number) + [
                JSON.Member("charges", .array(view.charges.map { charge($0, view.names) }))
            ])
    }

    private func members(_ bill: BillView, _ account: String) -> [JSON.Member] {
        let pdf =
            "/\(profile.code)/api/accounts/\(segment(account))/bills/\(bill.month).pdf"
        let members: KeyValuePairs<String, JSON?> = [
            "month": month(bill.month), "version": .int(Int64(bill.version)),
            "closed_at": .string(bill.closed), "due_on": day(bill.dueOn),
            "paid_until": day(bill.paidUntil), "opening_kopecks": money(bill.opening),
            "charged_kopecks": money(bill.charged),
            "recalculated_kopecks": money(bill.recalculated),
            "penalty_kopecks": money(bill.penalty), "paid_kopecks": money(bill.paid),
            "amount_kopecks": money(bill.closing), "to_pay_kopecks": money(bill.owed.toPay),
            "overpaid_kopecks": money(bill.owed.overpaid), "pdf": hasPDF ? .string(pdf) : nil,
        ]
        return members.compactMap { pair in pair.value.map { JSON.Member(pair.key, $0) } }
    }

    // MARK: Suppliers

    func suppliers(_ view: SuppliersView) -> JSON {
        .object([
            "account": .string(view.account.account.number),
            "kinds": .array(
                view.names.kinds.map { kind in
                    let times = TariffTimes(
                        view.tariffs.filter { $0.kind == kind.code }, view.account.today)
                    let supplier = view.names.supplier(of: kind)
                    return .object([
                        "kind": .string(kind.code), "title": title(kind.code, view.names),
                        "unit": kind.unit.map { .string($0.rawValue) },
                        "supplier": supplier.map { supplier in
                            .object([
                                "name": .string(supplier.name),
                                "inn": supplier.inn.map(JSON.string),
                                "address": supplier.address.map(JSON.string),
                                "phone": supplier.phone.map(JSON.string),
                                "email": supplier.email.map(JSON.string),
                                "site": supplier.site.map(JSON.string),
                                "schedule": supplier.schedule.map(JSON.string),
                            ])
                        },
                        "tariff": times.now.map(tariff),
                        "coming": .array(times.coming.map(tariff)),
                        "history": .array(times.past.map(tariff)),
                    ])
                }),
        ])
    }

    private func tariff(_ time: TariffTimes.Time) -> JSON {
        .object([
            "from": day(time.from),
            "prices": .array(
                time.rows.map { row in
                    .object([
                        "register": row.register.map { .string($0.rawValue) },
                        "zones": row.zones.map { .int(Int64($0)) },
                        "up_to": row.upTo.map(quantity), "price": price(row.price),
                    ])
                }),
        ])
    }
}
