import Commands
import Words
public import Files

/// What the command line says of imports.
extension Phrase {
    // MARK: Imports

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
    /// What a row does to those that were there before.
    private static func importEffect(_ what: ImportRows.What) -> Phrase {
        switch what {
        case .tariffs:
            Phrase(
                """

                Строки с новой даты заменяют все зоны и диапазоны этого вида сразу: укажите все, и те, \
                чья цена прежняя. Пока не хватает зоны или последнего диапазона, не принимается ни одна из них.
                """,
                """

                Rows of a new day take the place of all zones and ranges of the kind at once: name all, \
                also those whose price stays. While a zone or the last range is missing, none of them is taken.
                """)
        case .undersupply:
            Phrase(
                """

                С начисленного за месяц снимается доля дней (ПП 354, п. 98). За уже закрытый месяц её снимет ближайшее \
                закрытие, перерасчётом. Строка о том, чего за этот месяц никому из названных не начисляют, не принимается.
                """,
                """

                The part of the days is taken off what the month is charged (Decree 354, § 98). Off a month that is \
                closed already the next close takes it, as a recalculation. A row of what nobody named there is charged \
                for the month is not taken.
                """)
        default: Phrase("", "")
        }
    }
    static func importNotes(_ what: ImportRows.What) -> Phrase {
        let effect = importEffect(what)
        let header = what.columns.joined(separator: ";")
        let samples = ([what.sample] + what.moreSamples).joined(separator: "\n  ")
        let columns = what.columnMeanings
        func all(_ language: Language) -> String {
            columns.map { "\n  \($0.column): \($0.meaning.text(language))" }.joined()
        }
        let list = Phrase(all(.ru), all(.en))
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
              \(samples)
            Обязательные столбцы: \(required). UTF-8 или CP1251, разделитель ; или запятая, даты \
            2026-04-18 или 18.04.2026.
            Годные строки загружаются, прочие пишутся с причиной в ФАЙЛ.errors.csv: его можно \
            исправить и загрузить снова.
            Код выхода 1, если хоть одна строка не принята.\(more.russian)\(effect.russian)
            Столбцы:\(list.russian)
            """,
            """
            The header and a sample:
              \(header)
              \(samples)
            Required columns: \(required). UTF-8 or CP1251, separated by ; or comma, dates \
            2026-04-18 or 18.04.2026.
            Good rows are taken, the others go with their reason to FILE.errors.csv, which can \
            be corrected and imported again.
            Exits with 1 if any row was not taken.\(more.english)\(effect.english)
            Columns:\(list.english)
            """)
    }
    static let noPublishedKey = Phrase(
        "коды со счетов нечем запечатать: kabinet key create FILE, затем kabinet key publish --why …",
        "there is no key to seal the bills' codes to: kabinet key create FILE, then kabinet key publish --why …"
    )
    static let importWatch = Phrase(
        "Следить за начатой загрузкой до конца", "Watch an import that was begun to its end")

    // MARK: Rows and files

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
    /// - Parameter months: of accounts, kind by kind.
    public static func undersupplyOfClosed(_ months: Int64) -> Phrase {
        Phrase(
            "Уже закрытые месяцы (начислений: \(months)) пересчитает следующее закрытие: за дни без услуги снимет, "
                + "за отменённые дни вернёт начисленное. Посмотреть: kabinet period preview",
            "Months that are closed already (charges: \(months)) the next close charges anew: it takes days without the "
                + "service off, and charges days that were taken back. Look: kabinet period preview"
        )
    }
    public static let nothingImported = Phrase(
        "В файле есть ошибки: не загружено ничего (--all-or-nothing)",
        "The file has errors: nothing was imported (--all-or-nothing)")
}
