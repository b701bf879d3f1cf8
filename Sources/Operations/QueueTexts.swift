/// What the command line says of the queue, its pools, keys and views.
extension Phrase {
    // MARK: The queue

    static let queueSummary = Phrase("Состояние очереди по пулам", "The queue, pool by pool")
    static let queueRebase = Phrase(
        "После восстановления из логической копии: позиции дорожек заново (воркеры остановлены)",
        "After a logical restore: start the lanes' cursors anew (with the workers stopped)")
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
    public static let noPools = Phrase(
        "пулов ещё нет: kabinet migrate заводит их из workers.yaml",
        "no pools yet: kabinet migrate makes them from workers.yaml")

    // MARK: Pools

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

    // MARK: Views

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

    // MARK: Sealing keys

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

    // MARK: The outbox

    static let outboxList = Phrase(
        "Письма и SMS, оставшиеся здесь вместо отправки",
        "Letters and SMS that stayed here instead of leaving")
    static let noticesList = Phrase(
        "Кому о чём сообщено и что с этим стало (контакты скрыты)",
        "Who was told what, and what became of it (contacts are masked)")
    static let optionNoticeState = Phrase(
        "queued, sent, delivered, undelivered, expired, refused или failed",
        "queued, sent, delivered, undelivered, expired, refused or failed")
}
