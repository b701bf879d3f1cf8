import Postgres
import Telemetry
import Threads

/// The answer to a question, or why there is none.
enum Asked<Value: Sendable>: Sendable {
    case known(Value)
    case turned(TurnedAway)
}

/// What the cache could not answer: a few threads that may block, each with a connection of its own.
final class Lookups: Sendable {
    private let crew: Crew<Connection?>
    private let connect: @Sendable () -> Connection?
    private let telemetry: Telemetry

    /// - Parameters:
    ///   - limit: questions that may wait.
    ///   - patience: milliseconds that one waits for its turn, and then for the database.
    init(
        limit: Int, patience: Int, address: Address, library: Library, telemetry: Telemetry,
        preparing statements: [Statement]
    ) {
        self.telemetry = telemetry
        crew = Crew("access", threads: 3, limit: limit, patience: patience) { nil }
        connect = {
            do {
                return try Connection(
                    address.with("application_name", "kabinet access").with(
                        setting: "statement_timeout", "\(patience)"), library: library,
                    patience: patience, preparing: statements)
            } catch {
                telemetry.tell(Told.disconnected("access", error))
                return nil
            }
        }
    }

    /// How many wait for their turn.
    var waiting: Int { crew.waiting }

    /// Asks on a thread that may block, and tells the answer there, exactly once: at once when too many wait already.
    func ask<Value: Sendable>(
        _ load: @escaping @Sendable (Connection) throws -> Value,
        then done: @escaping @Sendable (Asked<Value>) -> Void
    ) {
        let isTaken = crew.run { [self] turn, connection in
            done(turn == .late ? .turned(.init(.late, retryAfter: 2)) : answer(load, &connection))
        }
        if !isTaken { done(.turned(.init(.lookups))) }
    }

    private func answer<Value: Sendable>(
        _ load: (Connection) throws -> Value, _ connection: inout Connection?
    ) -> Asked<Value> {
        for isSecond in [false, true] {
            if isSecond || connection?.isAlive != true { connection = connect() }
            guard let open = connection else { break }
            do {
                return .known(try load(open))
            } catch let error as PostgresError
                where error.connectionLost && !error.isSilence && !isSecond
            {
                // One that was idle while the database went away and came back looks alive until it is used.
                continue
            } catch {
                telemetry.tell(Told.refreshFailed(error))
                break
            }
        }
        return .turned(.init(.database, retryAfter: 2))
    }

    func stop() { crew.stop() }
}
