/// What an entry of the audit is about, in the words by which it is found again.
public enum AuditAbout {
    /// Every way of writing the number finds it.
    public static func account(_ number: AccountNumber) -> String { "account \(number.stripped)" }
    public static func login(_ typed: String) -> String {
        "login \(LoginName(typed, .account).key)"
    }
    public static func person(_ id: Int64) -> String { "person \(id)" }
}

extension DetachPerson {
    /// What the audit finds it by: the account, and who had it.
    public var about: [String] {
        [AuditAbout.account(account), AuditAbout.login(login)]
            + (person.map { [AuditAbout.person($0)] } ?? [])
    }
}

extension Command {
    /// Why somebody asked for it, where its kind says so: what the audit shows in a column of its own.
    public var why: String? {
        switch self {
        case .identity(.restoreAccess(let body)): body.why
        case .identity(.detachPerson(let body)): body.why
        case .operators(.viewed(let body)): body.why
        case .extendWindow(let body): body.why
        case .setWindow(let body): body.why
        case .reopenPeriod(let body): body.why
        case .ledger(.reversePayment(let body)): body.why
        case .ledger(.assignPayment(let body)): body.why
        case .ledger(.correctAccount(let body)): body.why
        case .ledger(.withdrawCorrection(let body)): body.why
        default: nil
        }
    }
}
