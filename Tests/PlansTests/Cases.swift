import Postgres
import Queue

/// The pools of the database that grows.
struct Pools: Sendable {
    /// All of whose commands lie behind its cursors.
    let done: Int16
    /// Of 64 lanes, whose commands wait.
    let waiting: Int16
    /// Of 16 lanes, whose commands wait.
    let narrow: Int16
}

/// How one statement is run, and what its plan and its cost must be.
struct Case: Sendable {
    let statement: Statement
    let role: String
    /// Parameters: SQL that the owner evaluates; `some` in it stands for a hundred accounts (or meters) that are there.
    let arguments: [String]
    /// Every table that the plan reads, with the index by which it does: `table (columns)`; `table` alone is read whole.
    /// Partitions stand for their table.
    let reads: Set<String>
    /// What it may read instead: where two indexes are as good, the planner takes either.
    let or: Set<String>?
    /// Blocks of our tables and indexes that it may touch, whatever their size.
    let most: Int
    /// SQL that comes before it in its transaction, not counted.
    let after: String?

    init(
        _ statement: Statement, _ role: String, _ arguments: [String] = [], reads: Set<String>,
        or: Set<String>? = nil, most: Int, after: String? = nil
    ) {
        self.after = after
        self.statement = statement
        self.role = role
        self.arguments = arguments
        self.reads = reads
        self.or = or
        self.most = most
    }
}

extension Case {
    /// Statements that have no case, and why.
    static let exempt: [Statement: String] = [
        "queue/append": "a COPY has no plan; what it costs is counted by itself",
        "queue/append_keys": "a COPY has no plan; what it costs is counted by itself",
        "queue/make_pool": "`kabinet migrate` runs it",
        "queue/assign_kind": "`kabinet migrate` runs it",
        "queue/keep": "upkeep once an hour: its functions read the catalog and walk what they drop",
        "queue/gauges":
            "every 15 s on a session of its own; it counts holds, so it grows with them",
        "access/set_clock": "the test clock is no part of a production system",
        "portal/outbox": "a page of local systems only: production refuses it",
        "access/lanes": "it reads the server's list of sessions, no table",
        "store/days": "it reads no table",
        "store/ids": "it reads no table",
        "store/now": "it reads the test clock, which is no part of a production system",
        "store/lock_reports": "it reads no table",
        "store/sealing_key": "it reads the handful of keys that were published",
        "queue/announce": "it reads no table",
        "queue/own": "it reads no table",
        "queue/disown": "it reads no table",
        "queue/know": "it reads no table",
        "queue/due_known": "only while a retry waits for a newer release",
        "queue/resizes": "once a second; it reads pools and open resizes, both a handful",
        "queue/end_deaf": "once a second; it reads the server's list of sessions, no table",
    ]

    /// Tables of a handful of rows, which functions may read whole.
    static let tiny: Set<String> = ["test", "pause", "pool", "kind", "origin", "migration"]

    private static let workers = "kabinet_workers"
    private static let ingress = "kabinet_ingress"
    private static let portal = "kabinet_portal"

    // Arrays of a hundred.
    private static let some = "array(select plans.some())"
    private static func each(_ expression: String) -> String {
        "array(select \(expression) from plans.some() i)"
    }
    private static let o1 = each("'o1'::text")
    private static let number = each("i::text")
    private static let fresh = each("gen_random_uuid()")
    private static let noticed = each("md5('notice' || i)::uuid")
    private static let none = each("null::text")
    private static let noInt = each("null::int8")
    private static let noDay = each("null::date")
    private static let newID = each("-i")
    private static let now = "clock_timestamp()"

    private static let house = each("'h' || (i / 10 * 10 + 1)")
    private static let houseMeter = each("'H' || (i / 10 * 10 + 1)")

    // Tables by their indexes.
    private static let commands = "command (pool, lane, xid, seq)"
    private static let commandKey = "command (id)"
    private static let batches = "batch (pool, lane, n)"
    private static let effective = "reading (meter, month) WHERE (state = 'effective'::text)"
    private static let other = "reading (meter, month) WHERE (state <> 'effective'::text)"
    private static let waits = "hold (pool, lane, next_at) WHERE (state = 'waiting'::text)"
    private static let stripped = "account (organization, stripped)"
    /// As good where only the organization is asked.
    private static let numbers = "account (organization, number)"

