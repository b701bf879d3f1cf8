/// A logo as SVG, looked at before it is taken: it may draw, and nothing else. Browsers show it as a picture, which runs no
/// programs, and its answer has a policy that runs none either; what could matter all the same has no place in it.
struct LogoReader {
    static let most = 16_384
    private static let elements: Set<String> = [
        "svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line",
        "polyline", "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop",
        "clipPath", "mask", "use", "symbol", "style",
    ]

    private let bytes: [UInt8]
    private var at = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    private struct Fault: Error {
        let words: String
        init(_ words: String) { self.words = words }
    }

    /// What is wrong with it, for who wrote it; nil: nothing.
    mutating func fault() -> String? {
        guard bytes.count <= Self.most else { return "at most \(Self.most / 1024) KB of SVG" }
        do throws(Fault) {
            try read()
            return nil
        } catch {
            return error.words
        }
    }

    private static let beginning = "SVG that begins with <svg"

    /// Elements within elements, from `<svg …>` to `</svg>`.
    private mutating func read() throws(Fault) {
        var open: [String] = []
        repeat {
            let text = self.text(until: "<")
            guard !open.isEmpty || text.isEmpty && at < bytes.count else {
                throw Fault(Self.beginning)
            }
            guard take("<") else { throw Fault("it has no end: </\(open.last ?? "svg")>") }
            if open.last == "style" { try check(style: text) }
            if take("/") {
                let name = self.name()
                skipSpaces()
                guard take(">"), open.popLast() == name else {
                    throw Fault("</\(name)> ends nothing that is open")
                }
                continue
            }
            let name = self.name()
            guard !name.isEmpty else {
                throw Fault("comments and declarations (<! and <?) have no place in it")
            }
            guard Self.elements.contains(name), (name == "svg") == open.isEmpty else {
                throw Fault(open.isEmpty ? Self.beginning : "<\(name)> has no place in it")
            }
            if try attributes(of: name) { open.append(name) }
        } while !open.isEmpty
        guard at == bytes.count else { throw Fault("nothing may stand behind </svg>") }
    }

    /// Up to the end of the tag. False: it closes itself.
    private mutating func attributes(of element: String) throws(Fault) -> Bool {
        var isDrawn = element != "svg"
        while true {
            skipSpaces()
            if take(">") {
                guard isDrawn else {
                    throw Fault("<svg> needs xmlns=\"http://www.w3.org/2000/svg\"")
                }
                return true
            }
            if take("/") {
                guard take(">"), element != "svg" else { throw Fault("<\(element)> is broken") }
                return false
            }
            let name = self.name()
            skipSpaces()
            guard !name.isEmpty, take("=") else { throw Fault("<\(element)> is broken") }
            skipSpaces()
            let quote: Unicode.Scalar = take("\"") ? "\"" : "'"
            guard quote == "\"" || take("'") else {
                throw Fault("\(name) of <\(element)> is not in quotes")
            }
            let value = text(until: quote)
            guard take(quote) else { throw Fault("\(name) of <\(element)> has no end") }
            if name == "xmlns", value == "http://www.w3.org/2000/svg" { isDrawn = true }
            try check(name.lowercased(), value)
        }
    }

    private func check(_ attribute: String, _ value: String) throws(Fault) {
        if attribute.hasPrefix("on") { throw Fault("\(attribute) has no place in it") }
        if attribute == "href" || attribute.hasSuffix(":href"), !value.hasPrefix("#") {
            throw Fault("\(attribute) may only name a part of itself: #…")
        }
        try check(style: value)
    }

    /// Nothing is fetched from anywhere.
    private func check(style: String) throws(Fault) {
        let style = style.lowercased()
        if style.contains("@import") { throw Fault("@import has no place in it") }
        for part in style.split(separator: "url(", omittingEmptySubsequences: false).dropFirst() {
            guard part.drop(while: { " \"'".contains($0) }).hasPrefix("#") else {
                throw Fault("url() may only name a part of itself: #…")
            }
        }
    }

    private mutating func text(until end: Unicode.Scalar) -> String {
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: end) { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func name() -> String {
        let start = at
        while at < bytes.count {
            switch Unicode.Scalar(bytes[at]) {
            case "A"..."Z", "a"..."z", "0"..."9", "-", "_", ":", ".": at += 1
            default: return String(decoding: bytes[start..<at], as: UTF8.self)
            }
        }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: scalar) else { return false }
        at += 1
        return true
    }

    private mutating func skipSpaces() {
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
    }
}
