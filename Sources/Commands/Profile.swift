/// An organization's settings: what makes the one system act as each of the five manuals
/// (features.md §15). Stored as dated JSON; written as YAML (`ops/demo/organizations`).
public struct Profile: Sendable, Equatable {
    /// The first path segment of everything of the organization.
    public var code: String
    /// «ООО «СРКЦ»».
    public var name: String
    /// «Личный кабинет физического лица» (SF-013).
    public var title: String
    public var timeZone: String
    public var companies: [Company]
    public var services: [Service]
    public var readings: Readings
    /// Whether the tab «Общедомовые нужды» is there (features.md §15 `odn.view`).
    public var houseMeters: HouseMeters
    /// Nil: nobody can register or sign in (a profile of before there was identity).
    public var identity: IdentityProfile?
    public var operators: OperatorProfile
    public var charges: ChargesProfile
    /// One accent colour, `#rrggbb`.
    public var accent: String
    /// Lines of the footer (SF-014).
    public var footer: [String]
    public var menu: Menu
    public var contacts: Contacts
    /// The names of those that are recommended (SF-011); empty: any will do.
    public var browsers: [String]
    /// By section; where there is none, there is no box.
    public var help: [Help.Section: Help]
    /// SVG, as `LogoReader` takes it; nil: the house's mark.
    public var logo: String?

    /// An organization that manages houses under the portal (SF-201). Every profile has at least
    /// one.
    public struct Company: Sendable, Equatable {
        public var code: String
        public var name: String
        /// Of its houses, where it differs from the organization's.
        public var window: Readings.Window?
        public init(code: String, name: String, window: Readings.Window? = nil) {
            self.code = code
            self.name = name
            self.window = window
        }
    }

    public enum HouseMeters: String, Sendable, CaseIterable { case tab, off }

    public struct Readings: Sendable, Equatable {
        /// Days of the month, both inclusive; nil = always open. `from` above `to` crosses the end
        /// of the month: the days up to `to` then belong to the month before.
        public var window: Window?
        /// What a reading after its month was closed becomes.
        public var late: Late
        public var policies: [Channel: ReadingPolicy]
        /// How long residents may take a reading back (SF-148).
        public var deleteUntil: DeleteUntil
        /// Where «Передать показания» stands (SF-143).
        public var linkPlace: LinkPlace
        public var words: Words

        public struct Window: Sendable, Equatable {
            public var from: Int
            public var to: Int
            public init(from: Int, to: Int) {
                self.from = from
                self.to = to
            }
        }

        public enum Late: String, Sendable, CaseIterable {
            case refuse
            case nextMonth = "next_month"
        }

        public enum DeleteUntil: String, Sendable, CaseIterable {
            /// «до выхода из Личного кабинета»: while the session lives in which it was entered, and it is not «Рассчитано».
            case session
            case calculated
        }

        public enum LinkPlace: String, Sendable, CaseIterable { case left, right, menu }

        /// The words of features.md §15 `readings.entry_words` and `readings.status_words`.
        public struct Words: Sendable, Equatable {
            public var new: String
            public var submit: String
            public var link: String
            /// Of a reading that is taken and not calculated yet; empty: nothing is said (features.md §14 C).
            public var accepted: String
            public var calculated: String
            /// The columns «Статус ввода» and «Статус показания».
            public var entry: String
            public var status: String
            /// Of the page: «Приборы учета».
            public var title: String

            public init(
                new: String, submit: String, link: String, accepted: String = "Принято",
                calculated: String = "Рассчитано", entry: String = "Статус ввода",
                status: String = "Статус показания", title: String = "Приборы учета"
            ) {
                self.new = new
                self.submit = submit
                self.link = link
                self.accepted = accepted
                self.calculated = calculated
                self.entry = entry
                self.status = status
                self.title = title
            }
        }

        public func policy(_ channel: Channel) -> ReadingPolicy {
            policies[channel] ?? ReadingPolicy.standard(channel)
        }
    }
}

/// How one channel's readings are checked: refuse, ask back, or let pass (features.md §14 E).
public struct ReadingPolicy: Sendable, Equatable {
    public enum Answer: String, Sendable, CaseIterable { case refuse, confirm, allow }
    public var window: Answer
    public var less: Answer
    public var soft: Answer
    public var hard: Answer
    /// The month is that of `taken_on`, not the open one: import, bank, ГИС and automatic reading.
    public var byDate: Bool

