public import Commands

/// A meter of a whole house with its months.
public struct HouseMeterFacts: Sendable, Equatable {
    public var id: Int64
    public var house: String
    public var service: Service
    public var number: String
    public var digits: Int
    public var decimals: Int
    /// What the dial's difference is multiplied by.
    public var ratio: Int
    public var installedOn: Day?
    public var verifiedUntil: Day?
    public var removedOn: Day?
    public var initial: Quantity
    /// All of them, oldest first.
    public var months: [HouseMonth]

    public init(
        id: Int64, house: String, service: Service, number: String, digits: Int, decimals: Int,
        ratio: Int = 1, installedOn: Day? = nil, verifiedUntil: Day? = nil, removedOn: Day? = nil,
        initial: Quantity = .zero, months: [HouseMonth] = []
    ) {
        self.id = id
        self.house = house
        self.service = service
        self.number = number
        self.digits = digits
        self.decimals = decimals
        self.ratio = ratio
        self.installedOn = installedOn
        self.verifiedUntil = verifiedUntil
        self.removedOn = removedOn
        self.initial = initial
        self.months = months
    }

    public var capacity: Quantity { .capacity(digits: digits) }
}

/// What a house's meter told of a month.
public struct HouseMonth: Sendable, Equatable {
    public var month: Month
    public var takenOn: Day
    /// What stood on the dial; nil where only the volume is known, from an act.
    public var value: Quantity?
    /// The dial went over since the value before.
    public var rolled: Bool
    /// What was used in the month.
    public var volume: Quantity

    public init(
        month: Month, takenOn: Day, value: Quantity?, rolled: Bool = false, volume: Quantity
    ) {
        self.month = month
        self.takenOn = takenOn
        self.value = value
        self.rolled = rolled
        self.volume = volume
    }
}

/// Readings of houses' meters, and the volume of each month (ПП 354, приложение 2, формулы 10, 12 and 15 begin with it).
///
/// As with the meters of flats a month's volume is its value − the value before, times the ratio. Volumes that acts brought
/// in between are part of that difference, and so are taken off; a dial that went over counts on.
public enum HouseMeters {
    /// What is to be written of a row.
    public enum Outcome: Sendable, Equatable {
        case unchanged
        /// The meter as it is now; `touched`: the months to write.
        case changed(HouseMeterFacts, touched: [Month])
    }

    /// A new meter, or what changed of one that is there.
    /// - Parameters:
    ///   - found: the meter of this service and number, whatever house it stands in.
    ///   - houseIsThere: some account is in the house.
    ///   - organization: its closed months are calculated with what was known.
    public static func put(
        _ row: HouseMeter, newID: @autoclosure () -> Int64, found: HouseMeterFacts?,
        houseIsThere: Bool, organization: OrganizationFacts
    ) -> Result<Outcome, Refusal> {
        if let initial = row.initial, initial >= .capacity(digits: row.digits) {
            return .failure(Refusal(.readingCapacity, ["d": "\(row.digits)"]))
        }
        guard let found else {
            guard houseIsThere else {
                return .failure(Refusal(.notFound, ["what": "house", "house": row.house]))
            }
            return .success(
                .changed(
                    HouseMeterFacts(
                        id: newID(), house: row.house, service: row.service, number: row.meter,
                        digits: row.digits, decimals: row.decimals, ratio: row.ratio ?? 1,
                        installedOn: row.installedOn, verifiedUntil: row.verifiedUntil,
                        removedOn: row.removedOn, initial: row.initial ?? .zero), touched: []))
        }
        guard found.house == row.house else {
            return .failure(Refusal(.meterExists, ["meter": row.meter]))
        }
        var meter = found
        let shown = meter.months.compactMap(\.value) + [meter.initial]
        guard shown.allSatisfy({ $0 < .capacity(digits: row.digits) }) else {
            return .failure(Refusal(.readingCapacity, ["d": "\(row.digits)"]))
        }
        meter.digits = row.digits
        meter.decimals = row.decimals
        meter.ratio = row.ratio ?? meter.ratio
        meter.installedOn = row.installedOn ?? meter.installedOn
        meter.verifiedUntil = row.verifiedUntil ?? meter.verifiedUntil
        meter.removedOn = row.removedOn ?? meter.removedOn
        meter.initial = row.initial ?? meter.initial
        if let removed = meter.removedOn, let last = meter.months.last, last.takenOn > removed {
            return .failure(Refusal(.readingDate, ["date": last.takenOn.description]))
        }
        return settle(meter, from: found, rolls: rolls(found), organization)
    }

