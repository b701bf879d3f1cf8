/// Every command of the system: what people and programs may ask for. Its JSON is its payload in
/// the queue.
public enum Command: Sendable, Equatable {
    case submitReading(SubmitReading)
    case deleteReading(DeleteReading)
    case openAccount(AccountCard)
    case changeAccount(AccountCard)
    case closeAccount(CloseAccount)
    case installMeter(InstallMeter)
    case removeMeter(RemoveMeter)
    case replaceMeter(ReplaceMeter)
    /// What changes of a meter that stays.
    case changeMeter(ChangeMeter)
    /// After an incident readings are taken through a day.
    case extendWindow(ExtendWindow)
    /// A house's own window for readings.
    case setWindow(SetWindow)
    case openPeriod(Period)
    case closePeriod(Period)
    /// A part of the accounts of a closed period: their readings become «Рассчитано».
    case fixPeriod(FixPeriod)
    /// A part of the accounts of a closed period: «Рассчитано», charged, billed.
    case chargePeriod(PeriodPart)
    /// What closing a period would come to.
    case foreseePeriod(Period)
    /// A part of it.
    case foreseePart(PeriodPart)
    case reopenPeriod(ReopenPeriod)
    /// A part of the accounts of a period that is opened again.
    case withdrawPeriod(PeriodPart)
    /// What is posted to an account's ledger.
    case ledger(LedgerCommand)
    /// A part of an organization's accounts: what people read of them is made anew from the facts.
    case rebuildViews(RebuildViews)
    /// A range of the rows of an import.
    case importRows(ImportRows)
    /// The next commands of a job that decides again, or gives up, all that match.
    case reprocessPart(ReprocessPart)
    /// A notice by e-mail.
    case sendLetter(Outgoing)
    /// A letter of a mailing: nobody waits for it, and it delays no code and no link.
    case sendMailing(Outgoing)
    /// A notice by SMS.
    case sendMessage(Outgoing)
    /// What a gateway says became of messages.
    case reportNotices(NoticeReport)
    /// What people ask for about their own access.
    case identity(IdentityCommand)
    /// What operators ask for about their own access, and what they looked at.
    case operators(OperatorCommand)
    /// Does nothing: for measuring the queue itself.
    case idle

    public enum Kind: String, Sendable, CaseIterable {
        case submitReading = "reading.submit"
        case deleteReading = "reading.delete"
        case openAccount = "account.open"
        case changeAccount = "account.change"
        case closeAccount = "account.close"
        case installMeter = "meter.install"
        case removeMeter = "meter.remove"
        case replaceMeter = "meter.replace"
        case changeMeter = "meter.change"
        case extendWindow = "window.extend"
        case setWindow = "window.set"
        case openPeriod = "period.open"
        case closePeriod = "period.close"
        case fixPeriod = "period.fix"
        case chargePeriod = "period.charge"
        case foreseePeriod = "period.foresee"
        case foreseePart = "period.foresee_part"
        case reopenPeriod = "period.reopen"
        case withdrawPeriod = "period.withdraw"
        case postPayment = "payment.post"
        case reversePayment = "payment.reverse"
        case assignPayment = "payment.assign"
        case openBalance = "balance.open"
        case postCharge = "charge.post"
        case correctAccount = "account.correct"
        case withdrawCorrection = "correction.withdraw"
        case rebuildViews = "views.rebuild"
        case importRows = "import.rows"
        case reprocessPart = "reprocess.part"
        case sendLetter = "letter.send"
        case sendMailing = "mailing.send"
        case sendMessage = "message.send"
        case reportNotices = "notice.report"
        case checkHolder = "registration.check"
        case startRegistration = "registration.start"
        case sendRegistrationCode = "registration.code"
        case confirmRegistration = "registration.confirm"
        case openLink = "link.open"
        case registerInvited = "share.register"
        case openSession = "session.open"
        case completeSession = "session.complete"
        case endSession = "session.end"
        case touchSession = "session.touch"
        case askPasswordReset = "password.ask"
        case resetPassword = "password.reset"
        case changePassword = "password.change"
        case changeEmail = "email.change"
        case changePhone = "phone.change"
        case confirmPhone = "phone.confirm"
        case attachAccount = "account.attach"
        case renameAccount = "account.name"
        case detachAccount = "account.detach"
        case deleteUser = "user.delete"
        case shareAccount = "share.invite"
        case endShare = "share.end"
        case enableSecondFactor = "factor.enable"
        case disableSecondFactor = "factor.disable"
        case saveServices = "services.save"
        case unsubscribe = "services.unsubscribe"
        case restoreAccess = "access.restore"
        case detachPerson = "access.detach"
        case operatorSignIn = "operator.sign_in"
        case operatorCode = "operator.code"
        case operatorPassword = "operator.password"
        case operatorFactor = "operator.factor"
        case operatorSignOut = "operator.sign_out"
        case personViewed = "person.viewed"
        case idle = "queue.idle"

