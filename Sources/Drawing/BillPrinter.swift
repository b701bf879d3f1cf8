import CCairo

/// Draws bills. Belongs to the thread that uses it: it keeps the fonts and every word that it has shaped, so that a bill
/// after the first costs a few milliseconds. Keep one a thread.
public final class BillPrinter {
    private let typesetter: Typesetter

    /// Throws `DrawingError.noFont` where PT Sans is not installed.
    public init() throws(DrawingError) {
        typesetter = try Typesetter()
    }

    /// The bill as PDF: the same bytes for the same form, by any printer, at any time.
    public func pdf(_ form: BillForm) throws(DrawingError) -> [UInt8] {
        guard (1...9999).contains(form.date.year), (1...12).contains(form.date.month),
            (1...31).contains(form.date.day)
        else {
            throw .noDate("\(form.date.year)-\(form.date.month)-\(form.date.day)")
        }
        var composer = try Composer(typesetter)
        let pages = try composer.pages(of: form)
        let canvas = try Canvas(
            width: Page.width, height: Page.height, title: "\(form.title) \(form.subtitle)",
            madeOn: form.date)
        for page in pages { canvas.draw(page) }
        return try canvas.finish()
    }
}
