/// Where everything of a bill stands: form in, pages out. What is read first is largest: what to pay and until when, then
/// who and whose, then how it came about. Lines are hair-thin and grey is never lighter than a printer's black can show.
struct Composer {
    let typesetter: Typesetter
    let title: Typesetter.Font
    let amount: Typesetter.Font
    let heading: Typesetter.Font
    let body: Typesetter.Font
    let strong: Typesetter.Font
    let small: Typesetter.Font
    let smallStrong: Typesetter.Font
    let figure: Typesetter.Font
    let plainFigure: Typesetter.Font
    let tiny: Typesetter.Font

    /// Of labels and notes.
    static let grey = 0.25
    static let gutter = 20.0

    init(_ typesetter: Typesetter) throws(DrawingError) {
        self.typesetter = typesetter
        title = try typesetter.font(.bold, 17)
        amount = try typesetter.font(.bold, 19)
        heading = try typesetter.font(.bold, 9)
        body = try typesetter.font(.regular, 8)
        strong = try typesetter.font(.bold, 8)
        small = try typesetter.font(.regular, 6.75)
        smallStrong = try typesetter.font(.bold, 6.75)
        figure = try typesetter.font(.bold, 10)
        plainFigure = try typesetter.font(.regular, 10)
        tiny = try typesetter.font(.regular, 5.75)
    }

    // MARK: The whole

    mutating func pages(of form: BillForm) throws(DrawingError) -> [Page] {
        let footer = Page.height - Page.margin - 4
        let end = footer - 8
        var slips: [[Band]] = []
        for slip in form.slips { slips.append([try band(of: slip)]) }
        // On the first page as long as the bill itself keeps the larger part of it.
        var atFoot: [[Band]] = []
        var reserved = 0.0
        for slip in slips {
            let height = slip.reduce(0) { $0 + $1.height }
            guard atFoot.count == slips.count || reserved + height < Page.height * 0.42 else {
                break
            }
            atFoot.append(slip)
            reserved += height
        }
        var flow = Flow(
            from: Page.margin, firstEnd: reserved > 0 ? end - reserved - 8 : end,
            start: Page.margin + 22, end: end)
        switch form.layout {
        case .standard: flow.add([standardHeading(form)])
        case .thirteen: flow.add(centredHeading(form))
        }
        flow.add(blocks(form.blocks))
        if !form.steps.isEmpty { flow.add([.gap(6), steps(form.steps)]) }
        try add(form.sections, layout: form.layout, to: &flow)
        for slip in slips.dropFirst(atFoot.count) { flow.add([.gap(10)] + slip) }
        var pages = flow.pages
        var y = end - reserved
        for band in atFoot.joined() {
            band.draw(on: &pages[0], y: y)
            y += band.height
        }
        for index in pages.indices { furnish(&pages[index], index, of: pages.count, form, footer) }
        return pages
    }

    private func furnish(
        _ page: inout Page, _ index: Int, of count: Int, _ form: BillForm, _ footer: Double
    ) {
        let right = Page.width - Page.margin
        let number = typesetter.clipped(
            filled(form.pageNumber, ["{page}": index + 1, "{pages}": count]), small,
            width: Page.body / 2)
        page.marks.append(
            .text(
                number, small, x: right - number.width, y: footer + small.baseline,
                gray: Self.grey))
        let room = Page.body - number.width - Self.gutter
        page.marks.append(
            .text(
                typesetter.clipped(form.footer, small, width: room), small, x: Page.margin,
                y: footer + small.baseline, gray: Self.grey))
        guard index > 0 else { return }
        page.marks.append(
            .text(
                typesetter.clipped(form.running, body, width: Page.body), body, x: Page.margin,
                y: Page.margin + body.baseline, gray: Self.grey))
        page.marks.append(
            .rule(x: Page.margin, y: Page.margin + 14, toX: right, toY: Page.margin + 14, .hair))
    }

    private func filled(_ text: String, _ values: [String: Int]) -> String {
        var text = text
        for (name, value) in values {
            guard let range = text.firstRange(of: name) else { continue }
            text.replaceSubrange(range, with: String(value))
        }
        return text
    }

    // MARK: The top