    public init(
        window: Answer, less: Answer, soft: Answer, hard: Answer, byDate: Bool
    ) {
        self.window = window
        self.less = less
        self.soft = soft
        self.hard = hard
        self.byDate = byDate
    }

    public static func standard(_ channel: Channel) -> ReadingPolicy {
        switch channel {
        case .resident, .api, .phone:
            ReadingPolicy(
                window: .refuse, less: .refuse, soft: .confirm, hard: .refuse, byDate: false)
        case .operator:
            ReadingPolicy(
                window: .allow, less: .confirm, soft: .confirm, hard: .refuse, byDate: false)
        case .bank, .gis, .automatic:
            ReadingPolicy(
                window: .allow, less: .refuse, soft: .allow, hard: .refuse, byDate: true)
        case .import:
            ReadingPolicy(
                window: .allow, less: .refuse, soft: .confirm, hard: .refuse, byDate: true)
        case .control:
            ReadingPolicy(
                window: .allow, less: .allow, soft: .allow, hard: .confirm, byDate: true)
        }
    }
}

/// Everything that is wrong with a profile, at once.
public struct ProfileError: Error, Sendable, Equatable {
    public let problems: [String]
    public init(problems: [String]) { self.problems = problems }
}

extension Profile {
    public init(_ json: JSON) throws(ProfileError) {
        var reader = ProfileReader()
        reader.keys(
            json, "",
            [
                "code", "name", "title", "time_zone", "companies", "services", "readings",
                "house_meters", "identity", "operators", "charges", "accent", "footer", "menu",
                "contacts", "browsers", "help", "logo",
            ])
        code = reader.text(json, "code")
        if code.utf8.count > 31
            || !code.utf8.allSatisfy({
                ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 45
            })
            || [
                "api", "delivered", "health", "metrics", "outbox", "static", "test", "unsubscribe",
            ].contains(code)
        {
            reader.problems.append("code: up to 31 of a-z, 0-9 and -, not a reserved word")
        }
        name = reader.text(json, "name")
        title = reader.text(json, "title")
        timeZone = reader.text(json, "time_zone")
        companies = []
        for item in reader.items(json, "companies", least: 1) {
            reader.keys(item, "companies.", ["code", "name", "window"])
            let company = Company(
                code: reader.text(item, "code", "companies."),
                name: reader.text(item, "name", "companies."),
                window: item["window"].flatMap { reader.window($0, "companies.window") })
            if !company.code.isEmpty, companies.contains(where: { $0.code == company.code }) {
                reader.problems.append("companies.\(company.code): named twice")
            }
            companies.append(company)
        }
        services = []
        for item in reader.items(json, "services", least: 1) {
            guard
                let service = reader.choice(
                    item, "services", Service.init(rawValue:), Service.allCases.map(\.rawValue))
            else { continue }
            if services.contains(service) {
                reader.problems.append("services.\(service.rawValue): named twice")
            }
            services.append(service)
        }
        readings = reader.readings(json["readings"] ?? .object([]))
        houseMeters =
            json["house_meters"].flatMap {
                reader.choice(
                    $0, "house_meters", HouseMeters.init(rawValue:),
                    HouseMeters.allCases.map(\.rawValue))
            } ?? .off
        identity = json["identity"].map { IdentityProfile($0, &reader) }
        operators = json["operators"].map { OperatorProfile($0, &reader) } ?? .standard
        charges = json["charges"].map { ChargesProfile($0, &reader) } ?? .standard
        accent = reader.optionalText(json, "accent") ?? "#1f5fa8"
        if accent.utf8.count != 7 || !accent.hasPrefix("#")
            || !accent.dropFirst().allSatisfy({ $0.isASCII && $0.isHexDigit })
        {
            reader.problems.append("accent: a colour like #1f5fa8")
        }
        footer = []
        for item in reader.items(json, "footer") {
            guard let line = item.string else {
                reader.problems.append("footer: its lines are texts")
                continue
            }
            footer.append(line)
        }
        menu = reader.menu(json["menu"])
        contacts = reader.contacts(json["contacts"])
        browsers = reader.browsers(json)
        help = reader.help(json["help"])
        logo = reader.logo(json)
        guard reader.problems.isEmpty else { throw ProfileError(problems: reader.problems) }
    }

