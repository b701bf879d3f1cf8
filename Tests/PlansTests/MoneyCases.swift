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
            "portal/tariffs", portal, ["'o1'", "'c'", "'h101'", "'{cold_water,maintenance}'"],
            reads: ["tariff (organization, house)"], most: 30),
    ]

    /// Kinds, tariffs of houses, and a month of everybody's ledger.
    static let fillMoney = """
        create function plans.fill_money(a bigint, z bigint) returns void language plpgsql as $$
        begin
          if a = 1 then
            insert into facts.supplier (organization, code, valid_from, name)
            select 'o' || o, 's' || i, date '2020-01-01' + n, 'Поставщик'
            from generate_series(1, 5) o, generate_series(1, 5) i, generate_series(1, 3) n;
            insert into facts.charge_kind (organization, code, valid_from, title, position, basis, unit, supplier, penalty,
              multiplied, separate)
            select 'o' || o, 'k' || i, date '2020-01-01' + n, 'Услуга', i, 'fixed', 'month', 's1', 'housing', false, false
            from generate_series(1, 5) o, generate_series(1, 12) i, generate_series(1, 3) n;
            insert into facts.contract (organization, kind, valid_from)
            select 'o' || o, 'k' || i, '2020-01-01' from generate_series(1, 5) o, generate_series(1, 12) i;
            insert into facts.tariff (organization, kind, valid_from, price)
            select 'o' || o, 'k' || i, date '2020-01-01' + n, 1
            from generate_series(1, 5) o, generate_series(1, 12) i, generate_series(1, 3) n;
          end if;
          insert into facts.contract (organization, kind, house, valid_from)
          select 'o1', 'k1', 'h' || i, '2020-01-01' from generate_series(a, z, 10) i;
          insert into facts.contract (organization, kind, account, valid_from)
          select 'o1', 'k2', i || 'А', '2020-01-01' from generate_series(a, z, 20) i;
          insert into facts.tariff (organization, kind, house, valid_from, price)
          select 'o1', 'maintenance', 'h' || i, date '2020-01-01' + n, 1 from generate_series(a, z, 10) i, generate_series(1, 2) n;
          insert into facts.entry (account, id, month, sort, kind, penalty, tranche, effective_on, amount, payment)
          select i, 24312 * 1000000::int8 + n, '2026-01-01', case n when 4 then 'payment' else 'charge' end, 'k' || n, false,
                 '2026-01-01', '2026-01-31', case n when 4 then -1 else 1 end, case n when 4 then md5('payment' || i)::uuid end
          from generate_series(a, z) i, generate_series(1, 4) n;
          insert into facts.bill (account, month, organization, closed_at, upto, due_on, paid_until, opening, charged,
            recalculated, penalty, paid, closing, card)
          select i, '2026-01-01', 'o1', now(), 24312 * 1000000::int8 + 4, '2026-02-16', '2026-01-31', 0, 3, 0, 0, 1, 2, '{}'
          from generate_series(a, z) i;
          insert into facts.payment (id, organization, provider, number, account, typed, amount, paid_on, received_at, month, purpose)
          select md5('payment' || i)::uuid, 'o1', 'p', i::text, i, i::text, 1, '2026-01-20', now(), '2026-01-01', '{}'
          from generate_series(a, z) i;
        end $$;
        """
}
