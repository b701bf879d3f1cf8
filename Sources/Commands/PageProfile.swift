/// What an organization's pages have of its own beside names and colour.
extension Profile {
    /// How the sections of the cabinet are laid out (features.md §15 `menu`).
    public enum Menu: String, Sendable, CaseIterable {
        /// A tab for each service of the account, between «Главная» and «Личные данные» (000, 002, 004).
        case services
        /// A line of pages (001).
        case list
        /// «Разделы», a column at the left (003).
        case sections
    }

    /// How the organization is reached; stands in the footer (SF-014).
    public struct Contacts: Sendable, Equatable {
        public var address: String?
        /// As it is shown; what it means is a `PhoneNumber`.
        public var phone: String?
        /// An `EmailAddress`.
        public var email: String?
        /// `https://…`
        public var site: String?

        public init(
            address: String? = nil, phone: String? = nil, email: String? = nil, site: String? = nil
        ) {
            self.address = address
            self.phone = phone
            self.email = email
            self.site = site
        }

        public var isEmpty: Bool { self == Contacts() }
    }

    /// The yellow box «Справка» of a section, which can be dismissed (SF-105).
    public struct Help: Sendable, Equatable {
        public enum Section: String, Sendable, CaseIterable {
            case home, meters, settlements, charges, payments, bills, suppliers, house, services
            case accounts, profile
        }
        public var text: String
        /// Behind «ПОДРОБНЕЕ».
        public var more: String?

        public init(text: String, more: String? = nil) {
            self.text = text
            self.more = more
        }
    }
}

extension Profile.Contacts {
    var json: JSON? {
        isEmpty
            ? nil
            : .object([
                "address": address.map(JSON.string), "phone": phone.map(JSON.string),
                "email": email.map(JSON.string), "site": site.map(JSON.string),
            ])
    }
}

extension Profile.Help {
    static func json(_ help: [Section: Profile.Help]) -> JSON? {
        help.isEmpty
            ? nil
            : .object(
                Section.allCases.compactMap { section in
                    help[section].map { help in
                        JSON.Member(
                            section.rawValue,
                            .object([
                                "text": .string(help.text), "more": help.more.map(JSON.string),
                            ]))
                    }
                })
    }
}

extension ProfileReader {
    /// A text of some length, without the white space around it.
    private mutating func short(
        _ json: JSON, _ key: String, _ path: String, most: Int
    ) -> String? {
        guard let text = optionalText(json, key, path) else { return nil }
        let trimmed = text.trimmed
        guard (1...most).contains(trimmed.count) else {
            problems.append("\(path)\(key): 1 to \(most) characters")
            return nil
        }
        return trimmed
    }

    mutating func menu(_ json: JSON?) -> Profile.Menu {
        json.flatMap {
            choice(
                $0, "menu", Profile.Menu.init(rawValue:), Profile.Menu.allCases.map(\.rawValue))
        } ?? .list
    }

    mutating func contacts(_ json: JSON?) -> Profile.Contacts {
        guard let json else { return .init() }
        let path = "contacts."
        keys(json, path, ["address", "phone", "email", "site"])
        let contacts = Profile.Contacts(
            address: short(json, "address", path, most: 300),
            phone: short(json, "phone", path, most: 40),
            email: short(json, "email", path, most: EmailAddress.longest),
            site: short(json, "site", path, most: 200))
        if let phone = contacts.phone, PhoneNumber(phone) == nil {
            problems.append("\(path)phone: a number with its area code, like 8 (3952) 790-000")
        }
        if let email = contacts.email, EmailAddress(email) == nil {
            problems.append("\(path)email: an address like office@example.ru")
        }
        if let site = contacts.site,
            !["https://", "http://"].contains(where: { site.hasPrefix($0) && site != $0 })
                || site.contains(where: \.isWhitespace)
        {
            problems.append("\(path)site: an address like https://example.ru")
        }
        return contacts
    }

    mutating func browsers(_ json: JSON) -> [String] {
        var browsers: [String] = []
        for item in items(json, "browsers") {
            guard let name = item.string?.trimmed, (1...60).contains(name.count) else {
                problems.append("browsers: names of 1 to 60 characters")
                continue
            }
            if browsers.contains(name) { problems.append("browsers: \(name) stands twice") }
            browsers.append(name)
        }
        return browsers
    }

    mutating func help(_ json: JSON?) -> [Profile.Help.Section: Profile.Help] {
        guard let json else { return [:] }
        keys(json, "help.", Profile.Help.Section.allCases.map(\.rawValue))
        var help: [Profile.Help.Section: Profile.Help] = [:]
        for member in json.members ?? [] {
            guard let section = Profile.Help.Section(rawValue: member.key) else { continue }
            let path = "help.\(member.key)."
            keys(member.value, path, ["text", "more"])
            let more = short(member.value, "more", path, most: 4_000)
            guard let text = short(member.value, "text", path, most: 1_000) else {
                if member.value["text"] == nil { problems.append("\(path)text: missing") }
                continue
            }
            help[section] = Profile.Help(text: text, more: more)
        }
        return help
    }

    mutating func logo(_ json: JSON) -> String? {
        guard let text = optionalText(json, "logo")?.trimmed else { return nil }
        var reader = LogoReader(text)
        if let fault = reader.fault() { problems.append("logo: \(fault)") }
        return text
    }
}

extension String {
    fileprivate var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
