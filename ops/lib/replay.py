"""Replays real registers over HTTP in date order, then compares each household's volume of each month in the views with
a computation of its own. The sets are those of data/README.md; a set that is not in the folder is left out."""

import collections
import csv
import decimal
import gzip
import http.client
import json
import os
import queue
import socket
import subprocess
import threading
import time

D = decimal.Decimal
ORGANIZATION = "bench"


class Meter:
    """One dial: what stood on it when it came, and what was read from it, in date order."""

    def __init__(self, number, service, registers, digits, decimals, installed, initial):
        self.number, self.service, self.registers = number, service, registers
        self.digits, self.decimals, self.installed, self.initial = digits, decimals, installed, initial
        self.readings = []  # [date, values, command or None]
        self.replaces = None  # the meter that went on the day this one came


class Household:
    def __init__(self, account, meters):
        self.account, self.meters = account, meters

    def acts(self):
        """What is sent, in date order: (date, meter, reading | None for the replacement itself)."""
        found = []
        for meter in self.meters:
            if meter.replaces:
                found.append((meter.installed, 0, meter, None))
            found.extend((reading[0], 1, meter, reading) for reading in meter.readings)
        return sorted(found, key=lambda act: (act[0], act[1]))


def rows(folder, name):
    path = folder / name
    if not path.exists():
        return []
    with (gzip.open(path, "rt") if name.endswith(".gz") else open(path, newline="")) as file:
        return list(csv.DictReader(file))


def number(text, decimals):
    return D(text).quantize(D(1).scaleb(-decimals), rounding=decimal.ROUND_HALF_UP)


def households(folder, name, key, date, values, service, decimals, start=None):
    by = collections.OrderedDict()
    for row in rows(folder, name):
        by.setdefault(row[key], []).append((row[date][:10], [number(value, decimals) for value in values(row)]))
    made = []
    for place, (_, readings) in enumerate(by.items()):
        readings.sort(key=lambda reading: reading[0])
        top = max(max(values) for _, values in readings)
        first = readings[0]
        initial = [D(0)] * len(first[1]) if start == "zero" else first[1]
        meter = Meter(None, service, len(first[1]), max(5, len(str(int(top)))), decimals, first[0], initial)
        meter.readings = [[day, values, None] for day, values in readings]
        made.append((place, meter))
    return made


def single(prefix, made):
    found = []
    for place, meter in made:
        meter.number = f"{prefix}{place:06d}"
        found.append(Household(f"{prefix}{place:06d}", [meter]))
    return found


def with_replacements(prefix, made):
    """Where the counter falls to about nothing a new meter was put in (Sant Joan's 20 replacements)."""
    found = []
    for place, meter in made:
        meters, current, last = [], None, None
        for day, values, _ in meter.readings:
            if current is None or (last is not None and values[0] < last and values[0] * 5 < last):
                new = Meter(f"{prefix}{place:04d}-{len(meters) + 1}", meter.service, 1, meter.digits, meter.decimals,
                            day, meter.initial if current is None else [D(0)])
                new.replaces = current
                meters.append(new)
                current = new
            current.readings.append([day, values, None])
            last = values[0]
        found.append(Household(f"{prefix}{place:04d}", meters))
    return found


