import Commands
public import Words

/// A text of the operators' command line in both languages. What residents read stands in `Words`;
/// this is for people at a terminal, and so it is free to name files, roles and commands.
public struct Phrase: Sendable, Equatable {
    public let russian: String
    public let english: String

    public init(_ russian: String, _ english: String) {
        self.russian = russian
        self.english = english
    }

    public func text(_ language: Language) -> String { language == .ru ? russian : english }
}

// MARK: Help

extension Phrase {
    public static let product = Phrase(
        "Kabinet — личный кабинет жильца: приём команд, очередь, решения, страницы.",
        "Kabinet, the resident account: commands in, a queue, decisions, pages out.")
    static let usage = Phrase("Использование", "Usage")
    static let optionsWord = Phrase("параметры", "options")
    static let commandWord = Phrase("КОМАНДА", "COMMAND")
    static let requiredWord = Phrase("обязательно", "required")
    static let examplesWord = Phrase("Примеры", "Examples")
    static let helpMeaning = Phrase("эта справка", "this help")
    static let exitCodes = Phrase(
        "Коды выхода: 0 — сделано; 1 — не удалось, отказано или принято не всё; 2 — команда не понята; "
            + "3 — месяц начислен не весь, не хватает данных (period).",
        "Exit codes: 0 done; 1 failed, refused, or not all was taken; 2 not understood; "
            + "3 not all of a month is charged, data is missing (period).")
    static let helpHint = Phrase(
        "Подробно с примерами: kabinet КОМАНДА --help. KABINET_LANGUAGE=en — по-английски.",
        "In full, with examples: kabinet COMMAND --help. KABINET_LANGUAGE=ru speaks Russian.")
    static let ingressSummary = Phrase(
        "Дверь: HTTP, приём команд и страницы", "The door: HTTP, commands in and pages out")
    static let workersSummary = Phrase("Дорожки очереди", "The lanes of the queue")
    static let migrateSummary = Phrase(
        "Привести схему базы и пулы к этой версии",
        "Bring the schema and the pools up to this release")
    static let checkSummary = Phrase(
        "Проверить переменные и workers.yaml", "Check the variables and workers.yaml")
    static let optionIdle = Phrase(
        "с какой секунды сеанс в открытой транзакции — помеха (60)",
        "since which second a session within an open transaction counts (60)")
    static let optionMetrics = Phrase(
        "для Prometheus (папка текстовых файлов node_exporter; правила — ops/alerts)",
        "for Prometheus (node_exporter's folder of text files; rules: ops/alerts)")
    static let optionQuiet = Phrase("молча", "say nothing")
    static let demoLinks = Phrase(
        "Ссылки для входа в демонстрационные кабинеты", "Sign-in links of the demo cabinets")
    static let demoBare = Phrase(
        "Организации, у которых ещё нет видов начислений",
        "Organizations that have no charge kinds yet")
    public static let demoInProduction = Phrase(
        "демонстрационный вход есть только у местной системы (KABINET_PUBLIC_URL без https)",
        "only a local system has demo sign-in (KABINET_PUBLIC_URL without https)")
}

// MARK: Options