    private func standardHeading(_ form: BillForm) -> Band {
        let widest = max(
            typesetter.width(form.total.amount, amount),
            typesetter.width(form.total.label, body), 130)
        let right = min(max(widest, min(typesetter.width(form.total.note, body), 190)), 260)
        let left = Page.body - right - Self.gutter
        return Band(
            stacks: [
                .init(
                    x: Page.margin,
                    items: items(form.title, title, width: left)
                        + items(form.subtitle, body, width: left)),
                .init(
                    x: Page.width - Page.margin - right,
                    items: items(form.total.label, body, width: right, .trailing)
                        + items(form.total.amount, amount, width: right, .trailing)
                        + items(form.total.note, body, width: right, .trailing, gray: Self.grey)),
            ],
            bottom: 6, left: Page.margin, right: Page.width - Page.margin, rule: .strong)
    }

    private func centredHeading(_ form: BillForm) -> [Band] {
        let line = form.total.label + " " + form.total.amount
        return [
            Band(stacks: [
                .init(
                    x: Page.margin,
                    items: items(form.title, title, width: Page.body, .center)
                        + items(form.subtitle, heading, width: Page.body, .center))
            ]),
            .gap(4),
            Band(
                stacks: [
                    .init(
                        x: Page.margin,
                        items: items(line, figure, width: Page.body, .center)
                            + items(
                                form.total.note, body, width: Page.body, .center, gray: Self.grey))
                ],
                bottom: 6, left: Page.margin, right: Page.width - Page.margin, rule: .strong),
        ]
    }

    private func blocks(_ blocks: [BillForm.Block]) -> [Band] {
        var bands: [Band] = []
        let width = (Page.body - Self.gutter) / 2
        for first in stride(from: 0, to: blocks.count, by: 2) {
            let pair = blocks[first..<min(first + 2, blocks.count)]
            let isAlone = pair.count == 1
            bands.append(.gap(6))
            bands.append(
                Band(
                    stacks: zip(0..., pair).map { index, block in
                        let width = isAlone ? Page.body : width
                        var items: [Item] = []
                        if !block.title.isEmpty {
                            items = self.items(block.title, smallStrong, width: width)
                            items.append(Item(height: 1.5, marks: []))
                        }
                        return .init(
                            x: Page.margin + Double(index) * (width + Self.gutter),
                            items: items + self.pairs(block.pairs, width: width))
                    }))
        }
        return bands
    }

    private func steps(_ steps: [BillForm.Step]) -> Band {
        let width = Page.body / Double(steps.count)
        let pad = 5.0
        let inner = width - 2 * pad
        var band = Band(
            stacks: [], top: 4, bottom: 4, left: Page.margin, right: Page.width - Page.margin,
            rule: .thin, ruleAbove: .thin)
        let labels = steps.map { typesetter.lines($0.label, small, width: inner).count }.max() ?? 1
        for (index, step) in steps.enumerated() {
            let x = Page.margin + Double(index) * width
            let font = step.isResult ? smallStrong : small
            var stack = items(step.label, font, width: inner, gray: step.isResult ? 0 : Self.grey)
            // Amounts stand on one line, however many lines a label has.
            for _ in stack.count..<max(labels, stack.count) {
                stack.insert(Item(height: small.lineHeight, marks: []), at: 0)
            }
            stack += items(step.amount, step.isResult ? figure : plainFigure, width: inner)
            if !step.note.isEmpty {
                stack += items(step.note, tiny, width: inner, gray: Self.grey)
            }
            band.stacks.append(.init(x: x + pad, items: stack))
            if index > 0 { band.verticals.append(x) }
        }
        return band
    }

    // MARK: Sections

    private func add(
        _ sections: [BillForm.Section], layout: BillForm.Layout, to flow: inout Flow
    ) throws(DrawingError) {
        let half = (Page.body - Self.gutter) / 2
        var index = 0
        while index < sections.count {
            if index + 1 < sections.count,
                let left = try narrow(sections[index], width: half, x: Page.margin, layout),
                let right = try narrow(
                    sections[index + 1], width: half, x: Page.margin + half + Self.gutter, layout),
                max(height(left), height(right)) <= flow.whole
            {
                flow.skip(9)
                flow.addBeside([left, right])
                index += 2
            } else {
                try addWhole(sections[index], layout: layout, to: &flow)
                index += 1
            }
        }
    }

    private func height(_ bands: [Band]) -> Double { bands.reduce(0) { $0 + $1.height } }

