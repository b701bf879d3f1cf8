public import Commands

/// «Главная»: the accounts and their debts, and what to do next.
extension Words {
    static let home: [String: Entry] = [
        "home.next": .init("Что сделать", "What to do next"),
        "home.nothing": .init("Сейчас ничего делать не нужно", "There is nothing to do now"),
        "home.submit": .init(
            "Передайте показания за {month}", "Submit your readings for {month}"),
        "home.submit_by": .init(
            "Передайте показания до {date} — {n|остался|осталось|осталось} {n} "
                + "{n|день|дня|дней}",
            "Submit your readings by {date}: {n} {n|day|days} left"),
        "home.submit_today": .init(
            "Передайте показания — сегодня последний день",
            "Submit your readings: today is the last day"),
        "home.missing": .init(
            "За {month} не переданы показания {left} "
                + "{left|прибора учёта|приборов учёта|приборов учёта} из {all}",
            "No reading for {month} yet: {left} of {all} {all|meter|meters}"),
        "home.submitted": .init(
            "Показания за {month} переданы", "Your readings for {month} are submitted"),
        "home.closed": .init(
            "Показания сейчас не принимаются", "Readings are not taken at present"),
        "home.opens": .init(
            "Следующий период ввода начнётся {date}", "The next period begins on {date}"),
        "home.pay": .init("Оплатите {sum} до {date}", "Pay {sum} by {date}"),
        "home.pay_part": .init(
            "Оплатите {sum} до {date}, из них просрочено {late}",
            "Pay {sum} by {date}, of which {late} is overdue"),
        "home.pay_overdue": .init(
            "Оплатите {sum} — срок оплаты всего долга прошёл",
            "Pay {sum}: all of it is overdue"),
        "home.pay_today_part": .init(
            "Оплатите {sum} — сегодня последний день срока оплаты, из них просрочено {late}",
            "Pay {sum}: it is due today, and {late} of it is overdue"),
        "home.pay_today": .init(
            "Оплатите {sum} — сегодня последний день срока оплаты",
            "Pay {sum}: it is due today"),
        "home.pay_late": .init(
            "Оплатите {sum} — срок оплаты был {date}", "Pay {sum}: it was due on {date}"),
        "home.owed_in_all": .init("Долг по всем лицевым счетам:", "Debt on all accounts:"),
        "home.on": .init("Включено", "On"),
        "home.off": .init("Выключено", "Off"),
        "home.change_services": .init("Включить или выключить", "Switch on or off"),

        "month.of.1": .init("января", "January"),
        "month.of.2": .init("февраля", "February"),
        "month.of.3": .init("марта", "March"),
        "month.of.4": .init("апреля", "April"),
        "month.of.5": .init("мая", "May"),
        "month.of.6": .init("июня", "June"),
        "month.of.7": .init("июля", "July"),
        "month.of.8": .init("августа", "August"),
        "month.of.9": .init("сентября", "September"),
        "month.of.10": .init("октября", "October"),
        "month.of.11": .init("ноября", "November"),
        "month.of.12": .init("декабря", "December"),
    ]

    /// «25 ноября», "25 November": a day so near that its year goes without saying.
    public static func nearDay(_ day: Day, _ language: Language) -> String {
        "\(day.civil.day)\u{A0}\(text("month.of.\(day.month.ordinal)", language))"
    }
}
