extension Words {
    /// The operators' console.
    static let operators: [String: Entry] = [
        "console.title": .init("Рабочее место оператора", "The operators' console"),
        "console.sign_in_title": .init("Вход оператора", "Operators sign in"),
        "console.sign_in_hint": .init(
            "Учётную запись и новый пароль даёт администратор.",
            "Accounts and new passwords come from the administrator."),
        "console.login": .init("Логин", "Login"),
        "console.password_title": .init("Свой пароль", "A password of your own"),
        "console.password_text": .init(
            "Вы вошли с паролем, который дал администратор. Придумайте свой.",
            "You signed in with the password that the administrator gave. Choose one of your own."),
        "console.factor_text": .init(
            "Ваша организация требует второй фактор.",
            "Your organization requires a second factor."),
        "console.factor_on": .init(
            "Приложение для кодов уже настроено. Новое заменит его; понадобится и код прежнего. Если его нет, обратитесь к администратору.",
            "An authenticator is set up already. A new one takes its place, and a code of the present one is needed. If you have it no more, ask the administrator."
        ),
        "console.present_code": .init(
            "Код из прежнего приложения", "Code of the present application"),
        "console.own_password": .init("Сменить пароль", "Change the password"),
        "console.own_factor": .init(
            "Настроить приложение для кодов", "Set the authenticator up"),
        "console.find_title": .init("Поиск", "Find"),
        "console.find": .init("Кого найти", "Whom to find"),
        "console.find_hint": .init(
            "Номер лицевого счёта, логин, электронная почта или начало фамилии",
            "The number of an account, a login, an e-mail address, or how a surname begins"),
        "console.find_button": .init("Найти", "Find"),
        "console.find_again": .init("К поиску", "Back to finding"),
        "console.why": .init("Причина", "Reason"),
        "console.why_hint": .init(
            "Например, «звонок, забыл пароль». Записывается в журнал вместе с тем, что вы увидите",
            "Such as “a call, password forgotten”. It is kept in the audit with what you will see"),
        "console.why_missing": .init(
            "Укажите, кого найти и по какой причине: хотя бы три буквы",
            "Say whom to find, and for which reason, in three letters at least"),
        "console.nobody": .init(
            "Никого не нашлось. Проверьте написание или поищите по другому признаку",
            "Nobody was found. Check the spelling or look for something else"),
        "console.more": .init(
            "Показано не больше {n}. Уточните, кого искать", "At most {n} are shown. Say more"),
        "console.accounts": .init("Лицевые счета", "Accounts"),
        "console.persons": .init("Пользователи", "Users"),
        "console.flat": .init("кв.\u{A0}{n}", "flat\u{A0}{n}"),
        "console.closed": .init("закрыт {date}", "closed on {date}"),
        "console.guest": .init("доступ дан владельцем", "let in by the owner"),
        "console.owner": .init("владелец", "owner"),
        "console.signs_in": .init(
            "владелец, входит по номеру этого счёта", "owner, signs in with its number"),
        "console.detach": .init("Убрать счёт у этого человека", "Take the account away"),
        "console.detach_text": .init(
            "Счёт исчезнет из кабинета этого человека; его контакты и согласия по счёту прекратятся, приглашённые им потеряют "
                + "доступ. Ему уйдёт извещение.",
            "The account disappears from this person's cabinet; their contacts and consents for it end, and whom they invited "
                + "has no access any more. The person is told."),
        "console.detach_login": .init(
            "Этот человек входит по номеру счёта: дальше он будет входить по номеру другого своего счёта, а если другого "
                + "нет, его доступ будет удалён. Контакты и согласия по счёту прекратятся, ему уйдёт извещение. После этого "
                + "счёт можно зарегистрировать заново.",
            "This person signs in with the account's number: from then on with that of another own account, and where there "
                + "is none, the access is deleted. Contacts and consents for the account end, the person is told. The account "
                + "can be registered anew then."),
        "console.house": .init("Код дома", "The house's code"),
        "console.base_phone": .init("Телефон в базе", "Telephone in the base"),
        "console.base_email": .init("E-mail в базе", "E-mail in the base"),
        "console.users": .init("Кто им пользуется", "Who uses it"),
        "console.no_users": .init(
            "К этому счёту ещё никто не подключился", "Nobody has attached this account yet"),
        "console.person_title": .init("Пользователь {login}", "User {login}"),
        "console.name": .init("Обращение", "Addressed as"),
        "console.kind": .init("Способ входа", "Signs in with"),
        "console.kind.account": .init("номер лицевого счёта", "the number of an account"),
        "console.kind.email": .init("адрес электронной почты", "an e-mail address"),
        "console.kind.login": .init("имя пользователя", "a name"),
        "console.kind.demo": .init("демонстрационная ссылка", "a demo link"),
        "console.confirmed": .init("подтверждён {time}", "confirmed {time}"),
        "console.unconfirmed": .init("не подтверждён", "not confirmed"),
        "console.none": .init("нет", "none"),
        "console.created": .init("Дата регистрации", "Registered"),
        "console.seen": .init("Последний визит", "Last here"),
        "console.never": .init("не было", "never"),
        "console.sessions": .init("Открытых сеансов", "Open sessions"),
        "console.yes": .init("включён", "on"),
        "console.no": .init("выключен", "off"),
        "console.no_accounts": .init("Лицевых счетов нет", "No accounts"),
        "console.restore": .init("Восстановить доступ", "Restore access"),
        "console.restore_text": .init(
            "На новый адрес уйдёт ссылка для нового пароля, на прежний — извещение. Открытые сеансы завершатся, "
                + "прежний пароль перестанет действовать, второй фактор выключится.",
            "The new address gets a link to a new password, the old one is told. Open sessions end, "
                + "the old password opens nothing any more, the second factor is switched off."),
        "console.check": .init("Что проверено", "What was checked"),
        "console.check.documents": .init(
            "Документы, подтверждающие принадлежность счёта",
            "Documents that prove whose account it is"),
        "console.check.questions": .init("Ответы на вопросы", "Answers to questions"),
        "console.restore_why": .init("Основание", "Grounds"),
        "console.restore_why_hint": .init(
            "Какие документы предъявлены или о чём спрошено; без номеров документов",
            "Which documents were shown or what was asked; no numbers of documents"),
        "console.not_within": .init(
            "У этого человека есть счета в домах, которых ваша роль не касается. Передайте обращение администратору.",
            "This person has accounts in houses that your role does not reach. Hand it over to the administrator."
        ),
        "done.restored": .init(
            "Доступ восстановлен: ссылка для нового пароля отправлена",
            "Access is restored: the link to a new password is sent"),
        "done.person_detached": .init(
            "Счёт убран из кабинета, извещение отправлено",
            "The account is taken away, and the person is told"),
        "shape.same_password": .init(
            "новый пароль совпадает с прежним", "the new password is the old one"),
    ]
}
