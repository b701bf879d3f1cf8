"""What the browser tests share: a browser, the small words for what a person does in it, coming in, and the outbox.

Not a test itself. It finds the running system as ops/lib/browser describes; run a file by itself so:

    ops/lib/browser Tests/Browser/test_stories.py

A person here only clicks, types and reads. What is arranged beforehand (the hour, what the base knows) says so.
"""

import base64
import datetime
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.request

URL = os.environ.get("KABINET_TEST_URL", "").rstrip("/")
HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
TOOL = os.path.join(HOME, "ops/kabinet")

if URL:
    from selenium import webdriver
    from selenium.common.exceptions import StaleElementReferenceException
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select, WebDriverWait

# The five demo organizations, by the manuals 000 to 004.
ORGANIZATIONS = ("srkc", "abonent", "uigkh", "potrebitel", "irkutsk")
PASSWORD = "Зелёный-дом-17"
TERMS = "2026-01"
# What a page says that waits for a decision and refreshes by itself.
WAITING = ("Страница обновится сама", "Входим в Личный кабинет", "сохранено и обрабатывается")


# ---- What is arranged beforehand


def settings():
    """The environment of a command of ours: what tests are told is no setting of the product."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("KABINET_TEST_") or name == "KABINET_TEST_CLOCK"
    }


def kabinet(*arguments):
    """What the command line says."""
    ended = subprocess.run([TOOL, *arguments], capture_output=True, text=True, env=settings())
    assert ended.returncode == 0, f"kabinet {arguments}: {ended.stdout}{ended.stderr}"
    return ended.stdout


def demo_links():
    """A fresh sign-in link of each organization: each works once."""
    told = kabinet("demo", "links")
    return {
        org: re.search(rf"https?://\S+/{org}/demo/\S+", told).group(0) for org in ORGANIZATIONS
    }


def set_clock(now):
    """The hour that the system judges by; None lets time run.

    `abonent` takes readings only from the 10th to the 25th: a story must not depend on the day it is told.
    """
    asked = urllib.request.Request(
        f"{URL}/test/clock",
        data=json.dumps({"now": now}).encode(),
        headers={"Content-Type": "application/json"},
        method="PUT",
    )
    with urllib.request.urlopen(asked) as answer:
        assert answer.status == 200, answer.status


def next_day(day):
    """Noon of the next day of that number: never before today, since the organizations are there since they were applied."""
    today = datetime.date.today()
    month = today.replace(day=1)
    if today.day >= day:
        month = (month + datetime.timedelta(days=32)).replace(day=1)
    return f"{month.replace(day=day).isoformat()}T12:00:00+03:00"


def import_proofs(organization, rows):
    """What the base of an organization knows of payments and bills, which only their owners know too."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write("account;last_payment_on;last_payment;bill_month;bill_total;code\n")
        file.write("".join(f"{row}\n" for row in rows))
        file.flush()
        os.chmod(file.name, 0o644)
        kabinet("import", "proofs", file.name, "--organization", organization)


def column(name):
    """A column of the demo's accounts by number."""
    with open(os.path.join(HOME, "ops/demo/data/accounts.csv"), encoding="utf-8") as file:
        head, *rows = [line.rstrip("\n").split(";") for line in file]
    place = head.index(name)
    return {row[0]: row[place] for row in rows}


SURNAMES = column("surname")
APARTMENTS = column("apartment")


def solved(question):
    """«Сколько будет двадцать минус девять?»"""
    words = dict(
        zip(
            "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать "
            "четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать".split(),
            range(1, 21),
        )
    )
    left, sign, right = re.search(r"будет (\w+) (плюс|минус) (\w+)", question).groups()
    return words[left] + words[right] if sign == "плюс" else words[left] - words[right]


def plain(text):
    """Without spaces of any width, which stand between thousands and before units."""
    return re.sub(r"\s", "", text)


# ---- A person at a browser


