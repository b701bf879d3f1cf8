/// What is kept of a line beside its kind, month, sort and amount, as JSON with short keys. Volumes and prices are millionths,
/// sums kopecks, as in memory: this is how a posted line rests, not what an API shows.
extension ChargeLine {
    public var detail: JSON {
        .object([
            "m": .string(method.rawValue), "u": .string(unit.rawValue), "v": .int(volume),
            "s": steps.isEmpty ? nil : .array(steps.map(\.json)),
            "p": parts.isEmpty ? nil : .array(parts.map(\.json)), "g": ground?.json,
        ])
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
    fileprivate var json: JSON {
        .object([
            "r": register.map { .string($0.rawValue) }, "b": range.map { .int(Int64($0)) },
            "v": .int(volume), "c": .int(price), "a": .int(amount.kopecks),
        ])
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
    fileprivate var json: JSON {
        switch self {
        case .readings(let meter, let register, let from, let to, let rolled):
            .object([
                "t": .string("readings"), "n": .string(meter), "r": .string(register.rawValue),
                "a": .int(from), "b": .int(to), "o": rolled ? .bool(true) : nil,
            ])
        case .spread(let volume, let months):
            .object(["t": .string("spread"), "v": .int(volume), "k": .int(Int64(months))])
        case .average(let volumes, let months):
            .object([
                "t": .string("average"), "v": .array(volumes.map { .int($0) }),
                "k": .int(Int64(months)),
            ])
        case .norm(let norm, let residents, let multiplier):
            .object([
                "t": .string("norm"), "n": .int(norm), "k": .int(Int64(residents)),
                "x": multiplier.map { .int($0) },
            ])
        case .sum(let addends):
            .object([
                "t": .string("sum"),
                "v": .array(
                    addends.map { .object(["n": .string($0.kind), "v": .int($0.volume)]) }),
            ])
        case .heat(let water, let perCubicMetre):
            .object(["t": .string("heat"), "a": .int(water), "b": .int(perCubicMetre)])
        case .area(let area): .object(["t": .string("area"), "v": .int(area)])
        case .residents(let count): .object(["t": .string("residents"), "k": .int(Int64(count))])
        case .areaNorm(let area, let norm):
            .object(["t": .string("area_norm"), "a": .int(area), "n": .int(norm)])
        case .house(let total, let individual, let area, let houseArea, let limit):
            .object([
                "t": .string("house"), "v": .int(total), "i": .int(individual), "a": .int(area),
                "b": .int(houseArea), "x": limit.map { .int($0) },
            ])
        case .houseNorm(let norm, let commonArea, let area, let houseArea):
            .object([
                "t": .string("house_norm"), "n": .int(norm), "c": .int(commonArea), "a": .int(area),
                "b": .int(houseArea),
            ])
        case .undersupply(let days, let length):
            .object([
                "t": .string("undersupply"), "k": .int(Int64(days)), "of": .int(Int64(length)),
            ])
        case .days(let days, let length):
            .object(["t": .string("days"), "k": .int(Int64(days)), "of": .int(Int64(length))])
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
        default: throw ShapeError("\(path)/t", "shape.choice", sort)
        }
    }
}

extension ChargeLine.Ground {
    fileprivate var json: JSON {
        switch self {
        case .readingReturned: .object(["t": .string("reading")])
        case .undersupply(let days): .object(["t": .string("undersupply"), "k": .int(Int64(days))])
        case .corrected(let words): .object(["t": .string("corrected"), "w": .string(words)])
        }
    }

    fileprivate init(_ json: JSON, _ path: String) throws(ShapeError) {
        let shape = try Shape(json, path, keys: ["t", "k", "w"])
        switch json["t"]?.string {
        case "reading": self = .readingReturned
        case "undersupply": self = .undersupply(days: try shape.count("k"))
        case "corrected": self = .corrected(try shape.words("w"))
        default: throw ShapeError("\(path)/t", "shape.choice", json["t"]?.string ?? "")
        }
    }
}

extension JSON {
    fileprivate static func int(_ quantity: Quantity) -> JSON { .int(quantity.millionths) }
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
