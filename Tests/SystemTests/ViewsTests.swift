import Commands
import Postgres
import TestKit
import Testing

/// The views compared and made anew while residents go on, with the built binary.
@Suite(.serialized) struct ViewsTests {
    private let system: System
    private let token: String

    init() throws {
        system = try System()
        try system.organization()
        token = try system.token().token
    }

    /// What `views check` says, and with which code it ends.
    private func check(_ more: String...) throws -> (code: Int32, lines: [JSON]) {
        let child = try system.launch(["views", "check", "--json"] + more)
        let code = try child.wait()
        return (
            code,
            try child.words.split(separator: "\n").map { try JSON.parse(Array($0.utf8)) }
        )
    }

    private func damage() throws {
        try system.connection().script(
            """
            with m as (select meter, month, row_number() over (order by meter, month) % 4 as n from views.month)
            delete from views.month v using m where m.n = 0 and m.meter = v.meter and m.month = v.month;
            update views.month set volumes = '{999}' where meter % 3 = 0;
            insert into views.month select meter, '1990-01-01', account, reading, taken_on, values, volumes
              from views.month v where month = (select min(month) from views.month w where w.meter = v.meter);
            """)
    }

    @Test func `every kind of damage is named, and healed under load through a killed worker`()
        throws
    {
        _ = try system.startIngress()
        let victim = try system.startWorkers()
        let load = (0..<3).map { number in
            Load(
                number, doors: [system.port], token: token,
                accounts: (0..<30).map { "\(1_000 * (number + 1) + $0)" })
        }
        try system.accounts(load.flatMap(\.accounts), token: token)
        for client in load { client.start() }
        defer { for client in load { client.end() } }
        func flows(_ more: Int) throws {
            let before = load.reduce(0) { $0 + $1.acknowledged.count }
            try eventually("the flow of the load", seconds: 60) {
                load.reduce(0) { $0 + $1.acknowledged.count } >= before + more
            }
        }
        try flows(400)
        // Clean while the system runs: no false alarm in many looks.
        for _ in 0..<5 {
            let found = try check()
            #expect(found.code == 0, "\(found.lines)")
            #expect(found.lines.count == 1)
        }
        for client in load { client.end() }
        try system.drained()
        try damage()
        let found = try check()
        #expect(found.code == 1)
        let sum = try #require(found.lines.last)
        for kind in ["missing", "extra", "different"] {
            let count = found.lines.count { $0["problem"]?.string == kind }
            #expect(count > 0, "\(kind)")
            #expect(sum[kind]?.int == Int64(count))
        }
        #expect(found.lines.dropLast().allSatisfy { $0["account"]?.string?.isEmpty == false })
        #expect(sum["accounts"]?.int == 90)
        let count = try system.count(
            "select count(*) from queue.command where kind = 'views.rebuild'")
        try system.kabinet("views", "rebuild", "--dry-run", "--why", "x")
        #expect(
            try system.count("select count(*) from queue.command where kind = 'views.rebuild'")
                == count)

        // The worker dies with the rebuild; the next one brings it to its end, under a new load.
        let more = (0..<3).map { number in
            Load(
                number + 10, doors: [system.port], token: token,
                accounts: (0..<30).map { "\(1_000 * (number + 11) + $0)" })
        }
        try system.accounts(more.flatMap(\.accounts), token: token)
        for client in more { client.start() }
        defer { for client in more { client.end() } }
        let blocker = try system.connection()
        try blocker.begin()
        try blocker.script("select from facts.account where number = '1000' for update")
        let rebuilding = try system.launch(["views", "rebuild", "--why", "a test"])
        try eventually("the rebuild waits for an account", seconds: 60) {
            try system.count(
                """
                select count(*) from pg_stat_activity
                where application_name = 'kabinet bulk' and wait_event_type = 'Lock'
                """) > 0
        }
        try victim.kill()
        try blocker.rollback()
        _ = try system.startWorkers()
        #expect(try rebuilding.wait() == 0)
        for client in more { client.end() }
        try system.drained()
        let after = try check()
        #expect(after.code == 0, "\(after.lines)")
        #expect(after.lines.last?["accounts"]?.int == 180)
        #expect(more.flatMap(\.surprises) == [])
        #expect(try system.violations() == [])
        #expect(
            try system.count(
                "select count(*) from operations.audit where action = 'views.rebuild' and details->>'why' = 'a test'"
            ) == 1)
    }
}
