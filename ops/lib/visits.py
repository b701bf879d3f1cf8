"""The benches of «Главная»: how many a second the door gives to residents who are signed in, and what a first visit weighs and
how long it takes in a browser. `bench` is bench.py, whose tools they use."""

import gzip
import hashlib
import http.client
import json
import random
import re
import resource
import secrets
import shutil
import statistics
import subprocess
import tempfile

RESIDENTS = 1_000
CONNECTIONS = 64
MONTHS = ["2026-01", "2026-02", "2026-03"]
TITLES = {"maintenance": "Содержание жилого помещения", "waste": "Обращение с ТКО", "cold_water": "Холодная вода",
          "hot_water": "Горячая вода (носитель)", "hot_water_heat": "Горячая вода (энергия)", "drainage": "Водоотведение",
          "heating": "Отопление"}


def inhabited(bench, count):
    """A town of so many flats, three months of it closed, in the whole dress of a demo organization (menu, logo, words, accent),
    and a resident in every flat who is signed in. Gives (number of the account, token of the session) of each."""
    bench.town(count)
    bench.unclosed()
    bench.psql("".join(f"update facts.charge_kind set title = '{title}' where organization = 'town' and code = '{code}';\n"
                       for code, title in TITLES.items()))
    dress = (bench.HOME / "ops/demo/organizations/srkc.yaml").read_text()
    dress = re.sub(r"(?m)^code: srkc$", "code: town", re.sub(r"(?m)^  - code: srkc$", "  - code: main", dress))
    file = bench.WORK / "dressed.yaml"
    file.write_text(dress)
    bench.kabinet("organization", "apply", str(file))
    workers = bench.Process("workers")
    try:
        for month in MONTHS:
            bench.kabinet("period", "close", "--organization", "town", "--month", month, "--confirm")
    finally:
        workers.stop()
    bills = int(bench.psql("select count(*) from facts.bill where problems is null"))
    if bills != count * len(MONTHS):
        raise SystemExit(f"pages: {bills} bills of {count * len(MONTHS)}: not a fair run")
    tokens = ["bench_" + secrets.token_urlsafe(32) for _ in range(count)]
    # As a token rests (Sources/Crypto/Secrets.swift).
    hashes = [hashlib.blake2b(token.encode(), digest_size=32, key=b"kabinet token".ljust(16, b"\0")).hexdigest()
              for token in tokens]
    rows = bench.psql(f"""
delete from access.principal where organization = 'town';
with made as (
  insert into access.principal (organization, kind, login, name, account, email, email_key, email_confirmed_at)
  select 'town', 'account', a.number, 'Иван Петрович', a.id, a.number || '@example.org', a.number || '@example.org', now()
  from facts.account a where a.organization = 'town' order by a.number returning id, account, login)
, attached as (insert into access.attachment (principal, account, number) select id, account, login from made)
, placed as (select id, login, row_number() over (order by login) as place from made)
, begun as (
  insert into access.session (hash, id, organization, principal, created_at, seen_at, expires_at, longest_at, idle)
  select decode(t.hash, 'hex'), gen_random_uuid(), 'town', p.id, now(), now(), now() + interval '7 days',
    now() + interval '7 days', 604800000000
  from placed p join unnest('{{{",".join(hashes)}}}'::text[]) with ordinality t(hash, place) using (place))
select login from placed order by place;
""").split()
    bench.psql("vacuum analyze access.principal; vacuum analyze access.attachment; vacuum analyze access.session; checkpoint")
    return list(zip(rows, tokens))


def left(bench):
    """Nobody lives there any more."""
    bench.psql("delete from access.principal where organization = 'town'")
    bench.fresh()


def asked(port, token):
    """«Главная» as a browser gets it: the status, the length on the wire, the text."""
    client = http.client.HTTPConnection("127.0.0.1", port)
    client.request("GET", "/town/", headers={"Cookie": f"kabinet_session={token}", "Accept-Encoding": "gzip",
                                              "Accept-Language": "ru"})
    answer = client.getresponse()
    body = answer.read()
    client.close()
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return answer.status, len(body), (gzip.decompress(body) if packed else body).decode()


