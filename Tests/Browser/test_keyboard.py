"""A reading submitted by the keyboard alone, from the sign-in page on, in a real browser against a running system.

    ops/lib/browser Tests/Browser/test_keyboard.py

With JavaScript and without. Nothing is clicked after the person is registered: only Tab, Enter, the space bar and digits.
"""

import re
import unittest

import cabinet
from cabinet import PASSWORD, plain

if cabinet.URL:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

# What marks the focused: a ring or a shadow that is not there without it.
MARK = """
    const style = getComputedStyle(arguments[0]);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow].join(" ");
"""
# The same element without the focus.
UNMARKED = (
    """
    const focused = document.activeElement;
    focused.blur();
    const mark = (function () {%s})(arguments[0]);
    focused.focus({focusVisible: true, preventScroll: true});
    return mark;
"""
    % MARK
)
# Something of it is on the screen and nothing lies over it (WCAG 2.2, 2.4.11).
ON_SCREEN = """
    const box = arguments[0].getBoundingClientRect();
    const places = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]];
    return places.some(([x, y]) => {
        const found = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
        return found && (arguments[0].contains(found) || found.contains(arguments[0]));
    });
"""
NAME = """
    const it = arguments[0];
    return it.tagName + " " + (it.id || it.getAttribute("name") || it.textContent.trim().slice(0, 40));
"""


def is_send(focused):
    return focused.tag_name == "button" and focused.text == "Отправить показания"


def setUpModule():
    if not cabinet.URL:
        raise unittest.SkipTest("set KABINET_TEST_URL: a running system")


