import Postgres

/// What a batch of identity asks and writes: of 200,000 persons as quickly as of ten.
extension Case {
    static let identityExempt: [Statement: String] = [
        "store/identity_lock": "it reads no table",
        "store/identity_ids": "it reads no table",
        "store/identity_changed": "it reads no table",
        "store/identity_clock": "it reads the handful of keys that were published",
        "store/identity_keep":
            "upkeep every ten minutes: it looks for a thousand rows of each that are over",
    ]

    private static let workers = "kabinet_workers"
    private static let some = "array(select plans.some())"
    private static func each(_ expression: String) -> String {
        "array(select \(expression) from plans.some() i)"
    }
    private static let o1 = each("'o1'::text")
    private static let none = "array[]::text[]"
    private static let noIDs = "array[]::uuid[]"
    private static let noInts = "array[]::int8[]"
    private static let now = each("now()")
    private static let fresh = each("gen_random_uuid()")
    private static func rows(_ members: String) -> String {
        "(select jsonb_agg(jsonb_build_object(\(members))) from plans.some() i)"
    }
    private static let principal = "principal (id)"
    private static let holdings = "attachment (principal, account)"

    static let identity: [Case] = [
        Case(
            "store/identity_links", workers, [each("decode(md5('l' || i), 'hex')")],
            reads: ["link (hash)"], most: 500),
        Case(
            "store/identity_registrations", workers,
            [each("md5('registration' || i)::uuid"), o1, each("i::text")],
            reads: [
                "registration (id)",
                "registration (organization, login) WHERE (ended_at IS NULL)",
            ], or: ["registration (id)", "registration (login)"], most: 1_000),
        Case(
            "store/identity_sessions", workers,
            [each("decode(md5('s' || i), 'hex')"), each("md5('s' || i)::uuid")],
            reads: ["session (hash)", "session (id) WHERE (id IS NOT NULL)"], most: 1_000),
        Case(
            "store/identity_shares", workers, [noIDs, some],
            reads: [
                "share (id)", "share (owner, account)", "account (id)",
            ], most: 1_500),
        Case(
            "store/identity_holders", workers, [o1, each("i::text"), some],
            reads: ["account (organization, stripped)", "account (id)", "proof (account)"],
            most: 2_000),
        Case(
            "store/identity_persons", workers,
            [some, o1, each("'p' || i"), o1, each("i || '@example.org'"), some],
            reads: [
                principal, "principal (organization, login)",
                "principal (organization, email_key) WHERE (kind = ANY (ARRAY['email'::text, 'login'::text]))",
                "attachment (account)", "credential (principal)", "totp (principal)",
            ], most: 4_000),
        Case(
            "store/identity_holdings", workers, [some], reads: [holdings], most: 600),
        Case(
            "store/identity_codes", workers,
            [o1, each("'registration'"), each("md5('registration' || i)::uuid::text")],
            reads: ["code (subject, purpose, organization) WHERE (ended_at IS NULL)"],
            or: ["code (subject)"], most: 600),
        Case(
            "store/identity_sent", workers, [o1, each("'+7900' || i")],
            reads: ["code (phone, sent_at)"], most: 600),
        Case(
            "store/identity_failures", workers, [o1, each("'login p' || i")],
            reads: ["failure (what, organization)"], most: 600),
        Case(
            "store/identity_addresses", workers, [o1, each("i || '@example.org'")],
            reads: [
                "principal (organization, email_key) WHERE (email_key IS NOT NULL)", holdings,
            ], most: 1_000),
        Case(
            "store/identity_consents", workers, [some, some],
            reads: ["consent (account, principal, purpose, n DESC) WHERE (account IS NOT NULL)"],
            or: ["consent (principal, purpose, n DESC)"], most: 2_500),
        Case(
            "store/identity_networks", workers, [some], reads: ["session (principal)"], most: 1_000),
        Case(
            "store/identity_times", workers, [o1, now],
            reads: ["profile (organization, valid_from)"], most: 800),
        Case(
            "store/identity_release", workers, [some, o1, each("'p' || i")],
            reads: [principal, "registration (login)"], most: 10_000),
        Case(
            "store/identity_put_persons", workers,
            [
                rows(
                    "'id', i, 'organization', 'o1', 'kind', 'login', 'login', 'new' || i, 'name', 'n', 'language', 'ru'"
                )
            ], reads: [], most: 4_000),
        Case(
            "store/identity_put_credentials", workers,
            [rows("'principal', i, 'hash', 'h', 'changed_at', 0")], reads: [], most: 3_000),
        Case(
            "store/identity_put_authenticators", workers,
            [
                rows(
                    "'principal', i, 'secret', 's', 'last_step', 1, 'enabled_at', 0, 'recovery', '[]'::jsonb"
                )
            ], reads: ["totp (principal)"], most: 5_000),
        Case(
            "store/identity_put_registrations", workers,
            [
                rows(
                    """
                    'id', gen_random_uuid(), 'organization', 'o1', 'kind', 'login', 'login', 'new' || i, 'hash', 'h',
                    'way', 'email', 'language', 'ru', 'terms_version', '1', 'terms_text', 't', 'channel', 'resident',
                    'began_at', 0, 'expires_at', 0
                    """)
            ], reads: [], most: 2_000),
        Case(
            "store/identity_end_registrations", workers,
            [each("md5('registration' || i)::uuid"), now, each("'replaced'")],
            reads: ["registration (id)"], most: 3_000),
        Case(
            "store/identity_end_codes", workers, [fresh], reads: ["code (id)"], most: 600),
        Case(
            "store/identity_put_codes", workers,
            [
                rows(
                    """
                    'id', gen_random_uuid(), 'organization', 'o1', 'purpose', 'phone', 'subject', i::text, 'phone', '+7',
                    'hash', 'ff', 'sent_at', 0, 'expires_at', 0, 'attempts', 0
                    """)
            ], reads: [], most: 2_500),
        Case(
            "store/identity_end_links", workers,
            [
                o1, each("'registration'"), each("md5('registration' || i)::uuid::text"),
                each("null::text"), now,
            ],
            reads: ["link (subject, purpose)"], most: 3_000),
        Case(
            "store/identity_put_links", workers,
            [
                rows(
                    """
                    'hash', md5('new' || i), 'organization', 'o1', 'purpose', 'reset', 'subject', i::text, 'made_at', 0,
                    'expires_at', 0
                    """)
            ], reads: [], most: 2_000),
        Case(
            "store/identity_end_sessions", workers, [some, each("null::text"), now, each("'w'")],
            reads: ["session (principal)"], most: 3_000),
        Case(
            "store/identity_put_sessions", workers,
            [
                rows(
                    """
                    'hash', md5('new' || i), 'id', gen_random_uuid(), 'organization', 'o1', 'principal', i,
                    'created_at', 0, 'longest_at', 0, 'idle', 1, 'seen_at', 0, 'expires_at', 0, 'remembered', false,
                    'half', false
                    """)
            ], reads: [], most: 3_000),
        Case(
            "store/identity_end_shares", workers, [some, each("null::int8"), now],
            reads: ["share (owner, account)", holdings],
            or: ["share (owner, account)", "attachment (account)"], most: 6_000),
        Case(
            "store/identity_put_shares", workers,
            [
                rows(
                    """
                    'id', gen_random_uuid(), 'organization', 'o1', 'account', i, 'owner', i, 'email', 'e',
                    'rights', '["view"]'::jsonb, 'invited_at', 0, 'expires_at', 0
                    """)
            ], reads: [], most: 2_500),
        Case(
            "store/identity_detach", workers, [some, some], reads: [holdings],
            or: ["attachment (account)"],
            most: 5_000),
        Case(
            "store/identity_attach", workers,
            [
                rows(
                    """
                    'principal', i, 'account', 1000000 + i, 'number', i::text, 'rights', '["view"]'::jsonb, 'owner', true,
                    'attached_at', 0
                    """)
            ], reads: [], most: 2_500),
        Case(
            "store/identity_put_failures", workers,
            [
                rows(
                    "'organization', 'o1', 'what', 'login p' || i, 'count', 1, 'since', 0, 'rests', 0"
                )
            ], reads: ["failure (what, organization)"], most: 3_000),
        Case(
            "store/identity_add_consents", workers,
            [
                rows(
                    """
                    'command', gen_random_uuid(), 'organization', 'o1', 'account', i, 'principal', i, 'purpose', 'sms_news',
                    'given', true, 'version', '1', 'text', 't', 'channel', 'resident', 'at', 0
                    """)
            ], reads: [], most: 2_000),
        Case(
            "store/identity_add_contacts", workers,
            [
                rows(
                    """
                    'command', gen_random_uuid(), 'organization', 'o1', 'account', i, 'principal', i, 'kind', 'email',
                    'value', 'v', 'confirmed_at', 0, 'channel', 'resident', 'at', 0
                    """)
            ], reads: [], most: 2_000),
        Case(
            "store/identity_delete", workers,
            [some, o1, some, each("'a@example.ru'")],
            reads: [
                principal, "link (subject, purpose)",
                "code (subject)", "contact (account, principal, kind, n DESC)",
                "contact (principal) WHERE (principal IS NOT NULL)",
            ], most: 20_000),
        // What a page asks of a letter's link, and of one's own invitations.
        Case(
            "portal/link_counts", "kabinet_portal",
            ["decode(md5('l101'), 'hex')", "'o1'", "'reset'"], reads: [], most: 12),
        Case(
            "portal/way_out", "kabinet_portal", ["decode(md5('way out'), 'hex')"], reads: [],
            most: 40),
        Case(
            "portal/invitations", "kabinet_portal", ["101", "'Europe/Moscow'", "5000"],
            reads: ["share (owner, account)", "account (id)"], most: 12),
    ]
}
