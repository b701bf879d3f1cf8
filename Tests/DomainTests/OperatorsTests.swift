import Commands
import Domain
import Testing

/// Knows one password and one code; counts what costs.
private final class Secrets: OperatorSecrets {
    var asked = 0
    var rightStep: Int64 = 100

    func isPassword(_ sealed: Sealed, of hash: String?) -> Bool {
        asked += 1
        return hash.map { sealed.text == $0 } ?? false
    }
    func hash(_ password: Sealed) -> String { password.text }
    func step(of code: Sealed, secret: String, at seconds: Int64, after last: Int64) -> Int64? {
        code.text == "right" && rightStep > last ? rightStep : nil
    }
}

@Suite struct `Operators' sessions` {
    private static let second: Int64 = 1_000_000
    private static let minute: Int64 = 60 * second
    private let hash: TokenHash
    private let other: TokenHash
    private let secrets = Secrets()

    init() throws {
        hash = try #require(TokenHash(String(repeating: "a", count: 64)))
        other = try #require(TokenHash(String(repeating: "b", count: 64)))
    }

    private func facts(
        _ reach: OperatorReach? = OperatorReach(role: .clerk), temporary: Bool = false,
        authenticator: Bool = false, strict: Bool = false
    ) throws -> OperatorsFacts {
        let text = """
            {"code":"o","name":"О","title":"О","time_zone":"Europe/Moscow","companies":[{"code":"c","name":"С"}],
            "services":["cold_water"],"operators":{"second_factor":\(strict),"idle":30,"longest":60}}
            """
        var facts = OperatorsFacts()
        facts.profiles["o"] = try Profile(JSON.parse(Array(text.utf8)))
        let login = try #require(OperatorLogin("anna"))
        facts.operators[.init("o", "anna")] = OperatorFacts(
            id: 7, login: login, reach: reach, passwordHash: "secret", isTemporary: temporary,
            passwordChangedAt: 0,
            authenticator: authenticator
                ? .init(secret: "s", lastStep: 0, enabledAt: 0) : nil)
        return facts
    }

    private func decide(
        _ kind: Command.Kind, _ body: String, _ facts: inout OperatorsFacts, at: Int64 = 0,
        decided: Int64? = nil
    ) throws -> Decision.Outcome {
        guard case .operators(let command) = try Command(kind, JSON.parse(Array(body.utf8))) else {
            throw ShapeError("", "shape.object")
        }
        return Operators.decide(
            command,
            .init(
                id: CommandID(high: 1, low: UInt64(bitPattern: at)), organization: "o",
                receivedAt: at, now: decided ?? at), &facts, secrets)
    }

