/// The page's look: one accent colour, system fonts, light or dark as the reader's system is.
///
/// A style sheet inside a page is raw to HTML and escaped to XML: it must need no escape.
enum ReportStyle {
    /// Permutation groups' colours, of one lightness; repeated where there are more groups.
    static let groupColors = ["#3d7fb8", "#4f9a66", "#9a6bb8", "#b98a2f", "#bf5a82", "#37989a"]

    static var css: String {
        groupColors.enumerated().reduce(page) { css, color in
            css + ".group\(color.offset) { --group: \(color.element); }\n"
        }
    }

    private static let page = """
        :root {
          color-scheme: light dark;
          --paper: #fcfbf8; --card: #f4f2ec; --ink: #1c1c1e; --muted: #6b6a67; --line: #e2dfd7;
          --accent: #c2491d; --heat: 194, 73, 29;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #141416; --card: #1e1e21; --ink: #ececee; --muted: #9c9ba1; --line: #303035;
            --accent: #ff8a5b; --heat: 255, 128, 80;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body {
          margin: 0; background: var(--paper); color: var(--ink);
          font: 1.0625rem/1.65 -apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif;
        }
        main { max-width: 54rem; margin: 0 auto; padding: clamp(3rem, 9vw, 7rem) 1.5rem 5rem; }
        h1 {
          margin: 0 0 1.5rem; max-width: 15em; font-size: clamp(2.3rem, 6.5vw, 4rem); line-height: 1.06;
          font-weight: 700; letter-spacing: -0.03em; text-wrap: balance;
        }
        h2 { margin: 0 0 0.75rem; font-size: 1.7rem; line-height: 1.2; letter-spacing: -0.018em; text-wrap: balance; }
        p { max-width: 40rem; margin: 0 0 1rem; text-wrap: pretty; }
        .kicker { margin: 0 0 1rem; color: var(--accent); font-size: 0.9rem; font-weight: 600; }
        .lead { font-size: clamp(1.15rem, 2.4vw, 1.35rem); line-height: 1.55; }
        .note { color: var(--muted); font-size: 0.9rem; }
        section { padding-top: clamp(3.5rem, 9vw, 6rem); }
        figure { margin: 2rem 0 0; }
        figcaption { margin-top: 0.75rem; color: var(--muted); font-size: 0.9rem; max-width: 40rem; }
        strong { font-weight: 650; }
        b { color: var(--accent); font-weight: 650; }
        .numbers {
          display: grid; grid-template-columns: repeat(4, 1fr); gap: 2rem; margin: 3rem 0 0; padding: 1.75rem 0 0;
          border-top: 1px solid var(--line);
        }
        .numbers dt { color: var(--muted); font-size: 0.9rem; line-height: 1.4; }
        .numbers dd {
          margin: 0 0 0.35rem; font-size: clamp(1.6rem, 3.6vw, 2.1rem); line-height: 1.1; font-weight: 650;
          letter-spacing: -0.02em; white-space: nowrap; font-variant-numeric: tabular-nums;
        }
        .numbers div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
        .pictures { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fill, minmax(15.5rem, 1fr)); }
        .pictures.pairs { grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); }
        .strip {
          display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; gap: 0.5rem; padding: 0.75rem;
          background: var(--card); border-radius: 0.75rem; color: var(--muted); font-size: 0.8rem; text-align: center;
          line-height: 1.3; font-variant-numeric: tabular-nums;
        }
        .strip span { display: block; }
        .strip img { margin-bottom: 0.4rem; }
        img { display: block; width: 100%; height: auto; border-radius: 0.3rem; image-rendering: pixelated; }
        svg { display: block; width: 100%; height: auto; }
        .charts { display: grid; grid-template-columns: 1fr 1fr; gap: 2.5rem; align-items: start; }
        .chart { max-width: 34rem; }
        .chart .label { font-size: 14.5px; }
        .label { fill: var(--muted); font-size: 12.5px; font-variant-numeric: tabular-nums; }
        .grid { stroke: var(--line); }
        .curve { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; }
        .curve.ours { stroke: var(--accent); }
        .curve.dotted { stroke: var(--muted); stroke-dasharray: 2 6; }
        .curve.dashed { stroke: var(--muted); stroke-dasharray: 10 6; }
        .dot { fill: var(--muted); }
        .dot.ours { fill: var(--accent); }
        .sample { fill: var(--muted); fill-opacity: 0.4; }
        .sample.ours { fill: var(--accent); }
        .diagonal { stroke: var(--muted); stroke-width: 1.25; }
        .bars { display: grid; grid-template-columns: max-content 1fr max-content; gap: 0.6rem 1rem; margin: 2rem 0 0; }
        .bars { align-items: center; max-width: 40rem; font-variant-numeric: tabular-nums; line-height: 1.3; }
        .bars i { display: block; height: 0.6rem; min-width: 2px; border-radius: 0.3rem; background: var(--muted); }
        .bars .track { border-radius: 0.3rem; background: var(--card); }
        .bars i.ours { background: var(--accent); }
        .bars .end { text-align: right; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        .facts { width: 100%; max-width: 44rem; margin-top: 1.5rem; }
        .facts th, .facts td { padding: 0.7rem 1rem 0.7rem 0; border-bottom: 1px solid var(--line); text-align: left; }
        .facts th { font-weight: 400; }
        .facts td { white-space: nowrap; }
        .facts thead th { color: var(--muted); font-size: 0.85rem; }
        .confusion { width: 100%; max-width: 34rem; font-size: 0.85rem; table-layout: fixed; min-width: 19rem; }
        .confusion th { padding: 0.3rem 0.1rem; color: var(--muted); font-weight: 500; overflow: hidden; }
        .confusion td {
          padding: 0; height: 2.5em; border: 2px solid var(--paper); border-radius: 0.4rem; text-align: center;
          background: rgba(var(--heat), var(--share)); background-clip: padding-box;
        }
        .confusion td.strong { color: #fff; font-weight: 600; }
        .confusion td.none { color: transparent; background: var(--card); background-clip: padding-box; }
        .space { min-width: 26rem; margin: 0 auto 0 0; }
        .space .label { fill: var(--group, var(--muted)); }
        .space rect { fill: var(--group); }
        .space rect.fixed { fill: var(--line); }
        .space rect.block { fill: var(--card); stroke: var(--muted); stroke-width: 0.75; }
        .space .cells { fill: none; stroke: var(--line); stroke-width: 0.6; }
        .space .ribbon { fill: var(--group); fill-opacity: 0.14; }
        .space .thread { fill: none; stroke: var(--group); stroke-width: 2.25; }
        .space .name { fill: var(--ink); font-size: 11px; font-family: ui-monospace, Menlo, Consolas, monospace; }
        .space .shape { fill: var(--muted); }
        p { overflow-wrap: anywhere; }
        pre {
          margin: 1.5rem 0 0; padding: 1rem 1.25rem; overflow-x: auto; background: var(--card);
          border-radius: 0.75rem; font: 0.95rem/1.5 ui-monospace, Menlo, Consolas, monospace;
        }
        footer { margin-top: 5rem; color: var(--muted); font-size: 0.9rem; }
        @media (max-width: 44rem) {
          .numbers { grid-template-columns: 1fr 1fr; gap: 1.75rem 1.25rem; }
          .charts { grid-template-columns: 1fr; }
          .confusion { font-size: 0.75rem; }
        }

        """
}