    /// A month's value or volume. A second one of a month that is open replaces the first.
    /// - Parameters:
    ///   - found: the meter, where the row's house has it.
    ///   - organization: its closed months are calculated with what was known.
    ///   - confirm: a use far above the usual, or a dial that went over without anything to judge it by, is meant.
    public static func record(
        _ row: HouseReading, found: HouseMeterFacts?, today: Day,
        organization: OrganizationFacts, confirm: Bool = false
    ) -> Result<Outcome, Refusal> {
        guard var meter = found, meter.house == row.house else {
            return .failure(Refusal(.notFound, ["what": "house_meter", "meter": row.meter]))
        }
        guard row.month <= today.month, row.takenOn.map({ $0 <= today }) ?? true else {
            return .failure(Refusal(.readingFuture))
        }
        if let removed = meter.removedOn,
            removed.month < row.month || row.takenOn.map({ $0 > removed }) ?? false
        {
            return .failure(
                Refusal(
                    .readingMeterRemoved,
                    ["date": removed.description, "org": organization.profile.name]))
        }
        // Who does not say when means the month's end, or the last day that there was.
        let end = Day(days: row.month.advanced(by: 1).first.days - 1)
        let takenOn = row.takenOn ?? min(end, today, meter.removedOn ?? end)
        if let installed = meter.installedOn, takenOn < installed {
            return .failure(Refusal(.readingDate, ["date": installed.description]))
        }
        var month = HouseMonth(month: row.month, takenOn: takenOn, value: nil, volume: .zero)
        switch row.stand {
        case .volume(let volume): month.volume = volume
        case .value(let text):
            switch read(text, meter) {
            case .success(let value): month.value = value
            case .failure(let refusal): return .failure(refusal)
            }
        }
        let place = meter.months.firstIndex { $0.month >= row.month } ?? meter.months.count
        if place < meter.months.count, meter.months[place].month == row.month {
            let old = meter.months[place]
            if old.value == month.value, row.takenOn.map({ $0 == old.takenOn }) ?? true,
                month.value != nil || old.volume == month.volume
            {
                return .success(.unchanged)
            }
            meter.months.remove(at: place)
        }
        if let refusal = order(month, at: place, in: meter) { return .failure(refusal) }
        if let refusal = judge(&month, at: place, in: meter, confirm: confirm) {
            return .failure(refusal)
        }
        meter.months.insert(month, at: place)
        return settle(
            meter, from: found, rolls: rolls(found) + (month.rolled ? 1 : 0), organization)
    }

    /// Days go with months.
    private static func order(
        _ month: HouseMonth, at place: Int, in meter: HouseMeterFacts
    ) -> Refusal? {
        if place > 0, meter.months[place - 1].takenOn > month.takenOn {
            return Refusal(
                .readingDate, ["date": meter.months[place - 1].takenOn.description])
        }
        if place < meter.months.count, meter.months[place].takenOn < month.takenOn {
            return Refusal(.readingDate, ["date": meter.months[place].takenOn.description])
        }
        return nil
    }

    private static func read(_ text: String, _ meter: HouseMeterFacts) -> Result<Quantity, Refusal>
    {
        let format = Refusal(.readingFormat, ["f": "\(meter.decimals)"])
        let capacity = Refusal(.readingCapacity, ["d": "\(meter.digits)"])
        switch Quantity.read(text) {
        case .malformed: return .failure(format)
        case .tooLong(let fraction):
            return .failure(fraction > meter.decimals ? format : capacity)
        case .value(let value, let integer, let fraction):
            guard fraction <= meter.decimals else { return .failure(format) }
            return integer <= meter.digits ? .success(value) : .failure(capacity)
        }
    }

