/// What is drawn rather than written: QR codes now, bills as PDF later. Knows nothing of ours, never logs.
import CQREncode

/// A text as a QR code (ISO/IEC 18004), for a telephone's camera.
public struct QRCode: Sendable, Equatable {
    /// Modules a side, without the quiet zone of four around it.
    public let side: Int
    /// Row by row: whether it is dark.
    public let modules: [Bool]

    /// Nil for what is too long to be one (about 1,600 bytes with a quarter of it lost).
    public init?(_ text: String) {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
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
