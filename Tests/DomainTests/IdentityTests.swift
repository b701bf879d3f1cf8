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
        nil
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
        #expect(consents(deleted) == ["1 of 10: email_bill false"])
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
