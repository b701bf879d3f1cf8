import Commands
import Postgres
import Queue
import TestKit
import Testing

/// Q5: what parks behind one failed command costs the others nothing, counted in blocks of the queue, the facts and the
/// views together.
@Suite struct ParkedTests {
    static let accounts = 3_000

    @Test
    func `others' readings cost the same beside 200,000 parked commands, and while they park`()
        throws
    {
        let database = try TestDatabase("parked")
        let office = try Office(database, lanes: 4, onFailure: .hold, attempts: 5)
        try database.undisturbed()
        // Five rounds of accounts that have no reading yet, and the one that is held.
        try office.owner.script(
            """
            insert into facts.account (id, organization, number, stripped, company)
            select i, '\(office.code)', i, i, 'c' from generate_series(1, \(Self.accounts * 5 + 1)) i;
            insert into facts.meter (id, account, organization, service, number, registers, digits, decimals, initial)
            select i, i, '\(office.code)', 'cold_water', 'M' || i, 1, 5, 3, '{0}'
            from generate_series(1, \(Self.accounts * 5 + 1)) i
            """)
        func reading(_ account: Int) throws -> NewCommand {
            try office.command(
                .submitReading,
                #"{"account":"\#(account)","meter":"M\#(account)","values":{"T1":"7"}}"#)
        }
        let held = Self.accounts * 5 + 1
        let poison = try reading(held)
        var workers = try office.work(failing: poison.id)
        func blocks() throws -> Int {
            try database.blocks(by: workers + [office.owner, office.door])
        }
        /// Blocks a command of a round, `parked` commands on the held account among them.
        func round(_ number: Int, parked: Int = 0) throws -> Double {
            var commands = try (1...Self.accounts).map {
                try reading(number * Self.accounts + $0)
            }
            for place in 0..<parked { commands.insert(try reading(held), at: place * 5) }
            for start in stride(from: 0, to: commands.count, by: 500) {
                try office.append(Array(commands[start..<min(start + 500, commands.count)]))
            }
            let before = try blocks()
            workers = try office.work(failing: poison.id)
            return Double(try blocks() - before) / Double(commands.count)
        }
        _ = try round(0)
        let fresh = try round(1)
        try office.append([poison])
        try office.work(failing: poison.id)
        #expect(try office.text("select count(*) from queue.hold") == "1")
        // As many of them as of a million, 200,000.
        let parking = try round(2, parked: Self.accounts / 4)
        #expect(
            try office.text("select count(*) from queue.parked") == "\(Self.accounts / 4 + 1)")
        #expect(try database.violations() == [])
        try office.owner.script(
            """
            insert into queue.parked (hold, command)
            select h.id, md5(i::text)::uuid from queue.hold h, generate_series(1, 200000) i
            """)
        let beside = try round(3)
        report("blocks a reading: \(fresh), while others park \(parking), beside 200,000 \(beside)")
        #expect(parking <= fresh * 1.30)
        #expect(beside <= fresh * 1.15)
        let done = try office.text(
            "select count(*) from facts.reading where state = 'effective'")
        #expect(done == "\(Self.accounts * 4)")
    }
}
