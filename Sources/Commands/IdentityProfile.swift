/// How people of an organization come in and what they may do with their access: the rows of features.md §15 that
/// concern identity, attaching, sessions, recovery and consents. Every one is a setting.
public struct IdentityProfile: Sendable, Equatable {
    /// What a person signs in with (`identity.mode`).
    public enum Mode: String, Sendable, CaseIterable {
        /// The number of an account, each with a password of its own (manuals 000, 002, 004; SF-036).
        case account
        /// An e-mail address; accounts are attached afterwards (manual 001; SF-051).
        case email
        /// A name of one's own; accounts are attached afterwards (manual 003; SF-060).
        case login
    }

    /// A way to confirm a registration (SF-027, SF-063).
    public enum Way: String, Sendable, CaseIterable { case email, sms }

    /// Who is signed in as soon as the registration is confirmed (SF-035).
    public enum AutoSignIn: String, Sendable, CaseIterable { case never, sms, always }

    public var mode: Mode
    /// «Номер лицевого счета», «Email», «Имя пользователя»: what stands at the field.
    public var loginWord: String
    /// Ways to choose from; none: nothing has to be confirmed (features.md §14 G).
    public var confirm: [Way]
    /// Whether an e-mail address is asked for although a message confirms (SF-028).
    public var emailWithSMS: Bool
    public var autoSignIn: AutoSignIn
    public var password: PasswordRule
    public var attach: Attach
    /// «Запомнить?» (SF-064).
    public var remember: Bool
    /// Whether people may delete their access themselves (SF-089).
    public var deleteUser: Bool
    /// Where the operator restores access: a sentence for the page (SF-039, SF-040); nil: nowhere.
    public var recovery: String?
    public var sessions: Sessions
    public var secondFactor: Bool
    public var limits: Limits
    /// Texts that are consented to, each with its version (SF-029; domain.md §8).
    public var terms: Terms
    /// «Дополнительные услуги» (SF-130…SF-137): what may be switched on.
    public var services: [Consent]
    /// Beginnings of numbers to which messages are sent; the cost of all others is not ours to pay.
    public var smsPrefixes: [String]

    /// How long a password is (SF-025), in characters.
    public struct PasswordRule: Sendable, Equatable {
        public var least: Int
        public var most: Int
        public init(least: Int, most: Int) {
            self.least = least
            self.most = most
        }
    }

    /// A fact that somebody who owns an account knows.
    public enum Factor: String, Sendable, CaseIterable {
        case surname, apartment
        /// The password of that account (SF-085; features.md §14 K).
        case password
        /// Date and sum of the last payment (SF-066).
        case payment = "last_payment"
        /// Total of a bill and its month.
        case bill
        /// The code that is printed on the bill.
        case code
    }

    /// Attaching an account (SF-053, SF-065, SF-085).
    public struct Attach: Sendable, Equatable {
        /// Any of these sets of factors proves ownership.
        public var proofs: [Set<Factor>]
        /// The account is chosen by company, house and flat (SF-065).
        public var isCascade: Bool
        /// A question against machines (SF-068): arithmetic in words, no picture.
        public var question: Bool
        public var button: String
        /// Accounts that one e-mail address may have (SF-041); nil: any number.
        public var mostPerEmail: Int?
        /// Whether people may detach accounts themselves (SF-088).
        public var detach: Bool
        /// «Укажите свои Контактные данные» as the last step (SF-054).
        public var contacts: Bool
        /// Whom to ask when there is nothing to prove it with (SF-067).
        public var help: String?

        public init(
            proofs: [Set<Factor>], isCascade: Bool, question: Bool, button: String,
            mostPerEmail: Int?, detach: Bool, contacts: Bool, help: String?
        ) {
            self.proofs = proofs
            self.isCascade = isCascade
            self.question = question
            self.button = button
            self.mostPerEmail = mostPerEmail
            self.detach = detach
            self.contacts = contacts
            self.help = help
        }
    }

    /// Minutes, unless said otherwise.
    public struct Sessions: Sendable, Equatable {
        /// Without a request.
        public var idle: Int
        /// From sign-in on.
        public var longest: Int
        /// From sign-in on, with «Запомнить?».
        public var remembered: Int
    }

    /// domain.md §7 and §8.
    public struct Limits: Sendable, Equatable {
        /// Seconds for which a code counts.
        public var codeSeconds: Int
        public var codeAttempts: Int
        /// Seconds before another code may be asked for.
        public var codeAgain: Int
        /// Codes to one number in 24 hours.
        public var codesPerNumber: Int
        /// Codes from one address in an hour.
        public var codesPerAddress: Int
        /// Codes for one account to whatever numbers in 24 hours.
        public var codesPerAccount: Int
        /// Letters with links to one e-mail address in an hour; those that reset a password are counted apart, as many.
        public var lettersPerRecipient: Int
        /// Times in an hour that one person may have a letter sent to an address to be confirmed.
        public var emailChangesPerPerson: Int
        /// People whom one person may invite in 24 hours.
        public var invitationsPerPerson: Int
        /// Hours for which a link that confirms counts (SF-032).
        public var linkHours: Int
        /// Minutes for which a link that resets a password counts.
        public var resetMinutes: Int
        /// Wrong proofs of one account, or passwords of one login, before it rests.
        public var failures: Int
        /// Minutes of the first rest; each further one is twice as long.
        public var restMinutes: Int

