/// Problems of the door: the titles of RFC 9457 answers (`problem.<code>`), and what a page adds
/// for people (`problem.<code>.text`).
extension Words {
    static let problems: [String: Entry] = [
        "problem.malformed_json": .init("Тело запроса не JSON", "The body is not JSON"),
        "problem.misshapen": .init(
            "Данные запроса не подходят команде", "The body is not the shape of its command"),
        "problem.misshapen.text": .init(
            "Вернитесь на страницу, обновите её и отправьте форму ещё раз.",
            "Go back to the page, refresh it and send the form again."),
        "problem.media_type": .init(
            "Такой тип содержимого не принимается", "This media type is not taken"),
        "problem.not_found": .init("Страница не найдена", "Not found"),
        "problem.not_found.text": .init(
            "Проверьте адрес. Возможно, ссылка устарела или относится к другому лицевому счёту.",
            "Check the address. The link may be old or belong to another account."),
        "problem.method": .init("Метод здесь не применяется", "The method does not apply here"),
        "problem.too_large": .init("Запрос слишком большой", "The request is too large"),
        "problem.too_large.text": .init(
            "Отправьте меньше данных за один раз.", "Send less at a time."),
        "problem.too_many": .init("Слишком много запросов", "Too many requests"),
        "problem.too_many.text": .init(
            "Вы отправили слишком много запросов подряд.",
            "You have sent too many requests in a row."),
        "problem.overloaded": .init("Сервис перегружен", "The service is overloaded"),
        "problem.overloaded.text": .init(
            "Сейчас обращается очень много людей. Ничего не сохранено.",
            "Very many people are here right now. Nothing was saved."),
        "problem.database_away": .init(
            "Сервис временно недоступен", "The service is temporarily unavailable"),
        "problem.database_away.text": .init(
            "Мы уже восстанавливаем работу. Сохранённое раньше не потеряно.",
            "We are restoring it. Nothing that was saved before is lost."),
        "problem.outdated": .init("Сервис обновляется", "The service is being updated"),
        "problem.outdated.text": .init(
            "Через несколько секунд он снова будет доступен. Ничего не сохранено.",
            "It will be back in a few seconds. Nothing was saved."),
        "problem.unconfirmed": .init(
            "Пока не известно, сохранено ли; повторите с тем же Idempotency-Key",
            "It is not known yet whether it was saved; repeat it with the same Idempotency-Key"),
        "problem.unconfirmed.text": .init(
            "Повторите: дважды то же самое не запишется.",
            "Send it again: the same will not be saved twice."),
        "problem.unauthorized": .init("Нужно войти", "Sign in first"),
        "problem.unauthorized.text": .init(
            "Вы вышли из Личного кабинета, или время сеанса закончилось. Войдите снова.",
            "You have signed out or your session has ended. Sign in again."
        ),
        "problem.forbidden": .init("Нет права на это действие", "You may not do this"),
        "problem.forbidden.text": .init(
            "Обратитесь в организацию, если считаете, что право должно быть.",
            "Ask the organization if you think that you should be able to."),
        "problem.cross_site": .init(
            "Форма отправлена с другого сайта", "The form came from another site"),
        "problem.cross_site.text": .init(
            "Ради Вашей безопасности она не принята. Откройте Личный кабинет и повторите.",
            "For your safety it was not taken. Open the cabinet and try again."),
        "problem.idempotency_key": .init(
            "Ключ Idempotency-Key не подходит: от 1 до 255 печатных знаков ASCII",
            "The Idempotency-Key does not fit: 1 to 255 printable ASCII characters"),
        "problem.idempotency_conflict": .init(
            "С этим ключом уже отправлен другой запрос", "The key was used with another body"),
        "problem.idempotency_conflict.text": .init(
            "Форма уже отправлена с другими значениями. Откройте страницу заново и "
                + "проверьте, что сохранено.",
            "The form was already sent with other values. Open the page again and look at "
                + "what was saved."
        ),
        "problem.gone": .init("Данные больше не хранятся", "This is no longer kept"),
        "problem.gone.text": .init(
            "Срок хранения истёк.", "The time for which it is kept has passed."),
        "problem.unsubscribe_dead": .init("Ссылка не действует", "The link does not work"),
        "problem.unsubscribe_dead.text": .init(
            "Отписаться можно в Личном кабинете, в разделе «Дополнительные услуги».",
            "You can unsubscribe in the cabinet, under “Additional services”."),
        "problem.demo_dead": .init(
            "Ссылка для входа больше не действует", "The link to sign in no longer works"),
        "problem.demo_dead.text": .init(
            "Новые ссылки печатает ./ops/kabinet demo links.",
            "./ops/kabinet demo links prints new ones."),
        "problem.slow": .init(
            "Запрос передавался слишком долго", "The request took too long to arrive"),
        "problem.slow.text": .init(
            "Проверьте связь и повторите.", "Check your connection and try again."),
        "problem.refused": .init("Отказано", "Refused"),
        "problem.abandoned": .init("Обработать не удалось", "It could not be processed"),
        "problem.abandoned.text": .init(
            "Оператор уже видит это.", "An operator can see it."),
        "problem.internal": .init("Внутренняя ошибка", "Internal error"),
        "problem.internal.text": .init(
            "Мы уже знаем о ней. Повторите позже.", "We know about it. Try again later."),
        "problem.wait": .init(
            "Можно повторить через {n} {n|секунду|секунды|секунд}.",
            "You can try again in {n} {n|second|seconds}."),
        "problem.wait.minutes": .init(
            "Можно повторить через {n} {n|минуту|минуты|минут}.",
            "You can try again in {n} {n|minute|minutes}."),
    ]
}