class ByKeyboard:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Where it begins is arranged with a mouse.
        person = cls()
        person.setUp()
        cls.login = person.register("srkc", cls.account, f"{person.run_name}@example.ru")
        cls.forget()

    def setUp(self):
        super().setUp()
        self.forget()

    # ---- Keys

    def keys(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    @property
    def focused(self):
        return self.browser.switch_to.active_element

    def name(self, element):
        return self.ask(NAME, element)

    def tab(self, back=False):
        if back:
            chain = ActionChains(self.browser).key_down(Keys.SHIFT)
            chain.send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        else:
            self.keys(Keys.TAB)

    def tab_to(self, is_wanted):
        """Every stop on the way can be seen: the names of the stops."""
        met = []
        for _ in range(120):
            self.tab()
            focused = self.focused
            if focused.tag_name == "body":
                self.fail(f"the end of the page came first: {met}")
            self.is_visible(focused)
            met.append(self.name(focused))
            if is_wanted(focused):
                return met
        self.fail(f"a trap, or too far: {met}")

    def is_visible(self, focused):
        name = self.name(focused)
        self.assertNotEqual(
            self.ask(MARK, focused), self.ask(UNMARKED, focused), f"no mark at {name}"
        )
        self.assertTrue(self.ask(ON_SCREEN, focused), f"not on the screen: {name}")

    def named(self, name):
        return lambda focused: focused.get_attribute("name") == name

    def reads(self, word):
        return lambda focused: focused.text.strip() == word

    def enter(self):
        self.leave(lambda: self.keys(Keys.ENTER))

    def sign_in_by_keys(self):
        self.go("/srkc/")
        # The cursor stands in the first field.
        self.assertEqual(self.focused.get_attribute("name"), "login")
        self.is_visible(self.focused)
        self.keys(self.login)
        self.tab_to(self.named("password"))
        self.keys(PASSWORD)
        self.enter()
        self.assertTrue(self.is_signed_in)

    # ---- What a person does

    def test_1_from_the_sign_in_page_to_a_reading_that_was_taken(self):
        self.sign_in_by_keys()
        self.tab_to(self.reads("Передать показания"))
        self.enter()
        self.assertEqual(self.heading, "Передать показания")

        # The skip link comes first, and leads past the header and the sections.
        self.keys(Keys.TAB)
        self.assertEqual(self.focused.text, "Перейти к содержанию")
        self.is_visible(self.focused)
        self.keys(Keys.ENTER)
        self.until(lambda: self.browser.current_url.endswith("#content"))
        met = self.tab_to(lambda focused: focused.get_attribute("inputmode") == "decimal")
        self.assertLessEqual(len(met), 2, f"the content begins elsewhere: {met}")

        # Refused: told, and the cursor stands where it is to be put right.
        field = self.focused
        described = field.get_attribute("aria-describedby").split()
        facts = " ".join(self.one(f"#{id}").text for id in described)
        stands = int(re.search(r"Было(\d+)", plain(facts))[1])
        self.keys(str(stands - 1))
        self.tab_to(is_send)
        self.enter()
        field = self.focused
        self.assertEqual(field.get_attribute("aria-invalid"), "true")
        reason = self.one(f"#{field.get_attribute('aria-describedby').split()[0]}")
        self.assertIn("меньше предыдущего", reason.text)
        self.assertTrue(self.one("main [role=alert]").text)
        self.assertIn("Ошибка:", self.browser.title)
        self.is_visible(field)

        # Put right with the keyboard, sent with the button, and told to a screen reader.
        ActionChains(self.browser).key_down(Keys.CONTROL).send_keys("a").key_up(
            Keys.CONTROL
        ).perform()
        self.keys(str(stands + 1))
        self.tab_to(is_send)
        self.leave(lambda: self.keys(Keys.SPACE))
        told = self.one("main [role=status]")
        self.assertIn("Показание принято к обработке", told.text)
        self.announced("Показание принято к обработке")

    def test_2_the_page_of_meters_can_be_walked_through_and_back(self):
        """No trap, forwards or backwards; every stop can be seen."""
        self.sign_in_by_keys()
        self.tab_to(lambda focused: (focused.get_attribute("href") or "").endswith("/meters"))
        self.enter()
        forwards = self.walk()
        self.assertGreater(len(forwards), 10)
        self.assertEqual(self.name(forwards[0]), "A Перейти к содержанию")
        self.assertIn("BUTTON Выход", [self.name(stop) for stop in forwards])
        # From the last stop back to the first.
        self.ask("arguments[0].focus()", forwards[-1])
        self.assertEqual(self.walk(back=True), forwards[-2::-1])

    def walk(self, back=False):
        """All stops until the page ends: behind it stands the browser's own window, or it begins anew."""
        met = []
        for _ in range(300):
            self.tab(back)
            focused = self.focused
            if focused.tag_name in ("body", "html") or focused in met or back and focused == self.last:
                return met
            self.is_visible(focused)
            met.append(focused)
            if not back:
                self.last = focused
        self.fail(f"there is no end to it: {[self.name(stop) for stop in met[-5:]]}")


class WithPrograms(ByKeyboard, cabinet.Cabinet):
    account = "626200016"

    def announced(self, words):
        """The page was not loaded anew: what changed is said, and the focus stands at it."""
        self.until(lambda: words in self.one("#said").get_attribute("textContent"))
        self.assertEqual(self.one("#said").get_attribute("aria-live"), "polite")
        self.assertEqual(self.focused.get_attribute("role"), "status")
        self.assertIn(words, self.focused.text)


class WithoutPrograms(ByKeyboard, cabinet.Cabinet):
    script = False
    account = "626200017"

    def announced(self, words):
        """A page that was loaded is read from its title on, and its status is the first thing below the heading."""
        self.assertIn("done=", self.browser.current_url)
        self.assertNotIn("Ошибка:", self.browser.title)
        told = self.one("main [role=status]")
        self.assertIn(words, told.text)
        form = self.one("form.readings")
        self.assertTrue(
            self.ask(
                "return !!(arguments[0].compareDocumentPosition(arguments[1]) & 4)", told, form
            )
        )


if __name__ == "__main__":
    unittest.main()
