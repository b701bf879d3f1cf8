import Commands

/// Accounts in a person's hands: attached, named, shared, detached (SF-053, SF-065…SF-069, SF-085…SF-088).
extension IdentityDesk {
    func attach(_ body: Attach, _ person: Person) -> IdentityDecision {
        let whats = ["account \(body.account.stripped)", "person \(person.id)"]
        if let rest = rest(whats) { return rest }
        guard let holder = proved(body), let number = AccountNumber(holder.number) else {
            return .refused(.identityCheck, ["who": "attach"], failed(whats))
        }
        if let known = person.accounts.first(where: { $0.id == holder.account }), known.isOwned {
            return .refused(.attached)
        }
        if let email = person.email, let full = full(email, with: holder.account) { return full }
        var changes: [IdentityChange] = [
            .attached(
                person.id, Person.Account(id: holder.account, number: number, attachedAt: now))
        ]
        // Who owns it already learns of it: it may have been somebody who found a bill.
        for other in facts.persons.values.sorted(by: { $0.id < $1.id })
        where other.id != person.id
            && other.accounts.contains(where: { $0.id == holder.account && $0.isOwned })
        {
            changes += tell(
                other, .accountAttached, ["account": number.text],
                occasion: "\(asked.name)/\(other.id)")
        }
        // The person's contacts are from now on those of this account too.
        var grown = person
        grown.accounts = [
            Person.Account(id: holder.account, number: number, attachedAt: now)
        ]
        if person.emailConfirmedAt != nil { changes += contacts(grown, .email) }
        if person.phoneConfirmedAt != nil { changes += contacts(grown, .phone) }
        return .accepted(
            changes + forgotten(whats), [JSON.Member("account", .string(number.text))])
    }

    /// The account that what was given proves. Of several with the digits typed what was given decides, when it fits one.
    private func proved(_ body: Attach) -> HolderFacts? {
        // A password costs a hash: of several accounts none is tried.
        let only = facts.holder(body.account, code).map { [$0] } ?? []
        let candidates =
            body.factors.contains(.password) ? only : facts.candidates(body.account, code)
        guard !candidates.isEmpty else {
            // Nobody's is looked at as long as somebody's.
            _ = Ownership.isProved(body, nil, profile.attach, secrets)
            return nil
        }
        let fitting = candidates.filter { known in
            var holder = known
            // «пароль к этому лицевому счету» (SF-085): of whoever signs in with it.
            holder.passwordHash = facts.registered[known.account]
                .flatMap { facts.persons[$0]?.passwordHash }
            return Ownership.isProved(body, holder, profile.attach, secrets)
        }
        return fitting.count == 1 ? fitting[0] : nil
    }

    func rename(_ body: RenameAccount, _ person: Person) -> IdentityDecision {
        guard var account = person.holding(body.account) else {
            return .refused(.notFound, ["what": "account"])
        }
        account.name = body.name?.isEmpty == false ? body.name : nil
        return .accepted([.attached(person.id, account)])
    }

    /// «удаление лицевых счетов» (SF-088). What was shared by another is given back whatever the profile says.
    func detach(_ body: Detach, _ person: Person) -> IdentityDecision {
        guard let account = person.holding(body.account) else {
            return .refused(.notFound, ["what": "account"])
        }
        guard account.isOwned else { return .accepted(released(account, person)) }
        // The account that one signs in with goes only with the person.
        guard profile.attach.detach, person.account != account.id else {
            return .refused(.notAllowed)
        }
        return .accepted(released(account, person))
    }

    /// A person has an account no more: with it go the contacts and consents left for it, and what was shared of it.
    private func released(_ account: Person.Account, _ person: Person) -> [IdentityChange] {
        var changes = withdrawn(account, person) + forgotten(contactsOf: person, at: account)
        if account.isOwned {
            changes.append(.sharesEnded(owner: person.id, account: account.id, at: now))
        } else {
            for var share in facts.shares.values
            where share.account == account.id && share.person == person.id && share.endedAt == nil {
                share.endedAt = now
                changes.append(.share(share))
            }
        }
        return changes + [.detached(person.id, account: account.id)]
    }

