import CCairo
import Glibc

/// Words made of glyphs, and lines made of words. Pango shapes each word once; a bill after the other consists of the same
/// ones. Belongs to one thread, as its font map does.
final class Typesetter {
    enum Face: Int, CaseIterable, Sendable {
        case regular, bold, narrow, narrowBold

        var family: String {
            switch self {
            case .regular, .bold: "PT Sans"
            case .narrow, .narrowBold: "PT Sans Narrow"
            }
        }
        var isBold: Bool { self == .bold || self == .narrowBold }
        var inBold: Face {
            switch self {
            case .regular, .bold: .bold
            case .narrow, .narrowBold: .narrowBold
            }
        }
    }

    /// A face at a size.
    final class Font {
        /// In points.
        let size: Double
        /// What cairo draws: the outlines of the font whose glyphs pango chose.
        let scaled: OpaquePointer
        fileprivate let context: OpaquePointer
        fileprivate var words: [Key: Word] = [:]
        fileprivate var texts: [Key: Text] = [:]

        var lineHeight: Double { size * 1.22 }
        /// From the top of a line to where the letters stand.
        var baseline: Double { size * 0.94 }

        fileprivate init(
            _ face: Face, hundredths: Int, map: UnsafeMutablePointer<PangoFontMap>,
            outlines: Outlines
        ) throws(DrawingError) {
            guard let context = pango_font_map_create_context(map),
                let description = pango_font_description_new()
            else { throw .memory }
            size = Double(hundredths) / 100
            pango_font_description_set_family(description, face.family)
            pango_font_description_set_weight(
                description, face.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
            pango_font_description_set_size(
                description, Int32(hundredths) * Int32(PANGO_SCALE) / 100)
            // Widths as the font has them, not as a screen would round them.
            let options = cairo_font_options_create()
            cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
            cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
            cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
            pango_cairo_context_set_font_options(context, options)
            pango_context_set_round_glyph_positions(context, 0)
            pango_context_set_font_description(context, description)
            pango_font_description_free(description)
            var matrix = cairo_matrix_t()
            var identity = cairo_matrix_t()
            cairo_matrix_init_scale(&matrix, size, size)
            cairo_matrix_init_identity(&identity)
            scaled = cairo_scaled_font_create(outlines.face, &matrix, &identity, options)
            cairo_font_options_destroy(options)
            self.context = context
        }

        deinit {
            cairo_scaled_font_destroy(scaled)
            g_object_unref(UnsafeMutableRawPointer(context))
        }
    }

    /// Letters that stay together, as glyphs of a font.
    final class Word {
        let width: Double
        let utf8: [UInt8]
        let glyphs: [cairo_glyph_t]
        let clusters: [cairo_text_cluster_t]

        init(
            width: Double, utf8: [UInt8], glyphs: [cairo_glyph_t], clusters: [cairo_text_cluster_t]
        ) {
            self.width = width
            self.utf8 = utf8
            self.glyphs = glyphs
            self.clusters = clusters
        }
    }

    /// A text by its bytes: what Swift does to find two spellings of a letter equal costs more than the rest.
    fileprivate struct Key: Hashable {
        let text: String

        init(_ text: String) { self.text = text }

        static func == (one: Key, other: Key) -> Bool {
            let isEqual: Bool?? = one.text.utf8.withContiguousStorageIfAvailable { one in
                other.text.utf8.withContiguousStorageIfAvailable { other in
                    guard one.count == other.count else { return false }
                    guard let first = one.baseAddress, let second = other.baseAddress else {
                        return true
                    }
                    return memcmp(first, second, one.count) == 0
                }
            }
            return (isEqual ?? nil) ?? one.text.utf8.elementsEqual(other.text.utf8)
        }

        func hash(into hasher: inout Hasher) {
            let isDone: Void? = text.utf8.withContiguousStorageIfAvailable {
                hasher.combine(bytes: UnsafeRawBufferPointer($0))
            }
            if isDone == nil { for byte in text.utf8 { hasher.combine(byte) } }
        }
    }

    struct Line {
        var pieces: [(word: Word, x: Double)] = []
        var width = 0.0
    }

    fileprivate enum Token {
        case word(Word)
        /// A line may end here; else it is that much room.
        case space(Word)
        /// Room at which no line ends.
        case fixed(Word)
        /// A line may end here, with a hyphen.
        case softHyphen
        case newLine
    }

    /// What a text is made of in a font, and what is asked of it most.
    fileprivate final class Text {
        let tokens: [Token]
        let line: Line
        let longestPart: Double
        let hasNewLines: Bool

        init(_ tokens: [Token], space: Word, hyphen: Word) {
            var line = Line()
            var longest = 0.0
            var part = 0.0
            var hasNewLines = false
            for token in tokens {
                switch token {
                case .word(let word), .fixed(let word):
                    line.add(word)
                    part += word.width
                case .softHyphen:
                    longest = max(longest, part + hyphen.width)
                    part = 0
                case .space(let word):
                    line.add(word)
                    longest = max(longest, part)
                    part = 0
                case .newLine:
                    line.add(space)
                    longest = max(longest, part)
                    part = 0
                    hasNewLines = true
                }
            }
            self.tokens = tokens
            self.line = line
            longestPart = max(longest, part)
            self.hasNewLines = hasNewLines
        }
    }

