/// A body that is not the shape of its command: told to the client as a problem, before anything is
/// queued.
public struct ShapeError: Error, Sendable, Equatable {
    /// JSON pointer (RFC 6901) to what is wrong; empty for the whole body.
    public let pointer: String
    /// A key of `Words` (`shape.…`).
    public let key: String
    public let value: String

    public init(_ pointer: String, _ key: String, _ value: String = "") {
        self.pointer = pointer
        self.key = key
        self.value = value
    }
}

/// Reads the members of one JSON object with their checks, and refuses members that nobody asked
/// for.
struct Shape {
    private let members: [JSON.Member]
    private let path: String

    init(_ json: JSON, _ path: String = "", keys: [String]) throws(ShapeError) {
        guard case .object(let members) = json else { throw ShapeError(path, "shape.object") }
        for member in members where !keys.contains(member.key) {
            throw ShapeError("\(path)/\(member.key)", "shape.unknown", member.key)
        }
        self.members = members
        self.path = path
    }

    private func member(_ key: String) -> JSON? {
        guard let value = members.first(where: { $0.key == key })?.value, value != .null else {
            return nil
        }
        return value
    }

    func optionalText(_ key: String, most: Int = 200) throws(ShapeError) -> String? {
        guard let value = member(key) else { return nil }
        guard let text = value.string else { throw ShapeError("\(path)/\(key)", "shape.string") }
        guard text.unicodeScalars.count <= most else {
            throw ShapeError("\(path)/\(key)", "shape.long", "\(most)")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw ShapeError("\(path)/\(key)", "shape.control")
        }
        return text
    }

    func text(_ key: String, most: Int = 200) throws(ShapeError) -> String {
        guard let text = try optionalText(key, most: most), !text.isEmpty else {
            throw ShapeError("\(path)/\(key)", "shape.missing", key)
        }
        return text
    }

    func bool(_ key: String) throws(ShapeError) -> Bool { try optionalBool(key) ?? false }

    func optionalBool(_ key: String) throws(ShapeError) -> Bool? {
        guard let value = member(key) else { return nil }
        guard let flag = value.bool else { throw ShapeError("\(path)/\(key)", "shape.bool") }
        return flag
    }

