import CCairo

/// A PDF that is being drawn by cairo.
final class Canvas {
    private final class Output {
        var bytes: [UInt8] = []
    }

    private let surface: OpaquePointer
    private let context: OpaquePointer
    private let output = Output()
    private var letters = Letters()

    init(
        width: Double, height: Double, title: String, madeOn day: BillForm.Day
    ) throws(DrawingError) {
        output.bytes.reserveCapacity(1 << 16)
        let surface = cairo_pdf_surface_create_for_stream(
            { closure, data, count in
                guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
                Unmanaged<Output>.fromOpaque(closure).takeUnretainedValue().bytes.append(
                    contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(output).toOpaque(), width, height)
        guard let surface else { throw .memory }
        // Cairo would write the present moment.
        let date =
            digits(day.year, 4) + "-" + digits(day.month, 2) + "-" + digits(day.day, 2)
            + "T00:00:00Z"
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date)
        cairo_pdf_surface_set_metadata(
            surface, CAIRO_PDF_METADATA_TITLE,
            Self.printable(title))
        self.surface = surface
        guard let context = cairo_create(surface) else {
            cairo_surface_destroy(surface)
            throw .memory
        }
        self.context = context
    }

    /// Cairo refuses a title with characters that stand for nothing.
    private static func printable(_ text: String) -> String {
        let scalars = text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .unassigned: false
            default: true
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    func draw(_ page: Page) {
        var rules: [Page.Mark] = []
        var pen: Page.Pen?
        for mark in page.marks {
            if case .fill(let x, let y, let width, let height, let gray) = mark {
                cairo_set_source_rgb(context, gray, gray, gray)
                cairo_rectangle(context, x, y, width, height)
                cairo_fill(context)
            }
        }
        // What is drawn by one pen is one path.
        for mark in page.marks {
            guard case .rule(_, _, _, _, let own) = mark else { continue }
            if own != pen {
                stroke(rules, pen)
                rules = []
                pen = own
            }
            rules.append(mark)
        }
        stroke(rules, pen)
        // In the order in which it is read, so that it is copied and spoken so; neighbours of one font go together.
        for mark in page.marks {
            guard case .text(let line, let font, let x, let y, let gray) = mark else { continue }
            letters.add(line, font, gray: gray, x: x, y: y, on: context)
        }
        letters.show(on: context)
        for mark in page.marks {
            guard case .code(let code, let x, let y, let module) = mark else { continue }
            draw(code, x: x, y: y, module: module)
        }
        cairo_show_page(context)
    }

    private func stroke(_ rules: [Page.Mark], _ pen: Page.Pen?) {
        guard let pen, !rules.isEmpty else { return }
        for case .rule(let x, let y, let toX, let toY, _) in rules {
            cairo_move_to(context, x, y)
            cairo_line_to(context, toX, toY)
        }
        cairo_set_source_rgb(context, pen.gray, pen.gray, pen.gray)
        cairo_set_line_width(context, pen.width)
        cairo_set_dash(context, [3, 3], pen.isDashed ? 2 : 0, 0)
        cairo_stroke(context)
    }

    /// As a mask of one bit a module, through which the ink goes: sharp at any size, and a tenth of the bytes of a path.
    private func draw(_ code: QRCode, x: Double, y: Double, module: Double) {
        let side = Int32(code.side)
        guard let mask = cairo_image_surface_create(CAIRO_FORMAT_A1, side, side) else { return }
        defer { cairo_surface_destroy(mask) }
        cairo_surface_flush(mask)
        guard let rows = cairo_image_surface_get_data(mask) else { return }
        let stride = Int(cairo_image_surface_get_stride(mask))
        for row in 0..<code.side {
            // Bits stand in words of 32, the first in the lowest bit (on the machines that this runs on).
            for column in 0..<code.side where code.modules[row * code.side + column] {
                rows[row * stride + column / 8] |= 1 << UInt8(column % 8)
            }
        }
        cairo_surface_mark_dirty(mask)
        cairo_save(context)
        cairo_translate(context, x, y)
        cairo_scale(context, module, module)
        guard let pattern = cairo_pattern_create_for_surface(mask) else { return }
        cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST)
        cairo_set_source_rgb(context, 0, 0, 0)
        cairo_mask(context, pattern)
        cairo_pattern_destroy(pattern)
        cairo_restore(context)
    }

    /// The whole file.
    func finish() throws(DrawingError) -> [UInt8] {
        cairo_surface_finish(surface)
        for status in [cairo_status(context), cairo_surface_status(surface)]
        where status != CAIRO_STATUS_SUCCESS && status != CAIRO_STATUS_SURFACE_FINISHED {
            throw .cairo(String(cString: cairo_status_to_string(status)))
        }
        return output.bytes
    }
}

/// Glyphs for cairo, with the text that they stand for, by which a reader searches and copies.
private struct Letters {
    private var font: Typesetter.Font?
    private var gray = 0.0
    private var glyphs: [cairo_glyph_t] = []
    private var clusters: [cairo_text_cluster_t] = []
    private var utf8: [UInt8] = []

    mutating func add(
        _ line: Typesetter.Line, _ font: Typesetter.Font, gray: Double, x: Double, y: Double,
        on context: OpaquePointer
    ) {
        if font !== self.font || gray != self.gray {
            show(on: context)
            self.font = font
            self.gray = gray
        }
        for (word, offset) in line.pieces {
            let left = x + offset
            for glyph in word.glyphs {
                glyphs.append(
                    cairo_glyph_t(index: glyph.index, x: left + glyph.x, y: y + glyph.y))
            }
            clusters.append(contentsOf: word.clusters)
            utf8.append(contentsOf: word.utf8)
        }
    }

    mutating func show(on context: OpaquePointer) {
        if let font, !glyphs.isEmpty {
            cairo_set_source_rgb(context, gray, gray, gray)
            cairo_set_scaled_font(context, font.scaled)
            utf8.withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) { text in
                    cairo_show_text_glyphs(
                        context, text.baseAddress, Int32(text.count), glyphs, Int32(glyphs.count),
                        clusters, Int32(clusters.count), cairo_text_cluster_flags_t(0))
                }
            }
        }
        glyphs.removeAll(keepingCapacity: true)
        clusters.removeAll(keepingCapacity: true)
        utf8.removeAll(keepingCapacity: true)
    }
}

private func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
}
