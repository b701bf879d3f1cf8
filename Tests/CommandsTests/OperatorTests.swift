import Commands
import Testing

@Suite struct `A sum in roubles` {
    @Test(arguments: [
        ("123,45", 12_345), ("123.4", 12_340), ("7", 700), ("1 234,5", 123_450),
        ("1\u{A0}234.50", 123_450), ("-12,5", -1_250), ("\u{2212}0,01", -1), ("0", 0),
        ("9999999999,99", 999_999_999_999),
    ])
    func `is read to the kopeck`(text: String, kopecks: Int) {
        #expect(Kopecks.read(roubles: text) == Int64(kopecks))
    }

    @Test(arguments: [
        "", "-", ",5", "5,", "1,234", "1,2,3", "12a", "1'000", "99999999999", "+5", "--5", "٥",
    ])
    func `is nothing else`(text: String) {
        #expect(Kopecks.read(roubles: text) == nil)
    }

    @Test(arguments: [0, 1, 99, 100, 12_345, -1_250, -1])
    func `is read again as it is written`(kopecks: Int) {
        let text = Kopecks.text(Int64(kopecks))
        #expect(Kopecks.read(roubles: text) == Int64(kopecks), "\(text)")
    }
}

@Suite struct `The code of a bill` {
    @Test(arguments: [
        ("4821-7035", "48217035"), (" 48 21 70 35 ", "48217035"), ("ав-12", "АВ12"),
        ("AB12", "АВ12"), ("4821–7035", "48217035"),
    ])
    func `is what people type of it, however they group it and with whichever alphabet`(
        typed: String, code: String
    ) {
        #expect(Proof.code(typed) == code)
    }

    @Test(arguments: ["", "123", "12_34", "12345;", String(repeating: "1", count: 41)])
    func `is nothing that could not stand on one`(typed: String) {
        #expect(Proof.code(typed) == nil)
    }
}

@Suite struct `A row of proofs` {
    private func error(_ fields: [String: String]) -> ShapeError? {
        do throws(ShapeError) {
            _ = try Proof(fields)
            return nil
        } catch {
            return error
        }
    }

    @Test func `takes months as bases write them`() throws {
        for month in ["2026-04", "04.2026", "01.04.2026", "2026-04-01"] {
            let proof = try Proof(["account": "1", "bill_month": month, "bill_total": "1,5"])
            #expect(proof.bill == .init(month: try #require(Month("2026-04")), total: 150))
        }
    }

    @Test func `says what is missing of a pair`() {
        #expect(error(["account": "1", "last_payment": "1"])?.pointer == "/last_payment_on")
        #expect(
            error(["account": "1", "last_payment_on": "2026-04-01"])?.pointer == "/last_payment")
        #expect(error(["account": "1", "bill_total": "1"])?.pointer == "/bill_month")
        #expect(error(["account": "1", "bill_month": "2026-04"])?.pointer == "/bill_total")
        #expect(error(["account": "1"])?.key == "shape.nothing")
        #expect(error([:])?.pointer == "/account")
        #expect(
            error(["account": "1", "last_payment_on": "2026-04-01", "last_payment": "-1"])?.key
                == "shape.money")
    }
}

@Suite struct `An operator's role` {
    @Test func `may what the table says, and no more`() {
        let table: [OperatorRole: Set<OperatorRole.Act>] = [
            .viewer: [.look], .clerk: [.look, .restore, .detach], .accountant: [.look],
            .administrator: [.look, .restore, .detach],
        ]
        for role in OperatorRole.allCases {
            #expect(Set(OperatorRole.Act.allCases.filter(role.may)) == table[role])
        }
    }

    @Test func `reaches its houses only, and people only with all of their accounts`() {
        let all = OperatorReach(role: .clerk)
        let some = OperatorReach(role: .clerk, houses: ["a", "b"])
        #expect(all.reaches(house: nil) && all.reaches(house: "z") && all.reaches(houses: []))
        #expect(some.reaches(house: "a") && !some.reaches(house: "c") && !some.reaches(house: nil))
        #expect(some.reaches(houses: ["a", "b"]))
        for houses: [String?] in [[], ["a", "c"], ["a", nil]] {
            #expect(!some.reaches(houses: houses))
        }
    }

    @Test(arguments: ["anna", " Anna ", "a.b-c_1", "7a"])
    func `belongs to a login of small Latin letters`(typed: String) throws {
        let login = try #require(OperatorLogin(typed))
        #expect(OperatorLogin(actor: login.actor) == login)
    }

    @Test(arguments: ["", "a", "анна", ".ab", "a b", "a:b", String(repeating: "a", count: 51)])
    func `belongs to nothing else`(typed: String) {
        #expect(OperatorLogin(typed) == nil)
        #expect(OperatorLogin(actor: "person:7") == nil)
    }
}
