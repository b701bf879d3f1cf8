"""The page «Приборы учета» in a real browser, without JavaScript, against a running system.

    ops/lib/browser Tests/Browser/test_meters_page.py

KABINET_TEST_LINK is a demo sign-in link of a person with at least one working meter. The readings
that it submits stay in the system.
"""

import os
import re
import unittest

import cabinet
from cabinet import URL

LINK = os.environ.get("KABINET_TEST_LINK", "")
MISSING = [
    name
    for name, value in (("KABINET_TEST_URL", URL), ("KABINET_TEST_LINK", LINK))
    if not value
]

if not MISSING:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait

SKIP_LINK = "Перейти к содержанию"
BAD = "12a,5"
ACCEPTED = "Показание принято к обработке"


@unittest.skipIf(
    MISSING, f"set {' and '.join(MISSING)}: a running system and one of its sign-in links"
)
class MetersPage(cabinet.Cabinet):
    """One browser for all: a sign-in link may work only once."""

    # The page must not need it.
    script = False
    width = 1200

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser.get(LINK)
        cls.press(cls.one(cls.browser, "main form button"))
        # «Главная» comes first; a link of it leads to the meters.
        link = cls.one(cls.browser, 'main a[href$="/meters"]')
        cls.account_page = link.get_attribute("href")

    # Small words

    @staticmethod
    def one(parent, selector):
        return parent.find_element(By.CSS_SELECTOR, selector)

    @staticmethod
    def all(parent, selector):
        return parent.find_elements(By.CSS_SELECTOR, selector)

    @classmethod
    def leave(cls, act):
        """Does what leads to another page, and waits until that page is there."""
        old = cls.one(cls.browser, "html")
        act()
        WebDriverWait(cls.browser, 30).until(lambda browser: cls.replaced(browser, old))

    @classmethod
    def replaced(cls, browser, old):
        found = cls.all(browser, "html")
        return bool(found) and found[0].id != old.id and bool(cls.all(browser, "main"))

    @classmethod
    def press(cls, button):
        cls.leave(button.click)

    def setUp(self):
        self.browser.get(self.account_page)
        meters = [
            card
            for card in self.all(self.browser, "article.meter")
            if self.all(card, "form.reading button:enabled")
        ]
        self.assertTrue(meters, "the demo account has a working meter and an open window")
        self.card = meters[0]
        self.card_id = self.card.get_attribute("id")

    def again(self):
        self.card = self.one(self.browser, f"#{self.card_id}")
        return self.card

    def fields(self):
        return self.all(self.card, "form.reading input[name^=value_]")

    def rows(self):
        return self.all(self.card, "table.history tbody tr")

    def good_values(self):
        """A little more than what stands on the dials now, within what is usual."""
        text = self.one(self.card, ".facts strong").text
        lines = [line for line in text.split("\n") if line.strip()]
        found = []
        for line in lines:
            number = re.search(r"[\d\s\u00a0\u202f]*\d(?:,\d+)?", re.sub(r"^T\d", "", line))
            plain = re.sub(r"\s", "", number.group())
            whole = int(plain.split(",")[0])
            found.append(str(whole + 1))
        # The page above may have a newer reading of this month that the next one must not repeat.
        taken = [row.text for row in self.rows()]
        if len(found) == 1 and any(found[0] in text for text in taken):
            found[0] = str(int(found[0]) + 1)
        return found

    def type(self, values):
        fields = self.fields()
        self.assertEqual(len(fields), len(values))
        for field, value in zip(fields, values):
            field.clear()
            field.send_keys(value)

    def submit(self):
        self.press(self.one(self.card, "form.reading button.main"))
        self.again()

    # Scenarios

    def test_it_shows_the_meters_of_the_signed_in_person(self):
        self.assertEqual(self.one(self.browser, "h1").text, "Приборы учета")
        self.assertIn("Здравствуйте", self.one(self.browser, "header").text)
        self.assertEqual(self.one(self.browser, "header form button").text, "Выход")
        self.assertIn("№", self.one(self.card, "h3").text)
        headings = [cell.text for cell in self.all(self.card, "table.history thead th")]
        if headings:
            self.assertIn("Статус ввода", headings)
            self.assertIn("Статус показания", headings)

    def test_a_bad_value_stays_typed_with_its_reason_in_red(self):
        values = self.good_values()
        values[0] = BAD
        self.type(values)
        self.submit()
        field = self.fields()[0]
        self.assertEqual(field.get_attribute("value"), BAD)
        self.assertEqual(field.get_attribute("aria-invalid"), "true")
        described = field.get_attribute("aria-describedby").split()
        reason = self.one(self.browser, f"#{described[0]}")
        self.assertIn("только цифры", reason.text)
        self.assertTrue(self.all(reason, "svg"), "a mark beside the colour")
        red, green, blue = map(
            int, re.findall(r"\d+", reason.value_of_css_property("color"))[:3]
        )
        self.assertGreater(red, green + 60)
        self.assertGreater(red, blue + 60)
        self.assertEqual(self.browser.switch_to.active_element, field)
        # The attempt stands in the history at once, red too.
        self.assertIn(BAD, self.one(self.card, "tr.refused").text)

    def test_a_good_value_is_told_and_in_the_history_at_once(self):
        values = self.good_values()
        self.type(values)
        self.submit()
        notice = self.one(self.browser, "main [role=status]")
        self.assertIn(ACCEPTED, notice.text)
        self.assertIn("done=", self.browser.current_url)
        newest = [
            row for row in self.rows() if "refused" not in row.get_attribute("class").split()
        ][0]
        self.assertIn("Принято", newest.text)
        self.assertIn("через личный кабинет", newest.text)
        shown = re.sub(r"\s", "", self.one(newest, ".value").text)
        for value in values:
            self.assertIn(value, shown)
        self.assertEqual([field.get_attribute("value") for field in self.fields()][0], "")
        # To look at the page again submits nothing again.
        before = len(self.rows())
        self.browser.refresh()
        self.again()
        self.assertEqual(len(self.rows()), before)

    def test_a_reading_that_is_not_calculated_can_be_deleted(self):
        self.type(self.good_values())
        self.submit()
        button = self.one(self.card, "td.action form button")
        self.assertEqual(button.text, "Удалить")
        form = self.one(self.card, "td.action form").get_attribute("action")
        self.press(button)
        self.again()
        actions = [f.get_attribute("action") for f in self.all(self.card, "td.action form")]
        self.assertNotIn(form, actions)

    def test_it_can_be_used_by_keyboard_alone(self):
        body = self.one(self.browser, "body")
        body.send_keys(Keys.TAB)
        self.assertEqual(self.browser.switch_to.active_element.text, SKIP_LINK)
        wanted = self.fields()[0].get_attribute("id")
        values = self.good_values()
        seen = []
        for _ in range(60):
            focused = self.browser.switch_to.active_element
            seen.append(focused.get_attribute("id") or focused.text)
            if focused.get_attribute("id") == wanted:
                break
            focused.send_keys(Keys.TAB)
        self.assertEqual(seen[-1], wanted, f"TAB never came to the field, only to {seen}")
        self.assertNotEqual(focused.value_of_css_property("outline-style"), "none")
        focused.send_keys(values[0])
        for value in values[1:]:
            self.browser.switch_to.active_element.send_keys(Keys.TAB)
            self.browser.switch_to.active_element.send_keys(value)
        last = self.browser.switch_to.active_element
        self.leave(lambda: last.send_keys(Keys.ENTER))
        self.assertIn(ACCEPTED, self.one(self.browser, "main [role=status]").text)

    def test_it_fits_320_pixels(self):
        # Headless windows have a smallest width; the emulated screen has none.
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": True},
        )
        try:
            self.browser.get(self.account_page)
            sizes = self.browser.execute_cdp_cmd("Page.getLayoutMetrics", {})
            self.assertLessEqual(sizes["cssContentSize"]["width"], 320)
        finally:
            self.resize(self.width)

    def test_it_has_one_program_of_ours_and_no_other(self):
        source = self.browser.page_source
        programs = re.findall(r"<script\b.*?</script>", source, re.DOTALL)
        self.assertEqual(len(programs), 1, programs)
        self.assertRegex(
            programs[0],
            r'^<script defer="" src="/static/kabinet\.js\?v=[0-9a-z]+"></script>$',
        )
        self.assertNotIn(" style=", source)

    def test_it_is_there_in_english(self):
        self.browser.get(self.account_page.split("?")[0] + "?lang=en")
        self.assertEqual(self.one(self.browser, "html").get_attribute("lang"), "en")
        self.assertEqual(self.one(self.browser, "h1").text, "Meters")
        self.browser.get(self.account_page.split("?")[0] + "?lang=ru")
        self.assertEqual(self.one(self.browser, "h1").text, "Приборы учета")


if __name__ == "__main__":
    unittest.main()
