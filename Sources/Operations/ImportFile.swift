public import Commands
public import Files

extension ImportRows.What {
    /// Every column, in the order in which a row's fields are staged whatever their order in the
    /// file.
    public var columns: [String] {
        switch self {
        case .accounts: AccountCard.keys
        case .meters: InstallMeter.keys
        case .readings:
            ["account", "service", "meter", "register", "taken_on", "value", "channel"]
        case .proofs: Proof.columns
        case .houseMeters: HouseMeter.columns
        case .houseReadings: HouseReading.columns
        case .payments: PostPayment.columns
        case .balances: OpenBalance.columns
        case .charges: PostCharge.columns
        case .bills: BillRow.columns
        default: Reference.columns[self] ?? []
        }
    }

    /// Columns without which no row can mean anything; the rest may be left out.
    public var required: [String] {
        switch self {
        case .accounts: ["account"]
        case .meters: ["account", "service", "meter", "digits"]
        case .readings: ["account", "meter", "taken_on", "value"]
        case .proofs: ["account"]
        case .houseMeters: ["house", "service", "meter", "digits"]
        case .houseReadings: ["house", "service", "meter", "month"]
        case .payments: ["account", "paid_on", "amount", "number"]
        case .balances: ["account", "kind", "month", "amount"]
        case .charges: ["account", "month", "kind", "charged"]
        case .bills: ["account", "month", "closing"]
        default: Reference.required[self] ?? []
        }
    }

    /// A row as it may stand in a file.
    public var sample: String {
        switch self {
        case .accounts:
            "А-00123;main;Иванова;Анна;Петровна;len-1;12;ул. Ленина, 1, кв. 12;54,3;"
                + "31,2;4210,5;2;3;собственность;+79991234567;anna@example.org;"
        case .meters: "А-00123;cold_water;12345678;T1;5;3;2024-03-01;01.03.2030;;0,000;нет"
        case .readings: "А-00123;cold_water;12345678;T1;2026-04-18;131,012;"
        case .proofs: "А-00123;2026-04-05;1234,56;2026-03;1234,56;4821-7035"
        case .houseMeters: "len-1;electricity;ОДПУ-77;6;1;40;2024-03-01;01.03.2034;;0"
        case .houseReadings: "len-1;electricity;ОДПУ-77;2026-04;2026-04-25;10512,4;"
        case .payments: "А-00123;2026-04-05;1234,56;000123/7;bank;2026-03;;"
        case .balances: "А-00123;cold_water;2026-03;580,86;"
        case .charges: "А-00123;2026-04;cold_water;meter;7,556;46,10;348,33;-12,00;акт № 7"
        case .bills: "А-00123;2026-04;580,86;1234,56;-12,00;0,00;580,86;1222,56;2026-05-15"
        default: Reference.samples[self] ?? ""
        }
    }

    /// Rows of other shapes, where one does not show what may stand there.
    public var moreSamples: [String] {
        switch self {
        case .houseReadings: ["len-1;electricity;ОДПУ-77;2026-05;;;812"]
        case .chargeKinds:
            [
                "hot_water_heat;2026-01-01;;Подогрев ГВС;;30;water_heat;hot_water;hot_water;gcal;"
                    + "teploset;;1;0",
                "cold_water_house;2026-01-01;;Холодная вода на общедомовые нужды;;40;house_needs;"
                    + "cold_water;cold_water;m3;vodokanal;;0;0",
                "capital_repair;2026-01-01;;Взнос на капитальный ремонт;;90;area;;;m2;fund;"
                    + "capital_repair;0;1",
            ]
        case .contracts: ["cold_water;;;А-00123;2026-05-01;2026-08-31;1;;"]
        case .tariffs:
            [
                "electricity;;;2026-07-01;T1;2;;6,24", "electricity;;;2026-07-01;T2;2;;3,04",
                "electricity;;;2026-07-01;;1;3900;1,71", "electricity;;;2026-07-01;;1;;2,60",
            ]
        case .norms: ["heating;;;2026-01-01;;;0,0225"]
        case .undersupply: ["waste;;А-00123;2026-04;5;решение от 20.04.2026 № 12"]
        default: []
        }
    }
}

/// What is wrong with a row before any lane sees it.
public enum RowProblem: Sendable, Equatable {
    case broken(RowError.Reason)
    case account(String)
}

/// One row of a file, with what is needed to stage it or to hand it back.
public struct ImportedRow: Sendable, Equatable {
    public struct Content: Sendable, Equatable {
        /// What the row is about, and its rows keep the order of.
        public let about: About
        /// In the order of `ImportRows.What.columns`; empty where the file has no such column.
        public let fields: [String]
    }
    public enum About: Sendable, Equatable {
        case account(AccountNumber)
        /// Its code.
        case house(String)
        case organization
    }
    public let line: Int
    /// As the file had it, for the error file: without the column `error` of an earlier one.
    public let original: [String]
    public let content: Result<Content, RowProblem>

    public static func == (left: ImportedRow, right: ImportedRow) -> Bool {
        left.line == right.line && left.original == right.original
            && left.problem == right.problem && left.staged == right.staged
    }

    public var problem: RowProblem? {
        if case .failure(let problem) = content { return problem }
        return nil
    }

    public var staged: Content? {
        if case .success(let content) = content { return content }
        return nil
    }
}

extension RowProblem: Error {}

