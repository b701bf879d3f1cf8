/// «Главная»: the accounts and their debts, and what to do next.
extension Words {
    static let home: [String: Entry] = [:]
}
