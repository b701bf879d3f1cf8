/// A table in a width: how wide its columns must be, and the bands of its head and rows. Columns of numbers are as wide as
/// what stands in them; words take the rest. Where that is not enough the letters become smaller and narrower, and only
/// then are numbers broken.
struct Grid {
    private let table: BillForm.Table
    private let composer: Composer
    private let isThirteen: Bool
    private let x: Double
    private let width: Double
    private var font: Typesetter.Font
    private var bold: Typesetter.Font
    private var headFont: Typesetter.Font
    private var widths: [Double] = []
    /// Of decimal columns: the widest of what stands from the comma on.
    private var fractions: [Double] = []
    /// It fits in letters of full size, with few words broken into lines.
    private(set) var isAtEase = false
    private var hasRoom = false

    private var pad: Double { isThirteen ? 2.2 : 4 }
    private var typesetter: Typesetter { composer.typesetter }
    private static let indent = 8.0
    /// A head is drawn again on each page, so it leaves room for rows whatever its titles are.
    private static let headLines = 12

    private static let steps: [(Typesetter.Face, Double)] = [
        (.regular, 8), (.regular, 7.5), (.narrow, 8), (.narrow, 7.5), (.narrow, 7), (.narrow, 6.5),
        (.narrow, 6), (.narrow, 5.5),
    ]

    init(
        _ table: BillForm.Table, _ layout: BillForm.Layout, _ composer: Composer, x: Double,
        width: Double, isNarrow: Bool
    ) throws(DrawingError) {
        self.table = table
        self.composer = composer
        self.x = x
        self.width = width
        isThirteen = layout == .thirteen
        font = composer.body
        bold = composer.strong
        headFont = composer.small
        let steps = isThirteen ? Self.steps.dropFirst(2) : Self.steps[...]
        for (face, size) in isNarrow ? steps.prefix(1) : steps {
            font = try typesetter.font(face, size)
            bold = try typesetter.font(face.inBold, size)
            headFont = try typesetter.font(face, min(6.75, size))
            if measure() {
                isAtEase = size == 8 && hasRoom
                return
            }
        }
        squeeze()
    }

    // MARK: Widths

    private func texts(_ column: Int) -> [(text: String, font: Typesetter.Font)] {
        table.rows.filter { $0.kind != .heading && $0.cells.count > column }.map { row in
            (row.cells[column], row.kind == .total || row.kind == .subtotal ? bold : font)
        }
    }

    /// Whether all columns have what they need at this size.
    private mutating func measure() -> Bool {
        let columns = table.columns
        fractions = [Double](repeating: 0, count: columns.count)
        var least: [Double] = []
        var wished: [Double] = []
        let named = columns.firstIndex { $0.alignment == .leading }
        for (index, column) in columns.enumerated() {
            let head = typesetter.longestPart(column.title, headFont)
            let texts = texts(index)
            var need = head
            var wish = head
            switch column.alignment {
            case .leading:
                for (text, font) in texts {
                    need = max(need, min(typesetter.longestPart(text, font), 110))
                    wish = max(wish, typesetter.width(text, font))
                }
                if index == named, table.rows.contains(where: { $0.kind == .part }) {
                    need += Self.indent
                    wish += Self.indent
                }
                wish = min(max(wish, need), self.width * 0.6)
            case .center, .trailing:
                for (text, font) in texts { need = max(need, typesetter.width(text, font)) }
            case .decimal:
                var whole = 0.0
                var fraction = 0.0
                for (text, font) in texts {
                    guard Self.isNumber(text) else {
                        need = max(need, typesetter.width(text, font))
                        continue
                    }
                    let (before, after) = Self.halves(text)
                    whole = max(whole, typesetter.width(before, font))
                    fraction = max(fraction, typesetter.width(after, font))
                }
                fractions[index] = fraction
                need = max(need, whole + fraction)
            }
            // Rubbish in a column of numbers shall not push the others from the page.
            if column.alignment != .leading { need = min(need, self.width * 0.3) }
            // A title of two words looks better on one line, where there is room.
            if !isThirteen {
                wish = max(wish, min(typesetter.width(column.title, headFont), need + 40))
            }
            least.append(need + 2 * pad)
            wished.append(max(need, wish) + 2 * pad)
        }
        let spare = self.width - least.reduce(0, +)
        guard spare >= 0 else {
            widths = least
            return false
        }
        // First what words wish for, then a little air for all.
        let wish = zip(wished, least).reduce(0) { $0 + $1.0 - $1.1 }
        let share = wish > 0 ? min(1, spare / wish) : 1
        hasRoom = share > 0.75
        let air = (spare - wish * share) / Double(max(1, columns.count))
        widths = zip(least, wished).map { $0 + ($1 - $0) * share + air }
        return true
    }

