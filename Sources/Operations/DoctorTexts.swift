/// What `kabinet doctor` and `kabinet migrate` say.
extension Phrase {
    // MARK: Migrations

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

    // MARK: Doctor

    static let doctorGateways = Phrase("почта и SMS", "mail and SMS")
    static func gatewayStands(
        _ gateway: String, reason: String, minutes: Int64, waiting: Int64
    ) -> Phrase {
        Phrase(
            "шлюз \(gateway) не вызывается \(minutes) мин: \(reason); ждут отправки \(waiting)",
            "the gateway \(gateway) has not been called for \(minutes) min: \(reason); \(waiting) wait to leave"
        )
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
    static let doctorSummary = Phrase(
        "Проверить систему; каждая находка — с командой, которая её лечит",
        "Examine the system; each finding names the command that cures it")
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

    // MARK: Cures

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
    static func resumePool(_ pool: String) -> Phrase {
        Phrase("kabinet queue resume \(pool) --why …", "kabinet queue resume \(pool) --why …")
    }
    static func repeatResize(_ pool: String, _ lanes: Int16) -> Phrase {
        Phrase(
            "kabinet queue resize \(pool) \(lanes) --why …",
            "kabinet queue resize \(pool) \(lanes) --why …")
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

    // MARK: The sum

    public static let doctorWell = Phrase("в порядке", "well")
    public static func doctorCure(_ cure: String) -> Phrase {
        Phrase("лечение: \(cure)", "cure: \(cure)")
    }
    public static func doctorSum(problems: Int, unchecked: Int) -> Phrase {
        Phrase(
            "Проблем: \(problems), не проверено: \(unchecked)",
            "Problems: \(problems), not checked: \(unchecked)")
    }
}
