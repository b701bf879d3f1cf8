"""The story of each of the five manuals, clicked through from registration to signing out, against a running system.

    ops/lib/browser Tests/Browser/test_stories.py

Each is told three times: on a desk with JavaScript, on a desk without, on a telephone of 360 pixels. A person only clicks and
types; codes and links are read from the outbox page. Every telling has accounts of its own, which stay registered.
"""

import re
import unittest

import cabinet
from cabinet import PASSWORD, plain

# Within the window of «abonent», and after the last bill of the demo.
NOW = cabinet.next_day(20)
NEW_PASSWORD = "Синий-двор-2026"


def setUpModule():
    if not cabinet.URL:
        raise unittest.SkipTest("set KABINET_TEST_URL: a running system")
    cabinet.set_clock(NOW)
    unittest.addModuleCleanup(cabinet.set_clock, None)
    # What only their owners know of the accounts of manual 003: of the first ones the last payment, of the others a code.
    cabinet.import_proofs(
        "potrebitel",
        [
            row
            for telling in (DeskWith, DeskWithout, Telephone)
            for row in (
                f"{telling.first};05.10.2026;{telling.paid};;;",
                f"{telling.second};;;;;{telling.code}",
            )
        ],
    )


class Story:
    """What is the same however it is told."""

    # ---- The parts of a story

    def come_from_elsewhere(self, org, login):
        """The same person on a second device: the session of the first."""
        first = self.session(org)
        self.forget()
        self.sign_in(org, login)
        self.assertTrue(self.is_signed_in)
        return first

    def attach_another(self, org, account, word):
        """SF-065, SF-085: and then one may switch between the two (SF-086, SF-106)."""
        self.follow("nav.sections a[href$='/accounts']")
        self.attach(org, account)
        if org == "potrebitel":
            self.type("#attach form", code=self.code)
        self.press(word, "#attach")
        self.assertIn("Лицевой счёт добавлен", self.text)
        self.assertIn(account, self.text)
        self.follow("header .cabinet a")
        switch = self.one("nav.sections details.accounts")
        self.one("summary", switch).click()
        self.leave(self.link("nav.sections details.accounts a", account).click)
        self.assertIn(account, self.text)
        self.follow("header .cabinet a")

    def home_tells(self, account):
        """«Главная»: whose account it is and what it owes (SF-100, SF-101)."""
        self.assertIn(account, self.text)
        self.assertRegex(self.text, r"Долг|Переплата|Задолженности нет|К оплате")
        self.assertRegex(self.text, r"\d,\d\d")

    def row(self):
        """The cold water of «Передать показания»."""
        return [
            row
            for row in self.all("form.readings .row")
            if "Холодная вода" in self.one("label", row).text
        ][0]

    def field(self):
        return self.one("input[inputmode=decimal]", self.row())

    def send(self, value, word):
        field = self.field()
        field.clear()
        field.send_keys(value)
        self.press(word, "form.readings")

    def submit(self, account, word, own):
        """SF-143…SF-149: refused with what was typed, doubtful and confirmed, accepted, seen, deleted, submitted again."""
        link = self.link("nav.sections a[href$='/submit']")
        self.assertEqual(link.text, word)
        self.leave(link.click)
        self.assertIn(account, self.text)
        stands = int(re.search(r"\d+", plain(self.one(".facts-line strong", self.row()).text))[0])
        self.assertGreater(stands, 0)

        # «Внести» is of one reading; «Сохранить» is of all of them too.
        every = "Отправить показания" if own == "Внести" else own
        less = str(stands - 1)
        self.send(less, every)
        self.assertEqual(self.field().get_attribute("value"), less)
        self.assertEqual(self.field().get_attribute("aria-invalid"), "true")
        self.assertIn("меньше предыдущего", self.row().text)
        self.assertIn("Не принято 1 показание", self.one("main [role=alert]").text)
        self.assertEqual(self.browser.switch_to.active_element, self.field())

        much = str(stands + 1000)
        self.send(much, every)
        self.assertIn("существенно выше обычного", self.row().text)
        self.assertEqual(self.field().get_attribute("value"), much)
        self.press("Подтвердить и отправить", "form.readings")
        told = self.one("main [role=status]").text
        self.assertIn("Показание принято к обработке", told)
        self.assertIn(much, plain(told))
        self.assertEqual(self.field().get_attribute("value"), "")
        self.assertIn(much, plain(self.row().text))
        self.assertNotIn("Не принято", self.text)

        # It stands in the history, and can be taken back.
        self.follow("main a[href$='/meters']")
        self.assertIn(much, self.counted()[0])
        self.assertIn("через личный кабинет", self.counted_row().text)
        self.leave(self.one("td.action button", self.counted_row()).click)
        self.assertIn("Показание удалено", self.one("main [role=status]").text)
        self.assertNotIn(much, self.counted())

        # By the meter's own form, under the organization's own word.
        right = str(stands + 1)
        field = self.one("form.reading input[inputmode=decimal]", self.card())
        field.clear()
        field.send_keys(right)
        button = self.one("form.reading button.main", self.card())
        self.assertEqual(button.text, own)
        self.leave(button.click)
        self.assertIn("Показание принято к обработке", self.one("main [role=status]").text)
        self.assertEqual(self.counted()[0], right)

    def card(self):
        """The meter of cold water on «Приборы учета»."""
        return self.one("section[aria-labelledby=cold_water] article.meter")

    def counted_rows(self):
        return [
            row
            # Older months are folded into a table of their own.
            for row in self.all("tbody tr", self.one("table.history", self.card()))
            if row.get_attribute("class") not in ("refused", "replaced")
        ]

    def counted_row(self):
        return self.counted_rows()[0]

    def counted(self):
        """The values that count, newest first."""
        return [
            re.search(r"[\d,]+$", plain(self.one(".value", row).text))[0]
            for row in self.counted_rows()
        ]

    def open_a_bill(self):
        """SF-120…SF-124."""
        self.follow("header .cabinet a")
        a_month = "main a[href*='/bills/20']:not([href$='.pdf'])"
        if not self.seen(a_month):
            self.follow("a[href$='/bills']")
        self.follow(a_month)
        self.assertRegex(self.heading, r" за \w+ 2026")
        self.assertRegex(self.text, r"Итого")
        self.one("main .more details summary").click()
        self.assertRegex(self.one("main .more details .how").text, r"=\s[\d\s]+,\d\d\s₽")
        print_link = self.link("main a[href$='.pdf']")
        self.assertRegex(print_link.get_attribute("href"), r"/bills/2026-\d\d\.pdf$")

    def look_at_money(self, page, words):
        """What the organization has beside bills (SF-111, SF-115, SF-170)."""
        self.follow(f"nav.sections a[href*='/{page}']")
        self.assertIn(words, self.text)
        self.assertRegex(self.text, r"\d,\d\d")

    def change_password(self, org, elsewhere):
        """SF-082: and the session on the other device ends."""
        self.follow("nav.sections a[href$='/profile']")
        self.assertIn("этот", self.one("#sessions").text)
        self.one("#password summary").click()
        self.type(
            "#password form",
            old=PASSWORD,
            password=NEW_PASSWORD,
            password_again=NEW_PASSWORD,
        )
        self.press("Сохранить", "#password form")
        self.assertIn("Пароль изменён. Остальные сеансы завершены", self.text)
        here = self.session(org)
        self.resume(org, elsewhere)

        def is_out():
            self.go(f"/{org}/")
            return bool(self.all("main input[name=login]"))

        self.until(is_out)
        self.resume(org, here)
        self.go(f"/{org}/")

    def sign_out(self, org, login):
        """SF-080: at the top right, on every page."""
        place = self.button("Выход", "header").rect
        self.assertGreater(place["x"] + place["width"] / 2, self.width * 0.7)
        self.assertLess(place["y"], 140)
        self.press("Выход", "header")
        self.assertTrue(self.all("main input[name=login]"))
        self.go(f"/{org}/profile")
        self.assertFalse(self.is_signed_in)
        self.sign_in(org, login, NEW_PASSWORD)
        self.assertTrue(self.is_signed_in)

    def setUp(self):
        super().setUp()
        self.forget()

    # ---- The five stories

    def test_000_by_number_and_code(self):
        login = self.register("srkc", self.first, self.phone())
        self.assertIn("Регистрация завершена", self.text)
        elsewhere = self.come_from_elsewhere("srkc", login)
        self.home_tells(self.first)
        self.attach_another("srkc", self.second, "Добавить")
        self.submit(self.first, "Передать показания", "Внести")
        self.open_a_bill()
        self.look_at_money("settlements", "Взаиморасчеты")
        self.change_password("srkc", elsewhere)
        self.sign_out("srkc", login)

    def test_001_by_address(self):
        login = self.register("abonent", self.first, f"{self.run_name}@example.ru")
        # SF-055: there is no account yet, and the way to one.
        self.assertIn("Платёжный код", self.text)
        self.attach("abonent", self.first)
        self.press("Добавить лицевой счет", "#attach")
        self.assertIn("Укажите свои Контактные данные", self.text)
        elsewhere = self.come_from_elsewhere("abonent", login)
        self.home_tells(self.first)
        self.attach_another("abonent", self.second, "Добавить лицевой счет")
        self.submit(self.first, "Ввести значения", "Сохранить")
        self.open_a_bill()
        self.look_at_money("payments", "Движение финансов")
        self.change_password("abonent", elsewhere)
        self.sign_out("abonent", login)

    def test_002_by_number_and_letter(self):
        login = self.register("uigkh", self.first, f"{self.run_name}@example.ru")
        elsewhere = self.come_from_elsewhere("uigkh", login)
        self.home_tells(self.first)
        self.attach_another("uigkh", self.second, "Добавить лицевой счет")
        self.submit(self.first, "Передать показания", "Внести")
        self.open_a_bill()
        self.change_password("uigkh", elsewhere)
        self.sign_out("uigkh", login)

    def test_003_by_name(self):
        login = self.register("potrebitel", self.first, f"{self.run_name}@example.ru")
        self.assertIn("Добавление лицевого счета", self.text)
        self.attach("potrebitel", self.first)
        self.type(
            "#attach form", last_payment_on="2026-10-05", last_payment=self.paid
        )
        self.press("Добавить лицевой счет", "#attach")
        self.assertIn("Лицевой счёт добавлен", self.text)
        elsewhere = self.come_from_elsewhere("potrebitel", login)
        self.home_tells(self.first)
        self.attach_another("potrebitel", self.second, "Добавить лицевой счет")
        self.submit(self.first, "Показания счетчиков", "Внести")
        self.open_a_bill()
        self.look_at_money("charges", "Начисления")
        self.change_password("potrebitel", elsewhere)
        self.sign_out("potrebitel", login)

    def test_004_by_number_and_code_with_an_address(self):
        login = self.register("irkutsk", self.first, self.phone())
        elsewhere = self.come_from_elsewhere("irkutsk", login)
        self.home_tells(self.first)
        self.attach_another("irkutsk", self.second, "Добавить")
        self.submit(self.first, "Передать показания", "Внести")
        self.open_a_bill()
        self.look_at_money("settlements", "Взаиморасчеты")
        self.change_password("irkutsk", elsewhere)
        self.sign_out("irkutsk", login)

    def phone(self):
        """Of this telling alone: only so many codes go to a number."""
        return f"+7916{int(self.first) % 1000:03d}{abs(hash(self.run_name)) % 10_000:04d}"


class DeskWith(Story, cabinet.Cabinet):
    first, second = "626200024", "626200025"
    paid, code = "1234,50", "4821-7035"


class DeskWithout(Story, cabinet.Cabinet):
    script = False
    first, second = "626200026", "626200027"
    paid, code = "987,65", "4821-7036"


class Telephone(Story, cabinet.Cabinet):
    width, height = 360, 640
    first, second = "626200028", "626200029"
    paid, code = "2001,00", "4821-7037"


if __name__ == "__main__":
    unittest.main()
