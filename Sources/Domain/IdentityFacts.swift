public import Commands

/// A person who has access, with what is needed to decide about it. Times are microseconds since 1970-01-01 UTC.
public struct Person: Sendable, Equatable {
    public struct Account: Sendable, Equatable {
        public var id: Int64
        public var number: AccountNumber
        /// What the person calls it.
        public var name: String?
        public var rights: [Right]
        /// Not shared by another person.
        public var isOwned: Bool
        public var attachedAt: Int64

        public init(
            id: Int64, number: AccountNumber, name: String? = nil, rights: [Right] = Right.allCases,
            isOwned: Bool = true, attachedAt: Int64
        ) {
            self.id = id
            self.number = number
            self.name = name
            self.rights = rights
            self.isOwned = isOwned
            self.attachedAt = attachedAt
        }
    }

    /// The second factor.
    public struct Authenticator: Sendable, Equatable {
        /// Sealed to the workers' key.
        public var secret: String
        /// The step of the last code that counted.
        public var lastStep: Int64
        public var enabledAt: Int64
        /// Keyed hashes of the recovery codes that are left.
        public var recovery: [[UInt8]]

        public init(secret: String, lastStep: Int64, enabledAt: Int64, recovery: [[UInt8]]) {
            self.secret = secret
            self.lastStep = lastStep
            self.enabledAt = enabledAt
            self.recovery = recovery
        }
    }

    public var id: Int64
    public var organization: String
    /// Nil: of the demo.
    public var mode: IdentityProfile.Mode?
    public var login: String
    public var name: String
    /// Of mode account: the one whose number is the login (SF-036).
    public var account: Int64?
    public var email: EmailAddress?
    public var emailConfirmedAt: Int64?
    public var phone: PhoneNumber?
    public var phoneConfirmedAt: Int64?
    public var language: String
    /// Nil: none that opens anything, until a link sets one.
    public var passwordHash: String?
    public var passwordChangedAt: Int64
    public var authenticator: Authenticator?
    public var accounts: [Account]

    public init(
        id: Int64, organization: String, mode: IdentityProfile.Mode?, login: String, name: String,
        account: Int64? = nil, email: EmailAddress? = nil, emailConfirmedAt: Int64? = nil,
        phone: PhoneNumber? = nil, phoneConfirmedAt: Int64? = nil, language: String = "ru",
        passwordHash: String? = nil, passwordChangedAt: Int64 = 0,
        authenticator: Authenticator? = nil, accounts: [Account] = []
    ) {
        self.id = id
        self.organization = organization
        self.mode = mode
        self.login = login
        self.name = name
        self.account = account
        self.email = email
        self.emailConfirmedAt = emailConfirmedAt
        self.phone = phone
        self.phoneConfirmedAt = phoneConfirmedAt
        self.language = language
        self.passwordHash = passwordHash
        self.passwordChangedAt = passwordChangedAt
        self.authenticator = authenticator
        self.accounts = accounts
    }

    /// What its failures are counted under, wherever they come from.
    public var failures: String {
        IdentityFacts.failures(login: LoginName(login, mode ?? .login).key)
    }
    /// What those from a network where it was signed in are counted under, whatever name of it was typed.
    public func nearFailures(_ network: String) -> String { "\(failures) from \(network)" }
    /// What those of whoever is signed in already are counted under: no stranger's guesses are among them.
    public var insideFailures: String { "inside \(id)" }
    /// What the codes sent for it are counted under.
    public var codes: String {
        IdentityFacts.codes(login: LoginName(login, mode ?? .login).key)
    }
    /// What its invitations are counted under.
    public var invitations: String { "invitations \(id)" }
    /// What its letters to addresses that are to be confirmed are counted under.
    public var emailChanges: String { "email changes \(id)" }

    /// Another address is the login from now on. Who is addressed by the old one, having no name, is addressed by the new one.
    mutating func signsIn(with email: EmailAddress) {
        if name == login { name = email.key }
        login = email.key
    }

    /// One's own account of this number, however it was typed.
    public func holding(_ number: AccountNumber) -> Account? {
        if let exact = accounts.first(where: { $0.number.text == number.text }) { return exact }
        let alike = accounts.filter { $0.number.stripped == number.stripped }
        let isBare = number.text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        return isBare && alike.count == 1 ? alike[0] : nil
    }
}

/// A registration until it is confirmed.
public struct RegistrationFacts: Sendable, Equatable {
    public enum End: String, Sendable { case confirmed, replaced, refused }

