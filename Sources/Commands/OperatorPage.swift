/// A page of the operators' console with a form on it. A post that did not end in 303 is drawn again on its page.
public enum OperatorPage: Sendable, Equatable {
    case signIn
    /// The code of the authenticator.
    case code
    /// A password of one's own.
    case password
    /// Setting the authenticator up.
    case factor
    /// Finding somebody.
    case home
    /// The card of a person, with «Восстановить доступ».
    case person(Int64)
}
