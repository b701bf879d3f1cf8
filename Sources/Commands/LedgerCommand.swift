/// What is posted to accounts' ledgers by hand, by files and by payment doors.
public enum LedgerCommand: Sendable, Equatable {
    case postPayment(PostPayment)
    case reversePayment(ChangePayment)
    case assignPayment(ChangePayment)
    case openBalance(OpenBalance)
    case postCharge(PostCharge)
    case correctAccount(CorrectAccount)
    case withdrawCorrection(WithdrawCorrection)

    init?(_ kind: Command.Kind, _ json: JSON) throws(ShapeError) {
        switch kind {
        case .postPayment: self = .postPayment(try PostPayment(json))
        case .reversePayment: self = .reversePayment(try ChangePayment(json))
        case .assignPayment: self = .assignPayment(try ChangePayment(json))
        case .openBalance: self = .openBalance(try OpenBalance(json))
        case .postCharge: self = .postCharge(try PostCharge(json))
        case .correctAccount: self = .correctAccount(try CorrectAccount(json))
        case .withdrawCorrection: self = .withdrawCorrection(try WithdrawCorrection(json))
        default: return nil
        }
    }

    public var kind: Command.Kind {
        switch self {
        case .postPayment: .postPayment
        case .reversePayment: .reversePayment
        case .assignPayment: .assignPayment
        case .openBalance: .openBalance
        case .postCharge: .postCharge
        case .correctAccount: .correctAccount
        case .withdrawCorrection: .withdrawCorrection
        }
    }

    public var account: AccountNumber {
        switch self {
        case .postPayment(let body): body.account
        case .reversePayment(let body): body.account
        case .assignPayment(let body): body.account
        case .openBalance(let body): body.account
        case .postCharge(let body): body.account
        case .correctAccount(let body): body.account
        case .withdrawCorrection(let body): body.account
        }
    }

    public var json: JSON {
        switch self {
        case .postPayment(let body): body.json
        case .reversePayment(let body): body.json
        case .assignPayment(let body): body.json
        case .openBalance(let body): body.json
        case .postCharge(let body): body.json
        case .correctAccount(let body): body.json
        case .withdrawCorrection(let body): body.json
        }
    }
}

/// Money that somebody paid. Unique by its provider and the provider's number, for ever; of an account that nobody has it
/// is kept as nobody's.
public struct PostPayment: Sendable, Equatable {
    public var account: AccountNumber
    public var provider: String
    /// The provider's own.
    public var number: String
    public var amount: Money
    /// The day on which the payer gave it away.
    public var paidOn: Day
    /// What the payer named (ГК РФ ст. 319.1): a month, a kind, the penalties.
    public var month: Month?
    public var kind: String?
    public var penalties: Bool

    public static let columns = [
        "account", "paid_on", "amount", "number", "provider", "month", "kind", "penalties",
    ]

    public init(
        account: AccountNumber, provider: String, number: String, amount: Money, paidOn: Day,
        month: Month? = nil, kind: String? = nil, penalties: Bool = false
    ) {
        self.account = account
        self.provider = provider
        self.number = number
        self.amount = amount
        self.paidOn = paidOn
        self.month = month
        self.kind = kind
        self.penalties = penalties
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(
            json,
            keys: [
                "account", "provider", "number", "amount_kopecks", "paid_on", "month", "kind",
                "penalties",
            ])
        account = try shape.account("account")
        provider = try shape.text("provider", most: 50)
        number = try shape.text("number", most: 100)
        amount = Money(kopecks: try shape.int("amount_kopecks", 1...Money.most))
        paidOn = try shape.day("paid_on")
        month = try shape.optionalText("month") == nil ? nil : try shape.month("month")
        kind = try shape.optionalText("kind", most: 50)
        penalties = try shape.bool("penalties")
    }

    /// Reads a row of a file: roubles, «1» or «да» for penalties.
    public init(row fields: [String: String]) throws(ShapeError) {
        let row = FileRow(fields)
        account = try row.account()
        provider = fields["provider"] == nil ? "file" : try row.text("provider", most: 50)
        number = try row.text("number", most: 100)
        amount = try row.payment("amount")
        paidOn = try row.day("paid_on")
        month = try row.optionalMonth("month")
        kind = fields["kind"] == nil ? nil : try row.text("kind", most: 50)
        penalties = try row.flag("penalties")
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "provider": .string(provider),
            "number": .string(number), "amount_kopecks": .int(amount.kopecks),
            "paid_on": .string(paidOn.description),
            "month": month.map { .string($0.description) }, "kind": kind.map(JSON.string),
            "penalties": penalties ? .bool(true) : nil,
        ])
    }
}

/// What becomes of a payment that is here: one that is nobody's is assigned, one that its provider took back is reversed, as if
/// the money had never come.
public struct ChangePayment: Sendable, Equatable {
    /// Of one that is assigned, the account that gets it; of one that is reversed, that which the payer wrote or which it was
    /// given to.
    public var account: AccountNumber
    public var provider: String
    public var number: String
    public var why: String

    public init(account: AccountNumber, provider: String, number: String, why: String) {
        self.account = account
        self.provider = provider
        self.number = number
        self.why = why
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "provider", "number", "why"])
        account = try shape.account("account")
        provider = try shape.text("provider", most: 50)
        number = try shape.text("number", most: 100)
        why = try shape.text("why", most: 500)
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "provider": .string(provider),
            "number": .string(number), "why": .string(why),
        ])
    }
}

