/// Bills: from what was frozen when a month was closed to words that are ready for print, and from those to PDF. Nothing is
/// computed anew here, and nothing is read: facts come in as a value.
public import Drawing

/// Draws bills on one thread: it keeps a printer, made when the first bill is drawn. Keep one a thread.
public final class Press {
    private var printer: BillPrinter?

    public init() {}

    /// The bill as PDF: the same bytes for the same facts, whenever it is drawn.
    public func pdf(_ bill: Bill) throws(DrawingError) -> [UInt8] {
        if let printer { return try printer.pdf(bill.form) }
        let printer = try BillPrinter()
        self.printer = printer
        return try printer.pdf(bill.form)
    }
}
