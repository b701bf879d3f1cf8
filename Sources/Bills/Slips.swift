import Commands
import Drawing
import Store
import Words

/// What is torn off, one a payee, with the code that a bank's application reads (ГОСТ Р 56042-2014).
extension Bill {
    var slips: [BillForm.Slip] {
        groups.filter { !$0.items.isEmpty }.map(slip)
    }

    private func slip(_ group: Group) -> BillForm.Slip {
        let closing = group.total.closing
        let code = code(of: group)
        let caption =
            code == nil
            ? "print.no_code" : closing > .zero ? "print.code" : "print.code_open"
        let supplier = group.supplier
        let inn = [supplier?.inn, supplier?.kpp].compactMap(\.self).filter { !$0.isEmpty }
        let thirteen = profile.charges.bills.form == .thirteen
        return .init(
            title: words("print.slip"),
            subtitle: group.isSeparate
                ? words(
                    "print.slip_separate", ["what": group.title(language), "month": month])
                : words("print.slip_subtitle", ["month": month]),
            payee: pairs([
                ("print.payee", supplier?.name ?? organization),
                (
                    inn.count > 1 ? "print.inn" : "print.inn_only",
                    inn.joined(separator: " / ")
                ), ("print.payee_account", supplier?.account), ("print.bank", supplier?.bank),
                (
                    "print.bic",
                    supplier?.bic.map { bic in
                        supplier?.correspondent.map {
                            words("print.bic_value", ["bic": bic, "account": $0])
                        } ?? bic
                    }
                ),
            ]),
            payer: pairs([
                ("print.holder", holder), ("print.address", address),
                (thirteen ? "print13.account" : "print.account", account),
            ]),
            total: total(of: closing, max(closing, .zero)), code: code,
            caption: words(caption),
            blanks: (closing > .zero ? [] : [words("print.sum")])
                + [words("print.date"), words("print.signature")])
    }

    private func code(of group: Group) -> [UInt8]? {
        guard let code = paymentCode(of: group) else { return nil }
        do throws(PaymentCode.Invalid) {
            return try code.bytes()
        } catch {
            // Wrong requisites make no code, and the slip says so.
            return nil
        }
    }

    /// Nil without an account to pay to.
    func paymentCode(of group: Group) -> PaymentCode? {
        guard let supplier = group.supplier, let account = supplier.account,
            let bank = supplier.bank, let bic = supplier.bic
        else { return nil }
        let month = facts.bill.month
        let purpose = Words.text(
            group.isSeparate ? "print.purpose_separate" : "print.purpose", language,
            ["what": group.title(language), "month": shortMonth, "account": self.account])
        var details: [PaymentCode.Detail] = []
        if let inn = supplier.inn { details.append(.payeeINN(inn)) }
        if let kpp = supplier.kpp { details.append(.kpp(kpp)) }
        details += [
            .account(self.account), .lastName(names.last), .firstName(names.first),
            .middleName(names.middle), .address(address),
            .period(year: month.year, month: month.ordinal), .purpose(purpose),
            .sum(kopecks: group.total.closing.kopecks),
        ]
        return PaymentCode(
            payee: .init(
                name: supplier.name, account: account, bank: bank, bic: bic,
                correspondent: supplier.correspondent),
            details: details)
    }
}
