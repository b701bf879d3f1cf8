import Commands
import Testing

private func json(_ text: String) throws -> JSON { try JSON.parse(Array(text.utf8)) }

private let hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

private let part = #"{"month":"2026-04","from_house":"a","to_house":"b","from_id":1,"to_id":9}"#

/// One whole body of every kind: each member that the kind knows, with a value that it takes.
let samples: [(kind: Command.Kind, body: String)] = [
    (
        .submitReading,
        #"{"account":"А-00120","meter":"M-1","service":"cold_water","#
            + #""values":{"T2":"2,5","T1":"1"},"#
            + #""taken_on":"18.04.2026","confirm":true,"#
            + #""session":"019dc5b8-6d5a-7000-8000-000000000000"}"#
    ),
    (.deleteReading, #"{"account":"120","reading":"019dc5b8-6d5a-7000-8000-000000000000"}"#),
    (
        .openAccount,
        #"{"account":"120","company":"uk","surname":"Ёлкин","name":"И","patronymic":"П","#
            + #""house":"h","apartment":"12А","address":"ул. Мира, 1","area_m2":"54,30","#
            + #""living_area_m2":"40","house_area_m2":"1000.5","rooms":2,"residents":3,"#
            + #""ownership":"частная","phone":"+79500000000","email":"a@b.ru","#
            + #""closed_on":"2026-01-31"}"#
    ),
    (.changeAccount, #"{"account":"120","surname":"Иванов"}"#),
    (.closeAccount, #"{"account":"120","closed_on":"2026-01-31"}"#),
    (
        .installMeter,
        #"{"account":"120","service":"heat","meter":"M","register":"T2","digits":5,"decimals":3,"#
            + #""installed_on":"2026-01-01","verified_until":"2030-01-01","#
            + #""removed_on":"2031-01-01","initial_value":"1,5","automatic":false}"#
    ),
    (
        .changeMeter,
        #"{"account":"120","service":"gas","meter":"M","automatic":false,"verified_until":"2030-01-01"}"#
    ),
    (
        .extendWindow,
        #"{"company":"uk","house":"h","until":"2026-04-30","why":"авария"}"#
    ),
    (.setWindow, #"{"house":"h","from":10,"to":25,"why":"собрание"}"#),
    (
        .removeMeter,
        #"{"account":"120","service":"gas","meter":"M","removed_on":"2026-01-01","#
            + #""values":{"T1":"7"}}"#
    ),
    (
        .replaceMeter,
        #"{"account":"120","service":"gas","meter":"M","replaced_on":"2026-01-01","#
            + #""values":{"T1":"7"},"new_meter":"N","digits":6,"decimals":2,"#
            + #""verified_until":"2030-01-01","new_values":{"T1":"0"},"automatic":true}"#
    ),
    (
        .changeMeter,
        #"{"account":"120","service":"gas","meter":"M","automatic":true,"verified_until":"2030-01-01"}"#
    ),
    (
        .extendWindow,
        #"{"company":"uk","house":"len-1","until":"2026-04-28","why":"кабинет не работал"}"#
    ),
    (.setWindow, #"{"house":"len-1","from":20,"to":28,"why":"договор 12"}"#),
    (.openPeriod, #"{"month":"2026-04"}"#),
    (.closePeriod, #"{"month":"2026-04"}"#),
    (.foreseePeriod, #"{"month":"2026-04"}"#),
    (.reopenPeriod, #"{"month":"2026-04","why":"ошибка в тарифе"}"#),
    (.chargePeriod, part), (.foreseePart, part), (.withdrawPeriod, part),
    (
        .postPayment,
        #"{"account":"120","provider":"bank","number":"1/7","amount_kopecks":12345,"#
            + #""paid_on":"2026-04-05","month":"2026-03","kind":"water","penalties":true}"#
    ),
    (
        .reversePayment,
        #"{"account":"120","provider":"bank","number":"1/7","why":"ошибка банка"}"#
    ),
    (
        .assignPayment,
        #"{"account":"120","provider":"bank","number":"1/7","why":"опечатка в номере"}"#
    ),
    (
        .openBalance,
        #"{"account":"120","kind":"water","month":"2026-03","amount_kopecks":-5,"penalty":true}"#
    ),
    (
        .postCharge,
        #"{"account":"120","month":"2026-04","kind":"water","method":"meter","volume":"7.556","#
            + #""tariff":"46.10","charged_kopecks":34833,"recalculated_kopecks":-1200,"ground":"акт","#
            + #""confirm":true}"#
    ),
    (.correctAccount, #"{"account":"120","from":"2026-03","why":"акт № 7"}"#),
    (.withdrawCorrection, #"{"account":"120","from":"2026-03","why":"не тот счёт"}"#),
    (.fixPeriod, #"{"month":"2026-04","part":0,"parts":3}"#),
    (.rebuildViews, #"{"part":0,"parts":3,"from":7,"to":9}"#),
    (
        .importRows,
        #"{"job":1,"what":"readings","lane":0,"from":1,"to":500,"dry_run":true,"confirm":true}"#
    ),
    (.reprocessPart, #"{"job":1,"lane":3,"from":500}"#),
    (
        .sendLetter,
        #"{"to":"a@b.ru","notice":"registration.code","language":"en","#
            + #""secret":"AQ==","expires_at":"2026-04-18T10:23:05Z","unsubscribe":"AQ==","#
            + #""fallback":"+79500000000"}"#
    ),
    (
        .sendMailing,
        #"{"to":"a@b.ru","notice":"bill.ready","language":"ru","values":{"account":"120","#
            + #""closing":"123456","due":"2026-05-15","month":"2026-04"},"unsubscribe":"AQ=="}"#
    ),
    (
        .sendMessage,
        #"{"to":"+79500000000","notice":"phone.code","language":"ru","secret":"AQ==","#
            + #""expires_at":"2026-04-18T10:23:05.250000Z","fallback":"a@b.ru"}"#
    ),
    (
        .reportNotices,
        #"{"gateway":"kannel","items":[{"id":"x","state":"delivered"},"#
            + #"{"id":"y","state":"undelivered","code":"25"}]}"#
    ),
    (
        .checkHolder,
        #"{"account":"А-00120","surname":"Ёлкина"}"#
    ),
    (
        .startRegistration,
        #"{"account":"120","surname":"Ёлкина","login":"ivan","email":"a@b.ru","p"#
            + #"hone":"+79500000000","password":"AQ==","way":"sms","language":"en","te"#
            + #"rms":"1","browser":"\#(hash)","agent":"Firefox","address":"10.0.0.0"}"#
    ),
    (
        .sendRegistrationCode,
        #"{"registration":"019dc5b8-6d5a-7000-8000-000000000000","phone":"+79500"#
            + #"000000"}"#
    ),
    (
        .confirmRegistration,
        #"{"registration":"019dc5b8-6d5a-7000-8000-000000000000","code":"AQ==",""#
            + #"session":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"#
            + #"cdef","agent":"Firefox","address":"10.0.0.0"}"#
    ),
    (
        .openLink,
        #"{"link":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abc"#
            + #"def","session":"0123456789abcdef0123456789abcdef0123456789abcdef012345"#
            + #"6789abcdef","browsers":["\#(hash)"],"password":"AQ==","agent":"Firefox","address":"10.0.0.0"}"#
    ),
    (
        .registerInvited,
        #"{"link":"\#(hash)","session":"\#(hash)","password":"AQ==","language":"en","terms":"1","#
            + #""agent":"Firefox","address":"10.0.0.0"}"#
    ),
    (
        .openSession,
        #"{"login":"ivan","password":"AQ==","remember":true,"session":"012345678"#
            + #"9abcdef0123456789abcdef0123456789abcdef0123456789abcdef","agent":"Fire"#
            + #"fox","address":"10.0.0.0"}"#
    ),
    (
        .completeSession,
        #"{"session":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789"#
            + #"abcdef","code":"AQ=="}"#
    ),
    (
        .endSession,
        #"{"session":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789"#
            + #"abcdef"}"#
    ),
    (
        .touchSession,
        #"{"session":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789"#
            + #"abcdef"}"#
    ),
    (
        .askPasswordReset,
        #"{"login":"ivan"}"#
    ),
    (
        .resetPassword,
        #"{"link":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abc"#
            + #"def","password":"AQ=="}"#
    ),
    (
        .changePassword,
        #"{"old":"AQ==","new":"AQ==","session":"0123456789abcdef0123456789abcdef"#
            + #"0123456789abcdef0123456789abcdef"}"#
    ),
    (
        .changeEmail,
        #"{"email":"a@b.ru","password":"AQ=="}"#
    ),
    (
        .changePhone,
        #"{"phone":"+79500000000","password":"AQ=="}"#
    ),
    (
        .confirmPhone,
        #"{"code":"AQ=="}"#
    ),
    (
        .attachAccount,
        #"{"account":"120","company":"uk","house":"h","surname":"Ёлкина","apartm"#
            + #"ent":"12А","password":"AQ==","last_payment_on":"2026-01-31","last_paym"#
            + #"ent_kopecks":12345,"bill_month":"2026-04","bill_total_kopecks":0,"code"#
            + #"":"AQ=="}"#
    ),
    (
        .renameAccount,
        #"{"account":"120","name":"дача"}"#
    ),
    (
        .detachAccount,
        #"{"account":"120"}"#
    ),
    (
        .deleteUser,
        #"{"password":"AQ=="}"#
    ),
    (
        .shareAccount,
        #"{"account":"120","email":"a@b.ru","rights":["view","readings"]}"#
    ),
    (
        .endShare,
        #"{"account":"120","share":"019dc5b8-6d5a-7000-8000-000000000000"}"#
    ),
    (
        .enableSecondFactor,
        #"{"secret":"AQ==","code":"AQ==","password":"AQ==","recovery":"AQ=="}"#
    ),
    (
        .disableSecondFactor,
        #"{"password":"AQ==","code":"AQ=="}"#
    ),
    (
        .saveServices,
        #"{"account":"120","on":["sms_news"],"versions":{"sms_news":"1"},"agent""#
            + #":"Firefox","address":"10.0.0.0"}"#
    ),
    (
        .unsubscribe,
        #"{"link":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abc"#
            + #"def","agent":"Firefox","address":"10.0.0.0"}"#
    ),
    (
        .restoreAccess,
        #"{"login":"ivan","person":"7","email":"a@b.ru","check":"documents","why":"паспорт"}"#
    ),
    (
        .detachPerson,
        #"{"account":"120","login":"ivan","person":"7","check":"questions","why":"продал квартиру"}"#
    ),
    (
        .operatorSignIn,
        #"{"login":"anna","password":"AQ==","session":"\#(hash)","agent":"Firefox","address":"10.0.0.*"}"#
    ),
    (.operatorCode, #"{"login":"anna","session":"\#(hash)","code":"AQ=="}"#),
    (.operatorPassword, #"{"login":"anna","session":"\#(hash)","old":"AQ==","new":"AQ=="}"#),
    (
        .operatorFactor,
        #"{"login":"anna","session":"\#(hash)","secret":"AQ==","code":"AQ==","password":"AQ==","present":"AQ=="}"#
    ),
    (.operatorSignOut, #"{"login":"anna","session":"\#(hash)"}"#),
    (
        .personViewed,
        #"{"login":"anna","session":"\#(hash)","what":"found","by":"surname","#
            + #""accounts":["А00120"],"persons":["7"],"logins":["ivan"],"why":"звонок"}"#
    ),
    (.idle, "{}"),
]

extension Command.Kind {
    var sample: JSON {
        get throws {
            let found = try #require(samples.first { $0.kind == self })
            return try json(found.body)
        }
    }

    /// Members without which there is no command.
    var needed: [String] {
        switch self {
        case .submitReading: ["account", "meter", "values"]
        case .deleteReading: ["account", "reading"]
        case .openAccount, .changeAccount: ["account"]
        case .closeAccount: ["account", "closed_on"]
        case .installMeter: ["account", "service", "meter", "digits"]
        case .removeMeter: ["account", "meter", "removed_on"]
        case .replaceMeter: ["account", "meter", "replaced_on", "new_meter"]
        case .changeMeter: ["account", "meter"]
        case .extendWindow: ["until", "why"]
        case .setWindow: ["house", "why"]
        case .openPeriod, .closePeriod, .foreseePeriod: ["month"]
        case .reopenPeriod: ["month", "why"]
        case .chargePeriod, .foreseePart, .withdrawPeriod: ["month", "from_id", "to_id"]
        case .postPayment: ["account", "provider", "number", "amount_kopecks", "paid_on"]
        case .reversePayment, .assignPayment: ["account", "provider", "number", "why"]
        case .openBalance: ["account", "kind", "month", "amount_kopecks"]
        case .postCharge: ["account", "month", "kind", "method", "charged_kopecks"]
        case .correctAccount, .withdrawCorrection: ["account", "from", "why"]
        case .fixPeriod: ["month", "part", "parts"]
        case .rebuildViews: ["part", "parts", "to"]
        case .importRows: ["job", "what", "lane", "from", "to"]
        case .reprocessPart: ["job", "lane", "from"]
        case .sendLetter, .sendMessage: ["to", "notice", "secret"]
        case .sendMailing: ["to", "notice", "values"]
        case .reportNotices: ["gateway", "items"]
        case .checkHolder: ["account", "surname"]
        case .startRegistration: ["password", "terms"]
        case .sendRegistrationCode: ["registration"]
        case .confirmRegistration: ["registration", "code", "session"]
        case .openLink: ["link", "session"]
        case .registerInvited: ["link", "session", "password", "terms"]
        case .openSession: ["login", "password", "session"]
        case .completeSession: ["session", "code"]
        case .endSession: ["session"]
        case .touchSession: ["session"]
        case .askPasswordReset: ["login"]
        case .resetPassword: ["link", "password"]
        case .changePassword: ["old", "new", "session"]
        case .changeEmail: ["email", "password"]
        case .changePhone: ["phone"]
        case .confirmPhone: ["code"]
        case .attachAccount: ["account"]
        case .renameAccount: ["account"]
        case .detachAccount: ["account"]
        case .deleteUser: ["password"]
        case .shareAccount: ["account", "email"]
        case .endShare: ["account", "share"]
        case .enableSecondFactor: ["secret", "code", "password", "recovery"]
        case .disableSecondFactor: ["password", "code"]
        case .saveServices: ["account"]
        case .unsubscribe: ["link"]
        case .restoreAccess: ["login", "email", "check", "why"]
        case .detachPerson: ["account", "login", "check", "why"]
        case .operatorSignIn: ["login", "password", "session"]
        case .operatorCode: ["login", "session", "code"]
        case .operatorPassword: ["login", "session", "old", "new"]
        case .operatorFactor: ["login", "session", "secret", "code"]
        case .operatorSignOut: ["login", "session"]
        case .personViewed: ["login", "session", "what", "why"]
        case .idle: []
        }
    }
}

extension Command.Kind {
    /// As few members as make a command. A change must change something.
    var least: [String] { self == .changeMeter ? needed + ["automatic"] : needed }
}

extension JSON {
    /// The same object with one member set, or without it.
    func with(_ key: String, _ value: JSON?) -> JSON {
        var members = (members ?? []).filter { $0.key != key }
        if let value { members.append(Member(key, value)) }
        return .object(members)
    }
}

private func shapeError(_ kind: Command.Kind, _ json: JSON) -> ShapeError? {
    do {
        _ = try Command(kind, json)
        return nil
    } catch {
        return error
    }
}

@Suite struct `A command` {
    @Test func `of every kind has a sample here`() {
        #expect(Set(samples.map(\.kind)) == Set(Command.Kind.allCases))
    }

    @Test(arguments: Command.Kind.allCases)
    func `is the same when it is written and read again`(kind: Command.Kind) throws {
        let command = try Command(kind, kind.sample)
        #expect(command.kind == kind)
        #expect(try Command(kind, command.json) == command)
        #expect(try Command(kind, JSON.parse(command.json.bytes)) == command)
        // What it writes is settled: reading it again does not change it once more.
        #expect(try Command(kind, command.json).json == command.json)
    }

    @Test(arguments: Command.Kind.allCases)
    func `needs no more than it must, and what is left out is left out again`(
        kind: Command.Kind
    ) throws {
        let all = try kind.sample
        let least = JSON.object((all.members ?? []).filter { kind.least.contains($0.key) })
        let command = try Command(kind, least)
        #expect(try Command(kind, command.json) == command)
        // A null is a member that is not there.
        for key in (all.members ?? []).map(\.key) where !kind.least.contains(key) {
            #expect(try Command(kind, least.with(key, .null)) == command)
        }
    }

    @Test(arguments: Command.Kind.allCases.filter { $0 != .idle })
    func `refuses a member that it does not know`(kind: Command.Kind) throws {
        #expect(
            shapeError(kind, try kind.sample.with("коd", .int(1)))
                == ShapeError("/коd", "shape.unknown", "коd"))
    }

    @Test(arguments: Command.Kind.allCases.filter { $0 != .idle })
    func `refuses a body that is no object`(kind: Command.Kind) {
        for body in [JSON.null, .bool(true), .int(1), .string("{}"), .array([])] {
            #expect(shapeError(kind, body) == ShapeError("", "shape.object"))
        }
    }

    @Test(arguments: Command.Kind.allCases)
    func `names the member that is missing, or null, or empty`(kind: Command.Kind) throws {
        for key in kind.needed {
            for value in [nil, JSON.null] {
                #expect(
                    shapeError(kind, try kind.sample.with(key, value))
                        == ShapeError("/\(key)", "shape.missing", key))
            }
            let empty = shapeError(kind, try kind.sample.with(key, .string("")))
            #expect(empty?.pointer == "/\(key)")
        }
    }

    @Test(arguments: Command.Kind.allCases)
    func `refuses a member of another type, and says which`(kind: Command.Kind) throws {
        for member in try kind.sample.members ?? [] {
            let others: [JSON] = [
                .bool(true), .int(7), .string("текст"), .array([]), .object([]),
                .number("1.5"),
            ]
            for other in others where !Self.isSameType(other, member.value) {
                let error = shapeError(kind, try kind.sample.with(member.key, other))
                #expect(
                    error?.pointer.hasPrefix("/\(member.key)") ?? false,
                    "\(member.key): \(other) gives \(String(describing: error))")
            }
        }
    }

    private static func isSameType(_ left: JSON, _ right: JSON) -> Bool {
        switch (left, right) {
        case (.bool, .bool), (.string, .string), (.array, .array): true
        // An empty object is no set of values; a fraction is no whole number.
        case (.number(let text), .number): Int64(text) != nil
        default: false
        }
    }

    @Test(arguments: Command.Kind.allCases)
    func `refuses control characters in every text`(
        kind: Command.Kind
    ) throws {
        for member in try kind.sample.members ?? [] {
            guard member.value.string != nil else { continue }
            for control in ["\0", "\u{1}", "\t", "\n", "\r", "\u{1F}", "\u{7F}"] {
                #expect(
                    shapeError(kind, try kind.sample.with(member.key, .string("1\(control)")))
                        == ShapeError("/\(member.key)", "shape.control"))
            }
        }
    }

    @Test(arguments: Command.Kind.allCases)
    func `refuses a text without end`(kind: Command.Kind) throws {
        for member in try kind.sample.members ?? [] where member.value.string != nil {
            let long = JSON.string(String(repeating: "1", count: 100_001))
            #expect(
                shapeError(kind, try kind.sample.with(member.key, long))?.pointer
                    == "/\(member.key)")
        }
    }
}

@Suite struct `The shape of` {
    @Test(arguments: [
        ("meter", 50), ("service", 200), ("taken_on", 200), ("account", 200),
    ])
    func `a reading: texts have their length in characters`(key: String, most: Int) throws {
        let body = try Command.Kind.submitReading.sample
        let long = body.with(key, .string(String(repeating: "ж", count: most + 1)))
        #expect(
            shapeError(.submitReading, long) == ShapeError("/\(key)", "shape.long", "\(most)"))
    }

    @Test func `a reading: a meter's number of 50 letters is taken`() throws {
        let name = String(repeating: "ж", count: 50)
        let body = try Command.Kind.submitReading.sample.with("meter", .string(name))
        guard case .submitReading(let reading) = try Command(.submitReading, body) else {
            Issue.record("another command")
            return
        }
        #expect(reading.meter == name)
    }

    @Test(arguments: [
        (#"{}"#, "/values", "shape.values"), (#"[]"#, "/values", "shape.values"),
        (#""5""#, "/values", "shape.values"), (#"{"T4":"1"}"#, "/values/T4", "shape.register"),
        (#"{"t1":"1"}"#, "/values/t1", "shape.register"),
        (#"{"":"1"}"#, "/values/", "shape.register"),
        (#"{"T1":5}"#, "/values/T1", "shape.decimal"),
        (#"{"T1":null}"#, "/values/T1", "shape.decimal"),
        (#"{"T1":{}}"#, "/values/T1", "shape.decimal"),
        (#"{"T1":"\#(String(repeating: "1", count: 65))"}"#, "/values/T1", "shape.long"),
    ])
    func `a reading: values are texts by register`(
        values: String, pointer: String, key: String
    ) throws {
        let body = try Command.Kind.submitReading.sample.with("values", json(values))
        let error = shapeError(.submitReading, body)
        #expect(error?.pointer == pointer)
        #expect(error?.key == key)
    }

    @Test func `a reading: values stand in the order of registers and keep what was typed`() throws
    {
        let body = try Command.Kind.submitReading.sample.with(
            "values", json(#"{"T3":"1e9","T1":"","T2":" 007,50 "}"#))
        guard case .submitReading(let reading) = try Command(.submitReading, body) else {
            Issue.record("another command")
            return
        }
        #expect(
            reading.values == [
                RegisterValue(.t1, ""), RegisterValue(.t2, " 007,50 "), RegisterValue(.t3, "1e9"),
            ])
    }

    @Test func `a reading: its account may stand in the path, and then not in the body`() throws {
        let account = try #require(AccountNumber("120"))
        let whole = try Command.Kind.submitReading.sample
        #expect(
            throws: ShapeError("/account", "shape.unknown", "account")
        ) { try SubmitReading(account: account, body: whole) }
        // In which session it is entered is said by the door, never by who asks.
        let bare = whole.with("account", nil)
        #expect(
            throws: ShapeError("/session", "shape.unknown", "session")
        ) { try SubmitReading(account: account, body: bare) }
        let reading = try SubmitReading(account: account, body: bare.with("session", nil))
        #expect(reading.account == account)
        guard
            case .submitReading(let same) = try Command(
                .submitReading, whole.with("account", .string("120")).with("session", nil))
        else {
            Issue.record("another command")
            return
        }
        #expect(reading == same)
    }

    @Test(arguments: [
        ("account", "А", "shape.account"), ("service", "water", "shape.choice"),
        ("taken_on", "2026-02-30", "shape.date"), ("taken_on", "вчера", "shape.date"),
    ])
    func `a reading: members that are no such thing`(
        member: String, text: String, key: String
    ) throws {
        let body = try Command.Kind.submitReading.sample.with(member, .string(text))
        let error = shapeError(.submitReading, body)
        #expect(error?.pointer == "/\(member)")
        #expect(error?.key == key)
    }

    @Test(arguments: [
        ("digits", "0"), ("digits", "13"), ("digits", "-1"), ("digits", "1.0"), ("digits", "1e1"),
        ("digits", "9223372036854775808"), ("decimals", "-1"), ("decimals", "7"),
    ])
    func `a meter: digits and decimals in their range`(member: String, number: String) throws {
        let body = try Command.Kind.installMeter.sample.with(member, .number(number))
        let range = member == "digits" ? "1…12" : "0…6"
        #expect(
            shapeError(.installMeter, body) == ShapeError("/\(member)", "shape.integer", range))
    }

    @Test func `a meter: one register T1 and an initial zero unless said otherwise`() throws {
        let body = try json(#"{"account":"1","service":"gas","meter":"M","digits":5}"#)
        guard case .installMeter(let meter) = try Command(.installMeter, body) else {
            Issue.record("another command")
            return
        }
        #expect(meter.register == .t1 && meter.initial == .zero && meter.decimals == 0)
        #expect(
            shapeError(.installMeter, body.with("register", .string("T4")))
                == ShapeError("/register", "shape.register", "T4"))
        #expect(
            shapeError(.installMeter, body.with("initial_value", .string("-1")))
                == ShapeError("/initial_value", "shape.quantity"))
    }

    @Test(arguments: [
        (#"{"house":"h","why":"w","from":5}"#, "/to", "shape.missing"),
        (#"{"house":"h","why":"w","to":5}"#, "/from", "shape.missing"),
        (#"{"house":"h","why":"w","from":0,"to":5}"#, "/from", "shape.integer"),
        (#"{"house":"h","why":"w","from":1,"to":32}"#, "/to", "shape.integer"),
        (#"{"house":"h","why":""}"#, "/why", "shape.missing"),
    ])
    func `a house's window: two days of the month, or none`(
        text: String, pointer: String, key: String
    ) throws {
        let error = shapeError(.setWindow, try json(text))
        #expect(error?.pointer == pointer)
        #expect(error?.key == key)
    }

    @Test(arguments: ["rooms", "residents"])
    func `an account: counts are whole and not negative`(member: String) throws {
        for number in ["-1", "1001", "2.5"] {
            let body = try Command.Kind.openAccount.sample.with(member, .number(number))
            #expect(shapeError(.openAccount, body)?.pointer == "/\(member)")
        }
    }

    @Test(arguments: ["area_m2", "living_area_m2", "house_area_m2"])
    func `an account: areas are quantities`(member: String) throws {
        for text in ["-1", "1e3", "много", "1234567890123"] {
            let body = try Command.Kind.openAccount.sample.with(member, .string(text))
            #expect(shapeError(.openAccount, body) == ShapeError("/\(member)", "shape.quantity"))
        }
    }

    @Test(arguments: ["04.2026", "2026-13", "2026-04-01", "апрель"])
    func `a period: its month is YYYY-MM`(text: String) throws {
        let body = JSON.object(["month": .string(text)])
        #expect(shapeError(.openPeriod, body) == ShapeError("/month", "shape.month"))
    }

    @Test func `a part of a period: it is one of so many`() throws {
        let body = try Command.Kind.fixPeriod.sample
        #expect(shapeError(.fixPeriod, body.with("part", .int(2))) == nil)
        #expect(shapeError(.fixPeriod, body.with("part", .int(3)))?.pointer == "/part")
        #expect(shapeError(.fixPeriod, body.with("parts", .int(0)))?.pointer == "/parts")
    }

    @Test func `an import: what it is of`() throws {
        let body = try Command.Kind.importRows.sample.with("what", .string("steam"))
        #expect(
            shapeError(.importRows, body)
                == ShapeError(
                    "/what", "shape.choice",
                    ImportRows.What.allCases.map(\.rawValue).joined(separator: ", ")))
    }
}

@Suite struct `The subject of a command` {
    @Test func `is its account, however the number is written`() throws {
        let kinds = try Command.Kind.allCases.filter {
            try Command($0, $0.sample).account != nil
        }
        #expect(kinds.count == 16)
        let number = try #require(AccountNumber("120"))
        for kind in kinds {
            for typed in ["120", "00120", "а 120", "A-120"] {
                let command = try Command(kind, kind.sample.with("account", .string(typed)))
                #expect(
                    command.subject(organization: "o") == Subject.account("o", number))
            }
        }
    }

    @Test func `is whoever asks, where it is about one's own access`() throws {
        let attach = try Command(.attachAccount, Command.Kind.attachAccount.sample)
        let change = try Command(.changePassword, Command.Kind.changePassword.sample)
        #expect(
            attach.subject(organization: "o", actor: "person:1")
                == change.subject(organization: "o", actor: "person:1"))
        #expect(
            attach.subject(organization: "o", actor: "person:1")
                != attach.subject(organization: "o", actor: "person:2"))
        // A sign-in and a registration of the same login stand in one order, however it is written.
        let typed = try ["120", "0120", "№ 120"].map { login in
            try Command(
                .openSession, Command.Kind.openSession.sample.with("login", .string(login))
            ).subject(organization: "o")
        }
        let check = try Command(
            .checkHolder, Command.Kind.checkHolder.sample.with("account", .string("120")))
        #expect(Set(typed + [check.subject(organization: "o")]).count == 1)
    }

    @Test func `is the organization for its months and windows`() throws {
        for kind in [Command.Kind.openPeriod, .closePeriod, .extendWindow, .setWindow] {
            #expect(
                try Command(kind, kind.sample).subject(organization: "o")
                    == Subject.organization("o"))
        }
    }
}
