public import Postgres

/// Why this process may not use the database: the release, the schema and the server do not belong together. What every
/// session of ours says of its release stands in the setting `kabinet.schema` (`sql/migrations/0016_upgrade.sql`).
public enum Misfit: Error, Sendable, Equatable, CustomStringConvertible {
    /// The cursors speak of another server's transactions: what is appended meanwhile would look decided to `queue.rebase`.
    case otherServer
    /// A breaking migration is applied that this release does not know.
    case releaseTooOld(known: Int32, needs: Int32, why: String)
    /// The release was built for a later schema.
    case schemaTooOld(known: Int32, newest: Int32)
    /// The schema is so old that it cannot even be asked.
    case schemaMissing(String)

    public var description: String {
        switch self {
        case .otherServer:
            "this database came from another server (logical restore): its cursors mean nothing here; "
                + "run `kabinet queue rebase` first"
        case .releaseTooOld(let known, let needs, let why):
            "this release is too old for the database: it knows the schema up to migration \(known), and \(needs) "
                + "is needed (\(why)); start a newer release"
        case .schemaTooOld(let known, let newest):
            "the database's schema is older than this release: migration \(newest) is applied, \(known) is "
                + "needed; run `kabinet migrate` of this release first"
        case .schemaMissing(let error):
            "the database's schema is older than this release, or missing (\(error)); "
                + "run `kabinet migrate` of this release first"
        }
    }

    /// Only another release can go on, or a migration: not this process, however long it waits.
    public var endsProcess: Bool { self != .otherServer }

    /// Throws when they do not belong together. A session that says nothing of its release is only refused where the schema
    /// breaks with older ones.
    public static func check(on connection: Connection) throws {
        let rows: Rows
        do {
            rows = try connection.run("queue/origin")
        } catch {
            throw Self.isOfOldSchema(error) ? Misfit.schemaMissing(error.message) : error
        }
        guard let row = rows.first, row.bool(0) else { throw Misfit.otherServer }
        let known = row.optional(1, row.int32)
        if let needs = row.optional(3, row.int32), needs > known ?? 0 {
            throw Misfit.releaseTooOld(known: known ?? 0, needs: needs, why: row.text(4))
        }
        if let known, let newest = row.optional(2, row.int32), newest < known {
            throw Misfit.schemaTooOld(known: known, newest: newest)
        }
    }

    /// A schema, table, column or function that is not there yet, or no right to it yet.
    private static func isOfOldSchema(_ error: PostgresError) -> Bool {
        ["3F000", "42P01", "42703", "42883", "42501"].contains(error.sqlState)
    }

    /// Whether the database has refused a statement because the schema has left this release behind
    /// (`kabinet.admit`).
    public static func refused(_ error: any Error) -> Bool {
        (error as? PostgresError)?.sqlState == "KB001"
    }
}
