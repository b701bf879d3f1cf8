import Postgres
import TestKit
import Testing

@Suite struct PostgresTests {
    static let database = Result { try TestDatabase("postgres") }

    func connection(_ texts: [String: String] = [:]) throws -> Connection {
        let statements = try Statements(texts)
        // Prepared at once: the folder goes with `statements`.
        return try Connection(
            Self.database.get().address(), library: statements.library,
            preparing: texts.keys.sorted().map { Statement("test/\($0)") })
    }

    static let scalars = """
        select $1::bool, $2::int2, $3::int4, $4::int8, $5::text, $6::bytea, $7::uuid, $8::timestamptz, $9::date,
               $10::jsonb, $11::xid8
        """

    static let moments: [Int64] = [
        0, 1, -1, 946_684_799_999_999, 946_684_800_000_000, -62_135_596_800_000_000,
        4_102_444_800_000_000, 1_777_147_199_999_999,
    ]

    @Test(arguments: [
        (Int16.min, Int32.min, Int64.min, UInt64.min),
        (Int16.max, Int32.max, Int64.max, UInt64.max),
        (-1, -1, -1, 3), (0, 0, 0, 1 << 32),
    ])
    func `numbers come back as they went, extremes too`(
        _ values: (Int16, Int32, Int64, UInt64)
    ) throws {
        let connection = try connection(["n": "select $1::int2, $2::int4, $3::int8, $4::xid8"])
        let row = try #require(
            try connection.run(
                "test/n", .int16(values.0), .int32(values.1), .int64(values.2), .xid(values.3)
            ).first)
        #expect(row.int16(0) == values.0)
        #expect(row.int32(1) == values.1)
        #expect(row.int64(2) == values.2)
        #expect(row.xid(3) == values.3)
    }

    @Test func `text, bytes, ids and json come back as they went`() throws {
        let connection = try connection([
            "v":
                "select $1::text, $2::bytea, $3::uuid, $4::jsonb, $5::bool, $6::bool, $1::text = 'Ёлка 🎄 ''\"\\'"
        ])
        let text = "Ёлка 🎄 '\"\\"
        let bytes: [UInt8] = [0, 255, 92, 39, 0]
        let id = Identifier(high: .max, low: 1 << 63)
        let json = Array(#"{"n": [1, null], "имя": "Ёжик"}"#.utf8)
        let row = try #require(
            try connection.run(
                "test/v", .text(text), .bytes(bytes), .id(id), .json(json), .bool(true),
                .bool(false)
            ).first)
        #expect(row.text(0) == text)
        #expect(row.bytes(1) == bytes)
        #expect(row.id(2) == id)
        #expect(row.json(3) == json)
        #expect(row.bool(4))
        #expect(!row.bool(5))
        #expect(row.bool(6), "the server saw the same characters")
        let empty = try #require(
            try connection.run(
                "test/v", .text(""), .bytes([]), .id(id), .json(Array("null".utf8)), .bool(true),
                .bool(true)
            ).first)
        #expect(empty.text(0) == "")
        #expect(empty.bytes(1) == [])
        #expect(!empty.isNull(1), "empty is not null")
    }

    @Test func `every type carries null`() throws {
        let connection = try connection(["scalars": Self.scalars])
        let row = try #require(
            try connection.run(
                "test/scalars", .null, .null, .null, .int64(nil as Int64?), .text(nil as String?),
                .bytes(nil), .id(nil as Identifier?), .timestamp(nil), .date(nil), .json(nil),
                .xid(nil)
            ).first)
        for column in 0..<11 { #expect(row.isNull(column)) }
        #expect(row.optional(3, row.int64) == nil)
        #expect(row.optional(6, row.id) == nil)
    }

    @Test(arguments: moments)
    func `a moment is the same moment for the server, before 2000 and before 1970 too`(
        _ moment: Int64
    ) throws {
        let connection = try connection([
            "t": """
            select $1::timestamptz, (extract(epoch from $1::timestamptz) * 1000000)::int8, $2::date,
                   $2::date - date '1970-01-01'
            """
        ])
        let day = Int32(moment / 86_400_000_000)
        let row = try #require(
            try connection.run("test/t", .timestamp(moment), .date(day)).first)
        #expect(row.timestamp(0) == moment)
        #expect(row.int64(1) == moment)
        #expect(row.date(2) == day)
        #expect(row.int32(3) == day)
    }

    @Test func `arrays of every type reach the server with their nulls`() throws {
        let connection = try connection([
            "arrays": """
            select array[$1::bool[]::text, $2::int2[]::text, $3::int4[]::text, $4::int8[]::text, $5::text[]::text,
                         $6::bytea[]::text, $7::uuid[]::text,
                         (select array_agg(m at time zone 'UTC')::text from unnest($8::timestamptz[]) m),
                         $9::date[]::text, $10::jsonb[]::text, $11::xid8[]::text]
            """
        ])
        let id = Identifier(high: 1, low: 2)
        let full = try #require(
            try connection.run(
                "test/arrays", .bools([true, false]), .int16s([.min, nil, .max]),
                .int32s([.min, nil, .max]), .int64s([.min, nil, .max]),
                .texts(["Ёж", nil, "", "a,b"]), .bytesArray([[0, 255], nil, []]), .ids([id, nil]),
                .timestamps([-1_000_000, nil, 946_684_800_000_000]), .dates([-1, nil, 10_957]),
                .jsons([Array(#"{"a": 1}"#.utf8), nil]), .xids([0, .max])
            ).first)
        #expect(
            full.texts(0) == [
                "{t,f}", "{-32768,NULL,32767}", "{-2147483648,NULL,2147483647}",
                "{-9223372036854775808,NULL,9223372036854775807}", #"{Ёж,NULL,"","a,b"}"#,
                #"{"\\x00ff",NULL,"\\x"}"#, "{00000000-0000-0001-0000-000000000002,NULL}",
                #"{"1969-12-31 23:59:59",NULL,"2000-01-01 00:00:00"}"#,
                "{1969-12-31,NULL,2000-01-01}", #"{"{\"a\": 1}",NULL}"#,
                "{0,18446744073709551615}",
            ])
        let empty = try #require(
            try connection.run(
                "test/arrays", .bools([]), .int16s([]), .int32s([]), .int64s([]), .texts([]),
                .bytesArray([]), .ids([]), .timestamps([0]), .dates([]), .jsons([]), .xids([])
            ).first)
        #expect(
            empty.texts(0) == [
                "{}", "{}", "{}", "{}", "{}", "{}", "{}", #"{"1970-01-01 00:00:00"}"#, "{}", "{}",
                "{}",
            ])
    }

    @Test func `arrays come back, empty ones too`() throws {
        let connection = try connection(["a": "select $1::int8[], $2::text[]"])
        for (numbers, texts): ([Int64], [String]) in [
            ([], []), ([.min, 0, .max], ["", "Ё", "a"]),
        ] {
            let row = try #require(
                try connection.run("test/a", .int64s(numbers), .texts(texts)).first)
            #expect(row.int64s(0) == numbers)
            #expect(row.texts(1) == texts)
        }
    }

    @Test func `rows know their count, columns, tag and how many they changed`() throws {
        let connection = try connection()
        try connection.script("create temp table t (a int)")
        let inserted = try connection.script("insert into t select generate_series(1, 5)")
        #expect(inserted.affected == 5)
        #expect(inserted.tag == "INSERT 0 5")
        let rows = try connection.script("select a, a * 2 as twice from t order by a")
        #expect(rows.count == 5)
        #expect(rows.columns == ["a", "twice"])
        #expect(rows.map { $0.text(1) } == ["2", "4", "6", "8", "10"])
        #expect(try connection.script("select from t where false").first == nil)
    }

    // MARK: Errors

    @Test func `an error carries its state, constraint and statement`() throws {
        let connection = try connection()
        try connection.script(
            "create temp table t (a int constraint only_small check (a < 10) unique)")
        let failure = try #require(throws: PostgresError.self) {
            try connection.script("insert into t values (11)", named: "the insert")
        }
        #expect(failure.sqlState == "23514")
        #expect(failure.constraint == "only_small")
        #expect(failure.statement == "the insert")
        #expect(!failure.transient)
        try connection.script("insert into t values (1)")
        let twice = try #require(throws: PostgresError.self) {
            try connection.script("insert into t values (1)")
        }
        #expect(twice.sqlState == "23505")
        #expect(twice.constraint == "t_a_key")
        #expect(twice.detail.contains("(a)=(1)"))
    }

    @Test func `a typo in a statement stops the session's start`() throws {
        let failure = try #require(throws: PostgresError.self) {
            _ = try self.connection(["typo": "selekt 1"])
        }
        #expect(failure.sqlState == "42601")
        #expect(failure.statement == "test/typo")
        let missing = try #require(throws: PostgresError.self) {
            try self.connection().run("test/nowhere")
        }
        #expect(missing.sqlState == "58P01")
        #expect(missing.message.contains("KABINET_HOME"))
    }

    @Test func `a commit of a failed transaction throws`() throws {
        let connection = try connection()
        try connection.begin()
        #expect(throws: PostgresError.self) { try connection.script("select 1 / 0") }
        #expect(connection.inTransaction)
        let failure = try #require(throws: PostgresError.self) { try connection.commit() }
        #expect(failure.sqlState == "25P02")
        #expect(!connection.inTransaction)
    }

    @Test func `a transaction whose body throws leaves nothing, and the first error comes out`()
        throws
    {
        let connection = try connection()
        try connection.script("create temp table t (a int)")
        struct Mine: Error {}
        #expect(throws: Mine.self) {
            try connection.transaction {
                try connection.script("insert into t values (1)")
                throw Mine()
            }
        }
        let failure = try #require(throws: PostgresError.self) {
            try connection.transaction { _ = try connection.script("select 1 / 0") }
        }
        #expect(failure.sqlState == "22012")
        #expect(try connection.script("select from t").isEmpty)
        try connection.transaction { _ = try connection.script("insert into t values (2)") }
        #expect(try connection.script("select from t").count == 1)
    }

    @Test func `a transaction is read committed whatever the server's default`() throws {
        let connection = try connection()
        try connection.script("set default_transaction_isolation = 'serializable'")
        let level = try connection.transaction {
            try connection.script("show transaction_isolation")[0].text(0)
        }
        #expect(level == "read committed")
    }

    @Test func `a session that the server ended is lost, not merely failed`() throws {
        let victim = try connection()
        let killer = try connection()
        try killer.script("select pg_terminate_backend(\(victim.backend), 30000)")
        let failure = try #require(throws: PostgresError.self) { try victim.script("select 1") }
        #expect(failure.connectionLost)
        #expect(failure.transient)
        #expect(!victim.isAlive)
        #expect(!victim.inTransaction)
        #expect(try #require(throws: PostgresError.self) { try victim.begin() }.connectionLost)
    }

    @Test func `a server that is not there is a lost connection`() throws {
        let address = try Self.database.get().address().with("host", "/nowhere")
        let failure = try #require(throws: PostgresError.self) { _ = try Connection(address) }
        #expect(failure.connectionLost)
    }

    @Test func `a cancelled statement leaves the session usable`() throws {
        let connection = try connection()
        try connection.script("set statement_timeout = 50")
        let failure = try #require(throws: PostgresError.self) {
            try connection.script("select pg_sleep(60)")
        }
        #expect(failure.sqlState == "57014")
        #expect(!failure.connectionLost)
        #expect(failure.transient)
        try connection.script("select 1")
    }

    // MARK: Several statements in one round trip

    private static let several = [
        "number": "select $1::int4", "ratio": "select 1 / $1::int4",
        "insert": "insert into t values ($1::int4)", "count": "select count(*) from t",
    ]

    /// A session whose statements find a table `t` of their own.
    private func connection(_ texts: [String: String], table: String) throws -> Connection {
        let schema = "s\(UInt64.random(in: 0 ... .max))"
        try connection().script("create schema \(schema); create table \(schema).t (\(table))")
        let statements = try Statements(texts)
        return try Connection(
            Self.database.get().address().with("options", "-c search_path=\(schema)"),
            library: statements.library,
            preparing: texts.keys.sorted().map { Statement("test/\($0)") })
    }

    @Test func `what is sent is answered in its order, and the server hears of it in one message`()
        throws
    {
        let connection = try connection(Self.several, table: "a int")
        try connection.begin()
        let first = try connection.send("test/number", .int32(1))
        try connection.send("test/insert", .int32(7))
        let second = try connection.send("test/number", .int32(2))
        let count = try connection.run("test/count")
        #expect(try second.rows().first?.int32(0) == 2)
        #expect(try first.rows().first?.int32(0) == 1)
        #expect(count.first?.int64(0) == 1)
        #expect(connection.inTransaction)
        try connection.send("test/insert", .int32(8))
        try connection.commit()
        #expect(!connection.inTransaction)
        #expect(try connection.script("select from t").count == 2)
    }

    @Test func `nothing behind a failed statement is carried out, and its error names it`() throws {
        let connection = try connection(Self.several, table: "a int")
        for waiting in 0..<3 {
            try connection.begin()
            try connection.send("test/insert", .int32(1))
            let before = try connection.send("test/number", .int32(5))
            let failing = try connection.send("test/ratio", .int32(0))
            let behind = try connection.send("test/insert", .int32(2))
            let failure = try #require(throws: PostgresError.self) {
                switch waiting {
                case 0: try connection.commit()
                case 1: try behind.rows()
                default: try connection.script("select 1")
                }
            }
            #expect(failure.sqlState == "22012")
            #expect(failure.statement == "test/ratio")
            #expect(try before.rows().first?.int32(0) == 5, "it was answered before")
            #expect(throws: PostgresError.self) { try failing.rows() }
            #expect(connection.inTransaction)
            try connection.rollback()
            #expect(!connection.inTransaction)
            #expect(try connection.script("select from t").isEmpty)
        }
    }

    @Test func `a transaction that is rolled back before anything was answered leaves nothing`()
        throws
    {
        let connection = try connection(Self.several, table: "a int")
        try connection.begin()
        try connection.send("test/insert", .int32(1))
        try connection.rollback()
        #expect(!connection.inTransaction)
        try connection.begin()
        try connection.rollback()
        #expect(try connection.script("select from t").isEmpty)
    }

    @Test func `a session that ends amid several statements is lost for all of them`() throws {
        let victim = try connection(Self.several, table: "a int")
        let killer = try connection()
        try victim.begin()
        let before = try victim.send("test/number", .int32(1))
        try killer.script("select pg_terminate_backend(\(victim.backend), 30000)")
        let pending = Result { try victim.send("test/number", .int32(2)) }
        let failure = try #require(throws: PostgresError.self) { try pending.get().rows() }
        #expect(failure.connectionLost)
        #expect(!victim.isAlive)
        #expect(try #require(throws: PostgresError.self) { try before.rows() }.connectionLost)
        #expect(throws: PostgresError.self) { try victim.rollback() }
    }

    @Test func `more than the buffers hold goes out and comes back`() throws {
        let connection = try connection(
            ["long": "select length($1::text)", "insert": "insert into t values ($1::text)"],
            table: "a text")
        let text = String(repeating: "ё", count: 300_000)
        try connection.begin()
        for _ in 0..<20 { try connection.send("test/insert", .text(text)) }
        #expect(try connection.run("test/long", .text(text)).first?.int32(0) == 300_000)
        try connection.commit()
        #expect(try connection.script("select from t").count == 20)
    }

    // MARK: Notifications

    @Test func `notifications come in order, with channel and payload, after the commit`() throws {
        let listener = try connection()
        let speaker = try connection()
        try listener.listen("Первый канал")
        try speaker.begin()
        try speaker.script(
            "select pg_notify('Первый канал', 'раз'), pg_notify('Первый канал', 'два')")
        #expect(try listener.notifications(milliseconds: 0).isEmpty)
        try speaker.commit()
        var found: [Connection.Notification] = []
        try eventually {
            found += try listener.notifications(milliseconds: 1000)
            return found.count == 2
        }
        #expect(found.map(\.payload) == ["раз", "два"])
        #expect(found.map(\.channel) == ["Первый канал", "Первый канал"])
    }

    @Test func `waiting for notifications on an ended session throws`() throws {
        let listener = try connection()
        let killer = try connection()
        try listener.listen("somewhere")
        try killer.script("select pg_terminate_backend(\(listener.backend), 30000)")
        let failure = try #require(throws: PostgresError.self) {
            for _ in 0..<10 { _ = try listener.notifications(milliseconds: 5000) }
        }
        #expect(failure.connectionLost)
    }

    // MARK: COPY

    /// A session whose library lives as long as the call: COPY statements are not prepared.
    func copying(_ body: (Connection) throws -> Void) throws {
        let statements = try Statements([
            "copy": "copy numbers (a, b) from stdin", "select": "select 1",
        ])
        let connection = try Connection(
            Self.database.get().address(), library: statements.library)
        try connection.script("create temp table numbers (a int primary key, b text)")
        try body(connection)
        withExtendedLifetime(statements) {}
    }

    @Test func `copy takes rows in any cuts`() throws {
        try copying { connection in
            let bytes = Array("1\tЁж\n2\t\\N\n3\tц\n".utf8)
            var rest = bytes[...]
            var pause = true
            try connection.copyIn("test/copy") {
                pause.toggle()
                if pause { return [] }
                guard let next = rest.popFirst() else { return nil }
                return [next]
            }
            let rows = try connection.script("select b from numbers order by a")
            #expect(rows.count == 3)
            #expect(rows[0].text(0) == "Ёж")
            #expect(rows[1].isNull(0))
        }
    }

    @Test func `a feed that throws leaves no row, and its own error comes out`() throws {
        struct Mine: Error {}
        try copying { connection in
            var left = 2
            #expect(throws: Mine.self) {
                try connection.copyIn("test/copy") {
                    left -= 1
                    if left == 0 { throw Mine() }
                    return Array("1\ta\n".utf8)
                }
            }
            #expect(try connection.script("select from numbers").isEmpty)
            #expect(!connection.inTransaction)
            try connection.copyIn("test/copy") { nil }
        }
    }

    @Test func `a bad row in a copy is an error with its state, and the session goes on`() throws {
        try copying { connection in
            for (text, state) in [("x\ta\n", "22P02"), ("1\ta\n1\tb\n", "23505")] {
                var feed: [UInt8]? = Array(text.utf8)
                let failure = try #require(throws: PostgresError.self) {
                    try connection.copyIn("test/copy") {
                        defer { feed = nil }
                        return feed
                    }
                }
                #expect(failure.sqlState == state)
                #expect(try connection.script("select from numbers").isEmpty)
            }
            #expect(throws: PostgresError.self) { try connection.copyIn("test/select") { nil } }
            try connection.script("select 1")
        }
    }
}

