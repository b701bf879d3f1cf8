import CCairo
import Glibc

/// The outlines of a face as cairo embeds them. Cairo puts a font's hints into every file, half of its bytes, which no printer
/// needs; so it is given the same glyphs under the same numbers without them.
final class Outlines {
    let face: OpaquePointer

    /// - Parameter path: of a TrueType file; one of another kind is used as it is.
    init(path: String, family: String) throws(DrawingError) {
        guard let file = Self.read(path) else { throw .noFont(family: family) }
        let holder = try Holder(TrueType(file)?.withoutHints() ?? file, family: family)
        guard
            let face = cairo_ft_font_face_create_for_ft_face(
                holder.face, Int32(FT_LOAD_NO_HINTING))
        else { throw .memory }
        self.face = face
        // Cairo keeps faces that were used lately: what they are made of lives until it lets them go.
        let status = cairo_font_face_set_user_data(
            face, Self.key, Unmanaged.passRetained(holder).toOpaque(),
            { closure in
                if let closure { Unmanaged<Holder>.fromOpaque(closure).release() }
            })
        guard status == CAIRO_STATUS_SUCCESS else {
            cairo_font_face_destroy(face)
            Unmanaged.passUnretained(holder).release()
            throw .memory
        }
    }

    deinit {
        cairo_font_face_destroy(face)
    }

    /// Only its address matters.
    nonisolated(unsafe) private static let key: UnsafePointer<cairo_user_data_key_t> = {
        let key = UnsafeMutablePointer<cairo_user_data_key_t>.allocate(capacity: 1)
        key.initialize(to: cairo_user_data_key_t())
        return UnsafePointer(key)
    }()

    private final class Holder {
        let face: FT_Face
        private let library: FT_Library
        private let bytes: UnsafeMutableBufferPointer<UInt8>

        init(_ file: [UInt8], family: String) throws(DrawingError) {
            var library: FT_Library?
            guard FT_Init_FreeType(&library) == 0, let library else { throw .memory }
            let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: file.count)
            _ = bytes.initialize(from: file)
            var face: FT_Face?
            guard
                FT_New_Memory_Face(library, bytes.baseAddress, FT_Long(file.count), 0, &face) == 0,
                let face
            else {
                FT_Done_FreeType(library)
                bytes.deallocate()
                throw .noFont(family: family)
            }
            self.library = library
            self.bytes = bytes
            self.face = face
        }

        deinit {
            FT_Done_Face(face)
            FT_Done_FreeType(library)
            bytes.deallocate()
        }
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&part, 1, part.count, file)
            if count == 0 { break }
            bytes.append(contentsOf: part[..<count])
        }
        return ferror(file) == 0 && !bytes.isEmpty ? bytes : nil
    }
}
