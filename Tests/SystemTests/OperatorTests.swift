import Commands
import Foundation
import Postgres
import TestKit
import Testing

/// An operator at nine in the morning, with the built command line.
@Suite(.serialized) struct OperatorTests {
    private let system: System

    init() throws {
        system = try System()
        try system.organization()
    }

    /// Commands that no rule can read: each is abandoned and holds its subject.
    private func spoil(_ count: Int) throws {
        try system.connection().script(
            """
            insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
            select (overlay(gen_random_uuid()::text placing left(queue.first_id(clock_timestamp())::text, 13)
                            from 1 for 13))::uuid,
                   p.id, i % p.lanes, 'reading.submit', 'probe', i, '{}', 'test', 'api', clock_timestamp()
            from queue.pool p, generate_series(1, \(count)) i where p.name = 'accounts'
            """)
    }

    private func abandoned() throws -> Int64 {
        try system.count("select count(*) from queue.hold where state = 'abandoned'")
    }

    @Test func `abandoned commands are told by cause, with the newest of each and what to do next`()
        throws
    {
        _ = try system.startWorkers()
        try spoil(9)
        try eventually("9 are abandoned", seconds: 60) { try abandoned() == 9 }
        let connection = try system.connection()
        // Five of one cause, whatever their ids, numbers and names; one of another; three as they are.
        try connection.script(
            """
            with h as (select id, row_number() over (order by id) as n from queue.hold)
            update queue.hold w
            set error = case when h.n <= 5 then format('Key (id)=(%s) of "%s" and %L: %s times', w.head, 'x' || w.id, w.id, h.n)
                             else 'no room left' end
            from h where h.id = w.id and h.n <= 6;
            insert into queue.parked (hold, command)
            select h.id, h.head from queue.hold h where error like 'Key%' or error = 'no room left';
            """)
        let words = try system.kabinet("commands", "abandoned", "--json")
        let causes = try words.split(separator: "\n").map { try JSON.parse(Array($0.utf8)) }
        #expect(causes.map { $0["commands"]?.int } == [5, 3, 1])
        #expect(causes.map { $0["parked"]?.int } == [5, 0, 1])
        #expect(causes.map { $0["subjects"]?.int } == [5, 3, 1])
        #expect(causes[0]["cause"]?.string == "Key (id)=(…) of … and …: … times")
        let newest = try connection.script(
            "select head::text, error from queue.hold where error like 'Key%' order by id desc limit 1"
        ).map { ($0.text(0), $0.text(1)) }[0]
        #expect(causes[0]["example"]?.string == newest.0)
        #expect(causes[0]["error"]?.string == newest.1)
        let table = try system.kabinet("commands", "abandoned")
        #expect(table.contains(newest.0) && table.contains(newest.1))
        #expect(
            table.contains("kabinet commands reprocess")
                && table.contains("kabinet commands discard"))
        #expect(
            try system.kabinet("commands", "abandoned", "--json", "--kind", "period.fix") == "")
        #expect(
            try system.kabinet(
                "commands", "abandoned", "--json", "--organization", "probe", "--limit", "1"
            ).split(separator: "\n").count == 1)
    }

    @Test func `a pool is paused and resumed, and says so`() throws {
        _ = try system.startWorkers()
        try system.kabinet("queue", "pause", "accounts", "--why", "the evening of the 25th")
        #expect(try system.kabinet("queue").contains("the evening of the 25th"))
        #expect(throws: TestKitError.self) {
            try system.kabinet("queue", "pause", "accounts", "--why", "again")
        }
        #expect(throws: TestKitError.self) {
            try system.kabinet("queue", "pause", "no such pool", "--why", "x")
        }
        try spoil(10)
        // Another pool goes on meanwhile: what it decides comes after what waits.
        try system.kabinet("period", "open", "--organization", "probe", "--month", "2030-01")
        #expect(try abandoned() == 0)
        #expect(try system.count("select count(*) from queue.waiting") == 10)
        for (filter, count) in [
            (["--payload", "{}"], 10), (["--payload", #"{"account":"1"}"#], 0),
            (["--cause", "01890000-0000-7000-8000-000000000000"], 0),
            (["--kind", "reading.submit"], 10),
        ] {
            let words = try system.kabinet(
                arguments: ["commands", "list", "--state", "pending", "--json"] + filter)
            #expect(words.split(separator: "\n").count == count, "\(filter)")
        }
        for wrong in ["[1]", "{", "17"] {
            #expect(throws: TestKitError.self) {
                try system.kabinet("commands", "list", "--payload", wrong)
            }
        }
        try system.kabinet("queue", "resume", "accounts", "--why", "it is over")
        try eventually("what waited is decided", seconds: 30) { try abandoned() == 10 }
        #expect(throws: TestKitError.self) {
            try system.kabinet("queue", "resume", "accounts", "--why", "twice")
        }
        #expect(
            try system.count(
                "select count(*) from operations.audit where action in ('queue.pause', 'queue.resume')"
            )
                == 2)
    }
}