    private let files: FontFiles
    private let map: UnsafeMutablePointer<PangoFontMap>
    private let attributes: OpaquePointer
    private let glyphs: UnsafeMutablePointer<PangoGlyphString>
    private var fonts: [Int: Font] = [:]
    private var outlines: [Face: Outlines] = [:]

    /// Beyond so many words or texts a font forgets them: names and sums never end.
    private static let memory = 20_000

    init() throws(DrawingError) {
        files = try FontFiles()
        guard let map = shim_font_map(files.configuration), let attributes = pango_attr_list_new(),
            let glyphs = pango_glyph_string_new()
        else { throw .memory }
        self.map = map
        self.attributes = attributes
        self.glyphs = glyphs
        // No other font may step in for a character, or a bill would look different on another machine.
        pango_attr_list_insert(attributes, pango_attr_fallback_new(0))
    }

    deinit {
        fonts = [:]
        pango_glyph_string_free(glyphs)
        pango_attr_list_unref(attributes)
        g_object_unref(map)
    }

    /// - Parameter size: in points, to a hundredth.
    func font(_ face: Face, _ size: Double) throws(DrawingError) -> Font {
        let hundredths = Int((size * 100).rounded())
        let key = hundredths * Face.allCases.count + face.rawValue
        if let font = fonts[key] { return font }
        let outlines = try outlines(of: face)
        let font = try Font(face, hundredths: hundredths, map: map, outlines: outlines)
        fonts[key] = font
        return font
    }

    private func outlines(of face: Face) throws(DrawingError) -> Outlines {
        if let outlines = outlines[face] { return outlines }
        guard let path = files.paths[face] else { throw .noFont(family: face.family) }
        let own = try Outlines(path: path, family: face.family)
        outlines[face] = own
        return own
    }

    // MARK: Lines

    /// What of the text fits on one line: for words beside the bill's content, such as its running title.
    func clipped(_ text: String, _ font: Font, width: Double) -> Line {
        lines(text, font, width: width)[0]
    }

    /// How wide the text is as one line.
    func width(_ text: String, _ font: Font) -> Double { self.text(text, font).line.width }

    /// The width of the longest part of it at which no line may end.
    func longestPart(_ text: String, _ font: Font) -> Double { self.text(text, font).longestPart }

    /// The text in lines of at most this width: broken at spaces, and where a word is wider, anywhere in it. Always one
    /// line at least.
    func lines(_ text: String, _ font: Font, width: Double) -> [Line] {
        // A trace of width is lost in sums.
        let width = width + 0.01
        let text = self.text(text, font)
        if !text.hasNewLines, text.line.width <= width { return [text.line] }
        let hyphen = word("-", font)
        var lines: [Line] = []
        var line = Line()
        let parts = parts(text)
        for (index, part) in parts.enumerated() {
            let endsWithHyphen = index + 1 < parts.count && parts[index + 1].gap.isHyphen
            let need = part.width + (endsWithHyphen ? hyphen.width : 0)
            switch part.gap {
            case .newLine:
                lines.append(line)
                line = Line()
            case .space(let space):
                if line.pieces.isEmpty { break }
                if line.width + space.width + need > width {
                    lines.append(line)
                    line = Line()
                } else {
                    line.add(space)
                }
            case .hyphen:
                if !line.pieces.isEmpty, line.width + need > width {
                    line.add(hyphen)
                    lines.append(line)
                    line = Line()
                }
            case .none: break
            }
            if line.width + part.width <= width {
                for word in part.words { line.add(word) }
            } else {
                for letter in part.words.flatMap({ letters(of: $0, font) }) {
                    if !line.pieces.isEmpty, line.width + letter.width > width {
                        lines.append(line)
                        line = Line()
                    }
                    line.add(letter)
                }
            }
        }
        lines.append(line)
        return lines
    }

    /// What no line ends in, and what is before it.
    private struct Part {
        enum Gap {
            case none, newLine, hyphen
            case space(Word)

            var isHyphen: Bool {
                if case .hyphen = self { true } else { false }
            }
        }
        var gap: Gap
        var words: [Word] = []
        var width = 0.0
    }

    private func parts(_ text: Text) -> [Part] {
        var parts = [Part(gap: .none)]
        for token in text.tokens {
            switch token {
            case .word(let word), .fixed(let word):
                parts[parts.count - 1].words.append(word)
                parts[parts.count - 1].width += word.width
            case .space(let space): parts.append(Part(gap: .space(space)))
            case .softHyphen: parts.append(Part(gap: .hyphen))
            case .newLine: parts.append(Part(gap: .newLine))
            }
        }
        return parts
    }

