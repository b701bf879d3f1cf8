/// On paper; it comes last, so that it wins. Paper is narrow, and is no telephone: what is for those says `screen`.
enum PrintLook {
    static let css: StaticString = """
        @page { margin: 14mm 12mm; }
        @media print {
          :root { color-scheme: light; --ground: #fff; --card: #fff; --text: #000; --quiet: #333;
            --line: #999; --edge: #555; --accent: #000; --on-accent: #fff; --soft: #fff;
            --shade: none; --red: #000; --red-ground: #fff; --amber: #000; --amber-ground: #fff;
            --green: #000; --green-ground: #fff; }
          html { font-size: 75%; }
          body, .beside { display: block; padding: 0; }
          main { display: block; padding-block: 1rem 0; }
          main > * + * { margin-top: 1rem; }
          .wide, main { max-width: none; padding-inline: 0; }
          .skip, .outdated, .sections, .languages, .attach, .help, .tabs, .steps, .ways, form,
          form.reading, details > summary { display: none; }
          .card:has(> h2 + .ways:last-child) { display: none; }
          details::details-content { content-visibility: visible; block-size: auto; }
          .card { border: 0; border-top: 1px solid #000; border-radius: 0; padding: .75rem 0;
            box-shadow: none; }
          .notice { border: 1px solid #000; }
          h1, h2, h3, caption, summary { break-after: avoid; }
          tr, .owner, .plot, figure, li { break-inside: avoid; }
          thead { display: table-header-group; }
          a { color: inherit; text-decoration: none; }
          .top { border: 0; border-bottom: 1px solid #000; }
          .top .wide { padding-block: 0 .5rem; }
          .bottom { border-top: 1px solid #000; background: none; margin-top: 1rem; }
          .bottom .wide { padding-block: .5rem 0; }
        }
        """
}
