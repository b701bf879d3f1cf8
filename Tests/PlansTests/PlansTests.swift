import Access
import Postgres
import Queue
import Store
import TestKit
import Testing
import Workers

/// Q5: every statement of the hot paths goes by its index and costs the same, whatever is there and whatever the server
/// knows of it.
@Suite struct PlansTests {
    /// Looked at once; the tests judge.
    static let looked = Result { try Looked() }
    var looked: Looked { get throws { try Self.looked.get() } }

    /// What the rooms prepare at connect.
    static var prepared: Set<Statement> {
        Set(
            Lane.statements + Appender.statements + [CommandState.statement] + Desk.statements
                + Mailroom.statements + Access.statements + PortalQueries.statements)
    }

    @Test func `every statement of a hot room has a case, or a reason for none`() throws {
        let cases = Case.all(Pools(done: 1, waiting: 2, narrow: 3)).map(\.statement)
        #expect(Set(cases).count == cases.count)
        let library = Library(home: TestDatabase.home)
        var there = Self.prepared
        for room in ["access", "portal", "queue", "store"] {
            for name in try library.names(in: "queries/\(room)") {
                there.insert(Statement("\(room)/\(name)"))
            }
        }
        let covered = Set(cases).union(Case.exempt.keys).union(Case.operatorExempt.keys)
            .union(Case.identityExempt.keys).union(Case.ledgerExempt.keys)
        #expect(there.subtracting(covered) == [], "neither case nor reason")
        #expect(covered.subtracting(there) == [], "no such statement")
        #expect(Set(cases).intersection(Case.exempt.keys) == [])
    }

    @Test
    func `every statement goes by its indexes, whatever is there and whatever is known of it`()
        throws
    {
        for seen in try looked.seen {
            let expected = seen.of.reads, name = seen.of.statement.name
            #expect(
                seen.plan == expected || seen.plan == seen.of.or,
                "\(name) reads \(seen.plan.sorted()), not \(expected.sorted()): \(seen.situation)")
            #expect(
                seen.whole.subtracting(seen.plan.union(expected)).subtracting(Case.tiny) == [],
                "what a function, trigger or key of \(name) reads whole: \(seen.situation)")
        }
    }

    @Test func `every statement costs the same, behind 5,000,000 commands and 200,000 accounts`()
        throws
    {
        var little: [Statement: Int] = [:]
        for seen in try looked.seen {
            guard let blocks = seen.blocks else { continue }
            let name = seen.of.statement.name
            #expect(blocks <= seen.of.most, "blocks of \(name): \(seen.situation)")
            // What grows is the height of the indexes.
            let first = little[seen.of.statement, default: blocks]
            little[seen.of.statement] = first
            #expect(blocks <= first * 4 + 16, "blocks of \(name): \(seen.situation)")
        }
        #expect(little.count == Set(try looked.seen.map(\.of.statement)).count)
    }

    @Test func `an append costs the same behind 5,000,000 commands`() throws {
        let (little, much) = try (looked.appends.little, looked.appends.much)
        report("blocks an appended command with its key: \(little), behind 5,000,000: \(much)")
        #expect(much <= little * 1.5)
    }

    @Test func `claim and completion of a command cost 0.6 blocks at most, of 5,000,000 as of few`()
        throws
    {
        for (pool, cost) in try looked.steps.sorted(by: { $0.key < $1.key }) {
            report("blocks a command, pool \(pool): \(cost.little), of 5,000,000: \(cost.much)")
            #expect(cost.little <= 0.6, "\(pool)")
            #expect(cost.much <= 0.6, "\(pool)")
            // Ten percent, and the indexes are higher: five blocks a batch.
            #expect(cost.much <= cost.little * 1.10 + 0.01, "\(pool)")
        }
    }
}

/// What was seen of every statement in every situation, and of appends and steps before and after the database grew.
struct Looked {
    struct Seen {
        let of: Case
        let situation: String
        let plan: Set<String>
        /// Nil where nothing was there to be read.
        var blocks: Int?
        var whole: Set<String> = []
    }
    typealias Grown = (little: Double, much: Double)

    private(set) var seen: [Seen] = []
    let appends: Grown
    let steps: [String: Grown]

