public import Commands
public import Domain
public import Postgres

/// Meters of whole houses with their months, as sets.
public enum HouseMeterStore {
    public static let statements: [Statement] = [
        "store/house_fence", "store/house_lock", "store/house_meters", "store/house_months",
        "store/put_house_meters", "store/put_house_months", "store/house_volumes",
    ]

    /// A house meter within its organization.
    public struct Key: Hashable, Sendable {
        public let service: Service
        public let number: String
        public init(_ service: Service, _ number: String) {
            self.service = service
            self.number = number
        }
    }

    /// Waits for the close of a month that is under way, and lets none begin; then locks the meters. What is loaded next is
    /// what others left.
    public static func lock(
        _ keys: Set<Key>, in organization: String, on connection: Connection
    ) throws {
        try connection.run("store/house_fence", .text(organization))
        let keys = Array(keys)
        try connection.run(
            "store/house_lock", .text(organization), .texts(keys.map(\.service.rawValue)),
            .texts(keys.map(\.number)))
    }

    public static func meters(
        _ keys: Set<Key>, in organization: String, on connection: Connection
    ) throws -> [Key: HouseMeterFacts] {
        guard !keys.isEmpty else { return [:] }
        let keys = Array(keys)
        var found: [HouseMeterFacts] = []
        try connection.run(
            "store/house_meters", .text(organization), .texts(keys.map(\.service.rawValue)),
            .texts(keys.map(\.number))
        ).forEach { row in
            guard let service = Service(rawValue: row.text(2)) else { return }
            found.append(
                HouseMeterFacts(
                    id: row.int64(0), house: row.text(1), service: service, number: row.text(3),
                    digits: Int(row.int16(4)), decimals: Int(row.int16(5)),
                    ratio: Int(row.int32(6)),
                    installedOn: row.optional(7, row.date).map { Day(days: $0) },
                    verifiedUntil: row.optional(8, row.date).map { Day(days: $0) },
                    removedOn: row.optional(9, row.date).map { Day(days: $0) },
                    initial: Quantity(millionths: row.int64(10))))
        }
        var months: [Int64: [HouseMonth]] = [:]
        try connection.run("store/house_months", .int64s(found.map(\.id))).forEach { row in
            months[row.int64(0), default: []].append(
                HouseMonth(
                    month: Day(days: row.date(1)).month, takenOn: Day(days: row.date(2)),
                    value: row.optional(3, row.int64).map { Quantity(millionths: $0) },
                    rolled: row.bool(4), volume: Quantity(millionths: row.int64(5))))
        }
        return Dictionary(
            found.map { meter in
                var meter = meter
                meter.months = months[meter.id] ?? []
                return (Key(meter.service, meter.number), meter)
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Which of these houses have accounts of these companies.
    public static func houses(
        _ codes: Set<String>, of companies: [String], in organization: String,
        on connection: Connection
    ) throws -> Set<String> {
        guard !codes.isEmpty else { return [] }
        return try Set(
            connection.run(
                "store/houses_known", .text(organization), .texts(companies),
                .texts(codes.sorted())
            ).map { $0.text(0) })
    }

    public static func put(
        _ meters: [HouseMeterFacts], in organization: String, on connection: Connection
    ) throws {
        guard !meters.isEmpty else { return }
        let meters = meters.sorted { $0.id < $1.id }
        try connection.run(
            "store/put_house_meters", .int64s(meters.map(\.id)), .text(organization),
            .texts(meters.map(\.house)), .texts(meters.map(\.service.rawValue)),
            .texts(meters.map(\.number)), .int16s(meters.map { Int16($0.digits) }),
            .int16s(meters.map { Int16($0.decimals) }), .int32s(meters.map { Int32($0.ratio) }),
            .dates(meters.map { $0.installedOn?.days }),
            .dates(meters.map { $0.verifiedUntil?.days }),
            .dates(meters.map { $0.removedOn?.days }), .int64s(meters.map(\.initial.millionths)))
    }

    /// Months with the meters they are of; who wrote them, by which way, when (microseconds since 1970-01-01 UTC).
    public static func put(
        _ months: [(meter: Int64, month: HouseMonth)], by sender: Sender, on connection: Connection
    ) throws {
        guard !months.isEmpty else { return }
        try connection.run(
            "store/put_house_months", .int64s(months.map(\.meter)),
            .dates(months.map { $0.month.month.first.days }),
            .dates(months.map { $0.month.takenOn.days }),
            .int64s(months.map { $0.month.value?.millionths }),
            .bools(months.map(\.month.rolled)), .int64s(months.map(\.month.volume.millionths)),
            .timestamp(sender.receivedAt), .text(sender.channel.rawValue), .text(sender.actor),
            .id(sender.id.identifier))
    }

    /// What a house used of a service in a month.
    public struct Volume: Sendable, Equatable {
        public var volume: Quantity
        /// Meters that worked in the month, and of how many of them there is a volume.
        public var meters: Int
        public var known: Int
        /// No meter's volume is missing.
        public var isWhole: Bool { known == meters }

        public init(volume: Quantity, meters: Int, known: Int) {
            self.volume = volume
            self.meters = meters
            self.known = known
        }
    }

    public struct HouseService: Hashable, Sendable {
        public let house: String
        public let service: Service
        public init(_ house: String, _ service: Service) {
            self.house = house
            self.service = service
        }
    }

    /// What many houses used in a month: those that have a meter of a service.
    public static func volumes(
        _ houses: Set<String>, in organization: String, month: Month, on connection: Connection
    ) throws -> [HouseService: Volume] {
        guard !houses.isEmpty else { return [:] }
        var found: [HouseService: Volume] = [:]
        try connection.run(
            "store/house_volumes", .text(organization), .texts(houses.sorted()),
            .date(month.first.days)
        ).forEach { row in
            guard let service = Service(rawValue: row.text(1)) else { return }
            found[HouseService(row.text(0), service)] = Volume(
                volume: Quantity(millionths: row.int64(2)), meters: Int(row.int32(3)),
                known: Int(row.int32(4)))
        }
        return found
    }
}
