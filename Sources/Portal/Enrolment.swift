import Commands
import Drawing
import Markup

/// What an authenticator is to be told: a picture for its camera, and the secret for who types it (RFC 6238).
struct Enrolment: Sendable {
    var sheet: Sheet
    /// Whose codes they will be.
    var login: String
    /// In Base32.
    var secret: String

    func draw() -> HTML {
        div(.class("enrol")) {
            if let code = QRCode(address) {
                SVG.svg(
                    .class("qr"),
                    // A border of four modules, as readers want it (ISO/IEC 18004, 6.3.8).
                    .custom("viewBox", "-4 -4 \(code.side + 8) \(code.side + 8)"),
                    .role("img"), .aria("label", sheet.words("factor.qr"))
                ) {
                    SVG.rect(
                        .custom("x", "-4"), .custom("y", "-4"),
                        .custom("width", "\(code.side + 8)"),
                        .custom("height", "\(code.side + 8)"), .custom("fill", "#fff"))
                    SVG.path(.custom("d", code.path), .custom("fill", "#000"))
                }
            }
            div {
                p { sheet.words("factor.by_hand") }
                p(.class("secret")) { grouped }
            }
        }
    }

    private var address: String {
        let issuer = segment(sheet.profile.name)
        return "otpauth://totp/\(issuer):\(segment(login))?secret=\(secret)&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=6&period=30"
    }

    /// By fours, as people copy it.
    private var grouped: String {
        var text = ""
        for (index, letter) in secret.enumerated() {
            if index > 0, index % 4 == 0 { text += " " }
            text.append(letter)
        }
        return text
    }
}
