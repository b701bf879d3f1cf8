import Commands
import Domain
import Testing

/// Knows passwords and codes as they rest; makes links and codes that are all alike.
private final class Secrets: IdentitySecrets {
    private let link: TokenHash
    private var made: UInt64 = 0

    init(_ link: TokenHash) { self.link = link }

    func isPassword(_ sealed: Sealed, of hash: String?) -> Bool { hash == sealed.text }
    func isCode(
        _ sealed: Sealed, of hash: [UInt8]?, for purpose: String, subject: String
    ) -> Bool {
        hash == Array(sealed.text.utf8)
    }
    func newID() -> CommandID {
        made += 1
        return CommandID(high: 1, low: made)
    }
    func hash(_ password: Sealed) -> String { password.text }
    func isDated(_ hash: String) -> Bool { false }
    func newCode(for purpose: String, subject: String) -> (hash: [UInt8], sealed: String) {
        (Array("482913".utf8), "sealed")
    }
    func newLink() -> (hash: TokenHash, sealed: String) { (link, "sealed") }
    func step(of code: Sealed, secret: String, at seconds: Int64, after last: Int64) -> Int64? {
        code.text == "right" && last < 100 ? 100 : nil
    }
    func recoveryHashes(_ codes: Sealed, of person: Int64) -> [[UInt8]] { [] }
}

/// Anna has account 10, whose number 120 she signs in with; Boris has 11 by his number 130, and owns 10 too.
@Suite struct `Who may come in` {
    private static let second: Int64 = 1_000_000
    private static let minute: Int64 = 60 * second
    private static let hour: Int64 = 60 * minute
    /// When all begins.
    private static let noon: Int64 = 20_000 * 24 * hour

    private let secrets: Secrets
    private let session: TokenHash
    private let wayOut: TokenHash

