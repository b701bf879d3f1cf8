/// What stands around every page: the header, the sections, the footer.
enum FrameLook {
    static let css: StaticString = """
        .outdated { padding: .75rem 1rem; background: var(--amber-ground); color: var(--amber); }
        @supports (inset: 0) { .outdated { display: none; } }
        .top { background: var(--card); border-top: 4px solid var(--accent);
          border-bottom: 1px solid var(--line); }
        .top .wide { display: flex; flex-wrap: wrap; justify-content: space-between;
          align-items: center; gap: .5rem 1.5rem; padding-block: .875rem; }
        .brand { display: flex; align-items: center; gap: .875rem; min-width: 0; }
        .brand > div { min-width: 0; }
        .logo { display: block; width: auto; height: 2.75rem; max-width: 8rem; flex: none; }
        .organization { color: var(--quiet); font-size: .875rem; line-height: 1.3; }
        .cabinet { font-weight: 650; font-size: 1.125rem; line-height: 1.3; }
        .cabinet a { color: inherit; text-decoration: none; }
        .cabinet a:hover { text-decoration: underline; }
        .person { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem;
          margin-inline-start: auto; }
        .attach { font-weight: 600; padding-block: .375rem; }
        .languages { display: flex; gap: .25rem; font-size: .875rem; }
        .languages a { padding: .375rem .5rem; text-decoration: none; border-radius: .375rem;
          color: var(--quiet); min-width: 2.25rem; text-align: center; }
        .languages a[aria-current] { color: var(--text); font-weight: 650;
          background: var(--ground); }
        .languages a:hover { text-decoration: underline; }
        .sections { background: var(--card); border-bottom: 1px solid var(--line); }
        .sections > .wide { display: flex; flex-wrap: wrap; align-items: center;
          gap: 0 1.25rem; }
        .menu { display: flex; flex-wrap: wrap; flex: 1 1 0; gap: 0 1.25rem; min-width: 0;
          list-style: none; }
        .menu a { display: block; padding-block: .75rem calc(.75rem - 3px); color: inherit;
          text-decoration: none; border-bottom: 3px solid transparent; }
        .menu a:hover { color: var(--accent); text-decoration: underline; }
        .menu a[aria-current] { font-weight: 650; border-bottom-color: var(--accent); }
        .menu .last { margin-inline-start: auto; }
        .submit-link { font-weight: 650; padding: .5rem 1.125rem; margin-block: .375rem;
          border-radius: var(--small); border: 1px solid var(--accent);
          background: var(--accent); color: var(--on-accent); text-decoration: none;
          text-align: center; }
        .submit-link:hover { text-decoration: underline; filter: brightness(1.1); }
        .submit-link[aria-current] { background: var(--soft); color: var(--text); }
        .submit-link.right { margin-inline-start: auto; }
        .accounts { position: relative; flex-basis: 100%; font-size: .9375rem;
          font-variant-numeric: tabular-nums; }
        p.accounts { padding-block: .25rem .5rem; }
        .accounts > summary { padding-block: .25rem .5rem; color: var(--text); }
        .accounts > summary b { font-weight: 600; }
        .accounts .number { color: var(--quiet); font-weight: 400; }
        .accounts ul { list-style: none; padding-block-end: .625rem; display: flex;
          flex-wrap: wrap; gap: .25rem .5rem; }
        .accounts li a { display: block; padding: .375rem .875rem; border-radius: 1.25rem;
          border: 1px solid var(--line); text-decoration: none; }
        .accounts li a:hover { text-decoration: underline; }
        .accounts li a[aria-current] { background: var(--soft); border-color: var(--accent);
          color: var(--text); font-weight: 600; }
        .accounts li .all { border-color: transparent; text-decoration: underline; }
        .beside { display: grid; gap: 1.25rem 2rem; grid-template-columns: minmax(0, 1fr);
          flex: 1; align-content: start; padding-block-start: 1.25rem; }
        .beside main { padding-inline: 0; max-width: none; padding-block-start: 0; }
        .column { border: 1px solid var(--line); border-radius: var(--round);
          box-shadow: var(--shade); padding: .75rem 1rem; align-self: start; min-width: 0; }
        .column h2 { font-size: .875rem; color: var(--quiet); letter-spacing: 0; }
        .column form { display: inline; }
        .column .menu button { font-weight: inherit; min-height: 0; border: 0; padding: .75rem 0;
          background: none; color: inherit; }
        .column .menu button:hover { color: var(--accent); text-decoration: underline; }
        .help { position: relative; display: grid; gap: .375rem .75rem; padding: .875rem 1rem;
          grid-template-columns: minmax(0, 1fr) auto; align-items: start;
          background: var(--amber-ground); border: 1px solid var(--amber);
          border-radius: var(--small); }
        .help .title { font-weight: 650; color: var(--amber); }
        .help > .text, .help > details { grid-column: 1 / -1; max-width: 48rem; }
        .help summary, .help .quiet { color: var(--amber); }
        .help .quiet { border-color: currentColor; }
        .help .quiet:hover { background: var(--card); }
        .bottom { border-top: 1px solid var(--line); color: var(--quiet); font-size: .875rem;
          background: var(--card); }
        .bottom .wide { padding-block: 1.25rem 1.75rem; display: grid; gap: .375rem; }
        .bottom p { max-width: 48rem; }
        .contacts { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; font-style: normal;
          color: var(--text); }
        .contacts a { color: inherit; }
        @media (min-width: 48em) {
          .menu { font-size: .9375rem; }
          .beside { grid-template-columns: 14rem minmax(0, 1fr); padding-block-start: 2rem; }
          .column .menu { display: grid; margin-block: .375rem; }
          .column .menu a { padding: .5rem .75rem; margin-inline: -.75rem; border-bottom: 0;
            padding-inline-start: calc(.75rem - 3px);
            border-radius: var(--small); border-inline-start: 3px solid transparent; }
          .column .menu a[aria-current] { background: var(--soft);
            border-inline-start-color: var(--accent); }
          .column .menu button { padding: .5rem 0; }
          .column .accounts { border-top: 1px solid var(--line); padding-block-start: .375rem; }
          .column .accounts ul { display: grid; }
          .column .accounts > summary .hint { display: inline-block; }
          .column .accounts > summary b { display: block; }
        }
        @media screen and (max-width: 47.99em) {
          .top .wide { display: grid; grid-template-columns: minmax(0, 1fr) auto;
            gap: .375rem .75rem; padding-block: .625rem; }
          .logo { height: 2.25rem; }
          .organization { font-size: .8125rem; }
          .cabinet { font-size: 1rem; }
          .person { display: contents; }
          .person form { grid-area: 1 / 2; }
          .person .greeting { grid-column: 1; grid-row: 2; align-self: center; font-size: .875rem; }
          .person .attach { grid-column: 1 / -1; grid-row: 3; font-size: .875rem;
            padding-block: 0 .125rem; }
          .languages { justify-content: end; grid-column: 2; grid-row: 2; }
          .person:not(:has(form)) .languages { grid-row: 1; }
          .sections:not(.column) > .wide { gap: 0 1rem; }
          .submit-link { flex: 1 1 100%; margin-block: .5rem 0; }
          .submit-link.right { order: -1; }
          .submit-link[aria-current] { display: none; }
          .menu { flex: 1 1 100%; flex-wrap: nowrap; overflow-x: auto; gap: 0 1.25rem;
            scrollbar-width: thin; overscroll-behavior-x: contain; }
          .sections > .wide > .menu { margin-inline: calc(-1 * clamp(1rem, 4vw, 2rem));
            padding-inline: clamp(1rem, 4vw, 2rem);
            scroll-padding-inline: clamp(1rem, 4vw, 2rem); }
          .menu li { flex: none; }
          .menu [aria-current] { scroll-initial-target: nearest; }
          .menu a, .column .menu button { white-space: nowrap; }
          .menu .last { margin-inline-start: 0; }
          .column { margin-inline: 0; padding-block: .5rem .25rem; }
        }
        """
}
