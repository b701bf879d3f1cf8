import Postgres

/// What pages about money ask: of one account among 200,000 as quickly as of one among ten.
extension Case {
    private static let portal = "kabinet_portal"
    private static let entries = "entry (account, id)"
    private static let bills = "bill (account, month) WHERE (withdrawn_at IS NULL)"
    private static let first = "24312 * 1000000::int8"
    private static let last = "24313 * 1000000::int8 - 1"

    static let money: [Case] = [
        Case(
            "portal/balances", portal, ["'{101,103}'"], reads: ["account (id)", bills, entries],
            most: 40),
        Case("portal/entry_months", portal, ["101"], reads: [entries], most: 12),
        Case("portal/settlements", portal, ["101", first, last], reads: [entries], most: 12),
        Case("portal/month_lines", portal, ["101", first, last], reads: [entries], most: 16),
        Case(
            "portal/payments", portal, ["101", "'2026-01-01'", "'2026-12-31'", "500"],
            reads: ["payment (account, paid_on DESC) WHERE (account IS NOT NULL)"], most: 12),
        Case(
            "portal/allocations", portal,
            [
                "101", "array[md5('payment101')::uuid]", "array[\(first)]", "array[\(last)]",
            ], reads: [entries], most: 12),
        Case("portal/bills", portal, ["101", "3", "'Europe/Moscow'"], reads: [bills], most: 12),
        // A handful of rows an organization.
        Case(
            "portal/charge_kinds", portal, ["'o1'", "'2026-12-31'"],
            reads: ["charge_kind (organization)"], or: ["charge_kind"], most: 12),
        Case(
            "portal/suppliers", portal, ["'o1'", "'2026-12-31'"],
            reads: ["supplier (organization)"], or: ["supplier"], most: 12),
        Case(
            "portal/account_kinds", portal,
            ["'o1'", "'101А'", "'c'", "'h101'", "'2026-01-20'", "101", first],
            reads: [
                "contract (organization, house) WHERE (account IS NULL)",
                "contract (organization, account) WHERE (account IS NOT NULL)", entries,
            ], most: 40),
        Case(
            "portal/tariffs", portal, ["'o1'", "'c'", "'h101'", "'{water,waste}'"],
            reads: ["tariff (organization, house)"], most: 30),
    ]
}
