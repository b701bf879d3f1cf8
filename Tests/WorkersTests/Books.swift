import Commands
import Postgres
import Queue
import TestKit
import Threads
import Workers

/// An office that charges: what its charges are made by, its months, its ledgers.
extension Office {
    static let charges = #"{"by": "kabinet", "view": "settlements"}"#

    /// Imports rows of what charges are made by, as they stand in a file; missing fields at the end are empty.
    /// - Returns: `accepted unchanged refused`.
    @discardableResult
    func refer(_ what: ImportRows.What, _ rows: String..., dryRun: Bool = false) throws -> String {
        try counts(imported(what, rows, dryRun: dryRun))
    }

    /// The same; answers the job.
    func imported(
        _ what: ImportRows.What, _ rows: [String], dryRun: Bool = false
    ) throws -> Int64 {
        let columns = Reference.columns[what] ?? []
        let fields = rows.map { row in
            var fields = row.split(separator: ";", omittingEmptySubsequences: false).map(
                String.init)
            while fields.count < columns.count { fields.append("") }
            return fields
        }
        let job = try stage(what, columns, fields, dryRun: dryRun)
        try take(job, what, rows: rows.count, dryRun: dryRun)
        try decide()
        return job
    }

    /// A management company with what most have: 20.00 a square metre, 100.00 a head, 40.00 a cubic metre of cold water,
    /// whose norm is 4 a head and thrice as much where a meter could be, and 10.00 a square metre for the capital repair.
    func refer() throws {
        try refer(
            .suppliers, "uk;2020-01-01;УК", "water;2020-01-01;Водоканал", "fund;2020-01-01;Фонд")
        try refer(
            .chargeKinds,
            "upkeep;2020-01-01;;Содержание;;10;area;;;m2;uk;housing;0;0",
            "waste;2020-01-01;;ТКО;;20;person;;;person;uk;housing;0;0",
            "water;2020-01-01;;Холодная вода;;30;meter;cold_water;;m3;water;housing;1;0",
            "house;2020-01-01;;Вода дома;;40;house_needs;cold_water;water;m3;water;housing;0;0",
            "repair;2020-01-01;;Капремонт;;50;area;;;m2;fund;capital_repair;0;1")
        try refer(
            .contracts, "upkeep;;;;2020-01-01", "waste;;;;2020-01-01", "water;;;;2020-01-01",
            "repair;;;;2020-01-01")
        try refer(
            .tariffs, "upkeep;;;2020-01-01;;;;20", "waste;;;2020-01-01;;;;100",
            "water;;;2020-01-01;;;;40", "house;;;2020-01-01;;;;40", "repair;;;2020-01-01;;;;10")
        try refer(.norms, "water;;;2020-01-01;;;4", "house;;;2020-01-01;;;0,03")
        try refer(.multipliers, "water;2020-01-01;3")
    }

