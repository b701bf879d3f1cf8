public import Commands

/// What a rule of identity may ask of secrets and chance, without knowing how they are kept. Given by the lane.
public protocol IdentitySecrets: SecretChecks {
    /// Of a command to come.
    func newID() -> CommandID
    /// A password as it is to rest.
    func hash(_ password: Sealed) -> String
    /// Whether a password rests at a cost of the past.
    func isDated(_ hash: String) -> Bool
    /// Six digits: as they rest, and sealed for the message that takes them.
    func newCode(for purpose: String, subject: String) -> (hash: [UInt8], sealed: String)
    /// 256 bits: as they rest, and sealed for the letter that takes them.
    func newLink() -> (hash: TokenHash, sealed: String)
    /// The step of an authenticator's code; nil: it has none that counts.
    /// - Parameter seconds: since 1970-01-01 UTC.
    func step(of code: Sealed, secret: String, at seconds: Int64, after last: Int64) -> Int64?
    /// Recovery codes as they rest.
    func recoveryHashes(_ codes: Sealed, of person: Int64) -> [[UInt8]]
}

/// Who asks for something about access, and when.
public struct IdentityAsked: Sendable, Equatable {
    public var id: CommandID
    /// The id as text.
    public var name: String
    public var organization: String
    public var actor: String
    public var channel: String
    /// Microseconds since 1970-01-01 UTC.
    public var receivedAt: Int64
    /// When it is decided.
    public var now: Int64
    /// `receivedAt` where the organization is, as notices want it.
    public var time: String

    public init(
        id: CommandID, name: String, organization: String, actor: String, channel: String,
        receivedAt: Int64, now: Int64, time: String
    ) {
        self.id = id
        self.name = name
        self.organization = organization
        self.actor = actor
        self.channel = channel
        self.receivedAt = receivedAt
        self.now = now
        self.time = time
    }

    /// The signed-in person who asks; nil: nobody is, or not a person.
    public var person: Int64? { Self.person(actor) }

    public static func person(_ actor: String) -> Int64? {
        actor.hasPrefix("person:") ? Int64(actor.dropFirst(7)) : nil
    }
}

/// What came of a command of identity, and what it changes. A refused one may change something too: what was wrong is
/// counted.
public struct IdentityDecision: Sendable, Equatable {
    public var outcome: Decision.Outcome
    public var changes: [IdentityChange]

    static func accepted(
        _ changes: [IdentityChange] = [], _ members: [JSON.Member] = []
    ) -> IdentityDecision {
        IdentityDecision(outcome: .accepted(.object(members)), changes: changes)
    }

    static func refused(
        _ code: Refusal.Code, _ values: [String: String] = [:], _ changes: [IdentityChange] = []
    ) -> IdentityDecision {
        IdentityDecision(outcome: .refused(Refusal(code, values)), changes: changes)
    }

    static func refused(_ refusal: Refusal) -> IdentityDecision {
        IdentityDecision(outcome: .refused(refusal), changes: [])
    }
}

/// The rules of access: who may come in, and what proves it (features.md §§2–5, 9; domain.md §§6–8).
public enum Identity {
    /// Decides one command. Pure but for `secrets`: what it changes is in the decision, and seen by the next command when
    /// applied to `facts`.
    public static func decide(
        _ command: IdentityCommand, _ asked: IdentityAsked, _ facts: IdentityFacts,
        _ secrets: some IdentitySecrets
    ) -> IdentityDecision {
        var asked = asked
        // The link of a mailing says of whom it is: what it stands behind does not.
        if case .unsubscribe(let body) = command {
            guard let link = facts.links[body.link] else { return .refused(.linkEnded) }
            asked.organization = link.organization
        }
        guard let organization = facts.profiles[asked.organization],
            let profile = organization.identity
        else { return .refused(.notAllowed) }
        let desk = IdentityDesk(
            asked: asked, facts: facts, organization: organization, profile: profile,
            secrets: secrets)
        switch command {
        case .check(let body): return desk.check(body)
        case .register(let body): return desk.register(body)
        case .sendCode(let body): return desk.sendCode(body)
        case .confirm(let body): return desk.confirm(body)
        case .openLink(let body): return desk.open(body)
        case .registerInvited(let body): return desk.registerInvited(body)
        case .signIn(let body): return desk.signIn(body)
        case .secondStep(let body): return desk.secondStep(body)
        case .endSession(let body): return desk.end(body)
        case .touchSession(let body): return desk.touch(body)
        case .askReset(let body): return desk.askReset(body)
        case .resetPassword(let body): return desk.reset(body)
        case .restoreAccess(let body): return desk.restore(body)
        case .detachPerson(let body): return desk.detach(body)
        case .unsubscribe(let body): return desk.unsubscribe(body)
        case .changePassword, .changeEmail, .changePhone, .confirmPhone, .attach, .renameAccount,
            .detach, .deleteUser, .share, .endShare, .enableSecondFactor, .disableSecondFactor,
            .saveServices:
            // Whoever asks has been deleted meanwhile, or never was a person.
            guard let person = asked.person.flatMap({ facts.persons[$0] }),
                person.organization == asked.organization
            else { return .refused(.notFound, ["what": "person"]) }
            return desk.decide(command, person)
        }
    }
}

