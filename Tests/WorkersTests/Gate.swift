import Commands
import Crypto
import Postgres
import Queue
import TestKit
import Workers

/// An office with people before it: what they type is sealed as the door seals it, and what they get by letter or message is
/// opened as the mailroom opens it.
extension Office {
    /// A profile's `identity`; members that are given replace those of the default, which is manual 000's.
    static func identity(_ more: String = "") throws -> String {
        let standard = #"""
            {"mode": "account", "login_word": "Номер лицевого счета", "confirm": ["email", "sms"],
             "email_with_sms": false, "auto_sign_in": "sms", "password": {"least": 8, "most": 20},
             "attach": {"proofs": [["surname"], ["password"]], "button": "Добавить", "most_per_email": 10, "detach": true},
             "delete_user": true, "second_factor": true, "remember": true,
             "terms": {"version": "1", "text": "Условия"},
             "services": [
               {"purpose": "sms_news", "title": "Смс-информирование", "text": "Согласен на смс", "version": "1"},
               {"purpose": "email_bill", "title": "Счет по e-mail", "text": "Прошу по почте", "version": "1"}]}
            """#
        guard !more.isEmpty else { return standard }
        var members = try JSON.parse(Array(standard.utf8)).members ?? []
        for member in try JSON.parse(Array("{\(more)}".utf8)).members ?? [] {
            members.removeAll { $0.key == member.key }
            members.append(member)
        }
        return String(decoding: JSON.object(members).bytes, as: UTF8.self)
    }

    func publish() throws {
        try owner.script(
            """
            insert into access.sealing_key (id, public, published_by)
            values ('\(key.id)', decode('\(Secrets.hexadecimal(key.publicKey))', 'hex'), 'test')
            on conflict do nothing
            """)
    }

    func sealed(_ text: String) throws -> String {
        try SealedBox.seal(text: text, to: key.publicKey)
    }

    /// A session's token as the door makes it, and its hash.
    static func token() -> (token: String, hash: String) {
        let token = Secrets.token(prefix: "ks_")
        return (token, Secrets.hexadecimal(Secrets.tokenHash(token)))
    }

    static func hash(_ token: String) -> String {
        Secrets.hexadecimal(Secrets.tokenHash(token))
    }

    /// What is on its way to somebody, newest last: notice, contact, and its secret in clear.
    func notices() throws -> [(notice: String, to: String, secret: String?)] {
        try owner.script(
            """
            select payload->>'notice', payload->>'to', coalesce(payload->>'secret', '') from queue.command
            where organization = '\(code)' and kind in ('letter.send', 'message.send') order by received_at, xid, seq
            """
        ).map { row in
            let secret = row.text(2)
            return (
                row.text(0), row.text(1),
                secret.isEmpty ? nil : try SealedBox.open(text: secret, with: [key])
            )
        }
    }

    /// The secret of the newest notice of this sort to this contact.
    func secret(_ notice: String, to: String? = nil) throws -> String {
        let found = try notices().last {
            $0.notice == notice && (to == nil || $0.to == to) && $0.secret != nil
        }
        guard let secret = found?.secret else {
            throw TestKitError("no \(notice) to \(to ?? "anybody")")
        }
        return secret
    }

    // MARK: What people do

    /// What the browser holds with which people of these tests begin and confirm, hashed, and what another one does.
    static let browser = hash("kr_one")
    static let otherBrowser = hash("kr_other")

    /// Decides one command and tells `done` or the code of its refusal.
    func tried(
        _ kind: Command.Kind, _ body: String, actor: String = "visitor", at: String? = nil
    ) throws -> String {
        let id = try ask(kind, body, channel: .resident, actor: actor, at: at)
        try decide()
        return try outcome(id)
    }

    @discardableResult
    func register(
        _ account: String = "120", _ surname: String = "Иванов", password: String = "тайна-2026",
        email: String? = "ivanov@example.ru", phone: String? = nil, way: String = "email",
        browser: String = Office.browser
    ) throws -> Identifier {
        var members = [
            #""account":"\#(account)","surname":"\#(surname)","password":"\#(try sealed(password))""#,
            #""way":"\#(way)","terms":"1","browser":"\#(browser)""#,
        ]
        if let email { members.append(#""email":"\#(email)""#) }
        if let phone { members.append(#""phone":"\#(phone)""#) }
        let id = try ask(
            .startRegistration, "{\(members.joined(separator: ","))}", channel: .resident,
            actor: "visitor")
        return id
    }

    /// Opens the link of the newest letter of this sort.
    func openLink(
        _ notice: String, to: String? = nil, actor: String = "visitor", at: String? = nil
    ) throws -> String {
        try press(secret(notice, to: to), browser: Office.browser, actor: actor, at: at)
    }

    /// Presses the button behind a link, in some browser, with a password or without one.
    func press(
        _ link: String, browser: String? = nil, password: String? = nil, actor: String = "visitor",
        at: String? = nil
    ) throws -> String {
        try tried(
            .openLink, pressing(link, browser: browser, password: password), actor: actor, at: at)
    }

    func pressing(
        _ link: String, browser: String? = Office.browser, password: String? = nil
    ) throws -> String {
        var members = [
            #""link":"\#(Office.hash(link))","session":"\#(Office.token().hash)""#
        ]
        if let browser { members.append(#""browsers":["\#(browser)"]"#) }
        if let password { members.append(#""password":"\#(try sealed(password))""#) }
        return "{\(members.joined(separator: ","))}"
    }

    /// An owner's invitation to an account; its share's id.
    func invite(
        _ email: String, to account: String = "120", for rights: String = #""view""#,
        by owner: String
    ) throws -> Identifier {
        let id = try ask(
            .shareAccount,
            #"{"account":"\#(account)","email":"\#(email)","rights":[\#(rights)]}"#,
            channel: .resident, actor: owner)
        try decide()
        return id
    }

    func registering(
        _ link: String, password: String = "пароль-гостя", terms: String = "1",
        session: String? = nil
    ) throws -> String {
        #"{"link":"\#(Office.hash(link))","session":"\#(session ?? Office.token().hash)","password":"\#(try sealed(password))","language":"ru","terms":"\#(terms)"}"#
    }

    /// Makes a login of the address that the newest invitation went to.
    func registerInvited(
        _ email: String, password: String = "пароль-гостя", at: String? = nil
    ) throws -> String {
        try tried(
            .registerInvited,
            registering(secret("share.invited", to: email), password: password), at: at)
    }

    /// A person with an account, registered by letter; the actor of its commands.
    func person(
        _ account: String = "120", _ surname: String = "Иванов", password: String = "тайна-2026",
        email: String = "ivanov@example.ru"
    ) throws -> String {
        try register(account, surname, password: password, email: email)
        try decide()
        let outcome = try openLink("registration.confirm", to: email)
        guard outcome == "done" else { throw TestKitError("not registered: \(outcome)") }
        return
            "person:\(try text("select id::text from access.principal where organization = $o and login = '\(account)'"))"
    }

    func signIn(
        _ login: String, _ password: String, hash: String? = nil, remember: Bool = false,
        at: String? = nil
    ) throws -> String {
        try tried(
            .openSession,
            #"{"login":"\#(login)","password":"\#(sealed(password))","remember":\#(remember),"session":"\#(hash ?? Office.token().hash)"}"#,
            at: at)
    }

    /// Whether a token opens the door, by the door's own question.
    func opens(_ token: String) throws -> Bool {
        try !door.run("access/session", .bytes(Secrets.tokenHash(token))).map({ $0.text(0) })
            .isEmpty
    }
}
