// One function for every element that pages use, called `name(attributes) { children }`. Attributes
// may be nil, for conditions.

// MARK: The page

public func html(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("html"), attributes, content())
}

public func head(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("head"), attributes, content())
}

public func title(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("title"), attributes, content())
}

public func body(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("body"), attributes, content())
}

public func main(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("main"), attributes, content())
}

public func header(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("header"), attributes, content())
}

public func footer(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("footer"), attributes, content())
}

public func nav(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("nav"), attributes, content())
}

public func section(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("section"), attributes, content())
}

public func article(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("article"), attributes, content())
}

public func aside(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("aside"), attributes, content())
}

// MARK: Text

public func h1(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("h1"), attributes, content())
}

public func h2(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("h2"), attributes, content())
}

public func h3(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("h3"), attributes, content())
}

public func h4(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("h4"), attributes, content())
}

public func p(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("p"), attributes, content())
}

public func div(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("div"), attributes, content())
}

public func span(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("span"), attributes, content())
}

public func a(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("a"), attributes, content())
}

public func strong(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("strong"), attributes, content())
}

public func em(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("em"), attributes, content())
}

public func b(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("b"), attributes, content())
}

public func i(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("i"), attributes, content())
}

public func u(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("u"), attributes, content())
}

public func s(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("s"), attributes, content())
}

public func small(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("small"), attributes, content())
}

public func mark(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("mark"), attributes, content())
}

public func code(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("code"), attributes, content())
}

public func kbd(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("kbd"), attributes, content())
}

public func samp(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("samp"), attributes, content())
}

public func sub(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("sub"), attributes, content())
}

public func sup(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("sup"), attributes, content())
}

public func abbr(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("abbr"), attributes, content())
}

public func time(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("time"), attributes, content())
}

public func data(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("data"), attributes, content())
}

public func q(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("q"), attributes, content())
}

public func cite(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("cite"), attributes, content())
}

public func del(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("del"), attributes, content())
}

public func ins(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("ins"), attributes, content())
}

public func address(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("address"), attributes, content())
}

public func blockquote(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty })
    -> HTML
{
    make(Tag("blockquote"), attributes, content())
}

public func pre(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("pre", .keepsSpace), attributes, content())
}

public func details(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("details"), attributes, content())
}

public func summary(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("summary"), attributes, content())
}

public func dialog(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("dialog"), attributes, content())
}

public func figure(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("figure"), attributes, content())
}

public func figcaption(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty })
    -> HTML
{
    make(Tag("figcaption"), attributes, content())
}

// MARK: Lists

public func ul(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("ul"), attributes, content())
}

public func ol(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("ol"), attributes, content())
}

public func li(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("li"), attributes, content())
}

public func dl(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("dl"), attributes, content())
}

public func dt(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("dt"), attributes, content())
}

public func dd(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("dd"), attributes, content())
}

// MARK: Tables

public func table(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("table"), attributes, content())
}

public func caption(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("caption"), attributes, content())
}

public func colgroup(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty })
    -> HTML
{
    make(Tag("colgroup"), attributes, content())
}

public func thead(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("thead"), attributes, content())
}

public func tbody(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("tbody"), attributes, content())
}

public func tfoot(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("tfoot"), attributes, content())
}

public func tr(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("tr"), attributes, content())
}

public func th(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("th"), attributes, content())
}

public func td(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("td"), attributes, content())
}

// MARK: Forms

public func form(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("form"), attributes, content())
}

public func label(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("label"), attributes, content())
}

public func fieldset(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty })
    -> HTML
{
    make(Tag("fieldset"), attributes, content())
}

public func legend(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("legend"), attributes, content())
}

public func button(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("button"), attributes, content())
}

public func select(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("select"), attributes, content())
}

public func optgroup(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty })
    -> HTML
{
    make(Tag("optgroup"), attributes, content())
}

public func option(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("option"), attributes, content())
}

public func datalist(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty })
    -> HTML
{
    make(Tag("datalist"), attributes, content())
}

public func textarea(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty })
    -> HTML
{
    make(Tag("textarea", .keepsSpace), attributes, content())
}

public func output(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML
{
    make(Tag("output"), attributes, content())
}

public func progress(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty })
    -> HTML
{
    make(Tag("progress"), attributes, content())
}

public func meter(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty }) -> HTML {
    make(Tag("meter"), attributes, content())
}

// MARK: Programs; their text cannot be given here, only their address

/// A program of our own by its address. It is fetched beside the page and runs when all of the page is there.
/// - Parameter address: begins with one slash; one that leads elsewhere is a bug and traps.
public func script(src address: String) -> HTML {
    precondition(
        address.hasPrefix("/") && !address.hasPrefix("//"), "a program from elsewhere: \(address)")
    return make(Tag("script"), [Attribute.defer, Attribute.src(address)], .empty)
}

public func noscript(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty })
    -> HTML
{
    make(Tag("noscript"), attributes, content())
}

public func template(_ attributes: Attribute?..., @Children content: () -> HTML = { .empty })
    -> HTML
{
    make(Tag("template"), attributes, content())
}

// MARK: Elements without content

public func area(_ attributes: Attribute?...) -> HTML {
    make(Tag("area", .void), attributes, .empty)
}

public func base(_ attributes: Attribute?...) -> HTML {
    make(Tag("base", .void), attributes, .empty)
}

public func br(_ attributes: Attribute?...) -> HTML {
    make(Tag("br", .void), attributes, .empty)
}

public func col(_ attributes: Attribute?...) -> HTML {
    make(Tag("col", .void), attributes, .empty)
}

public func hr(_ attributes: Attribute?...) -> HTML {
    make(Tag("hr", .void), attributes, .empty)
}

public func img(_ attributes: Attribute?...) -> HTML {
    make(Tag("img", .void), attributes, .empty)
}

public func input(_ attributes: Attribute?...) -> HTML {
    make(Tag("input", .void), attributes, .empty)
}

public func link(_ attributes: Attribute?...) -> HTML {
    make(Tag("link", .void), attributes, .empty)
}

public func meta(_ attributes: Attribute?...) -> HTML {
    make(Tag("meta", .void), attributes, .empty)
}

public func source(_ attributes: Attribute?...) -> HTML {
    make(Tag("source", .void), attributes, .empty)
}

public func wbr(_ attributes: Attribute?...) -> HTML {
    make(Tag("wbr", .void), attributes, .empty)
}
