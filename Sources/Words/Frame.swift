/// What stands around every page, and the sections in the five organizations' shapes.
extension Words {
    static let frame: [String: Entry] = [
        "page.browsers": .init("Рекомендуем браузеры: {list}", "Recommended browsers: {list}"),
        "frame.account": .init("Лицевой счёт", "Account"),
        "frame.consumption": .init("Потребление", "Consumption"),
        "frame.help": .init("Справка", "Help"),
        "frame.help_again": .init("Показать справку", "Show help"),
        "frame.help_close": .init("Закрыть", "Close"),
        "frame.help_more": .init("Подробнее", "More"),
        "frame.outdated": .init(
            "Ваш браузер устарел, страницы могут выглядеть неверно. Обновите его или откройте кабинет в другом",
            "Your browser is out of date, pages may look wrong. Update it, or use another one"),
        "frame.step": .init("Шаг {n} из {of}", "Step {n} of {of}"),
        "frame.step_check": .init("Лицевой счёт", "Account"),
        "frame.step_confirmation": .init("Подтверждение", "Confirmation"),
        "frame.step_details": .init("Ваши данные", "Your details"),
        "frame.step_done": .init("пройден", "done"),
        "frame.use": .init("Индивидуальное потребление", "Own consumption"),
    ]
}
