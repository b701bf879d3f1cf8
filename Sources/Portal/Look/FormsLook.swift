/// Fields, buttons, and the forms of coming in and of one's own settings.
enum FormsLook {
    static let css: StaticString = """
        fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
        legend { padding: 0; font-weight: 650; margin-bottom: .375rem; }
        label { font-weight: 650; }
        label .for, legend .for { font-weight: 400; color: var(--quiet); }
        .field { display: grid; gap: .25rem; }
        button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .375rem 1.25rem;
          border-radius: var(--small); border: 1px solid var(--accent); cursor: pointer;
          touch-action: manipulation; }
        .main { background: var(--accent); color: var(--on-accent); }
        .main:hover { filter: brightness(1.1); }
        .confirm { background: transparent; color: var(--text); border: 2px solid var(--amber); }
        .quiet { background: transparent; color: var(--accent); border-color: var(--line);
          min-height: 2.25rem; padding: .125rem .75rem; font-weight: 500; }
        .quiet:hover, .confirm:hover { background: var(--ground); }
        button:disabled { background: var(--ground); color: var(--quiet);
          border: 1px dashed var(--edge); cursor: not-allowed; filter: none; }
        .buttons { display: flex; flex-wrap: wrap; gap: .75rem; }
        form.entry { display: grid; gap: 1.125rem; grid-template-columns: minmax(0, 1fr);
          align-content: start; max-width: 30rem; }
        form.entry.card, .narrow form.entry { max-width: none; }
        form.again { border-top: 1px solid var(--line); padding-top: 1.25rem; }
        form.entry input:not([type="hidden"]):not([type="checkbox"]):not([type="radio"]),
        select { font: inherit; width: 100%; min-height: 2.75rem; padding: .375rem .75rem;
          color: inherit; background: var(--card); border: 1px solid var(--edge);
          border-radius: var(--small); }
        form input:disabled:not([type="hidden"]):not([type="checkbox"]):not([type="radio"]) {
          background: var(--ground); color: var(--quiet); border-style: dashed; }
        form input[aria-invalid]:not([type="hidden"]):not([type="checkbox"]):not([type="radio"]) {
          border: 2px solid var(--red); }
        form.entry input[type="date"], form.entry input[type="month"] { max-width: 14rem; }
        form.entry input[readonly] { background: var(--ground); border-style: dashed; }
        input:disabled, select:disabled { opacity: 1; }
        @media (hover: hover) {
          form.entry input:hover:not(:disabled), select:hover:not(:disabled) {
            border-color: var(--text); }
        }
        form.entry .field .hint { margin-bottom: .25rem; }
        form.entry .field .remark { margin-top: .25rem; }
        input[type="checkbox"]:not([hidden]), input[type="radio"]:not([hidden]) { width: 1.375rem;
          height: 1.375rem; min-height: 0; padding: 0; margin: .0625rem 0 0; flex: none;
          accent-color: var(--accent); }
        .tick { display: flex; gap: .75rem; align-items: flex-start; padding-block: .25rem; }
        .tick > div { display: grid; gap: .25rem; min-width: 0; }
        .tick label { font-weight: 500; }
        .choice, .together, .way { display: grid; gap: .5rem; }
        .way { border: 1px solid var(--line); border-radius: var(--small); padding: .75rem 1rem 1rem; }
        .way > legend { padding-inline: .375rem; margin: 0; font-weight: 500;
          color: var(--quiet); font-size: .875rem; }
        .together { gap: .875rem; }
        .ways { display: flex; flex-wrap: wrap; gap: .375rem 1.5rem; list-style: none; }
        .ways a { display: inline-block; padding-block: .25rem; }
        .terms p { padding-block: .25rem; }
        .terms { border: 1px solid var(--line); border-radius: var(--small); padding-inline: .875rem; }
        .pair { display: grid; gap: 1.75rem 2.5rem; grid-template-columns: minmax(0, 1fr); }
        .found { list-style: none; display: grid; gap: .75rem; }
        .found a { font-weight: 600; font-variant-numeric: tabular-nums; }
        .codes { display: grid; gap: .25rem 1.5rem; font: 1.0625rem/1.6 ui-monospace, monospace;
          grid-template-columns: repeat(auto-fill, minmax(11rem, max-content)); }
        .enrol { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; align-items: center; }
        .qr { width: 11rem; height: 11rem; flex: none; border-radius: .5rem; }
        .secret { font: 1.0625rem/1.6 ui-monospace, monospace; overflow-wrap: anywhere; }
        .purpose { display: grid; gap: .25rem; padding-block: .75rem;
          border-top: 1px solid var(--line); }
        .purpose .tick label { font-weight: 650; }
        .contact { padding-inline-start: 2.125rem; }
        .contact a { display: inline-block; }
        .danger { background: transparent; color: var(--red); border-color: var(--red); }
        .danger:hover { background: var(--red-ground); }
        @media (min-width: 48em) {
          .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); }
          .pair form + form { border-inline-start: 1px solid var(--line);
            padding-inline-start: 2.5rem; max-width: none; }
        }
        """
}
