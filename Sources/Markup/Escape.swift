enum Escape {
    /// Text between tags.
    static func text(_ text: String, to bytes: inout [UInt8]) {
        escape(text, quotes: false, to: &bytes)
    }

    /// A value between double quotes.
    static func value(_ text: String, to bytes: inout [UInt8]) {
        escape(text, quotes: true, to: &bytes)
    }

    private static func escape(_ text: String, quotes: Bool, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { source in
            // Runs of plain bytes are copied at once: most text has nothing to escape.
            var start = 0
            for (index, byte) in source.enumerated() {
                let entity: StaticString
                switch byte {
                case UInt8(ascii: "&"): entity = "&amp;"
                case UInt8(ascii: "<"): entity = "&lt;"
                case UInt8(ascii: ">"): entity = "&gt;"
                case UInt8(ascii: "\"") where quotes: entity = "&quot;"
                case UInt8(ascii: "'") where quotes: entity = "&#39;"
                // A NUL is an error in HTML however it is written.
                case 0: entity = "\u{FFFD}"
                // A parser turns a bare CR into LF, so that a value would change on its way through
                // a form.
                case 0x0D: entity = "&#13;"
                default: continue
                }
                bytes.append(contentsOf: source[start..<index])
                bytes.append(entity)
                start = index + 1
            }
            bytes.append(contentsOf: source[start...])
        }
    }

    /// The address if following it can only lead somewhere, else `#`. An address whose scheme is
    /// not on the short list (`javascript:`, `data:`) can run a program in the page. Browsers pass
    /// over controls and spaces before a scheme and tabs and line ends inside it, and so does this.
    static func address(_ address: String) -> String {
        // Most addresses are paths of ours: what begins so has no scheme, and looking for one was a seventh of a page's work.
        switch address.utf8.first {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), nil: return address
        default: break
        }
        let visible = address.unicodeScalars.drop { $0.value <= 0x20 }
            .filter { $0.value > 0x20 }
        guard let colon = visible.firstIndex(of: ":"),
            !visible[..<colon].contains(where: { $0 == "/" || $0 == "?" || $0 == "#" })
        else { return address }
        let scheme = String(String.UnicodeScalarView(visible[..<colon])).lowercased()
        return ["http", "https", "mailto", "tel"].contains(scheme) ? address : "#"
    }
}
