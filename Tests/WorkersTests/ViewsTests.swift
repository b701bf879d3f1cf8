import Commands
import Postgres
import Queue
import TestKit
import Testing

/// What people read, beside a model that knows nothing of dials: it counts what has really flowed.
@Suite(.serialized) struct `The months that people see` {
    private static let database = Result { try TestDatabase("views") }

    /// A meter with a dial of four digits. What has flowed in all never goes back to zero; what the
    /// dial shows does.
    private struct Gauge {
        var account: String
        var name: String
        var registers: Int
        var start: [Int]
        var installed: Int
        /// Readings of each month, the one that counts last: their ids and what had flowed by then.
        var months: [Int: [(id: Identifier, flowed: [Int])]] = [:]
        var removed = false

        func shown(_ flowed: [Int]) -> [String] { flowed.map { "\($0 % 10_000)" } }

        var last: Int? { months.keys.max() }

        func flowed(before month: Int) -> [Int] {
            months.keys.filter { $0 < month }.max().flatMap { months[$0]?.last?.flowed } ?? start
        }

        /// As `Office.months` shows them.
        var lines: [String] {
            months.keys.sorted().map { month in
                let used = zip(months[month]?.last?.flowed ?? [], flowed(before: month)).map(-)
                return "\(Gauge.name(month)) \(used.map { "\($0)" }.joined(separator: "+"))"
            }
        }

        static func name(_ month: Int) -> String {
            let ordinal = month % 12 + 1
            return "\(2024 + month / 12)-\(ordinal < 10 ? "0" : "")\(ordinal)"
        }
    }

    private enum Asked {
        case submit(gauge: Int, month: Int, flowed: [Int])
        case delete(gauge: Int, Identifier)
        case replace(gauge: Int, month: Int, flowed: [Int], new: Gauge)
        case close
    }

    private struct Story {
        var random: Seeded
        let office: Office
        var gauges: [Gauge] = []
        var asked: [(Identifier, Asked)] = []
        var made = 0
        var closed = -1

        mutating func install(_ account: String, registers: Int, month: Int) throws -> Gauge {
            made += 1
            return Gauge(
                account: account, name: "M\(made)", registers: registers,
                start: (0..<registers).map { _ in random.below(10_000) }, installed: month)
        }

        mutating func begin() throws {
            for account in ["1", "2"] {
                try office.account(account)
                for registers in 1...3 {
                    let gauge = try install(account, registers: registers, month: 0)
                    for index in 0..<registers {
                        try office.meter(
                            gauge.name,
                            #""service":"electricity","register":"T\#(index + 1)","#
                                + #""initial_value":"\#(gauge.start[index])","#
                                + #""installed_on":"2024-01-01""#,
                            account: account, digits: 4)
                    }
                    gauges.append(gauge)
                }
            }
        }

        mutating func more(_ flowed: [Int]) -> [Int] {
            flowed.map { $0 + random.below(90) }
        }

