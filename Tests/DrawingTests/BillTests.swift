import Drawing
import Foundation
import Testing

@Suite struct `A bill` {
    private func paper(_ form: BillForm) throws -> Paper {
        try Paper(try BillPrinter().pdf(form))
    }

    static let samples: [@Sendable () throws -> BillForm] = [
        Samples.seven, Samples.overpaid, Samples.thirteen, Samples.long,
    ]

    // MARK: Bytes

    @Test(arguments: samples) func `is always the same bytes`(
        sample: @Sendable () throws -> BillForm
    ) throws {
        let form = try sample()
        let printer = try BillPrinter()
        let first = try printer.pdf(form)
        // What was printed before leaves no trace, nor does another printer.
        _ = try printer.pdf(Samples.thirteen())
        #expect(try printer.pdf(form) == first)
        #expect(try BillPrinter().pdf(form) == first)
    }

    @Test func `is the same from two threads at once`() async throws {
        let form = try Samples.seven()
        let bills = try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<2 {
                group.addTask {
                    let printer = try BillPrinter()
                    return try (0..<5).map { _ in try printer.pdf(form) }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(bills.count == 10)
        #expect(Set(bills).count == 1)
    }

    @Test func `says that it was made when its content was frozen`() throws {
        let paper = try paper(Samples.seven())
        let lines = try paper.lines("pdfinfo", ["-isodates"])
        #expect(lines.contains { $0.first == "CreationDate:" && $0[1].hasPrefix("2026-04-01") })
        #expect(!lines.contains { $0.first == "ModDate:" })
    }

    @Test func `is of no day that is none`() throws {
        var form = try Samples.overpaid()
        form.date = .init(year: 2026, month: 13, day: 1)
        #expect(throws: DrawingError.noDate("2026-13-1")) { try BillPrinter().pdf(form) }
    }

    @Test(arguments: samples) func `takes at most 40 KB`(
        sample: @Sendable () throws -> BillForm
    ) throws {
        #expect(try BillPrinter().pdf(sample()).count <= 40 * 1024)
    }

    // MARK: Text

    /// Every text of the form.
    private func texts(_ form: BillForm) -> [String] {
        func of(_ pairs: [BillForm.Pair]) -> [String] { pairs.flatMap { [$0.label, $0.value] } }
        func of(_ total: BillForm.Total) -> [String] { [total.label, total.amount, total.note] }
        var texts = [form.title, form.subtitle, form.footer] + of(form.total)
        texts += form.blocks.flatMap { [$0.title] + of($0.pairs) }
        texts += form.steps.flatMap { [$0.label, $0.amount, $0.note] }
        for section in form.sections {
            texts.append(section.title)
            switch section.content {
            case .table(let table):
                texts += table.columns.filter { !$0.title.contains("\u{AD}") }.map(\.title)
                texts += table.columns.compactMap(\.group) + [table.legend]
                texts += table.rows.flatMap { $0.cells + [$0.note] }
            case .pairs(let pairs): texts += of(pairs)
            case .plots(let plots): texts += plots.map(\.title)
            case .notes(let notes): texts += notes
            }
        }
        for slip in form.slips {
            texts += [slip.title, slip.subtitle, slip.caption] + of(slip.payee) + of(slip.total)
            texts += of(slip.payer) + slip.blanks
        }
        return texts
    }

    @Test(arguments: samples) func `can be searched and copied: all words of the form are in it`(
        sample: @Sendable () throws -> BillForm
    ) throws {
        let form = try sample()
        let paper = try paper(form)
        // A page may end in the middle of a text.
        let words = Set(try paper.text().split { $0.isWhitespace }.map { squeezed(String($0)) })
        let whole = squeezed(try paper.text())
        for text in texts(form) where !whole.contains(squeezed(text)) {
            let lost = text.split { $0.isWhitespace }.filter {
                !words.contains(squeezed(String($0)))
            }
            // A part of a text may be broken within, never lost.
            #expect(lost.allSatisfy { whole.contains(squeezed(String($0))) }, "\(text)")
        }
    }

    @Test(arguments: samples) func `stands within margins of 10 mm on A4`(
        sample: @Sendable () throws -> BillForm
    ) throws {
        let paper = try paper(try sample())
        let lines = try paper.lines("pdfinfo")
        #expect(lines.contains { $0.prefix(2) == ["Page", "size:"] && $0.last == "(A4)" })
        try expectMargins(paper)
    }

    private func expectMargins(_ paper: Paper) throws {
        let margin = 10 / 25.4 * 72
        let boxes = try paper.boxes()
        #expect(!boxes.isEmpty)
        let outside = boxes.filter { box in
            box[0] < margin || box[1] < margin || box[2] > 595.28 - margin
                || box[3] > 841.89 - margin
        }
        #expect(outside.isEmpty)
    }

    @Test func `of a year writes every second value at least, and none over another`() throws {
        let years: [[Int64?]] = [
            (0..<12).map { 101 + 70 * $0 }, (0..<12).map { 902 - 70 * $0 },
            (0..<12).map { ($0 % 2 == 0 ? 203 : 803) + 10 * $0 },
            (0..<12).map { ($0 < 6 ? 104 : 804) + 10 * $0 },
        ]
        var form = try Samples.overpaid()
        let plots = years.map { Samples.plot("Вода", decimals: 2, $0) }
        form.sections = [.init("Потребление за 12 месяцев", .plots(plots))]
        let paper = try paper(form)
        let words = Set(try paper.text().split { $0.isWhitespace }.map(String.init))
        for plot in plots {
            let written = plot.bars.filter { words.contains($0.value) }
            #expect(written.count >= 5, "\(written.map(\.value))")
            let highest = plot.bars.max { ($0.height ?? 0) < ($1.height ?? 0) }
            #expect(written.contains { $0 == plot.bars.last })
            #expect(written.contains { $0 == highest } || highest == plot.bars[10])
        }
        // The letters of the plots alone; a point is let pass, since boxes have the room of letters that are not there.
        let boxes = try paper.boxes().filter { $0[3] - $0[1] < 8 }
        #expect(boxes.count >= 4 * (5 + 6))
        for (index, one) in boxes.enumerated() {
            for other in boxes[..<index] {
                #expect(
                    min(one[2], other[2]) - max(one[0], other[0]) < 1
                        || min(one[3], other[3]) - max(one[1], other[1]) < 1)
            }
        }
    }

    @Test func `of a year says that not all values are written, where that is so`() throws {
        func isSaid(_ plots: [BillForm.Plot]) throws -> Bool {
            var form = try Samples.overpaid()
            form.sections = [.init("Потребление", .plots(plots), note: "подписаны не все")]
            return squeezed(try paper(form).text()).contains(squeezed("подписаны не все"))
        }
        let narrow = Samples.plot("Вода", decimals: 0, (0..<12).map { 1 + $0 })
        #expect(try !isSaid([narrow]))
        let wide = Samples.plot("Вода", decimals: 2, (0..<12).map { 101 + 70 * $0 })
        #expect(try isSaid([wide, wide, wide, wide]))
    }

    @Test(arguments: samples) func `has its fonts in it, and no others`(
        sample: @Sendable () throws -> BillForm
    ) throws {
        let paper = try paper(try sample())
        let fonts = try paper.lines("pdffonts").dropFirst(2)
        #expect(!fonts.isEmpty)
        for font in fonts {
            #expect(font[0].contains("+PTSans"))
            // Embedded, a subset, with the characters that its glyphs stand for.
            #expect(font.suffix(5).prefix(3) == ["yes", "yes", "yes"], "\(font)")
        }
    }

    // MARK: Codes

    @Test func `has a code that a scanner reads back byte by byte`() throws {
        let form = try Samples.overpaid()
        let paper = try paper(form)
        let code = try #require(form.slips[0].code)
        #expect(code.starts(with: Array("ST00011|Name=".utf8)))
        #expect(Array(try paper.codes()) == code)
    }

    @Test func `has a code for each payee`() throws {
        let form = try Samples.seven()
        let paper = try paper(form)
        let codes = form.slips.compactMap { $0.code }
        let read = Array(try paper.codes())
        #expect(codes.count == 2)
        #expect(read == codes[0] + codes[1] || read == codes[1] + codes[0])
    }

    @Test func `has modules of 0,4 mm at least, however much is in the code`() throws {
        var form = try Samples.overpaid()
        for count in [40, 323, 500, 900] {
            form.slips[0].code = (0..<count).map { UInt8(65 + $0 % 26) }
            let paper = try paper(form)
            // A module is a pixel of a picture; the table says how many there are to an inch.
            let picture = try #require(try paper.lines("pdfimages", ["-list"]).dropFirst(2).first)
            let density = try #require(Double(picture[12]))
            #expect(25.4 / density >= 0.4, "\(picture)")
            #expect(Array(try paper.codes()) == form.slips[0].code)
        }
    }

    @Test func `is not printed without a code that has no place`() throws {
        var form = try Samples.overpaid()
        form.slips[0].code = [UInt8](repeating: 65, count: 2000)
        #expect(throws: DrawingError.codeTooLong(bytes: 2000)) { try BillPrinter().pdf(form) }
        form.slips[0].code = []
        #expect(throws: DrawingError.codeTooLong(bytes: 0)) { try BillPrinter().pdf(form) }
    }

    // MARK: Pages

    @Test func `of sixty services goes on with the head of its table and the number of the page`()
        throws
    {
        let paper = try paper(Samples.long())
        let pages = try paper.text().split(separator: "\u{0C}").map { squeezed(String($0)) }
        #expect(pages.count == 4)
        for (index, page) in pages.enumerated() {
            #expect(page.contains("Стр.\(index + 1)из4"))
            #expect(page.contains("Тариф,₽") == (index < 3))
            #expect(page.contains("·лицевойсчёт626200012") == (index > 0))
        }
        // The slips stay where they are torn off, and the sum with what it sums up.
        #expect(pages[0].contains("Извещение"))
        #expect(pages[2].contains("Услуга№60") && pages[2].contains("Итогозамарт"))
        for number in 1...60 {
            #expect(pages.contains { $0.contains("Услуга№\(number)сочень") })
        }
    }

    @Test func `of seven services and two payees is two pages`() throws {
        let paper = try paper(Samples.seven())
        #expect(try paper.text().split(separator: "\u{0C}").count == 2)
    }

    @Test func `of any number of rows tears no sum from its services`() throws {
        let printer = try BillPrinter()
        // Rows as high as the sum: of these counts one ends where the sum would be alone on the next page.
        for count in 10...30 {
            var form = try Samples.long()
            let rows = (1...count).map { BillForm.Row(["Услуга № \($0)"]) }
            let sum = BillForm.Row(["Итого за март"], kind: .total)
            form.sections = [
                .init("", .table(.init(columns: Samples.serviceColumns, rows: rows + [sum])))
            ]
            let paper = try Paper(printer.pdf(form))
            let pages = try paper.text().split(separator: "\u{0C}").map { squeezed(String($0)) }
            let page = try #require(pages.first { $0.contains("Итогозамарт") })
            #expect(page.contains("Услуга№\(count)Итого"), "\(count)")
        }
    }

    // MARK: What nobody expects

    @Test func `is made of rubbish too`() throws {
        let rubbish = [
            "", " ", "\u{0}", "a\u{0}b", "\r\n\t\u{1B}[31m", "\u{7F}\u{9F}", "😀👨‍👩‍👧", "\u{202E}abc",
            "שלום عربى 漢字", "e\u{301}\u{302}\u{303}", "и\u{306}", "\u{FFFF}\u{10FFFF}", "\u{AD}",
            ",",
            "{page}", "<b>&amp;", "%PDF (\\)", String(repeating: "Щ", count: 3000),
            String(repeating: "длинно ", count: 900), String(repeating: "\n", count: 200),
        ]
        let printer = try BillPrinter()
        for (index, text) in rubbish.enumerated() {
            // Each text in each form, and the forms in turn.
            for var form in [index % 2 == 0 ? try Samples.seven() : try Samples.thirteen()] {
                form.title = text
                form.subtitle = text
                form.running = text
                form.footer = text
                form.pageNumber = text
                form.total = .init(label: text, amount: text, note: text)
                form.blocks[0].pairs[0] = .init(text, text)
                form.blocks[1].title = text
                form.steps = [.init(label: text, amount: text, note: text)]
                form.slips[0].payee[0] = .init(text, text)
                form.slips[0].total = form.total
                form.slips[0].blanks = [text]
                form.slips[0].caption = text
                let row = BillForm.Row([String](repeating: text, count: 20), note: text)
                form.sections = [
                    .init(
                        text,
                        .table(
                            .init(
                                columns: [
                                    .init(text, group: text, .decimal), .init(text, .leading),
                                    .init(text, group: text, .center), .init(text, .trailing),
                                ], rows: [row, row, row], legend: text))),
                    .init(text, .plots([.init(title: text, bars: [])])),
                    .init(
                        text,
                        .plots([
                            .init(
                                title: text,
                                bars: [
                                    .init(label: text, height: .max, value: text),
                                    .init(label: text, height: .min, value: text),
                                ])
                        ])),
                    .init(text, .pairs([.init(text, text)])), .init(text, .notes([text])),
                ]
                let pdf = try printer.pdf(form)
                let paper = try Paper(pdf)
                #expect(try !paper.lines("pdfinfo").isEmpty)
                try expectMargins(paper)
                #expect(
                    try paper.lines("pdffonts").dropFirst(2).allSatisfy {
                        $0[0].contains("+PTSans")
                    })
            }
        }
    }

    @Test func `of nothing is an empty page`() throws {
        let form = BillForm(
            layout: .standard, date: .init(year: 2026, month: 4, day: 1), title: "", subtitle: "",
            running: "", total: .init(label: "", amount: "", note: ""), blocks: [], steps: [],
            sections: [
                .init("", .table(.init(columns: [], rows: []))), .init("", .plots([])),
                .init("", .pairs([])), .init("", .notes([])),
            ], slips: [], footer: "", pageNumber: "")
        let paper = try paper(form)
        #expect(squeezed(try paper.text()) == "")
    }

    @Test func `writes what its font has not as a question mark, and letters with their marks`()
        throws
    {
        var form = try Samples.overpaid()
        form.footer = "[😀] [и\u{306}] [漢] [\u{200D}] [№ ₽ ё]"
        let paper = try paper(form)
        let text = squeezed(try paper.text()).precomposedStringWithCanonicalMapping
        #expect(text.contains("[?][й][?][][№₽ё]"))
    }
}
