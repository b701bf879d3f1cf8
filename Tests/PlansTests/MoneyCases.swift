import Postgres

/// What pages about money ask: of one account among 200,000 as quickly as of one among ten.
extension Case {
    private static let portal = "kabinet_portal"
    private static let entries = "entry (account, id)"
    private static let bills = "bill (account, month) WHERE (withdrawn_at IS NULL)"
    private static let first = "24312 * 1000000::int8"
    private static let last = "24313 * 1000000::int8 - 1"

    private static let files = "bill_file (account, month, id DESC)"
    private static let month = "'{2026-01-01}'"
    private static let day = "'{2026-01-31}'"
    private static let moment = "array[now()]"
    private static let zone = "'{Europe/Moscow}'"

    static let money: [Case] = [
        Case(
            "portal/balances", portal, ["'{101,103}'"], reads: ["account (id)", bills, entries],
            most: 40),
        Case(
            "portal/apart", portal, ["'{101,103}'", "3"],
            reads: ["account (id)", "charge_kind (organization)", bills, entries],
            or: ["account (id)", "charge_kind", bills, entries], most: 120),
        Case("portal/entry_months", portal, ["101"], reads: [entries], most: 12),
        Case("portal/settlements", portal, ["101", first, last], reads: [entries], most: 12),
        Case("portal/month_lines", portal, ["101", first, last], reads: [entries], most: 16),
        Case(
            "portal/payments", portal,
            ["101", "'2026-01-01'", "'2026-12-31'", "500", "'Europe/Moscow'"],
            reads: ["payment (account, paid_on DESC) WHERE (account IS NOT NULL)"], most: 12),
        Case(
            "portal/allocations", portal,
            [
                "101", "array[md5('payment101')::uuid]", "array[\(first)]", "array[\(last)]",
            ], reads: [entries], most: 12),
        Case(
            "portal/payees", portal,
            ["'o1'", "array['2026-12-31'::date]", "array[now()]"],
            reads: ["charge_kind (organization)"], or: ["charge_kind"], most: 12),
        Case(
            "portal/export_bills", portal, ["'{101,103}'", "'Europe/Moscow'", "1200"],
            reads: [bills], most: 24),
        Case(
            "portal/export_payments", portal, ["'{101,103}'", "5000"],
            reads: ["payment (account, paid_on DESC) WHERE (account IS NOT NULL)"], most: 24),
        Case(
            "portal/export_entries", portal, ["'{101,103}'", "20000"], reads: [entries], most: 40),
        Case("portal/bills", portal, ["101", "3", "'Europe/Moscow'"], reads: [bills], most: 12),
        // «Главная», of one account and of who has two.
        Case(
            "portal/home_accounts", portal, ["'{101,103}'"],
            reads: ["account (id)", bills, entries], most: 48),
        // Of a house with three windows, and two extensions of all houses. Months are a handful an organization.
        Case(
            "portal/home_times", portal, ["'{101}'", "'Europe/Moscow'"],
            reads: [
                "account (id)", "house_window (organization, house, at DESC)",
                "window_extension (organization, until)", "period (organization, month)",
            ],
            or: [
                "account (id)", "house_window (organization, house, at DESC)",
                "window_extension (organization, until)", "period",
            ], most: 80),
        Case("portal/home_bills", portal, ["'{101}'", "3"], reads: [bills], most: 12),
        Case(
            "portal/home_settlements", portal, ["'{101}'", "'Europe/Moscow'"],
            reads: [bills, entries], most: 20),
        Case(
            "portal/home_meters", portal, ["'{101}'"],
            reads: [
                "meter (account)", "reading (meter, month) WHERE (state = 'effective'::text)",
                "reading (meter, month) WHERE (state <> 'effective'::text)",
            ], most: 20),
        Case(
            "portal/home_services", portal, ["'{101}'", "'{101}'", "'{email_bill,sms_news}'"],
            reads: [
                "principal (id)", "account (id)",
                "consent (account, principal, purpose, n DESC) WHERE (account IS NOT NULL)",
            ],
            or: ["principal (id)", "account (id)", "consent (principal, purpose, n DESC)"],
            most: 24),
        // A handful of rows an organization.
        Case(
            "portal/charge_kinds", portal, ["'o1'", "'2026-12-31'", "'Europe/Moscow'"],
            reads: ["charge_kind (organization)"], or: ["charge_kind"], most: 12),
        Case(
            "portal/posted_kinds", portal, ["101", "'o1'", "'Europe/Moscow'"],
            reads: [entries, "charge_kind (organization)"], or: ["charge_kind"], most: 40),
        Case(
            "portal/suppliers", portal, ["'o1'", "'2026-12-31'", "'Europe/Moscow'"],
            reads: ["supplier (organization)"], or: ["supplier"], most: 12),
        Case(
            "portal/account_kinds", portal,
            ["'o1'", "'101А'", "'c'", "'h101'", "'2026-01-20'", "101", first],
            reads: [
                "contract (organization, COALESCE(account, ''::text), COALESCE(house, ''::text), kind)",
                entries,
            ], most: 40),
        Case(
            "portal/tariffs", portal, ["'o1'", "'c'", "'h101'", "'{water,waste}'"],
            reads: ["tariff (organization, COALESCE(house, ''::text), kind)"], most: 30),
        // A bill as it is drawn: of one account, or of those of a letter.
        Case("portal/bill_file", portal, ["101", "'2026-01-01'"], reads: [files], most: 8),
        Case(
            "portal/bill_closed", portal, ["'{101}'", month, zone], reads: [bills], most: 12),
        Case(
            "portal/bill_lines", portal, ["'{101}'", "array[\(first)]", "array[\(last)]"],
            reads: [entries], most: 30),
        Case(
            "portal/bill_sums", portal, ["'{101}'", "array[\(first)]", "array[\(last)]"],
            reads: [entries], most: 12),
        Case(
            "portal/bill_kinds", portal, ["'{o1}'", day, moment],
            reads: ["charge_kind (organization)"], or: ["charge_kind"], most: 12),
        Case(
            "portal/bill_suppliers", portal, ["'{o1}'", day, moment],
            reads: ["supplier (organization)"], or: ["supplier"], most: 12),
        Case(
            "portal/bill_norms", portal,
            ["'{o1}'", "'{c}'", "'{h101}'", day, moment, "'{2}'", "'{3}'"],
            reads: ["norm (organization, COALESCE(house, ''::text), kind)"], most: 20),
        Case(
            "portal/bill_meters", portal, ["'{101}'", month, "13"],
            reads: ["meter (account)", "month (meter, month)"], most: 20),
        Case(
            "portal/bill_estimates", portal, ["'{101}'", "array[\(first)]", "array[\(last)]"],
            reads: [entries], most: 30),
        Case(
            "portal/bill_houses", portal, ["'{o1}'", "'{h101}'", month],
            reads: [
                "house_meter ((((organization || '/'::text) || house)))",
                "house_month (meter, month)",
            ], most: 16),
    ]
}
