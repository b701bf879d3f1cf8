import Commands
import Crypto
import Domain
import Postgres
import Queue
import Store

/// A range of an import's rows, decided like commands of their own. Good rows are taken, bad ones
/// are told by line.
struct Import {
    private let rows: ImportRows
    private let claimed: ClaimedCommand
    private let columns: [String]
    private var entries: [Entry] = []
    /// Rows that are no commands on accounts; nil of every other import.
    private var proofs: ProofRows?
    /// The same for what another system billed.
    private var bills: BillRows?
    /// The same for rows about houses.
    private var houses: HouseRows?
    /// The same for rows of what charges are made by.
    private var dated: DatedRows?

    private struct Staged {
        let n: Int64
        let line: Int32
        let fields: [String: String]
    }

    /// One command out of the file; a reading of several registers spans several lines.
    private struct Entry {
        var line: Int32
        var lines: Int
        var body: Result<Command, Refusal>
        var channel: Channel = .import
    }

    /// Lines of one reading may lie on both sides of a cut: the range that has the first of them
    /// takes them all.
    private static let overlap: Int64 = 2

    /// - Parameter keys: open what was sealed before it was staged.
    init(
        _ rows: ImportRows, _ claimed: ClaimedCommand, keys: [SealingKey],
        on connection: Connection
    ) throws {
        self.rows = rows
        self.claimed = claimed
        guard let job = try connection.run("store/import_job", .int64(rows.job)).first else {
            throw PermanentFailure("import \(rows.job) is not there")
        }
        guard job.text(0) == claimed.organization else {
            throw PermanentFailure("import \(rows.job) belongs to another organization")
        }
        columns = job.texts(1)
        var from = rows.from - Self.overlap
        var staged = try Self.load(rows, from: from, columns, on: connection)
        // Where one reading ends and the next begins is told from the beginning of a run of the
        // same keys: a run longer than a reading is followed back to it, so that every range cuts
        // it alike.
        while rows.what == .readings, let first = staged.first, first.n == from,
            staged.prefix(while: { $0.n <= rows.from })
                .allSatisfy({ Self.readingKey($0) == Self.readingKey(first) })
        {
            from -= 1000
            staged = try Self.load(rows, from: from, columns, on: connection)
        }
        if rows.what.isReference {
            dated = DatedRows(
                what: rows.what, entries: Self.dated(rows, staged),
                beside: try rows.what == .tariffs
                    ? Self.beside(rows, columns, on: connection) : [],
                organization: claimed.organization, actor: claimed.actor,
                receivedAt: claimed.receivedAt)
        } else if rows.what.isOfHouses {
            houses = HouseRows(
                entries: Self.houses(rows, staged), claimed: claimed, confirm: rows.confirm)
        } else if rows.what == .bills {
            bills = BillRows(
                entries: Self.bills(rows, staged), organization: claimed.organization,
                receivedAt: claimed.receivedAt)
        } else if rows.what == .proofs {
            proofs = ProofRows(
                entries: Self.proofs(rows, staged), organization: claimed.organization,
                receivedAt: claimed.receivedAt, keys: keys)
        } else {
            entries = Self.entries(rows, staged)
        }
    }

    /// Whose readings, meters and cards these are.
    var accounts: [AccountKey] {
        if let proofs { return proofs.accounts }
        if let bills { return bills.accounts }
        if let dated { return dated.accounts }
        return entries.compactMap { entry in
            guard case .success(let command) = entry.body, let number = command.account else {
                return nil
            }
            return AccountKey(organization: claimed.organization, number: number)
        }
    }

    private static func load(
        _ rows: ImportRows, from: Int64, _ columns: [String], on connection: Connection
    ) throws -> [Staged] {
        try connection.run(
            "store/import_rows", .int64(rows.job), .int16(Int16(rows.lane)), .int64(from),
            .int64(rows.to + Self.overlap)
        ).map { staged($0, columns) }
    }

    private static func staged(_ row: Row, _ columns: [String]) -> Staged {
        var fields: [String: String] = [:]
        for (column, text) in zip(columns, row.texts(2)) where !text.isEmpty {
            fields[column] = text
        }
        return Staged(n: row.int64(0), line: row.int32(1), fields: fields)
    }

    /// Good rows of tariffs in other ranges of the file that are in force together with some of this one.
    private static func beside(
        _ rows: ImportRows, _ columns: [String], on connection: Connection
    ) throws -> [JSON] {
        try connection.run(
            "store/import_beside", .int64(rows.job), .int16(Int16(rows.lane)), .int64(rows.from),
            .int64(rows.to)
        ).map { staged($0, columns) }.compactMap { row -> JSON? in
            do throws(ShapeError) {
                return try Reference.read(rows.what, row.fields)
            } catch {
                return nil
            }
        }
    }

