/// «Передать показания»: all fields and the button on one screen of a phone.
enum SubmitLook {
    static let css: StaticString = """
        .remark[hidden] { display: none; }
        form.readings { display: grid; gap: .75rem; grid-template-columns: minmax(0, 1fr);
          padding-bottom: 0; }
        form.readings .row { display: grid; gap: .25rem; grid-template-columns: minmax(0, 1fr);
          align-content: start; scroll-margin-top: 1rem; }
        form.readings .row + .row { border-top: 1px solid var(--line); padding-top: .75rem; }
        form.readings input:not([type="hidden"]) { font: inherit; font-size: 1.25rem;
          width: 11rem; max-width: 100%; min-width: 0; min-height: 2.75rem;
          padding: .25rem .75rem; color: inherit; background: var(--card);
          border: 1px solid var(--edge); border-radius: .5rem;
          font-variant-numeric: tabular-nums; scroll-margin-bottom: 6rem; }
        form.readings .registers input:not([type="hidden"]) { width: 8rem; }
        .facts-line { font-variant-numeric: tabular-nums; }
        .facts-line strong { color: var(--text); }
        .facts-line .given { display: block; }
        form.readings .send { position: sticky; bottom: 0; background: var(--card);
          padding-block: .75rem; border-top: 1px solid var(--line); }
        form[aria-busy="true"] button { opacity: .6; }
        .all-meters { display: inline-block; font-weight: 600; padding-block: .25rem; }
        @media (max-width: 30em) {
          form.readings .send button { flex: 1 1 100%; }
        }
        @media screen and (max-width: 30em) {
          main:has(> form.readings) { padding-block-start: .75rem; gap: .75rem; }
          main:has(> form.readings) > h1 + .hint { order: 1; }
          form.readings { gap: .5rem; padding-block-start: .625rem; }
          form.readings .row + .row { padding-top: .5rem; }
          form.readings .facts-line, form.readings .row > .warning { font-size: .8125rem;
            line-height: 1.35; }
          form.readings .row > .warning { padding-block: .25rem; }
          form.readings .send { padding-block: .5rem; }
        }
        @media screen and (min-width: 22.5em) and (max-width: 30em) {
          form.readings .row > .field { grid-template-columns: minmax(0, 1fr) 8rem;
            gap: .25rem .75rem; align-items: center; }
          form.readings .row > .field label { line-height: 1.3; }
          form.readings .row:has(.facts-line strong) > .field .unit { display: none; }
        }
        @media (min-width: 48em) {
          form.readings .row { grid-template-columns: minmax(0, 1fr) minmax(0, 1.1fr);
            column-gap: 2rem; }
          form.readings .row > .facts-line { align-self: end; padding-bottom: .625rem; }
          form.readings .row > .remark { grid-column: 1 / -1; }
        }
        @media print { form.readings .send { position: static; } }
        """
}
