/// What is kept of a line beside its kind, month, sort and amount, as JSON with short keys. Volumes and prices are millionths,
/// sums kopecks, as in memory: this is how a posted line rests, not what an API shows.
extension ChargeLine {
    /// The bytes of a JSON object. A close makes tens of thousands of them a second: they are written as they are.
    public var detailBytes: [UInt8] {
        var out = Writer()
        out.text("m", method.rawValue)
        out.text("u", unit.rawValue)
        out.number("v", volume.millionths)
        if !steps.isEmpty {
            out.list("s", steps) { step, out in step.write(to: &out) }
        }
        if !parts.isEmpty {
            out.list("p", parts) { part, out in part.write(to: &out) }
        }
        if let ground {
            out.object("g") { out in ground.write(to: &out) }
        }
        return out.end()
    }

    /// The same, to be looked at.
    public var detail: JSON {
        do {
            return try JSON.parse(detailBytes)
        } catch {
            preconditionFailure("a detail that is no JSON: \(error)")
        }
    }

    /// Writes one object, member by member.
    fileprivate struct Writer {
        private var bytes: [UInt8] = [UInt8(ascii: "{")]
        private var isFirst = true

        init() { bytes.reserveCapacity(256) }

        private mutating func key(_ key: StaticString) {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            bytes.append(UInt8(ascii: "\""))
            key.withUTF8Buffer { bytes.append(contentsOf: $0) }
            bytes.append(UInt8(ascii: "\""))
            bytes.append(UInt8(ascii: ":"))
        }

        private mutating func digits(_ value: Int64) {
            bytes.append(contentsOf: String(value).utf8)
        }

        mutating func number(_ key: StaticString, _ value: Int64) {
            self.key(key)
            digits(value)
        }

        mutating func number(_ key: StaticString, _ value: Quantity) {
            number(key, value.millionths)
        }

        mutating func number(_ key: StaticString, _ value: Int) { number(key, Int64(value)) }

        /// Without U+0000, which neither a database nor a command of ours can hold.
        mutating func text(_ key: StaticString, _ text: String) {
            self.key(key)
            guard text.utf8.contains(0) else { return JSON.write(text, to: &bytes) }
            JSON.write(text.filter { $0 != "\0" }, to: &bytes)
        }

        mutating func flag(_ key: StaticString, _ flag: Bool) {
            guard flag else { return }
            self.key(key)
            bytes.append(contentsOf: "true".utf8)
        }

        mutating func numbers(_ key: StaticString, _ values: [Quantity]) {
            self.key(key)
            bytes.append(UInt8(ascii: "["))
            for (place, value) in values.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                digits(value.millionths)
            }
            bytes.append(UInt8(ascii: "]"))
        }

        mutating func list<Item>(
            _ key: StaticString, _ items: [Item], _ write: (Item, inout Writer) -> Void
        ) {
            self.key(key)
            bytes.append(UInt8(ascii: "["))
            for (place, item) in items.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                open { write(item, &$0) }
            }
            bytes.append(UInt8(ascii: "]"))
        }

        mutating func object(_ key: StaticString, _ write: (inout Writer) -> Void) {
            self.key(key)
            open(write)
        }

        private mutating func open(_ write: (inout Writer) -> Void) {
            bytes.append(UInt8(ascii: "{"))
            isFirst = true
            write(&self)
            bytes.append(UInt8(ascii: "}"))
            isFirst = false
        }

        mutating func end() -> [UInt8] {
            bytes.append(UInt8(ascii: "}"))
            return bytes
        }
    }

    public init(
        kind: String, month: Month, sort: Sort, amount: Money, detail: JSON
    ) throws(ShapeError) {
        let shape = try Shape(detail, keys: ["m", "u", "v", "s", "p", "g"])
        var steps: [Step] = []
        for (place, json) in try shape.items("s").enumerated() {
            steps.append(try Step(json, "/s/\(place)"))
        }
        var parts: [Part] = []
        for (place, json) in try shape.items("p").enumerated() {
            parts.append(try Part(json, "/p/\(place)"))
        }
        var ground: Ground?
        if let json = detail["g"] { ground = try Ground(json, "/g") }
        self.init(
            kind: kind, month: month, sort: sort, method: try shape.choice("m"),
            unit: try shape.choice("u"), volume: try shape.millionths("v"), steps: steps,
            parts: parts, amount: amount, ground: ground)
    }
}

