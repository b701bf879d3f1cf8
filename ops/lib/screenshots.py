"""Walks through a running system in a real browser and takes pictures: what ./ops/screenshots calls.

    screenshots.py list [NAME…]         the names of the pictures
    screenshots.py clock                stops the clock
    screenshots.py walk DIR [NAME…]     takes them
    screenshots.py readme FILE          walks the tour of README.md and writes its steps into FILE

The system is the one at KABINET_PORT, with a test clock and the demo's data. What is registered and submitted stays there.
"""

import base64
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

HOME = pathlib.Path(__file__).resolve().parents[2]
URL = f"http://localhost:{os.environ.get('KABINET_PORT', '8080')}"
# Within every demo organization's window of readings; and a day when that of abonent is closed.
NOW, CLOSED = "2026-11-20T12:00:00+03:00", "2026-11-26T12:00:00+03:00"
PASSWORD, OTHER = "Зелёный-дом-17", "Другой-дом-18"
PHONE, DESK = (360, 640), (1280, 800)
ALL = [("phone", "light"), ("phone", "dark"), ("desktop", "light"), ("desktop", "dark")]
ONE = ALL[:1]
CHAPTERS = []


def chapter(variants, *names):
    """A walk that takes the pictures of these names, each in these variants."""
    def declared(walk):
        CHAPTERS.append((walk, variants, names))
        return walk
    return declared


def is_wanted(name, only):
    return not only or any(part in name for part in only)


def put_clock(now):
    request = urllib.request.Request(f"{URL}/test/clock", json.dumps({"now": now}).encode(),
                                     {"Content-Type": "application/json"}, method="PUT")
    urllib.request.urlopen(request, timeout=20).read()


def kabinet(*arguments, **environment):
    return subprocess.run([HOME / "ops/kabinet", *arguments], check=True, capture_output=True, text=True,
                          env={**os.environ, **environment}).stdout


def surname(account):
    for line in (HOME / "ops/demo/data/accounts.csv").read_text().splitlines():
        fields = line.split(";")
        if fields[0] == account:
            return fields[2]
    raise SystemExit(f"no account {account} in the demo")