def sets(folder):
    litres = lambda row: [D(row["register_l"]) / 1000]
    cubic = lambda row: [row["register_m3"]]
    zones = lambda row: [row["t1_peak_kwh"], row["t2_night_kwh"], row["t3_semipeak_kwh"]]
    yield "DAIAD daily", single("11", households(
        folder, "water_daiad_daily.csv.gz", "household_id", "date", litres, "cold_water", 3))
    yield "DAIAD monthly", single("12", households(
        folder, "water_daiad_monthly.csv", "household_id", "read_at", cubic, "cold_water", 3))
    yield "Sant Joan", with_replacements("13", households(
        folder, "water_sanjoan_quarterly.csv", "household_id", "read_date", cubic, "cold_water", 0))
    bimonthly = households(folder, "water_santamonica_bimonthly.csv.gz", "household_id", "bill_month", cubic,
                           "cold_water", 3, start="zero")
    for _, meter in bimonthly:
        for reading in meter.readings:
            reading[0] += "-15"
        year, month = map(int, meter.readings[0][0][:7].split("-"))
        # The first bill covers the two months before it.
        meter.installed = f"{year - (month < 3):04d}-{(month - 3) % 12 + 1:02d}-15"
    yield "Santa Monica", single("14", bimonthly)
    yield "Switzerland, three zones", single("15", households(
        folder, "electricity_ch_3zone_daily.csv.gz", "household_id", "date", zones, "electricity", 3))
    yield "Australia, three zones", single("16", households(
        folder, "electricity_au_3zone_daily.csv.gz", "household_id", "date", zones, "electricity", 3))


def write(path, head, lines):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(head.split(";"))
        writer.writerows(lines)


def load(bench, everyone):
    """Households and the meters that are there from the start, through the importers; replacements come by command."""
    accounts, meters = bench.WORK / "accounts.csv", bench.WORK / "meters.csv"
    write(accounts, "account;company;surname;name;patronymic;house;apartment;address;area_m2;living_area_m2;house_area_m2;"
          "rooms;residents;ownership;phone;email;closed_on", ([h.account] + [""] * 16 for h in everyone))
    write(meters, "account;service;meter;register;digits;decimals;installed_on;verified_until;removed_on;initial_value",
          ([h.account, m.service, m.number, f"T{i + 1}", m.digits, m.decimals, m.installed, "", "", value]
           for h in everyone for m in h.meters if not m.replaces for i, value in enumerate(m.initial)))
    for what, path in (("accounts", accounts), ("meters", meters)):
        bench.say("  " + bench.kabinet("import", what, str(path), "--organization", ORGANIZATION).strip().splitlines()[-1])


def send(bench, door, key, everyone, threads=8):
    """Each household's acts in order, on one connection; a household belongs to one thread."""
    work, failures, sent, lock = queue.SimpleQueue(), [], [0], threading.Lock()
    for household in everyone:
        work.put(household)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def post(connection, path, body):
        for _ in range(5):
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            data = answer.read()
            if answer.status in (200, 202):
                return json.loads(data)["command"]
            if answer.status not in (429, 503):
                break
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        raise RuntimeError(f"{path}: {answer.status} {data[:300]!r}")

    def client():
        connection = http.client.HTTPConnection("127.0.0.1", door.port)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            try:
                household = work.get_nowait()
            except queue.Empty:
                return
            try:
                for day, _, meter, reading in household.acts():
                    if reading is None:
                        post(connection, f"/{ORGANIZATION}/operator/commands", {"kind": "meter.replace", "body": {
                            "account": household.account, "service": meter.service, "meter": meter.replaces.number,
                            "replaced_on": day, "new_meter": meter.number}})
                        continue
                    reading[2] = post(
                        connection, f"/{ORGANIZATION}/api/accounts/{household.account}/readings",
                        {"meter": meter.number, "service": meter.service, "taken_on": day, "confirm": True,
                         "values": {f"T{i + 1}": str(value) for i, value in enumerate(reading[1])}})
                with lock:
                    sent[0] += len(household.acts())
            except Exception as error:
                with lock:
                    failures.append(error)
                return

    began = time.time()
    crowd = [threading.Thread(target=client) for _ in range(threads)]
    for thread in crowd:
        thread.start()
    while any(thread.is_alive() for thread in crowd):
        crowd[0].join(1)
        for thread in crowd:
            thread.join(0.05)
    if failures:
        raise SystemExit(f"replay: {failures[0]}")
    seconds = time.time() - began
    bench.say(f"  {sent[0]:,} sent in {seconds:.0f} s, {sent[0] / seconds:,.0f}/s (one client in Python)")
    began = time.time()
    while int(bench.psql("select count(*) from queue.waiting") or 0):
        if time.time() - began > 600:
            raise SystemExit("replay: the lanes do not finish")
        time.sleep(0.5)
    if int(bench.psql("select count(*) from queue.hold")):
        raise SystemExit("replay: commands are held: " + bench.psql("select distinct error from queue.hold limit 3"))