    /// An account of 50 m² with two people and, unless it is to have none, a meter of cold water of its own number.
    func flat(_ number: String = "120", house: String = "h1", meter: Bool = true) throws {
        try account(number, #""house":"\#(house)","area_m2":"50","residents":2"#)
        guard meter else { return }
        try self.meter(
            "M\(number)", #""service":"cold_water","installed_on":"2025-12-20""#, account: number)
    }

    /// Hands in what a flat's meter showed in the middle of a month.
    @discardableResult
    func told(_ value: String, _ month: String, account: String = "120") throws -> Identifier {
        try submit(
            [value], #""taken_on":"\#(month)-15""#, account: account, meter: "M\(account)",
            channel: .import)
    }

    /// It charges flats of one house, from 120 on.
    static func charging(
        _ database: TestDatabase, lanes: Int = 1, accountsInPart: Int = 2000, flats: Int = 1
    ) throws -> Office {
        let office = try Office(
            database, lanes: lanes, charges: charges, accountsInPart: accountsInPart, attempts: 5)
        try office.refer()
        for flat in 0..<flats { try office.flat("\(120 + flat)") }
        try office.decide()
        return office
    }

    /// The first flat's readings of February to April: 3, 4.5 and 5 m³.
    func toldUntilApril() throws {
        for (month, value) in [("2026-02", "3"), ("2026-03", "7.5"), ("2026-04", "12.5")] {
            try told(value, month)
        }
        try decide()
    }

    /// Beside that flat two houses and a few flats of none, with meters of the houses that were read in February.
    func town() throws {
        for number in 121...123 { try flat("\(number)") }
        for number in 130...131 { try flat("\(number)", house: "h2") }
        for flat in 140...142 {
            try account("\(flat)", #""area_m2":"30","residents":1"#)
        }
        try refer(.contracts, "house;;h1;;2020-01-01", "house;;h2;;2020-01-01")
        try refer(.houseAreas, "h1;2020-01-01;200;100", "h2;2020-01-01;100;40")
        for flat in 120...123 { try told("\(flat - 118)", "2026-02", account: "\(flat)") }
        for flat in 130...131 { try told("10", "2026-02", account: "\(flat)") }
        try decide()
        try owner.script(
            """
            insert into facts.house_meter (id, organization, house, service, number, digits, decimals, initial)
            values (nextval('facts.id'), '\(code)', 'h1', 'cold_water', '\(code) H1', 6, 3, 0),
                   (nextval('facts.id'), '\(code)', 'h2', 'cold_water', '\(code) H2', 6, 3, 0);
            insert into facts.house_month (meter, month, taken_on, value, volume, received_at, channel, actor, command)
            select id, '2026-02-01', '2026-02-25', v, v, now(), 'import', 'test', gen_random_uuid()
            from facts.house_meter m, lateral (select case house when 'h1' then 16000000 else 15000000 end as v) x
            where organization = '\(code)'
            """)
    }

    // MARK: Months

    @discardableResult
    func month(_ kind: Command.Kind, _ month: String) throws -> Identifier {
        // None is closed before it has begun.
        let begins = try owner.moment("\(month)-01 00:00:00+08")
        return try ask(
            kind,
            kind == .reopenPeriod
                ? #"{"month":"\#(month)","why":"a test"}"# : #"{"month":"\#(month)"}"#,
            at: now < begins ? "\(month)-28 12:00:00+08" : nil)
    }

    /// Closes months, one behind the other, each to its end.
    func close(_ months: String...) throws {
        for month in months {
            let id = try self.month(.closePeriod, month)
            try decide()
            let outcome = try outcome(id)
            guard outcome == "done" else {
                throw TestKitError("\(month) was not closed: \(outcome)")
            }
        }
    }

    /// What the parts of a whole month's command came to, member by member.
    func parts(_ id: Identifier) throws -> [JSON] {
        try texts(
            """
            select e.body::text from queue.command c join queue.exception e on e.command = c.id and e.kind = 'result'
            where c.cause = '\(id)' order by c.payload::text
            """
        ).map { try JSON.parse(Array($0.utf8)) }
    }

    func sum(_ member: String, _ id: Identifier) throws -> Int64 {
        try parts(id).reduce(0) { $0 + ($1[member]?.int ?? 0) }
    }

    /// What stands of a month's entries: those that were taken back, and what took them, are left out; without ids.
    func standing(_ month: String) throws -> [String] {
        try texts(
            """
            select concat_ws('|', a.number, e.sort, e.kind, e.penalty, e.tranche, e.effective_on, e.amount, e.consumed, e.line)
            from facts.entry e join facts.account a on a.id = e.account
            where a.organization = $o and e.month = '\(month)-01' and e.reverses is null
              and not exists (select from facts.entry r where r.account = e.account and r.reverses = e.id)
            order by 1
            """)
    }

    // MARK: Money

    @discardableResult
    func pay(
        _ kopecks: Int64, _ number: String, _ more: String = "", account: String = "120",
        paidOn: String = "2026-04-05"
    ) throws -> Identifier {
        try ask(
            .postPayment,
            #"""
            {"account":"\#(account)","provider":"bank","number":"\#(number)","amount_kopecks":\#(kopecks),
             "paid_on":"\#(paidOn)"\#(more.isEmpty ? "" : ",")\#(more)}
            """#)
    }

    @discardableResult
    func reverse(_ number: String, account: String = "120") throws -> Identifier {
        try ask(
            .reversePayment,
            #"{"account":"\#(account)","provider":"bank","number":"\#(number)","why":"a test"}"#)
    }

    @discardableResult
    func assign(_ number: String, to account: String = "120") throws -> Identifier {
        try ask(
            .assignPayment,
            #"{"account":"\#(account)","provider":"bank","number":"\#(number)","why":"a test"}"#)
    }

    @discardableResult
    func owe(
        _ kopecks: Int64, _ kind: String, _ month: String, penalty: Bool = false,
        account: String = "120"
    ) throws -> Identifier {
        try ask(
            .openBalance,
            #"""
            {"account":"\#(account)","kind":"\#(kind)","month":"\#(month)","amount_kopecks":\#(kopecks),
             "penalty":\#(penalty)}
            """#)
    }

    /// `2026-04 payment water 2026-02 -200.00` a line, in the order in which they were posted.
    func entries(_ account: String = "120", month: String? = nil) throws -> [String] {
        try texts(
            """
            select concat_ws(' ', to_char(e.month, 'YYYY-MM'), e.sort, coalesce(e.kind, '—'),
              coalesce(to_char(e.tranche, 'YYYY-MM'), '—'), (e.amount / 100.0)::numeric(12, 2), case when e.penalty then 'penalty' end)
            from facts.entry e join facts.account a on a.id = e.account
            where a.organization = $o and a.number = '\(account)'
              and \(month.map { "e.month = '\($0)-01'" } ?? "true")
            order by e.id
            """)
    }

    /// `water 2026-02 200.00` a line: what is owed of each month, and advances; nothing that is even.
    func debts(_ account: String = "120") throws -> [String] {
        try texts(
            """
            select concat_ws(' ', coalesce(e.kind, '—'), coalesce(to_char(e.tranche, 'YYYY-MM'), '—'),
              (sum(e.amount) / 100.0)::numeric(12, 2), case when e.penalty then 'penalty' end)
            from facts.entry e join facts.account a on a.id = e.account
            where a.organization = $o and a.number = '\(account)'
            group by e.kind, e.tranche, e.penalty having sum(e.amount) <> 0 order by e.penalty, e.tranche, e.kind
            """)
    }

    /// `2026-04 opening + charged + recalculated + penalty − paid = closing` a line.
    func bills(_ account: String = "120") throws -> [String] {
        try texts(
            """
            select concat_ws(' ', to_char(b.month, 'YYYY-MM'), (b.opening / 100.0)::numeric(12, 2), '+',
              (b.charged / 100.0)::numeric(12, 2), '+', (b.recalculated / 100.0)::numeric(12, 2), '+',
              (b.penalty / 100.0)::numeric(12, 2), '−', (b.paid / 100.0)::numeric(12, 2), '=',
              (b.closing / 100.0)::numeric(12, 2))
            from facts.bill b join facts.account a on a.id = b.account
            where a.organization = $o and a.number = '\(account)' and b.withdrawn_at is null order by b.month
            """)
    }

    /// All that closing months leaves, but for times: equal where two ways came to the same.
    func ledgers() throws -> [String] {
        try texts(
            """
            select concat_ws('|', a.number, e.id, e.month, e.sort, e.kind, e.penalty, e.tranche, e.effective_on, e.amount,
              e.reverses, e.reason, e.consumed, e.line)
            from facts.entry e join facts.account a on a.id = e.account where a.organization = $o
            order by a.number, e.id
            """) + frozen()
    }

    private func frozen() throws -> [String] {
        try texts(
            """
            select concat_ws('|', a.number, b.month, b.upto, b.due_on, b.paid_until, b.opening, b.charged, b.recalculated,
              b.penalty, b.paid, b.closing, b.open_from, b.card, b.problems)
            from facts.bill b join facts.account a on a.id = b.account
            where a.organization = $o and b.withdrawn_at is null order by a.number, b.month
            """)
    }
}

/// Lanes on threads of their own, so that one may stand where another must wait.
extension Office {
    func lane(of kind: Command.Kind, _ body: String) throws -> Int {
        let command = try Command(kind, JSON.parse(Array(body.utf8)))
        let subject = command.subject(organization: code)
        guard let place = map.place(kind: kind.rawValue, subject: subject) else {
            throw TestKitError("no lane for \(kind)")
        }
        return Int(place.lane)
    }

    /// Drains one lane; what went wrong is told. Its session is called `lane 0`.
    func drain(_ lane: Int, _ told: Monitor<[String]>, accountsInPart: Int = 2000) throws -> Worker
    {
        let (database, policy, map) = (database, policy, map)
        guard let pool = map.pool(named: policy.name)?.id else { throw TestKitError("no pool") }
        return Worker("lane \(lane)") {
            do {
                let connection = try Connection(
                    database.address(role: "kabinet_workers")
                        .with("application_name", "lane \(lane)"),
                    library: database.library, preparing: Lane.statements + Desk.statements)
                let desk = Desk(accountsInPart: accountsInPart)
                var owned = Lane(pool: pool, lane: Int16(lane), batch: policy.batch)
                while true {
                    switch try owned.step(
                        on: connection, policy: policy, map: map, decider: desk)
                    {
                    case .idle: return
                    case .worked: continue
                    case let step: told.change { $0.append("\(step)") }
                    }
                }
            } catch {
                told.change { $0.append("\(error)") }
            }
        }
    }
}