    private func sectionTitle(_ text: String, x: Double, width: Double) -> [Band] {
        guard !text.isEmpty else { return [] }
        return [
            Band(
                stacks: [.init(x: x, items: items(text, heading, width: width))], bottom: 2.5,
                staysWithNext: true)
        ]
    }

    private func addWhole(
        _ section: BillForm.Section, layout: BillForm.Layout, to flow: inout Flow
    ) throws(DrawingError) {
        let title =
            [.gap(9, staysWithNext: true)]
            + sectionTitle(section.title, x: Page.margin, width: Page.body)
        switch section.content {
        case .table(let table):
            let grid = try Grid(
                table, layout, self, x: Page.margin, width: Page.body, isNarrow: false)
            flow.add(title, head: grid.head(), grid.rows() + legend(table, width: Page.body))
        case .pairs(let pairs):
            flow.add(
                title,
                [Band(stacks: [.init(x: Page.margin, items: self.pairs(pairs, width: Page.body))])])
        case .plots(let plots):
            flow.add(title, self.plots(plots, note: section.note))
        case .notes(let notes):
            flow.add(title, self.notes(notes, x: Page.margin, width: Page.body))
        }
    }

    /// The section in half the width, if it looks as well there.
    private func narrow(
        _ section: BillForm.Section, width: Double, x: Double, _ layout: BillForm.Layout
    ) throws(DrawingError) -> [Band]? {
        let title = sectionTitle(section.title, x: x, width: width)
        switch section.content {
        case .table(let table):
            guard table.rows.count <= 30 else { return nil }
            let grid = try Grid(table, layout, self, x: x, width: width, isNarrow: true)
            guard grid.isAtEase else { return nil }
            return title + grid.head() + grid.rows() + legend(table, x: x, width: width)
        case .pairs(let pairs):
            return title
                + [Band(stacks: [.init(x: x, items: self.pairs(pairs, width: width))])]
        case .plots, .notes: return nil
        }
    }

    private func legend(_ table: BillForm.Table, x: Double = Page.margin, width: Double) -> [Band] {
        guard !table.legend.isEmpty else { return [] }
        return [
            Band(
                stacks: [
                    .init(x: x, items: items(table.legend, small, width: width, gray: Self.grey))
                ], top: 2.5)
        ]
    }

    private func notes(_ notes: [String], x: Double, width: Double) -> [Band] {
        notes.map { note in
            Band(stacks: [.init(x: x, items: items(note, small, width: width))], bottom: 2)
        }
    }

    // MARK: Lines

    func items(
        _ text: String, _ font: Typesetter.Font, width: Double,
        _ alignment: BillForm.Column.Alignment = .leading, gray: Double = 0
    ) -> [Item] {
        guard !text.isEmpty else { return [] }
        return typesetter.lines(text, font, width: width).map { line in
            let x: Double =
                switch alignment {
                case .leading: 0
                case .center: (width - line.width) / 2
                case .trailing, .decimal: width - line.width
                }
            return Item(
                height: font.lineHeight,
                marks: [.text(line, font, x: x, y: font.baseline, gray: gray)])
        }
    }

    /// Labels in one column and values in another, line by line.
    /// - Parameters:
    ///   - font: of both; that of the body unless given.
    ///   - labels: how wide the labels are; as wide as they must be unless given.
    func pairs(
        _ pairs: [BillForm.Pair], width: Double, font: Typesetter.Font? = nil,
        labels: Double? = nil
    ) -> [Item] {
        let font = font ?? body
        let gap = 8.0
        let widest = labels ?? pairs.map { typesetter.width($0.label, font) }.max() ?? 0
        let labelWidth = min(widest, width * 0.42)
        let x = labelWidth > 0 ? labelWidth + gap : 0
        var items: [Item] = []
        for pair in pairs {
            let labels = typesetter.lines(pair.label, font, width: labelWidth)
            let values = typesetter.lines(pair.value, font, width: width - x)
            for index in 0..<max(labels.count, values.count) {
                var item = Item(height: font.lineHeight, marks: [])
                if index < labels.count {
                    item.marks.append(
                        .text(labels[index], font, x: 0, y: font.baseline, gray: Self.grey))
                }
                if index < values.count {
                    item.marks.append(
                        .text(values[index], font, x: x, y: font.baseline, gray: 0))
                }
                items.append(item)
            }
        }
        return items
    }
}
