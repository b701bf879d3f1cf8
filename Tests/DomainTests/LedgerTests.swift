import Commands
import Testing

@testable import Domain

@Suite struct `Entries of charge lines` {
    func line(
        _ kind: String, _ sum: String, of text: String, _ sort: ChargeLine.Sort = .charge
    ) throws -> ChargeLine {
        ChargeLine(
            kind: kind, month: try month(text), sort: sort, method: .norm, unit: .m3,
            volume: .zero, amount: try money(sum))
    }

    func tranches(_ lines: [ChargeLine]) throws -> [String] {
        Ledger.entries(of: lines, account: 1, month: try month("2026-04")).map {
            "\($0.kind ?? "—") \($0.tranche.map { "\($0)" } ?? "—") \($0.sort) \($0.amount)"
        }
    }

    @Test func `belong to the bill's month; what costs less, to the month that it takes down`()
        throws
    {
        #expect(
            try tranches([
                line("heating", "100.00", of: "2026-04"),
                line("heating", "50.00", of: "2026-04", .surcharge),
                line("heating", "-20.00", of: "2026-02", .recalculation),
                line("heating", "30.00", of: "2026-03", .recalculation),
                line("upkeep", "0.00", of: "2026-04"),
            ]) == [
                "heating 2026-04 charge 100.00", "heating 2026-04 surcharge 50.00",
                "heating 2026-02 recalculation -20.00", "heating 2026-04 recalculation 30.00",
            ])
    }

    @Test func `that take a month back and charge it again are judged together`() throws {
        #expect(
            try tranches([
                line("heating", "-500.00", of: "2026-02", .recalculation),
                line("heating", "450.00", of: "2026-02", .recalculation),
                line("upkeep", "-500.00", of: "2026-02", .recalculation),
                line("upkeep", "520.00", of: "2026-02", .recalculation),
            ]) == [
                "heating 2026-02 recalculation -500.00", "heating 2026-02 recalculation 450.00",
                "upkeep 2026-04 recalculation -500.00", "upkeep 2026-04 recalculation 520.00",
            ])
    }
}

/// A ledger of one account, as the months write it.
struct Book {
    var entries: [Entry] = []
    let dues: DueDays
    let terms: PenaltyTerms

    init() throws {
        dues = try dueDays()
        terms = try penaltyTerms()
    }

    mutating func post(
        _ sum: String, _ kind: String?, _ sort: Entry.Sort, in posted: String,
        of tranche: String?, isPenalty: Bool = false, on day: String? = nil, payment: UInt64? = nil
    ) throws {
        let posted = try #require(Month(posted))
        entries.append(
            Entry(
                id: Int64(entries.count + 1), account: 1, kind: kind, month: posted,
                tranche: tranche.flatMap { Month($0) }, sort: sort, isPenalty: isPenalty,
                amount: try money(sum), effectiveOn: day.flatMap { Day($0) } ?? posted.last,
                payment: payment.map { CommandID(high: 0, low: $0) }))
    }

    mutating func add(_ new: [Entry]) {
        for var entry in new {
            entry.id = Int64(entries.count + 1)
            entries.append(entry)
        }
    }

    func tranches() throws -> [Tranche] {
        try Ledger.tranches(entries, kinds: payees, dueDays: dues)
    }

    mutating func offset(in month: Month, on day: Day) throws {
        let tranches = try tranches()
        add(
            Allocation.offset(
                Ledger.advances(entries, tranches: tranches),
                against: Ledger.obligations(tranches), kinds: payees, on: day
            ).flatMap { $0.entries(account: 1, month: month) })
    }

    mutating func pay(_ payment: Allocation.Payment, in month: Month) throws {
        let parts = Allocation.allocate(
            payment, to: Ledger.obligations(try tranches()), kinds: payees)
        add(Allocation.entries(of: parts, payment, account: 1, month: month))
    }

    mutating func penalize(_ month: Month) throws {
        add(
            try Penalties.post(month: month, tranches: tranches(), terms: terms)
                .map { $0.entry(account: 1, month: month) })
    }
}

@Suite struct `Tranches` {
    @Test func `an account without entries has none`() throws {
        #expect(try Book().tranches().isEmpty)
    }

