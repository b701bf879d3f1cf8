"""The benches of ./ops/bench. Each round measures its yardstick beside it; ratios of medians are what counts."""

import base64
import concurrent.futures
import ctypes
import http.client
import json
import multiprocessing
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HOME = pathlib.Path(os.environ["KABINET_HOME"])
BINARY = os.environ["KABINET_BINARY"]
CONNINFO = os.environ["DATABASE_URL"]
PARTS = dict(part.split("=", 1) for part in CONNINFO.split())
QUICK = False
RESULTS = []
WORK = pathlib.Path(tempfile.mkdtemp(prefix="kabinet-bench-"))
RUNNING = []


def interrupted(number, _):
    """Ends like any failure, so that what runs is ended and what was written is deleted."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise SystemExit(128 + number)


def leave():
    for process in RUNNING:
        if process.poll() is None:
            process.kill()
            process.wait()
    shutil.rmtree(WORK, ignore_errors=True)


def say(text):
    print(text, flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# As sessions of this release say which migrations they know: one of them may break with who does not.
SCHEMA = max(int(path.name[:4]) for path in (HOME / "sql/migrations").glob("*.sql"))


def psql(sql, database=None):
    command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", PARTS["host"], "-p", PARTS["port"],
               "-U", PARTS["user"], "-d", database or "kabinet"]
    done = subprocess.run(command, input=sql, capture_output=True, text=True,
                          env={**os.environ, "PGOPTIONS": f"-c kabinet.schema={SCHEMA}"})
    if done.returncode:
        raise SystemExit(f"psql: {done.stderr}")
    return done.stdout.strip()


class Result(ctypes.Structure):
    pass


LIBPQ = ctypes.CDLL("libpq.so.5")
LIBPQ.PQconnectdb.restype = ctypes.c_void_p
LIBPQ.PQexec.restype = ctypes.POINTER(Result)
LIBPQ.PQexec.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
LIBPQ.PQerrorMessage.restype = ctypes.c_char_p
LIBPQ.PQerrorMessage.argtypes = [ctypes.c_void_p]
LIBPQ.PQfinish.argtypes = [ctypes.c_void_p]
LIBPQ.PQgetvalue.restype = ctypes.c_char_p


class Session:
    """A connection that stays: for transactions held open, and for asking often at a small cost."""

    def __init__(self, name="bench"):
        self.handle = LIBPQ.PQconnectdb(f"{CONNINFO} application_name={name}".encode())
        self.run("select")

    def run(self, sql):
        """The rows of the last statement, as lists of texts."""
        result = LIBPQ.PQexec(self.handle, sql.encode())
        if LIBPQ.PQresultStatus(result) not in (1, 2):
            raise SystemExit(f"{sql[:200]}: {LIBPQ.PQerrorMessage(self.handle).decode()}")
        rows = [[LIBPQ.PQgetvalue(result, row, column).decode() for column in range(LIBPQ.PQnfields(result))]
                for row in range(LIBPQ.PQntuples(result))]
        LIBPQ.PQclear(result)
        return rows

    def one(self, sql):
        return self.run(sql)[0][0]

    def close(self):
        LIBPQ.PQfinish(self.handle)


def pgbench(script, clients, seconds, transactions=None, mode="prepared"):
    file = WORK / "script.sql"
    file.write_text(script)
    limit = ["-t", str(transactions)] if transactions else ["-T", str(seconds)]
    done = subprocess.run(
        ["/usr/lib/postgresql/15/bin/pgbench", "-n", "-M", mode, "-c", str(clients), "-j", str(min(2, clients)),
         *limit, "-f", str(file), "-h", PARTS["host"], "-p", PARTS["port"], "-U", PARTS["user"], "kabinet"],
        capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"pgbench: {done.stderr}")
    tps = float(re.search(r"tps = ([\d.]+)", done.stdout).group(1))
    latency = float(re.search(r"latency average = ([\d.]+)", done.stdout).group(1))
    return tps, latency


def kabinet(*arguments, check=True, **environment):
    done = subprocess.run([BINARY, *arguments], capture_output=True, text=True,
                          env={**os.environ, "KABINET_LANGUAGE": "en", **environment})
    if check and done.returncode:
        raise SystemExit(f"kabinet {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout


class Process:
    """`kabinet ingress` or `kabinet workers`, with its peak memory."""

    def __init__(self, what, **environment):
        self.log = open(WORK / f"{what}.log", "ab")
        self.process = subprocess.Popen([BINARY, what], stdout=self.log, stderr=self.log,
                                        env={**os.environ, **environment})
        RUNNING.append(self.process)

    def peak(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", text).group(1)) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.log.close()
        RUNNING.remove(self.process)


class Door(Process):
    def __init__(self, **environment):
        self.port = free_port()
        super().__init__("ingress", KABINET_PORT=str(self.port), **environment)
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("ingress does not listen")


def report(name, value, unit, against=None, yardstick=None, inverse=False):
    row = {"name": name, "value": round(value, 4), "unit": unit}
    if against:
        row["against"] = against
        row["ratio"] = round(value / yardstick, 3)
    RESULTS.append(row)


# The yardsticks: tables like queue.command, in a schema of their own.

YARD = """
drop schema if exists yard cascade; create schema yard;
create table yard.command (like queue.command including defaults);
alter table yard.command add primary key (id); create index on yard.command (pool, lane, xid, seq);
"""
INSERT = """insert into yard.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
values (gen_random_uuid(), 1, (random() * 63)::int2, 'reading.submit', 'bench', (random() * 1000000)::int8,
'{"account":"500000001","meter":"M1","values":{"T1":"131.012"}}', 'token:1', 'api', clock_timestamp());
"""


def p1():
    psql(YARD)
    return pgbench(INSERT, 32, 2 if QUICK else 5)[0]


def p0():
    psql(YARD)
    return pgbench(INSERT, 1, 2 if QUICK else 5)[1]


def pb():
    """Rows a second of 500-row INSERT … unnest from two clients; the arrays come as text each time, as a client sends them."""
    psql(YARD)
    payload = '{\\"account\\":\\"500000001\\",\\"meter\\":\\"M1\\",\\"values\\":{\\"T1\\":\\"131.012\\"}}'
    columns = ["{" + ",".join(str(i % 64) for i in range(500)) + "}",
               "{" + ",".join(str(500_000_000 + i * 7919 % 1_000_000) for i in range(500)) + "}",
               "{" + ",".join(f'"{payload}"' for _ in range(500)) + "}"]
    script = f"""insert into yard.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
select gen_random_uuid(), 1, lane, 'reading.submit', 'bench', subject, payload, 'token:1', 'api', clock_timestamp()
from unnest('{columns[0]}'::int2[], '{columns[1]}'::int8[], '{columns[2]}'::jsonb[]) u(lane, subject, payload);
"""
    return pgbench(script, 2, 2 if QUICK else 5, mode="simple")[0] * 500


def keyed(clients):
    """A select of one row by its key: a second, and the milliseconds of each."""
    psql("""drop schema if exists yard cascade; create schema yard;
create table yard.account (id int primary key, balance int not null, filler char(84) not null);
insert into yard.account select i, i, '' from generate_series(1, 100000) i; vacuum analyze yard.account""")
    return pgbench("\\set id random(1, 100000)\nselect balance from yard.account where id = :id;\n", clients, 2 if QUICK else 5)


def ps():
    """Milliseconds of a select by key, one client."""
    return keyed(1)[1]


def pc():
    """The ordinary queue: UPDATE … FOR UPDATE SKIP LOCKED LIMIT 500, then complete; two commits, two clients."""
    waiting = 50_000 if QUICK else 1_000_000
    psql(f"""
drop schema if exists yard cascade; create schema yard;
create table yard.job (id bigint generated always as identity primary key, kind text not null, subject bigint not null,
  payload jsonb not null, state text not null default 'ready', attempts int not null default 0,
  received_at timestamptz not null default now(), finished_at timestamptz);
create index on yard.job (id) where state = 'ready';
insert into yard.job (kind, subject, payload)
select 'queue.idle', i, '{{"account":"500000001","meter":"M1","values":{{"T1":"131.012"}}}}' from generate_series(1, {waiting}) i;
vacuum analyze yard.job;
""")
    batches = 20 if QUICK else 400
    script = """with c as (select id from yard.job where state = 'ready' order by id limit 500 for update skip locked),
u as (update yard.job j set state = 'running', attempts = attempts + 1 from c where j.id = c.id returning j.id)
select array_agg(id)::text as ids from u \\gset
update yard.job set state = 'done', finished_at = clock_timestamp() where id = any (:ids::text::bigint[]);
"""
    tps, _ = pgbench(script, 2, 0, transactions=batches)
    return tps * 500


# What the benches stand on.

PROFILE = """code: bench
name: Bench
title: Bench
time_zone: Asia/Irkutsk
companies: [{code: main, name: Main}]
services: [cold_water, hot_water, electricity, gas, heat]
readings:
  channels:
    import: {window: allow, less: refuse, soft: confirm, hard: refuse}
identity:
  mode: account
  login_word: Number
  confirm: [email]
  attach: {proofs: [[surname]]}
  terms: {version: "1", text: Terms}
"""


def prepare():
    kabinet("migrate")
    file = WORK / "bench.yaml"
    file.write_text(PROFILE)
    kabinet("organization", "apply", str(file))


def token(channel="api", scope="readings,accounts.read,operator"):
    out = kabinet("token", "create", "--organization", "bench", "--scope", scope, "--channel", channel, "--rate",
                  "1000000", "--json")
    return json.loads(out)["token"]


def accounts(count):
    psql(f"""
