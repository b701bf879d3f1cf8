/// What stands around every page: the header, the sections, the footer.
enum FrameLook {
    static let css: StaticString = """
        .top { background: var(--card); border-top: 4px solid var(--accent);
          border-bottom: 1px solid var(--line); }
        .top .wide { display: flex; flex-wrap: wrap; justify-content: space-between;
          align-items: center; gap: .5rem 1.5rem; padding-block: .75rem; }
        .organization { color: var(--quiet); font-size: .875rem; }
        .cabinet { font-weight: 650; font-size: 1.125rem; line-height: 1.3; }
        .cabinet a { color: inherit; text-decoration: none; }
        .cabinet a:hover { text-decoration: underline; }
        .person { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem;
          margin-inline-start: auto; }
        .languages { display: flex; gap: .25rem; font-size: .875rem; }
        .languages a { padding: .375rem .5rem; text-decoration: none; border-radius: .375rem;
          color: var(--quiet); min-width: 2.25rem; text-align: center; }
        .languages a[aria-current] { color: var(--text); font-weight: 650;
          background: var(--ground); }
        .languages a:hover { text-decoration: underline; }
        .sections { background: var(--card); border-bottom: 1px solid var(--line); }
        .sections .wide { display: flex; flex-wrap: wrap; align-items: center;
          gap: .25rem 1.75rem; padding-block: .5rem; }
        .submit-link { font-weight: 650; padding-block: .375rem; }
        .submit-link.right { margin-inline-start: auto; }
        .accounts { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem;
          font-size: .9375rem; color: var(--quiet); }
        .accounts ul { display: flex; flex-wrap: wrap; gap: .25rem; list-style: none; }
        .accounts a { display: block; padding: .25rem .625rem; border-radius: 1rem;
          text-decoration: none; font-variant-numeric: tabular-nums; }
        .accounts a:hover { text-decoration: underline; }
        .accounts a[aria-current] { background: var(--accent); color: var(--on-accent);
          font-weight: 600; }
        .bottom { border-top: 1px solid var(--line); color: var(--quiet); font-size: .875rem; }
        .bottom .wide { padding-block: 1rem 1.5rem; }
        .menu { display: flex; flex-wrap: wrap; gap: .125rem 1.25rem; list-style: none; }
        .menu a { display: block; padding-block: .375rem; text-decoration: none; }
        .menu a:hover { text-decoration: underline; }
        .menu a[aria-current] { color: inherit; font-weight: 650;
          box-shadow: inset 0 -2px var(--accent); }
        .brand { display: flex; align-items: center; gap: .875rem; min-width: 0; }
        .logo { display: block; width: auto; height: 2.75rem; max-width: 8rem; flex: none; }
        .contacts { display: flex; flex-wrap: wrap; gap: .125rem 1.25rem; font-style: normal; }
        .contacts a { color: inherit; }
        @media (max-width: 47.99em) {
          .top .wide { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .5rem; }
          .person { display: contents; }
          .person form { grid-area: 1 / 2; }
          .person .greeting { grid-area: 2 / 1; }
          .languages { justify-content: end; grid-column: 2; }
        }
        """
}
