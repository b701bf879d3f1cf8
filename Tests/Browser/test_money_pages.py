"""Pages about money in a real browser, without JavaScript, against a running system with its demo data (whose last months
are closed).

    ops/lib/browser Tests/Browser/test_money_pages.py

They only look. Fresh sign-in links come from `ops/kabinet demo links`.
"""

import base64
import os
import re
import unittest

import cabinet
from cabinet import URL

SHOTS = os.environ.get("KABINET_TEST_SHOTS", "")
WIDTHS = (320, 1200)

if URL:
    from selenium.webdriver.support.ui import Select, WebDriverWait

# What each manual has beside the first page, the bills and the suppliers.
PAGES = {
    "srkc": ["settlements"],
    "abonent": ["payments"],
    "uigkh": [],
    "potrebitel": ["charges", "payments"],
    "irkutsk": ["settlements"],
}


@unittest.skipIf(not URL, "set KABINET_TEST_URL: a running system")
class MoneyPages(cabinet.Cabinet):
    # The pages must not need it.
    script = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.links = cabinet.demo_links()

    # Small words

    def one(self, selector, parent=None):
        found = self.all(selector, parent)
        self.assertEqual(len(found), 1, selector)
        return found[0]

    def is_seen(self, element):
        """The driver's own answer passes over what <details> hides."""
        return self.browser.execute_script("return arguments[0].checkVisibility()", element)

    @property
    def text(self):
        return self.all("body")[0].text

    def press(self, button):
        old = self.one("html")
        button.click()
        WebDriverWait(self.browser, 30).until(
            lambda _: self.all("html") and self.one("html").id != old.id and self.all("main")
        )

    def look(self, name):
        """Nothing of the page stands outside of it, on a telephone as on a desk."""
        for pixels in WIDTHS:
            self.resize(pixels)
            page = self.browser.execute_cdp_cmd("Page.getLayoutMetrics", {})
            self.assertLessEqual(page["cssContentSize"]["width"], pixels, f"{name} at {pixels}")
            if SHOTS:
                os.makedirs(SHOTS, exist_ok=True)
                shot = self.browser.execute_cdp_cmd(
                    "Page.captureScreenshot", {"captureBeyondViewport": True}
                )
                with open(os.path.join(SHOTS, f"{name}-{pixels}.png"), "wb") as file:
                    file.write(base64.b64decode(shot["data"]))
        self.assertEqual(len(self.all("h1")), 1)
        self.assertFalse(re.search(r"(money|charges|bill|payments)\.[a-z]+", self.text))

    # The pages

    def visit(self, org):
        self.forget()
        self.browser.get(self.links[org])
        self.press(self.one("main form button"))
        # «Главная» with what is owed (SF-100, SF-101).
        self.assertIn("Лицевой счёт №", self.text)
        self.assertTrue(self.all(".owed"))
        self.look(f"home-{org}")
        account = re.search(
            r"/accounts/([^/]+)/suppliers", self.browser.page_source
        ).group(1)
        base = f"{URL}/{org}/accounts/{account}"
        for page in PAGES[org] + ["bills", "suppliers"]:
            self.browser.get(f"{base}/{page}")
            self.look(f"{page}-{org}")
        self.browser.get(f"{base}/bills")
        first = self.all(".bills a")[0]
        self.press(first)
        # How a line came to be unfolds without a program.
        line = self.all("main .more details")[0]
        self.assertFalse(self.is_seen(self.all(".how p", line)[0]))
        self.one("summary", line).click()
        self.assertTrue(self.is_seen(self.all(".how p", line)[0]))
        self.assertRegex(self.one(".how", line).text, r"=\s[\d\s]+,\d\d\s₽")
        self.look(f"bill-{org}")

    def test_1_manual_000(self):
        self.visit("srkc")
        # «возможность выбора периода» (SF-112).
        self.browser.get(self.browser.current_url.split("/bills")[0] + "/settlements")
        title = self.one("h1").text
        chosen = Select(self.one("select[name=from]"))
        value = chosen.options[0].get_attribute("value")
        chosen.select_by_value(value)
        self.press(self.one("form.period button"))
        self.assertEqual(self.one("h1").text, title)
        self.assertIn(f"from={value}", self.browser.current_url)
        self.assertEqual(
            Select(self.one("select[name=from]")).first_selected_option.get_attribute("value"),
            value,
        )
        # The other language stays where one is.
        self.press(self.one(".languages a[lang=en]"))
        self.assertIn(f"from={value}", self.browser.current_url)
        self.assertEqual(self.one("html").get_attribute("lang"), "en")
        self.press(self.one(".languages a[lang=ru]"))

    def test_2_manual_001(self):
        self.visit("abonent")

    def test_3_manual_002(self):
        self.visit("uigkh")

    def test_4_manual_003(self):
        self.visit("potrebitel")

    def test_5_manual_004(self):
        self.visit("irkutsk")


if __name__ == "__main__":
    unittest.main()