        public static let standard = Limits(
            codeSeconds: 300, codeAttempts: 5, codeAgain: 60, codesPerNumber: 5,
            codesPerAddress: 10, codesPerAccount: 5, lettersPerRecipient: 5,
            emailChangesPerPerson: 5, invitationsPerPerson: 10, linkHours: 24, resetMinutes: 60,
            failures: 5, restMinutes: 15)
    }

    public struct Terms: Sendable, Equatable {
        public var version: String
        public var text: String
    }

    /// One purpose, one consent, never ticked beforehand (152-ФЗ; domain.md §8).
    public struct Consent: Sendable, Equatable {
        public enum Purpose: String, Sendable, CaseIterable {
            /// «Смс-информирование» (SF-132).
            case smsNews = "sms_news"
            /// «Информирование по e-mail» (SF-134).
            case emailNews = "email_news"
            /// «Счет на дом» (SF-135).
            case paperBill = "paper_bill"
            /// «Счет по e-mail» (SF-136, SF-137).
            case emailBill = "email_bill"
        }
        public var purpose: Purpose
        public var title: String
        public var text: String
        public var version: String
    }
}

extension IdentityProfile.Consent.Purpose {
    /// The channel that it needs a confirmed contact of; nil: the address of the flat.
    public var way: IdentityProfile.Way? {
        switch self {
        case .smsNews: .sms
        case .emailNews, .emailBill: .email
        case .paperBill: nil
        }
    }
}

// MARK: As JSON

extension IdentityProfile {
    static let keys = [
        "mode", "login_word", "confirm", "email_with_sms", "auto_sign_in", "password", "attach",
        "remember", "delete_user", "recovery", "sessions", "second_factor", "limits", "terms",
        "services", "sms_prefixes",
    ]

