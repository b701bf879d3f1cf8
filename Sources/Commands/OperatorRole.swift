/// What an operator may do, in one organization. Every role can look; what it looks at may be some houses only.
public enum OperatorRole: String, Sendable, CaseIterable {
    /// Looks, and changes nothing.
    case viewer
    /// Serves people: restores their access (SF-039, SF-040), takes accounts out of wrong hands.
    case clerk
    /// Looks; there is nothing about money to do yet.
    case accountant
    /// Everything.
    case administrator

    /// Something that not everybody may do.
    public enum Act: Sendable, CaseIterable {
        /// Finds people and looks at their cards.
        case look
        case restore
        /// Takes an account out of somebody's hands.
        case detach
    }

    public func may(_ act: Act) -> Bool {
        switch act {
        case .look: true
        case .restore, .detach: self == .clerk || self == .administrator
        }
    }
}

/// Where an operator's role reaches.
public struct OperatorReach: Sendable, Equatable {
    public var role: OperatorRole
    /// Codes of houses; nil: the whole organization.
    public var houses: Set<String>?

    public init(role: OperatorRole, houses: Set<String>? = nil) {
        self.role = role
        self.houses = houses
    }

    /// Whether an account of this house is within it. One without a house is within the whole organization only.
    public func reaches(house: String?) -> Bool {
        guard let houses else { return true }
        return house.map(houses.contains) ?? false
    }

    /// Whether somebody with accounts of these houses is within it: all of them must be, since what is done to a person is
    /// done to all of the person's accounts. Somebody without accounts is within the whole organization only.
    public func reaches(houses all: [String?]) -> Bool {
        houses == nil || (!all.isEmpty && all.allSatisfy { reaches(house: $0) })
    }
}
