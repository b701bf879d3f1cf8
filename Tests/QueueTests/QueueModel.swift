import Postgres
import Queue

/// The queue as it ought to be, without tables, snapshots or locks: who is where, and in which order. It is told what
/// happened (a commit, how a step ended) and says what must be so; where the real queue has a choice (how large a batch
/// is), it takes the choice and judges it.
struct QueueModel {
    struct Entry: Equatable {
        let id: Identifier
        let subject: Int64
        /// Held alone when it fails (`skip`), or its subject with it.
        let alone: Bool
        /// Rank of its transaction's first write, and its own within the transaction.
        let xid: Int
        let seq: Int
    }

    struct Hold {
        /// Whose it is when it waits alone; nil = the whole subject is held.
        let alone: Bool
        var waiting: [Entry]
        var attempt: Int
        var abandoned: Bool
        /// Its turn among the holds that are due; nil = not due.
        var due: Int?
    }

    struct Lane {
        /// Committed, in no diff yet.
        var fresh: [Entry] = []
        /// The rest of the diff under way.
        var diff: [Entry] = []
        var holds: [Hold] = []
        var decided: [Identifier] = []
        /// How many steps have changed it: what was claimed before the last of them is stale.
        var steps = 0
    }

    /// What a step must find when it claims now.
    struct Claim {
        let hold: Int?
        let rows: [Entry]
        let held: Set<Int64>
        let steps: Int
        /// Those that a decider may see, in order.
        var open: [Identifier] {
            rows.filter { hold != nil || !held.contains($0.subject) }.map(\.id)
        }
    }

    var lanes: [Lane]
    let attempts: Int
    private(set) var clock = 0

    init(lanes: Int, attempts: Int) {
        self.lanes = [Lane](repeating: Lane(), count: lanes)
        self.attempts = attempts
    }

    /// The next moment: ranks of xids, of seqs, of turns.
    mutating func tick() -> Int {
        clock += 1
        return clock
    }

    func lane(of subject: Int64) -> Int { Int(UInt64(bitPattern: subject) % UInt64(lanes.count)) }

    mutating func commit(_ entries: [Entry]) {
        for entry in entries { lanes[lane(of: entry.subject)].fresh.append(entry) }
    }

    func claim(_ number: Int, releasing: Bool = true) -> Claim {
        let lane = lanes[number]
        let held = Set(lane.holds.filter { !$0.alone }.compactMap { $0.waiting.first?.subject })
        let due = lane.holds.indices.filter { lane.holds[$0].due != nil }
        if releasing, let hold = due.min(by: { turn(number, $0) < turn(number, $1) }) {
            return Claim(hold: hold, rows: lane.holds[hold].waiting, held: held, steps: lane.steps)
        }
        let rows = lane.diff.isEmpty ? lane.fresh.sorted(by: Self.before) : lane.diff
        return Claim(hold: nil, rows: rows, held: held, steps: lane.steps)
    }

    private func turn(_ lane: Int, _ hold: Int) -> Int { lanes[lane].holds[hold].due ?? .max }

    private static func before(_ left: Entry, _ right: Entry) -> Bool {
        (left.xid, left.seq) < (right.xid, right.seq)
    }

    /// The first `count` of the claim left the lane.
    mutating func worked(_ number: Int, _ claim: Claim, count: Int) -> String? {
        guard claim.steps == lanes[number].steps else { return "another has done it already" }
        guard count <= claim.rows.count else { return "\(count) of \(claim.rows.count) rows" }
        lanes[number].steps += 1
        let rows = claim.rows.prefix(count)
        if let hold = claim.hold {
            // A command that has failed is tried alone.
            if lanes[number].holds[hold].attempt > 0, count != 1 { return "a retry of \(count)" }
            lanes[number].decided += rows.map(\.id)
            lanes[number].holds[hold].waiting.removeFirst(count)
            lanes[number].holds[hold].attempt = 0
            // Behind the others that are due.
            if lanes[number].holds.indices.contains(where: {
                $0 != hold && lanes[number].holds[$0].due != nil
            }) {
                lanes[number].holds[hold].due = 1_000_000 + tick()
            }
            if lanes[number].holds[hold].waiting.isEmpty { lanes[number].holds.remove(at: hold) }
            return nil
        }
        for entry in rows {
            let hold = lanes[number].holds.firstIndex {
                !$0.alone && $0.waiting[0].subject == entry.subject
            }
            if let hold {
                lanes[number].holds[hold].waiting.append(entry)
            } else {
                lanes[number].decided.append(entry.id)
            }
        }
        pass(number, claim, count)
        return nil
    }

    /// A command failed alone and was put aside.
    mutating func held(
        _ number: Int, _ claim: Claim, _ id: Identifier, attempt: Int, abandoned: Bool,
        permanent: Bool
    ) -> String? {
        // To put a fresh command aside it is claimed again; what was committed meanwhile is there too.
        let claim = claim.hold == nil ? self.claim(number, releasing: false) : claim
        guard claim.steps == lanes[number].steps else { return "another has done it already" }
        lanes[number].steps += 1
        guard let first = claim.rows.first, first.id == id else { return "another is first" }
        if let hold = claim.hold { lanes[number].holds[hold].attempt += 1 }
        let tried = claim.hold.map { lanes[number].holds[$0].attempt } ?? 1
        guard attempt == tried else { return "attempt \(attempt), not \(tried)" }
        guard abandoned == (permanent || attempt >= attempts) else { return "abandoned" }
        if let hold = claim.hold {
            lanes[number].holds[hold].due = nil
            lanes[number].holds[hold].abandoned = abandoned
        } else {
            if claim.held.contains(first.subject) { return "its subject is held already" }
            lanes[number].holds.append(
                Hold(
                    alone: first.alone, waiting: [first], attempt: 1, abandoned: abandoned,
                    due: nil))
            pass(number, claim, 1)
        }
        return nil
    }

    /// The position moves; a diff that was only looked at becomes the diff under way.
    private mutating func pass(_ number: Int, _ claim: Claim, _ count: Int) {
        if lanes[number].diff.isEmpty {
            lanes[number].fresh.removeAll { entry in claim.rows.contains(entry) }
        }
        lanes[number].diff = Array(claim.rows.dropFirst(count))
    }
}
