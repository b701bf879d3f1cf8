/// The rules said no. A value, not an error: a stable code, and the values that its words need
/// (`Words`).
public struct Refusal: Error, Sendable, Equatable {
    public var code: Code
    public var values: [String: String]
    /// The same command with `confirm` may be accepted: the value is doubtful, not impossible.
    public var confirmable: Bool

    public init(_ code: Code, _ values: [String: String] = [:], confirmable: Bool = false) {
        self.code = code
        self.values = values
        self.confirmable = confirmable
    }

    /// Codes of domain.md §6.6, and those that the same rules need beyond it.
    public enum Code: String, Sendable, CaseIterable {
        case readingFormat = "RD_FORMAT"
        case readingCapacity = "RD_CAPACITY"
        case readingLess = "RD_LESS"
        case readingSoft = "RD_SOFT"
        case readingHard = "RD_HARD"
        case readingWindow = "RD_WINDOW"
        case readingClosed = "RD_CLOSED"
        case readingMeterRemoved = "RD_METER"
        case readingNoMeter = "RD_NO_METER"
        case readingZones = "RD_ZONES"
        case readingFuture = "RD_FUTURE"
        /// The date stands before the previous reading, or before the meter was installed.
        case readingDate = "RD_DATE"
        /// Its readings come by themselves.
        case readingAutomatic = "RD_AUTOMATIC"
        /// The session in which it was entered has ended: it stays (SF-148).
        case readingSession = "RD_SESSION"
        /// An extension ends today at the earliest, and not long from now.
        case windowUntil = "WINDOW_UNTIL"
        /// Readings are always taken there.
        case windowNone = "WINDOW_NONE"
        case accountClosed = "ACCOUNT_CLOSED"
        case accountExists = "ACCOUNT_EXISTS"
        case companyUnknown = "COMPANY_UNKNOWN"
        case meterExists = "METER_EXISTS"
        case meterAmbiguous = "METER_AMBIGUOUS"
        case meterRegister = "METER_REGISTER"
        case periodClosed = "PERIOD_CLOSED"
        case periodOrder = "PERIOD_ORDER"
        /// It has not begun.
        case periodAhead = "PERIOD_AHEAD"
        /// Months behind it are closed already.
        case periodNewest = "PERIOD_NEWEST"
        case periodOpen = "PERIOD_OPEN"
        /// The day of a payment is still to come.
        case paymentDate = "PAY_DATE"
        /// The provider's number stands for another payment.
        case paymentOther = "PAY_OTHER"
        /// It was taken back: money that came after all has a number of its own.
        case paymentReversed = "PAY_REVERSED"
        /// It was given to another account.
        case paymentAssigned = "PAY_ASSIGNED"
        case kindUnknown = "CHARGE_KIND"
        /// A dated row that nothing can be decided without.
        case referenceMissing = "CHARGE_REFERENCE"
        case balanceMonth = "BALANCE_MONTH"
        /// An imported charge is not what its volume costs.
        case chargeSum = "CHARGE_SUM"
        /// Days without a service of what nobody is charged.
        case chargedNothing = "CHARGE_NOTHING"
        /// What was to be charged anew was, in this month.
        case correctionCharged = "CORRECTION_CHARGED"
        /// Charges are made here, not imported.
        case chargesOwn = "CHARGES_OWN"
        /// Another system's bill says otherwise than ours.
        case billDiffers = "BILL_DIFFERS"
        /// The month of the account was not closed here.
        case billMissing = "BILL_MISSING"
        case notFound = "NOT_FOUND"
        /// A code or link whose time was over before it could leave.
        case noticeExpired = "NOTICE_EXPIRED"
        /// Nobody can be reached there: the gateway refused for good.
        case noticeRefused = "NOTICE_REFUSED"
        /// «Проверьте данные…»: the one answer for unknown, wrong and already registered.
        case identityCheck = "ID_CHECK"
        /// «Неверный логин или пароль»: unknown or wrong.
        case signIn = "ID_SIGN_IN"
        /// It waited so long that nobody looks for its answer any more.
        case late = "ID_LATE"
        case password = "ID_PASSWORD"
        /// The new password is the present one.
        case samePassword = "ID_SAME_PASSWORD"
        /// The new address is the present one, and confirmed.
        case ownEmail = "ID_OWN_EMAIL"
        /// A service needs a confirmed contact first.
        case contactMissing = "ID_CONTACT"
        /// An invitation is taken by somebody who is signed in, or makes a login.
        case signInFirst = "ID_SIGN_IN_FIRST"
        /// Too many failures: it rests.
        case identityRests = "ID_RESTS"
        case identityTerms = "ID_TERMS"
        case identityField = "ID_FIELD"
        /// A login or an e-mail address that is taken (SF-062).
        case identityTaken = "ID_TAKEN"
        /// «не более 10 лицевых счетов» (SF-041).
        case emailLimit = "ID_EMAIL_LIMIT"
        case linkEnded = "ID_LINK"
        /// The link of a registration, opened where it was not begun: it needs the password that was typed then.
        case registrationElsewhere = "ID_ELSEWHERE"
        /// «Пароль не тот, что был введён при регистрации…»
        case registrationPassword = "ID_OTHER_PASSWORD"
        case codeWrong = "ID_CODE"
        case codeEnded = "ID_CODE_ENDED"
        case codeTooSoon = "ID_CODE_SOON"
        case codeTooMany = "ID_CODE_MANY"
        /// A number to which no messages are sent.
        case phoneNotServed = "ID_PHONE"
        case secondFactor = "ID_SECOND"
        /// One is on: whoever has the password alone must not put another in its place.
        case secondFactorOn = "ID_SECOND_ON"
        case secondFactorOff = "ID_SECOND_OFF"
        case notAllowed = "ID_NOT_ALLOWED"
        case attached = "ID_ATTACHED"
        case shareLimit = "ID_SHARE_LIMIT"
        /// One's own address was invited.
        case shareSelf = "ID_SHARE_SELF"
        /// One's own invitation was opened, to be accepted.
        case invitationOwn = "ID_INVITATION_OWN"
        /// As many letters with links were asked for to one address in an hour as may be, whoever asked and whosever it is.
        case letterLimit = "ID_LETTERS"
        /// As often as one person may within an hour, letters were sent to addresses to be confirmed.
        case emailChangeLimit = "ID_EMAIL_CHANGES"
        /// As many people were invited by one person in a day as may be.
        case invitationLimit = "ID_INVITATIONS"
        /// A login of letters that no login has.
        case loginShape = "ID_LOGIN"
        /// A row of an import that is no command.
        case shape = "SHAPE"
    }

