import Commands
import Store
import Words

/// What one payee gets.
struct Group: Sendable {
    /// Nil: nobody knows where to.
    var supplier: SupplierView?
    var isSeparate: Bool
    var items: [Item]

    /// What the month did to a kind.
    struct Item: Sendable {
        /// Nil: money that is of none yet.
        var kind: KindView?
        var sums = Sums()
        /// Charges and surcharges of the month.
        var charges: [ChargeView] = []
        var recalculations: [ChargeView] = []

        var lines: [ChargeLine] { charges.compactMap(\.line).filter { $0.sort == .charge } }
        var isEmpty: Bool {
            sums == Sums() && charges.isEmpty && recalculations.isEmpty
        }
    }

    struct Sums: Sendable, Equatable {
        var opening = Money.zero
        var charged = Money.zero
        var recalculated = Money.zero
        var penalty = Money.zero
        var paid = Money.zero

        var closing: Money { opening + charged + recalculated + penalty - paid }
        /// What the month added.
        var added: Money { charged + recalculated + penalty }

        static func += (left: inout Sums, right: Sums) {
            left.opening += right.opening
            left.charged += right.charged
            left.recalculated += right.recalculated
            left.penalty += right.penalty
            left.paid += right.paid
        }
    }

    var total: Sums { items.reduce(into: Sums()) { $0 += $1.sums } }

    /// «Взнос на капитальный ремонт»: what a payee of its own is paid for.
    func title(_ language: Language) -> String {
        items.compactMap(\.kind).map { $0.title(language) }.joined(separator: ", ")
    }

    static func all(_ facts: BillFacts, _ profile: Profile, _ language: Language) -> [Group] {
        var items: [String?: Item] = [:]
        let kinds = Dictionary(facts.kinds.map { ($0.code, $0) }) { first, _ in first }
        func kind(_ code: String?) -> KindView? {
            code.map { kinds[$0] ?? KindView(code: $0, title: $0, position: .max) }
        }
        for sum in facts.sums {
            var item = items[sum.kind] ?? Item(kind: kind(sum.kind))
            item.sums += Sums(
                opening: sum.opening, charged: sum.charged, recalculated: sum.recalculated,
                penalty: sum.penalty, paid: sum.paid)
            items[sum.kind] = item
        }
        for charge in facts.charges {
            var item = items[charge.kind] ?? Item(kind: kind(charge.kind))
            switch charge.sort {
            case .charge?, .surcharge?: item.charges.append(charge)
            case .recalculation?: item.recalculations.append(charge)
            case nil: break
            }
            items[charge.kind] = item
        }
        let sorted = items.values.filter { !$0.isEmpty }.sorted { left, right in
            guard let one = left.kind else { return false }
            guard let other = right.kind else { return true }
            return (one.position, one.code) < (other.position, other.code)
        }

        func supplier(_ code: String?) -> SupplierView? {
            facts.suppliers.first { $0.code == code }
        }
        // Of what the account pays for; of all kinds only where it pays for none.
        let billed = sorted.compactMap(\.kind).filter { !$0.isSeparate }
        let first = (billed.isEmpty ? facts.kinds.filter { !$0.isSeparate } : billed)
            .min { ($0.position, $0.code) < ($1.position, $1.code) }
        let payee =
            facts.bill.card["payee"]?.string ?? profile.charges.payee ?? first?.supplier
        var main = Group(supplier: supplier(payee), isSeparate: false, items: [])
        var others: [Group] = []
        for item in sorted {
            guard let kind = item.kind, kind.isSeparate else {
                main.items.append(item)
                continue
            }
            if let place = others.firstIndex(where: {
                $0.items.first?.kind?.supplier == kind.supplier
            }) {
                others[place].items.append(item)
            } else {
                others.append(
                    Group(supplier: supplier(kind.supplier), isSeparate: true, items: [item]))
            }
        }
        return main.items.isEmpty && !others.isEmpty ? others : [main] + others
    }
}

extension KindView {
    func title(_ language: Language) -> String {
        language == .en ? titleEnglish ?? title : title
    }
}
