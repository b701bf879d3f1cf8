import Postgres
import Queue
import TestKit
import Threads

/// A database that grows: empty, then a little, then what years and a stopped system leave behind. All sizes come from one
/// generator, so that what a statement costs may be compared. Nothing but the tests touches its statistics.
final class Big {
    let database: TestDatabase
    let owner: Connection
    let pools: Pools
    private let map: PoolMap
    private let policies: [PoolPolicy]
    /// Those that have run something, and may not have told all that they touched.
    private var sessions: [Connection] = []
    /// Open all the time, with commands of its own: xmin is pinned and every snapshot names it.
    private let straggler: Connection

    static let flush = 500

    init() throws {
        database = try TestDatabase("plans")
        owner = try database.connection()
        func policy(_ name: String, lanes: Int) -> PoolPolicy {
            PoolPolicy(name: name, lanes: lanes, threads: 1, batch: 500)
        }
        let policies = [
            policy("done", lanes: 64), policy("waiting", lanes: 64), policy("narrow", lanes: 16),
        ]
        let map = try database.pools(
            (policies[0], ["test.done"]), (policies[1], ["test.waiting"]),
            (policies[2], ["test.narrow"]))
        let ids = try policies.map { policy in
            guard let pool = map.pool(named: policy.name) else { throw TestKitError("no pool") }
            return pool.id
        }
        pools = Pools(done: ids[0], waiting: ids[1], narrow: ids[2])
        self.map = map
        self.policies = policies
        straggler = try database.connection(role: "kabinet_ingress")
        try owner.script(Big.tools)
        try database.undisturbed()
        // What autovacuum leaves of tables that it has met empty.
        try owner.script("vacuum analyze")
        try straggler.begin()
        try Appender(on: straggler).append(
            (0..<64).map { .sample("test.waiting", subject: $0) }
                + (0..<64).map { .sample("test.done", subject: $0) })
    }

    /// The first few rows: 200,000 commands, 2,000 accounts.
    func seed() throws {
        try owner.script("call plans.cursors(array[\(pools.waiting)]::smallint[])")
        try owner.script("select plans.fill(1, 2000)")
        try owner.script(
            """
            call plans.commands('queue.command', 400, \(Big.flush), clock_timestamp(), \(pools.done), \(pools.waiting), \(pools.narrow))
            """)
        try owner.script("call plans.cursors(array[\(pools.done)]::smallint[])")
        try owner.script(
            "select plans.queue(\(pools.done)::smallint, \(pools.waiting)::smallint, 10, 64)")
        try owner.script("call plans.known(\(pools.done)::smallint)")
    }

    /// 5,000,000 commands and 200,000 accounts. Nobody analyzes it.
    ///
    /// The commands come into a partition of the week before, whose indexes are made afterwards: that is several times
    /// faster, and the rows lie as appends lay them.
    func grow() throws {
        let week = "date_trunc('week', clock_timestamp(), 'UTC')"
        try owner.script(
            """
            create table queue.command_before (like queue.command including defaults including constraints)
              with (autovacuum_enabled = off)
            """)
        try owner.script(
            """
            call plans.commands('queue.command_before', 10000, \(Big.flush), \(week) - interval '6 days',
                                \(pools.done), \(pools.waiting), \(pools.narrow))
            """)
        try owner.script("set maintenance_work_mem = '256MB'")
        try owner.script("alter table queue.command_before add primary key (id)")
        try owner.script("create index on queue.command_before (pool, lane, xid, seq)")
        try owner.script(
            """
            do $$ begin
              execute format('alter table queue.command attach partition queue.command_before for values from (%L) to (%L)',
                             queue.first_id(\(week) - interval '7 days'), queue.first_id(\(week)));
            end $$
            """)
        try owner.script("select plans.fill(2001, 200000)")
        try owner.script("call plans.cursors(array[\(pools.done)]::smallint[])")
        try owner.script(
            "select plans.queue(\(pools.done)::smallint, \(pools.waiting)::smallint, 4000, 20000)")
        try owner.script("call plans.known(\(pools.done)::smallint)")
    }

    /// Statistics of what is there.
    func analyze() throws { try owner.script("analyze") }

    /// Statistics that say of each column that many rows may share that all do, as those of one bulk load say.
    func lie() throws {
        try owner.script("call plans.lie()")
        // What was tried until now has left its dead rows where an update looks for room.
        try owner.script("vacuum facts.reading")
        try owner.script("analyze")
    }

