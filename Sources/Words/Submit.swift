/// «Передать показания»: all meters of an account on one page.
extension Words {
    static let submit: [String: Entry] = [
        "submit.all": .init(
            "{link} по всем приборам", "{link} of all meters"),
        "submit.form": .init("Показания приборов учёта", "Readings of meters"),
        "submit.history": .init(
            "{title} и история показаний", "{title} and the history of readings"),
        "submit.send": .init("Отправить показания", "Send the readings"),
        "submit.confirm": .init("Подтвердить и отправить", "Confirm and send"),
        "submit.was": .init("Было", "Was"),
        "submit.usual": .init(
            "обычно около {v}\u{A0}{unit} в месяц", "usually about {v}\u{A0}{unit} a month"),
        "submit.given": .init(
            "Передано {date}: {value}. Новое заменит его",
            "Submitted on {date}: {value}. A new one replaces it"),
        // While one types nothing was refused yet.
        "submit.above": .init(
            "Значение превышает разрядность прибора учёта ({d} {d|знак|знака|знаков})",
            "The value has more digits than the meter ({d} {d|digit|digits})"),
        "submit.less": .init(
            "Значение меньше предыдущего ({prev} от {date})",
            "The value is less than the previous one ({prev} of {date})"),
        "submit.less_undated": .init(
            "Значение меньше предыдущего ({prev})",
            "The value is less than the previous one ({prev})"),
        "submit.done": .init(
            "{n|Показание принято|Показания приняты|Показания приняты} к обработке",
            "{n|The reading has|The readings have} been accepted"),
        "submit.refused": .init(
            "{n|Не принято|Не приняты|Не принято} {n} {n|показание|показания|показаний}: "
                + "исправьте отмеченное и отправьте ещё раз",
            "{n} {n|reading was|readings were} not accepted: correct what is marked and send it "
                + "again"),
        "submit.not_taken": .init(
            "{n|Не принято|Не приняты|Не принято} {n} {n|показание|показания|показаний}. "
                + "Исправлять введённое не нужно: причина указана рядом с полем",
            "{n} {n|reading was|readings were} not accepted. There is nothing to correct: the "
                + "reason stands beside the field"),
        "submit.doubtful": .init(
            "отмеченное похоже на опечатку. Если всё верно, подтвердите",
            "what is marked looks like a slip. If it is right, confirm it"),
        "submit.nothing": .init(
            "Введите показание хотя бы одного прибора учёта",
            "Enter the reading of one meter at least"),
        "submit.offline": .init(
            "Нет связи. Введённое сохранено на этой странице и отправится само, дважды оно не "
                + "запишется",
            "There is no connection. What you typed is kept on this page and will be sent by "
                + "itself; it will not be saved twice"),
        "submit.failed": .init(
            "Отправить не удалось. Введённое осталось в форме: отправьте его ещё раз, дважды оно "
                + "не запишется",
            "It could not be sent. What you typed is still in the form: send it again; it will "
                + "not be saved twice"),
    ]
}
