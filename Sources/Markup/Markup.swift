// Markup: typed HTML. A page is a tree of values; text and attribute values are escaped when the
// tree is rendered, so there is no place to forget it. This room knows nothing of ours: no words,
// no routes.

/// A piece of a page. Whatever it is made from, it renders to well-formed HTML: names of elements
/// and attributes are constants of the program, and everything else is escaped.
public enum HTML: Sendable {
    case element(Tag, [Attribute], [HTML])
    case text(String)
    case fragment([HTML])
    case verbatim(Verbatim)
    case empty

    /// The bytes to send, in UTF-8. No white space is added.
    public func render() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16 * 1024)
        render(into: &bytes)
        return bytes
    }

    /// Appends the bytes to others.
    public func render(into bytes: inout [UInt8]) {
        switch self {
        case .empty: break
        case .text(let text): Escape.text(text, to: &bytes)
        case .verbatim(let verbatim): bytes.append(verbatim.text)
        case .fragment(let parts):
            for part in parts { part.render(into: &bytes) }
        case .element(let tag, let attributes, let children):
            bytes.append(UInt8(ascii: "<"))
            bytes.append(tag.name)
            for attribute in attributes { attribute.render(into: &bytes) }
            bytes.append(UInt8(ascii: ">"))
            if tag.kind == .void { return }
            let start = bytes.count
            for child in children { child.render(into: &bytes) }
            // The parser drops a line end right after these tags, so one that belongs to the text
            // needs another.
            if tag.kind == .keepsSpace, start < bytes.count, bytes[start] == 0x0A {
                bytes.insert(0x0A, at: start)
            }
            bytes.append(contentsOf: [UInt8(ascii: "<"), UInt8(ascii: "/")])
            bytes.append(tag.name)
            bytes.append(UInt8(ascii: ">"))
        }
    }
}

/// The name of an element, a constant of the program.
public struct Tag: Sendable {
    enum Kind { case ordinary, void, keepsSpace }

    let name: StaticString
    let kind: Kind

    /// Names an ordinary element, with an end tag. Elements whose text the browser does not
    /// unescape (`script`, `style`) have no place here with text in them; the security policy
    /// forbids them inline anyway.
    public init(_ name: StaticString) { self.init(name, .ordinary) }

    init(_ name: StaticString, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// Markup that is a constant of the program, sent as it is. It cannot be made from what people
/// enter.
public struct Verbatim: Sendable {
    let text: StaticString
    public init(_ text: StaticString) { self.text = text }
}

/// Collects the children of an element.
@resultBuilder public enum Children {
    public static func buildExpression(_ part: HTML) -> HTML { part }
    public static func buildExpression(_ part: HTML?) -> HTML { part ?? .empty }
    public static func buildExpression(_ parts: [HTML]) -> HTML { .fragment(parts) }
    public static func buildExpression(_ text: String) -> HTML { .text(text) }
    public static func buildExpression(_ text: Substring) -> HTML { .text(String(text)) }
    public static func buildExpression(_ constant: Verbatim) -> HTML { .verbatim(constant) }
    public static func buildExpression(_ nothing: Void) -> HTML { .empty }
    public static func buildBlock() -> HTML { .empty }
    public static func buildBlock(_ part: HTML) -> HTML { part }
    public static func buildBlock(_ parts: HTML...) -> HTML { .fragment(parts) }
    public static func buildOptional(_ part: HTML?) -> HTML { part ?? .empty }
    public static func buildEither(first part: HTML) -> HTML { part }
    public static func buildEither(second part: HTML) -> HTML { part }
    public static func buildArray(_ parts: [HTML]) -> HTML { .fragment(parts) }
}

/// Several pieces as one.
public func fragment(@Children _ content: () -> HTML) -> HTML { content() }

/// An element whose name has no function of its own.
public func element(
    _ tag: Tag, _ attributes: Attribute?..., @Children content: () -> HTML = { .empty }
) -> HTML {
    make(tag, attributes, content())
}

func make(_ tag: Tag, _ attributes: [Attribute?], _ content: HTML) -> HTML {
    let children: [HTML] =
        switch content {
        case .fragment(let parts): parts
        case .empty: []
        default: [content]
        }
    return .element(tag, attributes.compactMap { $0 }, children)
}

/// A whole page.
/// - Parameters:
///   - lang: the language of the text, such as `ru`; screen readers choose their voice by it.
///   - title: the words in the tab, different on every page.
///   - head: what follows the character set, the viewport and the title.
public func document(
    lang: String, title words: String, @Children head inHead: () -> HTML = { .empty },
    @Children body inBody: () -> HTML
) -> HTML {
    .fragment([
        .verbatim(Verbatim("<!DOCTYPE html>")),
        html(.lang(lang)) {
            head {
                meta(.charset("utf-8"))
                meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
                title { words }
                inHead()
            }
            body { inBody() }
        },
    ])
}

extension [UInt8] {
    mutating func append(_ constant: StaticString) {
        constant.withUTF8Buffer { append(contentsOf: $0) }
    }
}
