public import Commands

/// A letter's words; whoever shows them escapes them.
public struct LetterWords: Sendable, Equatable {
    public var title: String
    /// The text before the button.
    public var paragraphs: [String]
    /// What the button says that leads to the notice's link.
    public var button: String?
    /// What is said beneath, small: what to do if it was not you.
    public var remark: String?
}

extension Words {
    /// UTF-16 units that one SMS takes as soon as one of them is Cyrillic (UCS-2).
    public static let messageUnits = 70

    /// The words of a notice as a letter.
    /// - Parameter values: those of `Notice.values`, `org` (who writes) and, where the secret is a code, `code`.
    public static func letter(
        _ notice: Notice, _ language: Language, _ values: [String: String]
    ) -> LetterWords {
        let values = localized(notice: values, language)
        let key = "notice.\(notice.rawValue)"
        return LetterWords(
            title: text("\(key).title", language, values),
            paragraphs: text("\(key).text", language, values).split(separator: "\n")
                .map(String.init),
            button: notice.secret == .link ? text("\(key).button", language, values) : nil,
            remark: catalogue["\(key).remark"] == nil
                ? nil : text("\(key).remark", language, values))
    }

    /// The words of a notice as an SMS. One with a code always fits into one: who writes is left out where it does not.
    public static func message(
        _ notice: Notice, _ language: Language, _ values: [String: String]
    ) -> String {
        let key = "notice.\(notice.rawValue).message"
        var values = localized(notice: values, language)
        let whole = text(key, language, values)
        guard notice.secret == .code, whole.utf16.count > messageUnits else { return whole }
        values["org"] = ""
        var short = text(key, language, values)
        while short.last == " " { short.removeLast() }
        return short
    }

    /// Beneath every letter.
    public static func letterFooter(_ language: Language, org: String) -> String {
        text("notice.footer", language, ["org": org])
    }

    public static func unsubscribe(_ language: Language) -> String {
        text("notice.unsubscribe", language)
    }

    /// What an invited person may do, in the order in which it is told everywhere: «смотреть, платить».
    public static func rights(_ rights: [Right], _ language: Language) -> String {
        Right.allCases.filter(rights.contains).map { text("right.\($0.rawValue)", language) }
            .joined(separator: ", ")
    }

    private static func localized(
        notice values: [String: String], _ language: Language
    ) -> [String: String] {
        var values = values
        if let time = values["time"] { values["time"] = moment(time, language) }
        if let month = values["month"].flatMap({ Month($0) }) {
            values["month"] = self.month(month, language)
        }
        let rights = (values["rights"] ?? "").split(separator: ",").compactMap {
            Right(rawValue: String($0))
        }
        values["may"] =
            rights.isEmpty
            ? "" : text("invitation.rights", language, ["rights": self.rights(rights, language)])
        values["lives"] =
            values["hours"].map { text("invitation.lives", language, ["n": $0]) } ?? ""
        values["sign_in"] =
            values["login"].map { text("notice.email.login", language, ["login": $0]) } ?? ""
        if let closing = values["closing"].flatMap({ Int64($0) }) {
            let due = values["due"].flatMap { Day($0) }.map { date($0, language) } ?? ""
            // What is owed to one payee is to be paid whatever another was paid too much.
            let owed = values["owed"].flatMap { Int64($0) } ?? max(closing, 0)
            values["to_pay"] = text(
                owed > 0
                    ? "notice.bill.to_pay"
                    : closing < 0 ? "notice.bill.overpaid" : "notice.bill.even",
                language,
                [
                    "amount": money(Money(kopecks: owed > 0 ? owed : abs(closing)), language),
                    "due": due,
                ])
        }
        return values
    }

