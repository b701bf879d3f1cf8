import Commands
import Crypto
import HTTP

/// Everything that people may ask for about their own access (features.md §§2–5, 9), an act a value.
extension Act {
    static let all: [Act] = visitors + sessions + profile + accounts

    // MARK: Registration, confirmation, recovery

    private static let visitors: [Act] = [
        Act(
            kind: .checkHolder, summary: "The first step of a registration by account (SF-020).",
            form: "/{org}/register/check", json: nil, caller: .visitor, isGuarded: true,
            fields: [account, surname(required: true)],
            page: { _ in .registerCheck }, next: { _ in .draw(.register) }),
        Act(
            kind: .startRegistration, summary: "«Сохранить» of the registration (SF-023…SF-033).",
            form: "/{org}/register", json: ("POST", "/{org}/api/registrations"), caller: .visitor,
            isGuarded: true,
            sendsCode: { $0["way"]?.string == "sms" && $0["phone"] != nil },
            fields: [
                .init("account", "The account's number, where it is the login."),
                surname(required: false),
                .init("login", "A name of one's own, where that is the login."),
                .init("email", "An e-mail address."), .init("phone", "A telephone number."),
                newPassword, .init("way", "email or sms: how it is confirmed."), agree, language,
            ], parts: [.newBrowser, .origin], page: { _ in .register },
            check: registration, next: registered),
        Act(
            kind: .sendRegistrationCode, summary: "«Отправить смс» (SF-033).",
            form: "/{org}/register/{id}/phone",
            json: ("POST", "/{org}/api/registrations/{id}/codes"), caller: .visitor,
            isGuarded: true, sendsCode: { _ in true },
            fields: [
                .init("phone", "A telephone number; nothing: the one that was given before.")
            ],
            parts: [.path("id", as: "registration")],
            page: { .registerCode($0["id"] ?? "") },
            next: {
                .go("/register/\(Ingress.segment($0.parameters["id"] ?? ""))/code?done=sent")
            }),
        Act(
            kind: .confirmRegistration, summary: "«Код подтверждения», «ОК» (SF-034).",
            form: "/{org}/register/{id}/code",
            json: ("POST", "/{org}/api/registrations/{id}/confirmations"), caller: .visitor,
            isGuarded: true, sessions: .opens, fields: [code],
            parts: [.path("id", as: "registration"), .session(as: "session"), .origin],
            page: { .registerCode($0["id"] ?? "") }, check: sixDigits,
            next: { _ in .go("/?done=registered") }),
        Act(
            kind: .openLink, summary: "The button behind a letter's link (SF-031, SF-063).",
            form: "/{org}/confirm/{token}", json: ("POST", "/{org}/api/confirm/{token}"),
            caller: .visitor, isGuarded: true, sessions: .opens,
            fields: [
                .init(
                    "password", .secret,
                    "Of a registration that was begun elsewhere: the password that was typed then."),
                .init(
                    "registration_token", .secret, member: .none,
                    "Of a registration: what its beginning was answered with, instead of the password."
                ),
            ],
            parts: [.link, .session(as: "session"), .browsers, .origin],
            page: { .link($0["token"] ?? "") },
            next: opened),
        Act(
            kind: .registerInvited,
            summary: "Whoever was invited makes a login of the address that the letter went to.",
            form: "/{org}/invitations/{token}", json: ("POST", "/{org}/api/invitations/{token}"),
            caller: .visitor, isGuarded: true, sessions: .opens,
            fields: [newPassword, agree, language],
            parts: [.link, .session(as: "session"), .origin],
            page: { .link($0["token"] ?? "") }, check: agreed,
            next: {
                .go(
                    $0.outcome.result["signed_in"]?.bool == true
                        ? "/accounts?done=attached" : "/?done=invited")
            }),
        Act(
            kind: .askPasswordReset, summary: "«Забыли пароль?» (SF-038): always answered alike.",
            form: "/{org}/reset", json: ("POST", "/{org}/api/password-resets"), caller: .visitor,
            isGuarded: true,
            fields: [.init("login", required: true, "What one signs in with.")],
            page: { _ in .reset }, next: { _ in .go("/reset?done=sent") }),
        Act(
            kind: .resetPassword, summary: "A new password, behind a letter's link.",
            form: "/{org}/reset/{token}", json: ("POST", "/{org}/api/password-resets/{token}"),
            caller: .visitor, isGuarded: true, fields: [newPassword], parts: [.link],
            page: { .newPassword($0["token"] ?? "") }, next: { _ in .go("/?done=reset") }),
    ]

