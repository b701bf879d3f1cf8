extension Words {
    /// Why something about one's own access was refused, and what to do. None tells which of several fields was wrong.
    static let identity: [String: Entry] = [
        "refusal.ID_CHECK": .init(
            "Проверьте данные. Если вы уже регистрировались, войдите или восстановите пароль",
            "Check what you typed. If you have registered before, sign in or recover your password"),
        "refusal.ID_CHECK.attach": .init(
            "Проверьте данные. Если всё верно, обратитесь в организацию, которая ведёт этот лицевой счёт",
            "Check what you typed. If all of it is right, turn to the organization that keeps this account"
        ),
        "refusal.ID_SIGN_IN": .init(
            "Неверный логин или пароль. Проверьте раскладку клавиатуры или восстановите пароль",
            "Wrong login or password. Check your keyboard layout or recover your password"),
        "refusal.ID_SIGN_IN.operator": .init(
            "Неверный логин или пароль. Проверьте раскладку клавиатуры. Новый пароль выдаёт администратор",
            "Wrong login or password. Check the keyboard layout. An administrator gives a new password"
        ),
        "refusal.ID_PASSWORD": .init("Неверный пароль", "The password is wrong"),
        "refusal.ID_SAME_PASSWORD": .init(
            "Новый пароль должен отличаться от прежнего",
            "The new password must differ from the present one"),
        "refusal.ID_OWN_EMAIL": .init(
            "Это уже Ваш адрес", "This is your address already"),
        "refusal.ID_CONTACT": .init(
            "Сначала укажите и подтвердите телефон или адрес электронной почты в личных данных",
            "First give and confirm a telephone number or e-mail address among your personal data"),
        "refusal.ID_SIGN_IN_FIRST": .init(
            "Войдите в Личный кабинет и откройте ссылку из письма ещё раз или создайте вход на её странице",
            "Sign in and open the link of the letter again, or make a login on its page"),
        "refusal.ID_LATE": .init(
            "Сейчас входит очень много людей. Попробуйте ещё раз",
            "Very many people are signing in now. Try again"),
        "refusal.ID_RESTS": .init(
            "Слишком много неверных попыток. Попробуйте через {minutes} {minutes|минуту|минуты|минут}",
            "Too many wrong attempts. Try again in {minutes} {minutes|minute|minutes}"),
        "refusal.ID_RESTS.bare": .init(
            "Слишком много неверных попыток. Попробуйте позже",
            "Too many wrong attempts. Try again later"),
        "refusal.ID_TERMS": .init(
            "Условия обработки персональных данных изменились. Прочитайте их и отметьте согласие",
            "The terms of processing personal data have changed. Read them and tick your consent"),
        "refusal.ID_FIELD": .init(
            "Заполните поле «{field}»", "Fill in the field “{field}”"),
        "refusal.ID_FIELD.bare": .init("Заполните все поля", "Fill in all fields"),
        "refusal.ID_TAKEN": .init(
            "Такой логин или e-mail уже занят. Если это вы, войдите или восстановите пароль; если нет, нужен другой",
            "This login or e-mail is taken. If it is yours, sign in or recover your password; if not, another is needed"
        ),
        "refusal.ID_EMAIL_LIMIT": .init(
            "На одну электронную почту можно зарегистрировать не более {most} лицевых счетов",
            "At most {most} accounts can be registered with one e-mail address"),
        "refusal.ID_EMAIL_LIMIT.bare": .init(
            "На эту электронную почту уже зарегистрировано наибольшее число лицевых счетов",
            "This e-mail address already has as many accounts as it may"),
        "refusal.ID_LINK": .init(
            "Ссылка больше не действует. Начните заново", "The link is no longer valid. Start again"
        ),
        "refusal.ID_ELSEWHERE": .init(
            "Эта регистрация начата в другом браузере. Введите пароль, который придумали при регистрации",
            "This registration was begun in another browser. Type the password that you chose then"),
        "refusal.ID_OTHER_PASSWORD": .init(
            "Пароль не тот, что был введён при регистрации. Если вы не регистрировались, ничего не делайте",
            "The password is not the one that was typed at the registration. If you did not register, do nothing"
        ),
        "refusal.ID_CODE": .init(
            "Неверный код. Осталось попыток: {left}", "Wrong code. Attempts left: {left}"),
        "refusal.ID_CODE.bare": .init("Неверный код", "Wrong code"),
        "refusal.ID_CODE_ENDED": .init(
            "Код больше не действует. Запросите новый",
            "The code is no longer valid. Ask for another"),
        "refusal.ID_CODE_SOON": .init(
            "Новый код можно запросить через {seconds} {seconds|секунду|секунды|секунд}",
            "Another code can be asked for in {seconds} {seconds|second|seconds}"),
        "refusal.ID_CODE_SOON.bare": .init(
            "Новый код можно запросить чуть позже", "Another code can be asked for a little later"),
        "refusal.ID_CODE_MANY": .init(
            "Отправлено слишком много кодов. Попробуйте завтра",
            "Too many codes were sent. Try tomorrow"),
        "refusal.ID_PHONE": .init(
            "На этот номер мы не отправляем смс. Укажите российский мобильный номер",
            "We send no messages to this number. Give a Russian mobile number"),
        "refusal.ID_SECOND": .init(
            "Неверный код второго фактора", "The code of the second factor is wrong"),
        "refusal.ID_SECOND.used": .init(
            "Этот код уже использован. Дождитесь следующего",
            "This code has been used. Wait for the next one"),
        "refusal.ID_SECOND_ON": .init(
            "Второй фактор уже включён. Чтобы настроить другой, сначала выключите этот",
            "The second factor is on already. To set another up, switch this one off first"),
        "refusal.ID_SECOND_OFF": .init(
            "Второй фактор не включён: выключать нечего",
            "The second factor is not on: there is nothing to switch off"),
        "refusal.ID_NOT_ALLOWED": .init(
            "В этой организации так сделать нельзя", "This organization does not allow it"),
        "refusal.ID_ATTACHED": .init(
            "Этот лицевой счёт уже добавлен", "You have added this account already"),
        "refusal.ID_SHARE_LIMIT": .init(
            "Доступ к одному лицевому счёту можно открыть не более чем {most} людям",
            "An account can be shared with at most {most} people"),
        "refusal.ID_SHARE_LIMIT.bare": .init(
            "Доступ к этому счёту открыт уже слишком многим",
            "This account is shared with too many people already"),
        "refusal.ID_SHARE_SELF": .init(
            "Это ваш собственный адрес: лицевой счёт у вас уже есть",
            "This is your own address: you have the account already"),
        "refusal.ID_INVITATION_OWN": .init(
            "Это Ваше собственное приглашение: лицевой счёт у Вас уже есть",
            "This is your own invitation: you have the account already"),
        "refusal.ID_LETTERS": .init(
            "На этот адрес только что запрошено слишком много писем, новое не отправлено. Откройте последнее из полученных или попробуйте через {minutes} {minutes|минуту|минуты|минут}",
            "Too many letters to this address were asked for just now, and no other was sent. Open the last of those that came, or try again in {minutes} {minutes|minute|minutes}"
        ),
        "refusal.ID_EMAIL_CHANGES": .init(
            "Вы запросили слишком много писем для подтверждения адреса, новое не отправлено. Попробуйте через {minutes} {minutes|минуту|минуты|минут}",
            "You asked for too many letters that confirm an address, and no other was sent. Try again in {minutes} {minutes|minute|minutes}"
        ),
        "refusal.ID_INVITATIONS": .init(
            "Отправлено слишком много приглашений. Попробуйте завтра",
            "Too many invitations were sent. Try tomorrow"),
        "refusal.ID_LOGIN": .init(
            "Логин — от 3 до 50 букв и цифр; можно точку, дефис и подчёркивание",
            "A login is 3 to 50 letters and digits; dot, hyphen and underscore may be among them"),
        "shape.email": .init(
            "это не адрес электронной почты; нужен такой: ivanov@example.ru",
            "this is no e-mail address; one looks like ivanov@example.com"),
        "shape.phone": .init(
            "это не номер телефона; нужен такой: +7 916 123-45-67",
            "this is no telephone number; one looks like +7 916 123-45-67"),
        "shape.surname": .init(
            "в фамилии могут быть только буквы, пробел и дефис",
            "a surname has only letters, spaces and hyphens"),
        "shape.operator_login": .init(
            "логин оператора — из латинских букв, цифр, точки, дефиса и подчёркивания",
            "an operator's login has Latin letters, digits, dots, hyphens and underlines"),
        "shape.nothing": .init(
            "в строке нет ничего, кроме номера счёта", "the row says nothing but the account"),
        "shape.code": .init(
            "код — от 4 до 40 букв и цифр", "a code has 4 to 40 letters and digits"),
        "shape.sealed": .init(
            "запечатано неизвестным ключом; загрузите строку ещё раз",
            "sealed to an unknown key; import the row again"),
        "shape.why": .init(
            "напишите основание: хотя бы три буквы", "say why, in three letters at least"),
        "shape.future": .init("это ещё не наступило", "this is still to come"),
        "shape.hash": .init(
            "нужны 64 шестнадцатеричные цифры", "64 hexadecimal digits are needed"),
    ]
}
