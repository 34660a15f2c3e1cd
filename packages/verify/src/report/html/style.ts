/** The look of the console, in one sheet: the same names and colours (a test holds them together), no font and no picture from anywhere. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f6f7, #0e1417);
  --plate: light-dark(#ffffff, #141c20);
  --well: light-dark(#eef2f3, #0a0f12);
  --line: light-dark(#d5dde0, #263238);
  --line-strong: light-dark(#aebbc1, #41525a);
  --ink: light-dark(#10191d, #e7eef0);
  --ink-soft: light-dark(#46565e, #a5b5bc);
  --ink-faint: light-dark(#5d6d75, #84969e);
  --good: light-dark(#0b6b4f, #54c79b);
  --busy: light-dark(#0a5a94, #6db8ef);
  --warn: light-dark(#8a5300, #e4ac52);
  --bad: light-dark(#b3281e, #ff8a7a);
  --sans: -apple-system, 'Segoe UI Variable Text', 'Segoe UI', 'Adwaita Sans', Inter, Cantarell, 'Ubuntu Sans', Ubuntu, Roboto, 'Noto Sans', 'Liberation Sans', Helvetica, Arial, sans-serif;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'Adwaita Mono', 'JetBrains Mono', 'Ubuntu Mono', 'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace;
}
*, ::before, ::after { box-sizing: border-box; }
html { scrollbar-gutter: stable; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0 auto; max-width: 68rem; padding: 0 1rem 4rem; background: var(--ground); color: var(--ink); font: 0.9375rem/1.5 var(--sans); -webkit-font-smoothing: antialiased; overflow-wrap: anywhere; }
h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1, h2, h3 { text-wrap: balance; }
code, pre { font-family: var(--mono); font-size: 0.8125rem; }
a { color: inherit; text-decoration-color: var(--line-strong); text-underline-offset: 0.25em; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--busy); outline-offset: 2px; border-radius: 3px; }
:target { outline: 2px solid var(--busy); outline-offset: 3px; }
[data-tone=good] { --tone: var(--good); } [data-tone=bad] { --tone: var(--bad); } [data-tone=warn] { --tone: var(--warn); } [data-tone=quiet] { --tone: var(--ink-faint); } [data-tone=advice] { --tone: var(--line-strong); }
.skip, .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip:focus { width: auto; height: auto; clip-path: none; top: 0.5rem; left: 0.5rem; background: var(--plate); padding: 0.25rem 0.75rem; z-index: 1; }
.mark { width: 1rem; height: 1rem; flex: none; color: var(--tone); }
.load-line { flex: none; }
.top p { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.6rem; min-height: 3.5rem; color: var(--ink-soft); }
.top strong { color: var(--ink); letter-spacing: -0.01em; }
.top .load-line { width: 1.5rem; height: 1.5rem; color: var(--ink); }
.slash { color: var(--line-strong); }
.hero { background: color-mix(in srgb, var(--tone) 7%, var(--plate)); border: 1px solid color-mix(in srgb, var(--tone) 35%, var(--line)); border-top: 4px solid var(--tone); border-radius: 3px; padding: 1.75rem 1.75rem 1.25rem; }
.hero-words { display: flex; gap: 1.25rem; align-items: flex-start; }
.hero .load-line { width: 3.25rem; height: 3.25rem; color: var(--tone); }
h1 { font-size: clamp(1.375rem, 1rem + 1.6vw, 1.875rem); line-height: 1.2; letter-spacing: -0.02em; font-weight: 650; }
.found-first { margin-top: 0.75rem; display: grid; gap: 0.2rem; max-width: 60rem; }
.found-first li::before { content: ''; display: inline-block; width: 0.5rem; height: 2px; margin: 0 0.55rem 0 0; vertical-align: 0.28em; background: var(--tone); }
.also { margin-top: 0.5rem; color: var(--ink-soft); max-width: 60rem; }
.gauge { display: flex; gap: 2px; height: 0.625rem; margin-top: 1.5rem; }
.gauge span { min-width: 3px; background: var(--tone); }
.gauge [data-tone=quiet], .swatch[data-tone=quiet] { background: repeating-linear-gradient(135deg, var(--line-strong) 0 2px, transparent 2px 5px); }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin-top: 0.5rem; font-size: 0.8125rem; color: var(--ink-soft); font-variant-numeric: tabular-nums; }
.legend strong { color: var(--ink); }
.swatch { display: inline-block; width: 0.625rem; height: 0.625rem; background: var(--tone); margin-right: 0.4rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: 0.75rem 1.5rem; margin-top: 1.25rem; padding-top: 1rem; border-top: 1px solid color-mix(in srgb, var(--tone) 20%, var(--line)); font-size: 0.8125rem; }
.facts dt { color: var(--ink-faint); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(11.5rem, 1fr)); gap: 0.5rem; margin-top: 0.5rem; }
.tile { display: grid; grid-template-columns: 1rem minmax(0, 1fr); gap: 0 0.55rem; align-items: center; align-content: start; height: 100%; padding: 0.6rem 0.75rem; background: var(--plate); border: 1px solid var(--line); border-radius: 3px; text-decoration: none; }
.tile:hover { border-color: var(--ink-faint); }
.tile[data-tone=bad], .tile[data-tone=warn] { border-color: var(--tone); background: color-mix(in srgb, var(--tone) 6%, var(--plate)); }
.tile[data-tone=quiet] { border-style: dashed; border-color: var(--line-strong); }
.tile-name { font-weight: 600; line-height: 1.3; }
.tile-words { grid-column: 2; font-size: 0.8125rem; color: var(--ink-soft); }
section { margin-top: 2.25rem; }
section.hero { margin-top: 0; }
h2 { font-size: 1.125rem; font-weight: 650; letter-spacing: -0.01em; margin-bottom: 0.65rem; }
.card, .plate { background: var(--plate); border: 1px solid var(--line); border-radius: 3px; }
.card + .card { margin-top: 0.75rem; }
.card { border-left: 4px solid var(--tone); padding: 1rem 1.25rem; }
.card-head { display: flex; gap: 0.75rem; }
.card-head .mark { width: 1.25rem; height: 1.25rem; margin-top: 0.1rem; }
.card h3 { font-size: 1rem; font-weight: 600; }
.wanted { color: var(--ink-faint); font-weight: 400; }
.over { font-size: 0.8125rem; color: var(--ink-soft); }
.over code, .row-id { color: var(--ink-faint); }
.over code { margin-left: 0.35rem; }
.finding { margin: 0.75rem 0 0 2rem; }
.finding + .finding { border-top: 1px solid var(--line); padding-top: 0.75rem; }
.found { font-weight: 500; }
.service { display: inline-block; font: 0.75rem/1.4 var(--mono); border: 1px solid var(--line-strong); border-radius: 3px; padding: 0 0.35rem; color: var(--ink-soft); }
.hint { color: var(--ink-soft); margin-top: 0.35rem; }
.hint span { color: var(--busy); }
.command { display: flex; gap: 0.5rem; align-items: stretch; margin-top: 0.5rem; max-width: 100%; }
.command code { flex: 0 1 auto; min-width: 0; overflow-x: auto; white-space: pre; overflow-wrap: normal; user-select: all; background: var(--well); border: 1px solid var(--line); border-radius: 3px; padding: 0.3rem 0.6rem; }
.command button { flex: none; min-width: 5rem; font: inherit; font-size: 0.8125rem; color: var(--ink); background: var(--plate); border: 1px solid var(--line-strong); border-radius: 3px; cursor: pointer; }
.command button:hover { border-color: var(--ink-faint); background: var(--well); }
summary { cursor: pointer; }
.evidence { margin-top: 0.5rem; }
.evidence > summary { font-size: 0.8125rem; color: var(--ink-soft); width: fit-content; }
pre { margin: 0.35rem 0 0; padding: 0.6rem 0.75rem; max-height: 24rem; overflow: auto; white-space: pre; overflow-wrap: normal; background: var(--well); border: 1px solid var(--line); border-radius: 3px; line-height: 1.45; tab-size: 2; }
figure { margin-top: 0.35rem; }
img { display: block; max-width: 100%; height: auto; max-height: 40rem; border: 1px solid var(--line-strong); border-radius: 3px; }
.aside { font-size: 0.8125rem; color: var(--ink-soft); }
.consequence { margin: 0.9rem 0 0 2rem; padding-top: 0.6rem; border-top: 1px dashed var(--line-strong); }
.consequence ul { margin: 0.35rem 0 0 1.1rem; color: var(--ink-soft); columns: 22rem; }
.consequence li { list-style: circle; break-inside: avoid; }
.card:has(.gaps) { border-style: dashed; border-color: var(--tone); border-left-style: solid; }
.card-head .mark[data-tone=quiet] { color: var(--warn); }
.gaps { margin: 0.5rem 0 0 2rem; }
.gaps li { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 0 1.25rem; padding: 0.4rem 0; border-top: 1px solid var(--line); }
.gaps li:first-child { border-top: 0; }
.gaps strong { font-weight: 500; }
.gaps span { color: var(--ink-soft); }
.plate + .plate { margin-top: 0.4rem; }
.plate-body { padding: 0.75rem 1rem; }
.row-head { display: flex; flex-wrap: wrap; align-items: center; gap: 0 0.6rem; padding: 0.6rem 1rem; list-style: none; }
summary.row-head::-webkit-details-marker { display: none; }
summary.row-head::after { content: ''; width: 0.4rem; height: 0.4rem; border: solid var(--ink-faint); border-width: 0 1.5px 1.5px 0; transform: rotate(45deg); margin: -0.2rem 0.1rem 0 0.4rem; }
details[open] > summary.row-head::after { transform: rotate(225deg); margin-top: 0.2rem; }
.row-head strong { font-weight: 600; }
.row-words { margin-left: auto; font-size: 0.8125rem; color: var(--ink-soft); }
.unasked, .loud { border-style: dashed; border-color: var(--line-strong); }
.loud { border-style: solid; border-color: var(--tone); border-left-width: 4px; }
.rows { border-top: 1px solid var(--line); }
.plate.rows, .rows:empty { border-top: 0; }
.plate.rows { border-top: 1px solid var(--line); }
.row { display: grid; grid-template-columns: 1rem minmax(0, 1fr) auto; gap: 0 0.6rem; padding: 0.5rem 1rem; border-top: 1px solid var(--line); }
.row:first-child { border-top: 0; }
.row > .mark { margin-top: 0.22rem; }
.row-finding { color: var(--ink-soft); }
.row-id code { font-size: 0.75rem; }
.row-end { text-align: right; font-size: 0.8125rem; color: var(--ink-faint); white-space: nowrap; font-variant-numeric: tabular-nums; }
.row-end span { color: var(--tone); }
.took { font-variant-numeric: tabular-nums; color: var(--ink-faint); font-size: 0.8125rem; white-space: nowrap; }
.chain { display: flex; flex-wrap: wrap; gap: 0.15rem 0; margin: 0.6rem 0 1rem; font-size: 0.8125rem; }
.chain li:not(:last-child)::after { content: '→'; margin: 0 0.5rem; color: var(--ink-faint); }
.span { display: grid; grid-template-columns: minmax(0, 22rem) minmax(0, 1fr) 4.5rem; gap: 0 0.75rem; align-items: center; padding: 0.15rem 0; font-size: 0.8125rem; }
.span-title { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.span .took { text-align: right; position: relative; }
.span-bar { position: relative; height: 0.75rem; background: linear-gradient(90deg, var(--line) 1px, transparent 1px) 0 0 / 10% 100%; }
.span-bar i { position: absolute; top: 0.1rem; bottom: 0.1rem; min-width: 3px; border-radius: 1px; background: color-mix(in srgb, var(--ink-faint) 45%, var(--plate)); }
.span-bar i[data-critical=true] { background: var(--ink-soft); top: 0; bottom: 0; }
.span-bar i[data-is=blocks] { background: color-mix(in srgb, var(--bad) 55%, var(--plate)); }
.span-bar i[data-is=blocks][data-critical=true] { background: var(--bad); }
.share { display: grid; grid-template-columns: minmax(0, 18rem) 4.5rem minmax(4rem, 1fr) auto; gap: 0 0.75rem; align-items: center; padding: 0.2rem 0; }
.share strong { text-align: right; font-variant-numeric: tabular-nums; }
.share-bar { height: 0.5rem; background: var(--well); border: 1px solid var(--line); }
.share-bar i { display: block; height: 100%; background: var(--good); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.8125rem; overflow-wrap: normal; }
th, td { text-align: left; padding: 0.45rem 1rem; border-top: 1px solid var(--line); vertical-align: top; }
thead th { border-top: 0; color: var(--ink-faint); font-weight: 400; }
.bottom { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 0.8125rem; color: var(--ink-soft); }
@media (max-width: 40rem) {
  .hero { padding: 1.1rem 1rem; }
  .hero .load-line { width: 2.25rem; height: 2.25rem; }
  .hero-words { gap: 0.85rem; }
  .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.35rem; }
  .tile { padding: 0.5rem 0.55rem; }
  .tile-name { font-size: 0.875rem; }
  .card { padding: 0.85rem 0.9rem; }
  .finding, .consequence, .gaps { margin-left: 0; }
  .gaps li { grid-template-columns: minmax(0, 1fr); }
  .span { grid-template-columns: minmax(0, 1fr) auto; }
  .span-bar { grid-column: 1 / -1; grid-row: 2; }
  .share { grid-template-columns: minmax(0, 1fr) auto; }
  .share-bar { grid-column: 1 / -1; }
  .row-head .row-words { margin-left: 1.6rem; flex-basis: 100%; }
  summary.row-head::after { position: absolute; right: 1.9rem; }
}
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; background: none; }
  .card, .row, .tile, .span { break-inside: avoid; }
  pre { max-height: none; white-space: pre-wrap; overflow-wrap: anywhere; }
  .command button, .skip { display: none; }
  .command code { white-space: pre-wrap; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  * { print-color-adjust: exact; }
}
`
