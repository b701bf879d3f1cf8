import Postgres

/// What operators ask for: of 200,000 accounts as quickly as of ten.
extension Case {
    static let operatorExempt: [Statement: String] = {
        let few = "operators, their roles and their wrong passwords are a handful"
        return [
            "access/operator_session": few, "store/operator_facts": few,
            "store/operator_sessions": few, "store/operator_failures": few,
            "store/operator_networks": few,
            "store/operator_reaches": few, "store/put_operator_passwords": few,
            "store/put_operator_factors": few, "store/put_operator_failures": few,
            "store/put_operator_sessions": few, "store/end_operator_others": few,
        ]
    }()

    private static let portal = "kabinet_portal"
    private static let some = "array(select plans.some())"
    private static let surname =
        "account ((((((organization || ' '::text) || views.surname_key(surname)) || ' '::text) || number)) text_pattern_ops)"
    private static let stripped = "account (organization, stripped)"
    private static let principal = "principal (id)"
    private static let attachments = "attachment (principal, account)"

    static let operators: [Case] = [
        Case(
            "store/account_houses", "kabinet_workers", [some], reads: ["account (id)"], most: 400),
        Case("store/proofs", "kabinet_workers", [some], reads: ["proof (account)"], most: 400),
        Case(
            "store/put_proofs", "kabinet_workers",
            [
                some, "array(select '2026-04-01'::date from plans.some())",
                "array(select 1::int8 from plans.some())",
                "array(select null::date from plans.some())",
                "array(select null::int8 from plans.some())",
                "array(select null::bytea from plans.some())", "now()",
            ], reads: [], most: 900),
        Case(
            "store/add_audit", "kabinet_workers",
            [
                "array(select 'token:' || i from plans.some() i)",
                "array(select 'account.change' from plans.some())",
                "array(select 'o1' from plans.some())",
                "array(select '{}'::jsonb from plans.some())",
                "array(select 'account ' || i from plans.some() i)",
                "array(select null::text from plans.some())",
                "array(select gen_random_uuid() from plans.some())",
            ], reads: ["operator (login)"], or: ["operator"], most: 2_000),
        Case(
            "portal/operator_by_number", portal, ["'o1'", "'101'", "null", "20"],
            reads: [stripped], most: 8),
        Case(
            "portal/operator_by_surname", portal,
            ["'o1'", "'ИВАН'", "'ИВАН' || chr(1114111)", "20"],
            reads: [surname], most: 40),
        Case(
            "portal/operator_by_surname_in", portal,
            ["'o1'", "'ИВАН'", "'ИВАН' || chr(1114111)", "'{h101,h111}'", "20", "'{c}'"],
            reads: [
                "account (organization, company, house, apartment) "
                    + "WHERE ((house IS NOT NULL) AND (company <> ''::text))"
            ], most: 60),
        Case(
            "portal/operator_account", portal, ["'o1'", "'101А'", "'101'", "null"],
            reads: ["account (organization, number)"], or: [stripped], most: 6),
        Case(
            "portal/operator_account_persons", portal, ["101", "'{h101}'"],
            reads: ["attachment (account)", principal, attachments, "account (id)"], most: 20),
        Case(
            "portal/operator_persons", portal,
            ["'o1'", "'{p101}'", "'p101@example.org'", "null", "20"],
            reads: [
                "principal (organization, login)",
                "principal (organization, email_key) WHERE (email_key IS NOT NULL)", attachments,
                "account (id)",
            ], most: 16),
        Case(
            "portal/operator_person", portal, ["'o1'", "101", "null", "'Europe/Moscow'"],
            reads: [
                principal, "totp (principal)", "session (principal)", attachments,
                "account (id)",
            ], most: 30),
        Case(
            "portal/operator_person_accounts", portal, ["101", "null"],
            reads: [attachments, "account (id)"], most: 16),
    ]
}