/// What may be done so often within a time and no more, and what it is counted under.
struct Quota {
    var what: String
    var most: Int
    /// Microseconds.
    var window: Int64
}

/// One command of identity before one state of the facts.
struct IdentityDesk<Secrets: IdentitySecrets> {
    let asked: IdentityAsked
    let facts: IdentityFacts
    let organization: Profile
    let profile: IdentityProfile
    let secrets: Secrets

    var code: String { asked.organization }
    var now: Int64 { asked.receivedAt }
    static var second: Int64 { 1_000_000 }
    static var minute: Int64 { 60_000_000 }

    func key(_ text: String) -> IdentityFacts.Key { .init(code, text) }

    func decide(_ command: IdentityCommand, _ person: Person) -> IdentityDecision {
        switch command {
        case .changePassword(let body): changePassword(body, person)
        case .changeEmail(let body): changeEmail(body, person)
        case .changePhone(let body): changePhone(body, person)
        case .confirmPhone(let body): confirmPhone(body, person)
        case .attach(let body): attach(body, person)
        case .renameAccount(let body): rename(body, person)
        case .detach(let body): detach(body, person)
        case .deleteUser(let body): delete(body, person)
        case .share(let body): share(body, person)
        case .endShare(let body): endShare(body, person)
        case .enableSecondFactor(let body): enable(body, person)
        case .disableSecondFactor(let body): disable(body, person)
        case .saveServices(let body): save(body, person)
        default: .refused(.notAllowed)
        }
    }

    // MARK: Failures

    /// The rest that one of these has to take; nil: none has.
    func rest(_ whats: [String]) -> IdentityDecision? {
        let until = whats.compactMap { facts.failures[key($0)] }
            .filter { $0.rests(at: now) }.compactMap(\.restsUntil).max()
        guard let until else { return nil }
        return .refused(
            .identityRests, ["minutes": "\(max(1, (until - now + Self.minute - 1) / Self.minute))"])
    }

    /// One more failure of each.
    func failed(_ whats: [String]) -> [IdentityChange] {
        whats.map { what in
            var failures = facts.failures[key(what)] ?? Failures()
            failures.add(at: now, profile.limits)
            return .failures(key(what), failures)
        }
    }

    func forgotten(_ whats: [String]) -> [IdentityChange] {
        whats.filter { facts.failures[key($0)] != nil }.map { .failures(key($0), nil) }
    }

    /// What wrong passwords of a person may be counted under.
    func failures(of person: Person) -> [String] {
        let networks = (facts.networks[person.id] ?? []).sorted()
        return [person.failures, person.insideFailures] + networks.map(person.nearFailures)
    }

    // MARK: Counts

    func isFull(_ quota: Quota) -> Bool {
        facts.failures[key(quota.what)]?.isFull(quota.most, within: quota.window, at: now) ?? false
    }

    /// The same, as a refusal that says when there is room again; nil: there is.
    func full(_ quota: Quota, _ code: Refusal.Code) -> Refusal? {
        guard isFull(quota), let last = facts.failures[key(quota.what)]?.since else { return nil }
        let left = last + quota.window - now
        return Refusal(code, ["minutes": "\(max(1, (left + Self.minute - 1) / Self.minute))"])
    }

