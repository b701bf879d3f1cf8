import Commands
import Operations

/// Money that came in.
extension CommandLineTool {
    func paymentList(_ arguments: Arguments) throws -> Int32 {
        let found = try Payments(try context.console()).list(paymentFilter(arguments))
        if arguments.has("json") {
            for payment in found { output.json(json(payment)) }
            return 0
        }
        if found.isEmpty { output.say(.nothingFound) }
        output.table(
            ["paid_on", "amount", "provider", "number", "account", "month", "state"],
            found.map { payment in
                [
                    payment.paidOn.description, Kopecks.text(payment.amount.kopecks),
                    payment.provider, payment.number, payment.typed,
                    payment.month?.description ?? "",
                    Phrase.paymentState(payment.state).text(language),
                ]
            }, numbers: ["amount"])
        if found.count == Int(Payments.most) { output.note(.morePayments(Payments.most)) }
        return 0
    }

    private func paymentFilter(_ arguments: Arguments) throws(UsageError) -> Payments.Filter {
        var filter = Payments.Filter(organization: try arguments.required("organization"))
        filter.onlyNobodys = arguments.has("nobody")
        if let text = arguments["account"] {
            guard let number = AccountNumber(text) else { throw UsageError(.notAnAccount(text)) }
            filter.account = number
        }
        if let text = arguments["since"] {
            guard let since = Moment.since(text) else { throw UsageError(.notASince(text)) }
            filter.since = since
        }
        return filter
    }

    private func json(_ payment: Payments.Payment) -> JSON {
        .object([
            "paid_on": .string(payment.paidOn.description),
            "amount_kopecks": .int(payment.amount.kopecks),
            "provider": .string(payment.provider), "number": .string(payment.number),
            "typed": .string(payment.typed), "account": .text(payment.account),
            "month": .text(payment.month?.description),
            "received_at": .string("\(payment.received)"),
            "state": .string(payment.state.rawValue),
        ])
    }
}