extension Phrase {
    static let optionOrganization = Phrase("код организации", "the organization's code")
    static let optionJSON = Phrase("JSON построчно вместо текста", "JSON lines instead of prose")
    static let optionDryRun = Phrase("только показать", "only show what would happen")
    static let optionWhy = Phrase("зачем: для журнала", "why, for the audit")
    static let optionScope = Phrase("права через запятую", "scopes, by commas")
    static let optionTokenName = Phrase("для чего ключ", "what the token is for")
    static let optionChannel = Phrase(
        "способ передачи показаний; api", "the channel of its readings; api")
    static let optionRate = Phrase("запросов в секунду; 100", "requests a second; 100")
    static let optionExpires = Phrase(
        "с начала этого дня не действует", "not valid from the start of this day")
    static let optionImportDryRun = Phrase(
        "решить всё, не записывая ничего", "decide everything and write nothing")
    static let optionAllOrNothing = Phrase(
        "при любой ошибке не загружать ничего", "with any error import nothing")
    static let optionConfirm = Phrase(
        "подтвердить сомнительное: показания, суммы", "what is doubtful is meant: readings, sums")
    static let optionErrors = Phrase(
        "куда писать непринятые строки; ФАЙЛ.errors.csv",
        "where to write rows that were not taken; FILE.errors.csv")
    static let optionMonth = Phrase("месяц", "the month")
    static let optionShapeOnly = Phrase(
        "только проверить форму команды", "only check the command's shape")
    static let optionLanes = Phrase("по дорожкам", "lane by lane")
    static let optionState = Phrase(
        Reprocessing.State.allCases.map(\.rawValue).joined(separator: ", "),
        Reprocessing.State.allCases.map(\.rawValue).joined(separator: ", "))
    static let optionKind = Phrase("вид команды", "the command's kind")
    static let optionFilterOrganization = Phrase("код организации", "the organization's code")
    static let optionFilterAccount = Phrase(
        "лицевой счёт (вместе с --organization)", "an account (with --organization)")
    static let optionSubject = Phrase("предмет порядка", "the subject of the order")
    static let optionSince = Phrase(
        "не раньше: 90s, 15m, 1h, 7d или дата", "not before: 90s, 15m, 1h, 7d or a date")
    static let optionCode = Phrase("код отказа", "the refusal's code")
    static let optionCause = Phrase(
        "повторяют или продолжают эту команду", "that repeat or follow this command")
    static let optionPayload = Phrase(
        "в содержании есть это, например {\"meter\":\"12345678\"}",
        "whose payload contains this, for example {\"meter\":\"12345678\"}")
    public static func notAnObject(_ text: String) -> Phrase {
        Phrase(
            "«\(text)» не объект JSON вида {\"meter\":\"12345678\"}",
            "\"\(text)\" is no JSON object like {\"meter\":\"12345678\"}")
    }
    static let optionLimit = Phrase("не больше стольких; 50", "at most so many; 50")
    static let optionReprocessState = Phrase(
        "refused, failed, abandoned, discarded, done; без него первые три",
        "refused, failed, abandoned, discarded, done; without it the first three")
    static let optionDiscardState = Phrase(
        "abandoned или failed; без него abandoned", "abandoned or failed; without it abandoned")
    static let optionAccepted = Phrase(
        "решить заново и принятые", "decide accepted ones again too")
    static let memberAccount = Phrase("лицевой счёт", "the account's number")
    static let memberService = Phrase(
        Service.allCases.map(\.rawValue).joined(separator: ", "),
        Service.allCases.map(\.rawValue).joined(separator: ", "))
    static let memberServiceIfAmbiguous = Phrase(
        "услуга, если номер прибора не один", "the service, where the number alone is ambiguous")
    static let memberMeter = Phrase("номер прибора", "the meter's number")
    static let memberNewMeter = Phrase("номер нового прибора", "the new meter's number")
    static let memberRegister = Phrase("шкала: T1, T2, T3", "the register: T1, T2, T3")
    static let memberDigits = Phrase("значность, 1…12", "integer digits of the dial, 1…12")
    static let memberDecimals = Phrase("знаков после запятой, 0…6", "fraction digits, 0…6")
    static let memberInstalledOn = Phrase("дата установки", "when it was installed")
    static let memberVerifiedUntil = Phrase("поверен до", "verified until")
    static let memberRemovedOn = Phrase("дата снятия", "when it was removed")
    static let memberReplacedOn = Phrase("дата замены", "when it was replaced")
    static let memberInitialValue = Phrase("начальное показание", "the first value")
    static let memberValues = Phrase("последние показания", "the last values")
    static let memberNewValues = Phrase(
        "начальные показания нового прибора", "the new meter's first values")
    static let memberCompany = Phrase("код управляющей компании", "the company's code")
    static let memberSurname = Phrase("фамилия", "surname")
    static let memberName = Phrase("имя", "name")
    static let memberPatronymic = Phrase("отчество", "patronymic")
    static let memberHouse = Phrase("код дома", "the house's code")
    static let memberApartment = Phrase("квартира", "apartment")
    static let memberAddress = Phrase("адрес", "address")
    static let memberArea = Phrase("площадь, м²", "area, m²")
    static let memberLivingArea = Phrase("жилая площадь, м²", "living area, m²")
    static let memberHouseArea = Phrase("площадь дома, м²", "the house's area, m²")
    static let memberRooms = Phrase("комнат", "rooms")
    static let memberResidents = Phrase("проживающих", "residents")
    static let memberOwnership = Phrase("форма собственности", "ownership")
    static let memberPhone = Phrase("телефон", "phone")
    static let memberEmail = Phrase("почта", "e-mail")
    static let memberClosedOn = Phrase("дата закрытия", "when it was closed")
}

