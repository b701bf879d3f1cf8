import Commands
import Testing

@testable import Domain

/// Five kinds of the organization, and two payees of their own: one with a kind, one with two.
let payees: [String: KindTerms] = [
    "cold_water": KindTerms(), "hot_water": KindTerms(), "heating": KindTerms(),
    "upkeep": KindTerms(), "repair": KindTerms(),
    "capital": KindTerms(rule: "capital_repair", payee: "fund"),
    "waste": KindTerms(payee: "region"), "lift": KindTerms(payee: "region"),
]

/// «2026-02 cold_water: 200.00», «2026-02 heating пени: 12.34»; due by the law's days.
func debts(_ given: KeyValuePairs<String, String>) throws -> [Obligation] {
    let dues = try dueDays()
    return try given.map { key, value in
        let words = key.split(separator: " ")
        let month = try month(String(words[0]))
        return Obligation(
            kind: String(words[1]), month: month, due: try dues.due(for: month),
            isPenalty: words.count > 2, outstanding: try money(value))
    }
}

func paying(
    _ sum: String, on day: String = "2026-05-05", payee: String? = nil,
    for purpose: Allocation.Purpose = .none, id: UInt64 = 1
) throws -> Allocation.Payment {
    Allocation.Payment(
        id: CommandID(high: 0, low: id), amount: try money(sum), on: try #require(Day(day)),
        payee: payee, purpose: purpose)
}

extension Allocation.Part {
    var text: String {
        let place = tranche.map { "\($0)" } ?? "аванс"
        return "\(place) \(kind ?? "—")\(isPenalty ? " пени" : "") \(amount) \(reason.rawValue)"
    }
}

func allocated(_ payment: Allocation.Payment, _ debts: [Obligation]) -> [String] {
    Allocation.allocate(payment, to: debts, kinds: payees).map(\.text)
}

@Suite struct `Allocation of the worked examples` {
    let owed: [Obligation]
    init() throws {
        owed = try debts([
            "2026-03 heating": "700.00", "2026-02 heating пени": "12.34",
            "2026-02 hot_water": "300.00", "2026-02 cold_water": "200.00",
        ])
    }

    @Test func `3a: unnamed, what fell due first, and no penalties`() throws {
        #expect(
            allocated(try paying("1000.00"), owed) == [
                "2026-02 cold_water 200.00 overdue_first",
                "2026-02 hot_water 300.00 overdue_first",
                "2026-03 heating 500.00 overdue_first",
            ])
    }

    @Test func `3b: named for March, then February in proportion`() throws {
        #expect(
            allocated(try paying("1000.00", for: .init(month: month("2026-03"))), owed) == [
                "2026-03 heating 700.00 named", "2026-02 cold_water 120.00 proportional",
                "2026-02 hot_water 180.00 proportional",
            ])
    }

    @Test func `3c: the spare kopeck goes to the largest remainder`() throws {
        let equal = try debts([
            "2026-02 cold_water": "100.01", "2026-02 heating": "100.00",
            "2026-02 hot_water": "99.99",
        ])
        #expect(
            allocated(try paying("100.00"), equal) == [
                "2026-02 cold_water 33.34 proportional", "2026-02 heating 33.33 proportional",
                "2026-02 hot_water 33.33 proportional",
            ])
    }

    @Test func `3d: all debts, then penalties, and an advance of the rest`() throws {
        #expect(
            allocated(try paying("2000.00"), owed) == [
                "2026-02 cold_water 200.00 overdue_first",
                "2026-02 hot_water 300.00 overdue_first",
                "2026-03 heating 700.00 overdue_first", "2026-02 heating пени 12.34 penalty",
                "аванс — 787.66 advance",
            ])
    }

    @Test func `3a to 3d, taken back, leave nothing of themselves`() throws {
        for sum in ["1000.00", "2000.00", "0.01"] {
            let payment = try paying(sum)
            let march = try month("2026-03")
            let entries = Allocation.entries(
                of: Allocation.allocate(payment, to: owed, kinds: payees), payment, account: 1,
                month: march)
            let back = Allocation.reversal(of: entries, month: march.advanced(by: 1))
            #expect(Ledger.balance(entries + back) == .zero)
            #expect(back.map(\.tranche) == entries.map(\.tranche).reversed())
            #expect(back.map(\.amount) == entries.map { -$0.amount }.reversed())
            #expect(Allocation.reversal(of: entries + back, month: march).isEmpty)
        }
    }
}

