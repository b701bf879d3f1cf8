public import Commands
public import Domain
public import Postgres

/// The changes of a batch, gathered as commands are decided and written as sets at its end.
public struct Changes {
    public static let statements: [Statement] = [
        "store/open_accounts", "store/change_accounts", "store/put_meters", "store/set_readings",
        "store/add_readings", "store/set_rolled", "store/put_months", "store/refresh_months",
        "store/add_attempts",
    ]

    private var opened: [(id: Int64, organization: String, card: AccountCard)] = []
    private var openedPlaces: [Int64: Int] = [:]
    private var changed: [Int64: (organization: String, card: AccountCard)] = [:]
    private var meters: [Int64: (account: Int64, organization: String, meter: MeterFacts)] = [:]
    private var readings: [Reading] = []
    private var readingPlaces: [CommandID: Int] = [:]
    private var states: [CommandID: String] = [:]
    private var rolls: [CommandID: Int] = [:]
    /// Months whose reading is new: their volumes came with the decision.
    private var fresh: [MonthKey: Volumes] = [:]
    /// Months from which a reading was taken: they and the ones after them are computed again.
    private var stale: Set<MonthKey> = []
    private var attempts: [Attempt] = []
    private var posted: [Posted] = []
    private var payments: [PaymentFacts] = []
    private var assigned: [(payment: PaymentFacts, by: Sender)] = []
    private var reversed: [(payment: CommandID, by: CommandID)] = []
    /// Numbers of corrections.
    private var withdrawn: [Int64] = []
    private var corrections: [(account: Int64, from: Month, why: String, sender: Sender)] = []
    /// Whom to tell what: `Notices.add` writes them, because what follows from them depends on its answer.
    public private(set) var notices: [NoticeOrder] = []

    private struct MonthKey: Hashable {
        let meter: Int64
        let month: Month
    }

    private struct Volumes {
        let account: Int64
        let facts: ReadingFacts
        let volumes: [Quantity]
    }

    private struct Reading {
        let account: Int64
        let meter: Int64
        var facts: ReadingFacts
        let sender: Sender
        var state: String
    }

    private struct Attempt {
        let account: Int64
        let meter: Int64
        let typed: [RegisterValue]
        let refusal: Refusal
        let sender: Sender
    }

    public init() {}

    public mutating func add(_ change: Change, organization: String) {
        switch change {
        case .accountOpened(let id, let card):
            openedPlaces[id] = opened.count
            opened.append((id, organization, card))
        case .accountChanged(let id, let card):
            if let place = openedPlaces[id] {
                opened[place].card = card
            } else {
                changed[id] = (organization, card)
            }
        case .meterInstalled(let account, let meter), .meterChanged(let account, let meter):
            meters[meter.id] = (account, organization, meter)
        case .readingAccepted(let account, let meter, let facts, let volumes, let sender):
            insert(account, meter, facts, sender, "effective")
            fresh[MonthKey(meter: meter, month: facts.month)] = Volumes(
                account: account, facts: facts, volumes: volumes)
        case .readingNoted(let account, let meter, let facts, let sender):
            insert(account, meter, facts, sender, "noted")
        case .readingReplaced(let id, _, _): set(id, "replaced")
        case .readingDeleted(let id, let meter, let month):
            set(id, "deleted")
            stale.insert(MonthKey(meter: meter, month: month))
        case .readingRestored(let id, let meter, let month):
            set(id, "effective")
            stale.insert(MonthKey(meter: meter, month: month))
        case .readingRolled(let id, _, let rolled):
            // The month before it is stale, so its own volume is computed again.
            if let place = readingPlaces[id] {
                readings[place].facts.rolled = rolled
            } else {
                rolls[id] = rolled
            }
        case .readingRefused(let account, let meter, let typed, let refusal, let sender):
            attempts.append(
                Attempt(
                    account: account, meter: meter, typed: typed, refusal: refusal, sender: sender))
        case .noticeOrdered(let order): notices.append(order)
        case .posted(_, let entries): posted += entries
        case .paymentTaken(let payment): payments.append(payment)
        case .paymentAssigned(let payment, let sender): assigned.append((payment, sender))
        case .paymentReversed(let payment, let command): reversed.append((payment, command))
        case .correctionAsked(let account, let from, let why, let sender):
            corrections.append((account, from, why, sender))
        case .correctionWithdrawn(_, _, let n?): withdrawn.append(n)
        case .correctionWithdrawn(let account, let from, nil):
            if let place = corrections.lastIndex(where: {
                $0.account == account && $0.from == from
            }) {
                corrections.remove(at: place)
            }
        }
    }

