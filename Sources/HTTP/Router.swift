/// A method and a pattern, and what they lead to.
public struct Route<Action: Sendable>: Sendable {
    /// `GET` … or `*` for every method.
    public let method: String
    /// `/{org}/api/accounts/{account}/bills/{month}.pdf`: each segment is a literal or a parameter
    /// with an optional literal ending. A parameter is never empty.
    public let pattern: String
    public let action: Action

    public init(_ method: String, _ pattern: String, _ action: Action) {
        self.method = method
        self.pattern = pattern
        self.action = action
    }
}

/// The parameters of a matched path, in the order of the pattern.
public struct Parameters: Equatable, Sendable {
    public let names: [String]
    public let values: [String]

    public subscript(name: String) -> String? {
        for index in names.indices where names[index] == name { return values[index] }
        return nil
    }
}

/// Finds the route of a request.
public struct Router<Action: Sendable>: Sendable {
    public enum Match: Sendable {
        case found(Action, Parameters)
        /// The path exists, the method does not; `allow` is for the header of that name, sorted.
        case methodNotAllowed(allow: [String])
        case notFound
    }

    private var trie = Trie()
    private let actions: [Action]

    /// Traps on a pattern that does not begin with a slash or has broken braces, and on two routes
    /// that no request could tell apart: both are bugs of the caller.
    public init(_ routes: [Route<Action>]) {
        actions = routes.map(\.action)
        for (index, route) in routes.enumerated() {
            trie.add(route.method, route.pattern, leadingTo: index)
        }
    }

    /// `path` is `Request.path`. HEAD finds GET, unless HEAD has a route of its own.
    public func match(method: String, path: [String]) -> Match {
        if let (action, parameters) = trie.find(method, path) {
            return .found(actions[action], parameters)
        }
        let allowed = trie.methods(path)
        return allowed.isEmpty ? .notFound : .methodNotAllowed(allow: allowed)
    }

    /// The nearest address above a path that can be looked at: how many of its segments, and with what slash at its end.
    public func above(_ path: [String]) -> (segments: Int, hasSlash: Bool)? {
        for count in (0..<path.count).reversed() {
            if let hasSlash = trie.looksLike(Array(path.prefix(count))) {
                return (count, hasSlash)
            }
        }
        return nil
    }
}

/// The routes, segment by segment. A literal wins over a parameter with an ending, that over a bare
/// parameter; the other way is tried if the first leads nowhere. (Not generic: what every request
/// passes through is compiled for what it is.)
private struct Trie: Sendable {
    private struct Leaf: Sendable {
        let method: String
        let names: [String]
        let action: Int
        let hasSlash: Bool
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        /// The longest ending first.
        var parameters: [(ending: String, node: Int)] = []
        var leaves: [Leaf] = []
    }

    private var nodes = [Node()]

    mutating func add(_ method: String, _ pattern: String, leadingTo action: Int) {
        precondition(pattern.hasPrefix("/"), "no slash before the pattern \(pattern)")
        var node = 0
        var names: [String] = []
        for segment in pattern.split(separator: "/") {
            guard segment.hasPrefix("{") else {
                precondition(!segment.contains { $0 == "{" || $0 == "}" }, pattern)
                node = child(of: node, literal: String(segment))
                continue
            }
            guard let brace = segment.firstIndex(of: "}") else {
                preconditionFailure("a brace is not closed in \(pattern)")
            }
            let name = String(segment[segment.index(after: segment.startIndex)..<brace])
            let ending = String(segment[segment.index(after: brace)...])
            precondition(!name.isEmpty && !names.contains(name), "names in \(pattern)")
            names.append(name)
            node = child(of: node, ending: ending)
        }
        precondition(
            !nodes[node].leaves.contains { $0.method == method },
            "two routes for \(method) \(pattern)")
        nodes[node].leaves.append(
            Leaf(
                method: method, names: names, action: action, hasSlash: pattern.hasSuffix("/")))
    }

    private mutating func child(of node: Int, literal: String) -> Int {
        if let known = nodes[node].literals[literal] { return known }
        nodes.append(Node())
        nodes[node].literals[literal] = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func child(of node: Int, ending: String) -> Int {
        if let known = nodes[node].parameters.first(where: { $0.ending == ending }) {
            return known.node
        }
        nodes.append(Node())
        nodes[node].parameters.append((ending, nodes.count - 1))
        nodes[node].parameters.sort { $0.ending.utf8.count > $1.ending.utf8.count }
        return nodes.count - 1
    }

    func find(_ method: String, _ path: [String]) -> (action: Int, parameters: Parameters)? {
        var values: [String] = []
        guard let (node, leaf) = search(0, path, 0, method, &values) else { return nil }
        let found = nodes[node].leaves[leaf]
        return (found.action, Parameters(names: found.names, values: values))
    }

    /// Whether the pattern that answers GET there ends with a slash; nil: none does.
    func looksLike(_ path: [String]) -> Bool? {
        var values: [String] = []
        return search(0, path, 0, "GET", &values).map { nodes[$0.node].leaves[$0.leaf].hasSlash }
    }

    /// The methods that the path has, sorted.
    func methods(_ path: [String]) -> [String] {
        var allowed: Set<String> = []
        collect(0, path, 0, &allowed)
        if allowed.contains("GET") { allowed.insert("HEAD") }
        return allowed.sorted()
    }

    private func search(
        _ index: Int, _ path: [String], _ depth: Int, _ method: String, _ values: inout [String]
    ) -> (node: Int, leaf: Int)? {
        guard depth < path.count else {
            for wanted in method == "HEAD" ? ["HEAD", "GET", "*"] : [method, "*"] {
                if let leaf = nodes[index].leaves.firstIndex(where: { $0.method == wanted }) {
                    return (index, leaf)
                }
            }
            return nil
        }
        let segment = path[depth]
        if let next = nodes[index].literals[segment],
            let found = search(next, path, depth + 1, method, &values)
        {
            return found
        }
        for (ending, next) in nodes[index].parameters {
            guard let value = Self.value(segment, ending) else { continue }
            values.append(value)
            if let found = search(next, path, depth + 1, method, &values) { return found }
            values.removeLast()
        }
        return nil
    }

    /// The methods of every route of that path.
    private func collect(
        _ index: Int, _ path: [String], _ depth: Int, _ allowed: inout Set<String>
    ) {
        guard depth < path.count else {
            for leaf in nodes[index].leaves { allowed.insert(leaf.method) }
            return
        }
        if let next = nodes[index].literals[path[depth]] {
            collect(next, path, depth + 1, &allowed)
        }
        for (ending, next) in nodes[index].parameters
        where Self.value(path[depth], ending) != nil {
            collect(next, path, depth + 1, &allowed)
        }
    }

    private static func value(_ segment: String, _ ending: String) -> String? {
        if ending.isEmpty { return segment }
        guard segment.utf8.count > ending.utf8.count, segment.hasSuffix(ending) else { return nil }
        return String(segment.dropLast(ending.count))
    }
}
