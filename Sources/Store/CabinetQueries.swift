public import Commands
import Postgres

/// A person as «Личные данные» and «Мой профиль» show them. Times are local, as `2026-04-18T10:23:05+03:00`.
public struct PersonView: Sendable, Equatable {
    public var login: String
    public var name: String
    public var kind: String
    public var email: String?
    public var isEmailConfirmed: Bool
    public var phone: String?
    public var isPhoneConfirmed: Bool
    public var language: String
    public var created: String
    public var passwordChanged: String?
    public var secondFactor: String?
    /// Recovery codes that were not used yet.
    public var recoveryLeft: Int

    public init(
        login: String, name: String = "", kind: String = "account", email: String? = nil,
        isEmailConfirmed: Bool = true, phone: String? = nil, isPhoneConfirmed: Bool = true,
        language: String = "ru", created: String = "2026-01-10T09:00:00",
        passwordChanged: String? = nil, secondFactor: String? = nil, recoveryLeft: Int = 0
    ) {
        self.login = login
        self.name = name
        self.kind = kind
        self.email = email
        self.isEmailConfirmed = isEmailConfirmed
        self.phone = phone
        self.isPhoneConfirmed = isPhoneConfirmed
        self.language = language
        self.created = created
        self.passwordChanged = passwordChanged
        self.secondFactor = secondFactor
        self.recoveryLeft = recoveryLeft
    }

    /// Where letters and messages go: only what was confirmed.
    public func confirmed(_ way: IdentityProfile.Way) -> String? {
        switch way {
        case .email: isEmailConfirmed ? email : nil
        case .sms: isPhoneConfirmed ? phone : nil
        }
    }
}

/// One's session, in the list of them. Times are local.
public struct SessionView: Sendable, Equatable {
    public var id: String
    public var opened: String
    public var seen: String
    public var expires: String
    public var isRemembered: Bool
    public var agent: String?
    public var address: String?

    public init(
        id: String, opened: String, seen: String, expires: String, isRemembered: Bool = false,
        agent: String? = nil, address: String? = nil
    ) {
        self.id = id
        self.opened = opened
        self.seen = seen
        self.expires = expires
        self.isRemembered = isRemembered
        self.agent = agent
        self.address = address
    }
}

/// An account with its flat (SF-081), and the contacts that the organization's base has of it.
public struct FlatView: Sendable, Equatable {
    public var account: AccountView
    public var area: Quantity?
    public var rooms: Int?
    public var residents: Int?
    public var phone: String?
    public var email: String?

    public init(
        account: AccountView, area: Quantity? = nil, rooms: Int? = nil, residents: Int? = nil,
        phone: String? = nil, email: String? = nil
    ) {
        self.account = account
        self.area = area
        self.rooms = rooms
        self.residents = residents
        self.phone = phone
        self.email = email
    }
}

/// Another person who was let in to an account. Times are local.
public struct ShareView: Sendable, Equatable {
    public var id: String
    public var email: String
    public var rights: [Right]
    /// The invitation was accepted.
    public var isAccepted: Bool
    public var invited: String
    public var expires: String
    /// The address of whoever took it, or the name of who has none; nil: nobody did.
    public var takenBy: String?

    public init(
        id: String, email: String, rights: [Right], isAccepted: Bool, invited: String,
        expires: String, takenBy: String?
    ) {
        self.id = id
        self.email = email
        self.rights = rights
        self.isAccepted = isAccepted
        self.invited = invited
        self.expires = expires
        self.takenBy = takenBy
    }

    /// Whoever took it, where that is not the address it went to.
    public var other: String? {
        takenBy.flatMap { $0.lowercased() == email.lowercased() ? nil : $0 }
    }
}

/// A consent or its withdrawal. Times are local.
public struct ConsentView: Sendable, Equatable {
    /// Nil: it is not of one account.
    public var account: String?
    public var purpose: String
    public var isGiven: Bool
    public var version: String
    public var contact: String?
    public var channel: String
    public var at: String

    public init(
        account: String? = nil, purpose: String, isGiven: Bool, version: String,
        contact: String? = nil, channel: String = "", at: String
    ) {
        self.account = account
        self.purpose = purpose
        self.isGiven = isGiven
        self.version = version
        self.contact = contact
        self.channel = channel
        self.at = at
    }
}

/// A code that was sent: where to, and how long until the next. Seconds.
public struct CodeView: Sendable, Equatable {
    public var phone: String
    public var again: Int
    public var left: Int
    /// It was used, or typed wrong too often.
    public var isOver: Bool

    public init(phone: String, again: Int, left: Int, isOver: Bool = false) {
        self.phone = phone
        self.again = again
        self.left = left
        self.isOver = isOver
    }
}

/// A registration that waits to be confirmed.
public struct RegistrationView: Sendable, Equatable {
    /// Nil: none was sent yet, or none counts any more.
    public var code: CodeView?
    public init(code: CodeView? = nil) { self.code = code }
}

