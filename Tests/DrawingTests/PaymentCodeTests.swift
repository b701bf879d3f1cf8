import Drawing
import Testing

@Suite struct `A payment code` {
    private let payee = PaymentCode.Payee(
        name: "ООО «Три кита»", account: "40702810138250123017", bank: "ОАО \"БАНК\"",
        bic: "044525225", correspondent: "30101810400000000225")

    private func problems(_ code: PaymentCode) -> [PaymentCode.Problem] {
        do {
            _ = try code.bytes()
            return []
        } catch {
            return error.problems
        }
    }

    @Test func `is the sample of the standard`() throws {
        let code = PaymentCode(
            payee: payee,
            details: [
                .payeeINN("6200098763"), .lastName("Иванов"), .firstName("Иван"),
                .middleName("Иванович"), .purpose("Оплата членского взноса"),
                .address("г.Рязань ул.Ленина д.10 кв.15"), .sum(kopecks: 100_000),
            ])
        #expect(
            try code.text()
                == "ST00012|Name=ООО «Три кита»|PersonalAcc=40702810138250123017|BankName=ОАО \"БАНК\""
                + "|BIC=044525225|CorrespAcc=30101810400000000225|PayeeINN=6200098763|LastName=Иванов"
                + "|FirstName=Иван|MiddleName=Иванович|Purpose=Оплата членского взноса"
                + "|PayerAddress=г.Рязань ул.Ленина д.10 кв.15|Sum=100000")
    }

    private var bill: PaymentCode {
        var payee = payee
        payee.name = "ООО \"Расчётный центр\""
        return PaymentCode(
            payee: payee,
            details: [
                .payeeINN("6200098763"), .kpp("620001001"), .account("626200012"),
                .lastName("Иванов"), .address("г.Зеленодольск, ул.Спортивная, д.10, кв.15"),
                .period(year: 2026, month: 4), .purpose("ЖКУ за 04.2026, ЛС 626200012"),
                .sum(kopecks: 318_455),
            ])
    }

    @Test func `of a bill takes 388 bytes in UTF-8 and 323 in Windows-1251`() throws {
        let text = try bill.text()
        #expect(
            text
                == "ST00012|Name=ООО \"Расчётный центр\"|PersonalAcc=40702810138250123017"
                + "|BankName=ОАО \"БАНК\"|BIC=044525225|CorrespAcc=30101810400000000225"
                + "|PayeeINN=6200098763|KPP=620001001|PersAcc=626200012|LastName=Иванов"
                + "|PayerAddress=г.Зеленодольск, ул.Спортивная, д.10, кв.15|PaymPeriod=042026"
                + "|Purpose=ЖКУ за 04.2026, ЛС 626200012|Sum=318455")
        #expect(text.count == 323)
        #expect(text.utf8.count == 388)
        let bytes = try bill.bytes()
        #expect(bytes.count == 323)
        #expect(bytes.starts(with: Array("ST00011|Name=".utf8) + [0xCE, 0xCE, 0xCE, 0x20, 0x22]))
        // «Расчётный» with its ё.
        #expect(bytes[18...].starts(with: [0xD0, 0xE0, 0xF1, 0xF7, 0xB8, 0xF2]))
    }

    @Test func `has every letter of Windows-1251, and is in UTF-8 when one is not there`() throws {
        var code = bill
        code.payee.name = "«Ё№—…»"
        #expect(
            try code.bytes().starts(
                with: Array("ST00011|Name=".utf8) + [0xAB, 0xA8, 0xB9, 0x97, 0x85, 0xBB]))
        for letter in ["Ә", "é", "😀", "\u{FFFD}"] {
            code.payee.name = "ТСЖ \(letter)"
            #expect(try code.bytes().starts(with: Array("ST00012|Name=ТСЖ ".utf8)))
        }
    }

    @Test func `says no sum unless there is something to pay`() throws {
        for kopecks in [0, -1, Int64.min] {
            var code = bill
            code.details[7] = .sum(kopecks: kopecks)
            #expect(try !code.text().contains("Sum"))
        }
    }

    @Test func `has no separators nor control characters in its values`() throws {
        var code = bill
        code.payee.name = " ООО|«Дом»\r\n|\u{0}№\u{2028}1\t"
        code.details[3] = .lastName("|")
        #expect(try code.text().contains("|Name=ООО «Дом» № 1|PersonalAcc"))
        #expect(try !code.text().contains("LastName"))
    }

    @Test func `writes 0 where the bank has no correspondent account`() throws {
        var code = bill
        code.payee.correspondent = nil
        #expect(try code.text().contains("|CorrespAcc=0|"))
    }

    @Test func `names all that is wrong at once`() {
        let code = PaymentCode(
            payee: .init(
                name: " ", account: "4070281013825012301", bank: String(repeating: "б", count: 46),
                bic: "04452522O", correspondent: ""),
            details: [
                .payeeINN("12345678901"), .kpp("1234567890"),
                .purpose(String(repeating: "ж", count: 211)), .period(year: 2026, month: 13),
                .other(key: "Service Name", value: "вода"), .other(key: "", value: "x"),
            ])
        #expect(
            problems(code) == [
                .missing(key: "Name"), .missing(key: "CorrespAcc"),
                .notDigits(key: "PersonalAcc", counts: [20]), .tooLong(key: "BankName", limit: 45),
                .notDigits(key: "BIC", counts: [9]), .notDigits(key: "PayeeINN", counts: [10, 12]),
                .tooLong(key: "KPP", limit: 9), .tooLong(key: "Purpose", limit: 210),
                .noKey("Service Name"), .noKey(""), .noMonth(13),
            ])
    }

    @Test func `takes values as long as the standard lets them be`() {
        var code = bill
        code.payee.name = String(repeating: "н", count: 160)
        code.payee.bank = String(repeating: "б", count: 45)
        #expect(problems(code) == [])
        code.payee.name += "н"
        code.payee.bank += "б"
        #expect(
            problems(code) == [
                .tooLong(key: "Name", limit: 160), .tooLong(key: "BankName", limit: 45),
            ])
    }

    @Test func `gives up what the account says too before it becomes too large to scan`() throws {
        var code = bill
        code.details[4] = .address(String(repeating: "ул. Большая ", count: 40))
        let bytes = try code.bytes()
        #expect(bytes.count <= PaymentCode.limit)
        #expect(!bytes.contains(array: Array("PayerAddress".utf8)))
        #expect(bytes.contains(array: Array("|LastName=".utf8)))
        #expect(bytes.contains(array: Array("|PersAcc=626200012|".utf8)))
        code.details.append(.other(key: "ServiceName", value: String(repeating: "9", count: 600)))
        #expect(problems(code).contains { if case .tooLarge = $0 { true } else { false } })
    }

    @Test func `knows a mistyped account by its control digit`() {
        // The bank's own account with the Bank of Russia, and an account of the same bank's client.
        #expect(
            PaymentCode.isPlausible(
                account: "30101810400000000225", bic: "044525225", isCorrespondent: true))
        let right = (0...9).map { "40702810\($0)00000000001" }
            .filter { PaymentCode.isPlausible(account: $0, bic: "044525225") }
        #expect(right.count == 1)
        #expect(!PaymentCode.isPlausible(account: "4070281090000000000", bic: "044525225"))
        #expect(!PaymentCode.isPlausible(account: "40702810900000000001", bic: "04452522"))
        #expect(!PaymentCode.isPlausible(account: "4070281090000000000x", bic: "044525225"))
    }

    /// The sum by hand: 7, 1 and 3 in turn over the bank's three digits and the account.
    private func key(_ account: String, _ bank: String) -> Bool {
        var sum = 0
        for (index, letter) in (bank + account).enumerated() {
            sum += (letter.wholeNumberValue ?? 0) * (index % 3 == 0 ? 7 : index % 3 == 1 ? 1 : 3)
        }
        return sum % 10 == 0
    }
}

extension [UInt8] {
    fileprivate func contains(array: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: array) }
    }
}

@Suite struct `A QR code` {
    @Test func `of bytes is that of the text`() {
        #expect(QRCode("Привет") == QRCode(bytes: Array("Привет".utf8)))
        #expect(QRCode(bytes: [0, 1, 0, 255]) != nil)
    }

    @Test func `holds so much and no more`() {
        #expect(QRCode("") == nil)
        #expect(QRCode(bytes: [UInt8](repeating: 1, count: 2331))?.side == 177)
        #expect(QRCode(bytes: [UInt8](repeating: 1, count: 2332)) == nil)
    }
}
