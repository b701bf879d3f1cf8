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
    /// The card of an account, with who uses it. Its number, as it stood in the path.
    case account(String)
}
