import Commands

/// What the command line says of operators, exports and the audit.
extension Phrase {
    // MARK: Operators

    static let operatorCreate = Phrase("Завести учётную запись оператора", "Make an operator")
    static let operatorCreateNotes = Phrase(
        "Показывает пароль один раз; при первом входе его надо сменить. Вход: /КОД/operator/sign-in. "
            + roles.russian,
        "Shows the password once; it has to be changed at the first sign-in. Sign-in: /CODE/operator/sign-in. "
            + roles.english)
    private static let roles = Phrase(
        "Роли: viewer и accountant смотрят; clerk ещё и восстанавливает доступ и убирает счета из чужих рук; administrator может всё. "
            + "С --house видны только счета этих домов.",
        "Roles: viewer and accountant look; clerk restores access too, and takes accounts out of wrong hands; administrator does everything. "
            + "With --house only accounts of these houses are seen."
    )
    static let operatorList = Phrase("Операторы и их роли", "Operators and their roles")
    static let operatorRole = Phrase(
        "Дать оператору роль в организации вместо прежней",
        "Give an operator a role in an organization, in place of the one before")
    static let operatorRoleNotes = Phrase(
        roles.russian + " Открытые сеансы в этой организации завершаются.",
        roles.english + " Open sessions there end.")
    static let operatorRevoke = Phrase(
        "Отнять роль, а без --organization — закрыть учётную запись",
        "Take a role away; without --organization, end the account")
    static let operatorRevokeNotes = Phrase(
        "Сеансы завершаются сразу. Закрытый логин больше никому не достанется: на него ссылается журнал.",
        "Sessions end at once. An ended login is never given again: the audit names it.")
    static let operatorPassword = Phrase(
        "Дать оператору новый пароль", "Give an operator a new password")
    static let operatorPasswordNotes = Phrase(
        "Показывает пароль один раз; сеансы завершаются, при входе его надо сменить. Если вход был закрыт из-за неверных "
            + "попыток, он снова открыт.",
        "Shows the password once; sessions end, and it has to be changed at the sign-in. If too many wrong attempts had "
            + "closed the sign-in, it is open again.")
    static let accessRestore = Phrase(
        "Восстановить доступ человеку, чья почта утеряна",
        "Restore the access of somebody whose e-mail is lost")
    static let accessRestoreNotes = Phrase(
        "Сначала проверьте документы (documents) или ответы на вопросы (questions). На новую почту уйдёт ссылка для "
            + "нового пароля, на прежний контакт — извещение.",
        "First check documents (documents) or answers to questions (questions). The new address gets a link to a new "
            + "password, the old contact is told.")
    static let accessDetach = Phrase(
        "Убрать лицевой счёт из кабинета человека, которому он больше не принадлежит",
        "Take an account out of the cabinet of somebody whose it is no more")
    static let accessDetachNotes = Phrase(
        "Сначала проверьте документы (documents) или ответы на вопросы (questions). Контакты и согласия этого человека по "
            + "счёту прекращаются, ему уходит извещение. Если он входит по номеру этого счёта, вход переходит на другой его "
            + "счёт, а если другого нет — доступ удаляется; счёт можно зарегистрировать заново.",
        "First check documents (documents) or answers to questions (questions). The person's contacts and consents for the "
            + "account end, and the person is told. Whoever signs in with its number signs in with another own account from "
            + "then on; where there is none, the access is deleted. The account can be registered anew."
    )
    static let optionAccount = Phrase("номер лицевого счёта", "the account's number")
    static let optionOperatorName = Phrase("имя и фамилия", "the person's name")
    static let optionRole = Phrase(
        OperatorRole.allCases.map(\.rawValue).joined(separator: ", "),
        OperatorRole.allCases.map(\.rawValue).joined(separator: ", "))
    static let optionHouses = Phrase(
        "только эти дома; без него — вся организация",
        "only these houses; without it the whole organization")
    static let optionDropFactor = Phrase(
        "снять и второй фактор", "take the second factor away too")
    static let optionLogin = Phrase("с чем человек входит", "what the person signs in with")
    static let optionNewEmail = Phrase("новая почта", "the new e-mail address")
    static let optionCheck = Phrase(
        "documents (документы) или questions (вопросы)", "documents or questions")
    public static let passwordOnce = Phrase(
        "Пароль показан один раз; при входе его надо сменить",
        "The password is shown once; it has to be changed at the sign-in")
    public static let operatorIsEnded = Phrase("закрыта", "ended")
    public static let operatorIsNew = Phrase("пароль не сменён", "password not changed yet")
    public static func roleGiven(_ login: String, _ role: String) -> Phrase {
        Phrase("\(login) — \(role)", "\(login) is \(role)")
    }
    public static func roleTaken(_ login: String, _ organization: String?) -> Phrase {
        guard let organization else {
            return Phrase(
                "Учётная запись \(login) закрыта", "The account of \(login) is ended")
        }
        return Phrase(
            "\(login) больше не оператор \(organization)",
            "\(login) is no operator of \(organization) any more")
    }
    static func notALogin(_ text: String) -> Phrase {
        Phrase(
            "«\(text)» — не логин: 2–50 из a-z, 0-9, точки, - и _, первой буква или цифра",
            "\"\(text)\" is no login: 2 to 50 of a-z, 0-9, dot, - and _, beginning with a letter or digit"
        )
    }
    static func operatorExists(_ login: String) -> Phrase {
        Phrase(
            "логин \(login) уже был дан; роль даёт kabinet operator role",
            "the login \(login) was given already; kabinet operator role gives a role")
    }
    static func noOperator(_ login: String) -> Phrase {
        Phrase(
            "нет оператора \(login); всех показывает kabinet operator list",
            "there is no operator \(login); kabinet operator list shows all")
    }
    static func operatorEnded(_ login: String) -> Phrase {
        Phrase(
            "учётная запись \(login) закрыта; заведите другую",
            "the account of \(login) is ended; make another")
    }
    static func noRole(_ login: String, _ organization: String) -> Phrase {
        Phrase(
            "у \(login) нет роли в \(organization); роли показывает kabinet operator list",
            "\(login) has no role in \(organization); kabinet operator list shows roles")
    }
    static func noHouses(_ houses: [String], _ organization: String) -> Phrase {
        let list = houses.joined(separator: ", ")
        return Phrase(
            "в \(organization) нет таких домов: \(list); код дома — тот, что в загрузке лицевых счетов",
            "\(organization) has no such houses: \(list); a house's code is that of the accounts' import"
        )
    }
    static let noMemory = Phrase(
        "не хватает памяти для хеша пароля; повторите",
        "no memory for the password's hash; try again")