    /// A session of a role with `statements` prepared, as the product's are.
    func session(_ role: String, preparing statements: [Statement]) throws -> Connection {
        // A machine that stands still must not end what is being looked at.
        let session = try Connection(
            database.address(role: role).with(setting: "idle_in_transaction_session_timeout", "0"),
            library: database.library, preparing: statements)
        sessions.append(session)
        return session
    }

    /// Blocks that a command costs from its claim to its commit, no rules between: `count` batches of each of ten lanes
    /// of which none has a hold.
    func steps(_ name: String, _ count: Int) throws -> Double {
        guard let pool = map.pool(named: name),
            let policy = policies.first(where: { $0.name == name })
        else { throw TestKitError("no pool \(name)") }
        let worker = try session("kabinet_workers", preparing: Lane.statements)
        let idle = Deciding { batch, _ in Decided(verdicts: batch.map { _ in .done }) }
        let before = try database.blocks(by: sessions + [owner])
        var decided = 0
        for number in Int16(6)..<16 {
            var lane = Lane(pool: pool.id, lane: number, batch: policy.batch)
            for _ in 0..<count {
                let step = try lane.step(on: worker, policy: policy, map: map, decider: idle)
                guard case .worked(let done, _, _) = step else {
                    throw TestKitError("no batch in \(name): \(step)")
                }
                decided += done
            }
        }
        return Double(try database.blocks(by: [worker]) - before) / Double(decided)
    }

    /// Blocks that an append of a command with its key costs, in flushes of a hundred.
    func append() throws -> Double {
        let ingress = try session("kabinet_ingress", preparing: Appender.statements)
        let appender = try Appender(on: ingress)
        func flush() throws {
            let batch = (0..<100).map { number in
                let command = NewCommand.sample("test.done", subject: Int64(number))
                return Append(command, key: Array("\(command.id)".utf8), digest: [1])
            }
            let now = realMicroseconds()
            guard try appender.append(batch, now: now).allSatisfy({ $0 == .accepted }) else {
                throw TestKitError("an append was not accepted")
            }
        }
        // Of the first one the session's caches are part.
        try flush()
        let before = try database.blocks(by: sessions + [owner])
        for _ in 0..<10 { try flush() }
        return Double(try database.blocks(by: [ingress]) - before) / 1000
    }