        /// Whether deciding it makes or compares hashes of passwords, 10 to 17 ms each.
        public var isOfPassword: Bool {
            switch self {
            case .startRegistration, .openLink, .registerInvited, .openSession, .resetPassword,
                .changePassword, .changeEmail, .changePhone, .attachAccount, .deleteUser,
                .enableSecondFactor, .disableSecondFactor, .operatorSignIn, .operatorFactor,
                .operatorPassword:
                true
            default: false
            }
        }
    }

    public var kind: Kind {
        switch self {
        case .submitReading: .submitReading
        case .deleteReading: .deleteReading
        case .openAccount: .openAccount
        case .changeAccount: .changeAccount
        case .closeAccount: .closeAccount
        case .installMeter: .installMeter
        case .removeMeter: .removeMeter
        case .replaceMeter: .replaceMeter
        case .changeMeter: .changeMeter
        case .extendWindow: .extendWindow
        case .setWindow: .setWindow
        case .openPeriod: .openPeriod
        case .closePeriod: .closePeriod
        case .fixPeriod: .fixPeriod
        case .chargePeriod: .chargePeriod
        case .foreseePeriod: .foreseePeriod
        case .foreseePart: .foreseePart
        case .reopenPeriod: .reopenPeriod
        case .withdrawPeriod: .withdrawPeriod
        case .ledger(let body): body.kind
        case .rebuildViews: .rebuildViews
        case .importRows: .importRows
        case .reprocessPart: .reprocessPart
        case .sendLetter: .sendLetter
        case .sendMailing: .sendMailing
        case .sendMessage: .sendMessage
        case .reportNotices: .reportNotices
        case .identity(let body): body.kind
        case .operators(let body): body.kind
        case .idle: .idle
        }
    }

    /// Reads the body of a command; every member is checked, none is ignored.
    public init(_ kind: Kind, _ json: JSON) throws(ShapeError) {
        switch kind {
        case .submitReading: self = .submitReading(try SubmitReading(json))
        case .deleteReading: self = .deleteReading(try DeleteReading(json))
        case .openAccount: self = .openAccount(try AccountCard(json))
        case .changeAccount: self = .changeAccount(try AccountCard(json))
        case .closeAccount: self = .closeAccount(try CloseAccount(json))
        case .installMeter: self = .installMeter(try InstallMeter(json))
        case .removeMeter: self = .removeMeter(try RemoveMeter(json))
        case .replaceMeter: self = .replaceMeter(try ReplaceMeter(json))
        case .changeMeter: self = .changeMeter(try ChangeMeter(json))
        case .extendWindow: self = .extendWindow(try ExtendWindow(json))
        case .setWindow: self = .setWindow(try SetWindow(json))
        case .openPeriod: self = .openPeriod(try Period(json))
        case .closePeriod: self = .closePeriod(try Period(json))
        case .fixPeriod: self = .fixPeriod(try FixPeriod(json))
        case .chargePeriod: self = .chargePeriod(try PeriodPart(json))
        case .foreseePeriod: self = .foreseePeriod(try Period(json))
        case .foreseePart: self = .foreseePart(try PeriodPart(json))
        case .reopenPeriod: self = .reopenPeriod(try ReopenPeriod(json))
        case .withdrawPeriod: self = .withdrawPeriod(try PeriodPart(json))
        case .rebuildViews: self = .rebuildViews(try RebuildViews(json))
        case .importRows: self = .importRows(try ImportRows(json))
        case .reprocessPart: self = .reprocessPart(try ReprocessPart(json))
        case .sendLetter: self = .sendLetter(try Outgoing(json, by: .letter))
        case .sendMailing: self = .sendMailing(try Outgoing(json, by: .letter))
        case .sendMessage: self = .sendMessage(try Outgoing(json, by: .message))
        case .reportNotices: self = .reportNotices(try NoticeReport(json))
        case .idle: self = .idle
        default:
            if let body = try IdentityCommand(kind, json) {
                self = .identity(body)
            } else if let body = try OperatorCommand(kind, json) {
                self = .operators(body)
            } else if let body = try LedgerCommand(kind, json) {
                self = .ledger(body)
            } else {
                throw ShapeError("", "shape.object")
            }
        }
    }