    func optionalInt(_ key: String, _ range: ClosedRange<Int64>) throws(ShapeError) -> Int64? {
        guard let value = member(key) else { return nil }
        guard let number = value.int, range.contains(number) else {
            throw ShapeError(
                "\(path)/\(key)", "shape.integer", "\(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    func int(_ key: String, _ range: ClosedRange<Int64>) throws(ShapeError) -> Int64 {
        guard let number = try optionalInt(key, range) else {
            throw ShapeError("\(path)/\(key)", "shape.missing", key)
        }
        return number
    }

    func optionalDay(_ key: String) throws(ShapeError) -> Day? {
        guard let text = try optionalText(key), !text.isEmpty else { return nil }
        guard let day = Day(text) else { throw ShapeError("\(path)/\(key)", "shape.date") }
        return day
    }

    func day(_ key: String) throws(ShapeError) -> Day {
        guard let day = try optionalDay(key) else {
            throw ShapeError("\(path)/\(key)", "shape.missing", key)
        }
        return day
    }

    func month(_ key: String) throws(ShapeError) -> Month {
        guard let month = Month(try text(key)) else {
            throw ShapeError("\(path)/\(key)", "shape.month")
        }
        return month
    }

    func account(_ key: String) throws(ShapeError) -> AccountNumber {
        guard let number = AccountNumber(try text(key)) else {
            throw ShapeError("\(path)/\(key)", "shape.account")
        }
        return number
    }

    func optionalService(_ key: String) throws(ShapeError) -> Service? {
        guard let text = try optionalText(key), !text.isEmpty else { return nil }
        guard let service = Service(rawValue: text) else {
            throw ShapeError(
                "\(path)/\(key)", "shape.choice",
                Service.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return service
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String
    ) throws(ShapeError) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: try text(key)) else {
            throw ShapeError(
                "\(path)/\(key)", "shape.choice",
                Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    /// A text as it was kept by ourselves, whatever is in it.
    func words(_ key: String) throws(ShapeError) -> String {
        guard let text = member(key)?.string else {
            throw ShapeError("\(path)/\(key)", "shape.string")
        }
        return text
    }

    func optionalQuantity(_ key: String) throws(ShapeError) -> Quantity? {
        guard let text = try optionalText(key), !text.isEmpty else { return nil }
        guard case .value(let quantity, _, _) = Quantity.read(text) else {
            throw ShapeError("\(path)/\(key)", "shape.quantity")
        }
        return quantity
    }

    func quantity(_ key: String) throws(ShapeError) -> Quantity {
        guard let quantity = try optionalQuantity(key) else {
            throw ShapeError("\(path)/\(key)", "shape.missing", key)
        }
        return quantity
    }

    /// Whole kopecks, at most ten million million roubles either way.
    func money(_ key: String) throws(ShapeError) -> Money {
        Money(kopecks: try int(key, -1_000_000_000_000_000...1_000_000_000_000_000))
    }

    /// An object of texts: these members, all of them and no others. Nothing is wanted where there are none.
    func texts(
        _ key: String, of names: [String], orNot more: [String] = []
    ) throws(ShapeError) -> [String: String] {
        guard let value = member(key) else {
            if names.isEmpty { return [:] }
            throw ShapeError("\(path)/\(key)", "shape.missing", key)
        }
        let inner = try Shape(value, "\(path)/\(key)", keys: names + more)
        var found: [String: String] = [:]
        for name in names { found[name] = try inner.text(name, most: 300) }
        for name in more { found[name] = try inner.optionalText(name, most: 300) }
        return found
    }

    func list(_ key: String, most: Int) throws(ShapeError) -> [JSON] {
        guard let value = member(key) else {
            throw ShapeError("\(path)/\(key)", "shape.missing", key)
        }
        guard let items = value.array, !items.isEmpty else {
            throw ShapeError("\(path)/\(key)", "shape.list")
        }
        guard items.count <= most else {
            throw ShapeError("\(path)/\(key)", "shape.many", "\(most)")
        }
        return items
    }

    /// A list of anything; none when it is not there.
    func items(_ key: String) throws(ShapeError) -> [JSON] {
        guard let value = member(key) else { return [] }
        guard let items = value.array else { throw ShapeError("\(path)/\(key)", "shape.list") }
        return items
    }

    /// Values by register, as typed: the lane judges them against the meter. Each at most 64
    /// characters.
    func values(_ key: String) throws(ShapeError) -> [RegisterValue] {
        guard let value = member(key) else {
            throw ShapeError("\(path)/\(key)", "shape.missing", key)
        }
        guard let members = value.members, !members.isEmpty else {
            throw ShapeError("\(path)/\(key)", "shape.values")
        }
        var found: [RegisterValue] = []
        for member in members {
            guard let register = Register(rawValue: member.key) else {
                throw ShapeError("\(path)/\(key)/\(member.key)", "shape.register", member.key)
            }
            guard let text = member.value.string else {
                throw ShapeError("\(path)/\(key)/\(member.key)", "shape.decimal")
            }
            guard text.utf8.count <= 64 else {
                throw ShapeError("\(path)/\(key)/\(member.key)", "shape.long", "64")
            }
            found.append(RegisterValue(register, text))
        }
        return found.sorted { $0.register.index < $1.register.index }
    }

    /// A list of texts; none when it is not there.
    func list(_ key: String) throws(ShapeError) -> [String] {
        guard let value = member(key) else { return [] }
        guard let items = value.array else { throw ShapeError("\(path)/\(key)", "shape.list") }
        var texts: [String] = []
        for item in items {
            guard let text = item.string, text.unicodeScalars.count <= 200 else {
                throw ShapeError("\(path)/\(key)", "shape.string")
            }
            texts.append(text)
        }
        return texts
    }

    /// Texts by name; none when it is not there.
    func texts(_ key: String) throws(ShapeError) -> [String: String] {
        guard let value = member(key) else { return [:] }
        guard let members = value.members, !members.isEmpty else {
            throw ShapeError("\(path)/\(key)", "shape.object")
        }
        var texts: [String: String] = [:]
        for member in members {
            guard let text = member.value.string, text.unicodeScalars.count <= 200 else {
                throw ShapeError("\(path)/\(key)/\(member.key)", "shape.string")
            }
            texts[member.key] = text
        }
        return texts
    }
}

/// What stands on one register, as it was typed.
public struct RegisterValue: Sendable, Equatable {
    public var register: Register
    public var text: String
    public init(_ register: Register, _ text: String) {
        self.register = register
        self.text = text
    }
}
