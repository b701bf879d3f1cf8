public import Commands
public import Postgres
import Synchronization
import Threads

/// An account as its resident sees it.
public struct AccountView: Sendable, Equatable {
    public var id: Int64
    public var number: String
    public var company: String
    public var surname: String
    public var name: String
    public var patronymic: String
    public var address: String
    public var apartment: String
    public var closedOn: Day?

    public init(
        id: Int64, number: String, company: String = "", surname: String = "", name: String = "",
        patronymic: String = "", address: String = "", apartment: String = "",
        closedOn: Day? = nil
    ) {
        self.id = id
        self.number = number
        self.company = company
        self.surname = surname
        self.name = name
        self.patronymic = patronymic
        self.address = address
        self.apartment = apartment
        self.closedOn = closedOn
    }
}

/// A meter with its readings, newest month first, and what was lately refused.
public struct MeterView: Sendable, Equatable {
    public var id: Int64
    public var service: Service
    public var number: String
    public var registers: Int
    public var digits: Int
    public var decimals: Int
    public var installedOn: Day?
    public var verifiedUntil: Day?
    public var removedOn: Day?
    /// Its readings come by themselves.
    public var automatic: Bool
    /// One a register.
    public var initial: [Quantity]
    public var readings: [ReadingView]
    public var attempts: [AttemptView]

    public init(
        id: Int64, service: Service, number: String, registers: Int = 1, digits: Int = 5,
        decimals: Int = 3, installedOn: Day? = nil, verifiedUntil: Day? = nil,
        removedOn: Day? = nil, automatic: Bool = false, initial: [Quantity],
        readings: [ReadingView] = [],
        attempts: [AttemptView] = []
    ) {
        self.id = id
        self.service = service
        self.number = number
        self.registers = registers
        self.digits = digits
        self.decimals = decimals
        self.installedOn = installedOn
        self.verifiedUntil = verifiedUntil
        self.removedOn = removedOn
        self.automatic = automatic
        self.initial = initial
        self.readings = readings
        self.attempts = attempts
    }
}

/// A reading that was accepted, and what became of it.
public struct ReadingView: Sendable, Equatable {
    public enum State: String, Sendable { case effective, replaced, noted }
    public var id: String
    public var month: Month
    public var takenOn: Day
    /// Local time with its offset, RFC 3339.
    public var received: String
    public var state: State
    public var channel: Channel
    /// One a register.
    public var values: [Quantity]
    /// «Рассчитано»: the month is closed over it.
    public var calculated: Bool
    /// What was used since the reading before, one a register; nil when it does not count.
    public var volumes: [Quantity]?
    /// The session in which it was entered has not ended (SF-148).
    public var entryLives: Bool

    public init(
        id: String, month: Month, takenOn: Day, received: String, state: State = .effective,
        channel: Channel = .resident, values: [Quantity], calculated: Bool = false,
        volumes: [Quantity]? = nil, entryLives: Bool = false
    ) {
        self.id = id
        self.month = month
        self.takenOn = takenOn
        self.received = received
        self.state = state
        self.channel = channel
        self.values = values
        self.calculated = calculated
        self.volumes = volumes
        self.entryLives = entryLives
    }
}

/// A reading that was refused: «Статус ввода» in red (SF-146).
public struct AttemptView: Sendable, Equatable {
    public var id: String
    /// Local time with its offset, RFC 3339.
    public var received: String
    public var channel: Channel
    public var typed: [RegisterValue]
    /// Nil when a newer version wrote a code that this one does not know.
    public var refusal: Refusal?

    public init(
        id: String, received: String, channel: Channel, typed: [RegisterValue], refusal: Refusal?
    ) {
        self.id = id
        self.received = received
        self.channel = channel
        self.typed = typed
        self.refusal = refusal
    }
}

/// An account with everything that the page «Приборы учета» shows of it.
public struct MetersView: Sendable, Equatable {
    public var account: AccountView
    public var meters: [MeterView]
    /// The organization's local day.
    public var today: Day
    /// Billing months that are open now, and closed ones.
    public var open: Set<Month>
    public var closed: Set<Month>
    /// The reading window that an operator gave its house, and extensions that are not over; with
    /// an account's meters also those that ended within 31 days.
    public var window: Profile.Readings.Window?
    public var extensions: [ReadingTimes.Extension]

