/// «Главная».
enum HomeLook {
    static let css: StaticString = """
        .next { border-inline-start: 4px solid var(--accent); }
        .tasks { list-style: none; display: grid; gap: .75rem; }
        .tasks li { display: flex; flex-wrap: wrap; justify-content: space-between;
          align-items: center; gap: .5rem 1.5rem; }
        .tasks li + li { border-top: 1px solid var(--line); padding-top: .75rem; }
        .tasks li > div { min-width: 0; }
        .tasks strong { font-weight: 650; font-size: 1.0625rem; }
        .go { font-weight: 650; padding: .5rem 1.125rem; border-radius: var(--small);
          border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent);
          text-decoration: none; text-align: center; }
        .go:hover { text-decoration: underline; filter: brightness(1.1); }
        .all-accounts .owed, .all-owed { font-variant-numeric: tabular-nums; }
        .switches li { flex-wrap: nowrap; }
        .switches li > span { flex: none; }
        .all-owed { border-top: 1px solid var(--edge); padding-top: .75rem; }
        .owner { align-items: start; }
        .owner > div { display: grid; gap: .5rem; }
        .owner .owed { gap: .125rem; }
        p.owed { font-weight: 600; }
        .figure { font-size: 1.75rem; font-weight: 650; line-height: 1.2;
          font-variant-numeric: tabular-nums; }
        @media (min-width: 60em) {
          section.owner { grid-template-columns: minmax(0, 1fr) auto; gap: 1rem 2.5rem; }
          .owner .owed { text-align: end; max-width: 20rem; }
        }
        @media screen and (max-width: 59.99em) {
          .owner .owed { order: -1; }
        }
        @media screen and (max-width: 30em) {
          .go { flex: 1 1 100%; }
        }
        @media print { .next { display: none; } }
        """
}
