import Commands
import Drawing
import Store
import Words

/// What a bill tells beside its sums: why anything was charged anew, readings, the house, norms, a year's use, debts.
extension Bill {
    private func table(
        _ title: String, _ columns: [BillForm.Column], _ rows: [BillForm.Row],
        _ values: [String: String] = [:]
    ) -> BillForm.Section? {
        rows.isEmpty
            ? nil : .init(words(title, values), .table(.init(columns: columns, rows: rows)))
    }

    /// As many decimals as meters of it have, at most: an average has six, and hides its neighbours.
    private func label(_ quantity: Quantity, _ service: Service) -> String {
        let step: Int64 =
            switch service {
            case .electricity: 1_000_000
            case .heat: 100
            default: 1_000
            }
        let (whole, rest) = quantity.millionths.quotientAndRemainder(dividingBy: step)
        let near = rest.magnitude * 2 >= step.magnitude ? whole + rest.signum() : whole
        return number(Quantity(millionths: near * step))
    }

    private func title(_ kind: String?) -> String {
        guard let kind else { return words("print.advance") }
        return facts.kinds.first { $0.code == kind }?.title(language) ?? kind
    }

    // MARK: Recalculations

    var recalculations: BillForm.Section? {
        let items = groups.flatMap(\.items)
        var rows: [BillForm.Row] = items.flatMap { item in
            item.recalculations.map { charge in
                .init([
                    title(charge.kind), ground(charge.line),
                    // A month stands on one line.
                    Words.month(charge.month, language).replacing(" ", with: "\u{A0}"),
                    amount(charge.amount),
                ])
            }
        }
        if rows.count > 1 {
            let sum = items.flatMap(\.recalculations).reduce(Money.zero) { $0 + $1.amount }
            rows.append(.init([words("print.all"), "", "", amount(sum)], kind: .total))
        }
        return table(
            "print.recalculations",
            [
                .init(words("print.service"), .leading), .init(words("print.ground"), .leading),
                .init(words("print.period"), .leading),
                .init(words("print.sum_column"), .trailing),
            ], rows)
    }

    /// With the two sums that the recalculation is the difference of, where they are known.
    private func ground(_ line: ChargeLine?) -> String {
        let why =
            line?.ground.map { Words.ground($0, language) } ?? words("print.no_ground")
        guard case .anew(_, let now, let was)? = line?.steps.last else {
            return Words.bound(why)
        }
        return words(
            "print.ground_sums", ["why": why, "now": amount(now), "was": amount(was)])
    }

    // MARK: Meters

    func readings(_ key: String) -> BillForm.Section? {
        let month = facts.bill.month
        var rows: [BillForm.Row] = []
        for meter in facts.meters {
            let now = meter.months.first.flatMap { $0.month == month ? $0 : nil }
            let before = now == nil ? meter.months.first : meter.months.dropFirst().first
            // What was removed long ago is of the year's use only.
            guard now != nil || before.map({ $0.month >= month.advanced(by: -6) }) ?? true else {
                continue
            }
            for index in 0..<meter.registers {
                func value(_ told: BillFacts.Meter.Told?, _ other: [Quantity]?) -> String {
                    let values = told?.values ?? other ?? []
                    return values.indices.contains(index)
                        ? number(values[index], meter.service) : ""
                }
                var name = Words.service(meter.service, language)
                if meter.registers > 1, let register = Register.allCases.dropFirst(index).first {
                    name += ", " + Words.register(register, of: meter.registers, language)
                }
                let used = now?.volumes ?? []
                rows.append(
                    .init([
                        name, meter.number, verified(meter.id), value(before, meter.initial),
                        now == nil ? words("print.none") : value(now, nil),
                        now.map { date($0.takenOn) } ?? "",
                        used.indices.contains(index) ? number(used[index], meter.service) : "",
                        Words.unit(meter.service, language),
                    ]))
            }
        }
        return table(
            key,
            [
                .init(words("print.meter"), .leading), .init(words("print.number"), .leading),
                .init(words("print.verified"), .leading),
                .init(words("print.previous"), .decimal), .init(words("print.current"), .decimal),
                .init(words("print.date"), .leading), .init(words("print.use"), .decimal),
                .init(words("print.unit"), .leading),
            ], rows)
    }

    // MARK: The house

    var house: BillForm.Section? {
        var shared: [Service: (total: Quantity, rooms: Quantity, rest: Quantity?)] = [:]
        for item in groups.flatMap(\.items) {
            guard let service = item.kind?.service else { continue }
            for case .house(let total, let individual, _, _, let limit) in item.lines.flatMap(
                \.steps)
            {
                // What is above the norm the managing organization bears (ПП 354, п. 44).
                shared[service] = (
                    total, individual, limit.map { max(total - individual - $0, .zero) }
                )
            }
        }
        let rows: [BillForm.Row] = Service.allCases.compactMap { service in
            let known = shared[service]
            guard let total = known?.total ?? facts.houses[service] else { return nil }
            return .init([
                Words.service(service, language), number(total, service),
                known.map { number($0.rooms, service) } ?? "",
                known.map { number($0.total - $0.rooms, service) } ?? "",
                known?.rest.map { number($0, service) } ?? "",
                Words.unit(service, language),
            ])
        }
        return table(
            "print.house",
            [
                .init(words("print.service"), .leading), .init(words("print.by_house"), .decimal),
                .init(words("print.in_rooms"), .decimal),
                .init(words("print.in_common"), .decimal),
                .init(words("print.undistributed"), .decimal),
                .init(words("print.unit"), .leading),
            ], rows)
    }

