public import Words

/// Why there is no other answer, for Portal to draw a page of it.
public struct Trouble: Sendable {
    public let status: Int
    /// Stable; its words stand under `problem.<code>`.
    public let code: String
    public let language: Language
    /// Seconds, for who may come again.
    public let retryAfter: Int?
}