def is_home(account, text):
    """Their own first page, with what is owed and their bills."""
    return account in text and 'class="owed"' in text and text.count("bills/2026-0") >= len(MONTHS)


WRK = """
local heads = {}
for token in io.lines("%s") do
  local n = #heads
  heads[n + 1] = "GET /town/ HTTP/1.1\\r\\nHost: localhost\\r\\nCookie: kabinet_session=" .. token
    .. "\\r\\nX-Forwarded-For: 10.7." .. math.floor(n / 250) .. "." .. n %% 250 + 1 .. "\\r\\nAccept-Encoding: gzip\\r\\nAccept-Language: ru\\r\\n\\r\\n"
end
function request()
  return heads[math.random(#heads)]
end
function done(summary, latency, requests)
  io.write(string.format("RESULT %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration, summary.bytes,
    summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


def pages(rounds, bench):
    """«Главная» of a thousand residents, any of them at any time, over connections that stay, compressed as browsers ask for it.
    Each has an address of their own, as behind a proxy: the door bounds what one address asks for."""
    people = inhabited(bench, RESIDENTS)
    tokens, script = bench.WORK / "tokens", bench.WORK / "pages.lua"
    tokens.write_text("".join(f"{token}\n" for _, token in people))
    script.write_text(WRK % tokens)
    rates, yards = [], []

    def load(port, seconds):
        out = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{port}/"],
                             capture_output=True, text=True, check=True).stdout
        return map(int, re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", out).groups())

    for number in range(rounds):
        found = {}
        for own in bench.turns(number):
            if not own:
                found[False] = bench.keyed(32)[0]
                continue
            door = bench.Door(KABINET_PROXIES="127.0.0.1")
            try:
                sizes = []
                for account, token in random.sample(people, 50):
                    status, size, text = asked(door.port, token)
                    if status != 200 or not is_home(account, text):
                        raise SystemExit(f"pages: {status} {text[:300]}")
                    sizes.append(size)
                # A first second warms the caches and is not counted.
                load(door.port, 1)
                maker, cpu, database = made(), bench.seconds(door.process.pid), bench.servers()
                count, micros, size, bad, lost = load(door.port, 2 if bench.QUICK else 6)
                maker, cpu, database = made() - maker, bench.seconds(door.process.pid) - cpu, bench.servers() - database
            finally:
                door.stop()
            # A page that is none of theirs (signing in, say) is another size.
            mean = statistics.mean(sizes)
            if bad or lost or not mean < size / count < mean + 1_500:
                raise SystemExit(f"pages: {bad} refused, {lost} lost, {size / count:.0f} bytes each where a page has {mean:.0f}")
            found[True] = count / (micros / 1e6)
        rates.append(found[True])
        yards.append(found[False])
        say = f"  pages {rates[-1]:,.0f}/s   select {yards[-1]:,.0f}/s   ratio {rates[-1] / yards[-1]:.3f}"
        bench.say(f"{say}   {mean / 1024:.1f} KB each; of a page, the door {cpu / count * 1000:.2f} ms, PostgreSQL "
                  f"{database / count * 1000:.2f} ms; the load maker {maker / (micros / 1e6) * 100:.0f} % of a core")
    left(bench)
    bench.report("pages", statistics.median(rates), "pages/s", "select", statistics.median(yards))


def made():
    """Seconds that children which have ended computed: those of the load maker."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


# A first visit. Chrome DevTools' «Slow 4G» as it is commonly given, and four times slower a processor.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SLOWDOWN = 4
PAINT = """
const done = arguments[arguments.length - 1];
setTimeout(() => new PerformanceObserver((list) => {
  const last = list.getEntries().at(-1);
  const way = performance.getEntriesByType("navigation")[0];
  done([last.startTime, last.element ? last.element.tagName + " " + last.element.className : "", way.loadEventEnd]);
}).observe({type: "largest-contentful-paint", buffered: true}), 500);
"""


