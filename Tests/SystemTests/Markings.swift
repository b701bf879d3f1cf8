import Foundation

/// What a browser would find in a page: its elements with their attributes, its forms, its links. Read from the bytes as they
/// came and not from what we meant, so that a text which became markup is found as what it became.
struct Markings {
    struct Element {
        /// In small letters.
        let name: String
        /// In the order in which they stand; names in small letters, values with their entities read.
        let attributes: [(name: String, value: String)]
        /// What stands behind it, up to the next tag.
        var text = ""

        func value(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
    }

    struct Form {
        let action: String
        let isPost: Bool
        /// Of what a browser would send if nobody typed anything; buttons left out.
        var fields: [(name: String, value: String, type: String)] = []
    }

    private(set) var elements: [Element] = []

    init(_ page: [UInt8]) {
        var reader = Reader(bytes: page)
        while let element = reader.next() { elements.append(element) }
    }

    /// Addresses of `a` and `area`, in the order in which they stand.
    var links: [String] {
        elements.filter { ["a", "area"].contains($0.name) }.compactMap { $0.value("href") }
    }

    var forms: [Form] {
        var forms: [Form] = []
        var isOpen = false
        for element in elements {
            switch element.name {
            case "form":
                isOpen = true
                forms.append(
                    Form(
                        action: element.value("action") ?? "",
                        isPost: element.value("method")?.lowercased() == "post"))
            case "/form": isOpen = false
            case "input", "select", "textarea":
                guard isOpen, let name = element.value("name") else { continue }
                let type = element.name == "input" ? element.value("type") ?? "text" : element.name
                forms[forms.count - 1].fields.append((name, element.value("value") ?? "", type))
            default: continue
            }
        }
        return forms
    }

    /// What no page of ours may have, whatever was written into it: programs, handlers, inline styles, frames, and ways that
    /// lead to other hosts by forms or by what browsers take for a scheme.
    var dangers: [String] {
        elements.flatMap { element -> [String] in
            var found: [String] = []
            func tell(_ why: String) {
                let attributes = element.attributes.map { "\($0.name)=\"\($0.value)\"" }
                found.append("\(why): <\(element.name) \(attributes.joined(separator: " "))>")
            }
            switch element.name {
            case "script":
                if element.value("src")?.hasPrefix("/static/") != true { tell("a program") }
                if element.text.contains(where: { !$0.isWhitespace }) { tell("a program inside") }
            case "style", "iframe", "frame", "object", "embed", "base", "portal", "foreignobject",
                "animate", "set", "math", Self.planted:
                tell("an element")
            case "meta":
                if element.value("http-equiv") != nil { tell("a header in the page") }
            default: break
            }
            for (name, value) in element.attributes {
                if name.hasPrefix("on") || name == "style" || name == "srcdoc" { tell(name) }
                if name.contains(Self.planted) || name.contains("<") || name.contains("\"") {
                    tell("an attribute")
                }
                guard
                    ["href", "src", "action", "formaction", "xlink:href", "poster", "ping"]
                        .contains(name)
                else { continue }
                // As browsers read an address: without controls and white space, and a backslash is a slash.
                let address = value.unicodeScalars.filter { $0.value > 0x20 }
                    .map { $0 == "\\" ? "/" : String($0) }.joined().lowercased()
                if address.hasPrefix("//") { tell("another host") }
                let scheme = address.prefix { !":/?#".contains($0) }
                let isSchemed = address.dropFirst(scheme.count).first == ":"
                if isSchemed, !["http", "https", "mailto", "tel"].contains(String(scheme)) {
                    tell("a scheme")
                }
                if name != "href", isSchemed || !address.hasPrefix("/") { tell("leads away") }
            }
            return found
        }
    }

    /// The name of the element that is planted wherever something may be written.
    static let planted = "zz"

    // MARK: Reading

    /// Takes a page apart as browsers do where it matters here: tags, attributes in and without quotes, comments.
    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        private func at(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }

        private static func isLetter(_ byte: UInt8) -> Bool {
            byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A
        }

        private static func isSpace(_ byte: UInt8) -> Bool {
            byte == 0x20 || byte >= 0x09 && byte <= 0x0D
        }

        private func text(_ from: Int, _ to: Int) -> String {
            String(decoding: bytes[from..<max(from, min(to, bytes.count))], as: UTF8.self)
        }

        /// The next tag with the text behind it; an end tag's name begins with a slash.
        mutating func next() -> Element? {
            while index < bytes.count {
                guard bytes[index] == 0x3C else {
                    index += 1
                    continue
                }
                let isEnd = at(index + 1) == 0x2F
                guard Self.isLetter(at(index + (isEnd ? 2 : 1))) else {
                    index += 1
                    continue
                }
                index += isEnd ? 2 : 1
                let start = index
                while index < bytes.count, !Self.isSpace(bytes[index]), bytes[index] != 0x2F,
                    bytes[index] != 0x3E
                {
                    index += 1
                }
                let name = (isEnd ? "/" : "") + text(start, index).lowercased()
                var element = Element(name: name, attributes: attributes())
                element.text = textBehind(name)
                return element
            }
            return nil
        }

        private mutating func attributes() -> [(name: String, value: String)] {
            var found: [(name: String, value: String)] = []
            while index < bytes.count {
                while Self.isSpace(at(index)) || at(index) == 0x2F { index += 1 }
                if index >= bytes.count { break }
                if bytes[index] == 0x3E {
                    index += 1
                    break
                }
                let start = index
                index += 1
                while index < bytes.count, !Self.isSpace(bytes[index]),
                    ![0x2F, 0x3E, 0x3D].contains(bytes[index])
                {
                    index += 1
                }
                let name = text(start, index).lowercased()
                while Self.isSpace(at(index)) { index += 1 }
                found.append((name, at(index) == 0x3D ? value() : ""))
            }
            return found
        }

        private mutating func value() -> String {
            index += 1
            while Self.isSpace(at(index)) { index += 1 }
            let quote = at(index)
            let isQuoted = quote == 0x22 || quote == 0x27
            if isQuoted { index += 1 }
            let start = index
            while index < bytes.count,
                isQuoted
                    ? bytes[index] != quote : !Self.isSpace(bytes[index]) && bytes[index] != 0x3E
            {
                index += 1
            }
            let value = text(start, index)
            if isQuoted { index += 1 }
            return Markings.read(value)
        }

        private mutating func textBehind(_ name: String) -> String {
            let start = index
            let isRaw = name == "script" || name == "style"
            while index < bytes.count {
                if bytes[index] == 0x3C, !isRaw || at(index + 1) == 0x2F { break }
                index += 1
            }
            return text(start, index)
        }
    }

    private static func read(_ value: String) -> String {
        guard value.contains("&") else { return value }
        var value = value
        for (entity, plain) in [
            ("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&#13;", "\r"),
            ("&amp;", "&"),
        ] {
            value = value.replacingOccurrences(of: entity, with: plain)
        }
        return value
    }
}
