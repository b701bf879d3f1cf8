import Commands
import Foundation
import Postgres
import TestKit
import Testing

/// Deciding again, and giving up, all that match: with the built command line, and workers that are killed.
@Suite(.serialized) struct JobTests {
    private let system: System

    init() throws {
        system = try System()
        try system.organization()
    }

    // MARK: What there is to decide again

    private static let months = 14

    /// Accounts without meters, and a reading of each month for each, month by month: none finds its meter. The values rise,
    /// but on every tenth account that of the eighth month falls back.
    private func refuse(_ accounts: Int) throws {
        try system.connection().script(
            """
            insert into facts.account (id, organization, number, stripped, company)
            select nextval('facts.id'), 'probe', (1000 + i)::text, (1000 + i)::text, 'probe'
            from generate_series(1, \(accounts)) i;
            insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
            select (overlay(gen_random_uuid()::text placing left(queue.first_id(clock_timestamp())::text, 13)
                            from 1 for 13))::uuid,
                   p.id, mod(mod(s, p.lanes) + p.lanes, p.lanes), 'reading.submit', 'probe', s,
                   jsonb_build_object('account', (1000 + i)::text, 'meter', 'M' || i,
                     'values', jsonb_build_object('T1', (case when k = 8 and i % 10 = 0 then 1 else k * 7 end)::text),
                     'taken_on', (date '2020-01-20' + make_interval(months => k))::date::text),
                   'test', 'import', clock_timestamp()
            from queue.pool p, generate_series(1, \(Self.months)) k, generate_series(1, \(accounts)) i,
              lateral (select ('x' || md5(i::text))::bit(64)::bigint s) h
            where p.name = 'accounts' order by k, i
            """)
        try eventually("all are refused", seconds: 120) {
            try system.count("select count(*) from queue.exception where code = 'RD_NO_METER'")
                == accounts * Self.months
        }
    }

    /// Meters of all accounts but the last `without`.
    private func install(_ accounts: Int, without: Int) throws {
        try system.connection().script(
            """
            insert into facts.meter
              (id, account, organization, service, number, registers, digits, decimals, installed_on, initial)
            select nextval('facts.id'), a.id, 'probe', 'cold_water', 'M' || (a.number::int - 1000), 1, 5, 3,
                   '2015-01-01', '{0}'
            from facts.account a where a.number::int - 1000 <= \(accounts - without)
            """)
    }

    /// All that a dry run must leave as it is.
    private func everything() throws -> String {
        try system.connection().script(
            """
            select concat_ws(' ', (select md5(string_agg(r::text, '' order by r.id)) from facts.reading r),
              (select md5(string_agg(m::text, '' order by m.meter, m.month)) from views.month m),
              (select count(*) from facts.attempt), (select count(*) from facts.account),
              (select count(*) from queue.exception where kind <> 'result'),
              (select md5(string_agg(h::text, '' order by h.id)) from queue.hold h),
              (select count(*) from queue.command where kind <> 'reprocess.part'))
            """
        ).map { $0.text(0) }.joined()
    }

    private func objects(_ words: String) throws -> [JSON] {
        try words.split(separator: "\n").filter { $0.hasPrefix("{") }.map {
            try JSON.parse(Array($0.utf8))
        }
    }

    /// `was code becomes code` to how many, without accounts.
    private func totals(_ lines: [JSON]) -> [String: Int64] {
        var found: [String: Int64] = [:]
        for line in lines where line["kind"] != nil && line["count"] != nil {
            let words = ["was", "was_code", "becomes", "becomes_code"]
                .compactMap { line[$0]?.string }
            found[words.joined(separator: " ")] = line["count"]?.int
        }
        return found
    }