    /// One more of it.
    func counted(_ quota: Quota) -> IdentityChange {
        var counted = facts.failures[key(quota.what)] ?? Failures()
        counted.note(at: now, within: quota.window)
        return .failures(key(quota.what), counted)
    }

    /// Letters with a link, but those that reset a password: whoever knows an address may ask for one.
    func letters(to email: EmailAddress) -> Quota {
        Quota(
            what: IdentityFacts.letters(to: email), most: profile.limits.lettersPerRecipient,
            window: 60 * Self.minute)
    }

    func resets(to email: EmailAddress) -> Quota {
        Quota(
            what: IdentityFacts.resets(to: email), most: profile.limits.lettersPerRecipient,
            window: 60 * Self.minute)
    }

    func emailChanges(by person: Person) -> Quota {
        Quota(
            what: person.emailChanges, most: profile.limits.emailChangesPerPerson,
            window: 60 * Self.minute)
    }

    func invitations(by person: Person) -> Quota {
        Quota(
            what: person.invitations, most: profile.limits.invitationsPerPerson,
            window: Codes.day)
    }

    // MARK: Notices

    /// - Parameter occasion: what it is about, once for ever: the same occasion is told once.
    func letter(
        _ notice: Notice, to email: EmailAddress, _ language: String, _ occasion: String,
        _ values: [String: String] = [:], secret: String? = nil, expiresAt: Int64? = nil
    ) -> IdentityChange {
        order(
            .letter,
            Outgoing(
                to: email.text, notice: notice, language: language, values: values, secret: secret,
                expiresAt: expiresAt), occasion)
    }

    func message(
        _ notice: Notice, to phone: PhoneNumber, _ language: String, _ occasion: String,
        secret: String, expiresAt: Int64
    ) -> IdentityChange {
        order(
            .message,
            Outgoing(
                to: phone.text, notice: notice, language: language, secret: secret,
                expiresAt: expiresAt), occasion)
    }

    private func order(
        _ channel: NoticeChannel, _ outgoing: Outgoing, _ occasion: String
    ) -> IdentityChange {
        .notice(
            NoticeOrder(
                id: secrets.newID(), organization: code,
                key: "\(outgoing.notice.rawValue)/\(occasion)", channel: channel,
                outgoing: outgoing, cause: asked.id, actor: asked.actor, via: asked.channel,
                receivedAt: asked.receivedAt))
    }

    /// Tells a person something on the contact that is known, by letter if there is an address.
    /// - Parameter occasion: of what several persons are told at once, each their own; nil: the command.
    func tell(
        _ person: Person, _ notice: Notice, _ values: [String: String] = [:],
        occasion: String? = nil
    ) -> [IdentityChange] {
        let occasion = occasion ?? asked.name
        if let email = person.email {
            return [letter(notice, to: email, person.language, occasion, values)]
        }
        guard let phone = person.phone, NoticeChannel.message.takes(phone.text),
            notice.channels.contains(.message)
        else { return [] }
        return [
            order(
                .message,
                Outgoing(
                    to: phone.text, notice: notice, language: person.language, values: values),
                occasion)
        ]
    }

    /// A link by letter, which is counted; those of the same purpose and subject end with it.
    func link(
        _ purpose: LinkFacts.Purpose, _ subject: String, value: String? = nil, expiresAt: Int64,
        _ notice: Notice, to email: EmailAddress, _ language: String,
        _ values: [String: String] = [:]
    ) -> [IdentityChange] {
        let made = secrets.newLink()
        let page = purpose == .reset ? "reset" : "confirm"
        var values = values
        values["path"] = "/\(code)/\(page)/"
        return [
            counted(purpose == .reset ? resets(to: email) : letters(to: email)),
            .linksEnded(code, purpose, subject, at: now, but: made.hash),
            .link(
                LinkFacts(
                    hash: made.hash, organization: code, purpose: purpose, subject: subject,
                    value: value, madeAt: now, expiresAt: expiresAt)),
            letter(
                notice, to: email, language, asked.name, values, secret: made.sealed,
                expiresAt: expiresAt),
        ]
    }

