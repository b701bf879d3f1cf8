import Foundation
import Postgres
import TestKit
import Testing

/// A town of real registers (Tests/Oracle/world.py), three months of it closed by the built binary, against what
/// Tests/Oracle/charges_oracle.py makes of the same facts.
@Suite(.serialized) struct OracleTests {
    private static let months = ["2025-12", "2026-01", "2026-02"]
    private static let accounts = 5_000

    private let system: System
    private let folder = "\(TestDatabase.home)/Tests/Oracle"

    init() throws { system = try System() }

    /// A line of a bill; what is charged anew of one month comes together.
    private struct Line: Equatable, CustomStringConvertible {
        var amount: Int64 = 0
        /// Millionths; of what is charged anew nobody tells it.
        var volume: Int64?
        var description: String { "\(amount) kopecks for \(volume.map(String.init) ?? "—")" }
    }

    private func python(_ arguments: [String], to file: String) throws {
        let child = try Child(
            "/usr/bin/python3", arguments, environment: ["LANG": "C.UTF-8"], log: file)
        guard try child.wait(seconds: 120) == 0 else {
            throw TestKitError("\(arguments): \(child.words.suffix(2000))")
        }
    }

    private func load(_ connection: Connection) throws {
        let profile = "\(system.directory)/oracle.yaml"
        try """
        code: oracle
        name: Oracle
        title: Oracle
        time_zone: Asia/Irkutsk
        companies: [{code: main, name: Main}]
        services: [cold_water, hot_water, electricity]
        charges: {by: kabinet, view: settlements, bills: {visible: 3}}
        identity:
          mode: account
          login_word: Number
          confirm: [email]
          attach: {proofs: [[surname]]}
          terms: {version: "1", text: Terms}
        """.write(toFile: profile, atomically: true, encoding: .utf8)
        try system.kabinet("organization", "apply", profile)
        let world = "\(system.directory)/world.sql"
        let registers =
            "\(TestDatabase.home)/ops/demo/data/water_santamonica_bimonthly.csv.gz"
        try python(
            ["\(folder)/world.py", registers, "oracle", "\(Self.accounts)"], to: world)
        try connection.script(String(contentsOfFile: world, encoding: .utf8))
    }

    /// The files that the oracle reads, and what was posted, line by line.
    private func dump(_ connection: Connection) throws -> [[String]] {
        let text = try String(contentsOfFile: "\(folder)/dump.sql", encoding: .utf8)
        var posted: [[String]] = []
        for part in text.components(separatedBy: "\n-- ").dropFirst() {
            guard let end = part.firstIndex(of: "\n"), !part[..<end].contains(" ") else { continue }
            let rows = try connection.script(
                part[end...].replacingOccurrences(of: "$organization", with: "oracle"))
            var file = rows.columns.joined(separator: ",") + "\n"
            for index in 0..<rows.count {
                let row = rows[index]
                let values = rows.columns.indices.map { row.isNull($0) ? "" : row.text($0) }
                if part[..<end] == "posted" { posted.append(values) }
                file += values.map { $0.contains(",") ? "\"\($0)\"" : $0 }.joined(separator: ",")
                file += "\n"
            }
            try file.write(
                toFile: "\(system.directory)/\(part[..<end]).csv", atomically: true,
                encoding: .utf8)
        }
        return posted
    }

    private func add(
        _ row: ArraySlice<String>, _ amount: String, _ volume: String,
        to lines: inout [String: Line]
    ) throws {
        guard let amount = Int64(amount) else { throw TestKitError("\(row): \(amount)") }
        let key = row.joined(separator: " ")
        lines[key, default: Line()].amount += amount
        if !key.hasSuffix("recalculation") { lines[key]?.volume = Int64(volume) }
    }

    @Test func `every line of a 5,000-account month equals the oracle's, to the kopeck`() throws {
        let connection = try system.connection()
        try load(connection)
        _ = try system.startWorkers()
        for month in Self.months {
            let close = try system.launch([
                "period", "close", "--organization", "oracle", "--month", month,
            ])
            // Flats without residents cannot be charged for all, and it says so.
            _ = try close.wait(seconds: 300)
        }
        #expect(
            try system.count("select count(*) from facts.bill")
                == Int64(Self.accounts * Self.months.count))
        let posted = try dump(connection)
        for month in Self.months {
            var found: [String: Line] = [:]
            for row in posted where row[3].hasPrefix(month) {
                try add(
                    [row[0], row[1], String(row[2].prefix(7)), row[4]], row[7], row[8], to: &found)
            }
            let file = "\(system.directory)/expected-\(month).csv"
            try python(["\(folder)/charges_oracle.py", system.directory, month], to: file)
            var expected: [String: Line] = [:]
            for line in try String(contentsOfFile: file, encoding: .utf8)
                .split(separator: "\n").dropFirst()
            {
                let row = line.split(separator: ",", omittingEmptySubsequences: false)
                    .map(String.init)
                try add(row[0..<4], row[4], row[5], to: &expected)
            }
            let nothing = { (line: Line) in line.amount == 0 && (line.volume ?? 0) == 0 }
            found = found.filter { !nothing($0.value) }
            expected = expected.filter { !nothing($0.value) }
            var different: [String] = []
            for key in Set(found.keys).union(expected.keys).sorted()
            where found[key] != expected[key] {
                let (own, other) = (found[key], expected[key])
                different.append(
                    "\(key): \(own.map(\.description) ?? "nothing"), "
                        + "the oracle \(other.map(\.description) ?? "nothing")")
            }
            #expect(
                different.isEmpty, "\(month): \(different.count) lines, \(different.prefix(20))")
            #expect(expected.count > 9 * Self.accounts)
        }
        #expect(try system.violations().isEmpty)
    }
}