    // MARK: Sessions

    private static let sessions: [Act] = [
        Act(
            kind: .openSession, summary: "«Войти» (SF-036, SF-052, SF-064).",
            form: "/{org}/sign-in", json: ("POST", "/{org}/api/sessions"), caller: .visitor,
            isGuarded: true, sessions: .opens,
            fields: [
                .init("login", required: true, "What one signs in with."),
                .init("password", .secret, required: true, "The password."),
                .init("remember", .flag, "A long session, where there are any."), next,
            ], parts: [.session(as: "session"), .origin], page: { _ in .signIn },
            check: { reading throws(ShapeError) in
                if !reading.identity.remember { reading.members["remember"] = nil }
            },
            next: { ended in
                guard ended.outcome.result["second"]?.bool == true else {
                    return .go("/" + Ingress.query(ended.wanted))
                }
                return .go("/sign-in/code" + Ingress.query(ended.wanted))
            }),
        Act(
            kind: .completeSession, summary: "The second factor of a session that is half open.",
            form: "/{org}/sign-in/code", json: ("POST", "/{org}/api/sessions/current/code"),
            caller: .holder, isGuarded: true, fields: [code, next],
            parts: [.session(as: "session")], page: { _ in .secondStep }, check: secondCode,
            next: { .go("/" + Ingress.query($0.wanted)) }),
        Act(
            kind: .endSession, summary: "«Выход» (SF-080).", form: "/{org}/sign-out",
            json: ("DELETE", "/{org}/api/sessions/current"), caller: .holder, sessions: .ends,
            parts: [.session(as: "session")], page: { _ in .signIn }, next: { _ in .go("/") }),
        Act(
            kind: .endSession, summary: "End all sessions but this one.",
            form: "/{org}/profile/sessions/others/end",
            json: ("DELETE", "/{org}/api/sessions/others"), caller: .person,
            parts: [.session(as: "others")], page: { _ in .profile },
            next: { _ in .go("/profile?done=ended") }),
        Act(
            kind: .endSession, summary: "End one of one's sessions.",
            form: "/{org}/profile/sessions/{id}/end",
            json: ("DELETE", "/{org}/api/sessions/{id}"), caller: .person,
            parts: [.path("id", as: "id")], page: { _ in .profile },
            next: { _ in .go("/profile?done=ended") }),
    ]

    // MARK: The profile

