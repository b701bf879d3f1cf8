import Bills
import Commands
import Drawing
import Foundation
import Store
import Testing
import Words

/// A program of the machine's, and what it said.
func run(_ command: String..., input: [UInt8]? = nil) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let (output, input_) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = input_
    try process.run()
    if let input { try input_.fileHandleForWriting.write(contentsOf: Data(input)) }
    try input_.fileHandleForWriting.close()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Array(bytes)
}

/// A folder that is gone afterwards.
func inFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("bills-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            Issue.record(error)
        }
    }
    return try body(folder)
}

/// Where pictures are kept to be looked at (`KABINET_BILLS_TO`); nil: nowhere.
func keep(_ pdf: [UInt8], _ name: String) throws {
    guard let folder = ProcessInfo.processInfo.environment["KABINET_BILLS_TO"] else { return }
    try Data(pdf).write(to: URL(fileURLWithPath: folder).appendingPathComponent("\(name).pdf"))
}

func text(of pdf: [UInt8]) throws -> String {
    squeezed(String(decoding: try run("pdftotext", "-raw", "-", "-", input: pdf), as: UTF8.self))
}

/// What the codes of all pages say, one behind the other, as a scanner reads them from a print of 200 dots an inch.
func codes(of pdf: [UInt8]) throws -> [UInt8] {
    try inFolder { folder in
        let file = folder.appendingPathComponent("bill.pdf")
        try Data(pdf).write(to: file)
        _ = try run(
            "pdftoppm", "-r", "200", "-gray", file.path, folder.appendingPathComponent("p").path)
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".pgm") }.sorted()
        return try pages.flatMap { page in
            // Binary: text would be guessed at.
            try run(
                "zbarimg", "--quiet", "--raw", "-Sbinary",
                folder.appendingPathComponent(page).path)
        }
    }
}

/// How often some bytes stand among others.
func count(_ part: String, in bytes: [UInt8]) -> Int {
    let part = cp1251(part)
    return bytes.indices.count { bytes[$0...].starts(with: part) }
}

/// By the machine's own tables.
func cp1251(_ text: String) -> [UInt8] {
    text.data(using: .windowsCP1251).map { Array($0) } ?? []
}

/// Without spaces and places for hyphens, which stand elsewhere on paper.
func squeezed(_ text: String) -> String {
    String(
        String.UnicodeScalarView(
            text.unicodeScalars.filter { !$0.properties.isWhitespace && $0 != "\u{AD}" }))
}

extension BillForm {
    /// The rows of the section of this title.
    func rows(_ title: String) -> [Row] {
        for section in sections where section.title == title {
            if case .table(let table) = section.content { return table.rows }
        }
        return []
    }
}

func kopecks(_ cell: String) -> Int64 {
    let digits = cell.filter(\.isNumber)
    return (cell.contains("\u{2212}") ? -1 : 1) * (Int64(digits) ?? 0)
}

@Suite struct `A bill` {
    private func pdf(_ facts: BillFacts, _ profile: Profile, _ name: String) throws -> [UInt8] {
        let pdf = try Press().pdf(Bill(facts, profile))
        try keep(pdf, name)
        return pdf
    }