    public init(
        account: AccountView, meters: [MeterView], today: Day, open: Set<Month> = [],
        closed: Set<Month> = [], window: Profile.Readings.Window? = nil,
        extensions: [ReadingTimes.Extension] = []
    ) {
        self.account = account
        self.meters = meters
        self.today = today
        self.open = open
        self.closed = closed
        self.window = window
        self.extensions = extensions
    }
}

/// A meter of a whole house with its months, newest first (SF-155).
public struct HouseMeterView: Sendable, Equatable {
    public struct Month: Sendable, Equatable {
        public var month: Commands.Month
        public var takenOn: Day
        /// Nil: only the volume is known, by an act.
        public var value: Quantity?
        public var volume: Quantity

        public init(month: Commands.Month, takenOn: Day, value: Quantity?, volume: Quantity) {
            self.month = month
            self.takenOn = takenOn
            self.value = value
            self.volume = volume
        }
    }
    public var id: Int64
    public var service: Service
    public var number: String
    public var digits: Int
    public var decimals: Int
    /// What the dial's difference is multiplied by.
    public var ratio: Int
    public var installedOn: Day?
    public var verifiedUntil: Day?
    public var removedOn: Day?
    public var months: [Month]

    public init(
        id: Int64, service: Service, number: String, digits: Int = 6, decimals: Int = 0,
        ratio: Int = 1, installedOn: Day? = nil, verifiedUntil: Day? = nil, removedOn: Day? = nil,
        months: [Month] = []
    ) {
        self.id = id
        self.service = service
        self.number = number
        self.digits = digits
        self.decimals = decimals
        self.ratio = ratio
        self.installedOn = installedOn
        self.verifiedUntil = verifiedUntil
        self.removedOn = removedOn
        self.months = months
    }
}

/// A letter that stayed here instead of leaving.
public struct LetterView: Sendable, Equatable {
    public var id: String
    /// UTC, RFC 3339.
    public var at: String
    public var recipient: String
    /// Empty where it is an SMS.
    public var title: String
    public var text: String
    public var channel: NoticeChannel
    /// The name and the bytes of what was attached.
    public var attachment: String?
    public var attachmentBytes: Int

    public init(
        id: String, at: String, recipient: String, title: String, text: String,
        channel: NoticeChannel = .letter, attachment: String? = nil, attachmentBytes: Int = 0
    ) {
        self.channel = channel
        self.attachment = attachment
        self.attachmentBytes = attachmentBytes
        self.id = id
        self.at = at
        self.recipient = recipient
        self.title = title
        self.text = text
    }
}

/// Why pages cannot be read now.
public enum PortalQueriesError: Error, Sendable {
    /// The database cannot be reached, or has no room or time: the same question may be answered in
    /// a moment.
    case away(String)
    /// The question itself failed: a bug or a wrong schema.
    case failed(String)
}

/// What pages and reading programs ask of the views, as the role `kabinet_portal`. It blocks; as
/// many threads as like may ask at once. A connection is opened when none is free and at most
/// `keep` of them stay open between questions, so the callers' threads are the bound. Reading
/// writes nothing, so a question that met a lost connection is asked once more.
public final class PortalQueries: Sendable {
    public static let statements: [Statement] =
        [
            "portal/account", "portal/meters", "portal/history", "portal/attempts",
            "portal/periods",
            "portal/outbox", "portal/person", "portal/sessions", "portal/accounts", "portal/shares",
            "portal/consents", "portal/consent_history", "portal/registration", "portal/phone_code",
            "portal/link", "portal/lost_share",
            "portal/houses", "portal/flats", "portal/windows", "portal/house_meters",
            "portal/house_months", "portal/link_counts", "portal/way_out",
        ] + moneyStatements + homeStatements + BillReader.statements + operatorStatements
        + exportStatements

    /// A connection on its way from one thread to the next; never used by two at once.
    private struct Free: @unchecked Sendable {
        let connection: Connection
    }

    private let address: Address
    private let library: Library
    private let keep: Int
    private let patience: Int
    private let free = Mutex<[Free]>([])
    let homes = Together<HomeWish, HomeAnswer>(most: 8)

    /// - Parameters:
    ///   - keep: connections that stay open while nobody asks.
    ///   - patience: milliseconds that an answer is waited for.
    public init(address: Address, library: Library, keep: Int, patience: Int = 5_000) {
        let address = address.with("application_name", "kabinet portal")
        // A page is not worth waiting long for.
        self.address = address.with(setting: "statement_timeout", "\(patience)").with(
            setting: "default_transaction_read_only", "on")
        self.library = library
        self.keep = keep
        self.patience = patience
    }