    public var json: JSON {
        .object([
            "code": .string(code), "name": .string(name), "title": .string(title),
            "time_zone": .string(timeZone),
            "companies": .array(
                companies.map {
                    .object([
                        "code": .string($0.code), "name": .string($0.name),
                        "window": $0.window?.json,
                    ])
                }),
            "services": .array(services.map { .string($0.rawValue) }),
            "readings": readings.json,
            "house_meters": houseMeters == .off ? nil : .string(houseMeters.rawValue),
            "identity": identity?.json, "operators": operators.json, "charges": charges.json,
            "accent": .string(accent),
            "footer": .array(footer.map(JSON.string)),
            "menu": menu == .list ? nil : .string(menu.rawValue), "contacts": contacts.json,
            "browsers": browsers.isEmpty ? nil : .array(browsers.map(JSON.string)),
            "help": Help.json(help), "logo": logo.map(JSON.string),
        ])
    }
}

extension Profile.Readings.Window {
    var json: JSON { .object(["from": .int(Int64(from)), "to": .int(Int64(to))]) }
}

extension Profile.Readings {
    /// What is as it always was is not said, so that a release that does not know it can read the rest.
    var json: JSON {
        let standard = Words(new: words.new, submit: words.submit, link: words.link)
        func own(_ word: KeyPath<Words, String>) -> JSON? {
            words[keyPath: word] == standard[keyPath: word] ? nil : .string(words[keyPath: word])
        }
        return .object([
            "window": window?.json,
            "late": .string(late.rawValue),
            "delete_until": deleteUntil == .calculated ? nil : .string(deleteUntil.rawValue),
            "link_place": linkPlace == .left ? nil : .string(linkPlace.rawValue),
            "channels": .object(
                Channel.allCases.compactMap { channel in
                    guard let policy = policies[channel] else { return nil }
                    return JSON.Member(
                        channel.rawValue,
                        .object([
                            "window": .string(policy.window.rawValue),
                            "less": .string(policy.less.rawValue),
                            "soft": .string(policy.soft.rawValue),
                            "hard": .string(policy.hard.rawValue),
                            "by_date": .bool(policy.byDate),
                        ]))
                }),
            "words": .object([
                "new": .string(words.new), "submit": .string(words.submit),
                "link": .string(words.link), "accepted": own(\.accepted),
                "calculated": own(\.calculated), "entry": own(\.entry), "status": own(\.status),
                "title": own(\.title),
            ]),
        ])
    }
}

/// Reads a profile and gathers all that is wrong with it.
struct ProfileReader {
    var problems: [String] = []

    mutating func keys(_ json: JSON, _ path: String, _ known: [String]) {
        guard let members = json.members else {
            problems.append("\(path.isEmpty ? "the profile" : "\(path.dropLast()):") is no mapping")
            return
        }
        for member in members where !known.contains(member.key) {
            problems.append(
                "\(path)\(member.key): unknown; known are \(known.joined(separator: ", "))")
        }
    }

    mutating func text(_ json: JSON, _ key: String, _ path: String = "") -> String {
        guard let text = json[key]?.string, !text.isEmpty else {
            problems.append("\(path)\(key): missing, or no text")
            return ""
        }
        return text
    }

    mutating func optionalText(
        _ json: JSON, _ key: String, _ path: String = ""
    ) -> String? {
        guard let given = json[key] else { return nil }
        guard let text = given.string else {
            problems.append("\(path)\(key): no text")
            return nil
        }
        return text
    }

    mutating func items(_ json: JSON, _ key: String, least: Int = 0) -> [JSON] {
        guard let given = json[key] else {
            if least > 0 { problems.append("\(key): name at least one") }
            return []
        }
        guard let items = given.array else {
            problems.append("\(key): no list")
            return []
        }
        if items.count < least { problems.append("\(key): name at least one") }
        return items
    }