    public var id: String
    public var organization: String
    public var mode: IdentityProfile.Mode
    public var login: String
    public var account: Int64?
    public var email: EmailAddress?
    public var phone: PhoneNumber?
    public var passwordHash: String
    /// Nil: nothing has to be confirmed.
    public var way: IdentityProfile.Way?
    public var language: String
    public var terms: String
    /// SHA-256 of the terms' text, in hexadecimal. Nil: it has just begun, by the text in force.
    public var termsHash: String?
    /// What the browser that began it holds. Nil: nothing that opens the letter's link without the password.
    public var browser: TokenHash?
    public var origin: Origin
    public var channel: String
    public var beganAt: Int64
    public var expiresAt: Int64
    public var end: End?
    public var endedAt: Int64?

    public init(
        id: String, organization: String, mode: IdentityProfile.Mode, login: String,
        account: Int64?, email: EmailAddress?, phone: PhoneNumber?, passwordHash: String,
        way: IdentityProfile.Way?, language: String, terms: String, termsHash: String? = nil,
        browser: TokenHash?, origin: Origin, channel: String, beganAt: Int64, expiresAt: Int64,
        end: End? = nil, endedAt: Int64? = nil
    ) {
        self.id = id
        self.organization = organization
        self.mode = mode
        self.login = login
        self.account = account
        self.email = email
        self.phone = phone
        self.passwordHash = passwordHash
        self.way = way
        self.language = language
        self.terms = terms
        self.termsHash = termsHash
        self.browser = browser
        self.origin = origin
        self.channel = channel
        self.beganAt = beganAt
        self.expiresAt = expiresAt
        self.end = end
        self.endedAt = endedAt
    }

    /// What the codes sent for it are counted under.
    public var codes: String { IdentityFacts.codes(login: LoginName(login, mode).key) }
    /// What wrong passwords behind its letter's link are counted under.
    public var failures: String { "registration \(id)" }

    /// Whether it was begun by who holds one of these.
    func isBegun(in browsers: [TokenHash]) -> Bool { browser.map(browsers.contains) ?? false }

    /// Whether it still waits to be confirmed.
    public func waits(at now: Int64) -> Bool { end == nil && now < expiresAt }
}

/// A link that was sent. Whoever holds it has its 256 bits; here is their hash.
public struct LinkFacts: Sendable, Equatable {
    public enum Purpose: String, Sendable { case registration, reset, email, share, unsubscribe }

    public var hash: TokenHash
    public var organization: String
    public var purpose: Purpose
    /// The registration's, person's or share's id; of `unsubscribe` see `consent`.
    public var subject: String
    /// Of `email` the new address, of `unsubscribe` the purpose of the consent.
    public var value: String?
    public var madeAt: Int64
    /// Nil: never.
    public var expiresAt: Int64?
    public var usedAt: Int64?

    public init(
        hash: TokenHash, organization: String, purpose: Purpose, subject: String,
        value: String? = nil, madeAt: Int64, expiresAt: Int64?, usedAt: Int64? = nil
    ) {
        self.hash = hash
        self.organization = organization
        self.purpose = purpose
        self.subject = subject
        self.value = value
        self.madeAt = madeAt
        self.expiresAt = expiresAt
        self.usedAt = usedAt
    }

    /// Of `unsubscribe`: which account's consent it takes back, and whose. Links of before name the account alone: they went
    /// to whoever had consented.
    public var consent: (account: Int64, person: Int64?)? {
        guard purpose == .unsubscribe else { return nil }
        let parts = subject.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let account = parts.first.flatMap({ Int64($0) }) else {
            return nil
        }
        guard parts.count == 2 else { return (account, nil) }
        guard let person = Int64(parts[1]) else { return nil }
        return (account, person)
    }
}

public struct SessionFacts: Sendable, Equatable {
    public var hash: TokenHash
    /// Of the command that opened it.
    public var id: String
    public var organization: String
    public var person: Int64
    public var openedAt: Int64
    public var longestAt: Int64
    /// Microseconds that it lives without being seen.
    public var idle: Int64
    public var seenAt: Int64
    public var isRemembered: Bool
    public var origin: Origin
    /// The second factor is still to come.
    public var isHalf: Bool
    public var endedAt: Int64?
    public var why: String?