    private static let profile: [Act] = [
        Act(
            kind: .changePassword, summary: "«Изменить пароль» (SF-082, SF-090).",
            form: "/{org}/profile/password", json: ("PUT", "/{org}/api/profile/password"),
            caller: .person, isGuarded: true,
            fields: [
                .init("old", .secret, required: true, "The password until now."),
                .init(
                    "password", .newPassword, required: true, member: .other("new"),
                    "The new password."),
            ], parts: [.session(as: "session")], page: { _ in .profile },
            next: { _ in .go("/profile?done=password") }),
        Act(
            kind: .changeEmail, summary: "Another e-mail address: it gets a link to confirm it.",
            form: "/{org}/profile/email", json: ("PUT", "/{org}/api/profile/email"),
            caller: .person, isGuarded: true,
            fields: [
                .init("email", required: true, "An e-mail address."),
                .init("password", .secret, required: true, "The password."),
            ], page: { _ in .profile }, next: { _ in .go("/profile?done=sent") }),
        Act(
            kind: .changePhone, summary: "Another telephone number: it gets a code to confirm it.",
            form: "/{org}/profile/phone", json: ("PUT", "/{org}/api/profile/phone"),
            caller: .person, isGuarded: true, sendsCode: { _ in true },
            fields: [phone, .init("password", .secret, required: true, "The password.")],
            page: { _ in .phoneCode }, next: { _ in .go("/profile/phone?done=sent") }),
        Act(
            kind: .confirmPhone, summary: "The code that came to the new telephone number.",
            form: "/{org}/profile/phone/code", json: ("POST", "/{org}/api/profile/phone/code"),
            caller: .person, isGuarded: true, fields: [code], page: { _ in .phoneCode },
            check: sixDigits, next: { _ in .go("/profile?done=changed") }),
        Act(
            kind: .enableSecondFactor,
            summary: "Switch the second factor on; the recovery codes are shown once.",
            form: "/{org}/profile/second-factor",
            json: ("PUT", "/{org}/api/profile/second-factor"), caller: .person, isGuarded: true,
            fields: [
                .init(
                    "secret", .code, required: true,
                    "The authenticator's secret: Base32 of 16 to 64 bytes."),
                code, .init("password", .secret, required: true, "The password."),
            ], parts: [.recovery], page: { _ in .secondFactor }, check: authenticator,
            next: { _ in .draw(.secondFactor) }),
        Act(
            kind: .disableSecondFactor, summary: "Switch the second factor off.",
            form: "/{org}/profile/second-factor/off",
            json: ("DELETE", "/{org}/api/profile/second-factor"), caller: .person,
            isGuarded: true,
            fields: [.init("password", .secret, required: true, "The password."), code],
            page: { _ in .secondFactor }, check: secondCode,
            next: { _ in .go("/profile?done=factor_off") }),
        Act(
            kind: .deleteUser, summary: "Delete one's access (SF-089).",
            form: "/{org}/profile/delete", json: ("DELETE", "/{org}/api/profile"),
            caller: .person, isGuarded: true, sessions: .ends,
            fields: [.init("password", .secret, required: true, "The password.")],
            page: { _ in .profile }, next: { _ in .go("/?done=deleted") }),
    ]

    // MARK: Accounts

