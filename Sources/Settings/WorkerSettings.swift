/// What `workers.yaml` says: the pools in which commands are decided and deliveries made.
public struct WorkerSettings: Equatable, Sendable {
    /// In the order of the file.
    public let pools: [PoolSettings]
    /// How long a stop waits for the batches in hand, in milliseconds.
    public let graceMilliseconds: Int

    public init(pools: [PoolSettings], graceMilliseconds: Int = 20_000) {
        self.pools = pools
        self.graceMilliseconds = graceMilliseconds
    }

    /// The pool of a kind.
    public func pool(of kind: String) -> PoolSettings? {
        pools.first { $0.kinds.contains(kind) }
    }

    /// Reads and checks the file. Every known kind must stand in exactly one pool: in none, its
    /// commands would wait for ever; in two, their order would be lost.
    /// - Throws: everything that is wrong.
    public static func parse(
        _ bytes: [UInt8], knownKinds: [String]
    ) throws(SettingsError) -> WorkerSettings {
        let reader = Reader(try YAML.parse(bytes))
        let grace = reader.duration("grace", in: 0...600_000, default: 20_000)
        if !reader.has("pools") { reader.problem("pools", "is required") }
        var pools: [PoolSettings] = []
        var owners: [String: String] = [:]
        for (name, section) in reader.sections("pools") {
            if !isName(name) {
                reader.problem(
                    "pools",
                    "the name \"\(name.prefix(60))\" must be small letters, digits and _,"
                        + " beginning with a letter, at most 31 in all",
                    line: section.line)
            }
            for (kind, line) in section.scalars("kinds") {
                if !knownKinds.contains(kind) {
                    section.problem(
                        "kinds",
                        "unknown kind \"\(kind.prefix(60))\""
                            + suggestion(for: kind, among: knownKinds),
                        line: line)
                } else if let owner = owners[kind] {
                    section.problem(
                        "kinds", "the kind \"\(kind)\" stands in the pool \"\(owner)\" already",
                        line: line)
                } else {
                    owners[kind] = name
                }
            }
            pools.append(PoolSettings(name: name, section))
        }
        for kind in knownKinds where owners[kind] == nil && reader.has("pools") {
            reader.problem("pools", "the kind \"\(kind)\" is in no pool")
        }
        try reader.finish()
        return WorkerSettings(pools: pools, graceMilliseconds: grace)
    }

    /// What is in force, defaults included, as a file that `parse` reads back to the same.
    public func describe() -> String {
        var text = "grace: \(Reader.text(milliseconds: graceMilliseconds))\npools:\n"
        for pool in pools { text += pool.describe() }
        return text
    }

    private static func isName(_ name: String) -> Bool {
        let isLetter: (UInt8) -> Bool = { $0 >= 0x61 && $0 <= 0x7A }
        guard let first = name.utf8.first, isLetter(first), name.utf8.count <= 31 else {
            return false
        }
        return name.utf8.allSatisfy { isLetter($0) || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x5F }
    }
}