extension ChargeLine.Part {
    fileprivate func write(to out: inout ChargeLine.Writer) {
        if let register { out.text("r", register.rawValue) }
        if let range { out.number("b", range) }
        out.number("v", volume)
        out.number("c", price)
        out.number("a", amount.kopecks)
    }

    fileprivate init(_ json: JSON, _ path: String) throws(ShapeError) {
        let shape = try Shape(json, path, keys: ["r", "b", "v", "c", "a"])
        var register: Register?
        if json["r"] != nil { register = try shape.choice("r") }
        self.init(
            register: register, range: try shape.optionalInt("b", 1...99).map { Int($0) },
            volume: try shape.millionths("v"), price: try shape.millionths("c"),
            amount: Money(kopecks: try shape.int("a", .min ... .max)))
    }
}

extension ChargeLine.Step {
    fileprivate func write(to out: inout ChargeLine.Writer) {
        switch self {
        case .readings(let meter, let register, let from, let to, let rolled):
            out.text("t", "readings")
            out.text("n", meter)
            out.text("r", register.rawValue)
            out.number("a", from)
            out.number("b", to)
            out.flag("o", rolled)
        case .spread(let volume, let months):
            out.text("t", "spread")
            out.number("v", volume)
            out.number("k", months)
        case .kept(let volume, let months, let all):
            out.text("t", "kept")
            out.number("v", volume)
            out.number("k", months)
            out.number("of", all)
        case .average(let volumes, let months):
            out.text("t", "average")
            out.numbers("v", volumes)
            out.number("k", months)
        case .norm(let norm, let residents, let multiplier):
            out.text("t", "norm")
            out.number("n", norm)
            out.number("k", residents)
            if let multiplier { out.number("x", multiplier) }
        case .sum(let addends):
            out.text("t", "sum")
            out.list("v", addends) { addend, out in
                out.text("n", addend.kind)
                out.number("v", addend.volume)
            }
        case .heat(let water, let perCubicMetre):
            out.text("t", "heat")
            out.number("a", water)
            out.number("b", perCubicMetre)
        case .area(let area):
            out.text("t", "area")
            out.number("v", area)
        case .residents(let count):
            out.text("t", "residents")
            out.number("k", count)
        case .areaNorm(let area, let norm):
            out.text("t", "area_norm")
            out.number("a", area)
            out.number("n", norm)
        case .house(let total, let individual, let area, let houseArea, let limit):
            out.text("t", "house")
            out.number("v", total)
            out.number("i", individual)
            out.number("a", area)
            out.number("b", houseArea)
            if let limit { out.number("x", limit) }
        case .houseNorm(let norm, let commonArea, let area, let houseArea):
            out.text("t", "house_norm")
            out.number("n", norm)
            out.number("c", commonArea)
            out.number("a", area)
            out.number("b", houseArea)
        case .undersupply(let days, let length):
            out.text("t", "undersupply")
            out.number("k", days)
            out.number("of", length)
        case .days(let days, let length):
            out.text("t", "days")
            out.number("k", days)
            out.number("of", length)
        case .anew(let parts, let now, let was):
            out.text("t", "anew")
            if !parts.isEmpty {
                out.list("p", parts) { part, out in part.write(to: &out) }
            }
            out.number("a", now.kopecks)
            out.number("b", was.kopecks)
        }
    }

