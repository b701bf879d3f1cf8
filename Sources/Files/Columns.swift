/// Where the columns an importer knows stand in a file.
public struct Columns: Sendable {
    private let indexes: [String: Int]

    /// Finds the columns in a header (as `CSVReader.header`). Columns without a name are passed
    /// over: office programs leave them at the end. Unknown ones are refused, because a misspelled
    /// optional column would otherwise be left out in silence; `allowsUnknown` lets them pass.
    public init(
        _ header: [String], required: [String], optional: [String] = [], allowsUnknown: Bool = false
    ) throws(ColumnsError) {
        var problems: [ColumnsError.Problem] = []
        var indexes: [String: Int] = [:]
        let known = required + optional
        var unknown: [String] = []
        for (index, name) in header.enumerated() where !name.isEmpty {
            if indexes[name] != nil {
                problems.append(.duplicate(name))
            } else {
                indexes[name] = index
                if !known.contains(name) { unknown.append(name) }
            }
        }
        for name in required where indexes[name] == nil {
            problems.append(.missing(name, found: nearest(to: name, among: unknown)))
        }
        let free = known.filter { indexes[$0] == nil }
        if !allowsUnknown {
            for name in unknown {
                problems.append(.unknown(name, suggestion: nearest(to: name, among: free)))
            }
        }
        if !problems.isEmpty { throw ColumnsError(problems: problems) }
        self.indexes = indexes
    }

    /// The index of a column; nil when the file does not have it.
    public subscript(_ name: String) -> Int? { indexes[name] }

    /// The field of a row in a column; nil when the file does not have the column.
    public func field(_ name: String, of row: Row) -> String? {
        guard let index = indexes[name], index < row.fields.count else { return nil }
        return row.fields[index]
    }
}

/// Everything that is wrong with a header, at once.
public struct ColumnsError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Problem: Equatable, Sendable {
        /// A required column is not there; `found` is a column of the file that may be meant.
        case missing(String, found: String?)
        /// A column nobody knows; `suggestion` is a known one that may be meant.
        case unknown(String, suggestion: String?)
        case duplicate(String)

        public var text: String {
            switch self {
            case .missing(let name, nil): "the column \"\(name)\" is missing"
            case .missing(let name, let found?):
                "the column \"\(name)\" is missing; is it \"\(found)\"?"
            case .unknown(let name, nil): "unknown column \"\(name)\""
            case .unknown(let name, let suggestion?):
                "unknown column \"\(name)\"; did you mean \"\(suggestion)\"?"
            case .duplicate(let name): "the column \"\(name)\" stands twice"
            }
        }
    }

    public let problems: [Problem]

    public var description: String { problems.map(\.text).joined(separator: "\n") }
}

/// The name most like this one, if one is near enough to be a slip of the hand.
func nearest(to name: String, among names: [String]) -> String? {
    let most = name.count < 4 ? 1 : name.count < 8 ? 2 : 3
    return names.map { ($0, editDistance(name, $0)) }
        .filter { $0.1 <= most }
        .min { $0.1 < $1.1 }?.0
}

/// How many letters to change, add, drop or swap with a neighbour to come from one text to the
/// other.
func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left)
    let right = Array(right)
    var before: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            let isSame = left[row] == right[column]
            var best = min(
                last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                best = min(best, before[column - 1] + 1)
            }
            current.append(best)
        }
        before = last
        last = current
    }
    return last[right.count]
}
