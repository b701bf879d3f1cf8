/// An attribute of an element. There is none for inline styles and handlers: the security policy
/// forbids both.
public struct Attribute: Sendable {
    private enum Value {
        case text(String)
        case present
        case absent
    }

    private let prefix: StaticString
    private let name: StaticString
    private let value: Value

    private init(_ name: StaticString, _ value: Value, prefix: StaticString = "") {
        self.prefix = prefix
        self.name = name
        self.value = value
    }

    func render(into bytes: inout [UInt8]) {
        if case .absent = value { return }
        bytes.append(UInt8(ascii: " "))
        bytes.append(prefix)
        bytes.append(name)
        guard case .text(let text) = value else { return }
        bytes.append(contentsOf: [UInt8(ascii: "="), UInt8(ascii: "\"")])
        Escape.value(text, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Any other attribute. Addresses are checked here too; an inline style or handler is a bug and
    /// traps.
    public static func custom(_ name: StaticString, _ value: String) -> Attribute {
        let text = name.description.lowercased()
        precondition(
            !text.hasPrefix("on") && text != "style" && text != "srcdoc",
            "the security policy forbids the attribute \(text)")
        let isAddress = ["href", "xlink:href", "action", "formaction", "src"].contains(text)
        return Attribute(name, .text(isAddress ? Escape.address(value) : value))
    }

    private static func flag(_ name: StaticString, _ isOn: Bool) -> Attribute {
        Attribute(name, isOn ? .present : .absent)
    }

    private static func text(_ name: StaticString, _ value: String) -> Attribute {
        Attribute(name, .text(value))
    }

    private static func number(_ name: StaticString, _ value: Int) -> Attribute {
        Attribute(name, .text(String(value)))
    }
}

/// Addresses. One with a scheme other than http, https, mailto or tel becomes `#`.
extension Attribute {
    public static func href(_ address: String) -> Attribute {
        text("href", Escape.address(address))
    }
    public static func action(_ address: String) -> Attribute {
        text("action", Escape.address(address))
    }
    public static func formaction(_ address: String) -> Attribute {
        text("formaction", Escape.address(address))
    }
    public static func src(_ address: String) -> Attribute { text("src", Escape.address(address)) }
}

/// Attributes of a page's structure.
extension Attribute {
    /// One class or several, separated by spaces.
    public static func `class`(_ names: String) -> Attribute { text("class", names) }
    public static func id(_ id: String) -> Attribute { text("id", id) }
    public static func lang(_ language: String) -> Attribute { text("lang", language) }
    public static func title(_ words: String) -> Attribute { text("title", words) }
    public static func role(_ role: String) -> Attribute { text("role", role) }
    public static func aria(_ name: StaticString, _ value: String) -> Attribute {
        Attribute(name, .text(value), prefix: "aria-")
    }
    public static func data(_ name: StaticString, _ value: String) -> Attribute {
        Attribute(name, .text(value), prefix: "data-")
    }
    public static func tabindex(_ index: Int) -> Attribute { number("tabindex", index) }
    public static var hidden: Attribute { hidden(true) }
    public static func hidden(_ isOn: Bool) -> Attribute { flag("hidden", isOn) }
    public static func open(_ isOn: Bool) -> Attribute { flag("open", isOn) }
    public static func rel(_ relation: String) -> Attribute { text("rel", relation) }
    public static func target(_ name: String) -> Attribute { text("target", name) }
    public static func download(_ name: String) -> Attribute { text("download", name) }
    public static func datetime(_ time: String) -> Attribute { text("datetime", time) }
    public static func alt(_ words: String) -> Attribute { text("alt", words) }
    public static func width(_ pixels: Int) -> Attribute { number("width", pixels) }
    public static func height(_ pixels: Int) -> Attribute { number("height", pixels) }
    public static func charset(_ name: String) -> Attribute { text("charset", name) }
    public static func content(_ value: String) -> Attribute { text("content", value) }
    public static func media(_ query: String) -> Attribute { text("media", query) }
    public static var `defer`: Attribute { flag("defer", true) }
}

/// Attributes of tables.
extension Attribute {
    public enum Scope: String, Sendable { case row, col, rowgroup, colgroup }
    public static func scope(_ scope: Scope) -> Attribute { text("scope", scope.rawValue) }
    public static func colspan(_ count: Int) -> Attribute { number("colspan", count) }
    public static func rowspan(_ count: Int) -> Attribute { number("rowspan", count) }
}

/// Attributes of forms.
extension Attribute {
    public enum Input: String, Sendable {
        case hidden, text, password, email, tel, number, date, month, time, url, search, checkbox
        case radio, file, submit, button, reset
        case localTime = "datetime-local"
    }
    public enum Method: String, Sendable { case get, post, dialog }

    public static func type(_ type: Input) -> Attribute { text("type", type.rawValue) }
    public static func method(_ method: Method) -> Attribute { text("method", method.rawValue) }
    public static func enctype(_ type: String) -> Attribute { text("enctype", type) }
    public static func name(_ name: String) -> Attribute { text("name", name) }
    public static func value(_ value: String) -> Attribute { text("value", value) }
    public static func `for`(_ id: String) -> Attribute { text("for", id) }
    public static func form(_ id: String) -> Attribute { text("form", id) }
    public static func list(_ id: String) -> Attribute { text("list", id) }
    public static func placeholder(_ words: String) -> Attribute { text("placeholder", words) }
    /// The keyboard a phone shows, such as `decimal`.
    public static func inputmode(_ mode: String) -> Attribute { text("inputmode", mode) }
    /// What the Enter key of a phone's keyboard says: `next`, `send`.
    public static func enterkeyhint(_ word: String) -> Attribute { text("enterkeyhint", word) }
    public static func spellcheck(_ isOn: Bool) -> Attribute {
        text("spellcheck", isOn ? "true" : "false")
    }
    public static func autocomplete(_ what: String) -> Attribute { text("autocomplete", what) }
    public static func pattern(_ pattern: String) -> Attribute { text("pattern", pattern) }
    public static func accept(_ types: String) -> Attribute { text("accept", types) }
    public static func min(_ value: String) -> Attribute { text("min", value) }
    public static func max(_ value: String) -> Attribute { text("max", value) }
    public static func step(_ value: String) -> Attribute { text("step", value) }
    public static func minlength(_ count: Int) -> Attribute { number("minlength", count) }
    public static func maxlength(_ count: Int) -> Attribute { number("maxlength", count) }
    public static func rows(_ count: Int) -> Attribute { number("rows", count) }
    public static func cols(_ count: Int) -> Attribute { number("cols", count) }
    public static func size(_ count: Int) -> Attribute { number("size", count) }
    public static var required: Attribute { required(true) }
    public static func required(_ isOn: Bool) -> Attribute { flag("required", isOn) }
    public static var checked: Attribute { checked(true) }
    public static func checked(_ isOn: Bool) -> Attribute { flag("checked", isOn) }
    public static var selected: Attribute { selected(true) }
    public static func selected(_ isOn: Bool) -> Attribute { flag("selected", isOn) }
    public static var disabled: Attribute { disabled(true) }
    public static func disabled(_ isOn: Bool) -> Attribute { flag("disabled", isOn) }
    public static var readonly: Attribute { readonly(true) }
    public static func readonly(_ isOn: Bool) -> Attribute { flag("readonly", isOn) }
    public static var autofocus: Attribute { autofocus(true) }
    public static func autofocus(_ isOn: Bool) -> Attribute { flag("autofocus", isOn) }
    public static var multiple: Attribute { flag("multiple", true) }
    public static var novalidate: Attribute { flag("novalidate", true) }
}
