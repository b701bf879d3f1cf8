import Commands
import Crypto
import Domain
import Postgres
import Queue
import Store
import Threads

/// The commands of identity of a batch, decided together: what they are about is locked and loaded, each is decided in order,
/// seeing what the one before changed, and all changes are written as sets.
///
/// A password costs 17 ms of this thread: the weights of the kinds keep a batch well within the time that a session may be
/// idle in its transaction, and `Identity` looks for rests and lateness before it looks at a password.
struct Admissions {
    static let statements: [Statement] =
        IdentityReader.statements + IdentityChanges.statements + [
            "store/identity_clock", "store/identity_times", "store/identity_keep",
        ]

    private struct Entry {
        let verdict: Int
        let command: IdentityCommand
        let claimed: ClaimedCommand
    }

    private var entries: [Entry] = []
    private let keys: [SealingKey]
    private let upkeep: Upkeep

    init(_ keys: [SealingKey], _ upkeep: Upkeep) {
        self.keys = keys
        self.upkeep = upkeep
    }

    /// When a thread last cleared away what nobody can use any more: every ten minutes is enough.
    final class Upkeep {
        private static let period: Int64 = 600_000_000
        private var last: Int64 = .min

        var isDue: Bool {
            let now = monotonicMicroseconds()
            guard last == .min || now - last > Self.period else { return false }
            last = now
            return true
        }
    }

    /// What a kind costs, in ordinary commands.
    static func weight(of kind: Command.Kind) -> Int {
        // The present one, whether the new one is it, and the new one's hash.
        if kind == .changePassword { return 30 }
        return kind.isOfPassword ? 10 : 1
    }

    mutating func add(_ command: IdentityCommand, _ claimed: ClaimedCommand, verdict: Int) {
        entries.append(Entry(verdict: verdict, command: command, claimed: claimed))
    }

    func decide(_ decided: inout Decided, on connection: Connection) throws {
        guard !entries.isEmpty else { return }
        let wanted = entries.reduce(into: IdentityWanted()) { wanted, entry in
            Self.want(entry.command, entry.claimed, &wanted)
        }
        let reader = IdentityReader()
        var facts = try reader.load(wanted, on: connection)
        try lockAccounts(facts, on: connection)
        let clock = try connection.send("store/identity_clock")
        let times = try connection.send(
            "store/identity_times", .texts(entries.map(\.claimed.organization)),
            .timestamps(entries.map(\.claimed.receivedAt)))
        guard let now = try clock.rows().first else { return }
        let vault = Vault(keys, publicKey: now.optional(1, now.bytes))
        let local = try times.rows().map { $0.text(0) }
        var changes = IdentityChanges()
        let gate = try OperatorGate(
            entries.map { ($0.command, $0.claimed) }, facts, on: connection)
        for (index, entry) in entries.enumerated() {
            let claimed = entry.claimed
            if let refusal = gate.refusal(entry.command, claimed, facts) {
                decided.verdicts[entry.verdict] = Desk.verdict(
                    .refused(refusal.code, refusal.values))
                continue
            }
            let asked = IdentityAsked(
                id: CommandID(high: claimed.id.high, low: claimed.id.low),
                name: claimed.id.description,
                organization: claimed.organization,
                actor: claimed.actor, channel: claimed.channel, receivedAt: claimed.receivedAt,
                now: now.timestamp(0), time: local[index])
            let decision = Identity.decide(entry.command, asked, facts, vault)
            if let failure = vault.failure { throw failure }
            for change in decision.changes {
                changes.add(change, before: facts)
                facts.apply(change)
                // The next new person is another one.
                if case .person(let person) = change, facts.ids.last == person.id {
                    facts.ids.removeLast()
                }
            }
            decided.verdicts[entry.verdict] = Desk.verdict(
                Decision(decision.outcome, []))
        }
        try changes.write(facts, on: connection)
        if upkeep.isDue { try connection.send("store/identity_keep") }
        try Desk.tell(changes.notices, &decided, on: connection)
    }

    /// Whoever loses an account loses it between two readings, not amid one: what takes one away waits for who decides on it.
    private func lockAccounts(_ facts: IdentityFacts, on connection: Connection) throws {
        var accounts: Set<AccountKey> = []
        for entry in entries {
            let organization = entry.claimed.organization
            switch entry.command {
            case .detach(let body):
                accounts.insert(AccountKey(organization: organization, number: body.account))
            case .endShare(let body):
                accounts.insert(AccountKey(organization: organization, number: body.account))
            case .deleteUser:
                let person = IdentityAsked.person(entry.claimed.actor).flatMap { facts.persons[$0] }
                accounts.formUnion(Self.keys(person, organization))
            case .detachPerson(let body):
                // The access may end with it, and all accounts with that.
                let mode = facts.profiles[organization]?.identity?.mode
                let person = mode.flatMap { facts.person(login: body.login, organization, $0) }
                accounts.formUnion(Self.keys(person, organization))
            default: continue
            }
        }
        if !accounts.isEmpty { try FactsReader().lock(accounts, [], on: connection) }
    }

