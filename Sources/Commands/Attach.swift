/// «Добавить лицевой счет» (SF-053, SF-065, SF-066, SF-085): the account, and what proves that it is one's own.
public struct Attach: Sendable, Equatable {
    public var account: AccountNumber
    /// Of the cascade (SF-065): must be those of the account.
    public var company: String?
    public var house: String?
    public var surname: String?
    public var apartment: String?
    public var password: Sealed?
    public var paidOn: Day?
    /// Kopecks.
    public var paid: Int64?
    public var billMonth: Month?
    /// Kopecks.
    public var billTotal: Int64?
    public var code: Sealed?

    static let keys = [
        "account", "company", "house", "surname", "apartment", "password", "last_payment_on",
        "last_payment_kopecks", "bill_month", "bill_total_kopecks", "code",
    ]
    static let most: Int64 = 1_000_000_000_000

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: Self.keys)
        account = try shape.account("account")
        company = try shape.optionalText("company", most: 50)
        house = try shape.optionalText("house", most: 50)
        surname = try shape.optionalText("surname") == nil ? nil : try shape.surname("surname")
        apartment = try shape.optionalText("apartment", most: 30)
        password = try shape.optionalSealed("password")
        paidOn = try shape.optionalDay("last_payment_on")
        paid = try shape.optionalInt("last_payment_kopecks", 0...Self.most)
        billMonth =
            try shape.optionalText("bill_month") == nil ? nil : try shape.month("bill_month")
        billTotal = try shape.optionalInt("bill_total_kopecks", -Self.most...Self.most)
        code = try shape.optionalSealed("code")
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "company": company.map(JSON.string),
            "house": house.map(JSON.string), "surname": surname.map(JSON.string),
            "apartment": apartment.map(JSON.string),
            "password": password.map { .string($0.text) },
            "last_payment_on": paidOn.map { .string($0.description) },
            "last_payment_kopecks": paid.map(JSON.int),
            "bill_month": billMonth.map { .string($0.description) },
            "bill_total_kopecks": billTotal.map(JSON.int), "code": code.map { .string($0.text) },
        ])
    }

    /// Which factors are given.
    public var factors: Set<IdentityProfile.Factor> {
        var factors: Set<IdentityProfile.Factor> = []
        if surname != nil { factors.insert(.surname) }
        if apartment != nil { factors.insert(.apartment) }
        if password != nil { factors.insert(.password) }
        if paidOn != nil, paid != nil { factors.insert(.payment) }
        if billMonth != nil, billTotal != nil { factors.insert(.bill) }
        if code != nil { factors.insert(.code) }
        return factors
    }
}

/// What a person calls an account: «дача».
public struct RenameAccount: Sendable, Equatable {
    public var account: AccountNumber
    public var name: String?

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "name"])
        account = try shape.account("account")
        name = try shape.optionalText("name", most: 50)
    }

    public var json: JSON {
        .object(["account": .string(account.text), "name": name.map(JSON.string)])
    }
}

/// «удаление лицевых счетов» (SF-088).
public struct Detach: Sendable, Equatable {
    public var account: AccountNumber

    init(_ json: JSON) throws(ShapeError) {
        account = try Shape(json, keys: ["account"]).account("account")
    }

    public var json: JSON { .object(["account": .string(account.text)]) }
}

/// «удаление … учетной записи» (SF-089).
public struct DeleteUser: Sendable, Equatable {
    public var password: Sealed

    init(_ json: JSON) throws(ShapeError) {
        password = try Shape(json, keys: ["password"]).sealed("password")
    }

    public var json: JSON { .object(["password": .string(password.text)]) }
}

/// What another person may do with an account.
public enum Right: String, Sendable, CaseIterable { case view, readings, pay }

/// The owner invites another person by e-mail.
public struct Share: Sendable, Equatable {
    public var account: AccountNumber
    public var email: EmailAddress
    public var rights: [Right]

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "email", "rights"])
        account = try shape.account("account")
        email = try shape.email("email")
        rights = try shape.rights("rights")
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "email": .string(email.text),
            "rights": .array(rights.map { .string($0.rawValue) }),
        ])
    }
}

public struct EndShare: Sendable, Equatable {
    public var account: AccountNumber
    /// The id of the command that shared it.
    public var share: String

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "share"])
        account = try shape.account("account")
        share = try shape.text("share", most: 36)
    }

    public var json: JSON {
        .object(["account": .string(account.text), "share": .string(share)])
    }
}
