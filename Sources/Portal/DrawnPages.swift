import HTTP
import Synchronization

/// Pages of «Главная» as they were drawn last, compressed: who comes back and finds everything as it was gets the same bytes. What
/// there is to see is asked of the database each time; only to draw it again is spared, which is more than half of what the door
/// does for a page. People come back to «Главная» after each thing that they do.
///
/// A page is kept for a person and an address, with all that it was drawn from.
final class DrawnPages: Sendable {
    private struct Key: Hashable {
        let principal: Int64
        let path: String
    }
    private struct Drawn: Sendable {
        let inputs: SummaryPage.Inputs
        let response: Response

        /// In memory, about: what it was drawn from is as much again.
        var bytes: Int { 2 * response.body.count + 1_024 }
    }
    /// Two generations: when the younger one is full, the older one is forgotten, but for what was asked for since.
    private struct Kept: Sendable {
        var young: [Key: Drawn] = [:]
        var old: [Key: Drawn] = [:]
        var bytes = 0
    }

    private let kept = Mutex(Kept())
    /// Bytes of a generation.
    private let most: Int

    init(most: Int = 8 << 20) { self.most = most }

    /// - Parameter isPlain: the page is drawn from `inputs` and nothing else.
    func response(
        of principal: Int64, _ inputs: SummaryPage.Inputs, isPlain: Bool, draw: () -> Response
    ) -> Response {
        guard isPlain else { return draw() }
        let key = Key(principal: principal, path: inputs.frame.path)
        if let found = find(key), found.inputs == inputs { return found.response }
        let response = draw().packed
        if response.status == 200 { keep(Drawn(inputs: inputs, response: response), key) }
        return response
    }

    private func find(_ key: Key) -> Drawn? {
        kept.withLock { kept in
            if let found = kept.young[key] { return found }
            guard let found = kept.old.removeValue(forKey: key) else { return nil }
            Self.keep(found, key, &kept, most)
            return found
        }
    }

    private func keep(_ drawn: Drawn, _ key: Key) {
        kept.withLock { Self.keep(drawn, key, &$0, most) }
    }

    private static func keep(_ drawn: Drawn, _ key: Key, _ kept: inout Kept, _ most: Int) {
        if kept.bytes + drawn.bytes > most {
            kept.old = kept.young
            kept.young = [:]
            kept.bytes = 0
        }
        kept.bytes += drawn.bytes - (kept.young[key]?.bytes ?? 0)
        kept.young[key] = drawn
    }
}
