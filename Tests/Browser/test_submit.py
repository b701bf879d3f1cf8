"""«Передать показания»: all meters of an account on one page, in a real browser against a running system with its demo data.

    ops/lib/browser Tests/Browser/test_submit.py

The same on a phone of 360 by 640 with JavaScript and without it; then what only a program can do: an answer without
loading, remarks while one types, digits that outlive a reload and a lost connection. Fresh sign-in links come from
`ops/kabinet demo links`; the demo's irkutsk has three meters an account. The readings that are submitted stay.
"""

import re
import unittest

import cabinet
from cabinet import URL

if URL:
    from selenium.webdriver.common.keys import Keys

TAKEN = "к обработке"


class Phone(cabinet.Cabinet):
    """One browser a class: a sign-in link may work only once."""

    width, height = 360, 640
    # Which of the demo person's accounts: what one class submits must not be in another's way.
    place = 0
    turn = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enter(cabinet.demo_links()["irkutsk"])
        accounts = sorted(
            {
                found
                for link in cls.all("a[href*='/accounts/']")
                for found in re.findall(r"/accounts/(\d+)", link.get_attribute("href"))
            }
        )
        cls.account = accounts[min(cls.place, len(accounts) - 1)]
        cls.page = f"{URL}/irkutsk/accounts/{cls.account}/submit"

    # Small words

    @classmethod
    def leave(cls, act):
        """Does what leads to another page, and waits until that page is there."""
        old = cls.one("html").id
        act()
        cls.until(lambda: [e.id for e in cls.all("html")] not in ([], [old]) and cls.all("main"))

    def send(self):
        """One tap; the answer is another page, or another form in the same one."""
        form = self.one("form.readings").id
        self.one("form.readings button.main").click()
        self.until(lambda: [e.id for e in self.all("form.readings")] not in ([], [form]))

    def setUp(self):
        self.browser.get(self.page)

    def fields(self):
        return self.all("form.readings input[inputmode=decimal]")

    def values(self):
        return [field.get_attribute("value") for field in self.fields()]

    def stands(self):
        """What stood on each dial in the months before: a new reading is compared with nothing else."""
        return [
            int(re.sub(r"\s", "", re.search(r"\d[\d\s]*", fact.text).group()))
            for fact in self.all("form.readings .facts-line strong")
        ]

    def fill(self, values):
        for field, value in zip(self.fields(), values):
            field.clear()
            if value:
                field.send_keys(value)

    def more(self):
        """A little more, within what is usual, and each time another; with a comma and with a dot where a dial has one."""
        type(self).turn += 1
        cold, hot, power = self.by_service(self.stands())
        return self.in_order(
            [f"{cold + self.turn},25", f"{hot + self.turn}.5", f"{power + self.turn}"]
        )

    def services(self):
        return [row.get_attribute("value") for row in self.all("form.readings [name^=service_]")]

    def by_service(self, values):
        places = self.services()
        return [values[places.index(s)] for s in ("cold_water", "hot_water", "electricity")]

    def in_order(self, values):
        known = dict(zip(("cold_water", "hot_water", "electricity"), values))
        return [known[service] for service in self.services()]

    def place_of(self, service):
        return self.services().index(service)

    def of(self, service):
        return self.fields()[self.place_of(service)]

    def row_of(self, service):
        return self.all("form.readings .row")[self.place_of(service)]


