/// How an organization charges, and how people see it (features.md §15: `settlements.view`, `bills.*`).
public struct ChargesProfile: Sendable, Equatable {
    /// Who calculates.
    public enum Source: String, Sendable, CaseIterable {
        /// Nobody: there are no charges here.
        case none
        case kabinet
        /// Another system: its charges are imported, and closing a month makes bills of them.
        case imported = "import"
    }

    /// How charges and payments are shown.
    public enum View: String, Sendable, CaseIterable {
        case none
        /// «Взаиморасчеты» in a tab for each service (000, 004).
        case settlements
        /// «Начисления» and «Движение финансов» (003).
        case movements
        /// On the first page only (002), or as bills and payments (001).
        case summary
    }

    public struct Bills: Sendable, Equatable {
        public enum Form: String, Sendable, CaseIterable {
            /// After приказ Минстроя 43/пр.
            case standard
            /// The thirteen columns of manual 001 (SF-116).
            case thirteen
        }
        public var form: Form
        /// How many of the newest can be seen (SF-121); nil: all (SF-124).
        public var visible: Int?
        /// «Квитанция», «Счета».
        public var word: String
        /// «Печать».
        public var print: String

        public init(form: Form, visible: Int?, word: String, print: String) {
            self.form = form
            self.visible = visible
            self.word = word
            self.print = print
        }
    }

    public var source: Source
    public var view: View
    /// An account that came or went within a month pays for its days only.
    public var prorates: Bool
    /// Months that were charged by the norm for want of readings are charged anew when readings return (domain.md 1.8c).
    public var recalculatesNorm: Bool
    public var bills: Bills
    /// The code of the supplier to whom bills are paid, but for kinds with a payee of their own; nil: the supplier of the first kind
    /// that has none.
    public var payee: String?

    public static let standard = ChargesProfile(
        source: .none, view: .none, prorates: true, recalculatesNorm: false,
        bills: Bills(form: .standard, visible: nil, word: "Квитанция", print: "Печать"))
}

extension ChargesProfile {
    init(_ json: JSON, _ reader: inout ProfileReader) {
        let path = "charges."
        self = .standard
        reader.keys(json, path, ["by", "view", "prorate", "recalculate_norm", "payee", "bills"])
        if let given = json["by"] {
            source =
                reader.choice(
                    given, "\(path)by", Source.init(rawValue:), Source.allCases.map(\.rawValue))
                ?? source
        }
        if let given = json["view"] {
            view =
                reader.choice(
                    given, "\(path)view", View.init(rawValue:), View.allCases.map(\.rawValue))
                ?? view
        }
        func flag(_ key: String, _ standard: Bool) -> Bool {
            guard let given = json[key] else { return standard }
            guard let flag = given.bool else {
                reader.problems.append("\(path)\(key): true or false")
                return standard
            }
            return flag
        }
        prorates = flag("prorate", prorates)
        recalculatesNorm = flag("recalculate_norm", recalculatesNorm)
        payee = reader.optionalText(json, "payee", path)
        if let payee,
            payee.isEmpty || payee.utf8.count > 40 || payee.contains(where: \.isWhitespace)
        {
            reader.problems.append("\(path)payee: the code of a supplier")
        }
        guard let given = json["bills"] else { return }
        let billsPath = "\(path)bills."
        reader.keys(given, billsPath, ["form", "visible", "word", "print"])
        if let form = given["form"] {
            bills.form =
                reader.choice(
                    form, "\(billsPath)form", Bills.Form.init(rawValue:),
                    Bills.Form.allCases.map(\.rawValue)) ?? bills.form
        }
        switch given["visible"] {
        case nil: break
        case let all? where all.string == "all": bills.visible = nil
        case let count?:
            if let count = count.int, (1...120).contains(count) {
                bills.visible = Int(count)
            } else {
                reader.problems.append("\(billsPath)visible: 1…120, or all")
            }
        }
        bills.word = reader.optionalText(given, "word", billsPath) ?? bills.word
        bills.print = reader.optionalText(given, "print", billsPath) ?? bills.print
    }

    var json: JSON {
        .object([
            "by": .string(source.rawValue), "view": .string(view.rawValue),
            "prorate": .bool(prorates), "recalculate_norm": .bool(recalculatesNorm),
            "payee": payee.map(JSON.string),
            "bills": .object([
                "form": .string(bills.form.rawValue),
                "visible": bills.visible.map { .int(Int64($0)) } ?? .string("all"),
                "word": .string(bills.word), "print": .string(bills.print),
            ]),
        ])
    }
}
