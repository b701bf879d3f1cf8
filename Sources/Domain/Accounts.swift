public import Commands

/// Accounts and meters as the organization keeps them (SF-102, SF-141, SF-190, SF-202).
public enum Accounts {
    /// A new account. `upsert`: an import that meets an account that is there changes it instead.
    public static func open(
        _ card: AccountCard, newID: Int64, account: AccountFacts?, organization: OrganizationFacts,
        upsert: Bool = false
    ) -> Decision {
        if let account {
            guard upsert else {
                return .refused(.accountExists, ["account": account.card.account.text])
            }
            return change(card, account: account, organization: organization)
        }
        var card = card
        let companies = organization.profile.companies
        if card.company == nil, companies.count == 1 { card.company = companies[0].code }
        guard companies.contains(where: { $0.code == card.company }) else {
            return unknownCompany(card, organization)
        }
        return .accepted([.accountOpened(id: newID, card)])
    }

    /// Members that are given replace those that are kept.
    public static func change(
        _ card: AccountCard, account: AccountFacts?, organization: OrganizationFacts
    ) -> Decision {
        guard let account else { return .refused(.notFound, ["what": "account"]) }
        var merged = account.card
        if let value = card.company {
            guard organization.profile.companies.contains(where: { $0.code == value }) else {
                return unknownCompany(card, organization)
            }
            merged.company = value
        }
        merged.surname = card.surname ?? merged.surname
        merged.name = card.name ?? merged.name
        merged.patronymic = card.patronymic ?? merged.patronymic
        merged.house = card.house ?? merged.house
        merged.apartment = card.apartment ?? merged.apartment
        merged.address = card.address ?? merged.address
        merged.area = card.area ?? merged.area
        merged.livingArea = card.livingArea ?? merged.livingArea
        merged.houseArea = card.houseArea ?? merged.houseArea
        merged.rooms = card.rooms ?? merged.rooms
        merged.residents = card.residents ?? merged.residents
        merged.ownership = card.ownership ?? merged.ownership
        merged.phone = card.phone ?? merged.phone
        merged.email = card.email ?? merged.email
        merged.closedOn = card.closedOn ?? merged.closedOn
        if merged == account.card {
            return .accepted([], result: .object(["unchanged": .bool(true)]))
        }
        return .accepted([.accountChanged(id: account.id, merged)])
    }

    public static func close(
        _ command: CloseAccount, account: AccountFacts?
    ) -> Decision {
        guard let account else { return .refused(.notFound, ["what": "account"]) }
        var card = account.card
        card.closedOn = command.closedOn
        return .accepted([.accountChanged(id: account.id, card)])
    }

    private static func unknownCompany(
        _ card: AccountCard, _ organization: OrganizationFacts
    ) -> Decision {
        .refused(
            .companyUnknown,
            [
                "company": card.company ?? "",
                "known": organization.profile.companies.map(\.code).joined(separator: ", "),
            ])
    }
}

public enum Meters {
    /// A new meter, or a further register of one that is there. The same again changes nothing.
    /// `taken`: another account of the organization has a meter of this service and number.
    public static func install(
        _ command: InstallMeter, newID: Int64, account: AccountFacts?, taken: Bool
    ) -> Decision {
        guard let account else { return .refused(.notFound, ["what": "account"]) }
        guard command.initial < .capacity(digits: command.digits) else {
            return .refused(.readingCapacity, ["d": "\(command.digits)"])
        }
        let index = command.register.index
        if var meter = account.meters.first(where: {
            $0.service == command.service && $0.number == command.meter
        }) {
            if index == meter.registers {
                guard meter.history.isEmpty else {
                    return .refused(.meterRegister, ["register": command.register.rawValue])
                }
                meter.registers += 1
                meter.initial.append(command.initial)
            } else if index > meter.registers {
                return .refused(.meterRegister, ["register": command.register.rawValue])
            } else if meter.history.isEmpty {
                meter.initial[index] = command.initial
            }
            let before = account.meters.first { $0.id == meter.id }
            // A dial cannot have shown more than it has digits for.
            let shown = meter.initial + meter.history.flatMap(\.values)
            guard shown.allSatisfy({ $0 < .capacity(digits: command.digits) }) else {
                return .refused(.readingCapacity, ["d": "\(command.digits)"])
            }
            meter.digits = command.digits
            meter.decimals = command.decimals
            meter.installedOn = command.installedOn ?? meter.installedOn
            meter.verifiedUntil = command.verifiedUntil ?? meter.verifiedUntil
            meter.removedOn = command.removedOn ?? meter.removedOn
            meter.automatic = command.automatic ?? meter.automatic
            if meter == before {
                return .accepted([], result: .object(["unchanged": .bool(true)]))
            }
            return .accepted([.meterChanged(account: account.id, meter)])
        }
        guard !taken else { return .refused(.meterExists, ["meter": command.meter]) }
        guard index == 0 else {
            return .refused(.meterRegister, ["register": command.register.rawValue])
        }
        return .accepted([
            .meterInstalled(
                account: account.id,
                MeterFacts(
                    id: newID, service: command.service, number: command.meter, registers: 1,
                    digits: command.digits, decimals: command.decimals,
                    installedOn: command.installedOn, verifiedUntil: command.verifiedUntil,
                    removedOn: command.removedOn, automatic: command.automatic ?? false,
                    initial: [command.initial]))
        ])
    }

