import Commands

/// Registration (SF-020…SF-037, SF-051, SF-061…SF-063). Nothing is half made: before it is confirmed there is a
/// registration and nothing else, and whoever confirms too late begins anew. Somebody else may begin one for the same account
/// or address: each stands for itself until it expires, the first that is confirmed ends the others, and the letter's link
/// confirms only what whoever opens it began.
extension IdentityDesk {
    /// Registrations of one login that wait at a time; the oldest gives way to one more.
    private static var mostWaiting: Int { 10 }

    /// Whether an account is there to register, and the surname is its holder's. Of several with these digits the surname
    /// decides. One answer for unknown, wrong and already registered, and the same work for each.
    private func proven(
        _ number: AccountNumber, _ surname: String
    ) -> (holder: HolderFacts?, registered: Person?) {
        let surname = Surname(surname)
        let candidates = facts.candidates(number, code)
        // Nobody's surname is looked at as long as somebody's.
        let surnames = candidates.isEmpty ? ["Никто"] : candidates.map { $0.surname ?? "Никто" }
        let isNamed = surnames.map { surname?.isOf(holder: $0) ?? false }
        let fitting = zip(candidates, isNamed).filter { $1 && !$0.isClosed }.map { holder, _ in
            holder
        }
        guard fitting.count == 1, let holder = fitting.first else { return (nil, nil) }
        return (holder, facts.registered[holder.account].flatMap { facts.persons[$0] })
    }

    private func refused(_ whats: [String], _ registered: Person?) -> IdentityDecision {
        .refused(
            .identityCheck, [:],
            failed(whats) + (registered.map(reminder) ?? []))
    }

    /// Who is registered already is told so, where only the owner reads it; once a day.
    func reminder(_ person: Person) -> [IdentityChange] {
        guard let email = person.email else { return [] }
        return [
            letter(
                .registrationExists, to: email, person.language,
                "\(person.id)/\(asked.time.prefix(10))")
        ]
    }

    /// «После успешного ввода данных … загрузится новая страница» (SF-022).
    func check(_ body: CheckHolder) -> IdentityDecision {
        guard profile.mode == .account else { return .refused(.notAllowed) }
        let whats = ["account \(body.account.stripped)"]
        if let rest = rest(whats) { return rest }
        let (holder, registered) = proven(body.account, body.surname)
        guard holder != nil, registered == nil else { return refused(whats, registered) }
        return .accepted()
    }

    func register(_ body: Registration) -> IdentityDecision {
        guard body.terms == profile.terms.version else { return .refused(.identityTerms) }
        if let missing = missing(body) { return .refused(.identityField, ["field": missing]) }
        if let phone = body.phone, body.way == .sms,
            !profile.smsPrefixes.contains(where: { phone.text.hasPrefix($0) })
        {
            return .refused(.phoneNotServed)
        }
        let login: String
        var whats: [String] = []
        var account: Int64?
        // The password costs the same whatever comes of the rest: how long an answer takes tells nothing.
        switch profile.mode {
        case .account:
            guard let number = body.account, let surname = body.surname else {
                return .refused(.identityField)
            }
            whats = ["account \(number.stripped)"]
            if let rest = rest(whats) { return rest }
            let hash = secrets.hash(body.password)
            let (holder, registered) = proven(number, surname)
            guard let holder, registered == nil else { return refused(whats, registered) }
            login = holder.number
            account = holder.account
            if let email = body.email, let full = full(email, with: holder.account) { return full }
            return begin(body, login, account, hash)
        case .email:
            guard let email = body.email else { return .refused(.identityField) }
            login = email.key
            let hash = secrets.hash(body.password)
            if let taken = facts.occupied(login, code) {
                // Where a letter confirms, only who reads the letters learns of it.
                return profile.confirm.contains(.email) ? told(taken, email) : refused([], taken)
            }
            return begin(body, login, nil, hash)
        case .login:
            guard let typed = body.login, let email = body.email else {
                return .refused(.identityField)
            }
            login = LoginName(typed, .login).key
            guard Self.isLogin(login) else { return .refused(.loginShape) }
            let hash = secrets.hash(body.password)
            // «Нельзя зарегистрировать учетную запись с уже существующим логином или электронным адресом» (SF-062). That a
            // login is taken has to be said, as another is to be thought of; of an address only who reads its letters learns.
            guard facts.occupied(login, code) == nil else { return .refused(.identityTaken) }
            if let taken = facts.occupied(email.key, code) {
                return body.way == .email ? told(taken, email) : .refused(.identityTaken)
            }
            return begin(body, login, nil, hash)
        }
    }

