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

/// Finds the route of a request in a trie, segment by segment. A literal wins over a parameter with
/// an ending, that over a bare parameter; the other way is tried if the first leads nowhere.
public struct Router<Action: Sendable>: Sendable {
    public enum Match: Sendable {
        case found(Action, Parameters)
        /// The path exists, the method does not; `allow` is for the header of that name, sorted.
        case methodNotAllowed(allow: [String])
        case notFound
    }

    private struct Leaf: Sendable {
        var method: String
        var names: [String]
        var action: Action
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        /// The longest ending first.
        var parameters: [(ending: String, node: Int)] = []
        var leaves: [Leaf] = []
    }

    private var nodes = [Node()]

    /// Traps on a pattern that does not begin with a slash or has broken braces, and on two routes
    /// that no request could tell apart: both are bugs of the caller.
    public init(_ routes: [Route<Action>]) {
        for route in routes { add(route) }
    }

    private mutating func add(_ route: Route<Action>) {
        precondition(route.pattern.hasPrefix("/"), "no slash before the pattern \(route.pattern)")
        var node = 0
        var names: [String] = []
        for segment in route.pattern.split(separator: "/") {
            guard segment.hasPrefix("{") else {
                precondition(!segment.contains { $0 == "{" || $0 == "}" }, route.pattern)
                node = child(of: node, literal: String(segment))
                continue
            }
            guard let brace = segment.firstIndex(of: "}") else {
                preconditionFailure("a brace is not closed in \(route.pattern)")
            }
            let name = String(segment[segment.index(after: segment.startIndex)..<brace])
            let ending = String(segment[segment.index(after: brace)...])
            precondition(!name.isEmpty && !names.contains(name), "names in \(route.pattern)")
            names.append(name)
            node = child(of: node, ending: ending)
        }
        precondition(
            !nodes[node].leaves.contains { $0.method == route.method },
            "two routes for \(route.method) \(route.pattern)")
        nodes[node].leaves.append(Leaf(method: route.method, names: names, action: route.action))
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

    /// `path` is `Request.path`. HEAD finds GET, unless HEAD has a route of its own.
    public func match(method: String, path: [String]) -> Match {
        var values: [String] = []
        var allowed: Set<String> = []
        if let leaf = search(0, path[...], method, &values, &allowed) {
            return .found(leaf.action, Parameters(names: leaf.names, values: values))
        }
        if allowed.isEmpty { return .notFound }
        if allowed.contains("GET") { allowed.insert("HEAD") }
        return .methodNotAllowed(allow: allowed.sorted())
    }

    private func search(
        _ index: Int, _ path: ArraySlice<String>, _ method: String, _ values: inout [String],
        _ allowed: inout Set<String>
    ) -> Leaf? {
        guard let segment = path.first else {
            let leaves = nodes[index].leaves
            if let leaf = leaves.first(where: { $0.method == method }) { return leaf }
            if method == "HEAD", let leaf = leaves.first(where: { $0.method == "GET" }) {
                return leaf
            }
            if let leaf = leaves.first(where: { $0.method == "*" }) { return leaf }
            for leaf in leaves { allowed.insert(leaf.method) }
            return nil
        }
        let rest = path.dropFirst()
        if let next = nodes[index].literals[segment],
            let leaf = search(next, rest, method, &values, &allowed)
        {
            return leaf
        }
        for (ending, next) in nodes[index].parameters {
            if ending.isEmpty {
                values.append(segment)
            } else {
                guard segment.utf8.count > ending.utf8.count, segment.hasSuffix(ending) else {
                    continue
                }
                values.append(String(segment.dropLast(ending.count)))
            }
            if let leaf = search(next, rest, method, &values, &allowed) { return leaf }
            values.removeLast()
        }
        return nil
    }
}