@Suite struct `Allocation by what is named` {
    @Test func `a service takes its principal first; the rest goes on, then waits on it`() throws {
        let owed = try debts([
            "2026-02 heating": "100.00", "2026-03 cold_water": "50.00",
            "2026-03 cold_water пени": "1.00",
        ])
        #expect(
            allocated(try paying("300.00", for: .init(kind: "cold_water")), owed) == [
                "2026-03 cold_water 50.00 named", "2026-02 heating 100.00 overdue_first",
                "2026-03 cold_water пени 1.00 penalty", "аванс cold_water 149.00 advance",
            ])
    }

    @Test func `a service in a month is one debt`() throws {
        let owed = try debts([
            "2026-02 heating": "100.00", "2026-03 heating": "100.00",
            "2026-03 cold_water": "50.00",
        ])
        #expect(
            allocated(
                try paying("120.00", for: .init(month: month("2026-03"), kind: "heating")), owed)
                == ["2026-03 heating 100.00 named", "2026-02 heating 20.00 overdue_first"])
    }

    @Test func `penalties go before principal only if the payer names them`() throws {
        let owed = try debts([
            "2026-02 heating": "100.00", "2026-02 heating пени": "10.00",
            "2026-03 heating пени": "5.00",
        ])
        #expect(
            allocated(try paying("20.00", for: .init(penalties: true)), owed) == [
                "2026-02 heating пени 10.00 named", "2026-03 heating пени 5.00 named",
                "2026-02 heating 5.00 overdue_first",
            ])
        #expect(
            allocated(
                try paying("20.00", for: .init(month: month("2026-03"), penalties: true)), owed)
                == ["2026-03 heating пени 5.00 named", "2026-02 heating 15.00 overdue_first"])
    }

    @Test func `penalties of one due day are split, too`() throws {
        let owed = try debts([
            "2026-02 heating пени": "3.00", "2026-02 cold_water пени": "1.00",
        ])
        #expect(
            allocated(try paying("2.00"), owed) == [
                "2026-02 cold_water пени 0.50 penalty", "2026-02 heating пени 1.50 penalty",
            ])
    }
}

@Suite struct `Allocation by payee` {
    let owed: [Obligation]
    init() throws {
        owed = try debts([
            "2026-02 capital": "400.00", "2026-02 capital пени": "7.00",
            "2026-03 heating": "100.00", "2026-02 waste": "30.00", "2026-02 lift": "60.00",
        ])
    }

    @Test func `the organization's money covers what is its own`() throws {
        #expect(
            allocated(try paying("500.00"), owed) == [
                "2026-03 heating 100.00 overdue_first", "аванс — 400.00 advance",
            ])
    }

    @Test func `money for капремонт covers nothing else, whether said by kind or by payee`()
        throws
    {
        let parts = [
            "2026-02 capital 400.00 overdue_first", "2026-02 capital пени 7.00 penalty",
            "аванс capital 93.00 advance",
        ]
        #expect(allocated(try paying("500.00", payee: "fund"), owed) == parts)
        #expect(
            allocated(try paying("500.00", for: .init(kind: "capital")), owed)
                == ["2026-02 capital 400.00 named"] + parts.dropFirst())
    }

    @Test func `a payee's several kinds share its money, and its advance stays with it`() throws {
        #expect(
            allocated(try paying("45.00", payee: "region"), owed) == [
                "2026-02 lift 30.00 proportional", "2026-02 waste 15.00 proportional",
            ])
        #expect(
            allocated(try paying("100.00", payee: "region"), owed).last
                == "аванс lift 10.00 advance")
        // What is named and is not this payee's, it cannot hold.
        #expect(
            allocated(
                try paying("100.00", payee: "region", for: .init(kind: "heating")), owed
            ).last == "аванс lift 10.00 advance")
    }
}

