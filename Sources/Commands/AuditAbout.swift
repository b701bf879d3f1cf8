/// What an entry of the audit is about, in the words by which it is found again.
public enum AuditAbout {
    /// Every way of writing the number finds it.
    public static func account(_ number: AccountNumber) -> String { "account \(number.stripped)" }
    public static func login(_ typed: String) -> String {
        "login \(LoginName(typed, .account).key)"
    }
    public static func person(_ id: Int64) -> String { "person \(id)" }
}