    /// Opens the first connection, so that a typo in a statement stops the start and not a request.
    public func prepare() throws(PortalQueriesError) {
        try ask { _ in }
    }

    /// An account by its exact number with its meters and their readings; nil when the organization
    /// has no such account or `allowed` does not name it.
    /// - Parameters:   - allowed: ids of the accounts that the reader may see; nil is all of the
    /// organization.   - depth: readings of each meter at most.
    public func meters(
        of number: AccountNumber, in profile: Profile, allowed: [Int64]?, depth: Int32
    ) throws(PortalQueriesError) -> MetersView? {
        try ask { connection in
            let accounts = try connection.run(
                "portal/account", .text(profile.code), .text(number.text),
                allowed.map { .int64s($0) } ?? .null, .text(profile.timeZone),
                .text(number.stripped))
            guard let row = accounts.first else { return nil }
            var view = MetersView(
                account: AccountView(accountOf: row), meters: [], today: row.day(9))
            // Three round trips: the account, its meters, what is known of each.
            let periods = try connection.send("portal/periods", .text(profile.code))
            let windows = try connection.send(
                "portal/windows", .int64(view.account.id), .text(profile.timeZone))
            view.meters = try Self.meters(of: view.account.id, connection)
            Self.addTimes(to: &view, try periods.rows(), try windows.rows())
            let ids = view.meters.map(\.id)
            let readings = try connection.send(
                "portal/history", .int64s(ids), .int32(depth), .text(profile.timeZone))
            let attempts = try connection.send(
                "portal/attempts", .int64s(ids), .int32(5), .text(profile.timeZone),
                .text(profile.code))
            Self.addReadings(to: &view.meters, try readings.rows())
            try Self.addAttempts(to: &view.meters, try attempts.rows())
            return view
        }
    }

    /// The meters of an account's house with their months; nil when the organization has no such account or `allowed` does
    /// not name it.
    public func houseMeters(
        of number: AccountNumber, in profile: Profile, allowed: [Int64]?, depth: Int32
    ) throws(PortalQueriesError) -> (account: String, meters: [HouseMeterView])? {
        try ask { connection in
            guard
                let account = try connection.run(
                    "portal/account", .text(profile.code), .text(number.text),
                    allowed.map { .int64s($0) } ?? .null, .text(profile.timeZone),
                    .text(number.stripped)
                ).first
            else { return nil }
            let found = account.text(1)
            var meters = try connection.run("portal/house_meters", .int64(account.int64(0))).map {
                row in
                // A service that a newer version wrote is not shown rather than shown wrong.
                Service(rawValue: row.text(1)).map { service in
                    HouseMeterView(
                        id: row.int64(0), service: service, number: row.text(2),
                        digits: Int(row.int16(3)), decimals: Int(row.int16(4)),
                        ratio: Int(row.int32(5)), installedOn: row.optional(6, row.day),
                        verifiedUntil: row.optional(7, row.day),
                        removedOn: row.optional(8, row.day))
                }
            }.compactMap { $0 }
            try connection.run(
                "portal/house_months", .int64s(meters.map(\.id)), .int32(depth)
            ).forEach { row in
                guard let index = meters.firstIndex(where: { $0.id == row.int64(0) }) else {
                    return
                }
                meters[index].months.append(
                    .init(
                        month: row.day(1).month, takenOn: row.day(2),
                        value: row.optional(3, row.int64).map { Quantity(millionths: $0) },
                        volume: Quantity(millionths: row.int64(4))))
            }
            return (found, meters)
        }
    }

    public func outbox(limit: Int32) throws(PortalQueriesError) -> [LetterView] {
        try ask { connection in
            try connection.run("portal/outbox", .int32(limit)).map { row in
                LetterView(
                    id: row.id(0).description, at: row.text(1), recipient: row.text(2),
                    title: row.text(3), text: row.text(4),
                    channel: NoticeChannel(rawValue: row.text(5)) ?? .letter,
                    attachment: row.optional(6, row.text),
                    attachmentBytes: Int(row.optional(7, row.int32) ?? 0))
            }
        }
    }

