import Commands
import Drawing
import Store
import Words

/// The form of приказ Минстроя 43/пр.
extension Bill {
    var standard: BillForm {
        let main = groups.first { !$0.isSeparate }
        var sections: [BillForm.Section] = []
        if let main { sections.append(services(main)) }
        sections += groups.filter(\.isSeparate).map(separate)
        sections += [
            recalculations, readings("print.readings"), house, norms, plots, debts, suppliers,
            terms,
        ].compactMap(\.self)
        return BillForm(
            layout: .standard, date: day, title: words("print.title"),
            subtitle: words("print.subtitle", ["month": month]),
            running: words("print.running", ["month": month, "account": account]),
            total: total, blocks: [payer, performer], steps: steps, sections: sections,
            slips: slips, footer: footer, pageNumber: pageNumber("print.page"))
    }

    private var payer: BillForm.Block {
        .init(
            title: words("print.payer"),
            pairs: pairs([
                ("print.holder", holder), ("print.address", address), ("print.account", account),
                ("print.area", area),
                ("print.residents", residents.map { words("print.people", ["n": $0]) }),
            ]))
    }

    private var performer: BillForm.Block {
        // Addresses and telephones are told of nobody else than they belong to.
        let own = facts.suppliers.first { $0.name == organization }
        let supplier = own ?? groups.first { !$0.isSeparate }?.supplier
        return .init(
            title: words("print.performer"),
            pairs: pairs([
                ("print.organization", supplier?.name ?? organization),
                ("print.address", supplier?.address),
                ("print.phone", supplier?.phone.map(Words.phones)),
                (
                    "print.site",
                    [supplier?.site, supplier?.email].compactMap(\.self).joined(separator: ", ")
                ), ("print.hours", supplier?.schedule),
            ]))
    }

    /// From what was owed to what is to be paid.
    private var steps: [BillForm.Step] {
        let bill = facts.bill
        func balance(_ money: Money, _ on: Day) -> (String, Money) {
            (
                words(
                    money < .zero ? "print.overpaid_on" : "print.debt_on", ["date": date(on)]),
                money
            )
        }
        let (opening, before) = balance(bill.opening, bill.month.first)
        let paid =
            facts.lastPaid.map { last in
                words(
                    "print.paid_last", ["date": date(bill.paidUntil), "last": date(last)])
            } ?? words("print.paid_until", ["date": date(bill.paidUntil)])
        var steps: [BillForm.Step] = [
            .init(label: opening, amount: amount(before)),
            bill.paid < .zero
                ? .init(label: words("print.taken_back"), amount: amount(-bill.paid))
                : .init(label: words("print.paid"), amount: amount(-bill.paid), note: paid),
            .init(label: words("print.charged"), amount: amount(bill.charged)),
        ]
        if bill.recalculated != .zero {
            steps.append(
                .init(label: words("print.recalculated"), amount: amount(bill.recalculated)))
        }
        if bill.penalty != .zero {
            steps.append(.init(label: words("print.penalty"), amount: amount(bill.penalty)))
        }
        let among = groups.filter { $0.isSeparate && $0.total.closing > .zero }.map { group in
            words(
                "print.among",
                ["what": group.title(language), "amount": roubles(group.total.closing)])
        }
        if bill.closing < .zero {
            let (label, after) = balance(bill.closing, bill.month.advanced(by: 1).first)
            steps.append(
                .init(
                    label: label, amount: amount(after), note: among.joined(separator: "; "),
                    isResult: true))
        } else {
            steps.append(
                .init(
                    label: words("print.to_pay"), amount: amount(bill.closing),
                    note: ([until] + among).joined(separator: "; "), isResult: true))
        }
        return steps
    }

    // MARK: Services

    private func services(_ group: Group) -> BillForm.Section {
        let items = group.items.filter { $0.kind != nil }
        let hasHouse = items.contains { $0.kind?.basis == .houseNeeds }
        let volumes = hasHouse ? words("print.volumes") : nil
        var columns: [BillForm.Column] = [
            .init(words("print.service"), .leading), .init(words("print.unit"), .leading),
            .init(
                words(hasHouse ? "print.individual" : "print.volume"), group: volumes, .decimal),
            .init(words("print.common"), group: volumes, .decimal),
            .init(words("print.method"), .center), .init(words("print.tariff"), .trailing),
            .init(words("print.charged_column"), .trailing),
            .init(words("print.recalculated_column"), .trailing),
            .init(words("print.penalty_column"), .trailing),
            .init(words("print.total_column"), .trailing),
        ]
        var rows = items.filter { $0.sums.added != .zero || !$0.charges.isEmpty }
            .flatMap(rows)
        let total = group.total
        rows.append(
            row(
                words("print.total", ["month": month]), charged: amount(total.charged),
                total, .total))
        if !hasHouse {
            columns.remove(at: 3)
            for place in rows.indices { rows[place].cells.remove(at: 3) }
        }
        return .init(
            words("print.services"),
            .table(.init(columns: columns, rows: rows, legend: words("print.legend"))))
    }