    public var json: JSON {
        switch self {
        case .submitReading(let body): body.json
        case .deleteReading(let body): body.json
        case .openAccount(let body), .changeAccount(let body): body.json
        case .closeAccount(let body): body.json
        case .installMeter(let body): body.json
        case .removeMeter(let body): body.json
        case .replaceMeter(let body): body.json
        case .changeMeter(let body): body.json
        case .extendWindow(let body): body.json
        case .setWindow(let body): body.json
        case .openPeriod(let body), .closePeriod(let body), .foreseePeriod(let body): body.json
        case .fixPeriod(let body): body.json
        case .chargePeriod(let body), .foreseePart(let body), .withdrawPeriod(let body): body.json
        case .reopenPeriod(let body): body.json
        case .ledger(let body): body.json
        case .rebuildViews(let body): body.json
        case .importRows(let body): body.json
        case .reprocessPart(let body): body.json
        case .sendLetter(let body), .sendMailing(let body), .sendMessage(let body): body.json
        case .reportNotices(let body): body.json
        case .identity(let body): body.json
        case .operators(let body): body.json
        case .idle: .object([])
        }
    }

    /// The account that the command is about, if it is about one.
    public var account: AccountNumber? {
        switch self {
        case .submitReading(let body): body.account
        case .deleteReading(let body): body.account
        case .openAccount(let body), .changeAccount(let body): body.account
        case .closeAccount(let body): body.account
        case .installMeter(let body): body.account
        case .removeMeter(let body): body.account
        case .replaceMeter(let body): body.account
        case .changeMeter(let body): body.account
        case .ledger(let body): body.account
        case .extendWindow, .setWindow, .openPeriod, .closePeriod, .fixPeriod, .chargePeriod,
            .foreseePeriod, .foreseePart, .reopenPeriod, .withdrawPeriod, .rebuildViews,
            .importRows, .reprocessPart, .sendLetter, .sendMailing, .sendMessage, .reportNotices,
            .identity, .operators, .idle:
            nil
        }
    }

    /// What the queue keeps this command's order by.
    /// - Parameter actor: who asks; what people do with their own access is in order by person.
    public func subject(organization: String, actor: String = "") -> Int64 {
        if let account { return Subject.account(organization, account) }
        switch self {
        case .identity(let body):
            return Subject.hash("identity", organization, body.about(actor: actor))
        case .operators(let body):
            return Subject.hash("operator", organization, body.login.text)
        case .importRows(let body): return Int64(body.lane)
        case .reprocessPart(let body): return Int64(body.lane)
        case .fixPeriod(let body): return Int64(body.part)
        case .chargePeriod(let body), .foreseePart(let body), .withdrawPeriod(let body):
            return Subject.hash(
                "part", organization, body.firstHouse, "\(body.ids.lowerBound)")
        case .rebuildViews(let body): return Int64(body.part)
        case .sendLetter(let body), .sendMailing(let body):
            return Subject.hash("letter", organization, body.to)
        case .sendMessage(let body): return Subject.hash("message", organization, body.to)
        // No order to keep: a state never goes back.
        case .reportNotices(let body):
            return Subject.hash("report", body.gateway, body.items.first?.id ?? "")
        default: return Subject.organization(organization)
        }
    }
}

