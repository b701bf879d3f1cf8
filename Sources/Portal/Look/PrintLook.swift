/// On paper; it comes last, so that it wins.
enum PrintLook {
    static let css: StaticString = """
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