    @Test func `says of seven services what was charged, changed and owed`() throws {
        let facts = Sample.seven()
        let form = Bill(facts, try Sample.profile()).form
        let rows = form.rows("Расчёт размера платы")
        let items = rows.filter { $0.kind == .item }
        // What the services come to is what stands beneath them.
        let total = try #require(rows.last)
        for column in 6...9 {
            let sum = items.reduce(0) { $0 + kopecks($1.cells[column]) }
            #expect(sum == kopecks(total.cells[column]), "\(column)")
        }
        #expect(total.cells[0] == "Итого за март 2026")
        #expect(items.first { $0.cells[0] == "Холодное водоснабжение" }?.cells[3] == "")
        #expect(
            items.first { $0.cells[0] == "Холодная вода на общедомовые нужды" }?.cells[3]
                == "0,084")
        let zones = rows.filter { $0.kind == .part }
        #expect(zones.map { $0.cells[6] } == ["698,56", "211,84"])
        let anew = form.rows("Перерасчёты").map { $0.cells[2] }
        #expect(anew == ["февраль\u{A0}2026", "март\u{A0}2026", ""])
        let debts = form.rows("Долг по услугам и прежним месяцам на 31.03.2026, ₽")
        #expect(debts.last?.cells == ["Итого", "362,45", "1\u{202F}758,18", "2\u{202F}120,63"])
        #expect(form.steps.last?.isResult == true)
        #expect(form.steps.last?.amount == Words.amount(facts.bill.closing, .ru))
    }

    @Test func `tells the volumes of the house, and what of them nobody pays for`() throws {
        func rows(_ limit: String?) throws -> [[String]] {
            Bill(Sample.seven(limit: limit.map(Sample.q)), try Sample.profile()).form
                .rows("Общедомовые объёмы").map(\.cells)
        }
        let cold = ["Холодная вода (ХВС)", "417,910", "412,600", "5,310"]
        #expect(try rows(nil)[0] == cold + ["", "м³"])
        #expect(try rows("3.51")[0] == cold + ["1,800", "м³"])
        #expect(try rows("9")[0] == cold + ["0,000", "м³"])
        // Of no line of the account only what its meter told is known.
        #expect(try rows(nil)[1] == ["Горячая вода (ГВС)", "288,450", "", "", "", "м³"])
        let facts = Sample.seven(limit: Sample.q("3.51"))
        let words = try text(of: pdf(facts, try Sample.profile(), "undistributed"))
        #expect(words.contains("1,800"))
    }

    @Test(arguments: ["standard", "thirteen"])
    func `tells why less is charged than a meter counted: months stay by the norm`(form: String)
        throws
    {
        var facts = Sample.seven()
        let place = try #require(
            facts.charges.firstIndex { $0.kind == "cold_water" && $0.sort == .charge })
        let told = Sample.q("6.18")
        facts.charges[place] = Sample.charge(
            "cold_water", "4.12", .meter, .m3, [Sample.part("4.12", "41.87", 17_250)],
            steps: [
                .readings(
                    meter: "12345678", register: .t1, from: Sample.q("116.34"),
                    to: Sample.q("122.52"), rolled: false),
                .spread(volume: told, months: 3), .kept(volume: told, months: 1, of: 3),
            ])
        let profile = try Sample.profile(form)
        let rows = Bill(facts, profile).form.rows(
            form == "standard" ? "Расчёт размера платы" : "")
        let noted = rows.filter { !$0.note.isEmpty }
        try #require(noted.count == 1)
        #expect(noted[0].cells.contains("Холодное водоснабжение"))
        #expect(
            noted[0].note
                == "Показания за 3 месяца: 1 из них начислен по нормативу и остаётся как есть")
        let words = try text(of: pdf(facts, profile, "kept-\(form)"))
        #expect(words.contains(squeezed(noted[0].note)))
    }

    @Test(arguments: ["standard", "thirteen"])
    func `ends no line between a number and the word that it needs`(form: String) throws {
        var facts = Sample.seven()
        let place = try #require(
            facts.charges.firstIndex { $0.kind == "heating" && $0.sort == .recalculation })
        let why = (1...9).map { "акт № \($0)-к от \($0) апреля 2026 г. на \($0) руб. по п. 98" }
        facts.charges[place] = Sample.charge(
            "heating", "-0.0946", .norm, .gcal, [], sort: .recalculation, amount: -22_818,
            because: .undersupply(days: 3, why: why.joined(separator: ", ")))
        let profile = try Sample.profile(form)
        let ground = try #require(
            Bill(facts, profile).form.rows("Перерасчёты").first { $0.cells[1].contains("акт") })
        #expect(
            ground.cells[1].contains(
                "акт №\u{A0}9-к от 9\u{A0}апреля 2026\u{A0}г. на 9\u{A0}руб. по п.\u{A0}98"))
        let drawn = String(
            decoding: try run(
                "pdftotext", "-raw", "-", "-", input: try pdf(facts, profile, "bound-\(form)")),
            as: UTF8.self)
        let lines = drawn.split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        #expect(lines.contains { $0.contains("9-к") })
        for line in lines {
            for end in ["акт №", "по п.", "апреля 2026"] {
                #expect(!line.hasSuffix(end), "\(line)")
            }
            for begin in ["апреля", "г. на", "руб. по"] {
                #expect(!line.hasPrefix(begin), "\(line)")
            }
        }
    }

    @Test func `plots months without readings as outlines, and says what they are`() throws {
        func plots(_ facts: BillFacts) throws -> (title: String, plots: [BillForm.Plot])? {
            for section in Bill(facts, try Sample.profile()).form.sections {
                if case .plots(let plots) = section.content { return (section.title, plots) }
            }
            return nil
        }
        var facts = Sample.overpaid()
        let told = try #require(try plots(facts))
        #expect(told.title == "Потребление за 12 месяцев")
        #expect(told.plots[0].bars.allSatisfy { !$0.isEstimated })
        #expect(told.plots[0].bars.prefix(3).allSatisfy { $0.height == nil })
        // A month that was read is what was read.
        facts.estimates = [
            "cold_water": [
                Sample.month: Sample.q("9"), Sample.month.advanced(by: -10): Sample.q("2.5"),
                Sample.month.advanced(by: -11): Sample.q("110.333333"),
            ],
            "electricity": [
                Sample.month: Sample.q("150"), Sample.month.advanced(by: -1): Sample.q("150.5"),
            ],
            // Of the house, and by area.
            "cold_water_house": [Sample.month.advanced(by: -11): Sample.q("1")],
            "heating": [Sample.month: Sample.q("1"), Sample.month.advanced(by: -1): Sample.q("1")],
        ]
        let both = try #require(try plots(facts))
        #expect(both.title.contains("по среднему или нормативу"))
        #expect(both.plots.map(\.title) == ["Холодная вода (ХВС), м³", "Электроэнергия, кВт·ч"])
        let water = both.plots[0].bars
        #expect(water.map(\.isEstimated) == [true, true] + Array(repeating: false, count: 10))
        #expect(water[2].height == nil && water[1].value == "2,5")
        // Of an average no more decimals than a meter has, though it is as high as it is.
        #expect(water[0].value == "110,333" && water[0].height == 110_333_333)
        #expect(both.plots[1].bars.suffix(2).map(\.value) == ["151", "150"])
        #expect(water.last?.height == Sample.q("2.015").millionths)
        #expect(both.plots[1].bars.suffix(2).allSatisfy { $0.isEstimated })
        _ = try pdf(facts, try Sample.profile(), "estimates")
    }

    @Test func `keeps apart what a payee of its own gets`() throws {
        let form = Bill(Sample.seven(), try Sample.profile()).form
        #expect(!form.rows("Расчёт размера платы").contains { $0.cells[0].contains("капитальный") })
        #expect(form.rows("Взнос на капитальный ремонт").first?.cells.last == "1\u{202F}416,14")
        #expect(form.slips.count == 2)
        #expect(form.slips[1].payee[0].value.hasPrefix("Фонд капитального ремонта"))
        #expect(form.slips[1].total.amount == "1\u{202F}416,14\u{A0}₽")
        // All of it together is what the month was closed with.
        let sum = form.slips.reduce(0) { $0 + kopecks($1.total.amount) }
        #expect(sum == Sample.seven().bill.closing.kopecks)
        #expect(kopecks(form.total.amount) == sum)
    }

    @Test func `is read from paper: its words, and codes of both payees`() throws {
        let pdf = try pdf(Sample.seven(), try Sample.profile(), "seven")
        let words = try text(of: pdf)
        for word in [
            "Платёжный документ", "Иванов Иван Иванович", "626200012",
            "Содержание жилого помещения",
            "учтены платежи, поступившие по 31.03.2026", "до 15.04.2026", "ООО УК «Спортивная»",
            "12345678", "14.08.2029", "Потребление за 12 месяцев", "Стр. 1 из 2",
        ] {
            #expect(words.contains(squeezed(word)), "\(word)")
        }
        let read = try codes(of: pdf)
        #expect(count("ST00011|", in: read) == 2)
        let main =
            "ST00011|Name=ООО УК «Спортивная»|PersonalAcc=40702810138250123017|"
            + "BankName=ПАО Сбербанк|BIC=044525225|CorrespAcc=30101810400000000225|"
            + "PayeeINN=6200098795|KPP=620001001|PersAcc=626200012|LastName=Иванов|"
            + "FirstName=Иван|MiddleName=Иванович|"
            + "PayerAddress=рп. Зеленодольский, ул. Спортивная, д. 10, кв. 15|PaymPeriod=032026|"
            + "Purpose=ЖКУ за 03.2026, л/с 626200012|Sum=749493"
        #expect(count(main, in: read) == 1)
    }

    @Test func `of who paid ahead asks for nothing, and leaves the sum to the payer`() throws {
        let facts = Sample.overpaid()
        let bill = Bill(facts, try Sample.profile())
        #expect(bill.form.total.amount == "0,00\u{A0}₽")
        #expect(bill.form.total.note == "переплата 812,46\u{A0}₽, платить не нужно")
        #expect(bill.form.steps.last?.label == "Переплата на 01.04.2026")
        let pdf = try pdf(facts, try Sample.profile(), "overpaid")
        let code = try codes(of: pdf)
        #expect(count("ST00011|", in: code) == 1 && count("|Sum=", in: code) == 0)
        #expect(try text(of: pdf).contains(squeezed("Сумму укажет плательщик")))
    }

    @Test func `without requisites has no code, and says so`() throws {
        var facts = Sample.seven()
        facts.suppliers[0].account = nil
        facts.suppliers[5].bic = "04452"
        let form = Bill(facts, try Sample.profile()).form
        for slip in form.slips {
            #expect(slip.code == nil)
            #expect(slip.caption.hasPrefix("QR-кода нет"))
        }
    }

    @Test func `is paid to the supplier that the card, or else the profile names`() throws {
        let named = try Sample.profile(more: #","payee":"fund""#)
        #expect(
            Bill(Sample.seven(), named).form.slips[0].payee[0].value.hasPrefix("Фонд"))
        var facts = Sample.seven()
        facts.bill.card = .object(["account": .string("1"), "payee": .string("energo")])
        #expect(Bill(facts, named).form.slips[0].payee[0].value == "ПАО «РЭСК»")
    }

    @Test func `in thirteen columns adds up to what is to be paid`() throws {
        let facts = Sample.seven()
        let profile = try Sample.profile("thirteen")
        let form = Bill(facts, profile).form
        let total = try #require(form.rows("").last).cells
        let main = form.slips[0].total.amount
        #expect(
            kopecks(total[12]) + kopecks(total[3]) + kopecks(total[4]) == kopecks(main))
        let heating = try #require(form.rows("").first { $0.cells[1] == "Отопление" }).cells
        #expect(heating[9] == "3" && heating[10] == "228,18" && heating[12] == "2\u{202F}129,66")
        let pdf = try pdf(facts, profile, "thirteen")
        #expect(try text(of: pdf).contains("СЧЕТ"))
        #expect(count("ST00011|", in: try codes(of: pdf)) == 2)
    }

    @Test func `is the same bytes whoever draws it`() throws {
        let bill = Bill(Sample.seven(), try Sample.profile())
        let press = Press()
        #expect(try press.pdf(bill) == press.pdf(bill))
        #expect(try press.pdf(bill) == Press().pdf(bill))
    }

    @Test func `that replaces an earlier one says so, and has a name of its month`() throws {
        var facts = Sample.seven()
        facts.bill.version = 2
        let bill = Bill(facts, try Sample.profile())
        #expect(bill.form.footer.contains("взамен составленного раньше, редакция 2"))
        #expect(bill.fileName == "Квитанция 2026-03 626200012.pdf")
        #expect(bill.plainFileName == "bill-2026-03.pdf")
    }
}
