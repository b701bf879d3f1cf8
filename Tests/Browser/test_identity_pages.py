"""Coming in and one's own pages in a real browser, without JavaScript, against a running system with its demo data.

    ops/lib/browser Tests/Browser/test_identity_pages.py

Codes and links are read from the outbox page. The accounts that it registers stay registered.
"""

import base64
import hmac
import io
import os
import re
import struct
import time
import unittest
import urllib.request
import zipfile

import cabinet
from cabinet import APARTMENTS, PASSWORD, SURNAMES, URL, solved

SHOTS = os.environ.get("KABINET_TEST_SHOTS", "")

if URL:
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import Select, WebDriverWait

WIDTHS = (320, 1200)


@unittest.skipIf(not URL, "set KABINET_TEST_URL: a running system")
class IdentityPages(cabinet.Cabinet):
    # The pages must not need it.
    script = False

    def setUp(self):
        self.browser.get(URL + "/outbox")
        self.browser.delete_all_cookies()
        # Names of this run: the system may have met an earlier one.
        self.run = base64.b32encode(os.urandom(5)).decode().lower()

    # Small words

    def type(self, **fields):
        for name, value in fields.items():
            field = self.one(f"main input[name={name}]:not([type=hidden])")
            if field.get_attribute("type") in ("checkbox", "radio"):
                field = self.one(f"main input[name={name}][value='{value}']")
                if not field.is_selected():
                    field.click()
            else:
                field.clear()
                field.send_keys(value)

    def press(self, word):
        """Presses the button, and waits until another page is there."""
        old = self.one("html")
        for button in self.all("button, summary"):
            if button.text == word and button.tag_name == "button":
                button.click()
                break
        else:
            self.fail(f"no button {word!r} among {[b.text for b in self.all('button')]}")
        WebDriverWait(self.browser, 30).until(
            lambda _: self.all("html") and self.one("html").id != old.id and self.all("main")
        )
        # What is not decided yet refreshes by itself.
        WebDriverWait(self.browser, 30).until(
            lambda _: "pending=" not in self.browser.current_url
            or self.settled()
        )

    def settled(self):
        self.browser.get(self.browser.current_url.split("?")[0])
        return True

    def letters(self):
        """The newest first: (to and at, text, links)."""
        self.browser.get(URL + "/outbox")
        return [
            (
                self.one(".hint", letter).text,
                self.one(".text", letter).text,
                [link.get_attribute("href") for link in self.all(".text a", letter)],
            )
            for letter in self.all("article.letter")
        ]

    def letter_to(self, contact, contains=""):
        found = []

        def look(_):
            found[:] = [
                letter
                for letter in self.letters()
                if contact in letter[0] and contains in letter[1]
            ]
            return found

        WebDriverWait(self.browser, 30).until(look)
        return found[0]

    def date(self, name, year, month, day):
        """Types into a field of a day, whose parts stand as the browser's language has them."""
        wanted = f"{year}-{month:02d}-{day:02d}"
        for typed in (f"{month:02d}{day:02d}{year}", f"{day:02d}{month:02d}{year}"):
            # From its first part on.
            field = self.one(f"main input[name={name}]")
            self.one("main input[name=account]").click()
            self.browser.switch_to.active_element.send_keys(Keys.TAB)
            self.assertEqual(
                self.browser.switch_to.active_element.get_attribute("name"), name
            )
            self.browser.switch_to.active_element.send_keys(typed)
            if field.get_attribute("value") == wanted:
                return
        self.fail(f"{name} is {field.get_attribute('value')!r}")

    def look(self, name):
        """At every width nothing stands beside the page, and every field has its label."""
        for width in WIDTHS:
            self.browser.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
            )
            size = self.browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
            self.assertLessEqual(size["width"], width, name)
            if SHOTS:
                self.browser.execute_cdp_cmd(
                    "Emulation.setDeviceMetricsOverride",
                    {
                        "width": width,
                        "height": int(size["height"]),
                        "deviceScaleFactor": 1,
                        "mobile": width < 500,
                    },
                )
                shot = self.browser.execute_cdp_cmd(
                    "Page.captureScreenshot", {"format": "png"}
                )
                with open(f"{SHOTS}/{name}-{width}.png", "wb") as file:
                    file.write(base64.b64decode(shot["data"]))
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        labelled = {label.get_attribute("for") for label in self.all("label")}
        for field in self.all("main input:not([type=hidden]), main select"):
            self.assertIn(field.get_attribute("id"), labelled, name)
        ids = [element.get_attribute("id") for element in self.all("[id]")]
        self.assertEqual(len(ids), len(set(ids)), f"{name}: an id stands twice")
        self.assertEqual(len(self.all("h1")), 1, name)
        source = self.browser.page_source
        self.assertEqual(source.count("<script"), 1, name)
        self.assertIn('<script defer="" src="/static/kabinet.js?v=', source)
        self.assertNotIn(" style=", source)

    def register_account(self, org, account, surname, **more):
        self.go(f"/{org}/")
        self.one("a[href$='/register']").click()
        self.type(account=account, surname=surname)
        self.press("Продолжить")
        self.type(password=PASSWORD, password_again=PASSWORD, agree="2026-01", **more)

    def sign_in(self, org, login, password=PASSWORD, **more):
        self.go(f"/{org}/")
        self.type(login=login, password=password, **more)
        self.press("Войти")

    # Scenarios

    def test_1_by_account_and_code(self):
        """SF-020…SF-036, SF-080…SF-086, SF-130…SF-136: manual 000."""
        self.go("/srkc/")
        self.look("signin-000")
        self.go("/srkc/register")
        self.look("register-check-000")
        self.type(account="626200020", surname="Нетакой")
        self.press("Продолжить")
        self.assertIn("Проверьте данные", self.text)
        self.assertEqual(
            self.one("input[name=surname]").get_attribute("value"), "Нетакой"
        )
        surname = SURNAMES["626200020"]
        self.register_account("srkc", "626200020", surname.upper().replace("Ё", "Е"), way="sms")
        self.look("register-000")
        self.press("Сохранить")
        self.assertIn("Отправить смс", self.text)
        self.look("code-phone-000")
        phone = "+7916" + f"{int.from_bytes(os.urandom(3), 'big') % 10**7:07d}"
        self.type(phone=phone)
        self.press("Отправить смс")
        self.look("code-000")
        self.assertIn("Код подтверждения", self.text)
        page = self.browser.current_url.split("?")[0]
        code = re.search(r"\b(\d{6})\b", self.letter_to(phone)[1]).group(1)
        self.browser.get(page)
        self.type(code=f"{(int(code) + 1) % 10**6:06d}")
        self.press("ОК")
        self.assertIn("Неверный код", self.text)
        self.look("code-wrong-000")
        self.type(code=code)
        self.press("ОК")
        # SF-035: in the cabinet at once.
        self.assertIn("Регистрация завершена", self.text)
        self.assertIn("626200020", self.text)
        self.look("home-000")
        # The profile.
        self.go("/srkc/profile")
        self.look("profile-000")
        self.assertIn("Количество комнат", self.text)
        self.one("#password summary").click()
        self.type(old="не тот пароль", password="Другой-дом-18", password_again="Другой-дом-18")
        self.all("#password form button")[0].click()
        self.look("profile-wrong-000")
        # A service needs a contact, and has one: the number was confirmed just now.
        self.go("/srkc/accounts/626200020/services")
        self.look("services-000")
        self.type(on_sms_news="1")
        self.press("Сохранить изменения")
        self.assertIn("Изменения сохранены", self.text)
        self.assertTrue(self.one("input[name=on_sms_news]").is_selected())
        # Another account by its holder's surname.
        self.go("/srkc/accounts")
        self.look("accounts-000")
        self.type(account="626200021", surname=SURNAMES["626200021"])
        self.press("Добавить")
        self.assertIn("Лицевой счёт добавлен", self.text)
        self.go("/srkc/accounts/626200021/settings")
        self.look("settings-000")
        self.type(name="Дача")
        self.press("Сохранить")
        self.assertIn("Дача", self.one("nav.sections").text)
        self.press("Выход")
        self.assertIn("Войти", self.text)
        self.sign_in("srkc", "626200020")
        self.assertEqual(self.one("h1").text, "Главная")
        # And by the wrong password.
        self.press("Выход")
        self.sign_in("srkc", "626200020", "не тот пароль")
        self.assertIn("Неверный логин или пароль", self.text)
        self.look("signin-wrong-000")

    def test_2_by_address(self):
        """SF-050…SF-055: manual 001."""
        email = f"{self.run}@example.ru"
        self.go("/abonent/register")
        self.look("register-001")
        self.type(email=email, password=PASSWORD, password_again="нечто иное", agree="2026-01")
        self.press("Зарегистрироваться")
        self.assertIn("пароли не совпадают", self.text)
        self.assertEqual(
            self.browser.switch_to.active_element.get_attribute("name"), "password_again"
        )
        self.type(password=PASSWORD, password_again=PASSWORD)
        self.press("Зарегистрироваться")
        self.assertIn("Проверьте почту", self.text)
        self.look("sent-001")
        link = self.letter_to(email)[2][0]
        self.browser.get(link)
        self.look("link-001")
        self.assertEqual(self.all("main input[name=password]"), [])
        # In another browser the letter's link asks for the password.
        self.browser.delete_cookie("kabinet_registration")
        self.browser.get(link)
        self.look("elsewhere-001")
        self.type(password="не тот пароль")
        self.press("Подтвердить")
        self.assertIn("Пароль не тот, что был введён при регистрации", self.text)
        self.look("elsewhere-wrong-001")
        self.type(password=PASSWORD)
        self.press("Подтвердить")
        self.assertIn("Регистрация завершена", self.text)
        self.sign_in("abonent", email)
        self.look("attach-001")
        self.assertIn("Платёжный код", self.text)
        self.type(account="626200022", surname=SURNAMES["626200022"], apartment="99")
        self.press("Добавить лицевой счет")
        self.assertIn("Проверьте данные", self.text)
        self.type(apartment=APARTMENTS["626200022"])
        self.press("Добавить лицевой счет")
        self.assertIn("Укажите свои Контактные данные", self.text)
        self.look("contacts-001")
        # The link counts once.
        self.press("Выход")
        self.browser.get(link)
        self.assertIn("Ссылка больше не действует", self.text)
        self.assertEqual(self.all("main button"), [])
        # Forgotten.
        self.go("/abonent/reset")
        self.look("reset-001")
        self.type(login=email)
        self.press("Отправить ссылку")
        self.assertIn("Если такой логин", self.text)
        reset = next(a for a in self.letter_to(email, "/abonent/reset/")[2] if "/reset/" in a)
        self.browser.get(reset)
        self.look("newpassword-001")
        self.type(password="Новый-пароль-9", password_again="Новый-пароль-9")
        self.press("Сохранить")
        self.assertIn("Пароль изменён", self.text)
        self.sign_in("abonent", email, "Новый-пароль-9")
        self.assertIn("Выход", self.one("header").text)

    def test_3_by_name(self):
        """SF-060…SF-069, SF-088, SF-089: manual 003."""
        cabinet.import_proofs("potrebitel", ["626200014;05.10.2026;123,45;;;"])
        email = f"{self.run}@example.ru"
        self.go("/potrebitel/register")
        self.look("register-003")
        self.type(
            login=f"user{self.run}",
            email=email,
            password=PASSWORD,
            password_again=PASSWORD,
            agree="2026-01",
        )
        self.press("Зарегистрироваться")
        self.browser.get(self.letter_to(email)[2][0])
        self.press("Подтвердить")
        self.sign_in("potrebitel", f"user{self.run}", remember="1")
        self.assertIn("Добавление лицевого счета", self.text)
        self.look("attach-003")
        for field, value in (
            ("company", "kamal"),
            ("house", "sportivnaya-10"),
            ("apartment", "3"),
        ):
            Select(self.one(f"select[name={field}]")).select_by_value(value)
            self.press("Продолжить")
        self.look("attach-proof-003")
        self.assertIn("Укажите дату и сумму последней оплаты", self.text)
        self.assertIn("Сколько будет", self.text)
        self.type(account="626200014", code="нет такого", answer="0")
        self.press("Добавить лицевой счет")
        self.assertIn("ответ на вопрос неверен", self.text)
        self.assertEqual(
            self.one("input[name=account]").get_attribute("value"), "626200014"
        )
        self.look("attach-wrong-003")
        # The base knows the last payment.
        self.type(
            account="626200014",
            last_payment="123,46",
            answer=str(solved(self.one("#attach-answer-hint").text)),
        )
        self.date("last_payment_on", 2026, 10, 5)
        self.press("Добавить лицевой счет")
        self.assertIn("Проверьте данные", self.text)
        self.type(
            last_payment="123,45", answer=str(solved(self.one("#attach-answer-hint").text))
        )
        self.press("Добавить лицевой счет")
        self.assertIn("Лицевой счёт добавлен", self.text)
        # SF-069: the card of the account, and its meters.
        self.assertIn("626200014", self.text)
        self.look("attached-003")
        # The second factor's page, and the end.
        self.go("/potrebitel/profile/second-factor")
        self.look("factor-003")
        self.go("/potrebitel/accounts/626200014/settings")
        self.look("settings-003")
        self.press("Убрать из кабинета")
        self.assertIn("Лицевой счёт убран", self.text)
        self.assertNotIn("626200014", self.text)
        self.go("/potrebitel/profile")
        self.look("profile-003")
        self.one("#delete summary").click()
        field = self.one("#delete input[name=password]")
        field.send_keys(PASSWORD)
        self.press("Удалить навсегда")
        self.assertIn("Учётная запись удалена", self.text)
        self.sign_in("potrebitel", f"user{self.run}")
        self.assertIn("Неверный логин или пароль", self.text)

    def test_5_second_factor_sharing_and_export(self):
        """By letter (SF-030, SF-031), with a second factor; an account is shared and given back: manual 002."""
        email = f"{self.run}@example.ru"
        account = "626200023"
        self.register_account("uigkh", account, SURNAMES[account], email=email, way="email")
        self.press("Сохранить")
        self.browser.get(self.letter_to(email)[2][0])
        self.press("Подтвердить")
        self.assertIn("Подтверждено", self.text)
        self.sign_in("uigkh", account)
        # One's own data, as the browser would load them.
        cookie = self.browser.get_cookie("kabinet_session")["value"]
        asked = urllib.request.Request(
            f"{URL}/uigkh/profile/export", headers={"Cookie": f"kabinet_session={cookie}"}
        )
        with urllib.request.urlopen(asked) as answer:
            archive = zipfile.ZipFile(io.BytesIO(answer.read()))
        self.assertIsNone(archive.testzip())
        self.assertIn(email, archive.read("profile.csv").decode("utf-8-sig"))
        # Another person is invited, comes by the letter, and is let out again.
        friend = f"friend-{self.run}@example.ru"
        self.go(f"/uigkh/accounts/{account}/settings")
        self.type(email=friend, right_readings="1")
        self.press("Отправить приглашение")
        self.assertIn("Приглашение отправлено", self.text)
        self.assertIn("приглашён", self.text)
        self.look("shared-002")
        link = self.letter_to(friend)[2][0]
        self.browser.get(link)
        # Who sent it is told to whom, and has nothing to accept.
        self.assertIn(f"Вы отправили его на адрес {friend}", self.text)
        self.assertNotIn("Принять приглашение", self.text)
        self.go("/uigkh/")
        self.press("Выход")
        self.browser.get(link)
        self.assertIn("передавать показания", self.text)
        self.look("invitation-002")
        self.type(password=PASSWORD, password_again=PASSWORD, agree="2026-01")
        self.press("Создать вход")
        self.assertIn("Приглашение принято", self.text)
        self.sign_in("uigkh", friend)
        self.go("/uigkh/accounts")
        self.assertIn(account, self.text)
        self.assertIn("передавать показания", self.text)
        self.press("Выход")
        self.sign_in("uigkh", account)
        self.go(f"/uigkh/accounts/{account}/settings")
        self.assertIn("пользуется", self.text)
        self.press("Закрыть доступ")
        self.assertIn("Доступ закрыт", self.text)
        self.assertNotIn(friend, self.text)
        self.press("Выход")
        self.sign_in("uigkh", friend)
        self.assertIn("не открыт ни один лицевой счёт", self.text)
        self.look("invitation-over-002")
        self.press("Выход")
        self.sign_in("uigkh", account)
        # The second factor.
        self.go("/uigkh/profile/second-factor")
        self.look("factor-002")
        secret = self.one("input[name=secret]").get_attribute("value")
        self.type(code="000000", password=PASSWORD)
        self.press("Включить")
        self.assertIn("Неверный код второго фактора", self.text)
        self.look("factor-wrong-002")
        # What was scanned still counts.
        self.assertEqual(
            self.one("input[name=secret]").get_attribute("value").upper(), secret.upper()
        )
        self.type(code=totp(secret), password=PASSWORD)
        self.press("Включить")
        codes = [item.text for item in self.all("ul.codes li")]
        self.assertEqual(len(codes), 10)
        self.look("recovery-002")
        self.press("Выход")
        self.sign_in("uigkh", account)
        self.assertIn("Подтвердите вход", self.text)
        self.look("second-002")
        self.type(code="999999")
        self.press("Войти")
        self.assertIn("Неверный код", self.text)
        self.type(code=codes[0])
        self.press("Войти")
        self.assertEqual(self.one("h1").text, "Главная")
        self.go("/uigkh/profile/second-factor")
        self.type(password=PASSWORD, code=codes[1])
        self.press("Выключить")
        self.assertIn("Второй фактор выключен", self.text)
        # Another address counts as soon as it is confirmed.
        new = f"new-{self.run}@example.ru"
        self.one("#password summary").click()
        form = self.all("#password form")[1]
        self.one("input[name=email]", form).send_keys(new)
        self.one("input[name=password]", form).send_keys(PASSWORD)
        old = self.one("html")
        self.one("button", form).click()
        WebDriverWait(self.browser, 30).until(
            lambda _: self.all("html") and self.one("html").id != old.id
        )
        self.assertIn("На адрес отправлено письмо", self.text)
        self.assertIn(email, self.one("#contacts").text)
        self.browser.get(self.letter_to(new)[2][0])
        self.press("Подтвердить")
        self.go("/uigkh/profile")
        self.assertIn(new, self.one("#contacts").text)
        # All of it again in the other language.
        for page in ("", "profile", "accounts", f"accounts/{account}/services"):
            self.go(f"/uigkh/{page}?lang=en")
            self.assertEqual(self.one("html").get_attribute("lang"), "en")
        self.go("/uigkh/?lang=ru")

    def test_4_by_keyboard_alone(self):
        self.go("/srkc/")
        # The cursor stands in the first field.
        focused = self.browser.switch_to.active_element
        self.assertEqual(focused.get_attribute("name"), "login")
        focused.send_keys("1", Keys.TAB)
        focused = self.browser.switch_to.active_element
        self.assertEqual(focused.get_attribute("name"), "password")
        self.assertNotEqual(focused.value_of_css_property("outline-style"), "none")
        old = self.one("html")
        focused.send_keys("нет", Keys.ENTER)
        WebDriverWait(self.browser, 30).until(
            lambda _: self.all("html") and self.one("html").id != old.id
        )
        self.assertIn("Неверный логин или пароль", self.text)


def totp(secret):
    """RFC 6238: what an authenticator shows now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), "sha1").digest()
    place = mac[-1] & 15
    number = struct.unpack(">I", mac[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


if __name__ == "__main__":
    unittest.main()