    init() throws {
        secrets = Secrets(try #require(TokenHash(String(repeating: "a", count: 64))))
        session = try #require(TokenHash(String(repeating: "b", count: 64)))
        wayOut = try #require(TokenHash(String(repeating: "c", count: 64)))
    }

    private func facts() throws -> IdentityFacts {
        let text = """
            {"code":"o","name":"О","title":"О","time_zone":"Europe/Moscow","companies":[{"code":"c","name":"С"}],
            "services":["cold_water"],"identity":{"mode":"account","login_word":"Номер","confirm":["email","sms"],
            "attach":{"proofs":[["surname"]],"detach":true},"delete_user":true,"terms":{"version":"1","text":"У"},
            "services":[{"purpose":"email_bill","title":"Счет","text":"Прошу","version":"1"}]}}
            """
        var facts = IdentityFacts()
        facts.profiles["o"] = try Profile(JSON.parse(Array(text.utf8)))
        let shared = try #require(AccountNumber("120"))
        let own = try #require(AccountNumber("130"))
        facts.persons[1] = Person(
            id: 1, organization: "o", mode: .account, login: "120", name: "Анна", account: 10,
            email: EmailAddress("anna@example.ru"), emailConfirmedAt: 1, passwordHash: "secret",
            accounts: [.init(id: 10, number: shared, attachedAt: 1)])
        facts.persons[2] = Person(
            id: 2, organization: "o", mode: .account, login: "130", name: "Борис", account: 11,
            email: EmailAddress("boris@example.ru"), emailConfirmedAt: 1, passwordHash: "secret",
            accounts: [
                .init(id: 11, number: own, attachedAt: 1),
                .init(id: 10, number: shared, attachedAt: 2),
            ])
        facts.registered = [10: 1, 11: 2]
        facts.holders[.init("o", "120")] = [
            HolderFacts(account: 10, number: "120", surname: "Иванова")
        ]
        facts.holders[.init("o", "130")] = [
            HolderFacts(account: 11, number: "130", surname: "Петров")
        ]
        return facts
    }

    private func decide(
        _ kind: Command.Kind, _ body: String, _ facts: inout IdentityFacts,
        actor: String = "visitor", after: Int64 = 0
    ) throws -> IdentityDecision {
        guard case .identity(let command) = try Command(kind, JSON.parse(Array(body.utf8))) else {
            throw ShapeError("", "shape.object")
        }
        let id = secrets.newID()
        let now = Self.noon + after
        let decision = Identity.decide(
            command,
            IdentityAsked(
                id: id, name: "command \(id.low)", organization: "o", actor: actor,
                channel: "resident", receivedAt: now, now: now, time: "2026-04-18T12:00:00+03:00"),
            facts, secrets)
        for change in decision.changes { facts.apply(change) }
        return decision
    }

    /// `done`, or the code of the refusal.
    private func code(_ decision: IdentityDecision) -> String {
        guard case .refused(let refusal) = decision.outcome else { return "done" }
        return refusal.code.rawValue
    }

    private func letters(_ decision: IdentityDecision) -> [String] {
        decision.changes.compactMap { change in
            guard case .notice(let order) = change else { return nil }
            return "\(order.outgoing.notice.rawValue) \(order.outgoing.to)"
        }
    }

    // MARK: Consents

    /// `2 of 10: email_bill true` each.
    private func consents(_ decision: IdentityDecision) -> [String] {
        decision.changes.compactMap { change in
            guard case .consent(let record) = change else { return nil }
            return
                "\(record.person ?? 0) of \(record.account ?? 0): \(record.purpose) \(record.isGiven)"
        }
    }

    private func save(
        _ on: String, _ person: Int64, _ facts: inout IdentityFacts
    ) throws -> [String] {
        consents(
            try decide(
                .saveServices, #"{"account":"120","on":[\#(on)],"versions":{"email_bill":"1"}}"#,
                &facts, actor: "person:\(person)"))
    }

    @Test func `a consent is of one person, whoever else owns the account`() throws {
        var facts = try facts()
        #expect(try save(#""email_bill""#, 1, &facts) == ["1 of 10: email_bill true"])
        // Nothing of Anna's is shown to Boris, or taken back by him.
        #expect(try save("", 2, &facts) == [])
        #expect(try save(#""email_bill""#, 2, &facts) == ["2 of 10: email_bill true"])
        #expect(try save("", 1, &facts) == ["1 of 10: email_bill false"])
        #expect(facts.consents[.init(person: 2, account: 10)]?.contains(.emailBill) == true)
    }

    @Test func `a consent ends with the account and with the person`() throws {
        var facts = try facts()
        _ = try save(#""email_bill""#, 1, &facts)
        _ = try save(#""email_bill""#, 2, &facts)
        let detached = try decide(
            .detachAccount, #"{"account":"120"}"#, &facts, actor: "person:2")
        #expect(consents(detached) == ["2 of 10: email_bill false"])
        let deleted = try decide(
            .deleteUser, #"{"password":"secret"}"#, &facts, actor: "person:1")
        #expect(consents(deleted) == ["1 of 10: email_bill false", "1 of 0: terms false"])
    }

    @Test func `the way out of a letter is its reader's; one of before is everybody's`() throws {
        func left(by subject: String) throws -> [String] {
            var facts = try facts()
            _ = try save(#""email_bill""#, 1, &facts)
            _ = try save(#""email_bill""#, 2, &facts)
            facts.links[wayOut] = LinkFacts(
                hash: wayOut, organization: "o", purpose: .unsubscribe, subject: subject,
                value: "email_bill", madeAt: 1, expiresAt: nil)
            let body = #"{"link":"\#(wayOut.text)"}"#
            let left = try consents(decide(.unsubscribe, body, &facts))
            // Again does no harm.
            #expect(try consents(decide(.unsubscribe, body, &facts)) == [])
            return left
        }
        #expect(try left(by: "10:2") == ["2 of 10: email_bill false"])
        #expect(
            try left(by: "10") == ["1 of 10: email_bill false", "2 of 10: email_bill false"])
    }

    @Test func `a consent that a letter takes back is kept as taken back by letter`() throws {
        var facts = try facts()
        _ = try save(#""email_bill""#, 1, &facts)
        facts.links[wayOut] = LinkFacts(
            hash: wayOut, organization: "o", purpose: .unsubscribe, subject: "10:1",
            value: "email_bill", madeAt: 1, expiresAt: nil)
        let decision = try decide(.unsubscribe, #"{"link":"\#(wayOut.text)"}"#, &facts)
        let channels = decision.changes.compactMap { change -> String? in
            guard case .consent(let record) = change else { return nil }
            return record.channel
        }
        #expect(channels == ["letter"])
    }

    // MARK: Contacts

    /// `2 at 10: email boris@example.ru` each.
    private func contacts(_ decision: IdentityDecision) -> [String] {
        decision.changes.compactMap { change in
            guard case .contact(let record) = change else { return nil }
            return
                "\(record.person) at \(record.account): \(record.kind.rawValue) \(record.value ?? "gone")"
        }
    }

    @Test func `contacts are a person's at the own accounts, and never of an account shared`()
        throws
    {
        var facts = try facts()
        facts.persons[2]?.accounts[1].isOwned = false
        let phone = CodeFacts(
            id: CommandID(high: 1, low: 9_999), phone: "+79500000012", hash: Array("482913".utf8),
            sentAt: Self.noon, expiresAt: Self.noon + Self.hour)
        facts.codes[.init("o", .phone, "2")] = phone
        let confirmed = try decide(.confirmPhone, #"{"code":"482913"}"#, &facts, actor: "person:2")
        #expect(contacts(confirmed) == ["2 at 11: phone +79500000012"])
        // What was shared is given back, and nothing of its owner's contacts with it.
        let back = try decide(.detachAccount, #"{"account":"120"}"#, &facts, actor: "person:2")
        #expect(code(back) == "done" && contacts(back) == [])
    }

    @Test func `who detaches an account takes the own contacts along, not another owner's`() throws
    {
        var facts = try facts()
        let detached = try decide(
            .detachAccount, #"{"account":"120"}"#, &facts, actor: "person:2")
        #expect(contacts(detached) == ["2 at 10: email gone"])
    }

    @Test func `another number wants the password, and the address and the old number are told`()
        throws
    {
        var facts = try facts()
        facts.persons[1]?.phone = PhoneNumber("+79500000001")
        func change(_ password: String) throws -> String {
            code(
                try decide(
                    .changePhone, #"{"phone":"+79500000012"\#(password)}"#, &facts,
                    actor: "person:1"))
        }
        #expect(try change("") == "ID_PASSWORD")
        #expect(try change(#","password":"wrong""#) == "ID_PASSWORD")
        #expect(facts.codes.isEmpty)
        #expect(try change(#","password":"secret""#) == "done")
        let confirmed = try decide(.confirmPhone, #"{"code":"482913"}"#, &facts, actor: "person:1")
        #expect(
            letters(confirmed) == [
                "phone.changed anna@example.ru", "phone.changed +79500000001",
            ])
        #expect(facts.persons[1]?.phone?.text == "+79500000012")
    }

    @Test func `another code goes to the number that was given before, and is counted there`()
        throws
    {
        var facts = try facts()
        facts.holders[.init("o", "140")] = [
            HolderFacts(account: 14, number: "140", surname: "Сидоров")
        ]
        let began = try decide(
            .startRegistration,
            #"{"account":"140","surname":"Сидоров","email":"s@example.ru","password":"secret","way":"sms","language":"ru","terms":"1"}"#,
            &facts)
        #expect(code(began) == "done")
        let id = try #require(facts.registrations.keys.first)
        func send(_ phone: String, after: Int64) throws -> (code: String, to: [String]) {
            let sent = try decide(
                .sendRegistrationCode, #"{"registration":"\#(id)"\#(phone)}"#, &facts, after: after)
            return (code(sent), letters(sent))
        }
        // There is none yet.
        #expect(try send("", after: 0).code == "ID_FIELD")
        let typed = #","phone":"+79500000012""#
        #expect(try send(typed, after: 0).to == ["registration.code +79500000012"])
        #expect(try send("", after: 59 * Self.second).code == "ID_CODE_SOON")
        for number in 1...4 {
            let again = try send("", after: Int64(number) * 61 * Self.second)
            #expect(again.to == ["registration.code +79500000012"], "\(number)")
        }
        #expect(try send("", after: 10 * Self.minute).code == "ID_CODE_MANY")
    }

    // MARK: Taken already

    @Test func `a login or an address of before the organization changed its mode is taken`() throws
    {
        var facts = try facts()
        // Of when people here signed in by names.
        facts.persons[3] = Person(
            id: 3, organization: "o", mode: .login, login: "vera", name: "Вера",
            email: EmailAddress("vera@example.ru"), emailConfirmedAt: 1, passwordHash: "secret")
        #expect(facts.person(login: "vera@example.ru", "o", .account) == nil)
        for taken in ["vera", "vera@example.ru", "120"] {
            #expect(facts.occupied(taken, "o") != nil, "\(taken)")
        }
        // Several accounts may have one address; another organization's people are none of ours.
        #expect(facts.occupied("anna@example.ru", "o") == nil)
        #expect(facts.occupied("vera", "p") == nil)
        #expect(facts.occupied("vera@example.ru", "o", but: 3) == nil)
        facts.ids = [4]
        facts.shares["s"] = ShareFacts(
            id: "s", organization: "o", account: 10,
            number: try #require(AccountNumber("120")), owner: 1,
            email: try #require(EmailAddress("vera@example.ru")), rights: [.view], invitedAt: 1,
            expiresAt: Self.noon + Self.hour)
        facts.links[wayOut] = LinkFacts(
            hash: wayOut, organization: "o", purpose: .share, subject: "s", madeAt: 1,
            expiresAt: Self.noon + Self.hour)
        let invited = try decide(
            .registerInvited,
            #"{"link":"\#(wayOut.text)","session":"\#(session.text)","password":"AQ==","language":"ru","terms":"1"}"#,
            &facts)
        #expect(code(invited) == "ID_TAKEN")
        // Nor does a guest's new address become somebody's of before.
        facts.persons[4] = Person(
            id: 4, organization: "o", mode: .email, login: "guest@example.ru", name: "Гость",
            email: EmailAddress("guest@example.ru"), emailConfirmedAt: 1, passwordHash: "secret")
        let changed = try decide(
            .changeEmail, #"{"email":"vera@example.ru","password":"secret"}"#, &facts,
            actor: "person:4")
        // What is answered is no different: only its owner is told.
        #expect(code(changed) == "done")
        #expect(letters(changed) == ["registration.exists vera@example.ru"])
        let restored = try decide(
            .restoreAccess,
            #"{"login":"guest@example.ru","email":"vera@example.ru","check":"documents","why":"x"}"#,
            &facts, actor: "operator:oleg")
        #expect(code(restored) == "ID_TAKEN")
    }

    // MARK: Taken away

    private func taken(
        _ account: String, from login: String, _ facts: inout IdentityFacts,
        person: Int64? = nil, actor: String = "operator:oleg"
    ) throws -> IdentityDecision {
        let person = person.map { #""person":"\#($0)","# } ?? ""
        return try decide(
            .detachPerson,
            #"{"account":"\#(account)","login":"\#(login)",\#(person)"check":"documents","why":"продана"}"#,
            &facts, actor: actor)
    }

    @Test func `an operator takes an account from one person, who is told`() throws {
        var facts = try facts()
        _ = try save(#""email_bill""#, 1, &facts)
        _ = try save(#""email_bill""#, 2, &facts)
        for actor in ["visitor", "person:1"] {
            #expect(code(try taken("120", from: "130", &facts, actor: actor)) == "ID_NOT_ALLOWED")
        }
        // The page was Anna's, the login is Boris's; and of nobody nothing is taken.
        #expect(code(try taken("120", from: "130", &facts, person: 1)) == "NOT_FOUND")
        #expect(code(try taken("120", from: "999", &facts)) == "NOT_FOUND")
        #expect(code(try taken("130", from: "120", &facts)) == "NOT_FOUND")
        let decision = try taken("120", from: "130", &facts, person: 2)
        #expect(code(decision) == "done")
        #expect(letters(decision) == ["account.detached boris@example.ru"])
        #expect(consents(decision) == ["2 of 10: email_bill false"])
        #expect(contacts(decision) == ["2 at 10: email gone"])
        #expect(facts.persons[2]?.accounts.map(\.id) == [11])
        #expect(facts.persons[1]?.accounts.map(\.id) == [10])
    }

    @Test
    func `without the account of the login one signs in with another own one, which nobody has`()
        throws
    {
        var facts = try facts()
        let third = try #require(AccountNumber("140"))
        facts.persons[2]?.accounts.append(.init(id: 12, number: third, attachedAt: 3))
        facts.holders[.init("o", "140")] = [
            HolderFacts(account: 12, number: "140", surname: "Сидоров", name: "Семён Ильич")
        ]
        let decision = try taken("130", from: "130", &facts)
        #expect(
            letters(decision) == [
                "account.detached boris@example.ru", "login.changed boris@example.ru",
            ])
        // Account 10 is what Anna signs in with.
        #expect(facts.persons[2]?.login == "140" && facts.persons[2]?.account == 12)
        #expect(facts.persons[2]?.passwordHash == "secret")
        // Nor is he called as the holder of what was taken away.
        #expect(facts.persons[2]?.name == "Семён Ильич")
        #expect(facts.registered == [10: 1, 12: 2])
        // Whose the first contacts of an account are goes by whose login it is: that of 12 has changed.
        #expect(contacts(decision) == ["2 at 12: email boris@example.ru", "2 at 11: email gone"])
    }

    @Test func `where there is no other account the access ends`() throws {
        var facts = try facts()
        let decision = try taken("130", from: "130", &facts)
        #expect(
            letters(decision) == [
                "account.detached boris@example.ru", "user.deleted boris@example.ru",
            ])
        #expect(contacts(decision) == ["2 at 11: email gone", "2 at 10: email gone"])
        #expect(facts.persons[2] == nil && facts.registered == [10: 1])
    }

    @Test func `the letter of a restored access does not say that the password stays`() throws {
        var facts = try facts()
        let restored = try decide(
            .restoreAccess,
            #"{"login":"120","email":"fresh@example.ru","check":"documents","why":"паспорт"}"#,
            &facts, actor: "operator:oleg")
        #expect(
            letters(restored) == [
                "contact.restored anna@example.ru", "access.restored fresh@example.ru",
            ])
        // Nor does a later one that the person asks for before the new password is set.
        let asked = try decide(.askPasswordReset, #"{"login":"120"}"#, &facts)
        #expect(letters(asked) == ["access.restored fresh@example.ru"])
        #expect(
            letters(try decide(.askPasswordReset, #"{"login":"130"}"#, &facts))
                == ["password.reset boris@example.ru"])
    }

    // MARK: Counts

    @Test func `no more than so many fall into any window`() {
        var failures = Failures()
        var taken: [Int64] = []
        for at in stride(from: Self.noon, to: Self.noon + 10 * Self.hour, by: Int(7 * Self.minute))
        {
            guard !failures.isFull(5, within: Self.hour, at: at) else { continue }
            failures.note(at: at, within: Self.hour)
            taken.append(at)
        }
        for at in taken {
            #expect(taken.filter { $0 >= at && $0 < at + Self.hour }.count <= 5)
        }
        #expect(taken.count > 20)
    }

    @Test func `a minute lies between two codes to a number, and five a day are of one account`()
        throws
    {
        let profile = try #require(try facts().profiles["o"]?.identity)
        let phone = try #require(PhoneNumber("+79500000012"))
        func refusal(_ sent: [Int64], _ ofAccount: Failures? = nil) -> Refusal.Code? {
            Codes.refusal(
                to: phone, live: nil, sent: sent, ofAccount: ofAccount, at: Self.noon, profile)?
                .code
        }
        // Whatever became of the last one: nothing of it need be alive.
        #expect(refusal([Self.noon - 59 * Self.second]) == .codeTooSoon)
        #expect(refusal([Self.noon - Self.hour, Self.noon - 60 * Self.second]) == nil)
        var account = Failures()
        for hours in [5, 4, 3, 2] {
            account.note(at: Self.noon - Int64(hours) * Self.hour, within: 24 * Self.hour)
        }
        #expect(refusal([], account) == nil)
        account.note(at: Self.noon - Self.hour, within: 24 * Self.hour)
        #expect(refusal([], account) == .codeTooMany)
    }

    @Test func `an address gets five letters an hour, whoever asks for them`() throws {
        var facts = try facts()
        var sent: [String] = []
        for number in 0..<8 {
            let decision = try decide(
                .shareAccount, #"{"account":"130","email":"guest@example.ru","rights":["view"]}"#,
                &facts, actor: "person:2", after: Int64(number) * Self.second)
            // The answer does not tell.
            #expect(code(decision) == "done")
            sent += letters(decision)
        }
        #expect(sent == Array(repeating: "share.invited guest@example.ru", count: 5))
        let later = try decide(
            .shareAccount, #"{"account":"130","email":"guest@example.ru","rights":["view"]}"#,
            &facts, actor: "person:2", after: Self.hour + 10 * Self.second)
        #expect(letters(later).count == 1)
    }

    @Test func `one person invites ten in a day`() throws {
        var facts = try facts()
        var codes: [String] = []
        for number in 0..<11 {
            codes.append(
                code(
                    try decide(
                        .shareAccount,
                        #"{"account":"\#(number < 6 ? "120" : "130")","email":"g\#(number)@example.ru","rights":["view"]}"#,
                        &facts, actor: "person:2")))
        }
        #expect(codes == Array(repeating: "done", count: 10) + ["ID_INVITATIONS"])
    }

    // MARK: Sharing

    /// Boris has let in Vera, who reads letters at vera@…, by one sent to `to`, to his account 130.
    private func letIn(_ facts: inout IdentityFacts, to: String) throws {
        let number = try #require(AccountNumber("130"))
        facts.persons[3] = Person(
            id: 3, organization: "o", mode: .email, login: "vera@example.ru", name: "Вера",
            email: EmailAddress("vera@example.ru"), emailConfirmedAt: 1, passwordHash: "secret",
            accounts: [
                .init(id: 11, number: number, rights: [.view], isOwned: false, attachedAt: 1)
            ])
        facts.shares[Self.share] = ShareFacts(
            id: Self.share, organization: "o", account: 11, number: number, owner: 2,
            email: try #require(EmailAddress(to)), rights: [.view], person: 3, invitedAt: 1,
            expiresAt: 2)
    }
    private static let share = "0196f0c2-5c3a-7c1e-8f00-0000000000c1"

    private func invite(
        _ email: String, _ facts: inout IdentityFacts, rights: String = #""view""#
    ) throws -> IdentityDecision {
        try decide(
            .shareAccount,
            #"{"account":"130","email":"\#(email)","rights":[\#(rights)]}"#, &facts,
            actor: "person:2")
    }

    private func live(_ facts: IdentityFacts) -> [String] {
        facts.shares.values.filter { $0.endedAt == nil }.map {
            "\($0.email.text) \($0.rights.map(\.rawValue).joined(separator: ","))"
        }.sorted()
    }

    @Test func `of two invitations to one address the newer counts`() throws {
        var facts = try facts()
        _ = try invite("guest@example.ru", &facts)
        _ = try invite("other@example.ru", &facts)
        _ = try invite("GUEST@example.ru", &facts, rights: #""view","pay""#)
        #expect(live(facts) == ["GUEST@example.ru view,pay", "other@example.ru view"])
    }

    @Test func `nobody invites themselves, nor takes what they offer to others`() throws {
        var facts = try facts()
        #expect(code(try invite("Boris@Example.ru", &facts)) == "ID_SHARE_SELF")
        #expect(live(facts) == [])
        _ = try invite("guest@example.ru", &facts)
        let link = try #require(facts.links.values.first { $0.purpose == .share })
        let body = #"{"link":"\#(link.hash.text)","session":"\#(session.text)"}"#
        #expect(
            code(try decide(.openLink, body, &facts, actor: "person:2")) == "ID_INVITATION_OWN")
        #expect(live(facts) == ["guest@example.ru view"])
        // It counts still for whom it is.
        #expect(code(try decide(.openLink, body, &facts, actor: "person:1")) == "done")
    }

    @Test func `closing ends whatever else would let in who was let in, and tells them`() throws {
        var facts = try facts()
        try letIn(&facts, to: "new-friend@example.ru")
        for email in ["new-friend@example.ru", "Vera@example.ru", "other@example.ru"] {
            #expect(code(try invite(email, &facts)) == "done")
        }
        let ended = try decide(
            .endShare, #"{"account":"130","share":"\#(Self.share)"}"#, &facts, actor: "person:2")
        #expect(code(ended) == "done")
        #expect(live(facts) == ["other@example.ru view"])
        #expect(facts.persons[3]?.accounts == [])
        #expect(letters(ended) == ["share.ended vera@example.ru"])
    }

    @Test func `who has access takes it anew for what the newer letter says`() throws {
        var facts = try facts()
        try letIn(&facts, to: "new-friend@example.ru")
        _ = try invite("vera@example.ru", &facts, rights: #""view","pay""#)
        let link = try #require(facts.links.keys.first)
        let taken = try decide(
            .openLink, #"{"link":"\#(link.text)","session":"\#(session.text)"}"#, &facts,
            actor: "person:3")
        #expect(code(taken) == "done")
        #expect(live(facts) == ["vera@example.ru view,pay"])
        #expect(facts.persons[3]?.accounts.map(\.rights) == [[.view, .pay]])
        #expect(letters(taken) == [])
    }

    // MARK: Registering by a login

    /// Vera signs in with «vera» or her address.
    private func named() throws -> IdentityFacts {
        let text = """
            {"code":"o","name":"О","title":"О","time_zone":"Europe/Moscow","companies":[{"code":"c","name":"С"}],
            "services":["cold_water"],"identity":{"mode":"login","login_word":"Логин","confirm":["email"],
            "attach":{"proofs":[["surname"]]},"terms":{"version":"1","text":"У"}}}
            """
        var facts = IdentityFacts()
        facts.profiles["o"] = try Profile(JSON.parse(Array(text.utf8)))
        facts.persons[1] = Person(
            id: 1, organization: "o", mode: .login, login: "vera", name: "Вера",
            email: EmailAddress("vera@example.ru"), emailConfirmedAt: 1, passwordHash: "secret")
        return facts
    }

    @Test func `whoever asks for too many letters to an address is told so, whosever it is`() throws
    {
        var facts = try named()
        func register(_ login: String, _ email: String, after: Int64) throws -> IdentityDecision {
            try decide(
                .startRegistration,
                #"{"login":"\#(login)","email":"\#(email)","password":"AQ==","way":"email","terms":"1"}"#,
                &facts, after: after)
        }
        let answers = try ["vera@example.ru", "free@example.ru"].enumerated().map { place, email in
            try (0..<6).map { number in
                try register(
                    "login\(place)\(number)", email, after: Int64(number) * Self.second
                ).outcome
            }
        }
        for outcomes in answers {
            let refusals = outcomes.map { outcome -> Refusal? in
                if case .refused(let refusal) = outcome { refusal } else { nil }
            }
            #expect(refusals.prefix(5).allSatisfy { $0 == nil })
            #expect(refusals[5] == Refusal(.letterLimit, ["minutes": "60"]))
        }
        // Nor do they who change theirs learn more, and an owner recovers the password whatever strangers asked for.
        facts.persons[2] = Person(
            id: 2, organization: "o", mode: .login, login: "anna", name: "Анна",
            email: EmailAddress("anna@example.ru"), emailConfirmedAt: 1, passwordHash: "secret")
        for email in ["vera@example.ru", "free@example.ru"] {
            let changed = try decide(
                .changeEmail, #"{"email":"\#(email)","password":"secret"}"#, &facts,
                actor: "person:2", after: Self.minute)
            #expect(code(changed) == "ID_LETTERS")
        }
        let reset = try decide(
            .askPasswordReset, #"{"login":"vera"}"#, &facts, after: Self.minute)
        #expect(letters(reset) == ["password.reset vera@example.ru"])
        let later = try register(
            "later", "free@example.ru", after: Self.hour + 10 * Self.second)
        #expect(letters(later) == ["registration.confirm free@example.ru"])
    }

    @Test
    func `letters that reset a password to an address are five in an hour, of all its logins`()
        throws
    {
        var facts = try facts()
        facts.persons[2]?.email = EmailAddress("anna@example.ru")
        var count = 0
        for number in 0..<8 {
            let asked = try decide(
                .askPasswordReset, #"{"login":"\#(number % 2 == 0 ? 120 : 130)"}"#, &facts,
                after: Int64(number) * Self.second)
            #expect(code(asked) == "done")
            count += letters(asked).count
        }
        #expect(count == 5)
    }

    @Test func `one's own address is not confirmed again`() throws {
        var facts = try facts()
        func change() throws -> IdentityDecision {
            try decide(
                .changeEmail, #"{"email":"Boris@example.ru","password":"secret"}"#, &facts,
                actor: "person:2")
        }
        for _ in 0..<9 {
            let own = try change()
            #expect(code(own) == "ID_OWN_EMAIL" && letters(own) == [])
        }
        // Nothing of it was counted; and what nobody has confirmed may be asked for again.
        facts.persons[2]?.emailConfirmedAt = nil
        #expect(
            try letters(change()).map { $0.lowercased() } == ["email.confirm boris@example.ru"])
    }

    @Test func `a confirmed address tells whose it is, and where it is the login says so`() throws {
        func opened(
            _ mode: String, by actor: String
        ) throws -> (result: JSON, told: [String: String]?) {
            let text = """
                {"code":"o","name":"О","title":"О","time_zone":"Europe/Moscow","companies":[{"code":"c","name":"С"}],
                "services":["cold_water"],"identity":{"mode":"\(mode)","login_word":"Логин","confirm":["email"],
                "attach":{"proofs":[["surname"]]},"terms":{"version":"1","text":"У"}}}
                """
            var facts = IdentityFacts()
            facts.profiles["o"] = try Profile(JSON.parse(Array(text.utf8)))
            facts.persons[1] = Person(
                id: 1, organization: "o", mode: IdentityProfile.Mode(rawValue: mode),
                login: mode == "email" ? "vera@example.ru" : "vera", name: "Вера",
                email: EmailAddress("vera@example.ru"), emailConfirmedAt: 1,
                passwordHash: "secret")
            _ = try decide(
                .changeEmail, #"{"email":"new@example.ru","password":"secret"}"#, &facts,
                actor: "person:1")
            let link = try #require(facts.links.keys.first)
            let done = try decide(
                .openLink, #"{"link":"\#(link.text)","session":"\#(session.text)"}"#, &facts,
                actor: actor)
            guard case .accepted(let result) = done.outcome else {
                throw ShapeError("", "shape.object")
            }
            let told = done.changes.compactMap { change -> [String: String]? in
                guard case .notice(let order) = change,
                    order.outgoing.notice == .emailChanged
                else { return nil }
                return order.outgoing.values
            }
            return (result, told.first)
        }
        for actor in ["visitor", "person:1"] {
            let own = try opened("email", by: actor)
            #expect(own.result["other"] == nil && own.result["login"] == .bool(true))
            #expect(own.told?["login"] != nil)
        }
        #expect(try opened("email", by: "person:2").result["other"] == .bool(true))
        let named = try opened("login", by: "person:1")
        #expect(named.result["login"] == nil && named.told != nil && named.told?["login"] == nil)
    }

    @Test func `a code of the authenticator that has counted is told to have`() throws {
        var facts = try facts()
        facts.persons[2]?.authenticator = Person.Authenticator(
            secret: "s", lastStep: 100, enabledAt: 1, recovery: [])
        func disable(_ typed: String) throws -> Decision.Outcome {
            try decide(
                .disableSecondFactor, #"{"password":"secret","code":"\#(typed)"}"#, &facts,
                actor: "person:2"
            ).outcome
        }
        #expect(try disable("right") == .refused(Refusal(.secondFactor, ["used": "true"])))
        #expect(try disable("wrong") == .refused(Refusal(.secondFactor)))
    }

    @Test func `one person has five addresses in an hour written to`() throws {
        var facts = try facts()
        func change(_ number: Int, _ person: Int = 2, after: Int64 = 0) throws -> IdentityDecision {
            try decide(
                .changeEmail, #"{"email":"stranger\#(number)@example.ru","password":"secret"}"#,
                &facts, actor: "person:\(person)", after: after)
        }
        for number in 0..<5 {
            #expect(
                try letters(change(number)) == ["email.confirm stranger\(number)@example.ru"])
        }
        let sixth = try change(5, after: 10 * Self.minute)
        #expect(letters(sixth) == [])
        #expect(
            sixth.outcome == .refused(Refusal(.emailChangeLimit, ["minutes": "50"])))
        // Others may, and so may who waits.
        #expect(try letters(change(6, 1)).count == 1)
        #expect(try letters(change(7, after: Self.hour)).count == 1)
    }

    @Test func `SF-062: a login that is taken is told, an address by letter only`() throws {
        var facts = try named()
        func register(_ login: String, _ email: String) throws -> IdentityDecision {
            try decide(
                .startRegistration,
                #"{"login":"\#(login)","email":"\#(email)","password":"AQ==","way":"email","terms":"1"}"#,
                &facts)
        }
        #expect(code(try register("Vera", "free@example.ru")) == "ID_TAKEN")
        let free = try register("anna", "anna@example.ru")
        let taken = try register("boris", "Vera@Example.ru")
        func members(_ decision: IdentityDecision) -> [String] {
            guard case .accepted(let result) = decision.outcome else { return ["refused"] }
            return (result.members ?? []).map { $0.key == "way" ? "\($0)" : $0.key }
        }
        // Whoever asks is told the same.
        #expect(members(free) == members(taken) && members(taken).count == 2)
        #expect(letters(free) == ["registration.confirm anna@example.ru"])
        #expect(letters(taken) == ["registration.exists vera@example.ru"])
        #expect(facts.registrations.count == 1)
        // Nobody is «vera» by another writing.
        for login in ["ｖｅｒａ", "𝐯era", "ﬁlm", "ab"] {
            #expect(code(try register(login, "free@example.ru")) == "ID_LOGIN", "\(login)")
        }
        #expect(code(try register("вера.ёжикова", "free@example.ru")) == "done")
    }

    // MARK: Signing in

    private func signIn(
        _ password: String, from network: String, _ facts: inout IdentityFacts, after: Int64 = 0
    ) throws -> String {
        code(
            try decide(
                .openSession,
                #"{"login":"120","password":"\#(password)","session":"\#(session.text)","address":"\#(network)"}"#,
                &facts, after: after))
    }

    @Test func `who guesses elsewhere keeps nobody out where the owner was signed in`() throws {
        var facts = try facts()
        facts.networks[1] = ["10.0.0"]
        for _ in 0..<5 {
            #expect(try signIn("wrong", from: "10.9.9", &facts) == "ID_SIGN_IN")
        }
        #expect(try signIn("secret", from: "10.9.9", &facts) == "ID_RESTS")
        #expect(try signIn("secret", from: "10.0.0", &facts) == "done")
        for _ in 0..<5 {
            #expect(try signIn("wrong", from: "10.0.0", &facts) == "ID_SIGN_IN")
        }
        #expect(try signIn("secret", from: "10.0.0", &facts) == "ID_RESTS")
    }

    @Test func `wrong surnames rest the registration, not the sign-in`() throws {
        var facts = try facts()
        func check(_ surname: String) throws -> String {
            code(
                try decide(.checkHolder, #"{"account":"120","surname":"\#(surname)"}"#, &facts))
        }
        for _ in 0..<5 { #expect(try check("Сидоров") == "ID_CHECK") }
        #expect(try check("Иванова") == "ID_RESTS")
        #expect(try signIn("secret", from: "10.9.9", &facts) == "done")
    }

    @Test func `while a reset rests, a letter an hour still leaves`() throws {
        var facts = try facts()
        func ask(after: Int64) throws -> Int {
            let decision = try decide(
                .askPasswordReset, #"{"login":"120"}"#, &facts, after: after)
            #expect(code(decision) == "done")
            return letters(decision).count
        }
        for number in 0..<5 { #expect(try ask(after: Int64(number) * Self.second) == 1) }
        #expect(try ask(after: Self.minute) == 0)
        // The next rests are longer than an hour.
        var failures = try #require(facts.failures[.init("o", "reset 120")])
        failures.restsUntil = Self.noon + 10 * Self.hour
        facts.failures[.init("o", "reset 120")] = failures
        #expect(try ask(after: Self.hour + Self.minute) == 1)
        #expect(try ask(after: Self.hour + 2 * Self.minute) == 0)
        #expect(try ask(after: 2 * Self.hour + 2 * Self.minute) == 1)
    }
}
