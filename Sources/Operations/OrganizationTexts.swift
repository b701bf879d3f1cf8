/// What the command line says of organizations, their tokens, accounts, meters and windows.
extension Phrase {
    // MARK: Organizations and tokens

    static let organizationApply = Phrase(
        "Ввести в действие профили организаций из файлов YAML",
        "Bring organizations' profiles into force from YAML files")
    static let organizationApplyNotes = Phrase(
        "Все файлы проверяются целиком; при любой ошибке не меняется ничего. Показывает "
            + "построчно, что изменится. Условия и согласия с другим текстом требуют новой версии.",
        "All files are checked whole; with any mistake nothing changes. Shows line by line what "
            + "differs. Terms and consents with another text need a new version."
    )
    static let organizationList = Phrase("Организации", "Organizations")
    static let organizationShow = Phrase("Действующий профиль организации", "A profile in force")
    static let tokenCreate = Phrase(
        "Выпустить ключ доступа к API", "Make an API token")
    static let tokenCreateNotes = Phrase(
        "Ключ показывается один раз: хранится только его хеш. Права: "
            + Tokens.scopes.joined(separator: ", ") + ".",
        "The token is shown once: only its hash is kept. Scopes: "
            + Tokens.scopes.joined(separator: ", ") + ".")
    static let tokenList = Phrase("Ключи организации", "An organization's tokens")
    static let tokenRevoke = Phrase("Отозвать ключ", "Revoke a token")
    /// - Parameter which: `terms`, or the purpose of a consent.
    public static func reworded(_ which: String, _ version: String) -> Phrase {
        let path = which == "terms" ? "identity.terms" : "identity.services.\(which)"
        return Phrase(
            "\(path): текст другой, а версия «\(version)» прежняя, и под ней люди соглашались с прежним текстом: дайте новую версию",
            "\(path): the text is another one and the version \"\(version)\" is not, under which people agreed to the text "
                + "before: give it a new version")
    }
    public static func applied(_ code: String, new: Bool, dryRun: Bool) -> Phrase {
        switch (new, dryRun) {
        case (true, false): Phrase("\(code): новая организация", "\(code): a new organization")
        case (true, true): Phrase("\(code): была бы новой", "\(code): would be new")
        case (false, false): Phrase("\(code): изменён", "\(code): changed")
        case (false, true): Phrase("\(code): изменился бы", "\(code): would change")
        }
    }
    public static func unchanged(_ code: String) -> Phrase {
        Phrase("\(code): без изменений", "\(code): unchanged")
    }
    public static let nothingApplied = Phrase(
        "Ничего не изменено", "Nothing was changed")
    public static let tokenOnce = Phrase(
        "Сохраните ключ сейчас: больше он не покажется.",
        "Keep the token now: it is not shown again.")
    public static func revoked(_ id: Int64, _ name: String, _ organization: String) -> Phrase {
        Phrase(
            "Ключ \(id) «\(name)» организации \(organization) отозван",
            "Token \(id) \"\(name)\" of \(organization) is revoked")
    }
    public static let tokenValid = Phrase("действует", "valid")
    public static let tokenRevoked = Phrase("отозван", "revoked")
    public static let tokenExpired = Phrase("истёк", "expired")

    // MARK: Accounts and meters

    static let accountOpen = Phrase("Открыть лицевой счёт", "Open an account")
    static let accountChange = Phrase(
        "Изменить карточку лицевого счёта (только названное)",
        "Change an account's card (only what is named)")
    static let accountClose = Phrase("Закрыть лицевой счёт", "Close an account")
    static let meterInstall = Phrase("Поставить прибор учёта", "Install a meter")
    static let meterRemove = Phrase("Снять прибор учёта", "Remove a meter")
    static let meterReplace = Phrase("Заменить прибор учёта", "Replace a meter")
    static let meterChange = Phrase(
        "Изменить прибор учёта: автоматический ли, поверка",
        "Change a meter: whether it is automatic, its verification")
    static let memberAutomatic = Phrase(
        "показания поступают автоматически", "its readings come by themselves")

    // MARK: Windows

    static let windowExtend = Phrase(
        "Продлить период ввода показаний после сбоя", "Extend the reading window after an incident")
    static let windowExtendNotes = Phrase(
        "Без --company и --house — для всей организации. Окно, которое было открыто последним, остаётся "
            + "открытым по названный день включительно; страница говорит до какого числа. Отказанное за это "
            + "время решается снова: kabinet commands reprocess --code RD_WINDOW.",
        "Without --company and --house: of the whole organization. The window that was open last stays open "
            + "through the named day; the page says until when. What was refused meanwhile is decided again by "
            + "kabinet commands reprocess --code RD_WINDOW.")
    static let windowSet = Phrase(
        "Задать дому своё окно ввода показаний", "Give a house a reading window of its own")
    static let windowSetNotes = Phrase(
        "Действует с момента команды. Без --from и --to — снова окно управляющей компании.",
        "In force from the command on. Without --from and --to: its company's window again.")
    static let windowList = Phrase(
        "Окна домов и действующие продления", "Windows of houses, and extensions that are not over")
    public static let noWindows = Phrase(
        "Ни своих окон у домов, ни продлений",
        "No house has a window of its own, and none is extended")
    public static func windowWouldReach(_ reach: ReadingWindows.Reach, until: String) -> Phrase {
        Phrase(
            "Было бы продлено по \(until) включительно: лицевых счетов \(reach.accounts), домов \(reach.houses)",
            "Would be extended through \(until): accounts \(reach.accounts), houses \(reach.houses)"
        )
    }
    static let memberWindowCompany = Phrase(
        "код управляющей компании; без него — всех", "the company's code; without it all")
    static let memberWindowHouse = Phrase(
        "код дома; без него — всех", "the house's code; without it all")
    static let memberUntil = Phrase("по какой день включительно", "the last day")
    static let memberFrom = Phrase("с какого числа", "from which day of the month")
    static let memberTo = Phrase("по какое число", "through which day of the month")
}
