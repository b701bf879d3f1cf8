import Postgres
import TestKit
import Testing

/// What each database role may do is the last wall behind a mistake in the program: it is tried,
/// role by role.
@Suite(.serialized) struct RolesTests {
    private static let database = Result { try TestDatabase("roles") }

    private func expect(
        _ role: String, allowed: [String], denied: [String],
        _ place: SourceLocation = #_sourceLocation
    ) throws {
        let connection = try Self.database.get().connection(role: role)
        for text in allowed {
            do {
                // Nothing of it stays.
                try connection.script("begin; \(text); rollback")
            } catch {
                Issue.record("\(role) may: \(text): \(error)", sourceLocation: place)
                try connection.script("rollback")
            }
        }
        for text in denied {
            do {
                try connection.script("begin; \(text); rollback")
                Issue.record("\(role) must not: \(text)", sourceLocation: place)
            } catch {
                #expect(error.sqlState == "42501", "\(role): \(text)", sourceLocation: place)
                try connection.script("rollback")
            }
        }
    }

    private static let anyCommand = """
        insert into queue.command
          (id, subject, received_at, pool, lane, kind, organization, payload, actor, channel)
        values (queue.first_id(clock_timestamp()), 1, clock_timestamp(), 1, 0, 'queue.idle',
                'probe', '{}', 'probe', 'api')
        """
    private static let anyReading = """
        insert into facts.reading
          (id, account, meter, month, taken_on, received_at, state, channel, actor, values)
        values (gen_random_uuid(), 1, 1, '2026-01-01', '2026-01-02', now(), 'effective', 'api',
                'probe', '{1}')
        """
    private static let anyBatch = """
        insert into queue.batch (pool, lane, n, low, high, count)
        values (1, 0, 1, '1:1:', '1:1:', 0)
        """

    @Test func `the door appends and looks up, and touches nothing that is decided`() throws {
        try expect(
            "kabinet_ingress",
            allowed: [
                Self.anyCommand, "select * from queue.exception",
                "select * from access.organization",
                "select hash from access.token",
            ],
            denied: [
                "select * from facts.reading", "select * from facts.account",
                "select * from facts.notice", "update facts.notice set state = 'sent'",
                "select * from views.month", "select * from views.account",
                Self.anyReading, "update queue.command set payload = '{}'",
                "delete from queue.command", "delete from queue.idempotency",
                "update queue.idempotency set command = gen_random_uuid()", Self.anyBatch,
                "delete from queue.batch", "update queue.hold set state = 'waiting'",
                "insert into queue.exception (command, kind) values (gen_random_uuid(), 'refused')",
                "insert into access.token (hash) values ('x')",
                "update access.session set ended_at = now()", "update clock.test set now = now()",
                "select * from operations.outbox", "truncate queue.command",
                "create table queue.mine (a int)", "create table public.mine (a int)",
                "select queue.make_partitions()",
            ])
    }

    @Test func `pages read what people read, and write nothing`() throws {
        try expect(
            "kabinet_portal",
            allowed: [
                "select * from views.account", "select * from views.month",
                "select * from views.reading", "select * from access.session",
                "select * from operations.outbox",
            ],
            denied: [
                "select * from queue.command", "select * from queue.batch",
                "select * from queue.exception", "select * from facts.reading",
                "select * from facts.notice", "select * from facts.gateway",
                "select * from facts.account", Self.anyReading, Self.anyCommand,
                "insert into views.month (meter) values (1)", "delete from views.month",
                "update views.account set surname = ''", "delete from access.session",
                "insert into access.session (hash) values ('x')",
                "insert into access.token (hash) values ('x')",
                "delete from operations.outbox", "select * from operations.audit",
                "update clock.test set now = now()", "create table views.mine (a int)",
                "create table public.mine (a int)",
            ])
    }

    @Test func `lanes write facts, and cannot take a command away or see a token`() throws {
        try expect(
            "kabinet_workers",
            allowed: [
                Self.anyReading, Self.anyCommand, Self.anyBatch, "select * from queue.hold",
                "delete from queue.hold", "select * from access.organization",
                "select * from queue.make_partitions()",
            ],
            denied: [
                "delete from queue.command", "update queue.command set payload = '{}'",
                "truncate queue.command", "delete from queue.batch",
                "update queue.batch set n = n + 1", "delete from queue.exception",
                "update queue.exception set code = ''", "drop table queue.command",
                "drop table facts.reading", "alter table facts.reading disable trigger all",
                "create table queue.mine (a int)", "create table facts.mine (a int)",
                "create table public.mine (a int)", "select hash from access.token",
                "select * from access.token", "delete from facts.reading",
                "delete from facts.account",
                "select * from queue.idempotency", "update queue.origin set system_identifier = 1",
                "update clock.test set now = now()", "delete from operations.outbox",
            ])
    }