    private mutating func insert(
        _ account: Int64, _ meter: Int64, _ facts: ReadingFacts, _ sender: Sender, _ state: String
    ) {
        readingPlaces[facts.id] = readings.count
        readings.append(
            Reading(account: account, meter: meter, facts: facts, sender: sender, state: state))
    }

    private mutating func set(_ id: CommandID, _ state: String) {
        if let place = readingPlaces[id] {
            readings[place].state = state
        } else {
            states[id] = state
        }
    }

    /// Sends the changes; the server's answers come with that to the transaction's next statement.
    public func write(on connection: Connection) throws {
        try writeLedgers(on: connection)
        // New keys go in one order: of two lanes that give the same ones, one waits for the other.
        if !opened.isEmpty {
            try connection.send(
                "store/open_accounts",
                Self.columns(
                    opened.sorted {
                        ($0.organization, $0.card.account.text)
                            < ($1.organization, $1.card.account.text)
                    }))
        }
        if !changed.isEmpty {
            try connection.send(
                "store/change_accounts",
                Self.columns(
                    changed.sorted { $0.key < $1.key }.map {
                        ($0.key, $0.value.organization, $0.value.card)
                    }))
        }
        if !meters.isEmpty { try writeMeters(on: connection) }
        let leaving = states.filter { $0.value != "effective" }
        try setStates(leaving, on: connection)
        if !readings.isEmpty { try writeReadings(on: connection) }
        try setStates(states.filter { $0.value == "effective" }, on: connection)
        if !rolls.isEmpty {
            for (rolled, readings) in Self.grouped(rolls) {
                try connection.send("store/set_rolled", .ids(readings), .int16(Int16(rolled)))
            }
        }
        if !fresh.isEmpty { try writeMonths(on: connection) }
        if !stale.isEmpty {
            let keys = stale.sorted { ($0.meter, $0.month) < ($1.meter, $1.month) }
            try connection.send(
                "store/refresh_months", .int64s(keys.map(\.meter)),
                .dates(keys.map { $0.month.first.days }))
        }
        if !attempts.isEmpty { try writeAttempts(on: connection) }
    }

    private func setStates(_ states: [CommandID: String], on connection: Connection) throws {
        for (state, readings) in Self.grouped(states) {
            try connection.send("store/set_readings", .ids(readings), .text(state))
        }
    }

    /// The few values with the readings that get each, all in order.
    private static func grouped<Value: Hashable & Comparable>(
        _ values: [CommandID: Value]
    ) -> [(value: Value, readings: [Identifier?])] {
        Dictionary(grouping: values.keys) { values[$0] }
            .compactMap { value, ids in
                value.map { ($0, ids.sorted().map(\.identifier)) }
            }
            .sorted { $0.value < $1.value }
    }

    private func writeReadings(on connection: Connection) throws {
        func value(_ reading: Reading, _ index: Int) -> Int64? {
            index < reading.facts.values.count ? reading.facts.values[index].millionths : nil
        }
        try connection.send(
            "store/add_readings", .ids(readings.map { $0.facts.id.identifier }),
            .int64s(readings.map(\.account)), .int64s(readings.map(\.meter)),
            .dates(readings.map { $0.facts.month.first.days }),
            .dates(readings.map { $0.facts.takenOn.days }),
            .timestamps(readings.map(\.sender.receivedAt)),
            .int16s(readings.map { Int16($0.facts.rolled) }), .texts(readings.map(\.state)),
            .texts(readings.map(\.sender.channel.rawValue)), .texts(readings.map(\.sender.actor)),
            .int64s(readings.map { value($0, 0) }), .int64s(readings.map { value($0, 1) }),
            .int64s(readings.map { value($0, 2) }),
            .ids(readings.map { $0.sender.session?.identifier }))
    }

    /// A later month cannot exist where a reading was accepted, so nothing behind it changes.
    private func writeMonths(on connection: Connection) throws {
        let rows = fresh.sorted { ($0.key.meter, $0.key.month) < ($1.key.meter, $1.key.month) }
        func value(_ quantities: [Quantity], _ index: Int) -> Int64? {
            index < quantities.count ? quantities[index].millionths : nil
        }
        let values = (0..<3).map { index in
            Value.int64s(rows.map { value($0.value.facts.values, index) })
        }
        let volumes = (0..<3).map { index in
            Value.int64s(rows.map { value($0.value.volumes, index) })
        }
        try connection.send(
            "store/put_months",
            [
                .int64s(rows.map(\.key.meter)), .dates(rows.map { $0.key.month.first.days }),
                .int64s(rows.map(\.value.account)),
                .ids(rows.map { $0.value.facts.id.identifier }),
                .dates(rows.map { $0.value.facts.takenOn.days }),
            ] + values + volumes)
    }