    private func row(
        _ name: String, unit: String = "", own: String = "", house: String = "", by: String = "",
        price: String = "", charged: String, _ sums: Group.Sums?,
        _ kind: BillForm.Row.Kind = .item, note: String = ""
    ) -> BillForm.Row {
        .init(
            [
                name, unit, own, house, by, price, charged, some(sums?.recalculated ?? .zero),
                some(sums?.penalty ?? .zero), sums.map { amount($0.added) } ?? "",
            ], kind: kind, note: note)
    }

    /// A service; what it consists of beneath it.
    private func rows(_ item: Group.Item) -> [BillForm.Row] {
        let (lines, parts) = (item.lines, self.parts(item))
        let volume =
            lines.isEmpty ? "" : number(lines.reduce(.zero) { $0 + $1.volume }, lines[0].unit)
        let isHouse = item.kind?.basis == .houseNeeds
        let unit = lines.first?.unit ?? item.kind?.unit
        func row(_ price: String) -> BillForm.Row {
            self.row(
                item.kind?.title(language) ?? "",
                unit: unit.map { Words.unit($0, language) } ?? "",
                own: isHouse ? "" : volume, house: isHouse ? volume : "",
                by: lines.first.map { Words.letter($0.method, language) } ?? "", price: price,
                charged: amount(item.sums.charged), item.sums, note: kept(item))
        }
        if let only = parts.only { return [row(price(only.price))] }
        return [row("")]
            + parts.map { part in
                let volume = part.volume.map { number($0, unit) } ?? ""
                return self.row(
                    part.name, own: isHouse ? "" : volume, house: isHouse ? volume : "",
                    price: part.price.map(price) ?? "", charged: amount(part.amount), nil, .part)
            }
    }

    /// Why less is charged than meters counted: months that were charged by the norm stay so (ПП 354, п. 60). Of all registers of
    /// a meter once.
    func kept(_ item: Group.Item) -> String {
        var notes: [String] = []
        for case .kept(_, let months, let all) in item.lines.flatMap(\.steps) {
            let note = words("print.kept", ["n": "\(all)", "k": "\(months)"])
            if !notes.contains(note) { notes.append(note) }
        }
        return notes.joined(separator: "; ")
    }

    struct Part {
        var name: String
        var volume: Quantity?
        var price: Quantity?
        var amount: Money
    }

    struct Parts {
        /// All of it at one price.
        var only: ChargeLine.Part?
        var all: [Part]

        func map<Result>(_ body: (Part) -> Result) -> [Result] { all.map(body) }
    }

    /// Registers, ranges, prices that changed within the month, and what the multiplier adds.
    func parts(_ item: Group.Item) -> Parts {
        let lines = item.lines
        let parts = lines.flatMap(\.parts)
        let surcharges = item.charges.filter { $0.sort == .surcharge }
        if surcharges.isEmpty, parts.count == 1, let part = parts.first, part.range == nil {
            return Parts(only: part, all: [])
        }
        let registers = Set(parts.compactMap(\.register)).count
        var all = parts.map { part in
            var names: [String] = []
            if let register = part.register, registers > 1 {
                names.append(Words.register(register, of: registers, language))
            }
            if let range = part.range { names.append(words("print.range", ["n": "\(range)"])) }
            if names.isEmpty {
                names.append(
                    words("print.at_price", ["price": Words.price(part.price, language)]))
            }
            return Part(
                name: names.joined(separator: ", "), volume: part.volume, price: part.price,
                amount: part.amount)
        }
        all += surcharges.map { charge in
            Part(
                name: words("print.surcharge"), volume: charge.line?.volume,
                price: charge.line?.parts.first?.price, amount: charge.amount)
        }
        return Parts(only: nil, all: all)
    }

    /// What has a payee of its own.
    func separate(_ group: Group) -> BillForm.Section {
        let rows: [BillForm.Row] = group.items.map { item in
            let lines = item.lines
            let part = parts(item).only
            return .init([
                item.kind?.title(language) ?? "",
                lines.isEmpty
                    ? ""
                    : Words.volume(
                        lines.reduce(.zero) { $0 + $1.volume }, lines[0].unit, language,
                        decimals: lines[0].unit == .m2 ? 2 : 0),
                part.map { price($0.price) } ?? "", signed(item.sums.opening),
                amount(item.sums.charged), some(item.sums.recalculated),
                some(item.sums.penalty), amount(item.sums.paid), amount(item.sums.closing),
            ])
        }
        let recalculated = group.total.recalculated != .zero
        let columns: [BillForm.Column] = [
            .init(words("print.service"), .leading), .init(words("print.volume"), .trailing),
            .init(words("print.tariff"), .trailing),
            .init(words("print.balance_column"), .trailing),
            .init(words("print.charged_column"), .trailing),
            .init(words("print.recalculated_column"), .trailing),
            .init(words("print.penalty_column"), .trailing),
            .init(words("print.paid_column"), .trailing),
            .init(words("print.to_pay_column"), .trailing),
        ]
        func shown<Element>(_ all: [Element]) -> [Element] {
            recalculated ? all : Array(all[..<5] + all[6...])
        }
        return .init(
            group.title(language),
            .table(
                .init(
                    columns: shown(columns),
                    rows: rows.map { .init(shown($0.cells), kind: $0.kind, note: $0.note) })))
    }

    /// Debt with its sign (SF-116).
    func signed(_ money: Money) -> String { (money > .zero ? "+" : "") + amount(money) }
}