    init() throws {
        let big = try Big()
        let cases = Case.all(big.pools)
        var seen: [Seen] = []
        func sessions() throws -> [String: Connection] {
            let roles = Dictionary(grouping: cases, by: \.role)
            return try Dictionary(
                uniqueKeysWithValues: roles.map { role, cases in
                    (role, try big.session(role, preparing: cases.map(\.statement)))
                })
        }
        func look(_ situation: String, _ sessions: [String: Connection], counting: Bool = true)
            throws
        {
            for each in cases {
                guard let session = sessions[each.role] else { continue }
                let run = try Run(each, on: session, of: big)
                var one = Seen(of: each, situation: situation, plan: try run.plan())
                if counting {
                    let cost = try run.cost()
                    one.blocks = cost.blocks
                    one.whole = cost.whole
                    report("\(each.statement.name): \(cost.blocks) blocks, \(situation)")
                }
                seen.append(one)
            }
        }

        let early = try sessions()
        try look("empty", early, counting: false)
        try big.seed()
        try look("a little", early)
        let (append, waiting, narrow) = try (
            big.append(), big.steps("waiting", 1), big.steps("narrow", 1)
        )
        try big.grow()
        try look("much, plans and statistics from when it was empty", early)
        try look("much, statistics from when it was empty", sessions())
        appends = (append, try big.append())
        steps = [
            "waiting": (waiting, try big.steps("waiting", 4)),
            "narrow": (narrow, try big.steps("narrow", 4)),
        ]
        try big.analyze()
        try look("much, analyzed", sessions())
        try big.lie()
        try look("much, statistics that lie", sessions())
        self.seen = seen
    }
}

/// One statement with its parameters, on a session that has it prepared.
struct Run {
    private let of: Case
    private let session: Connection
    private let big: Big
    private let call: String

    init(_ of: Case, on session: Connection, of big: Big) throws {
        self.of = of
        self.session = session
        self.big = big
        var values: [String] = []
        for argument in of.arguments {
            let value = try big.owner.script("select (\(argument))::text")[0]
            values.append(
                value.isNull(0) ? "null" : "'\(value.text(0).replacing("'", with: "''"))'")
        }
        let list = values.isEmpty ? "" : "(\(values.joined(separator: ", ")))"
        call = "execute \"\(of.statement.name)\"\(list)"
    }

    /// What the session's plan reads, as in `Case.reads`.
    func plan() throws -> Set<String> {
        try session.begin()
        if let first = of.after { try session.script(first) }
        let text = try session.script("explain (format json) \(call)")
            .map { $0.text(0) }.joined(separator: "\n")
        try session.rollback()
        // Line by line: a plan nests deeper than any JSON that the product takes.
        var reads: Set<String> = []
        var node = ""
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let key = parts[0].trimmed, value = parts[1].trimmed
            switch key {
            case "Node Type": node = value
            case "Index Name": reads.insert(try big.index(value))
            case "Relation Name":
                if node == "Seq Scan" { reads.insert(try big.table(value)) }
            default: break
            }
        }
        return reads
    }

    /// What it costs once the session is warm, in a transaction that is rolled back: blocks of our tables and indexes, those
    /// of functions, triggers and foreign keys too, and which tables were read whole. Of the first run the session's caches
    /// are part, so it is the cheapest of three.
    func cost() throws -> (blocks: Int, whole: Set<String>) {
        var least = Int.max
        var whole: Set<String> = []
        for _ in 0..<3 {
            try session.begin()
            if let first = of.after { try session.script(first) }
            let before = try counted()
            try session.script(call)
            let after = try counted()
            try session.rollback()
            least = min(least, after.blocks - before.blocks)
            whole = try Set(after.whole.subtracting(before.whole).map(big.table))
        }
        return (least, whole)
    }

    private func counted() throws -> (blocks: Int, whole: Set<String>) {
        let blocks = try session.script(
            "select sum(pg_stat_get_xact_blocks_fetched(oid)) from pg_class where oid >= 16384")
        let whole = try session.script(
            "select relname || ' ' || seq_scan from pg_stat_xact_user_tables where seq_scan > 0")
        guard let number = Int(blocks[0].text(0)) else { throw TestKitError("not a number") }
        return (number, Set(whole.map { $0.text(0) }))
    }
}

extension Big {
    /// `table (columns)` of an index.
    func index(_ name: String) throws -> String {
        let rows = try owner.script(
            """
            select r.relname || ' ' || substring(pg_get_indexdef(i.indexrelid) from 'USING [a-z]+ (.*)$')
            from pg_index i join pg_class c on c.oid = i.indexrelid
            join pg_class r on r.oid = coalesce(pg_partition_root(i.indrelid), i.indrelid)
            where c.relname = '\(name)'
            """)
        guard rows.count == 1 else { throw TestKitError("which index is \(name)?") }
        return rows[0].text(0)
    }

    /// The table of which this one is a partition, or itself.
    func table(_ name: String) throws -> String {
        let name = name.split(separator: " ").first.map(String.init) ?? name
        let rows = try owner.script(
            """
            select distinct r.relname from pg_class c join pg_class r on r.oid = coalesce(pg_partition_root(c.oid), c.oid)
            where c.relname = '\(name)' and c.relkind in ('r', 'p')
            """)
        guard rows.count == 1 else { throw TestKitError("which table is \(name)?") }
        return rows[0].text(0)
    }
}

extension Substring {
    /// Without blanks, quotes and commas around it.
    fileprivate var trimmed: String {
        var text = self
        while let last = text.last, " \",".contains(last) { text.removeLast() }
        while let first = text.first, " \"".contains(first) { text.removeFirst() }
        return String(text)
    }
}