    public init(
        hash: TokenHash, id: String, organization: String, person: Int64, openedAt: Int64,
        longestAt: Int64, idle: Int64, seenAt: Int64, isRemembered: Bool, origin: Origin,
        isHalf: Bool = false, endedAt: Int64? = nil, why: String? = nil
    ) {
        self.hash = hash
        self.id = id
        self.organization = organization
        self.person = person
        self.openedAt = openedAt
        self.longestAt = longestAt
        self.idle = idle
        self.seenAt = seenAt
        self.isRemembered = isRemembered
        self.origin = origin
        self.isHalf = isHalf
        self.endedAt = endedAt
        self.why = why
    }

    /// When it ends if nobody comes any more.
    public var expiresAt: Int64 { min(longestAt, seenAt + idle) }

    /// Whether it is open.
    public func lives(at now: Int64) -> Bool { endedAt == nil && now < expiresAt }
}

/// An account that its owner lets another person use.
public struct ShareFacts: Sendable, Equatable {
    /// Of the command that shared it.
    public var id: String
    public var organization: String
    public var account: Int64
    public var number: AccountNumber
    public var owner: Int64
    public var email: EmailAddress
    public var rights: [Right]
    /// Who took it.
    public var person: Int64?
    public var invitedAt: Int64
    public var expiresAt: Int64
    public var endedAt: Int64?

    public init(
        id: String, organization: String, account: Int64, number: AccountNumber, owner: Int64,
        email: EmailAddress, rights: [Right], person: Int64? = nil, invitedAt: Int64,
        expiresAt: Int64, endedAt: Int64? = nil
    ) {
        self.id = id
        self.organization = organization
        self.account = account
        self.number = number
        self.owner = owner
        self.email = email
        self.rights = rights
        self.person = person
        self.invitedAt = invitedAt
        self.expiresAt = expiresAt
        self.endedAt = endedAt
    }
}

/// A consent given or taken back, as it is kept for ever (152-ФЗ, статья 9).
public struct ConsentRecord: Sendable, Equatable {
    public var command: CommandID
    public var organization: String
    /// Nil: the terms of processing.
    public var account: Int64?
    public var person: Int64?
    public var purpose: String
    public var isGiven: Bool
    public var version: String
    public var text: String
    /// SHA-256 in hexadecimal of what was agreed to before, whatever the text says by now. Nil: that of `text`.
    public var textHash: String?
    /// Masked.
    public var contact: String?
    public var channel: String
    public var origin: Origin
    public var at: Int64
}

/// A contact that a person changed, for the organization's base (SF-131, SF-133): the person's own at an account, whoever else
/// owns it.
public struct ContactRecord: Sendable, Equatable {
    public enum Kind: String, Sendable { case email, phone }
    public var command: CommandID
    public var organization: String
    public var account: Int64
    public var person: Int64
    public var kind: Kind
    /// Nil: it is gone.
    public var value: String?
    /// Nil: it is not confirmed.
    public var confirmedAt: Int64?
    public var channel: String
    public var at: Int64
}

/// What is known when commands of identity are decided, changed in memory as they are.
public struct IdentityFacts: Sendable {
    public struct Key: Hashable, Sendable {
        public var organization: String
        public var text: String
        public init(_ organization: String, _ text: String) {
            self.organization = organization
            self.text = text
        }
    }

    /// A person and one of their accounts.
    public struct Holding: Hashable, Sendable {
        public var person: Int64
        public var account: Int64
        public init(person: Int64, account: Int64) {
            self.person = person
            self.account = account
        }
    }

    public struct CodeKey: Hashable, Sendable {
        public enum Purpose: String, Sendable { case registration, phone }
        public var organization: String
        public var purpose: Purpose
        public var subject: String
        public init(_ organization: String, _ purpose: Purpose, _ subject: String) {
            self.organization = organization
            self.purpose = purpose
            self.subject = subject
        }
    }