    /// What operators' jobs and rebuilds go by, part by part. In the job that a part goes on with, none of its commands is
    /// held: all are looked up.
    private static func jobs(_ pools: Pools) -> [Case] {
        let behind = "(select max(n) - 900 from operations.reprocess_row where job = 1000000)"
        let row = "reprocess_row (job, lane, n)"
        func heads(_ statement: Statement, most: Int) -> Case {
            Case(
                statement, workers,
                [
                    "\(pools.done)", "62",
                    """
                    array(select p.command from queue.hold h join queue.parked p on p.hold = h.id
                          where h.error = 'a head' and p.command = h.head)
                    """, "'{}'", "false", "500",
                ], reads: [], most: most)
        }
        return [
            Case(
                "store/reprocess_begin", workers,
                ["1", "3", "(select id from plans.known limit 1)"], reads: [], most: 20),
            Case(
                "store/reprocess_advance", workers,
                ["1", "3", "1000", "1", "1", "1", "1", "true"], reads: [], most: 60),
            Case("store/reprocess_lock", workers, ["\(pools.done)", "62"], reads: [], most: 0),
            Case(
                "store/reprocess_kept", workers, ["1000000", "3", behind, "500"],
                reads: [
                    row, "hold (command) WHERE (command IS NOT NULL)", "hold (id)",
                    "parked (command)",
                ], most: 500 * 8),
            Case(
                "store/reprocess_rows", workers, ["1000000", "3", behind, "501"],
                reads: [
                    row, commandKey, "exception (command, at)",
                    "hold (command) WHERE (command IS NOT NULL)", "hold (id)", "parked (command)",
                    "parked (hold, n)", "kind (kind)", "pool (id)",
                ], most: 501 * 24),
            heads("store/reprocess_retry", most: 4000),
            heads("store/reprocess_discard", most: 4000),
            Case(
                "store/reprocess_foresee", workers,
                ["-1", o1, some, number, o1, o1, o1, o1, o1, each("1")], reads: [], most: 400),
            // A tenth of an organization with 100 accounts, among all others.
            Case(
                "store/rebuild_months", workers, ["'o2'", "1", "10", "101", "200"],
                reads: [
                    stripped, "meter (account)", effective, "month (meter, month)", "meter (id)",
                ],
                or: [numbers, "meter (account)", effective, "month (meter, month)", "meter (id)"],
                most: 2000),
        ]
    }

    static func all(_ pools: Pools) -> [Case] {
        queue(pools) + jobs(pools) + store + access + portals + money + operators + identity
            + ledger
    }

