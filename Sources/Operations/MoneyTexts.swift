public import Commands
public import Postgres

/// What the command line says of payments and of billing months.
extension Phrase {
    // MARK: Payments

    static let paymentList = Phrase(
        "Платежи, пришедшие последними — первыми", "Payments, those that came last first")
    static let paymentListNotes = Phrase(
        """
        Не больше \(Payments.most). Счёт — тот, на который платёж отнесён, рядом — как его написал плательщик. --since — когда платёж пришёл сюда, \
        а не когда уплачен. Ничей платёж отдаётся лицевому счёту так: payment assign ID --account N.
        """,
        """
        At most \(Payments.most). The account is the one that the payment was posted to; beside it, what the payer wrote. --since is when \
        a payment came here, not when it was paid. One that is nobody's is given to an account so: payment assign ID --account N.
        """)
    static let paymentAssign = Phrase(
        "Отнести ничей платёж на лицевой счёт", "Give a payment that is nobody's to an account")
    static let paymentAssignNotes = Phrase(
        """
        ID — из payment list --nobody. Платёж гасит долги счёта, как если бы пришёл сейчас; днём оплаты остаётся день \
        плательщика. Повторять можно. Ошиблись счётом: payment reverse с этим счётом и payment post под другим номером.
        """,
        """
        ID is from payment list --nobody. The payment goes to what the account owes as if it had come now; it counts from \
        the payer's day. It may be repeated. The wrong account: payment reverse with that account, and payment post under \
        another number.
        """)
    public static func noSuchPayment(_ id: Identifier) -> Phrase {
        Phrase(
            "Платежа \(id) в этой организации нет. Посмотреть: kabinet payment list",
            "The organization has no payment \(id). To look: kabinet payment list")
    }
    public static func nobodyHas(_ account: String) -> Phrase {
        Phrase("Лицевого счёта «\(account)» нет", "There is no account \"\(account)\"")
    }
    public static func notNobodys(_ payment: Payments.Payment) -> Phrase {
        guard let account = payment.account, payment.state == .posted else {
            return Phrase("Платёж отменён", "The payment was taken back")
        }
        return Phrase(
            "Платёж уже проведён на лицевой счёт \(account)",
            "The payment was posted to account \(account) already")
    }
    public static func paymentIsHis(_ payment: Payments.Payment) -> Phrase {
        let account = payment.account ?? ""
        return Phrase(
            "Платёж уже проведён на лицевой счёт \(account), ничего не изменится",
            "The payment is posted to account \(account) already, nothing would change")
    }
    public static func paymentWouldGo(_ payment: Payments.Payment, to account: String) -> Phrase {
        let sum = Kopecks.text(payment.amount.kopecks)
        return Phrase(
            "Платёж \(payment.number) (\(payment.provider)) от \(payment.paidOn), \(sum) ₽, на счёт «\(payment.typed)»: "
                + "будет проведён на лицевой счёт \(account)",
            "Payment \(payment.number) (\(payment.provider)) of \(payment.paidOn), \(sum) ₽, for \"\(payment.typed)\": "
                + "would be posted to account \(account)")
    }
    public static func purposeUnknown(_ kind: String) -> Phrase {
        Phrase(
            "Плательщик назвал вид начислений «\(kind)», которого нет: платёж пойдёт на долги без него",
            "The payer named the charge kind \"\(kind)\", which there is not: the payment goes to debts without it"
        )
    }
    static let optionNobody = Phrase(
        "только ничьи: такого лицевого счёта нет", "only nobody's: there is no such account")
    static let optionPaymentAccount = Phrase(
        "только этого лицевого счёта, как бы он ни был написан",
        "only of this account, however it is written")
    public static func paymentState(_ state: Payments.State) -> Phrase {
        switch state {
        case .posted: Phrase("проведён", "posted")
        case .nobodys: Phrase("ничей", "nobody's")
        case .reversed: Phrase("отменён", "taken back")
        }
    }
    public static func morePayments(_ most: Int64) -> Phrase {
        Phrase(
            "Показаны последние \(most); прежние — с --account или --nobody",
            "The last \(most) are shown; --account or --nobody finds earlier ones")
    }