    func decide(
        _ reader: FactsReader, _ decided: inout Decided, on connection: Connection
    ) throws -> Verdict {
        if let proofs { return try decide(proofs, reader, on: connection) }
        if let dated { return try decide(dated, reader, on: connection) }
        if let houses { return try decide(houses, reader, on: connection) }
        if let bills {
            let decided = try bills.decide(reader, on: connection)
            return try end(
                0, decided.unchanged, decided.errors.count, decided.errors, on: connection)
        }
        let commands = entries.compactMap { entry -> Asked? in
            guard case .success(let command) = entry.body else { return nil }
            return Asked(
                command: command, organization: claimed.organization,
                receivedAt: claimed.receivedAt, policy: .import)
        }
        var (accepted, unchanged) = (0, 0)
        var errors: [(line: Int32, refusal: Refusal)] = []
        var refused = 0
        if !entries.isEmpty {
            let sheet = try Sheet(
                commands, reader, on: connection, keepsChanges: !rows.dryRun)
            for entry in entries {
                let decision = self.decision(entry, on: sheet)
                switch decision.outcome {
                case .accepted(let result):
                    if result["unchanged"] != nil {
                        unchanged += entry.lines
                    } else {
                        accepted += entry.lines
                    }
                case .refused(let refusal):
                    refused += entry.lines
                    errors.append((entry.line, refusal))
                }
            }
            if !rows.dryRun {
                try sheet.changes.write(on: connection)
                try Desk.tell(sheet.changes.notices, &decided, on: connection)
            }
        }
        return try end(accepted, unchanged, refused, errors, on: connection)
    }

    private func decide(
        _ proofs: ProofRows, _ reader: FactsReader, on connection: Connection
    ) throws -> Verdict {
        let decided = try proofs.decide(reader, on: connection)
        if !rows.dryRun {
            try Proofs.put(decided.rows, at: claimed.receivedAt, on: connection)
        }
        return try end(
            decided.accepted, decided.unchanged, decided.errors.count, decided.errors,
            on: connection)
    }

    private func decide(
        _ dated: DatedRows, _ reader: FactsReader, on connection: Connection
    ) throws -> Verdict {
        let decided = try dated.decide(reader, on: connection)
        let put = try dated.put(decided, keeping: !rows.dryRun, on: connection)
        return try end(
            put.added, decided.rows.count - put.added, decided.errors.count, decided.errors,
            asked: put.asked, on: connection)
    }

    private func decide(
        _ houses: HouseRows, _ reader: FactsReader, on connection: Connection
    ) throws -> Verdict {
        let decided = try houses.decide(reader, on: connection)
        if !rows.dryRun { try houses.write(decided, on: connection) }
        return try end(
            decided.accepted, decided.unchanged, decided.errors.count, decided.errors,
            on: connection)
    }

    /// Writes down what became of the rows.
    /// - Parameter asked: for how many closed months the next close is asked.
    private func end(
        _ accepted: Int, _ unchanged: Int, _ refused: Int,
        _ errors: [(line: Int32, refusal: Refusal)], asked: Int? = nil,
        on connection: Connection
    ) throws -> Verdict {
        if !errors.isEmpty {
            try connection.send(
                "store/import_errors", .int64(rows.job), .int32s(errors.map(\.line)),
                .texts(errors.map(\.refusal.code.rawValue)),
                .jsons(errors.map(\.refusal.json.bytes)))
        }
        try connection.send(
            "store/import_part", .int64(rows.job), .id(claimed.id), .int32(Int32(accepted)),
            .int32(Int32(unchanged)), .int32(Int32(refused)))
        return .result(
            body: JSON.object([
                "accepted": .int(Int64(accepted)), "unchanged": .int(Int64(unchanged)),
                "refused": .int(Int64(refused)), "asked": asked.map { .int(Int64($0)) },
            ]).bytes)
    }

    private func decision(_ entry: Entry, on sheet: Sheet) -> Decision {
        switch entry.body {
        case .failure(let refusal): Decision(.refused(refusal))
        case .success(let command):
            sheet.decide(
                command, organization: claimed.organization, id: Desk.newCommandID(),
                channel: entry.channel, policy: .import, actor: claimed.actor,
                receivedAt: claimed.receivedAt, upsert: true)
        }
    }

    // MARK: Rows to commands

    private static func entries(_ rows: ImportRows, _ staged: [Staged]) -> [Entry] {
        var entries: [Entry] = []
        var index = 0
        while index < staged.count {
            var count = 1
            if rows.what == .readings {
                let key = readingKey(staged[index])
                while index + count < staged.count, readingKey(staged[index + count]) == key,
                    count < Register.allCases.count
                { count += 1 }
            }
            let lines = Array(staged[index..<(index + count)])
            index += count
            guard let first = lines.first, first.n >= rows.from, first.n <= rows.to else {
                continue
            }
            entries.append(entry(rows, lines, first))
        }
        return entries
    }

    private static func proofs(_ rows: ImportRows, _ staged: [Staged]) -> [ProofRows.Entry] {
        staged.filter { $0.n >= rows.from && $0.n <= rows.to }.map { row in
            do throws(ShapeError) {
                return .init(line: row.line, body: .success(try Proof(row.fields)))
            } catch {
                return .init(line: row.line, body: .failure(refusal(error)))
            }
        }
    }

