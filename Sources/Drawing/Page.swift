/// What stands on a page of A4, in points from its upper left corner.
struct Page {
    static let width = 595.276
    static let height = 841.890
    /// 12 mm.
    static let margin = 34.0
    static var body: Double { width - 2 * margin }

    enum Mark {
        case text(Typesetter.Line, Typesetter.Font, x: Double, y: Double, gray: Double)
        case rule(x: Double, y: Double, toX: Double, toY: Double, Pen)
        case fill(x: Double, y: Double, width: Double, height: Double, gray: Double)
        case code(QRCode, x: Double, y: Double, module: Double)

        func moved(x dx: Double, y dy: Double) -> Mark {
            switch self {
            case .text(let line, let font, let x, let y, let gray):
                .text(line, font, x: x + dx, y: y + dy, gray: gray)
            case .rule(let x, let y, let toX, let toY, let pen):
                .rule(x: x + dx, y: y + dy, toX: toX + dx, toY: toY + dy, pen)
            case .fill(let x, let y, let width, let height, let gray):
                .fill(x: x + dx, y: y + dy, width: width, height: height, gray: gray)
            case .code(let code, let x, let y, let module):
                .code(code, x: x + dx, y: y + dy, module: module)
            }
        }
    }

    /// How a rule is drawn.
    struct Pen: Equatable {
        var width: Double
        var gray: Double
        var isDashed = false

        static let hair = Pen(width: 0.3, gray: 0.6)
        static let thin = Pen(width: 0.5, gray: 0)
        static let strong = Pen(width: 1, gray: 0)
        static let grid = Pen(width: 0.3, gray: 0.3)
        static let cut = Pen(width: 0.5, gray: 0.3, isDashed: true)
    }

    var marks: [Mark] = []
}

/// What is not broken over pages: a line of text with its place in its column, or a picture.
struct Item {
    var height: Double
    /// From its upper left corner.
    var marks: [Page.Mark]
}

/// Items in columns beside each other, between rules. A band that does not fit on a page goes to the next; one higher than a
/// page is broken between items.
struct Band {
    struct Stack {
        var x: Double
        var items: [Item]
        var height: Double { items.reduce(0) { $0 + $1.height } }
    }

    var stacks: [Stack]
    var top = 0.0
    var bottom = 0.0
    /// From `left` to `right` under it, and over it.
    var left = 0.0
    var right = 0.0
    var rule: Page.Pen?
    var ruleAbove: Page.Pen?
    /// Where rules go down its whole height.
    var verticals: [Double] = []
    var gray: Double?
    /// It stands on one page with the next one.
    var staysWithNext = false
    /// Nothing is drawn for it at the top of a page.
    var isGap = false

    var height: Double { top + (stacks.map(\.height).max() ?? 0) + bottom }

    static func gap(_ height: Double, staysWithNext: Bool = false) -> Band {
        Band(stacks: [], top: height, staysWithNext: staysWithNext, isGap: true)
    }

    func draw(on page: inout Page, y: Double) {
        let height = height
        if let gray {
            page.marks.append(
                .fill(x: left, y: y, width: right - left, height: height, gray: gray))
        }
        for stack in stacks {
            var place = y + top
            for item in stack.items {
                for mark in item.marks { page.marks.append(mark.moved(x: stack.x, y: place)) }
                place += item.height
            }
        }
        for x in verticals {
            page.marks.append(.rule(x: x, y: y, toX: x, toY: y + height, .grid))
        }
        if let ruleAbove {
            page.marks.append(.rule(x: left, y: y, toX: right, toY: y, ruleAbove))
        }
        if let rule {
            page.marks.append(.rule(x: left, y: y + height, toX: right, toY: y + height, rule))
        }
    }

    /// What of it fits into so much height, and the rest; nil if nothing does.
    func split(at height: Double) -> (Band, Band)? {
        var (first, rest) = (self, self)
        var isAnything = false
        for index in stacks.indices {
            var room = height - top - bottom
            let fitting = stacks[index].items.prefix { item in
                room -= item.height
                return room >= 0
            }
            isAnything = isAnything || !fitting.isEmpty
            first.stacks[index].items = Array(fitting)
            rest.stacks[index].items.removeFirst(fitting.count)
        }
        first.rule = nil
        rest.ruleAbove = nil
        return isAnything ? (first, rest) : nil
    }
}

/// Bands from page to page.
struct Flow {
    /// Where the first page ends for what flows; the slips stand below.
    let firstEnd: Double
    /// Where the others begin, below the running title, and end.
    let start: Double
    let end: Double

    private(set) var pages: [Page] = [Page()]
    private(set) var y: Double

    init(from y: Double, firstEnd: Double, start: Double, end: Double) {
        self.y = y
        self.firstEnd = firstEnd
        self.start = start
        self.end = end
    }

    private var limit: Double { pages.count == 1 ? firstEnd : end }
    private var isAtTop: Bool { pages.count > 1 && y <= start }

    mutating func turn() {
        pages.append(Page())
        y = start
    }

    /// - Parameters:
    ///   - head: drawn again where what is behind it goes on on another page.
    mutating func add(_ lead: [Band], head: [Band] = [], _ rest: [Band] = []) {
        let bands = lead + head + rest
        let headHeight = head.reduce(0) { $0 + $1.height }
        for index in bands.indices {
            let head = index < lead.count + head.count ? [] : head
            var band = bands[index]
            if band.isGap, isAtTop { continue }
            var need = band.height
            var last = index
            while bands[last].staysWithNext, last + 1 < bands.count {
                last += 1
                need += bands[last].height
            }
            // Together on this page, or together on the next; what is too high for that begins here if it can.
            let page = end - start - headHeight
            let isTogether = need <= page
            if y + (isTogether ? need : band.height) > limit, !isAtTop,
                isTogether || band.height <= page || limit - y < Self.shred
            {
                turn(head)
                if band.isGap { continue }
            }
            while y + band.height > limit, let (first, others) = band.split(at: limit - y) {
                put(first)
                turn(head)
                band = others
            }
            put(band)
        }
    }

    /// Less is not worth beginning something that goes on on the next page.
    private static let shred = 60.0

    private mutating func turn(_ head: [Band]) {
        turn()
        for band in head { put(band) }
    }

    /// Columns of bands side by side, none of which is broken.
    mutating func addBeside(_ columns: [[Band]]) {
        let heights = columns.map { $0.reduce(0) { $0 + $1.height } }
        let height = heights.max() ?? 0
        if y + height > limit, !isAtTop { turn() }
        let top = y
        for column in columns {
            y = top
            for band in column { put(band) }
        }
        y = top + height
    }

    private mutating func put(_ band: Band) {
        band.draw(on: &pages[pages.count - 1], y: y)
        y += band.height
    }

    mutating func skip(_ height: Double) {
        if !isAtTop { y += height }
    }

    mutating func mark(_ mark: Page.Mark, on page: Int) {
        pages[page].marks.append(mark)
    }

    /// How much of this page is left.
    var room: Double { limit - y }
    /// How much a whole page has.
    var whole: Double { end - start }
}