    private func letters(of word: Word, _ font: Font) -> [Word] {
        String(decoding: word.utf8, as: UTF8.self).map { self.word(String($0), font) }
    }

    // MARK: Words

    private func text(_ text: String, _ font: Font) -> Text {
        let key = Key(text)
        if let text = font.texts[key] { return text }
        let text = Text(tokens(text, font), space: space(font), hyphen: word("-", font))
        if font.texts.count >= Self.memory { font.texts = [:] }
        font.texts[key] = text
        return text
    }

    private func tokens(_ text: String, _ font: Font) -> [Token] {
        var tokens: [Token] = []
        var letters = String.UnicodeScalarView()
        func end() {
            guard !letters.isEmpty else { return }
            tokens.append(.word(word(String(letters), font)))
            letters = String.UnicodeScalarView()
        }
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A:
                end()
                tokens.append(.newLine)
            case 0xAD:
                end()
                tokens.append(.softHyphen)
            case 0xA0, 0x202F, 0x2007:
                end()
                tokens.append(.fixed(scalar.value == 0x202F ? thin(font) : space(font)))
            case 0x21...0x7E, 0x410...0x44F: letters.append(scalar)
            default:
                switch files.ink(of: scalar) {
                case .letter: letters.append(scalar)
                case .space:
                    end()
                    // Of several one is drawn; what a form begins or ends with is none of its words.
                    if case .space? = tokens.last { continue }
                    tokens.append(.space(scalar.value == 0x2009 ? thin(font) : space(font)))
                case .unknown: letters.append("?")
                case .nothing: break
                }
            }
        }
        end()
        if case .space? = tokens.last { tokens.removeLast() }
        if case .space? = tokens.first { tokens.removeFirst() }
        return tokens
    }

    private func space(_ font: Font) -> Word { word(" ", font) }

    /// Between thousands: half a space, whatever the font has.
    private func thin(_ font: Font) -> Word {
        let key = Key("\u{202F}")
        if let word = font.words[key] { return word }
        let whole = space(font)
        let word = Word(
            width: whole.width / 2, utf8: whole.utf8, glyphs: whole.glyphs,
            clusters: whole.clusters)
        font.words[key] = word
        return word
    }

    private func word(_ text: String, _ font: Font) -> Word {
        let key = Key(text)
        if let word = font.words[key] { return word }
        let word = shape(text, font)
        if font.words.count >= Self.memory { font.words = [:] }
        font.words[key] = word
        return word
    }

    private func shape(_ text: String, _ font: Font) -> Word {
        var width: Int32 = 0
        var shaped: [cairo_glyph_t] = []
        var clusters: [cairo_text_cluster_t] = []
        let utf8 = Array(text.utf8)
        let scale = Double(PANGO_SCALE)
        utf8.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
            let items = pango_itemize(
                font.context, start, 0, Int32(bytes.count), attributes, nil)
            defer { g_list_free(items) }
            var place = items
            while let node = place {
                place = node.pointee.next
                guard let item = node.pointee.data?.assumingMemoryBound(to: PangoItem.self) else {
                    continue
                }
                defer { pango_item_free(item) }
                let length = item.pointee.length
                pango_shape_full(
                    start + Int(item.pointee.offset), length, start, Int32(bytes.count),
                    &item.pointee.analysis, glyphs)
                let count = Int(glyphs.pointee.num_glyphs)
                for index in 0..<count {
                    let glyph = glyphs.pointee.glyphs[index]
                    let from = glyphs.pointee.log_clusters[index]
                    // Nothing is drawn for a mark that the font has not.
                    let isDrawn = glyph.glyph < 0x0FFF_FFFF
                    if isDrawn {
                        shaped.append(
                            cairo_glyph_t(
                                index: UInt(glyph.glyph),
                                x: Double(width + glyph.geometry.x_offset) / scale,
                                y: Double(glyph.geometry.y_offset) / scale))
                        width += glyph.geometry.width
                    }
                    if index > 0, glyphs.pointee.log_clusters[index - 1] == from {
                        clusters[clusters.count - 1].num_glyphs += isDrawn ? 1 : 0
                    } else {
                        // Ends where the next one begins.
                        let next = (index..<count).first {
                            glyphs.pointee.log_clusters[$0] > from
                        }
                        let end = next.map { glyphs.pointee.log_clusters[$0] } ?? length
                        clusters.append(
                            cairo_text_cluster_t(
                                num_bytes: end - from, num_glyphs: isDrawn ? 1 : 0))
                    }
                }
            }
        }
        return Word(width: Double(width) / scale, utf8: utf8, glyphs: shaped, clusters: clusters)
    }
}

extension Typesetter.Line {
    mutating func add(_ word: Typesetter.Word) {
        pieces.append((word, width))
        width += word.width
    }
}