    /// Nothing is wide enough: every column gives way in proportion, and breaks what it holds.
    private mutating func squeeze() {
        let sum = widths.reduce(0, +)
        guard sum > width else { return }
        widths = widths.map { $0 * width / sum }
    }

    private static func halves(_ text: String) -> (String, String) {
        guard let comma = text.lastIndex(of: ",") else { return (text, "") }
        return (String(text[..<comma]), String(text[comma...]))
    }

    private static func isNumber(_ text: String) -> Bool {
        text.utf8.contains { 48...57 ~= $0 }
    }

    private func left(_ column: Int) -> Double { x + widths[..<column].reduce(0, +) }

    private var verticals: [Double] {
        guard isThirteen else { return [] }
        return (0...widths.count).map(left)
    }

    // MARK: The head

    func head() -> [Band] {
        guard table.columns.contains(where: { !$0.title.isEmpty || $0.group != nil }) else {
            return []
        }
        var bands: [Band] = []
        let titles = table.columns.enumerated().map { index, column in
            Array(
                composer.items(
                    column.title, headFont, width: widths[index] - 2 * pad,
                    isThirteen ? .center : column.alignment, gray: isThirteen ? 0 : Composer.grey
                ).prefix(Self.headLines))
        }
        // A group and its line above the titles of its columns; the other titles may be as high as both.
        let groups = groups()
        let groupItems = groups.map { group in
            Array(
                composer.items(
                    group.name, headFont, width: group.width - 2 * pad, .center,
                    gray: isThirteen ? 0 : Composer.grey
                ).prefix(2))
        }
        func height(_ items: [Item]) -> Double { items.reduce(0) { $0 + $1.height } }
        let above = groupItems.map { height($0) + 2.5 }.max() ?? 0
        let grouped = Set(groups.flatMap { Array($0.columns) })
        let below = titles.indices.filter(grouped.contains).map { height(titles[$0]) }.max() ?? 0
        let alone = titles.indices.filter { !grouped.contains($0) }.map { height(titles[$0]) }
        let full = max(above + below, alone.max() ?? 0)
        var marks: [Page.Mark] = []
        for (index, items) in titles.enumerated() {
            var y = full - height(items)
            if isThirteen {
                y =
                    grouped.contains(index)
                    ? full - below + (below - height(items)) / 2 : (full - height(items)) / 2
            }
            for item in items {
                marks += item.marks.map { $0.moved(x: left(index) + pad, y: y) }
                y += item.height
            }
        }
        for (group, items) in zip(groups, groupItems) {
            let line = full - below - 1.25
            var y = line - 1.25 - height(items)
            for item in items {
                marks += item.marks.map { $0.moved(x: group.x + pad, y: y) }
                y += item.height
            }
            let inset = isThirteen ? 0 : pad
            marks.append(
                .rule(
                    x: group.x + inset, y: line, toX: group.x + group.width - inset, toY: line,
                    .hair))
        }
        var band = Band(
            stacks: [.init(x: 0, items: [Item(height: full, marks: marks)])], top: 2, bottom: 2.5,
            left: x, right: x + width, rule: .thin, staysWithNext: true)
        if isThirteen {
            band.ruleAbove = .thin
            // Within a group the grid begins below its title.
            let inner = Set(groups.flatMap { $0.columns.dropFirst() })
            band.verticals = (0...widths.count).filter { !inner.contains($0) }.map(left)
            for index in inner {
                let line = full - below - 1.25
                band.stacks[0].items[0].marks.append(
                    .rule(
                        x: left(index), y: line, toX: left(index), toY: full + band.bottom,
                        .grid))
            }
        }
        bands.append(band)
        // A few columns need no numbers.
        if isThirteen, table.columns.count > 8 {
            let numbers = table.columns.indices.map { index in
                Band.Stack(
                    x: left(index),
                    items: composer.items(
                        "\(index + 1)", composer.tiny, width: widths[index], .center))
            }
            bands.append(
                Band(
                    stacks: numbers, top: 0.5, bottom: 0.5, left: x, right: x + width, rule: .thin,
                    verticals: verticals, staysWithNext: true))
        }
        return bands
    }

