public import Commands

/// What the command line says of opening and closing months, and of payments and corrections by hand.
extension Phrase {
    // MARK: Months

    static let periodOpen = Phrase("Открыть расчётный месяц", "Open a billing month")
    static let periodClose = Phrase(
        "Закрыть расчётный месяц: показания становятся «Рассчитано»",
        "Close a billing month: its readings become calculated")
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
        // Where another system calculates nothing is charged by lines of ours.
        guard lines > 0 else {
            return Phrase(
                "счетов \(accounts); начислено \(charged), перерасчёты \(recalculated), пени \(penalty)",
                "accounts \(accounts); charged \(charged), recalculated \(recalculated), penalties \(penalty)"
            )
        }
        return Phrase(
            "счетов \(accounts), строк \(lines); начислено \(charged), перерасчёты \(recalculated), пени \(penalty)",
            "accounts \(accounts), lines \(lines); charged \(charged), recalculated \(recalculated), penalties \(penalty)"
        )
    }
    public static func monthKind(_ kind: String, _ amount: String) -> Phrase {
        Phrase("  \(kind): \(amount)", "  \(kind): \(amount)")
    }
    /// What of a month is still to come.
    public static func monthUnderWay(_ month: Month, _ state: MonthUnderWay) -> Phrase {
        var russian = "месяц \(month) закончился"
        var english = "\(month) is over"
        if let days = state.daysLeft {
            russian =
                "месяц \(month) ещё не закончился: осталось дней, считая сегодняшний, – \(days)"
            english = "\(month) is not over yet: days that are left, today included: \(days)"
        }
        if let until = state.readingsUntil {
            russian += state.daysLeft == nil ? ", но" : ";"
            russian += " окно приёма показаний за него открыто до \(until)"
            english += state.daysLeft == nil ? ", but" : ";"
            english += " readings of it are taken until \(until)"
        }
        return Phrase(russian, english)
    }
    public static func closesEarly(_ month: Month, _ state: MonthUnderWay) -> Phrase {
        let state = monthUnderWay(month, state)
        return Phrase(
            "\(state.russian). Месяц не закрыт. Что даст закрытие, покажет kabinet period preview; закрыть всё же "
                + "сейчас – тот же period close с --confirm: месяц начислят целиком, а показания и платежи, которые придут "
                + "позже, учтёт следующий месяц",
            "\(state.english). The month was not closed. kabinet period preview shows what closing would come to; to close "
                + "it now all the same repeat period close with --confirm: the month is charged whole, and readings and "
                + "payments that come later count in the next month"
        )
    }
    static let optionCloseEarly = Phrase(
        "закрыть, хотя месяц не закончился или показания за него ещё принимают",
        "close it though it is not over, or readings of it are still taken")
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
    public static func fixingLeft(_ abandoned: Int64) -> Phrase {
        Phrase(
            "не зафиксировано частей: \(abandoned). Посмотреть: kabinet commands list --kind "
                + "period.charge "
                + "--state abandoned",
            "parts not fixed: \(abandoned). Look: kabinet commands list --kind period.charge --state "
                + "abandoned"
        )
    }

    // MARK: Payments and corrections

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
}