    mutating func choice<Value>(
        _ json: JSON, _ path: String, _ read: (String) -> Value?, _ known: [String]
    ) -> Value? {
        guard let text = json.string, let value = read(text) else {
            problems.append("\(path): one of \(known.joined(separator: ", "))")
            return nil
        }
        return value
    }

    mutating func readings(_ json: JSON) -> Profile.Readings {
        keys(
            json, "readings.",
            ["window", "late", "delete_until", "link_place", "channels", "words"])
        let window = json["window"].flatMap { self.window($0, "readings.window") }
        var late = Profile.Readings.Late.refuse
        if let given = json["late"] {
            late =
                choice(
                    given, "readings.late", Profile.Readings.Late.init(rawValue:),
                    Profile.Readings.Late.allCases.map(\.rawValue)) ?? late
        }
        let deleteUntil = json["delete_until"].flatMap {
            choice(
                $0, "readings.delete_until", Profile.Readings.DeleteUntil.init(rawValue:),
                Profile.Readings.DeleteUntil.allCases.map(\.rawValue))
        }
        let linkPlace = json["link_place"].flatMap {
            choice(
                $0, "readings.link_place", Profile.Readings.LinkPlace.init(rawValue:),
                Profile.Readings.LinkPlace.allCases.map(\.rawValue))
        }
        var policies: [Channel: ReadingPolicy] = [:]
        let channels = json["channels"] ?? .object([])
        if channels.members == nil { problems.append("readings.channels: is no mapping") }
        for member in channels.members ?? [] {
            guard let channel = Channel(rawValue: member.key) else {
                problems.append(
                    "readings.channels.\(member.key): one of "
                        + Channel.allCases.map(\.rawValue).joined(separator: ", "))
                continue
            }
            policies[channel] = policy(member.value, channel)
        }
        return Profile.Readings(
            window: window, late: late, policies: policies,
            deleteUntil: deleteUntil ?? .calculated, linkPlace: linkPlace ?? .left,
            words: words(json["words"] ?? .object([])))
    }

    private mutating func words(_ json: JSON) -> Profile.Readings.Words {
        let path = "readings.words."
        keys(
            json, path,
            ["new", "submit", "link", "accepted", "calculated", "entry", "status", "title"])
        var words = Profile.Readings.Words(
            new: "Новое", submit: "Внести", link: "Передать показания")
        for (key, word) in [
            ("new", \Profile.Readings.Words.new), ("submit", \.submit), ("link", \.link),
            ("accepted", \.accepted), ("calculated", \.calculated), ("entry", \.entry),
            ("status", \.status), ("title", \.title),
        ] as [(String, WritableKeyPath<Profile.Readings.Words, String>)] {
            if let text = optionalText(json, key, path) { words[keyPath: word] = text }
        }
        return words
    }

    mutating func window(_ json: JSON, _ path: String) -> Profile.Readings.Window? {
        keys(json, "\(path).", ["from", "to"])
        guard let from = json["from"]?.int, let to = json["to"]?.int, (1...31).contains(from),
            (1...31).contains(to)
        else {
            problems.append("\(path): from and to are days of the month, 1…31")
            return nil
        }
        return .init(from: Int(from), to: Int(to))
    }

    mutating func policy(_ json: JSON, _ channel: Channel) -> ReadingPolicy {
        let path = "readings.channels.\(channel.rawValue)."
        keys(json, path, ["window", "less", "soft", "hard", "by_date"])
        var policy = ReadingPolicy.standard(channel)
        func answer(_ key: String, _ reader: inout ProfileReader) -> ReadingPolicy.Answer? {
            guard let given = json[key] else { return nil }
            return reader.choice(
                given, path + key, ReadingPolicy.Answer.init(rawValue:),
                ReadingPolicy.Answer.allCases.map(\.rawValue))
        }
        policy.window = answer("window", &self) ?? policy.window
        policy.less = answer("less", &self) ?? policy.less
        policy.soft = answer("soft", &self) ?? policy.soft
        policy.hard = answer("hard", &self) ?? policy.hard
        if let given = json["by_date"] {
            if let byDate = given.bool {
                policy.byDate = byDate
            } else {
                problems.append("\(path)by_date: true or false")
            }
        }
        return policy
    }
}
