import Commands

/// What the command line says of commands and of the jobs that decide many.
extension Phrase {
    // MARK: Commands

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

    // MARK: Jobs

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

    // MARK: Outcomes and lists

    static let auditList = Phrase("Кто что сделал и зачем", "Who did what and why")
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
    public static let waitingStopped = Phrase(
        "Остановлено ожидание; поставленное в очередь продолжается: kabinet queue",
        "Waiting was stopped; what was queued goes on: kabinet queue")
    public static let nothingFound = Phrase("Ничего не найдено", "Nothing found")
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
