/// The single-byte Cyrillic encoding of Windows, in which banks and older Excel files still come.
public enum CP1251 {
    /// What the bytes from 0x80 to 0xBF stand for; 0x98 alone stands for nothing. From 0xC0 on are
    /// А to я.
    private static let upper: [UInt16] = [
        0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021,
        0x20AC, 0x2030, 0x0409, 0x2039, 0x040A, 0x040C, 0x040B, 0x040F,
        0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0xFFFD, 0x2122, 0x0459, 0x203A, 0x045A, 0x045C, 0x045B, 0x045F,
        0x00A0, 0x040E, 0x045E, 0x0408, 0x00A4, 0x0490, 0x00A6, 0x00A7,
        0x0401, 0x00A9, 0x0404, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407,
        0x00B0, 0x00B1, 0x0406, 0x0456, 0x0491, 0x00B5, 0x00B6, 0x00B7,
        0x0451, 0x2116, 0x0454, 0x00BB, 0x0458, 0x0405, 0x0455, 0x0457,
    ]

    private static func scalar(_ byte: UInt8) -> UInt16 {
        switch byte {
        case 0..<0x80: UInt16(byte)
        case 0x80..<0xC0: upper[Int(byte) - 0x80]
        default: 0x0410 + UInt16(byte) - 0xC0
        }
    }

    private static let codes: [UInt16: UInt8] = Dictionary(
        uniqueKeysWithValues: (UInt8.min...UInt8.max).filter { $0 != 0x98 }.map { (scalar($0), $0) }
    )

    /// The bytes as text; 0x98 becomes U+FFFD, the replacement character.
    public static func text(_ bytes: some Sequence<UInt8>) -> String {
        var utf8: [UInt8] = []
        append(bytes, to: &utf8)
        return String(decoding: utf8, as: UTF8.self)
    }

    /// The text in this encoding; nil when a character is not in it.
    public static func bytes(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for unit in text.utf16 {
            guard let code = codes[unit] else { return nil }
            bytes.append(code)
        }
        return bytes
    }

    /// Appends the UTF-8 of these bytes.
    static func append(_ bytes: some Sequence<UInt8>, to utf8: inout [UInt8]) {
        for byte in bytes {
            let scalar = scalar(byte)
            switch scalar {
            case 0..<0x80: utf8.append(byte)
            case 0x80..<0x800:
                utf8.append(0xC0 | UInt8(scalar >> 6))
                utf8.append(0x80 | UInt8(scalar & 0x3F))
            default:
                utf8.append(0xE0 | UInt8(scalar >> 12))
                utf8.append(0x80 | UInt8((scalar >> 6) & 0x3F))
                utf8.append(0x80 | UInt8(scalar & 0x3F))
            }
        }
    }
}

/// How a file is taken to be written.
public enum Encoding: String, Sendable {
    case utf8 = "UTF-8"
    case cp1251 = "CP1251"
}

/// Looks at a stream of bytes and tells whether it is UTF-8.
struct EncodingCheck {
    private var waiting = 0
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xBF
    private(set) var good = 0
    private(set) var bad = 0

    mutating func take(_ bytes: [UInt8]) {
        for byte in bytes {
            if waiting == 0 {
                if byte >= 0x80 { begin(byte) }
            } else if byte >= low, byte <= high {
                (low, high) = (0x80, 0xBF)
                waiting -= 1
                if waiting == 0 { good += 1 }
            } else {
                bad += 1
                waiting = 0
                if byte >= 0x80 { begin(byte) }
            }
        }
    }

    private mutating func begin(_ byte: UInt8) {
        (low, high) = (0x80, 0xBF)
        switch byte {
        case 0xC2...0xDF: waiting = 1
        case 0xE0: (waiting, low) = (2, 0xA0)
        case 0xED: (waiting, high) = (2, 0x9F)
        case 0xE1...0xEF: waiting = 2
        case 0xF0: (waiting, low) = (3, 0x90)
        case 0xF1...0xF3: waiting = 3
        case 0xF4: (waiting, high) = (3, 0x8F)
        default: bad += 1
        }
    }

    /// The verdict at the end of the file. Text with no fault is UTF-8. Otherwise it is CP1251, in
    /// which hardly a pair of letters looks like UTF-8; but when whole UTF-8 letters far outnumber
    /// the faults, it is UTF-8 that was damaged (a file cut in the middle of a letter), and reading
    /// it as CP1251 would turn every good name into rubbish.
    func verdict() -> (encoding: Encoding, isDamaged: Bool) {
        let faults = bad + (waiting > 0 ? 1 : 0)
        if faults == 0 { return (.utf8, false) }
        return good / 10 >= faults ? (.utf8, true) : (.cp1251, false)
    }
}