    /// What changes of a meter that stays. The same again changes nothing.
    public static func change(_ command: ChangeMeter, account: AccountFacts?) -> Decision {
        guard let account else { return .refused(.notFound, ["what": "account"]) }
        return Readings.find(command.meter, command.service, in: account).map { found in
            var meter = found
            meter.automatic = command.automatic ?? meter.automatic
            meter.verifiedUntil = command.verifiedUntil ?? meter.verifiedUntil
            if meter == found {
                return .accepted([], result: .object(["unchanged": .bool(true)]))
            }
            return .accepted([.meterChanged(account: account.id, meter)])
        }.decision
    }

    public static func remove(
        _ command: RemoveMeter, from sender: Sender, account: AccountFacts?,
        organization: OrganizationFacts
    ) -> Decision {
        retire(
            command.meter, command.service, on: command.removedOn, values: command.values, sender,
            account, organization
        ).map { _, changes in .accepted(changes) }.decision
    }

    /// The old meter goes with its last values (a reading of that day), the new one comes with its
    /// own first values.
    public static func replace(
        _ command: ReplaceMeter, from sender: Sender, newID: Int64, account: AccountFacts?,
        organization: OrganizationFacts, taken: Bool
    ) -> Decision {
        retire(
            command.meter, command.service, on: command.replacedOn, values: command.values, sender,
            account, organization
        ).flatMap { meter, changes -> Result<Decision, Refusal> in
            guard let account, !taken,
                !account.meters.contains(where: {
                    $0.service == meter.service && $0.number == command.newMeter
                })
            else { return .failure(Refusal(.meterExists, ["meter": command.newMeter])) }
            var new = MeterFacts(
                id: newID, service: meter.service, number: command.newMeter,
                registers: meter.registers, digits: command.digits ?? meter.digits,
                decimals: command.decimals ?? meter.decimals, installedOn: command.replacedOn,
                verifiedUntil: command.verifiedUntil, automatic: command.automatic,
                initial: [Quantity](repeating: .zero, count: meter.registers))
            if !command.newValues.isEmpty {
                switch Readings.read(command.newValues, new) {
                case .success(let values): new.initial = values
                case .failure(let refusal): return .failure(refusal)
                }
            }
            return .success(
                .accepted(changes + [.meterInstalled(account: account.id, new)]))
        }.decision
    }

    private static func retire(
        _ number: String, _ service: Service?, on day: Day, values: [RegisterValue],
        _ sender: Sender, _ account: AccountFacts?, _ organization: OrganizationFacts
    ) -> Result<(MeterFacts, [Change]), Refusal> {
        guard let account else { return .failure(Refusal(.notFound, ["what": "account"])) }
        return Readings.find(number, service, in: account).flatMap { found in
            var account = account
            var changes: [Change] = []
            if let removed = found.removedOn {
                return .failure(
                    Refusal(
                        .readingMeterRemoved,
                        ["date": removed.description, "org": organization.profile.name]))
            }
            if !values.isEmpty {
                // The last values are a reading like any other of a control visit, in the month of
                // that day.
                var control = sender
                control.channel = .control
                control.policy = .control
                let decision = Readings.submit(
                    SubmitReading(
                        account: account.card.account, meter: number, service: found.service,
                        values: values, takenOn: day, confirm: true),
                    from: control, account: account, organization: organization)
                guard case .accepted = decision.outcome else {
                    if case .refused(let refusal) = decision.outcome { return .failure(refusal) }
                    return .failure(Refusal(.readingFormat))
                }
                changes = decision.changes
                for change in changes { account.apply(change) }
            }
            guard var meter = account.meters.first(where: { $0.id == found.id }) else {
                return .failure(Refusal(.notFound, ["what": "meter", "meter": number]))
            }
            if let installed = meter.installedOn, installed > day {
                return .failure(Refusal(.readingDate, ["date": installed.description]))
            }
            if let last = meter.history.first, last.takenOn > day {
                return .failure(Refusal(.readingDate, ["date": last.takenOn.description]))
            }
            meter.removedOn = day
            changes.append(.meterChanged(account: account.id, meter))
            return .success((meter, changes))
        }
    }
}

extension Result where Success == Decision, Failure == Refusal {
    fileprivate var decision: Decision {
        switch self {
        case .success(let decision): decision
        case .failure(let refusal): Decision(.refused(refusal))
        }
    }
}
