import Access
import Commands
import Crypto
import Foundation
import HTTP
import Postgres
import Settings
import Store
import Telemetry
import TestKit
import Words

@testable import Portal

/// The five demo organizations on a real database, with people in them, and a portal that reads it as its role.
final class Town: Sendable {
    let database: TestDatabase
    let portal: Portal
    private let profiles: [String: Profile]

    static let codes = ["srkc", "abonent", "uigkh", "potrebitel", "irkutsk"]
    static let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    /// 22 November 2026, 15:00 in Moscow.
    static let now = "2026-11-22 12:00:00+00"

    init() throws {
        try Secrets.start()
        database = try TestDatabase("portal")
        var profiles: [String: Profile] = [:]
        let owner = try database.connection()
        try owner.script("insert into clock.test (now) values ('\(Town.now)')")
        for (index, code) in Town.codes.enumerated() {
            let path = "\(TestDatabase.home)/ops/demo/organizations/\(code).yaml"
            let json = Town.json(try YAML.parse(String(contentsOfFile: path, encoding: .utf8)))
            profiles[code] = try Profile(json)
            let company = profiles[code]?.companies.first?.code ?? ""
            let kind = profiles[code]?.identity?.mode.rawValue ?? ""
            let (person, account) = (10 * index + 1, 100 * index + 1)
            try owner.script(
                """
                insert into facts.account (id, organization, number, stripped, company, surname, name, patronymic, house,
                  apartment, address, area, rooms, residents, phone)
                select \(account) + n, '\(code)', (6262000 + n)::text, (6262000 + n)::text, '\(company)', 'Иванов', 'Иван',
                       'Иванович', 'lesnaya-4', (10 + n)::text, 'г. Тула, ул. Лесная, д. 4, кв. ' || 10 + n, 54300000, 2, 3,
                       case n when 0 then '+79161234567' end
                from generate_series(0, 2) n;
                insert into facts.house (organization, code) values ('\(code)', 'lesnaya-4');
                insert into access.principal (id, organization, login, name, created_at, kind, email, email_key,
                  email_confirmed_at) overriding system value
                values (\(person), '\(code)', 'person-\(code)', 'Иван Иванович', '\(Town.now)', '\(kind)',
                        'ivanov@example.ru', 'ivanov@example.ru', '\(Town.now)'),
                       (\(person + 1), '\(code)', 'nobody-\(code)', '', '\(Town.now)', '\(kind)', 'new@example.ru',
                        'new@example.ru', '\(Town.now)');
                insert into identity.credential values (\(person), 'argon2id-of-nothing', '2026-11-01 09:00+00');
                insert into access.attachment (principal, account, number, name, owner, rights)
                values (\(person), \(account), '6262000', null, true, '{view,readings,pay}'),
                       (\(person), \(account + 1), '6262001', 'Дача', false, '{view,readings}');
                """)
            for (number, principal) in [person, person + 1].enumerated() {
                try Town.open(owner, "ks_\(code)_\(number)", code, principal)
            }
        }
        self.profiles = profiles
        portal = Portal(
            queries: PortalQueries(
                address: try database.address(role: "kabinet_portal"), library: database.library,
                keep: 2),
            telemetry: Telemetry(write: { _ in }),
            settings: PortalSettings(publicURL: "http://localhost", showsOutbox: true),
            secrets: PortalSecrets(
                key: { "new-key-of-this-very-form" }, authenticator: { _ in Town.secret },
                hash: { Secrets.tokenHash($0) }))
    }

    /// A letter's link that counts, or the same one as it is now.
    func link(
        _ token: String, _ code: String, _ purpose: String = "registration",
        subject: String = "0196f0c2-5c3a-7c1e-8f00-0000000000ff", expires: String = "2026-11-23",
        isUsed: Bool = false
    ) throws {
        try database.connection().script(
            """
            insert into identity.link (hash, organization, purpose, subject, made_at, expires_at, used_at)
            values ('\\x\(Secrets.tokenHashText(token))', '\(code)', '\(purpose)', '\(subject)', '\(Town.now)', '\(expires)',
                    \(isUsed ? "'\(Town.now)'" : "null"))
            on conflict (hash) do update set expires_at = excluded.expires_at, used_at = excluded.used_at
            """)
    }

    private static func open(
        _ owner: Connection, _ token: String, _ code: String, _ principal: Int
    ) throws {
        let hash = Secrets.tokenHash(token).map {
            String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
        }
        try owner.script(
            """
            insert into access.session (hash, id, organization, principal, created_at, seen_at, expires_at, longest_at, idle,
              agent, address)
            values ('\\x\(hash.joined())', gen_random_uuid(), '\(code)', \(principal), '\(Town.now)', '\(Town.now)',
                    '2026-12-22', '2026-12-22', 1800000000, 'Mozilla/5.0 (Windows NT 10.0) Firefox/130.0', '192.0.2.*')
            """)
    }

    static func json(_ node: YAML.Node) -> JSON {
        switch node.value {
        case .sequence(let items): return .array(items.map(json))
        case .mapping(let entries):
            return .object(entries.map { JSON.Member($0.key, json($0.value)) })
        case .scalar(let text, let isQuoted):
            if isQuoted { return .string(text) }
            if text == "true" || text == "false" { return .bool(text == "true") }
            if let number = Int64(text), String(number) == text { return .int(number) }
            return .string(text)
        }
    }

    func profile(_ code: String) throws -> Profile {
        guard let profile = profiles[code] else { throw TestKitError("no \(code)") }
        return profile
    }

    /// The session of who has accounts (0), or of who has none (1).
    func session(_ code: String, _ number: Int = 0) throws -> Session {
        let access = Access(monotonic: { 0 })
        let connection = try Connection(
            database.address(role: "kabinet_ingress"), library: database.library,
            preparing: Access.statements)
        guard let session = try access.loadSession("ks_\(code)_\(number)", on: connection) else {
            throw TestKitError("no session")
        }
        return session
    }

    func visit(
        _ code: String, _ number: Int? = nil, _ query: [String: String] = [:],
        _ language: Language = .ru
    ) throws -> Visit {
        Visit(
            profile: try profile(code), session: try number.map { try session(code, $0) },
            language: language, query: query,
            riddle: { Riddle(token: "stamp", text: "Сколько будет двенадцать плюс семь?") })
    }

    func principal(_ code: String) -> Int { 10 * (Town.codes.firstIndex(of: code) ?? 0) + 1 }
    func account(_ code: String) -> Int { 100 * (Town.codes.firstIndex(of: code) ?? 0) + 1 }

    static func refused(
        _ code: Refusal.Code, _ values: [String: String] = [:], fields: [String: String] = [:],
        kind: String = "x.y"
    ) -> FormOutcome {
        FormOutcome(
            fields: fields,
            ending: .outcome(
                Outcome(
                    command: Sample.newest, kind: kind, state: .refused,
                    refusal: Refusal(code, values))))
    }
}

/// The tag of the input of that name.
func field(_ page: String, _ name: String) -> Substring? {
    page.matches(of: /<(?:input|select)[^>]*>/).map(\.output).first {
        $0.contains("name=\"\(name)\"")
    }
}
