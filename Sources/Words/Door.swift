/// What is wrong with a form before anything is done with it, and what the door itself says.
extension Words {
    static let door: [String: Entry] = [
        "question.plus": .init(
            "Сколько будет {left} плюс {right}?", "How much is {left} plus {right}?"),
        "question.minus": .init(
            "Сколько будет {left} минус {right}?", "How much is {left} minus {right}?"),
        "shape.password": .init(
            "длина пароля — от {least} до {most} {most|знака|знаков|знаков}",
            "a password has {least} to {most} {most|character|characters}"),
        "shape.password_blank": .init(
            "пароль не может быть из одних пробелов", "a password cannot be of blanks alone"),
        "shape.form": .init(
            "сохранить не удалось. Откройте страницу заново и повторите; если не поможет, сообщите об этом организации",
            "it could not be saved. Open the page again and repeat; if that does not help, tell the organization"
        ),
        "shape.again": .init("пароли не совпадают", "the two passwords differ"),
        "shape.terms": .init(
            "отметьте согласие с условиями обработки персональных данных",
            "tick your consent to the terms of processing personal data"),
        "shape.terms_changed": .init(
            "условия обработки персональных данных изменились; прочитайте их и отметьте согласие",
            "the terms of processing personal data have changed; read them and tick your consent"),
        "shape.question": .init(
            "ответ на вопрос неверен или устарел; ответьте на новый",
            "the answer is wrong or too old; answer the new question"),
        "shape.money": .init(
            "нужна сумма в рублях, например 123,45", "an amount in roubles is needed, as 123.45"),
        "shape.proof": .init(
            "заполните то, что подтверждает право на лицевой счёт",
            "fill in what proves that the account is yours"),
        "shape.six_digits": .init(
            "в коде шесть цифр; попытка не потрачена",
            "the code has six digits; no attempt was used"),
        "shape.second_code": .init(
            "код из приложения — шесть цифр, код восстановления — десять букв и цифр; попытка не потрачена",
            "the application's code has six digits, a recovery code ten letters and digits; no attempt was used"
        ),
        "shape.secret": .init(
            "нужен секрет, который показан на странице", "the secret shown on the page is needed"),
        "problem.no_key": .init(
            "Вход и регистрация ещё не настроены", "Signing in is not set up yet"),
        "problem.no_key.text": .init(
            "Ничего не сохранено. Администратору: опубликуйте ключ (kabinet key publish).",
            "Nothing was saved. To the administrator: publish a key (kabinet key publish)."),
        "problem.short_key": .init(
            "Для запроса с паролем или кодом Idempotency-Key должен быть случайным, не короче 32 знаков",
            "With a password or code, the Idempotency-Key must be random, of 32 characters or more"),
    ]
}