// MARK: Mistakes on the command line

extension Phrase {
    static func maybe(_ name: String?) -> Phrase {
        guard let name else { return Phrase("", "") }
        return Phrase("; может быть, \(name)?", "; did you mean \(name)?")
    }
    static func unknownOption(_ name: String, _ nearest: String?) -> Phrase {
        let hint = maybe(nearest.map { "--\($0)" })
        return Phrase(
            "неизвестный параметр \(name)\(hint.russian)", "unknown option \(name)\(hint.english)")
    }
    public static func unknownCommand(_ name: String, _ nearest: String?) -> Phrase {
        let hint = maybe(nearest)
        return Phrase(
            "неизвестная команда «\(name)»\(hint.russian)",
            "unknown command \"\(name)\"\(hint.english)")
    }
    static func takesNoValue(_ name: String) -> Phrase {
        Phrase("--\(name) не принимает значения", "--\(name) takes no value")
    }
    static func needsValue(_ name: String, _ value: String) -> Phrase {
        Phrase("после --\(name) нужно значение: \(value)", "--\(name) needs a value: \(value)")
    }
    static func standsTwice(_ name: String) -> Phrase {
        Phrase("--\(name) указан дважды", "--\(name) stands twice")
    }
    public static func isRequired(_ name: String, _ value: String) -> Phrase {
        Phrase("нужен --\(name) \(value)", "--\(name) \(value) is required")
    }
    static func operandMissing(_ what: String) -> Phrase {
        Phrase("не указано: \(what)", "missing: \(what)")
    }
    static func operandTooMany(_ word: String) -> Phrase {
        Phrase("лишнее: «\(word)»", "one too many: \"\(word)\"")
    }
    static func notANumber(_ name: String, _ low: Int64, _ high: Int64) -> Phrase {
        Phrase("--\(name): нужно число \(low)…\(high)", "--\(name): a number \(low)…\(high)")
    }
    public static func notAChoice(
        _ name: String, _ text: String, known: [String], nearest: String?
    ) -> Phrase {
        let hint = maybe(nearest)
        let list = known.joined(separator: ", ")
        return Phrase(
            "--\(name): «\(text)» не из списка \(list)\(hint.russian)",
            "--\(name): \"\(text)\" is none of \(list)\(hint.english)")
    }
    static func notAValue(_ name: String, _ text: String) -> Phrase {
        Phrase(
            "--\(name): «\(text)» не вида T1=131.012, или шкала указана дважды",
            "--\(name): \"\(text)\" is not like T1=131.012, or the register stands twice")
    }
    public static func notADate(_ name: String, _ text: String) -> Phrase {
        Phrase(
            "--\(name): «\(text)» не дата вида 2027-01-01",
            "--\(name): \"\(text)\" is no date like 2027-01-01")
    }
    public static func notAMonth(_ text: String) -> Phrase {
        Phrase("«\(text)» не месяц вида 2026-04", "\"\(text)\" is no month like 2026-04")
    }
    public static func notAnID(_ text: String) -> Phrase {
        Phrase("«\(text)» не номер", "\"\(text)\" is no id")
    }
    public static func notASince(_ text: String) -> Phrase {
        Phrase(
            "--since: «\(text)» не вида 90s, 15m, 1h, 7d или 2026-04-18",
            "--since: \"\(text)\" is not like 90s, 15m, 1h, 7d or 2026-04-18")
    }
    public static func notAnAccount(_ text: String) -> Phrase {
        Phrase("«\(text)» не номер лицевого счёта", "\"\(text)\" is no account number")
    }
    public static let accountNeedsOrganization = Phrase(
        "--account ищется вместе с --organization", "--account needs --organization")
    public static let idsOrFilters = Phrase(
        "укажите номера команд или условия отбора, одно из двух",
        "name commands or filters, one of the two")
    public static let filterNeeded = Phrase(
        "нужно хоть одно условие отбора, например --state refused",
        "at least one filter is needed, such as --state refused")
    public static let doneNeedsAccepted = Phrase(
        "принятые (--state done) решаются заново только с --accepted",
        "accepted ones (--state done) are decided again with --accepted only")
    public static func stateCannot(_ state: String, _ known: [String]) -> Phrase {
        Phrase(
            "--state: «\(state)» здесь не бывает; бывает \(known.joined(separator: ", "))",
            "--state: \"\(state)\" does not go here; \(known.joined(separator: ", ")) do")
    }
    public static let errorsOverSource = Phrase(
        "--errors: это сам загружаемый файл", "--errors: that is the file itself")
    public static func seeHelp(_ command: String) -> Phrase {
        Phrase("Справка: kabinet \(command) --help", "Help: kabinet \(command) --help")
    }
    public static func helpIs(_ command: String) -> Phrase {
        Phrase("Справка: kabinet \(command)", "Help: kabinet \(command)")
    }
}

