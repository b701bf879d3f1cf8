public import Access
public import Commands
import Postgres
import Queue

extension Ingress {
    /// What has become of a command that a page said was pending; nil when it is not known, or not for who asks.
    /// - Parameters:
    ///   - id: as it stood in the address.
    ///   - session: whose page it is; nil: a visitor's, who may ask of visitors' commands only.
    public func outcome(
        of id: String, _ organization: String, for session: Session?,
        then: @escaping @Sendable (Outcome?) -> Void
    ) {
        guard let id = Identifier(id) else { return then(nil) }
        let turned = waiter.state(of: id) { state, _ in
            guard let state, state.organization == organization, state.state != .gone,
                state.actor == "visitor" || state.actor == session?.actor
            else { return then(nil) }
            then(Self.outcome(state))
        }
        if turned != nil { then(nil) }
    }
}
