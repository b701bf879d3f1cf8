/// «Сохранить изменения» of «Дополнительные услуги» (SF-130…SF-137): what is on, and where to.
public struct SaveServices: Sendable, Equatable {
    public var account: AccountNumber
    /// Those that are ticked; all others are off.
    public var on: [IdentityProfile.Consent.Purpose]
    /// The version of each text that was shown, by its purpose.
    public var versions: [String: String]
    public var origin: Origin

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "on", "versions"] + Origin.keys)
        account = try shape.account("account")
        on = try shape.purposes("on")
        versions = try shape.texts("versions")
        origin = try Origin(shape)
    }

    public var json: JSON {
        .object(
            [
                JSON.Member("account", .string(account.text)),
                JSON.Member("on", .array(on.map { .string($0.rawValue) })),
            ]
                + (versions.isEmpty
                    ? []
                    : [
                        JSON.Member(
                            "versions",
                            .object(
                                versions.sorted { $0.key < $1.key }.map {
                                    JSON.Member($0.key, .string($0.value))
                                }))
                    ]) + origin.members)
    }
}

/// One click in a letter (RFC 8058).
public struct Unsubscribe: Sendable, Equatable {
    public var link: TokenHash
    public var origin: Origin

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["link"] + Origin.keys)
        link = try shape.hash("link")
        origin = try Origin(shape)
    }

    public var json: JSON {
        .object([JSON.Member("link", .string(link.text))] + origin.members)
    }
}
