import Commands
import Drawing
import Store
import Words

/// «СЧЕТ» with the thirteen columns of manual 001 (SF-116, SF-117): debt is above zero, what was paid too much below.
extension Bill {
    var thirteen: BillForm {
        let main = groups.first { !$0.isSeparate }
        var sections: [BillForm.Section] = []
        if let main { sections.append(columns(main)) }
        sections += groups.filter(\.isSeparate).map(separate)
        sections += [recalculations, readings("print13.meters"), house, plots, debts, suppliers]
            .compactMap(\.self)
        return BillForm(
            layout: .thirteen, date: day, title: words("print13.title"),
            subtitle: words("print13.subtitle", ["month": month]),
            running: words("print13.running", ["account": account, "month": month]), total: total,
            blocks: [
                .init(
                    title: "",
                    pairs: pairs([
                        ("print13.account", account), ("print.address", address),
                        ("print13.holder", holder),
                    ])),
                .init(
                    title: "",
                    pairs: pairs([
                        ("print.area", area), ("print13.residents", residents),
                        ("print13.organization", organization),
                    ])),
            ], steps: [], sections: sections, slips: slips, footer: footer,
            pageNumber: pageNumber("print13.page"))
    }

    private func columns(_ group: Group) -> BillForm.Section {
        let all: [(String, BillForm.Column.Alignment)] = [
            ("1", .center), ("2", .leading), ("3", .trailing), ("4", .trailing), ("5", .trailing),
            ("6", .center), ("7", .decimal), ("8", .trailing), ("9", .trailing),
            ("10", .trailing), ("11", .trailing), ("12", .trailing), ("13", .trailing),
        ]
        let columns: [BillForm.Column] = all.map { key, alignment in
            let isDays = key == "10" || key == "11"
            return .init(
                words("print13.\(key)"), group: isDays ? words("print13.undersupply") : nil,
                alignment)
        }
        var rows: [BillForm.Row] = []
        var sum = Cells()
        for item in group.items {
            let cells = Cells(item, of: facts.bill.month)
            sum += cells
            guard let kind = item.kind else {
                rows.append(row("", words("print.advance"), cells, unit: "", volume: "", price: ""))
                continue
            }
            let lines = item.lines
            let parts = parts(item)
            let unit = lines.first?.unit ?? kind.unit
            rows.append(
                row(
                    "\(rows.count { $0.kind == .item } + 1)", kind.title(language), cells,
                    unit: unit.map { Words.unit($0, language) } ?? "",
                    volume: lines.isEmpty
                        ? "" : number(lines.reduce(.zero) { $0 + $1.volume }, unit),
                    price: parts.only.map { price($0.price) } ?? "", note: kept(item)))
            rows += parts.map { part in
                .init(
                    [
                        "", words("print13.part", ["what": part.name]), "", "", "", "",
                        part.volume.map { number($0, unit) } ?? "", part.price.map(price) ?? "",
                        amount(part.amount), "", "", amount(part.amount), amount(part.amount),
                    ], kind: .part)
            }
        }
        let penalty = group.total.penalty
        if penalty != .zero {
            rows.append(
                .init(
                    ["", words("print.penalty")] + Array(repeating: "", count: 10)
                        + [amount(penalty)]))
        }
        var total = row("", words("print13.all"), sum, unit: "", volume: "", price: "")
        total.kind = .total
        total.cells[9] = ""
        total.cells[12] = amount(sum.charged - sum.undersupply + penalty)
        rows.append(total)
        return .init("", .table(.init(columns: columns, rows: rows)))
    }

    private struct Cells {
        var paid = Money.zero
        var recalculated = Money.zero
        /// Before the month's charges, behind what was paid.
        var debt = Money.zero
        var charged = Money.zero
        var days = 0
        var undersupply = Money.zero

        init() {}

        /// - Parameter month: the bill's. Days of another one are a recalculation of it, and none of this one's.
        init(_ item: Group.Item, of month: Month) {
            paid = item.sums.paid
            debt = item.sums.opening - item.sums.paid
            charged = item.sums.charged
            recalculated = item.sums.recalculated
            for charge in item.recalculations {
                guard case .undersupply(let days, _)? = charge.line?.ground, charge.month == month
                else { continue }
                self.days += days
                undersupply += -charge.amount
                recalculated += -charge.amount
            }
        }

        static func += (left: inout Cells, right: Cells) {
            left.paid += right.paid
            left.recalculated += right.recalculated
            left.debt += right.debt
            left.charged += right.charged
            left.undersupply += right.undersupply
        }
    }

    private func row(
        _ place: String, _ name: String, _ cells: Cells, unit: String, volume: String,
        price: String, note: String = ""
    ) -> BillForm.Row {
        .init(
            [
                place, name, amount(cells.paid), amount(cells.recalculated), signed(cells.debt),
                unit, volume, price, amount(cells.charged), "\(cells.days)",
                amount(cells.undersupply), amount(cells.charged),
                amount(cells.charged - cells.undersupply),
            ], note: note)
    }
}
