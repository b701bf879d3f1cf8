import Commands
import HTTP
import Markup
import Store
import Words

/// Services with their suppliers, «действующие тарифы» and «История» (SF-104).
struct SuppliersPage {
    var sheet: MoneySheet
    var view: SuppliersView

    private var language: Language { sheet.language }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    func response() -> Response {
        sheet.response(words("suppliers.title")) {
            sheet.accountLine
            if view.names.kinds.isEmpty {
                p(.class("card none")) { words("suppliers.none") }
            }
            for kind in view.names.kinds {
                section(.class("card supplied"), .aria("labelledby", "k-\(kind.code)")) {
                    h2(.id("k-\(kind.code)"), sheet.own(kind.code)) { sheet.title(kind.code) }
                    supplier(kind)
                    tariffs(kind)
                }
            }
        }
    }

    @Children private func supplier(_ kind: KindView) -> HTML {
        if let supplier = view.names.supplier(of: kind) {
            p {
                words("charges.supplier") + ": "
                strong(sheet.frame.own) { supplier.name }
            }
            let contacts = [
                supplier.address.map { Words.address($0) }, supplier.phone, supplier.email,
                supplier.site, supplier.schedule,
            ].compactMap(\.self).filter { !$0.isEmpty }
            if !contacts.isEmpty {
                p(.class("hint contacts"), sheet.frame.own) {
                    for contact in contacts { span { contact } }
                }
            }
        }
    }

    @Children private func tariffs(_ kind: KindView) -> HTML {
        let times = TariffTimes(view.tariffs.filter { $0.kind == kind.code }, view.account.today)
        if let now = times.now {
            p { words("suppliers.in_force", ["date": Words.date(now.from, language)]) }
            prices(now, kind)
        } else {
            p(.class("hint")) { words("suppliers.no_tariff") }
        }
        for next in times.coming {
            p { words("suppliers.coming", ["date": Words.date(next.from, language)]) }
            prices(next, kind)
        }
        if !times.past.isEmpty {
            details {
                summary {
                    words("suppliers.history")
                    span(.class("spoken")) { ": \(sheet.title(kind.code))" }
                }
                for past in times.past {
                    p(.class("hint")) {
                        words("suppliers.from", ["date": Words.date(past.from, language)])
                    }
                    prices(past, kind)
                }
            }
        }
    }

    private func prices(_ time: TariffTimes.Time, _ kind: KindView) -> HTML {
        ul(.class("prices")) {
            for (index, row) in time.rows.enumerated() {
                li {
                    let name = name(row, after: time.rows[..<index], kind)
                    if !name.isEmpty { name + ": " }
                    strong { Words.price(row.price, language) }
                    if let unit = kind.unit {
                        " " + words("suppliers.per", ["unit": Words.unit(unit, language)])
                    }
                }
            }
        }
    }

    /// Which register's and which range's price it is.
    private func name(
        _ row: TariffView, after: ArraySlice<TariffView>, _ kind: KindView
    ) -> String {
        var names: [String] = []
        if let register = row.register {
            names.append(Words.register(register, of: row.zones ?? 2, language))
        }
        let unit = kind.unit ?? .m3
        if let upTo = row.upTo {
            names.append(words("suppliers.up_to", ["v": Words.volume(upTo, unit, language)]))
        } else if let below = after.last(where: {
            $0.register == row.register && $0.zones == row.zones && $0.upTo != nil
        })?.upTo {
            names.append(words("suppliers.above", ["v": Words.volume(below, unit, language)]))
        }
        return names.joined(separator: ", ")
    }
}

/// The tariffs of a kind for one account in time: on every day those of the narrowest scope that has any count, and of them
/// those that came last.
struct TariffTimes {
    struct Time: Equatable {
        var from: Day
        var rows: [TariffView]
    }

    var now: Time?
    /// Nearest first.
    var coming: [Time] = []
    /// Newest first.
    var past: [Time] = []

    init(_ tariffs: [TariffView], _ today: Day) {
        var times: [Time] = []
        for day in Set(tariffs.map(\.from)).sorted() {
            let known = tariffs.filter { $0.from <= day }
            guard let width = known.map(\.width).max() else { continue }
            let own = known.filter { $0.width == width }
            guard let from = own.map(\.from).max() else { continue }
            let rows = Self.newest(own.filter { $0.from == from })
            // A wider scope's change is none for who has a narrower one's.
            if times.last?.rows != rows { times.append(Time(from: day, rows: rows)) }
        }
        for time in times {
            if time.from > today {
                coming.append(time)
            } else {
                if let now { past.insert(now, at: 0) }
                now = time
            }
        }
    }

    /// Of rows about the same thing the last one counts.
    private static func newest(_ rows: [TariffView]) -> [TariffView] {
        var found: [TariffView] = []
        for row in rows {
            if let index = found.firstIndex(where: {
                $0.register == row.register && $0.zones == row.zones && $0.upTo == row.upTo
            }) {
                found[index] = row
            } else {
                found.append(row)
            }
        }
        return found
    }
}