/// Reads an import's file. Any column order; `error`, which our own error files end with, is passed
/// over.
public struct ImportReader: ~Copyable {
    public let what: ImportRows.What
    /// The columns as the file names them, without `error`.
    public let header: [String]
    public var separator: Character { reader.separator }
    public var bytesRead: Int { reader.bytesRead }
    public var totalBytes: Int { reader.totalBytes }

    private var reader: CSVReader
    private let errorColumn: Int?
    /// Where each staged column stands in the file.
    private let places: [Int?]

    /// - Throws: `FileError`, or `ColumnsError` with everything that is wrong with the header.
    public init(path: String, _ what: ImportRows.What) throws {
        try self.init(CSVReader(path: path), what)
    }

    public init(bytes: [UInt8], _ what: ImportRows.What) throws {
        try self.init(CSVReader(bytes: bytes), what)
    }

    private init(_ reader: consuming CSVReader, _ what: ImportRows.What) throws {
        let names = reader.header
        errorColumn = names.lastIndex(of: "error")
        var known = names
        if let errorColumn { known[errorColumn] = "" }
        let optional = what.columns.filter { !what.required.contains($0) }
        let columns = try Columns(known, required: what.required, optional: optional)
        places = what.columns.map { columns[$0] }
        header = names.enumerated().filter { [errorColumn] in $0.offset != errorColumn }
            .map(\.element)
        self.what = what
        self.reader = reader
    }

    public mutating func next() -> ImportedRow? {
        switch reader.next() {
        case nil: return nil
        case .failure(let error):
            return ImportedRow(
                line: error.line, original: salvage(error),
                content: .failure(.broken(error.reason)))
        case .success(let row):
            let original = withoutError(row.fields)
            let fields = places.map { place in
                place.map { Self.unprotected(row.fields[$0]) } ?? ""
            }
            let about: ImportedRow.About
            if what.isReference {
                about = .organization
            } else if what.isOfHouses {
                // A row without a house is told so by the lane, with all other faults of rows.
                about = .house(fields[0])
            } else if let account = AccountNumber(fields[0]) {
                about = .account(account)
            } else {
                return ImportedRow(
                    line: row.line, original: original, content: .failure(.account(fields[0])))
            }
            return ImportedRow(
                line: row.line, original: original,
                content: .success(.init(about: about, fields: fields)))
        }
    }

    /// What can be handed back of a row that is none. One with too few or too many fields keeps
    /// them; of one that cannot be taken apart the whole text stands in the first field.
    private func salvage(_ broken: RowError) -> [String] {
        let asText = [broken.raw] + [String](repeating: "", count: max(0, header.count - 1))
        guard case .ragged(let expected, let found) = broken.reason else { return asText }
        let names = (0..<found).map { "c\($0)" }.joined(separator: String(separator))
        do {
            var row = try CSVReader(
                bytes: Array("\(names)\n\(broken.raw)".utf8), separator: separator)
            guard case .success(let row)? = row.next() else { return asText }
            let fields = withoutError(row.fields)
            let missing = expected - (errorColumn == nil ? 0 : 1) - fields.count
            return fields + [String](repeating: "", count: max(0, missing))
        } catch {
            return asText
        }
    }

    private func withoutError(_ fields: [String]) -> [String] {
        guard let errorColumn, errorColumn < fields.count else { return fields }
        var fields = fields
        // Of too many fields the error is the last one: so the error file was written.
        fields.remove(at: fields.count > header.count + 1 ? fields.count - 1 : errorColumn)
        return fields
    }

    /// `CSVWriter` puts an apostrophe before what a spreadsheet would take for a formula; here it
    /// goes again, so that our own files come back as they were.
    private static func unprotected(_ field: String) -> String {
        let bytes = field.utf8
        guard bytes.first == UInt8(ascii: "'"), let second = bytes.dropFirst().first,
            [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D].contains(second)
        else { return field }
        return String(field.dropFirst())
    }
}

/// Gives each row its lane and its number there, so that an account's rows keep their order, and so do those of the
/// organization.
/// Numbers begin at 1.
public struct LaneCutter: Sendable {
    /// Rows of one chunk command.
    public static let chunk: Int64 = 500
    public let organization: String
    /// Rows so far, by lane.
    public private(set) var counts: [Int64]

    public init(organization: String, lanes: Int) {
        self.organization = organization
        counts = [Int64](repeating: 0, count: lanes)
    }

    public var rows: Int64 { counts.reduce(0, +) }

    public mutating func place(_ about: ImportedRow.About) -> (lane: Int16, n: Int64) {
        let subject =
            switch about {
            case .account(let number):
                UInt64(bitPattern: Subject.account(organization, number))
            case .house(let code):
                UInt64(bitPattern: Subject.hash("house", organization, code))
            case .organization:
                UInt64(bitPattern: Subject.organization(organization))
            }
        let lane = Int(subject % UInt64(counts.count))
        counts[lane] += 1
        return (Int16(lane), counts[lane])
    }

    /// The commands that cover every row once: the first chunks of all lanes, then the second ones,
    /// so that all lanes begin at once.
    public func chunks(
        job: Int64, what: ImportRows.What, dryRun: Bool, confirm: Bool = false
    ) -> [ImportRows] {
        var found: [ImportRows] = []
        var from: Int64 = 1
        while counts.contains(where: { $0 >= from }) {
            for (lane, count) in counts.enumerated() where count >= from {
                found.append(
                    ImportRows(
                        job: job, what: what, lane: lane, from: from,
                        to: min(count, from + Self.chunk - 1), dryRun: dryRun,
                        confirm: confirm))
            }
            from += Self.chunk
        }
        return found
    }
}