    @Test(arguments: [
        "kabinet_ingress", "kabinet_portal", "kabinet_workers", "kabinet_operator", "kabinet_clock",
    ])
    func `nobody changes or removes what the audit says`(role: String) throws {
        let connection = try Self.database.get().connection()
        try connection.script("insert into operations.audit (actor, action) values ('a', 'b')")
        try expect(
            role, allowed: [],
            denied: [
                "update operations.audit set actor = 'x'", "delete from operations.audit",
                "truncate operations.audit", "drop table operations.audit",
                "alter table operations.audit disable trigger audit_stays",
            ])
        // A slip of the owner's own hand is stopped too.
        for slip in ["update operations.audit set actor = 'x'", "delete from operations.audit"] {
            #expect(throws: PostgresError.self) { try connection.script(slip) }
        }
        #expect(
            try connection.script("select count(*)::text from operations.audit where actor = 'a'")[
                0
            ]
            .text(0) != "0")
    }

    @Test
    func `of operators each role sees what its work needs, and nobody their hashes but lanes`()
        throws
    {
        try expect(
            "kabinet_ingress",
            allowed: ["select login from access.operator", "select access.has_factor(1)"],
            denied: [
                "select operator from identity.operator_totp",
                "select hash from identity.operator_credential",
                "insert into access.operator (login, name, made_by) values ('ab', '', '')",
                "insert into access.operator_role (operator, organization, role, given_by) values (1, 'a', 'viewer', '')",
                "update access.operator_session set ended_at = now()",
                "insert into operations.audit (actor, action) values ('a', 'b')",
            ])
        try expect(
            "kabinet_portal",
            allowed: [
                "select * from views.operator_account", "select * from views.operator_person",
            ],
            denied: [
                "select * from access.operator", "select * from access.operator_session",
                "select * from identity.operator_credential",
                "insert into operations.audit (actor, action) values ('a', 'b')",
            ])
        try expect(
            "kabinet_workers",
            allowed: ["insert into operations.audit (actor, action) values ('a', 'b')"],
            denied: [
                "select * from operations.audit",
                "insert into access.operator (login, name, made_by) values ('ab', '', '')",
                "update access.operator set ended_at = null",
                "insert into access.operator_role (operator, organization, role, given_by) values (1, 'a', 'viewer', '')",
                "update access.operator_role set role = 'administrator'",
                "delete from access.operator_session",
                "select identity.forget_operator_failures('oleg')",
            ])
        try expect(
            "kabinet_operator",
            allowed: [
                "insert into access.operator (login, name, made_by) values ('ab', '', '')",
                "delete from identity.operator_totp where operator = 1",
                "select operator, temporary from identity.operator_credential",
                "select identity.forget_operator_failures('oleg')",
            ],
            denied: [
                "delete from identity.failure", "update identity.failure set count = 0",
                "select hash from identity.operator_credential",
                "select secret from identity.operator_totp",
                "select hash from access.operator_session",
                "insert into access.operator_session (hash) values ('x')",
                "delete from access.operator", "delete from access.operator_role",
                "update access.operator_role set role = 'administrator'",
                "update access.operator set login = 'x'",
            ])
    }

    @Test func `operators see and retry, and can neither learn a token nor undo what happened`()
        throws
    {
        try expect(
            "kabinet_operator",
            allowed: [
                "select id, name, scopes from access.token", "select * from queue.waiting",
                "select * from facts.reading", Self.anyCommand,
                "update queue.hold set next_at = now()",
                "insert into operations.audit (actor, action) values ('a', 'b')",
            ],
            denied: [
                "select hash from access.token", "select * from access.token",
                "update access.token set hash = 'x'", "update access.token set scopes = '{}'",
                "delete from access.token", "delete from queue.command",
                "update queue.command set payload = '{}'", "truncate queue.command",
                "delete from queue.exception", "delete from queue.batch",
                "delete from facts.reading", Self.anyReading,
                "update facts.reading set state = 'deleted'",
                "update facts.account set surname = ''",
                "insert into views.month (meter) values (1)", "delete from operations.audit",
                "update operations.audit set actor = ''", "delete from access.profile",
                "update access.profile set profile = '{}'", "drop table queue.command",
                "update clock.test set now = now()", "create table public.mine (a int)",
                "update queue.origin set system_identifier = 1",
            ])
    }

    @Test func `the clock's role sets the test clock, and nothing else`() throws {
        try expect(
            "kabinet_clock",
            allowed: [
                "insert into clock.test (now) values (now())", "select clock.now()",
                "delete from clock.test",
            ],
            denied: [
                "select * from queue.command", "select * from facts.reading",
                "select * from views.month", "select * from access.token",
                "select * from access.session", "select * from access.organization",
                "select * from operations.outbox", Self.anyCommand, Self.anyReading,
                "create table clock.mine (a int)", "create table public.mine (a int)",
            ])
    }
}
