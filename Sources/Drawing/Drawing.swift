// Drawing: what is drawn rather than written: QR codes, and bills as PDF by cairo and pango. This room knows nothing of
// ours: a bill comes as a value of words that are ready for print, and how they stand on the paper is decided here. It
// never logs.

/// Why something could not be drawn.
public enum DrawingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The family is not installed (on Debian: fonts-paratype). Bills are drawn with one family, so that they are the
    /// same on every machine.
    case noFont(family: String)
    /// A code with so many bytes has no place on a bill.
    case codeTooLong(bytes: Int)
    /// The date of the form is none.
    case noDate(String)
    /// The library's own words.
    case cairo(String)
    /// It is out of memory.
    case memory

    public var description: String {
        switch self {
        case .noFont(let family): "the font family «\(family)» is not installed"
        case .codeTooLong(let bytes): "a QR code of \(bytes) bytes has no place on a bill"
        case .noDate(let date): "«\(date)» is no date"
        case .cairo(let words): "cairo: \(words)"
        case .memory: "there is no memory to draw with"
        }
    }
}