    private struct Group {
        var name: String
        var columns: Range<Int>
        var x: Double
        var width: Double
    }

    private func groups() -> [Group] {
        var groups: [Group] = []
        for (index, column) in table.columns.enumerated() {
            guard let name = column.group else { continue }
            if let last = groups.last, last.name == name, last.columns.upperBound == index {
                groups[groups.count - 1].columns = last.columns.lowerBound..<index + 1
                groups[groups.count - 1].width += widths[index]
            } else {
                groups.append(
                    Group(
                        name: name, columns: index..<index + 1, x: left(index),
                        width: widths[index]))
            }
        }
        return groups
    }

    // MARK: Rows

    func rows() -> [Band] {
        var bands: [Band] = []
        for (index, row) in table.rows.enumerated() {
            let next = index + 1 < table.rows.count ? table.rows[index + 1] : nil
            let isSum = row.kind == .total || row.kind == .subtotal
            var band = Band(
                stacks: row.kind == .heading ? heading(row) : cells(row), top: 1.8, bottom: 1.8,
                left: x, right: x + width, rule: isThirteen ? .grid : .hair,
                verticals: row.kind == .heading ? edges : verticals)
            if row.kind == .heading, !isThirteen { band.top = 4.5 }
            if isSum, !isThirteen { band.ruleAbove = .thin }
            if row.kind == .total { band.rule = .thin }
            if row.kind == .total, isThirteen { band.ruleAbove = .thin }
            if next == nil, !isSum { band.rule = .thin }
            // A sum is not torn from what it sums up, nor a heading from what it is above.
            band.staysWithNext =
                row.kind == .heading || next?.kind == .total || next?.kind == .subtotal
            bands.append(band)
            guard !row.note.isEmpty else { continue }
            let rule = bands[bands.count - 1].rule
            bands[bands.count - 1].rule = nil
            bands[bands.count - 1].bottom = 0
            let stays = bands[bands.count - 1].staysWithNext
            bands[bands.count - 1].staysWithNext = true
            let inset = pad + (row.kind == .part ? Self.indent : 0)
            bands.append(
                Band(
                    stacks: [
                        .init(
                            x: x + inset,
                            items: composer.items(
                                row.note, composer.small, width: width - inset - pad,
                                gray: Composer.grey))
                    ], bottom: 1.8, left: x, right: x + width, rule: rule, verticals: edges,
                    staysWithNext: stays))
        }
        return bands
    }

    private var edges: [Double] { isThirteen ? [x, x + width] : [] }

    private func heading(_ row: BillForm.Row) -> [Band.Stack] {
        [
            .init(
                x: x + pad,
                items: composer.items(row.cells.first ?? "", bold, width: width - 2 * pad))
        ]
    }

    private func cells(_ row: BillForm.Row) -> [Band.Stack] {
        let named = table.columns.firstIndex { $0.alignment == .leading }
        let font = row.kind == .total || row.kind == .subtotal ? bold : font
        return zip(0..., zip(table.columns, row.cells)).map { index, cell in
            let (column, text) = cell
            let inset = index == named && row.kind == .part ? Self.indent : 0
            let inner = widths[index] - 2 * pad - inset
            var items = composer.items(text, font, width: inner, column.alignment)
            if column.alignment == .decimal, items.count == 1, Self.isNumber(text) {
                // The room that other rows need behind the comma.
                let after = typesetter.width(Self.halves(text).1, font)
                let shift = min(fractions[index] - after, inner - typesetter.width(text, font))
                items[0].marks = items[0].marks.map { $0.moved(x: -max(0, shift), y: 0) }
            }
            return .init(x: left(index) + pad + inset, items: items)
        }
    }
}