    /// An operator takes an account out of somebody's hands after a check: it was attached wrongly, or is another's by now. The
    /// person is told. Whoever signs in with its number signs in with that of another own account from then on, as it is for
    /// somebody else to register; where there is none, the access ends.
    func detach(_ body: DetachPerson) -> IdentityDecision {
        guard asked.person == nil, asked.actor != "visitor" else { return .refused(.notAllowed) }
        guard let person = facts.person(login: body.login, code, profile.mode),
            // The page was of somebody else: what it showed is not who would be changed.
            body.person == nil || body.person == person.id
        else { return .refused(.notFound, ["what": "login"]) }
        guard let account = person.holding(body.account) else {
            return .refused(.notFound, ["what": "account"])
        }
        let told = tell(
            person, .accountDetached, ["account": account.number.text, "time": asked.time])
        guard person.account == account.id else {
            return .accepted(told + released(account, person))
        }
        let next = person.accounts.first {
            $0.id != account.id && $0.isOwned && facts.registered[$0.id] == nil
        }
        guard let next else { return .accepted(told + gone(person)) }
        var moved = person
        moved.login = next.number.text
        moved.account = next.id
        // The name was the holder's of the account that is somebody else's.
        moved.name = facts.holder(of: next.id)?.name ?? next.number.text
        // That account is the login from now on, and the contacts left for it are its first owner's: they are told anew.
        var grown = moved
        grown.accounts = [next]
        var changes =
            told
            + tell(person, .loginChanged, ["account": next.number.text, "time": asked.time])
        changes.append(.person(moved))
        if person.emailConfirmedAt != nil { changes += contacts(grown, .email) }
        if person.phoneConfirmedAt != nil { changes += contacts(grown, .phone) }
        return .accepted(changes + released(account, person))
    }

    // MARK: Sharing

    /// Persons whom one account may be shared with at a time.
    private static var mostShares: Int { 10 }

    func share(_ body: Share, _ person: Person) -> IdentityDecision {
        guard let account = person.holding(body.account), account.isOwned else {
            return .refused(.notFound, ["what": "account"])
        }
        guard !addresses(of: person).contains(body.email.key) else { return .refused(.shareSelf) }
        let live = live(of: person.id, account.id)
        // One invitation to an address: a new one stands in the place of the one before.
        let replaced = live.filter { $0.person == nil && $0.email.key == body.email.key }
        guard live.count - replaced.count < Self.mostShares else {
            return .refused(.shareLimit, ["most": "\(Self.mostShares)"])
        }
        let invitations = invitations(by: person)
        guard !isFull(invitations) else { return .refused(.invitationLimit) }
        let isWritten = !isFull(letters(to: body.email))
        // Whoever has had enough letters for now gets no more: the one before, if it says the same, stays with its link.
        if !isWritten, replaced.contains(where: { Set($0.rights) == Set(body.rights) }) {
            return .accepted([counted(invitations)])
        }
        let expiresAt = now + Int64(profile.limits.linkHours) * 60 * Self.minute
        var changes: [IdentityChange] = closed(replaced)
        changes += [
            .share(
                ShareFacts(
                    id: asked.name, organization: code, account: account.id,
                    number: account.number, owner: person.id, email: body.email,
                    rights: body.rights, invitedAt: now, expiresAt: expiresAt)),
            counted(invitations),
        ]
        // Nobody is written to more often than is sensible, whoever invites; the answer does not tell by how many.
        if isWritten {
            changes += link(
                .share, asked.name, expiresAt: expiresAt, .shareInvited, to: body.email,
                person.language,
                [
                    "account": account.number.text,
                    "rights": Right.allCases.filter(body.rights.contains).map(\.rawValue)
                        .joined(separator: ","),
                    "hours": "\(profile.limits.linkHours)",
                ])
        }
        return .accepted(changes)
    }

    /// What an owner shares of an account now, and whom it is offered to.
    private func live(of owner: Int64, _ account: Int64) -> [ShareFacts] {
        facts.shares.values.filter {
            $0.owner == owner && $0.account == account && $0.endedAt == nil
                && ($0.person != nil || now < $0.expiresAt)
        }.sorted { ($0.invitedAt, $0.id) < ($1.invitedAt, $1.id) }
    }

    /// Where a person reads letters, and what may be the login.
    private func addresses(of person: Person) -> Set<String> {
        Set(
            [person.email?.key, LoginName(person.login, person.mode ?? .login).key].compactMap {
                $0
            })
    }