    private static func bills(_ rows: ImportRows, _ staged: [Staged]) -> [BillRows.Entry] {
        staged.filter { $0.n >= rows.from && $0.n <= rows.to }.map { row in
            do throws(ShapeError) {
                return .init(line: row.line, body: .success(try BillRow(row.fields)))
            } catch {
                return .init(line: row.line, body: .failure(refusal(error)))
            }
        }
    }

    private static func dated(_ rows: ImportRows, _ staged: [Staged]) -> [DatedRows.Entry] {
        staged.filter { $0.n >= rows.from && $0.n <= rows.to }.map { row in
            do throws(ShapeError) {
                return .init(
                    line: row.line, body: .success(try Reference.read(rows.what, row.fields)))
            } catch {
                return .init(line: row.line, body: .failure(refusal(error)))
            }
        }
    }

    private static func houses(_ rows: ImportRows, _ staged: [Staged]) -> [HouseRows.Entry] {
        staged.filter { $0.n >= rows.from && $0.n <= rows.to }.map { row in
            do throws(ShapeError) {
                let body: HouseRows.Body =
                    rows.what == .houseMeters
                    ? .meter(try HouseMeter(row.fields)) : .reading(try HouseReading(row.fields))
                return .init(line: row.line, body: .success(body))
            } catch {
                return .init(line: row.line, body: .failure(refusal(error)))
            }
        }
    }

    private static func refusal(_ error: ShapeError) -> Refusal {
        Refusal(.shape, ["pointer": error.pointer, "key": error.key, "value": error.value])
    }

    private static func readingKey(_ row: Staged) -> [String?] {
        ["account", "service", "meter", "taken_on"].map { row.fields[$0] }
    }

    private static func entry(
        _ rows: ImportRows, _ lines: [Staged], _ first: Staged
    ) -> Entry {
        var entry = Entry(
            line: first.line, lines: lines.count, body: .failure(Refusal(.shape)))
        do {
            switch rows.what {
            case .accounts:
                entry.body = .success(
                    .openAccount(
                        try AccountCard(try json(first, numbers: ["rooms", "residents"]))))
            case .meters:
                entry.body = .success(
                    .installMeter(
                        try InstallMeter(
                            try json(
                                first, numbers: ["digits", "decimals"], flags: ["automatic"]))))
            case .readings:
                if let text = first.fields["channel"] {
                    guard let channel = Channel(rawValue: text) else {
                        throw ShapeError(
                            "/channel", "shape.choice",
                            Channel.allCases.map(\.rawValue).joined(separator: ", "))
                    }
                    entry.channel = channel
                }
                entry.body = .success(try reading(rows, lines, first))
            case .payments:
                entry.body = .success(.ledger(.postPayment(try PostPayment(row: first.fields))))
            case .balances:
                entry.body = .success(.ledger(.openBalance(try OpenBalance(row: first.fields))))
            case .charges:
                entry.body = .success(
                    .ledger(
                        .postCharge(try PostCharge(row: first.fields, confirm: rows.confirm))))
            case .proofs, .bills, .houseMeters, .houseReadings, .suppliers, .chargeKinds,
                .contracts,
                .tariffs, .norms, .multipliers, .undersupply, .houseAreas, .keyRates, .workdays,
                .dueDays:
                preconditionFailure("its rows are no commands")
            }
        } catch let error as ShapeError {
            entry.body = .failure(refusal(error))
        } catch {
            entry.body = .failure(Refusal(.shape, ["key": "\(error)"]))
        }
        return entry
    }

    private static func reading(
        _ rows: ImportRows, _ lines: [Staged], _ first: Staged
    ) throws(ShapeError) -> Command {
        var values: [JSON.Member] = []
        for line in lines {
            let register = line.fields["register"] ?? "T1"
            guard !values.contains(where: { $0.key == register }) else {
                throw ShapeError("/register", "shape.register", register)
            }
            values.append(JSON.Member(register, .string(line.fields["value"] ?? "")))
        }
        var members: [JSON.Member] = ["account", "meter", "service", "taken_on"].compactMap {
            key in first.fields[key].map { JSON.Member(key, .string($0)) }
        }
        members.append(JSON.Member("values", .object(values)))
        if rows.confirm { members.append(JSON.Member("confirm", .bool(true))) }
        return try Command(.submitReading, .object(members))
    }

    /// The fields as the JSON of a command: numbers and flags where its shape wants them.
    private static func json(
        _ row: Staged, numbers: Set<String>, flags: Set<String> = []
    ) throws(ShapeError) -> JSON {
        let fields = FileRow(row.fields)
        var members: [JSON.Member] = []
        for (key, text) in row.fields.sorted(by: { $0.key < $1.key }) {
            if flags.contains(key) {
                members.append(JSON.Member(key, .bool(try fields.flag(key))))
            } else {
                let isNumber = numbers.contains(key) && Int64(text) != nil
                members.append(JSON.Member(key, isNumber ? .number(text) : .string(text)))
            }
        }
        return .object(members)
    }
}
