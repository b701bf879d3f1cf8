/// How much a fact matters to the person on call.
public enum Level: Int, Comparable, Sendable, CaseIterable {
    /// Of use only while looking for a fault.
    case debug
    /// A thing that should happen, and did.
    case notice
    /// A thing that should not happen often; nobody has to get up.
    case warning
    /// A person has to look.
    case error

    /// The word that stands for the level in log lines and settings.
    public var word: String {
        switch self {
        case .debug: "debug"
        case .notice: "notice"
        case .warning: "warning"
        case .error: "error"
        }
    }

    /// Reads a level from its word; nil when there is no such level.
    public init?(word: String) {
        guard let level = Level.allCases.first(where: { $0.word == word }) else { return nil }
        self = level
    }

    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
}

/// A fact worth telling, told once: the log line and the metrics are both made from it.
/// Payloads, names, phones and secrets have no place in one.
public struct Event: Sendable {
    /// The name as `noun.verb` or `room.thing`, such as `queue.batch`.
    public let name: String
    public let level: Level
    /// What the log line says beside its time, level and name, in this order.
    public let fields: [(String, Field)]
    /// What the metrics count.
    public let measures: [Measure]

    public init(
        _ name: String, _ level: Level, _ fields: [(String, Field)] = [], measures: [Measure] = []
    ) {
        self.name = name
        self.level = level
        self.fields = fields
        self.measures = measures
    }

    /// The first field of this name.
    public subscript(_ name: String) -> Field? {
        fields.first { $0.0 == name }?.1
    }
}

/// A value in a log line.
public enum Field: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral
{
    case string(String)
    case int(Int64)
    case double(Double)
    case bool(Bool)
    case strings([String])

    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(floatLiteral value: Double) { self = .double(value) }

    /// An `Int` as a field.
    public static func int(_ value: Int) -> Field { .int(Int64(value)) }
}

/// What an event adds to the metrics. Label values must come from a small fixed set (kinds, pools,
/// routes), never from people's data: each combination is kept in memory for the life of the
/// process.
public enum Measure: Sendable {
    /// Adds to a counter, which only grows. By custom its name ends in `_total`.
    case count(String, by: Int = 1, labels: [(String, String)] = [])
    /// Sets a value that goes up and down.
    case gauge(String, Double, labels: [(String, String)] = [])
    /// Adds a duration in seconds to a histogram. By custom its name ends in `_seconds`.
    case seconds(String, Double, labels: [(String, String)] = [])
}