class Submitting:
    """What is the same with a program and without one."""

    def test_1_the_page_of_meters_leads_to_three_fields_and_a_button_on_one_screen(self):
        self.browser.get(f"{URL}/irkutsk/accounts/{self.account}/meters")
        self.leave(self.one(f"main a[href$='/{self.account}/submit']").click)
        self.assertIn("Передать показания", self.one("h1").text)
        fields = self.fields()
        self.assertEqual(len(fields), 3)
        for field in fields:
            self.assertEqual(field.get_attribute("inputmode"), "decimal")
        for row in self.all("form.readings .row"):
            self.assertIn("Было", row.text)
            self.assertRegex(row.text, r"№\s\d+")
        self.assertIn("обычно около", self.text)
        sizes = self.browser.execute_cdp_cmd("Page.getLayoutMetrics", {})
        self.assertLessEqual(sizes["cssContentSize"]["width"], 360)
        # No field waits below the button when the page opens, unless what was given before stands there too.
        if not self.all("form.readings .given"):
            places = [
                self.browser.execute_script("return arguments[0].getBoundingClientRect().bottom", e)
                for e in fields
            ]
            top = self.browser.execute_script(
                "return arguments[0].getBoundingClientRect().top",
                self.one("form.readings .send"),
            )
            self.assertLessEqual(max(places), top)
        # All of it fits on the screen, and the button is on it wherever one has scrolled to.
        form = self.one("form.readings")
        self.assertLess(form.rect["height"], 640)
        button = self.one("form.readings button.main")
        for first in (fields[0], form):
            self.browser.execute_script("arguments[0].scrollIntoView()", first)
            bottom = self.browser.execute_script(
                "return arguments[0].getBoundingClientRect().bottom", button
            )
            self.assertLessEqual(bottom, 640.5)

    def test_2_digits_and_one_tap(self):
        values = self.more()
        self.fill(values)
        self.send()
        notice = self.one("main [role=status]")
        self.assertIn("Показания приняты " + TAKEN, notice.text)
        shown = re.sub(r"\s", "", notice.text)
        for value in values:
            self.assertIn(value.replace(".", ","), shown)
        self.assertIn("done=", self.browser.current_url)
        self.assertEqual(self.values(), ["", "", ""])
        # The new reading stands beside its field at once.
        for value, row in zip(values, self.all("form.readings .row")):
            self.assertIn(value.replace(".", ","), re.sub(r"\s", "", self.one(".given", row).text))

    def test_3_refused_doubtful_and_accepted_in_one_post(self):
        values = self.more()
        power = self.place_of("electricity")
        cold = self.place_of("cold_water")
        values[cold] = "12a,5"
        values[power] = str(self.stands()[power] + 9_000)
        self.fill(values)
        self.send()
        refused = self.of("cold_water")
        self.assertEqual(refused.get_attribute("value"), "12a,5")
        self.assertEqual(refused.get_attribute("aria-invalid"), "true")
        reason = self.one(".remark.error[id]", self.row_of("cold_water"))
        self.assertIn("только цифры", reason.text)
        red, green, blue = map(
            int, re.findall(r"\d+", reason.value_of_css_property("color"))[:3]
        )
        self.assertGreater(red, green + 60)
        self.assertGreater(red, blue + 60)
        self.assertEqual(self.of("hot_water").get_attribute("value"), "")
        self.assertIn("Показание принято " + TAKEN, self.one("main [role=status]").text)
        self.assertEqual(self.of("electricity").get_attribute("value"), values[power])
        self.assertTrue(self.all(".remark.question", self.row_of("electricity")))
        button = self.one("form.readings button.main")
        self.assertEqual(button.text, "Подтвердить и отправить")
        # What was refused is put right, what was doubtful is meant: asked once.
        right = self.more()[cold]
        refused.clear()
        refused.send_keys(right)
        self.send()
        self.assertIn("Показания приняты " + TAKEN, self.one("main [role=status]").text)
        self.assertIn(
            values[power], re.sub(r"\s", "", self.one(".given", self.row_of("electricity")).text)
        )

    def test_4_nothing_typed_is_told(self):
        self.send()
        self.assertIn("Введите показание", self.one("main [role=alert]").text)

    def test_5_by_keyboard_alone(self):
        values = self.more()
        wanted = self.fields()[0].get_attribute("id")
        self.one("body").send_keys(Keys.TAB)
        for _ in range(60):
            focused = self.browser.switch_to.active_element
            if focused.get_attribute("id") == wanted:
                break
            focused.send_keys(Keys.TAB)
        self.assertEqual(focused.get_attribute("id"), wanted)
        self.assertNotEqual(focused.value_of_css_property("outline-style"), "none")
        for value in values:
            focused = self.browser.switch_to.active_element
            focused.send_keys(value)
            if value is not values[-1]:
                focused.send_keys(Keys.TAB)
        form = self.one("form.readings").id
        focused.send_keys(Keys.ENTER)
        self.until(lambda: [e.id for e in self.all("form.readings")] not in ([], [form]))
        self.assertIn(TAKEN, self.one("main [role=status]").text)


class SubmittingWithout(Submitting, Phone):
    script = False
    place = 1