@Suite struct `Allocation and limitation` {
    @Test func `claims beyond three years come last, unless they are named`() throws {
        // Due on 10.03.2023.
        let owed = try debts([
            "2023-02 heating": "100.00", "2023-02 heating пени": "10.00",
            "2026-02 heating": "50.00", "2026-02 heating пени": "5.00",
        ])
        #expect(
            allocated(try paying("200.00", on: "2026-03-11"), owed) == [
                "2026-02 heating 50.00 overdue_first", "2026-02 heating пени 5.00 penalty",
                "2023-02 heating 100.00 limitation", "2023-02 heating пени 10.00 limitation",
                "аванс — 35.00 advance",
            ])
        #expect(
            allocated(
                try paying("60.00", on: "2026-03-11", for: .init(month: month("2023-02"))), owed)
                == ["2023-02 heating 60.00 named"])
    }

    @Test func `the last day of three years is within them`() throws {
        let owed = try debts(["2023-02 heating": "100.00", "2026-02 heating": "50.00"])
        #expect(
            allocated(try paying("100.00", on: "2026-03-10"), owed)
                == ["2023-02 heating 100.00 overdue_first"])
    }
}

@Suite struct `Offsetting` {
    let april: Day
    init() throws { april = try day("2026-05-05") }

    func advance(
        _ sum: String, _ kind: String? = nil, on day: String = "2026-04-01", id: UInt64 = 1
    ) throws -> Advance {
        Advance(
            payment: CommandID(high: 0, low: id), kind: kind, amount: try money(sum),
            on: try #require(Day(day)))
    }

    func met(_ advances: [Advance], _ owed: [Obligation]) -> [String] {
        Allocation.offset(advances, against: owed, kinds: payees, on: april).map {
            "\($0.from.payment?.low ?? 0): \($0.part.text)"
        }
    }

    @Test func `an advance meets the next month's charges in the order of a payment`() throws {
        let owed = try debts([
            "2026-04 heating": "100.00", "2026-04 cold_water": "300.00",
            "2026-03 upkeep": "50.00", "2026-04 capital": "10.00",
        ])
        #expect(
            met([try advance("250.00")], owed) == [
                "1: 2026-03 upkeep 50.00 offset", "1: 2026-04 cold_water 150.00 offset",
                "1: 2026-04 heating 50.00 offset",
            ])
    }

