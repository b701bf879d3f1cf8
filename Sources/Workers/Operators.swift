import Commands
import Domain
import Postgres
import Queue
import Store

/// The operators' own commands of a batch, decided together and in order, each seeing what the one before changed.
struct OperatorDesk {
    private struct Entry {
        let verdict: Int
        let command: OperatorCommand
        let claimed: ClaimedCommand
    }

    private var entries: [Entry] = []

    /// What a kind costs, in ordinary commands, where it is more than one password.
    static func weight(of kind: Command.Kind) -> Int? { kind == .operatorPassword ? 30 : nil }

    mutating func add(_ command: OperatorCommand, _ claimed: ClaimedCommand, verdict: Int) {
        entries.append(Entry(verdict: verdict, command: command, claimed: claimed))
    }

    /// - Parameter open: makes what opens secrets, when there is something to open.
    func decide(
        _ decided: inout Decided, on connection: Connection, _ open: () -> Vault
    ) throws {
        guard !entries.isEmpty else { return }
        var facts = try OperatorStore.load(
            entries.map { ($0.claimed.organization, $0.command) }, on: connection)
        guard let now = try connection.run("store/now").first else { return }
        let vault = open()
        for entry in entries {
            let id = CommandID(high: entry.claimed.id.high, low: entry.claimed.id.low)
            let outcome = Operators.decide(
                entry.command,
                .init(
                    id: id, organization: entry.claimed.organization,
                    receivedAt: entry.claimed.receivedAt, now: now.timestamp(0)), &facts, vault)
            if let failure = vault.failure { throw failure }
            decided.verdicts[entry.verdict] = Desk.verdict(Decision(outcome, []))
        }
        try OperatorStore.write(facts, on: connection)
    }
}

extension Vault: OperatorSecrets {}

/// Whether operators may do to somebody what they ask for: their role must allow it, and reach the house of the account that is
/// taken away, or, where it is done to the person as a whole, all houses of the person's accounts. Who sits at the server has no
/// account of an operator, and may.
struct OperatorGate {
    private var reaches: [OperatorsFacts.Key: OperatorReach?] = [:]
    private var houses: [Int64: String] = [:]

    init(
        _ commands: [(command: IdentityCommand, claimed: ClaimedCommand)], _ facts: IdentityFacts,
        on connection: Connection
    ) throws {
        let asked = commands.filter { Self.act($0.command) != nil }
        guard !asked.isEmpty else { return }
        reaches = try OperatorStore.reaches(
            asked.map { ($0.claimed.organization, $0.claimed.actor) }, on: connection)
        guard reaches.values.contains(where: { $0?.houses != nil }) else { return }
        houses = try OperatorStore.houses(
            of: Set(facts.persons.values.flatMap { $0.accounts.map(\.id) }).sorted(),
            on: connection)
    }

    func refusal(
        _ command: IdentityCommand, _ claimed: ClaimedCommand, _ facts: IdentityFacts
    ) -> Refusal? {
        guard let asked = Self.act(command),
            let reach = reaches[.init(claimed.organization, claimed.actor)],
            let mode = facts.profiles[claimed.organization]?.identity?.mode
        else { return nil }
        // Nobody of that login: the rule says so itself.
        guard let person = facts.person(login: asked.login, claimed.organization, mode) else {
            return OperatorAccess.refusal(
                asked.act, reach.map { OperatorReach(role: $0.role) }, houses: [])
        }
        var concerned = person.accounts
        // Without the account whose number is the login the whole access moves or ends.
        if let account = asked.account.flatMap({ person.holding($0) }),
            account.id != person.account
        {
            concerned = [account]
        }
        return OperatorAccess.refusal(asked.act, reach, houses: concerned.map { houses[$0.id] })
    }

    private struct Asked {
        var act: OperatorRole.Act
        var login: String
        /// The only one that it is about.
        var account: AccountNumber?
    }

