/// What is torn off.
extension Composer {
    /// A module of the code is 0.42 mm at least, so that telephones read it from any printer's paper; in points, and whole
    /// multiples of what cairo counts in.
    private static let leastModule = 306.0 / 256
    /// What a code takes with its border of four modules, as long as modules need not be larger.
    private static let codeSide = 100.0
    /// More modules have no place beside the text.
    private static let mostModules = 133

    func band(of slip: BillForm.Slip) throws(DrawingError) -> Band {
        var stacks: [Band.Stack] = []
        var x = Page.margin
        let right = Page.width - Page.margin
        if let bytes = slip.code {
            guard let code = QRCode(bytes: bytes), code.side <= Self.mostModules else {
                throw .codeTooLong(bytes: bytes.count)
            }
            let fitting = (Self.codeSide / Double(code.side + 8) * 256).rounded(.down) / 256
            let module = min(max(fitting, Self.leastModule), 2.25)
            // The margin of the page is a part of the border, the gutter too.
            let side = module * Double(code.side)
            let quiet = module * 4
            let item = Item(
                height: side + quiet,
                marks: [.code(code, x: 0, y: 0, module: module)])
            let caption = items(slip.caption, small, width: side, .center, gray: Self.grey)
            stacks.append(.init(x: x, items: [item] + caption))
            x += side + max(quiet, 14)
        }
        let sumWidth = 122.0
        let middle = right - sumWidth - 14 - x
        var text = items(slip.title, heading, width: middle)
        text += items(slip.subtitle, small, width: middle, gray: Self.grey)
        text.append(Item(height: 3, marks: []))
        // One column of values for both.
        let labels = (slip.payee + slip.payer).map { typesetter.width($0.label, small) }.max() ?? 0
        text += pairs(slip.payee, width: middle, font: small, labels: labels)
        text.append(Item(height: 3, marks: []))
        text += pairs(slip.payer, width: middle, font: small, labels: labels)
        stacks.append(.init(x: x, items: text))

        var sum: [Item] = []
        let inner = sumWidth - 16
        sum.append(Item(height: 5, marks: []))
        // The frame is of one piece, so it has an end.
        sum += items(slip.total.label, body, width: inner).prefix(3)
        sum += items(slip.total.amount, amountFont(slip.total.amount, inner), width: inner)
            .prefix(3)
        sum += items(slip.total.note, small, width: inner, gray: Self.grey).prefix(8)
        sum.append(Item(height: 5, marks: []))
        sum = framed(sum, width: sumWidth)
        for blank in slip.blanks {
            let label = typesetter.clipped(blank, small, width: sumWidth - 24)
            let y = 20.0
            sum.append(
                Item(
                    height: y + 2,
                    marks: [
                        .text(label, small, x: 0, y: y - 1, gray: Self.grey),
                        .rule(
                            x: min(label.width + 4, sumWidth - 20), y: y, toX: sumWidth, toY: y,
                            .thin),
                    ]))
        }
        stacks.append(.init(x: right - sumWidth, items: sum))
        return Band(
            stacks: stacks, top: 10, bottom: 8, left: 0, right: Page.width, ruleAbove: .cut)
    }

    private func amountFont(_ text: String, _ width: Double) -> Typesetter.Font {
        typesetter.width(text, title) <= width ? title : figure
    }

    /// The items in a frame of one piece.
    private func framed(_ items: [Item], width: Double) -> [Item] {
        var marks: [Page.Mark] = []
        var y = 0.0
        for item in items {
            marks += item.marks.map { $0.moved(x: 8, y: y) }
            y += item.height
        }
        for (fromX, fromY, toX, toY) in [
            (0, 0, width, 0), (0, y, width, y), (0, 0, 0, y), (width, 0, width, y),
        ] {
            marks.append(.rule(x: fromX, y: fromY, toX: toX, toY: toY, .strong))
        }
        return [Item(height: y, marks: marks)]
    }
}