class SubmittingWith(Submitting, Phone):
    def network(self, is_offline):
        self.browser.execute_cdp_cmd("Network.enable", {})
        self.browser.execute_cdp_cmd(
            "Network.emulateNetworkConditions",
            {
                "offline": is_offline,
                "latency": 0,
                "downloadThroughput": -1,
                "uploadThroughput": -1,
            },
        )

    def given(self):
        """Readings of this account that the page of meters shows as its own, whether they count or were replaced."""
        self.browser.get(f"{URL}/irkutsk/accounts/{self.account}/meters")
        return len(self.all("table.history tbody tr"))

    def test_6_the_answer_comes_without_loading_and_is_spoken(self):
        self.browser.execute_script("window.stays = true")
        # Somebody else may have signed in meanwhile: the answer says whose it is.
        greeting = self.one("header .greeting").text
        self.browser.execute_script(
            "document.querySelector('header .greeting').textContent = 'Здравствуйте, Другой'"
        )
        self.fill(self.more())
        self.send()
        self.assertTrue(self.browser.execute_script("return window.stays === true"))
        self.assertEqual(self.one("header .greeting").text, greeting)
        self.assertIn(TAKEN, self.one("#said").get_attribute("textContent"))
        self.assertIn(TAKEN, self.browser.switch_to.active_element.text)
        # The address is one that can be loaded again, and that submits nothing again.
        self.browser.refresh()
        self.assertIn(TAKEN, self.one("main [role=status]").text)
        self.assertEqual(self.values(), ["", "", ""])

    def test_7_it_remarks_while_one_types_and_stops_nobody(self):
        field = self.of("cold_water")
        remark = self.one("[data-check]", self.row_of("cold_water"))
        field.send_keys("12a")
        self.until(remark.is_displayed)
        self.assertIn("только цифры", remark.text)
        field.clear()
        field.send_keys("1", Keys.TAB)
        self.until(lambda: "меньше предыдущего" in remark.text)
        field.clear()
        value = self.more()[self.place_of("cold_water")]
        field.send_keys(value)
        self.until(lambda: not remark.is_displayed())
        # Thousands may stand apart, whatever space it is; behind the comma none may.
        for space in (" ", "\u00a0", "\u202f"):
            field.clear()
            field.send_keys("12a")
            self.until(remark.is_displayed)
            field.clear()
            field.send_keys(value[0] + space + value[1:], Keys.TAB)
            self.until(lambda: not remark.is_displayed())
        field.send_keys(" 5", Keys.TAB)
        self.until(remark.is_displayed)
        field.clear()
        field.send_keys(value)
        self.until(lambda: not remark.is_displayed())
        self.assertTrue(self.one("form.readings button.main").is_enabled())
        field.clear()

    def test_7b_a_remark_does_not_move_the_button_from_under_the_tap(self):
        values = self.more()
        values[-1] = "1"
        # Where all of the page is seen the button is not held at the bottom.
        self.addCleanup(self.resize, self.width, self.height)
        self.resize(self.width, 1200)
        # The cursor stands in the last field still.
        self.fill(values)
        self.send()
        last = self.all("form.readings .row")[-1]
        self.assertIn("меньше предыдущего", self.one(".remark.error[id]", last).text)
        self.assertEqual(self.values()[-1], "1")

    def test_8_digits_outlive_a_reload_and_are_gone_when_taken(self):
        values = self.more()
        self.fill(values)
        self.browser.refresh()
        self.assertEqual(self.values(), values)
        for language in ("en", "ru"):
            self.leave(lambda: self.one(f"header a[hreflang={language}]").click())
            self.assertEqual(self.values(), values, language)
        self.send()
        self.browser.get(self.page)
        self.assertEqual(self.values(), ["", "", ""])

    def test_9_a_lost_connection_loses_nothing_and_sends_once(self):
        before = self.given()
        self.browser.get(self.page)
        values = self.more()
        self.fill(values)
        form = self.one("form.readings").id
        self.network(True)
        try:
            button = self.one("form.readings button.main")
            button.click()
            self.until(lambda: self.one("[data-away]").is_displayed())
            button.click()
            self.assertEqual(self.values(), values)
        finally:
            self.network(False)
        self.until(lambda: [e.id for e in self.all("form.readings")] not in ([], [form]), 60)
        self.assertIn("Показания приняты " + TAKEN, self.one("main [role=status]").text)
        # One reading a meter came of it, however often it was sent.
        self.assertEqual(self.given(), before + len(values))

    def test_A_two_taps_are_one(self):
        before = self.given()
        self.browser.get(self.page)
        values = self.more()
        self.fill(values)
        form = self.one("form.readings").id
        self.browser.execute_script(
            "const b = document.querySelector('form.readings button.main'); b.click(); b.click();"
        )
        self.until(lambda: [e.id for e in self.all("form.readings")] not in ([], [form]))
        self.assertEqual(self.given(), before + len(values))

    def test_B_signing_out_leaves_no_digits(self):
        self.fill(self.more())
        self.assertTrue(self.browser.execute_script("return sessionStorage.length > 1"))
        self.leave(self.one("header form[action$='sign-out'] button").click)
        self.assertFalse(
            self.browser.execute_script(
                "return Object.keys(sessionStorage).some((name) => name.startsWith('draft '))"
            )
        )


if __name__ == "__main__":
    unittest.main()
