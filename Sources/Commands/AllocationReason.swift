/// Why a part of a payment went where it went.
public enum AllocationReason: String, Sendable, CaseIterable {
    /// The payer said so: the period, the service, the bill, or penalties (ГК РФ, ст. 319.1, п. 1).
    case named
    /// Of what nobody named, the debt that fell due first (ГК РФ, ст. 319.1, п. 3).
    case overdueFirst = "overdue_first"
    /// Debts of one due day, in proportion to what was owed (ГК РФ, ст. 319.1, п. 3).
    case proportional
    /// Penalties, when no principal was left (ПП ВС РФ № 54 of 22.11.2016, п. 37).
    case penalty
    /// A claim beyond the limitation, when nothing else was left (ПП ВС РФ № 22 of 27.06.2017, п. 32).
    case limitation
    /// Nothing was left to pay: it stays as an advance.
    case advance
    /// An advance, or what was paid too much, met a later charge.
    case offset
}
