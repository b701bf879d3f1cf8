import Commands

/// Coming in and going out (SF-036, SF-052, SF-064, SF-080), and getting back in (SF-038…SF-040).
extension IdentityDesk {
    /// Seconds after which nobody looks for the answer of a sign-in any more: what a flood leaves behind costs no hash.
    static var patience: Int64 { 30 * second }

    func signIn(_ body: SignIn) -> IdentityDecision {
        let person = facts.person(login: body.login, code, profile.mode)
        let what = failures(of: body.login, person, from: body.origin.address)
        if let rest = rest([what]) { return rest }
        guard asked.now - now < Self.patience else { return .refused(.late) }
        // Nobody's password is looked at as long as somebody's.
        let isRight = secrets.isPassword(body.password, of: person?.passwordHash)
        guard isRight, var person else { return .refused(.signIn, [:], failed([what])) }
        var changes = forgotten([what])
        if let hash = person.passwordHash, secrets.isDated(hash) {
            person.passwordHash = secrets.hash(body.password)
            changes.append(.person(person))
        }
        let needsSecond = person.authenticator != nil
        changes.append(
            .session(
                session(
                    body.session, of: person, body.origin, isRemembered: body.remember,
                    isHalf: needsSecond)))
        return .accepted(changes, needsSecond ? [JSON.Member("second", .bool(true))] : [])
    }

    /// What wrong passwords of a typed login are counted under.
    private func failures(of login: String, _ person: Person?, from network: String?) -> String {
        // Where the owner was signed in lately has a count of its own: who guesses elsewhere keeps nobody out there.
        if let person, let network, facts.networks[person.id]?.contains(network) == true {
            return person.nearFailures(network)
        }
        let key = LoginName(login, profile.mode).key
        // One password is looked at, and whose it would be nobody knows: neither of them was tried.
        return facts.isAmbiguous(login: login, code, profile.mode)
            ? IdentityFacts.failures(digits: key)
            : IdentityFacts.failures(login: key)
    }

    func secondStep(_ body: SecondStep) -> IdentityDecision {
        guard var session = facts.sessions[body.session], session.organization == code,
            session.isHalf, session.lives(at: now),
            let person = facts.persons[session.person]
        else { return .refused(.signIn) }
        let what = "second \(person.id)"
        if let rest = rest([what]) { return rest }
        guard let changes = second(body.code, of: person) else {
            return .refused(.secondFactor, whyNot(body.code, of: person), failed([what]))
        }
        let terms = SessionTerms(
            profile.sessions, openedAt: session.openedAt, isRemembered: session.isRemembered)
        session.isHalf = false
        session.longestAt = terms.longest
        session.seenAt = now
        return .accepted(changes + forgotten([what]) + [.session(session)])
    }

    /// What follows when a code of the authenticator, or a recovery code, is right; nil: it is not. The latter is told: who
    /// has found a sheet of them has what a telephone should be for.
    func second(_ code: Sealed, of person: Person) -> [IdentityChange]? {
        guard var authenticator = person.authenticator else { return nil }
        var told: [IdentityChange] = []
        if let step = secrets.step(
            of: code, secret: authenticator.secret, at: now / Self.second,
            after: authenticator.lastStep)
        {
            authenticator.lastStep = step
        } else {
            let used = authenticator.recovery.firstIndex {
                secrets.isCode(code, of: $0, for: "recovery", subject: "\(person.id)")
            }
            guard let used else { return nil }
            authenticator.recovery.remove(at: used)
            told = tell(
                person, .recoveryUsed,
                ["left": "\(authenticator.recovery.count)", "time": asked.time])
        }
        var person = person
        person.authenticator = authenticator
        return [.person(person)] + told
    }

    /// What is said of a code that is not taken: one of the authenticator's that counted, or came before one that did, was
    /// right.
    func whyNot(_ code: Sealed, of person: Person) -> [String: String] {
        guard let authenticator = person.authenticator,
            secrets.step(
                of: code, secret: authenticator.secret, at: now / Self.second, after: 0) != nil
        else { return [:] }
        return ["used": "true"]
    }

    func end(_ body: EndSession) -> IdentityDecision {
        switch body.which {
        case .this(let hash):
            guard var session = facts.sessions[hash], session.endedAt == nil,
                session.organization == code
            else { return .accepted() }
            session.endedAt = now
            session.why = "signed out"
            return .accepted([.session(session)])
        case .others(let hash):
            guard let person = asked.person, facts.persons[person] != nil else {
                return .refused(.notFound, ["what": "person"])
            }
            return .accepted([
                .sessionsEnded(person, but: hash, at: now, why: "ended by its person")
            ])
        case .one(let id):
            guard let person = asked.person,
                var session = facts.sessions.values.first(where: {
                    $0.id == id && $0.person == person
                })
            else { return .refused(.notFound, ["what": "session"]) }
            guard session.endedAt == nil else { return .accepted() }
            session.endedAt = now
            session.why = "ended by its person"
            return .accepted([.session(session)])
        }
    }

    func touch(_ body: TouchSession) -> IdentityDecision {
        guard var session = facts.sessions[body.session], session.organization == code,
            session.lives(at: now), !session.isHalf
        else { return .accepted() }
        session.seenAt = max(session.seenAt, now)
        return .accepted([.session(session)])
    }