    static let notices: [String: Entry] = [
        "notice.footer": .init(
            "Это письмо отправлено автоматически, отвечать на него не нужно. {org}",
            "This letter was sent automatically; please do not reply. {org}"),
        "notice.unsubscribe": .init("Отписаться от таких писем", "Unsubscribe from such letters"),

        "notice.registration.confirm.title": .init(
            "Подтвердите регистрацию в Личном кабинете", "Confirm your registration"),
        "notice.registration.confirm.text": .init(
            "Вы зарегистрировались в Личном кабинете {org}. "
                + "Чтобы завершить регистрацию, перейдите по ссылке.",
            "You registered for the cabinet of {org}. Follow the link to complete the registration."
        ),
        "notice.registration.confirm.button": .init(
            "Подтвердить регистрацию", "Confirm the registration"),
        "notice.registration.confirm.remark": .init(
            "Если Вы не регистрировались, ничего не делайте: без подтверждения учётной записи не будет.",
            "If it was not you, do nothing: without confirmation there will be no account."),

        "notice.registration.code.title": .init("Код подтверждения", "Confirmation code"),
        "notice.registration.code.text": .init(
            "Код подтверждения регистрации: {code}\nНикому его не сообщайте.",
            "Your registration code: {code}\nTell it to nobody."),
        "notice.registration.code.message": .init(
            "Код подтверждения: {code}. Никому не сообщайте. {org}",
            "Code: {code}. Tell it to nobody. {org}"),

        "notice.registration.exists.title": .init(
            "Попытка повторной регистрации", "An attempt to register again"),
        "notice.registration.exists.text": .init(
            "Кто-то, возможно Вы, указал Ваши данные, чтобы зарегистрироваться в Личном кабинете {org} или сменить "
                + "там адрес, но учётная запись уже есть.\n"
                + "Войдите с прежним паролем или восстановите его на странице входа.",
            "Somebody, perhaps you, used your details to register for the cabinet of {org}, or to change an "
                + "address there, but there is an account already.\nSign in with its password, or restore it on the sign-in page."
        ),
        "notice.registration.exists.message": .init(
            "Вы уже зарегистрированы. Войдите или восстановите пароль. {org}",
            "You are registered already. Sign in or restore the password. {org}"),

        "notice.password.reset.title": .init("Восстановление пароля", "Restoring the password"),
        "notice.password.reset.text": .init(
            "Запрошено восстановление пароля для «{account}» в Личном кабинете {org}. "
                + "Чтобы задать новый пароль, перейдите по ссылке.",
            "Somebody asked to restore the password of “{account}” for the cabinet of {org}. "
                + "Follow the link to set a new one."),
        "notice.password.reset.button": .init("Задать новый пароль", "Set a new password"),
        "notice.password.reset.remark": .init(
            "Если Вы этого не запрашивали, ничего не делайте: пароль останется прежним.",
            "If it was not you, do nothing: the password stays as it is."),

        "notice.access.restored.title": .init("Доступ восстановлен", "Access is restored"),
        "notice.access.restored.text": .init(
            "По обращению в {org} этот адрес указан для входа в Личный кабинет под именем «{account}». "
                + "Прежний пароль больше не действует. Чтобы задать новый, перейдите по ссылке.",
            "On a request to {org} this address was set for the cabinet of “{account}”. "
                + "The old password is no longer valid. Follow the link to set a new one."),
        "notice.access.restored.button": .init("Задать новый пароль", "Set a new password"),
        "notice.access.restored.remark": .init(
            "Если Вы не обращались, не переходите по ссылке и сообщите в {org}.",
            "If you made no request, do not follow the link, and tell {org}."),

        "notice.password.changed.title": .init("Пароль изменён", "The password was changed"),
        "notice.password.changed.text": .init(
            "Пароль Вашего Личного кабинета {org} изменён {time}. "
                + "На других устройствах вход завершён.",
            "The password of your cabinet of {org} was changed on {time}. "
                + "Other devices were signed out."),
        "notice.password.changed.remark": .init(
            "Если это не Вы, немедленно восстановите пароль на странице входа.",
            "If it was not you, restore the password on the sign-in page at once."),
        "notice.password.changed.message": .init(
            "Пароль изменён {time}. Если это не Вы, восстановите его. {org}",
            "Password changed {time}. If it was not you, restore it. {org}"),

        "notice.email.confirm.title": .init(
            "Подтвердите адрес электронной почты", "Confirm your e-mail address"),
        "notice.email.confirm.text": .init(
            "Этот адрес указан в Личном кабинете {org}. Чтобы подтвердить его, перейдите по ссылке.",
            "This address was entered in the cabinet of {org}. Follow the link to confirm it."),
        "notice.email.confirm.button": .init("Подтвердить адрес", "Confirm the address"),
        "notice.email.confirm.remark": .init(
            "Если Вы не указывали этот адрес, ничего не делайте.",
            "If you did not enter it, do nothing."),

        "notice.email.changed.title": .init(
            "Адрес электронной почты изменён", "The e-mail address was changed"),
        "notice.email.changed.text": .init(
            "Адрес Вашего Личного кабинета {org} изменён {time} на {contact}. "
                + "Письма больше не будут приходить сюда.\n{sign_in}",
            "The address of your cabinet of {org} was changed on {time} to {contact}. "
                + "Letters will not come here any more.\n{sign_in}"),
        "notice.email.login": .init(
            "Входить в Личный кабинет теперь нужно с новым адресом: {login}.",
            "Sign in to the cabinet with the new address from now on: {login}."),
        "notice.email.changed.remark": .init(
            "Если это не Вы, обратитесь в {org}.", "If it was not you, contact {org}."),
        "notice.email.changed.message": .init(
            "Адрес почты изменён {time} на {contact}. Не Вы? Обратитесь: {org}",
            "E-mail changed {time} to {contact}. Not you? Contact {org}"),

        "notice.contact.restored.title": .init(
            "Контакт изменён по обращению", "The contact was changed on request"),
        "notice.contact.restored.text": .init(
            "По обращению в {org} {time} для Вашего Личного кабинета указан новый контакт: {contact}.",
            "On a request to {org}, a new contact was set for your cabinet on {time}: {contact}."),
        "notice.contact.restored.remark": .init(
            "Если Вы не обращались, сообщите в {org} как можно скорее.",
            "If you made no request, tell {org} as soon as you can."),
        "notice.contact.restored.message": .init(
            "Новый контакт кабинета: {contact}, {time}. Не Вы? Обратитесь: {org}",
            "New contact of the cabinet: {contact}, {time}. Not you? Contact {org}"),

        "notice.phone.code.title": .init("Код подтверждения телефона", "Phone confirmation code"),
        "notice.phone.code.text": .init(
            "Код подтверждения номера телефона: {code}\nНикому его не сообщайте.",
            "The code to confirm your phone number: {code}\nTell it to nobody."),
        "notice.phone.code.message": .init(
            "Код для телефона: {code}. Никому не сообщайте. {org}",
            "Phone code: {code}. Tell it to nobody. {org}"),

        "notice.phone.changed.title": .init(
            "Номер телефона изменён", "The telephone number was changed"),
        "notice.phone.changed.text": .init(
            "Номер телефона Вашего Личного кабинета {org} изменён {time} на {contact}.",
            "The telephone number of your cabinet of {org} was changed on {time} to {contact}."),
        "notice.phone.changed.remark": .init(
            "Если это не Вы, смените пароль и обратитесь в {org}.",
            "If it was not you, change the password and contact {org}."),
        "notice.phone.changed.message": .init(
            "Телефон кабинета изменён {time} на {contact}. Не Вы? Обратитесь: {org}",
            "Phone of the cabinet changed {time} to {contact}. Not you? Contact {org}"),

        "notice.share.invited.title": .init(
            "Вам открыт доступ к лицевому счёту", "You were given access to an account"),
        "notice.share.invited.text": .init(
            "Владелец лицевого счёта № {account} приглашает Вас в Личный кабинет {org}.\n{may}\n"
                + "Чтобы принять приглашение, перейдите по ссылке.\n{lives}",
            "The owner of account No. {account} invites you to the cabinet of {org}.\n{may}\n"
                + "Follow the link to accept.\n{lives}"),
        "notice.share.invited.button": .init("Принять приглашение", "Accept the invitation"),
        "notice.share.invited.remark": .init(
            "Если Вы не знаете, от кого оно, ничего не делайте.",
            "If you do not know whom it is from, do nothing."),

        "notice.account.attached.title": .init(
            "Лицевой счёт подключён", "An account was added"),
        "notice.account.attached.text": .init(
            "Лицевой счёт № {account} подключён к Личному кабинету {org}.",
            "Account No. {account} was added to a cabinet of {org}."),
        "notice.account.attached.remark": .init(
            "Если это не Вы, обратитесь в {org}.", "If it was not you, contact {org}."),
        "notice.account.attached.message": .init(
            "Счёт {account} подключён к кабинету. Не Вы? Обратитесь: {org}",
            "Account {account} was added to a cabinet. Not you? Contact {org}"),

        "notice.account.detached.title": .init(
            "Лицевой счёт убран из кабинета", "An account was removed from your cabinet"),
        "notice.account.detached.text": .init(
            "Сотрудник {org} {time} убрал лицевой счёт № {account} из Вашего Личного кабинета.",
            "On {time} {org} took account No. {account} out of your cabinet."),
        "notice.account.detached.remark": .init(
            "Если Вы не согласны, обратитесь в {org}.", "If you do not agree, contact {org}."),
        "notice.account.detached.message": .init(
            "Счёт {account} убран из Вашего кабинета {time}. Не согласны? Обратитесь: {org}",
            "Account {account} was taken out of your cabinet {time}. Contact {org}"),

        "notice.share.ended.title": .init(
            "Доступ к лицевому счёту закрыт", "The access to an account has ended"),
        "notice.share.ended.text": .init(
            "Владелец лицевого счёта № {account} {time} закрыл Вам доступ к нему в Личном кабинете {org}.",
            "On {time} the owner of account No. {account} ended your access to it in the cabinet of {org}."
        ),
        "notice.share.ended.remark": .init(
            "Ваш вход в кабинет остаётся. Снова открыть доступ может только владелец счёта.",
            "Your login stays. Only the owner of the account can let you in again."),
        "notice.share.ended.message": .init(
            "Владелец закрыл Вам доступ к счёту {account} {time}. {org}",
            "The owner ended your access to account {account} {time}. {org}"),

        "notice.login.changed.title": .init(
            "Изменился номер для входа", "Your login has changed"),
        "notice.login.changed.text": .init(
            "С {time} номер для входа в Ваш Личный кабинет {org} — {account}. Пароль прежний.",
            "Since {time} you sign in to your cabinet of {org} with the number {account}. "
                + "The password is the same."),
        "notice.login.changed.remark": .init(
            "Если Вам непонятно почему, обратитесь в {org}.",
            "If you do not know why, contact {org}."),
        "notice.login.changed.message": .init(
            "Номер для входа в кабинет с {time}: {account}. Пароль прежний. {org}",
            "You sign in to the cabinet with {account} since {time}. Same password. {org}"),

        "notice.signin.new.title": .init("Новый вход в Личный кабинет", "A new sign-in"),
        "notice.signin.new.text": .init(
            "В Ваш Личный кабинет {org} вошли {time} с адреса {address}.",
            "Somebody signed in to your cabinet of {org} on {time} from {address}."),
        "notice.signin.new.remark": .init(
            "Если это не Вы, смените пароль: вход на всех устройствах завершится.",
            "If it was not you, change the password: all devices will be signed out."),
        "notice.signin.new.message": .init(
            "Вход в кабинет {time}, адрес {address}. Не Вы? Смените пароль. {org}",
            "Signed in {time} from {address}. Not you? Change the password. {org}"),

        "notice.factor.on.title": .init(
            "Второй фактор включён", "The second factor was switched on"),
        "notice.factor.on.text": .init(
            "Для входа в Ваш Личный кабинет {org} {time} включён второй фактор: "
                + "кроме пароля нужен код из приложения.",
            "On {time} the second factor of your cabinet of {org} was switched on: "
                + "beside the password a code of an app is needed."),
        "notice.factor.on.remark": .init(
            "Если это не Вы, обратитесь в {org}.", "If it was not you, contact {org}."),
        "notice.factor.on.message": .init(
            "Второй фактор входа включён {time}. Не Вы? Обратитесь: {org}",
            "Second factor switched on {time}. Not you? Contact {org}"),

        "notice.factor.off.title": .init(
            "Второй фактор выключен", "The second factor was switched off"),
        "notice.factor.off.text": .init(
            "Для входа в Ваш Личный кабинет {org} {time} выключен второй фактор: "
                + "теперь достаточно пароля.",
            "On {time} the second factor of your cabinet of {org} was switched off: "
                + "the password is enough now."),
        "notice.factor.off.remark": .init(
            "Если это не Вы, смените пароль: вход на других устройствах завершится.",
            "If it was not you, change the password: other devices will be signed out."),
        "notice.factor.off.message": .init(
            "Второй фактор входа выключен {time}. Не Вы? Смените пароль. {org}",
            "Second factor switched off {time}. Not you? Change the password. {org}"),

        "notice.factor.recovery.title": .init(
            "Использован код восстановления", "A recovery code was used"),
        "notice.factor.recovery.text": .init(
            "Вход в Ваш Личный кабинет {org} {time} подтверждён кодом восстановления вместо кода из приложения. "
                + "Таких кодов осталось: {left}.",
            "On {time} somebody signed in to your cabinet of {org} by a recovery code instead of a code of the app. "
                + "Codes left: {left}."),
        "notice.factor.recovery.remark": .init(
            "Если это не Вы, смените пароль: вход на всех устройствах завершится. "
                + "Если это Вы и телефон потерян, выключите второй фактор и включите его на новом.",
            "If it was not you, change the password: all devices will be signed out. "
                + "If it was you and the phone is lost, switch the second factor off and on again on a new one."
        ),
        "notice.factor.recovery.message": .init(
            "Вход по коду восстановления {time}, осталось {left}. Не Вы? Смените пароль. {org}",
            "Signed in by a recovery code {time}, {left} left. Not you? Change the password. {org}"),

        "notice.bill.to_pay": .init("К оплате {amount} до {due}.", "{amount} to pay by {due}."),
        "notice.bill.overpaid": .init(
            "Платить не нужно: переплата {amount}.",
            "There is nothing to pay: overpaid by {amount}."),
        "notice.bill.even": .init("Платить не нужно.", "There is nothing to pay."),
        "notice.bill.ready.title": .init(
            "Квитанция за {month}, лицевой счёт {account}", "Bill for {month}, account {account}"),
        "notice.bill.ready.text": .init(
            "Готова квитанция за {month} по лицевому счёту {account}. {to_pay}\n"
                + "Квитанция приложена к письму; она есть и в Личном кабинете {org}.",
            "The bill for {month} of account {account} is ready. {to_pay}\n"
                + "It is attached; you find it in the cabinet of {org}, too."),
        "notice.bill.ready.remark": .init(
            "Вы получаете это письмо, потому что попросили присылать счёт на электронную почту.",
            "You get this letter because you asked for bills by e-mail."),

        "notice.user.deleted.title": .init(
            "Учётная запись удалена", "The user was deleted"),
        "notice.user.deleted.text": .init(
            "Ваша учётная запись в Личном кабинете {org} удалена. "
                + "Лицевые счета и показания остаются в организации.",
            "Your user of the cabinet of {org} was deleted. "
                + "Accounts and readings stay with the organization."),
        "notice.user.deleted.message": .init(
            "Ваша учётная запись в Личном кабинете удалена. {org}",
            "Your user of the cabinet was deleted. {org}"),
    ]
}
