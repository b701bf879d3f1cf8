/// A TrueType file, as far as it must be understood to take its hints out (ISO/IEC 14496-22). Every place is checked: a file that
/// does not keep to its own offsets is none.
struct TrueType {
    private let file: [UInt8]
    private let tables: [String: Range<Int>]

    /// Nil for what is no TrueType: outlines of another kind, a collection, a damaged file.
    init?(_ file: [UInt8]) {
        self.file = file
        var tables: [String: Range<Int>] = [:]
        guard let version = Self.long(file, 0), version == 0x0001_0000 || version == 0x7472_7565,
            let count = Self.short(file, 4)
        else { return nil }
        for index in 0..<count {
            let place = 12 + index * 16
            guard let start = Self.long(file, place + 8), let length = Self.long(file, place + 12),
                start + length <= file.count
            else { return nil }
            let name = String(decoding: file[place..<place + 4], as: UTF8.self)
            tables[name] = start..<start + length
        }
        self.tables = tables
    }

    /// The same glyphs under the same numbers with what is needed to draw them, and nothing else: no hints, no map of
    /// characters, no kerning. Nil if it is damaged.
    func withoutHints() -> [UInt8]? {
        guard let glyphs = tables["glyf"], let places = places(), var head = table("head"),
            head.count >= 54
        else { return nil }
        var outlines: [UInt8] = []
        var newPlaces: [UInt8] = []
        for index in 0..<places.count - 1 {
            Self.append(outlines.count, to: &newPlaces)
            let (start, end) = (places[index], places[index + 1])
            guard start <= end, end <= glyphs.count else { return nil }
            if start == end { continue }
            let glyph = Array(file[glyphs.lowerBound + start..<glyphs.lowerBound + end])
            guard let bare = Self.bare(glyph) else { return nil }
            outlines += bare
            while outlines.count % 4 != 0 { outlines.append(0) }
        }
        Self.append(outlines.count, to: &newPlaces)
        // Places are of four bytes.
        head[50] = 0
        head[51] = 1
        var kept: [(name: String, bytes: [UInt8])] = [
            ("glyf", outlines), ("head", head), ("loca", newPlaces),
        ]
        for name in ["OS/2", "hhea", "hmtx", "maxp", "name"] {
            guard let bytes = table(name) else { continue }
            kept.append((name, bytes))
        }
        return Self.file(kept.sorted { $0.name < $1.name })
    }

    // MARK: Glyphs

    private func table(_ name: String) -> [UInt8]? {
        tables[name].map { Array(file[$0]) }
    }

    /// Where each glyph begins, and the last ends.
    private func places() -> [Int]? {
        guard let loca = table("loca"), let head = table("head"), let maxp = table("maxp"),
            let format = Self.short(head, 50), let count = Self.short(maxp, 4)
        else { return nil }
        var places: [Int] = []
        for index in 0...count {
            let place =
                format == 0
                ? Self.short(loca, index * 2).map { $0 * 2 } : Self.long(loca, index * 4)
            guard let place else { return nil }
            places.append(place)
        }
        return places
    }

    /// A glyph without its instructions.
    private static func bare(_ glyph: [UInt8]) -> [UInt8]? {
        guard let contours = short(glyph, 0) else { return nil }
        if contours < 0x8000 {
            let place = 10 + contours * 2
            guard let length = short(glyph, place), place + 2 + length <= glyph.count else {
                return nil
            }
            return glyph[..<place] + [0, 0] + glyph[(place + 2 + length)...]
        }
        // Made of others: the flags of each say how long its record is and whether another follows.
        var bare = glyph
        var place = 10
        while true {
            guard let flags = short(glyph, place), place + 4 <= glyph.count else { return nil }
            bare[place] = UInt8(flags >> 8) & ~0x01
            place += 4 + (flags & 0x0001 != 0 ? 4 : 2)
            if flags & 0x0008 != 0 { place += 2 }
            if flags & 0x0040 != 0 { place += 4 }
            if flags & 0x0080 != 0 { place += 8 }
            if flags & 0x0020 == 0 { break }
        }
        return place <= glyph.count ? Array(bare[..<place]) : nil
    }

    // MARK: Bytes

    private static func file(_ tables: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var file: [UInt8] = [0, 1, 0, 0, 0, UInt8(tables.count), 0, 0, 0, 0, 0, 0]
        var place = 12 + tables.count * 16
        for (name, bytes) in tables {
            file += Array(name.utf8)
            // Nobody compares the checksum.
            append(0, to: &file)
            append(place, to: &file)
            append(bytes.count, to: &file)
            place += (bytes.count + 3) & ~3
        }
        for (_, bytes) in tables {
            file += bytes
            while file.count % 4 != 0 { file.append(0) }
        }
        return file
    }

    private static func short(_ bytes: [UInt8], _ place: Int) -> Int? {
        guard place >= 0, place + 2 <= bytes.count else { return nil }
        return Int(bytes[place]) << 8 | Int(bytes[place + 1])
    }

    private static func long(_ bytes: [UInt8], _ place: Int) -> Int? {
        guard let high = short(bytes, place), let low = short(bytes, place + 2) else { return nil }
        return high << 16 | low
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        for shift in stride(from: 24, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
