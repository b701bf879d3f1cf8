import Commands
import Markup
import Store
import Words

/// «Начисления» of a month (SF-103, SF-115): a row a kind, each unfolding into how it came to be; «Пени» a row of its own.
struct ChargesTable {
    var sheet: MoneySheet
    var charges: [ChargeView]

    private var language: Language { sheet.language }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    /// The charges of one kind, or all penalties (nil).
    private struct Group {
        var kind: String?
        var charges: [ChargeView]

        func sum(_ include: (ChargeView) -> Bool) -> Money {
            charges.reduce(.zero) { include($1) ? $0 + $1.amount : $0 }
        }

        var recalculated: Money { sum { $0.sort == .recalculation } }
        var total: Money { sum { _ in true } }
        /// What the month itself charged.
        var lines: [ChargeLine] { charges.compactMap(\.line).filter { $0.sort == .charge } }
    }

    /// In the order of a bill; kinds that nobody names any more, last.
    private var groups: [Group] {
        let places = Dictionary(
            sheet.names.kinds.enumerated().map { ($1.code, $0) },
            uniquingKeysWith: { first, _ in first })
        var found: [Group] = []
        for charge in charges where charge.sort != nil {
            if let index = found.firstIndex(where: { $0.kind == charge.kind }) {
                found[index].charges.append(charge)
            } else {
                found.append(Group(kind: charge.kind, charges: [charge]))
            }
        }
        func place(_ group: Group) -> (Int, String) {
            (places[group.kind ?? ""] ?? places.count, group.kind ?? "")
        }
        return found.sorted { place($0) < place($1) }
    }

    private var penalties: Group {
        Group(kind: nil, charges: charges.filter { $0.sort == nil })
    }

    private var columns: [MoneySheet.Column] {
        [
            .init(title: words("charges.service"), isSum: false),
            .init(title: words("charges.unit"), isSum: false),
            .init(title: words("charges.tariff")), .init(title: words("charges.volume")),
            .init(title: words("money.charged")), .init(title: words("money.recalculated")),
            .init(title: words("charges.total")),
        ]
    }

    func draw(_ name: String) -> HTML {
        let columns = columns
        let penalties = penalties
        let groups = groups
        return sheet.table(name, columns) {
            for group in groups {
                row(group, columns)
                more(group)
            }
            if !penalties.charges.isEmpty {
                sheet.row(
                    columns,
                    [
                        .text(words("money.penalty")), .empty, .empty, .empty,
                        .text(sheet.amount(penalties.total)), .empty,
                        .text(sheet.amount(penalties.total)),
                    ], "explained")
                more(penalties)
            }
            sheet.row(
                columns,
                [
                    .text(words("money.total")), .empty, .empty, .empty,
                    .text(
                        sheet.amount(
                            groups.reduce(penalties.total) { $0 + $1.total - $1.recalculated })),
                    sheet.change(groups.reduce(.zero) { $0 + $1.recalculated }),
                    .text(sheet.amount(groups.reduce(penalties.total) { $0 + $1.total })),
                ], "total")
        }
    }

    private func row(_ group: Group, _ columns: [MoneySheet.Column]) -> HTML {
        let kind = group.kind ?? ""
        let lines = group.lines
        let unit = lines.first?.unit ?? sheet.names.kind(kind)?.unit
        var prices: [String] = []
        for part in lines.flatMap(\.parts) {
            let price = Words.number(part.price, language, decimals: 2)
            if !prices.contains(price) { prices.append(price) }
        }
        let volume = lines.reduce(Quantity.zero) { $0 + $1.volume }
        return sheet.row(
            columns,
            [
                .text(sheet.title(kind)),
                lines.isEmpty ? .empty : .text(unit.map { Words.unit($0, language) } ?? ""),
                .fragment(prices.map { price in span(.class("line")) { price } }),
                lines.isEmpty ? .empty : .text(Words.number(volume, language)),
                .text(sheet.amount(group.total - group.recalculated)),
                .text(
                    group.charges.contains { $0.sort == .recalculation }
                        ? sheet.amount(group.recalculated) : ""),
                .text(sheet.amount(group.total)),
            ], own: sheet.own(kind), "explained")
    }

    // MARK: How it came to be

    private func more(_ group: Group) -> HTML {
        tr(.role("row"), .class("more")) {
            td(.role("cell"), .colspan(7)) {
                details {
                    summary {
                        words("charges.how")
                        span(.class("spoken")) {
                            ": " + (group.kind.map { sheet.title($0) } ?? words("money.penalty"))
                        }
                    }
                    div(.class("how")) {
                        for charge in group.charges { explanation(charge) }
                        supplier(group)
                    }
                }
            }
        }
    }

    @Children private func explanation(_ charge: ChargeView) -> HTML {
        div {
            p {
                strong { head(charge) }
                if let line = charge.line, line.sort == .charge, line.method != .other {
                    " "
                    span(.class("hint")) { Words.method(line.method, language) }
                }
            }
            for sentence in Explained.sentences(of: charge, sheet.names, language) {
                p { sentence }
            }
        }
    }

    private func head(_ charge: ChargeView) -> String {
        let what =
            switch charge.sort {
            case .charge: words("money.charged")
            case .surcharge: words("charges.surcharge")
            case .recalculation: words("money.recalculated")
            case nil: sheet.title(charge.kind)
            }
        return "\(what): \(Words.money(charge.amount, language))"
    }

    /// Whose service it is, as «Умная платёжка» says.
    @Children private func supplier(_ group: Group) -> HTML {
        if let kind = group.kind.flatMap({ sheet.names.kind($0) }),
            let supplier = sheet.names.supplier(of: kind)
        {
            p(.class("hint")) {
                words("charges.supplier") + ": "
                span(sheet.frame.own) { supplier.name }
            }
        }
    }
}

/// What a charge says of itself.
enum Explained {
    static func sentences(
        of charge: ChargeView, _ names: MoneyNames, _ language: Language
    ) -> [String] {
        switch charge.content {
        case .charge(let line):
            Words.explain(line, language, titles: names.titles(english: language == .en))
        case .penalty(let detail): Words.explain(detail, language)
        case .bare: []
        }
    }
}