    // MARK: Exports

    static func exportSummary(_ what: Export.What) -> Phrase {
        switch what {
        case .contacts:
            Phrase(
                "Выгрузить телефоны и адреса почты, изменённые людьми",
                "Write out telephone numbers and addresses that people changed")
        case .consents:
            Phrase(
                "Выгрузить согласия и отказы людей", "Write out people's consents and withdrawals")
        case .readings:
            Phrase(
                "Выгрузить показания и что с ними стало",
                "Write out readings and what became of them")
        }
    }
    static func exportNotes(_ what: Export.What) -> Phrase {
        let header = what.columns.joined(separator: ";")
        let more = what == .contacts ? contactNotes : Phrase("", "")
        return Phrase(
            "Столбцы: \(header). CSV в UTF-8, сначала старшее. В конце называет номер, с которого продолжать: "
                + "--after. Без --out пишет в стандартный вывод." + more.russian,
            "Columns: \(header). CSV in UTF-8, the oldest first. Tells at its end from which number to go on: --after. "
                + "Without --out it writes to the standard output." + more.english)
    }
    private static let contactNotes = Phrase(
        """

        Контакты принадлежат человеку у лицевого счёта: строка на каждого, кто менял их у своего счёта, с тем, что \
        подтверждено сейчас; пустое — подтверждённого больше нет. role: owner — входит по номеру счёта, а если таких нет, \
        подключил его раньше всех; co-owner — другой владелец; former — счёта у него больше нет (без человека — прежний контакт счёта, \
        теперь ничей). Приглашённые владельцем \
        контактов счёта не меняют. С --owners — одна строка на счёт, с контактами owner из тех, кто их подтвердил.
        """,
        """

        Contacts are a person's at an account: a row for each who changed them at an own account, with what is confirmed \
        now; empty: nothing is any more. role: owner signs in with the account's number, or where nobody does, attached it \
        first; co-owner is another owner; former has the account no more (of no person: a contact the account had before, nobody's by now). Whom an owner invited changes no contacts of the \
        account. With --owners one row an account, with the contacts of the owner among those who confirmed any.
        """)
    static let optionOwners = Phrase(
        "одна строка на счёт: контакты его владельца", "one row an account: its owner's contacts")
    static let optionAfter = Phrase(
        "продолжить после этого номера; подтверждённый",
        "go on behind this number; the acknowledged one")
    public static func notAnExport(_ text: String) -> Phrase {
        let known = Export.What.allCases.map(\.rawValue).joined(separator: ", ")
        return Phrase(
            "«\(text)» не выгружается, есть \(known)",
            "\"\(text)\" is no export; there are \(known)")
    }
    static let exportAcknowledge = Phrase(
        "Подтвердить, что выгруженное принято: следующая выгрузка начнётся отсюда",
        "Acknowledge that what was written out is taken over: the next export begins here")
    static let optionThrough = Phrase(
        "номер, до которого всё принято", "the number up to which all is taken over")
    public static func acknowledged(_ what: Export.What, _ n: Int64) -> Phrase {
        Phrase("\(what.rawValue): принято до \(n)", "\(what.rawValue): taken over up to \(n)")
    }
    static func notExported(_ n: Int64, _ top: Int64) -> Phrase {
        Phrase(
            "номера \(n) ещё нет, последний — \(top)", "there is no \(n) yet, the newest is \(top)")
    }
    static func acknowledgedMore(_ n: Int64, _ before: Int64) -> Phrase {
        Phrase(
            "принято уже до \(before), а \(n) меньше: строки между ними пришли бы снова. Если это и нужно, повторите с "
                + "--back --why …",
            "up to \(before) is taken over already, and \(n) is less: the rows between them would come again. If that is "
                + "meant, repeat with --back --why …")
    }
    static let optionBack = Phrase(
        "вернуться к меньшему номеру: строки за ним придут снова (с --why)",
        "go back to a lower number: the rows behind it come again (with --why)")
    static let importBillsNotes = Phrase(
        """

        ZIP: счета показываются вместо нарисованных здесь. Тот же файл ещё раз ничего не меняет, другой — заменяет \
        прежний. Принятые файлы загружаются, прочие называются с причиной.
        CSV: суммы в рублях сверяются со счетами закрытого месяца; строка, которая с ними расходится, возвращается с \
        обеими суммами. Сами начисления и платежи загружают import charges и import payments.
        """,
        """

        ZIP: they are shown instead of those drawn here. The same file again changes nothing, another one takes the place \
        of the one before. Good files are taken, the others are named with their reason.
        CSV: sums in roubles are compared with the bills of a closed month; a row that differs comes back with both sums. \
        The charges and payments themselves come by import charges and import payments.
        """)
    public static func billFiles(new: Int64, unchanged: Int64, refused: Int64, dryRun: Bool)
        -> Phrase
    {
        Phrase(
            (dryRun ? "Было бы загружено" : "Загружено")
                + " \(new), без изменений \(unchanged), не принято \(refused)",
            (dryRun ? "Would be taken" : "Taken")
                + " \(new), unchanged \(unchanged), refused \(refused)"
        )
    }
    public static func billFilesWait(_ count: Int64) -> Phrase {
        Phrase(
            "Из них пока не видны: \(count). Их месяц не закрыт; покажет их kabinet period close",
            "Of these not seen yet: \(count). Their month is not closed; kabinet period close shows them"
        )
    }
    public static func billFile(_ name: String, _ reason: BillFiles.Reason) -> Phrase {
        switch reason {
        case .name:
            Phrase(
                "\(name): имя не вида СЧЁТ_2026-04.pdf",
                "\(name): its name is not ACCOUNT_2026-04.pdf")
        case .kind: Phrase("\(name): это не PDF", "\(name): it is no PDF")
        case .size: Phrase("\(name): больше 2 МиБ", "\(name): larger than 2 MiB")
        case .account:
            Phrase("\(name): такого лицевого счёта нет", "\(name): there is no such account")
        case .twice: Phrase("\(name): второй раз в архиве", "\(name): twice in the archive")
        case .ours:
            Phrase(
                "\(name): этот месяц начисляет кабинет, его счёт рисуется здесь",
                "\(name): this month is charged here, and its bill is drawn here")
        }
    }
    static let billWithdraw = Phrase(
        "Убрать загруженный готовый счёт", "Take back a ready bill that was imported")
    static let billWithdrawNotes = Phrase(
        "Вместо него снова виден счёт, который рисует кабинет, если месяц закрыт. Заменить счёт можно и без этого: "
            + "загрузите верный (import bills).",
        "In its place the bill drawn here is shown again, if the month is closed. To put another one in its place this is "
            + "not needed: import the right one (import bills).")
    public static func noBillFile(_ account: String, _ month: String) -> Phrase {
        Phrase(
            "Готового счёта лицевого счёта \(account) за \(month) нет",
            "There is no ready bill of account \(account) for \(month)")
    }
    public static func billFileWithdrawn(
        _ account: String, _ month: String, _ imported: Moment, dryRun: Bool
    ) -> Phrase {
        Phrase(
            (dryRun ? "Был бы убран" : "Убран")
                + " счёт \(account) за \(month), загруженный \(imported)",
            (dryRun ? "Would be taken back: " : "Taken back: ")
                + "the bill of \(account) for \(month), imported \(imported)")
    }
    static let optionOut = Phrase("куда писать", "where to write")
    public static func exported(_ rows: Int64, cursor: Int64) -> Phrase {
        Phrase(
            "Строк: \(rows). Дальше: --after \(cursor)", "Rows: \(rows). Next: --after \(cursor)")
    }
    public static func eitherOr(_ one: String, _ other: String) -> Phrase {
        Phrase("--\(one) или --\(other), не вместе", "--\(one) or --\(other), not both")
    }
    public static func needsOption(_ one: String, _ other: String) -> Phrase {
        Phrase("--\(one) — вместе с --\(other)", "--\(one) goes with --\(other)")
    }
    static let writersStay = Phrase(
        "двадцать секунд кто-то пишет контакты или согласия, не заканчивая; кто — покажет kabinet doctor --idle 5",
        "for twenty seconds somebody has been writing contacts or consents without an end; kabinet doctor --idle 5 "
            + "names who")

    // MARK: The audit

    static let optionPerson = Phrase(
        "о ком: лицевой счёт, логин или номер человека",
        "whom it concerns: an account, a login, or a person's number")
    static let optionOperator = Phrase("кто: логин оператора", "who did it: an operator's login")
    static let optionAction = Phrase(
        "что: person.viewed, access.restore …", "what: person.viewed, access.restore …")
}
