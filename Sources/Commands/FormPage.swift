/// A page with forms on it. A post that did not end in 303 is drawn again on its page.
public enum FormPage: Sendable, Equatable {
    /// «Приборы учета».
    case meters(account: String)
    /// «Передать показания»: all meters of an account at once.
    case submit(account: String)
    /// «Войти в личный кабинет» (SF-050, SF-060).
    case signIn
    /// The code of the second factor; the session is half open.
    case secondStep
    /// The first step of a registration by account (SF-020…SF-022).
    case registerCheck
    /// The registration itself (SF-023…SF-030, SF-051, SF-061).
    case register
    /// «Отправить смс», «Код подтверждения» (SF-033, SF-034). The id of the registration.
    case registerCode(String)
    /// Behind the link of a letter: a button. The token.
    case link(String)
    /// «Забыли пароль?» (SF-038).
    case reset
    /// A new password, behind the link. The token.
    case newPassword(String)
    /// «Личные данные», «Мой профиль» (SF-081, SF-082, SF-088…SF-090).
    case profile
    /// A code that came to a new telephone number.
    case phoneCode
    /// Switching the second factor on.
    case secondFactor
    /// One's accounts, «Добавить лицевой счет» (SF-065, SF-085).
    case accounts
    /// An account's name, and who else may use it.
    case account(String)
    /// «Дополнительные услуги» (SF-130…SF-137).
    case services(account: String)
    /// One click in a letter. The token.
    case unsubscribe(String)
}
