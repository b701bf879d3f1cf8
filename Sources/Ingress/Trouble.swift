public import Commands
public import Words

/// Why there is no other answer, for Portal to draw a page of it.
public struct Trouble: Sendable {
    public let status: Int
    /// Stable; its words stand under `problem.<code>`.
    public let code: String
    public let language: Language
    /// Seconds, for who may come again.
    public let retryAfter: Int?
    /// The organization that the address names, as it was last known: its page has its dress while the database is away, too.
    public let profile: Profile?
    /// How it is asked for again; nil: it is not, or only by who goes back.
    public let retry: Retry?
}
