/// «Главная».
enum HomeLook {
    static let css: StaticString = """
        .owner { align-items: start; }
        .owner > div { display: grid; gap: .5rem; }
        .owner .owed { gap: .125rem; }
        p.owed { font-weight: 600; }
        .figure { font-size: 1.75rem; font-weight: 650; line-height: 1.2;
          font-variant-numeric: tabular-nums; }
        @media (min-width: 60em) {
          section.owner { grid-template-columns: minmax(0, 1fr) auto; gap: 1rem 2.5rem; }
          .owner .owed { text-align: end; max-width: 18rem; }
        }
        @media screen and (max-width: 59.99em) {
          .owner .owed { order: -1; }
        }
        """
}