    /// Whether a new value may stand where it does: a smaller one only where the dial went over, which is believed when the
    /// use is like the usual one; a use of more than three times the usual only when it is meant.
    private static func judge(
        _ month: inout HouseMonth, at place: Int, in meter: HouseMeterFacts, confirm: Bool
    ) -> Refusal? {
        let earlier = meter.months[..<place]
        let average = average(earlier)
        let span = Int128(max(1, earlier.last.map { month.month - $0.month } ?? 1))
        let usual = average.map { $0 * 3 * span }
        var used = Int128(month.volume.millionths)
        if let value = month.value {
            let base = base(earlier, meter)
            let dial = Int128(value.millionths) - Int128(base.value.millionths)
            used = dial * Int128(meter.ratio) - base.between
            if dial < 0 {
                let over = used + Int128(meter.capacity.millionths) * Int128(meter.ratio)
                let isBelieved = usual.map { over >= 0 && over <= $0 } ?? false
                guard isBelieved || confirm && over >= 0 else {
                    return Refusal(
                        .readingLess,
                        [
                            "prev": base.value.description,
                            "date": base.takenOn?.description ?? "",
                        ], confirmable: over >= 0)
                }
                month.rolled = true
                used = over
            }
            // Acts brought more than the dial went on.
            guard used >= 0 else {
                return Refusal(
                    .readingLess,
                    ["prev": base.value.description, "date": base.takenOn?.description ?? ""])
            }
        }
        if let usual, usual > 0, used > usual, !confirm {
            return Refusal(
                .readingSoft,
                [
                    "v": Quantity(millionths: Int64(clamping: used)).description,
                    "unit": meter.service.rawValue,
                    "avg": Quantity(millionths: Int64(clamping: average ?? 0)).description,
                ], confirmable: true)
        }
        return nil
    }

    /// What a value is measured from: the newest one before it, else the meter's first; and what acts brought since then.
    private static func base(
        _ earlier: ArraySlice<HouseMonth>, _ meter: HouseMeterFacts
    ) -> (value: Quantity, takenOn: Day?, between: Int128) {
        let index = earlier.lastIndex { $0.value != nil }
        let between = earlier[(index.map { $0 + 1 } ?? earlier.startIndex)...]
            .reduce(Int128(0)) { $0 + Int128($1.volume.millionths) }
        guard let index, let value = earlier[index].value else {
            return (meter.initial, meter.installedOn, between)
        }
        return (value, earlier[index].takenOn, between)
    }

    /// A month's use over the last six that are known, in millionths; nil below three.
    private static func average(_ earlier: ArraySlice<HouseMonth>) -> Int128? {
        let last = earlier.suffix(6)
        guard last.count >= 3 else { return nil }
        return last.reduce(Int128(0)) { $0 + Int128($1.volume.millionths) } / Int128(last.count)
    }

    private static func rolls(_ meter: HouseMeterFacts?) -> Int {
        meter?.months.count(where: \.rolled) ?? 0
    }

    /// Computes every month's volume anew and finds what is another than before. What is calculated stays as it is.
    /// - Parameter most: how often the dial may have gone over in all: a value that is put between two others, and is no
    ///   roll-over itself, makes none of the one behind it.
    private static func settle(
        _ meter: HouseMeterFacts, from found: HouseMeterFacts?, rolls most: Int,
        _ organization: OrganizationFacts
    ) -> Result<Outcome, Refusal> {
        var meter = meter
        for index in meter.months.indices {
            guard let value = meter.months[index].value else { continue }
            let base = base(meter.months[..<index], meter)
            var dial = Int128(value.millionths) - Int128(base.value.millionths)
            meter.months[index].rolled = dial < 0
            if dial < 0 { dial += Int128(meter.capacity.millionths) }
            let used = dial * Int128(meter.ratio) - base.between
            let count = meter.months[...index].count(where: \.rolled)
            guard used >= 0, count <= most else {
                return .failure(
                    Refusal(
                        .readingLess,
                        [
                            "prev": base.value.description,
                            "date": base.takenOn?.description ?? "",
                        ]))
            }
            guard let volume = Int64(exactly: used) else {
                return .failure(Refusal(.readingCapacity, ["d": "\(meter.digits)"]))
            }
            meter.months[index].volume = Quantity(millionths: volume)
        }
        if meter == found { return .success(.unchanged) }
        let before = found?.months ?? []
        let touched = meter.months.filter { !before.contains($0) }.map(\.month)
        let closed = organization.closed
        // What is billed stays.
        if let fixed = touched.first(where: closed.contains) {
            return .failure(Refusal(.readingClosed, ["month": fixed.description, "from": "1"]))
        }
        return .success(.changed(meter, touched: touched))
    }
}
