import Commands
import Foundation
import Postgres
import TestKit
import Testing

/// Months are closed while workers are killed, and come to what they come to in peace: byte for byte.
@Suite(.serialized) struct CloseTests {
    private static let accounts = 12_000
    private static let months = ["2026-02", "2026-03", "2026-04"]
    /// A tenth of the flats has neither a meter nor people: their water cannot be charged, and the close says so.
    private static let incomplete: Int32 = 3

    /// A city of its own: the same ids, readings and advances each time.
    private static func city() throws -> System {
        let system = try System()
        let path = "\(system.directory)/city.yaml"
        let profile = """
            code: city
            name: ООО «Город»
            title: Личный кабинет
            time_zone: Asia/Irkutsk
            companies:
              - code: city
                name: ООО «Город»
            services: [cold_water]
            charges: {by: kabinet, view: settlements}
            """
        guard FileManager.default.createFile(atPath: path, contents: Data(profile.utf8)) else {
            throw TestKitError("cannot write \(path)")
        }
        try system.kabinet("organization", "apply", path)
        try system.connection().script(
            """
            insert into facts.charge_kind
              (organization, code, valid_from, title, position, basis, service, "of", unit, supplier, penalty, multiplied, separate)
            values ('city', 'upkeep', '2020-01-01', 'Содержание', 10, 'area', null, null, 'm2', 'uk', 'housing', false, false),
                   ('city', 'water', '2020-01-01', 'Вода', 20, 'meter', 'cold_water', null, 'm3', 'uk', 'housing', true, false),
                   ('city', 'house', '2020-01-01', 'Вода дома', 30, 'house_needs', 'cold_water', 'water', 'm3', 'uk', 'housing', false, false),
                   ('city', 'repair', '2020-01-01', 'Капремонт', 40, 'area', null, null, 'm2', 'fund', 'capital_repair', false, true);
            insert into facts.contract (organization, kind, valid_from)
            select 'city', k, '2020-01-01' from unnest('{upkeep,water,house,repair}'::text[]) k;
            insert into facts.tariff (organization, kind, valid_from, price)
            select 'city', k, '2020-01-01', 37190000 from unnest('{upkeep,water,house,repair}'::text[]) k;
            insert into facts.norm (organization, kind, valid_from, value)
            values ('city', 'water', '2020-01-01', 4200000), ('city', 'house', '2020-01-01', 27000);
            insert into facts.multiplier (organization, kind, valid_from, value) values ('city', 'water', '2020-01-01', 3000000);
            insert into facts.account (id, organization, number, stripped, company, surname, house, apartment, area, residents)
            select i, 'city', i::text, i, 'city', 'Иванов', 'h' || i / 40, i::text, 30000000 + i % 97 * 510000, i % 5
            from generate_series(1000, 1000 + \(accounts) - 1) i;
            insert into facts.house_area (organization, house, valid_from, total, common)
            select organization, house, '2020-01-01', sum(area), 333000000 from facts.account group by 1, 2;
            insert into facts.meter (id, account, organization, service, number, registers, digits, decimals, installed_on, initial)
            select id + 1000000, id, 'city', 'cold_water', 'M' || id, 1, 5, 3, '2026-01-10', '{0}' from facts.account where id % 10 <> 0;
            -- Every seventh was not read in March, and was again in April.
            insert into facts.reading (id, account, meter, month, taken_on, received_at, state, channel, actor, values)
            select md5(m.id || ' ' || k)::uuid, m.account, m.id, date '2026-01-01' + k * interval '1 month',
                   date '2026-01-20' + k * interval '1 month', '2026-04-20', 'effective', 'import', 'test',
                   array[k * (3000000 + m.id % 1000 * 1000)]
            from facts.meter m, generate_series(1, 3) k where k <> 2 or m.id % 7 <> 0;
            insert into views.month (meter, month, account, reading, taken_on, values, volumes)
            select meter, month, account, id, taken_on, values,
                   array[values[1] - coalesce(lag(values[1]) over (partition by meter order by month), 0)]
            from facts.reading;
            insert into facts.house_meter (id, organization, house, service, number, digits, decimals, initial)
            select 3000000 + row_number() over (order by house), 'city', house, 'cold_water', 'H' || house, 9, 3, 0
            from facts.account group by house;
            insert into facts.house_month (meter, month, taken_on, value, volume, received_at, channel, actor, command)
            select id, date '2026-01-01' + k * interval '1 month', date '2026-01-25' + k * interval '1 month', k * 190000000,
                   190000000, '2026-04-20', 'import', 'test', md5(id || ' ' || k)::uuid
            from facts.house_meter, generate_series(1, 3) k;
            -- Every third paid in advance.
            insert into facts.payment (id, organization, provider, number, account, typed, amount, paid_on, received_at, month, purpose)
            select md5('p' || id)::uuid, 'city', 'bank', 'n' || id, id, number, 250000 + id, '2026-02-10', '2026-02-10', '2026-02-01', '{}'
            from facts.account where id % 3 = 0;
            insert into facts.entry (account, id, month, sort, penalty, effective_on, amount, payment, reason)
            select account, (2026 * 12 + 1) * 1000000::int8 + 1, '2026-02-01', 'advance', false, '2026-02-10', -amount, id, 'advance'
            from facts.payment;
            analyze
            """)
        return system
    }

