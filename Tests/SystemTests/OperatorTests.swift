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