// MARK: What cannot be done

extension Phrase {
    static let noAnswer = Phrase("база данных не ответила", "the database did not answer")
    static func unknownOrganization(_ code: String) -> Phrase {
        Phrase(
            "нет организации «\(code)»; какие есть: kabinet organization list",
            "there is no organization \"\(code)\"; see kabinet organization list")
    }
    static func noPool(_ kind: String) -> Phrase {
        Phrase(
            "ни один пул не берёт \(kind): назовите вид в workers.yaml и выполните kabinet migrate",
            "no pool takes \(kind): name it in workers.yaml and run kabinet migrate")
    }
    static func noJob(_ id: Int64) -> Phrase {
        Phrase("нет загрузки \(id)", "there is no import \(id)")
    }
    static func noReprocessJob(_ id: Int64) -> Phrase {
        Phrase(
            "нет задания \(id); какие есть: kabinet commands jobs",
            "there is no job \(id); see kabinet commands jobs")
    }
    static func jobIs(_ id: Int64, _ state: Jobs.State) -> Phrase {
        Phrase(
            "задание \(id): \(Phrase.jobState(state).russian)",
            "job \(id) is \(Phrase.jobState(state).english)")
    }
    static func noToken(_ id: Int64) -> Phrase {
        Phrase(
            "нет действующего ключа \(id); какие есть: kabinet token list",
            "there is no token \(id) in force; see kabinet token list")
    }
    static func noFolder(_ path: String) -> Phrase {
        Phrase("нет папки \(path)", "there is no folder \(path)")
    }
    static func sameOrganization(_ code: String, _ file: String) -> Phrase {
        Phrase(
            "организация \(code) уже есть в \(file)", "organization \(code) stands in \(file) too")
    }
    static func unknownTimeZone(_ name: String) -> Phrase {
        Phrase("time_zone: нет часового пояса «\(name)»", "time_zone: no time zone \"\(name)\"")
    }
    public static let noDatabase = Phrase(
        "не задан DATABASE_URL; ./ops/kabinet задаёт его для местной системы",
        "DATABASE_URL is not set; ./ops/kabinet sets it for the local system")
    public static func cannotRead(_ path: String, _ why: String) -> Phrase {
        Phrase("не удаётся прочитать \(path): \(why)", "cannot read \(path): \(why)")
    }
    static let noCommand = Phrase(
        "такой команды нет (или её срок хранения прошёл)", "there is none (or past its term)")
    static let wasAccepted = Phrase(
        "принята; решить заново — с --accepted", "accepted; --accepted decides it again")
    static let isParked = Phrase(
        "стоит за сбойной: повторите или отклоните ту", "parked behind a failed one: treat that one"
    )
    static let isPending = Phrase("ещё не решена", "not decided yet")
    static let isDecided = Phrase("уже решена", "decided already")
    static let meanwhile = Phrase("тем временем решена", "was settled meanwhile")
}
