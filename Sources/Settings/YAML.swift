import CYAML

/// YAML as a tree with lines. Only what settings need: one document, no anchors, aliases or tags,
/// at most `YAML.deepest` levels and `YAML.longest` bytes, so that a file cannot be small and mean
/// something huge.
public enum YAML {
    /// The most levels of nesting.
    public static let deepest = 32
    /// The longest file, in bytes.
    public static let longest = 1 << 20

    /// A value and where it stands.
    public struct Node: Equatable, Sendable {
        public enum Value: Equatable, Sendable {
            /// `isQuoted` tells `"5"`, always a text, from `5`.
            case scalar(String, isQuoted: Bool)
            case sequence([Node])
            case mapping([Entry])
        }

        public let value: Value
        /// Counted from 1.
        public let line: Int
        /// Counted from 1.
        public let column: Int

        public init(_ value: Value, line: Int, column: Int) {
            self.value = value
            self.line = line
            self.column = column
        }

        /// Nothing was written, or `~` or `null`.
        public var isNull: Bool {
            guard case .scalar(let text, isQuoted: false) = value else { return false }
            return text.isEmpty || text == "~" || text == "null"
        }

        /// The value of a key in a mapping.
        public subscript(_ key: String) -> Node? {
            guard case .mapping(let entries) = value else { return nil }
            return entries.first { $0.key == key }?.value
        }
    }

    /// A key and its value. Entries keep the order of the file; their keys differ.
    public struct Entry: Equatable, Sendable {
        public let key: String
        /// The line of the key, counted from 1.
        public let line: Int
        public let value: Node

        public init(key: String, line: Int, value: Node) {
            self.key = key
            self.line = line
            self.value = value
        }
    }

    /// Reads a document. An empty one is an empty mapping.
    /// - Throws: a `SettingsError` with the first fault: unlike a wrong value, a fault of the form
    /// hides what follows.
    public static func parse(_ bytes: [UInt8]) throws(SettingsError) -> Node {
        if bytes.count > longest {
            let text = "the file is longer than \(longest / 1024) KiB"
            throw SettingsError(problems: [Problem(path: "", line: 1, text: text)])
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let content = bytes[start...]
        // libyaml asserts that there is something to read.
        if content.isEmpty { return Node(.mapping([]), line: 1, column: 1) }
        return try content.withUnsafeBufferPointer { buffer throws(SettingsError) -> Node in
            var tree = Tree(buffer)
            defer { tree.end() }
            return try tree.document()
        }
    }

    /// Reads a document from text.
    public static func parse(_ text: String) throws(SettingsError) -> Node {
        try parse(Array(text.utf8))
    }
}

/// Builds the tree from libyaml's events, which come one by one, so that the limits hold before
/// anything is built.
private struct Tree {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeBufferPointer<UInt8>

    private enum Event {
        case scalar(String, isQuoted: Bool)
        case sequence, sequenceEnd
        case mapping, mappingEnd
        case document
        case end
        case other
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        parser = .allocate(capacity: 1)
        precondition(yaml_parser_initialize(parser) == 1, "no memory for a YAML parser")
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    func end() {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    mutating func document() throws(SettingsError) -> YAML.Node {
        var root: YAML.Node?
        while true {
            let (event, line, column) = try next()
            switch event {
            case .end: return root ?? YAML.Node(.mapping([]), line: 1, column: 1)
            case .document:
                if root != nil { throw fault(line, "only one document is taken in a file") }
            case .other: break
            default: root = try node(event, line, column, depth: 1)
            }
        }
    }

    private mutating func node(
        _ event: Event, _ line: Int, _ column: Int, depth: Int
    ) throws(SettingsError) -> YAML.Node {
        if depth > YAML.deepest { throw fault(line, "more than \(YAML.deepest) levels of nesting") }
        switch event {
        case .scalar(let text, let isQuoted):
            return YAML.Node(.scalar(text, isQuoted: isQuoted), line: line, column: column)
        case .sequence:
            var items: [YAML.Node] = []
            while true {
                let (event, itemLine, itemColumn) = try next()
                if case .sequenceEnd = event { break }
                items.append(try node(event, itemLine, itemColumn, depth: depth + 1))
            }
            return YAML.Node(.sequence(items), line: line, column: column)
        case .mapping:
            var entries: [YAML.Entry] = []
            var lines: [String: Int] = [:]
            while true {
                let (event, keyLine, _) = try next()
                if case .mappingEnd = event { break }
                guard case .scalar(let key, _) = event else {
                    throw fault(keyLine, "a key must be a plain word")
                }
                if let first = lines.updateValue(keyLine, forKey: key) {
                    throw fault(keyLine, "the key \"\(key)\" stands on line \(first) already")
                }
                let (value, valueLine, valueColumn) = try next()
                let node = try node(value, valueLine, valueColumn, depth: depth + 1)
                entries.append(YAML.Entry(key: key, line: keyLine, value: node))
            }
            return YAML.Node(.mapping(entries), line: line, column: column)
        case .sequenceEnd, .mappingEnd, .document, .end, .other:
            throw fault(line, "a value is missing")
        }
    }

    private func next() throws(SettingsError) -> (Event, line: Int, column: Int) {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw fault() }
        defer { yaml_event_delete(&event) }
        let line = Int(event.start_mark.line) + 1
        let column = Int(event.start_mark.column) + 1
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            try refuse(anchor: scalar.anchor, tag: scalar.tag, line)
            let text = String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length),
                as: UTF8.self)
            let isQuoted = scalar.style != YAML_PLAIN_SCALAR_STYLE
            return (.scalar(text, isQuoted: isQuoted), line, column)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            try refuse(anchor: start.anchor, tag: start.tag, line)
            return (.sequence, line, column)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            try refuse(anchor: start.anchor, tag: start.tag, line)
            return (.mapping, line, column)
        case YAML_ALIAS_EVENT: throw fault(line, "aliases (*) are not taken; write the value again")
        case YAML_SEQUENCE_END_EVENT: return (.sequenceEnd, line, column)
        case YAML_MAPPING_END_EVENT: return (.mappingEnd, line, column)
        case YAML_DOCUMENT_START_EVENT: return (.document, line, column)
        case YAML_STREAM_END_EVENT: return (.end, line, column)
        default: return (.other, line, column)
        }
    }

    private func refuse(
        anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?, _ line: Int
    ) throws(SettingsError) {
        if anchor != nil { throw fault(line, "anchors (&) are not taken; write the value again") }
        if tag != nil { throw fault(line, "tags (!) are not taken") }
    }

    private func fault(_ line: Int, _ text: String) -> SettingsError {
        SettingsError(problems: [Problem(path: "", line: line, text: text)])
    }

    /// The parser's own error. Faults of the encoding come with an offset instead of a line.
    private func fault() -> SettingsError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "no memory"
        if parser.pointee.error == YAML_READER_ERROR {
            let lines = bytes.prefix(parser.pointee.problem_offset).count { $0 == 0x0A }
            return fault(lines + 1, "the file is not UTF-8 text: \(problem)")
        }
        let context = parser.pointee.context.map { String(cString: $0) + ": " } ?? ""
        return fault(Int(parser.pointee.problem_mark.line) + 1, context + problem)
    }
}