    @Test func `stand by due day, with principal and penalties apart`() throws {
        var book = try Book()
        try book.post("100.00", "upkeep", .charge, in: "2026-03", of: "2026-03")
        try book.post("200.00", "heating", .charge, in: "2026-02", of: "2026-02")
        try book.post("3.00", "heating", .penalty, in: "2026-05", of: "2026-02", isPenalty: true)
        try book.post(
            "-150.00", "heating", .payment, in: "2026-03", of: "2026-02", on: "2026-03-10")
        let obligations = Ledger.obligations(try book.tranches())
        #expect(
            obligations.map { "\($0.month) \($0.kind) \($0.isPenalty) \($0.outstanding)" } == [
                "2026-02 heating false 50.00", "2026-02 heating true 3.00",
                "2026-03 upkeep false 100.00",
            ])
        #expect(try book.tranches().map(\.penaltyPosted) == [try money("3.00"), .zero])
    }

    @Test func `of a kind that is not known are refused`() throws {
        var book = try Book()
        try book.post("100.00", "other", .charge, in: "2026-03", of: "2026-03")
        #expect(throws: MissingRow.chargeKind("other")) { try book.tranches() }
    }

    @Test func `that an opening balance brought were penalized by others until its day`() throws {
        var book = try Book()
        try book.post(
            "3000.00", "heating", .opening, in: "2026-07", of: "2026-03", on: "2026-06-30")
        try book.post(
            "43.70", "heating", .opening, in: "2026-07", of: "2026-03", isPenalty: true,
            on: "2026-06-30")
        // Days 77 to 90 at 1/300, 91 to 107 at 1/130.
        try book.penalize(month("2026-07"))
        #expect(book.entries.last?.amount == (try money("50.57")))
        #expect(Ledger.balance(book.entries) == (try money("3094.27")))
    }

    @Test func `that were paid too much give back the money that came last`() throws {
        var book = try Book()
        try book.post("200.00", "heating", .charge, in: "2026-02", of: "2026-02")
        try book.pay(paying("120.00", on: "2026-03-01", id: 1), in: month("2026-03"))
        try book.pay(paying("80.00", on: "2026-03-05", id: 2), in: month("2026-03"))
        try book.post("-100.00", "heating", .recalculation, in: "2026-03", of: "2026-02")
        try book.post("70.00", "upkeep", .charge, in: "2026-03", of: "2026-03")
        let credits = Ledger.advances(book.entries, tranches: try book.tranches())
        #expect(
            credits.map { "\($0.payment?.low ?? 0) \($0.amount) \($0.on)" }
                == ["1 20.00 2026-03-01", "2 80.00 2026-03-05"])

        try book.offset(in: month("2026-03"), on: day("2026-04-02"))
        #expect(Ledger.balance(book.entries) == (try money("-30.00")))
        #expect(
            Ledger.advances(book.entries, tranches: try book.tranches()).map {
                "\($0.payment?.low ?? 0) \($0.amount)"
            } == ["2 30.00"])

        // Taken back, each payment leaves both tranches as if it never came.
        for id in [1, 2] as [UInt64] {
            book.add(
                Allocation.reversal(
                    of: book.entries.filter { $0.payment?.low == id }, month: try month("2026-04")))
        }
        #expect(
            Ledger.obligations(try book.tranches()).map { "\($0.kind) \($0.outstanding)" }
                == ["heating 100.00", "upkeep 70.00"])
    }

    @Test func `that are taken down again give back what is still there`() throws {
        var book = try Book()
        try book.post("200.00", "heating", .charge, in: "2026-02", of: "2026-02")
        try book.pay(paying("120.00", on: "2026-03-01", id: 1), in: month("2026-03"))
        try book.pay(paying("80.00", on: "2026-03-05", id: 2), in: month("2026-03"))
        try book.post("-100.00", "heating", .recalculation, in: "2026-03", of: "2026-02")
        try book.post("100.00", "upkeep", .charge, in: "2026-03", of: "2026-03")
        try book.offset(in: month("2026-03"), on: day("2026-04-02"))
        #expect(Ledger.balance(book.entries) == .zero)
        // All of the second payment has left for upkeep, and a part of the first.
        try book.post("-60.00", "heating", .recalculation, in: "2026-04", of: "2026-02")
        #expect(
            Ledger.advances(book.entries, tranches: try book.tranches()).map {
                "\($0.payment?.low ?? 0) \($0.amount) \($0.on)"
            } == ["1 60.00 2026-03-01"])
    }

    @Test func `that are taken down below nothing give a credit without a payment`() throws {
        var book = try Book()
        try book.post("100.00", "heating", .charge, in: "2026-02", of: "2026-02")
        try book.post("-130.00", "heating", .recalculation, in: "2026-03", of: "2026-02")
        let credits = Ledger.advances(book.entries, tranches: try book.tranches())
        #expect(credits.map(\.amount) == [try money("30.00")])
        #expect(credits.map(\.payment) == [nil])
        #expect(credits.map(\.on) == [try day("2026-02-01")])
    }
}