@Suite struct AddressTests {
    @Test func `a conninfo string and a URI say the same`() throws {
        let text = try Address("host=/run/db port=6000 dbname=k user=u password='a b'")
        let uri = try Address("postgresql://u:a%20b@%2Frun%2Fdb:6000/k")
        for key in ["host", "port", "dbname", "user", "password"] {
            #expect(text[key] != nil)
            #expect(text[key] == uri[key])
        }
    }

    @Test func `what is not an address is refused, and passwords are masked`() throws {
        #expect(throws: PostgresError.self) { _ = try Address("nonsense=1") }
        let address = try Address("host=h password=secret sslpassword=hidden user=u")
        #expect(!address.masked.contains("secret"))
        #expect(!address.masked.contains("hidden"))
        #expect(address.masked.contains("user=u"))
        #expect(address.masked.contains("password=***"))
    }

    @Test func `a key that is set again replaces the first`() throws {
        let address = try Address("dbname=a user=u").with("dbname", "b").with("options", "-c x=y")
        #expect(address["dbname"] == "b")
        #expect(address["options"] == "-c x=y")
        #expect(address["port"] == nil)
    }

    @Test(arguments: [
        ("host=/tmp/x", true), ("host=localhost", true), ("host=127.0.0.1 port=1", true),
        ("host=::1", true), ("host=db.example.org", false), ("host=/tmp/x,db.example.org", false),
        ("host=localhost hostaddr=10.0.0.1", false), ("service=production", false),
    ])
    func `tests refuse a server that may be another machine`(_ text: String, local: Bool) throws {
        let address =
            text.hasPrefix("service")
            ? try Address("host=/tmp/x").with("service", "production") : try Address(text)
        #expect(TestDatabase.isLocal(address) == local)
    }
}

