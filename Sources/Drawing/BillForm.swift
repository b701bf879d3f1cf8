/// A bill («платёжный документ», «квитанция») as words that are ready for print: every number is written as it shall stand
/// there, with the comma, thin spaces (U+202F) between thousands and the minus U+2212. Where each thing stands, how large
/// and over how many pages, is decided in this room.
///
/// The content that the law asks for is in ПП 354, п. 69; the form, section by section, is recommended by приказ Минстроя
/// № 43/пр of 26.01.2018.
public struct BillForm: Sendable, Equatable {
    /// The two forms.
    public enum Layout: Sendable, Equatable {
        /// After приказ 43/пр: the sum at the top, hairlines between rows.
        case standard
        /// «СЧЕТ на оплату»: a centred heading and full grids with numbered columns, as those with thirteen of them are
        /// known to their readers.
        case thirteen
    }

    /// A day of the calendar.
    public struct Day: Sendable, Equatable {
        public var year: Int
        public var month: Int
        public var day: Int

        public init(year: Int, month: Int, day: Int) {
            self.year = year
            self.month = month
            self.day = day
        }
    }

    /// «Площадь общая» – «54,30 м²».
    public struct Pair: Sendable, Equatable {
        public var label: String
        public var value: String

        public init(_ label: String, _ value: String) {
            self.label = label
            self.value = value
        }
    }

    /// Pairs under a title: the payer and the premises, the performer.
    public struct Block: Sendable, Equatable {
        public var title: String
        public var pairs: [Pair]

        public init(title: String, pairs: [Pair]) {
            self.title = title
            self.pairs = pairs
        }
    }

    /// What is to be paid.
    public struct Total: Sendable, Equatable {
        /// «К оплате».
        public var label: String
        /// «8 431,27 ₽».
        public var amount: String
        /// «до 10 сентября 2026 г.», or that nothing has to be paid.
        public var note: String

        public init(label: String, amount: String, note: String) {
            self.label = label
            self.amount = amount
            self.note = note
        }
    }

    /// A part of the reckoning from the balance at the start to what is to be paid.
    public struct Step: Sendable, Equatable {
        /// «Долг на 01.08.2026», «Оплачено».
        public var label: String
        public var amount: String
        /// «учтены платежи, поступившие до 28.08.2026».
        public var note: String
        /// It is what comes out.
        public var isResult: Bool

        public init(label: String, amount: String, note: String = "", isResult: Bool = false) {
            self.label = label
            self.amount = amount
            self.note = note
            self.isResult = isResult
        }
    }

    public struct Column: Sendable, Equatable {
        public enum Alignment: Sendable, Equatable {
            /// Words: they may be broken into lines, and take what room is left.
            case leading
            case center
            case trailing
            /// Numbers with different counts of decimals, comma under comma.
            case decimal
        }

        /// U+00AD says where a long word may be hyphenated.
        public var title: String
        /// Stands above the titles of all neighbours that have the same.
        public var group: String?
        public var alignment: Alignment

        public init(_ title: String, group: String? = nil, _ alignment: Alignment) {
            self.title = title
            self.group = group
            self.alignment = alignment
        }
    }

    public struct Row: Sendable, Equatable {
        public enum Kind: Sendable, Equatable {
            case item
            /// «в т. ч. …»: a part of the item above, set in.
            case part
            /// Its first cell over the whole width, above those it is about.
            case heading
            case subtotal
            case total
        }

        public var kind: Kind
        /// A cell a column; missing ones are empty.
        public var cells: [String]
        /// The reason of a recalculation, say: small, under the row.
        public var note: String

        public init(_ cells: [String], kind: Kind = .item, note: String = "") {
            self.kind = kind
            self.cells = cells
            self.note = note
        }
    }

    public struct Table: Sendable, Equatable {
        public var columns: [Column]
        public var rows: [Row]
        /// What the letters in it mean.
        public var legend: String

        public init(columns: [Column], rows: [Row], legend: String = "") {
            self.columns = columns
            self.rows = rows
            self.legend = legend
        }
    }

    /// The use of a year as bars.
    public struct Plot: Sendable, Equatable {
        public struct Bar: Sendable, Equatable {
            /// «авг».
            public var label: String
            /// In any unit, as high as the bar shall be; nil where nothing is known.
            public var height: Int64?
            /// «4,120».
            public var value: String
            /// Drawn as an outline: nobody measured it.
            public var isEstimated: Bool

            public init(label: String, height: Int64?, value: String, isEstimated: Bool = false) {
                self.label = label
                self.height = height
                self.value = value
                self.isEstimated = isEstimated
            }
        }

        /// «Холодная вода, м³».
        public var title: String
        /// The last is the month of the bill.
        public var bars: [Bar]

        public init(title: String, bars: [Bar]) {
            self.title = title
            self.bars = bars
        }
    }

    /// A part of the bill under a title. Neighbours that are narrow enough stand side by side.
    public struct Section: Sendable, Equatable {
        public enum Content: Sendable, Equatable {
            case table(Table)
            case pairs([Pair])
            case plots([Plot])
            /// Paragraphs.
            case notes([String])
        }

        public var title: String
        public var content: Content
        /// Small, under plots, where not all of their values have room.
        public var note: String

        public init(_ title: String, _ content: Content, note: String = "") {
            self.title = title
            self.content = content
            self.note = note
        }
    }

    /// What is torn off and taken to the bank; one a payee.
    public struct Slip: Sendable, Equatable {
        /// «Извещение».
        public var title: String
        /// «за жилищно-коммунальные услуги, август 2026 г.».
        public var subtitle: String
        /// The payee's requisites.
        public var payee: [Pair]
        /// Who pays and for what.
        public var payer: [Pair]
        public var total: Total
        /// The bytes of the QR code (`PaymentCode`); nil: there is none.
        public var code: [UInt8]?
        /// Under the code.
        public var caption: String
        /// Lines to write on: «Дата», «Подпись».
        public var blanks: [String]

        public init(
            title: String, subtitle: String, payee: [Pair], payer: [Pair], total: Total,
            code: [UInt8]?, caption: String = "", blanks: [String] = []
        ) {
            self.title = title
            self.subtitle = subtitle
            self.payee = payee
            self.payer = payer
            self.total = total
            self.code = code
            self.caption = caption
            self.blanks = blanks
        }
    }

    public var layout: Layout
    /// When the bill was frozen: the file says that it was made at the beginning of that day, so that its bytes are always
    /// the same.
    public var date: Day
    /// «Платёжный документ».
    public var title: String
    /// «за жилищно-коммунальные услуги, август 2026 г.».
    public var subtitle: String
    /// Over the pages after the first: «Платёжный документ за август 2026 г. · лицевой счёт 626200012».
    public var running: String
    /// At the top.
    public var total: Total
    public var blocks: [Block]
    public var steps: [Step]
    public var sections: [Section]
    public var slips: [Slip]
    /// At the foot of each page: the document's number, say.
    public var footer: String
    /// «Стр. {page} из {pages}».
    public var pageNumber: String

    public init(
        layout: Layout, date: Day, title: String, subtitle: String, running: String, total: Total,
        blocks: [Block], steps: [Step], sections: [Section], slips: [Slip], footer: String,
        pageNumber: String
    ) {
        self.layout = layout
        self.date = date
        self.title = title
        self.subtitle = subtitle
        self.running = running
        self.total = total
        self.blocks = blocks
        self.steps = steps
        self.sections = sections
        self.slips = slips
        self.footer = footer
        self.pageNumber = pageNumber
    }
}