    /// Each original was repeated exactly `times`, by a command of the same subject, payload and time.
    private func expectRepeated(
        _ count: Int, _ place: SourceLocation = #_sourceLocation
    ) throws {
        let repeats = try system.connection().script(
            """
            select count(*), count(distinct r.cause),
                   bool_and(r.subject = c.subject and r.payload = c.payload and r.received_at = c.received_at
                            and r.actor = c.actor and r.channel = c.channel)
            from queue.command r join queue.command c on c.id = r.cause and c.kind = r.kind
            where r.kind = 'reading.submit'
            """
        ).map { "\($0.text(0)) \($0.text(1)) \($0.text(2))" }
        #expect(repeats == ["\(count) \(count) t"], sourceLocation: place)
    }

    private func state(_ job: Int64) throws -> String {
        try system.connection().script(
            """
            select j.state || ' ' || sum(l.position) || '/' || sum(l.total)
            from operations.reprocess_job j join operations.reprocess_lane l on l.job = j.id
            where j.id = \(job) group by j.id
            """
        ).map { $0.text(0) }.joined()
    }

    // MARK: Dry and for good

    @Test
    func
        `21,000 refused commands: a dry run changes nothing and foretells exactly what the run then does`()
        throws
    {
        _ = try system.startWorkers()
        let (accounts, without) = (1_500, 100)
        let all = Int64(accounts * Self.months)
        try refuse(accounts)
        try install(accounts, without: without)
        let reprocess = ["commands", "reprocess", "--code", "RD_NO_METER", "--why", "meters came"]
        let before = try everything()
        let dry = try objects(try system.kabinet(arguments: reprocess + ["--dry-run", "--json"]))
        #expect(try everything() == before)
        #expect(dry.first?["total"]?.int == all)
        let missing = Int64(without * Self.months)
        let less = Int64((accounts - without) / 10)
        let foreseen = [
            "refused RD_NO_METER refused RD_NO_METER": missing,
            "refused RD_NO_METER refused RD_LESS": less,
            "refused RD_NO_METER done": all - missing - less,
        ]
        #expect(totals(dry) == foreseen)
        let byAccount = dry.filter { $0["account"]?.string != nil }
        #expect(Set(byAccount.compactMap { $0["account"]?.string }).count == accounts)
        #expect(byAccount.reduce(0) { $0 + ($1["count"]?.int ?? 0) } == all)

        let made = try objects(try system.kabinet(arguments: reprocess + ["--json"]))
        #expect(made.first?["appended"]?.int == all)
        #expect(made.first?["state"]?.string == "done")
        #expect(
            totals(made) == [
                "refused RD_NO_METER": missing, "refused RD_LESS": less,
                "done": all - missing - less,
            ])
        try system.drained()
        try expectRepeated(Int(all))
        // In the pool of bulk work, and along an account in the order of the months.
        #expect(
            try system.count(
                """
                select count(*) from queue.command c join queue.pool p on p.id = c.pool
                where c.cause is not null and c.kind = 'reading.submit' and p.name = 'bulk'
                """) == all)
        #expect(
            try system.count(
                """
                select count(*) from (
                  select c.payload->>'taken_on' as day, lag(c.payload->>'taken_on') over w as before
                  from queue.command c where c.cause is not null and c.kind = 'reading.submit'
                  window w as (partition by c.subject order by c.xid, c.seq)) o
                where day <= before
                """) == 0)
        #expect(try system.count("select count(*) from facts.reading") == all - missing - less)
        #expect(try system.violations() == [])

        // What was repeated is not repeated again: its repeat is.
        let again = try objects(
            try system.kabinet(
                "commands", "reprocess", "--state", "refused", "--why", "once more", "--dry-run",
                "--json"))
        #expect(again.first?["total"]?.int == missing + less)
        #expect(
            try system.connection().script(
                """
                select action || ' ' || (details->>'dry_run') || ' ' || (details->>'why') || ' ' || actor
                from operations.audit where action like 'job.%' order by id
                """
            ).map { $0.text(0).split(separator: " ").dropLast().joined(separator: " ") } == [
                "job.reprocess true meters came", "job.done true meters came",
                "job.reprocess false meters came", "job.done false meters came",
                "job.reprocess true once more", "job.done true once more",
            ])
    }

    @Test func `accepted commands are decided again only when that is asked for`() throws {
        _ = try system.startWorkers()
        try refuse(30)
        try install(30, without: 0)
        let reprocess = ["commands", "reprocess", "--organization", "probe", "--why", "a test"]
        try system.kabinet(arguments: reprocess)
        try system.drained()
        let accepted = Int64(30 * Self.months - 3)
        #expect(throws: TestKitError.self) {
            try system.kabinet(arguments: reprocess + ["--state", "done"])
        }
        let before = try everything()
        let refused = try objects(
            try system.kabinet(arguments: reprocess + ["--dry-run", "--json"]))
        #expect(refused.first?["total"]?.int == 3)
        let dry = try objects(
            try system.kabinet(
                arguments: reprocess + ["--accepted", "--state", "done", "--dry-run", "--json"]))
        #expect(dry.first?["total"]?.int == accepted)
        #expect(totals(dry) == ["done unchanged": accepted])
        #expect(try everything() == before)
    }

    // MARK: Steering

    @Test
    func `a job is paused where it is, resumed twice, and cancelled; each command has one repeat`()
        throws
    {
        _ = try system.startWorkers()
        let accounts = 1_000
        let all = accounts * Self.months
        try refuse(accounts)
        try install(accounts, without: 0)
        let watcher = try system.launch([
            "commands", "reprocess", "--state", "refused", "--why", "a test", "--json",
        ])
        try eventually("the job is under way") {
            try system.count("select count(*) from operations.reprocess_lane where position > 0")
                > 0
        }
        try system.kabinet("commands", "jobs", "pause", "1", "--why", "the evening of the 25th")
        let stands = try state(1)
        #expect(stands.hasPrefix("paused "))
        #expect(!stands.hasSuffix(" \(all)/\(all)"), "paused too late: \(stands)")
        #expect(try watcher.wait() == 1, "who watches is told: \(watcher.words)")
        // All that was appended is decided, and no part has gone on.
        try system.drained()
        #expect(try state(1) == stands)
        #expect(throws: TestKitError.self) {
            try system.kabinet("commands", "jobs", "pause", "1", "--why", "again")
        }

        // Two parts for each place: one of them does nothing.
        try system.kabinet("queue", "pause", "bulk", "--why", "a test")
        try system.kabinet("commands", "jobs", "resume", "1", "--why", "it is over")
        try system.kabinet("commands", "jobs", "resume", "1", "--why", "twice")
        try system.kabinet("queue", "resume", "bulk", "--why", "a test")
        try system.kabinet("commands", "jobs", "watch", "1")
        #expect(try state(1) == "done \(all)/\(all)")
        try expectRepeated(all)
        #expect(throws: TestKitError.self) {
            try system.kabinet("commands", "jobs", "resume", "1", "--why", "it is done")
        }
        #expect(
            try system.connection().script(
                """
                select action || ' ' || (details->>'why') from operations.audit
                where action in ('job.pause', 'job.resume') order by id
                """
            ).map { $0.text(0) } == [
                "job.pause the evening of the 25th", "job.resume it is over", "job.resume twice",
            ])
        #expect(try system.violations() == [])

        // A cancelled one leaves the rest to the next.
        try system.kabinet("queue", "pause", "bulk", "--why", "a test")
        let second = try system.launch([
            "commands", "reprocess", "--state", "refused", "--why", "not this",
        ])
        try eventually("the second job is made") {
            try system.count("select count(*) from operations.reprocess_job") == 2
        }
        #expect(
            try system.kabinet("commands", "reprocess", "--state", "refused", "--why", "the same")
                .contains("Ничего не найдено"), "another job is about to")
        try system.kabinet("commands", "jobs", "cancel", "2", "--why", "the wrong filter")
        #expect(try second.wait() == 1)
        try system.kabinet("queue", "resume", "bulk", "--why", "a test")
        try system.drained()
        #expect(try state(2) == "cancelled 0/\(accounts / 10)")
        #expect(throws: TestKitError.self) {
            try system.kabinet("commands", "jobs", "resume", "2", "--why", "too late")
        }
        let rest = try objects(
            try system.kabinet(
                "commands", "reprocess", "--state", "refused", "--why", "now", "--json"))
        #expect(rest.first?["appended"]?.int == Int64(accounts / 10))
        let words = try system.kabinet("commands", "jobs")
        #expect(words.contains("прекращено") && words.contains("закончено"))
    }

    @Test func `workers killed in the middle leave no command out and none twice`() throws {
        var workers = [try system.startWorkers(), try system.startWorkers()]
        let accounts = 700
        let all = accounts * Self.months
        try refuse(accounts)
        try install(accounts, without: 0)
        let watcher = try system.launch([
            "commands", "reprocess", "--state", "refused", "--why", "a test", "--json",
        ])
        func handled() throws -> Int64 {
            try system.count("select coalesce(sum(position), 0) from operations.reprocess_lane")
        }
        try eventually("the job is made") {
            try system.count("select count(*) from operations.reprocess_job") == 1
        }
        for round in 1...8 {
            let before = try handled()
            try eventually("it moves on", seconds: 60) {
                try handled() > before || before == all
            }
            try workers[round % 2].kill()
            workers[round % 2] = try system.startWorkers()
        }
        #expect(try watcher.wait(seconds: 120) == 0, "\(watcher.words)")
        try system.drained()
        try expectRepeated(all)
        let states = try system.connection().script(
            """
            select s.state, count(*) from queue.command c
            cross join lateral queue.standing(c.id, c.pool, c.lane, c.xid, c.seq) s
            where c.kind = 'reading.submit' and c.cause is not null group by 1 order by 1
            """
        ).map { "\($0.text(0)) \($0.text(1))" }
        #expect(states == ["done \(all - accounts / 10)", "refused \(accounts / 10)"])
        #expect(
            try system.count("select count(*) from facts.reading") == Int64(all - accounts / 10))
        #expect(try system.violations() == [])
    }

    // MARK: What failures keep

    /// Commands that no rule can read: each is abandoned and holds its subject; behind each stands one that can be read.
    private func spoil(_ count: Int) throws {
        try system.connection().script(
            """
            insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
            select (overlay(gen_random_uuid()::text placing left(queue.first_id(clock_timestamp())::text, 13)
                            from 1 for 13))::uuid,
                   p.id, i % p.lanes, k.kind, 'probe', i, '{}', 'test', 'api', clock_timestamp()
            from queue.pool p, generate_series(1, \(count)) i,
              (values (1, 'reading.submit'), (2, 'queue.idle')) k(o, kind)
            where p.name = 'accounts' order by k.o
            """)
        try eventually("\(count) are abandoned", seconds: 60) {
            try system.count("select count(*) from queue.hold where state = 'abandoned'") == count
                && system.count("select count(*) from queue.waiting") == 0
        }
    }

    @Test
    func `all abandoned commands are tried again, told once each, and those behind them wait`()
        throws
    {
        _ = try system.startWorkers()
        try spoil(600)
        let reprocess = [
            "commands", "reprocess", "--state", "abandoned", "--why", "a test", "--json",
        ]
        let before = try everything()
        let dry = try objects(try system.kabinet(arguments: reprocess + ["--dry-run"]))
        #expect(totals(dry) == ["abandoned failed": 600])
        #expect(try everything() == before)
        let made = try objects(try system.kabinet(arguments: reprocess))
        #expect(made.first?["released"]?.int == 600)
        #expect(
            try system.count(
                """
                select count(distinct command) from queue.exception
                where kind = 'retried' and body->>'why' = 'a test' and body ? 'by' and body->'job' = '2'
                """) == 600)
        // They cannot be read now either: each comes back once.
        try eventually("600 are abandoned again", seconds: 60) {
            try system.count("select count(*) from queue.exception where kind = 'abandoned'")
                == 1_200
        }
        #expect(
            try system.count("select count(*) from queue.hold where state = 'abandoned'") == 600)
        #expect(
            try system.count("select count(*) from queue.exception where kind = 'retried'") == 600)
        #expect(try system.violations() == [])
    }

    @Test func `all abandoned commands are given up; those behind them go on`() throws {
        _ = try system.startWorkers()
        try spoil(600)
        let discard = [
            "commands", "discard", "--kind", "reading.submit", "--why", "a test", "--json",
        ]
        let before = try everything()
        let dry = try objects(try system.kabinet(arguments: discard + ["--dry-run"]))
        #expect(totals(dry) == ["abandoned discarded": 600])
        #expect(try everything() == before)
        let made = try objects(try system.kabinet(arguments: discard))
        #expect(made.first?["discarded"]?.int == 600)
        #expect(
            try system.count(
                """
                select count(distinct command) from queue.exception
                where kind = 'discarded' and body->>'why' = 'a test' and body ? 'by'
                """) == 600)
        try system.drained(seconds: 120)
        let states = try system.connection().script(
            """
            select c.kind, s.state, count(*) from queue.command c
            cross join lateral queue.standing(c.id, c.pool, c.lane, c.xid, c.seq) s
            where c.kind <> 'reprocess.part' group by 1, 2 order by 1
            """
        ).map { "\($0.text(0)) \($0.text(1)) \($0.text(2))" }
        #expect(states == ["queue.idle done 600", "reading.submit discarded 600"])
        #expect(try system.violations() == [])
    }

    @Test func `letters come again in their own pool, and a dry run sends none`() throws {
        _ = try system.startWorkers()
        try system.connection().script(
            """
            insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
            select (overlay(gen_random_uuid()::text placing left(queue.first_id(clock_timestamp())::text, 13)
                            from 1 for 13))::uuid,
                   p.id, i % p.lanes, 'letter.send', 'probe', i,
                   '{"to": "a@example.org", "notice": "user.deleted"}', 'test', 'api', clock_timestamp()
            from queue.pool p, generate_series(1, 5) i where p.name = 'letters'
            """)
        try eventually("five letters") {
            try system.count("select count(*) from operations.outbox") == 5
        }
        try system.drained()
        let reprocess = [
            "commands", "reprocess", "--kind", "letter.send", "--accepted", "--why", "lost",
            "--json",
        ]
        let dry = try objects(try system.kabinet(arguments: reprocess + ["--dry-run"]))
        #expect(totals(dry) == ["done sent": 5])
        #expect(try system.count("select count(*) from operations.outbox") == 5)
        try system.kabinet(arguments: reprocess)
        try eventually("five letters more") {
            try system.count("select count(*) from operations.outbox") == 10
        }
        #expect(
            try system.count(
                """
                select count(*) from queue.command c join queue.pool p on p.id = c.pool
                where c.kind = 'letter.send' and p.name = 'letters'
                """) == 10)
    }

    @Test func `what is no filter, or does not go with a job, is refused before anything happens`()
        throws
    {
        for wrong in [
            ["reprocess", "--why", "x"], ["reprocess", "--state", "pending", "--why", "x"],
            ["discard", "--why", "x"], ["discard", "--state", "refused", "--why", "x"],
            ["discard", "01890000-0000-7000-8000-000000000000", "--state", "failed", "--why", "x"],
            ["reprocess", "--state", "refused"], ["jobs", "pause", "7", "--why", "x"],
            ["jobs", "cancel", "x", "--why", "x"],
        ] {
            #expect(throws: TestKitError.self, "\(wrong)") {
                try system.kabinet(arguments: ["commands"] + wrong)
            }
        }
        #expect(try system.count("select count(*) from operations.reprocess_job") == 0)
        #expect(
            try system.count("select count(*) from operations.audit where action like 'job.%'") == 0
        )
    }
}