    public var json: JSON {
        .object([
            "values": .object(
                values.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }),
            "confirmable": confirmable ? .bool(true) : nil,
        ])
    }

    /// Reads what `json` wrote, for whoever shows the words.
    public init?(code: String, json: JSON) {
        guard let code = Code(rawValue: code) else { return nil }
        self.code = code
        var values: [String: String] = [:]
        for member in json["values"]?.members ?? [] {
            values[member.key] = member.value.string
        }
        self.values = values
        confirmable = json["confirmable"]?.bool ?? false
    }
}

/// What came of a command, for its sender: a page or JSON is made of it. Never holds a secret.
public struct Outcome: Sendable, Equatable {
    public enum State: String, Sendable { case pending, done, refused, abandoned, discarded }
    public var command: String
    public var kind: String
    public var state: State
    public var result: JSON
    public var refusal: Refusal?

    public init(
        command: String, kind: String, state: State, result: JSON = .object([]),
        refusal: Refusal? = nil
    ) {
        self.command = command
        self.kind = kind
        self.state = state
        self.result = result
        self.refusal = refusal
    }
}

/// How a form post ended, for the page of its route to draw: what was typed (never a secret), and
/// what came of it.
public struct FormOutcome: Sendable, Equatable {
    public enum Ending: Sendable, Equatable {
        /// Decided, or still pending when `state` says so.
        case outcome(Outcome)
        /// The form was not the shape of its command.
        case misshapen(ShapeError)
        /// Nothing was saved (or, if doubtful, nobody knows yet whether it was); the same form may be sent again after so
        /// many seconds, and is taken once.
        case unavailable(retryAfter: Int, isDoubtful: Bool = false)
        /// It went no further: whoever typed it was signed out by then. It stands again, and waits for the tap.
        case kept
    }
    /// One of several commands that came in one form: each ends by itself.
    public struct Part: Sendable, Equatable {
        public var meter: String
        /// Raw, as posted: `cold_water` …
        public var service: String
        public var ending: Ending

        public init(meter: String, service: String, ending: Ending) {
            self.meter = meter
            self.service = service
            self.ending = ending
        }
    }

    public var fields: [String: String]
    public var ending: Ending
    /// How each reading of a form with several ended; empty where the form is one command, or none of it was sent on.
    public var parts: [Part]

    public init(fields: [String: String], ending: Ending, parts: [Part] = []) {
        self.fields = fields
        self.ending = ending
        self.parts = parts
    }
}