    private func writeMeters(on connection: Connection) throws {
        let rows = meters.values.sorted {
            ($0.organization, $0.meter.service.rawValue, $0.meter.number)
                < ($1.organization, $1.meter.service.rawValue, $1.meter.number)
        }
        func initial(_ meter: MeterFacts, _ index: Int) -> Int64? {
            index < meter.initial.count ? meter.initial[index].millionths : nil
        }
        try connection.send(
            "store/put_meters", .int64s(rows.map(\.meter.id)), .int64s(rows.map(\.account)),
            .texts(rows.map(\.organization)), .texts(rows.map(\.meter.service.rawValue)),
            .texts(rows.map(\.meter.number)), .int16s(rows.map { Int16($0.meter.registers) }),
            .int16s(rows.map { Int16($0.meter.digits) }),
            .int16s(rows.map { Int16($0.meter.decimals) }),
            .dates(rows.map { $0.meter.installedOn?.days }),
            .dates(rows.map { $0.meter.verifiedUntil?.days }),
            .dates(rows.map { $0.meter.removedOn?.days }),
            .int64s(rows.map { initial($0.meter, 0) }), .int64s(rows.map { initial($0.meter, 1) }),
            .int64s(rows.map { initial($0.meter, 2) }), .bools(rows.map(\.meter.automatic)))
    }

    private func writeAttempts(on connection: Connection) throws {
        try connection.send(
            "store/add_attempts", .ids(attempts.map { $0.sender.id.identifier }),
            .int64s(attempts.map(\.account)), .int64s(attempts.map(\.meter)),
            .timestamps(attempts.map(\.sender.receivedAt)),
            .texts(attempts.map(\.sender.channel.rawValue)),
            .jsons(
                attempts.map { attempt in
                    JSON.object(
                        attempt.typed.map {
                            JSON.Member($0.register.rawValue, .string($0.text))
                        }
                    ).bytes
                }), .texts(attempts.map(\.refusal.code.rawValue)),
            .jsons(attempts.map(\.refusal.json.bytes)))
    }

    private func writeLedgers(on connection: Connection) throws {
        try Ledgers.add(payments, on: connection)
        try Ledgers.add(posted, on: connection)
        if !assigned.isEmpty {
            try connection.send(
                "store/assign_payments", .ids(assigned.map(\.payment.id.identifier)),
                .int64s(assigned.map(\.payment.account)),
                .dates(assigned.map { $0.payment.month?.first.days }),
                .ids(assigned.map(\.by.id.identifier)), .timestamps(assigned.map(\.by.receivedAt)))
        }
        if !reversed.isEmpty {
            try connection.send(
                "store/reverse_payments", .ids(reversed.map(\.payment.identifier)),
                .ids(reversed.map(\.by.identifier)))
        }
        if !withdrawn.isEmpty {
            try connection.send("store/delete_corrections", .int64s(withdrawn))
        }
        if !corrections.isEmpty {
            try connection.send(
                "store/add_corrections", .int64s(corrections.map(\.account)),
                .dates(corrections.map(\.from.first.days)), .texts(corrections.map(\.why)),
                .texts(corrections.map(\.sender.actor)),
                .timestamps(corrections.map(\.sender.receivedAt)))
        }
    }

    private static func columns(
        _ rows: [(id: Int64, organization: String, card: AccountCard)]
    ) -> [Value] {
        [
            .int64s(rows.map(\.id)), .texts(rows.map(\.organization)),
            .texts(rows.map(\.card.account.text)), .texts(rows.map(\.card.account.stripped)),
            .texts(rows.map(\.card.company)), .texts(rows.map(\.card.surname)),
            .texts(rows.map(\.card.name)), .texts(rows.map(\.card.patronymic)),
            .texts(rows.map(\.card.house)), .texts(rows.map(\.card.apartment)),
            .texts(rows.map(\.card.address)), .int64s(rows.map { $0.card.area?.millionths }),
            .int64s(rows.map { $0.card.livingArea?.millionths }),
            .int64s(rows.map { $0.card.houseArea?.millionths }),
            .int32s(rows.map { $0.card.rooms.map { Int32($0) } }),
            .int32s(rows.map { $0.card.residents.map { Int32($0) } }),
            .texts(rows.map(\.card.ownership)), .texts(rows.map(\.card.phone)),
            .texts(rows.map(\.card.email)), .dates(rows.map { $0.card.closedOn?.days }),
        ]
    }
}

extension CommandID {
    public var identifier: Identifier { Identifier(high: high, low: low) }
}
