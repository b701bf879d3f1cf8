import Postgres

/// What charges, ledgers and the lifecycle of readings ask for: of parts of an organization with a hundred accounts, and of a
/// hundred accounts of one that grows.
extension Case {
    static let ledgerExempt: [Statement: String] = {
        let law = "the law's rows: a few hundred, and a dozen more a year"
        return [
            "store/references_law": law, "store/references_workdays": law,
            "store/put_key_rates": law, "store/put_workdays": law, "store/put_due_days": law,
            "store/house_fence": "it reads no table",
        ]
    }()

    private static let workers = "kabinet_workers"
    private static let portal = "kabinet_portal"
    private static let some = "array(select plans.some())"
    private static func each(_ expression: String) -> String {
        "array(select \(expression) from plans.some() i)"
    }
    /// A file's rows.
    private static func rows(_ members: String) -> String {
        "(select jsonb_agg(jsonb_build_object(\(members))) from plans.some() i)"
    }
    private static let o1 = each("'o1'::text")
    private static let number = each("i || 'А'")
    private static let houses = each("'h' || (i / 10 * 10 + 1)")
    private static let fresh = each("gen_random_uuid()")
    private static let none = each("null::text")
    private static let noInt = each("null::int8")
    private static let noDay = each("null::date")
    private static let now = "clock_timestamp()"
    /// Thirty accounts.
    private static let ofPart = ["'o2'", "'h1001'", "'h1021'", "0", "9223372036854775807"]

    private static let part =
        "account ((((organization || '/'::text) || COALESCE(house, ''::text))) COLLATE \"C\", ((id + 0)))"
    private static let entries = "entry (account, id)"
    private static let bills = "bill (account, month) WHERE (withdrawn_at IS NULL)"
    private static let openCorrections = "correction (account) WHERE (done_in IS NULL)"
    private static let contracts =
        "contract (organization, COALESCE(account, ''::text), COALESCE(house, ''::text), kind)"
    private static let tariffs = "tariff (organization, COALESCE(house, ''::text), kind)"
    private static let norms = "norm (organization, COALESCE(house, ''::text), kind)"
    private static let undersupply =
        "undersupply (organization, month, COALESCE(house, ''::text), COALESCE(account, ''::text))"
    private static let areas = "house_area (organization, house)"
    private static let effective = "reading (meter, month) WHERE (state = 'effective'::text)"
    private static let kinds = "charge_kind (organization)"
    private static let houseMeters = "house_meter ((((organization || '/'::text) || house)))"
    private static let houseNumbers = "house_meter (organization, service, number)"
    private static let houseMonths = "house_month (meter, month)"

