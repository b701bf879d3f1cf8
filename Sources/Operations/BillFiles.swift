public import Commands
import Crypto
import Files
import Postgres

/// Bills that another system drew: a ZIP archive of PDFs, each named by its account and month.
public struct BillFiles {
    private let console: Console
    public init(_ console: Console) { self.console = console }

    /// Why a file is not taken.
    public enum Reason: String, Sendable {
        case name, kind, size, account, twice
        /// The month is charged here: its bill is drawn here too.
        case ours
    }

    public struct Taken: Sendable, Equatable {
        public var new: Int64 = 0
        public var unchanged: Int64 = 0
        /// Of these two those whose month has no bill yet: until it is closed no page shows them.
        public var waiting: Int64 = 0
        public var refused: [(name: String, reason: Reason)] = []
        public static func == (left: Taken, right: Taken) -> Bool {
            left.new == right.new && left.unchanged == right.unchanged
                && left.waiting == right.waiting
                && left.refused.map(\.name) == right.refused.map(\.name)
                && left.refused.map(\.reason) == right.refused.map(\.reason)
        }
    }

    /// A picture of a bill is a fraction of it.
    static let largest = 2 * 1024 * 1024
    /// So many bytes go to the server at once.
    private static let portion = 8 * 1024 * 1024

    private struct File {
        let name: String
        let account: AccountNumber
        let month: Month
        let bytes: [UInt8]
    }

    /// Takes the good files, portion by portion, each for good when it is written; so it may be repeated.
    /// - Parameter progress: hears how many files of how many were read.
    public func take(
        _ path: String, organization: String, dryRun: Bool, progress: (Int, Int) -> Void
    ) throws -> Taken {
        try console.requireOrganization(organization)
        let archive = try ArchiveReader(path: path)
        var taken = Taken()
        var seen: Set<String> = []
        var portion: [File] = []
        var size = 0
        for index in 0..<archive.count {
            let entry = try archive.entry(index)
            progress(index, archive.count)
            guard !entry.isFolder else { continue }
            guard let (account, month) = Self.read(name: entry.name) else {
                taken.refused.append((entry.name, .name))
                continue
            }
            guard seen.insert("\(account.text)_\(month)").inserted else {
                taken.refused.append((entry.name, .twice))
                continue
            }
            guard entry.size <= Self.largest else {
                taken.refused.append((entry.name, .size))
                continue
            }
            let bytes = try archive.bytes(index, most: Self.largest)
            guard bytes.starts(with: Array("%PDF-".utf8)) else {
                taken.refused.append((entry.name, .kind))
                continue
            }
            portion.append(File(name: entry.name, account: account, month: month, bytes: bytes))
            size += bytes.count
            if size >= Self.portion {
                try put(&portion, &taken, organization, dryRun)
                size = 0
            }
        }
        try put(&portion, &taken, organization, dryRun)
        try console.audit(
            "import.bills", organization,
            .object([
                "file": .string(path), "new": .int(taken.new),
                "unchanged": .int(taken.unchanged), "refused": .int(Int64(taken.refused.count)),
                "dry_run": .bool(dryRun),
            ]))
        return taken
    }

    /// Takes a bill back, so that the one that was drawn here stands again.
    /// - Returns: When it was imported; nil: there is none.
    public func withdraw(
        _ typed: AccountNumber, _ month: Month, organization: String, why: String, dryRun: Bool
    ) throws -> Moment? {
        guard
            let number = try Payments(console).account(typed, organization: organization)
                .flatMap({ AccountNumber($0) })
        else {
            try console.requireOrganization(organization)
            throw OperationError(.nobodyHas(typed.text))
        }
        return try console.connection.transaction {
            let found = try console.connection.run(
                "operations/withdraw_bill_file", .text(organization), .text(number.text),
                .text(number.stripped), .date(month.first.days), .bool(dryRun)
            ).first.map { Moment($0.timestamp(0)) }
            if found != nil, !dryRun {
                try console.audit(
                    "bill.withdraw", organization,
                    .object([
                        "account": .string(number.text), "month": .string(month.description),
                        "why": .string(why),
                    ]), about: [AuditAbout.account(number)])
            }
            return found
        }
    }

    private func put(
        _ files: inout [File], _ taken: inout Taken, _ organization: String, _ dryRun: Bool
    ) throws {
        guard !files.isEmpty else { return }
        struct Rehearsed: Error {}
        func write() throws {
            let rows = try console.connection.run(
                "operations/bill_files", .text(organization), .texts(files.map(\.account.text)),
                .dates(files.map(\.month.first.days)),
                .bytesArray(files.map { Secrets.hash($0.bytes, context: "bill", length: 32) }),
                .bytesArray(files.map(\.bytes)), .texts(files.map(\.account.stripped)))
            rows.forEach { row in
                let name = files[Int(row.int64(0)) - 1].name
                guard row.bool(1) else {
                    taken.refused.append((name, .account))
                    return
                }
                guard !row.bool(3) else {
                    taken.refused.append((name, .ours))
                    return
                }
                if row.bool(2) { taken.new += 1 } else { taken.unchanged += 1 }
                if row.bool(4) { taken.waiting += 1 }
            }
            if dryRun { throw Rehearsed() }
        }
        do {
            try console.connection.transaction { try write() }
        } catch is Rehearsed {}
        files.removeAll(keepingCapacity: true)
    }

    /// `626200012_2026-04.pdf`, in whatever folder of the archive.
    static func read(name: String) -> (account: AccountNumber, month: Month)? {
        guard let file = name.split(separator: "/").last, file.lowercased().hasSuffix(".pdf")
        else { return nil }
        let stem = file.dropLast(4)
        guard let cut = stem.lastIndex(of: "_"),
            let account = AccountNumber(stem[..<cut]),
            let month = Month(stem[stem.index(after: cut)...])
        else { return nil }
        return (account, month)
    }
}