@Suite struct `A statement` {
    @Test func `shows a month per kind, and in total`() throws {
        var book = try Book()
        try book.post("200.00", "heating", .charge, in: "2026-02", of: "2026-02")
        try book.post("50.00", "heating", .surcharge, in: "2026-03", of: "2026-03")
        try book.post("300.00", "heating", .charge, in: "2026-03", of: "2026-03")
        try book.post("-20.00", "heating", .recalculation, in: "2026-03", of: "2026-02")
        try book.post("1.50", "heating", .penalty, in: "2026-03", of: "2026-02", isPenalty: true)
        try book.post("-80.00", "heating", .payment, in: "2026-03", of: "2026-02", payment: 1)
        try book.post("-10.00", nil, .advance, in: "2026-03", of: nil, payment: 1)
        try book.post("40.00", "upkeep", .opening, in: "2026-03", of: "2026-01")
        try book.post("999.00", "upkeep", .charge, in: "2026-04", of: "2026-04")

        let statement = Ledger.statement(book.entries, month: try month("2026-03"))
        let rows = (statement.rows + [statement.total]).map { row in
            [
                row.opening, row.charged, row.recalculated, row.penalty, row.paid, row.closing,
                row.closingPenalty,
            ].map(\.description).joined(separator: " ")
        }
        #expect(statement.rows.map(\.kind) == ["heating", "upkeep", nil])
        #expect(
            rows == [
                "200.00 350.00 -20.00 1.50 80.00 451.50 1.50",
                "40.00 0.00 0.00 0.00 0.00 40.00 0.00", "0.00 0.00 0.00 0.00 10.00 -10.00 0.00",
                "240.00 350.00 -20.00 1.50 90.00 481.50 1.50",
            ])
    }

    @Test func `of nothing is empty`() throws {
        let statement = Ledger.statement([], month: try month("2026-03"))
        #expect(statement.rows.isEmpty)
        #expect(statement.total == Ledger.Statement.Row(kind: nil))
    }
}

@Suite struct `Any ledger` {
    /// A year of charges, corrections, payments, their reversals and closings.
    @Test(arguments: 0..<40)
    func `closes each month with the sum of its entries, and opens the next with it`(seed: Int)
        throws
    {
        var random = Seeded(UInt64(seed))
        var book = try Book()
        var current = try month("2025-10")
        var before = Ledger.statement([], month: current)
        for _ in 0..<12 {
            for kind in ["heating", "capital", "upkeep"] {
                try book.post(
                    "\(Money(kopecks: Int64.random(in: 1...90_000, using: &random)))", kind,
                    .charge, in: "\(current)", of: "\(current)")
            }
            if Int.random(in: 0..<3, using: &random) == 0 {
                let back = current.advanced(by: -Int.random(in: 0...2, using: &random))
                try book.post(
                    "\(Money(kopecks: -Int64.random(in: 1...120_000, using: &random)))", "heating",
                    .recalculation, in: "\(current)", of: "\(back)")
            }
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let paidOn = current.first.advanced(by: Int.random(in: -9...27, using: &random))
                try book.pay(
                    Allocation.Payment(
                        id: CommandID(high: 0, low: UInt64(book.entries.count)),
                        amount: Money(kopecks: Int64.random(in: 1...250_000, using: &random)),
                        on: paidOn, payee: Bool.random(using: &random) ? nil : "fund"),
                    in: current)
            }
            if Int.random(in: 0..<4, using: &random) == 0,
                let payment = book.entries.compactMap(\.payment).randomElement(using: &random)
            {
                book.add(
                    Allocation.reversal(
                        of: book.entries.filter { $0.payment == payment }, month: current))
            }
            try book.offset(in: current, on: current.last)
            try book.penalize(current)
            try book.offset(in: current, on: current.last)

            let statement = Ledger.statement(book.entries, month: current)
            #expect(statement.total.closing == Ledger.balance(book.entries))
            #expect(statement.total.opening == before.total.closing)
            for row in statement.rows + [statement.total] {
                let parts = row.opening + row.charged + row.recalculated + row.penalty - row.paid
                #expect(parts == row.closing)
            }
            for row in before.rows {
                #expect(
                    statement.rows.first { $0.kind == row.kind }?.opening == row.closing)
            }
            // Nobody owes and is owed at once what one payee could offset.
            let tranches = try book.tranches()
            let owed = Set(Ledger.obligations(tranches).map { payees[$0.kind]?.payee })
            for advance in Ledger.advances(book.entries, tranches: tranches)
            where advance.kind == nil || advance.tranche != nil || advance.kind == "capital" {
                let payee = advance.kind.flatMap { payees[$0]?.payee }
                #expect(!owed.contains(payee))
            }
            before = statement
            current = current.advanced(by: 1)
        }
        for payment in Set(book.entries.compactMap(\.payment)) {
            book.add(
                Allocation.reversal(
                    of: book.entries.filter { $0.payment == payment }, month: current))
        }
        // Without their payments, what was charged is owed, and nothing else.
        let tranches = try book.tranches()
        let charged = tranches.reduce(Money.zero) { $0 + $1.principal.charged + $1.penalty.charged }
        #expect(Ledger.balance(book.entries) == charged)
        #expect(Ledger.advances(book.entries, tranches: []).isEmpty)
    }
}
