public import Commands
import Postgres

/// Organizations by their profiles.
public struct Organizations {
    private let console: Console
    public init(_ console: Console) { self.console = console }

    public struct Known: Sendable {
        public let code: String
        public let profile: JSON
        public let since: Moment
    }

    public func list(_ codes: [String]? = nil) throws -> [Known] {
        let filter: Value = codes.map { .texts($0) } ?? .null
        return try console.connection.run("operations/organizations", filter).map { row in
            Known(
                code: row.text(0), profile: try row.parsed(1), since: Moment(row.timestamp(2)))
        }
    }

    public func find(_ code: String) throws -> Known {
        guard let found = try list([code]).first else {
            throw OperationError(.unknownOrganization(code))
        }
        return found
    }

    /// A profile as a file had it, or what is wrong with it.
    public struct Candidate: Sendable {
        public let file: String
        public let profile: Profile
        public init(file: String, profile: Profile) {
            self.file = file
            self.profile = profile
        }
    }

    /// What can only be told with all files and the database at hand, of files that are no profile
    /// too: everything wrong is told at once.
    public func problems(
        _ files: [(file: String, json: JSON)]
    ) throws -> [(file: String, problem: Phrase)] {
        let zones = files.compactMap { $0.json["time_zone"]?.string }
        let unknown = Set(
            try console.connection.run("operations/unknown_zones", .texts(zones))
                .map { $0.text(0) })
        let codes = Set(files.compactMap { $0.json["code"]?.string })
        var agreed: [[String]: String] = [:]
        try console.connection.run("operations/agreed_texts", .texts(codes.sorted())).forEach {
            row in
            agreed[[row.text(0), row.text(1), row.text(2)]] = row.optional(3, row.text)
        }
        var found: [(file: String, problem: Phrase)] = []
        var owners: [String: String] = [:]
        for (file, json) in files {
            if let zone = json["time_zone"]?.string, unknown.contains(zone) {
                found.append((file, .unknownTimeZone(zone)))
            }
            guard let code = json["code"]?.string else { continue }
            if let other = owners[code] { found.append((file, .sameOrganization(code, other))) }
            owners[code] = owners[code] ?? file
            for (which, version, text) in Self.texts(json) {
                if let before = agreed[[code, which, version]], before != text {
                    found.append((file, .reworded(which, version)))
                }
            }
        }
        return found
    }

    /// What a profile asks people to agree to. A consent is kept as a version with the hash of its text (152-ФЗ, статья 9), so
    /// that a version that said something else is no proof of anything.
    private static func texts(_ json: JSON) -> [(which: String, version: String, text: String)] {
        var texts: [(which: String, version: String, text: String)] = []
        func add(_ which: String, _ one: JSON) {
            guard let version = one["version"]?.string, let text = one["text"]?.string else { return }
            texts.append((which, version, text))
        }
        if let terms = json["identity"]?["terms"] { add("terms", terms) }
        for service in json["identity"]?["services"]?.array ?? [] {
            add(service["purpose"]?.string ?? "", service)
        }
        return texts
    }

    public enum Applied: Sendable, Equatable {
        case new([Difference.Line])
        case changed([Difference.Line])
        case unchanged
    }

    /// Brings profiles into force, all or none; one that says what is in force already is left
    /// alone.
    public func apply(_ candidates: [Candidate], dryRun: Bool) throws -> [Applied] {
        let known = try list(candidates.map(\.profile.code))
        let results = candidates.map { candidate -> Applied in
            let lines = Difference.lines(candidate.profile.json)
            guard let before = known.first(where: { $0.code == candidate.profile.code }) else {
                return .new(Difference.between([], lines))
            }
            let difference = Difference.between(
                Difference.lines(Self.normal(before.profile)), lines)
            return difference.isEmpty ? .unchanged : .changed(difference)
        }
        guard !dryRun else { return results }
        try console.connection.transaction {
            for (candidate, result) in zip(candidates, results) where result != .unchanged {
                let code = candidate.profile.code
                try console.connection.run(
                    "operations/apply_profile", .text(code), .json(candidate.profile.json.bytes),
                    .text(console.actor))
                var details: [JSON] = []
                if case .changed(let lines) = result {
                    details = lines.map { .string($0.description) }
                }
                try console.audit(
                    "organization.apply", code,
                    .object([
                        "file": .string(candidate.file), "changes": .array(details),
                    ]))
            }
        }
        return results
    }

    /// With every default spelled out, so that only what means something else is a difference. A
    /// profile that this version cannot read is compared as it stands.
    private static func normal(_ json: JSON) -> JSON {
        do { return try Profile(json).json } catch { return json }
    }
}

/// Two JSON values line by line, each line with its whole path, so that a line says what it means
/// alone.
public enum Difference {
    public struct Line: Sendable, Equatable, CustomStringConvertible {
        public let added: Bool
        public let text: String
        public var description: String { (added ? "+ " : "- ") + text }
    }

    public static func lines(
        _ json: JSON, _ path: String = "", isItem: Bool = false
    ) -> [String] {
        switch json {
        // A set of names within a list means something only as a whole.
        case .array(let items)
        where isItem && !items.isEmpty && items.allSatisfy({ $0.string != nil }):
            ["\(path): [\(items.compactMap(\.string).joined(separator: ", "))]"]
        case .object(let members) where members.isEmpty: ["\(path): {}"]
        case .object(let members):
            members.flatMap { member in
                lines(member.value, path.isEmpty ? member.key : "\(path).\(member.key)")
            }
        case .array(let items) where items.isEmpty: ["\(path): []"]
        case .array(let items):
            items.flatMap { item in
                // A list of things with codes is named by them, so that one put between moves no
                // other.
                lines(
                    item,
                    (item["code"] ?? item["purpose"])?.string.map { "\(path)[\($0)]" }
                        ?? "\(path)[]", isItem: true)
            }
        case .string(let text): ["\(path): \(text)"]
        case .number(let text): ["\(path): \(text)"]
        case .bool(let value): ["\(path): \(value)"]
        case .null: ["\(path): null"]
        }
    }

    public static func between(_ old: [String], _ new: [String]) -> [Line] {
        var result: [Line] = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(_, let text, _): result.append(Line(added: false, text: text))
            case .insert(_, let text, _): result.append(Line(added: true, text: text))
            }
        }
        // What was and what is of one path stand together, in the order of the paths.
        func path(_ line: Line) -> String { String(line.text.prefix { $0 != ":" }) }
        return result.enumerated().sorted { left, right in
            let (a, b) = (path(left.element), path(right.element))
            if a != b { return a < b }
            if left.element.added != right.element.added { return !left.element.added }
            return left.offset < right.offset
        }.map(\.element)
    }
}
