// Settings: the environment and YAML files, read once and checked whole. Whatever is wrong is told
// at once, with its line, and a key nobody knows is an error with a suggestion: a misspelled
// setting must not be left out in silence. This room does not know who uses the values.

/// One thing wrong in the settings.
public struct Problem: Equatable, Sendable, CustomStringConvertible {
    /// Where, such as `pools.readings.lanes`, or the name of a variable; empty for the file itself.
    public let path: String
    /// The line in the file, counted from 1; nil for variables.
    public let line: Int?
    /// What is wrong, in words. Never the value of a secret.
    public let text: String

    public init(path: String, line: Int? = nil, text: String) {
        self.path = path
        self.line = line
        self.text = text
    }

    public var description: String {
        (line.map { "line \($0): " } ?? "") + (path.isEmpty ? "" : "\(path): ") + text
    }
}

/// Everything wrong in the settings, in the order of the lines.
public struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    public let problems: [Problem]

    public init(problems: [Problem]) { self.problems = problems }

    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// `; did you mean "…"?` when a known name is near enough to be meant, else nothing.
func suggestion(for name: String, among names: [String]) -> String {
    let most = name.count < 4 ? 1 : name.count < 8 ? 2 : 3
    let nearest =
        names.map { ($0, editDistance(name, $0)) }
        .filter { $0.1 <= most }
        .min { $0.1 < $1.1 }?.0
    return nearest.map { "; did you mean \"\($0)\"?" } ?? ""
}

/// How many letters to change, add, drop or swap with a neighbour to come from one text to the
/// other.
private func editDistance(_ left: String, _ right: String) -> Int {
    // A key can be as long as its file; nothing that long is a slip of the hand.
    if left.utf8.count > 256 || right.utf8.count > 256 { return .max }
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