def refused(bench):
    """Every command that was not accepted, with its reason, as an operator lists them."""
    out = bench.kabinet("commands", "list", "--state", "refused", "--organization", ORGANIZATION, "--limit", "100000", "--kind", "reading.submit",
                        "--json")
    found = {}
    for line in out.splitlines():
        row = json.loads(line)
        found[row.get("command") or row.get("id")] = row
    return found


def expected(meter, rejected):
    """Month → volume of each register: the last accepted value of the month less the last accepted one before it."""
    last, months = {}, {}
    for day, values, command in meter.readings:
        if command not in rejected:
            last[day[:7]] = values
    before = meter.initial
    for month in sorted(last):
        months[month] = [value - earlier for value, earlier in zip(last[month], before)]
        before = last[month]
    return months


def compare(bench, door, key, everyone, rejected):
    connection = http.client.HTTPConnection("127.0.0.1", door.port)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    equal, different = 0, []
    for household in everyone:
        for meter in household.meters:
            connection.request("GET", f"/{ORGANIZATION}/api/accounts/{household.account}/meters/{meter.number}/readings"
                               f"?service={meter.service}", headers={"Authorization": f"Bearer {key}"})
            answer = connection.getresponse()
            data = json.loads(answer.read())
            if answer.status != 200:
                raise SystemExit(f"replay: {household.account} {meter.number}: {answer.status} {data}")
            seen = {r["month"]: [D(v) for _, v in sorted(r["volumes"].items())]
                    for r in data["readings"] if r["state"] == "effective"}
            wanted = expected(meter, rejected)
            for month in sorted(set(seen) | set(wanted)):
                if seen.get(month) == wanted.get(month):
                    equal += 1
                else:
                    different.append((household.account, meter.number, month, seen.get(month), wanted.get(month)))
    return equal, different


def run(folder, bench):
    folder = folder.resolve()
    bench.say(f"replay of {folder.name}/:")
    key = bench.token("import")
    door, workers = bench.Door(), bench.Process("workers")
    total_equal, total_different, told = 0, 0, []
    try:
        for name, everyone in sets(folder):
            if not everyone:
                continue
            count = sum(len(m.readings) for h in everyone for m in h.meters)
            replaced = sum(1 for h in everyone for m in h.meters if m.replaces)
            bench.say(f"{name}: {len(everyone):,} households, {count:,} readings, {replaced} replacements")
            load(bench, everyone)
            send(bench, door, key, everyone)
            rejected = refused(bench)
            mine = {r[2]: (h.account, m.number, r[0], " ".join(map(str, r[1])))
                    for h in everyone for m in h.meters for r in m.readings if r[2] in rejected}
            equal, different = compare(bench, door, key, everyone, rejected)
            reasons = collections.Counter(rejected[c].get("code") for c in mine)
            bench.say(f"  {equal:,} months equal, {len(different)} different; {len(mine)} readings not accepted: "
                      + (", ".join(f"{code} {n}" for code, n in reasons.most_common()) or "none"))
            for row in different[:10]:
                bench.say(f"    different: {row}")
            for command, row in mine.items():
                told.append([name, *row, rejected[command].get("code"), command])
            total_equal += equal
            total_different += len(different)
    finally:
        door.stop()
        workers.stop()
    state = os.environ.get("KABINET_STATE") or str(bench.HOME / ".kabinet")
    listing = os.path.join(state, "replay-not-accepted.csv")
    write(listing, "set;account;meter;taken_on;values;code;command", told)
    bench.say(f"every reading not accepted, with its reason: {listing}")
    bench.report("replay.months_equal", total_equal, "months")
    bench.report("replay.months_different", total_different, "months")
    if total_different:
        raise SystemExit("replay: views differ from the files")
