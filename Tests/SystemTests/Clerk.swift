import Commands
import Crypto
import Foundation
import Postgres
import TestKit

/// An operator at a browser: keeps the cookie of the console, and posts its forms as pages do.
final class Clerk {
    let system: System
    let organization: String
    private(set) var cookie: String?

    init(_ system: System, organization: String = "srkc") {
        self.system = system
        self.organization = organization
    }

    private var headers: [(String, String)] {
        [("Accept", "text/html"), ("Accept-Language", "en")]
            + (cookie.map { [("Cookie", "kabinet_operator=\($0)")] } ?? [])
    }

    func get(_ path: String) throws -> Answer {
        let wire = try Wire(port: system.port, patience: 20)
        try wire.send(request("GET", "/\(organization)/operator/\(path)", headers))
        return try wire.answer()
    }

    @discardableResult
    func post(
        _ path: String, _ fields: [(String, String)], site: String = "same-origin"
    ) throws -> Answer {
        let body = fields.map { "\($0)=\(Self.encoded($1))" }.joined(separator: "&")
        let wire = try Wire(port: system.port, patience: 20)
        try wire.send(
            request(
                "POST", "/\(organization)/operator/\(path)",
                headers + [
                    ("Content-Type", "application/x-www-form-urlencoded"),
                    ("Sec-Fetch-Site", site),
                ], body: Array(body.utf8)))
        let answer = try wire.answer()
        if let set = answer.header("Set-Cookie"), set.hasPrefix("kabinet_operator=") {
            cookie = String(set.dropFirst("kabinet_operator=".count).prefix { $0 != ";" })
        }
        return answer
    }

    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: String(Unicode.Scalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    /// Signs in and says where that led to.
    func signIn(_ login: String, _ password: String) throws -> String {
        let answer = try post("sign-in", [("login", login), ("password", password)])
        return answer.header("Location") ?? "\(answer.status)"
    }

    /// Signs in for the first time: the password that was given is changed.
    func begin(_ login: String, _ given: String, _ own: String = "correct horse battery") throws {
        guard try signIn(login, given) == "/\(organization)/operator/password" else {
            throw TestKitError("\(login) was not asked for a password of their own")
        }
        let answer = try post(
            "password", [("old", given), ("password", own), ("password_again", own)])
        guard answer.status == 303 else { throw TestKitError("\(answer.status) \(answer.text)") }
    }

    func find(_ text: String, why: String = "a call") throws -> Answer {
        try post("find", [("q", text), ("why", why)])
    }
}

extension System {
    /// The five demo organizations, and a published key whose secret half is the workers'.
    func identity() throws {
        for code in ["srkc", "abonent", "uigkh", "potrebitel", "irkutsk"] { try demo(code) }
        try seal()
    }

    /// Accounts of srkc in two houses: 10001 and 10002 in `a`, 20001 in `b`, 30001 in none; holders by surname. Anna has
    /// 10001, Boris 20001, Vera 10002 and 20001.
    func people() throws {
        try connection().script(
            """
            insert into facts.account (id, organization, number, stripped, company, surname, name, patronymic, house,
                                       apartment, address, phone, email)
            values (101, 'srkc', '10001', '10001', 'srkc', 'Соловьёва', 'Анна', 'Петровна', 'a', '1', 'ул. Лесная, 1', '+79161110001', 'anna@base.ru'),
                   (102, 'srkc', '10002', '10002', 'srkc', 'Соловьев', 'Иван', null, 'a', '2', 'ул. Лесная, 1', null, null),
                   (201, 'srkc', '20001', '20001', 'srkc', 'Зимин', 'Борис', null, 'b', '7', 'ул. Дальняя, 5', null, null),
                   (301, 'srkc', '30001', '30001', 'srkc', 'Соловьёв', 'Без дома', null, null, null, null, null, null);
            insert into access.principal (organization, login, name, kind, account, email, email_key, email_confirmed_at, phone)
            values ('srkc', '10001', 'Анна Петровна', 'account', 101, 'anna@old.ru', 'anna@old.ru', now(), '+79161234567'),
                   ('srkc', '20001', 'Борис', 'account', 201, 'boris@old.ru', 'boris@old.ru', now(), null),
                   ('srkc', '10002', 'Вера', 'account', 102, 'vera@old.ru', 'vera@old.ru', now(), null);
            insert into access.attachment (principal, account, number)
            select p.id, a.id, a.number from access.principal p join facts.account a on a.id = p.account
            where p.organization = 'srkc' and p.kind = 'account';
            insert into access.attachment (principal, account, number, owner)
            select p.id, 201, '20001', false from access.principal p where p.login = '10002' and p.organization = 'srkc';
            insert into identity.share (id, organization, account, owner, email, rights, principal, invited_at, expires_at)
            select gen_random_uuid(), 'srkc', 201, o.id, 'vera@old.ru', '{view}', v.id, now(), now() + interval '7 days'
            from access.principal o, access.principal v where o.login = '20001' and v.login = '10002';
            insert into identity.credential (principal, hash, changed_at)
            select id, 'none', now() from access.principal where kind = 'account'
            """)
    }

    func person(_ login: String) throws -> Int64 {
        try count(
            "select id from access.principal where organization = 'srkc' and login = '\(login)'")
    }

    /// Makes an operator and returns the password that was given.
    func clerk(_ login: String, _ more: String...) throws -> String {
        let child = try launch(
            ["operator", "create", login, "--name", "Олег Тестов", "--organization", "srkc"] + more
                + ["--json"])
        guard try child.wait() == 0,
            let password = try JSON.parse(Array(child.words.utf8))["password"]?.string
        else { throw TestKitError(child.words) }
        return password
    }

    /// `action about` of each entry of the audit by an actor, the oldest first.
    func audit(_ actor: String, action: String? = nil) throws -> [String] {
        try connection().script(
            """
            select concat_ws(' | ', action, array_to_string(about, ','), why, details->>'refused')
            from operations.audit where actor = '\(actor)' \(action.map { "and action = '\($0)'" } ?? "") order by id
            """
        ).map { $0.text(0) }
    }
}