/// What the link of a letter is for, while it counts.
public enum LinkView: Sendable, Equatable {
    /// - isOwn: in the browser that asks, and so needs no password.
    case registration(isOwn: Bool)
    case email
    /// - owner: who invites.
    /// - invited: the address that it went to; for the owner to see.
    case invitation(account: String, rights: [Right], owner: Int64, invited: String)
}

/// Which consent the link of a letter takes back.
public struct WayOutView: Sendable, Equatable {
    /// Whose letters they are.
    public var organization: String
    /// «Счет по e-mail», as its profile says.
    public var service: String
    /// How the number of the account ends.
    public var ending: String
    /// It has been taken back.
    public var isOver: Bool
}

/// A house to choose.
public struct HouseChoice: Sendable, Equatable {
    public var code: String
    /// Of one of its flats.
    public var address: String

    public init(code: String, address: String) {
        self.code = code
        self.address = address
    }
}

/// A flat to choose, with how the numbers of its accounts end.
public struct FlatChoice: Sendable, Equatable {
    public var apartment: String
    public var endings: [String]

    public init(apartment: String, endings: [String]) {
        self.apartment = apartment
        self.endings = endings
    }
}

/// What links of letters are for that say nothing of themselves.
public enum LinkUse: String, Sendable { case reset, unsubscribe }

/// What pages about people and their access ask.
extension PortalQueries {
    /// Whether the link of a letter still counts.
    /// - Parameter organization: nil: of any.
    public func counts(
        link hash: [UInt8], as use: LinkUse, in organization: String? = nil
    ) throws(PortalQueriesError) -> Bool {
        try ask { connection in
            try connection.run(
                "portal/link_counts", .bytes(hash), .text(organization), .text(use.rawValue)
            ).first?.bool(0) ?? false
        }
    }

    /// Nil: the link does not count, or what it takes back is not offered any more.
    public func wayOut(_ hash: [UInt8]) throws(PortalQueriesError) -> WayOutView? {
        try ask { connection in
            try connection.run("portal/way_out", .bytes(hash)).first.map { row in
                WayOutView(
                    organization: row.text(0), service: row.text(1), ending: row.text(2),
                    isOver: row.bool(3))
            }
        }
    }

    /// Nil: there is nobody of this id (any more).
    public func person(
        _ principal: Int64, in profile: Profile
    ) throws(PortalQueriesError) -> PersonView? {
        try ask { connection in
            try connection.run("portal/person", .int64(principal), .text(profile.timeZone)).first
                .map { row in
                    PersonView(
                        login: row.text(0), name: row.text(1), kind: row.text(2),
                        email: row.optional(3, row.text), isEmailConfirmed: row.bool(4),
                        phone: row.optional(5, row.text), isPhoneConfirmed: row.bool(6),
                        language: row.text(7), created: row.text(8),
                        passwordChanged: row.optional(9, row.text),
                        secondFactor: row.optional(10, row.text),
                        recoveryLeft: row.optional(11, row.int32).map(Int.init) ?? 0)
                }
        }
    }

    /// Those that live, seen last first.
    public func sessions(
        of principal: Int64, in profile: Profile
    ) throws(PortalQueriesError) -> [SessionView] {
        try ask { connection in
            try connection.run("portal/sessions", .int64(principal), .text(profile.timeZone)).map {
                row in
                SessionView(
                    id: row.id(0).description, opened: row.text(1), seen: row.text(2),
                    expires: row.text(3), isRemembered: row.bool(4),
                    agent: row.optional(5, row.text), address: row.optional(6, row.text))
            }
        }
    }

    /// Accounts by their ids, in the order of their numbers.
    public func flats(of accounts: [Int64]) throws(PortalQueriesError) -> [FlatView] {
        try ask { connection in
            try connection.run("portal/accounts", .int64s(accounts)).map { row in
                FlatView(
                    account: AccountView(
                        id: row.int64(0), number: row.text(1), company: row.text(2),
                        surname: row.optional(3, row.text) ?? "",
                        name: row.optional(4, row.text) ?? "",
                        patronymic: row.optional(5, row.text) ?? "",
                        address: row.optional(6, row.text) ?? "",
                        apartment: row.optional(7, row.text) ?? "",
                        closedOn: row.optional(8, row.day)),
                    area: row.optional(9, row.int64).map { Quantity(millionths: $0) },
                    rooms: row.optional(10, row.int32).map(Int.init),
                    residents: row.optional(11, row.int32).map(Int.init),
                    phone: row.optional(12, row.text), email: row.optional(13, row.text))
            }
        }
    }

    /// Whom the owner of an account has let in, or invited.
    public func shares(
        of account: Int64, owner: Int64, in profile: Profile
    ) throws(PortalQueriesError) -> [ShareView] {
        try ask { connection in
            try connection.run(
                "portal/shares", .int64(account), .int64(owner), .text(profile.timeZone)
            ).map { row in
                ShareView(
                    id: row.id(0).description, email: row.text(1),
                    rights: row.texts(2).compactMap(Right.init(rawValue:)),
                    isAccepted: row.bool(3), invited: row.text(4), expires: row.text(5),
                    takenBy: row.optional(6, row.text))
            }
        }
    }