    private static func keys(_ person: Person?, _ organization: String) -> [AccountKey] {
        (person?.accounts ?? []).map { AccountKey(organization: organization, number: $0.number) }
    }

    // MARK: What they are about

    private static func want(
        _ command: IdentityCommand, _ claimed: ClaimedCommand, _ wanted: inout IdentityWanted
    ) {
        let organization = claimed.organization
        func key(_ text: String) -> IdentityFacts.Key { .init(organization, text) }
        /// A login may be a number of an account, a name or an address: which, the profile says later.
        func login(_ typed: String) {
            let name = LoginName(typed, .login).key
            wanted.logins.insert(key(name))
            names(name)
            guard let number = AccountNumber(typed) else { return }
            account(number)
            names(number.stripped)
            wanted.failures.insert(key(IdentityFacts.failures(digits: number.stripped)))
        }
        func names(_ login: String) {
            wanted.failures.insert(key(IdentityFacts.failures(login: login)))
            wanted.failures.insert(key("reset \(login)"))
            wanted.counts.insert(key(IdentityFacts.codes(login: login)))
        }
        func account(_ number: AccountNumber) {
            wanted.accounts.insert(key(number.stripped))
            wanted.failures.insert(key("account \(number.stripped)"))
            wanted.counts.insert(key(IdentityFacts.codes(login: number.stripped)))
        }
        func address(_ email: EmailAddress) {
            wanted.add(letters: email, organization)
            wanted.counts.insert(key(IdentityFacts.codes(login: email.key)))
            wanted.logins.insert(key(email.key))
        }
        wanted.organizations.insert(organization)
        switch command {
        case .register, .sendCode, .changePhone, .changeEmail, .share, .askReset, .restoreAccess:
            wanted.sends = true
        case .signIn, .resetPassword, .changePassword: wanted.networks = true
        case .detachPerson: wanted.holdings = true
        default: break
        }
        if let person = IdentityAsked.person(claimed.actor) { wanted.persons.insert(person) }
        switch command {
        case .check(let body): account(body.account)
        case .register(let body):
            if let number = body.account { account(number) }
            if let name = body.login { login(name) }
            if let email = body.email { address(email) }
            if let phone = body.phone { wanted.phones.insert(key(phone.text)) }
            wanted.newPersons += 1
        case .sendCode(let body):
            if let id = Identifier(body.registration) { wanted.registrations.insert(id) }
            // One that was given before is found with the registration.
            if let phone = body.phone { wanted.phones.insert(key(phone.text)) }
        case .confirm(let body):
            if let id = Identifier(body.registration) { wanted.registrations.insert(id) }
            wanted.sessions.insert(body.session)
            wanted.newPersons += 1
        case .registerInvited(let body):
            wanted.links.insert(body.link)
            wanted.sessions.insert(body.session)
            wanted.newPersons += 1
        case .openLink(let body):
            wanted.links.insert(body.link)
            wanted.sessions.insert(body.session)
            wanted.newPersons += 1
        case .signIn(let body):
            login(body.login)
            wanted.sessions.insert(body.session)
        case .secondStep(let body): wanted.sessions.insert(body.session)
        case .endSession(let body):
            switch body.which {
            case .this(let hash), .others(let hash): wanted.sessions.insert(hash)
            case .one(let id): if let id = Identifier(id) { wanted.sessionIDs.insert(id) }
            }
        case .touchSession(let body): wanted.sessions.insert(body.session)
        case .askReset(let body): login(body.login)
        case .resetPassword(let body): wanted.links.insert(body.link)
        case .changePassword, .confirmPhone, .renameAccount, .deleteUser, .enableSecondFactor,
            .disableSecondFactor, .saveServices:
            break
        case .changeEmail(let body): address(body.email)
        case .changePhone(let body): wanted.phones.insert(key(body.phone.text))
        case .attach(let body): account(body.account)
        case .detach(let body): account(body.account)
        case .share(let body):
            account(body.account)
            wanted.add(letters: body.email, organization)
        case .endShare(let body):
            account(body.account)
            if let id = Identifier(body.share) { wanted.shares.insert(id) }
        case .unsubscribe(let body): wanted.links.insert(body.link)
        case .restoreAccess(let body):
            login(body.login)
            address(body.email)
        case .detachPerson(let body):
            login(body.login)
            account(body.account)
        }
    }
}
