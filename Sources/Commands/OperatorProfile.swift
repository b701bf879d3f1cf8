/// How the operators of an organization come in.
public struct OperatorProfile: Sendable, Equatable {
    /// Nobody works without a second factor: who has none sets one up at the first sign-in.
    public var secondFactor: Bool
    /// Minutes without looking at anything after which a session ends.
    public var idle: Int
    /// Minutes after which it ends however busy: a shift.
    public var longest: Int

    public static let standard = OperatorProfile(secondFactor: false, idle: 30, longest: 720)
}

extension OperatorProfile {
    init(_ json: JSON, _ reader: inout ProfileReader) {
        let path = "operators."
        self = .standard
        reader.keys(json, path, ["second_factor", "idle", "longest"])
        if let given = json["second_factor"] {
            if let flag = given.bool {
                secondFactor = flag
            } else {
                reader.problems.append("\(path)second_factor: true or false")
            }
        }
        func minutes(_ key: String, _ range: ClosedRange<Int64>, _ standard: Int) -> Int {
            guard let given = json[key] else { return standard }
            guard let number = given.int, range.contains(number) else {
                reader.problems.append("\(path)\(key): \(range.lowerBound)…\(range.upperBound)")
                return standard
            }
            return Int(number)
        }
        idle = minutes("idle", 5...480, idle)
        longest = minutes("longest", 15...1_440, longest)
        if idle > longest { reader.problems.append("\(path)idle: more than longest") }
    }

    var json: JSON {
        .object([
            "second_factor": .bool(secondFactor), "idle": .int(Int64(idle)),
            "longest": .int(Int64(longest)),
        ])
    }
}