def visit(bench, port, account, token):
    """A telephone's first visit, nothing kept from before. Gives bytes on the wire, requests, and seconds to the largest paint."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    folder = tempfile.mkdtemp(prefix="browser-", dir=bench.WORK)
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--no-sandbox", "--headless=new", "--disable-dev-shm-usage", f"--user-data-dir={folder}", "--lang=ru",
                     "--hide-scrollbars"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"intl.accept_languages": "ru"})
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        browser.set_page_load_timeout(60)
        browser.set_script_timeout(60)
        site = f"http://localhost:{port}"
        for command, parameters in (
                ("Network.enable", {}), ("Network.clearBrowserCache", {}),
                ("Emulation.setDeviceMetricsOverride", {"width": 360, "height": 640, "deviceScaleFactor": 2, "mobile": True}),
                ("Network.setCookie", {"name": "kabinet_session", "value": token, "url": f"{site}/town/", "path": "/town/"}),
                ("Network.emulateNetworkConditions", NETWORK), ("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})):
            browser.execute_cdp_cmd(command, parameters)
        browser.get_log("performance")
        browser.get(f"{site}/town/")
        paint, element, loaded = browser.execute_async_script(PAINT)
        events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
        source = browser.page_source
    finally:
        browser.quit()
        shutil.rmtree(folder, ignore_errors=True)
    if not is_home(account, source):
        raise SystemExit(f"lcp: not the page of {account}: {source[:300]}")
    # The page, and behind it what it is dressed in.
    if loaded < 2 * NETWORK["latency"]:
        raise SystemExit(f"lcp: the page was there after {loaded:.0f} ms: the network was not slowed")
    # What was had already (the logo, as the icon of the tab) does not cross the wire again.
    kept = {e["params"]["requestId"] for e in events if e["method"] == "Network.requestServedFromCache"
            or e["method"] == "Network.responseReceived" and e["params"]["response"].get("fromDiskCache")}
    sent = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"
            and e["params"]["request"]["url"].startswith("http") and e["params"]["requestId"] not in kept]
    weight = sum(e["params"]["encodedDataLength"] for e in events if e["method"] == "Network.loadingFinished"
                 and e["params"]["requestId"] not in kept)
    broken = [e["params"]["errorText"] for e in events if e["method"] == "Network.loadingFailed"]
    foreign = [url for url in sent if not url.startswith(site)]
    if broken or foreign or not sent:
        raise SystemExit(f"lcp: {broken} failed, {foreign} are of others, {len(sent)} requests: not a fair run")
    # Without a window a browser need not ask for the icon of a tab; people's browsers do.
    icon = re.search(r'rel="icon" href="([^"]+)"', source).group(1).replace("&amp;", "&")
    if f"{site}{icon}" not in sent:
        sent.append(icon)
        client = http.client.HTTPConnection("127.0.0.1", port)
        client.request("GET", icon, headers={"Accept-Encoding": "gzip"})
        answer = client.getresponse()
        weight += len(answer.read()) + len(str(answer.headers))
        client.close()
    return weight, len(sent), paint / 1000, element


def lcp(rounds, bench):
    """«Главная» in a headless Chromium, each time a new one with nothing kept, each time another resident."""
    runs = 3 if bench.QUICK else 7
    people = inhabited(bench, 100)
    weights, requests, paints = [], [], []
    door = bench.Door()
    try:
        for _ in range(rounds):
            found = [visit(bench, door.port, *person) for person in random.sample(people, runs)]
            for kept, values in zip((weights, requests, paints), zip(*found)):
                kept.extend(values)
            last = [paint for _, _, paint, _ in found]
            bench.say(f"  lcp {statistics.median(last):.2f} s ({min(last):.2f} to {max(last):.2f}), «{found[0][3].strip()}»   "
                      f"weight {statistics.median(w for w, *_ in found) / 1024:.1f} KB   requests {found[0][1]}")
    finally:
        door.stop()
    left(bench)
    bench.report("weight", statistics.median(weights) / 1024, "KB")
    bench.report("requests", max(requests), "requests")
    bench.report("lcp", statistics.median(paints), "s")