    public var profiles: [String: Profile] = [:]
    public var persons: [Int64: Person] = [:]
    public var registrations: [String: RegistrationFacts] = [:]
    /// The one that counts of a purpose and subject.
    public var codes: [CodeKey: CodeFacts] = [:]
    /// When codes went to a number in the last 24 hours.
    public var sent: [Key: [Int64]] = [:]
    public var links: [TokenHash: LinkFacts] = [:]
    public var sessions: [TokenHash: SessionFacts] = [:]
    /// Networks from which persons were signed in within 30 days; where nobody signs in or resets, not read.
    public var networks: [Int64: Set<String>] = [:]
    public var shares: [String: ShareFacts] = [:]
    public var failures: [Key: Failures] = [:]
    /// Accounts of an organization by their stripped numbers.
    public var holders: [Key: [HolderFacts]] = [:]
    /// Whose login an account is.
    public var registered: [Int64: Int64] = [:]
    /// Accounts that an address has, by its key.
    public var ofAddress: [Key: Set<Int64>] = [:]
    /// What persons consent to by their newest word: each for the own holding of an account.
    public var consents: [Holding: Set<IdentityProfile.Consent.Purpose>] = [:]
    /// Ids that new persons may take.
    public var ids: [Int64] = []

    public init() {}

    /// What failures of a login are counted under. Whoever fails to prove an account has a count of its own, and so has a network
    /// from which its person was signed in (`Person.nearFailures`): nobody elsewhere keeps the owner out.
    public static func failures(login key: String) -> String { "login \(key)" }

    /// What codes for a login are counted under, whatever numbers they go to.
    public static func codes(login key: String) -> String { "codes \(key)" }

    /// What letters with links to an address are counted under, and what is answered as if one had been sent: whether somebody
    /// signs in by it makes no difference.
    public static func letters(to email: EmailAddress) -> String { "letters \(email.key)" }

    /// What letters that reset a password are counted under: who registers with an address of somebody else's keeps no owner
    /// from recovering theirs.
    public static func resets(to email: EmailAddress) -> String { "resets \(email.key)" }

    /// What failures are counted under of digits that several people sign in with, each with a letter of their own: no
    /// one's login rests for it.
    public static func failures(digits key: String) -> String { "digits \(key)" }

    /// The accounts that a typed number may mean: the exact one, else all of these digits when no letters were typed
    /// (features.md §14 I).
    public func candidates(_ number: AccountNumber, _ organization: String) -> [HolderFacts] {
        let alike = holders[Key(organization, number.stripped)] ?? []
        if let exact = alike.first(where: { $0.number == number.text }) { return [exact] }
        let isBare = number.text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        return isBare ? alike : []
    }

    /// The account that a typed number means, when it can be only one.
    public func holder(_ number: AccountNumber, _ organization: String) -> HolderFacts? {
        let candidates = candidates(number, organization)
        return candidates.count == 1 ? candidates[0] : nil
    }

    /// What is known of an account.
    func holder(of account: Int64) -> HolderFacts? {
        holders.values.lazy.flatMap { $0 }.first { $0.account == account }
    }

    /// Those who may sign in with a number.
    private func signers(_ typed: String, _ organization: String) -> [Person] {
        guard let number = AccountNumber(typed) else { return [] }
        return candidates(number, organization).compactMap { holder in
            registered[holder.account].flatMap { persons[$0] }
        }
    }

    /// Whether several people sign in with these digits: which, only a letter tells.
    public func isAmbiguous(
        login typed: String, _ organization: String, _ mode: IdentityProfile.Mode
    ) -> Bool {
        mode == .account && signers(typed, organization).count > 1
    }

    /// Who signs in with this: as the organization's people do, or with the address to which an invitation went.
    public func person(login typed: String, _ organization: String, _ mode: IdentityProfile.Mode)
        -> Person?
    {
        if mode == .account, AccountNumber(typed) != nil {
            let signers = signers(typed, organization)
            return signers.count == 1 ? signers[0] : nil
        }
        let key = LoginName(typed, .login).key
        let found = persons.values.filter {
            $0.organization == organization
                // Where logins are numbers, several of them may have one address: it is no login of theirs.
                && ($0.mode == .email || mode != .account && $0.mode == mode)
                && (LoginName($0.login, .login).key == key || $0.email?.key == key)
        }
        // A login before an address: nobody can take a login that is another's address, but both may have been there.
        return found.first { LoginName($0.login, .login).key == key } ?? found.first
    }

    /// Who has a login, or an address that nobody else may have, whatever the organization's people sign in with by now: those
    /// of before go on being there. As the unique indexes of `access.principal` count it.
    public func occupied(_ key: String, _ organization: String, but person: Int64? = nil) -> Person?
    {
        persons.values.first { other in
            other.organization == organization && other.id != person
                && (other.login == key
                    || (other.mode == .email || other.mode == .login) && other.email?.key == key)
        }
    }
}

