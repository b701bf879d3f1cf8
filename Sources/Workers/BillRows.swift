import Commands
import Domain
import Postgres
import Store

/// A range of the rows of `kabinet import bills`: each is compared with the bill that stands here. Equal ones change nothing.
struct BillRows {
    struct Entry {
        let line: Int32
        let body: Result<BillRow, Refusal>
    }

    let entries: [Entry]
    let organization: String
    /// Microseconds since 1970-01-01 UTC.
    let receivedAt: Int64

    struct Decided {
        var unchanged = 0
        var errors: [(line: Int32, refusal: Refusal)] = []
    }

    var accounts: [AccountKey] {
        entries.compactMap { entry in
            guard case .success(let bill) = entry.body else { return nil }
            return AccountKey(organization: organization, number: bill.account)
        }
    }

    func decide(_ reader: FactsReader, on connection: Connection) throws -> Decided {
        var wanted = FactsWanted()
        wanted.organizations = [organization]
        wanted.accounts = Set(accounts)
        (wanted.earliest, wanted.latest) = (receivedAt, receivedAt)
        let facts = try reader.load(wanted, on: connection) { _, _, _, _ in false }
        var decided = Decided()
        var known: [(line: Int32, bill: BillRow, account: Int64)] = []
        for entry in entries {
            do throws(Refusal) {
                let bill = try entry.body.get()
                guard let place = facts.find(bill.account, organization),
                    let account = facts.accounts[
                        AccountKey(organization: organization, number: bill.account)]?[place]
                else { throw Refusal(.notFound, ["what": "account"]) }
                known.append((entry.line, bill, account.id))
            } catch {
                decided.errors.append((entry.line, error))
            }
        }
        let ours = try Closings.bills(
            known.map { (account: $0.account, month: $0.bill.month) }, on: connection)
        for (row, bill) in zip(known, ours) {
            let refusal =
                if let bill {
                    row.bill.difference(from: bill.sums, dueOn: bill.dueOn)
                } else {
                    Refusal(.billMissing, ["month": row.bill.month.description])
                }
            if let refusal {
                decided.errors.append((row.line, refusal))
            } else {
                decided.unchanged += 1
            }
        }
        return decided
    }
}
