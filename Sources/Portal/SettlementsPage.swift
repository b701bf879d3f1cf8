import Commands
import HTTP
import Markup
import Store
import Words

/// «Взаиморасчеты» (SF-111, SF-112): what was charged and paid for a service, month by month, and what was owed.
struct SettlementsPage {
    var sheet: MoneySheet
    var view: SettlementsView
    /// As the address said it: any text.
    var chosen: String?

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    func response() -> Response {
        guard !view.period.isTurned else {
            return sheet.turned(
                words("menu.settlements"), "settlements", view.period,
                hidden: chosen.map { [("kind", $0)] } ?? [])
        }
        let groups = ServiceGroup.all(view.rows, view.names)
        guard let group = groups.first(where: { $0.kind == chosen }) ?? groups.first else {
            return sheet.response(words("menu.settlements")) {
                sheet.accountLine
                p(.class("card none")) { words("money.nothing") }
            }
        }
        var shown = sheet
        shown.frame.kind = group.kind
        shown.frame.service = group.service(sheet.names)
        return shown.response(
            group.title(sheet.names, sheet.language), tabs: tabs(shown.frame, group, of: groups)
        ) {
            sheet.accountLine
            section(.class("card"), .aria("labelledby", "settlements-title")) {
                h2(.id("settlements-title")) { words("menu.settlements") }
                sheet.periodForm(
                    sheet.path("settlements"), view.period, hidden: [("kind", group.kind)])
                balance(group)
                if group.kinds.count > 1 {
                    table(group.kinds, words("settlements.together"))
                    for kind in group.kinds { component(kind) }
                } else {
                    table(group.kinds, sheet.title(group.kind))
                }
                sheet.signs
            }
        }
    }

    /// What there is of a service (SF-111, SF-114); the services themselves, where the menu does not have them.
    private func tabs(
        _ frame: Frame, _ group: ServiceGroup, of groups: [ServiceGroup]
    ) -> HTML {
        guard sheet.profile.menu == .services else {
            return Tabs(
                name: words("settlements.tabs"),
                items: groups.map { other in
                    Tabs.Item(
                        title: other.title(sheet.names, sheet.language),
                        path: sheet.path("settlements") + "?kind=\(segment(other.kind))",
                        isChosen: other.kind == group.kind,
                        own: other.isOwn(sheet.names) ? sheet.frame.own : nil)
                }
            ).draw()
        }
        return ServiceTabs(
            frame: frame, profile: sheet.profile, account: sheet.account.account.number,
            group: group
        ).draw()
    }

    /// «информация о данных по услуге «подогрев ГВС»» (SF-113).
    @Children private func component(_ kind: String) -> HTML {
        details {
            summary {
                span(sheet.own(kind)) { sheet.title(kind) }
                months([kind]).last.map {
                    HTML.text(": \(Balance($0.closing, sheet.language).sentence)")
                }
            }
            table([kind], sheet.title(kind))
        }
    }

    /// What is owed at the end of what is shown.
    @Children private func balance(_ group: ServiceGroup) -> HTML {
        if let last = months(group.kinds).last {
            p {
                words("settlements.end", ["month": sheet.month(last.month)]) + " "
                strong { Balance(last.closing, sheet.language).sentence }
            }
        }
    }

    private func months(_ kinds: [String]) -> [SettledMonth] {
        SettledMonth.all(
            view.period.months,
            of: view.rows.filter { row in row.kind.map(kinds.contains) ?? false })
    }

    /// Newest first: a telephone shows one at a time.
    private func table(_ kinds: [String], _ name: String) -> HTML {
        MonthsTable(sheet: sheet, months: months(kinds)).draw(
            "\(words("menu.settlements")): \(name)")
    }
}

/// Months with what was owed before and after each.
struct MonthsTable {
    var sheet: MoneySheet
    var months: [SettledMonth]

    func draw(_ name: String) -> HTML {
        let columns =
            [MoneySheet.Column(title: sheet.words("money.month"), isSum: false)]
            + sheet.balanceColumns
        return sheet.table(name, columns) {
            // Months before anything was posted are none.
            for month in months.drop(while: { $0 == SettledMonth(month: $0.month) }).reversed() {
                sheet.row(
                    columns,
                    [span(.class("line")) { sheet.month(month.month) }] + sheet.balanceCells(month))
            }
            if months.count > 1, let whole = SettledMonth.sum(months) {
                sheet.row(
                    columns,
                    [.text(sheet.words("money.total_of_months"))] + sheet.balanceCells(whole),
                    "total")
            }
        }
    }
}