    /// What counts now of a person's own consents to the profile's purposes; what was never asked for is not in it.
    public func consents(
        of account: Int64, by principal: Int64, in profile: Profile
    ) throws(PortalQueriesError) -> [ConsentView] {
        let purposes = profile.identity?.services.map(\.purpose.rawValue) ?? []
        return try ask { connection in
            try connection.run(
                "portal/consents", .int64(account), .int64(principal), .texts(purposes),
                .text(profile.timeZone)
            ).map { row in
                ConsentView(
                    purpose: row.text(0), isGiven: row.bool(1), version: row.text(2),
                    contact: row.optional(3, row.text), at: row.text(4))
            }
        }
    }

    /// Every consent and withdrawal of a person, oldest first.
    public func consentHistory(
        of principal: Int64, in profile: Profile
    ) throws(PortalQueriesError) -> [ConsentView] {
        try ask { connection in
            try connection.run(
                "portal/consent_history", .int64(principal), .text(profile.timeZone)
            ).map { row in
                ConsentView(
                    account: row.optional(0, row.text), purpose: row.text(1), isGiven: row.bool(2),
                    version: row.text(3), contact: row.optional(4, row.text),
                    channel: row.text(5), at: row.text(6))
            }
        }
    }

    /// Nil: no such registration waits any more.
    /// - Parameter id: as it stood in a path.
    public func registration(
        _ id: String, in profile: Profile
    ) throws(PortalQueriesError) -> RegistrationView? {
        // What is no id would be the server's error instead of nothing.
        let hyphens = id.utf8.enumerated().filter { $0.element == UInt8(ascii: "-") }.map(\.offset)
        guard id.utf8.count == 36, hyphens == [8, 13, 18, 23],
            id.allSatisfy({ $0 == "-" || $0.isHexDigit && $0.isASCII })
        else { return nil }
        let again = profile.identity?.limits.codeAgain ?? 0
        return try ask { connection in
            try connection.run(
                "portal/registration", .text(id), .text(profile.code), .int32(Int32(again))
            ).first.map { row in
                RegistrationView(
                    code: row.optional(0, row.text).map {
                        CodeView(phone: $0, again: Int(row.int64(1)), left: Int(row.int64(2)))
                    })
            }
        }
    }

    /// Nil: no such link counts.
    /// - Parameters:
    ///   - hash: of the link's token.
    ///   - browsers: of what the browser holds since it began registrations.
    public func link(
        _ hash: [UInt8], browsers: [[UInt8]], in profile: Profile
    ) throws(PortalQueriesError) -> LinkView? {
        try ask { connection in
            try connection.run(
                "portal/link", .text(profile.code), .bytes(hash), .bytesArray(browsers)
            ).first.flatMap { row -> LinkView? in
                switch row.text(0) {
                case "registration": .registration(isOwn: row.bool(1))
                case "email": .email
                case "share":
                    .invitation(
                        account: row.text(2),
                        rights: row.texts(3).compactMap(Right.init(rawValue:)),
                        owner: row.int64(4), invited: row.text(5))
                default: nil
                }
            }
        }
    }

    /// Whether a person had an account of another's that is closed to them by now.
    public func hasLostShare(_ principal: Int64) throws(PortalQueriesError) -> Bool {
        try ask { connection in
            try connection.run("portal/lost_share", .int64(principal)).first != nil
        }
    }

    /// The last code that was sent to a person's new number.
    public func phoneCode(
        of principal: Int64, in profile: Profile
    ) throws(PortalQueriesError) -> CodeView? {
        let again = profile.identity?.limits.codeAgain ?? 0
        return try ask { connection in
            try connection.run(
                "portal/phone_code", .text(profile.code), .text("\(principal)"),
                .int32(Int32(again))
            ).first.map { row in
                CodeView(
                    phone: row.text(0), again: Int(row.int64(1)), left: Int(row.int64(2)),
                    isOver: row.bool(3))
            }
        }
    }

    /// The houses of a company, by their addresses.
    public func houses(
        of company: String, in profile: Profile
    ) throws(PortalQueriesError) -> [HouseChoice] {
        try ask { connection in
            try connection.run(
                "portal/houses", .text(profile.code), .text(company), .int32(5_000)
            ).map { HouseChoice(code: $0.text(0), address: $0.text(1)) }
        }
    }

    /// The flats of a house.
    public func flats(
        of house: String, company: String, in profile: Profile
    ) throws(PortalQueriesError) -> [FlatChoice] {
        try ask { connection in
            try connection.run(
                "portal/flats", .text(profile.code), .text(company), .text(house)
            ).map { FlatChoice(apartment: $0.text(0), endings: $0.texts(1)) }
        }
    }
}
