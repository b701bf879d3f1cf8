/// Meters, and the forms of readings.
enum ReadingsLook {
    static let css: StaticString = """
        #meters, .service { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
        .service + .service { margin-top: .75rem; }
        .meter { display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 1fr); }
        .meter .name { display: flex; flex-wrap: wrap; justify-content: space-between;
          gap: .25rem 1rem; }
        .meter .state { color: var(--quiet); }
        .work { display: grid; gap: 1.25rem 2.5rem; grid-template-columns: minmax(0, 1fr); }
        .facts { display: grid; gap: .75rem; align-content: start; }
        .facts dt { font-size: .875rem; }
        .facts dd { font-variant-numeric: tabular-nums; }
        .facts strong { font-size: 1.125rem; }
        .facts .hint, .facts .line { display: block; }
        form.reading { display: grid; gap: .625rem; align-content: start; }
        .registers { display: flex; flex-wrap: wrap; gap: .75rem; }
        .typing { display: flex; align-items: center; gap: .5rem; }
        .unit { color: var(--quiet); }
        form.reading input:not([type="hidden"]) { font: inherit; font-size: 1.25rem; width: 11rem;
          max-width: 100%; min-width: 0; min-height: 2.75rem; padding: .25rem .75rem;
          color: inherit;
          background: var(--card); border: 1px solid var(--edge); border-radius: .5rem;
          font-variant-numeric: tabular-nums; }
        form.reading .registers input:not([type="hidden"]) { width: 8rem; }
        .use { max-width: 36rem; }
        @media (min-width: 48em) {
          .work { grid-template-columns: minmax(0, 1fr) minmax(0, 1.1fr); }
          .inactive .work { grid-template-columns: minmax(0, 1fr); }
          .inactive .facts { grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); }
        }
        @media screen and (max-width: 47.99em) {
          .facts { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; }
          .facts > :first-child { flex-basis: 100%; }
        }
        @media (max-width: 24em) {
          form.reading .buttons button { flex: 1 1 100%; }
        }
        """
}