    private static func meters(
        of account: Int64, _ connection: Connection
    ) throws(PostgresError) -> [MeterView] {
        try connection.run("portal/meters", .int64(account)).map { row in
            // A service that a newer version wrote is not shown rather than shown wrong.
            Service(rawValue: row.text(1)).map { service in
                MeterView(
                    id: row.int64(0), service: service, number: row.text(2),
                    registers: Int(row.int16(3)), digits: Int(row.int16(4)),
                    decimals: Int(row.int16(5)), installedOn: row.optional(6, row.day),
                    verifiedUntil: row.optional(7, row.day), removedOn: row.optional(8, row.day),
                    automatic: row.bool(10), initial: row.quantities(9))
            }
        }.compactMap { $0 }
    }

    /// - Parameters:
    ///   - periods: of `portal/periods`,
    ///   - windows: and of `portal/windows`.
    private static func addTimes(to view: inout MetersView, _ periods: Rows, _ windows: Rows) {
        periods.forEach { row in
            if row.bool(1) {
                view.open.insert(row.day(0).month)
            } else {
                view.closed.insert(row.day(0).month)
            }
        }
        windows.forEach { row in
            if let from = row.optional(0, row.int16), let to = row.optional(1, row.int16) {
                view.window = .init(from: Int(from), to: Int(to))
            }
            if let given = row.optional(2, row.day), let until = row.optional(3, row.day) {
                view.extensions.append(.init(given: given, until: until))
            }
        }
    }

    private static func addReadings(to meters: inout [MeterView], _ rows: Rows) {
        rows.forEach { row in
            guard let index = meters.firstIndex(where: { $0.id == row.int64(0) }),
                let state = ReadingView.State(rawValue: row.text(5))
            else { return }
            meters[index].readings.append(
                ReadingView(
                    id: row.id(1).description, month: row.day(2).month, takenOn: row.day(3),
                    received: row.text(4), state: state,
                    channel: Channel(rawValue: row.text(6)) ?? .api, values: row.quantities(7),
                    calculated: row.bool(8), volumes: row.optional(9, row.quantities),
                    entryLives: row.bool(10)))
        }
    }

    private static func addAttempts(to meters: inout [MeterView], _ rows: Rows) throws {
        try rows.forEach { row in
            guard let index = meters.firstIndex(where: { $0.id == row.int64(0) }) else { return }
            let typed = try JSON.parse(row.json(4)).members ?? []
            meters[index].attempts.append(
                AttemptView(
                    id: row.id(1).description, received: row.text(2),
                    channel: Channel(rawValue: row.text(3)) ?? .api,
                    typed: typed.compactMap { member in
                        Register(rawValue: member.key).map {
                            RegisterValue($0, member.value.string ?? "")
                        }
                    },
                    refusal: Refusal(code: row.text(5), json: try JSON.parse(row.json(6)))))
        }
    }

    // MARK: Connections

    func ask<Answer>(
        _ question: (Connection) throws -> Answer
    ) throws(PortalQueriesError) -> Answer {
        do {
            if let kept = free.withLock({ $0.popLast() }) {
                do {
                    return try answer(question, on: kept.connection)
                } catch let error as PostgresError where error.connectionLost && !error.isSilence {
                    // It was lost while it lay here, perhaps with all its neighbours: start anew.
                    free.withLock { $0.removeAll() }
                }
            }
            return try answer(
                question,
                on: Connection(
                    address, library: library, patience: patience, preparing: Self.statements))
        } catch let error as PostgresError {
            throw error.transient ? .away(error.description) : .failed(error.description)
        } catch {
            throw .failed("\(error)")
        }
    }

    private func answer<Answer>(
        _ question: (Connection) throws -> Answer, on connection: Connection
    ) throws -> Answer {
        do {
            let answer = try question(connection)
            keep(connection)
            return answer
        } catch {
            if connection.isAlive { keep(connection) }
            throw error
        }
    }

    private func keep(_ connection: Connection) {
        let free = Free(connection: connection)
        self.free.withLock { if $0.count < keep { $0.append(free) } }
    }
}

extension AccountView {
    /// Of `portal/account`.
    init(accountOf row: Row) {
        self.init(
            id: row.int64(0), number: row.text(1), company: row.text(2),
            surname: row.optional(3, row.text) ?? "", name: row.optional(4, row.text) ?? "",
            patronymic: row.optional(5, row.text) ?? "", address: row.optional(6, row.text) ?? "",
            apartment: row.optional(7, row.text) ?? "", closedOn: row.optional(8, row.day))
    }
}

extension Row {
    func day(_ column: Int) -> Day { Day(days: date(column)) }

    func quantities(_ column: Int) -> [Quantity] {
        int64s(column).map { Quantity(millionths: $0) }
    }
}
