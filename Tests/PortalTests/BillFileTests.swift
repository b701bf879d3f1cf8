import Bills
import Commands
import Foundation
import HTTP
import Postgres
import Store
import Telemetry
import TestKit
import Testing

@testable import Portal

/// Bills as PDF over the portal, from rows of a ledger.
@Suite(.serialized) struct BillFileTests {
    static let town = Result { () throws -> (town: Town, portal: Portal) in
        let town = try Town()
        let owner = try town.database.connection()
        for code in ["srkc", "abonent"] {
            try owner.script(
                MoneyOf(
                    organization: code, company: try town.profile(code).companies[0].code,
                    account: town.account(code)
                ).script)
        }
        let portal = Portal(
            queries: town.portal.queries, telemetry: .init(write: { _ in }),
            settings: PortalSettings(
                publicURL: "http://localhost", showsOutbox: true, drawsBills: true, release: "1"),
            secrets: PortalSecrets(key: { "k" }))
        return (town, portal)
    }

    private let press = Press()

    private func ask(
        _ code: String = "srkc", _ month: String = "2026-10", account: String = "6262000",
        person: Int? = 0, known: String? = nil
    ) throws -> Response {
        let (town, portal) = try Self.town.get()
        return portal.billFile(
            try town.visit(code, person), account: account, month: month, known: known,
            press: press)
    }

    @Test(arguments: ["srkc", "abonent"])
    func `a bill is drawn, the same bytes each time, under a Russian name: SF-120 SF-122 SF-116`(
        _ code: String
    ) throws {
        let response = try ask(code)
        #expect(response.status == 200)
        #expect(response.header("Content-Type") == "application/pdf")
        #expect(response.body.starts(with: "%PDF-".utf8))
        let name = try #require(response.header("Content-Disposition"))
        #expect(name.hasPrefix("inline; filename=\"bill-2026-10.pdf\"; filename*=UTF-8''%D0%"))
        #expect(name.hasSuffix("%202026-10%206262000.pdf"))
        #expect(response.header("Cache-Control") == "private, no-cache")
        let again = try ask(code)
        #expect(again.body == response.body)
        #expect(again.header("ETag") == response.header("ETag"))
    }

    @Test func `what a browser has already is not drawn again`() throws {
        let tag = try #require(try ask().header("ETag"))
        for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
            let response = try ask(known: known)
            #expect(response.status == 304 && response.body.isEmpty, "\(known)")
            #expect(response.header("ETag") == tag)
        }
        #expect(try ask(known: "\"other\"").status == 200)
        // Another month is another bill.
        #expect(try ask("srkc", "2026-09").header("ETag") != tag)
    }

    @Test func `what is frozen stays, whatever is added later`() throws {
        let (town, _) = try Self.town.get()
        let owner = try town.database.connection()
        try owner.script(
            """
            update facts.supplier set added_at = '-infinity' where organization = 'srkc';
            update facts.charge_kind set added_at = '-infinity' where organization = 'srkc';
            """)
        let before = try ask()
        try owner.script(
            """
            insert into facts.supplier (organization, code, valid_from, name) values ('srkc', 'uk', '2020-01-01', 'Другая УК');
            insert into facts.charge_kind (organization, code, valid_from, title, position, basis, unit, supplier, penalty,
              multiplied, separate)
            values ('srkc', 'maintenance', '2020-01-01', 'Иначе', 1, 'area', 'm2', 'uk', 'housing', false, false);
            insert into facts.entry (account, id, month, sort, kind, penalty, tranche, effective_on, amount)
            select \(town.account("srkc")), upto + 500, '2026-10-01', 'charge', 'maintenance', false, '2026-10-01', '2026-10-31', 77
            from facts.bill where account = \(town.account("srkc")) and month = '2026-10-01';
            """)
        #expect(try ask().body == before.body)
    }

    @Test func `a bill that another system drew is shown as it is: SF-193`() throws {
        let (town, _) = try Self.town.get()
        let drawn = try ask("abonent", "2026-09")
        try town.database.connection().script(
            """
            insert into operations.bill_file (account, month, digest, file)
            values (\(town.account("abonent")), '2026-09-01', '\\x01', convert_to('%PDF-1.7 older', 'UTF8')),
                   (\(town.account("abonent")), '2026-09-01', '\\x02', convert_to('%PDF-1.7 theirs', 'UTF8'))
            """)
        let theirs = try ask("abonent", "2026-09")
        #expect(theirs.body == Array("%PDF-1.7 theirs".utf8))
        #expect(theirs.header("ETag") != drawn.header("ETag"))
        #expect(try ask("abonent", "2026-09", known: theirs.header("ETag")).status == 304)
        #expect(try ask("abonent", "2026-09", person: nil).status == 401)
    }

    @Test func `what is not one's own, not there or too old is not found: SF-121`() throws {
        #expect(try ask("srkc", "2026-10", account: "6262002").status == 404)
        #expect(try ask("srkc", "2026-10", account: "999").status == 404)
        #expect(try ask("srkc", "2031-01").status == 404)
        #expect(try ask("srkc", "2026-10", person: 1).status == 404)
        #expect(try ask("srkc", "2026-10", person: nil).status == 401)
        for month in ["", "2026-13", "x", "2026-10-01", "202610"] {
            #expect(try ask("srkc", month).status == 404, "\(month)")
        }
        // The last three are there; the fourth was.
        #expect(try ask("srkc", "2026-08").status == 200)
        #expect(try ask("srkc", "2026-07").status == 404)
    }

    @Test func `a program reads those of its organization, and a problem where there is none`()
        throws
    {
        let (town, portal) = try Self.town.get()
        let reader = Reader(profile: try town.profile("srkc"), accounts: nil)
        func ask(_ account: String, _ month: String) -> Response {
            portal.billFile(reader, account: account, month: month, known: nil, press: press)
        }
        #expect(ask("6262000", "2026-10").status == 200)
        let none = ask("6262000", "2031-01")
        #expect(none.status == 404)
        #expect(none.header("Content-Type") == "application/problem+json")
        let mine = Reader(
            profile: reader.profile, accounts: [town.account("srkc") + 1].map { Int64($0) })
        #expect(
            portal.billFile(mine, account: "6262000", month: "2026-10", known: nil, press: press)
                .status == 404)
    }
}
