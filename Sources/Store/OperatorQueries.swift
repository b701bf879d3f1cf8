public import Commands
import Postgres

/// An account among those that were found.
public struct FoundAccount: Sendable, Equatable {
    public var id: Int64
    public var number: String
    public var surname: String
    public var name: String
    public var patronymic: String
    public var address: String
    public var apartment: String
    public var closedOn: Day?
}

/// A person among those that were found, or who uses an account.
public struct FoundPerson: Sendable, Equatable {
    public var id: Int64
    public var login: String
    /// `account`, `email`, `login`, or `demo`.
    public var kind: String
    public var name: String
    public var email: String?
    /// Of one account: not shared by another person.
    public var isOwner = true
    /// Of one account.
    public var rights: [String] = []
    /// Of one account: its number is what the person signs in with.
    public var signsIn = false
    /// All of the person's accounts are within the operator's reach.
    public var isWithin = false
}

/// An account as operators see it.
public struct OperatorAccountView: Sendable, Equatable {
    public var account: FoundAccount
    public var company: String
    public var house: String
    public var phone: String
    public var email: String
    public var persons: [FoundPerson]
}

/// A person as operators see them. Times are local, RFC 3339 without a zone.
public struct OperatorPersonView: Sendable, Equatable {
    public struct Account: Sendable, Equatable {
        public var number: String
        public var holder: String
        public var address: String
        public var apartment: String
        public var isOwner: Bool
        public var rights: [String]
    }
    public var person: FoundPerson
    public var emailConfirmed: String?
    public var phone: String?
    public var phoneConfirmed: String?
    public var created: String
    public var seen: String?
    public var sessions: Int64
    public var hasSecondFactor: Bool
    /// All accounts are within the operator's reach: what is done to the person is done to all of them.
    public var isWithin: Bool
    public var accounts: [Account]
}

/// What operators look for. Every question takes the houses that the role reaches; nil: all of the organization.
extension PortalQueries {
    static let operatorStatements: [Statement] = [
        "portal/operator_by_number", "portal/operator_by_surname", "portal/operator_by_surname_in",
        "portal/operator_persons", "portal/operator_account", "portal/operator_account_persons",
        "portal/operator_person",
        "portal/operator_person_accounts",
    ]

    public enum Sought: Sendable, Equatable {
        case number(AccountNumber)
        case surname(String)
    }

    public func accounts(
        _ sought: Sought, in profile: Profile, houses: Set<String>?, limit: Int
    ) throws(PortalQueriesError) -> [FoundAccount] {
        let organization = profile.code
        return try ask { connection in
            let most = Value.int32(Int32(limit))
            let rows =
                switch sought {
                case .number(let number):
                    try connection.run(
                        "portal/operator_by_number", .text(organization), .text(number.stripped),
                        Self.value(houses), most)
                case .surname(let key):
                    // Up to behind everything that begins so.
                    if let houses {
                        try connection.run(
                            "portal/operator_by_surname_in", .text(organization), .text(key),
                            .text(key + "\u{10FFFF}"), .texts(houses.sorted()), most,
                            .texts(profile.companies.map(\.code)))
                    } else {
                        try connection.run(
                            "portal/operator_by_surname", .text(organization), .text(key),
                            .text(key + "\u{10FFFF}"), most)
                    }
                }
            return rows.map(Self.account)
        }
    }

    public func persons(
        logins: [String], email: String?, in organization: String, houses: Set<String>?, limit: Int
    ) throws(PortalQueriesError) -> [FoundPerson] {
        try ask { connection in
            try connection.run(
                "portal/operator_persons", .text(organization), .texts(logins), .text(email),
                Self.value(houses), .int32(Int32(limit))
            ).map { row in
                FoundPerson(
                    id: row.int64(0), login: row.text(1), kind: row.text(2), name: row.text(3),
                    email: row.optional(4, row.text))
            }
        }
    }

    public func account(
        _ number: AccountNumber, in organization: String, houses: Set<String>?
    ) throws(PortalQueriesError) -> OperatorAccountView? {
        try ask { connection in
            guard
                let row = try connection.run(
                    "portal/operator_account", .text(organization), .text(number.text),
                    .text(number.stripped), Self.value(houses)
                ).first
            else { return nil }
            func text(_ column: Int) -> String { row.optional(column, row.text) ?? "" }
            let id = row.int64(0)
            let persons = try connection.run(
                "portal/operator_account_persons", .int64(id), Self.value(houses)
            ).map {
                FoundPerson(
                    id: $0.int64(0), login: $0.text(1), kind: $0.text(2), name: $0.text(3),
                    email: $0.optional(4, $0.text), isOwner: $0.bool(5), rights: $0.texts(6),
                    signsIn: $0.bool(7), isWithin: $0.bool(8))
            }
            return OperatorAccountView(
                account: FoundAccount(
                    id: id, number: row.text(1), surname: text(3), name: text(4),
                    patronymic: text(5), address: text(7), apartment: text(8),
                    closedOn: row.optional(11, row.day)),
                company: row.text(2), house: text(6), phone: text(9), email: text(10),
                persons: persons)
        }
    }

    public func person(
        _ id: Int64, in profile: Profile, houses: Set<String>?
    ) throws(PortalQueriesError) -> OperatorPersonView? {
        try ask { connection in
            guard
                let row = try connection.run(
                    "portal/operator_person", .text(profile.code), .int64(id),
                    Self.value(houses), .text(profile.timeZone)
                ).first
            else { return nil }
            let accounts = try connection.run(
                "portal/operator_person_accounts", .int64(id), Self.value(houses)
            ).map { row in
                func text(_ column: Int) -> String { row.optional(column, row.text) ?? "" }
                return OperatorPersonView.Account(
                    number: row.text(0),
                    holder: [text(1), text(2), text(3)].filter { !$0.isEmpty }.joined(
                        separator: " "), address: text(4), apartment: text(5),
                    isOwner: row.bool(6), rights: row.texts(7))
            }
            return OperatorPersonView(
                person: FoundPerson(
                    id: row.int64(0), login: row.text(1), kind: row.text(2), name: row.text(3),
                    email: row.optional(4, row.text)),
                emailConfirmed: row.optional(5, row.text), phone: row.optional(6, row.text),
                phoneConfirmed: row.optional(7, row.text), created: row.text(8),
                seen: row.optional(9, row.text), sessions: row.int64(10),
                hasSecondFactor: row.bool(11), isWithin: row.bool(12), accounts: accounts)
        }
    }

    private static func value(_ houses: Set<String>?) -> Value {
        houses.map { .texts($0.sorted()) } ?? .null
    }

    private static func account(_ row: Row) -> FoundAccount {
        func text(_ column: Int) -> String { row.optional(column, row.text) ?? "" }
        return FoundAccount(
            id: row.int64(0), number: row.text(1), surname: text(2), name: text(3),
            patronymic: text(4), address: text(6), apartment: text(7),
            closedOn: row.optional(8, row.day))
    }
}