    private static let accounts: [Act] = [
        Act(
            kind: .attachAccount,
            summary: "«Добавить лицевой счет» (SF-053, SF-065, SF-066, SF-085).",
            form: "/{org}/accounts", json: ("POST", "/{org}/api/accounts"), caller: .person,
            isGuarded: true,
            fields: [
                account, .init("company", "The company's code, where it is asked for."),
                .init("house", "The house's code, where it is asked for."),
                surname(required: false), .init("apartment", "The flat's number."),
                .init("password", .secret, "The password of that account."),
                .init("last_payment_on", "The day of the last payment, 2026-04-18."),
                .init(
                    "last_payment_kopecks", .money, typed: "last_payment",
                    "The sum of the last payment."),
                .init("bill_month", "The month of a bill, 2026-04."),
                .init("bill_total_kopecks", .money, typed: "bill_total", "The bill's total."),
                .init("code", .secret, "The code that is printed on the bill."),
                .init("question", member: .none, "The stamp of the question against machines."),
                .init("answer", member: .none, "Its answer, in digits or words."),
            ], page: { _ in .accounts }, check: proof,
            next: { _ in .go("/accounts?done=attached") }),
        Act(
            kind: .renameAccount, summary: "What one calls an account; nothing: its number.",
            form: "/{org}/accounts/{account}/name",
            json: ("PATCH", "/{org}/api/accounts/{account}"), caller: .person,
            fields: [.init("name", "A name of up to 50 characters.")],
            parts: [.path("account", as: "account")], page: { .account($0["account"] ?? "") },
            next: { .go("/accounts/\($0.account)/settings?done=named") }),
        Act(
            kind: .detachAccount, summary: "Detach an account (SF-088).",
            form: "/{org}/accounts/{account}/detach",
            json: ("DELETE", "/{org}/api/accounts/{account}"), caller: .person,
            parts: [.path("account", as: "account")], page: { .account($0["account"] ?? "") },
            next: { _ in .go("/accounts?done=detached") }),
        Act(
            kind: .shareAccount, summary: "Invite another person by e-mail.",
            form: "/{org}/accounts/{account}/shares",
            json: ("POST", "/{org}/api/accounts/{account}/shares"), caller: .person,
            fields: [
                .init("email", required: true, "Whom to invite."),
                .init(
                    "rights", .choices(prefix: "right_", of: ["readings", "pay"]),
                    "What may be done beside looking: readings, pay; nothing: looking only."),
            ], parts: [.path("account", as: "account")],
            page: { .account($0["account"] ?? "") },
            next: { .go("/accounts/\($0.account)/settings?done=shared") }),
        Act(
            kind: .endShare, summary: "Let the other person in no more.",
            form: "/{org}/accounts/{account}/shares/{id}/end",
            json: ("DELETE", "/{org}/api/accounts/{account}/shares/{id}"), caller: .person,
            parts: [.path("account", as: "account"), .path("id", as: "share")],
            page: { .account($0["account"] ?? "") },
            next: { .go("/accounts/\($0.account)/settings?done=ended") }),
        Act(
            kind: .saveServices, summary: "«Сохранить изменения» of the services (SF-130…SF-137).",
            form: "/{org}/accounts/{account}/services",
            json: ("PUT", "/{org}/api/accounts/{account}/services"), caller: .person,
            fields: [
                .init(
                    "on", .choices(prefix: "on_", of: purposes), required: true,
                    "What is on; all else is off."),
                .init(
                    "versions", .texts(prefix: "version_", of: purposes),
                    "The version of each text that was shown."),
            ], parts: [.path("account", as: "account"), .origin],
            page: { .services(account: $0["account"] ?? "") },
            next: { .go("/accounts/\($0.account)/services?done=saved") }),
    ]

    // MARK: Fields

    private static let purposes = IdentityProfile.Consent.Purpose.allCases.map(\.rawValue)
    private static let account = Field("account", required: true, "The account's number.")
    private static let phone = Field("phone", required: true, "A telephone number.")
    private static let code = Field("code", .code, required: true, "The code.")
    private static let next = Field(
        "next", member: .none, "Where to go on: a page of the organization, behind its part.")
    private static let newPassword = Field(
        "password", .newPassword, required: true, "The new password.")
    private static let agree = Field(
        "agree", required: true, member: .other("terms"),
        "The version of the terms of processing personal data that is agreed to.")
    private static let language = Field("language", "ru or en: of the letters.")
    private static func surname(required: Bool) -> Field {
        Field("surname", required: required, "The surname that the account is registered for.")
    }

    // MARK: Checks

    /// What has to be given is a matter of the profile (SF-023…SF-028, SF-051, SF-061).
    private static let registration: @Sendable (inout Reading) throws(ShapeError) -> Void = {
        reading throws(ShapeError) in
        let identity = reading.identity
        let ways = identity.confirm.map(\.rawValue)
        if reading.text("way") == nil, ways.count == 1 {
            reading.members["way"] = .string(ways[0])
        }
        let way = reading.text("way")
        guard way.map(ways.contains) ?? ways.isEmpty else {
            throw ShapeError("/way", "shape.choice", ways.joined(separator: ", "))
        }
        switch identity.mode {
        case .account:
            try reading.require(["account", "surname"])
            if way == "email" || identity.emailWithSMS { try reading.require(["email"]) }
        case .email: try reading.require(["email"])
        case .login: try reading.require(["login", "email"])
        }
        try agreed(&reading)
    }