@Suite struct IdentifierTests {
    @Test func `an identifier's text comes back, in either case`() throws {
        var generator = Seeded(7)
        for _ in 0..<200 {
            let id = Identifier(high: generator.next(), low: generator.next())
            #expect(Identifier(id.description) == id)
            #expect(Identifier(id.description.uppercased()) == id)
        }
        #expect(
            Identifier(high: 0x0196_f0c2_5c3a_7c1e, low: 0x8f00_1234_5678_90ab).description
                == "0196f0c2-5c3a-7c1e-8f00-1234567890ab")
    }

    @Test(arguments: [
        "", "0196f0c2-5c3a-7c1e-8f00-1234567890a", "0196f0c2-5c3a-7c1e-8f00-1234567890abc",
        "0196f0c25-c3a-7c1e-8f00-1234567890ab", "0196f0c2-5c3a-7c1e-8f00-1234567890ag",
        "0196f0c2-5c3a-7c1e-8f00-12345678９0", "{196f0c2-5c3a-7c1e-8f00-1234567890a}",
    ])
    func `what is not an identifier is nil`(_ text: String) {
        #expect(Identifier(text) == nil)
    }

    @Test func `a version 7 identifier has its version, variant and time, and sorts by time`() {
        var generator = Seeded(9)
        var ids: [Identifier] = []
        for millisecond in Int64(1_790_000_000_000)..<1_790_000_000_100 {
            let id = Identifier.v7(
                milliseconds: millisecond, random: (generator.next(), generator.next()))
            #expect(id.high >> 12 & 15 == 7)
            #expect(id.low >> 62 == 2)
            #expect(Int64(id.high >> 16) == millisecond)
            ids.append(id)
        }
        #expect(ids == ids.sorted())
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
    }

    @Test func `identifiers sort as the server sorts them`() throws {
        var generator = Seeded(11)
        let ids = (0..<300).map { _ in
            Identifier(high: generator.next(), low: generator.next())
        }
        let statements = try Statements([
            "sort": "select u from unnest($1::uuid[]) u order by u"
        ])
        let connection = try Connection(
            PostgresTests.database.get().address(), library: statements.library)
        let sorted = try connection.run("test/sort", .ids(ids)).map { $0.id(0) }
        #expect(sorted == ids.sorted())
    }
}