    private static func queue(_ pools: Pools) -> [Case] {
        return [
            // In a lane with three hundred holds, of which none is due.
            Case("queue/cursor", workers, ["\(pools.done)", "9"], reads: [], most: 16),
            Case(
                "queue/claim", workers, ["\(pools.waiting)", "9", "501"],
                reads: [commands, "hold (pool, lane, subject) WHERE (command IS NULL)"],
                // 0.6 a command.
                most: 300, after: "select from queue.cursor(\(pools.waiting)::int2, 9::int2)"),
            Case(
                "queue/complete", workers,
                [
                    "\(pools.waiting)", "9", "100000", "'3:3:'", "'3:3:'", "null", "null", "500",
                    "0",
                ], reads: [], most: 12),
            Case(
                "queue/except", workers,
                [fresh, each("'refused'"), each("'no'"), each("'{}'"), each("0")],
                reads: [], most: 1200),
            Case(
                "queue/park", workers, [each("1"), fresh], reads: [], most: 1200),
            Case(
                "queue/hold", workers,
                [
                    "\(pools.waiting)", "9", "4711", "gen_random_uuid()", "true", "1", "1000",
                    "'waiting'", "'test'",
                ], reads: [], most: 40),
            Case(
                "queue/due", workers, ["\(pools.waiting)", "5"],
                reads: [waits], most: 6),
            Case(
                "queue/release", workers,
                ["(select id from queue.hold where pool = \(pools.waiting))", "501"],
                reads: ["hold (id)", "parked (hold, n)", commandKey], most: 6000),
            Case(
                "queue/unhold", workers,
                ["(select id from queue.hold where pool = \(pools.waiting))", "100", "false"],
                reads: ["hold (id)", waits], most: 30),
            Case(
                "queue/postpone", workers,
                [
                    "(select id from queue.hold where pool = \(pools.waiting))", "2", "1000",
                    "'waiting'", "'test'", "gen_random_uuid()",
                ], reads: ["hold (id)"], most: 30),
            Case(
                "queue/follow", workers,
                [
                    fresh, each(String(pools.done)), each("i % 64"), each("'test.done'"), o1, some,
                    each("'{}'"), o1, o1, none, each("null::uuid"), each("false"), each("now()"),
                    "array['1:f']", "0",
                ], reads: [], most: 1500),
            Case("queue/pools", workers, reads: ["pool (id)", "kind", "resize (id)"], most: 10),
            Case(
                "queue/origin", ingress, reads: ["migration", "migration (number)", "origin"],
                most: 6),
            Case(
                "queue/ready", workers, ["\(pools.done)", "64"],
                reads: [
                    commands, batches, waits,
                ],
                // For each of 64 lanes its newest batch, its commands in four partitions, twice, and its holds.
                most: 64 * 40),
            Case(
                "queue/attempt", workers,
                ["\(pools.waiting)", "9", "gen_random_uuid()", "gen_random_uuid()"], reads: [],
                most: 10),
            Case(
                "queue/holders", ingress,
                [
                    each("decode(md5(i::text), 'hex')"),
                    "queue.first_day((now() at time zone 'UTC')::date) - 4",
                    "queue.first_day((now() at time zone 'UTC')::date)", "null",
                ], reads: ["idempotency (key, day)"], most: 1000),
            Case(
                "queue/appended", ingress, ["array(select id from plans.known)"],
                reads: [commandKey], most: 1500),
            Case(
                "queue/outcomes", ingress,
                [
                    """
                    array(select id from plans.known union all select md5('past' || i)::uuid from generate_series(1, 10) i)
                    """
                ],
                reads: [
                    commandKey, "exception (command, at)",
                    "hold (command) WHERE (command IS NOT NULL)", "hold (id)", "parked (command)",
                    "past (id)",
                ], most: 4000),
        ]
    }

    private static let cards = [
        newID, o1, each("'new ' || i"), number, o1, none, none, none, none, none, none, noInt,
        noInt, noInt, each("null::int4"), each("null::int4"), none, none, none, noDay,
    ]

