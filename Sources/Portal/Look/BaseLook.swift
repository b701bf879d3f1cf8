/// Colours, type, and the pieces that pages are put together from: cards, notices, tables, lists, tabs, plots.
enum BaseLook {
    static let css: StaticString = """
        :root {
          color-scheme: light dark;
          --accent: #1f5fa8; --on-accent: #fff;
          --ground: #f3f4f6; --card: #fff; --text: #1a1f26; --quiet: #56606d;
          --line: #dce1e7; --edge: #7b8592; --soft: #eaedf1; --shade: 0 1px 2px #1018280f;
          --round: .875rem; --small: .625rem;
          --red: #b3261e; --red-ground: #fdecea; --amber: #7a4a00; --amber-ground: #fff3d9;
          --green: #14622b; --green-ground: #e4f4e8;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --accent: #8ab8f0; --on-accent: #10141a;
            --ground: #12161c; --card: #1c222b; --text: #e8ebef; --quiet: #a5afbb;
            --line: #343d49; --edge: #77828f; --soft: #29313c; --shade: none;
            --red: #ffb4ab; --red-ground: #3b1c1a; --amber: #ffd27a; --amber-ground: #332710;
            --green: #86dc9c; --green-ground: #14301d;
          }
        }
        *, *::before, *::after { box-sizing: border-box; }
        @supports (color: color-mix(in srgb, red, blue)) {
          :root { --soft: color-mix(in srgb, var(--accent) 11%, var(--card)); }
        }
        html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
          -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
        body { margin: 0; background: var(--ground); color: var(--text); min-height: 100vh;
          display: flex; flex-direction: column; overflow-wrap: break-word; text-wrap: pretty; }
        h1, h2, h3, p, dl, dd, ul, ol, figure { margin: 0; padding: 0; }
        h1, h2, h3, .organization, .cabinet { text-wrap: balance; }
        h1 { font-size: 2rem; font-weight: 700; line-height: 1.2; letter-spacing: -.02em; }
        h2 { font-size: 1.25rem; font-weight: 650; line-height: 1.3; letter-spacing: -.005em; }
        h3 { font-size: 1.0625rem; font-weight: 650; line-height: 1.4; }
        a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: .06em; }
        a:hover { text-decoration-thickness: .12em; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px;
          border-radius: .25rem; }
        button:focus-visible, input:focus-visible, select:focus-visible,
        textarea:focus-visible { border-radius: var(--small); }
        main:focus, [tabindex="-1"]:focus { outline: none; }
        .spoken { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden;
          clip-path: inset(50%); white-space: nowrap; }
        h2, h3, p, dd, pre, .remark span, .notice div { overflow-wrap: anywhere; }
        .hint { color: var(--quiet); font-size: .875rem; }
        .whole { white-space: nowrap; }
        .skip { position: absolute; inset-inline-start: 1rem; top: -4rem; padding: .5rem 1rem;
          background: var(--card); z-index: 1; }
        .skip:focus { top: .5rem; }
        .wide, main { width: 100%; max-width: 72rem; margin-inline: auto;
          padding-inline: clamp(1rem, 4vw, 2rem); }
        main { padding-block: 1.75rem 3rem; flex: 1; display: grid; gap: 1.25rem;
          align-content: start; grid-template-columns: minmax(0, 1fr); }
        .card { background: var(--card); border: 1px solid var(--line);
          border-radius: var(--round); box-shadow: var(--shade);
          padding: clamp(1rem, 3vw, 1.625rem); }
        .narrow { max-width: 34rem; width: 100%; margin-inline: auto; display: grid; gap: 1rem; }
        .letter { display: grid; gap: .5rem; }
        .letter .text { white-space: pre-wrap; overflow-wrap: anywhere; }
        .account { display: grid; gap: .25rem; }
        .account .number { font-weight: 650; }
        .account dl { display: flex; flex-wrap: wrap; gap: .125rem 1.5rem; }
        .account dt, .account dd { display: inline; }
        .account dt { margin-inline-end: .5rem; }
        dt { color: var(--quiet); }
        .window { color: var(--quiet); }
        .notice { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .75rem;
          padding: .875rem 1rem; border-radius: var(--small); border-inline-start: 4px solid; }
        .notice a { color: inherit; }
        .icon { width: 1.25em; height: 1.25em; fill: currentColor; flex: none;
          margin-top: .125em; }
        .remark { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .5rem; }
        .error { color: var(--red); } .notice.error { background: var(--red-ground); }
        .warning, .question { color: var(--amber); }
        .notice.warning, .notice.question { background: var(--amber-ground); }
        .done { color: var(--green); } .notice.done { background: var(--green-ground); }
        .remark.warning, .remark.question, form .remark.error { padding: .5rem .75rem;
          border-radius: var(--small); }
        .remark.warning, .remark.question { background: var(--amber-ground); }
        form .remark.error { background: var(--red-ground); }
        .stack { display: grid; gap: .875rem; grid-template-columns: minmax(0, 1fr); }
        .pairs { display: grid; gap: .5rem; }
        .pairs div { display: grid; gap: 0 1.5rem; }
        .pairs dt { font-size: .875rem; }
        section.card { display: grid; gap: .75rem; grid-template-columns: minmax(0, 1fr); }
        .fold > summary { font-weight: 600; }
        .fold[open] > summary { margin-bottom: .75rem; }
        .list, .cards, .codes { list-style: none; }
        .list li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem 1rem;
          align-items: center; padding-block: .75rem; border-top: 1px solid var(--line); }
        .list li:first-child { border-top: 0; padding-top: 0; }
        .list li:last-child { padding-bottom: 0; }
        .list li > div { min-width: 0; overflow-wrap: anywhere; }
        .mark { background: var(--green-ground); color: var(--green); font-size: .8125rem;
          border-radius: 1rem; padding: .125rem .625rem; margin-inline-start: .5rem; }
        .cards { display: grid; gap: 1rem;
          grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); }
        .cards .card { display: grid; gap: .375rem; align-content: start; }
        .person-facts { display: grid; gap: .5rem 1.5rem;
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); }
        .person-facts dt { font-size: .875rem; }
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
        .tabs ul { display: flex; flex-wrap: wrap; gap: .375rem; list-style: none; }
        .tabs a { display: block; padding: .5rem 1rem; border-radius: 1.5rem;
          text-decoration: none; background: var(--card); border: 1px solid var(--line); }
        .tabs a:hover { text-decoration: underline; }
        .tabs a[aria-current] { background: var(--accent); color: var(--on-accent);
          border-color: var(--accent); font-weight: 600; }
        .steps { list-style: none; counter-reset: step; display: flex; flex-wrap: wrap;
          gap: .375rem 1.25rem; font-size: .875rem; color: var(--quiet); }
        .steps li { counter-increment: step; display: flex; align-items: center; gap: .5rem; }
        .steps li::before { content: counter(step); flex: none; width: 1.625rem; height: 1.625rem;
          line-height: 1.5rem; border-radius: 50%; border: 1px solid var(--edge);
          text-align: center; font-variant-numeric: tabular-nums; }
        .steps [aria-current] { color: var(--text); font-weight: 650; }
        .steps [aria-current]::before { background: var(--accent); color: var(--on-accent);
          border-color: var(--accent); }
        .steps .passed::before { content: "\\2713"; color: var(--green); border-color: currentColor; }
        details > summary { cursor: pointer; padding-block: .5rem; color: var(--accent); }
        @media print, (min-width: 48em) {
          .pairs div { grid-template-columns: minmax(9rem, 17rem) minmax(0, 1fr); }
          .pairs dt { font-size: inherit; }
          .history .month, .history .date { white-space: nowrap; }
        }
        @media (min-width: 60em) {
          .history .channel { white-space: nowrap; }
        }
        @media screen and (max-width: 47.99em) {
          h1 { font-size: 1.5rem; }
          main { padding-block: 1.25rem 2rem; gap: 1rem; }
          .plot-label { font-size: 19px; }
          .plot-label:nth-of-type(even) { display: none; }
          .tabs ul { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: thin;
            overscroll-behavior-x: contain; margin: -.375rem calc(-1 * clamp(1rem, 4vw, 2rem));
            padding: .375rem clamp(1rem, 4vw, 2rem);
            scroll-padding-inline: clamp(1rem, 4vw, 2rem); }
          .tabs li { flex: none; }
          .tabs [aria-current] { scroll-initial-target: nearest; }
          .history, .history thead, .history tbody { display: block; }
          .history tr { display: flex; flex-wrap: wrap; align-items: baseline; gap: .125rem 0;
            padding-block: .625rem; border-top: 1px solid var(--line); }
          .history thead tr { border: 0; padding-block: 0 .25rem; }
          .history tbody tr:last-child { padding-bottom: 0; }
          .history th, .history td { display: block; border: 0; padding: 0; }
          .history th { font-size: .8125rem; }
          .history th:first-child, .history .month { flex: 0 0 38%; }
          .history th:nth-child(3), .history .value { flex: 0 0 26%; text-align: end; }
          .history th:nth-child(4), .history .volume { flex: 0 0 36%; text-align: end;
            overflow-wrap: anywhere; }
          .history th:nth-child(2), .history th:nth-child(n + 5), .money thead {
            position: absolute; width: 1px; height: 1px; overflow: hidden;
            clip-path: inset(50%); }
          .history .month { font-size: .875rem; }
          .history .date, .history .entry, .history .channel { order: 1; font-size: .8125rem;
            margin-inline-end: .375rem; }
          .history .date, .history .channel { color: var(--quiet); }
          .history .action { order: 2; flex: 1 0 100%; text-align: start; padding-top: .375rem; }
          .history .action:empty { display: none; }
          .history .refused .month, .history .refused .volume { display: none; }
          .history .refused .date { order: 0; flex: 0 0 38%; margin: 0; }
          .history .refused .entry { flex: 0 0 100%; margin: 0; }
        }
        """
}
