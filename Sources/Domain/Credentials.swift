import Commands

/// What a signed-in person changes of the own access (SF-082, SF-088…SF-090; domain.md §8).
extension IdentityDesk {
    /// Nil when the password is right; else the refusal, counted apart from wrong sign-ins: who guesses elsewhere keeps nobody
    /// from what is done within.
    private func wrong(_ password: Sealed, _ person: Person) -> IdentityDecision? {
        let whats = [person.insideFailures]
        if let rest = rest(whats) { return rest }
        guard secrets.isPassword(password, of: person.passwordHash) else {
            return .refused(.password, [:], failed(whats))
        }
        return nil
    }

    func changePassword(_ body: ChangePassword, _ person: Person) -> IdentityDecision {
        if let wrong = wrong(body.old, person) { return wrong }
        guard !secrets.isPassword(body.new, of: person.passwordHash) else {
            return .refused(.samePassword, [:], forgotten([person.insideFailures]))
        }
        var person = person
        person.passwordHash = secrets.hash(body.new)
        person.passwordChangedAt = now
        // What was guessed at is no more, wherever that was; the second factor is what it was.
        let opened = forgotten(failures(of: person))
        return .accepted(
            [
                .person(person),
                .sessionsEnded(person.id, but: body.session, at: now, why: "password changed"),
                // Who had asked for one by letter meanwhile needs it no more.
                .linksEnded(code, .reset, "\(person.id)", at: now, but: nil),
                .linksEnded(code, .email, "\(person.id)", at: now, but: nil),
            ] + opened
                + tell(person, .passwordChanged, ["time": asked.time]))
    }

    func changeEmail(_ body: ChangeEmail, _ person: Person) -> IdentityDecision {
        if let wrong = wrong(body.password, person) { return wrong }
        let opened = forgotten([person.insideFailures])
        if body.email.key == person.email?.key, person.emailConfirmedAt != nil {
            return .refused(.ownEmail, [:], opened)
        }
        let changes = emailChanges(by: person)
        let letters = letters(to: body.email)
        // Both are asked of an address that has a login here and of one that has none.
        if let limit = full(changes, .emailChangeLimit) ?? full(letters, .letterLimit) {
            return .refused(limit.code, limit.values, opened)
        }
        let sent = [JSON.Member("sent", .bool(true))]
        // Only who reads the letters of an address learns that it has a login here.
        if let other = occupant(body.email, person) {
            return .accepted(
                opened + [counted(changes), counted(letters)] + reminder(other), sent)
        }
        if let refused = taken(body.email, person) { return refused }
        return .accepted(
            opened + [counted(changes)] + confirming(body.email, of: person), sent)
    }

    /// A letter with the link that makes an address the person's, and confirmed.
    func confirming(_ email: EmailAddress, of person: Person) -> [IdentityChange] {
        link(
            .email, "\(person.id)", value: email.text,
            expiresAt: now + Int64(profile.limits.linkHours) * 60 * Self.minute,
            .emailConfirm, to: email, person.language)
    }

    /// Who comes in by an address that a person wants to come in by; nil: nobody.
    private func occupant(_ email: EmailAddress, _ person: Person) -> Person? {
        guard email.key != person.email?.key, signsInByAddress(person) else { return nil }
        return facts.occupied(email.key, code, but: person.id)
    }

    /// Why a person may not have an address; nil: they may.
    private func taken(_ email: EmailAddress, _ person: Person) -> IdentityDecision? {
        guard email.key != person.email?.key else { return nil }
        if occupant(email, person) != nil { return .refused(.identityTaken) }
        guard profile.mode == .account else { return nil }
        var own = facts.ofAddress[key(email.key)] ?? []
        own.formUnion(person.accounts.filter(\.isOwned).map(\.id))
        guard let most = profile.attach.mostPerEmail, own.count > most else { return nil }
        return .refused(.emailLimit, ["most": "\(most)"])
    }

    /// Whether the address opens the cabinet, and so is nobody else's; one of mode account may be of several.
    func signsInByAddress(_ person: Person) -> Bool {
        (person.mode ?? profile.mode) != .account
    }