    /// Who has the address already is told so, and whoever asks is answered as if it were nobody's, however often they ask.
    private func told(_ taken: Person, _ email: EmailAddress) -> IdentityDecision {
        let letters = letters(to: email)
        if let limit = full(letters, .letterLimit) { return .refused(limit) }
        return .accepted([counted(letters)] + reminder(taken), began(.email))
    }

    /// Letters, digits, dot, hyphen and underscore, 3…50: nobody's login looks like another's address. Nor like another's
    /// login: letters that only look otherwise, as «ｖ», «ﬁ» and «𝐚» do, are none (NFKC).
    static func isLogin(_ login: String) -> Bool {
        (3...50).contains(login.unicodeScalars.count)
            && login.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic && !$0.properties.changesWhenNFKCCaseFolded
                    || ("0"..."9").contains($0)
                    || "._-".unicodeScalars.contains($0)
            }
    }

    /// The first field that the mode needs and the body has not.
    private func missing(_ body: Registration) -> String? {
        if profile.mode == .account {
            if body.account == nil { return "account" }
            if body.surname == nil { return "surname" }
        }
        if profile.mode == .login, body.login == nil { return "login" }
        if !profile.confirm.isEmpty {
            guard let way = body.way, profile.confirm.contains(way) else { return "way" }
        }
        let needsEmail =
            profile.mode != .account || body.way != .sms || profile.emailWithSMS
        return needsEmail && body.email == nil ? "email" : nil
    }

    /// «не более 10 лицевых счетов» (SF-041): refused when this account would be one too many for the address. Whoever
    /// counts holds the address's lock.
    func full(_ email: EmailAddress, with account: Int64) -> IdentityDecision? {
        guard let most = profile.attach.mostPerEmail else { return nil }
        let accounts = facts.ofAddress[key(email.key)] ?? []
        guard !accounts.contains(account), accounts.count >= most else { return nil }
        return .refused(.emailLimit, ["most": "\(most)"])
    }

    private func began(_ way: IdentityProfile.Way?, isSent: Bool = false) -> [JSON.Member] {
        [
            JSON.Member("registration", .string(asked.name)),
            JSON.Member("way", .string(way?.rawValue ?? "none")),
        ] + (isSent ? [JSON.Member("sent", .bool(true))] : [])
    }

    private func begin(
        _ body: Registration, _ login: String, _ account: Int64?, _ hash: String
    ) -> IdentityDecision {
        let way = profile.confirm.isEmpty ? nil : body.way
        let registration = RegistrationFacts(
            id: asked.name, organization: code, mode: profile.mode, login: login,
            account: account, email: body.email, phone: body.phone, passwordHash: hash, way: way,
            language: body.language, terms: body.terms, browser: body.browser, origin: body.origin,
            channel: asked.channel, beganAt: now,
            expiresAt: now + Int64(profile.limits.linkHours) * 60 * Self.minute)
        let before = waiting(login)
        var changes = before.prefix(max(0, before.count + 1 - Self.mostWaiting)).flatMap {
            ended($0, .replaced)
        }
        switch way {
        case nil:
            let (done, made) = complete(registration, phone: nil)
            guard case .success(let made) = made else { return done }
            return .accepted(made.changes, began(nil))
        case .email:
            guard let email = body.email else { return .refused(.identityField) }
            // Whoever has had enough letters for now gets no more: those before, with their links, stay.
            if let limit = full(letters(to: email), .letterLimit) { return .refused(limit) }
            changes.append(.registration(registration))
            changes += link(
                .registration, registration.id, expiresAt: registration.expiresAt,
                .registrationConfirm, to: email, body.language)
            return .accepted(changes, began(.email))
        case .sms:
            changes.append(.registration(registration))
            guard let phone = body.phone else { return .accepted(changes, began(.sms)) }
            switch send(
                .registration, registration.id, to: phone, counted: registration.codes,
                .registrationCode, body.language)
            {
            case .failure(let refusal): return .refused(refusal)
            case .success(let sent): return .accepted(changes + sent, began(.sms, isSent: true))
            }
        }
    }

    private func ended(
        _ registration: RegistrationFacts, _ end: RegistrationFacts.End
    ) -> [IdentityChange] {
        var registration = registration
        registration.end = end
        registration.endedAt = now
        var changes: [IdentityChange] = [
            .registration(registration),
            .linksEnded(code, .registration, registration.id, at: now, but: nil),
        ]
        let place = IdentityFacts.CodeKey(code, .registration, registration.id)
        if let live = facts.codes[place] { changes.append(.codeEnded(place, live.id)) }
        return changes
    }

    private func live(_ id: String) -> RegistrationFacts? {
        guard let registration = facts.registrations[id], registration.organization == code,
            registration.waits(at: now)
        else { return nil }
        return registration
    }

    /// The registrations of a login that wait to be confirmed, the oldest first.
    private func waiting(_ login: String) -> [RegistrationFacts] {
        facts.registrations.values.filter {
            $0.organization == code && $0.login == login && $0.waits(at: now)
        }.sorted { ($0.beganAt, $0.id) < ($1.beganAt, $1.id) }
    }

    /// «Отправить смс», and «ещё раз» to the number that was given before, which nobody has to type again (SF-033). Either is
    /// counted as a code to that number.
    func sendCode(_ body: SendCode) -> IdentityDecision {
        guard var registration = live(body.registration), registration.way == .sms else {
            return .refused(.linkEnded)
        }
        guard let phone = body.phone ?? registration.phone else {
            return .refused(.identityField, ["field": "phone"])
        }
        switch send(
            .registration, registration.id, to: phone, counted: registration.codes,
            .registrationCode, registration.language)
        {
        case .failure(let refusal): return .refused(refusal)
        case .success(let sent):
            registration.phone = phone
            return .accepted(
                [.registration(registration)] + sent,
                [JSON.Member("seconds", .int(Int64(profile.limits.codeAgain)))])
        }
    }

    /// «Код подтверждения», «ОК» (SF-034, SF-035).
    func confirm(_ body: Confirm) -> IdentityDecision {
        let registration = live(body.registration)
        let (typed, phone) = typed(body.code, .registration, body.registration)
        guard let registration else { return .refused(.linkEnded) }
        switch typed {
        case .wrong(let decision): return decision
        case .right(let changes):
            return finish(
                registration, phone: phone, body.session, body.origin, changes,
                signsIn: profile.autoSignIn != .never)
        }
    }

    /// The link of the letter (SF-031, SF-063). Whoever reads it may not have begun what it confirms: in the browser that did
    /// the button is enough, elsewhere the password that was typed then is asked for, and tried as a sign-in's is.
    func confirm(
        _ registration: String, _ used: LinkFacts, _ body: OpenLink
    ) -> IdentityDecision {
        guard let registration = live(registration) else { return .refused(.linkEnded) }
        let whats = [registration.failures]
        if !registration.isBegun(in: body.browsers) {
            guard let password = body.password else { return .refused(.registrationElsewhere) }
            if let rest = rest(whats) { return rest }
            guard asked.now - now < Self.patience else { return .refused(.late) }
            guard secrets.isPassword(password, of: registration.passwordHash) else {
                return .refused(.registrationPassword, [:], failed(whats))
            }
        }
        return finish(
            registration, phone: nil, body.session, body.origin,
            [.link(used)] + forgotten(whats), signsIn: profile.autoSignIn == .always,
            [JSON.Member("purpose", .string(LinkFacts.Purpose.registration.rawValue))])
    }

    private func finish(
        _ registration: RegistrationFacts, phone: PhoneNumber?, _ session: TokenHash,
        _ origin: Origin, _ before: [IdentityChange], signsIn: Bool, _ members: [JSON.Member] = []
    ) -> IdentityDecision {
        let (refused, completed) = complete(registration, phone: phone)
        guard case .success(let made) = completed else {
            return IdentityDecision(
                outcome: refused.outcome,
                changes: before + ended(registration, .refused) + refused.changes)
        }
        var changes = before + made.changes
        if signsIn {
            changes.append(
                .session(self.session(session, of: made.person, origin, isRemembered: false)))
        }
        return .accepted(
            changes,
            members + [JSON.Member("signed_in", .bool(signsIn))] + another(made.person.id))
    }

    /// The consent to the terms of processing.
    /// - Parameters:
    ///   - hash: of the text that was shown; nil: it is the one in force.
    ///   - isGiven: false: whoever gave it has access no more (152-ФЗ, статья 9, часть 2).
    func agreed(
        _ person: Int64, _ version: String, hash: String?, _ origin: Origin, channel: String,
        at: Int64, isGiven: Bool = true
    ) -> IdentityChange {
        .consent(
            ConsentRecord(
                command: asked.id, organization: code, account: nil, person: person,
                purpose: "terms", isGiven: isGiven, version: version, text: profile.terms.text,
                textHash: hash, contact: nil, channel: channel, origin: origin, at: at))
    }

    struct Completed: Sendable {
        var person: Person
        var changes: [IdentityChange]
    }
    enum Completion {
        case success(Completed)
        case failure
    }

    /// The person, who is there from now on. What was true when the registration began may be no more: it is asked again.
    private func complete(
        _ registration: RegistrationFacts, phone: PhoneNumber?
    ) -> (IdentityDecision, Completion) {
        let holder = registration.account.flatMap { facts.holder(of: $0) }
        switch registration.mode {
        case .account:
            guard let holder, !holder.isClosed, facts.registered[holder.account] == nil,
                facts.occupied(registration.login, code) == nil
            else {
                return (.refused(.identityCheck), .failure)
            }
            if let email = registration.email, let full = full(email, with: holder.account) {
                return (full, .failure)
            }
        case .email, .login:
            guard facts.occupied(registration.login, code) == nil,
                registration.email.flatMap({ facts.occupied($0.key, code) }) == nil
            else { return (.refused(.identityTaken), .failure) }
        }
        guard let id = facts.ids.last else { return (.refused(.notFound), .failure) }
        let isConfirmed = registration.way == .email
        var person = Person(
            id: id, organization: code, mode: registration.mode, login: registration.login,
            name: holder?.name ?? registration.login, account: registration.account,
            email: registration.email, emailConfirmedAt: isConfirmed ? now : nil,
            phone: phone, phoneConfirmedAt: phone.map { _ in now },
            language: registration.language, passwordHash: registration.passwordHash,
            passwordChangedAt: now)
        var changes: [IdentityChange] = [.person(person)]
        if let holder, let number = AccountNumber(holder.number) {
            let account = Person.Account(id: holder.account, number: number, attachedAt: now)
            person.accounts = [account]
            changes.append(.attached(id, account))
        }
        changes.append(
            agreed(
                id, registration.terms, hash: registration.termsHash, registration.origin,
                channel: registration.channel, at: registration.beganAt))
        if let email = registration.email {
            changes += contacts(person, .email)
            if !isConfirmed, !isFull(letters(to: email)) {
                changes += confirming(email, of: person)
            }
        }
        if phone != nil { changes += contacts(person, .phone) }
        changes += ended(registration, .confirmed)
        // Those of others who began one for the same login, with their links and codes.
        for other in waiting(registration.login) where other.id != registration.id {
            changes += ended(other, .replaced)
        }
        changes += forgotten([person.failures])
        return (.accepted(), .success(Completed(person: person, changes: changes)))
    }
}