insert into facts.account (id, organization, number, stripped, company, surname)
select nextval('facts.id'), 'bench', (500000000 + i)::text, (500000000 + i)::text, 'main', 'Иванов'
from generate_series(1, {count}) i on conflict do nothing;
insert into facts.meter (id, account, organization, service, number, registers, digits, decimals, installed_on, initial)
select nextval('facts.id'), a.id, 'bench', 'cold_water', 'M' || (a.number::bigint - 500000000), 1, 5, 3, '2015-01-01', '{{0}}'
from facts.account a where a.organization = 'bench' on conflict do nothing;
analyze facts.account; analyze facts.meter;
""")


IDS = "(overlay(gen_random_uuid()::text placing left(queue.first_id(clock_timestamp())::text, 13) from 1 for 13))::uuid"


def drain(pool, count, processes=1, skip=0, most=None, **environment):
    """Waits until `count` commands of the pool have left their lanes. Gives the commands a second from the first batch
    (after `skip` commands, where the start shall not count) to the last (or to the one with which `most` had left), and
    the peak memory of a process."""
    session = Session()
    since = session.one("select clock_timestamp()")
    workers = [Process("workers", **environment) for _ in range(processes)]
    try:
        while decided(session, pool, since) < count:
            alive(workers)
            time.sleep(0.2)
        peak = max(w.peak() for w in workers)
    finally:
        for w in workers:
            w.stop()
    rate = pace(session, pool, since, skip, most)
    session.close()
    return rate, peak


def alive(workers):
    if any(w.process.poll() is not None for w in workers):
        raise SystemExit(f"the workers ended: {(WORK / 'workers.log').read_text()[-2000:]}")


def decided(session, pool, since):
    return int(session.one(f"""select coalesce(sum(b.count), 0) from queue.batch b join queue.pool p on p.id = b.pool
                               where p.name = '{pool}' and b.at > '{since}'"""))


def pace(session, pool, since, skip=0, most=None):
    """Commands a second of the batches since a moment. The first batch only starts the clock: what it took is not known."""
    return float(session.one(f"""
with batch as (select b.at, b.count, sum(b.count) over (order by b.at, b.lane) as total
               from queue.batch b join queue.pool p on p.id = b.pool
               where p.name = '{pool}' and b.at > '{since}' and b.count > 0),
  counted as (select * from batch where total > {skip} and total <= {most or "'infinity'::numeric"})
select coalesce((max(total) - min(total)) / nullif(extract(epoch from max(at) - min(at)), 0), 0) from counted"""))


def noop(rounds):
    count = 50_000 if QUICK else 1_000_000
    rates, yards = [], []
    for _ in range(rounds):
        psql(f"""insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
select {IDS}, p.id, i % p.lanes, 'queue.idle', 'bench', i,
  '{{"account":"500000001","meter":"M1","values":{{"T1":"131.012"}}}}', 'bench', 'api', clock_timestamp()
from queue.pool p, generate_series(1, {count}) i where p.name = 'idle'; vacuum analyze queue.command; checkpoint""")
        yards.append(pc())
        rates.append(drain("idle", count)[0])
        say(f"  noop {rates[-1]:,.0f}/s   PC {yards[-1]:,.0f}/s   ratio {rates[-1] / yards[-1]:.2f}")
    report("noop", statistics.median(rates), "commands/s", "PC", statistics.median(yards))


def submitted(people, months, first=1, held=False):
    """The statement that appends a reading of each of `people` for each month from the `first`, a month after the other.
    With `held`, each is followed by one of the account behind them all."""
    return f"""insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
select {IDS}, p.id, mod(mod(s, p.lanes) + p.lanes, p.lanes), 'reading.submit', 'bench', s,
  jsonb_build_object('account', (500000000 + i)::text, 'meter', 'M' || i,
    'values', jsonb_build_object('T1', (k * 7 + i % 5)::text || '.012'),
    'taken_on', (date '2016-01-20' + make_interval(months => k))::date::text), 'bench', 'import', clock_timestamp()
from queue.pool p, generate_series(0, {people * months - 1}) o, lateral (select {first} + o / {people} as k) month,
  lateral (select 1 + o % {people} as i{f" union all select {people + 1}" if held else ""}) account,
  lateral (select hashint8extended(i, 7) s) h
where p.name = 'accounts'"""


def readings(*arguments, **more):
    psql(f"{submitted(*arguments, **more)}; vacuum analyze queue.command; checkpoint")


def fair(name, months):
    """Every command of the readings was accepted, and each has its month."""
    refused = int(psql("select count(*) from queue.exception where kind not in ('result', 'abandoned')"))
    stored = int(psql("select count(*) from views.month"))
    if refused or stored != months:
        raise SystemExit(f"{name}: {refused} exceptions, {stored} months stored of {months}: not a fair run")


def decide(rounds):
    people, months = (5_000, 10) if QUICK else (50_000, 20)
    accounts(people)
    rates, yards, peaks = [], [], []
    for number in range(rounds):
        psql("truncate facts.reading, views.month, facts.attempt")
        readings(people, months)
        yards.append(p1())
        rate, peak = drain("accounts", people * months)
        rates.append(rate)
        peaks.append(peak)
        say(f"  decide {rate:,.0f}/s   P1 {yards[-1]:,.0f}/s   ratio {rate / yards[-1]:.2f}   peak {peak:.0f} MiB")
    fair("decide", people * months)
    report("decide", statistics.median(rates), "readings/s", "P1", statistics.median(yards))
    report("memory@workers", max(peaks), "MiB")


def dead_tuples(_):
    psql("select pg_stat_force_next_flush()")
    time.sleep(1)
    changed, inserted = psql("""select coalesce(sum(n_tup_upd + n_tup_del), 0),
      coalesce(sum(n_tup_ins) filter (where relname like 'command_%'), 0)
      from pg_stat_user_tables where schemaname = 'queue'""").split("|")
    if int(inserted) == 0:
        raise SystemExit("dead_tuples: run it after noop or decide")
    report("dead_tuples", int(changed) / int(inserted), "per command")


WRK = """
local counter = 0
function request()
  counter = counter + 1
  local n = math.random(1, %d)
  local body = '{"meter":"M' .. n .. '","values":{"T1":"131.012"},"taken_on":"2026-04-18"}'
  -- Put together by hand: wrk.format costs the generator as much again.
  return "POST /bench/api/accounts/" .. (500000000 + n) .. "/readings HTTP/1.1\\r\\nHost: localhost\\r\\n"
    .. "Authorization: Bearer %s\\r\\nContent-Type: application/json\\r\\nIdempotency-Key: %s-" .. counter
    .. "\\r\\nContent-Length: " .. #body .. "\\r\\n\\r\\n" .. body
end
function done(summary, latency, requests)
  io.write(string.format("RESULT %%d %%d %%d %%d\\n", summary.requests, summary.duration, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


def ingress(connections):
    def run(rounds):
        people = 50_000
        accounts(people)
        key = token()
        rates, yards, peaks = [], [], []
        for number in range(rounds):
            yards.append(p1())
            psql("checkpoint")
            door = Door()
            before = int(psql("select count(*) from queue.command where kind = 'reading.submit'"))
            script = WORK / "load.lua"
            script.write_text(WRK % (people, key, f"{random.random()}"))
            try:
                # A first second warms the caches and is not counted.
                subprocess.run(["wrk", "-t1", f"-c{connections}", "-d1s", "-s", str(script), f"http://127.0.0.1:{door.port}/"],
                               capture_output=True, check=True)
                script.write_text(WRK % (people, key, f"{random.random()}"))
                middle = int(psql("select count(*) from queue.command where kind = 'reading.submit'"))
                out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{2 if QUICK else 6}s", "-s", str(script),
                                      f"http://127.0.0.1:{door.port}/"], capture_output=True, text=True, check=True).stdout
                requests, micros, bad, lost = map(int, re.search(r"RESULT (\d+) (\d+) (\d+) (\d+)", out).groups())
                after = int(psql("select count(*) from queue.command where kind = 'reading.submit'"))
                peaks.append(door.peak())
            finally:
                door.stop()
            if bad or lost or after - middle < requests:
                raise SystemExit(f"ingress@{connections}: {bad} refused, {lost} lost, {after - middle} rows for {requests} answers")
            rates.append(requests / (micros / 1e6))
            say(f"  ingress@{connections} {rates[-1]:,.0f}/s   P1 {yards[-1]:,.0f}/s   ratio {rates[-1] / yards[-1]:.2f}"
                f"   peak {peaks[-1]:.0f} MiB   rows {after - before:,}")
        report(f"ingress@{connections}", statistics.median(rates), "readings/s", "P1", statistics.median(yards))
        if connections == 256:
            report("memory@ingress", max(peaks), "MiB")
    return run