        mutating func ask() throws {
            let index = random.below(gauges.count)
            let gauge = gauges[index]
            // What is asked in this batch already is in no model yet: its months only grow.
            let newest = max(gauge.last ?? gauge.installed, pending(index) ?? 0, closed + 1)
            switch random.below(14) {
            case 0:
                closed += 1
                let id = try office.ask(
                    .closePeriod, #"{"month":"\#(Gauge.name(closed))"}"#)
                asked.append((id, .close))
            case 1 where !gauge.removed && newest < 27:
                let flowed = more(latest(index))
                let new = try install(gauge.account, registers: gauge.registers, month: newest)
                let id = try office.ask(
                    .replaceMeter,
                    #"{"account":"\#(gauge.account)","meter":"\#(gauge.name)","#
                        + #""replaced_on":"\#(Gauge.name(newest))-28","new_meter":"\#(new.name)","#
                        + #""values":\#(object(gauge.shown(flowed))),"#
                        + #""new_values":\#(object(new.shown(new.start)))}"#)
                asked.append((id, .replace(gauge: index, month: newest, flowed: flowed, new: new)))
            case 2...5:
                guard let victim = victim(index) else { return }
                let id = try office.delete(victim, account: gauge.account)
                asked.append((id, .delete(gauge: index, victim)))
            default:
                let month = min(newest + random.below(2), 26)
                let flowed = more(latest(index))
                let id = try office.submit(
                    gauge.shown(flowed),
                    #""taken_on":"\#(Gauge.name(month))-\#(10 + random.below(18))","confirm":true"#,
                    account: gauge.account, meter: gauge.name, channel: .import)
                asked.append((id, .submit(gauge: index, month: month, flowed: flowed)))
            }
        }

        func object(_ values: [String]) -> String {
            let members = values.enumerated().map { "\"T\($0.offset + 1)\":\"\($0.element)\"" }
            return "{\(members.joined(separator: ","))}"
        }

        /// The newest month that this batch asks for.
        func pending(_ gauge: Int) -> Int? {
            asked.compactMap { _, asked in
                switch asked {
                case .submit(gauge, let month, _), .replace(gauge, let month, _, _): month
                default: nil
                }
            }.max()
        }

        /// The most that is known to have flowed, asked or taken.
        func latest(_ gauge: Int) -> [Int] {
            let pending = asked.compactMap { _, asked -> [Int]? in
                switch asked {
                case .submit(gauge, _, let flowed), .replace(gauge, _, let flowed, _): flowed
                default: nil
                }
            }
            let taken = gauges[gauge].months.values.flatMap { $0.map(\.flowed) }
            return (pending + taken + [gauges[gauge].start]).max { $0[0] < $1[0] } ?? []
        }

        /// Any reading that there is or was, or one of this very batch.
        mutating func victim(_ gauge: Int) -> Identifier? {
            var ids = gauges[gauge].months.values.flatMap { $0.map(\.id) }.sorted()
            for (id, asked) in asked {
                if case .submit(gauge, _, _) = asked { ids.append(id) }
            }
            return ids.isEmpty ? nil : random.pick(ids)
        }

        /// Lets the desk decide, and follows what it said was done.
        mutating func decide() throws {
            try office.decide()
            for (id, asked) in asked {
                let state = try office.state(id)
                guard state.state == .done else { continue }
                switch asked {
                case .close: break
                case .submit(let gauge, let month, let flowed):
                    guard try JSON.parse(state.body)["unchanged"] == nil else { continue }
                    gauges[gauge].months[month, default: []].append((id, flowed))
                case .replace(let gauge, let month, let flowed, let new):
                    gauges[gauge].months[month, default: []].append((id, flowed))
                    gauges[gauge].removed = true
                    gauges.append(new)
                case .delete(let gauge, let victim):
                    for (month, readings) in gauges[gauge].months
                    where readings.contains(where: { $0.id == victim }) {
                        let left = readings.filter { $0.id != victim }
                        // Only the one that counts can be deleted.
                        #expect(readings.last?.id == victim)
                        gauges[gauge].months[month] = left.isEmpty ? nil : left
                    }
                }
            }
            asked = []
        }
    }

    @Test(arguments: 0..<8)
    func `are what has flowed, after any batches`(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        let office = try Office(Self.database.get(), batch: [1, 3, 500][random.below(3)])
        var story = Story(random: random, office: office)
        try story.begin()
        for _ in 0..<6 {
            for _ in 0...story.random.below(25) { try story.ask() }
            try story.decide()
            for gauge in story.gauges {
                #expect(try office.months(meter: gauge.name) == gauge.lines, "\(gauge.name)")
            }
            #expect(try office.violations() == [])
        }
        let readings = story.gauges.reduce(0) { $0 + $1.months.count }
        #expect(readings > 0)
    }
}