class Walker:
    """A browser, and small words for what people do in it."""

    def __init__(self, folder, only=(), scale=1):
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service
        self.folder, self.only, self.scale = folder, only, scale
        self.variants, self.names, self.taken = ALL, (), []
        self.total = sum(len(variants) for _, variants, names in CHAPTERS for name in names if is_wanted(name, only))
        self.profile = tempfile.mkdtemp(prefix="kabinet-browser-")
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--no-sandbox", "--headless=new", "--disable-dev-shm-usage", f"--user-data-dir={self.profile}",
                         "--hide-scrollbars", "--lang=ru"):
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"intl.accept_languages": "ru"})
        self.browser = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.browser.set_page_load_timeout(30)
        self.screen("phone", "light")

    def close(self):
        self.browser.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    # What is seen

    def all(self, selector, parent=None):
        return (parent or self.browser).find_elements("css selector", selector)

    def one(self, selector, parent=None):
        found = self.all(selector, parent)
        if not found:
            raise SystemExit(f"{self.browser.current_url}: no {selector}: {self.text[:400]!r}")
        return found[0]

    @property
    def text(self):
        return "\n".join(part.text for part in self.all("main"))

    def sees(self, *words):
        for word in words:
            if word not in self.text:
                raise SystemExit(f"{self.browser.current_url}: no «{word}»: {self.text[:600]!r}")

    # What is done

    def until(self, what, seconds=30):
        from selenium.webdriver.support.ui import WebDriverWait
        return WebDriverWait(self.browser, seconds).until(lambda _: what())

    def marks(self):
        """Other ones when the page or a form of it is a new one."""
        return [e.id for e in self.all("html")] + [e.id for e in self.all("main form[data-live]")]

    def leave(self, act):
        old = self.marks()
        act()
        self.until(lambda: self.all("html") and self.marks() != old and self.all("main"))
        # What is not decided yet refreshes by itself.
        self.until(lambda: "pending=" not in self.browser.current_url)

    def go(self, path):
        self.browser.get(URL + path)

    def visit(self, path):
        """A page of who is signed in, and no other one in its place."""
        self.go(path)
        status = self.browser.execute_script("return performance.getEntriesByType('navigation')[0].responseStatus")
        if status != 200 or not self.all("form[action$='/sign-out']"):
            raise SystemExit(f"{path}: {status}, {self.text[:400]!r}")

    def press(self, word="", within="main"):
        """The button of that word; the first one, if none is given."""
        for button in self.all(f"{within} button"):
            if word in button.text and button.is_displayed():
                return self.leave(button.click)
        raise SystemExit(f"{self.browser.current_url}: no button «{word}»: {self.text[:400]!r}")

    def type(self, **fields):
        for name, value in fields.items():
            field = self.one(f"main input[name={name}]:not([type=hidden]), main textarea[name={name}]")
            if field.get_attribute("type") in ("checkbox", "radio"):
                field = self.one(f"main input[name={name}][value='{value}']")
                if not field.is_selected():
                    field.click()
            else:
                field.clear()
                field.send_keys(value)

    def forget(self):
        self.go("/outbox")
        self.browser.execute_cdp_cmd("Network.clearBrowserCookies", {})

    def enter(self, organization):
        """By a demo link."""
        self.forget()
        found = re.search(rf"https?://\S+/{organization}/demo/\S+", kabinet("demo", "links"))
        self.browser.get(found.group(0))
        self.press()
        numbers = sorted(set(re.findall(rf"/{organization}/accounts/(\d+)", self.browser.page_source)))
        return f"/{organization}/accounts/{numbers[0]}"

    def letter(self, contact, contains=""):
        """The text and the links of the newest one to somebody; the page stays where it was."""
        found = []

        def look():
            self.go("/outbox")
            for letter in self.all("article.letter"):
                text = self.one(".text", letter).text
                if contact in self.one(".hint", letter).text and contains in text:
                    found.append((text, [link.get_attribute("href") for link in self.all(".text a", letter)]))
                    return True
            return False

        page = self.browser.current_url
        self.until(look)
        self.browser.get(page.split("?")[0])
        return found[0]

    # Pictures

    def screen(self, device, theme, whole=0):
        width, height = PHONE if device == "phone" else DESK
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": max(height, whole), "deviceScaleFactor": self.scale, "mobile": device == "phone"})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": theme}]})

    def picture(self):
        """PNG of what the screen shows."""
        return base64.b64decode(self.browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"])

    def shoot(self, name):
        if name not in self.names:
            raise SystemExit(f"{name} is not declared")
        if not is_wanted(name, self.only):
            return
        for device, theme in self.variants:
            self.screen(device, theme)
            # On a screen as high as the page: what clings to the bottom of a screen would lie across the middle.
            page = self.browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
            self.screen(device, theme, int(page["height"]))
            self.keep(name, device, theme, self.picture())
        self.screen("phone", "light")

    def keep(self, name, device, theme, data):
        file = self.folder / f"{name}-{device}-{theme}.png"
        file.write_bytes(data)
        self.taken.append((name, device, theme, file.name))
        print(f"[{len(self.taken)}/{self.total}] {name} {device} {theme}", flush=True)

    def shoot_pdf(self, name, path):
        """The first page of a bill, as it is printed."""
        if not is_wanted(name, self.only):
            return
        cookies = "; ".join(f"{c['name']}={c['value']}" for c in self.browser.get_cookies())
        with urllib.request.urlopen(urllib.request.Request(URL + path, headers={"Cookie": cookies})) as answer:
            bill = answer.read()
        data = subprocess.run(["pdftoppm", "-png", "-r", "96", "-f", "1", "-l", "1", "-"], input=bill, check=True,
                              capture_output=True).stdout
        self.keep(name, "paper", "light", data)


# ---- What is walked


@chapter(ALL, "srkc-sign-in", "srkc-sign-in-refused", "srkc-register", "srkc-register-refused", "srkc-register-details",
         "srkc-register-phone", "srkc-register-code", "srkc-register-code-refused", "srkc-registered")
def by_phone(walker):
    """SF-020…SF-036: by number and surname, confirmed by SMS."""
    account, phone = "626200020", "+79161234567"
    walker.forget()
    walker.go("/srkc/")
    walker.shoot("srkc-sign-in")
    walker.type(login=account, password="не тот пароль")
    walker.press("Войти")
    walker.sees("Неверный логин или пароль")
    walker.shoot("srkc-sign-in-refused")
    walker.go("/srkc/register")
    walker.shoot("srkc-register")
    walker.type(account=account, surname="Нетакой")
    walker.press("Продолжить")
    walker.sees("Проверьте данные")
    walker.shoot("srkc-register-refused")
    walker.type(account=account, surname=surname(account))
    walker.press("Продолжить")
    walker.shoot("srkc-register-details")
    walker.type(password=PASSWORD, password_again=PASSWORD, way="sms", agree="2026-01")
    walker.press("Сохранить")
    walker.shoot("srkc-register-phone")
    walker.type(phone=phone)
    walker.press("Отправить")
    walker.shoot("srkc-register-code")
    code = re.search(r"\b(\d{6})\b", walker.letter(phone)[0]).group(1)
    walker.type(code=f"{(int(code) + 1) % 10 ** 6:06d}")
    walker.press("ОК")
    walker.sees("Неверный код")
    walker.shoot("srkc-register-code-refused")
    walker.type(code=code)
    walker.press("ОК")
    walker.sees("Регистрация завершена")
    walker.shoot("srkc-registered")


@chapter(ALL, "srkc-letter-sent", "srkc-link", "srkc-link-confirmed", "srkc-link-ended", "srkc-reset", "srkc-reset-sent",
         "srkc-new-password", "srkc-new-password-saved", "outbox")
def by_letter(walker):
    """SF-030, SF-031, SF-038: confirmed by a letter, and a forgotten password."""
    account, address = "626200021", "novikov@example.ru"
    walker.forget()
    walker.go("/srkc/register")
    walker.type(account=account, surname=surname(account))
    walker.press("Продолжить")
    walker.type(password=PASSWORD, password_again=PASSWORD, way="email", email=address, agree="2026-01")
    walker.press("Сохранить")
    walker.shoot("srkc-letter-sent")
    link = walker.letter(address)[1][0]
    walker.browser.get(link)
    walker.shoot("srkc-link")
    walker.press("Подтвердить")
    walker.shoot("srkc-link-confirmed")
    walker.forget()
    walker.browser.get(link)
    walker.sees("Ссылка больше не действует")
    walker.shoot("srkc-link-ended")
    walker.go("/srkc/reset")
    walker.shoot("srkc-reset")
    walker.type(login=account)
    walker.press("Отправить ссылку")
    walker.shoot("srkc-reset-sent")
    link = next(a for a in walker.letter(address, "/srkc/reset/")[1] if "/reset/" in a)
    walker.browser.get(link)
    walker.shoot("srkc-new-password")
    walker.type(password=OTHER, password_again=OTHER)
    walker.press("Сохранить")
    walker.sees("Пароль изменён")
    walker.shoot("srkc-new-password-saved")
    walker.go("/outbox")
    walker.shoot("outbox")


@chapter(ALL, "srkc-demo-link", "srkc-home", "srkc-home-english", "srkc-meters", "srkc-submit", "srkc-settlements",
         "srkc-settlements-service", "srkc-bills", "srkc-bill", "srkc-bill-explained", "srkc-suppliers", "srkc-house-meters",
         "srkc-services", "srkc-accounts", "srkc-settings", "srkc-profile", "srkc-second-factor", "srkc-no-such-page")
def cabinet(walker):
    """The pages of who is signed in."""
    walker.forget()
    walker.browser.get(re.search(r"https?://\S+/srkc/demo/\S+", kabinet("demo", "links")).group(0))
    walker.shoot("srkc-demo-link")
    account = walker.enter("srkc")
    walker.visit(account)
    walker.shoot("srkc-home")
    walker.go(f"{account}?lang=en")
    walker.shoot("srkc-home-english")
    walker.go(f"{account}?lang=ru")
    for page in ("meters", "submit", "settlements", "bills", "suppliers", "house-meters", "services", "settings"):
        walker.visit(f"{account}/{page}")
        walker.shoot(f"srkc-{page}")
    walker.visit(f"{account}/settlements?kind=cold_water")
    walker.shoot("srkc-settlements-service")
    walker.visit(f"{account}/bills/2026-10")
    walker.shoot("srkc-bill")
    for line in walker.all("main .more details > summary")[:2]:
        line.click()
    walker.shoot("srkc-bill-explained")
    for page, name in (("accounts", "accounts"), ("profile", "profile"), ("profile/second-factor", "second-factor"),
                       ("nothing-here", "no-such-page")):
        walker.go(f"/srkc/{page}")
        walker.shoot(f"srkc-{name}")


def stands(walker):
    """What stood on each dial of «Передать показания» before."""
    return [int(re.sub(r"\D", "", re.search(r"\d[\d\s]*", fact.text).group()))
            for fact in walker.all("form.readings .facts-line strong")]


def submit(walker, *values):
    for field, value in zip(walker.all("form.readings input[inputmode=decimal]"), values):
        field.clear()
        field.send_keys(value)
    walker.leave(walker.one("form.readings button.main").click)


@chapter(ALL, "srkc-submit-refused", "srkc-submit-doubtful", "srkc-submit-accepted", "srkc-meters-refused",
         "srkc-meters-doubtful", "srkc-meters-accepted")
def readings(walker):
    """What a reading is told: refused, doubtful, accepted; on the page of all meters and on that of one."""
    account = walker.enter("srkc")
    walker.go(f"{account}/submit")
    first, second = stands(walker)
    submit(walker, "12a,5", f"{second - 1}")
    walker.shoot("srkc-submit-refused")
    submit(walker, f"{first + 400}", f"{second + 3}")
    walker.shoot("srkc-submit-doubtful")
    submit(walker, f"{first + 4},25")
    walker.sees("к обработке")
    walker.shoot("srkc-submit-accepted")
    other = next(a for a in re.findall(r"/srkc/accounts/\d+", walker.browser.page_source) if a != account)
    for state, value in (("refused", "1"), ("doubtful", "999"), ("accepted", "")):
        walker.go(f"{other}/meters")
        field = walker.one("article.meter form.reading input[inputmode=decimal]")
        if not value:
            shown = walker.one("article.meter .facts strong").text
            value = str(int(re.sub(r"\D", "", shown.split(",")[0])) + 3)
        field.clear()
        field.send_keys(value)
        walker.leave(walker.one("article.meter form.reading button.main").click)
        walker.shoot(f"srkc-meters-{state}")


@chapter([("paper", "light")], "srkc-bill-paper")
def paper(walker):
    account = walker.enter("srkc")
    walker.go(f"{account}/bills")
    walker.shoot_pdf("srkc-bill-paper", f"{account}/bills/2026-10.pdf")


@chapter(ALL, "abonent-window-closed", "abonent-submit-window-closed")
def closed(walker):
    """No readings are taken on this day of the month."""
    account = walker.enter("abonent")
    put_clock(CLOSED)
    try:
        walker.visit(f"{account}/meters")
        walker.shoot("abonent-window-closed")
        walker.visit(f"{account}/submit")
        walker.shoot("abonent-submit-window-closed")
    finally:
        put_clock(NOW)


@chapter(ALL, "srkc-signed-out", "srkc-form-kept", "srkc-database-away")
def trouble(walker):
    """Signed out while typing, and what was typed there again; the database away."""
    account = walker.enter("srkc")
    walker.go(f"{account}/submit")
    value = str(stands(walker)[0] + 5)
    walker.browser.delete_cookie("kabinet_session")
    submit(walker, value)
    walker.sees("Введённое сохранено")
    walker.shoot("srkc-signed-out")
    kept = walker.browser.get_cookie("kabinet_kept")
    walker.enter("srkc")
    walker.browser.add_cookie(kept)
    walker.go(f"{account}/submit")
    walker.sees("Введённое снова в форме")
    walker.shoot("srkc-form-kept")
    walker.go(f"{account}/submit")
    subprocess.run([HOME / "ops/lib/cluster", "stop"], check=True, capture_output=True)
    try:
        walker.type(**{walker.one("form.readings input[inputmode=decimal]").get_attribute("name"): value})
        walker.one("form.readings button.main").click()
        walker.until(lambda: any(told.is_displayed() for told in walker.all("form.readings [data-away]")))
        walker.shoot("srkc-database-away")
    finally:
        subprocess.run([HOME / "ops/lib/cluster", "start"], check=True, capture_output=True)
        walker.go("/outbox")


@chapter(ALL, "operator-sign-in", "operator-sign-in-refused", "operator-password", "operator-home", "operator-found",
         "operator-account", "operator-person", "operator-second-factor")
def operator(walker):
    """The operators' console."""
    given = kabinet("operator", "create", "oleg", "--name", "Олег Серов", "--organization", "srkc", "--role", "administrator")
    given = given.split()[0]
    walker.forget()
    walker.go("/srkc/operator/sign-in")
    walker.shoot("operator-sign-in")
    walker.type(login="oleg", password="не тот пароль")
    walker.press("Войти")
    walker.shoot("operator-sign-in-refused")
    walker.type(login="oleg", password=given)
    walker.press("Войти")
    walker.shoot("operator-password")
    walker.type(old=given, password=PASSWORD, password_again=PASSWORD)
    walker.press("Сохранить")
    walker.go("/srkc/operator/")
    walker.shoot("operator-home")
    walker.type(q="Иванов", why="звонок, забыл пароль")
    walker.press("Найти")
    walker.shoot("operator-found")
    for kind, name in (("accounts", "account"), ("people", "person")):
        # From what was found to the account, and from there to who uses it.
        walker.browser.get(walker.one(f"main a[href*='/operator/{kind}/']").get_attribute("href"))
        walker.shoot(f"operator-{name}")
    walker.go("/srkc/operator/second-factor")
    walker.shoot("operator-second-factor")


# What each of the others has beside what all have.
OTHERS = {
    "abonent": ["payments"],
    "uigkh": ["house-meters", "services"],
    "potrebitel": ["charges", "payments", "services"],
    "irkutsk": ["settlements", "house-meters", "services"],
}


def other(organization, own):
    names = [f"{organization}-{page}" for page in ["sign-in", "register", "reset", "home", "meters", "submit", *own, "bills",
                                                   "bill", "suppliers", "settings", "accounts", "profile"]]

    def walk(walker):
        walker.forget()
        for page, path in (("sign-in", ""), ("register", "register"), ("reset", "reset")):
            walker.go(f"/{organization}/{path}")
            walker.shoot(f"{organization}-{page}")
        account = walker.enter(organization)
        walker.visit(f"/{organization}/")
        walker.shoot(f"{organization}-home")
        for page in ("meters", "submit", *own, "bills", "suppliers", "settings"):
            walker.visit(f"{account}/{page}")
            walker.shoot(f"{organization}-{page}")
        walker.visit(f"{account}/bills/2026-10")
        walker.shoot(f"{organization}-bill")
        for page in ("accounts", "profile"):
            walker.visit(f"/{organization}/{page}")
            walker.shoot(f"{organization}-{page}")

    chapter(ONE, *names)(walk)


for name, pages in OTHERS.items():
    other(name, pages)


@chapter([("paper", "light")], "abonent-bill-paper")
def thirteen(walker):
    """The other form of bills."""
    account = walker.enter("abonent")
    walker.go(f"{account}/bills")
    walker.shoot_pdf("abonent-bill-paper", f"{account}/bills/2026-10.pdf")


def walk(folder, only):
    put_clock(NOW)
    walker = Walker(folder, only)
    try:
        for steps, variants, names in CHAPTERS:
            if any(is_wanted(name, only) for name in names):
                walker.variants, walker.names = variants, names
                steps(walker)
                missing = {name for name in names if is_wanted(name, only)} - {name for name, *_ in walker.taken}
                if missing:
                    raise SystemExit(f"no pictures of {', '.join(sorted(missing))}")
    finally:
        walker.close()
    (folder / "index.html").write_text(sheet(walker.taken))


def sheet(taken):
    """All pictures on one page."""
    rows = {}
    for name, device, theme, file in taken:
        rows.setdefault(name, []).append(
            f'<figure><a href="{file}"><img loading="lazy" class="{device}" src="{file}" alt=""></a>'
            f"<figcaption>{device}, {theme}</figcaption></figure>")
    body = "".join(f'<section id="{html.escape(name)}"><h2>{html.escape(name)}</h2><div>{"".join(figures)}</div></section>'
                   for name, figures in rows.items())
    ways = " ".join(f'<a href="#{html.escape(name)}">{html.escape(name)}</a>' for name in rows)
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Kabinet, every page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
  :root {{ color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }} body {{ margin: 1.5rem }}
  nav {{ columns: 14rem }} nav a {{ display: block }} section > div {{ display: flex; flex-wrap: wrap; gap: 1rem }}
  figure {{ margin: 0 }} img {{ border: 1px solid #8888; max-height: 60rem; object-fit: cover; object-position: top }}
  img.phone {{ width: 15rem }} img.desktop {{ width: 32rem }} img.paper {{ width: 24rem }} figcaption {{ opacity: .7 }}
</style>
<h1>Kabinet, every page</h1><nav>{ways}</nav>{body}</html>
"""


# ---- The tour of README.md

TOUR = []


def step(text):
    """A step as README.md has it; the function does it and sees that it is so."""
    def told(act):
        TOUR.append((text, act))
        return act
    return told


@step("Open `http://localhost:8080/srkc/`, «Зарегистрироваться». Account `626200012`, surname `Иванов` (any case), «Продолжить».")
def check(walker, seen):
    walker.forget()
    walker.go("/srkc/")
    walker.leave(walker.one("a[href$='/srkc/register']").click)
    walker.type(account="626200012", surname="ИВАНОВ")
    walker.press("Продолжить")


@step("Choose a password and «через электронную почту (e-mail)», give any address, tick the terms, «Сохранить»: nothing leaves this "
      "machine, the letter is at `http://localhost:8080/outbox`.")
def details(walker, seen):
    walker.sees("через электронную почту (e-mail)")
    walker.type(password=PASSWORD, password_again=PASSWORD, way="email", email="ivanov@example.ru", agree="2026-01")
    walker.press("Сохранить")
    seen["link"] = walker.letter("ivanov@example.ru")[1][0]


@step("Its link leads to a button, «Подтвердить», because mail scanners open links. Then sign in with `626200012` and the password.")
def confirm(walker, seen):
    walker.browser.get(seen["link"])
    walker.press("Подтвердить")
    walker.go("/srkc/")
    walker.type(login="626200012", password=PASSWORD)
    walker.press("Войти")


@step("«Главная» says what is owed and which bills that is.")
def home(walker, seen):
    if walker.one("h1").text != "Главная" or not walker.all("a[href*='/bills/2026-10']"):
        raise SystemExit(f"the tour's «Главная»: {walker.text[:400]!r}")
    seen["home"] = walker.picture()


@step("«Передать показания»: meter № 12345678 showed 113,267. Type `100`, «Отправить показания»: it is refused, less than the "
      "previous one, and what you typed stays.")
def refused(walker, seen):
    walker.leave(walker.one("a[href$='/accounts/626200012/submit']").click)
    walker.sees("12345678", "113,267")
    submit(walker, "100")
    walker.sees("значение меньше предыдущего")


@step("Type `300`: so much is unusual, and the page asks, «Подтвердить и отправить».")
def doubtful(walker, seen):
    submit(walker, "300")
    walker.sees("существенно выше обычного", "Подтвердить и отправить")
    walker.browser.execute_script("window.scrollTo(0, 0)")
    seen["submit"] = walker.picture()


@step("You meant `118,4`: «Показание принято к обработке».")
def accepted(walker, seen):
    submit(walker, "118,4")
    walker.sees("Показание принято к обработке")


@step("On «Главная» open the newest bill; «Как посчитано» under each line says how it came to be, step by step.")
def explained(walker, seen):
    walker.go("/srkc/")
    walker.leave(walker.one("a[href$='/bills/2026-10']").click)
    line = walker.one("main .more details")
    walker.one("summary", line).click()
    if "₽" not in walker.one(".how", line).text:
        raise SystemExit(f"the tour's bill: {walker.text[:400]!r}")
    # With the line above it that it explains.
    walker.browser.execute_script("arguments[0].scrollIntoView(); window.scrollBy(0, -220)", line)
    seen["bill"] = walker.picture()


@step("`EN` at the top is English; the page stays.")
def english(walker, seen):
    walker.leave(walker.one(".languages a[lang=en]").click)
    if walker.one("html").get_attribute("lang") != "en" or "/bills/2026-10" not in walker.browser.current_url:
        raise SystemExit("the tour's English")


def readme(file):
    put_clock(NOW)
    walker = Walker(None)
    seen = {}
    try:
        for number, (text, act) in enumerate(TOUR, 1):
            print(f"[{number}/{len(TOUR)}] {text}", flush=True)
            act(walker, seen)
        picture = composed(walker, [seen["home"], seen["submit"], seen["bill"]])
    finally:
        walker.close()
    place = HOME / "ops/demo/screenshot.png"
    place.write_bytes(picture)
    steps = "".join(wrapped(f"{number}. {text}") for number, (text, _) in enumerate(TOUR, 1))
    same = steps in (HOME / "README.md").read_text()
    file.write_text(f"{steps}\nops/demo/screenshot.png: {len(picture) / 1024:.0f} KB.\n" + (
        "README.md has these steps.\n" if same else "README.md has other steps: put these in their place.\n"))


def wrapped(text, width=128):
    """A step in lines as README.md has them."""
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = "  "
        line = f"{line} {word}" if line else word
    return "\n".join([*lines, line]) + "\n"


def composed(walker, shots):
    """Telephones beside each other."""
    page = "".join(f'<img src="data:image/png;base64,{base64.b64encode(shot).decode()}">' for shot in shots)
    with tempfile.NamedTemporaryFile("w", suffix=".html") as file:
        file.write(f"""<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 20px; display: flex; gap: 20px; background: #dfe3e8; width: max-content }}
img {{ width: {PHONE[0]}px; height: {PHONE[1]}px; border-radius: 14px; box-shadow: 0 1px 6px #0004 }}
</style>{page}""")
        file.flush()
        os.chmod(file.name, 0o644)
        walker.browser.get(f"file://{file.name}")
        walker.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": len(shots) * (PHONE[0] + 20) + 20, "height": PHONE[1] + 40, "deviceScaleFactor": 1, "mobile": False})
        return walker.picture()


def main():
    what, *rest = sys.argv[1:] or [""]
    if what == "list":
        for _, _, names in CHAPTERS:
            for name in names:
                if is_wanted(name, rest):
                    print(name)
    elif what == "clock":
        put_clock(NOW)
    elif what == "walk":
        walk(pathlib.Path(rest[0]), rest[1:])
    elif what == "readme":
        readme(pathlib.Path(rest[0]))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