    /// The text in force was read (SF-029).
    private static let agreed: @Sendable (inout Reading) throws(ShapeError) -> Void = {
        reading throws(ShapeError) in
        guard let version = reading.text("agree") else {
            throw ShapeError("/agree", "shape.terms")
        }
        guard version == reading.identity.terms.version else {
            throw ShapeError("/agree", "shape.terms_changed")
        }
        if reading.text("language") == nil {
            reading.members["language"] = .string(reading.language)
        }
    }

    private static let opened: @Sendable (Ended) -> Next = { ended in
        let result = ended.outcome.result
        // Of somebody else than who is signed in here nothing is told within the cabinet that is open.
        let isOther = result["other"]?.bool == true && result["signed_in"]?.bool != true
        let link = "/confirm/\(Ingress.segment(ended.parameters["token"] ?? ""))"
        switch result["purpose"]?.string {
        case "email":
            let word = result["login"]?.bool == true ? "changed_login" : "changed"
            guard !isOther else { return .go("\(link)?done=other_\(word)") }
            return .go("\(ended.isSignedIn ? "/profile" : "/")?done=\(word)")
        case "share": return .go("/accounts?done=attached")
        default: return .go(isOther ? "\(link)?done=other_registered" : "/?done=registered")
        }
    }

    private static let registered: @Sendable (Ended) -> Next = { ended in
        let id = ended.outcome.command
        switch ended.members["way"]?.string {
        case "sms":
            let isSent = ended.outcome.result["sent"]?.bool == true
            return .go("/register/\(id)/code\(isSent ? "?done=sent" : "")")
        case "email": return .go("/register?done=sent")
        default: return .go("/?done=registered")
        }
    }

    /// What cannot be the code was typed by mistake: that costs no attempt, of which there are few.
    private static let sixDigits: @Sendable (inout Reading) throws(ShapeError) -> Void = {
        reading throws(ShapeError) in
        guard isSixDigits(reading.text("code") ?? "") else {
            throw ShapeError("/code", "shape.six_digits")
        }
    }

    static func isSixDigits(_ code: String) -> Bool {
        code.utf8.count == 6 && code.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Six digits of the authenticator, or a recovery code.
    private static let secondCode: @Sendable (inout Reading) throws(ShapeError) -> Void = {
        reading throws(ShapeError) in
        let code = reading.text("code") ?? ""
        guard isSixDigits(code) || Secrets.isRecoveryCode(code) else {
            throw ShapeError("/code", "shape.second_code")
        }
    }

    /// Base32 of 16 to 64 bytes (RFC 4648 §6, RFC 4226 §4), however it is grouped.
    private static let authenticator: @Sendable (inout Reading) throws(ShapeError) -> Void = {
        reading throws(ShapeError) in
        let secret = (reading.text("secret") ?? "").uppercased()
        guard (16...64).contains(TOTP.bytes(base32: secret)?.count ?? 0) else {
            throw ShapeError("/secret", "shape.secret")
        }
        reading.members["secret"] = .string(secret)
        try sixDigits(&reading)
    }

    /// One of the sets of factors that prove ownership must be whole; which, is for the lane to judge.
    private static let proof: @Sendable (inout Reading) throws(ShapeError) -> Void = {
        reading throws(ShapeError) in
        let attach = reading.identity.attach
        if attach.isCascade { try reading.require(["company", "house"]) }
        let given: [IdentityProfile.Factor: [String]] = [
            .surname: ["surname"], .apartment: ["apartment"], .password: ["password"],
            .payment: ["last_payment_on", "last_payment_kopecks"],
            .bill: ["bill_month", "bill_total_kopecks"], .code: ["code"],
        ]
        let members = reading.members
        let isWhole = attach.proofs.contains { proof in
            proof.allSatisfy { given[$0, default: []].allSatisfy { members[$0] != nil } }
        }
        guard attach.proofs.isEmpty || isWhole else { throw ShapeError("", "shape.proof") }
    }
}
