import CQREncode

/// A QR code (ISO/IEC 18004) of correction level M, for a telephone's camera.
public struct QRCode: Sendable, Equatable {
    /// Modules a side, without the quiet zone of four around it.
    public let side: Int
    /// Row by row: whether it is dark.
    public let modules: [Bool]

    /// A text in UTF-8. Nil for what is empty or too long to be one (2,331 bytes).
    public init?(_ text: String) {
        self.init(bytes: Array(text.utf8))
    }

    /// Bytes as they are, in binary mode: which letters they are is said in them, or guessed by who reads. Nil for none, and
    /// for more than a code can hold (2,331 bytes).
    public init?(bytes: [UInt8]) {
        guard let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M) else {
            return nil
        }
        defer { QRcode_free(code) }
        let side = Int(code.pointee.width)
        self.side = side
        // The lowest bit of a byte is its colour.
        modules = (0..<side * side).map { code.pointee.data[$0] & 1 == 1 }
    }

    /// The dark modules as a path of unit squares, run by run: small, and sharp at any size.
    public var path: String {
        var path = ""
        for row in 0..<side {
            var column = 0
            while column < side {
                let start = column
                while column < side, modules[row * side + column] { column += 1 }
                if column > start {
                    path += "M\(start) \(row)h\(column - start)v1h-\(column - start)z"
                } else {
                    column += 1
                }
            }
        }
        return path
    }
}