    /// Invitations end with their links, and what was taken of them with the access, of which its person is told.
    /// - Parameter staying: who has the account by another one.
    private func closed(_ shares: [ShareFacts], but staying: Int64? = nil) -> [IdentityChange] {
        var changes: [IdentityChange] = []
        var told: Set<Int64> = []
        for var share in shares {
            share.endedAt = now
            changes += [.share(share), .linksEnded(code, .share, share.id, at: now, but: nil)]
            guard let id = share.person, id != staying, let guest = facts.persons[id],
                guest.accounts.contains(where: { $0.id == share.account && !$0.isOwned }),
                told.insert(id).inserted
            else { continue }
            changes.append(.detached(id, account: share.account))
            changes += tell(
                guest, .shareEnded, ["account": share.number.text, "time": asked.time],
                occasion: "\(asked.name)/\(id)")
        }
        return changes
    }

    /// The invitation that a link stands for, as long as nobody took it and its owner did not think better of it.
    private func invitation(_ link: LinkFacts) -> ShareFacts? {
        guard let share = facts.shares[link.subject], share.endedAt == nil, share.person == nil,
            now < share.expiresAt
        else { return nil }
        return share
    }

    private func taken(
        _ share: ShareFacts, by person: Int64, _ link: LinkFacts
    ) -> [IdentityChange] {
        var taken = share
        taken.person = person
        // Who has it from another letter of this owner's has it by the newer word alone.
        let before = live(of: share.owner, share.account).filter {
            $0.id != share.id && ($0.email.key == share.email.key || $0.person == person)
        }
        return closed(before, but: person) + [
            .link(used(link)), .share(taken),
            .attached(
                person,
                Person.Account(
                    id: share.account, number: share.number, rights: share.rights, isOwned: false,
                    attachedAt: now)),
        ]
    }

    private func tookShare(signsIn: Bool) -> [JSON.Member] {
        [
            JSON.Member("purpose", .string(LinkFacts.Purpose.share.rawValue)),
            JSON.Member("signed_in", .bool(signsIn)),
        ]
    }

    /// The invited person, signed in, takes it.
    func accept(_ link: LinkFacts) -> IdentityDecision {
        guard let share = invitation(link) else { return .refused(.linkEnded) }
        guard let person = asked.person.flatMap({ facts.persons[$0] }) else {
            return .refused(.signInFirst)
        }
        guard share.owner != person.id else { return .refused(.invitationOwn) }
        // Who owns it needs nobody's leave.
        if person.accounts.contains(where: { $0.id == share.account && $0.isOwned }) {
            return .refused(.attached)
        }
        return .accepted(taken(share, by: person.id, link), tookShare(signsIn: false))
    }

    /// Whether whoever asks took the invitation of a link before, and has its account: nobody else learns that it was taken.
    func hasTaken(_ hash: TokenHash) -> Bool {
        guard let link = facts.links[hash], link.organization == code, link.purpose == .share,
            let share = facts.shares[link.subject], let person = share.person,
            person == asked.person
        else { return false }
        return facts.persons[person]?.accounts.contains { $0.id == share.account } ?? false
    }

    /// Whoever was invited and has no login here makes one, whatever the organization's people sign in with: the address to
    /// which the invitation went. The link proves it. Only who reads that address's letters learns that it has one already.
    func registerInvited(_ body: RegisterInvited) -> IdentityDecision {
        guard body.terms == profile.terms.version else { return .refused(.identityTerms) }
        // The same work for a link that counts no more.
        let hash = secrets.hash(body.password)
        guard let link = live(body.link), link.purpose == .share, let share = invitation(link)
        else { return .refused(.linkEnded) }
        let login = share.email.key
        guard facts.occupied(login, code) == nil else {
            return .refused(.identityTaken)
        }
        guard let id = facts.ids.last else { return .refused(.notFound) }
        let person = Person(
            id: id, organization: code, mode: .email, login: login, name: login,
            email: share.email, emailConfirmedAt: now, language: body.language,
            passwordHash: hash, passwordChangedAt: now)
        let signsIn = profile.autoSignIn == .always
        var changes: [IdentityChange] = [.person(person)]
        changes += taken(share, by: id, link)
        changes.append(
            agreed(id, body.terms, hash: nil, body.origin, channel: asked.channel, at: now))
        changes += forgotten([person.failures])
        if signsIn {
            changes.append(
                .session(session(body.session, of: person, body.origin, isRemembered: false)))
        }
        return .accepted(changes, tookShare(signsIn: signsIn))
    }

