import Commands
import Markup
import Store
import Words

extension Frame {
    /// The page is of one service only, in other languages too; whatever is none stands for all.
    mutating func show(_ service: String?) {
        guard let service = service.flatMap(Service.init(rawValue:)) else { return }
        self.service = service
        query = "service=\(service.rawValue)"
    }

    /// Of a form on a page of one service: what is posted leads back to it.
    @Children var tabField: HTML {
        if let service { input(.type(.hidden), .name("tab"), .value(service.rawValue)) }
    }

    /// The tab of the menu that a page of one service belongs to; nil: the page is of all, or nothing was ever charged for it.
    var tab: ServiceGroup? {
        service.flatMap { service in
            groups.first { $0.service(charged) == service }
        }
    }
}

extension ServiceGroup {
    /// The service whose meters and house's meters stand in its tab; nil: it has none.
    func service(_ names: MoneyNames) -> Service? {
        kinds.lazy.compactMap { names.kind($0)?.service }.first
    }
}

/// What there is of a service, one beside the other in its tab (SF-111, SF-114): «Взаиморасчеты», «Индивидуальное потребление»,
/// «Общедомовые нужды». Of all services together it is the last two.
struct ServiceTabs {
    var frame: Frame
    var profile: Profile
    var account: String
    /// Nil: of all.
    var group: ServiceGroup?

    private func words(_ key: String) -> String { frame.words(key) }

    private func path(_ page: String) -> String {
        Frame.accountPath(profile, account, page)
            + (frame.service.map { "?service=\($0.rawValue)" } ?? "")
    }

    @Children func draw() -> HTML {
        Tabs(
            name: group.map { $0.title(frame.charged, frame.language) }
                ?? frame.service.map { Words.service($0, frame.language) }
                ?? words("frame.consumption"), items: items
        ).draw()
    }

    private var items: [Tabs.Item] {
        var items: [Tabs.Item] = []
        if profile.charges.view == .settlements, let group {
            items.append(
                Tabs.Item(
                    title: words("menu.settlements"),
                    path: Frame.accountPath(profile, account, "settlements")
                        + "?kind=\(segment(group.kind))",
                    isChosen: frame.section == .settlements))
        }
        // What is not counted by meters has none.
        guard group == nil || frame.service != nil else { return items }
        items.append(
            Tabs.Item(
                title: words("frame.use"), path: path("meters"),
                isChosen: frame.section == .meters))
        if profile.houseMeters == .tab {
            items.append(
                Tabs.Item(
                    title: words("menu.house"), path: path("house-meters"),
                    isChosen: frame.section == .house))
        }
        return items
    }
}
