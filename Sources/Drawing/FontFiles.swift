import CCairo

/// The files of the faces of bills, in a fontconfig configuration of their own: what else is installed on a machine, and what
/// its settings say, changes nothing.
final class FontFiles {
    enum Ink {
        case letter, space
        /// The font does not have it.
        case unknown
        /// Nobody sees it: joiners, marks of direction.
        case nothing
    }

    let configuration: OpaquePointer
    private(set) var paths: [Typesetter.Face: String] = [:]
    /// Bit by bit, which characters of the first plane both families have.
    private var known = [UInt64](repeating: .max, count: 1024)

    /// Looks through the system's fonts, once a printer.
    init() throws(DrawingError) {
        guard let system = FcInitLoadConfigAndFonts() else { throw .memory }
        defer { FcConfigDestroy(system) }
        guard let configuration = FcConfigCreate() else { throw .memory }
        self.configuration = configuration
        for family in Set(Typesetter.Face.allCases.map(\.family)).sorted() {
            try add(family, of: system)
        }
    }

    deinit {
        FcConfigDestroy(configuration)
    }

    private func add(
        _ family: String, of system: OpaquePointer
    ) throws(DrawingError) {
        guard let pattern = FcPatternCreate(), let wanted = FcObjectSetCreate() else {
            throw .memory
        }
        defer {
            FcPatternDestroy(pattern)
            FcObjectSetDestroy(wanted)
        }
        FcPatternAddString(pattern, FC_FAMILY, family)
        FcPatternAddInteger(pattern, FC_SLANT, FC_SLANT_ROMAN)
        for object in [FC_FILE, FC_WEIGHT, FC_CHARSET] { FcObjectSetAdd(wanted, object) }
        guard let found = FcFontList(system, pattern, wanted) else { throw .memory }
        defer { FcFontSetDestroy(found) }

        var files: [Int32: String] = [:]
        for index in 0..<Int(found.pointee.nfont) {
            let font = found.pointee.fonts[index]
            var weight: Int32 = 0
            var file: UnsafeMutablePointer<FcChar8>?
            var characters: OpaquePointer?
            guard FcPatternGetInteger(font, FC_WEIGHT, 0, &weight) == FcResultMatch,
                FcPatternGetString(font, FC_FILE, 0, &file) == FcResultMatch, let file,
                FcPatternGetCharSet(font, FC_CHARSET, 0, &characters) == FcResultMatch
            else { continue }
            // Of two files of one face always the same.
            let path = String(cString: file)
            files[weight] = min(files[weight] ?? path, path)
            for code in 0..<UInt32(0x10000) where FcCharSetHasChar(characters, code) == 0 {
                known[Int(code >> 6)] &= ~(1 << UInt64(code & 63))
            }
        }
        for face in Typesetter.Face.allCases where face.family == family {
            let weight = face.isBold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR
            guard let file = files[weight], FcConfigAppFontAddFile(configuration, file) != 0 else {
                throw .noFont(family: family)
            }
            paths[face] = file
        }
    }

    func ink(of scalar: Unicode.Scalar) -> Ink {
        let code = scalar.value
        switch scalar.properties.generalCategory {
        case .control, .spaceSeparator, .lineSeparator, .paragraphSeparator: return .space
        // A mark makes a letter with the one before it, or is passed over.
        case .nonspacingMark: return .letter
        case .format, .enclosingMark, .surrogate, .unassigned: return .nothing
        default:
            let isKnown = code < 0x10000 && known[Int(code >> 6)] >> UInt64(code & 63) & 1 == 1
            return isKnown ? .letter : .unknown
        }
    }
}
