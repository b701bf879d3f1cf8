public import Commands

/// How long a session lives (domain.md §8). Times are microseconds since 1970-01-01 UTC.
public struct SessionTerms: Sendable, Equatable {
    /// It ends then, however busy.
    public var longest: Int64
    /// It ends so long after it was last seen.
    public var idle: Int64

    private static let minute: Int64 = 60_000_000

    public init(_ sessions: IdentityProfile.Sessions, openedAt: Int64, isRemembered: Bool) {
        let most = isRemembered ? sessions.remembered : sessions.longest
        longest = openedAt + Int64(most) * Self.minute
        // Who asked to be remembered comes back after days.
        idle = Int64(isRemembered ? most : sessions.idle) * Self.minute
    }

    /// When it ends if nobody comes any more.
    public func expires(seenAt: Int64) -> Int64 { min(longest, seenAt + idle) }
}

/// A six-digit code that was sent (SF-034; domain.md §7).
public struct CodeFacts: Sendable, Equatable {
    public var id: CommandID
    public var phone: String
    public var hash: [UInt8]
    public var sentAt: Int64
    public var expiresAt: Int64
    public var attempts: Int

    public init(
        id: CommandID, phone: String, hash: [UInt8], sentAt: Int64, expiresAt: Int64,
        attempts: Int = 0
    ) {
        self.id = id
        self.phone = phone
        self.hash = hash
        self.sentAt = sentAt
        self.expiresAt = expiresAt
        self.attempts = attempts
    }
}

public enum Codes {
    private static let second: Int64 = 1_000_000
    static let day: Int64 = 24 * 3_600 * second

    /// Why no code is sent to this number now; nil: it is.
    /// - Parameters:
    ///   - live: the code of the same purpose that still counts.
    ///   - sent: when codes went to this number in the last 24 hours, whatever for, and whatever became of them.
    ///   - ofAccount: how many went to whatever numbers for the account.
    public static func refusal(
        to phone: PhoneNumber, live: CodeFacts?, sent: [Int64], ofAccount: Failures?,
        at now: Int64, _ profile: IdentityProfile
    ) -> Refusal? {
        guard profile.smsPrefixes.contains(where: { phone.text.hasPrefix($0) }) else {
            return Refusal(.phoneNotServed)
        }
        if let last = (sent + [live?.sentAt].compactMap { $0 }).max() {
            let next = last + Int64(profile.limits.codeAgain) * second
            if now < next { return Refusal(.codeTooSoon, ["seconds": seconds(next - now)]) }
        }
        if sent.count >= profile.limits.codesPerNumber, let first = sent.min() {
            return Refusal(.codeTooMany, ["seconds": seconds(first + day - now)])
        }
        if let ofAccount, ofAccount.isFull(profile.limits.codesPerAccount, within: day, at: now) {
            return Refusal(.codeTooMany, ["seconds": seconds(ofAccount.since + day - now)])
        }
        return nil
    }

    /// Seconds, rounded up: who comes back then is not sent away for a fraction.
    private static func seconds(_ time: Int64) -> String {
        "\(max(1, (time + second - 1) / second))"
    }

    /// What typing a code came to.
    public enum Answer: Sendable, Equatable {
        case right
        /// Wrong, with so many attempts left; none: the code has ended.
        case wrong(left: Int)
        /// There is none that counts: expired, used, replaced, or never sent.
        case none
    }

    /// - Parameter isRight: whether the typed code is the one that was sent; asked even of none, so that both take as long.
    public static func answer(
        _ live: CodeFacts?, isRight: Bool, at now: Int64, _ limits: IdentityProfile.Limits
    ) -> Answer {
        guard let live, now < live.expiresAt, live.attempts < limits.codeAttempts else {
            return .none
        }
        return isRight ? .right : .wrong(left: limits.codeAttempts - live.attempts - 1)
    }
}