/// «Передать показания» (SF-143…149, SF-151): one meter, all its registers in one act.
public struct SubmitReading: Sendable, Equatable {
    public var account: AccountNumber
    public var meter: String
    /// Required only where the meter's number alone is ambiguous on the account.
    public var service: Service?
    public var values: [RegisterValue]
    /// When it was read; absent = the local day on which it was received.
    public var takenOn: Day?
    /// «Подтвердить»: the person has looked at the doubtful value and means it.
    public var confirm: Bool
    /// The id of the session in which a resident entered it: the door says it where the reading may be taken back only
    /// until that session ends (SF-148). Never its token.
    public var session: String?

    public init(
        account: AccountNumber, meter: String, service: Service? = nil, values: [RegisterValue],
        takenOn: Day? = nil, confirm: Bool = false, session: String? = nil
    ) {
        self.account = account
        self.meter = meter
        self.service = service
        self.values = values
        self.takenOn = takenOn
        self.confirm = confirm
        self.session = session
    }

    /// What is asked for; `session` is said by the door alone.
    static let keys = ["account", "meter", "service", "values", "taken_on", "confirm"]

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: Self.keys + ["session"])
        account = try shape.account("account")
        meter = try shape.text("meter", most: 50)
        service = try shape.optionalService("service")
        values = try shape.values("values")
        takenOn = try shape.optionalDay("taken_on")
        confirm = try shape.bool("confirm")
        session = try shape.optionalText("session", most: 36)
    }

    /// The body of `POST …/accounts/{account}/readings`: the account stands in the path.
    public init(account: AccountNumber, body json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: Array(Self.keys.dropFirst()))
        self.account = account
        meter = try shape.text("meter", most: 50)
        service = try shape.optionalService("service")
        values = try shape.values("values")
        takenOn = try shape.optionalDay("taken_on")
        confirm = try shape.bool("confirm")
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "meter": .string(meter),
            "service": service.map { .string($0.rawValue) },
            "values": .object(
                values.map { JSON.Member($0.register.rawValue, .string($0.text)) }),
            "taken_on": takenOn.map { .string($0.description) },
            "confirm": confirm ? .bool(true) : nil, "session": session.map(JSON.string),
        ])
    }
}

extension SubmitReading {
    /// What says in a form of several meters that doubtful values are meant: they themselves, as they were typed. So a value
    /// that was changed since the question is asked about anew.
    public static func confirmation(_ values: [RegisterValue]) -> String {
        values.map { "\($0.register.rawValue)=\($0.text)" }.joined(separator: " ")
    }
}

/// «показание можно удалить» (SF-148).
public struct DeleteReading: Sendable, Equatable {
    public var account: AccountNumber
    public var reading: String

    public init(account: AccountNumber, reading: String) {
        self.account = account
        self.reading = reading
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "reading"])
        account = try shape.account("account")
        reading = try shape.text("reading", most: 36)
    }

    public var json: JSON {
        .object(["account": .string(account.text), "reading": .string(reading)])
    }
}

/// The card of an account (SF-002, SF-081, SF-101, SF-102) as the organization keeps it.
/// `account.open` makes it, `account.change` writes the members that are given.
public struct AccountCard: Sendable, Equatable {
    public var account: AccountNumber
    public var company: String?
    public var surname: String?
    public var name: String?
    public var patronymic: String?
    /// A code: houses of the same code share meters, areas and windows.
    public var house: String?
    public var apartment: String?
    public var address: String?
    public var area: Quantity?
    public var livingArea: Quantity?
    public var houseArea: Quantity?
    public var rooms: Int64?
    public var residents: Int64?
    public var ownership: String?
    public var phone: String?
    public var email: String?
    public var closedOn: Day?

    public init(account: AccountNumber) { self.account = account }

    public static let keys = [
        "account", "company", "surname", "name", "patronymic", "house", "apartment", "address",
        "area_m2", "living_area_m2", "house_area_m2", "rooms", "residents", "ownership", "phone",
        "email", "closed_on",
    ]

