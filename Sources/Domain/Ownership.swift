public import Commands

/// How often something was wrong with one account, login or telephone, and whether it rests. Counted by the lane, before
/// anything that costs is done (domain.md §8).
public struct Failures: Sendable, Equatable {
    public var count: Int
    /// When the first of them was, and of what may be done so often the last; microseconds since 1970-01-01 UTC.
    public var since: Int64
    /// How often it has rested in a row: each rest is twice as long as the one before.
    public var rests: Int
    public var restsUntil: Int64?

    public init(count: Int = 0, since: Int64 = 0, rests: Int = 0, restsUntil: Int64? = nil) {
        self.count = count
        self.since = since
        self.rests = rests
        self.restsUntil = restsUntil
    }

    private static let minute: Int64 = 60_000_000
    /// A rest is never longer: who owns it must get in again.
    private static let longestRest = 24 * 60 * minute
    /// A day without a failure, and all is forgotten.
    private static let memory = 24 * 60 * minute

    /// Whether nothing is tried now.
    public func rests(at now: Int64) -> Bool { restsUntil.map { now < $0 } ?? false }

    /// One more.
    public mutating func add(at now: Int64, _ limits: IdentityProfile.Limits) {
        let window = Int64(limits.restMinutes) * Self.minute
        if let restsUntil, now - restsUntil > Self.memory { self = Failures() }
        if count == 0 || now - since > window {
            count = 0
            since = now
        }
        count += 1
        guard count >= limits.failures else { return }
        var rest = window
        for _ in 0..<min(rests, 20) where rest < Self.longestRest { rest *= 2 }
        restsUntil = now + min(rest, Self.longestRest)
        rests += 1
        count = 0
    }

    /// Of what may be done `most` times within a window: whether that is used up. It begins anew when nothing was done for as
    /// long, so that never more falls into one, whenever it is counted.
    public func isFull(_ most: Int, within window: Int64, at now: Int64) -> Bool {
        count >= most && now - since < window
    }

    /// It was done once more.
    public mutating func note(at now: Int64, within window: Int64) {
        if now - since >= window { count = 0 }
        count += 1
        since = max(since, now)
    }
}

/// What is known of an account for proving that it is somebody's own.
public struct HolderFacts: Sendable, Equatable {
    public var account: Int64
    public var number: String
    /// «Иванов» or «Иванов Иван Иванович».
    public var surname: String?
    /// As the greeting addresses the holder: «Иван Иванович».
    public var name: String?
    public var apartment: String?
    public var company: String?
    public var house: String?
    public var isClosed: Bool
    /// Of the last payment; kopecks.
    public var paidOn: Day?
    public var paid: Int64?
    public var billMonth: Month?
    public var billTotal: Int64?
    public var codeHash: [UInt8]?
    /// Of the account's own password, where the login is the account.
    public var passwordHash: String?

    public init(
        account: Int64, number: String, surname: String? = nil, name: String? = nil,
        apartment: String? = nil,
        company: String? = nil, house: String? = nil, isClosed: Bool = false, paidOn: Day? = nil,
        paid: Int64? = nil, billMonth: Month? = nil, billTotal: Int64? = nil,
        codeHash: [UInt8]? = nil, passwordHash: String? = nil
    ) {
        self.account = account
        self.number = number
        self.surname = surname
        self.name = name
        self.apartment = apartment
        self.company = company
        self.house = house
        self.isClosed = isClosed
        self.paidOn = paidOn
        self.paid = paid
        self.billMonth = billMonth
        self.billTotal = billTotal
        self.codeHash = codeHash
        self.passwordHash = passwordHash
    }
}

/// What a rule may ask of secrets without knowing how they are kept. Given by the lane.
public protocol SecretChecks {
    /// Whether the sealed password is the one of the hash. Nil hash: nobody's; takes as long.
    func isPassword(_ sealed: Sealed, of hash: String?) -> Bool
    /// Whether the sealed code hashes to this, for this purpose and of this subject.
    func isCode(
        _ sealed: Sealed, of hash: [UInt8]?, for purpose: String, subject: String
    ) -> Bool
}

/// Whose account it is: a policy of the organization, any of several sets of factors (issue of identity, point 4).
public enum Ownership {
    /// The sets that the given factors are enough for, the cheapest to check first: nobody waits for a password that is not
    /// needed.
    static func proofs(
        for given: Set<IdentityProfile.Factor>, of attach: IdentityProfile.Attach
    ) -> [Set<IdentityProfile.Factor>] {
        attach.proofs.filter { $0.isSubset(of: given) }.sorted {
            ($0.contains(.password) ? 1 : 0, $0.count) < ($1.contains(.password) ? 1 : 0, $1.count)
        }
    }

    /// Whether what was given proves it. Nil holder: no such account; it is looked at all the same, so that the answer
    /// takes as long. What is given beside a set that proves must be right too: a wrong surname beside a right code is a
    /// mistake, or a guess.
    public static func isProved(
        _ given: Attach, _ holder: HolderFacts?, _ policy: IdentityProfile.Attach,
        _ secrets: some SecretChecks
    ) -> Bool {
        let factors = given.factors
        guard !proofs(for: factors, of: policy).isEmpty else { return false }
        var isRight = holder != nil && holder?.isClosed == false
        if policy.isCascade {
            isRight = isRight && given.company == holder?.company && given.house == holder?.house
        }
        for factor in IdentityProfile.Factor.allCases where factors.contains(factor) {
            // Every factor is looked at, whatever the one before came to.
            let isFit = fits(factor, given, holder, secrets)
            isRight = isFit && isRight
        }
        return isRight
    }

    private static func fits(
        _ factor: IdentityProfile.Factor, _ given: Attach, _ holder: HolderFacts?,
        _ secrets: some SecretChecks
    ) -> Bool {
        switch factor {
        case .surname:
            given.surname.flatMap { Surname($0) }?.isOf(holder: holder?.surname ?? "") ?? false
        case .apartment:
            given.apartment.flatMap { Flat($0) }?.isSame(as: holder?.apartment ?? "") ?? false
        case .password:
            given.password.map { secrets.isPassword($0, of: holder?.passwordHash) } ?? false
        case .payment:
            given.paidOn != nil && given.paidOn == holder?.paidOn && given.paid == holder?.paid
        case .bill:
            given.billMonth != nil && given.billMonth == holder?.billMonth
                && given.billTotal == holder?.billTotal
        case .code:
            given.code.map {
                secrets.isCode(
                    $0, of: holder?.codeHash, for: "bill", subject: "\(holder?.account ?? 0)")
            } ?? false
        }
    }
}
