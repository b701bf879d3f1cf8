"""Nothing keeps anybody out: axe over all pages and states, and no page wider than its screen, in a real browser.

    ops/lib/browser Tests/Browser/test_accessible.py

Each organization's pages are found by following their links, as a resident who owns an account there; then the states that
no link leads to: refused forms, a doubtful reading, the end of an address, and the operators' console. Each is looked at on a
desk and on a telephone, in light and in dark colours, and measured at 320 pixels and at 200 %.

KABINET_TEST_AXE is the path of axe.min.js (ops/lib/axe fetches it). The page's own security policy stands: what the driver
runs is no program of the page.
"""

import base64
import hmac
import os
import re
import struct
import unittest
from datetime import datetime

import cabinet
from cabinet import PASSWORD, SURNAMES, URL, plain

AXE = os.environ.get("KABINET_TEST_AXE", "")
# Within the window of «abonent», and behind it.
NOW = cabinet.next_day(20)
LATER = NOW.replace("-20T", "-28T")
# WCAG 2.2 A and AA, and what is good practice beside it.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What the colours of a page have a say in: dark pages differ from light ones in nothing else.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
DESK, TELEPHONE, NARROWEST = (1280, 900), (360, 640), (320, 640)
# A window of 1280 at 200 %.
ZOOMED = (640, 450, 2)

RUN = """
    const [only, done] = [arguments[0], arguments[arguments.length - 1]];
    const options = {resultTypes: ["violations"], elementRef: false, ...only};
    axe.run(document, options).then(
        (found) => done(found.violations.map((one) => [
            one.id, one.help,
            one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200) + " … " + node.failureSummary),
        ])),
        (error) => done([["axe", String(error), []]]));
"""
UNFOLD = """
    const folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
    return folded;
"""
FOLD = "for (const one of arguments[0]) one.open = false;"
# What sticks out, where the page is wider than the screen.
WIDER = """
    const page = document.documentElement;
    if (page.scrollWidth <= window.innerWidth && window.innerWidth <= arguments[0]) return null;
    return [page.scrollWidth, window.innerWidth, [...document.querySelectorAll("body *")]
        .filter((it) => it.getBoundingClientRect().right > arguments[0] + 1)
        .slice(0, 5).map((it) => it.outerHTML.slice(0, 160))];
"""


def setUpModule():
    if not URL:
        raise unittest.SkipTest("set KABINET_TEST_URL: a running system")
    if not AXE:
        raise AssertionError(
            "axe-core is missing: ops/lib/axe fetches it (that needs a network); or supply the file yourself, "
            "KABINET_AXE=PATH of an axe.min.js (axe-core 4.12.1) before ./ops/test or ops/lib/browser"
        )
    cabinet.set_clock(NOW)
    unittest.addModuleCleanup(cabinet.set_clock, None)
    cabinet.import_proofs("potrebitel", ["626200030;05.10.2026;55,50;;;"])