    public init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: Self.keys)
        account = try shape.account("account")
        company = try shape.optionalText("company", most: 50)
        surname = try shape.optionalText("surname", most: 100)
        name = try shape.optionalText("name", most: 100)
        patronymic = try shape.optionalText("patronymic", most: 100)
        house = try shape.optionalText("house", most: 50)
        apartment = try shape.optionalText("apartment", most: 30)
        address = try shape.optionalText("address", most: 300)
        area = try shape.optionalQuantity("area_m2")
        livingArea = try shape.optionalQuantity("living_area_m2")
        houseArea = try shape.optionalQuantity("house_area_m2")
        rooms = try shape.optionalInt("rooms", 0...100)
        residents = try shape.optionalInt("residents", 0...1000)
        ownership = try shape.optionalText("ownership", most: 50)
        phone = try shape.optionalText("phone", most: 30)
        email = try shape.optionalText("email", most: 254)
        closedOn = try shape.optionalDay("closed_on")
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "company": company.map(JSON.string),
            "surname": surname.map(JSON.string), "name": name.map(JSON.string),
            "patronymic": patronymic.map(JSON.string), "house": house.map(JSON.string),
            "apartment": apartment.map(JSON.string), "address": address.map(JSON.string),
            "area_m2": area.map { .string($0.description) },
            "living_area_m2": livingArea.map { .string($0.description) },
            "house_area_m2": houseArea.map { .string($0.description) },
            "rooms": rooms.map(JSON.int), "residents": residents.map(JSON.int),
            "ownership": ownership.map(JSON.string), "phone": phone.map(JSON.string),
            "email": email.map(JSON.string), "closed_on": closedOn.map { .string($0.description) },
        ])
    }
}

public struct CloseAccount: Sendable, Equatable {
    public var account: AccountNumber
    public var closedOn: Day

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "closed_on"])
        account = try shape.account("account")
        closedOn = try shape.day("closed_on")
    }

    public var json: JSON {
        .object(["account": .string(account.text), "closed_on": .string(closedOn.description)])
    }
}

/// A new meter with one register, or a further register of a meter that is there (`register` T2,
/// T3). Repeating it is harmless.
public struct InstallMeter: Sendable, Equatable {
    public var account: AccountNumber
    public var service: Service
    public var meter: String
    public var register: Register
    /// Integer digits of the dial, 1…12, and fraction digits that are read, 0…6 («значность»,
    /// SF-145).
    public var digits: Int
    public var decimals: Int
    public var installedOn: Day?
    public var verifiedUntil: Day?
    public var removedOn: Day?
    public var initial: Quantity
    /// Its readings come by themselves (АСКУЭ): people type none. Nil: as it was, at first not.
    public var automatic: Bool?

    public static let keys = [
        "account", "service", "meter", "register", "digits", "decimals", "installed_on",
        "verified_until", "removed_on", "initial_value", "automatic",
    ]

    public init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: Self.keys)
        account = try shape.account("account")
        guard let service = try shape.optionalService("service") else {
            throw ShapeError("/service", "shape.missing", "service")
        }
        self.service = service
        meter = try shape.text("meter", most: 50)
        let name = try shape.optionalText("register") ?? ""
        guard let register = Register(rawValue: name.isEmpty ? "T1" : name) else {
            throw ShapeError("/register", "shape.register", name)
        }
        self.register = register
        digits = Int(try shape.int("digits", 1...12))
        decimals = Int(try shape.optionalInt("decimals", 0...6) ?? 0)
        installedOn = try shape.optionalDay("installed_on")
        verifiedUntil = try shape.optionalDay("verified_until")
        removedOn = try shape.optionalDay("removed_on")
        initial = try shape.optionalQuantity("initial_value") ?? .zero
        automatic = try shape.optionalBool("automatic")
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "service": .string(service.rawValue),
            "meter": .string(meter), "register": .string(register.rawValue),
            "digits": .int(Int64(digits)), "decimals": .int(Int64(decimals)),
            "installed_on": installedOn.map { .string($0.description) },
            "verified_until": verifiedUntil.map { .string($0.description) },
            "removed_on": removedOn.map { .string($0.description) },
            "initial_value": .string(initial.description), "automatic": automatic.map(JSON.bool),
        ])
    }
}