    init(_ json: JSON, _ reader: inout ProfileReader) {
        let path = "identity."
        reader.keys(json, path, Self.keys)
        let mode =
            json["mode"].flatMap {
                reader.choice(
                    $0, path + "mode", Mode.init(rawValue:), Mode.allCases.map(\.rawValue))
            } ?? .account
        if json["mode"] == nil {
            reader.problems.append(
                "\(path)mode: one of \(Mode.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.mode = mode
        loginWord = reader.text(json, "login_word", path)
        confirm = reader.choices(
            json, "confirm", path, Way.init(rawValue:), Way.allCases.map(\.rawValue))
        emailWithSMS = reader.flag(json, "email_with_sms", path, otherwise: true)
        autoSignIn =
            json["auto_sign_in"].flatMap {
                reader.choice(
                    $0, path + "auto_sign_in", AutoSignIn.init(rawValue:),
                    AutoSignIn.allCases.map(\.rawValue))
            } ?? .never
        password = reader.passwordRule(json["password"] ?? .object([]), path + "password.")
        attach = reader.attach(json["attach"] ?? .object([]), path + "attach.")
        remember = reader.flag(json, "remember", path)
        deleteUser = reader.flag(json, "delete_user", path)
        recovery = reader.optionalText(json, "recovery", path)
        sessions = reader.sessions(json["sessions"] ?? .object([]), path + "sessions.")
        secondFactor = reader.flag(json, "second_factor", path)
        limits = reader.limits(json["limits"] ?? .object([]), path + "limits.")
        let terms = json["terms"] ?? .object([])
        reader.keys(terms, path + "terms.", ["version", "text"])
        self.terms = Terms(
            version: reader.text(terms, "version", path + "terms."),
            text: reader.text(terms, "text", path + "terms."))
        services = reader.consents(json, path)
        smsPrefixes = reader.texts(json, "sms_prefixes", path)
        if json["sms_prefixes"] == nil { smsPrefixes = ["+79"] }
        for prefix in smsPrefixes
        where !prefix.hasPrefix("+") || prefix.utf8.count < 2
            || !prefix.utf8.dropFirst().allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        {
            reader.problems.append("\(path)sms_prefixes: \(prefix) is not + and digits")
        }
        check(&reader)
    }

    /// What only makes sense together.
    private func check(_ reader: inout ProfileReader) {
        if mode == .account, attach.proofs.isEmpty {
            reader.problems.append(
                "identity.attach.proofs: with mode account at least one, as it also proves a registration"
            )
        }
        if mode == .login, !confirm.contains(.email) {
            reader.problems.append(
                "identity.confirm: with mode login email must be among them: the login is activated by a letter"
            )
        }
        if mode != .account, attach.proofs.contains([.password]) {
            reader.problems.append(
                "identity.attach.proofs: an account has a password of its own only with mode account"
            )
        }
        for consent in services where consent.purpose.way == .sms && smsPrefixes.isEmpty {
            reader.problems.append(
                "identity.services.\(consent.purpose.rawValue): no number may get messages, see sms_prefixes"
            )
        }
    }

    var json: JSON {
        .object([
            "mode": .string(mode.rawValue), "login_word": .string(loginWord),
            "confirm": .array(confirm.map { .string($0.rawValue) }),
            "email_with_sms": .bool(emailWithSMS), "auto_sign_in": .string(autoSignIn.rawValue),
            "password": .object([
                "least": .int(Int64(password.least)), "most": .int(Int64(password.most)),
            ]),
            "attach": attach.json, "remember": .bool(remember), "delete_user": .bool(deleteUser),
            "recovery": recovery.map(JSON.string),
            "sessions": .object([
                "idle": .int(Int64(sessions.idle)), "longest": .int(Int64(sessions.longest)),
                "remembered": .int(Int64(sessions.remembered)),
            ]),
            "second_factor": .bool(secondFactor), "limits": limits.json,
            "terms": .object([
                "version": .string(terms.version), "text": .string(terms.text),
            ]),
            "services": .array(
                services.map {
                    .object([
                        "purpose": .string($0.purpose.rawValue), "title": .string($0.title),
                        "text": .string($0.text), "version": .string($0.version),
                    ])
                }),
            "sms_prefixes": .array(smsPrefixes.map(JSON.string)),
        ])
    }
}

extension IdentityProfile.Attach {
    static let keys = [
        "proofs", "cascade", "question", "button", "most_per_email", "detach", "contacts", "help",
    ]

    var json: JSON {
        .object([
            // In the order of the factors, so that the same setting is always the same text.
            "proofs": .array(
                proofs.map { proof in
                    .array(
                        IdentityProfile.Factor.allCases.filter(proof.contains).map {
                            .string($0.rawValue)
                        })
                }),
            "cascade": .bool(isCascade), "question": .bool(question), "button": .string(button),
            "most_per_email": mostPerEmail.map { .int(Int64($0)) }, "detach": .bool(detach),
            "contacts": .bool(contacts), "help": help.map(JSON.string),
        ])
    }
}

extension IdentityProfile.Limits {
    /// Each limit by its name, with what is sensible for it.
    static let settings:
        [(name: String, path: any WritableKeyPath<Self, Int> & Sendable, range: ClosedRange<Int64>)] =
            [
                ("code_seconds", \.codeSeconds, 60...600),
                ("code_attempts", \.codeAttempts, 1...10),
                ("code_again", \.codeAgain, 10...600),
                ("codes_per_number", \.codesPerNumber, 1...50),
                ("codes_per_address", \.codesPerAddress, 1...1_000),
                ("codes_per_account", \.codesPerAccount, 1...50),
                ("letters_per_recipient", \.lettersPerRecipient, 1...1_000),
                ("email_changes_per_person", \.emailChangesPerPerson, 1...1_000),
                ("invitations_per_person", \.invitationsPerPerson, 1...1_000),
                ("link_hours", \.linkHours, 1...168),
                ("reset_minutes", \.resetMinutes, 5...1_440), ("failures", \.failures, 2...50),
                ("rest_minutes", \.restMinutes, 1...1_440),
            ]

    var json: JSON {
        .object(
            Self.settings.map { JSON.Member($0.name, .int(Int64(self[keyPath: $0.path]))) })
    }
}

extension ProfileReader {
    fileprivate mutating func flag(
        _ json: JSON, _ key: String, _ path: String, otherwise: Bool = false
    ) -> Bool {
        guard let given = json[key] else { return otherwise }
        guard let flag = given.bool else {
            problems.append("\(path)\(key): true or false")
            return otherwise
        }
        return flag
    }

    fileprivate mutating func number(
        _ json: JSON, _ key: String, _ path: String, _ range: ClosedRange<Int64>, otherwise: Int
    ) -> Int {
        guard let given = json[key] else { return otherwise }
        guard let number = given.int, range.contains(number) else {
            problems.append("\(path)\(key): \(range.lowerBound)…\(range.upperBound)")
            return otherwise
        }
        return Int(number)
    }

    fileprivate mutating func texts(_ json: JSON, _ key: String, _ path: String) -> [String] {
        guard let given = json[key] else { return [] }
        guard let items = given.array else {
            problems.append("\(path)\(key): no list")
            return []
        }
        return items.compactMap { item in
            guard let text = item.string, !text.isEmpty else {
                problems.append("\(path)\(key): its entries are texts")
                return nil
            }
            return text
        }
    }

    fileprivate mutating func choices<Value: Equatable>(
        _ json: JSON, _ key: String, _ path: String, _ read: (String) -> Value?, _ known: [String]
    ) -> [Value] {
        guard let given = json[key] else { return [] }
        guard let items = given.array else {
            problems.append("\(path)\(key): no list")
            return []
        }
        var values: [Value] = []
        for item in items {
            guard let value = choice(item, path + key, read, known) else { continue }
            if values.contains(value) {
                problems.append("\(path)\(key): \(item.string ?? "") is named twice")
            } else {
                values.append(value)
            }
        }
        return values
    }

    fileprivate mutating func passwordRule(
        _ json: JSON, _ path: String
    ) -> IdentityProfile.PasswordRule {
        keys(json, path, ["least", "most"])
        let rule = IdentityProfile.PasswordRule(
            least: number(json, "least", path, 8...64, otherwise: 8),
            most: number(json, "most", path, 16...128, otherwise: 64))
        if rule.least > rule.most { problems.append("\(path)least: more than most") }
        return rule
    }

    fileprivate mutating func attach(_ json: JSON, _ path: String) -> IdentityProfile.Attach {
        keys(json, path, IdentityProfile.Attach.keys)
        let known = IdentityProfile.Factor.allCases.map(\.rawValue)
        var proofs: [Set<IdentityProfile.Factor>] = []
        if let given = json["proofs"] {
            for item in given.array ?? [] {
                var proof: Set<IdentityProfile.Factor> = []
                for factor in item.array ?? [] {
                    if let factor = choice(
                        factor, path + "proofs", IdentityProfile.Factor.init(rawValue:), known)
                    {
                        proof.insert(factor)
                    }
                }
                if proof.isEmpty || proof == [.apartment] {
                    problems.append(
                        "\(path)proofs: a flat's number alone, or nothing, proves nothing")
                } else if proofs.contains(proof) {
                    problems.append("\(path)proofs: the same set stands there twice")
                } else {
                    proofs.append(proof)
                }
            }
            if given.array == nil { problems.append("\(path)proofs: a list of lists of factors") }
        }
        return IdentityProfile.Attach(
            proofs: proofs, isCascade: flag(json, "cascade", path),
            question: flag(json, "question", path),
            button: optionalText(json, "button", path) ?? "Добавить лицевой счет",
            mostPerEmail: json["most_per_email"] == nil
                ? nil : number(json, "most_per_email", path, 1...1_000, otherwise: 10),
            detach: flag(json, "detach", path), contacts: flag(json, "contacts", path),
            help: optionalText(json, "help", path))
    }

    fileprivate mutating func sessions(
        _ json: JSON, _ path: String
    ) -> IdentityProfile.Sessions {
        keys(json, path, ["idle", "longest", "remembered"])
        let sessions = IdentityProfile.Sessions(
            idle: number(json, "idle", path, 5...43_200, otherwise: 30),
            longest: number(json, "longest", path, 15...525_600, otherwise: 720),
            remembered: number(json, "remembered", path, 60...525_600, otherwise: 43_200))
        if sessions.idle > sessions.longest { problems.append("\(path)idle: more than longest") }
        return sessions
    }

    fileprivate mutating func limits(_ json: JSON, _ path: String) -> IdentityProfile.Limits {
        keys(json, path, IdentityProfile.Limits.settings.map(\.name))
        var limits = IdentityProfile.Limits.standard
        for setting in IdentityProfile.Limits.settings {
            limits[keyPath: setting.path] = number(
                json, setting.name, path, setting.range, otherwise: limits[keyPath: setting.path])
        }
        return limits
    }

    fileprivate mutating func consents(_ json: JSON, _ path: String) -> [IdentityProfile.Consent] {
        guard let given = json["services"] else { return [] }
        guard let items = given.array else {
            problems.append("\(path)services: no list")
            return []
        }
        let known = IdentityProfile.Consent.Purpose.allCases.map(\.rawValue)
        var consents: [IdentityProfile.Consent] = []
        for item in items {
            keys(item, path + "services.", ["purpose", "title", "text", "version"])
            guard
                let purpose = choice(
                    item["purpose"] ?? .string(""), path + "services.purpose",
                    IdentityProfile.Consent.Purpose.init(rawValue:), known)
            else { continue }
            if consents.contains(where: { $0.purpose == purpose }) {
                problems.append("\(path)services.\(purpose.rawValue): named twice")
            }
            consents.append(
                IdentityProfile.Consent(
                    purpose: purpose, title: text(item, "title", path + "services."),
                    text: text(item, "text", path + "services."),
                    version: text(item, "version", path + "services.")))
        }
        return consents
    }
}