    /// Confirmed from the new address, told to the old one.
    func confirmEmail(_ link: LinkFacts) -> IdentityDecision {
        guard let before = Int64(link.subject).flatMap({ facts.persons[$0] }),
            let email = link.value.flatMap({ EmailAddress($0) })
        else { return .refused(.linkEnded) }
        // What was free when the letter left may be taken.
        if let refused = taken(email, before) { return refused }
        var person = before
        person.email = email
        person.emailConfirmedAt = now
        if (person.mode ?? profile.mode) == .email { person.signsIn(with: email) }
        let isLogin = person.login != before.login
        // What was sent to the old address counts no more.
        var changes: [IdentityChange] = [
            .link(used(link)), .linksEnded(code, .reset, link.subject, at: now, but: nil),
            .person(person),
        ]
        if before.email != nil, before.email?.key != email.key {
            var values = ["contact": email.masked, "time": asked.time]
            if isLogin { values["login"] = email.masked }
            changes += tell(before, .emailChanged, values)
        }
        changes += contacts(person, .email)
        return .accepted(
            changes,
            [
                JSON.Member("purpose", .string(link.purpose.rawValue)),
                JSON.Member("signed_in", .bool(false)),
            ] + (isLogin ? [JSON.Member("login", .bool(true))] : []) + another(person.id))
    }

    func changePhone(_ body: ChangePhone, _ person: Person) -> IdentityDecision {
        // A command of before there was one to give.
        guard let password = body.password else { return .refused(.password) }
        if let wrong = wrong(password, person) { return wrong }
        switch send(
            .phone, "\(person.id)", to: body.phone, counted: person.codes, .phoneCode,
            person.language)
        {
        case .failure(let refusal):
            return .refused(refusal.code, refusal.values, forgotten([person.insideFailures]))
        case .success(let sent):
            return .accepted(
                forgotten([person.insideFailures]) + sent, [JSON.Member("sent", .bool(true))])
        }
    }

    func confirmPhone(_ body: ConfirmPhone, _ person: Person) -> IdentityDecision {
        let (typed, phone) = typed(body.code, .phone, "\(person.id)")
        switch typed {
        case .wrong(let decision): return decision
        case .right(let changes):
            guard let phone else { return .refused(.codeEnded) }
            let before = person
            var person = person
            person.phone = phone
            person.phoneConfirmedAt = now
            var told: [IdentityChange] = []
            if before.phone != phone {
                let values = ["contact": phone.masked, "time": asked.time]
                told = tell(before, .phoneChanged, values)
                // Who has an address is told there; the old number, whoever has it by now, is told in any case.
                if before.email != nil {
                    var bare = before
                    bare.email = nil
                    told += tell(bare, .phoneChanged, values, occasion: "\(asked.name)/phone")
                }
            }
            return .accepted(
                changes + [.person(person)] + told + contacts(person, .phone))
        }
    }

    // MARK: The second factor

    func enable(_ body: EnableSecondFactor, _ person: Person) -> IdentityDecision {
        guard profile.secondFactor else { return .refused(.notAllowed) }
        if let wrong = wrong(body.password, person) { return wrong }
        guard person.authenticator == nil else { return .refused(.secondFactorOn) }
        guard
            let step = secrets.step(
                of: body.code, secret: body.secret.text, at: now / Self.second, after: 0)
        else { return .refused(.secondFactor, [:], failed([person.insideFailures])) }
        var person = person
        person.authenticator = Person.Authenticator(
            secret: body.secret.text, lastStep: step, enabledAt: now,
            recovery: secrets.recoveryHashes(body.recovery, of: person.id))
        return .accepted(
            [.person(person)] + forgotten([person.insideFailures])
                + tell(person, .secondFactorOn, ["time": asked.time]))
    }

    func disable(_ body: DisableSecondFactor, _ person: Person) -> IdentityDecision {
        if let wrong = wrong(body.password, person) { return wrong }
        guard person.authenticator != nil else { return .refused(.secondFactorOff) }
        guard second(body.code, of: person) != nil else {
            return .refused(
                .secondFactor, whyNot(body.code, of: person), failed([person.insideFailures]))
        }
        var person = person
        person.authenticator = nil
        return .accepted(
            [.person(person)] + forgotten([person.insideFailures])
                + tell(person, .secondFactorOff, ["time": asked.time]))
    }

    // MARK: The end

    /// «удаление … учетной записи» (SF-089): contacts and credentials go; money, readings and the record of consents stay
    /// with the account (152-ФЗ, статья 21; domain.md §8).
    func delete(_ body: DeleteUser, _ person: Person) -> IdentityDecision {
        guard profile.deleteUser else { return .refused(.notAllowed) }
        if let wrong = wrong(body.password, person) { return wrong }
        return .accepted(gone(person))
    }

    /// A person goes, and is told so.
    func gone(_ person: Person) -> [IdentityChange] {
        var changes = tell(person, .userDeleted)
        for account in person.accounts {
            changes += withdrawn(account, person) + forgotten(contactsOf: person, at: account)
        }
        changes += [
            agreed(
                person.id, profile.terms.version, hash: nil, Origin(), channel: asked.channel,
                at: now, isGiven: false),
            .sharesEnded(owner: person.id, account: nil, at: now), .personDeleted(person.id),
        ]
        return changes + forgotten([person.failures, person.insideFailures])
    }
}
