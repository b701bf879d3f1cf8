/// Pages that say why there is no other.
enum TroubleLook {
    static let css: StaticString = """
        .trouble form.entry { max-width: none; }
        .counting { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center;
          justify-content: space-between; padding: .625rem .875rem; border-radius: var(--small);
          background: var(--soft); }
        .counting[hidden] { display: none; }
        .counting strong { font-variant-numeric: tabular-nums; }
        """
}