/// What changes of a meter that stays where it is: that its readings come by themselves, or for how long it is verified.
public struct ChangeMeter: Sendable, Equatable {
    public var account: AccountNumber
    public var service: Service?
    public var meter: String
    public var automatic: Bool?
    public var verifiedUntil: Day?

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(
            json, keys: ["account", "service", "meter", "automatic", "verified_until"])
        account = try shape.account("account")
        service = try shape.optionalService("service")
        meter = try shape.text("meter", most: 50)
        automatic = try shape.optionalBool("automatic")
        verifiedUntil = try shape.optionalDay("verified_until")
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "service": service.map { .string($0.rawValue) },
            "meter": .string(meter), "automatic": automatic.map(JSON.bool),
            "verified_until": verifiedUntil.map { .string($0.description) },
        ])
    }
}

/// «снят с учёта» (SF-141, SF-202): it stays visible as inactive.
public struct RemoveMeter: Sendable, Equatable {
    public var account: AccountNumber
    public var service: Service?
    public var meter: String
    public var removedOn: Day
    /// The last values, if they were read.
    public var values: [RegisterValue]

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(
            json, keys: ["account", "service", "meter", "removed_on", "values"])
        account = try shape.account("account")
        service = try shape.optionalService("service")
        meter = try shape.text("meter", most: 50)
        removedOn = try shape.day("removed_on")
        values = json["values"] == nil ? [] : try shape.values("values")
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "service": service.map { .string($0.rawValue) },
            "meter": .string(meter), "removed_on": .string(removedOn.description),
            "values": values.isEmpty
                ? nil
                : .object(values.map { JSON.Member($0.register.rawValue, .string($0.text)) }),
        ])
    }
}

/// «замена счётчика»: the old meter goes with its last values, the new one comes with its first, on
/// one day.
public struct ReplaceMeter: Sendable, Equatable {
    public var account: AccountNumber
    public var service: Service?
    public var meter: String
    public var replacedOn: Day
    public var values: [RegisterValue]
    public var newMeter: String
    public var digits: Int?
    public var decimals: Int?
    public var verifiedUntil: Day?
    public var newValues: [RegisterValue]
    /// Whether the readings of the new one come by themselves.
    public var automatic: Bool

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(
            json,
            keys: [
                "account", "service", "meter", "replaced_on", "values", "new_meter", "digits",
                "decimals", "verified_until", "new_values", "automatic",
            ])
        account = try shape.account("account")
        service = try shape.optionalService("service")
        meter = try shape.text("meter", most: 50)
        replacedOn = try shape.day("replaced_on")
        values = json["values"] == nil ? [] : try shape.values("values")
        newMeter = try shape.text("new_meter", most: 50)
        digits = try shape.optionalInt("digits", 1...12).map { Int($0) }
        decimals = try shape.optionalInt("decimals", 0...6).map { Int($0) }
        verifiedUntil = try shape.optionalDay("verified_until")
        newValues = json["new_values"] == nil ? [] : try shape.values("new_values")
        automatic = try shape.bool("automatic")
    }

    public var json: JSON {
        func object(_ values: [RegisterValue]) -> JSON? {
            values.isEmpty
                ? nil
                : .object(values.map { JSON.Member($0.register.rawValue, .string($0.text)) })
        }
        return .object([
            "account": .string(account.text), "service": service.map { .string($0.rawValue) },
            "meter": .string(meter), "replaced_on": .string(replacedOn.description),
            "values": object(values), "new_meter": .string(newMeter),
            "digits": digits.map { .int(Int64($0)) }, "decimals": decimals.map { .int(Int64($0)) },
            "verified_until": verifiedUntil.map { .string($0.description) },
            "new_values": object(newValues), "automatic": automatic ? .bool(true) : nil,
        ])
    }
}

/// A billing month of an organization.
public struct Period: Sendable, Equatable {
    public var month: Month
    /// Who closes it knows that it may not be over.
    public var isConfirmed: Bool

    public init(month: Month, isConfirmed: Bool = false) {
        self.month = month
        self.isConfirmed = isConfirmed
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["month", "confirmed"])
        month = try shape.month("month")
        isConfirmed = try shape.bool("confirmed")
    }

    public var json: JSON {
        .object([
            "month": .string(month.description), "confirmed": isConfirmed ? .bool(true) : nil,
        ])
    }
}

/// Every account whose id leaves the remainder `part` when divided by `parts`.
public struct FixPeriod: Sendable, Equatable {
    public var month: Month
    public var part: Int
    public var parts: Int