    static let importChargesNotes = Phrase(
        """

        По прибору и по среднему charged – от половины до двойного volume × tariff (в периоде могло быть два тарифа), прочее \
        – от нуля до двойного: так видны потерянная запятая и перепутанные столбцы. Строка, где это не так, принимается с \
        основанием суммы (ground без recalculated) или с --confirm. По нормативу и для электроэнергии не проверяется: там \
        люди, коэффициенты, диапазоны. Сумма, которая не равна volume × tariff, стоит в «Как посчитано» без формулы.
        """,
        """

        By meter and average charged is from a half to twice of volume × tariff (a period may have had two tariffs), anything \
        else from zero to twice: that shows a lost comma and columns that changed places. A row that says otherwise is taken \
        with a ground of its sum (ground without recalculated), or with --confirm. By the norm and of electricity nothing is \
        compared: there are people, multipliers and ranges. A sum that is not volume × tariff is told without a formula.
        """)

    // MARK: Months

    public static func monthIsClosed(_ month: ClosedMonth) -> Phrase {
        let sums = [month.charged, month.recalculated, month.penalty, month.owed].map {
            Kopecks.text($0.kopecks)
        }
        return Phrase(
            "месяц уже закрыт: счетов \(month.bills); начислено \(sums[0]), перерасчёты \(sums[1]), пени \(sums[2]); "
                + "долги на конец месяца \(sums[3])",
            "the month is closed already: bills \(month.bills); charged \(sums[0]), recalculated \(sums[1]), "
                + "penalties \(sums[2]); owed at its end \(sums[3])")
    }
    public static func monthProblems(_ count: Int64) -> Phrase {
        Phrase(
            "Не начислено из-за нехватки данных: \(count)", "Not charged for want of data: \(count)"
        )
    }
    /// Beside what `period preview` tells: what to do before the month is closed.
    public static func wouldLack(_ count: Int64) -> Phrase {
        Phrase(
            "закрытие начислило бы не всё, без данных остаётся \(count). Загрузите недостающее и повторите kabinet period preview",
            "closing would not charge all, \(count) would go without for want of data. Import what is missing, "
                + "then repeat kabinet period preview")
    }
    /// Beside what `period close` tells: who is meant, and the two ways to charge it still.
    public static func closedLacks(
        _ count: Int64, _ month: Month, organization: String
    ) -> Phrase {
        let list = "kabinet period problems --organization \(organization) --month \(month)"
        return Phrase(
            "месяц \(month) закрыт, но начислено не всё, без данных осталось \(count): \(list). Загрузите недостающее; "
                + "затем kabinet period reopen и снова period close, или kabinet account correct – и это начислит следующий месяц",
            "\(month) is closed, but not all is charged, \(count) went without for want of data: \(list). Import what is "
                + "missing; then kabinet period reopen and period close again, or kabinet account correct, and the next month "
                + "charges it")
    }
    static let periodExit = Phrase(
        "Код выхода 3, если начислено не всё: не хватает данных. stderr говорит, что делать.",
        "Exits with 3 if not all is charged, because data is missing. stderr says what to do.")
    static let optionAllNamed = Phrase(
        "показать всё, что названо, а не первые 20 каждого рода",
        "show all that is named, not the first 20 of a kind")
    public static func moreProblems(_ count: Int) -> Phrase {
        Phrase(
            "и ещё \(count): показать больше — --all, а все, когда месяц закрыт, — kabinet period problems",
            "and \(count) more: --all shows more, and once the month is closed kabinet period problems shows all"
        )
    }
    static let periodProblems = Phrase(
        "Всё, что закрытый месяц не смог начислить", "All that a closed month could not charge")
    static let periodProblemsNotes = Phrase(
        "Таблица CSV, счёт за счётом: вид начисления, месяц и чего не хватает. Пока части закрытия не решены или не удались, "
            + "таблица неполна: об этом говорит stderr, код 1.",
        "A CSV table, account by account: the charge kind, the month, and what is missing. While parts of the close are "
            + "undecided or have failed it is not complete: stderr says so, and the exit code is 1."
    )
    /// Beside what `period problems` tells.
    public static func problemsIncomplete(_ left: ClosedMonth.PartsLeft) -> Phrase {
        Phrase(
            "Это не всё: месяц начислен не целиком (частей не решено: \(left.undecided), не удалось: \(left.fallen)). "
                + (left.fallen > 0
                    ? "Что не удалось: kabinet commands list --state abandoned; затем повторите kabinet period close"
                    : "Повторите, когда kabinet period close закончит"),
            "This is not all: the month is not charged as a whole (parts undecided: \(left.undecided), failed: "
                + "\(left.fallen)). "
                + (left.fallen > 0
                    ? "What failed: kabinet commands list --state abandoned; then repeat kabinet period close"
                    : "Ask again when kabinet period close has ended"))
    }
    public static func monthIsOpen(_ month: Month) -> Phrase {
        Phrase(
            "Месяц \(month) не закрыт. Чего не хватает, покажет kabinet period preview",
            "\(month) is not closed. kabinet period preview shows what is missing")
    }
    public static func monthAnomalies(_ count: Int64) -> Phrase {
        Phrase("Проверьте перед закрытием: \(count)", "Look at these before closing: \(count)")
    }