def latency(rounds):
    """200 requests a second from 16 connections at even times; each waits for its decision."""
    accounts(50_000)
    key = token("import")
    psql("truncate facts.reading, views.month")
    p50s, p99s, yards = [], [], []
    for number in range(rounds):
        yards.append(p0())
        # Nothing of another bench may be waiting.
        door, workers = Door(), Process("workers")
        times, failures, lock = [], [], threading.Lock()
        # The first second opens connections and fills caches; it is not counted.
        warm = 200
        total = warm + (600 if QUICK else 3_000)
        threads = 16
        start = time.perf_counter() + 1.5

        def client(which):
            connection = http.client.HTTPConnection("127.0.0.1", door.port)
            connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for index in range(which, total, threads):
                due = start + index / 200
                time.sleep(max(0, due - time.perf_counter()))
                n = (number * total + index) % 50_000 + 1
                body = json.dumps({"meter": f"M{n}", "values": {"T1": "7.012"}, "taken_on": "2026-04-18"})
                began = time.perf_counter()
                connection.request("POST", f"/bench/api/accounts/{500000000 + n}/readings", body,
                                   {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Prefer": "wait=10"})
                answer = connection.getresponse()
                answer.read()
                took = (time.perf_counter() - began) * 1000
                with lock:
                    if answer.status != 200:
                        failures.append(answer.status)
                    elif index >= warm:
                        times.append(took)

        crowd = [threading.Thread(target=client, args=(i,), daemon=True) for i in range(threads)]
        for t in crowd:
            t.start()
        for t in crowd:
            t.join()
        door.stop()
        workers.stop()
        if failures:
            raise SystemExit(f"latency: answers {set(failures)}")
        times.sort()
        p50s.append(times[len(times) // 2])
        p99s.append(times[int(len(times) * 0.99)])
        say(f"  latency p50 {p50s[-1]:.2f} ms   p99 {p99s[-1]:.2f} ms   P0 {yards[-1]:.3f} ms"
            f"   ratios {p50s[-1] / yards[-1]:.1f} {p99s[-1] / yards[-1]:.1f}")
    report("latency@p50", statistics.median(p50s), "ms", "P0", statistics.median(yards))
    report("latency@p99", statistics.median(p99s), "ms", "P0", statistics.median(yards))


def fresh():
    """Nothing waits, nothing is held, no reading is there: what a bench found does not weigh on the next. Cursors stay, and
    find nothing to go on with."""
    psql("""truncate queue.command, queue.exception, queue.hold, queue.parked, queue.idempotency,
      facts.reading, facts.attempt, views.month; delete from facts.period where organization = 'bench'""")


def turns(number):
    """Without and with what is measured; which comes first changes from round to round."""
    return ((False, True), (True, False))[number % 2]


def pinned(rounds):
    """The work of `decide` while a transaction that has written and a REPEATABLE READ reader, both older than its commands,
    stay open: no row that was updated since can be cleaned away, and every snapshot of a lane has the writer in it."""
    people, months = (5_000, 10) if QUICK else (50_000, 20)
    accounts(people)
    psql("drop schema if exists yard cascade; create schema yard; create table yard.pin (at timestamptz)")
    free, held = [], []
    for number in range(rounds):
        for pin in turns(number):
            fresh()
            pins = []
            if pin:
                pins = [Session("pin"), Session("pin")]
                pins[0].run("begin; insert into yard.pin values (clock_timestamp())")
                pins[1].run("begin isolation level repeatable read read only; select count(*) from facts.account")
            readings(people, months)
            (held if pin else free).append(drain("accounts", people * months)[0])
            still = int(psql("""select count(*) from pg_stat_activity where application_name = 'pin'
              and state = 'idle in transaction' and (backend_xid is not null or backend_xmin is not null)"""))
            for session in pins:
                session.run("rollback")
                session.close()
            if still != len(pins):
                raise SystemExit(f"pinned: {still} transactions of {len(pins)} were still open at the end: not a fair run")
            fair("pinned", people * months)
        say(f"  pinned {held[-1]:,.0f}/s   free {free[-1]:,.0f}/s   ratio {held[-1] / free[-1]:.2f}")
    report("pinned", statistics.median(held), "readings/s", "free", statistics.median(free))
    fresh()


def backlog(rounds):
    """The same readings, a month of every account after the other: from the top of 5,000,000, and 50,000 at a time as they
    come. Of each 50,000 those count that are decided while every lane still has a full batch; workers begin anew for
    each, so that both do."""
    people, behind, portions = (40_000, 6, 2) if QUICK else (50_000, 100, 4)
    skip, most = people // 10, people * 6 // 10
    accounts(people)
    few, many = [], []
    for number in range(rounds):
        for much in turns(number):
            fresh()
            since = psql("select clock_timestamp()")
            if much:
                # Two halves at once take half the time; the earlier months begin first and so come first.
                with concurrent.futures.ThreadPoolExecutor() as pool:
                    halves = []
                    for first in (1, 1 + behind // 2):
                        halves.append(pool.submit(psql, submitted(people, behind // 2, first=first)))
                        time.sleep(0.5)
                    for half in halves:
                        half.result()
                psql("vacuum analyze queue.command; checkpoint")
            paces = []
            for k in range(portions):
                if much:
                    psql("checkpoint")
                else:
                    readings(people, 1, first=1 + k)
                paces.append(drain("accounts", people, skip=skip, most=most)[0])
            (many if much else few).append(statistics.harmonic_mean(paces))
            session = Session()
            count = decided(session, "accounts", since)
            session.close()
            fair("backlog", count)
            if much and count > people * behind * 0.9:
                raise SystemExit(f"backlog: {count:,} of {people * behind:,} were decided at the end: not a fair run")
        say(f"  backlog of {people * behind:,} {many[-1]:,.0f}/s   of {people:,} {few[-1]:,.0f}/s"
            f"   ratio {many[-1] / few[-1]:.2f}")
    report("backlog", statistics.median(many), "readings/s", "few", statistics.median(few))
    fresh()


def order(rounds):
    """A bad command of one subject is abandoned and holds its subject. Then 200,000 readings of that subject are parked
    among as many others; what counts is the pace of the 600,000 that come after them, without and with the parked."""
    people, early, late = (5_000, 2, 6) if QUICK else (50_000, 4, 12)
    accounts(people + 1)
    free, held, parking = [], [], []
    for number in range(rounds):
        for hold in turns(number):
            fresh()
            if hold:
                psql(f"""insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
select {IDS}, p.id, mod(mod(s, p.lanes) + p.lanes, p.lanes), 'reading.submit', 'bench', s, '{{}}', 'bench', 'import', clock_timestamp()
from queue.pool p, lateral (select hashint8extended({people + 1}, 7) s) h where p.name = 'accounts'""")
                drain("accounts", 1)
            readings(people, early, held=hold)
            before = drain("accounts", people * early * (2 if hold else 1))[0]
            readings(people, late, first=1 + early)
            after = drain("accounts", people * late)[0]
            if hold:
                held.append(after)
                parking.append(before)
            else:
                free.append(after)
                base = before
            holds = psql("select string_agg(state, ' ') from queue.hold")
            parked = int(psql("select count(*) from queue.parked"))
            if (holds, parked) != (("abandoned", people * early + 1) if hold else ("", 0)):
                raise SystemExit(f"order: holds «{holds}», {parked} parked: not a fair run")
            fair("order", people * (early + late))
        say(f"  order {held[-1]:,.0f}/s with {people * early:,} parked   {free[-1]:,.0f}/s with none   ratio"
            f" {held[-1] / free[-1]:.2f}   while they are parked {parking[-1]:,.0f}/s, else {base:,.0f}/s")
    report("order", statistics.median(held), "readings/s", "none", statistics.median(free))
    fresh()


class Crowd:
    """So many requests a second from 16 connections, each waiting for its decision. `request` gives the path and the body of
    each by its number."""

    def __init__(self, name, door, key, request, rate=50, threads=16):
        self.name, self.samples, self.over = name, [], threading.Event()
        self.began = time.time()
        start = time.perf_counter() + 0.2

        def client(which):
            connection = http.client.HTTPConnection("127.0.0.1", door.port)
            connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for index in range(which, 1_000_000, threads):
                time.sleep(max(0, start + index / rate - time.perf_counter()))
                if self.over.is_set():
                    return
                path, body = request(index)
                began = time.perf_counter()
                try:
                    connection.request("POST", path, json.dumps(body),
                                       {"Authorization": f"Bearer {key}", "Content-Type": "application/json",
                                        "Prefer": "wait=10"})
                    answer = connection.getresponse()
                    answer.read()
                    status = answer.status
                except (OSError, http.client.HTTPException) as error:
                    status = repr(error)
                self.samples.append((time.time(), (time.perf_counter() - began) * 1000, status))
                if status != 200:
                    return

        self.threads = [threading.Thread(target=client, args=(i,), daemon=True) for i in range(threads)]
        for thread in self.threads:
            thread.start()

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def times(self, since, until):
        """Milliseconds of the answers between two moments, sorted. The first second opens connections and fills caches; it is
        not counted."""
        bad = {status for _, _, status in self.samples if status != 200}
        if bad:
            raise SystemExit(f"{self.name}: answers {bad}")
        found = sorted(took for at, took, _ in self.samples if max(since, self.began + 1.2) < at < until)
        if len(found) < 20:
            raise SystemExit(f"{self.name}: only {len(found)} answers came in time: not a fair run")
        return found


def p99(times):
    return times[int(len(times) * 0.99)]


def isolation(rounds):
    """A command of another pool than the readings' (`period.open` of a month that is open, in a pool of its own as codes
    have), posted with Prefer: wait 50 times a second: while nothing else is there, and while readings drain."""
    # Fewer than these drain before enough answers have come.
    people, months = (10_000, 20) if QUICK else (50_000, 20)
    accounts(people)
    key = token()
    file = WORK / "workers.yaml"
    file.write_text((HOME / "workers.yaml").read_text().replace("period.open, ", "").replace("period.open: skip, ", "") + """
  codes:
    kinds: [period.open]
    mode: decide
    lanes: 16
    threads: 1
    batch: 20
""")
    kabinet("migrate", KABINET_WORKERS_FILE=str(file))
    idle, busy, medians = [], [], []
    for number in range(rounds):
        found = {}
        for flood in turns(number):
            fresh()
            if flood:
                readings(people, months)
            session = Session()
            since = session.one("select clock_timestamp()")
            door, workers = Door(), Process("workers", KABINET_WORKERS_FILE=str(file))
            try:
                crowd = Crowd("isolation", door, key, lambda index: (
                    "/bench/operator/commands", {"kind": "period.open", "body": {"month": f"2031-{index % 12 + 1:02}"}}))
                seconds = 5 if QUICK else 25
                while decided(session, "accounts", since) < people * months if flood else time.time() < crowd.began + seconds:
                    alive([workers])
                    time.sleep(0.2)
                # What was answered after the last reading had been decided does not count.
                ended = float(session.one(f"""select extract(epoch from max(b.at)) from queue.batch b join queue.pool p
                  on p.id = b.pool where p.name = 'accounts' and b.at > '{since}'""")) if flood else time.time()
                crowd.end()
            finally:
                door.stop()
                workers.stop()
            found[flood] = crowd.times(0, ended)
            if flood:
                fair("isolation", people * months)
            session.close()
        for flood, times in ((False, idle), (True, busy)):
            times.append(p99(found[flood]))
        say(f"  isolation p99 {busy[-1]:.2f} ms of {len(found[True])} while {people * months:,} readings drain   idle"
            f" {idle[-1]:.2f} ms of {len(found[False])}   ratio {busy[-1] / idle[-1]:.2f}   p50"
            f" {statistics.median(found[True]):.2f} and {statistics.median(found[False]):.2f} ms")
    report("isolation", statistics.median(busy), "ms", "idle", statistics.median(idle))
    fresh()


def reprocess(rounds):
    """A reading posted with Prefer: wait 50 times a second: while nothing else is there, and while a job decides 1,000,000
    readings again (`kabinet commands reprocess`) that were refused when their meters were not there yet."""
    people, months = (5_000, 10) if QUICK else (50_000, 20)
    others = 1_000
    key = token("import")
    idle, busy, rates = [], [], []
    for number in range(rounds):
        found = {}
        for flood in turns(number):
            fresh()
            if flood:
                psql("delete from facts.meter where organization = 'bench'")
                readings(people, months)
                drain("accounts", people * months)
            accounts(people + others)
            psql("vacuum analyze queue.command, queue.exception; checkpoint")
            session = Session()
            door, workers = Door(), Process("workers")
            job = None
            try:
                crowd = Crowd("reprocess", door, key, lambda index: (
                    f"/bench/api/accounts/{500000000 + people + 1 + index % others}/readings",
                    {"meter": f"M{people + 1 + index % others}", "values": {"T1": f"{(index // others + 1) * 7}"},
                     "taken_on": f"{2016 + index // others // 12}-{index // others % 12 + 1:02}-20"}))
                since = 0
                if flood:
                    job = subprocess.Popen([BINARY, "commands", "reprocess", "--code", "RD_NO_METER", "--why", "bench"],
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    while not int(session.one("select count(*) from operations.reprocess_lane where position > 0")):
                        time.sleep(0.1)
                    since = time.time()
                while job.poll() is None if flood else time.time() < crowd.began + (5 if QUICK else 25):
                    alive([workers])
                    time.sleep(0.2)
                ended = time.time()
                crowd.end()
            finally:
                if job and job.poll() is None:
                    job.kill()
                door.stop()
                workers.stop()
            found[flood] = crowd.times(since, ended)
            if flood:
                again = session.one("""select count(*) || ' ' || count(distinct c.cause) from queue.command c
                  join queue.pool p on p.id = c.pool where p.name = 'bulk' and c.kind = 'reading.submit'""")
                refused = int(session.one("""select count(*) from queue.exception e join queue.command c on c.id = e.command
                  where e.kind = 'refused' and c.cause is not null"""))
                if job.returncode or again != f"{people * months} {people * months}" or refused:
                    raise SystemExit(f"reprocess: the job gave {job.returncode}, repeats {again}, refused {refused}")
                rates.append(people * months / (ended - since))
                psql("truncate operations.reprocess_job, operations.reprocess_lane, operations.reprocess_row")
            session.close()
        idle.append(p99(found[False]))
        busy.append(p99(found[True]))
        say(f"  reprocess p99 {busy[-1]:.2f} ms of {len(found[True])} while {people * months:,} are decided again at"
            f" {rates[-1]:,.0f}/s   idle {idle[-1]:.2f} ms of {len(found[False])}   ratio {busy[-1] / idle[-1]:.2f}   p50"
            f" {statistics.median(found[True]):.2f} and {statistics.median(found[False]):.2f} ms")
    report("reprocess", statistics.median(busy), "ms", "idle", statistics.median(idle))
    report("reprocess@pace", statistics.median(rates), "commands/s")
    kabinet("migrate")
    fresh()


def recovery(rounds):
    """Two processes of workers. A burst of 100 readings for each of the 64 lanes comes with one notification; amid it one
    process is killed. Counted is, for each lane that its sessions had locked a moment before, the time from the kill to
    the lane's next batch, which the other process has to make: no further notification tells it. Then all must be decided
    once, and the killed process is replaced."""
    people, kills = 6_400, 8 if QUICK else 14
    accounts(people)
    fresh()
    session = Session()
    pool, lanes = session.run("select id, lanes from queue.pool where name = 'accounts'")[0]
    wake = f"select pg_notify('queue_append', '{pool}:' || repeat('f', {lanes} / 4))"
    since = session.one("select clock_timestamp()")
    sessions = {}

    def join():
        """One more process; its sessions are those that were not there before. They open with the first lane taken."""
        process = Process("workers")
        known = set(sum(sessions.values(), []))
        for _ in range(200):
            session.run(wake)
            time.sleep(0.05)
            alive([process])
            found = [pid for pid, in session.run("select pid from pg_stat_activity where application_name = 'kabinet accounts'")]
            new = [pid for pid in found if pid not in known]
            if len(new) == 2:
                sessions[process] = new
                return
        raise SystemExit("recovery: a process of workers did not begin")

    times, bursts, done = [], 0, 0
    try:
        join()
        join()
        while done < kills * rounds:
            session.run(f"begin; {submitted(people, 1, first=1 + bursts)}; {wake}; commit")
            bursts += 1
            time.sleep(random.uniform(0.02, 0.12))
            victim = next(iter(sessions))
            locked = []
            while not locked and decided(session, "accounts", since) < people * bursts:
                locked = [lane for lane, in session.run(f"""select objid from pg_locks where locktype = 'advisory'
                  and classid = {pool} and objsubid = 2 and pid in ({', '.join(sessions[victim])})""")]
            if not locked:
                continue
            killed = time.time()
            victim.process.kill()
            while decided(session, "accounts", since) < people * bursts:
                if time.time() > killed + 30:
                    raise SystemExit("recovery: nobody went on within 30 s")
                time.sleep(0.02)
            victim.process.wait()
            sessions.pop(victim)
            found = [float(took) for took, in session.run(f"""select extract(epoch from min(at)) - {killed} from queue.batch
              where pool = {pool} and lane in ({', '.join(locked)}) and at > to_timestamp({killed}) group by lane""")]
            # No batch after the kill: the lane's was committed in that very moment, and nothing was left to do.
            times += found
            done += bool(found)
            join()
        if decided(session, "accounts", since) != people * bursts:
            raise SystemExit("recovery: commands were decided twice: not a fair run")
        fair("recovery", people * bursts)
    finally:
        for process in sessions:
            process.stop()
        session.close()
    times.sort()
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    say(f"  recovery p50 {statistics.median(times):.2f} s   p99 {p99:.2f} s   most {times[-1]:.2f} s"
        f"   of {len(times)} lanes, {done} kills, {bursts} bursts")
    report("recovery", p99, "s")
    fresh()


def scale(rounds):
    """The work of `decide` by two processes and by one, each with one thread for it: with two threads one process takes both
    cores of a small machine. What counts begins when a tenth is decided and both are up."""
    people, months = (5_000, 10) if QUICK else (50_000, 20)
    accounts(people)
    file = WORK / "workers.yaml"
    file.write_text(re.sub(r"(\n  accounts:\n(?:    .*\n)*?    threads:) \d+", r"\1 1", (HOME / "workers.yaml").read_text()))
    one, two = [], []
    for number in range(rounds):
        for both in turns(number):
            fresh()
            readings(people, months)
            (two if both else one).append(drain("accounts", people * months, 2 if both else 1, skip=people * months // 10,
                                                KABINET_WORKERS_FILE=str(file))[0])
            fair("scale", people * months)
        say(f"  scale two {two[-1]:,.0f}/s   one {one[-1]:,.0f}/s   ratio {two[-1] / one[-1]:.2f}")
    report("scale", statistics.median(two), "readings/s", "one", statistics.median(one))
    fresh()


def overload(rounds):
    """Requests at even times, whatever becomes of those before: at 0.7 and at 3 times what the door takes when everybody
    asks as fast as he can. A machine that also makes the load cannot offer three times what it can do; so the door is made
    small: room for 40 requests, and commits that take 50 ms. Latency is counted from the moment a request was due."""
    room, threads, seconds = 40, 128, 2 if QUICK else 10
    people = 1_000
    accounts(people)
    fresh()
    keys = [token() for _ in range(4)]
    psql("alter role kabinet_ingress set commit_delay = 50000; alter role kabinet_ingress set commit_siblings = 0")

    def load(door, rate):
        """Status and milliseconds of each answer; `rate` None is as fast as the threads can."""
        answers, lock = [], threading.Lock()
        start = time.perf_counter() + 0.3

        def client(which):
            connection = http.client.HTTPConnection("127.0.0.1", door.port)
            connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            found = []
            for index in range(which, 10_000_000, threads):
                due = start + index / rate if rate else max(start, time.perf_counter())
                if due > start + seconds:
                    break
                time.sleep(max(0, due - time.perf_counter()))
                body = json.dumps({"meter": f"M{index % people + 1}", "values": {"T1": "7.012"}, "taken_on": "2026-04-18"})
                connection.request("POST", f"/bench/api/accounts/{500000001 + index % people}/readings", body,
                                   {"Authorization": f"Bearer {keys[index % 4]}", "Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                found.append((answer.status, (time.perf_counter() - due) * 1000))
                if answer.status not in (202, 429, 503) or answer.status != 202 and not answer.getheader("Retry-After"):
                    raise SystemExit(f"overload: {answer.status} without Retry-After")
            with lock:
                answers.extend(found)

        before = int(psql("select count(*) from queue.command"))
        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(client, which) for which in range(threads)]:
                done.result()
        taken = sorted(took for status, took in answers if status == 202)
        stored = int(psql("select count(*) from queue.command")) - before
        if stored != len(taken) or len(taken) < 50:
            raise SystemExit(f"overload: {len(taken)} accepted, {stored} stored: not a fair run")
        return taken, len(answers)

    calm, flood, peaks = [], [], []
    try:
        for number in range(rounds):
            door = Door(KABINET_WAITING=str(room))
            try:
                load(door, 200)
                capacity = len(load(door, None)[0]) / seconds
                found = {}
                for much in turns(number):
                    found[much] = load(door, capacity * (3 if much else 0.7))
                peaks.append(door.peak())
                connection = http.client.HTTPConnection("127.0.0.1", door.port)
                connection.request("GET", "/metrics")
                told = connection.getresponse().read().decode()
                connection.close()
                most = int(re.search(r"^ingress_waiting_most (\d+)", told, re.M).group(1))
                if most > room:
                    raise SystemExit(f"overload: {most} requests waited in a room for {room}")
            finally:
                door.stop()
            for much, times in ((False, calm), (True, flood)):
                taken, offered = found[much]
                times.append(taken[int(len(taken) * 0.99)])
            (few, _), (many, offered) = found[False], found[True]
            say(f"  overload p99 of {len(many)} accepted of {offered} {flood[-1]:.0f} ms   at 0.7 {calm[-1]:.0f} ms of {len(few)}"
                f"   ratio {flood[-1] / calm[-1]:.2f}   capacity {capacity:,.0f}/s, offered {offered / seconds:,.0f}/s"
                f"   peak {peaks[-1]:.0f} MiB")
    finally:
        psql("alter role kabinet_ingress reset commit_delay; alter role kabinet_ingress reset commit_siblings")
    report("overload", statistics.median(flood), "ms", "0.7", statistics.median(calm))
    report("memory@overload", max(peaks), "MiB")
    fresh()


class Mail:
    """A real mail server (aiosmtpd) in a process of its own, that takes every letter and keeps none; it counts them."""

    SCRIPT = """
import asyncio, sys
from aiosmtpd.smtp import SMTP
taken = 0
class Handler:
    async def handle_DATA(self, server, session, envelope):
        global taken
        taken += 1
        open(sys.argv[1], "w").write(str(taken)) if taken % 100 == 0 else None
        return "250 OK"
async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler(), hostname="mail.bench", loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(serve())
"""

    def __init__(self):
        self.process = subprocess.Popen(["/usr/bin/python3", "-c", self.SCRIPT, str(WORK / "taken")],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        RUNNING.append(self.process)
        self.port = int(self.process.stdout.readline())

    def stop(self):
        self.process.kill()
        self.process.wait()
        RUNNING.remove(self.process)


def deliver(rounds):
    """Letters through the whole delivery lane (claimed, put into words, sent, recorded), against a loop that starts curl for
    each letter of the same size, to the same server in the same round."""
    count = 2_000 if QUICK else 20_000
    loop = 100 if QUICK else 500
    file = WORK / "deliver.yaml"
    text = (HOME / "workers.yaml").read_text()
    # The pool as an operator of many letters would set it: no rate, larger batches.
    file.write_text(re.sub(r"(\n  letters:\n(?:    .*\n)*?)    batch: .*\n    calls: .*\n    rate: .*\n",
                           r"\1    batch: 200\n    calls: 8\n", text))
    letter = WORK / "letter"
    rates, yards = [], []
    server = Mail()
    try:
        for number in range(rounds):
            fresh()
            psql(f"""truncate facts.notice; with made as (
insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
select {IDS}, p.id, i % p.lanes, 'letter.send', 'bench', i,
  jsonb_build_object('to', 'a' || i || '@example.org', 'notice', 'password.changed',
                     'values', '{{"time": "2026-04-18T10:23:05+08:00"}}'::jsonb), 'bench', 'api', clock_timestamp()
from queue.pool p, generate_series(1, {count}) i where p.name = 'letters' returning id)
insert into facts.notice (command, organization, key, channel, notice, contact, queued_at)
select id, 'bench', id::text, 'letter', 'password.changed', 'a***@example.org', clock_timestamp() from made;
vacuum analyze queue.command, facts.notice; checkpoint""")
            letter.write_text("Subject: Password changed\r\nMessage-ID: <%d@bench>\r\n\r\n" % number + ("x" * 70 + "\r\n") * 40)
            began = time.perf_counter()
            for _ in range(loop):
                subprocess.run(["curl", "-s", "--url", f"smtp://127.0.0.1:{server.port}", "--mail-from", "a@example.org",
                                "--mail-rcpt", "b@example.org", "--upload-file", str(letter)], check=True)
            yards.append(loop / (time.perf_counter() - began))
            rates.append(drain("letters", count, KABINET_SMTP=f"smtp://127.0.0.1:{server.port}", KABINET_SMTP_TLS="opportunistic",
                               KABINET_MAIL_FROM="noreply@example.org", KABINET_WORKERS_FILE=str(file))[0])
            # One that another thread met while the first found out whether the server works waits a moment, and may still do so.
            others = psql("""select state, attempts, code, count(*) from facts.notice
              where (state, attempts) not in (('sent', 1), ('queued', 0)) group by 1, 2, 3""")
            waiting = int(psql("select count(*) from facts.notice where state = 'queued'"))
            if others or waiting > 2:
                raise SystemExit(f"deliver: {waiting} of {count} letters were not sent at once; {others}")
            say(f"  deliver {rates[-1]:,.0f}/s   curl a letter {yards[-1]:,.0f}/s   ratio {rates[-1] / yards[-1]:.1f}")
    finally:
        server.stop()
    report("deliver", statistics.median(rates), "letters/s", "curl", statistics.median(yards))
    fresh()


# Bills.

BILLS = """
create temp table person as select * from facts.account where organization = 'bench' and number between '500000001' and '500000200';
insert into facts.supplier (organization, code, valid_from, name, inn, kpp, account, bank, bic, correspondent, address, phone)
select 'bench', 's' || i, '2020-01-01', 'ООО «Поставщик ' || i || '»', '620009876' || i, '620001001', '40702810138250123017', 'ПАО Сбербанк',
  '044525225', '30101810400000000225', 'г. Зеленодольск, ул. Заводская, 4', '+7 84371 0-00-01' from generate_series(1, 5) i;
insert into facts.charge_kind (organization, code, valid_from, title, position, basis, service, unit, supplier, penalty, multiplied, separate)
select 'bench', k, '2020-01-01', t, p, b, v, u, 's' || c, 'housing', false, p = 80
from (values ('upkeep', 'Содержание жилого помещения', 10, 'area', null, 'm2', 1), ('cold', 'Холодное водоснабжение', 20, 'meter', 'cold_water', 'm3', 2),
  ('hot', 'Горячее водоснабжение', 30, 'meter', 'hot_water', 'm3', 2), ('drain', 'Водоотведение', 40, 'drainage', null, 'm3', 2),
  ('power', 'Электроснабжение', 50, 'meter', 'electricity', 'kwh', 3), ('heat', 'Отопление', 60, 'area_norm', null, 'gcal', 4),
  ('waste', 'Обращение с ТКО', 70, 'person', null, 'person', 4), ('repair', 'Взнос на капитальный ремонт', 80, 'area', null, 'm2', 5))
  k (k, t, p, b, v, u, c);
insert into facts.norm (organization, kind, valid_from, value) select 'bench', k, '2020-01-01', 4200000 from unnest('{cold,hot,drain,heat}'::text[]) k;
insert into facts.meter (id, account, organization, service, number, registers, digits, decimals, installed_on, initial)
select nextval('facts.id'), a.id, 'bench', v, v || a.number, 1, 6, 3, '2015-01-01', '{0}'
from person a, unnest('{hot_water,electricity}'::text[]) v;
insert into views.month (meter, month, account, reading, taken_on, values, volumes)
select m.id, d, m.account, gen_random_uuid(), d + 22, array[(n * 4321 + m.id % 977) * 1000], array[(3000 + (n * 977 + m.id) % 3000) * 1000]
from person a join facts.meter m on m.account = a.id, generate_series(0, 12) n,
  lateral (select (date '2025-03-01' + make_interval(months => n))::date d) x;
-- A year of eight lines a month and a payment, and a recalculation in the last.
insert into facts.entry (account, id, month, sort, kind, penalty, tranche, effective_on, amount, consumed, line)
select a.id, (24302 + i)::int8 * 1000000 + k.position, d, 'charge', k.code, false, d, d, 40000 + (a.id * 7 + i * 13 + k.position) % 90000, d,
  jsonb_build_object('m', case when k.basis = 'meter' then 'meter' else 'norm' end, 'u', k.unit, 'v', 4120000,
    's', jsonb_build_array(jsonb_build_object('t', 'area', 'v', 54300000)),
    'p', jsonb_build_array(jsonb_build_object('v', 4120000, 'c', 41870000, 'a', 40000 + (a.id * 7 + i * 13 + k.position) % 90000)))
from person a, facts.charge_kind k, generate_series(0, 12) i, lateral (select (date '2025-03-01' + make_interval(months => i))::date d) x
where k.organization = 'bench';
insert into facts.entry (account, id, month, sort, kind, penalty, tranche, effective_on, amount, payment, reason)
select e.account, e.id + 500, e.month, 'payment', e.kind, false, e.tranche, e.month + 20, -e.amount, gen_random_uuid(), 'overdue_first'
from facts.entry e join person a on a.id = e.account where e.month < '2026-02-01';
insert into facts.entry (account, id, month, sort, kind, penalty, tranche, effective_on, amount, consumed, line)
select a.id, 24314000900, '2026-03-01', 'recalculation', 'cold', false, '2026-02-01', '2026-03-31', -4187, '2026-02-01',
  '{"m":"meter","u":"m3","v":-1000000,"g":{"t":"reading"}}' from person a;
insert into facts.bill (account, month, organization, closed_at, upto, due_on, paid_until, opening, charged, recalculated, penalty, paid, closing, card)
select a.id, '2026-03-01', 'bench', clock_timestamp(), 24314000999, '2026-04-15', '2026-03-31', o, c, -4187, 0, 0, o + c - 4187,
  jsonb_build_object('account', a.number, 'company', 'main', 'surname', a.surname, 'name', 'Иван', 'patronymic', 'Иванович',
    'address', 'г. Зеленодольск, ул. Спортивная, д. 10, кв. 15', 'area_m2', '54.3', 'living_area_m2', '31.8', 'residents', 3)
from person a, lateral (select sum(amount) filter (where month < '2026-03-01') o,
  sum(amount) filter (where month = '2026-03-01' and sort = 'charge') c from facts.entry e where e.account = a.id) s;
vacuum analyze facts.entry; vacuum analyze facts.bill; vacuum analyze views.month; analyze facts.account; analyze facts.meter;
"""
NO_BILLS = """
truncate facts.entry, facts.bill;
delete from facts.charge_kind where organization = 'bench'; delete from facts.supplier where organization = 'bench';
delete from facts.norm where organization = 'bench';
delete from facts.meter where organization = 'bench' and service <> 'cold_water';
"""


def bills(rounds):
    """Bills of eight services (a recalculation, a debt, capital repairs with a payee of their own: two codes, three plots of a
    year) over HTTP, one client, against nothing: bills for each second that the process of the door computes, which reads
    what was frozen and draws it; what PostgreSQL computes for them is told beside it."""
    count = 100 if QUICK else 1_000
    people = 200
    fresh()
    accounts(people)
    psql(BILLS)
    file = WORK / "bills.yaml"
    file.write_text(PROFILE + "charges: {by: kabinet, view: settlements}\n")
    kabinet("organization", "apply", str(file))
    rates, sizes = [], []
    door = Door()
    try:
        client = http.client.HTTPConnection("127.0.0.1", door.port)
        headers = {"Authorization": f"Bearer {token()}"}

        def draw(i):
            client.request("GET", f"/bench/api/accounts/{500_000_001 + i % people}/bills/2026-03.pdf", headers=headers)
            answer = client.getresponse()
            body = answer.read()
            if answer.status != 200 or not body.startswith(b"%PDF-"):
                raise SystemExit(f"bills: {answer.status} {body[:200]!r}")
            return len(body)

        # Every thread of the door has its fonts.
        for i in range(50):
            draw(i)
        for _ in range(rounds):
            began, cpu, database = time.perf_counter(), seconds(door.process.pid), servers()
            sizes += [draw(i) for i in range(count)]
            wall, cpu, database = time.perf_counter() - began, seconds(door.process.pid) - cpu, servers() - database
            rates.append(count / cpu)
            say(f"  bills {rates[-1]:,.0f}/s a core   {statistics.mean(sizes) / 1024:.1f} KB each   one client "
                f"{count / wall:,.0f}/s   PostgreSQL {database / count * 1000:.2f} ms each")
    finally:
        door.stop()
        file.write_text(PROFILE)
        kabinet("organization", "apply", str(file))
        fresh()
        psql(NO_BILLS)
    report("bills", statistics.median(rates), "bills/s/core")
    report("bills@kb", statistics.mean(sizes) / 1024, "KB")


def seconds(pid):
    """That a process has computed."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def servers():
    """That the sessions of the door have computed."""
    return sum(seconds(int(pid)) for pid in psql(
        "select pid from pg_stat_activity where usename in ('kabinet_portal', 'kabinet_ingress')").split())


# Identity.

SODIUM = None
PASSWORD = b"correct horse 1"


def sodium():
    global SODIUM
    if SODIUM is None:
        SODIUM = ctypes.CDLL("libsodium.so.23")
        SODIUM.sodium_init()
    return SODIUM


def argon2id():
    """A password as it rests, at the product's cost (Sources/Crypto/Passwords.swift)."""
    out = ctypes.create_string_buffer(128)
    code = sodium().crypto_pwhash_str_alg(out, PASSWORD, ctypes.c_ulonglong(len(PASSWORD)), ctypes.c_ulonglong(2),
                                          ctypes.c_size_t(19 << 20), 2)
    if code:
        raise SystemExit("libsodium cannot hash a password")
    return out.value


def hashes(seconds):
    """Hashes/s that one thread looks at, nothing else running."""
    known = argon2id()
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        if sodium().crypto_pwhash_str_verify(known, PASSWORD, ctypes.c_ulonglong(len(PASSWORD))):
            raise SystemExit("a right password is wrong")
        count += 1
    return count / (time.perf_counter() - began)


def sealing():
    """The workers' key, made once and published; gives the variable that workers want and what seals a text."""
    file = WORK / "sealing.keys"
    if not file.exists():
        kabinet("key", "create", str(file))
    if not psql("select id from access.sealing_key"):
        kabinet("key", "publish", "--why", "bench", KABINET_SEALING_KEY_FILE=str(file))
    name, public = psql("select id || ' ' || encode(public, 'hex') from access.sealing_key order by since desc limit 1").split()

    def seal(text):
        box = ctypes.create_string_buffer(len(text) + 48)
        sodium().crypto_box_seal(box, text, ctypes.c_ulonglong(len(text)), bytes.fromhex(public))
        return base64.urlsafe_b64encode(b"\x01" + bytes.fromhex(name) + box.raw).decode().rstrip("=")

    return {"KABINET_SEALING_KEY_FILE": str(file)}, seal


def people(count):
    """So many of the bench's accounts are registered, all with the same password."""
    accounts(3 * count)
    psql(f"""
delete from access.principal where organization = 'bench';
with made as (
  insert into access.principal (organization, kind, login, name, account, email, email_key, email_confirmed_at)
  select 'bench', 'account', a.number, 'Иван', a.id, a.number || '@example.org', a.number || '@example.org', now()
  from facts.account a where a.organization = 'bench' order by a.number limit {count} returning id, account, login)
, attached as (insert into access.attachment (principal, account, number) select id, account, login from made)
insert into identity.credential (principal, hash, changed_at) select id, '{argon2id().decode()}', now() from made;
truncate identity.failure; analyze access.principal; analyze access.attachment; analyze identity.credential;
""")


def signin(rounds):
    """Right passwords through the whole lane of identity, one thread, against the same hashes alone."""
    count = 200 if QUICK else 1_500
    people(count)
    environment, seal = sealing()
    rates, yards = [], []
    for number in range(rounds):
        fresh()
        psql(f"truncate access.session; vacuum analyze queue.command")
        found = {}
        for own in turns(number):
            if not own:
                found[False] = hashes(2 if QUICK else 8)
                continue
            rows = ",".join(f"('{json.dumps(dict(login=str(500000001 + i), password=seal(PASSWORD), session=os.urandom(32).hex()))}', {i})"
                            for i in range(count))
            psql(f"""insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
select {IDS}, p.id, v.i % p.lanes, 'session.open', 'bench', v.i, v.payload::jsonb, 'visitor', 'resident', clock_timestamp()
+ interval '10 minutes' from queue.pool p, (values {rows}) v(payload, i) where p.name = 'identity'; vacuum analyze queue.command""")
            found[True] = drain("identity", count, **environment)[0]
            opened = int(psql("select count(*) from access.session where not half and ended_at is null"))
            if opened != count:
                raise SystemExit(f"signin: {opened} of {count} sessions were opened")
        rates.append(found[True])
        yards.append(found[False])
        say(f"  signin {rates[-1]:.1f}/s   hashes alone {yards[-1]:.1f}/s   ratio {rates[-1] / yards[-1]:.3f}")
    report("signin", statistics.median(rates), "sign-ins/s", "argon2id", statistics.median(yards))
    fresh()


def attack(port, rate, over, answers, threads=8):
    """Of a process of its own: what it costs Python must not be counted as the door's time."""
    statuses = {}
    start = time.perf_counter() + 0.1

    def attacker(which):
        for index in range(which, 10_000_000, threads):
            time.sleep(max(0, start + index / rate - time.perf_counter()))
            if over.is_set():
                return
            try:
                connection = http.client.HTTPConnection(
                    "127.0.0.1", port, timeout=10, source_address=(f"127.{index // 250 % 250 + 1}.{index % 250 + 1}.1", 0))
                connection.request("POST", "/bench/api/sessions", json.dumps(
                    {"login": str(900000000 + index), "password": "wrong password"}), {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                status = answer.status
                connection.close()
            except (OSError, http.client.HTTPException) as error:
                status = type(error).__name__
            statuses[status] = statuses.get(status, 0) + 1

    crew = [threading.Thread(target=attacker, args=(i,)) for i in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    answers.put(statuses)


class Flood:
    """Wrong sign-ins, so many a second, each from a network of its own and for a login of its own: no throttle of the door
    and no count of failures stops them. Nobody waits for their answers."""

    def __init__(self, door, rate):
        context = multiprocessing.get_context("fork")
        self.over, self.answers, self.statuses = context.Event(), context.Queue(), {}
        self.process = context.Process(target=attack, args=(door.port, rate, self.over, self.answers), daemon=True)
        self.process.start()

    def end(self):
        self.over.set()
        self.statuses = self.answers.get(timeout=30)
        self.process.join()


def isolation_signin(rounds):
    """Readings through the door, 50 a second and each waited for: while nothing else is there, and while 200 wrong sign-ins a
    second are attempted."""
    people(200)
    environment, _ = sealing()
    key = token()
    seconds = 6 if QUICK else 25
    idle, busy = [], []
    for number in range(rounds):
        found = {}
        for flood in turns(number):
            fresh()
            door, workers = Door(), Process("workers", **environment)
            wrong = None
            try:
                wrong = Flood(door, 200) if flood else None
                crowd = Crowd("isolation@signin", door, key, lambda index: (
                    f"/bench/api/accounts/{500000001 + index % 200}/readings",
                    {"meter": f"M{index % 200 + 1}", "values": {"T1": str(1 + index // 200)}, "confirm": True}))
                while time.time() < crowd.began + seconds:
                    alive([workers])
                    time.sleep(0.2)
                ended = time.time()
                crowd.end()
            finally:
                if wrong:
                    wrong.end()
                door.stop()
                workers.stop()
            found[flood] = crowd.times(0, ended)
            if wrong and set(wrong.statuses) - {202}:
                raise SystemExit(f"isolation@signin: answers to the attack: {wrong.statuses}")
            if wrong and wrong.statuses[202] < 190 * seconds:
                raise SystemExit(f"isolation@signin: only {wrong.statuses[202]} attempts in {seconds} s")
        idle.append(p99(found[False]))
        busy.append(p99(found[True]))
        say(f"  isolation@signin p99 {busy[-1]:.2f} ms of {len(found[True])}   idle {idle[-1]:.2f} ms of {len(found[False])}"
            f"   ratio {busy[-1] / idle[-1]:.2f}   p50 {statistics.median(found[True]):.2f} and {statistics.median(found[False]):.2f} ms")
    report("isolation@signin", statistics.median(busy), "ms", "idle", statistics.median(idle))
    fresh()


def enumeration(rounds):
    """How long the door takes to say no to an account that is unknown, to one that is somebody else's, and to one that is
    registered already, each once; and to sign-ins of an unknown login and with a wrong password. The largest difference of
    medians, in spreads (the middle half of the answers of one sort)."""
    tries = 40 if QUICK else 200
    environment, _ = sealing()
    worst = []
    for number in range(rounds):
        fresh()
        people(tries)
        psql("truncate identity.registration; delete from facts.notice")
        door, workers = Door(), Process("workers", **environment)
        times = {}
        try:
            connection_of = iter(range(1, 1_000_000))

            def ask(sort, path, body):
                which = next(connection_of) + number * 10_000
                connection = http.client.HTTPConnection(
                    "127.0.0.1", door.port, timeout=20, source_address=(f"127.{which // 250 % 250 + 1}.{which % 250 + 1}.1", 0))
                connection.connect()
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                began = time.perf_counter()
                connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", "Prefer": "wait=10"})
                answer = connection.getresponse()
                text = answer.read()
                took = (time.perf_counter() - began) * 1000
                connection.close()
                if answer.status != 422:
                    raise SystemExit(f"enumeration: {sort}: {answer.status} {text}")
                times.setdefault(sort, []).append((took, len(text)))

            for i in range(-5, tries):
                # The first ones open connections and fill caches; they are not counted.
                sorts = [
                    ("registration unknown", "/bench/api/registrations", str(700000001 + i), "Иванов"),
                    ("registration wrong", "/bench/api/registrations", str(500000001 + tries + i % tries), "Петров"),
                    ("registration registered", "/bench/api/registrations", str(500000001 + i % tries), "Иванов"),
                    ("sign-in unknown", "/bench/api/sessions", str(600000001 + i), None),
                    ("sign-in wrong", "/bench/api/sessions", str(500000001 + i % tries), None)]
                random.shuffle(sorts)
                for sort, path, account, surname in sorts:
                    ask(sort if i >= 0 else "warm", path,
                        {"login": account, "password": "wrong password"} if surname is None else
                        {"account": account, "surname": surname, "email": "e@example.org", "password": "wrong password",
                         "way": "email", "agree": "1"})
        finally:
            door.stop()
            workers.stop()
        times.pop("warm")
        rows = []
        for form in ("registration", "sign-in"):
            sorts = {sort: [took for took, _ in found] for sort, found in times.items() if sort.startswith(form)}
            if len({length for sort in sorts for _, length in times[sort]}) != 1:
                raise SystemExit(f"enumeration: answers of {form} differ in length")
            medians = {sort: statistics.median(found) for sort, found in sorts.items()}
            spread = max(statistics.quantiles(found, n=4)[2] - statistics.quantiles(found, n=4)[0] for found in sorts.values())
            difference = max(medians.values()) - min(medians.values())
            rows.append((difference / spread, difference, spread))
            say("  " + "   ".join(f"{sort} {median:.2f} ms" for sort, median in medians.items())
                + f"   spread {spread:.2f} ms   ratio {difference / spread:.2f}")
        worst.append(max(rows))
    _, difference, spread = sorted(worst)[len(worst) // 2]
    report("enumeration", difference, "ms", "spread", spread)
    fresh()


# Money. An organization of its own: flats of houses of 50, two meters each, seven services, a reading this month and three before.

TOWN = """code: town
name: Town
title: Town
time_zone: Asia/Irkutsk
companies: [{code: main, name: Main}]
services: [cold_water, hot_water]
charges: {by: kabinet, view: settlements, bills: {visible: 3}}
identity:
  mode: account
  login_word: Number
  confirm: [email]
  attach: {proofs: [[surname]]}
  terms: {version: "1", text: Terms}
"""
MONTH = "2026-03"
KINDS = [("maintenance", "area", None, None, "m2", "22400000", None), ("waste", "person", None, None, "person", "109670000", None),
         ("cold_water", "meter", "cold_water", None, "m3", "46100000", "4200000"),
         ("hot_water", "meter", "hot_water", None, "m3", "46100000", "3150000"),
         ("hot_water_heat", "water_heat", "hot_water", "hot_water", "gcal", "2543170000", "62300"),
         ("drainage", "drainage", None, None, "m3", "28370000", "7350000"),
         ("heating", "area_norm", None, None, "gcal", "2543170000", "22500")]


def town(count):
    """So many flats, by set-based statements; what was there before goes."""
    file = WORK / "town.yaml"
    file.write_text(TOWN)
    kabinet("organization", "apply", str(file))
    text = lambda value: "null" if value is None else f"'{value}'"
    references = "".join(f"""
insert into facts.charge_kind (organization, code, valid_from, title, position, basis, service, "of", unit, supplier, penalty,
  multiplied, separate)
values ('town', '{code}', '2023-01-01', '{code}', {place}, '{basis}', {text(service)}, {text(of)}, '{unit}', 's', 'housing',
  false, false);
insert into facts.contract (organization, kind, valid_from) values ('town', '{code}', '2023-01-01');
insert into facts.tariff (organization, kind, valid_from, price) values ('town', '{code}', '2023-01-01', {price});
""" + (f"insert into facts.norm (organization, kind, valid_from, value) values ('town', '{code}', '2023-01-01', {norm});"
            if norm else "") for place, (code, basis, service, of, unit, price, norm) in enumerate(KINDS))
    fresh()
    psql(f"""
truncate facts.entry, facts.bill, facts.charge_kind, facts.contract, facts.tariff, facts.norm;
delete from facts.meter where organization in ('town', 'bench'); delete from facts.account where organization in ('town', 'bench');
{references}
insert into facts.account (id, organization, number, stripped, company, surname, name, house, apartment, address, area, rooms, residents)
select nextval('facts.id'), 'town', (700000000 + i)::text, (700000000 + i)::text, 'main', 'Иванов', 'Иван',
  'h' || lpad(((i - 1) / 50)::text, 6, '0'), (i % 50 + 1)::text, 'ул. Мира, ' || i / 50 || '-' || i % 50 + 1,
  (30 + i % 700 * 7919 % 700 / 10.0) * 1000000, 1 + i % 3, 1 + i % 4
from generate_series(1, {count}) i;
insert into facts.meter (id, account, organization, service, number, registers, digits, decimals, installed_on, initial)
select nextval('facts.id'), a.id, 'town', s.service, s.letter || a.number, 1, 5, 3, '2020-01-01', '{{0}}'
from facts.account a, (values ('cold_water', 'C'), ('hot_water', 'H')) s(service, letter) where a.organization = 'town'
order by a.id, s.service;
insert into views.month (meter, month, account, reading, taken_on, values, volumes)
select m.id, date '{MONTH}-01' - make_interval(months => 3 - k), m.account, gen_random_uuid(),
  date '{MONTH}-20' - make_interval(months => 3 - k), array[(100 + (k + 1) * v.volume) * 1000000::int8 / 1000],
  array[v.volume * 1000000::int8 / 1000]
from facts.meter m, lateral (select 2000 + m.id % 7919 as volume) v, generate_series(0, 3) k where m.organization = 'town'
order by m.id, k;
vacuum analyze facts.account; vacuum analyze facts.meter; vacuum analyze views.month;
""")


def unclosed():
    """The month is as before its close."""
    psql(f"""truncate facts.entry, facts.bill, facts.reading, queue.command, queue.exception;
delete from facts.period where organization = 'town';
insert into facts.period (organization, month, opened_at) values ('town', '{MONTH}-01', '{MONTH}-01');
insert into facts.reading (id, account, meter, month, taken_on, received_at, state, channel, actor, values)
select v.reading, v.account, v.meter, v.month, v.taken_on, v.taken_on, 'effective', 'api', 'bench', v.values
from views.month v join facts.meter m on m.id = v.meter and m.organization = 'town' where v.month = '{MONTH}-01'
order by v.account;
vacuum analyze facts.reading; vacuum analyze facts.period; checkpoint""")


def closed(name, count):
    """Closes the month as an operator does. Gives the accounts a second, from the moment when parts were cut to the last part's
    commit, and the peak memory of the workers."""
    unclosed()
    session = Session()
    since = session.one("select clock_timestamp()")
    workers = Process("workers")
    try:
        kabinet("period", "close", "--organization", "town", "--month", MONTH, "--confirm")
        alive([workers])
        peak = workers.peak()
    finally:
        workers.stop()
    seconds = float(session.one(f"""select extract(epoch from max(b.at) - min(b.at)) from queue.batch b
      join queue.pool p on p.id = b.pool where p.name = 'bulk' and b.at > '{since}' and b.count > 0"""))
    bills, lines, fixed, problems = session.run(f"""select
      (select count(*) from facts.bill b where b.month = '{MONTH}-01' and b.problems is null),
      (select count(*) from facts.entry where sort = 'charge'),
      (select count(*) from facts.reading where calculated_at is not null),
      (select count(*) from queue.exception where kind <> 'result')""")[0]
    session.close()
    if (int(bills), int(lines), int(fixed), int(problems)) != (count, count * len(KINDS), count * 2, 0):
        raise SystemExit(f"{name}: {bills} bills, {lines} lines, {fixed} readings, {problems} exceptions: not a fair run")
    return count / seconds, peak


def close(rounds):
    """A month of 7 services: lines, ledger, bills and «Рассчитано», through the workers as they run."""
    count = 2_000 if QUICK else 20_000
    town(count)
    rates, yards, peaks = [], [], []
    for number in range(rounds):
        found = {}
        for own in turns(number):
            if own:
                found[True], peak = closed("close", count)
                peaks.append(peak)
            else:
                found[False] = p1()
        rates.append(found[True])
        yards.append(found[False])
        say(f"  close {rates[-1]:,.0f} accounts/s   P1 {yards[-1]:,.0f}/s   ratio {rates[-1] / yards[-1]:.3f}   peak {peaks[-1]:.0f} MiB")
    report("close", statistics.median(rates), "accounts/s", "P1", statistics.median(yards))
    fresh()


def close_million(rounds):
    """The same of a large organization and of a small one, before and after it. One round of it takes a while and 20 GB."""
    small, large = (2_000, 50_000) if QUICK else (10_000, 1_000_000)
    ratios, rates, yards = [], [], []
    for _ in range(1 if rounds <= 3 else rounds):
        around = []
        for count in (small, large, small):
            town(count)
            # The better of two: the first fills caches, grows files, and takes from the kernel each page of the server's
            # shared memory that nobody has touched before.
            rate, peak = max(closed("close@million", count) for _ in range(2))
            around.append(rate)
            say(f"  close of {count:,}: {rate:,.0f} accounts/s   peak {peak:.0f} MiB")
        rates.append(around[1])
        yards.append((around[0] + around[2]) / 2)
        ratios.append(rates[-1] / yards[-1])
        say(f"  close@million ratio {ratios[-1]:.3f}")
    report("close@million", statistics.median(rates), "accounts/s", f"{small:,}", statistics.median(yards))
    town(small)
    fresh()


def explain(rounds):
    """The charges of a bill with all that explains them, as JSON over HTTP, one request after the other."""
    count, asked = (1_000, 600) if QUICK else (10_000, 5_000)
    town(count)
    closed("explain", count)
    out = kabinet("token", "create", "--organization", "town", "--scope", "accounts.read", "--channel", "api", "--rate", "1000000",
                  "--json")
    key = json.loads(out)["token"]
    tails, middles, yards = [], [], []
    for number in range(rounds):
        for own in turns(number):
            if not own:
                yards.append(ps())
                continue
            door = Door()
            times = []
            try:
                with socket.create_connection(("127.0.0.1", door.port), 10) as wire:
                    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    for index in range(-asked // 5, asked):
                        account = 700_000_001 + random.randrange(count)
                        request = (f"GET /town/api/accounts/{account}/charges?month={MONTH} HTTP/1.1\r\nHost: localhost\r\n"
                                   f"Authorization: Bearer {key}\r\n\r\n").encode()
                        began = time.perf_counter()
                        wire.sendall(request)
                        data = wire.recv(1 << 18)
                        while b"\r\n\r\n" not in data:
                            data += wire.recv(1 << 18)
                        head, _, body = data.partition(b"\r\n\r\n")
                        length = int(re.search(rb"(?i)content-length: (\d+)", head).group(1))
                        while len(body) < length:
                            body += wire.recv(1 << 18)
                        took = (time.perf_counter() - began) * 1000
                        if not head.startswith(b"HTTP/1.1 200") or body.count(b'"explanation"') != len(KINDS):
                            raise SystemExit(f"explain: {head[:200]} {body[:300]}")
                        # The first ones fill caches.
                        if index >= 0:
                            times.append(took)
            finally:
                door.stop()
            tails.append(p99(times))
            middles.append(statistics.median(times))
        say(f"  explain p99 {tails[-1]:.2f} ms, p50 {middles[-1]:.2f} ms   select {yards[-1]:.3f} ms   ratio {tails[-1] / yards[-1]:.1f}")
    report("explain", statistics.median(tails), "ms", "select", statistics.median(yards))
    report("explain@p50", statistics.median(middles), "ms", "select", statistics.median(yards))
    fresh()


def imported(rounds):
    """A file of readings, month after month, through `kabinet import readings`: from its start to the last row decided."""
    people, months = (5_000, 10) if QUICK else (50_000, 20)
    accounts(people)
    file = WORK / "readings.csv"
    with open(file, "w") as out:
        out.write("account;service;meter;register;taken_on;value;channel\n")
        for k in range(1, months + 1):
            day = f"{2016 + k // 12}-{k % 12 + 1:02d}-20"
            out.writelines(f"{500000000 + i};cold_water;M{i};T1;{day};{k * 7 + i % 5}.012;\n" for i in range(1, people + 1))
    rates, yards, importers, peaks = [], [], [], []
    for number in range(rounds):
        found = {}
        for own in turns(number):
            if not own:
                found[False] = pb()
                continue
            fresh()
            psql("vacuum analyze queue.command; checkpoint")
            workers = Process("workers")
            try:
                began = time.time()
                importer = subprocess.Popen([BINARY, "import", "readings", str(file), "--organization", "bench", "--confirm"],
                                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                RUNNING.append(importer)
                peak = 0
                threading.Thread(target=lambda: [None for _ in importer.stdout], daemon=True).start()
                while importer.poll() is None:
                    alive([workers])
                    try:
                        status = pathlib.Path(f"/proc/{importer.pid}/status").read_text()
                        peak = max(peak, int((re.search(r"VmHWM:\s+(\d+)", status) or [0, 0])[1]) / 1024)
                    except OSError:
                        pass
                    time.sleep(0.05)
                seconds = time.time() - began
                RUNNING.remove(importer)
                peaks.append(workers.peak())
                importers.append(peak)
            finally:
                workers.stop()
            if importer.returncode:
                raise SystemExit(f"import: exit {importer.returncode}")
            fair("import", people * months)
            found[True] = people * months / seconds
        rates.append(found[True])
        yards.append(found[False])
        say(f"  import {rates[-1]:,.0f} rows/s   PB {yards[-1]:,.0f}/s   ratio {rates[-1] / yards[-1]:.3f}"
            f"   peak: importer {importers[-1]:.0f}, workers {peaks[-1]:.0f} MiB")
    report("import", statistics.median(rates), "rows/s", "PB", statistics.median(yards))
    report("import@memory", max(importers + peaks), "MiB")
    fresh()


def pages(rounds):
    import visits
    visits.pages(rounds, sys.modules[__name__])


def lcp(rounds):
    import visits
    visits.lcp(rounds, sys.modules[__name__])


BENCHES = {"noop": noop, "decide": decide, "latency": latency, "ingress@64": ingress(64), "ingress@256": ingress(256),
           "dead_tuples": dead_tuples, "pinned": pinned, "backlog": backlog, "order": order, "isolation": isolation,
           "reprocess": reprocess, "recovery": recovery, "scale": scale, "overload": overload, "deliver": deliver,
           "bills": bills, "signin": signin, "isolation@signin": isolation_signin, "enumeration": enumeration,
           "import": imported, "close": close, "explain": explain, "pages": pages, "lcp": lcp, "close@million": close_million}
# Those that begin by emptying the queue come last: `dead_tuples` tells of what was run before it.
ORDER = ["noop", "decide", "latency", "ingress@64", "ingress@256", "dead_tuples", "pinned", "backlog", "order", "isolation",
         "reprocess", "recovery", "scale", "overload", "deliver", "bills", "signin", "isolation@signin", "enumeration",
         "import", "close", "explain", "pages", "lcp", "close@million"]


def main():
    global QUICK
    arguments = sys.argv[1:]
    if "--quick" in arguments:
        QUICK = True
        arguments.remove("--quick")
    rounds = 1 if QUICK else 3
    if "--rounds" in arguments:
        at = arguments.index("--rounds")
        if not (arguments[at + 1:] and arguments[at + 1].isdigit() and int(arguments[at + 1])):
            raise SystemExit("--rounds wants a number from 1")
        rounds = int(arguments[at + 1])
        del arguments[at:at + 2]
    prepare()
    if arguments and arguments[0] == "replay":
        import replay
        replay.run(pathlib.Path(arguments[1]) if len(arguments) > 1 else HOME / "ops/demo/data", sys.modules[__name__])
    else:
        names = []
        for name in arguments or ORDER:
            name = {"memory": "decide", "memory@workers": "decide", "memory@ingress": "ingress@256",
                    "import@memory": "import", "explain@p50": "explain", "bills@kb": "bills", "latency@p50": "latency",
                    "latency@p99": "latency", "ingress": "ingress@64", "weight": "lcp", "requests": "lcp"}.get(name, name)
            if name not in BENCHES:
                raise SystemExit(f"no bench «{name}»; there are {', '.join(ORDER)} and replay")
            if name not in names:
                names.append(name)
        # What a door appends is left waiting, and would be decided with the commands of a later bench.
        for name in sorted(names, key=ORDER.index):
            say(f"{name}:")
            BENCHES[name](rounds)
    settings = psql("""select string_agg(name || '=' || setting || coalesce(unit, ''), ' ' order by name) from pg_settings
      where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size', 'min_wal_size', 'wal_buffers')""")
    say("")
    say(psql("select version()"))
    say(settings)
    say(f"{os.cpu_count()} cores, load generator on the same machine, medians of {rounds} interleaved rounds"
        + (", --quick: indicative" if QUICK else ""))
    say("")
    say(f"{'bench':<16}{'value':>14}  {'unit':<14}{'against':<9}{'ratio':>8}")
    for row in RESULTS:
        say(f"{row['name']:<16}{row['value']:>14,.2f}  {row['unit']:<14}{row.get('against', ''):<9}{row.get('ratio', ''):>8}")
    say("")
    for row in RESULTS:
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    try:
        main()
    finally:
        leave()