/// What a decision about identity does. Store writes them as sets; `IdentityFacts.apply` makes them seen by the next.
public enum IdentityChange: Sendable, Equatable {
    /// New, or with everything as it is now but its accounts.
    case person(Person)
    case personDeleted(Int64)
    case registration(RegistrationFacts)
    case code(IdentityFacts.CodeKey, CodeFacts)
    case codeEnded(IdentityFacts.CodeKey, CommandID)
    case link(LinkFacts)
    /// All links of a purpose and subject that are not used yet, but this one.
    case linksEnded(String, LinkFacts.Purpose, String, at: Int64, but: TokenHash?)
    case session(SessionFacts)
    /// All sessions of a person, but one.
    case sessionsEnded(Int64, but: TokenHash?, at: Int64, why: String)
    case attached(Int64, Person.Account)
    case detached(Int64, account: Int64)
    case failures(IdentityFacts.Key, Failures?)
    case share(ShareFacts)
    /// What was shared of an account by its owner ends: of one person, or of all.
    case sharesEnded(owner: Int64, account: Int64?, at: Int64)
    case consent(ConsentRecord)
    case contact(ContactRecord)
    case notice(NoticeOrder)
}

extension IdentityFacts {
    public mutating func apply(_ change: IdentityChange) {
        switch change {
        case .person(let person):
            let before = persons[person.id]
            persons[person.id] = person
            if let old = before?.account, old != person.account { registered[old] = nil }
            if let account = person.account { registered[account] = person.id }
            if before?.email != person.email {
                let accounts = person.accounts.filter(\.isOwned).map(\.id)
                if let old = before?.email {
                    ofAddress[Key(person.organization, old.key)]?.subtract(accounts)
                }
                if let email = person.email {
                    ofAddress[Key(person.organization, email.key), default: []]
                        .formUnion(accounts)
                }
            }
        case .personDeleted(let id):
            guard let person = persons.removeValue(forKey: id) else { return }
            if let account = person.account { registered[account] = nil }
            if let email = person.email {
                ofAddress[Key(person.organization, email.key)]?
                    .subtract(person.accounts.map(\.id))
            }
            sessions = sessions.filter { $0.value.person != id }
        case .registration(let registration): registrations[registration.id] = registration
        case .code(let key, let code):
            if codes[key]?.id != code.id {
                sent[Key(key.organization, code.phone), default: []].append(code.sentAt)
            }
            codes[key] = code
        case .codeEnded(let key, _): codes[key] = nil
        case .link(let link): links[link.hash] = link
        case .linksEnded(let organization, let purpose, let subject, let at, let but):
            for (hash, link) in links
            where link.organization == organization && link.purpose == purpose
                && link.subject == subject && hash != but && link.usedAt == nil
            {
                links[hash]?.usedAt = at
            }
        case .session(let session): sessions[session.hash] = session
        case .sessionsEnded(let person, let but, let at, let why):
            for (hash, session) in sessions
            where session.person == person && hash != but && session.endedAt == nil {
                sessions[hash]?.endedAt = at
                sessions[hash]?.why = why
            }
        case .attached(let id, let account):
            guard var person = persons[id] else { return }
            person.accounts.removeAll { $0.id == account.id }
            person.accounts.append(account)
            persons[id] = person
            if account.isOwned, let email = person.email {
                ofAddress[Key(person.organization, email.key), default: []].insert(account.id)
            }
        case .detached(let id, let account):
            guard var person = persons[id] else { return }
            person.accounts.removeAll { $0.id == account }
            persons[id] = person
            if let email = person.email {
                ofAddress[Key(person.organization, email.key)]?.remove(account)
            }
        case .failures(let key, let failures): self.failures[key] = failures
        case .share(let share): shares[share.id] = share
        case .sharesEnded(let owner, let account, let at):
            for (id, share) in shares
            where share.owner == owner && (account == nil || share.account == account)
                && share.endedAt == nil
            {
                shares[id]?.endedAt = at
                if let guest = share.person {
                    persons[guest]?.accounts.removeAll {
                        $0.id == share.account && !$0.isOwned
                    }
                }
            }
        case .consent(let record):
            guard let person = record.person, let account = record.account,
                let purpose = IdentityProfile.Consent.Purpose(rawValue: record.purpose)
            else { return }
            let holding = Holding(person: person, account: account)
            if record.isGiven {
                consents[holding, default: []].insert(purpose)
            } else {
                consents[holding]?.remove(purpose)
            }
        case .contact, .notice: break
        }
    }
}
