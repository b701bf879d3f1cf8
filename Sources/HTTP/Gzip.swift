import CZlib
import Synchronization

/// Whether answers of this type are worth compressing: text, not pictures or archives.
func isCompressible(type: String) -> Bool {
    let mime = String(type.prefix { $0 != ";" && $0 != " " }).lowercased()
    if mime.hasPrefix("text/") { return true }
    switch mime {
    case "application/json", "application/problem+json", "image/svg+xml": return true
    default: return false
    }
}

/// Whether an Accept-Encoding allows gzip (RFC 9110 §12.5.3): named, or covered by '*', with a
/// weight above zero.
func acceptsGzip(_ header: String) -> Bool {
    var any = false
    for part in header.split(separator: ",") {
        let pieces = part.split(separator: ";").map { trimmed($0) }
        guard let name = pieces.first else { continue }
        let refused = pieces.dropFirst().contains { piece in
            guard piece.hasPrefix("q=") || piece.hasPrefix("Q=") else { return false }
            return piece.dropFirst(2).allSatisfy { $0 == "0" || $0 == "." }
        }
        if equalIgnoringCase(name, "gzip") || equalIgnoringCase(name, "x-gzip") { return !refused }
        if name == "*" { any = !refused }
    }
    return any
}

func trimmed(_ text: Substring) -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var text = text.drop(while: isBlank)
    while let last = text.last, isBlank(last) { text.removeLast() }
    return String(text)
}

/// The bytes in gzip's format, or nil when zlib has no memory or they would not become smaller.
func gzipped(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
    Deflater(level: level)?.gzip(bytes)
}

/// What goes out once is compressed quickly: level 1 makes a page of 10.8 KB a tenth larger than level 5 does (3.3 and 3.0 KB), in
/// two thirds of the time (35 and 53 µs).
func gzipped(_ bytes: [UInt8]) -> [UInt8]? { Deflater.spare.gzip(bytes) }

/// zlib's state, which is a quarter of a mebibyte: to make it and give it back costs as much as a page's compression (35 µs), so
/// that answers share a few.
private final class Deflater: @unchecked Sendable {
    /// Those that nobody is using.
    struct Spare: ~Copyable, Sendable {
        private let free = Mutex<[Deflater]>([])

        func gzip(_ bytes: [UInt8]) -> [UInt8]? {
            guard let one = free.withLock({ $0.popLast() }) ?? Deflater(level: 1) else {
                return nil
            }
            defer { free.withLock { if $0.count < 8 { $0.append(one) } } }
            return one.gzip(bytes)
        }
    }

    static let spare = Spare()

    /// zlib's state points back to it: it must stay where it is.
    private let stream: UnsafeMutablePointer<z_stream>

    init?(level: Int32) {
        stream = .allocate(capacity: 1)
        guard shim_gzip_begin(stream, level) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func gzip(_ bytes: [UInt8]) -> [UInt8]? {
        guard let count = UInt32(exactly: bytes.count), deflateReset(stream) == Z_OK else {
            return nil
        }
        var ended = false
        let packed = [UInt8](unsafeUninitializedCapacity: bytes.count) { output, size in
            // zlib's next_in is not const, yet never written through.
            bytes.withUnsafeBufferPointer { input in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = count
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = count
                ended = deflate(stream, Z_FINISH) == Z_STREAM_END
            }
            size = ended ? Int(stream.pointee.total_out) : 0
        }
        return ended ? packed : nil
    }
}
