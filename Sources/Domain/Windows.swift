public import Commands

/// What operators made of the reading window of an account's house (SF-152, SF-192).
public struct WindowFacts: Sendable, Equatable {
    /// A window that a house was given. Times are microseconds since 1970-01-01 UTC.
    public struct Given: Sendable, Equatable {
        public var at: Int64
        /// Nil: its company's again.
        public var window: Profile.Readings.Window?
        public init(at: Int64, window: Profile.Readings.Window?) {
            self.at = at
            self.window = window
        }
    }

    /// Of its house, newest first.
    public var house: [Given]
    /// Of its organization, company and house.
    public var extensions: [ReadingTimes.Extension]

    public init(house: [Given] = [], extensions: [ReadingTimes.Extension] = []) {
        self.house = house
        self.extensions = extensions
    }
}

extension Readings {
    /// When readings of an account are taken, as it was at a moment: the most specific window counts, whole; extensions of
    /// all three, house, company and organization, add to it.
    public static func times(
        of account: AccountFacts, _ organization: OrganizationFacts, at moment: Int64
    ) -> ReadingTimes {
        ReadingTimes(
            window: account.windows.house.first { $0.at <= moment }?.window
                ?? organization.profile.window(of: account.card.company),
            extensions: account.windows.extensions)
    }
}

public enum Windows {
    /// An extension reaches so many days from the day on which it is given: it is for an incident, not a new window.
    public static let longest: Int32 = 62

    /// What is to be known of an organization before its window is changed.
    public struct Known: Sendable, Equatable {
        /// The named house has accounts, of the named company where one is named.
        public var houseIsThere: Bool
        /// Some house has a window of its own.
        public var housesHaveWindows: Bool
        public init(houseIsThere: Bool, housesHaveWindows: Bool) {
            self.houseIsThere = houseIsThere
            self.housesHaveWindows = housesHaveWindows
        }
    }

    /// Why an extension is refused; nil: it is not.
    public static func refusal(
        _ command: ExtendWindow, today: Day, organization: OrganizationFacts, _ known: Known
    ) -> Refusal? {
        let profile = organization.profile
        if let refusal = unknown(command.company, command.house, profile, known) { return refusal }
        guard
            profile.readings.window != nil || known.housesHaveWindows
                || profile.companies.contains(where: { $0.window != nil })
        else { return Refusal(.windowNone) }
        let last = Day(days: today.days + longest)
        guard (today...last).contains(command.until) else {
            return Refusal(
                .windowUntil, ["date": today.description, "last": last.description])
        }
        return nil
    }

    /// Why a house's window is refused; nil: it is not.
    public static func refusal(
        _ command: SetWindow, organization: OrganizationFacts, _ known: Known
    ) -> Refusal? {
        unknown(nil, command.house, organization.profile, known)
    }

    private static func unknown(
        _ company: String?, _ house: String?, _ profile: Profile, _ known: Known
    ) -> Refusal? {
        if let company, !profile.companies.contains(where: { $0.code == company }) {
            return Refusal(
                .companyUnknown,
                [
                    "company": company,
                    "known": profile.companies.map(\.code).joined(separator: ", "),
                ])
        }
        if let house, !known.houseIsThere {
            return Refusal(.notFound, ["what": "house", "house": house])
        }
        return nil
    }
}
