public import Commands

/// A member of a command's JSON as an option of the command line: `installed_on` is
/// `--installed-on`.
public struct Member: Sendable {
    public enum Shape: Sendable { case text, integer, flag, values }
    public let key: String
    public let shape: Shape
    public let isRequired: Bool
    public let placeholder: String
    public let meaning: Phrase

    init(
        _ key: String, _ placeholder: String, required: Bool = false, as shape: Shape = .text,
        _ meaning: Phrase
    ) {
        self.key = key
        self.shape = shape
        self.isRequired = required
        self.placeholder = placeholder
        self.meaning = meaning
    }

    /// Values are given one by one: `values` is `--value T1=131.012`, once for each register.
    var option: Option {
        .value(
            optionName, placeholder, required: isRequired, repeats: shape == .values, meaning)
    }

    var optionName: String {
        let name = key.split(separator: "_").joined(separator: "-")
        return shape == .values ? String(name.dropLast()) : name
    }

    /// The members of the kinds that operators type by hand; none for every other kind.
    public static func of(_ kind: Command.Kind) -> [Member] {
        let account = Member("account", "N", required: true, .memberAccount)
        let service = Member("service", "SERVICE", .memberServiceIfAmbiguous)
        let meter = Member("meter", "N", required: true, .memberMeter)
        let automatic = Member("automatic", "yes|no", as: .flag, .memberAutomatic)
        switch kind {
        case .openAccount, .changeAccount: return [account] + card
        case .postPayment:
            return [
                account, Member("provider", "CODE", required: true, .memberProvider),
                Member("number", "N", required: true, .memberNumber),
                Member("amount_kopecks", "N", required: true, as: .integer, .memberAmount),
                Member("paid_on", "DATE", required: true, .memberPaidOn),
                Member("month", "2026-04", .memberPaidMonth),
                Member("kind", "CODE", .memberPaidKind),
            ]
        case .reversePayment:
            return [
                account, Member("provider", "CODE", required: true, .memberProvider),
                Member("number", "N", required: true, .memberNumber),
                Member("why", "TEXT", required: true, .optionWhy),
            ]
        case .correctAccount:
            return [
                account, Member("from", "2026-02", required: true, .memberFromMonth),
                Member("why", "TEXT", required: true, .memberGround),
            ]
        case .withdrawCorrection:
            return [
                account, Member("from", "2026-02", required: true, .memberFromMonth),
                Member("why", "TEXT", required: true, .optionWhy),
            ]
        case .closeAccount:
            return [account, Member("closed_on", "DATE", required: true, .memberClosedOn)]
        case .installMeter:
            return [
                account, Member("service", "SERVICE", required: true, .memberService), meter,
                Member("register", "T1", .memberRegister),
                Member("digits", "N", required: true, as: .integer, .memberDigits),
                Member("decimals", "N", as: .integer, .memberDecimals),
                Member("installed_on", "DATE", .memberInstalledOn),
                Member("verified_until", "DATE", .memberVerifiedUntil),
                Member("removed_on", "DATE", .memberRemovedOn),
                Member("initial_value", "NUMBER", .memberInitialValue), automatic,
            ]
        case .removeMeter:
            return [
                account, service, meter,
                Member("removed_on", "DATE", required: true, .memberRemovedOn),
                Member("values", "T1=NUMBER", as: .values, .memberValues),
            ]
        case .replaceMeter:
            return [
                account, service, meter,
                Member("replaced_on", "DATE", required: true, .memberReplacedOn),
                Member("values", "T1=NUMBER", as: .values, .memberValues),
                Member("new_meter", "N", required: true, .memberNewMeter),
                Member("digits", "N", as: .integer, .memberDigits),
                Member("decimals", "N", as: .integer, .memberDecimals),
                Member("verified_until", "DATE", .memberVerifiedUntil),
                Member("new_values", "T1=NUMBER", as: .values, .memberNewValues), automatic,
            ]
        case .changeMeter:
            return [
                account, service, meter, automatic,
                Member("verified_until", "DATE", .memberVerifiedUntil),
            ]
        case .extendWindow:
            return [
                Member("company", "CODE", .memberWindowCompany),
                Member("house", "CODE", .memberWindowHouse),
                Member("until", "DATE", required: true, .memberUntil),
                Member("why", "TEXT", required: true, .optionWhy),
            ]
        case .setWindow:
            return [
                Member("house", "CODE", required: true, .memberHouse),
                Member("from", "DAY", as: .integer, .memberFrom),
                Member("to", "DAY", as: .integer, .memberTo),
                Member("why", "TEXT", required: true, .optionWhy),
            ]
        default: return []
        }
    }

    private static let card = [
        Member("company", "CODE", .memberCompany), Member("surname", "NAME", .memberSurname),
        Member("name", "NAME", .memberName), Member("patronymic", "NAME", .memberPatronymic),
        Member("house", "CODE", .memberHouse), Member("apartment", "N", .memberApartment),
        Member("address", "TEXT", .memberAddress), Member("area_m2", "NUMBER", .memberArea),
        Member("living_area_m2", "NUMBER", .memberLivingArea),
        Member("house_area_m2", "NUMBER", .memberHouseArea),
        Member("rooms", "N", as: .integer, .memberRooms),
        Member("residents", "N", as: .integer, .memberResidents),
        Member("ownership", "TEXT", .memberOwnership), Member("phone", "PHONE", .memberPhone),
        Member("email", "ADDRESS", .memberEmail), Member("closed_on", "DATE", .memberClosedOn),
    ]

    /// The body of a command from its options.
    public static func json(
        _ kind: Command.Kind, _ arguments: Arguments
    ) throws(UsageError) -> JSON {
        var members: [JSON.Member] = []
        for member in of(kind) {
            let given = arguments.all(member.optionName)
            guard let first = given.first else { continue }
            switch member.shape {
            case .text: members.append(JSON.Member(member.key, .string(first)))
            case .integer:
                // What is no number is told by the command's shape, which knows the bounds.
                members.append(
                    JSON.Member(member.key, Int64(first).map { JSON.int($0) } ?? .string(first)))
            case .flag:
                let flag = ["yes", "true", "да"].contains(first)
                // What is neither is told by the command's shape.
                let isKnown = flag || ["no", "false", "нет"].contains(first)
                members.append(JSON.Member(member.key, isKnown ? .bool(flag) : .string(first)))
            case .values:
                members.append(
                    JSON.Member(member.key, try values(given, member.optionName)))
            }
        }
        return .object(members)
    }

    private static func values(_ given: [String], _ option: String) throws(UsageError) -> JSON {
        var found: [JSON.Member] = []
        for text in given {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, !found.contains(where: { $0.key == parts[0] }) else {
                throw UsageError(.notAValue(option, text))
            }
            found.append(JSON.Member(String(parts[0]), .string(String(parts[1]))))
        }
        return .object(found)
    }

    /// The option in which a misshapen member was typed.
    public static func option(_ kind: Command.Kind, at pointer: String) -> String {
        let key = pointer.split(separator: "/").first.map(String.init) ?? ""
        guard let member = of(kind).first(where: { $0.key == key }) else { return key }
        return "--" + member.optionName
    }
}