    @Test func `the oldest money goes first`() throws {
        let owed = try debts(["2026-04 heating": "100.00"])
        #expect(
            met([try advance("60.00", id: 1), try advance("60.00", id: 2)], owed)
                == ["1: 2026-04 heating 60.00 offset", "2: 2026-04 heating 40.00 offset"])
    }

    @Test func `what stands on a service stays with it, unless others are overdue`() throws {
        let owed = try debts([
            "2026-04 heating": "100.00", "2026-04 cold_water": "30.00",
            "2026-03 upkeep": "20.00",
        ])
        #expect(
            met([try advance("200.00", "cold_water")], owed) == [
                "1: 2026-04 cold_water 30.00 offset", "1: 2026-03 upkeep 20.00 offset",
            ])
    }

    @Test func `капремонт is offset with капремонт only`() throws {
        let owed = try debts(["2026-03 heating": "100.00", "2026-04 capital": "30.00"])
        #expect(
            met([try advance("200.00", "capital")], owed)
                == ["1: 2026-04 capital 30.00 offset"])
    }

    @Test func `moves money in two entries that count from the payer's day`() throws {
        let owed = try debts(["2026-04 heating": "100.00"])
        let offsets = Allocation.offset(
            [try advance("60.00")], against: owed, kinds: payees, on: april)
        let entries = offsets.flatMap { $0.entries(account: 1, month: april.month) }
        #expect(entries.map(\.amount) == [try money("60.00"), try money("-60.00")])
        #expect(entries.map(\.tranche) == [nil, try month("2026-04")])
        #expect(entries.allSatisfy { $0.effectiveOn.description == "2026-04-01" })
        #expect(entries.allSatisfy { $0.payment?.low == 1 && $0.sort == .offset })
    }

    @Test func `taking a payment back undoes the offsets of its advance`() throws {
        let payment = try paying("500.00", on: "2026-04-01")
        let may = try month("2026-05")
        let owed = try debts(["2026-02 heating": "100.00"])
        var entries = Allocation.entries(
            of: Allocation.allocate(payment, to: owed, kinds: payees), payment, account: 1,
            month: try month("2026-04"))
        let advances = Ledger.advances(entries, tranches: [])
        #expect(advances.map(\.amount) == [try money("400.00")])
        entries += Allocation.offset(
            advances, against: try debts(["2026-04 heating": "150.00"]), kinds: payees, on: april
        ).flatMap { $0.entries(account: 1, month: may) }

        // A part of it: first what still stands as an advance, then the newest tranche.
        let part = Allocation.reversal(of: entries, amount: try money("300.00"), month: may)
        #expect(
            part.map { "\($0.tranche.map { "\($0)" } ?? "аванс") \($0.amount)" }
                == ["2026-04 150.00", "аванс 150.00"])
        let rest = Allocation.reversal(of: entries + part, month: may)
        #expect(
            rest.map { "\($0.tranche.map { "\($0)" } ?? "аванс") \($0.amount)" }
                == ["аванс 100.00", "2026-02 100.00"])
        for place in [nil, try month("2026-02"), try month("2026-04")] {
            #expect(
                Ledger.balance((entries + part + rest).filter { $0.tranche == place }) == .zero)
        }
    }
}

@Suite struct `Any allocation` {
    static let months = ["2022-11", "2026-01", "2026-02", "2026-03"]

    func some(_ random: inout Seeded) throws -> [Obligation] {
        let dues = try dueDays()
        var owed: [Obligation] = []
        for text in Self.months {
            let month = try month(text)
            for kind in payees.keys.sorted() {
                for isPenalty in [false, true] where Bool.random(using: &random) {
                    owed.append(
                        Obligation(
                            kind: kind, month: month, due: try dues.due(for: month),
                            isPenalty: isPenalty,
                            outstanding: Money(
                                kopecks: Int64.random(in: 1...90_000, using: &random))))
                }
            }
        }
        return owed.shuffled(using: &random)
    }