    // MARK: What could not be charged

    public static func problemKey(_ problem: JSON) -> String { problem["what"]?.string ?? "" }
    /// What is missing, and what to import.
    public static func problemKind(_ key: String) -> Phrase {
        switch key {
        case "tariff":
            Phrase(
                "нет тарифа на весь месяц или для зоны прибора: kabinet import tariffs",
                "no price for the whole month, or none for a register: kabinet import tariffs")
        case "norm": Phrase("нет норматива: kabinet import norms", "no norm: kabinet import norms")
        case "multiplier":
            Phrase(
                "нет повышающего коэффициента: kabinet import multipliers",
                "no multiplier: kabinet import multipliers")
        case "area":
            Phrase(
                "нет площади: kabinet import accounts (area_m2)",
                "no area: kabinet import accounts (area_m2)")
        case "residents":
            Phrase(
                "нет ни проживающих, ни собственников: kabinet import accounts (residents)",
                "neither residents nor owners: kabinet import accounts (residents)")
        case "rooms":
            Phrase(
                "норматив зависит от числа комнат, а его нет: kabinet import accounts (rooms)",
                "the norm depends on rooms, which are not known: kabinet import accounts (rooms)")
        case "service":
            Phrase(
                "вид начисления не называет услугу: kabinet import charge-kinds",
                "the charge kind names no service: kabinet import charge-kinds")
        case "volume":
            Phrase(
                "у счёта нет вида, чей объём берётся: kabinet import contracts",
                "the account does not have the kind whose volume it takes: kabinet import contracts"
            )
        case "follows":
            Phrase(
                "не начислен вид, чей объём берётся: начислится, когда найдётся то, чего не хватает ему",
                "the kind whose volume it takes could not be charged: it comes with what that one wants"
            )
        case "house":
            Phrase(
                "о доме известно не всё: kabinet import house-areas, house-meters, house-readings",
                "not enough is known of the house: kabinet import house-areas, house-meters, house-readings"
            )
        case "range":
            Phrase(
                "объём или сумма больше возможного: проверьте показания и тарифы",
                "a volume or sum beyond all that is real: check readings and prices")
        case "key_rate":
            Phrase(
                "нет ключевой ставки: kabinet import key-rates",
                "no key rate: kabinet import key-rates")
        case "due_day":
            Phrase(
                "нет срока оплаты: kabinet import due-days", "no due day: kabinet import due-days")
        case "charge_kind":
            Phrase(
                "нет вида начислений: kabinet import charge-kinds",
                "no such charge kind: kabinet import charge-kinds")
        case "penalty_rule":
            Phrase(
                "нет правила пеней на такой давний день: проверьте месяц долга (kabinet import balances)",
                "no rule of penalties that long ago: check the month of the debt (kabinet import balances)"
            )
        default: Phrase(key, key)
        }
    }
    /// What is missing, of what, and what to import, in one line.
    public static func problemReason(_ problem: JSON) -> Phrase {
        let reason = problemKind(problemKey(problem))
        guard let of = problem["of"]?.string else { return reason }
        return Phrase("\(reason.russian) (\(of))", "\(reason.english) (\(of))")
    }
    /// Whose, of which kind and month, and of what where the month does not say it.
    public static func problem(_ problem: JSON) -> Phrase {
        let words = ["kind", "month"].compactMap { problem[$0]?.string }.filter { !$0.isEmpty }
            .joined(separator: ", ")
        let of = problem["of"]?.string.map { " (\($0))" } ?? ""
        let text = "\(problem["account"]?.string ?? ""): \(words)\(of)"
        return Phrase(text, text)
    }