/// What was owed for a kind and a month before the ledger began; below zero what was paid too much.
public struct OpenBalance: Sendable, Equatable {
    public var account: AccountNumber
    public var kind: String
    /// Whose debt it is.
    public var month: Month
    public var amount: Money
    /// It is of penalties.
    public var penalty: Bool

    public static let columns = ["account", "kind", "month", "amount", "penalty"]

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(
            json, keys: ["account", "kind", "month", "amount_kopecks", "penalty"])
        account = try shape.account("account")
        kind = try shape.text("kind", most: 50)
        month = try shape.month("month")
        amount = Money(kopecks: try shape.int("amount_kopecks", -Money.most...Money.most))
        penalty = try shape.bool("penalty")
    }

    public init(row fields: [String: String]) throws(ShapeError) {
        let row = FileRow(fields)
        account = try row.account()
        kind = try row.text("kind", most: 50)
        month = try row.month("month")
        amount = try row.money("amount")
        penalty = try row.flag("penalty")
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "kind": .string(kind),
            "month": .string(month.description), "amount_kopecks": .int(amount.kopecks),
            "penalty": penalty ? .bool(true) : nil,
        ])
    }
}

/// A line that another system charged (`kabinet import charges`): taken as it stands. One of the same kind and month that came
/// before is taken back, as long as the month is open.
public struct PostCharge: Sendable, Equatable {
    public var account: AccountNumber
    /// The month of the bill.
    public var month: Month
    public var kind: String
    public var method: ChargeMethod
    public var volume: Quantity
    /// Roubles for a unit.
    public var price: Quantity
    public var charged: Money
    public var recalculated: Money
    /// Why anything was recalculated, or the sum is not what the volume costs.
    public var ground: String?
    /// The sum is meant, whatever the volume costs.
    public var confirm: Bool

    public static let columns = [
        "account", "month", "kind", "method", "volume", "tariff", "charged", "recalculated",
        "ground",
    ]

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(
            json,
            keys: [
                "account", "month", "kind", "method", "volume", "tariff", "charged_kopecks",
                "recalculated_kopecks", "ground", "confirm",
            ])
        account = try shape.account("account")
        month = try shape.month("month")
        kind = try shape.text("kind", most: 50)
        guard let method = ChargeMethod(rawValue: try shape.text("method")) else {
            throw ShapeError(
                "/method", "shape.choice",
                ChargeMethod.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.method = method
        volume = try shape.optionalQuantity("volume") ?? .zero
        price = try shape.optionalQuantity("tariff") ?? .zero
        charged = Money(kopecks: try shape.int("charged_kopecks", -Money.most...Money.most))
        recalculated = Money(
            kopecks: try shape.optionalInt("recalculated_kopecks", -Money.most...Money.most) ?? 0)
        ground = try shape.optionalText("ground", most: 300)
        confirm = try shape.bool("confirm")
        if recalculated != .zero, ground == nil {
            throw ShapeError("/ground", "shape.missing", "ground")
        }
    }

    /// - Parameter confirm: the file's sums are meant.
    public init(row fields: [String: String], confirm: Bool = false) throws(ShapeError) {
        let row = FileRow(fields)
        account = try row.account()
        month = try row.month("month")
        kind = try row.text("kind", most: 50)
        method = try row.optionalChoice("method", ChargeMethod.self) ?? .other
        volume = try row.optionalQuantity("volume") ?? .zero
        price = try row.optionalQuantity("tariff") ?? .zero
        charged = try row.money("charged")
        recalculated = fields["recalculated"] == nil ? .zero : try row.money("recalculated")
        ground = fields["ground"] == nil ? nil : try row.text("ground", most: 300)
        self.confirm = confirm
        if recalculated != .zero, ground == nil {
            throw ShapeError("/ground", "shape.missing", "ground")
        }
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "month": .string(month.description),
            "kind": .string(kind), "method": .string(method.rawValue),
            "volume": .string(volume.description), "tariff": .string(price.description),
            "charged_kopecks": .int(charged.kopecks),
            "recalculated_kopecks": recalculated == .zero ? nil : .int(recalculated.kopecks),
            "ground": ground.map(JSON.string), "confirm": confirm ? .bool(true) : nil,
        ])
    }
}

/// An account's months from one on are charged anew at the next close, by what is true now.
public struct CorrectAccount: Sendable, Equatable {
    public var account: AccountNumber
    public var from: Month
    /// Told on the bill as the ground of the recalculation.
    public var why: String

    public init(account: AccountNumber, from: Month, why: String) {
        self.account = account
        self.from = from
        self.why = why
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "from", "why"])
        account = try shape.account("account")
        from = try shape.month("from")
        why = try shape.text("why", most: 300)
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "from": .string(from.description),
            "why": .string(why),
        ])
    }
}

/// What was asked to be charged anew from a month on is not, as long as no close has done it.
public struct WithdrawCorrection: Sendable, Equatable {
    public var account: AccountNumber
    /// As it was asked for.
    public var from: Month
    public var why: String

    public init(account: AccountNumber, from: Month, why: String) {
        self.account = account
        self.from = from
        self.why = why
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "from", "why"])
        account = try shape.account("account")
        from = try shape.month("from")
        why = try shape.text("why", most: 500)
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "from": .string(from.description),
            "why": .string(why),
        ])
    }
}

extension Money {
    /// Ten thousand million roubles: more is a mistake.
    public static let most: Int64 = 1_000_000_000_000
}