    // MARK: Forgotten

    /// «Забыли пароль?» (SF-038): answered alike whoever asks for whom, and not more often than is sensible. While it rests, as
    /// somebody else may have asked so often, the owner still gets a letter an hour.
    func askReset(_ body: AskReset) -> IdentityDecision {
        let what = "reset \(LoginName(body.login, profile.mode).key)"
        let isResting = rest([what]) != nil
        let counted = isResting ? [] : failed([what])
        let person = facts.person(login: body.login, code, profile.mode)
        // An address that nobody has confirmed may be anybody's: only an operator's word stands for it, who took the password
        // away as it was given.
        guard let person, let email = person.email,
            person.emailConfirmedAt != nil || person.passwordHash == nil
        else { return .accepted(counted) }
        var quota = resets(to: email)
        if isResting { quota.most = 1 }
        guard !isFull(quota) else { return .accepted(counted) }
        return .accepted(counted + resetLink(person, to: email))
    }

    /// Who has no password any more, since access was restored, is not told that it stays as it was.
    private func resetLink(_ person: Person, to email: EmailAddress) -> [IdentityChange] {
        link(
            .reset, "\(person.id)",
            expiresAt: now + Int64(profile.limits.resetMinutes) * Self.minute,
            person.passwordHash == nil ? .accessRestored : .passwordReset, to: email,
            person.language, ["account": person.login])
    }

    func reset(_ body: ResetPassword) -> IdentityDecision {
        // The same work for a link that counts no more.
        let hash = secrets.hash(body.password)
        guard let link = live(body.link), link.purpose == .reset,
            var person = Int64(link.subject).flatMap({ facts.persons[$0] })
        else { return .refused(.linkEnded) }
        person.passwordHash = hash
        person.passwordChangedAt = now
        // Whoever has the letter has the address.
        var confirmed: [IdentityChange] = []
        if person.email != nil, person.emailConfirmedAt == nil {
            person.emailConfirmedAt = now
            confirmed = contacts(person, .email)
        }
        return .accepted(
            confirmed + [
                .link(used(link)), .linksEnded(code, .reset, link.subject, at: now, but: nil),
                // Whoever had the password before may have asked for letters to go elsewhere.
                .linksEnded(code, .email, link.subject, at: now, but: nil), .person(person),
                .sessionsEnded(person.id, but: nil, at: now, why: "password changed"),
            ] + forgotten(failures(of: person) + ["second \(person.id)"])
                + tell(person, .passwordChanged, ["time": asked.time]))
    }

    func live(_ hash: TokenHash) -> LinkFacts? {
        guard let link = facts.links[hash], link.organization == code, link.usedAt == nil,
            link.expiresAt.map({ now < $0 }) ?? true
        else { return nil }
        return link
    }

    func used(_ link: LinkFacts) -> LinkFacts {
        var link = link
        link.usedAt = now
        return link
    }

    /// The button behind the link of a letter.
    func open(_ body: OpenLink) -> IdentityDecision {
        guard let link = live(body.link) else {
            return .refused(hasTaken(body.link) ? .attached : .linkEnded)
        }
        switch link.purpose {
        case .registration: return confirm(link.subject, used(link), body)
        case .email: return confirmEmail(link)
        case .share: return accept(link)
        case .reset, .unsubscribe: return .refused(.linkEnded)
        }
    }

    /// A word of the result where a link did something for somebody, and another is signed in where it was opened: the
    /// cabinet that is open there is not the one it is about.
    func another(_ person: Int64) -> [JSON.Member] {
        guard let here = asked.person, here != person else { return [] }
        return [JSON.Member("other", .bool(true))]
    }

    // MARK: The operator

    /// «при себе иметь документы…» (SF-039, SF-040): a new address, a link to it, and word to the old one. Whoever was
    /// signed in is not any more, and a second factor that is lost with the contact does not stand in the way. Nor does the
    /// old password open anything from now on: without the factor it would be enough. The link sets a new one.
    func restore(_ body: RestoreAccess) -> IdentityDecision {
        guard asked.person == nil, asked.actor != "visitor" else { return .refused(.notAllowed) }
        guard var person = facts.person(login: body.login, code, profile.mode),
            // The page was of somebody else: what it showed is not who would be changed.
            body.person == nil || body.person == person.id
        else { return .refused(.notFound, ["what": "login"]) }
        if signsInByAddress(person),
            facts.occupied(body.email.key, code, but: person.id) != nil
        {
            return .refused(.identityTaken)
        }
        if profile.mode == .account {
            for account in person.accounts where account.isOwned {
                if let full = full(body.email, with: account.id) { return full }
            }
        }
        let before = person
        person.email = body.email
        person.emailConfirmedAt = nil
        person.authenticator = nil
        person.passwordHash = nil
        if (person.mode ?? profile.mode) == .email { person.signsIn(with: body.email) }
        var changes = tell(
            before, .contactRestored, ["contact": body.email.masked, "time": asked.time])
        changes += [
            .person(person), .linksEnded(code, .email, "\(person.id)", at: now, but: nil),
            .sessionsEnded(person.id, but: nil, at: now, why: "access restored"),
        ]
        changes += contacts(person, .email)
        return .accepted(changes + resetLink(person, to: body.email))
    }
}