    private static let store = [
        Case(
            "store/lock", workers, [o1, number], reads: [stripped, "account (id)"], most: 1500),
        Case(
            "store/lock_parts", workers, [o1, number, "array['o2']", "array[1]", "array[10]"],
            reads: [stripped, "account (id)"], or: [stripped, numbers, "account (id)"], most: 1500),
        Case(
            "store/organizations", workers, ["array['o1', 'o2']"],
            reads: ["profile (organization, valid_from)"], most: 12),
        Case(
            "store/periods", workers, ["array['o1', 'o2']"],
            reads: ["period (organization, month)"],
            most: 90),
        Case(
            "store/accounts", workers, [o1, number],
            reads: [stripped, "house (organization, code)"], most: 1200),
        Case("store/cards", workers, [some], reads: ["account (id)"], most: 500),
        Case(
            "store/houses", workers, [o1, each("'h' || (i / 10 * 10 + 1)")],
            reads: ["house (organization, code)"], most: 500),
        Case("store/meters", workers, [some], reads: ["meter (account)"], most: 500),
        Case("store/history", workers, [some, each("2")], reads: [effective], most: 1000),
        Case(
            "store/month_readings", workers, [some, each("'2026-01-01'::date")],
            reads: [effective], most: 600),
        Case(
            "store/reading_meters", workers, [each("plans.reading(i, 1)")], reads: ["reading (id)"],
            most: 600),
        Case("store/replaced", workers, [some], reads: [other], most: 600),
        Case(
            "store/meter_numbers", workers, [o1, each("'cold_water'"), each("'M' || i")],
            reads: ["meter (organization, service, number)"], most: 600),

        Case("store/house_fence", workers, ["'o1'"], reads: [], most: 0),

        // Into six indexes.
        Case("store/open_accounts", workers, cards, reads: [], most: 2600),
        Case(
            "store/change_accounts", workers, [some] + cards.dropFirst(), reads: [], most: 3000),
        Case(
            "store/put_meters", workers,
            [
                newID, some, o1, each("'gas'"), number, each("1"), each("5"), each("3"), noDay,
                noDay, noDay, each("0"), noInt, noInt, each("false"),
            ], reads: [], most: 2500),
        Case(
            "store/set_readings", workers, [each("plans.reading(i, 1)"), "'deleted'"],
            reads: ["reading (id)"], most: 3000),
        Case(
            "store/add_readings", workers,
            [
                fresh, some, some, each("'2026-03-01'::date"), each("'2026-03-20'::date"),
                each("now()"), each("0"), each("'effective'"), o1, o1, each("7"), noInt, noInt,
                each("null::uuid"),
            ], reads: [], most: 1500),
        Case(
            "store/set_rolled", workers, [each("plans.reading(i, 1)"), "1"],
            reads: ["reading (id)"], most: 3000),
        Case(
            "store/put_months", workers,
            [
                some, each("'2026-02-01'::date"), some, fresh, each("'2026-02-20'::date"),
                each("1"), noInt, noInt, each("1"), noInt, noInt,
            ], reads: [], most: 2000),
        Case(
            "store/refresh_months", workers, [some, each("'2026-01-01'::date")],
            reads: [effective, "meter (id)", "month (meter, month)"], most: 6000),
        Case(
            "store/add_attempts", workers,
            [fresh, some, some, each("now()"), o1, each("'{}'"), o1, each("'{}'")], reads: [],
            most: 1200),
        Case(
            "store/outbox", workers,
            [fresh, each("'letter'"), o1, o1, o1, o1, none, each("null::int4")], reads: [],
            most: 1000),
        Case(
            "store/add_notices", workers,
            [
                fresh, o1, each("'new' || i"), each("'letter'"), o1, o1,
                each("null::uuid"),
            ], reads: [], most: 3000),
        Case("store/notice_states", workers, [noticed], reads: ["notice (command)"], most: 600),
        Case("store/lost_notices", workers, [noticed], reads: ["notice (command)"], most: 600),
        Case(
            "store/settle_notices", workers,
            [noticed, each("'sent'"), each("'smsc'"), each("'new' || i"), none, "8"],
            reads: ["notice (command)"], most: 4000),
        Case(
            "store/find_notices", workers,
            [each("null::uuid"), each("'smsc'"), number],
            reads: [
                "notice (command)",
                "notice (provider, provider_id) WHERE (provider_id IS NOT NULL)",
            ], most: 1200),
        Case(
            "store/report_notices", workers, [noticed, each("'delivered'"), o1],
            reads: ["notice (command)"], most: 4000),
        Case(
            "store/take_reports", workers, [each("'smsru'"), number],
            reads: ["notice_report (provider, provider_id)"], most: 1200),
        Case(
            "store/keep_reports", workers,
            [each("'exolve'"), number, each("'sent'"), o1], reads: [], most: 1200),
        Case(
            "store/notice_commands", workers, ["array(select id from plans.known limit 100)"],
            reads: [commandKey],
            most: 1200),
        Case(
            "store/put_gateway", workers, ["'smtp'", "'money'", now], reads: [], most: 12),

        Case(
            "store/period_open", workers, ["'o3'", "'2031-01-01'", now], reads: [], most: 10),
        Case(
            "store/period_close", workers, ["'o3'", "'2026-11-01'", now], reads: [], most: 12),
        Case(
            "store/period_state", workers, ["'o3'", "'2026-11-01'"],
            reads: ["period (organization, month)"], most: 5),
        // Of a month of an organization with 100 accounts, among all others.
        Case(
            "store/fix_lock", workers, ["'o2'", "1", "10"], reads: [stripped, "account (id)"],
            or: [numbers, "account (id)"], most: 250),
        Case(
            "store/fix_readings", workers, ["'o2'", "1", "10", "'2026-01-01'", now],
            reads: [stripped, "meter (account)", effective, "reading (id)"],
            or: [numbers, "meter (account)", effective, "reading (id)"], most: 500),
        Case(
            "store/import_rows", workers, ["2", "3", "1000", "1999"],
            reads: ["import_row (job, lane, n)"], most: 80),
        Case(
            "store/import_beside", workers, ["2", "3", "1000", "1499"],
            reads: ["import_row (job, lane, n)"], most: 160),
        Case("store/import_job", workers, ["2"], reads: ["import_job (id)"], most: 4),
        Case(
            "store/import_part", workers, ["-1", "gen_random_uuid()", "1", "1", "1"], reads: [],
            most: 10),
        Case(
            "store/import_errors", workers, ["-1", each("i::int4"), o1, each("'{}'")], reads: [],
            most: 1200),
    ]

