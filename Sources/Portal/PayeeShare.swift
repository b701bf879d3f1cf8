import Commands
import Store

/// What of a payment went to a payee: the organization, or one whose money is apart (ЖК РФ, ст. 155 and 175).
struct PayeeShare: Equatable {
    var name: String
    var amount: Money

    /// What met debts, as kinds were in the month in which the payment was posted; the organization first. None where all of
    /// that went to one payee.
    static func all(
        _ payment: PaymentView, _ names: MoneyNames, _ profile: Profile
    ) -> [PayeeShare] {
        var amounts: [String: Money] = [:]
        for part in payment.parts where part.month != nil {
            amounts[part.payee ?? "", default: .zero] += part.amount
        }
        guard amounts.count > 1 else { return [] }
        return shares(amounts, names, profile)
    }

    /// What met no debt: whose advance it is, because it pays no debt to another.
    static func advances(
        _ payment: PaymentView, _ names: MoneyNames, _ profile: Profile
    ) -> [PayeeShare] {
        var amounts: [String: Money] = [:]
        for part in payment.parts where part.month == nil {
            amounts[part.payee ?? "", default: .zero] += part.amount
        }
        return shares(amounts.filter { $0.value != .zero }, names, profile)
    }

    private static func shares(
        _ amounts: [String: Money], _ names: MoneyNames, _ profile: Profile
    ) -> [PayeeShare] {
        amounts.sorted { $0.key < $1.key }.map { code, amount in
            PayeeShare(
                name: code.isEmpty
                    ? own(names, profile)
                    : names.suppliers.first { $0.code == code }?.name ?? code,
                amount: amount)
        }
    }

    /// Whom bills and their codes name for what has no payee of its own; the organization where no suppliers are known.
    static func own(_ names: MoneyNames, _ profile: Profile) -> String {
        let code = profile.charges.payee ?? names.kinds.first { !$0.isSeparate }?.supplier
        return names.suppliers.first { $0.code == code }?.name ?? profile.name
    }
}
