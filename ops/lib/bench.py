"""The benches of ./ops/bench. Each round measures its yardstick beside it; ratios of medians are what counts."""

import ctypes
import http.client
import json
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


def psql(sql, database=None):
    command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", PARTS["host"], "-p", PARTS["port"],
               "-U", PARTS["user"], "-d", database or "kabinet"]
    done = subprocess.run(command, input=sql, capture_output=True, text=True)
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


def pgbench(script, clients, seconds, transactions=None):
    file = WORK / "script.sql"
    file.write_text(script)
    limit = ["-t", str(transactions)] if transactions else ["-T", str(seconds)]
    done = subprocess.run(
        ["/usr/lib/postgresql/15/bin/pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(2, clients)),
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
    def __init__(self):
        self.port = free_port()
        super().__init__("ingress", KABINET_PORT=str(self.port))
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


def drain(pool, count, processes=1, skip=0.0):
    """Waits until `count` commands of the pool have left their lanes. Gives the commands a second from the first batch
    (after `skip` of the commands, where the start shall not count) to the last, and the peak memory of a process."""
    session = Session()
    since = session.one("select clock_timestamp()")
    workers = [Process("workers") for _ in range(processes)]
    try:
        while decided(session, pool, since) < count:
            alive(workers)
            time.sleep(0.2)
        peak = max(w.peak() for w in workers)
    finally:
        for w in workers:
            w.stop()
    rate = pace(session, pool, since, count * skip)
    session.close()
    return rate, peak


def alive(workers):
    if any(w.process.poll() is not None for w in workers):
        raise SystemExit(f"the workers ended: {(WORK / 'workers.log').read_text()[-2000:]}")


def decided(session, pool, since):
    return int(session.one(f"""select coalesce(sum(b.count), 0) from queue.batch b join queue.pool p on p.id = b.pool
                               where p.name = '{pool}' and b.at > '{since}'"""))


def pace(session, pool, since, skip=0, most=None):
    """Commands a second of the batches since a moment, between the first one after `skip` commands and the last (or the
    one with which `most` are reached). The first batch only starts the clock: what it took is not known."""
    return float(session.one(f"""
with batch as (select b.at, b.count, sum(b.count) over (order by b.at, b.lane) as total
               from queue.batch b join queue.pool p on p.id = b.pool
               where p.name = '{pool}' and b.at > '{since}' and b.count > 0),
  counted as (select * from batch where total > {skip} and total <= {most or "'infinity'::numeric"})
select (max(total) - min(total)) / extract(epoch from max(at) - min(at)) from counted"""))


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


def readings(people, months, first=1, held=False):
    """Appends a reading of each of `people` for each month from the `first`, a month after the other. With `held`, each is
    followed by one of the account behind them, whose subject is that of the account's bad command (see `order`)."""
    psql(f"""insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
select {IDS}, p.id, mod(mod(s, p.lanes) + p.lanes, p.lanes), 'reading.submit', 'bench', s,
  jsonb_build_object('account', (500000000 + i)::text, 'meter', 'M' || i,
    'values', jsonb_build_object('T1', (k * 7 + i % 5)::text || '.012'),
    'taken_on', (date '2016-01-20' + make_interval(months => k))::date::text), 'bench', 'import', clock_timestamp()
from queue.pool p, generate_series(0, {people * months - 1}) o, lateral (select {first} + o / {people} as k) month,
  lateral (select 1 + o % {people} as i{f" union all select {people + 1}" if held else ""}) account,
  lateral (select hashint8extended(i, 7) s) h
where p.name = 'accounts'; vacuum analyze queue.command; checkpoint""")


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


BENCHES = {"noop": noop, "decide": decide, "latency": latency, "ingress@64": ingress(64), "ingress@256": ingress(256),
           "dead_tuples": dead_tuples}
ORDER = ["noop", "decide", "latency", "ingress@64", "ingress@256", "dead_tuples"]


def main():
    global QUICK
    arguments = sys.argv[1:]
    if "--quick" in arguments:
        QUICK = True
        arguments.remove("--quick")
    prepare()
    if arguments and arguments[0] == "replay":
        import replay
        replay.run(pathlib.Path(arguments[1]) if len(arguments) > 1 else HOME / "ops/demo/data", sys.modules[__name__])
    else:
        names = []
        for name in arguments or ORDER:
            name = {"memory": "decide", "memory@workers": "decide", "memory@ingress": "ingress@256",
                    "latency@p50": "latency", "latency@p99": "latency", "ingress": "ingress@64"}.get(name, name)
            if name not in BENCHES:
                raise SystemExit(f"no bench «{name}»; there are {', '.join(ORDER)} and replay")
            if name not in names:
                names.append(name)
        # What a door appends is left waiting, and would be decided with the commands of a later bench.
        for name in sorted(names, key=ORDER.index):
            say(f"{name}:")
            BENCHES[name](1 if QUICK else 3)
    settings = psql("""select string_agg(name || '=' || setting || coalesce(unit, ''), ' ' order by name) from pg_settings
      where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size', 'min_wal_size', 'wal_buffers')""")
    say("")
    say(psql("select version()"))
    say(settings)
    say(f"{os.cpu_count()} cores, load generator on the same machine, medians of {1 if QUICK else 3} interleaved rounds"
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
