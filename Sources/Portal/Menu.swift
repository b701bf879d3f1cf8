import Access
import Commands
import Markup
import Store
import Words

/// The pages of the cabinet in an organization's own shape: which stand in the menu, in which order, under which words
/// (features.md §15 `menu`; SF-091, SF-110). What is no page of the organization is not there.
struct Menu {
    struct Item: Equatable {
        var title: String
        var path: String
        /// `page`: it is shown; `true`: a page behind it is; nil: neither.
        var current: String?
        /// The title is of the organization, and Russian.
        var isOwn = false
        /// It stands at the far end.
        var isLast = false
    }

    let frame: Frame
    let profile: Profile
    let identity: IdentityProfile
    /// The account that its pages are of; nil: there is none yet.
    let shown: String?

    var items: [Item] {
        switch profile.menu {
        case .services: [home] + services + submit + lonely + [personal]
        case .list: [home] + money + house + additional + [last(personal)]
        case .sections: [home] + money + (isLonely ? lonely : house) + [personal]
        }
    }

    // MARK: Pieces

    private func words(_ key: String) -> String { frame.words(key) }

    private func item(
        _ section: Frame.Section, _ page: String, _ title: String
    ) -> [Item] {
        guard let shown else { return [] }
        return [
            Item(
                title: title, path: Frame.accountPath(profile, shown, page),
                current: frame.section == section ? "page" : nil)
        ]
    }

    private var home: Item {
        // One's first account needs no number.
        let isFirst = shown == nil || shown == frame.accounts.first
        let current: String? =
            switch frame.section {
            case .home: "page"
            case .suppliers: "true"
            // Where no item of their own leads to them, its links do.
            case .bills where !hasBills, .accounts where profile.menu == .sections,
                .meters where isOfAll && profile.readings.linkPlace != .menu, .house where isOfAll,
                .services where profile.menu != .list && !isLonely:
                "true"
            default: nil
            }
        return Item(
            title: words(Frame.homeKey(identity)),
            path: isFirst || profile.charges.view == .none
                ? "/\(profile.code)/" : Frame.homePath(profile, shown ?? ""),
            current: current)
    }

    private var personal: Item {
        Item(
            title: words(Frame.profileKey(identity)), path: "/\(profile.code)/profile",
            current: frame.section == .profile ? "page" : nil)
    }

    private func last(_ item: Item) -> Item {
        var item = item
        item.isLast = true
        return item
    }

    private var hasBills: Bool {
        profile.menu != .services && profile.charges.view == .summary
            && MoneyPage.payments.isThere(in: profile)
    }

    /// «Начисления», «Показания счетчиков», «Платежи»; «Счета», «Приборы учёта», «Платежи»: what is shown of money, with the
    /// meters where the manuals have them.
    private var money: [Item] {
        let before: [Item] =
            switch profile.charges.view {
            case .none: []
            case .settlements: item(.settlements, "settlements", words("menu.settlements"))
            case .movements: item(.charges, "charges", words("menu.charges"))
            case .summary where hasBills:
                item(
                    .bills, "bills",
                    frame.language == .ru ? profile.charges.bills.word : words("menu.bills"))
            case .summary: []
            }
        let payments =
            MoneyPage.payments.isThere(in: profile)
            ? item(.payments, "payments", words("menu.payments")) : []
        return before + meters + payments
    }

    /// Where no money is shown they are the first page.
    private var meters: [Item] {
        guard !isLonely, profile.readings.linkPlace != .menu else { return submit }
        return item(.meters, "meters", frame.metersTitle)
    }

    /// «Передать показания», where it stands in the menu (SF-143).
    private var submit: [Item] {
        guard profile.readings.linkPlace == .menu, let shown else { return [] }
        return [
            Item(
                title: frame.submitTitle, path: frame.submitPath(profile, shown),
                current: frame.section == .submit
                    ? "page" : frame.section == .meters ? "true" : nil)
        ]
    }

    private var house: [Item] {
        profile.houseMeters == .tab ? item(.house, "house-meters", words("menu.house")) : []
    }

    private var additional: [Item] {
        identity.services.isEmpty ? [] : item(.services, "services", words("menu.services"))
    }

    /// «Главная» is the page of meters, and leads nowhere else.
    private var isLonely: Bool { profile.charges.view == .none }
    private var lonely: [Item] { isLonely ? house + additional : [] }

    /// A tab for each service of the account (SF-110): its «Взаиморасчеты», or its meters where there are none.
    private var services: [Item] {
        guard let shown else { return [] }
        switch profile.charges.view {
        case .none: return []
        case .settlements:
            return ordered.map { group in
                Item(
                    title: group.title(frame.charged, frame.language),
                    path: Frame.accountPath(profile, shown, "settlements")
                        + "?kind=\(segment(group.kind))",
                    current: current(group),
                    isOwn: group.isOwn(frame.charged))
            }
        case .movements, .summary:
            let metered = frame.groups.flatMap { group in
                group.kinds.compactMap { frame.charged.kind($0)?.service }
            }
            return profile.services.filter(metered.contains).map { service in
                Item(
                    title: Words.service(service, frame.language),
                    path: Frame.metersPath(profile, shown) + "?service=\(service.rawValue)",
                    current: frame.service != service
                        ? nil
                        : frame.section == .meters
                            ? "page" : frame.section == .house ? "true" : nil)
            }
        }
    }

    /// Services in the order of the profile (manual 004: «Электроэнергия, ГВС, ХВС и др.»); what is none stays in its place on
    /// the bill.
    private var ordered: [ServiceGroup] {
        var groups = frame.groups
        let places = groups.indices.compactMap { place in
            groups[place].service(frame.charged).map { service in
                (place, profile.services.firstIndex(of: service) ?? profile.services.count)
            }
        }
        let sorted = places.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        for (place, from) in zip(places, sorted) { groups[place.0] = frame.groups[from.0] }
        return groups
    }

    /// The page is of all services together, which no tab is.
    private var isOfAll: Bool { profile.menu == .services && !isLonely && !isInTab }

    /// The page is of a service that has a tab.
    private var isInTab: Bool { services.contains { $0.current != nil } }

    /// In a tab one stays among what there is of its service (SF-111, SF-114).
    private func current(_ group: ServiceGroup) -> String? {
        switch frame.section {
        case .settlements: frame.kind == group.kind ? "page" : nil
        case .meters, .house: frame.tab?.kind == group.kind ? "true" : nil
        default: nil
        }
    }
}

extension Portal {
    /// A frame with what its menu and its «Справка» need of who is signed in.
    func dressed(
        _ frame: Frame, _ session: Session, _ dismissed: Set<Profile.Help.Section>
    ) throws(PortalQueriesError) -> Frame {
        var frame = frame
        frame.dismissed = dismissed
        guard let profile = frame.profile, profile.identity != nil, profile.menu == .services,
            profile.charges.view != .none,
            let number = frame.account ?? session.accounts.first?.number,
            let account = Self.account(number, session)
        else { return frame }
        frame.charged = try queries.posted(to: account.id, in: profile)
        frame.groups = ServiceGroup.all(frame.charged)
        return frame
    }
}
