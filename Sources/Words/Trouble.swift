/// Pages that say why there is no other, and what becomes of what was typed.
extension Words {
    static let trouble: [String: Entry] = [
        "trouble.overloaded": .init(
            "Сейчас обращается очень много людей.", "Very many people are here right now."),
        "trouble.away": .init(
            "Связь с базой данных прервалась, мы её восстанавливаем. Сохранённое раньше не потеряно.",
            "The connection to the database broke, and we are restoring it. Nothing that was saved before is lost."
        ),
        "trouble.outdated": .init(
            "Через несколько секунд он снова будет доступен.",
            "It will be back in a few seconds."),
        "trouble.unconfirmed": .init(
            "Пока не известно, сохранено ли", "It is not known yet whether it was saved"),
        "trouble.reload": .init(
            "Страница откроется сама: повторим через {n} {n|секунду|секунды|секунд}.",
            "The page opens by itself: we try again in {n} {n|second|seconds}."),
        "trouble.reload.minutes": .init(
            "Страница откроется сама: повторим через {n} {n|минуту|минуты|минут}.",
            "The page opens by itself: we try again in {n} {n|minute|minutes}."),
        "trouble.now": .init("Открыть сейчас", "Open it now"),
        "trouble.unsaved": .init(
            "Ничего не сохранено. Введённое осталось на этой странице.",
            "Nothing was saved. What you typed is still on this page."),
        "trouble.unknown": .init(
            "Мы пока не знаем, сохранилось ли отправленное. Введённое осталось на этой странице, повтор безопасен: второй раз оно не запишется.",
            "We do not know yet whether what you sent was saved. It is still on this page, and it is safe to send it again: it will not be saved twice."
        ),
        "trouble.press": .init(
            "Отправить ещё раз можно через {n} {n|секунду|секунды|секунд}. Дважды то же самое не запишется.",
            "You can send it again in {n} {n|second|seconds}. The same is not saved twice."),
        "trouble.press.minutes": .init(
            "Отправить ещё раз можно через {n} {n|минуту|минуты|минут}. Дважды то же самое не запишется.",
            "You can send it again in {n} {n|minute|minutes}. The same is not saved twice."),
        "trouble.counting": .init(
            "Отправим ещё раз сами через", "We will send it again by ourselves in"),
        "trouble.seconds": .init("с", "s"),
        "trouble.stop": .init("Остановить", "Stop"),
        "trouble.kept": .init(
            "Сеанс закончился, пока вы вводили. Введённое снова в форме, но ещё не отправлено: проверьте и отправьте",
            "Your session ended while you were typing. What you typed is in the form again, and has not been sent: check it and send it"
        ),
        "trouble.kept_late": .init(
            "Сеанс закончился, пока вы вводили, и ничего не отправлено. Введённое видно в форме, но сейчас показания не принимаются",
            "Your session ended while you were typing, and nothing was sent. What you typed stands in the form, but readings are not taken now"
        ),
        "trouble.waits": .init(
            "Введённое сохранено в этом браузере. Войдите, и оно вернётся в форму",
            "What you typed is kept in this browser. Sign in, and it will be in the form again"),
        "trouble.lost": .init(
            "Вы не вошли, или время сеанса закончилось: ничего не выполнено, а введённое не сохранено. "
                + "Войдите и сделайте это ещё раз.",
            "You are not signed in, or your session has ended: nothing was done, and what you typed is not kept. "
                + "Sign in and do it again."),
        "trouble.nowhere": .init(
            "Проверьте адрес. Адрес Личного кабинета указан на квитанции и на сайте вашей организации.",
            "Check the address. That of your cabinet stands on the bill and on your organization's site."
        ),
        "trouble.welcome": .init("Личные кабинеты", "Cabinets"),
        "trouble.nobody": .init(
            "Здесь ещё нет ни одной организации.", "There is no organization here yet."),
        "trouble.login": .init("Вход:", "Sign in by:"),
        "trouble.links": .init(
            "Это пробная система. Ссылки для входа без пароля печатают ./ops/run и ./ops/kabinet demo links.",
            "This is a system to be tried out. ./ops/run and ./ops/kabinet demo links print links to sign in without a password."
        ),
    ]
}