    fileprivate init(_ json: JSON, _ path: String) throws(ShapeError) {
        guard let sort = json["t"]?.string else { throw ShapeError("\(path)/t", "shape.string") }
        func shape(_ keys: String...) throws(ShapeError) -> Shape {
            try Shape(json, path, keys: ["t"] + keys)
        }
        switch sort {
        case "readings":
            let shape = try shape("n", "r", "a", "b", "o")
            self = .readings(
                meter: try shape.words("n"), register: try shape.choice("r"),
                from: try shape.millionths("a"), to: try shape.millionths("b"),
                rolled: try shape.bool("o"))
        case "spread":
            let shape = try shape("v", "k")
            self = .spread(volume: try shape.millionths("v"), months: try shape.count("k"))
        case "kept":
            let shape = try shape("v", "k", "of")
            self = .kept(
                volume: try shape.millionths("v"), months: try shape.count("k"),
                of: try shape.count("of"))
        case "average":
            let shape = try shape("v", "k")
            var volumes: [Quantity] = []
            for (place, item) in try shape.items("v").enumerated() {
                guard let value = item.int else {
                    throw ShapeError("\(path)/v/\(place)", "shape.integer")
                }
                volumes.append(Quantity(millionths: value))
            }
            self = .average(volumes: volumes, months: try shape.count("k"))
        case "norm":
            let shape = try shape("n", "k", "x")
            self = .norm(
                norm: try shape.millionths("n"), residents: try shape.count("k"),
                multiplier: try shape.optionalMillionths("x"))
        case "sum":
            let shape = try shape("v")
            var addends: [Addend] = []
            for (place, item) in try shape.items("v").enumerated() {
                let inner = try Shape(item, "\(path)/v/\(place)", keys: ["n", "v"])
                addends.append(
                    Addend(kind: try inner.words("n"), volume: try inner.millionths("v")))
            }
            self = .sum(addends)
        case "heat":
            let shape = try shape("a", "b")
            self = .heat(
                water: try shape.millionths("a"), perCubicMetre: try shape.millionths("b"))
        case "area": self = .area(try shape("v").millionths("v"))
        case "residents": self = .residents(try shape("k").count("k"))
        case "area_norm":
            let shape = try shape("a", "n")
            self = .areaNorm(area: try shape.millionths("a"), norm: try shape.millionths("n"))
        case "house":
            let shape = try shape("v", "i", "a", "b", "x")
            self = .house(
                total: try shape.millionths("v"), individual: try shape.millionths("i"),
                area: try shape.millionths("a"), houseArea: try shape.millionths("b"),
                limit: try shape.optionalMillionths("x"))
        case "house_norm":
            let shape = try shape("n", "c", "a", "b")
            self = .houseNorm(
                norm: try shape.millionths("n"), commonArea: try shape.millionths("c"),
                area: try shape.millionths("a"), houseArea: try shape.millionths("b"))
        case "undersupply":
            let shape = try shape("k", "of")
            self = .undersupply(days: try shape.count("k"), of: try shape.count("of"))
        case "days":
            let shape = try shape("k", "of")
            self = .days(try shape.count("k"), of: try shape.count("of"))
        case "anew":
            let shape = try shape("p", "a", "b")
            var parts: [ChargeLine.Part] = []
            for (place, item) in try shape.items("p").enumerated() {
                parts.append(try ChargeLine.Part(item, "\(path)/p/\(place)"))
            }
            self = .anew(
                parts: parts, now: Money(kopecks: try shape.int("a", .min ... .max)),
                was: Money(kopecks: try shape.int("b", .min ... .max)))
        default: throw ShapeError("\(path)/t", "shape.choice", sort)
        }
    }
}

extension ChargeLine.Ground {
    fileprivate func write(to out: inout ChargeLine.Writer) {
        switch self {
        case .readingReturned: out.text("t", "reading")
        case .undersupply(let days, let why):
            out.text("t", "undersupply")
            out.number("k", days)
            if let why { out.text("w", why) }
        case .corrected(let words):
            out.text("t", "corrected")
            out.text("w", words)
        case .handedOver: out.text("t", "handed")
        }
    }

    fileprivate init(_ json: JSON, _ path: String) throws(ShapeError) {
        let shape = try Shape(json, path, keys: ["t", "k", "w"])
        switch json["t"]?.string {
        case "reading": self = .readingReturned
        case "undersupply":
            self = .undersupply(
                days: try shape.count("k"), why: json["w"] == nil ? nil : try shape.words("w"))
        case "corrected": self = .corrected(try shape.words("w"))
        case "handed": self = .handedOver
        default: throw ShapeError("\(path)/t", "shape.choice", json["t"]?.string ?? "")
        }
    }
}

extension Shape {
    fileprivate func millionths(_ key: String) throws(ShapeError) -> Quantity {
        Quantity(millionths: try int(key, .min ... .max))
    }

    fileprivate func optionalMillionths(_ key: String) throws(ShapeError) -> Quantity? {
        try optionalInt(key, .min ... .max).map { Quantity(millionths: $0) }
    }

    fileprivate func count(_ key: String) throws(ShapeError) -> Int {
        Int(try int(key, 0...1_000_000))
    }
}