    private func signIn(
        _ password: String, _ facts: inout OperatorsFacts, at: Int64 = 0, login: String = "anna",
        session: TokenHash? = nil, from network: String? = nil, decided: Int64? = nil
    ) throws -> Decision.Outcome {
        let origin = network.map { #","address":"\#($0)""# } ?? ""
        return try decide(
            .operatorSignIn,
            #"{"login":"\#(login)","password":"\#(password)","session":"\#((session ?? hash).text)"\#(origin)}"#,
            &facts, at: at, decided: decided)
    }

    private func code(_ outcome: Decision.Outcome) -> String {
        switch outcome {
        case .refused(let refusal): refusal.code.rawValue
        case .accepted(let result): result["next"]?.string ?? "done"
        }
    }

    @Test func `ask for what is missing, one thing after the other`() throws {
        var facts = try facts(temporary: true, authenticator: true, strict: true)
        #expect(try code(signIn("secret", &facts)) == "code")
        let body = #"{"login":"anna","session":"\#(hash.text)","#
        // Nothing but what is asked for.
        #expect(
            try code(
                decide(
                    .operatorPassword, body + #""old":"secret","new":"new"}"#, &facts))
                == "ID_SIGN_IN")
        #expect(
            try code(decide(.operatorCode, body + #""code":"wrong"}"#, &facts)) == "ID_SECOND")
        #expect(
            try code(decide(.operatorCode, body + #""code":"right"}"#, &facts)) == "password")
        #expect(
            try code(
                decide(
                    .operatorPassword, body + #""old":"secret","new":"secret"}"#, &facts))
                == "ID_SAME_PASSWORD")
        #expect(
            try code(
                decide(.operatorPassword, body + #""old":"secret","new":"new"}"#, &facts))
                == "done")
        #expect(facts.sessions[hash]?.half == nil)
        #expect(facts.operators[.init("o", "anna")]?.isTemporary == false)
    }

    @Test func `a code counts once`() throws {
        var facts = try facts(authenticator: true)
        for session in [hash, other] { _ = try signIn("secret", &facts, session: session) }
        let code1 = #"{"login":"anna","session":"\#(hash.text)","code":"right"}"#
        let code2 = #"{"login":"anna","session":"\#(other.text)","code":"right"}"#
        #expect(try code(decide(.operatorCode, code1, &facts)) == "done")
        // Who knows the code that counted is told that it did; of a wrong one nothing is said.
        #expect(
            try decide(.operatorCode, code2, &facts)
                == .refused(Refusal(.secondFactor, ["used": "true"])))
        let wrong = #"{"login":"anna","session":"\#(other.text)","code":"wrong"}"#
        #expect(
            try decide(.operatorCode, wrong, &facts) == .refused(Refusal(.secondFactor)))
    }

    @Test func `where a second factor is wanted it is set up first`() throws {
        var facts = try facts(strict: true)
        #expect(try code(signIn("secret", &facts)) == "factor")
        let body = #"{"login":"anna","session":"\#(hash.text)","secret":"s","code":""#
        #expect(try code(decide(.operatorFactor, body + #"wrong"}"#, &facts)) == "ID_SECOND")
        #expect(try code(decide(.operatorFactor, body + #"right"}"#, &facts)) == "done")
        #expect(facts.operators[.init("o", "anna")]?.authenticator?.lastStep == 100)
    }

    @Test func `a whole session sets up another authenticator with the password only`() throws {
        var facts = try facts()
        _ = try signIn("secret", &facts)
        let body = #"{"login":"anna","session":"\#(hash.text)","secret":"s","code":"right""#
        #expect(try code(decide(.operatorFactor, body + "}", &facts)) == "ID_PASSWORD")
        #expect(
            try code(decide(.operatorFactor, body + #","password":"wrong"}"#, &facts))
                == "ID_PASSWORD")
        #expect(
            try code(decide(.operatorFactor, body + #","password":"secret"}"#, &facts)) == "done")
    }

    @Test func `an authenticator that is on is replaced by who has it only`() throws {
        var facts = try facts(authenticator: true)
        _ = try signIn("secret", &facts)
        let session = #"{"login":"anna","session":"\#(hash.text)","#
        #expect(
            try code(decide(.operatorCode, session + #""code":"right"}"#, &facts)) == "done")
        secrets.rightStep = 101
        let body = session + #""secret":"new","code":"right","password":"secret""#
        #expect(try code(decide(.operatorFactor, body + "}", &facts)) == "ID_SECOND")
        #expect(
            try decide(.operatorFactor, body + #","present":"wrong"}"#, &facts)
                == .refused(Refusal(.secondFactor, ["field": "present"])))
        #expect(facts.operators[.init("o", "anna")]?.authenticator?.secret == "s")
        #expect(
            try code(decide(.operatorFactor, body + #","present":"right"}"#, &facts)) == "done")
        #expect(facts.operators[.init("o", "anna")]?.authenticator?.secret == "new")
    }

    @Test func `nobody, a wrong password and a role that is gone are told alike, at the same cost`()
        throws
    {
        var gone = try facts(nil)
        var here = try facts()
        #expect(try code(signIn("secret", &gone)) == "ID_SIGN_IN")
        #expect(secrets.asked == 1)
        #expect(try code(signIn("wrong", &here)) == "ID_SIGN_IN")
        #expect(secrets.asked == 2)
        #expect(try code(signIn("secret", &here, login: "nobody")) == "ID_SIGN_IN")
        #expect(secrets.asked == 3)
        #expect(
            try signIn("wrong", &here) == .refused(Refusal(.signIn, ["who": "operator"])))
    }

    @Test func `after five failures the password is not looked at, right or wrong`() throws {
        var facts = try facts()
        for _ in 0..<5 { _ = try signIn("wrong", &facts) }
        #expect(secrets.asked == 5)
        guard case .refused(let refusal) = try signIn("secret", &facts) else {
            Issue.record("it was accepted")
            return
        }
        #expect(refusal == Refusal(.identityRests, ["minutes": "15"]))
        #expect(secrets.asked == 5)
        #expect(try code(signIn("secret", &facts, at: 16 * Self.minute)) == "done")
        #expect(facts.failures.isEmpty)
    }

    @Test func `who guesses elsewhere keeps the operator out neither at home nor inside`() throws {
        var facts = try facts()
        facts.networks[7] = ["10.0.0.0/24"]
        _ = try signIn("secret", &facts, from: "10.0.0.0/24")
        for _ in 0..<6 { _ = try signIn("wrong", &facts, session: other, from: "10.9.9.0/24") }
        #expect(
            try code(signIn("secret", &facts, session: other, from: "10.9.9.0/24")) == "ID_RESTS")
        #expect(
            try code(signIn("secret", &facts, session: other, from: "10.0.0.0/24")) == "done")
        let body = #"{"login":"anna","session":"\#(hash.text)","#
        #expect(
            try code(decide(.operatorPassword, body + #""old":"secret","new":"new"}"#, &facts))
                == "done")
        // The password they guessed at is no more, and so are their guesses.
        #expect(facts.failures.isEmpty)
    }

    @Test func `near and inside the guesses are counted too, each on its own`() throws {
        var facts = try facts()
        facts.networks[7] = ["10.0.0.0/24"]
        _ = try signIn("secret", &facts, from: "10.0.0.0/24")
        let body = #"{"login":"anna","session":"\#(hash.text)","#
        for _ in 0..<5 {
            _ = try decide(.operatorPassword, body + #""old":"wrong","new":"new"}"#, &facts)
        }
        let cost = secrets.asked
        #expect(
            try code(decide(.operatorPassword, body + #""old":"secret","new":"new"}"#, &facts))
                == "ID_RESTS")
        #expect(secrets.asked == cost)
        for _ in 0..<5 { _ = try signIn("wrong", &facts, session: other, from: "10.0.0.0/24") }
        #expect(
            try code(signIn("secret", &facts, session: other, from: "10.0.0.0/24")) == "ID_RESTS")
        // Strange to the operator, another network has a count of its own.
        #expect(try code(signIn("secret", &facts, session: other)) == "done")
    }

    @Test func `codes of a half session are counted with its sign-in`() throws {
        var facts = try facts(authenticator: true)
        _ = try signIn("secret", &facts)
        for _ in 0..<5 {
            _ = try decide(
                .operatorCode, #"{"login":"anna","session":"\#(hash.text)","code":"wrong"}"#, &facts
            )
        }
        #expect(try code(signIn("secret", &facts, session: other)) == "ID_RESTS")
    }

    @Test func `the password alone forgets no wrong codes`() throws {
        var facts = try facts(authenticator: true)
        for _ in 0..<3 {
            _ = try signIn("secret", &facts)
            _ = try decide(
                .operatorCode, #"{"login":"anna","session":"\#(hash.text)","code":"wrong"}"#, &facts
            )
        }
        #expect(facts.failures[.init("o", "operator anna")]?.count == 3)
    }

    @Test func `a sign-in that waited half a minute costs no hash any more`() throws {
        var facts = try facts()
        #expect(
            try code(signIn("secret", &facts, decided: 30 * Self.second)) == "ID_LATE")
        #expect(secrets.asked == 0)
    }

    @Test func `end when nothing is looked at, and with the shift however busy`() throws {
        var facts = try facts()
        _ = try signIn("secret", &facts)
        let seen = #"{"login":"anna","session":"\#(hash.text)","what":"found","why":"звонок"}"#
        func lives(_ at: Int64) throws -> Bool { try #require(facts.sessions[hash]).lives(at: at) }
        #expect(try lives(30 * Self.minute - 1) && !lives(30 * Self.minute))
        _ = try decide(.personViewed, seen, &facts, at: 20 * Self.minute)
        #expect(try lives(50 * Self.minute - 1))
        _ = try decide(.personViewed, seen, &facts, at: 45 * Self.minute)
        #expect(try lives(60 * Self.minute - 1) && !lives(60 * Self.minute))
        // Too late, it is still taken down, and makes nothing live again.
        #expect(try code(decide(.personViewed, seen, &facts, at: 70 * Self.minute)) == "done")
        #expect(try !lives(70 * Self.minute))
    }

    @Test func `a new password ends the others`() throws {
        var facts = try facts()
        for session in [hash, other] { _ = try signIn("secret", &facts, session: session) }
        _ = try decide(
            .operatorPassword,
            #"{"login":"anna","session":"\#(hash.text)","old":"secret","new":"new"}"#, &facts,
            at: Self.minute)
        #expect(facts.sessions[hash]?.endedAt == nil)
        #expect(facts.sessions[other]?.endedAt == Self.minute)
        #expect(facts.changes.endedOthers == [7: hash])
    }

    @Test func `of another operator are nobody's`() throws {
        var facts = try facts()
        _ = try signIn("secret", &facts)
        let login = try #require(OperatorLogin("boris"))
        facts.operators[.init("o", "boris")] = OperatorFacts(
            id: 8, login: login, reach: OperatorReach(role: .administrator), passwordHash: "b",
            isTemporary: false, passwordChangedAt: 0)
        let body = #"{"login":"boris","session":"\#(hash.text)""#
        #expect(
            try code(decide(.operatorPassword, body + #","old":"b","new":"c"}"#, &facts))
                == "ID_SIGN_IN")
        _ = try decide(.operatorSignOut, body + "}", &facts)
        #expect(facts.sessions[hash]?.endedAt == nil)
    }
}
