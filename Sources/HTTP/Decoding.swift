// Percent encoding (RFC 3986, WHATWG URL forms). Strict: what is not valid UTF-8 or holds NUL is
// refused here, because PostgreSQL refuses it later, where it would fail a whole batch.

/// The text that `bytes` encode, or nil if an escape is broken, the result is no UTF-8 or has NUL.
/// `form` also turns '+' into a space.
func percentDecoded(_ bytes: UnsafeBufferPointer<UInt8>, form: Bool) -> String? {
    var plain = true
    var ascii = true
    for byte in bytes {
        if byte == 0x25 || (form && byte == 0x2B) {
            plain = false
            break
        }
        if byte == 0 { return nil }
        if byte >= 0x80 { ascii = false }
    }
    if plain {
        return ascii ? String(decoding: bytes, as: UTF8.self) : strictText(bytes)
    }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
        var byte = bytes[index]
        index += 1
        if byte == 0x25 {
            guard index + 1 < bytes.count, let high = hexadecimal(bytes[index]),
                let low = hexadecimal(bytes[index + 1])
            else { return nil }
            byte = high << 4 | low
            index += 2
        } else if form && byte == 0x2B {
            byte = 0x20
        }
        if byte == 0 { return nil }
        decoded.append(byte)
    }
    return String(validating: decoded, as: UTF8.self)
}

/// The text of these bytes, or nil if they are no UTF-8.
func strictText(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    var seen: UInt8 = 0
    for byte in bytes { seen |= byte }
    return seen < 0x80
        ? String(decoding: bytes, as: UTF8.self) : String(validating: bytes, as: UTF8.self)
}

private func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
}

/// The pairs of a query or of an `application/x-www-form-urlencoded` body, in order, or nil if one
/// of them does not decode. A name without '=' has the value "".
func formDecoded(_ bytes: UnsafeBufferPointer<UInt8>) -> [(String, String)]? {
    var items: [(String, String)] = []
    var start = 0
    while start < bytes.count {
        var end = start
        var equals: Int?
        while end < bytes.count, bytes[end] != 0x26 {
            if bytes[end] == 0x3D && equals == nil { equals = end }
            end += 1
        }
        if end > start {
            let nameEnd = equals ?? end
            let valueStart = equals.map { $0 + 1 } ?? end
            guard
                let name = percentDecoded(
                    UnsafeBufferPointer(rebasing: bytes[start..<nameEnd]), form: true),
                let value = percentDecoded(
                    UnsafeBufferPointer(rebasing: bytes[valueStart..<end]), form: true)
            else { return nil }
            items.append((name, value))
        }
        start = end + 1
    }
    return items
}

/// A request's target, taken apart.
struct Target {
    /// As on the wire, without the scheme and authority of the absolute form.
    var raw: String
    /// Where the path ends in `raw.utf8`.
    var pathLength: Int
    var path: [String]
    var query: [(String, String)]

    /// Nil for what no honest client sends: control characters, broken escapes, NUL, invalid
    /// UTF-8, "." and ".." as segments, anything that does not begin with a slash, and a backslash in
    /// the path: browsers take it for a slash, so that an address made of it could lead elsewhere.
    init?(_ wire: UnsafeBufferPointer<UInt8>) {
        var wire = wire
        if let first = wire.first, first != 0x2F {
            guard let slash = Target.pathOfAbsolute(wire) else { return nil }
            wire = UnsafeBufferPointer(rebasing: wire[slash...])
        }
        guard wire.first == 0x2F else { return nil }
        path = []
        query = []
        pathLength = wire.count
        var start = 1
        var index = 1
        while true {
            let byte = index < wire.count ? wire[index] : 0x3F
            if byte == 0x2F || byte == 0x3F {
                if index > start {
                    guard
                        let segment = percentDecoded(
                            UnsafeBufferPointer(rebasing: wire[start..<index]), form: false),
                        segment != ".", segment != ".."
                    else { return nil }
                    path.append(segment)
                }
                start = index + 1
                if byte == 0x3F { break }
            } else if byte <= 0x20 || byte == 0x7F || byte == 0x5C {
                return nil
            }
            index += 1
        }
        if index < wire.count {
            pathLength = index
            let rest = UnsafeBufferPointer(rebasing: wire[(index + 1)...])
            for byte in rest where byte <= 0x20 || byte == 0x7F { return nil }
            guard let items = formDecoded(rest) else { return nil }
            query = items
        }
        raw = String(decoding: wire, as: UTF8.self)
    }

    /// Where the path of `http://authority/path` begins (RFC 9112 §3.2.2).
    private static func pathOfAbsolute(_ wire: UnsafeBufferPointer<UInt8>) -> Int? {
        for scheme in ["http://", "https://"] where wire.count > scheme.utf8.count {
            guard zip(scheme.utf8, wire).allSatisfy({ $0 == lowercase($1) }) else { continue }
            return wire[scheme.utf8.count...].firstIndex(of: 0x2F)
        }
        return nil
    }
}