    /// A code by message; nil changes with the refusal where none may be sent now.
    /// - Parameter what: what the codes of one account are counted under.
    func send(
        _ purpose: IdentityFacts.CodeKey.Purpose, _ subject: String, to phone: PhoneNumber,
        counted what: String, _ notice: Notice, _ language: String
    ) -> Result<[IdentityChange], Refusal> {
        let place = IdentityFacts.CodeKey(code, purpose, subject)
        let live = facts.codes[place]
        if let refusal = Codes.refusal(
            to: phone, live: live, sent: facts.sent[key(phone.text)] ?? [],
            ofAccount: facts.failures[key(what)], at: now, profile)
        {
            return .failure(refusal)
        }
        let made = secrets.newCode(for: purpose.rawValue, subject: subject)
        let expiresAt = now + Int64(profile.limits.codeSeconds) * Self.second
        // A new one kills the old.
        let before: [IdentityChange] = live.map { [.codeEnded(place, $0.id)] } ?? []
        let quota = Quota(what: what, most: profile.limits.codesPerAccount, window: Codes.day)
        return .success(
            before + [
                counted(quota),
                .code(
                    place,
                    CodeFacts(
                        id: asked.id, phone: phone.text, hash: made.hash, sentAt: now,
                        expiresAt: expiresAt)),
                message(
                    notice, to: phone, language, asked.name, secret: made.sealed,
                    expiresAt: expiresAt),
            ])
    }

    /// What typing a code came to.
    enum Typed {
        case right([IdentityChange])
        case wrong(IdentityDecision)
    }

    func typed(
        _ sealed: Sealed, _ purpose: IdentityFacts.CodeKey.Purpose, _ subject: String
    ) -> (Typed, phone: PhoneNumber?) {
        let place = IdentityFacts.CodeKey(code, purpose, subject)
        let live = facts.codes[place]
        let isRight = secrets.isCode(
            sealed, of: live?.hash, for: purpose.rawValue, subject: subject)
        switch (Codes.answer(live, isRight: isRight, at: now, profile.limits), live) {
        case (.right, let live?):
            return (.right([.codeEnded(place, live.id)]), PhoneNumber(live.phone))
        case (.wrong(let left), var live?) where left > 0:
            live.attempts += 1
            return (
                .wrong(
                    .refused(
                        .codeWrong, ["left": "\(left)"], [.code(place, live)])), nil
            )
        case (.wrong, let live?):
            return (.wrong(.refused(.codeEnded, [:], [.codeEnded(place, live.id)])), nil)
        default: return (.wrong(.refused(.codeEnded)), nil)
        }
    }

    // MARK: Sessions

    func session(
        _ hash: TokenHash, of person: Person, _ origin: Origin, isRemembered: Bool,
        isHalf: Bool = false
    ) -> SessionFacts {
        let terms = SessionTerms(
            profile.sessions, openedAt: now, isRemembered: isRemembered && profile.remember)
        return SessionFacts(
            hash: hash, id: asked.name, organization: code, person: person.id, openedAt: now,
            // Whoever has only the password has five minutes for the second factor.
            longestAt: isHalf ? now + 5 * Self.minute : terms.longest, idle: terms.idle,
            seenAt: now, isRemembered: isRemembered && profile.remember, origin: origin,
            isHalf: isHalf)
    }

    // MARK: Records

    /// A person's contact as it is now, at each own account: what was shared by another has contacts of its owner.
    func contacts(_ person: Person, _ kind: ContactRecord.Kind) -> [IdentityChange] {
        person.accounts.filter(\.isOwned).map { account in
            switch kind {
            case .email:
                contact(person, account, kind, person.email?.text, person.emailConfirmedAt)
            case .phone:
                contact(person, account, kind, person.phone?.text, person.phoneConfirmedAt)
            }
        }
    }

    /// The contacts that a person has left for an account are that account's no more.
    func forgotten(contactsOf person: Person, at account: Person.Account) -> [IdentityChange] {
        guard account.isOwned else { return [] }
        return [
            person.email.map { _ in contact(person, account, .email, nil, nil) },
            person.phone.map { _ in contact(person, account, .phone, nil, nil) },
        ].compactMap { $0 }
    }

    private func contact(
        _ person: Person, _ account: Person.Account, _ kind: ContactRecord.Kind, _ value: String?,
        _ confirmedAt: Int64?
    ) -> IdentityChange {
        .contact(
            ContactRecord(
                command: asked.id, organization: code, account: account.id, person: person.id,
                kind: kind, value: value, confirmedAt: confirmedAt, channel: asked.channel, at: now)
        )
    }
}
