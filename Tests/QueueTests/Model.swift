import Postgres

/// What the queue promises, with nothing of how it keeps it: no tables, no snapshots, no sessions. One lane.
struct Model {
    enum Fate {
        case fine
        case fails(times: Int)
        case never
    }
    struct Command {
        let id: Identifier
        let subject: Int64
        let skip: Bool
        /// When its transaction got its number, and its place among all commands.
        let order: (xid: Int, seq: Int)
    }
    struct Hold: Equatable {
        let subject: Int64
        let single: Bool
        var waiting: [Identifier]
        var attempt: Int
        var abandoned = false
    }
    enum Step: Equatable {
        case idle, elsewhere
        case worked(Int)
        case halved(Int)
        case held(Identifier, attempt: Int, abandoned: Bool)
        /// Never expected: the model's deciders know every kind.
        case unknown
    }

    let most: Int
    let attempts: Int
    /// Committed, and in no diff yet.
    var committed: [Command] = []
    /// The rest of the diff that is being worked on; nil = finished.
    var diff: [Command]?
    var holds: [Int: Hold] = [:]
    /// Holds whose time has come, the longest due first.
    var due: [Int] = []
    var decided: [Identifier] = []
    private var count = 0

    init(most: Int, attempts: Int) {
        self.most = most
        self.attempts = attempts
    }

    private func rows() -> [Command] { diff ?? committed.sorted { $0.order < $1.order } }

    func holder(of subject: Int64) -> Int? {
        holds.first { !$0.value.single && $0.value.subject == subject }?.key
    }

    /// What the next step would decide, so that fates can be asked for.
    func next(_ limit: Int) -> [Identifier] {
        if let hold = due.first.flatMap({ holds[$0] }) {
            return Array(hold.waiting.prefix(hold.attempt > 0 ? 1 : limit))
        }
        return rows().prefix(limit).filter { holder(of: $0.subject) == nil }.map(\.id)
    }

    /// One step of an owner whose batches may have `limit`. `failure` says whether deciding fails, and whether for good;
    /// `meanwhile` happens after the claim, before the decision.
    mutating func step(
        _ limit: inout Int, failure: ([Identifier]) -> (failed: Bool, permanent: Bool),
        meanwhile: (inout Model) -> Void
    ) -> Step {
        limit = min(limit, most)
        if let key = due.first { return release(key, &limit, failure, meanwhile) }
        let rows = rows()
        if rows.isEmpty && diff == nil { return .idle }
        let taken = Array(rows.prefix(limit))
        let batch = taken.filter { holder(of: $0.subject) == nil }
        meanwhile(&self)
        let (failed, permanent) = batch.isEmpty ? (false, false) : failure(batch.map(\.id))
        guard failed else {
            for command in taken {
                if let key = holder(of: command.subject) {
                    holds[key]?.waiting.append(command.id)
                } else {
                    decided.append(command.id)
                }
            }
            advance(rows, taken.count)
            limit = min(limit * 2, most)
            return .worked(taken.count)
        }
        guard taken.count == 1 else {
            limit = max(1, min(taken.count, limit) / 2)
            return .halved(taken.count)
        }
        // Claimed again to be put aside: a late commit may stand before it now.
        limit = 1
        let again = self.rows()
        guard again.first?.id == taken[0].id else { return .elsewhere }
        let abandoned = permanent || attempts <= 1
        holds[count] = Hold(
            subject: taken[0].subject, single: taken[0].skip, waiting: [taken[0].id], attempt: 1,
            abandoned: abandoned)
        count += 1
        advance(again, 1)
        limit = most
        return .held(taken[0].id, attempt: 1, abandoned: abandoned)
    }

    private mutating func advance(_ rows: [Command], _ taken: Int) {
        if diff == nil {
            let seen = Set(rows.map(\.id))
            committed.removeAll { seen.contains($0.id) }
        }
        diff = rows.count > taken ? Array(rows[taken...]) : nil
    }

    private mutating func release(
        _ key: Int, _ limit: inout Int,
        _ failure: ([Identifier]) -> (failed: Bool, permanent: Bool),
        _ meanwhile: (inout Model) -> Void
    ) -> Step {
        guard var hold = holds[key] else { return .idle }
        let taken = Array(hold.waiting.prefix(hold.attempt > 0 ? 1 : limit))
        meanwhile(&self)
        let (failed, permanent) = failure(taken)
        due.removeFirst()
        defer { if holds[key] != nil { holds[key] = hold } }
        guard failed else {
            decided += taken
            hold.waiting.removeFirst(taken.count)
            hold.attempt = 0
            if hold.waiting.isEmpty { holds[key] = nil } else { due.append(key) }
            limit = min(limit * 2, most)
            return .worked(taken.count)
        }
        guard taken.count == 1 else {
            due.insert(key, at: 0)
            limit = max(1, taken.count / 2)
            return .halved(taken.count)
        }
        hold.attempt += 1
        hold.abandoned = permanent || hold.attempt >= attempts
        return .held(taken[0], attempt: hold.attempt, abandoned: hold.abandoned)
    }
}
