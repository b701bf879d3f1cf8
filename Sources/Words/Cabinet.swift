/// Pages about people and their access: signing in, registering, one's own data, accounts, consents. What a manual prints
/// stands as it prints it (features.md §§2–5, 9).
extension Words {
    static let cabinet: [String: Entry] = [
        // MARK: Forms

        "form.save": .init("Сохранить", "Save"),
        "form.continue": .init("Продолжить", "Continue"),
        "form.back": .init("Назад", "Back"),
        "form.optional": .init("необязательно", "optional"),
        "form.pending": .init(
            "Сохранено и обрабатывается, обычно это занимает несколько секунд. Страница обновится сама.",
            "Saved and being processed; this usually takes a few seconds. The page refreshes by itself."
        ),
        "form.slow": .init(
            "Обработка занимает больше времени, чем обычно. Отправьте форму ещё раз через несколько секунд: дважды то же самое не запишется",
            "It takes longer than usual. Send the form again in a few seconds: the same is not saved twice"
        ),
        "form.unavailable": .init(
            "Сервис временно недоступен, ничего не сохранено. Отправьте форму ещё раз через {n} {n|секунду|секунды|секунд}",
            "The service is temporarily unavailable and nothing was saved. Send the form again in {n} {n|second|seconds}"
        ),
        "form.unconfirmed": .init(
            "Связь с базой прервалась, и пока не известно, сохранено ли. Отправьте форму ещё раз через {n} {n|секунду|секунды|секунд}: дважды то же самое не запишется",
            "The connection to the database broke, and it is not known yet whether it was saved. Send the form again in {n} {n|second|seconds}: the same is not saved twice"
        ),
        "form.abandoned": .init(
            "Обработать не удалось. Оператор уже видит это",
            "It could not be processed. An operator can see it"),
        "span.hours": .init("{n} {n|час|часа|часов}", "{n} {n|hour|hours}"),
        "span.minutes": .init("{n} {n|минуту|минуты|минут}", "{n} {n|minute|minutes}"),

        "field.password": .init("Пароль", "Password"),
        "field.new_password": .init("Новый пароль", "New password"),
        "field.old_password": .init("Прежний пароль", "Present password"),
        "field.password_again": .init("Подтверждение пароля", "The password once more"),
        "field.email": .init("Адрес e-mail", "E-mail address"),
        "field.new_email": .init("Новый адрес e-mail", "New e-mail address"),
        "field.phone": .init("Номер телефона", "Telephone number"),
        "field.surname": .init("Фамилия", "Surname"),
        "field.apartment": .init("Номер квартиры", "Flat number"),
        "field.code": .init("Код подтверждения", "Confirmation code"),
        "field.account": .init("Номер лицевого счёта", "Account number"),
        "field.agree": .init("Согласие с условиями", "Consent to the terms"),
        "field.answer": .init("Ответ на вопрос", "Answer to the question"),
        "field.bill_month": .init("Месяц квитанции", "Month of the bill"),
        "field.bill_total": .init("Сумма квитанции", "Total of the bill"),
        "field.check": .init("Способ проверки", "Way of the check"),
        "field.company": .init("Организация", "Company"),
        "field.house": .init("Дом", "House"),
        "field.language": .init("Язык", "Language"),
        "field.last_payment": .init("Сумма последнего платежа", "Sum of the last payment"),
        "field.last_payment_on": .init("Дата последнего платежа", "Day of the last payment"),
        "field.login": .init("Логин", "Login"),
        "field.name": .init("Название", "Name"),
        "field.old": .init("Прежний пароль", "Present password"),
        "field.rights": .init("Права доступа", "Rights"),
        "field.secret": .init("Секрет приложения", "Secret of the application"),
        "field.way": .init("Способ подтверждения", "Way of confirmation"),
        "field.why": .init("Основание", "Reason"),

        // MARK: What was done

        "done.registered": .init(
            "Регистрация завершена. Добро пожаловать в Личный кабинет!",
            "You are registered. Welcome to the cabinet!"),
        // SF-034 prints the mark «Подтверждено».
        "done.registered.confirmed": .init(
            "Подтверждено. Регистрация завершена. Добро пожаловать в Личный кабинет!",
            "Confirmed. You are registered. Welcome to the cabinet!"),
        "done.elsewhere": .init(
            "Страница, с которой Вы пришли, относится к лицевому счёту, который Вам не открыт. Введённое на ней не показано и не отправлено",
            "The page that you came from is of an account that is not open to you. What was typed there is neither shown nor sent"
        ),
        "done.sent": .init("Письмо отправлено", "The letter is on its way"),
        "done.code_sent": .init("Смс с кодом отправлено", "The code is on its way"),
        "done.email_sent": .init(
            "На адрес отправлено письмо. Он начнёт действовать, когда Вы подтвердите его по ссылке из письма",
            "A letter went to the address. It counts as soon as you confirm it by the link in the letter"
        ),
        "done.changed": .init("Изменения сохранены", "The changes are saved"),
        "done.changed_login": .init(
            "Адрес подтверждён. Теперь входите с новым адресом",
            "The address is confirmed. From now on sign in with the new one"),
        "done.other_changed": .init(
            "Новый адрес электронной почты подтверждён", "The new e-mail address is confirmed"),
        "done.other_changed_login": .init(
            "Новый адрес электронной почты подтверждён. Теперь входите с ним",
            "The new e-mail address is confirmed. From now on sign in with it"),
        "done.other_registered": .init(
            "Регистрация подтверждена. Теперь можно войти",
            "The registration is confirmed. You may sign in now"),
        "done.password": .init(
            "Пароль изменён. Остальные сеансы завершены",
            "The password is changed. Your other sessions have ended"),
        "done.factor": .init("Второй фактор включён", "The second factor is on"),
        "done.factor_off": .init("Второй фактор выключен", "The second factor is off"),
        "done.attached": .init("Лицевой счёт добавлен", "The account has been added"),
        "done.named": .init("Название сохранено", "The name is saved"),
        "done.detached": .init(
            "Лицевой счёт убран из кабинета", "The account has been removed from your cabinet"),
        "done.shared": .init("Приглашение отправлено", "The invitation is on its way"),
        "done.ended": .init("Готово", "Done"),
        "done.share_ended": .init("Доступ закрыт", "The access has ended"),
        "done.session_ended": .init("Сеанс завершён", "The session has ended"),
        "done.saved": .init("Изменения сохранены", "The changes are saved"),
        "done.deleted": .init("Учётная запись удалена", "Your access is deleted"),
        "done.invited": .init(
            "Приглашение принято. Войдите с адресом, на который оно пришло, и новым паролем",
            "The invitation is accepted. Sign in with the address that it went to and your new password"
        ),
        "done.reset": .init(
            "Пароль изменён. Войдите с новым паролем",
            "The password is changed. Sign in with the new one"),
        "done.unsubscribed": .init(
            "Вы отписаны. Снова подписаться можно в Личном кабинете",
            "You are unsubscribed. You can subscribe again in the cabinet"),

        // MARK: Signing in

        "login.account": .init("Номер лицевого счета", "Account number"),
        "login.email": .init("Email", "E-mail"),
        "login.login": .init("Имя пользователя", "User name"),
        "entry.title.account": .init("Вход в Личный кабинет", "Sign in"),
        "entry.title.email": .init("Войти в личный кабинет", "Sign in to the cabinet"),
        "entry.title.login": .init("Вход в Личный кабинет", "Sign in"),
        "entry.login_intro": .init(
            "Введите имя пользователя и пароль или зарегистрируйтесь.",
            "Enter your user name and password, or register."),
        "entry.account_hint": .init(
            "Можно без буквенного индекса, только цифры",
            "Digits are enough, without the letter index"),
        "entry.invited_hint": .init(
            "Если Вас пригласил владелец счёта, введите адрес, на который пришло приглашение",
            "If you were invited by the owner of an account, type the address that the invitation went to"
        ),
        "entry.remember": .init("Запомнить?", "Remember me?"),
        "entry.sign_in": .init("Войти", "Sign in"),
        "entry.forgot": .init("Забыли пароль?", "Forgot your password?"),
        "entry.register": .init("Зарегистрироваться", "Register"),
        "entry.signed_out": .init(
            "Вы не вошли, или время сеанса закончилось. Войдите, чтобы продолжить.",
            "You are not signed in, or your session has ended. Sign in to go on."),
        "entry.signing_in": .init("Входим в Личный кабинет…", "Signing in…"),
        "entry.signing_in_text": .init(
            "Сейчас входит много людей. Страница обновится сама через несколько секунд.",
            "Many people are signing in now. The page refreshes by itself in a few seconds."),
        "entry.sign_in_again": .init("Войти заново", "Sign in anew"),
        "entry.second_title": .init("Подтвердите вход", "Confirm that it is you"),
        "entry.second_code": .init("Код из приложения", "Code of the authenticator"),
        "entry.second_hint": .init(
            "Шесть цифр, которые показывает приложение, или один из кодов восстановления",
            "The six digits that the application shows, or one of the recovery codes"),

        // MARK: Registering

        "entry.register_title": .init("Регистрация", "Registration"),
        "entry.register_login_title": .init(
            "Введите регистрационные данные", "Enter your registration details"),
        "entry.all_required": .init(
            "Все поля являются обязательными для заполнения.", "All fields are required."),
        "entry.check_text": .init(
            "Укажите номер лицевого счета и фамилию потребителя, на которого он зарегистрирован.",
            "Enter the account number and the surname of the person it is registered to."),
        "entry.surname_hint": .init(
            "Фамилия, на которую зарегистрирован лицевой счет",
            "The surname that the account is registered under"),
        "entry.login_hint": .init(
            "Придумайте имя, с которым будете входить", "Think of a name to sign in with"),
        "entry.email_hint": .init(
            "На него придёт ссылка для подтверждения регистрации и смены пароля",
            "The link that confirms the registration goes there, and those that change a password"),
        "entry.email_login_hint": .init(
            "С ним Вы будете входить в Личный кабинет", "You sign in with it"),
        "entry.email_sms_hint": .init(
            "На него придёт ссылка для подтверждения. При выборе способа по смс вводить не обязательно",
            "The link that confirms goes there. Not needed if you confirm by SMS"),
        "entry.password_rule": .init(
            "От {least} до {most} символов", "From {least} to {most} characters"),
        "entry.password_again_hint": .init(
            "Для проверки корректности внесённого пароля повторите его",
            "Type it again, so that it is certain"),
        "entry.way": .init(
            "Способ подтверждения регистрации", "How to confirm the registration"),
        "way.email": .init("через электронную почту (e-mail)", "by e-mail"),
        "way.sms": .init("через смс", "by SMS"),
        "entry.terms": .init(
            "Условия обработки персональных данных", "Terms of processing personal data"),
        "entry.terms_version": .init("Редакция: {version}", "Version: {version}"),
        "entry.agree": .init(
            "Согласен с условиями обработки персональных данных",
            "I agree to the terms of processing personal data"),
        "entry.have_access": .init("Уже зарегистрированы? Войти", "Registered already? Sign in"),
        "entry.slow": .init(
            "Обработка занимает больше времени, чем обычно. Обновите страницу через минуту.",
            "It takes longer than usual. Load this page again in a minute."),
        "entry.check_help": .init(
            "Если всё верно, а данные не подходят, обратитесь в организацию, которая ведёт лицевой счёт",
            "If all of it is right and does not fit, turn to the organization that keeps the account"
        ),
        "entry.letters": .init(
            "На один адрес мы отправляем не больше {n} {n|письма|писем|писем} в час. Если письма нет, откройте последнее из пришедших раньше.",
            "At most {n} {n|letter|letters} an hour go to one address. If none comes, open the last of those that came before."
        ),
        "entry.spam": .init(
            "Письма нет? Проверьте папку «Спам»: оно могло попасть в нежелательную почту или не дойти из-за блокировки.",
            "No letter? Check your spam folder: it may be there, or may have been blocked on its way."
        ),
        "entry.sent_title": .init("Проверьте почту", "Check your mail"),
        "entry.sent_registration": .init(
            "Мы отправили письмо со ссылкой. Чтобы завершить регистрацию, откройте её: она действует {span}. Если не успеете, зарегистрируйтесь заново.",
            "We sent a letter with a link. Open it to complete the registration: it counts for {span}. If it is too late, register again."
        ),
        "entry.sent_reset": .init(
            "Если такой логин зарегистрирован, на его электронную почту отправлено письмо со ссылкой. Ссылка действует {span}.",
            "If there is such a login, a letter with a link went to its e-mail address. The link counts for {span}."
        ),
        "entry.to_sign_in": .init("На страницу входа", "To the sign-in page"),
        "entry.start_again": .init("Зарегистрироваться заново", "Register again"),
        "entry.code_title": .init("Подтверждение по смс", "Confirm by SMS"),
        "entry.link_title": .init("Подтверждение", "Confirmation"),
        "entry.link_text": .init(
            "Нажмите кнопку, чтобы подтвердить. Ссылку из письма открывают и почтовые программы, поэтому сама по себе она ничего не меняет.",
            "Press the button to confirm. Mail programs open links too, so the link alone changes nothing."
        ),
        "entry.link_button": .init("Подтвердить", "Confirm"),
        "link.other": .init(
            "Сейчас в этом браузере открыт другой кабинет: вход выполнен как {login}. "
                + "Чтобы войти в тот, к которому относится ссылка, сначала выйдите.",
            "Another cabinet is open in this browser: {login} is signed in. "
                + "To enter the one that the link is about, sign out first."),
        "link.out": .init("Выйти и войти заново", "Sign out and sign in again"),
        "link.stay": .init("Продолжить как {login}", "Go on as {login}"),
        "link.dead": .init("Ссылка больше не действует", "The link is no longer valid"),
        "link.dead.done": .init(
            "Если регистрация, новый адрес или приглашение по ней уже подтверждены, больше ничего делать не нужно. "
                + "Если нет, начните заново. Если это приглашение – новое присылает владелец лицевого счёта.",
            "If the registration, the new address or the invitation that it was for is confirmed already, nothing is left to do. "
                + "If not, start again. If it is an invitation, the account's owner sends a new one."
        ),
        "link.dead.visitor": .init(
            "Если регистрация, новый адрес или приглашение по ней уже подтверждены, просто войдите. "
                + "Если нет, начните заново. Если это приглашение – новое присылает владелец лицевого счёта.",
            "If the registration, the new address or the invitation that it was for is confirmed already, just sign in. "
                + "If not, start again. If it is an invitation, the account's owner sends a new one."
        ),
        "link.registration": .init("Подтверждение регистрации", "Confirm the registration"),
        "link.elsewhere": .init(
            "Вы открыли письмо не в том браузере, в котором регистрировались. Введите пароль, который придумали при регистрации.",
            "You opened the letter in another browser than the one in which you registered. Type the password that you chose then."
        ),
        "link.password_hint": .init(
            "Если Вы не регистрировались, ничего не делайте",
            "If you did not register, do nothing"),

        // MARK: Invited

        "invitation.title": .init("Приглашение", "Invitation"),
        "invitation.text": .init(
            "Владелец лицевого счёта № {account} приглашает Вас в Личный кабинет",
            "The owner of account No. {account} invites you to the cabinet of"),
        "invitation.rights": .init("Вы сможете: {rights}.", "You may: {rights}."),
        "invitation.as": .init(
            "Вы вошли как {login}. Лицевой счёт появится в Вашем кабинете.",
            "You are signed in as {login}. The account will be in your cabinet."),
        "invitation.own": .init(
            "Это Ваше приглашение: Вы отправили его на адрес {email}, чтобы открыть доступ к лицевому счёту № {account}. "
                + "Вам принимать его не нужно.",
            "This is your own invitation: you sent it to {email} to share account No. {account}. "
                + "You need not accept it."),
        "invitation.accept": .init("Принять приглашение", "Accept the invitation"),
        "invitation.have": .init(
            "Уже пользуетесь этим Личным кабинетом? Войдите, и приглашение откроется снова.",
            "You use this cabinet already? Sign in, and the invitation opens again."),
        "invitation.lives": .init(
            "Приглашение действует {n} {n|час|часа|часов}.",
            "The invitation counts for {n} {n|hour|hours}."),
        "invitation.new": .init("Я здесь впервые", "I am new here"),
        "invitation.new_text": .init(
            "Придумайте пароль. Входить Вы будете с ним и с адресом, на который пришло приглашение.",
            "Choose a password. You will sign in with it and the address that the invitation went to."
        ),
        "invitation.register": .init("Создать вход", "Make my login"),

        // MARK: Codes

        "code.text": .init(
            "Укажите номер телефона: на него придёт смс с кодом.",
            "Give a telephone number: a code goes there by SMS."),
        "code.over": .init(
            "Код, отправленный на номер {phone}, больше не действует. Отправьте новый на этот номер или на другой.",
            "The code sent to {phone} is no longer valid. Send another to this number or to a different one."
        ),
        "code.phone_hint": .init(
            "Мобильный, например +7 916 123-45-67", "A mobile number, as +7 916 123-45-67"),
        "code.send": .init("Отправить смс", "Send the code"),
        "code.again": .init("Отправить смс ещё раз", "Send another code"),
        "code.same": .init(
            "Новый код придёт на тот же номер: {phone}",
            "Another code goes to the same number: {phone}"),
        "code.other": .init("Отправить на другой номер", "Send it to another number"),
        "code.again_title": .init("Код не пришёл?", "No code came?"),
        "code.sent": .init("Код отправлен на номер {phone}.", "The code went to {phone}."),
        "code.left": .init(
            "Шесть цифр из смс. Код действует ещё {n} {n|минуту|минуты|минут}",
            "The six digits of the message. The code counts for another {n} {n|minute|minutes}"),
        "code.ok": .init("ОК", "OK"),
        "code.wait": .init(
            "Новый код можно запросить через {seconds} {seconds|секунду|секунды|секунд}",
            "Another code can be asked for in {seconds} {seconds|second|seconds}"),
        "phone.title": .init("Номер телефона", "Telephone number"),

        // MARK: Forgotten passwords

        "entry.reset_title": .init("Восстановление пароля", "Recover your password"),
        "entry.reset_text": .init(
            "Мы отправим на Вашу электронную почту ссылку, по которой можно задать новый пароль.",
            "We send a link to your e-mail address; it lets you set a new password."),
        "entry.reset_button": .init("Отправить ссылку", "Send the link"),
        "entry.new_password_title": .init("Новый пароль", "New password"),
        "entry.ask_again": .init("Запросить новую ссылку", "Ask for another link"),

        // MARK: The menu

        "menu.home": .init("Главная", "Main page"),
        "menu.account": .init("Лицевой счёт", "Account"),
        "menu.accounts": .init("Мои лицевые счета", "My accounts"),
        "menu.house": .init("Общедомовые нужды", "House meters"),
        "menu.services": .init("Дополнительные услуги", "Additional services"),
        "menu.data": .init("Личные данные", "Personal data"),
        "menu.profile": .init("Мой профиль", "My profile"),

        // MARK: One's own data

        "profile.demo": .init(
            "Вы вошли по демонстрационной ссылке: у такого входа нет ни пароля, ни второго фактора.",
            "You came by a demo link: there is no password and no second factor."),
        "profile.holder": .init("ФИО", "Full name"),
        "profile.address": .init("Адрес", "Address"),
        "profile.rooms": .init("Количество комнат", "Rooms"),
        "profile.area": .init("Общая площадь квартиры", "Area of the flat"),
        "profile.residents": .init("Количество проживающих", "Residents"),
        "profile.unknown": .init("не указано", "not stated"),
        "profile.not_given": .init("не указан", "not given"),
        "profile.unconfirmed": .init("не подтверждён", "not confirmed"),
        "profile.confirm": .init("Подтвердить", "Confirm"),
        "profile.confirm_hint": .init(
            "Мы отправим на {email} письмо со ссылкой", "A letter with a link goes to {email}"),
        "profile.confirm_send": .init("Отправить письмо", "Send the letter"),
        "profile.enter": .init("Указать", "Enter"),
        "profile.change": .init("Изменить", "Change"),
        "profile.no_accounts": .init(
            "К кабинету ещё не привязан лицевой счёт.",
            "No account has been added to your cabinet yet."),
        "profile.contacts": .init("Контактные данные", "Contacts"),
        "profile.login": .init("Логин", "Login"),
        "profile.login_email": .init("Email для входа", "E-mail to sign in with"),
        "profile.password_title": .init("Пароль и e-mail", "Password and e-mail"),
        "profile.password_changed": .init(
            "Пароль изменён {time}", "The password was changed on {time}"),
        "profile.change_password": .init("Изменить пароль", "Change the password"),
        "profile.new_password_title": .init("Новый пароль", "New password"),
        "profile.password_hint": .init(
            "Остальные сеансы завершатся. Пароль мы никому не отправляем, в том числе в письме.",
            "Your other sessions end. We send the password to nobody, not even by letter."),
        "profile.new_email_title": .init("Новый адрес e-mail", "New e-mail address"),
        "profile.email_hint": .init(
            "На него придёт ссылка; на прежний адрес придёт уведомление",
            "A link goes there; the old address is told"),
        "unit.area": .init("м²", "m²"),

        "sessions.title": .init("Сеансы", "Sessions"),
        "sessions.this": .init("этот", "this one"),
        "sessions.unknown": .init("Неизвестный браузер", "Unknown browser"),
        "sessions.seen": .init("активность {time}", "seen {time}"),
        "sessions.remembered": .init("с отметкой «Запомнить»", "remembered"),
        "sessions.end": .init("Завершить", "End"),
        "sessions.end_others": .init("Завершить остальные сеансы", "End all other sessions"),

        "factor.title": .init("Второй фактор", "Second factor"),
        "factor.on": .init("Включён {time}.", "On since {time}."),
        "factor.off": .init(
            "Выключен. Если его включить, при входе нужен будет и код из приложения.",
            "Off. When it is on, signing in needs a code of an application too."),
        "factor.to_enable": .init("Включить второй фактор", "Switch the second factor on"),
        "factor.to_disable": .init("Выключить второй фактор", "Switch the second factor off"),
        "factor.text": .init(
            "Добавьте Личный кабинет в приложение-аутентификатор, затем введите код, который оно покажет.",
            "Add the cabinet to an authenticator application, then type the code that it shows."),
        "factor.qr": .init("QR-код для приложения", "QR code for the application"),
        "factor.by_hand": .init(
            "Или введите в приложении этот ключ:", "Or type this key into the application:"),
        "factor.code": .init("Код из приложения", "Code of the application"),
        "factor.code_hint": .init("Шесть цифр", "Six digits"),
        "factor.enable": .init("Включить", "Switch on"),
        "factor.disable": .init("Выключить", "Switch off"),
        "factor.left": .init("Кодов восстановления осталось: {n}.", "Recovery codes left: {n}."),
        "factor.few": .init(
            "Кодов восстановления осталось: {n}. Чтобы получить десять новых, выключите второй фактор и включите его снова.",
            "Recovery codes left: {n}. For ten new ones, switch the second factor off and on again."
        ),
        "factor.recovery_title": .init("Коды восстановления", "Recovery codes"),
        "factor.recovery_text": .init(
            "Запишите их и сохраните: больше они не появятся. Каждый один раз заменяет код из приложения, если телефон потерян.",
            "Write them down: they are not shown again. Each replaces the code of the application once, if your phone is lost."
        ),

        "export.title": .init("Ваши данные", "Your data"),
        "export.text": .init(
            "Всё, что хранится о Вас: профиль, лицевые счета, показания, начисления, платежи, квитанции, приглашения, согласия и сеансы, в JSON и CSV.",
            "All that is kept of you: profile, accounts, readings, charges, payments, bills, invitations, consents and sessions, as JSON and CSV."
        ),
        "export.link": .init("Скачать архив (ZIP)", "Download the archive (ZIP)"),

        "delete.title": .init("Удаление учётной записи", "Delete your access"),
        "delete.text": .init(
            "Контакты, пароль и сеансы будут удалены. Лицевой счёт, начисления и показания останутся в организации.",
            "Contacts, password and sessions are deleted. The account, its charges and readings stay with the organization."
        ),
        "delete.open": .init("Удалить учётную запись", "Delete my access"),
        "delete.button": .init("Удалить навсегда", "Delete for good"),

        // MARK: Accounts

        "accounts.none": .init(
            "Для получения доступа к данным лицевого счёта добавьте его.",
            "Add an account to see its data."),
        "accounts.none_shared": .init(
            "Сейчас Вам не открыт ни один лицевой счёт. Если доступ закрыл владелец, попросите его пригласить Вас снова. Свой лицевой счёт можно добавить здесь.",
            "No account is open to you now. If its owner ended your access, ask to be invited again. You can add an account of your own here."
        ),
        "accounts.closed": .init("закрыт {date}", "closed on {date}"),
        "accounts.shared": .init(
            "Доступ дал владелец: {rights}", "Shared by its owner: {rights}"),
        "accounts.contacts": .init(
            "Укажите свои Контактные данные", "Enter your contact details"),
        "attach.title": .init("Добавление лицевого счета", "Add an account"),
        "attach.button": .init("Добавить лицевой счет", "Add an account"),
        "attach.account": .init("Лицевой счет", "Account"),
        "attach.payment_code": .init("Платёжный код", "Payment code"),
        "attach.payment_code_hint": .init(
            "Номер лицевого счёта в счёте на оплату", "The account number on the bill"),
        "attach.endings": .init(
            "Номер из квитанции. В этой квартире он заканчивается на {endings}",
            "The number on the bill. In this flat it ends with {endings}"),
        "attach.ways": .init(
            "Подтвердите, что лицевой счёт Ваш, любым из способов:",
            "Prove in any of these ways that the account is yours:"),
        "attach.way": .init("Способ {n}", "Way {n}"),
        "attach.password": .init("Пароль к этому лицевому счету", "Password of that account"),
        "attach.password_hint": .init(
            "Если лицевой счёт уже зарегистрирован", "If that account is registered already"),
        "attach.last_payment": .init(
            "Укажите дату и сумму последней оплаты", "Date and sum of the last payment"),
        "attach.paid_on": .init("Дата платежа", "Date of the payment"),
        "attach.paid": .init("Сумма платежа", "Sum of the payment"),
        "attach.paid_hint": .init(
            "Если вы заплатили 123 рубля 45 копеек, необходимо ввести 123,45",
            "If you paid 123 roubles 45 kopecks, enter 123.45"),
        "attach.bill": .init("Счёт на оплату", "A bill"),
        "attach.bill_month": .init("Месяц счёта", "Month of the bill"),
        "attach.bill_month_hint": .init("Например, 2026-04", "For example, 2026-04"),
        "attach.bill_total": .init("Сумма счёта", "Total of the bill"),
        "attach.code": .init("Код со счёта", "Code on the bill"),
        "attach.code_hint": .init("Напечатан на счёте на оплату", "Printed on the bill"),
        "attach.answer": .init("Ответ на вопрос", "Answer to the question"),
        "attach.company": .init("Управляющая организация", "Managing company"),
        "attach.house": .init("Дом", "House"),
        "attach.flat": .init("Квартира", "Flat"),
        "attach.choose": .init("Выберите", "Choose"),
        "attach.nothing": .init("Здесь выбирать не из чего", "There is nothing to choose here"),
        "attach.most": .init(
            "На одну электронную почту можно зарегистрировать не более {most} {most|лицевого счёта|лицевых счетов|лицевых счетов}.",
            "At most {most} {most|account|accounts} can be registered with one e-mail address."),

        "account.settings": .init("Название и доступ", "Name and access"),
        "account.name_title": .init("Название", "Name"),
        "account.name": .init("Как называть этот лицевой счёт", "What to call this account"),
        "account.name_hint": .init("Например, «Дача»", "For example, “Cottage”"),
        "detach.title": .init("Убрать лицевой счёт", "Remove the account"),
        "detach.text": .init(
            "Лицевой счёт исчезнет из Вашего кабинета. Показания и расчёты по нему останутся в организации.",
            "The account disappears from your cabinet. Its readings and charges stay with the organization."
        ),
        "detach.button": .init("Убрать из кабинета", "Remove from my cabinet"),

        "share.title": .init("Доступ других людей", "Access of others"),
        "share.text": .init(
            "Вы можете пригласить другого человека: он увидит этот лицевой счёт в своём кабинете.",
            "You can invite another person, who then sees this account in a cabinet of their own."),
        "share.invite": .init("Пригласить", "Invite"),
        "share.email_hint": .init("На него придёт приглашение", "The invitation goes there"),
        "share.rights": .init("Что ещё можно", "What else is allowed"),
        "share.rights_hint": .init(
            "Смотреть показания и расчёты можно всегда.",
            "Looking at readings and charges is always allowed."),
        "share.button": .init("Отправить приглашение", "Send the invitation"),
        "share.accepted": .init("пользуется", "accepted"),
        "share.accepted_by": .init("пользуется {who}", "accepted by {who}"),
        "share.waiting": .init("приглашён, до {time}", "invited, until {time}"),
        "share.end": .init("Закрыть доступ", "End the access"),
        "right.view": .init("смотреть", "look"),
        "right.readings": .init("передавать показания", "submit readings"),
        "right.pay": .init("платить", "pay"),

        // MARK: Services

        "services.text": .init(
            "Отметьте, что включить. Снять отметку можно в любой момент.",
            "Tick what to switch on. You can take a tick back at any time."),
        "services.save": .init("Сохранить изменения", "Save the changes"),
        "services.of_base": .init(
            "{contact}, по данным организации", "{contact}, as the organization has it"),
        "services.confirm": .init("Подтвердить или изменить", "Confirm or change"),
        "services.enter": .init("Указать и подтвердить", "Enter and confirm"),
        "services.since": .init("Включено {time}", "On since {time}"),
        "services.until": .init("Выключено {time}", "Off since {time}"),
        "services.not_owner": .init(
            "Этими услугами распоряжается владелец лицевого счёта.",
            "The owner of the account decides about these services."),
        "unsubscribe.title": .init("Отписаться", "Unsubscribe"),
        "unsubscribe.text": .init(
            "Нажмите кнопку, и мы перестанем присылать такие сообщения.",
            "Press the button, and we stop sending such notices."),
        "unsubscribe.over": .init(
            "Эти сообщения уже отключены. Снова включить их можно в Личном кабинете",
            "These notices are switched off already. You can switch them on again in the cabinet"),
        "unsubscribe.account": .init("лицевой счёт …{ending}", "account …{ending}"),
        "unsubscribe.button": .init("Отписаться", "Unsubscribe"),
    ]
}