    private static let tools = """
        create schema plans;
        grant usage on schema plans to public;
        -- How many accounts there are, and a hundred of them, evenly.
        create table plans.scale (accounts bigint not null);
        insert into plans.scale values (0);
        create function plans.some() returns setof bigint language sql stable as
          $$ select generate_series(3, accounts, greatest(accounts / 100, 1)) from plans.scale limit 100 $$;
        create function plans.reading(meter bigint, n int) returns uuid language sql immutable as
          $$ select md5(meter || '-' || n)::uuid $$;
        -- Commands that are there, of all lanes of the pool that is done.
        create table plans.known (id uuid not null);

        create procedure plans.lie() language plpgsql as $$
        declare c record;
        begin
          for c in select distinct x.indrelid::regclass as t, a.attname as name,
                          case when k.relkind = 'p' then 'n_distinct_inherited' else 'n_distinct' end as setting
                   from pg_index x join pg_class k on k.oid = x.indrelid
                   join pg_attribute a on a.attrelid = x.indrelid and a.attnum = any (x.indkey)
                   where k.relnamespace::regnamespace::text in ('queue', 'facts', 'views', 'operations', 'access')
                     and a.attname in ('xid', 'pool', 'lane', 'hold', 'state', 'day', 'organization', 'month', 'job') loop
            execute format('alter table %s alter column %I set (%I = 1)', c.t, c.name, c.setting);
          end loop;
        end $$;

        -- Flushes as the door writes them, a transaction each: by lanes, which follow from subjects.
        create procedure plans.commands(into_table regclass, flushes int, size int, begins timestamptz,
                                        done int, waiting int, narrow int) language plpgsql as $$
        declare
          base bigint := extract(epoch from begins) * 1000;
          pool int;
          lanes int;
        begin
          for f in 1..flushes loop
            pool := case when f % 10 < 5 then done when f % 10 < 8 then waiting else narrow end;
            lanes := case when pool = narrow then 16 else 64 end;
            execute format(
              'insert into %s (id, subject, received_at, pool, lane, kind, organization, payload, actor, channel)
               select (lpad(to_hex($1), 12, ''0'') || ''7'' || lpad(to_hex(i), 3, ''0'') || ''8000''
                       || lpad(to_hex(hash), 12, ''0''))::uuid,
                      hash, now(), $2, hash %% $3, ''test.bulk'', ''o1'', $4, ''token:1'', ''api''
               from (select i, hash from (select i, hashint8($1 * 1000 + i)::bigint + 2147483648 as hash
                                          from generate_series(1, $5) i) h order by hash %% $3, i) s', into_table)
            using base + f * 50, pool, lanes,
                  '{"account": "626200012", "meter": "12345679", "values": {"T1": "160.250"}}'::jsonb, size;
            commit;
          end loop;
        end $$;

        -- Moves the cursors of pools behind all that is committed.
        create procedure plans.cursors(pools smallint[]) language sql as $$
          insert into queue.batch (pool, lane, n, low, high, count)
          select b.pool, b.lane, max(b.n) + 1, pg_current_snapshot(), pg_current_snapshot(), 0
          from queue.batch b where b.pool = any (pools) group by 1, 2
        $$;

        -- The queue's other tables: batches a lane, holds (each with ten parked commands), exceptions, keys.
        create function plans.queue(done smallint, waiting smallint, batches int, holds int) returns void
        language plpgsql as $$
        declare one bigint;
        begin
          insert into queue.batch (pool, lane, n, low, high, count)
          select b.pool, b.lane, b.n + i, b.low, b.high, 500
          from (select distinct on (lane) * from queue.batch where pool = done order by lane, n desc) b,
               generate_series(1, batches) i;
          insert into queue.exception (command, kind, code)
          select id, 'refused', 'no' from queue.command where pool = done and lane = 7 and seq % 5 = 0;
          insert into queue.idempotency (day, key, digest, command)
          select queue.first_day((now() at time zone 'UTC')::date), decode(md5(i::text), 'hex'), decode(md5('d'), 'hex'),
                 md5(i::text)::uuid
          from generate_series(1, holds * 10) i on conflict do nothing;
          insert into queue.past (id, kind, organization, received_at, state, code)
          select md5('past' || i)::uuid, 'test.done', 'o1', now(), 'done', '' from generate_series(1, holds * 5) i
          on conflict do nothing;
          -- Nothing of them is due.
          with held as (
            insert into queue.hold (pool, lane, subject, head, attempt, next_at, error)
            select done, i % 64, -coalesce((select max(id) from queue.hold), 0) - i, md5(i::text)::uuid, 1,
                   now() + interval '1 day', 'test' from generate_series(1, holds) i
            returning id
          )
          insert into queue.parked (hold, command)
          select held.id, md5(held.id || '-' || i)::uuid from held, generate_series(1, 10) i;
          -- One with very many, which is due.
          select id into one from queue.hold where pool = waiting;
          if one is null then
            insert into queue.hold (pool, lane, subject, head, attempt, next_at, error)
            values (waiting, 5, 5, md5('one')::uuid, 0, now() - interval '1 day', 'test') returning id into one;
          end if;
          insert into queue.parked (hold, command)
          select one, c.id from queue.command c where c.pool = done and c.lane in (5, 6, 7, 8) limit holds * 10;
          -- A hundred subjects of one lane whose heads an operator lets go or gives up.
          if not exists (select from queue.hold where error = 'a head') then
            with held as (
              insert into queue.hold (pool, lane, subject, head, attempt, next_at, error)
              select done, 62, 1000000 + i, md5('head' || i)::uuid, 1, now() + interval '2 days', 'a head'
              from generate_series(1, 100) i returning id, head
            )
            insert into queue.parked (hold, command)
            select id, case i when 1 then head else md5(head || '-' || i)::uuid end from held, generate_series(1, 10) i;
          end if;
          -- A job about commands that are decided, more of them than a part takes.
          insert into operations.reprocess_row (job, lane, n, command)
          select 1000000, 3, (select count(*) from operations.reprocess_row where job = 1000000) + row_number() over (), id
          from (select id from queue.command where pool = done and lane in (20, 21, 22, 23)
                limit greatest(holds * 10, 1000)) c;
          insert into queue.attempt (pool, lane, command, boot)
          select p.id, l, md5('a')::uuid, md5('b')::uuid from queue.pool p, generate_series(0, p.lanes - 1) l
          on conflict do nothing;
        end $$;

        create procedure plans.known(the_pool smallint) language sql as $$
          truncate plans.known;
          insert into plans.known
          select c.id from generate_series(0, 49) l cross join lateral (
            (select id from queue.command where pool = the_pool and lane = l order by xid, seq limit 1)
            union all
            (select id from queue.command where pool = the_pool and lane = l order by xid desc, seq desc limit 1)) c;
        $$;

        -- Ledgers: of every account four entries and a bill of a month, a payment, a correction that waits and one that is done;
        -- what charges are made by, of accounts and houses and of whole organizations; meters of houses.
        create function plans.money(a bigint, z bigint) returns void language plpgsql as $$
        begin
          insert into facts.entry (account, id, month, sort, kind, penalty, tranche, effective_on, amount, payment, consumed, line)
          select i, 24312000000 + n, '2026-01-01', case n when 3 then 'penalty' when 4 then 'payment' else 'charge' end, 'water',
                 n = 3, '2026-01-01', '2026-01-31', case n when 4 then -100 else 100 end,
                 case n when 4 then md5('payment' || i)::uuid end, '2026-01-01', '{}'
          from generate_series(a, z) i, generate_series(1, 4) n;
          insert into facts.bill (account, month, organization, closed_at, upto, due_on, paid_until, opening, charged, recalculated,
                                  penalty, paid, closing, open_from, card)
          select id, '2026-01-01', organization, now(), 24312000004, '2026-02-10', '2026-01-31', 0, 200, 0, 100, 100, 200,
                 '2026-01-01', '{}'
          from facts.account where id between a and z;
          insert into facts.payment (id, organization, provider, number, account, typed, amount, paid_on, received_at, month, purpose)
          select md5('payment' || id)::uuid, organization, 'bank', 'n' || id, id, number, 100, '2026-01-20', now(), '2026-01-01', '{}'
          from facts.account where id between a and z;
          insert into facts.correction (account, from_month, why, asked_by, asked_at, done_in)
          select i, '2025-12-01', 'w', 'test', now(), case n when 2 then date '2026-01-01' end
          from generate_series(a, z) i, generate_series(1, 2) n;
          insert into facts.contract (organization, kind, account, valid_from)
          select organization, 'water', number, '2025-01-01' from facts.account where id between a and z;
          insert into facts.contract (organization, kind, house, valid_from)
          select distinct organization, 'waste', house, date '2025-01-01' from facts.account where id between a and z;
          insert into facts.tariff (organization, kind, house, valid_from, price)
          select distinct organization, 'water', house, date '2025-01-01', 1 from facts.account where id between a and z;
          insert into facts.norm (organization, kind, house, valid_from, value)
          select distinct organization, 'water', house, date '2025-01-01', 1 from facts.account where id between a and z;
          insert into facts.undersupply (organization, kind, house, month, days, why)
          select distinct organization, 'water', house, date '2026-01-01', 1, 'w' from facts.account where id between a and z;
          insert into facts.house_area (organization, house, valid_from, total, common)
          select distinct organization, house, date '2025-01-01', 1000, 100 from facts.account where id between a and z;
          insert into facts.house_meter (id, organization, house, service, number, digits, decimals, initial)
          select 100000000 + i, 'o1', 'h' || i, 'cold_water', 'H' || i, 5, 3, 0 from generate_series(a, z, 10) i;
          -- The checks of keys go by plans of when the tables were small, and would read them whole for every row.
          perform set_config('session_replication_role', 'replica', true);
          insert into facts.house_month (meter, month, taken_on, value, volume, received_at, channel, actor, command)
          select 100000000 + i, m, m, 1, 1, now(), 'api', 'test', gen_random_uuid()
          from generate_series(a, z, 10) i, unnest('{2025-12-01,2026-01-01}'::date[]) m;
          perform set_config('session_replication_role', 'origin', true);
          if a = 1 then
            insert into facts.supplier (organization, code, valid_from, name)
            select 'o' || o, 'uk', '2025-01-01', 'УК' from generate_series(1, 5) o;
            insert into facts.charge_kind (organization, code, valid_from, title, position, basis, unit, supplier, penalty, multiplied, separate)
            select 'o' || o, k, '2025-01-01', k, 1, 'area', 'm2', 'uk', 'housing', false, false
            from generate_series(1, 5) o, unnest('{water,waste}'::text[]) k;
            insert into facts.multiplier (organization, kind, valid_from, value)
            select 'o' || o, 'water', '2025-01-01', 3000000 from generate_series(1, 5) o;
          end if;
        end $$;

        -- Accounts, each with a meter of the same id, three readings of two months, what was refused; people, letters.
        -- Organization o2 has a hundred accounts and stays so. Jobs of operators, with what they are about.
        create function plans.fill(a bigint, z bigint) returns void language plpgsql as $$
        begin
          insert into access.profile (organization, valid_from, profile, applied_by)
          select 'o' || i, '2000-01-01', '{"time_zone": "Europe/Moscow"}', 'test' from generate_series(1, 5) i
          on conflict do nothing;
          insert into facts.house (organization, code, time_zone)
          select 'o1', 'h' || i, 'Asia/Irkutsk' from generate_series(a, z, 10) i on conflict do nothing;
          insert into facts.account (id, organization, number, stripped, company, surname, house, apartment)
          select i, case when i between 1000 and 1099 then 'o2' else 'o1' end, i || 'А', i, 'c', 'Иванов', 'h' || i / 10 * 10 + 1, i::text
          from generate_series(a, z) i;
          insert into facts.meter (id, account, organization, service, number, registers, digits, decimals, initial)
          select i, i, case when i between 1000 and 1099 then 'o2' else 'o1' end, 'cold_water', 'M' || i, 1, 5, 3, '{0}'
          from generate_series(a, z) i;
          insert into facts.house_window (command, organization, house, at, from_day, to_day, actor, why)
          select gen_random_uuid(), 'o1', 'h' || i, now() - interval '1 day' * n, 1, 9, 'test', 'test'
          from generate_series(a, z, 10) i, generate_series(1, 3) n;
          -- All but two of them are over.
          insert into facts.window_extension (command, organization, house, given_on, until, at, actor, why)
          select gen_random_uuid(), 'o1', 'h' || i, '2020-01-01', '2020-01-05', '2020-01-01', 'test', 'test'
          from generate_series(a, z, 10) i;
          insert into facts.window_extension (command, organization, given_on, until, at, actor, why)
          select md5('extension' || n)::uuid, 'o1', '2020-01-01', '2099-01-01', now(), 'test', 'test'
          from generate_series(1, 2) n on conflict do nothing;
          insert into facts.reading (id, account, meter, month, taken_on, received_at, state, channel, actor, values)
          select plans.reading(i, n), i, i, case n when 3 then date '2026-02-01' else date '2026-01-01' end, '2026-01-20', now(),
                 case n when 2 then 'replaced' else 'effective' end, 'api', 'test', array[n * 1000000]
          from generate_series(a, z) i, generate_series(1, 3) n;
          insert into views.month (meter, month, account, reading, taken_on, values, volumes)
          select meter, month, account, id, taken_on, values, values from facts.reading
          where state = 'effective' and meter between a and z;
          insert into facts.attempt (id, account, meter, received_at, channel, typed, code, body)
          select md5('attempt' || i)::uuid, i, i, now(), 'api', '{}', 'no', '{}' from generate_series(a, z) i;
          insert into facts.period (organization, month, opened_at, closed_at)
          select 'o' || o, date '2023-01-01' + interval '1 month' * m, '2023-01-01', case when m < 47 then now() end
          from generate_series(1, 5) o, generate_series(0, 47) m on conflict do nothing;
          insert into operations.import_job (organization, what, file, columns, dry_run, actor)
          select 'o1', 'readings', 'f', '{a}', false, 'test' from generate_series(a, z, 100) i;
          insert into operations.import_row (job, lane, n, line, fields)
          select 1 + i / 1000, i % 16, i, i, '{a,b}' from generate_series(a, z) i;
          insert into operations.import_part (job, command, accepted, unchanged, refused)
          select 1 + i / 1000, md5(i::text)::uuid, 1, 1, 1 from generate_series(a, z, 10) i;
          insert into operations.import_error (job, line, code, body)
          select 1 + i / 1000, i, 'no', '{}' from generate_series(a, z, 10) i;
          -- All lanes of the first job have ended.
          insert into operations.reprocess_job (action, dry_run, states, filter, actor, why)
          select 'reprocess', false, '{refused}', '{}', 'test', 'test' from generate_series(a, z, 100) i;
          insert into operations.reprocess_lane (job, lane, total, position, ended)
          select 1 + i / 100, l, 1000, 1000, i < 100 from generate_series(a, z, 100) i, generate_series(0, 15) l;
          insert into operations.reprocess_row (job, lane, n, command)
          select 1 + i / 100, i % 16, i, md5(i::text)::uuid from generate_series(a, z) i;
          insert into operations.reprocess_outcome
            (job, organization, subject, account, kind, was, was_code, state, code, count)
          select 1 + i / 100, 'o1', i, i, 'test.done', 'refused', 'no', 'done', '', 1 from generate_series(a, z) i;
          insert into operations.outbox (command, at, recipient, title, text)
          select md5('letter' || i)::uuid, now() + interval '1 second' * i, 'a@b', 't', 't' from generate_series(a, z, 2) i;
          insert into facts.notice (command, organization, key, channel, notice, contact, provider, provider_id, queued_at)
          select md5('notice' || i)::uuid, 'o1', 'k' || i, 'message', 'phone.code', '+7950***0000', 'smsc', i::text, now()
          from generate_series(a, z) i;
          insert into facts.notice_report (provider, provider_id, state, code)
          select 'smsru', i::text, 'sent', '' from generate_series(a, z) i;
          insert into access.principal (organization, login, name)
          select 'o1', 'p' || i, 'Иванов' from generate_series(a, z) i;
          insert into access.attachment (principal, account, number)
          select id, id, id || 'А' from access.principal where login ~ '^p' and id between a and z;
          insert into access.session (hash, id, organization, principal, created_at, expires_at)
          select decode(md5('s' || id), 'hex'), md5('s' || id)::uuid, 'o1', id, now(), now() + interval '1 day' from access.principal
          where id between a and z;
          insert into identity.credential (principal, hash, changed_at)
          select id, 'h', now() from access.principal where id between a and z;
          insert into identity.totp (principal, secret, last_step, enabled_at, recovery)
          select id, 's', 1, now(), '{}' from access.principal where id between a and z;
          insert into identity.registration (id, organization, kind, login, hash, way, language, terms_version, terms_hash,
            channel, began_at, expires_at)
          select md5('registration' || i)::uuid, 'o1', 'login', i::text, 'h', 'sms', 'ru', '1', 'h', 'resident', now(),
                 now() + interval '1 day' from generate_series(a, z) i;
          insert into identity.code (id, organization, purpose, subject, phone, hash, sent_at, expires_at)
          select gen_random_uuid(), 'o1', 'registration', md5('registration' || i)::uuid::text, '+79161234567', 'h', now(),
                 now() + interval '5 minutes' from generate_series(a, z) i;
          insert into identity.link (hash, organization, purpose, subject, made_at, expires_at)
          select decode(md5('l' || i), 'hex'), 'o1', 'registration', md5('registration' || i)::uuid::text, now(),
                 now() + interval '1 day' from generate_series(a, z) i;
          insert into identity.link (hash, organization, purpose, subject, value, made_at)
          select decode(md5('way out'), 'hex'), 'o1', 'unsubscribe', '101:101', 'email_bill', now() from generate_series(a, z) i
          where i = 101;
          insert into identity.failure (organization, what, count, since)
          select 'o1', 'login p' || i, 1, now() from generate_series(a, z) i;
          insert into identity.contact (command, organization, account, principal, kind, value, confirmed, confirmed_at, channel,
            at)
          select gen_random_uuid(), 'o1', i, i, 'email', 'a@example.ru', true, now(), 'resident', now() from generate_series(a, z) i;
          insert into identity.share (id, organization, account, owner, email, rights, invited_at, expires_at)
          select gen_random_uuid(), 'o1', id, id, 'a@example.ru', '{view}', now(), now() + interval '1 day'
          from access.principal where id between a and z;
          insert into identity.consent (command, organization, account, principal, purpose, given, version, text_hash, channel, at)
          select gen_random_uuid(), 'o1', id, id, 'email_bill', n = 1, '1', 'h', 'resident', now()
          from access.principal, generate_series(1, 3) n where id between a and z;
          insert into access.token (hash, organization, name, scopes, channel, rate)
          select decode(md5('t' || i), 'hex'), 'o1', 't', '{readings}', 'api', 100 from generate_series(a, z, 10) i;
          perform plans.money(a, z);
          update plans.scale set accounts = z;
        end $$;
        """
}
