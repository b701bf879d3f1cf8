import Commands
import HTTP
import Synchronization

/// An organization's mark, in the header and in the tab of the browser.
enum Logo {
    /// By organization; made anew when the profile has another.
    private static let made = Mutex<[String: (text: String, asset: Asset)]>([:])

    /// Nil: the organization has none. As a page of its own it may do nothing, whatever stands in it.
    static func asset(_ profile: Profile) -> Asset? {
        guard let text = profile.logo else { return nil }
        return made.withLock { made in
            if let known = made[profile.code], known.text == text { return known.asset }
            let asset = Asset(
                Array(text.utf8), type: "image/svg+xml",
                headers: [
                    (
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
                    )
                ])
            made[profile.code] = (text, asset)
            return asset
        }
    }

    /// Nil: the organization has none.
    static func address(_ profile: Profile) -> String? {
        asset(profile).map { "/\(profile.code)/logo.svg?v=\($0.version)" }
    }
}
