package import Commands
package import Markup
package import Store
import Words

/// «Общедомовые нужды»: the meters of an account's house and what they told of each month (SF-114, SF-155).
package struct HouseMetersPage: Sendable {
    package var frame: Frame
    package var meters: [HouseMeterView]

    /// Months that stand open; older ones are folded.
    static let shownMonths = 6

    private var language: Language { frame.language }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        frame.words(key, values)
    }

    package func draw() -> HTML {
        frame.draw(words("house.title")) {
            h1 { words("house.title") }
            if let number = frame.account {
                div(.class("account")) {
                    p(.class("number")) { words("page.account", ["number": number]) }
                }
            }
            p(.class("window")) { words("house.text") }
            div(.id("meters")) {
                if meters.isEmpty { p(.class("card none")) { words("house.none") } }
                for meter in meters { card(meter) }
            }
        }
    }

    private func card(_ meter: HouseMeterView) -> HTML {
        article(.class("card meter"), .aria("labelledby", "h\(meter.id)-title")) {
            div(.class("name")) {
                h2(.id("h\(meter.id)-title")) {
                    Words.service(meter.service, language) + ", "
                    words("meters.number", ["number": meter.number])
                }
                if let removed = meter.removedOn {
                    p(.class("state")) {
                        words("meters.removed", ["date": Words.date(removed, language)])
                    }
                }
            }
            dl(.class("facts")) {
                if let installed = meter.installedOn {
                    fact("house.installed", Words.date(installed, language))
                }
                fact(
                    "meters.verification",
                    meter.verifiedUntil.map { Words.date($0, language) }
                        ?? words("meters.verification_unknown"))
                if meter.ratio > 1 { fact("house.ratio", "\(meter.ratio)") }
            }
            plot(meter)
            if meter.months.isEmpty {
                p(.class("hint")) { words("meters.history_empty") }
            } else {
                table(meter, Array(meter.months.prefix(Self.shownMonths)))
                let older = Array(meter.months.dropFirst(Self.shownMonths))
                if !older.isEmpty {
                    details {
                        summary { words("meters.older", ["n": "\(older.count)"]) }
                        table(meter, older)
                    }
                }
            }
        }
    }

    private func fact(_ key: String, _ value: String) -> HTML {
        div {
            dt { words(key) }
            dd { value }
        }
    }

    @Children private func plot(_ meter: HouseMeterView) -> HTML {
        let used = Dictionary(
            meter.months.map { ($0.month, $0.volume) }, uniquingKeysWith: { first, _ in first })
        if used.count > 1, let last = used.keys.max() {
            let unit = Words.unit(meter.service, language)
            let title = words("meters.plot", ["unit": unit])
            figure(.class("use")) {
                figcaption { title }
                Plot.bars(
                    id: "h\(meter.id)-plot", title: title,
                    (0..<12).map { index in
                        let month = last.advanced(by: index - 11)
                        let name = Words.month(month, language)
                        return Plot.Point(
                            label: Words.shortMonth(month, language),
                            value: used[month]?.millionths,
                            words: used[month].map {
                                words(
                                    "meters.plot_point",
                                    [
                                        "month": name, "v": Words.number($0, language),
                                        "unit": unit,
                                    ])
                            } ?? words("meters.plot_nothing", ["month": name]))
                    })
            }
        }
    }

    private func table(_ meter: HouseMeterView, _ months: [HouseMeterView.Month]) -> HTML {
        let columns = ["month", "date", "value", "volume"].map { words("meters.column.\($0)") }
        let unit = Words.unit(meter.service, language)
        return Markup.table(.role("table"), .class("history")) {
            caption(.class("spoken")) {
                words("meters.history") + ": " + words("meters.number", ["number": meter.number])
            }
            thead(.role("rowgroup")) {
                tr(.role("row")) {
                    for column in columns {
                        th(.role("columnheader"), .scope(.col)) { column }
                    }
                }
            }
            tbody(.role("rowgroup")) {
                for month in months {
                    tr(.role("row")) {
                        cell("month", Words.month(month.month, language))
                        cell("date", Words.date(month.takenOn, language))
                        cell(
                            "value",
                            month.value.map { Words.number($0, language) } ?? words("house.act"))
                        cell("volume", "\(Words.number(month.volume, language))\u{A0}\(unit)")
                    }
                }
            }
        }
    }

    private func cell(_ kind: String, _ text: String) -> HTML {
        td(.role("cell"), .class(kind)) { text }
    }
}

/// The same for programs.
package enum HouseMetersJSON {
    package static func body(_ account: String, _ meters: [HouseMeterView]) -> JSON {
        .object([
            "account": .string(account),
            "meters": .array(
                meters.map { meter in
                    .object([
                        "meter": .string(meter.number),
                        "service": .string(meter.service.rawValue),
                        "digits": .int(Int64(meter.digits)),
                        "decimals": .int(Int64(meter.decimals)), "ratio": .int(Int64(meter.ratio)),
                        "installed_on": meter.installedOn.map { .string($0.description) },
                        "verified_until": meter.verifiedUntil.map { .string($0.description) },
                        "removed_on": meter.removedOn.map { .string($0.description) },
                        "months": .array(
                            meter.months.map { month in
                                .object([
                                    "month": .string(month.month.description),
                                    "taken_on": .string(month.takenOn.description),
                                    "value": month.value.map {
                                        .string($0.text(decimals: meter.decimals))
                                    },
                                    "volume": .string(month.volume.text(decimals: 0)),
                                ])
                            }),
                    ])
                }),
        ])
    }
}
