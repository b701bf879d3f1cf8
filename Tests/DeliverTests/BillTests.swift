import Commands
import Foundation
import HTTP
import Postgres
import Queue
import TestKit
import Testing
import Workers

/// Bills by e-mail, drawn when their letters leave.
@Suite(.serialized) struct `A bill by e-mail` {
    /// A closed month of an account, of one service, paid to a supplier with requisites.
    private func depot(mail: MailRoute?) throws -> Depot {
        let depot = try Depot(mail: mail)
        try depot.owner.script(
            """
            update access.profile set profile = profile || '{"charges": {"by": "kabinet", "view": "settlements"}}';
            insert into facts.account (id, organization, number, stripped, company) values (7, 'srkc', '120', '120', 'c');
            insert into facts.supplier (organization, code, valid_from, name, inn, account, bank, bic, correspondent)
            values ('srkc', 'uk', '2020-01-01', 'ООО «УК»', '6200098795', '40702810138250123017', 'ПАО Сбербанк', '044525225',
                    '30101810400000000225');
            insert into facts.charge_kind (organization, code, valid_from, title, position, basis, unit, supplier, penalty,
              multiplied, separate)
            values ('srkc', 'maintenance', '2020-01-01', 'Содержание жилого помещения', 1, 'fixed', 'month', 'uk', 'housing',
                    false, false);
            insert into facts.entry (account, id, month, sort, kind, penalty, tranche, effective_on, amount, consumed)
            values (7, 24315000001, '2026-04-01', 'charge', 'maintenance', false, '2026-04-01', '2026-04-30', 123456,
                    '2026-04-01');
            insert into facts.bill (account, month, organization, closed_at, upto, due_on, paid_until, opening, charged,
              recalculated, penalty, paid, closing, card)
            values (7, '2026-04-01', 'srkc', clock.now(), 24315000001, '2026-05-15', '2026-04-30', 0, 123456, 0, 0, 0, 123456,
                    '{"account": "120", "surname": "Иванов", "address": "ул. Лесная, д. 4"}');
            """)
        return depot
    }

    @discardableResult
    private func order(_ depot: Depot, to: String = "ivan@mail.ru") throws -> Identifier {
        try depot.letter(
            to, .billReady, key: "bill/120/2026-04/\(to)",
            values: [
                "account": "120", "closing": "123456", "due": "2026-05-15", "month": "2026-04",
            ], unsubscribe: "LEAVE")
    }

    @Test func `is attached, under a Russian name, and has a way out`() throws {
        let server = try Server.script("mail.py")
        let depot = try depot(mail: `A letter`.route(server.port))
        try order(depot)
        try depot.deliver("mailings")
        let letter = try #require(server.wait("taken").first)
        #expect(letter["type"]?.string == "multipart/mixed")
        #expect(letter["subject"]?.string == "Квитанция за апрель 2026, лицевой счёт 120")
        #expect(letter["unsubscribe"]?.string == "<https://lk.example.ru/unsubscribe/LEAVE>")
        #expect(letter["post"]?.string == "List-Unsubscribe=One-Click")
        #expect(letter["defects"]?.array?.isEmpty == true)
        let parts = try #require(letter["parts"]?.array)
        #expect(parts.compactMap { $0.array?.first?.string } == ["text/plain", "text/html"])
        let text = try #require(parts.first?.array?.last?.string)
        #expect(text.contains("1\u{202F}234,56\u{A0}₽ до 15.05.2026"))
        let file = try #require(letter["files"]?.array?.first?.array)
        #expect(file[0].string == "application/pdf")
        #expect(file[1].string == "Квитанция 2026-04 120.pdf")
        let pdf = try #require(file[2].string.flatMap { Data(base64Encoded: $0) })
        #expect(pdf.starts(with: Data("%PDF-".utf8)))
        let raw = try #require(letter["raw"]?.string)
        #expect(raw.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
        #expect(try depot.notices() == ["letter bill.ready iv***@mail.ru sent smtp 1"])
    }

    @Test func `of many is read in one go, and each gets his own`() throws {
        let server = try Server.script("mail.py")
        let depot = try depot(mail: `A letter`.route(server.port))
        for number in 1...5 { try order(depot, to: "a\(number)@mail.ru") }
        try depot.deliver("mailings")
        let files = try server.wait("taken", 5).compactMap { $0["files"]?.array?.first }
        #expect(files.count == 5)
        #expect(Set(files.compactMap { $0.array?.last?.string }).count == 1)
    }

    @Test func `does not leave once its month was opened again`() throws {
        let server = try Server.script("mail.py")
        let depot = try depot(mail: `A letter`.route(server.port))
        let id = try order(depot)
        try depot.owner.script("update facts.bill set withdrawn_at = clock.now()")
        try depot.deliver("mailings")
        #expect(try depot.state(id) == "expired")
        #expect(server.events("taken").isEmpty)
    }

    @Test func `in the outbox is a name and a size`() throws {
        let depot = try depot(mail: nil)
        try order(depot)
        try depot.deliver("mailings")
        #expect(
            try depot.text(
                "select attachment || ' ' || (attachment_bytes between 5000 and 60000) from operations.outbox"
            )
                == "Квитанция 2026-04 120.pdf true")
    }
}