    func endShare(_ body: EndShare, _ person: Person) -> IdentityDecision {
        guard let account = person.holding(body.account), account.isOwned,
            let share = facts.shares[body.share], share.owner == person.id,
            share.account == account.id
        else { return .refused(.notFound, ["what": "share"]) }
        guard share.endedAt == nil else { return .accepted() }
        // It is closed to whoever took it, and to all of that address: no other letter lets them in again.
        var closing: Set<String> = [share.email.key]
        if let guest = share.person.flatMap({ facts.persons[$0] }) {
            closing.formUnion(addresses(of: guest))
        }
        let ending = live(of: person.id, account.id).filter { other in
            other.id == share.id || closing.contains(other.email.key)
                || share.person != nil && other.person == share.person
        }
        return .accepted(closed(ending))
    }

    // MARK: Services

    /// What a person has consented to for an account; what another owner of it has is theirs.
    func consents(_ person: Int64, _ account: Int64) -> Set<IdentityProfile.Consent.Purpose> {
        facts.consents[.init(person: person, account: account)] ?? []
    }

    /// The consents of who has the account no more end, whoever else owns it.
    func withdrawn(_ account: Person.Account, _ person: Person) -> [IdentityChange] {
        let on = consents(person.id, account.id)
        return IdentityProfile.Consent.Purpose.allCases.filter(on.contains).map { purpose in
            .consent(
                record(
                    purpose, of: account.id, person.id, isGiven: false, contact: nil, Origin()))
        }
    }

    func record(
        _ purpose: IdentityProfile.Consent.Purpose, of account: Int64, _ person: Int64?,
        isGiven: Bool, contact: String?, _ origin: Origin, channel: String? = nil
    ) -> ConsentRecord {
        let consent = profile.services.first { $0.purpose == purpose }
        return ConsentRecord(
            command: asked.id, organization: code, account: account, person: person,
            purpose: purpose.rawValue, isGiven: isGiven, version: consent?.version ?? "",
            text: consent?.text ?? "", contact: contact, channel: channel ?? asked.channel,
            origin: origin, at: now)
    }

    /// «Сохранить изменения» (SF-130…SF-137): each purpose of its own, as it was shown, to a contact that was confirmed.
    func save(_ body: SaveServices, _ person: Person) -> IdentityDecision {
        guard let account = person.holding(body.account), account.isOwned else {
            return .refused(.notFound, ["what": "account"])
        }
        let before = consents(person.id, account.id)
        guard body.on.allSatisfy({ on in profile.services.contains { $0.purpose == on } }) else {
            return .refused(.notAllowed)
        }
        var changes: [IdentityChange] = []
        for consent in profile.services {
            let isOn = body.on.contains(consent.purpose)
            guard isOn != before.contains(consent.purpose) else { continue }
            var contact: String?
            if isOn {
                // Only what was read is agreed to.
                guard body.versions[consent.purpose.rawValue] == consent.version else {
                    return .refused(.identityTerms)
                }
                switch consent.purpose.way {
                case .email:
                    guard person.emailConfirmedAt != nil, let email = person.email else {
                        return .refused(.contactMissing)
                    }
                    contact = email.masked
                case .sms:
                    guard person.phoneConfirmedAt != nil, let phone = person.phone else {
                        return .refused(.contactMissing)
                    }
                    contact = phone.masked
                case nil: break
                }
            }
            changes.append(
                .consent(
                    record(
                        consent.purpose, of: account.id, person.id, isGiven: isOn,
                        contact: contact, body.origin)))
        }
        return .accepted(changes)
    }

    /// What a consent that was taken back by the link of a letter came by: nobody was in the cabinet.
    static var letterChannel: String { "letter" }

    /// One click in a letter (RFC 8058): again and again, with nobody signed in.
    func unsubscribe(_ body: Unsubscribe) -> IdentityDecision {
        guard let link = facts.links[body.link], link.organization == code,
            let consent = link.consent,
            let purpose = link.value.flatMap(IdentityProfile.Consent.Purpose.init(rawValue:))
        else { return .refused(.linkEnded) }
        // Of a letter of before nobody knows any more to whom it went.
        let readers =
            consent.person.map { [$0] }
            ?? facts.consents.keys.filter { $0.account == consent.account }.map(\.person).sorted()
        return .accepted(
            readers.filter { consents($0, consent.account).contains(purpose) }.map { reader in
                .consent(
                    record(
                        purpose, of: consent.account, reader, isGiven: false, contact: nil,
                        body.origin, channel: Self.letterChannel))
            })
    }
}
