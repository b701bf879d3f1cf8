import Commands

/// What the command line says of payments and of billing months.
extension Phrase {
    // MARK: Payments

    static let paymentList = Phrase(
        "Платежи, пришедшие последними — первыми", "Payments, those that came last first")
    static let paymentListNotes = Phrase(
        """
        Не больше \(Payments.most). Счёт показан так, как его написал плательщик. --since — когда платёж пришёл сюда, \
        а не когда уплачен. Ничей платёж: отмените его (payment reverse) и проведите на верный счёт под другим номером \
        (payment post).
        """,
        """
        At most \(Payments.most). The account is shown as the payer wrote it. --since is when a payment came here, not \
        when it was paid. One that is nobody's: take it back (payment reverse) and post it to the right account under \
        another number (payment post).
        """)
    static let optionNobody = Phrase(
        "только ничьи: такого лицевого счёта нет", "only nobody's: there is no such account")
    static let optionPaymentAccount = Phrase(
        "только этого лицевого счёта, как бы он ни был написан",
        "only of this account, however it is written")
    public static func paymentState(_ state: Payments.State) -> Phrase {
        switch state {
        case .posted: Phrase("проведён", "posted")
        case .nobodys: Phrase("ничей", "nobody's")
        case .reversed: Phrase("отменён", "taken back")
        }
    }
    public static func morePayments(_ most: Int64) -> Phrase {
        Phrase(
            "Показаны последние \(most); прежние — с --account или --nobody",
            "The last \(most) are shown; --account or --nobody finds earlier ones")
    }
}