class Accessible(cabinet.Cabinet):
    account, other = "626200030", "626200031"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with open(AXE, encoding="utf-8") as file:
            cls.axe = file.read()

    def setUp(self):
        super().setUp()
        self.forget()

    # ---- Looking at a page

    def look(self, name):
        """The page that is open, on all screens and in both schemes: unfolded on the desk, on the telephone as it comes."""
        with self.subTest(name):
            self.judge(name)

    def judge(self, name):
        if not self.ask("return !!window.axe"):
            self.ask(self.axe)
        found = []
        self.resize(*DESK)
        folded = self.ask(UNFOLD)
        found += self.violations("desk")
        found += self.width_of(TELEPHONE, NARROWEST, ZOOMED)
        self.ask(FOLD, folded)
        # As long as the page: what sticks to the edge of the screen hides nothing of it.
        self.resize(*TELEPHONE)
        self.resize(TELEPHONE[0], self.ask("return document.documentElement.scrollHeight"))
        found += self.violations("telephone")
        self.resize(self.width, self.height)
        self.assertFalse(
            found, f"{name} ({self.browser.current_url}):\n  " + "\n  ".join(found)
        )

    def violations(self, screen):
        found = []
        for scheme, kind, rules in (("light", "tag", TAGS), ("dark", "rule", OF_COLOURS)):
            self.colours(scheme)
            found += [
                f"{screen}, {scheme}: {rule}: {help}\n    " + "\n    ".join(nodes)
                for rule, help, nodes in self.browser.execute_async_script(
                    RUN, {"runOnly": {"type": kind, "values": rules}}
                )
            ]
        self.colours("light")
        return found

    def width_of(self, *screens):
        found = []
        for screen in screens:
            self.resize(*screen)
            wider = self.ask(WIDER, screen[0])
            if wider:
                found.append(f"wider than {screen[0]} pixels: {wider}")
        return found

    # ---- Finding pages

    @staticmethod
    def shape(address):
        """Pages that differ only in their month, account or service are one."""
        path, _, query = address.partition("?")
        path = re.sub(r"/accounts/[^/]+", "/accounts/{account}", path)
        path = re.sub(r"/20\d\d-\d\d\b", "/{month}", path)
        path = re.sub(r"/people/\d+", "/people/{person}", path)
        names = sorted(item.partition("=")[0] for item in query.split("&") if item)
        return path + ("?" + "&".join(names) if names else "")

    def links(self, org):
        """Addresses of pages of the organization; files and other languages are none."""
        found = []
        for href in self.ask("return [...document.links].map((link) => link.href)"):
            address = href.partition("#")[0]
            if not address.startswith(f"{URL}/{org}/"):
                continue
            address = address[len(URL) :]
            if re.search(r"\.pdf$|/profile/export$|[?&]lang=", address):
                continue
            found.append(address)
        return found

    def crawl(self, org, start):
        """Looks at every page that a link leads to; the shapes of those."""
        known, waiting = {self.shape(start)}, [start]
        while waiting:
            address = waiting.pop(0)
            self.go(address)
            self.look(f"{org} {self.shape(address)}")
            for found in self.links(org):
                if self.shape(found) not in known:
                    known.add(self.shape(found))
                    waiting.append(found)
        return known

    # ---- The five organizations, signed in

    def resident(self, org, pages):
        email = f"{self.run_name}@example.ru"
        self.register(org, self.account, email)
        if org in ("abonent", "potrebitel"):
            self.look(f"{org} without an account")
            self.attach(org, self.account)
            if org == "potrebitel":
                self.look("potrebitel proving an account")
                self.type(
                    "#attach form", last_payment_on="2026-10-05", last_payment="55,50"
                )
            self.press("Добавить лицевой счет", "#attach")
            self.assertIn(self.account, self.text)
            self.look(f"{org} with a new account")
        if org != "potrebitel":
            # With two there is something to choose from.
            self.go(f"/{org}/accounts")
            self.attach(org, self.other)
            self.leave(self.one("#attach form button").click)
            self.assertIn("Лицевой счёт добавлен", self.text)
        found = self.crawl(org, f"/{org}/")
        base = f"/{org}/accounts/{{account}}"
        for page in (
            [f"/{org}/", f"/{org}/accounts", f"/{org}/profile", f"/{org}/profile/phone"]
            + [f"{base}/meters", f"{base}/submit", f"{base}/settings", f"{base}/suppliers"]
            + [f"{base}/bills/{{month}}", f"/{org}/profile/second-factor"]
            + [base + page for page in pages]
        ):
            self.assertIn(page, found, "no link leads there")
        self.ended(org)

    def readings(self, org):
        """Elsewhere the same forms stand in other colours. Refused, doubtful and taken, on the page of one form and on that of a form a meter."""
        self.go(f"/{org}/accounts/{self.account}/submit")
        self.submit("12a")
        self.look(f"{org} submit refused")
        stands = int(
            re.search(r"\d+", plain(self.one("form.readings .facts-line strong").text))[0]
        )
        # Beyond what is usual, and not beyond what can flow through.
        much = stands + (9000 if "лектро" in self.one("form.readings label").text else 1000)
        self.submit(str(much))
        self.look(f"{org} submit doubtful")
        self.assertTrue(self.all("form.readings .remark.question"))
        self.press("Подтвердить и отправить", "form.readings")
        self.assertTrue(self.all("main [role=status]"))
        self.look(f"{org} submit taken")
        self.go(f"/{org}/accounts/{self.account}/meters")
        self.look(f"{org} meters with a refused reading and one of this month")
        for value, state in (("1", "refused"), (str(much + 1), "doubtful")):
            form = self.one("form.reading")
            field = self.one("input[inputmode=decimal]", form)
            field.clear()
            field.send_keys(value)
            self.leave(self.one("button.main", form).click)
            self.assertTrue(self.all("form.reading [aria-invalid]"))
            self.look(f"{org} meters {state}")
        self.leave(self.one("form.reading button.confirm").click)
        self.look(f"{org} meters taken")
        self.leave(self.one("td.action button").click)
        self.look(f"{org} meters deleted")

    def submit(self, value):
        field = self.one("form.readings input[inputmode=decimal]")
        field.clear()
        field.send_keys(value)
        self.leave(self.one("form.readings button.main").click)

    def ended(self, org):
        """What was not taken on the profile; beyond the end of an address; without a session any more."""
        self.go(f"/{org}/profile")
        self.one("#password summary").click()
        self.type(
            "#password form",
            old=PASSWORD,
            password=PASSWORD + "1",
            password_again="нечто иное",
        )
        self.press("Сохранить", "#password form")
        self.assertTrue(self.all("main [aria-invalid]"))
        self.look(f"{org} profile refused")
        self.go(f"/{org}/nothing-of-the-kind")
        self.look(f"{org} not found, signed in")
        self.go(f"/{org}/")
        self.press("Выход", "header")
        self.look(f"{org} signed out")
        self.go(f"/{org}/profile")
        self.look(f"{org} to sign in first")

    def test_000(self):
        self.resident(
            "srkc", ["/settlements?kind", "/bills", "/services", "/house-meters"]
        )
        self.sign_in("srkc", self.account)
        self.readings("srkc")

    def test_001(self):
        self.resident("abonent", ["/bills", "/payments"])

    def test_002(self):
        self.resident("uigkh", ["/bills", "/services", "/house-meters"])

    def test_003(self):
        self.resident("potrebitel", ["/charges", "/payments", "/bills", "/services"])
        self.sign_in("potrebitel", f"user{self.run_name}")
        self.readings("potrebitel")

    def test_004(self):
        self.resident(
            "irkutsk", ["/settlements?kind", "/bills", "/services", "/house-meters"]
        )

    # ---- Whether the tools see anything

    def test_that_is_seen_what_is_wrong(self):
        self.go("/srkc/")
        self.ask(
            """
            const main = document.querySelector("main"), faint = document.createElement("p");
            main.append(document.createElement("img"), faint);
            faint.textContent = "Едва видно";
            Object.assign(faint.style, {color: "#ccc", background: "#fff", width: "40rem"});
            """
        )
        with self.assertRaises(AssertionError) as failure:
            self.judge("a page that is wrong")
        for wanted in ("image-alt", "color-contrast", "wider than 320 pixels", "dark"):
            self.assertIn(wanted, str(failure.exception))

    # ---- Before signing in

    def test_before_signing_in(self):
        for org in cabinet.ORGANIZATIONS:
            found = self.crawl(org, f"/{org}/")
            self.assertLessEqual({f"/{org}/", f"/{org}/register", f"/{org}/reset"}, found)
        for path, name in (
            ("/srkc/confirm/nothing", "a dead link"),
            ("/srkc/reset/nothing", "a dead link of a password"),
            ("/nobody/", "no such organization"),
            ("/srkc/?done=over&next=profile", "signed out, and what was posted is lost"),
            ("/srkc/register?done=sent", "a letter of registration was sent"),
            ("/srkc/reset?done=sent", "a letter of a password was sent"),
            ("/outbox", "the outbox"),
        ):
            self.go(path)
            self.look(name)
        self.go(cabinet.demo_links()["srkc"])
        self.look("a sign-in link of the demo")

    def test_in_english(self):
        """The other language is longer here and shorter there."""
        for org, link in cabinet.demo_links().items():
            self.forget()
            self.enter(link)
            self.go(f"/{org}/?lang=en")
            self.assertEqual(self.one("html").get_attribute("lang"), "en")
            self.look(f"{org} home in English")
            account = re.search(r"/accounts/(\d+)", self.browser.page_source)[1]
            for page in ("meters", "submit", "bills"):
                self.go(f"/{org}/accounts/{account}/{page}?lang=en")
                self.look(f"{org} {page} in English")

    def test_what_is_refused_before_signing_in(self):
        """Few: whoever is wrong too often in an hour has to rest."""
        self.sign_in("srkc", "626200030", "не тот пароль")
        self.assertIn("Неверный логин или пароль", self.text)
        self.look("signing in refused")
        self.go("/srkc/register")
        self.type(account="626200018", surname="Нетакой")
        self.press("Продолжить")
        self.look("the check of an account refused")
        self.type(account="626200018", surname=SURNAMES["626200018"])
        self.press("Продолжить")
        self.look("registering")
        self.type(password=PASSWORD, password_again="нечто иное", way="sms", agree="2026-01")
        self.press("Сохранить")
        self.assertTrue(self.all("main [aria-invalid]"))
        self.look("registering refused")
        self.type(password=PASSWORD, password_again=PASSWORD)
        self.press("Сохранить")
        self.look("a number for the code")
        self.type(phone="+79160000018")
        self.press("Отправить смс")
        self.look("the code")
        page = self.browser.current_url.split("?")[0]
        code = re.search(r"\b(\d{6})\b", self.letter_to("+79160000018").text).group(1)
        self.go(page)
        self.type(code=f"{(int(code) + 1) % 10**6:06d}")
        self.press("ОК")
        self.assertIn("Неверный код", self.text)
        self.look("the code refused")
        self.go("/abonent/register")
        self.type(email=f"{self.run_name}@example.ru", password="1", password_again="1", agree="2026-01")
        self.press("Зарегистрироваться", "main")
        self.assertTrue(self.all("main [aria-invalid]"))
        self.look("registering by address refused")

    def test_readings_outside_of_the_window(self):
        cabinet.set_clock(LATER)
        self.addCleanup(cabinet.set_clock, NOW)
        self.enter(cabinet.demo_links()["abonent"])
        account = re.search(r"/accounts/(\d+)", self.browser.page_source)[1]
        for page in ("meters", "submit"):
            self.go(f"/abonent/accounts/{account}/{page}")
            self.assertIn("Период ввода показаний закрыт", self.text)
            self.look(f"abonent {page}, closed")

    # ---- The operators' console

    def test_console(self):
        login = f"op-{self.run_name}"
        password = cabinet.kabinet(
            "operator", "create", login, "--name", "Анна Дежурная",
            "--organization", "uigkh", "--role", "administrator",
        ).split("\n")[0].strip()
        self.go("/uigkh/operator/")
        self.look("console: signing in")
        self.type(login=login, password=password)
        self.press("Войти", "main")
        self.look("console: a password of one's own")
        own = "Дежурный-вход-2026"
        self.type(old=password, password=own, password_again=own)
        self.press("Сохранить", "main")
        self.assertTrue(self.seen("main input[name=q]"))
        self.look("console: finding")
        self.type(q="Иванов", why="Обращение 17")
        self.press("Найти", "main")
        self.look("console: found")
        self.follow("main .found a")
        self.look("console: an account")
        self.follow("main .found a")
        self.look("console: a person")
        self.go("/uigkh/operator/accounts/626200012")
        self.look("console: without a reason")
        self.go("/uigkh/operator/")
        self.type(q="никого-нет", why="Обращение 17")
        self.press("Найти", "main")
        self.look("console: nobody found")
        self.follow("main a[href$='/operator/password']")
        self.look("console: another password")
        self.go("/uigkh/operator/second-factor")
        self.look("console: the authenticator")
        self.type(code=totp(self.one("main input[name=secret]").get_attribute("value")))
        if self.seen("main input[name=password]"):
            self.type(password=own)
        self.press("Включить", "main")
        self.press("Выход", "header")
        self.type(login=login, password=own)
        self.press("Войти", "main")
        self.assertTrue(self.seen("main input[name=code]"))
        self.look("console: the code")


def totp(secret):
    """RFC 6238: what an authenticator shows now, by the clock that the system has."""
    now = int(datetime.fromisoformat(NOW).timestamp())
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", now // 30), "sha1").digest()
    place = mac[-1] & 15
    number = struct.unpack(">I", mac[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


if __name__ == "__main__":
    unittest.main()
