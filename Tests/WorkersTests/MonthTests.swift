import Commands
import Postgres
import Queue
import TestKit
import Testing
import Threads

/// Months that are charged: closed, foreseen, opened again, on a real database.
@Suite(.serialized) struct `A month that is charged` {
    private static let database = Result { try TestDatabase("months") }
    /// Of four lanes.
    private static let wide = Result { try TestDatabase("months4") }

    private func office(accountsInPart: Int = 2000, lanes: Int = 1, flats: Int = 1) throws -> Office
    {
        try .charging(
            (lanes == 1 ? Self.database : Self.wide).get(), lanes: lanes,
            accountsInPart: accountsInPart, flats: flats)
    }

    private func known(accountsInPart: Int = 2000) throws -> Office {
        let office = try self.office(accountsInPart: accountsInPart)
        try office.toldUntilApril()
        return office
    }

    // MARK: Comparing

    @Test func `is compared with what another system billed, and stays as it is`() throws {
        let office = try known()
        try office.close("2026-02")
        let bill = ["120", "2026-02", "", "1820,00", "", "", "0", "1 820,00", ""]
        func other(_ column: Int, _ text: String) -> [String] {
            var row = bill
            row[column] = text
            return row
        }
        let rows = [
            bill, other(7, "1820,01"), other(3, "1819,99"), other(1, "2026-03"), other(0, "9"),
            other(7, ""), other(8, "2026-01-01"), other(1, "02.2026"),
        ]
        let before = try (office.bills(), office.entries(month: "2026-02"))
        for dryRun in [true, false] {
            let job = try office.stage(.bills, BillRow.columns, rows, dryRun: dryRun)
            try office.take(job, .bills, rows: rows.count, ranges: 3, dryRun: dryRun)
            try office.decide()
            #expect(try office.counts(job) == "0 2 6")
            #expect(
                try office.errors(job) == [
                    "3 BILL_DIFFERS", "4 BILL_DIFFERS", "5 BILL_MISSING", "6 NOT_FOUND", "7 SHAPE",
                    "8 BILL_DIFFERS",
                ])
        }
        #expect(try office.bills() == before.0)
        #expect(try office.entries(month: "2026-02") == before.1)
    }

    // MARK: Closing

    @Test
    func `posts every kind with its explanation, and a bill that begins where the last ended`()
        throws
    {
        let office = try known()
        try office.close("2026-02", "2026-03")
        #expect(
            try office.entries(month: "2026-03") == [
                "2026-03 charge upkeep 2026-03 1000.00", "2026-03 charge waste 2026-03 200.00",
                "2026-03 charge water 2026-03 180.00", "2026-03 charge repair 2026-03 500.00",
            ])
        #expect(
            try office.bills() == [
                "2026-02 0.00 + 1820.00 + 0.00 + 0.00 − 0.00 = 1820.00",
                "2026-03 1820.00 + 1880.00 + 0.00 + 0.00 − 0.00 = 3700.00",
            ])
        let rows = try office.owner.script(
            """
            select e.kind, e.line::text from facts.entry e join facts.account a on a.id = e.account
            where a.organization = '\(office.code)' and e.month = '2026-03-01' order by e.id
            """
        ).map { ($0.text(0), $0.text(1)) }
        let march = try #require(Month("2026-03"))
        let lines = try rows.map { kind, text in
            try ChargeLine(
                kind: kind, month: march, sort: .charge, amount: .zero,
                detail: JSON.parse(Array(text.utf8)))
        }
        #expect(lines.map(\.method) == [.other, .other, .meter, .other])
        #expect(lines.map(\.unit) == [.m2, .person, .m3, .m2])
        #expect(
            lines[2].steps == [
                .readings(
                    meter: "M120", register: .t1, from: Quantity(millionths: 3_000_000),
                    to: Quantity(millionths: 7_500_000), rolled: false)
            ])
        #expect(lines[2].parts.map(\.amount) == [Money(kopecks: 180_00)])
        #expect(lines[2].parts.map(\.price) == [Quantity(millionths: 40_000_000)])
        #expect(lines[0].steps == [.area(Quantity(millionths: 50_000_000))])
        #expect(
            try office.texts(
                """
                select concat_ws(' ', b.due_on, b.paid_until, to_char(b.open_from, 'YYYY-MM'), b.card->>'account', b.problems)
                from facts.bill b where b.organization = $o order by b.month
                """) == ["2026-03-16 2026-02-28 2026-02 120", "2026-04-15 2026-03-31 2026-02 120"])
        #expect(try office.violations().isEmpty)
    }

    @Test func `posts penalties that a payment of the past takes down again`() throws {
        let office = try known()
        try office.close("2026-02", "2026-03", "2026-04")
        // February was due on 16 March: of April the days 31 to 45 count.
        #expect(
            try office.entries(month: "2026-04").filter { $0.contains("penalty") } == [
                "2026-04 penalty repair 2026-02 2.38 penalty",
                "2026-04 penalty upkeep 2026-02 4.75 penalty",
                "2026-04 penalty waste 2026-02 0.95 penalty",
                "2026-04 penalty water 2026-02 0.57 penalty",
            ])
        #expect(
            try office.bills().last
                == "2026-04 3700.00 + 1900.00 + 0.00 + 8.65 − 0.00 = 5608.65")
        // It was paid on the last day that costs nothing: the bank's register came late.
        try office.pay(1820_00, "1", #""month":"2026-02""#, paidOn: "2026-04-15")
        try office.close("2026-05")
        #expect(
            try office.entries(month: "2026-05").filter {
                $0.contains("2026-02") && $0.contains("penalty")
            } == [
                "2026-05 penalty repair 2026-02 -2.38 penalty",
                "2026-05 penalty upkeep 2026-02 -4.75 penalty",
                "2026-05 penalty waste 2026-02 -0.95 penalty",
                "2026-05 penalty water 2026-02 -0.57 penalty",
            ])
        #expect(try office.debts().allSatisfy { !$0.contains("2026-02") })
        #expect(try office.violations().isEmpty)
    }

    @Test func `is posted once, however often it is closed`() throws {
        let office = try known()
        try office.close("2026-02", "2026-03")
        let before = try office.ledgers()
        let again = try office.month(.closePeriod, "2026-03")
        try office.decide()
        #expect(try office.sum("accounts", again) == 0)
        try office.close("2026-02", "2026-03")
        #expect(try office.ledgers() == before)
        // Who came after the close of a month has no bill of it: it may be closed again for them.
        try office.flat("121")
        try office.decide()
        try office.close("2026-03")
        #expect(try office.bills().count == 2)
        #expect(try office.bills("121").count == 1)
        #expect(try office.violations().isEmpty)
    }

    @Test func `is closed behind the one before it, and in no other order`() throws {
        let office = try known()
        try office.close("2026-02")
        let ids = try ["2026-04", "2026-01", "2026-03"].map { try office.month(.closePeriod, $0) }
        try office.decide()
        #expect(try ids.map(office.outcome) == ["PERIOD_ORDER", "PERIOD_ORDER", "done"])
        #expect(try office.bills().count == 2)
        // Nothing can be done to close a month that lies before the first.
        let told = try ids.prefix(2).map { try office.result($0)["values"] }
        #expect(told[0]?["month"]?.string == "2026-03" && told[0]?["what"] == nil)
        #expect(told[1]?["month"]?.string == "2026-01" && told[1]?["what"]?.string == "before")
    }

    @Test func `tells what it cannot charge, and charges the rest`() throws {
        let office = try known()
        try office.refer(
            .chargeKinds, "lift;2020-01-01;;Лифт;;15;area;;;m2;uk;housing;0;0")
        try office.refer(.contracts, "lift;;;;2020-01-01")
        let close = try office.month(.closePeriod, "2026-02")
        try office.decide()
        #expect(try office.sum("problems", close) == 1)
        let problem = try #require(office.parts(close)[0]["problem_list"]?.array?.first)
        #expect(
            ["account", "kind", "month", "what"].map { problem[$0]?.string } == [
                "120", "lift", "2026-02", "tariff",
            ])
        #expect(
            try office.text(
                "select b.problems->0->>'kind' from facts.bill b where b.organization = $o")
                == "lift")
        #expect(
            try office.bills() == ["2026-02 0.00 + 1820.00 + 0.00 + 0.00 − 0.00 = 1820.00"])
    }

    @Test func `tells on the bill that penalties had no rate`() throws {
        let office = try known()
        try office.close("2026-02", "2026-03")
        func rates(_ interval: String) throws {
            try office.owner.script(
                "update facts.key_rate set valid_from = (valid_from \(interval))::date")
        }
        try rates("+ interval '900 years'")
        defer { #expect(throws: Never.self) { try rates("- interval '900 years'") } }
        let close = try office.month(.closePeriod, "2026-04")
        try office.decide()
        #expect(try office.sum("problems", close) == 1)
        #expect(
            try office.texts(
                """
                select concat_ws(' ', jsonb_array_length(b.problems), e->>'kind', e->>'month', e->>'what')
                from facts.bill b cross join lateral jsonb_array_elements(b.problems) e
                where b.organization = $o and b.month = '2026-04-01'
                """) == ["1  2026-04 key_rate"])
        // In words that an operator knows, and with the day that has none.
        let problem = try #require(office.parts(close)[0]["problem_list"]?.array?.first)
        #expect(problem["account"]?.string == "120" && problem["kind"]?.string == "")
        #expect(problem["of"]?.string.flatMap { Day($0) } != nil)
    }

    @Test func `takes days without a service off, of a house and of one account`() throws {
        let office = try office(flats: 2)
        try office.flat("130", house: "h2")
        #expect(
            try office.refer(
                .undersupply, "waste;h1;;2026-02;3;акт № 1", "upkeep;;120;2026-02;7;акт № 2",
                "waste;h1;;2026-03;9;акт № 3") == "3 0 0")
        try office.close("2026-02")
        #expect(
            try office.entries("120").filter { $0.contains("recalculation") } == [
                "2026-02 recalculation upkeep 2026-02 -250.00",
                "2026-02 recalculation waste 2026-02 -21.43",
            ])
        #expect(
            try office.entries("121").filter { $0.contains("recalculation") } == [
                "2026-02 recalculation waste 2026-02 -21.43"
            ])
        #expect(try office.entries("130").allSatisfy { !$0.contains("recalculation") })
        // The line keeps the words that were typed.
        #expect(
            try office.texts(
                """
                select e.kind || ': ' || (e.line #>> '{g,w}') from facts.entry e join facts.account a on a.id = e.account
                where a.organization = $o and a.number = '120' and e.sort = 'recalculation' order by e.kind
                """) == ["upkeep: акт № 2", "waste: акт № 1"])
        #expect(try office.violations().isEmpty)
    }

    // MARK: Parts

    /// Cut finely or not at all: the same to the kopeck.
    private func town(part: Int) throws -> Office {
        let office = try office(accountsInPart: part)
        try office.town()
        return office
    }

    @Test func `comes to the same however its accounts are cut, and no cut goes through a house`()
        throws
    {
        let whole = try town(part: 2000)
        try whole.close("2026-02")
        // 16 − (2 + 3 + 4 + 5) = 2 m³ of 200 m², 50 of them a flat's; the norm would let 3 be shared.
        #expect(
            try whole.entries("120").contains("2026-02 charge house 2026-02 20.00"))
        // The flats of the other house used more than all of it.
        #expect(
            try whole.entries("130").allSatisfy { !$0.contains("house") || $0.hasSuffix(" 0.00") })
        #expect(try whole.violations().isEmpty)
        func told(_ office: Office) throws -> [String] {
            try office.ledgers().map { $0.replacing(office.code, with: "o") }
        }
        for part in [1, 2, 3, 4] {
            let office = try town(part: part)
            let close = try office.month(.closePeriod, "2026-02")
            try office.decide()
            #expect(try told(office) == told(whole), "parts of \(part)")
            let parts = try office.result(close)["parts"]?.int
            // Of h1 four, of h2 two, of none three.
            #expect(parts == [1: 5, 2: 4, 3: 3, 4: 3][part], "parts of \(part)")
        }
        let close = try whole.month(.closePeriod, "2026-02")
        try whole.decide()
        #expect(try whole.result(close)["parts"]?.int == 2)
    }

    @Test func `of many houses puts as many into a part as it takes`() throws {
        let office = try office(accountsInPart: 4)
        for house in 1...10 { try office.flat("\(200 + house)", house: "k\(house)") }
        try office.decide()
        let close = try office.month(.closePeriod, "2026-02")
        try office.decide()
        #expect(try office.result(close)["parts"]?.int == 3)
        #expect(try office.sum("accounts", close) == 11)
    }

    @Test func `is charged by four lanes at once as by one`() throws {
        let one = try office(accountsInPart: 2)
        let four = try office(accountsInPart: 2, lanes: 4)
        for office in [one, four] {
            for house in 1...6 {
                for flat in 0...1 {
                    try office.flat("\(1000 + house * 10 + flat)", house: "k\(house)")
                }
            }
            try office.decide()
            for house in 1...6 {
                for flat in 0...1 {
                    try office.told(
                        "\(flat + 1)", "2026-02", account: "\(1000 + house * 10 + flat)")
                }
            }
            try office.decide()
        }
        func deadlocks() throws -> String {
            try four.text(
                "select deadlocks from pg_stat_database where datname = current_database()")
        }
        let before = try deadlocks()
        try one.close("2026-02")
        try four.month(.closePeriod, "2026-02")
        // Payments of every account at the same time.
        for house in 1...6 { try four.pay(1, "\(house)", account: "\(1000 + house * 10)") }
        try four.together()
        try four.together()
        #expect(try deadlocks() == before)
        func charges(_ office: Office) throws -> [String] {
            try office.standing("2026-02").filter { $0.contains("|charge|") }
        }
        #expect(try charges(four) == charges(one))
        #expect(try four.violations().isEmpty)
    }

    // MARK: Foreseeing

    @Test func `is foreseen without a trace, and tells what looks odd`() throws {
        let office = try known()
        try office.flat("121")
        try office.decide()
        try office.close("2026-02", "2026-03")
        let before = try office.ledgers()
        let corrections = "select count(*) from facts.correction"
        let count = try office.text(corrections)
        let readings = try office.readings(meter: "M120")
        let foreseen = try office.month(.foreseePeriod, "2026-04")
        try office.decide()
        #expect(try office.ledgers() == before)
        #expect(try office.text(corrections) == count)
        #expect(try office.readings(meter: "M120") == readings)
        #expect(
            try office.texts(
                "select month::text from facts.period where organization = $o and month > '2026-03-01'"
            ).isEmpty)
        let told = try office.parts(foreseen)
        // Nobody read the other meter.
        #expect(told[0]["anomalies"]?.int == 1)
        #expect(told[0]["anomaly_counts"]?["no_reading"]?.int == 1)
        #expect(
            told[0]["anomaly_list"]?.array?.first?["what"]?.string == "no_reading")
        let close = try office.month(.closePeriod, "2026-04")
        try office.decide()
        for member in ["accounts", "lines", "charged_kopecks", "penalty_kopecks"] {
            #expect(try office.sum(member, foreseen) == office.sum(member, close), "\(member)")
        }
    }

    @Test func `is foreseen with each flat that looks odd, however many they are`() throws {
        let office = try known()
        for number in 301...325 { try office.flat("\(number)") }
        try office.decide()
        let foreseen = try office.month(.foreseePeriod, "2026-02")
        try office.decide()
        let named = try office.parts(foreseen).flatMap { $0["anomaly_list"]?.array ?? [] }
        #expect(Set(named.compactMap { $0["account"]?.string }).count >= 25)
        #expect(Int64(named.count) == (try office.sum("anomalies", foreseen)))
    }

    /// What a preview tells: `account kind what` of every problem, and of every house that looks odd.
    private func foreseen(_ office: Office, _ month: String) throws -> [String] {
        let id = try office.month(.foreseePeriod, month)
        try office.decide()
        return try office.parts(id).flatMap { part -> [[String]] in
            let problems = (part["problem_list"]?.array ?? []).map { problem in
                ["account", "kind", "what"].map { problem[$0]?.string ?? "" }
            }
            let houses = (part["anomaly_list"]?.array ?? []).filter { $0["house"] != nil }
            return problems
                + houses.map { odd in
                    ["house", "service", "what"].map { odd[$0]?.string ?? "" }
                }
        }.map { $0.joined(separator: " ") }
    }

    @Test func `names a house of which too little is known for its needs`() throws {
        let office = try office()
        // Nobody charges the needs of the other house, and nothing is missing there.
        try office.flat("130", house: "h2")
        try office.decide()
        try office.refer(.contracts, "house;;h1;;2020-01-01")
        #expect(try foreseen(office, "2026-02") == ["120 house house"])
        // Of all rooms, but not of the common ones.
        try office.refer(.houseAreas, "h1;2020-01-01;200")
        #expect(try foreseen(office, "2026-02") == ["120 house house"])
        try office.refer(.houseAreas, "h1;2020-01-02;200;100")
        #expect(try foreseen(office, "2026-02").isEmpty)
        // A newer row that leaves them out does not leave them as they were.
        try office.refer(.houseAreas, "h1;2020-01-03;200")
        let close = try office.month(.closePeriod, "2026-02")
        try office.decide()
        #expect(try office.sum("problems", close) == 1)
        #expect(try office.entries().allSatisfy { !$0.contains("house") })
        #expect(
            try office.texts(
                """
                select concat_ws(' ', a.number, b.problems->0->>'kind', b.problems->0->>'what')
                from facts.bill b join facts.account a on a.id = b.account where a.organization = $o order by 1
                """) == ["120 house house", "130"])
    }

    @Test func `names a house whose meter told nothing of the month`() throws {
        let office = try office()
        try office.flat("130", house: "h2")
        try office.decide()
        try office.refer(.contracts, "house;;h1;;2020-01-01")
        try office.refer(.houseAreas, "h1;2020-01-01;200;100", "h2;2020-01-01;100;40")
        // Without a meter the norm is all there is.
        #expect(try foreseen(office, "2026-02").isEmpty)
        try office.owner.script(
            """
            insert into facts.house_meter (id, organization, house, service, number, digits, decimals, initial)
            select nextval('facts.id'), '\(office.code)', house, 'cold_water', '\(office.code) ' || house || n, 6, 3, 0
            from unnest('{h1,h2}'::text[]) house, generate_series(1, 2) n
            """)
        func tell(_ number: String, _ volume: Int) throws {
            try office.owner.script(
                """
                insert into facts.house_month (meter, month, taken_on, value, volume, received_at, channel, actor, command)
                select id, '2026-02-01', '2026-02-25', \(volume), \(volume), now(), 'import', 'test', gen_random_uuid()
                from facts.house_meter where organization = '\(office.code)' and number = '\(office.code) \(number)'
                """)
        }
        #expect(try foreseen(office, "2026-02") == ["h1 cold_water house_no_reading"])
        // Half of it says nothing.
        try tell("h11", 6_000_000)
        #expect(try foreseen(office, "2026-02") == ["h1 cold_water house_no_reading"])
        try tell("h12", 4_000_000)
        #expect(try foreseen(office, "2026-02").isEmpty)
        // 10 − 8 m³ by the norm of two people, shared by 50 of 200 m²: less than the norm of the house lets.
        try office.close("2026-02")
        #expect(try office.entries().contains("2026-02 charge house 2026-02 20.00"))
        #expect(try office.violations().isEmpty)
    }

    // MARK: Opening again

    @Test func `is opened again while it is the newest, and only then`() throws {
        let office = try known()
        try office.close("2026-02", "2026-03")
        let ids = try ["2026-02", "2026-04", "2026-03", "2026-03"].map {
            try office.month(.reopenPeriod, $0)
        }
        try office.decide()
        #expect(
            try ids.map(office.outcome) == ["PERIOD_NEWEST", "PERIOD_OPEN", "done", "PERIOD_OPEN"])
        #expect(try office.bills().count == 1)
        #expect(
            try office.texts(
                """
                select to_char(r.month, 'YYYY-MM') from facts.reading r join facts.account a on a.id = r.account
                where a.organization = $o and r.calculated_at is not null
                """) == ["2026-02"])
        #expect(try office.debts().allSatisfy { $0.contains("2026-02") })
        #expect(try office.violations().isEmpty)
    }

    @Test(arguments: [1, 2000])
    func `that is opened and closed again is the same as before, as often as one likes`(part: Int)
        throws
    {
        let office = try known(accountsInPart: part)
        try office.pay(2000_00, "1", paidOn: "2026-04-18")
        try office.close("2026-02", "2026-03", "2026-04")
        let entries = try office.standing("2026-04")
        let (bills, debts) = try (office.bills(), office.debts())
        for _ in 1...3 {
            try office.month(.reopenPeriod, "2026-04")
            try office.decide()
            #expect(try office.bills().count == 2)
            try office.close("2026-04")
            #expect(try office.standing("2026-04") == entries)
            #expect(try office.bills() == bills)
            #expect(try office.debts() == debts)
        }
        #expect(
            try office.texts(
                "select version::text from facts.bill where organization = $o and month = '2026-04-01' order by 1"
            )
                == ["1", "2", "3", "4"])
        #expect(try office.violations().isEmpty)
    }

    @Test func `that is opened again is charged by what is true then, penalties too`() throws {
        let office = try known()
        try office.close("2026-02", "2026-03", "2026-04")
        try office.month(.reopenPeriod, "2026-04")
        try office.refer(.tariffs, "water;;;2026-04-01;;;;50")
        try office.pay(1820_00, "1", #""month":"2026-02""#, paidOn: "2026-03-16")
        try office.submit(
            ["13.5"], #""taken_on":"2026-04-20""#, meter: "M120", channel: .import,
            at: "2026-04-21 12:00:00+08")
        try office.decide()
        try office.close("2026-04")
        #expect(
            try office.standing("2026-04").filter { $0.contains("|penalty|") }.isEmpty)
        #expect(
            try office.bills().last
                == "2026-04 3700.00 + 2000.00 + 0.00 + 0.00 − 1820.00 = 3880.00")
        #expect(try office.violations().isEmpty)
    }

    // MARK: Races

    /// An office of four lanes and a flat whose commands go to another lane than the close does, and its part to a third.
    private func racing() throws -> (office: Office, flat: String, own: Int, close: Int, part: Int)
    {
        for _ in 0..<20 {
            if let found = try lanes(of: office(lanes: 4, flats: 12)) { return found }
        }
        throw TestKitError("all lanes are the same")
    }

    private func lanes(
        of office: Office
    ) throws -> (office: Office, flat: String, own: Int, close: Int, part: Int)? {
        let close = try office.lane(of: .closePeriod, #"{"month":"2026-04"}"#)
        let part = try office.lane(
            of: .chargePeriod,
            #"{"month":"2026-04","from_house":"h1","to_house":"h1","from_id":0,"to_id":9223372036854775807}"#
        )
        for flat in (120...131).map(String.init) {
            let own = try office.lane(
                of: .postPayment,
                #"{"account":"\#(flat)","provider":"b","number":"1","amount_kopecks":1,"paid_on":"2026-04-05"}"#
            )
            if own != close, own != part, close != part { return (office, flat, own, close, part) }
        }
        return nil
    }

    /// Runs the lanes of the close to their end, on the test's own thread.
    private func finish(_ office: Office, _ lanes: [Int], _ told: Monitor<[String]>) throws {
        for lane in lanes { try office.drain(lane, told).join() }
    }

    @Test func `waits for a payment that was being posted, and has it on the bill`() throws {
        let (office, flat, own, close, part) = try racing()
        let blocker = try office.database.connection()
        try blocker.begin()
        // Under the same number, and not committed: whoever posts it waits to know.
        try blocker.script(
            """
            insert into facts.payment (id, organization, provider, number, typed, amount, paid_on, received_at, purpose)
            values (gen_random_uuid(), '\(office.code)', 'bank', '1', '1', 1, '2026-04-05', now(), '{}')
            """)
        try office.pay(100_00, "1", account: flat)
        let told = Monitor<[String]>([])
        // It has the account's lock, and knows April as open.
        let paying = try office.drain(own, told)
        try office.waitUntilBlocked(own)
        try office.month(.closePeriod, "2026-04")
        try finish(office, [close], told)
        let charging = try office.drain(part, told)
        try office.waitUntilBlocked(part)
        try blocker.rollback()
        paying.join()
        charging.join()
        #expect(told.read { $0 } == [])
        #expect(
            try office.entries(flat).first == "2026-04 advance — — -100.00")
        #expect(try office.bills(flat).first?.contains("− 100.00") == true)
        #expect(try office.violations().isEmpty)
    }

    @Test func `sends a payment that comes while it is being closed to the next one`() throws {
        let (office, flat, own, close, part) = try racing()
        let blocker = try office.database.connection()
        try office.month(.closePeriod, "2026-04")
        let told = Monitor<[String]>([])
        try finish(office, [close], told)
        try blocker.begin()
        // The flat's bill, not committed: whoever closes its month waits to know.
        try blocker.script(
            """
            insert into facts.bill (account, month, organization, closed_at, upto, due_on, paid_until, opening, charged,
                                    recalculated, penalty, paid, closing, card)
            select id, '2026-04-01', organization, now(), 0, now(), now(), 0, 0, 0, 0, 0, 0, '{}' from facts.account
            where organization = '\(office.code)' and number = '\(flat)'
            """)
        // It has the locks of all accounts.
        let charging = try office.drain(part, told)
        try office.waitUntilBlocked(part)
        try office.pay(100_00, "1", account: flat)
        let paying = try office.drain(own, told)
        try office.waitUntilBlocked(own)
        try blocker.rollback()
        charging.join()
        paying.join()
        #expect(told.read { $0 } == [])
        // What the close charged was seen: the payment went to it.
        let paid = try office.entries(flat).filter { $0.contains(" payment ") }
        #expect(!paid.isEmpty)
        for entry in paid {
            #expect(entry.hasPrefix("2026-05 payment ") && entry.contains(" 2026-04 "))
        }
        #expect(try office.bills(flat).first?.contains("− 0.00") == true)
        #expect(try office.violations().isEmpty)
    }

    @Test func `has a reading that was being taken, and refuses the one behind it`() throws {
        let (office, flat, own, close, part) = try racing()
        let blocker = try office.database.connection()
        try blocker.begin()
        // Of the same meter and month, and not committed: whoever takes one waits to know.
        try blocker.script(
            """
            insert into facts.reading (id, account, meter, month, taken_on, received_at, state, channel, actor, values)
            select gen_random_uuid(), m.account, m.id, '2026-04-01', '2026-04-15', now(), 'effective', 'api', 'x', '{0}'
            from facts.meter m join facts.account a on a.id = m.account
            where a.organization = '\(office.code)' and a.number = '\(flat)'
            """)
        let first = try office.told("5", "2026-04", account: flat)
        let told = Monitor<[String]>([])
        let reading = try office.drain(own, told)
        try office.waitUntilBlocked(own)
        try office.month(.closePeriod, "2026-04")
        try finish(office, [close], told)
        let charging = try office.drain(part, told)
        try office.waitUntilBlocked(part)
        let late = try office.told("6", "2026-04", account: flat)
        try blocker.rollback()
        reading.join()
        charging.join()
        try finish(office, [own], told)
        #expect(told.read { $0 } == [])
        #expect(try [first, late].map(office.outcome) == ["done", "RD_CLOSED"])
        #expect(
            try office.entries(flat).contains("2026-04 charge water 2026-04 200.00"))
        #expect(try office.violations().isEmpty)
    }
}
