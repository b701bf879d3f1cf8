import Commands
import Crypto
import Domain
import Postgres
import Queue
import Store

/// A range of the rows of `kabinet import proofs`: facts that prove an account to be somebody's own. The code of a bill comes
/// sealed, is opened here, and rests as a keyed hash.
struct ProofRows {
    struct Entry {
        let line: Int32
        let body: Result<Proof, Refusal>
    }

    /// What a hash of a bill's code is of: it never matches a code of another use.
    static let codeContext = "bill"

    let entries: [Entry]
    let organization: String
    /// Microseconds since 1970-01-01 UTC.
    let receivedAt: Int64
    let keys: [SealingKey]

    struct Decided {
        var accepted = 0
        var unchanged = 0
        var errors: [(line: Int32, refusal: Refusal)] = []
        /// As they are now, of accounts with something new.
        var rows: [Int64: Proofs.Row] = [:]
    }

    var accounts: [AccountKey] {
        entries.compactMap { entry in
            guard case .success(let proof) = entry.body else { return nil }
            return AccountKey(organization: organization, number: proof.account)
        }
    }

    func decide(_ reader: FactsReader, on connection: Connection) throws -> Decided {
        var decided = Decided()
        var wanted = FactsWanted()
        wanted.organizations = [organization]
        wanted.accounts = Set(accounts)
        (wanted.earliest, wanted.latest) = (receivedAt, receivedAt)
        let facts = try reader.load(wanted, on: connection) { _, _, _, _ in false }
        let known = try Proofs.of(
            facts.accounts.values.flatMap { $0.map(\.id) }, on: connection)
        for entry in entries {
            do throws(Refusal) {
                let proof = try entry.body.get()
                guard let place = facts.find(proof.account, organization),
                    let account = facts.accounts[
                        AccountKey(organization: organization, number: proof.account)]?[place]
                else { throw Refusal(.notFound, ["what": "account"]) }
                guard let today = facts.day(of: receivedAt, organization, account: account.id)
                else { throw Refusal(.notFound, ["what": "organization"]) }
                let before = decided.rows[account.id] ?? known[account.id] ?? Proofs.Row()
                let after = try changed(before, by: proof, account: account.id, today)
                if after == before {
                    decided.unchanged += 1
                } else {
                    decided.accepted += 1
                    decided.rows[account.id] = after
                }
            } catch {
                decided.errors.append((entry.line, error))
            }
        }
        return decided
    }

    private func changed(
        _ before: Proofs.Row, by proof: Proof, account: Int64, _ today: Day
    ) throws(Refusal) -> Proofs.Row {
        var row = before
        if let payment = proof.payment {
            guard payment.on <= today else {
                throw Self.shape("/last_payment_on", "shape.future")
            }
            row.payment = payment
        }
        if let bill = proof.bill {
            guard bill.month <= today.month else { throw Self.shape("/bill_month", "shape.future") }
            row.bill = bill
        }
        if let sealed = proof.code {
            row.codeHash = try hash(of: sealed, account: account)
        }
        return row
    }

    private func hash(of sealed: Sealed, account: Int64) throws(Refusal) -> [UInt8] {
        let opened: String
        do throws(SealingError) {
            opened = try SealedBox.open(text: sealed.text, with: keys)
        } catch {
            // Sealed to a key that these workers do not hold: the row comes back, and nothing is guessed.
            throw Self.shape("/code", "shape.sealed")
        }
        guard let code = Proof.code(opened), let key = keys.first else {
            throw Self.shape("/code", "shape.code")
        }
        return CodeHash.make(code, context: Self.codeContext, subject: "\(account)", key: key)
    }

    private static func shape(_ pointer: String, _ key: String) -> Refusal {
        Refusal(.shape, ["pointer": pointer, "key": key])
    }
}