    // MARK: Norms

    var norms: BillForm.Section? {
        let rows: [BillForm.Row] = groups.flatMap(\.items).compactMap { item in
            guard let kind = item.kind, let norm = facts.norms[kind.code],
                let unit = kind.unit.map({ Words.unit($0, language) })
            else { return nil }
            let per: String
            switch kind.basis {
            case .waterHeat: per = words("print.per_m3", ["unit": unit])
            case .areaNorm, .houseNeeds: per = words("print.per_m2", ["unit": unit])
            default: per = words("print.per_person", ["unit": unit])
            }
            return .init([kind.title(language), number(norm), per])
        }
        return table(
            "print.norms",
            [
                .init(words("print.service"), .leading), .init(words("print.norm"), .decimal),
                .init(words("print.unit"), .leading),
            ], rows)
    }

    // MARK: A year

    var plots: BillForm.Section? {
        let months = (0..<12).map { facts.bill.month.advanced(by: $0 - 11) }
        let plots: [BillForm.Plot] = Service.allCases.compactMap { service in
            var used: [Month: Quantity] = [:]
            for meter in facts.meters where meter.service == service {
                for told in meter.months {
                    used[told.month, default: .zero] =
                        used[told.month, default: .zero] + told.volumes.reduce(.zero, +)
                }
            }
            // Of what nobody read, what was charged for.
            var estimated: [Month: Quantity] = [:]
            for kind in facts.kinds where kind.service == service && kind.basis == .meter {
                for (month, volume) in facts.estimates[kind.code] ?? [:] where used[month] == nil {
                    estimated[month] = (estimated[month] ?? .zero) + volume
                }
            }
            let known = used.merging(estimated) { told, _ in told }
            guard months.count(where: { known[$0] != nil }) > 1 else { return nil }
            return .init(
                title: words(
                    "print.plot",
                    [
                        "service": Words.service(service, language),
                        "unit": Words.unit(service, language),
                    ]),
                bars: months.map { month in
                    .init(
                        label: Words.shortMonth(month, language), height: known[month]?.millionths,
                        value: known[month].map { label($0, service) } ?? "",
                        isEstimated: estimated[month] != nil)
                })
        }
        let isEstimated = plots.contains { $0.bars.contains { $0.isEstimated } }
        return plots.isEmpty
            ? nil
            : .init(
                words(isEstimated ? "print.plots_estimated" : "print.plots"), .plots(plots),
                note: words("print.plots_note"))
    }

    // MARK: Debts

    /// What is left of the months before this one, without the penalties that this one adds; what is older than four of them together.
    /// It is less than what was owed when the month began by what was paid in it: so it says of which day it is.
    var debts: BillForm.Section? {
        let month = facts.bill.month
        let open = facts.sums.filter { sum in
            sum.owed > .zero && sum.month.map { $0 < month } ?? false
        }
        guard !open.isEmpty else { return nil }
        let all = Set(open.compactMap(\.month)).sorted()
        let shown = Array(all.suffix(4))
        let hasEarlier = all.count > shown.count
        func cells(_ name: String, _ sums: [BillFacts.Sum]) -> [String] {
            func sum(_ which: (Month) -> Bool) -> Money {
                sums.reduce(.zero) { sum, one in
                    one.month.map(which) ?? false ? sum + one.owed : sum
                }
            }
            return [name] + (hasEarlier ? [some(sum { $0 < shown[0] })] : [])
                + shown.map { month in some(sum { $0 == month }) } + [amount(sum { _ in true })]
        }
        var rows: [BillForm.Row] = []
        for item in groups.flatMap(\.items) {
            guard let code = item.kind?.code else { continue }
            for isPenalty in [false, true] {
                let mine = open.filter { $0.kind == code && $0.isPenalty == isPenalty }
                guard !mine.isEmpty else { continue }
                let name = title(code)
                rows.append(
                    .init(
                        cells(
                            isPenalty ? words("print.of_penalty", ["service": name]) : name, mine)))
            }
        }
        if rows.count > 1 {
            rows.append(.init(cells(words("print.all"), open), kind: .total))
        }
        return table(
            "print.debts",
            [.init(words("print.service"), .leading)]
                + (hasEarlier ? [.init(words("print.earlier"), .trailing)] : [])
                + shown.map { .init(Words.month($0, language), .trailing) }
                + [.init(words("print.all"), .trailing)], rows,
            ["date": date(facts.bill.paidUntil)])
    }

    // MARK: Words at the end

    var suppliers: BillForm.Section? {
        var codes: [String] = []
        for item in groups.flatMap(\.items) {
            guard let code = item.kind?.supplier, !codes.contains(code) else { continue }
            codes.append(code)
        }
        let pairs: [BillForm.Pair] = codes.compactMap { code in
            guard let supplier = facts.suppliers.first(where: { $0.code == code }) else {
                return nil
            }
            let kinds = groups.flatMap(\.items).compactMap(\.kind).filter { $0.supplier == code }
            let what = kinds.map { $0.title(language) }.joined(separator: ", ")
            return .init(
                Words.bound(supplier.name),
                [what, supplier.phone.map(Words.phones)].compactMap(\.self).joined(separator: "; "))
        }
        return pairs.isEmpty ? nil : .init(words("print.suppliers"), .pairs(pairs))
    }

    var terms: BillForm.Section? {
        .init(
            words("print.terms"),
            .notes([
                words("print.terms.due", ["date": date(facts.bill.dueOn)]),
                words("print.terms.readings"),
            ]))
    }
}

extension BillFacts.Sum {
    fileprivate var owed: Money { closing - penalty }
}
