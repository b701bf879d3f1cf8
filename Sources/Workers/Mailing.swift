import Commands
import Crypto
import Domain
import Postgres
import Queue
import Store

/// Bills by e-mail, to those who chose them (SF-130…SF-137: `email_bill`). They are ordered in the transaction that closes their
/// months, once for each reader, account and month, and drawn when their letters leave.
struct Mailing {
    static let statements: [Statement] = ["store/bill_readers", "store/bill_ways_out"]

    let claimed: ClaimedCommand
    let keys: [SealingKey]
    let connection: Connection

    private static let purpose = IdentityProfile.Consent.Purpose.emailBill

    /// A month that was opened again and closed anew is told of again only where its sum is another.
    func order(
        _ closed: [Closings.Closed], _ month: Month, due: Day, _ profile: Profile,
        _ decided: inout Decided
    ) throws {
        guard !closed.isEmpty,
            profile.identity?.services.contains(where: { $0.purpose == Self.purpose }) == true
        else { return }
        let readers = try connection.run(
            "store/bill_readers", .int64s(closed.map(\.account)),
            .int16s(closed.map { Int16($0.version) }), .int64s(closed.map(\.closing.kopecks)),
            .date(month.first.days)
        ).map { row in
            (
                bill: closed[Int(row.int64(0)) - 1], person: row.int64(1), email: row.text(2),
                language: row.text(3)
            )
        }
        guard !readers.isEmpty else { return }
        guard let key = keys.first, let publicKey = try Notices.sealingKey(on: connection) else {
            throw PermanentFailure(
                "no sealing key is published, or none is here: kabinet key publish FILE")
        }
        var orders: [NoticeOrder] = []
        var hashes: [String] = []
        for reader in readers {
            let bill = reader.bill
            let account = bill.card["account"]?.string ?? ""
            // The same way out in all letters of an account to one person, so that it is written down once.
            let hash = CodeHash.make(
                Self.purpose.rawValue, context: "unsubscribe",
                subject: "\(claimed.organization) \(bill.account) \(reader.person)", key: key)
            // Without the name of the key before it.
            let wayOut = Secrets.hexadecimal(Array(hash.suffix(32)))
            hashes.append(Secrets.tokenHashText(wayOut))
            let edition = bill.version > 1 ? "/\(bill.version)" : ""
            orders.append(
                NoticeOrder(
                    id: Desk.newCommandID(), organization: claimed.organization,
                    key: "bill/\(account)/\(month)\(edition)@\(reader.person)", channel: .letter,
                    outgoing: Outgoing(
                        to: reader.email, notice: .billReady, language: reader.language,
                        values: [
                            "account": account, "closing": "\(bill.closing.kopecks)",
                            "due": due.description, "month": month.description,
                        ], unsubscribe: try SealedBox.seal(text: wayOut, to: publicKey)),
                    cause: CommandID(high: claimed.id.high, low: claimed.id.low),
                    actor: claimed.actor, via: claimed.channel, receivedAt: claimed.receivedAt))
        }
        try connection.run(
            "store/bill_ways_out", .texts(hashes), .text(claimed.organization),
            .int64s(readers.map(\.bill.account)), .int64s(readers.map(\.person)),
            .text(Self.purpose.rawValue), .timestamp(claimed.receivedAt))
        try Desk.tell(orders, &decided, on: connection)
    }
}
