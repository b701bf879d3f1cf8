/// What is charged by.
public enum ChargeBasis: String, Sendable, CaseIterable {
    /// An individual meter; without it a norm (ПП 354, formulas 1, 4 and 4(1)).
    case meter
    /// Cold and hot water together, by its own norm where neither is metered (ПП 354, п. 42).
    case drainage
    /// What it takes to heat the water of another kind, per Гкал or per м³ by its unit (ПП 354, п. 38, formula 23).
    case waterHeat = "water_heat"
    case area
    case person
    /// A sum a month.
    case fixed
    /// Heating without meters (ПП 354, formula 2).
    case areaNorm = "area_norm"
    /// A house's needs (ПП 354, formulas 10, 12 and 15).
    case houseNeeds = "house_needs"
}