    static let ledger: [Case] = [
        Case(
            "store/bill_accounts", workers, [o1, number, each("i::text")],
            reads: ["account (organization, stripped)"], most: 700),
        Case(
            "store/bills_closed", workers, [some, each("'2026-01-01'::date")],
            reads: ["bill (account, month) WHERE (withdrawn_at IS NULL)"], most: 900),
        // Every part of a month: those of its accounts whose bills go by e-mail.
        Case(
            "store/bill_readers", workers,
            [some, each("1::int2"), each("1::int8"), "'2026-01-01'"],
            reads: [
                "consent (account, principal, purpose, n DESC) WHERE (account IS NOT NULL)",
                "principal (id)", "attachment (account)", "bill (account, month, version)",
            ],
            or: [
                "consent (principal, purpose, n DESC)", "principal (id)", "attachment (account)",
                "bill (account, month, version)",
            ], most: 2000),
        Case(
            "store/bill_ways_out", workers,
            [each("md5('out' || i)"), "'o1'", some, some, "'email_bill'", now], reads: [],
            most: 1500),
        Case("store/ledger_bills", workers, [some, noDay], reads: [bills, entries], most: 2000),
        Case(
            "store/charge_entries", workers, [some, each("24312000000::int8")], reads: [entries],
            most: 1400),
        Case(
            "store/ledger_payments", workers, [o1, each("'bank'::text"), each("'n' || i")],
            reads: ["payment (organization, provider, number)", "account (id)"], most: 1200),
        Case(
            "store/hold_payments", workers, [o1, each("'bank'::text"), each("'n' || i")],
            reads: ["payment (organization, provider, number)"], most: 1200),
        Case("store/ledger_kinds", workers, ["array['o1', 'o2']"], reads: [kinds], most: 12),
        Case(
            "store/add_entries", workers,
            [
                some, each("24313000000 + i"), each("'2026-02-01'::date"), each("'charge'::text"),
                each("'water'::text"), each("false"), each("'2026-02-01'::date"),
                each("'2026-02-28'::date"), each("1::int8"), each("null::uuid"), noInt, none,
                each("'2026-02-01'::date"), each("'{}'::jsonb"),
            ], reads: [], most: 700),
        Case(
            "store/add_payments", workers,
            [
                fresh, o1, each("'new'::text"), each("'n' || i"), some, each("i::text"),
                each("1::int8"), each("'2026-02-01'::date"), each("now()"),
                each("'2026-02-01'::date"), each("'{}'::jsonb"),
            ], reads: [], most: 2000),
        Case(
            "store/add_corrections", workers,
            [some, each("'2026-01-01'::date"), o1, o1, each("now()")], reads: [], most: 900),
        Case(
            "store/assign_payments", workers,
            [
                each("md5('payment' || i)::uuid"), some, each("'2026-02-01'::date"), fresh,
                each("now()"),
            ], reads: ["payment (id)"], most: 4000),
        Case(
            "store/reverse_payments", workers, [each("md5('payment' || i)::uuid"), fresh],
            reads: ["payment (id)"], most: 4000),
        Case(
            "store/add_bills", workers,
            [
                some, "'2026-02-01'", each("1::int2"), "'o1'", now, each("24313000009"),
                "'2026-03-16'", "'2026-02-28'", each("0::int8"), each("0::int8"), each("0::int8"),
                each("0::int8"), each("0::int8"), each("0::int8"), each("'2026-01-01'::date"),
                each("'{}'::jsonb"), each("null::jsonb"),
            ], reads: [], most: 1500),
        Case(
            "store/charge_cut", workers, ["'o2'", "10"], reads: [part], most: 500),
        Case("store/charge_lock", workers, ofPart, reads: [part, "account (id)"], most: 300),
        Case(
            "store/charge_accounts", workers, ofPart + ["'2026-01-01'"],
            reads: [part, "bill (account, month, version)"], most: 300),
        Case(
            "store/corrections", workers, [some],
            reads: [
                openCorrections, "correction (account, done_in) WHERE (done_in IS NOT NULL)",
            ], most: 1800),
        Case(
            "store/delete_corrections", workers,
            [
                "array(select n from facts.correction where account = any (array(select plans.some())))"
            ],
            reads: ["correction (n)"], most: 4000),
        Case("store/charge_corrections", workers, [some], reads: [openCorrections], most: 900),
        Case(
            "store/charge_corrected", workers,
            [
                "array(select n from facts.correction where account = any (array(select plans.some())))",
                "'2026-01-01'",
            ], reads: ["correction (n)"], most: 6000),
        Case("store/charge_meters", workers, [some], reads: ["meter (account)"], most: 700),
        Case(
            "store/charge_months", workers, [some, "'2026-04-01'", "10"],
            reads: ["month (meter, month)"], most: 1000),
        Case(
            "store/charge_fix", workers, [some, "'2026-01-01'", now],
            reads: [effective], most: 3000),
        Case(
            "store/charge_posted", workers,
            [some, each("24312000000::int8"), each("24313000000::int8")], reads: [entries],
            most: 1400),
        Case(
            "store/charge_undersupply", workers,
            ["'o1'", "array['2026-01-01'::date]", houses, number], reads: [undersupply], most: 1200),
        Case("store/references_charge_kinds", workers, ["'o1'"], reads: [kinds], most: 8),
        Case(
            "store/references_contracts", workers, ["'o1'", houses, number], reads: [contracts],
            most: 2000),
        Case("store/references_tariffs", workers, ["'o1'", houses], reads: [tariffs], most: 700),
        Case("store/references_norms", workers, ["'o1'", houses], reads: [norms], most: 700),
        Case(
            "store/references_multipliers", workers, ["'o1'"], reads: ["multiplier (organization)"],
            most: 8),
        Case("store/references_house_areas", workers, ["'o1'", houses], reads: [areas], most: 600),
        Case(
            "store/reference_codes", workers, ["'o1'"],
            reads: [kinds, "supplier (organization)", "penalty_rule"], most: 16),
        Case(
            "store/put_suppliers", workers,
            ["'o1'", rows("'code', 's' || i, 'valid_from', '2026-01-01', 'name', 'n'")],
            reads: ["supplier (organization)"], most: 1500),
        Case(
            "store/put_charge_kinds", workers,
            [
                "'o1'",
                rows(
                    "'code', 'k' || i, 'valid_from', '2026-01-01', 'title', 't', 'position', 1, 'basis', 'area', 'unit', 'm2', 'supplier', 's', 'penalty', 'housing', 'multiplied', false, 'separate', false"
                ),
            ], reads: [kinds], most: 1500),
        Case(
            "store/put_contracts", workers,
            [
                "'o1'",
                rows(
                    "'kind', 'water', 'account', i || 'А', 'valid_from', '2026-02-01', 'is_off', false, 'meter_possible', true"
                ),
            ], reads: [contracts], most: 2200),
        Case(
            "store/put_tariffs", workers,
            [
                "'o1'",
                rows(
                    "'kind', 'water', 'house', 'h' || (i / 10 * 10 + 1), 'valid_from', '2026-02-01', 'price', 1"
                ),
            ], reads: [tariffs], most: 1500),
        Case(
            "store/put_norms", workers,
            [
                "'o1'",
                rows(
                    "'kind', 'water', 'house', 'h' || (i / 10 * 10 + 1), 'valid_from', '2026-02-01', 'value', 1"
                ),
            ], reads: [norms], most: 1500),
        Case(
            "store/put_multipliers", workers,
            ["'o1'", rows("'kind', 'k' || i, 'valid_from', '2026-02-01', 'value', 1000000")],
            reads: ["multiplier (organization)"], most: 1500),
        Case(
            "store/put_undersupply", workers,
            [
                "'o1'",
                rows(
                    "'kind', 'water', 'account', i || 'А', 'month', '2026-01-01', 'days', 3, 'why', 'w'"
                ),
            ], reads: [undersupply], most: 1500),
        Case(
            "store/undersupply_lock", workers, ["'o1'", "array['h1', 'h11']", some],
            reads: [part, "account (id)"], most: 900),
        Case(
            "store/undersupply_charged", workers,
            [
                some, each("'2026-01-01'::date"), each("'water'"), each("24312000000::int8"),
            ], reads: [bills, entries, openCorrections], most: 3500),
        Case(
            "store/undersupply_corrections", workers,
            [
                some, each("'2026-01-01'::date"), each("'w'"), each("'water'"), "'operator:o'",
                now,
            ],
            reads: [bills], most: 1500),
        Case(
            "store/put_house_areas", workers,
            [
                "'o1'",
                rows(
                    "'house', 'h' || (i / 10 * 10 + 1), 'valid_from', '2026-02-01', 'total', 1, 'common', 1"
                ),
            ], reads: [areas], most: 1500),
        Case(
            "store/period_reopen", workers, ["'o3'", "'2026-09-01'"],
            reads: ["period (organization, month)"], most: 20),
        Case(
            "store/withdraw_entries", workers,
            ofPart + ["'2026-01-01'", "'{charge,penalty}'", "24312000000"],
            reads: [part, bills, entries], most: 4000),
        Case(
            "store/withdraw_bills", workers, ofPart + ["'2026-01-01'", now],
            reads: [part, bills], most: 1500),
        Case(
            "store/withdraw_readings", workers, ofPart + ["'2026-01-01'"],
            reads: [part, "meter (account)", effective, "reading (id)"], most: 1500),
        Case(
            "store/withdraw_corrections", workers, ofPart + ["'2026-01-01'"],
            reads: [part, "correction (account, done_in) WHERE (done_in IS NOT NULL)"], most: 600),
        Case(
            "store/house_lock", workers,
            ["'o1'", each("'cold_water'::text"), each("'H' || (i / 10 * 10 + 1)")],
            reads: [houseNumbers, "house_meter (id)"], most: 1500),
        Case(
            "store/house_meters", workers,
            ["'o1'", each("'cold_water'::text"), each("'H' || (i / 10 * 10 + 1)")],
            reads: [houseNumbers], most: 700),
        Case(
            "store/house_months", workers, [each("100000000 + i / 10 * 10 + 1")],
            reads: [houseMonths], most: 1000),
        Case(
            "store/house_volumes", workers, ["'o1'", houses, "'2026-01-01'"],
            reads: [houseMeters, houseMonths], most: 1200),
        Case(
            "store/put_house_meters", workers,
            [
                each("-i"), "'o1'", houses, each("'gas'::text"), each("'G' || i"), each("5::int2"),
                each("3::int2"), each("1"), noDay, noDay, noDay, each("0::int8"),
            ], reads: [], most: 2500),
        Case(
            "store/put_house_months", workers,
            [
                each("100000000 + i / 10 * 10 + 1"), each("'2024-01-01'::date + (i * 0)::int"),
                each("'2026-02-01'::date"), each("1::int8"), each("false"), each("1::int8"), now,
                "'import'", "'test'", "gen_random_uuid()",
            ], reads: [], most: 2500),
        Case(
            "store/houses_known", workers, ["'o1'", "array['c']", houses],
            reads: [
                "account (organization, company, house, apartment) WHERE ((house IS NOT NULL) AND (company <> ''::text))"
            ], most: 600),
        Case(
            "store/house_windows", workers, [o1, houses, now],
            reads: ["house_window (organization, house, at DESC)"], most: 600),
        Case(
            "store/entry_sessions", workers, [each("md5('s' || i)::uuid")],
            reads: ["session (id) WHERE (id IS NOT NULL)"], most: 600),
        Case(
            "store/set_window", workers,
            ["gen_random_uuid()", "'o1'", "'h1'", now, "10", "25", "'test'", "'test'"], reads: [],
            most: 20),
        Case(
            "store/extend_window", workers,
            [
                "gen_random_uuid()", "'o1'", "null", "'h1'", "'2026-01-20'", "'2026-01-30'", now,
                "'test'", "'test'",
            ], reads: [], most: 20),
        Case(
            "store/window_extensions", workers, ["array['o1', 'o2']", now],
            reads: [
                "window_extension (organization, until)",
                "house_window (organization, house, at DESC)",
            ], most: 30),
        Case(
            "portal/house_meters", portal, ["101"], reads: ["account (id)", houseMeters], most: 16),
        Case(
            "portal/house_months", portal, ["'{100000101}'", "24"], reads: [houseMonths], most: 20),
        Case(
            "portal/windows", portal, ["101", "'Europe/Moscow'"],
            reads: [
                "account (id)", "house_window (organization, house, at DESC)",
                "window_extension (organization, until)",
            ], most: 20),
    ]
}
