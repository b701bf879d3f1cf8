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
        return amounts.sorted { $0.key < $1.key }.map { code, amount in
            let payee = code.isEmpty ? own(names, profile) : code
            let supplier = names.suppliers.first { $0.code == payee }
            return PayeeShare(
                name: supplier?.name ?? (code.isEmpty ? profile.name : code), amount: amount)
        }
    }

    /// Whom bills and their codes name for what has no payee of its own.
    private static func own(_ names: MoneyNames, _ profile: Profile) -> String? {
        profile.charges.payee ?? names.kinds.first { !$0.isSeparate }?.supplier
    }

    /// What met no debt.
    static func advance(_ payment: PaymentView) -> Money {
        payment.parts.reduce(.zero) { $1.month == nil ? $0 + $1.amount : $0 }
    }
}