class Cabinet(unittest.TestCase):
    """One browser a class."""

    script = True
    # In CSS pixels; below 500 it is a telephone.
    width = 1280
    height = 900

    @classmethod
    def setUpClass(cls):
        if not URL:
            raise unittest.SkipTest("set KABINET_TEST_URL: a running system")
        cls.folder = tempfile.mkdtemp(prefix="kabinet-browser-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in (
            "--no-sandbox",
            "--headless=new",
            "--disable-dev-shm-usage",
            f"--user-data-dir={cls.folder}",
            "--window-size=1280,900",
            "--hide-scrollbars",
            "--lang=ru",
        ):
            options.add_argument(argument)
        preferences = {"intl.accept_languages": "ru"}
        if not cls.script:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        cls.browser = webdriver.Chrome(
            options=options, service=Service("/usr/bin/chromedriver")
        )
        cls.addClassCleanup(cls.browser.quit)
        cls.browser.set_page_load_timeout(30)
        cls.resize(cls.width, cls.height)

    def setUp(self):
        # Names of this run: the system may have met an earlier one.
        self.run_name = base64.b32encode(os.urandom(5)).decode().lower()

    # The screen

    @classmethod
    def resize(cls, width, height=900, scale=1):
        """Headless windows have a smallest width; the emulated screen has none."""
        cls.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {
                "width": width,
                "height": height,
                "deviceScaleFactor": scale,
                "mobile": width < 500,
            },
        )

    @classmethod
    def colours(cls, scheme):
        """`light` or `dark`."""
        cls.browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
        )

    # Looking

    @classmethod
    def all(cls, selector, parent=None):
        return (parent or cls.browser).find_elements(By.CSS_SELECTOR, selector)

    @classmethod
    def one(cls, selector, parent=None):
        return (parent or cls.browser).find_element(By.CSS_SELECTOR, selector)

    @classmethod
    def seen(cls, selector, parent=None):
        """Those that are shown."""
        return [found for found in cls.all(selector, parent) if found.is_displayed()]

    @classmethod
    def ask(cls, program, *arguments):
        """What the driver sees beside the page's own programs, and without them too."""
        return cls.browser.execute_script(program, *arguments)

    @classmethod
    def until(cls, what, seconds=30):
        return WebDriverWait(
            cls.browser,
            seconds,
            poll_frequency=0.05,
            ignored_exceptions=[StaleElementReferenceException],
        ).until(lambda _: what())

    @property
    def text(self):
        return self.one("main").text

    @property
    def heading(self):
        return self.one("main h1").text

    @property
    def is_signed_in(self):
        return any("Выход" == button.text for button in self.seen("header button"))

    # Doing

    @classmethod
    def go(cls, path):
        cls.browser.get(path if path.startswith("http") else URL + path)

    @classmethod
    def leave(cls, act):
        """Does what leads to another page (or, by a program, to another content), and waits until it is there and decided."""
        before = [found.id for found in cls.all("main h1")]

        def is_there():
            found = cls.all("main h1")
            return (
                bool(found)
                and found[0].id not in before
                and cls.ask("return document.readyState") == "complete"
            )

        act()
        cls.until(is_there)
        if "pending=" in cls.browser.current_url:
            cls.until(lambda: not any(w in cls.one("main").text for w in WAITING))

    @classmethod
    def button(cls, word, within="body"):
        found = [b for parent in cls.all(within) for b in cls.seen("button", parent)]
        for button in found:
            if button.text == word:
                return button
        raise AssertionError(f"no button «{word}» among {[b.text for b in found]}")

    @classmethod
    def press(cls, word, within="body"):
        cls.leave(cls.button(word, within).click)

    @classmethod
    def link(cls, selector, word=None):
        found = [a for a in cls.seen(selector) if word is None or word in a.text]
        if not found:
            raise AssertionError(
                f"no link {selector} {word or ''} at {cls.browser.current_url}: "
                f"{[(a.text, a.get_attribute('href')) for a in cls.seen('a')]}"
            )
        return found[0]

    @classmethod
    def follow(cls, selector, word=None):
        cls.leave(cls.link(selector, word).click)

    @classmethod
    def type(cls, within="main", **fields):
        """Types into fields, ticks squares and chooses, by the fields' names."""
        for name, value in fields.items():
            field = cls.seen(f"{within} input[name={name}]:not([type=hidden])")[0]
            if field.get_attribute("type") in ("checkbox", "radio"):
                field = cls.one(f"{within} input[name={name}][value='{value}']")
                if not field.is_selected():
                    field.click()
            elif field.get_attribute("type") == "date":
                cls.type_date(field, value)
            else:
                field.clear()
                field.send_keys(value)

    @classmethod
    def type_date(cls, field, wanted):
        """2026-10-05, digit by digit: the parts of the field stand as the browser's language has them."""
        year, month, day = wanted.split("-")
        for typed in (day + month + year, month + day + year):
            # From its first part on.
            cls.ask("document.activeElement.blur()")
            field.send_keys(typed)
            if field.get_attribute("value") == wanted:
                return
        raise AssertionError(f"the date is {field.get_attribute('value')!r}, not {wanted}")

    @classmethod
    def choose(cls, name, value):
        Select(cls.one(f"main select[name={name}]")).select_by_value(value)

    # Letters and messages

    @classmethod
    def letter_to(cls, contact, contains=""):
        """Opens the outbox until the letter is there: its text's element."""

        def look():
            cls.go("/outbox")
            for letter in cls.all("article.letter"):
                told = letter.text
                if contact in told and contains in told:
                    return cls.one(".text", letter)
            return None

        return cls.until(look)

    # Coming in

    @classmethod
    def forget(cls):
        """Another browser: nobody is signed in. The driver's own word leaves cookies of other paths."""
        cls.browser.execute_cdp_cmd("Network.clearBrowserCookies", {})

    @classmethod
    def session(cls, org):
        return [
            cookie
            for cookie in cls.browser.execute_cdp_cmd(
                "Network.getCookies", {"urls": [f"{URL}/{org}/"]}
            )["cookies"]
            if cookie["name"] == "kabinet_session"
        ][0]["value"]

    @classmethod
    def resume(cls, org, session):
        """The browser in which that session is."""
        cls.forget()
        cls.browser.execute_cdp_cmd(
            "Network.setCookie",
            {
                "name": "kabinet_session",
                "value": session,
                "url": f"{URL}/{org}/",
                "path": f"/{org}/",
                "httpOnly": True,
                "sameSite": "Lax",
            },
        )

    @classmethod
    def enter(cls, link):
        """By a link of the demo."""
        cls.go(link)
        cls.leave(cls.one("main form button").click)

    def sign_in(self, org, login, password=PASSWORD, **more):
        self.go(f"/{org}/")
        self.type(login=login, password=password, **more)
        self.press("Войти", "main")

    def register(self, org, account, contact):
        """In the organization's own way, up to being signed in; the login.

        By number and surname with a code or a letter (000, 002, 004), by an address (001), by a name of one's own (003).
        """
        self.go(f"/{org}/")
        self.follow("main a[href$='/register']")
        again = {"password": PASSWORD, "password_again": PASSWORD, "agree": TERMS}
        if org in ("abonent", "potrebitel"):
            login = contact
            if org == "potrebitel":
                login = f"user{self.run_name}"
                self.type(login=login)
            self.type(email=contact, **again)
            self.press("Зарегистрироваться", "main")
        else:
            login = account
            self.type(account=account, surname=SURNAMES[account].upper().replace("Ё", "Е"))
            self.press("Продолжить")
            if contact.startswith("+"):
                if self.all("main input[name=email][required]"):
                    self.type(email=f"{self.run_name}@example.ru")
                self.type(way="sms", **again)
                self.press("Сохранить")
                self.type(phone=contact)
                self.press("Отправить смс")
                page = self.browser.current_url.split("?")[0]
                code = re.search(r"\b(\d{6})\b", self.letter_to(contact).text).group(1)
                self.go(page)
                self.type(code=code)
                self.press("ОК")
                self.assertTrue(self.is_signed_in, "SF-035: in the cabinet at once")
                return login
            self.type(email=contact, way="email", **again)
            self.press("Сохранить")
        self.assertIn("Проверьте почту", self.text)
        letter = self.letter_to(contact)
        self.leave(self.one("a", letter).click)
        self.press("Подтвердить", "main")
        self.sign_in(org, login)
        self.assertTrue(self.is_signed_in)
        return login

    def attach(self, org, account):
        """Another account, on the page of accounts, as the organization has it proved."""
        if org == "potrebitel":
            for name, value in (
                ("company", "kamal"),
                ("house", "sportivnaya-10"),
                ("apartment", APARTMENTS[account]),
            ):
                self.choose(name, value)
                self.press("Продолжить", "main")
            answer = solved(self.one("#attach-answer-hint").text)
            self.type("#attach form", account=account, answer=str(answer))
            return
        self.type("#attach form", account=account, surname=SURNAMES[account])
        if org == "abonent":
            self.type("#attach form", apartment=APARTMENTS[account])