    /// Everything that the closes left, but for times: a line for a hundred accounts.
    private static func left(_ system: System) throws -> [String] {
        try system.connection().script(
            """
            select concat_ws(' ', g, (
              select md5(string_agg(e::text, '|' order by e.account, e.id)) || ' ' || count(*) from facts.entry e where e.account / 100 = g),
             (select md5(string_agg((to_jsonb(b) - 'closed_at')::text, '|' order by b.account, b.month)) || ' ' || count(*)
              from facts.bill b where b.account / 100 = g),
             (select count(*) from facts.reading r where r.account / 100 = g and r.calculated_at is not null))
            from generate_series(10, \((1000 + accounts) / 100)) g order by g
            """
        ).map { $0.text(0) }
    }

    private static func close(_ system: System, _ month: String) throws -> Child {
        try system.launch(["period", "close", "--organization", "city", "--month", month, "--json"])
    }

    @Test func `a close whose workers are killed twelve times is the same as one in peace`() throws
    {
        let calm = try Self.city()
        let workers = try calm.startWorkers()
        for month in Self.months {
            #expect(try Self.close(calm, month).wait(seconds: 300) == Self.incomplete)
        }
        let expected = try Self.left(calm)
        #expect(try calm.violations() == [])
        try workers.kill()
        calm.stop()

        let system = try Self.city()
        var victims = [try system.startWorkers(), try system.startWorkers()]
        var kills = 0
        for month in Self.months {
            let watcher = try Self.close(system, month)
            let bills =
                "select count(*) from facts.bill where month = '\(month)-01' and withdrawn_at is null"
            // A fifth of the accounts between two kills: a part with which three processes have ended is given up, and kills
            // that follow each other from part to part meet the same one again and again.
            for fifth in 1...4 {
                let most = Self.accounts * fifth / 5
                try eventually("\(fifth) fifths of \(month)", seconds: 120) {
                    try system.count(bills) >= most
                }
                try victims[kills % 2].kill()
                victims[kills % 2] = try system.startWorkers()
                kills += 1
            }
            #expect(try watcher.wait(seconds: 300) == Self.incomplete, "\(watcher.words)")
        }
        #expect(kills == 12)
        try system.drained()
        let found = try Self.left(system)
        #expect(found.count == expected.count)
        for (one, other) in zip(found, expected) { #expect(one == other) }
        #expect(try system.violations() == [])
        #expect(
            try system.count(
                "select count(*) from facts.entry where sort in ('penalty', 'offset', 'recalculation')"
            ) > 0)
    }
}