    private static let access = [
        Case(
            "access/organizations", ingress, reads: ["profile (organization, valid_from)"], most: 12
        ),
        Case("access/keys", ingress, reads: ["sealing_key", "door_key"], most: 4),
        Case("access/clock", "kabinet_clock", reads: ["test"], most: 2),
        Case(
            "access/token", ingress, ["decode(md5('t101'), 'hex')"], reads: ["token (hash)"],
            most: 6),
        Case(
            "access/session", ingress, ["decode(md5('s101'), 'hex')"],
            reads: ["session (hash)", "principal (id)", "attachment (principal, account)"], most: 16
        ),
    ]

    private static let inHouse =
        "account (organization, company, house, apartment) "
        + "WHERE ((house IS NOT NULL) AND (company <> ''::text))"
    private static let portals = [
        Case(
            "portal/account", portal,
            ["'o1'", "'101А'", "'{101}'", "'Europe/Moscow'", "'101'"],
            reads: ["account (organization, number)"], or: [stripped], most: 6),
        Case("portal/meters", portal, ["101"], reads: ["meter (account)"], most: 6),
        Case(
            "portal/history", portal, ["'{101}'", "24", "'Europe/Moscow'"],
            reads: [
                effective, other, "month (meter, month)", "session (id) WHERE (id IS NOT NULL)",
            ], most: 40),
        Case(
            "portal/attempts", portal, ["'{101}'", "5", "'Europe/Moscow'", "'o1'"],
            reads: ["attempt (meter, received_at DESC)", "period (organization, month)"], most: 60),
        Case(
            "portal/periods", portal, ["'o1'"], reads: ["period (organization, month)"], most: 60),
        Case(
            "portal/person", portal, ["101", "'Europe/Moscow'"],
            reads: ["principal (id)", "credential (principal)", "totp (principal)"], most: 12),
        Case(
            "portal/sessions", portal, ["101", "'Europe/Moscow'"], reads: ["session (principal)"],
            most: 8),
        Case("portal/accounts", portal, ["'{101}'"], reads: ["account (id)"], most: 12),
        Case(
            "portal/shares", portal, ["101", "101", "'Europe/Moscow'"],
            reads: ["share (owner, account)", "principal (id)"], most: 12),
        Case(
            "portal/consents", portal,
            ["101", "101", "'{email_bill,sms_news}'", "'Europe/Moscow'"],
            reads: ["consent (account, principal, purpose, n DESC) WHERE (account IS NOT NULL)"],
            or: ["consent (principal, purpose, n DESC)"], most: 12),
        Case(
            "portal/consent_history", portal, ["101", "'Europe/Moscow'"],
            reads: ["consent (principal, purpose, n DESC)", "account (id)"], most: 24),
        Case(
            "portal/registration", portal, ["md5('registration101')::uuid::text", "'o1'", "60"],
            reads: [
                "registration (id)",
                "code (subject)",
            ], most: 12),
        // What its function reads goes by keys.
        Case(
            "portal/link", portal, ["'o1'", "decode(md5('l101'), 'hex')", "'{}'"], reads: [],
            most: 24),
        Case(
            "portal/lost_share", portal, ["101"],
            reads: ["share (principal) WHERE (principal IS NOT NULL)"], most: 8),
        Case(
            "portal/phone_code", portal, ["'o1'", "'101'", "60"],
            reads: ["code (subject)"], most: 6),
        // From house to house, as many as there are wanted.
        Case(
            "portal/houses", portal, ["'o1'", "'c'", "10"],
            reads: [
                inHouse
            ],
            most: 160),
        Case(
            "portal/flats", portal, ["'o1'", "'c'", "'h101'"],
            reads: [
                inHouse
            ],
            most: 24),
    ]
}
