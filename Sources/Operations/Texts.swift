import Commands
public import Files
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

    static let organizationApply = Phrase(
        "Ввести в действие профили организаций из файлов YAML",
        "Bring organizations' profiles into force from YAML files")
    static let organizationApplyNotes = Phrase(
        "Все файлы проверяются целиком; при любой ошибке не меняется ничего. Показывает "
            + "построчно, что изменится.",
        "All files are checked whole; with any mistake nothing changes. Shows line by line what "
            + "differs."
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
    static func importSummary(_ what: ImportRows.What) -> Phrase {
        switch what {
        case .accounts: Phrase("Загрузить лицевые счета из CSV", "Import accounts from CSV")
        case .meters: Phrase("Загрузить приборы учёта из CSV", "Import meters from CSV")
        case .readings: Phrase("Загрузить показания из CSV", "Import readings from CSV")
        case .proofs:
            Phrase(
                "Загрузить из CSV то, чем доказывают, что счёт свой",
                "Import from CSV what proves an account to be one's own")
        case .houseMeters:
            Phrase(
                "Загрузить общедомовые приборы учёта из CSV", "Import meters of houses from CSV")
        case .houseReadings:
            Phrase(
                "Загрузить показания общедомовых приборов из CSV",
                "Import readings of houses' meters from CSV")
        case .payments: Phrase("Загрузить платежи из CSV", "Import payments from CSV")
        case .balances:
            Phrase("Загрузить входящие остатки из CSV", "Import opening balances from CSV")
        case .charges:
            Phrase(
                "Загрузить начисления другой системы из CSV",
                "Import charges of another system from CSV")
        case .bills:
            Phrase(
                "Загрузить готовые счета (ZIP из файлов СЧЁТ_2026-04.pdf) или сверить их суммы (CSV)",
                "Import ready bills (a ZIP of files ACCOUNT_2026-04.pdf), or compare their sums (CSV)"
            )
        case .suppliers:
            Phrase(
                "Загрузить поставщиков и реквизиты из CSV",
                "Import suppliers and where they are paid from CSV")
        case .chargeKinds:
            Phrase("Загрузить виды начислений из CSV", "Import charge kinds from CSV")
        case .contracts:
            Phrase(
                "Загрузить договоры: какие начисления у каких счетов из CSV",
                "Import contracts: which accounts have which charges from CSV")
        case .tariffs: Phrase("Загрузить тарифы из CSV", "Import tariffs from CSV")
        case .norms: Phrase("Загрузить нормативы из CSV", "Import norms from CSV")
        case .multipliers:
            Phrase("Загрузить повышающие коэффициенты из CSV", "Import multipliers from CSV")
        case .undersupply:
            Phrase("Загрузить дни недопоставки из CSV", "Import days of undersupply from CSV")
        case .houseAreas:
            Phrase("Загрузить площади домов из CSV", "Import areas of houses from CSV")
        case .keyRates: Phrase("Загрузить ключевую ставку из CSV", "Import the key rate from CSV")
        case .workdays:
            Phrase(
                "Загрузить производственный календарь из CSV",
                "Import the production calendar from CSV")
        case .dueDays: Phrase("Загрузить сроки оплаты из CSV", "Import due days from CSV")
        }
    }

    /// Rows of the law itself are of no organization.
    private static func importForAll(_ what: ImportRows.What) -> Phrase {
        guard what == .keyRates || what == .workdays else { return Phrase("", "") }
        return Phrase(
            """
             Строки общие: действуют для ВСЕХ организаций этой системы, какую бы ни назвал --organization.
            """,
            """
             The rows are common: they count for ALL organizations of this installation, whichever \
            --organization names.
            """)
    }

    static func importNotes(_ what: ImportRows.What) -> Phrase {
        let header = what.columns.joined(separator: ";")
        let required = what.required.joined(separator: ", ")
        let forAll = importForAll(what)
        // What is only to be said of one of them.
        let more =
            what.isReference
            ? Phrase(
                """

                Строки датированы и только добавляются: новая действует со своего дня, прошлое не \
                меняется.\(forAll.russian)
                """,
                """

                Rows are dated and only added: a new one counts from its day on, the past \
                stays.\(forAll.english)
                """)
            : what == .houseReadings
                ? Phrase(
                    """

                    В строке показание (value) или объём по акту (volume). Без taken_on — последний день \
                    месяца. Второе за открытый месяц заменяет первое; за закрытый не принимается.
                    """,
                    """

                    A row has a value, or a volume told by an act. Without taken_on: the month's last day. A \
                    second one of an open month replaces the first; of a closed month none is taken.
                    """)
                : what == .charges
                    ? .importChargesNotes
                    : what == .bills
                        ? .importBillsNotes
                        : what == .proofs
                            ? Phrase(
                                """

                                Суммы в рублях; дата и сумма платежа, месяц и итог счёта — парами. Чего в строке нет, \
                                остаётся прежним. Коды запечатываются до записи в базу и хранятся только хешами.
                                """,
                                """

                                Sums in roubles; day and sum of a payment, month and total of a bill go in pairs. What a \
                                row does not say stays as it was. Codes are sealed before they reach the database and kept \
                                only as hashes.
                                """) : Phrase("", "")
        return Phrase(
            """
            Строка заголовка и пример:
              \(header)
              \(what.sample)
            Обязательные столбцы: \(required). UTF-8 или CP1251, разделитель ; или запятая, даты \
            2026-04-18 или 18.04.2026.
            Годные строки загружаются, прочие пишутся с причиной в ФАЙЛ.errors.csv: его можно \
            исправить и загрузить снова.
            Код выхода 1, если хоть одна строка не принята.\(more.russian)
            """,
            """
            The header and a sample:
              \(header)
              \(what.sample)
            Required columns: \(required). UTF-8 or CP1251, separated by ; or comma, dates \
            2026-04-18 or 18.04.2026.
            Good rows are taken, the others go with their reason to FILE.errors.csv, which can \
            be corrected and imported again.
            Exits with 1 if any row was not taken.\(more.english)
            """)
    }
    static let noPublishedKey = Phrase(
        "коды со счетов нечем запечатать: kabinet key create FILE, затем kabinet key publish --why …",
        "there is no key to seal the bills' codes to: kabinet key create FILE, then kabinet key publish --why …"
    )
    static let importWatch = Phrase(
        "Следить за начатой загрузкой до конца", "Watch an import that was begun to its end")
    static let periodOpen = Phrase("Открыть расчётный месяц", "Open a billing month")
    static let periodClose = Phrase(
        "Закрыть расчётный месяц: показания становятся «Рассчитано»",
        "Close a billing month: its readings become calculated")
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
    static let memberAutomatic = Phrase(
        "показания поступают автоматически", "its readings come by themselves")
    static let memberWindowCompany = Phrase(
        "код управляющей компании; без него — всех", "the company's code; without it all")
    static let memberWindowHouse = Phrase(
        "код дома; без него — всех", "the house's code; without it all")
    static let memberUntil = Phrase("по какой день включительно", "the last day")
    static let memberFrom = Phrase("с какого числа", "from which day of the month")
    static let memberTo = Phrase("по какое число", "through which day of the month")
    static let queueSummary = Phrase("Состояние очереди по пулам", "The queue, pool by pool")
    static let queueRebase = Phrase(
        "После восстановления из логической копии: позиции дорожек заново (воркеры остановлены)",
        "After a logical restore: start the lanes' cursors anew (with the workers stopped)")
    static let queuePause = Phrase(
        "Остановить дорожки пула; пришедшее ждёт",
        "Stop a pool's lanes; what comes waits")
    static let queuePauseNotes = Phrase(
        "Пачки, которые уже решаются, заканчиваются. Команды принимаются и ждут `queue resume`.",
        "Batches under way end. Commands are still taken, and wait for `queue resume`.")
    static let queueResume = Phrase("Пустить дорожки пула снова", "Let a pool's lanes run again")
    public static func noSuchPool(_ name: String) -> Phrase {
        Phrase(
            "нет пула «\(name)»; пулы показывает `kabinet queue`",
            "there is no pool «\(name)»; `kabinet queue` shows them")
    }
    static func alreadyPaused(_ name: String) -> Phrase {
        Phrase("пул \(name) уже остановлен", "the pool \(name) is paused already")
    }
    static func notPaused(_ name: String) -> Phrase {
        Phrase("пул \(name) не остановлен", "the pool \(name) is not paused")
    }
    public static func paused(_ name: String) -> Phrase {
        Phrase(
            "Пул \(name) остановлен; дальше: kabinet queue resume \(name) --why …",
            "The pool \(name) is paused; next: kabinet queue resume \(name) --why …")
    }
    public static func resumed(_ name: String) -> Phrase {
        Phrase("Пул \(name) снова работает", "The pool \(name) runs again")
    }
    public static func isPaused(_ why: String) -> Phrase {
        Phrase("остановлен: \(why)", "paused: \(why)")
    }
    static let queueResize = Phrase(
        "Изменить число дорожек пула, не останавливая приём",
        "Change a pool's number of lanes while commands are taken")
    static let queueResizeNotes = Phrase(
        "Сначала решается то, что поставлено до этого; новое принимается и ждёт. Отложенное и "
            + "оставленное переезжает как есть. Прервать (Ctrl-C) можно: дорожки доведут до конца "
            + "сами, та же команда снова покажет ход. Остановленный пул ждёт `queue resume`. "
            + "Процессы прежних версий после этого не смогут добавлять команды: сначала обновите "
            + "все. Затем впишите то же число в workers.yaml.",
        "What was appended before is decided first; what is new is taken and waits. What is held "
            + "or abandoned moves as it is. Ctrl-C is safe: the lanes bring it to its end, and "
            + "the same command shows again how far it is. A paused pool waits for `queue "
            + "resume`. Processes of earlier releases cannot append any more afterwards: upgrade "
            + "all of them first. Then write the same number into workers.yaml.")
    public static func notLanes(_ text: String) -> Phrase {
        Phrase(
            "«\(text)» — не число дорожек: от 1 до 1024",
            "«\(text)» is not a number of lanes: 1 to 1024")
    }
    static func otherResize(_ pool: String, to lanes: Int16, by actor: String) -> Phrase {
        Phrase(
            "пул \(pool) уже меняется: дорожек будет \(lanes) (\(actor)). Дождитесь: kabinet queue "
                + "resize \(pool) \(lanes) --why …",
            "the pool \(pool) is being resized to \(lanes) lanes already (\(actor)). Wait for it: "
                + "kabinet queue resize \(pool) \(lanes) --why …")
    }
    static let appendsUnderWay = Phrase(
        "ничего не изменено: десять секунд кто-то добавляет команды в открытой транзакции; кто — "
            + "покажет kabinet doctor --idle 5",
        "nothing was changed: somebody has been appending in an open transaction for ten seconds; "
            + "kabinet doctor --idle 5 names who")
    public static let draining = Phrase(
        "решаются прежние команды", "deciding what was there before")
    public static func wouldResize(_ pool: String, _ now: Resize.State, _ lanes: Int16) -> Phrase {
        Phrase(
            "\(pool): дорожек \(now.lanes) → \(lanes); сначала решится команд: \(now.waiting); "
                + "переедет отложенных и оставленных: \(now.held)",
            "\(pool): \(now.lanes) lanes → \(lanes); commands to decide first: \(now.waiting); held "
                + "and abandoned ones that move: \(now.held)")
    }
    public static func resized(_ pool: String, _ lanes: Int16) -> Phrase {
        Phrase("\(pool): дорожек \(lanes)", "\(pool): \(lanes) lanes")
    }
    public static func resizeGoesOn(_ pool: String, _ lanes: Int16) -> Phrase {
        Phrase(
            "Остановлено ожидание; дорожки доведут до конца сами. Посмотреть: kabinet queue, kabinet "
                + "queue resize \(pool) \(lanes) --why …",
            "Waiting was stopped; the lanes bring it to its end. Look: kabinet queue, kabinet queue "
                + "resize \(pool) \(lanes) --why …")
    }
    public static func pausedMeanwhile(_ pool: String, _ why: String) -> Phrase {
        Phrase(
            "пул \(pool) остановлен (\(why)), ничего не решается; дальше: kabinet queue resume \(pool) "
                + "--why …",
            "the pool \(pool) is paused (\(why)), nothing is decided; next: kabinet queue resume "
                + "\(pool) --why …")
    }
    public static func fileHasLanes(_ pool: String, _ lanes: Int, _ now: Int16) -> Phrase {
        Phrase(
            "в workers.yaml у пула \(pool) lanes: \(lanes); впишите \(now)",
            "workers.yaml says lanes: \(lanes) for the pool \(pool); write \(now)")
    }
    public static func isResized(to lanes: Int16) -> Phrase {
        Phrase(
            "дорожек станет \(lanes), когда решится прежнее",
            "on the way to \(lanes) lanes, as soon as what was there before is decided")
    }
    static let doctorGateways = Phrase("почта и SMS", "mail and SMS")
    static func gatewayStands(
        _ gateway: String, reason: String, minutes: Int64, waiting: Int64
    ) -> Phrase {
        Phrase(
            "шлюз \(gateway) не вызывается \(minutes) мин: \(reason); ждут отправки \(waiting)",
            "the gateway \(gateway) has not been called for \(minutes) min: \(reason); \(waiting) wait to leave"
        )
    }
    /// As the workers say it once in their log (`gateway.stopped`).
    static func gatewayCure(_ reason: String) -> Phrase {
        switch reason {
        case "credentials":
            Phrase(
                "исправьте пользователя в KABINET_SMTP или KABINET_SMS или пароль в его файле и перезапустите workers",
                "correct the user in KABINET_SMTP or KABINET_SMS, or the password in its file; restart the workers"
            )
        case "money": Phrase("пополните счёт у шлюза", "pay the gateway's account")
        case "sender":
            Phrase(
                "задайте в KABINET_MAIL_FROM или KABINET_SMS_FROM разрешённого отправителя",
                "set KABINET_MAIL_FROM or KABINET_SMS_FROM to a sender that the gateway lets you use"
            )
        case "relay":
            Phrase(
                "разрешите почтовому серверу принимать чужие письма от этого пользователя или адреса",
                "let the mail server take letters for others from this user or address")
        case "blocked":
            Phrase(
                "узнайте в поддержке шлюза, почему он заблокировал учётную запись",
                "ask the gateway's support why it blocked the account")
        case "encryption":
            Phrase(
                "исправьте порт в KABINET_SMTP; для своего сервера без TLS: KABINET_SMTP_TLS=opportunistic",
                "correct the port in KABINET_SMTP; for a server of your own without TLS: KABINET_SMTP_TLS=opportunistic"
            )
        case "certificate":
            Phrase(
                "исправьте имя или сертификат сервера или назовите его центр в KABINET_SMTP_CA или KABINET_SMS_CA",
                "correct the server's name or certificate, or name its authority in KABINET_SMTP_CA or KABINET_SMS_CA"
            )
        default:
            Phrase(
                "проверьте, что шлюз работает и доступен с этой машины; дальше всё пойдёт само",
                "see that the gateway runs and this machine reaches it; the rest goes on by itself")
        }
    }
    static let doctorResizes = Phrase("смена числа дорожек", "resizes")
    static func resizeStands(
        _ pool: String, lanes: Int16, seconds: Int64, waiting: Int64
    ) -> Phrase {
        Phrase(
            "пул \(pool) → \(lanes) дорожек: начато \(seconds / 60) мин назад и не движется, осталось "
                + "решить \(waiting)",
            "pool \(pool) → \(lanes) lanes: begun \(seconds / 60) min ago and getting on no more, "
                + "\(waiting) left to decide")
    }
    static func resumePool(_ pool: String) -> Phrase {
        Phrase("kabinet queue resume \(pool) --why …", "kabinet queue resume \(pool) --why …")
    }
    static func repeatResize(_ pool: String, _ lanes: Int16) -> Phrase {
        Phrase(
            "kabinet queue resize \(pool) \(lanes) --why …",
            "kabinet queue resize \(pool) \(lanes) --why …")
    }
    static let commandsAbandoned = Phrase(
        "Оставленные команды по причинам, с новейшим примером",
        "Abandoned commands by cause, with the newest example")
    static let commandsAbandonedNotes = Phrase(
        "Причина — текст ошибки, в котором числа, номера и слова в кавычках заменены на «…». Стоят "
            + "— команды за оставленными.",
        "The cause is the error's text with numbers, ids and quoted words masked by «…». Parked: "
            + "commands behind abandoned ones.")
    public static func example(_ id: String, _ error: String) -> Phrase {
        Phrase("новейшая \(id): \(error)", "newest \(id): \(error)")
    }
    public static let abandonedNext = Phrase(
        "Дальше: kabinet commands show ID; kabinet commands reprocess --state abandoned --kind KIND --why …; "
            + "kabinet commands discard ID --why …",
        "Next: kabinet commands show ID; kabinet commands reprocess --state abandoned --kind KIND --why …; "
            + "kabinet commands discard ID --why …")
    static let viewsCheck = Phrase(
        "Сверить то, что видят люди, с показаниями", "Compare what people see with the facts")
    static let viewsCheckNotes = Phrase(
        "Сверяет каждый месяц каждого прибора, пока система работает. Код выхода 1, если что-то "
            + "расходится.",
        "Compares every month of every meter while the system runs. Exits with 1 when anything "
            + "differs.")
    static let viewsRebuild = Phrase(
        "Пересчитать то, что видят люди, по показаниям", "Make what people see anew from the facts")
    static let viewsRebuildNotes = Phrase(
        "Части счетов пересчитываются в пуле bulk, пока система работает; пишется только то, что "
            + "расходится. Прервать (Ctrl-C) можно: очередь доведёт до конца.",
        "Parts of the accounts are recomputed in the pool bulk while the system runs; only what "
            + "differs is written. Ctrl-C is safe: the queue brings it to its end.")
    public static let comparing = Phrase("сверка счетов", "comparing accounts")
    public static let rebuilding = Phrase("пересчёт частей", "rebuilding parts")
    public static func difference(_ one: Views.Difference) -> Phrase {
        let place =
            one.organization.isEmpty
            ? "#\(one.meter)" : "\(one.organization) \(one.account) \(one.service) \(one.meter)"
        switch one.problem {
        case .missing:
            return Phrase(
                "\(place) \(one.month): нет строки, должно быть \(one.expected)",
                "\(place) \(one.month): missing, expected \(one.expected)")
        case .extra:
            return Phrase(
                "\(place) \(one.month): лишняя строка \(one.found)",
                "\(place) \(one.month): extra \(one.found)")
        case .different:
            return Phrase(
                "\(place) \(one.month): \(one.found), должно быть \(one.expected)",
                "\(place) \(one.month): different: \(one.found), expected \(one.expected)")
        }
    }
    private static func kinds(_ count: Views.Count) -> Phrase {
        Phrase(
            "нет строк \(count.missing), лишних \(count.extra), иных \(count.different)",
            "missing \(count.missing), extra \(count.extra), different \(count.different)")
    }
    public static func viewsCompared(_ count: Views.Count) -> Phrase {
        Phrase(
            "Сверено счетов: \(count.accounts), расходятся: \(count.affected); "
                + kinds(count).russian,
            "Accounts compared: \(count.accounts), with differences: \(count.affected); "
                + kinds(count).english)
    }
    public static func viewsWouldChange(_ count: Views.Count) -> Phrase {
        Phrase(
            "Исправилось бы: " + kinds(count).russian, "Would put right: " + kinds(count).english)
    }
    public static func viewsRebuilt(_ count: Views.Count) -> Phrase {
        Phrase("Исправлено: " + kinds(count).russian, "Put right: " + kinds(count).english)
    }
    public static let viewsNext = Phrase(
        "Дальше: kabinet views rebuild --why …", "Next: kabinet views rebuild --why …")
    public static func rebuildLeft(_ parts: Int64) -> Phrase {
        Phrase(
            "не пересчитано частей: \(parts). Посмотреть: kabinet commands list --kind views.rebuild "
                + "--state abandoned",
            "parts not rebuilt: \(parts). Look: kabinet commands list --kind views.rebuild --state "
                + "abandoned")
    }
    public static func rebased(_ waiting: Int64) -> Phrase {
        Phrase("ждут решения: \(waiting)", "waiting to be decided: \(waiting)")
    }
    static let queueNotes = Phrase(
        "Столбцы: ждут решения; возраст старейшей; решено в секунду за минуту; стоят за сбойной; "
            + "отложены до "
            + "повтора; оставлены (ждут оператора); отказов за час.",
        "Columns: waiting; age of the oldest; decided a second over a minute; parked behind a "
            + "failed one; held for "
            + "a retry; abandoned (an operator has to look); refused in the last hour.")
    static let commandsList = Phrase("Найти команды", "Find commands")
    static let commandsShow = Phrase("Команда со всей её историей", "A command with its history")
    static let commandsRetry = Phrase(
        "Повторить сбойные или решить заново отклонённые команды, по номерам",
        "Try failed commands again, or decide refused ones anew, by id")
    static let commandsRetryNotes = Phrase(
        "Сбойная или оставленная пробуется снова сразу. Отклонённая добавляется новой командой с "
            + "тем же "
            + "содержанием и временем приёма.",
        "A failed or abandoned one is tried again at once. A refused one is appended as a new "
            + "command with the same "
            + "payload and time of receipt. All that match: kabinet commands reprocess.")
    static let commandsDiscard = Phrase(
        "Отказаться от сбойных команд: названных или всех подходящих",
        "Give up commands that failed: those named, or all that match")
    static let commandsDiscardNotes = Phrase(
        "Команда больше не выполняется; стоявшие за ней идут дальше. С отбором вместо номеров это "
            + "задание без предела числа команд: kabinet commands jobs.",
        "The command is never decided; those behind it go on. With filters instead of ids this is "
            + "a job, without a limit: kabinet commands jobs.")
    static let commandsReprocess = Phrase(
        "Решить заново все подходящие команды", "Decide all commands that match anew")
    static let commandsReprocessNotes = Phrase(
        "Без предела числа команд. Отклонённые добавляются в пул bulk новыми командами с тем же "
            + "содержанием и временем приёма, по порядку внутри каждого счёта; сбойные пробуются "
            + "снова на своём месте. Повторённая раньше команда не повторяется: в счёт идёт её "
            + "повтор. --dry-run решает всё без следа и показывает, что изменится, всего и по "
            + "счетам; больше 500 команд одного счёта он решает частями, которые не видят друг "
            + "друга. Пока людям есть что решать, задание работает долю времени (share пула). "
            + "Ctrl-C прекращает только ожидание.",
        "Without a limit. Refused ones are appended to the pool bulk as new commands with the same "
            + "payload and time of receipt, in their order on each account; failed ones are tried "
            + "again in their place. What was repeated before is not repeated: its repeat counts. "
            + "--dry-run decides all without a trace and shows what would change, in total and by "
            + "account; more than 500 commands of an account are decided in parts that do not see "
            + "each other. While people have something to be decided, the job works a part of the "
            + "time (the pool's share). Ctrl-C only ends the waiting.")
    static let commandsJobs = Phrase(
        "Задания «решить заново» и «отказаться»", "Jobs of reprocess and discard")
    static let commandsJobsNotes = Phrase(
        "Пропущены: решённые тем временем, снятые или пропавшие с секцией.",
        "Passed: settled meanwhile, given up, or gone with their partition.")
    static let commandsJobsWatch = Phrase(
        "Следить за заданием до конца", "Watch a job to its end")
    static let commandsJobsPause = Phrase(
        "Приостановить задание на том месте, где оно есть", "Stop a job where it is")
    static let commandsJobsResume = Phrase(
        "Продолжить задание с того же места", "Let a job go on from where it stands")
    static let commandsJobsCancel = Phrase(
        "Прекратить задание; сделанное остаётся", "End a job; what was done stays")
    static let doctorSummary = Phrase(
        "Проверить систему; каждая находка — с командой, которая её лечит",
        "Examine the system; each finding names the command that cures it")
    static let keyCreate = Phrase(
        "Создать файл с ключом, которым воркеры открывают запечатанное",
        "Make a file with a key by which workers open what is sealed")
    static let keyCreateNotes = Phrase(
        "Файл доступен только владельцу (0600). Дальше: KABINET_SEALING_KEY_FILE=FILE у kabinet workers, "
            + "затем key publish. Секрет никуда больше не попадает: храните копию файла.",
        "Only its owner may read the file (0600). Next: KABINET_SEALING_KEY_FILE=FILE for kabinet workers, "
            + "then key publish. The secret goes nowhere else: keep a copy of the file.")
    static let keyAdd = Phrase(
        "Добавить в файл новый ключ; прежние по-прежнему открывают",
        "Put a new key into the file; the earlier ones still open")
    static let keyAddNotes = Phrase(
        "Смена ключа: key add FILE у каждого, кто держит файл (или разнесите файл), перезапуск kabinet workers, "
            + "затем key publish. Прежний ключ нужен ещё 47 дней.",
        "To rotate: key add FILE, bring the file to every workers' machine, restart kabinet workers, then key "
            + "publish. The earlier key is needed for 47 days more.")
    static let keyPublish = Phrase(
        "Опубликовать первый ключ файла: с этого мига секреты запечатываются им",
        "Publish the file's first key: from then on secrets are sealed to it")
    static let keyPublishNotes = Phrase(
        "Файл — KABINET_SEALING_KEY_FILE. Отказывает, пока ключа нет у всех работающих воркеров.",
        "The file is KABINET_SEALING_KEY_FILE. Refused while not all running workers hold the key.")
    static let keyList = Phrase(
        "Опубликованные ключи, и у скольких воркеров они есть",
        "Published keys, and how many workers hold them")
    static let auditList = Phrase("Кто что сделал и зачем", "Who did what and why")
    static let outboxList = Phrase(
        "Письма и SMS, оставшиеся здесь вместо отправки",
        "Letters and SMS that stayed here instead of leaving")
    static let noticesList = Phrase(
        "Кому о чём сообщено и что с этим стало (контакты скрыты)",
        "Who was told what, and what became of it (contacts are masked)")
    static let optionNoticeState = Phrase(
        "queued, sent, delivered, undelivered, expired, refused или failed",
        "queued, sent, delivered, undelivered, expired, refused or failed")
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
    private static func maybe(_ name: String?) -> Phrase {
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
    static func keyNotWithWorkers(_ id: String, holders: Int64, of processes: Int64) -> Phrase {
        Phrase(
            "ключ \(id) есть у \(holders) из \(processes) процессов воркеров: запечатанное им остальные не "
                + "откроют. Перезапустите kabinet workers с этим файлом (KABINET_SEALING_KEY_FILE) и повторите",
            "\(holders) of \(processes) processes of workers hold the key \(id): the others could not open what "
                + "is sealed to it. Restart kabinet workers with that file (KABINET_SEALING_KEY_FILE), then again"
        )
    }
    static func keyWasPublished(_ id: String) -> Phrase {
        Phrase(
            "ключ \(id) уже был опубликован раньше; новый: kabinet key add FILE",
            "the key \(id) was published earlier; for a new one: kabinet key add FILE")
    }
    public static let noKeyFile = Phrase(
        "не задан KABINET_SEALING_KEY_FILE; файл создаёт kabinet key create FILE",
        "KABINET_SEALING_KEY_FILE is not set; kabinet key create FILE makes the file")
    public static func keyCreated(_ id: String, _ path: String) -> Phrase {
        Phrase(
            "Ключ \(id) в \(path). Дальше: KABINET_SEALING_KEY_FILE=\(path) kabinet workers, затем "
                + "kabinet key publish --why …",
            "Key \(id) is in \(path). Next: KABINET_SEALING_KEY_FILE=\(path) kabinet workers, then "
                + "kabinet key publish --why …")
    }
    public static func keyAdded(_ id: String, _ path: String) -> Phrase {
        Phrase(
            "Ключ \(id) добавлен в \(path). Дальше: перезапустите kabinet workers, затем kabinet key publish "
                + "--why …",
            "Key \(id) is added to \(path). Next: restart kabinet workers, then kabinet key publish --why …"
        )
    }
    public static func keyPublished(_ id: String) -> Phrase {
        Phrase("Ключ \(id) опубликован", "Key \(id) is published")
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

// MARK: Import

extension Phrase {
    public static func column(_ problem: ColumnsError.Problem) -> Phrase {
        switch problem {
        case .missing(let name, let found):
            let hint = maybe(found)
            return Phrase(
                "нет столбца «\(name)»\(hint.russian)",
                "the column \"\(name)\" is missing\(hint.english)")
        case .unknown(let name, let suggestion):
            let hint = maybe(suggestion)
            return Phrase(
                "неизвестный столбец «\(name)»\(hint.russian)",
                "unknown column \"\(name)\"\(hint.english)")
        case .duplicate(let name):
            return Phrase(
                "столбец «\(name)» указан дважды", "the column \"\(name)\" stands twice")
        }
    }
    public static func file(_ error: FileError) -> Phrase {
        let russian =
            switch error {
            case .cannotOpen(let path, let code): "не удаётся открыть \(path) (ошибка \(code))"
            case .cannotRead(let path, let code): "не удаётся прочитать \(path) (ошибка \(code))"
            case .cannotWrite(let path, let code): "не удаётся записать \(path) (ошибка \(code))"
            case .notAFile(let path): "\(path) — не обычный файл"
            case .utf16: "файл в UTF-16; сохраните его как «CSV UTF-8»"
            case .empty: "файл пуст: первая строка называет столбцы"
            case .header(let error):
                "строка заголовка испорчена: \(brokenRow(error.reason).russian)"
            }
        return Phrase(russian, error.description)
    }
    public static func brokenRow(_ reason: RowError.Reason) -> Phrase {
        switch reason {
        case .ragged(let expected, let found):
            Phrase(
                "столбцов \(found), а не \(expected)",
                "expected \(expected) columns, found \(found)")
        case .unclosedQuote:
            Phrase("кавычка открыта и не закрыта", "a quote is opened and not closed")
        case .textAfterQuote:
            Phrase(
                "текст после закрывающей кавычки; внутри поля она удваивается",
                "text follows a closing quote; inside a field it is written twice")
        case .tooLong:
            Phrase(
                "строка длиннее \(CSVReader.longestRow / 1024) КиБ",
                "the row is longer than \(CSVReader.longestRow / 1024) KiB")
        case .invalidBytes:
            Phrase(
                "байты, которые не текст в кодировке файла",
                "some bytes are no text in the file's encoding")
        case .nul: Phrase("в строке есть нулевой байт", "the row holds a NUL byte")
        case .unreadable(let code):
            Phrase(
                "файл дальше не читается (ошибка \(code))",
                "the file cannot be read any further (error \(code))")
        }
    }
    public static func badAccount(_ typed: String) -> Phrase {
        typed.isEmpty
            ? Phrase("не указан лицевой счёт", "the account is missing")
            : notAnAccount(String(typed.prefix(60)))
    }
    public static let reading = Phrase("чтение", "reading")
    public static let deciding = Phrase("решение", "deciding")
    public static let checking = Phrase("проверка", "checking")
    public static let noWorkers = Phrase(
        "5 секунд ничего не решено; воркеры не запущены? Запуск: kabinet workers. Строки стоят в "
            + "очереди и не "
            + "пропадут.",
        "nothing was decided for 5 seconds; are the workers running? Start them: kabinet workers. "
            + "The rows are "
            + "queued and will not be lost.")
    public static func interrupted(_ job: Int64) -> Phrase {
        Phrase(
            "Остановлено ожидание, не загрузка: поставленное в очередь продолжается.\n"
                + "Следить дальше: kabinet import watch \(job); очередь: kabinet queue",
            "Waiting was stopped, not the import: what was queued goes on.\n"
                + "Watch on: kabinet import watch \(job); the queue: kabinet queue")
    }
    public static func jobState(_ state: Jobs.State) -> Phrase {
        switch state {
        case .running: Phrase("идёт", "running")
        case .paused: Phrase("приостановлено", "paused")
        case .cancelled: Phrase("прекращено", "cancelled")
        case .done: Phrase("закончено", "done")
        }
    }
    public static func jobMade(_ job: Int64, _ total: Int64) -> Phrase {
        Phrase(
            "Задание \(job), команд: \(total). Остановить на время: kabinet commands jobs pause "
                + "\(job) --why …",
            "Job \(job), commands: \(total). To stop it for a while: kabinet commands jobs pause "
                + "\(job) --why …")
    }
    public static func jobMoved(_ job: Int64, _ state: Jobs.State) -> Phrase {
        let words = jobState(state)
        let next =
            state == .paused
            ? "kabinet commands jobs resume \(job) --why …" : "kabinet commands jobs watch \(job)"
        return state == .cancelled
            ? Phrase("Задание \(job): \(words.russian)", "Job \(job): \(words.english)")
            : Phrase(
                "Задание \(job): \(words.russian); дальше: \(next)",
                "Job \(job): \(words.english); next: \(next)")
    }
    public static func jobLeft(_ job: Int64) -> Phrase {
        Phrase(
            "Остановлено ожидание, не задание: оно продолжается. Следить дальше: kabinet commands "
                + "jobs watch \(job); остановить: … jobs pause \(job), … jobs cancel \(job)",
            "Waiting was stopped, not the job: it goes on. Watch on: kabinet commands jobs watch "
                + "\(job); stop it: … jobs pause \(job), … jobs cancel \(job)")
    }
    public static func jobSummary(_ job: Jobs.Job) -> Phrase {
        Phrase(
            "Задание \(job.id) \(jobState(job.state).russian): команд \(job.total), добавлено "
                + "заново \(job.appended), отпущено \(job.released), снято \(job.discarded), "
                + "пропущено \(job.passed)",
            "Job \(job.id) is \(jobState(job.state).english): commands \(job.total), appended "
                + "anew \(job.appended), released \(job.released), discarded \(job.discarded), "
                + "passed \(job.passed)")
    }
    public static func jobForeseen(_ job: Jobs.Job) -> Phrase {
        Phrase(
            "Проба \(job.id) (ничего не изменено): команд \(job.total), пропущено \(job.passed)",
            "Dry run \(job.id) (nothing was changed): commands \(job.total), passed \(job.passed)")
    }
    public static func moreAccounts(_ shown: Int) -> Phrase {
        Phrase(
            "Показаны первые \(shown) счетов; все — с --json",
            "The first \(shown) accounts are shown; all with --json")
    }
    public static let reprocessing = Phrase("решение заново", "reprocessing")
    public static func stuck(_ command: String, _ error: String) -> Phrase {
        Phrase(
            "остаток не решится сам: команда \(command) оставлена (\(error)).\n"
                + "Посмотреть: kabinet commands show \(command)",
            "the rest will not be decided by itself: command \(command) was abandoned (\(error)).\n"
                + "Look: kabinet commands show \(command)")
    }
    public static func summary(
        accepted: Int64, unchanged: Int64, refused: Int64, seconds: String, rate: String,
        dryRun: Bool
    ) -> Phrase {
        let russian = dryRun ? "Было бы принято" : "Принято"
        let english = dryRun ? "Would be accepted" : "Accepted"
        return Phrase(
            "\(russian) \(accepted), без изменений \(unchanged), не принято \(refused); "
                + "\(seconds) с, \(rate) строк/с",
            "\(english) \(accepted), unchanged \(unchanged), refused \(refused); "
                + "\(seconds) s, \(rate) rows/s")
    }
    public static func errorFile(_ path: String, _ rows: Int64) -> Phrase {
        Phrase(
            "Непринятые строки (\(rows)) с причинами: \(path)",
            "Rows that were not taken (\(rows)), with reasons: \(path)")
    }
    public static let undersupplyOfClosed = Phrase(
        "Месяцы, которые уже закрыты, начислятся по этим строкам заново при следующем закрытии: kabinet period preview",
        "Months that are closed already are charged anew for these rows by the next close: kabinet period preview"
    )
    public static let nothingImported = Phrase(
        "В файле есть ошибки: не загружено ничего (--all-or-nothing)",
        "The file has errors: nothing was imported (--all-or-nothing)")
}

// MARK: Migrations

extension Phrase {
    static func migration(_ name: String) -> Phrase {
        Phrase("миграция \(name)", "migration \(name)")
    }
    static func migrationBreaks(before needs: Int32, _ why: String) -> Phrase {
        Phrase(
            "  ломающая: версии, не знающие миграцию \(needs), с этой минуты не работают (\(why))",
            "  breaking: releases that do not know migration \(needs) stop now (\(why))")
    }
    static func migrationWaits(_ ahead: [String]) -> Phrase {
        let list = ahead.isEmpty ? "?" : ahead.joined(separator: "; ")
        return Phrase(
            "  ждёт блокировки, пробует снова; открытые транзакции: \(list)",
            "  waits for a lock and tries again; open transactions: \(list)")
    }
    static func migrationLocked(_ name: String, _ attempts: Int, _ ahead: [String]) -> Phrase {
        let list = ahead.isEmpty ? "?" : ahead.joined(separator: "; ")
        return Phrase(
            "миграция \(name) не применена: за \(attempts) попыток не получила блокировок; открытые "
                + "транзакции: \(list). Дождитесь их конца или завершите их (kabinet doctor --idle 0) и "
                + "повторите kabinet migrate",
            "migration \(name) was not applied: it did not get its locks in \(attempts) tries; open "
                + "transactions: \(list). Wait for their end or end them (kabinet doctor --idle 0), then run "
                + "kabinet migrate again")
    }
    static func migrationOfLater(_ name: String) -> Phrase {
        Phrase(
            "в базе есть миграция \(name), которой эта версия не знает: запустите версию не старше",
            "this database has migration \(name), which this release does not know: run a release at "
                + "least as new")
    }
    static func migrationRewritten(_ name: String) -> Phrase {
        Phrase(
            "sql/migrations/\(name).sql изменена после применения: верните её и напишите новую миграцию",
            "sql/migrations/\(name).sql was changed after it was applied: put it back and write a new "
                + "migration")
    }
    static func migrationUnnumbered(_ name: String) -> Phrase {
        Phrase(
            "у sql/migrations/\(name).sql нет номера", "sql/migrations/\(name).sql has no number")
    }
    static func migrationHeader(_ name: String, upTo number: Int32) -> Phrase {
        Phrase(
            "sql/migrations/\(name).sql: нужна одна строка «-- breaking: почему» или «-- breaking НОМЕР: "
                + "почему» с номером до \(number)",
            "sql/migrations/\(name).sql: expected one line «-- breaking: why» or «-- breaking NUMBER: "
                + "why» with a number up to \(number)")
    }
    public static func migrated(_ count: Int) -> Phrase {
        count == 0
            ? Phrase("схема уже новая", "the schema is up to date")
            : Phrase("применено миграций: \(count)", "\(count) migrations applied")
    }
}

// MARK: Outcomes and lists

extension Phrase {
    public static func state(_ state: String) -> Phrase {
        switch state {
        case "pending": Phrase("ждёт решения", "pending")
        case "done": Phrase("выполнена", "done")
        case "refused": Phrase("отклонена", "refused")
        case "abandoned": Phrase("оставлена: ждёт оператора", "abandoned: waits for an operator")
        case "discarded": Phrase("снята оператором", "discarded by an operator")
        case "failed": Phrase("сбой: будет повторена", "failed: will be tried again")
        case "parked": Phrase("стоит за сбойной", "parked behind a failed one")
        case "retried": Phrase("повторена оператором", "retried by an operator")
        default: Phrase(state, state)
        }
    }
    /// What a command of a job became, or would become.
    public static func outcome(_ state: String) -> Phrase {
        switch state {
        case "unchanged": Phrase("выполнена, ничего не меняя", "done, changing nothing")
        case "sent": Phrase("уйдёт ещё раз", "sent again")
        case "failed": Phrase("сбой", "failed")
        case "abandoned": Phrase("оставлена", "abandoned")
        case "discarded": Phrase("снята", "discarded")
        default: Phrase.state(state)
        }
    }
    public static let notDecidedYet = Phrase(
        "решения ещё нет; воркеры не запущены? Смотреть: kabinet commands show",
        "not decided yet; are the workers running? Look: kabinet commands show")
    public static let shapeIsGood = Phrase("Форма команды верна", "The command's shape is right")
    public static func fixed(_ decided: Int64, of total: Int64) -> Phrase {
        Phrase(
            "месяц закрыт: \(decided) частей из \(total)",
            "the month is closed: \(decided) parts of \(total)")
    }
    public static let fixing = Phrase("расчёт месяца", "charging the month")
    public static let foreseeing = Phrase("предварительный расчёт", "charging for a look")
    public static let withdrawing = Phrase("отмена расчёта", "taking the month back")
    public static func monthCame(
        accounts: Int64, lines: Int64, charged: String, recalculated: String, penalty: String
    ) -> Phrase {
        Phrase(
            "счетов \(accounts), строк \(lines); начислено \(charged), перерасчёты \(recalculated), пени \(penalty)",
            "accounts \(accounts), lines \(lines); charged \(charged), recalculated \(recalculated), penalties \(penalty)"
        )
    }
    public static func monthKind(_ kind: String, _ amount: String) -> Phrase {
        Phrase("  \(kind): \(amount)", "  \(kind): \(amount)")
    }
    public static func withdrawn(_ bills: Int64) -> Phrase {
        Phrase(
            "месяц открыт заново, отозвано счетов: \(bills)",
            "the month is open again, bills taken back: \(bills)")
    }
    public static let periodPreview = Phrase(
        "Показать, что даст закрытие месяца, ничего не меняя",
        "Show what closing a month would come to, changing nothing")
    public static let periodReopen = Phrase(
        "Открыть заново последний закрытый месяц", "Open the newest closed month again")
    static let paymentPost = Phrase("Провести платёж", "Post a payment")
    static let paymentReverse = Phrase("Отменить платёж", "Take a payment back")
    static let accountCorrect = Phrase(
        "Пересчитать месяцы лицевого счёта при следующем закрытии",
        "Charge an account's months anew at the next close")
    static let correctionWithdraw = Phrase(
        "Отменить последний из пересчётов с этого месяца, которые ещё не начислены",
        "Take back the last of what was to be charged anew from a month on, before it is")
    static let memberProvider = Phrase("кто принял платёж", "who took the payment")
    static let memberNumber = Phrase("номер платежа у принявшего", "the payment's number there")
    static let memberAmount = Phrase("сумма в копейках", "the sum in kopecks")
    static let memberPaidOn = Phrase("день платежа", "the day of the payment")
    static let memberPaidMonth = Phrase("за какой месяц, если назван", "for which month, if named")
    static let memberPaidKind = Phrase("за какую услугу, если названа", "for which kind, if named")
    static let memberFromMonth = Phrase("с какого месяца: 2026-04", "from which month on: 2026-04")
    static let memberGround = Phrase(
        "основание, печатается в счёте", "the ground, printed on the bill")
    public static func fixingLeft(_ abandoned: Int64) -> Phrase {
        Phrase(
            "не зафиксировано частей: \(abandoned). Посмотреть: kabinet commands list --kind "
                + "period.charge "
                + "--state abandoned",
            "parts not fixed: \(abandoned). Look: kabinet commands list --kind period.charge --state "
                + "abandoned"
        )
    }
    public static let waitingStopped = Phrase(
        "Остановлено ожидание; поставленное в очередь продолжается: kabinet queue",
        "Waiting was stopped; what was queued goes on: kabinet queue")
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
    public static let nothingFound = Phrase("Ничего не найдено", "Nothing found")
    public static let noPools = Phrase(
        "пулов ещё нет: kabinet migrate заводит их из workers.yaml",
        "no pools yet: kabinet migrate makes them from workers.yaml")
    public static func moreMayBe(_ limit: Int64) -> Phrase {
        Phrase("Показано \(limit); больше — с --limit", "\(limit) shown; --limit shows more")
    }
    public static func treated(_ treatment: Reprocessing.Treatment, dryRun: Bool) -> Phrase {
        switch (treatment, dryRun) {
        case (.released, false): Phrase("повторяется", "is tried again")
        case (.released, true): Phrase("повторилась бы", "would be tried again")
        case (.appended(let id), false): Phrase("добавлена как \(id)", "appended as \(id)")
        case (.appended, true): Phrase("добавилась бы заново", "would be appended again")
        case (.discarded, false): Phrase("снята", "discarded")
        case (.discarded, true): Phrase("снялась бы", "would be discarded")
        case (.left(let why), _): why
        }
    }
    public static func heading(_ column: String) -> Phrase {
        switch column {
        case "pool": Phrase("пул", column)
        case "mode": Phrase("режим", column)
        case "lanes": Phrase("дорожек", column)
        case "lane": Phrase("дорожка", column)
        case "waiting": Phrase("ждут", column)
        case "oldest": Phrase("старейшая", column)
        case "rate": Phrase("в секунду", "per second")
        case "parked": Phrase("стоят", column)
        case "held": Phrase("отложены", column)
        case "abandoned": Phrase("оставлены", column)
        case "refused": Phrase("отказов/ч", "refused/h")
        case "kinds": Phrase("виды", column)
        case "batches": Phrase("пакетов", column)
        case "last": Phrase("последний", column)
        case "id": Phrase("номер", column)
        case "command": Phrase("команда", column)
        case "received": Phrase("принята", column)
        case "kind": Phrase("вид", column)
        case "organization": Phrase("организация", column)
        case "state": Phrase("состояние", column)
        case "code": Phrase("код", column)
        case "commands": Phrase("команд", column)
        case "subjects": Phrase("держат счёт", column)
        case "first": Phrase("первая", column)
        case "account": Phrase("счёт", column)
        case "actor": Phrase("кто", column)
        case "name": Phrase("название", column)
        case "zone": Phrase("пояс", column)
        case "since": Phrase("с", column)
        case "scopes": Phrase("права", column)
        case "channel": Phrase("способ", column)
        case "limit": Phrase("запросов/с", "requests/s")
        case "expires": Phrase("до", column)
        case "house": Phrase("дом", column)
        case "company": Phrase("организация", column)
        case "days": Phrase("дни месяца", "days of the month")
        case "until": Phrase("продлено по", "extended through")
        case "at": Phrase("когда", column)
        case "action": Phrase("действие", column)
        case "details": Phrase("подробности", column)
        case "recipient": Phrase("кому", column)
        case "title": Phrase("тема", column)
        case "subject": Phrase("предмет", column)
        case "payload": Phrase("содержание", column)
        case "cause": Phrase("причина", column)
        case "trace": Phrase("трасса", column)
        case "attempt": Phrase("попытка", column)
        case "error": Phrase("ошибка", column)
        case "result": Phrase("результат", column)
        case "history": Phrase("история", column)
        case "job": Phrase("задание", column)
        case "why": Phrase("зачем", column)
        case "was": Phrase("была", column)
        case "becomes": Phrase("станет", column)
        case "total": Phrase("всего", column)
        case "handled": Phrase("пройдено", column)
        case "passed": Phrase("пропущено", column)
        case "message": Phrase("сообщение", column)
        case "key": Phrase("ключ", column)
        case "newest": Phrase("новейший", column)
        case "needed": Phrase("нужен", column)
        case "holders": Phrase("у воркеров", "workers")
        case "about": Phrase("о ком", column)
        case "login": Phrase("логин", column)
        case "roles": Phrase("роли", column)
        case "second": Phrase("2-й фактор", "2nd factor")
        case "sessions": Phrase("сеансов", column)
        case "paid_on": Phrase("уплачен", "paid on")
        case "amount": Phrase("сумма", column)
        case "provider": Phrase("принял", column)
        case "document": Phrase("№ документа", "document no.")
        case "typed": Phrase("написан", "as typed")
        case "month": Phrase("месяц", column)
        default: Phrase(column, column)
        }
    }
}

// MARK: Doctor

extension Phrase {
    static let doctorMigrations = Phrase("схема базы данных", "the database's schema")
    static let doctorOrigin = Phrase("сервер базы данных тот же", "the server is the same")
    static let doctorRoles = Phrase("роли и их права", "roles and their rights")
    static let doctorClock = Phrase("часы", "clocks")
    static let doctorPins = Phrase("долгие транзакции", "long transactions")
    static let doctorListener = Phrase("воркеры слушают", "workers listen")
    static let doctorStalled = Phrase("дорожки движутся", "lanes move")
    static let doctorStarved = Phrase("дорожек не обходят", "no lane is passed over")
    static let doctorKinds = Phrase("виды команд знакомы воркерам", "workers know every kind")
    static let doctorKeys = Phrase("ключи запечатывания", "sealing keys")
    static let doctorHolds = Phrase("сбойные команды", "failed commands")
    static let doctorJobs = Phrase("задания движутся", "jobs move")
    static let doctorNotifications = Phrase("очередь уведомлений", "the notification queue")
    static let doctorPartitions = Phrase("секции на завтра", "partitions to come")
    static let doctorOverdue = Phrase("старые секции удалены", "old partitions are gone")
    static let doctorPlan = Phrase("план запроса дорожек", "the plan of a claim")
    static let doctorDisk = Phrase("место на диске", "room on the disk")
    static let doctorStrays = Phrase("строки вне секций", "rows outside partitions")
    static let doctorDead = Phrase("мёртвые строки", "dead rows")
    static let doctorArchive = Phrase("архив WAL", "the archive of WAL")
    static func doctorInvariant(_ file: String) -> Phrase { Phrase(file, file) }

    static let noTimeLeft = Phrase("не проверено: не хватило времени", "not checked: no time left")
    static let tookTooLong = Phrase(
        "не проверено: дольше 3 секунд", "not checked: took over 3 seconds")
    static func couldNotCheck(_ error: String) -> Phrase {
        Phrase("не проверено: \(error)", "not checked: \(error)")
    }
    static let neverMigrated = Phrase("схемы ещё нет", "there is no schema yet")
    static func migrationMissing(_ name: String) -> Phrase {
        Phrase(
            "не применена \(name): схема старше этой версии",
            "\(name) is not applied: the schema is older than this release")
    }
    static func migrationChanged(_ name: String) -> Phrase {
        Phrase("\(name) изменена после применения", "\(name) was changed after it was applied")
    }
    static func migrationForeign(_ number: Int32) -> Phrase {
        Phrase(
            "применена миграция \(number), которой в этой версии нет: схема новее",
            "migration \(number) is applied and not in this release: the schema is newer")
    }
    static func migrationBreaking(_ needs: Int32, _ why: String) -> Phrase {
        Phrase(
            "нужна версия, которая знает миграцию \(needs); эта не работает (\(why))",
            "a release is needed that knows migration \(needs); this one is refused (\(why))")
    }
    static func unknownKind(
        _ kind: String, pools: String, lanes: Int64, oldest: Int64
    ) -> Phrase {
        Phrase(
            "\(kind) ждёт, \(pools), дорожек \(lanes), старейшая \(oldest) с: ни один работающий воркер "
                + "его не знает",
            "\(kind) waits, \(pools), lanes \(lanes), the oldest \(oldest) s: no running workers know it"
        )
    }
    static let noKeyPublished = Phrase(
        "ни один ключ не опубликован: запечатывать секреты нечем",
        "no key is published: there is nothing to seal secrets to")
    static func keyNotHeld(_ id: String, newest: Bool, holders: Int64, of processes: Int64)
        -> Phrase
    {
        Phrase(
            "\(newest ? "новейший" : "прежний, ещё нужный") ключ \(id) есть у \(holders) из \(processes) "
                + "процессов воркеров: запечатанное им остальные не откроют",
            "\(holders) of \(processes) processes of workers hold the \(newest ? "newest" : "earlier, still needed") "
                + "key \(id): the others cannot open what is sealed to it")
    }
    static func keyFile(_ error: String) -> Phrase { Phrase(error, error) }
    static let publishKey = Phrase(
        "kabinet key create FILE; KABINET_SEALING_KEY_FILE=FILE kabinet workers; kabinet key publish --why …",
        "kabinet key create FILE; KABINET_SEALING_KEY_FILE=FILE kabinet workers; kabinet key publish --why …"
    )
    static let restartWithKeys = Phrase(
        "верните ключ в KABINET_SEALING_KEY_FILE и перезапустите kabinet workers; ключи: kabinet key list",
        "put the key back into KABINET_SEALING_KEY_FILE and restart kabinet workers; the keys: kabinet key list"
    )
    static func guardKeyFile(_ path: String) -> Phrase {
        Phrase(
            "chmod 600 \(path); нет файла: верните его из копии или kabinet key create \(path)",
            "chmod 600 \(path); a missing one: bring it back from its copy, or kabinet key create \(path)"
        )
    }
    static let startNewerWorkers = Phrase(
        "запустите воркеры новой версии: kabinet workers",
        "start the workers of the newer release: kabinet workers")
    static let foreignServer = Phrase(
        "база восстановлена с другого сервера: курсоры очереди не о нём",
        "the database came from another server: the queue's cursors do not speak of this one")
    static func role(_ role: String, _ problem: String) -> Phrase {
        Phrase("\(role): \(problem)", "\(role): \(problem)")
    }
    static func clocksApart(_ seconds: Int64) -> Phrase {
        Phrase(
            "часы этой машины и базы расходятся на \(seconds) с",
            "this machine's clock and the database's are \(seconds) s apart")
    }
    static let noListener = Phrase(
        "ни один процесс воркеров не слушает очередь", "no workers' process listens to the queue")
    static func stalledLane(
        _ pool: String, _ lane: Int16, waiting: Int64, oldest: Int64, last: Int64
    ) -> Phrase {
        Phrase(
            "\(pool), дорожка \(lane): ждут \(waiting), старейшая \(oldest) с; двигалась \(last) "
                + "с назад",
            "\(pool), lane \(lane): \(waiting) wait, the oldest \(oldest) s; it moved \(last) s ago"
        )
    }
    /// A lane whose lock somebody has.
    func lockedBy(_ pid: Int32, _ session: String) -> Phrase {
        Phrase(
            "\(russian); её держит сеанс \(pid): \(session)",
            "\(english); session \(pid) has its lock: \(session)")
    }
    static func unservedPool(_ pool: String, waiting: Int64, oldest: Int64) -> Phrase {
        Phrase(
            "\(pool): ждут \(waiting), старейшая \(oldest) с, а у воркеров нет ни одного сеанса "
                + "этого пула",
            "\(pool): \(waiting) wait, the oldest \(oldest) s, and the workers have no session "
                + "for this pool")
    }
    static func undroppedWaiting(_ name: String, _ commands: Int64) -> Phrase {
        Phrase(
            "queue.\(name) отслужила, но в ней не решены команды: \(commands)",
            "queue.\(name) is past its term, and commands in it are undecided: \(commands)")
    }
    static func undroppedKept(_ name: String, _ commands: Int64) -> Phrase {
        Phrase(
            "queue.\(name) отслужила, но сбойные команды держат в ней: \(commands)",
            "queue.\(name) is past its term, and failed commands keep in it: \(commands)")
    }
    static func undroppedLocked(_ name: String, _ pid: Int32, _ session: String) -> Phrase {
        Phrase(
            "queue.\(name) отслужила, но её занимает сеанс \(pid): \(session)",
            "queue.\(name) is past its term, and session \(pid) has it in use: \(session)")
    }
    static func undroppedUntried(_ name: String) -> Phrase {
        Phrase(
            "queue.\(name) отслужила, ничто её не держит, но воркеры её не удалили",
            "queue.\(name) is past its term, nothing keeps it, and no workers dropped it")
    }
    static func planDrift(_ table: String, node: String, index: String?, sorts: Bool) -> Phrase {
        let way = index.map { "\(node) \($0)" } ?? node
        return sorts
            ? Phrase(
                "queue.\(table) сортируется целиком (\(way))",
                "queue.\(table) is sorted whole (\(way))")
            : Phrase(
                "queue.\(table) читается не по индексу дорожек (\(way))",
                "queue.\(table) is not read by the index of lanes (\(way))")
    }
    static func diskRoom(_ path: String, mebibytes: UInt64, percent: UInt64) -> Phrase {
        Phrase(
            "\(path): свободно \(mebibytes) МиБ, \(percent) %",
            "\(path): \(mebibytes) MiB free, \(percent) %")
    }
    static let diskElsewhere = Phrase(
        "не проверено: данные не на этой машине; запустите kabinet doctor там, где PostgreSQL, или "
            + "df",
        "not checked: the data are not on this machine; run kabinet doctor where PostgreSQL is, or "
            + "df")
    static func kept(
        _ isAbandoned: Bool, cause: String, subjects: Int64, commands: Int64, example: String
    ) -> Phrase {
        Phrase(
            "\(isAbandoned ? "оставлено" : "ждёт повтора") \(subjects), команд \(commands), "
                + "последняя "
                + "\(example): \(cause)",
            "\(isAbandoned ? "abandoned" : "to be retried") \(subjects), commands \(commands), "
                + "newest "
                + "\(example): \(cause)")
    }
    static func jobStands(_ id: Int64, _ state: Jobs.State, _ seconds: Int64) -> Phrase {
        let words = Phrase.jobState(state)
        return Phrase(
            "задание \(id) (\(words.russian)) стоит \(seconds) с",
            "job \(id) (\(words.english)) stands for \(seconds) s")
    }
    static func notificationsFull(thousandths: Int32, sessions: String) -> Phrase {
        let part = "\(thousandths / 10).\(thousandths % 10)"
        let who = sessions.isEmpty ? "?" : sessions
        return Phrase(
            "заполнена на \(part) %; стоят в транзакции: \(who)",
            "\(part) % full; idle in transaction: \(who)")
    }
    static func noPartition(_ name: String) -> Phrase {
        Phrase("нет queue.\(name)", "queue.\(name) is missing")
    }
    static func strayRows(_ table: String, _ rows: Int64) -> Phrase {
        Phrase("\(table): строк \(rows)", "\(table): \(rows) rows")
    }
    static func deadRows(_ table: String, _ dead: Int64, of written: Int64) -> Phrase {
        Phrase(
            "\(table): мёртвых \(dead) на \(written) записанных",
            "\(table): \(dead) dead of \(written) written")
    }
    static func archiveBehind(_ tries: Int64, since: Int64?) -> Phrase {
        let last = since.map { "\(Moment($0))" }
        return Phrase(
            "WAL не архивируется с \(last ?? "самого начала"), неудач \(tries); копится на диске",
            "WAL is not archived since \(last ?? "the beginning"), \(tries) tries failed; it piles up"
        )
    }
    static func invariantBroken(_ rows: Int, example: String) -> Phrase {
        Phrase("нарушений \(rows), например \(example)", "\(rows) violations, such as \(example)")
    }

    static let runMigrate = Phrase("kabinet migrate", "kabinet migrate")
    static let fixRoles = Phrase(
        "владельцем базы: revoke … from РОЛЬ, alter role РОЛЬ no…; нет роли: create role РОЛЬ "
            + "login",
        "as the owner: revoke … from ROLE, alter role ROLE no…; a missing one: create role ROLE "
            + "login"
    )
    static let useRelease = Phrase(
        "запустите версию, которой принадлежит схема", "run the release that the schema belongs to")
    static let checkBackup = Phrase(
        "./ops/backup --check; у своего сервера — его журнал и archive_command",
        "./ops/backup --check; of a server of yours, its log and archive_command")
    static let runRebase = Phrase("kabinet queue rebase --why …", "kabinet queue rebase --why …")
    static let fixClock = Phrase(
        "включите синхронизацию времени: timedatectl set-ntp true",
        "synchronize time: timedatectl set-ntp true")
    public static func andMore(_ count: Int) -> Phrase {
        Phrase("… и ещё \(count)", "… and \(count) more")
    }
    static func each(_ cures: [Phrase]) -> Phrase {
        Phrase(
            cures.map(\.russian).joined(separator: "; "),
            cures.map(\.english).joined(separator: "; "))
    }
    static func endSession(_ pid: Int32) -> Phrase {
        Phrase("select pg_terminate_backend(\(pid))", "select pg_terminate_backend(\(pid))")
    }
    static let checkPools = Phrase(
        "kabinet check покажет пулы и их threads; перезапустите kabinet workers",
        "kabinet check shows the pools and their threads; restart kabinet workers")
    static let restartWorkers = Phrase(
        "перезапустите kabinet workers", "restart kabinet workers")
    static let restorePlan = Phrase(
        "владельцем базы: analyze queue.command; нет индекса: create index command_lane on "
            + "queue.command (pool, lane, xid, seq); затем перезапустите kabinet workers",
        "as the owner: analyze queue.command; if the index is missing: create index command_lane "
            + "on queue.command (pool, lane, xid, seq); then restart kabinet workers")
    static let freeDisk = Phrase(
        "освободите или добавьте место; что растёт: kabinet doctor (слоты, старые секции), du",
        "free or add room; what grows: kabinet doctor (slots, old partitions), du")
    static let startWorkers = Phrase("kabinet workers", "kabinet workers")
    static let retryAbandoned = Phrase(
        "kabinet commands show ID; kabinet commands reprocess --state abandoned --why … или "
            + "discard --state abandoned --why …",
        "kabinet commands show ID; kabinet commands reprocess --state abandoned --why … or discard "
            + "--state abandoned --why …")
    static func resumeJob(_ id: Int64) -> Phrase {
        Phrase(
            "kabinet commands jobs resume \(id) --why … или jobs cancel \(id) --why …",
            "kabinet commands jobs resume \(id) --why … or jobs cancel \(id) --why …")
    }
    static let endListener = Phrase(
        "завершите сеанс, который не читает: select pg_terminate_backend(PID), или перезапустите "
            + "kabinet workers, kabinet ingress",
        "end the session that does not read: select pg_terminate_backend(PID), or restart kabinet "
            + "workers, kabinet ingress")
    static let moveStrays = Phrase(
        "проверьте часы машин; строки целы и решаются",
        "check the machines' clocks; the rows are whole and decided")
    static let findWriter = Phrase(
        "vacuum; найдите, кто меняет эти таблицы: kabinet audit list",
        "vacuum; find who changes these tables: kabinet audit list")
    static func tellDevelopers(_ file: String) -> Phrase {
        Phrase("psql -f sql/\(file).sql покажет все", "psql -f sql/\(file).sql shows them all")
    }
    public static func doctorCure(_ cure: String) -> Phrase {
        Phrase("лечение: \(cure)", "cure: \(cure)")
    }
    public static func doctorSum(problems: Int, unchecked: Int) -> Phrase {
        Phrase(
            "Проблем: \(problems), не проверено: \(unchecked)",
            "Problems: \(problems), not checked: \(unchecked)")
    }
}
