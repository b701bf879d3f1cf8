import HTTP

/// How pages look: one small stylesheet for all, system fonts, light and dark. Sizes are in rem and
/// breakpoints in em, so that zooming to 200 % is the same as a narrow screen.
package enum Stylesheet {
    package static let bytes = Array(css.description.utf8)

    /// Of the content (FNV-1a): a changed stylesheet has another address, so caches need not ask.
    package static let version: String = {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 36)
    }()

    /// An old address may be asked for while a new version is being rolled out: it is answered but
    /// not kept.
    static func response(_ bytes: [UInt8], matches: Bool) -> Response {
        Response(
            status: 200,
            headers: [
                ("Content-Type", "text/css; charset=utf-8"),
                ("X-Content-Type-Options", "nosniff"),
                (
                    "Cache-Control",
                    matches ? "public, max-age=31536000, immutable" : "no-cache"
                ),
            ], body: bytes)
    }

    /// A roof and a drop.
    static let icon = Response(
        status: 200, type: "image/svg+xml",
        text: """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#1f5fa8" \
            d="M16 2 2 13v15a2 2 0 0 0 2 2h24a2 2 0 0 0 2-2V13z"/><path fill="#fff" \
            d="M16 11c3 4 5 6.4 5 9a5 5 0 0 1-10 0c0-2.6 2-5 5-9z"/></svg>
            """,
        headers: [
            ("Cache-Control", "public, max-age=86400"), ("X-Content-Type-Options", "nosniff"),
        ])

    private static let css: StaticString = """
        :root {
          color-scheme: light dark;
          --accent: #1f5fa8; --on-accent: #fff;
          --ground: #f3f4f6; --card: #fff; --text: #1a1f26; --quiet: #56606d;
          --line: #d5dae1; --edge: #7b8592;
          --red: #b3261e; --red-ground: #fdecea; --amber: #7a4a00; --amber-ground: #fff3d9;
          --green: #14622b; --green-ground: #e4f4e8;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --accent: #8ab8f0; --on-accent: #10141a;
            --ground: #12161c; --card: #1c222b; --text: #e8ebef; --quiet: #a5afbb;
            --line: #343d49; --edge: #77828f;
            --red: #ffb4ab; --red-ground: #3b1c1a; --amber: #ffd27a; --amber-ground: #332710;
            --green: #86dc9c; --green-ground: #14301d;
          }
        }
        *, *::before, *::after { box-sizing: border-box; }
        html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
          -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--ground); color: var(--text); min-height: 100vh;
          display: flex; flex-direction: column; overflow-wrap: break-word; }
        h1, h2, h3, p, dl, dd, ul, figure { margin: 0; padding: 0; }
        h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em; }
        h2 { font-size: 1.25rem; line-height: 1.3; }
        h3 { font-size: 1.0625rem; line-height: 1.4; }
        a { color: var(--accent); text-underline-offset: .2em; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px;
          border-radius: .25rem; }
        main:focus, [tabindex="-1"]:focus { outline: none; }
        .spoken { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden;
          clip-path: inset(50%); white-space: nowrap; }
        h2, h3, p, dd, pre, .remark span, .notice div { overflow-wrap: anywhere; }
        .hint { color: var(--quiet); font-size: .875rem; }
        .skip { position: absolute; inset-inline-start: 1rem; top: -4rem; padding: .5rem 1rem;
          background: var(--card); z-index: 1; }
        .skip:focus { top: .5rem; }
        .wide, main { width: 100%; max-width: 68rem; margin-inline: auto;
          padding-inline: clamp(1rem, 4vw, 2rem); }
        main { padding-block: 1.75rem 3rem; flex: 1; display: grid; gap: 1.25rem;
          align-content: start; grid-template-columns: minmax(0, 1fr); }

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

        .card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
          padding: clamp(1rem, 3vw, 1.5rem); }
        .narrow { max-width: 34rem; width: 100%; margin-inline: auto; display: grid; gap: 1rem; }
        .letter { display: grid; gap: .5rem; }
        .letter .text { white-space: pre-wrap; overflow-wrap: anywhere; }
        .account { display: grid; gap: .25rem; }
        .account .number { font-weight: 650; }
        .account dl { display: flex; flex-wrap: wrap; gap: .125rem 1.5rem; }
        .account dl div { display: flex; flex-wrap: wrap; gap: 0 .5rem; }
        dt { color: var(--quiet); }
        .window { color: var(--quiet); }

        .notice { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .75rem;
          padding: .875rem 1rem; border-radius: .5rem; border-inline-start: 4px solid; }
        .notice a { color: inherit; }
        .icon { width: 1.25em; height: 1.25em; fill: currentColor; flex: none;
          margin-top: .125em; }
        .remark { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .5rem; }
        .error { color: var(--red); } .notice.error { background: var(--red-ground); }
        .warning, .question { color: var(--amber); }
        .notice.warning, .notice.question { background: var(--amber-ground); }
        .done { color: var(--green); } .notice.done { background: var(--green-ground); }
        .remark.warning, .remark.question, form .remark.error { padding: .5rem .75rem;
          border-radius: .5rem; }
        .remark.warning, .remark.question { background: var(--amber-ground); }
        form .remark.error { background: var(--red-ground); }

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
        fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
        legend { padding: 0; font-weight: 650; margin-bottom: .375rem; }
        label { font-weight: 650; }
        label .for, legend .for { font-weight: 400; color: var(--quiet); }
        .registers { display: flex; flex-wrap: wrap; gap: .75rem; }
        .field { display: grid; gap: .25rem; }
        .typing { display: flex; align-items: center; gap: .5rem; }
        .unit { color: var(--quiet); }
        form.reading input:not([type="hidden"]) { font: inherit; font-size: 1.25rem; width: 11rem;
          max-width: 100%; min-width: 0; min-height: 2.75rem; padding: .25rem .75rem;
          color: inherit;
          background: var(--card); border: 1px solid var(--edge); border-radius: .5rem;
          font-variant-numeric: tabular-nums; }
        form.reading .registers input:not([type="hidden"]) { width: 8rem; }
        input[aria-invalid] { border: 2px solid var(--red); }
        input:disabled { background: var(--ground); color: var(--quiet); border-style: dashed; }
        button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .375rem 1.25rem;
          border-radius: .5rem; border: 1px solid var(--accent); cursor: pointer; }
        .main { background: var(--accent); color: var(--on-accent); }
        .main:hover { filter: brightness(1.1); }
        .confirm { background: transparent; color: var(--text); border: 2px solid var(--amber); }
        .quiet { background: transparent; color: var(--accent); border-color: var(--line);
          min-height: 2.25rem; padding: .125rem .75rem; font-weight: 500; }
        .quiet:hover, .confirm:hover { background: var(--ground); }
        button:disabled { background: var(--ground); color: var(--quiet);
          border: 1px dashed var(--edge); cursor: not-allowed; filter: none; }
        .buttons { display: flex; flex-wrap: wrap; gap: .75rem; }

        .menu { display: flex; flex-wrap: wrap; gap: .125rem 1.25rem; list-style: none; }
        .menu a { display: block; padding-block: .375rem; text-decoration: none; }
        .menu a:hover { text-decoration: underline; }
        .menu a[aria-current] { color: inherit; font-weight: 650;
          box-shadow: inset 0 -2px var(--accent); }
        .stack { display: grid; gap: .875rem; grid-template-columns: minmax(0, 1fr); }
        form.entry { display: grid; gap: 1.125rem; grid-template-columns: minmax(0, 1fr);
          align-content: start; max-width: 30rem; }
        form.entry.card { max-width: none; }
        form.again { border-top: 1px solid var(--line); padding-top: 1.25rem; }
        form.entry input:not([type="hidden"]):not([type="checkbox"]):not([type="radio"]),
        select { font: inherit; width: 100%; min-height: 2.75rem; padding: .375rem .75rem;
          color: inherit; background: var(--card); border: 1px solid var(--edge);
          border-radius: .5rem; }
        form.entry input[type="date"], form.entry input[type="month"] { max-width: 14rem; }
        form.entry input[readonly] { background: var(--ground); border-style: dashed; }
        form.entry .field .hint { margin-bottom: .125rem; }
        input[type="checkbox"]:not([hidden]), input[type="radio"]:not([hidden]) { width: 1.375rem;
          height: 1.375rem; min-height: 0; padding: 0; margin: .0625rem 0 0; flex: none;
          accent-color: var(--accent); }
        .tick { display: flex; gap: .75rem; align-items: flex-start; padding-block: .25rem; }
        .tick > div { display: grid; gap: .25rem; min-width: 0; }
        .tick label { font-weight: 500; }
        .choice, .together, .way { display: grid; gap: .5rem; }
        .way { border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem 1rem; }
        .way > legend { padding-inline: .375rem; margin: 0; font-weight: 500;
          color: var(--quiet); font-size: .875rem; }
        .together { gap: .875rem; }
        .ways { display: flex; flex-wrap: wrap; gap: .375rem 1.5rem; list-style: none; }
        .ways a { display: inline-block; padding-block: .25rem; }
        .terms p { padding-block: .25rem; max-height: 16rem; overflow-y: auto; }
        .terms { border: 1px solid var(--line); border-radius: .5rem; padding-inline: .875rem; }
        .pairs { display: grid; gap: .5rem; }
        .pairs div { display: grid; gap: 0 1.5rem; }
        .pairs dt { font-size: .875rem; }
        section.card { display: grid; gap: .75rem; grid-template-columns: minmax(0, 1fr); }
        .fold > summary { font-weight: 600; }
        .fold[open] > summary { margin-bottom: .75rem; }
        .pair { display: grid; gap: 1.75rem 2.5rem; grid-template-columns: minmax(0, 1fr); }
        .list, .cards, .codes { list-style: none; }
        .list li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem 1rem;
          align-items: center; padding-block: .75rem; border-top: 1px solid var(--line); }
        .list li:first-child { border-top: 0; padding-top: 0; }
        .list li > div { min-width: 0; overflow-wrap: anywhere; }
        .mark { background: var(--green-ground); color: var(--green); font-size: .8125rem;
          border-radius: 1rem; padding: .125rem .625rem; margin-inline-start: .5rem; }
        .cards { display: grid; gap: 1rem;
          grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); }
        .cards .card { display: grid; gap: .375rem; align-content: start; }
        .found { list-style: none; display: grid; gap: .75rem; }
        .found a { font-weight: 600; font-variant-numeric: tabular-nums; }
        .person-facts { display: grid; gap: .5rem 1.5rem;
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); }
        .person-facts dt { font-size: .875rem; }
        .codes { display: grid; gap: .25rem 1.5rem; font: 1.0625rem/1.6 ui-monospace, monospace;
          grid-template-columns: repeat(auto-fill, minmax(11rem, max-content)); }
        .enrol { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; align-items: center; }
        .qr { width: 11rem; height: 11rem; flex: none; border-radius: .5rem; }
        .secret { font: 1.0625rem/1.6 ui-monospace, monospace; overflow-wrap: anywhere; }
        .purpose { display: grid; gap: .25rem; padding-block: .75rem;
          border-top: 1px solid var(--line); }
        .purpose .tick label { font-weight: 650; }
        .contact { padding-inline-start: 2.125rem; }
        .danger { background: transparent; color: var(--red); border-color: var(--red); }
        .danger:hover { background: var(--red-ground); }

        .use { max-width: 36rem; }
        figcaption { color: var(--quiet); font-size: .875rem; margin-bottom: .25rem; }
        .plot { display: block; width: 100%; height: auto; max-height: 12rem; }
        .plot-bar { fill: var(--accent); }
        .plot-axis { stroke: var(--edge); stroke-width: 1; }
        .plot-label { fill: var(--quiet); font-size: 11px; }

        table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
        th { text-align: start; font-weight: 500; color: var(--quiet); font-size: .875rem;
          border-bottom: 1px solid var(--edge); padding: .375rem .75rem .375rem 0; }
        td { border-bottom: 1px solid var(--line); padding: .5rem .75rem .5rem 0;
          vertical-align: top; }
        tr:last-child td { border-bottom: 0; }
        .history .value, .history .volume, .history .date { font-variant-numeric: tabular-nums; }
        .history .value { overflow-wrap: anywhere; }
        .history .month { font-weight: 600; }
        .history .line { display: block; white-space: nowrap; }
        .register { color: var(--quiet); }
        .history .action { padding-inline-end: 0; text-align: end; }
        .replaced .value { text-decoration: line-through; }
        .status.calculated { color: var(--green); font-weight: 600; }
        .status.replaced, .status.noted { color: var(--quiet); }
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
        .tabs ul { display: flex; flex-wrap: wrap; gap: .25rem; list-style: none; }
        .tabs a { display: block; padding: .5rem .875rem; border-radius: .5rem;
          text-decoration: none; background: var(--card); border: 1px solid var(--line); }
        .tabs a:hover { text-decoration: underline; }
        .tabs a[aria-current] { background: var(--accent); color: var(--on-accent);
          border-color: var(--accent); font-weight: 600; }
        form.period { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; }
        form.period select { width: auto; }
        form.period .remark { flex-basis: 100%; }
        form.period .quiet { min-height: 2.75rem; }
        .owner { align-items: start; }
        .owner > div { display: grid; gap: .5rem; }
        .owner .owed { gap: .125rem; }
        p.owed { font-weight: 600; }
        .figure { font-size: 1.75rem; font-weight: 650; line-height: 1.2;
          font-variant-numeric: tabular-nums; }
        .list .sum { font-weight: 650; font-variant-numeric: tabular-nums; }
        .list .reversed { text-decoration: line-through; color: var(--quiet); }
        .reckoning dd { font-variant-numeric: tabular-nums; }
        .reckoning .result { font-weight: 650; border-top: 1px solid var(--line);
          padding-top: .5rem; }
        .prices { list-style: none; display: grid; gap: .125rem; }
        .supplied details p { margin-top: .5rem; }
        details > summary { cursor: pointer; padding-block: .5rem; color: var(--accent); }

        @media (min-width: 48em) {
          section.owner { grid-template-columns: minmax(0, 1fr) auto; gap: 1rem 2.5rem; }
          .owner .owed { text-align: end; }
          .pairs div { grid-template-columns: minmax(9rem, 14rem) minmax(0, 1fr); }
          .pairs dt { font-size: inherit; }
          .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); }
          .pair form + form { border-inline-start: 1px solid var(--line);
            padding-inline-start: 2.5rem; max-width: none; }
          .work { grid-template-columns: minmax(0, 1fr) minmax(0, 1.1fr); }
          .inactive .work { grid-template-columns: minmax(0, 1fr); }
          .history .month, .history .date { white-space: nowrap; }
          .inactive .facts { grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); }
        }
        @media (max-width: 47.99em) {
          h1 { font-size: 1.5rem; }
          .top .wide { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .5rem; }
          .person { display: contents; }
          .person form { grid-area: 1 / 2; }
          .person .greeting { grid-area: 2 / 1; }
          .languages { justify-content: end; grid-column: 2; }
          .plot-label { font-size: 19px; }
          .plot-label:nth-of-type(even) { display: none; }
          .history, .history tbody { display: block; }
          .history thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
            clip-path: inset(50%); }
          .history tr { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr));
            gap: .5rem .75rem; padding-block: .875rem; border-top: 1px solid var(--line); }
          .history td { display: block; border: 0; padding: 0; }
          .history td[data-label]::before { content: attr(data-label); display: block;
            font-size: .8125rem; font-weight: 400; color: var(--quiet); }
          .history .replaced .value::before { text-decoration: none; display: inline-block;
            width: 100%; }
          .history .action { grid-column: 1 / -1; text-align: start; }
          .history .action:empty { display: none; }
          .history .refused .entry, .history .refused .value { grid-column: 1 / -1; }
          .history .refused .month, .history .refused .volume { display: none; }
        }
        @media (max-width: 47.99em) {
          .money tbody th { display: block; grid-column: 1 / -1; border: 0; padding: 0;
            font-weight: 650; }
          .money .sum { text-align: start; }
          .money td:empty, .money td:has(.zero) { display: none; }
          .owner .owed { order: -1; }
          .money .explained { padding-bottom: .25rem; }
          .money .more { border-top: 0; padding-top: 0; }
          .money .more > td { grid-column: 1 / -1; }
          .money .total { border-top: 2px solid var(--edge); }
        }
        @media (max-width: 24em) {
          form.reading .buttons button { flex: 1 1 100%; }
        }
        @media print {
          :root { --ground: #fff; --card: #fff; --text: #000; --quiet: #333; --accent: #000; }
          body { display: block; }
          .skip, .sections, .languages, form, form.reading, details > summary { display: none; }
          details::details-content { content-visibility: visible; block-size: auto; }
          .card { border: 0; border-top: 1px solid #000; border-radius: 0; padding-inline: 0;
            break-inside: avoid; }
          .top { border: 0; }
        }
        """
}