    // MARK: What looks odd

    /// In the order in which they are told.
    public static let anomalyKinds = [
        "no_reading", "jump", "negative", "negative_total", "house_no_reading", "house_negative",
        "house_excess",
    ]
    public static func anomalyKey(_ anomaly: JSON) -> String { anomaly["what"]?.string ?? "" }
    public static func anomalyKind(_ kind: String, _ count: Int64) -> Phrase {
        let words =
            switch kind {
            case "no_reading": Phrase("нет показаний", "no readings")
            case "jump":
                Phrase("расход втрое больше среднего", "use more than three times the average")
            case "negative": Phrase("вид начислений ниже нуля", "a charge kind below zero")
            case "negative_total": Phrase("весь месяц ниже нуля", "the whole month below zero")
            case "house_no_reading":
                Phrase(
                    "нет показаний общедомового прибора, нужды дома по нормативу",
                    "a house's meter without a reading, its needs by the norm")
            case "house_negative":
                Phrase(
                    "квартиры израсходовали больше, чем дом", "flats used more than their house")
            case "house_excess":
                Phrase(
                    "общедомовые нужды сверх норматива", "needs of a house above the norm")
            default: Phrase(kind, kind)
            }
        return Phrase("\(words.russian): \(count)", "\(words.english): \(count)")
    }
    public static func anomaly(_ anomaly: JSON) -> Phrase {
        func text(_ key: String) -> String { anomaly[key]?.string ?? "" }
        let account = text("account")
        let house = text("house")
        let volume = text("volume")
        let service = serviceWord(text("service"))
        let russianMeter = "\(service.russian), № \(text("meter"))"
        let englishMeter = "\(service.english), no. \(text("meter"))"
        let amount = Kopecks.text(anomaly["amount_kopecks"]?.int ?? 0)
        switch anomalyKey(anomaly) {
        case "no_reading":
            let months = anomaly["months"]?.int ?? 0
            return Phrase(
                "\(account): нет показаний \(months) мес., \(russianMeter)",
                "\(account): no reading for \(months) months, \(englishMeter)")
        case "jump":
            let average = text("average")
            return Phrase(
                "\(account): расход \(volume) при среднем \(average), \(russianMeter)",
                "\(account): used \(volume), \(average) on average, \(englishMeter)")
        case "negative":
            return Phrase(
                "\(account): \(text("kind")) \(amount)", "\(account): \(text("kind")) \(amount)")
        case "negative_total":
            return Phrase("\(account): всего \(amount)", "\(account): in all \(amount)")
        case "house_no_reading":
            return Phrase(
                "дом \(house): нет показаний общедомового прибора, \(service.russian)",
                "house \(house): no reading of its meter, \(service.english)")
        case "house_negative":
            return Phrase(
                "дом \(house): на общедомовые нужды \(volume), \(service.russian)",
                "house \(house): its needs come to \(volume), \(service.english)")
        case "house_excess":
            let limit = text("limit")
            return Phrase(
                "дом \(house): сверх норматива \(limit) ещё \(volume), \(service.russian)",
                "house \(house): \(volume) above the norm of \(limit), \(service.english)")
        default:
            let raw = String(decoding: anomaly.bytes, as: UTF8.self)
            return Phrase(raw, raw)
        }
    }
    private static func serviceWord(_ service: String) -> Phrase {
        switch Service(rawValue: service) {
        case .coldWater: Phrase("ХВС", "cold water")
        case .hotWater: Phrase("ГВС", "hot water")
        case .electricity: Phrase("электроэнергия", "electricity")
        case .gas: Phrase("газ", "gas")
        case .heat: Phrase("отопление", "heating")
        case nil: Phrase(service, service)
        }
    }
}