    /// Nil: it is no operator's.
    private static func act(_ command: IdentityCommand) -> Asked? {
        switch command {
        case .restoreAccess(let body): Asked(act: .restore, login: body.login)
        case .detachPerson(let body):
            Asked(act: .detach, login: body.login, account: body.account)
        default: nil
        }
    }
}

/// What of a batch belongs into the audit: whatever operators with an account and their programs changed or looked at.
enum Audit {
    /// Kinds that nobody but operators and their programs asks for.
    private static let operatorKinds: Set<Command.Kind> = [
        .openAccount, .changeAccount, .closeAccount, .installMeter, .removeMeter, .replaceMeter,
        .changeMeter, .extendWindow, .setWindow, .openPeriod, .closePeriod, .reopenPeriod,
        .reversePayment, .assignPayment, .openBalance, .correctAccount, .withdrawCorrection,
        .restoreAccess, .detachPerson,
        .operatorSignIn, .operatorCode,
        .operatorPassword, .operatorFactor, .operatorSignOut, .personViewed,
    ]

    static func write(
        _ commands: [Command], _ batch: [ClaimedCommand], _ decided: Decided,
        on connection: Connection
    ) throws {
        var lines: [OperatorStore.AuditLine] = []
        for (index, command) in commands.enumerated() {
            let claimed = batch[index]
            let isOperators =
                operatorKinds.contains(command.kind)
                || claimed.actor.hasPrefix("operator:")
                    && claimed.channel == Channel.operator.rawValue
            guard isOperators else { continue }
            lines.append(try line(command, claimed, decided.verdicts[index]))
        }
        try OperatorStore.audit(lines, on: connection)
    }

    private static func line(
        _ command: Command, _ claimed: ClaimedCommand, _ verdict: Verdict
    ) throws -> OperatorStore.AuditLine {
        var details: [JSON.Member] = []
        switch verdict {
        case .refused(let code, _): details.append(JSON.Member("refused", .string(code)))
        default: break
        }
        var about: [String] = []
        var actor = claimed.actor
        switch command {
        case .operators(let body):
            // Whoever tries to sign in is nobody yet: it is told of whom they say to be.
            actor = body.login.actor
            about = ["operator \(body.login.text)"]
            if case .viewed(let viewed) = body {
                about += viewed.accounts.map(AuditAbout.account)
                about += viewed.persons.map(AuditAbout.person)
                about += viewed.logins.map(AuditAbout.login)
                details.append(JSON.Member("what", .string(viewed.what.rawValue)))
                if let by = viewed.by { details.append(JSON.Member("by", .string(by.rawValue))) }
                details.append(JSON.Member("accounts", .int(Int64(viewed.accounts.count))))
                details.append(JSON.Member("persons", .int(Int64(viewed.persons.count))))
            }
        case .identity(.restoreAccess(let body)):
            about = [AuditAbout.login(body.login)]
            details.append(JSON.Member("check", .string(body.check.rawValue)))
            details.append(JSON.Member("email", .string(body.email.masked)))
        case .identity(.detachPerson(let body)):
            about = body.about
            details.append(JSON.Member("check", .string(body.check.rawValue)))
        default:
            about = command.account.map { [AuditAbout.account($0)] } ?? []
            switch command {
            case .openAccount, .changeAccount:
                // Which members of the card, not what stands in them: this stays when the person is forgotten.
                let names = (command.json.members ?? []).map(\.key).filter { $0 != "account" }
                details.append(JSON.Member("members", .array(names.map(JSON.string))))
            default: details.append(JSON.Member("payload", command.json))
            }
            // Which one was taken back, and what still waits.
            if case .ledger(.withdrawCorrection) = command, case .result(let body) = verdict {
                details.append(JSON.Member("result", try JSON.parse(body)))
            }
        }
        return OperatorStore.AuditLine(
            actor: actor, action: claimed.kind, organization: claimed.organization,
            details: .object(details), about: about, why: command.why, command: claimed.id)
    }
}
