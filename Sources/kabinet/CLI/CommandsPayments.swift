import Commands
import Operations
import Postgres

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
            [
                "id", "paid_on", "amount", "provider", "document", "account", "typed", "month",
                "state",
            ],
            found.map { payment in
                [
                    payment.id.description, payment.paidOn.description,
                    Kopecks.text(payment.amount.kopecks),
                    payment.provider, payment.number, payment.account ?? "", payment.typed,
                    payment.month?.description ?? "",
                    Phrase.paymentState(payment.state).text(language),
                ]
            }, numbers: ["amount"])
        if found.count == Int(Payments.most) { output.note(.morePayments(Payments.most)) }
        return 0
    }

    /// A payment that is nobody's goes to an account.
    func paymentAssign(_ arguments: Arguments) throws -> Int32 {
        let id = try identifier(arguments.operands[0])
        let organization = try arguments.required("organization")
        let typed = try arguments.required("account")
        guard let number = AccountNumber(typed) else { throw UsageError(.notAnAccount(typed)) }
        let why = try arguments.required("why")
        let console = try context.console()
        let payments = Payments(console)
        guard let payment = try payments.find(id, organization: organization) else {
            output.complain(.noSuchPayment(id))
            return 1
        }
        if arguments.has("dry-run") {
            return try foresee(
                payment, payments.account(number, organization: organization), typed: typed,
                isJSON: arguments.has("json"))
        }
        let command = ChangePayment(
            account: number, provider: payment.provider, number: payment.number, why: why)
        return try send(.ledger(.assignPayment(command)), Dispatch(console), arguments)
    }

    /// - Parameter account: nil: nobody has it.
    private func foresee(
        _ payment: Payments.Payment, _ account: String?, typed: String, isJSON: Bool
    ) throws -> Int32 {
        guard let account else {
            output.complain(.nobodyHas(typed))
            return 1
        }
        let isHis = payment.account == account && payment.state == .posted
        guard payment.state == .nobodys || isHis else {
            output.complain(.notNobodys(payment))
            return 1
        }
        guard isHis || payment.hasKinds else {
            output.complain(.problemKind("charge_kind"))
            return 1
        }
        if isJSON {
            output.json(
                .object([
                    "id": .string("\(payment.id)"), "amount_kopecks": .int(payment.amount.kopecks),
                    "typed": .string(payment.typed), "account": .string(account),
                    "unknown_kind": isHis ? nil : payment.unknownKind.map(JSON.string),
                    "unchanged": .bool(isHis), "dry_run": .bool(true),
                ]))
        } else {
            output.say(isHis ? .paymentIsHis(payment) : .paymentWouldGo(payment, to: account))
            if !isHis, let kind = payment.unknownKind { output.note(.purposeUnknown(kind)) }
        }
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
            "id": .string("\(payment.id)"),
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
