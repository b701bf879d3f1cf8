/// Charges, payments, bills and suppliers.
enum MoneyLook {
    static let css: StaticString = """
        .money { font-variant-numeric: tabular-nums; }
        .money tbody th { color: inherit; font-size: inherit; padding: .5rem .75rem .5rem 0;
          border-bottom: 1px solid var(--line); vertical-align: top; }
        .money .sum { text-align: end; }
        .money .sum:last-child { padding-inline-end: 0; }
        .money .total > * { font-weight: 650; border-bottom: 0; }
        .money .explained > * { border-bottom: 0; padding-bottom: 0; }
        .money .more > td { padding-top: 0; }
        .money .more details > summary { padding-block: .125rem; font-size: .875rem; }
        .how { display: grid; gap: .625rem; padding-block: .25rem .5rem; list-style: none; }
        .list .how li { display: block; border: 0; padding: 0; }
        form.period { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; }
        form.period select { width: auto; }
        form.period .remark { flex-basis: 100%; }
        form.period .quiet { min-height: 2.75rem; }
        .list .sum { font-weight: 650; font-variant-numeric: tabular-nums; }
        .list .reversed { text-decoration: line-through; color: var(--quiet); }
        .reckoning dd { font-variant-numeric: tabular-nums; }
        .reckoning .result { font-weight: 650; border-top: 1px solid var(--line);
          padding-top: .5rem; }
        .prices { list-style: none; display: grid; gap: .125rem; }
        .supplied details p { margin-top: .5rem; }
        @media screen and (max-width: 30em) {
          form.period .field { flex: 1 1 100%; grid-template-columns: 5rem minmax(0, 1fr);
            align-items: center; }
          form.period select, form.period button { width: 100%; }
        }
        @media screen and (max-width: 47.99em) {
          .money tr { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr));
            gap: .5rem .75rem; padding-block: .875rem; }
          .money tbody th { grid-column: 1 / -1; border: 0; padding: 0; font-size: inherit;
            font-weight: 650; }
          .money td[data-label]::before { content: attr(data-label); display: block;
            font-size: .8125rem; font-weight: 400; color: var(--quiet); }
          .money .sum { text-align: start; }
          .money td:empty, .money td:has(.zero) { display: none; }
          .money .explained { padding-bottom: .25rem; }
          .money .more { border-top: 0; padding-top: 0; }
          .money .more > td { grid-column: 1 / -1; }
          .money .total { border-top: 2px solid var(--edge); }
        }
        """
}