    func payment(_ random: inout Seeded, id: Int) throws -> Allocation.Payment {
        var purpose = Allocation.Purpose.none
        if Int.random(in: 0..<3, using: &random) == 0 {
            purpose.month = try month(try #require(Self.months.randomElement(using: &random)))
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            purpose.kind = payees.keys.sorted().randomElement(using: &random)
        }
        purpose.penalties = Int.random(in: 0..<5, using: &random) == 0
        return Allocation.Payment(
            id: CommandID(high: 0, low: UInt64(id)),
            amount: Money(kopecks: Int64.random(in: 1...400_000, using: &random)),
            on: try day("2026-04-20"),
            payee: [nil, nil, nil, "fund", "region"].randomElement(using: &random) ?? nil,
            purpose: purpose)
    }

    /// What is left of the debts.
    func left(_ owed: [Obligation], _ parts: [Allocation.Part]) -> [Obligation] {
        owed.map { obligation in
            var obligation = obligation
            for part in parts
            where part.kind == obligation.kind && part.tranche == obligation.month
                && part.isPenalty == obligation.isPenalty
            {
                obligation.outstanding = obligation.outstanding - part.amount
            }
            return obligation
        }
    }

    @Test(arguments: 0..<200)
    func
        `sums up to the payment, covers nothing too much, and is an advance only when nothing is left`(
            seed: Int
        ) throws
    {
        var random = Seeded(UInt64(seed))
        let owed = try some(&random)
        let payment = try payment(&random, id: 1)
        let parts = Allocation.allocate(payment, to: owed, kinds: payees)
        #expect(parts.reduce(Money.zero) { $0 + $1.amount } == payment.amount)
        #expect(parts.allSatisfy { $0.amount > .zero })
        let rest = left(owed, parts)
        #expect(rest.allSatisfy { $0.outstanding >= .zero })
        let payee = payment.payee ?? payment.purpose.kind.flatMap { payees[$0]?.payee }
        for part in parts {
            #expect(part.kind.flatMap { payees[$0]?.payee } == payee)
        }
        if parts.contains(where: { $0.reason == .advance }) {
            #expect(
                rest.allSatisfy { payees[$0.kind]?.payee != payee || $0.outstanding == .zero })
        }
        // The order in which debts are given changes nothing.
        #expect(
            Allocation.allocate(payment, to: owed.shuffled(using: &random), kinds: payees) == parts)
    }

    @Test(arguments: 0..<200)
    func `of one day's payments leaves the same debts of each month, whichever came first`(
        seed: Int
    ) throws {
        var random = Seeded(UInt64(seed))
        let owed = try some(&random)
        let payments = try (1...4).map { id in
            var payment = try payment(&random, id: id)
            payment.purpose = .none
            return payment
        }
        func after(_ payments: [Allocation.Payment]) -> [String: Money] {
            var rest = owed
            var sums: [String: Money] = [:]
            for payment in payments {
                let parts = Allocation.allocate(payment, to: rest, kinds: payees)
                rest = left(rest, parts)
                for part in parts where part.tranche == nil {
                    sums["аванс \(payment.payee ?? "")", default: .zero] += part.amount
                }
            }
            for debt in rest {
                let payee = payees[debt.kind]?.payee ?? ""
                sums["\(debt.month) \(payee) \(debt.isPenalty)", default: .zero] += debt.outstanding
            }
            return sums
        }
        #expect(after(payments) == after(payments.shuffled(using: &random)))
    }

    @Test(arguments: 0..<200)
    func `and its taking back are nothing, in every place`(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        var owed = try some(&random)
        let march = try month("2026-03")
        var entries: [Entry] = []
        for id in 1...3 {
            let payment = try payment(&random, id: id)
            let parts = Allocation.allocate(payment, to: owed, kinds: payees)
            owed = left(owed, parts)
            entries += Allocation.entries(of: parts, payment, account: 1, month: march)
        }
        // The next month is charged, and the advances meet it.
        let next = try some(&random).filter { !$0.isPenalty }.map { debt in
            var debt = debt
            debt.month = march.advanced(by: 1)
            debt.due = try day("2026-05-15")
            return debt
        }
        for offset in Allocation.offset(
            Ledger.advances(entries, tranches: []), against: next, kinds: payees,
            on: try day("2026-05-05"))
        {
            entries += offset.entries(account: 1, month: march.advanced(by: 1))
        }
        for id in 1...3 {
            let own = entries.filter { $0.payment?.low == UInt64(id) }
            let some = Money(
                kopecks: Int64.random(in: 1...max(1, -Ledger.balance(own).kopecks), using: &random))
            let first = Allocation.reversal(of: own, amount: some, month: march)
            #expect(Ledger.balance(first) == some)
            let second = Allocation.reversal(of: own + first, month: march)
            struct Place: Hashable {
                let kind: String?
                let tranche: Month?
                let isPenalty: Bool
            }
            var sums: [Place: Money] = [:]
            for entry in own + first + second {
                sums[
                    Place(kind: entry.kind, tranche: entry.tranche, isPenalty: entry.isPenalty),
                    default: .zero] += entry.amount
            }
            #expect(sums.values.allSatisfy { $0 == .zero })
        }
    }
}