    public init(month: Month, part: Int, parts: Int) {
        self.month = month
        self.part = part
        self.parts = parts
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["month", "part", "parts"])
        month = try shape.month("month")
        parts = Int(try shape.int("parts", 1...100_000))
        part = Int(try shape.int("part", 0...Int64(parts - 1)))
    }

    public var json: JSON {
        .object([
            "month": .string(month.description), "part": .int(Int64(part)),
            "parts": .int(Int64(parts)),
        ])
    }
}

/// The views of the accounts whose id is `part` modulo `parts`. `meters`: also rows of meters of these
/// ids that are not there.
public struct RebuildViews: Sendable, Equatable {
    public var part: Int
    public var parts: Int
    public var meters: ClosedRange<Int64>?

    public init(part: Int, parts: Int, meters: ClosedRange<Int64>? = nil) {
        self.part = part
        self.parts = parts
        self.meters = meters
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["part", "parts", "from", "to"])
        parts = Int(try shape.int("parts", 1...100_000))
        part = Int(try shape.int("part", 0...Int64(parts - 1)))
        if let from = try shape.optionalInt("from", .min ... .max) {
            meters = from...(try shape.int("to", from ... .max))
        }
    }

    public var json: JSON {
        .object([
            "part": .int(Int64(part)), "parts": .int(Int64(parts)),
            "from": meters.map { .int($0.lowerBound) }, "to": meters.map { .int($0.upperBound) },
        ])
    }
}

/// Rows `from`…`to` of one lane of an import (operations.import_row).
public struct ImportRows: Sendable, Equatable {
    public enum What: String, Sendable, CaseIterable {
        case accounts, meters, readings, proofs
        case houseMeters = "house-meters"
        case houseReadings = "house-readings"
        case payments, balances, charges, bills
        case suppliers
        case chargeKinds = "charge-kinds"
        case contracts, tariffs, norms, multipliers, undersupply
        case houseAreas = "house-areas"
        case keyRates = "key-rates"
        case workdays
        case dueDays = "due-days"

        /// Its rows are about houses, not about accounts.
        public var isOfHouses: Bool { self == .houseMeters || self == .houseReadings }
    }
    public var job: Int64
    public var what: What
    public var lane: Int
    public var from: Int64
    public var to: Int64
    public var dryRun: Bool
    /// Doubtful readings of the file are meant.
    public var confirm: Bool

    public init(
        job: Int64, what: What, lane: Int, from: Int64, to: Int64, dryRun: Bool,
        confirm: Bool = false
    ) {
        self.job = job
        self.what = what
        self.lane = lane
        self.from = from
        self.to = to
        self.dryRun = dryRun
        self.confirm = confirm
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(
            json, keys: ["job", "what", "lane", "from", "to", "dry_run", "confirm"])
        job = try shape.int("job", 1...Int64.max)
        guard let what = What(rawValue: try shape.text("what")) else {
            throw ShapeError(
                "/what", "shape.choice", What.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.what = what
        lane = Int(try shape.int("lane", 0...1023))
        from = try shape.int("from", 0...Int64.max)
        to = try shape.int("to", 0...Int64.max)
        dryRun = try shape.bool("dry_run")
        confirm = try shape.bool("confirm")
    }

    public var json: JSON {
        .object([
            "job": .int(job), "what": .string(what.rawValue), "lane": .int(Int64(lane)),
            "from": .int(from), "to": .int(to), "dry_run": dryRun ? .bool(true) : nil,
            "confirm": confirm ? .bool(true) : nil,
        ])
    }
}

/// The commands behind `from` of one lane of a job (operations.reprocess_row): as many as a part takes.
public struct ReprocessPart: Sendable, Equatable {
    public var job: Int64
    public var lane: Int
    /// Where the lane of the job must stand, so that of two parts in the same place only one does something.
    public var from: Int64

    public init(job: Int64, lane: Int, from: Int64) {
        self.job = job
        self.lane = lane
        self.from = from
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["job", "lane", "from"])
        job = try shape.int("job", 1...Int64.max)
        lane = Int(try shape.int("lane", 0...1023))
        from = try shape.int("from", 0...Int64.max)
    }

    public var json: JSON {
        .object(["job": .int(job), "lane": .int(Int64(lane)), "from": .int(from)])
    }
}
