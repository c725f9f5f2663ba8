// How the pages look: one column that prints, light or dark as the reader's system is.

export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --card: #f5f7f9; --ink: #1c2430; --muted: #5b6675; --rule: #dce1e7; --accent: #1b7f7b;
  --warn: #8a4b00; --warn-card: #fff5e6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181e; --card: #1d232b; --ink: #e6eaef; --muted: #9aa6b4; --rule: #323b46; --accent: #4fc4be;
    --warn: #ffc078; --warn-card: #2c2318;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 70rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
main.wide { max-width: 92rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .1rem 0 .6rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.6rem 0 .7rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
p { max-width: 46rem; margin: .5rem 0; }
.kind { color: var(--muted); margin: 0; }
.verdict { font-size: 1.2rem; line-height: 1.45; max-width: 52rem; }
.muted, caption, figcaption, .why { color: var(--muted); }
.why { font-size: .9em; min-width: 11rem; }
a { color: var(--accent); }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 1rem; margin: 1.6rem 0; }
.figures div { background: var(--card); border-radius: .5rem; padding: 1rem 1.1rem; }
.figures dt { color: var(--muted); }
.figures dd { margin: 0; }
.figures dd.big { font-size: 1.9rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }

.notes { background: var(--warn-card); border-left: 4px solid var(--warn); border-radius: .25rem; padding: .7rem 1.1rem; margin: 1.6rem 0; }
.notes h2 { all: unset; font-weight: 600; color: var(--warn); }
.notes ul { margin: .3rem 0 0; padding-left: 1.2rem; }

table { border-collapse: collapse; font-variant-numeric: tabular-nums; max-width: 100%; }
caption { text-align: left; padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .38rem 1.6rem .38rem 0; border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; }
th { font-weight: 500; }
tbody th { min-width: 8.5rem; }
thead th { color: var(--muted); }
td.number, th.number { text-align: right; white-space: nowrap; }
.facts th { color: var(--muted); font-weight: 400; }
.scroll { overflow-x: auto; }
.scroll + .facts { margin-top: 1.3rem; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 3rem; }

.bar { display: block; height: .7rem; background: var(--accent); border-radius: 1px; min-width: 1px; }
.legend { display: none; flex-wrap: wrap; gap: .3rem 1rem; list-style: none; padding: 0; margin: .8rem 0; }
.swatch { display: inline-block; width: 1em; height: 1em; margin-right: .4em; vertical-align: -.12em; border: 1px solid var(--rule); }
code { font-size: .9em; overflow-wrap: anywhere; }
td.bars { width: 12rem; padding-top: .75rem; }
.interval { display: block; width: 100%; max-width: 34rem; margin: 1rem 0; color: var(--ink); }
.interval text { font-size: 13px; fill: var(--muted); }

figure { margin: 1rem 0; }
figure img { display: block; max-width: 100%; height: auto; background: #fff; border-radius: .4rem; border: 1px solid var(--rule); }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(34rem, 100%), 1fr)); gap: 1.2rem; }
.pictures figure { margin: 0; }
.close { display: none; }

.stack { position: relative; --at: 50%; touch-action: pan-y; user-select: none; cursor: ew-resize; }
.stack img { width: 100%; pointer-events: none; }
.stack .before { position: absolute; inset: 0; clip-path: inset(0 calc(100% - var(--at)) 0 0); }
.stack::after { content: ""; position: absolute; inset: 0 auto 0 calc(var(--at) - 1px); width: 2px; background: #fff; box-shadow: 0 0 0 1px #0008; pointer-events: none; }
.tag { position: absolute; top: .6rem; right: .6rem; padding: .1rem .5rem; border-radius: .25rem; background: #000b; color: #fff; font-size: .85rem; }
.before .tag { right: auto; left: .6rem; }
.slider input { width: 100%; margin: .7rem 0 0; accent-color: var(--accent); }

.worst { padding-left: 1.6rem; }
.worst li { margin-bottom: 1.3rem; break-inside: avoid; }
.planes { display: grid; grid-template-columns: repeat(3, minmax(0, 256px)); gap: .6rem; }
.planes figure { margin: .3rem 0; }
.curves { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: .6rem 1.2rem; max-width: 64rem; }
.curves figure { margin: 0; }
.curves svg { display: block; width: 100%; }
.curves figcaption { font-size: .85em; }
svg text { font-size: 12px; fill: var(--muted); }
.rule { fill: none; stroke: var(--rule); }
.curve { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
.best { fill: var(--ink); }
.chosen { fill: none; stroke: var(--ink); stroke-width: 1.6; }

th button { padding: 0; border: 0; background: none; color: inherit; text-align: inherit; }
th button:hover { text-decoration: underline; }
[aria-sort="ascending"] button::after { content: " ▲"; }
[aria-sort="descending"] button::after { content: " ▼"; }
.sortable { max-width: none; }
.sortable th, .sortable td { overflow-wrap: normal; padding-right: 1.3rem; }
.sortable tbody th { min-width: 11rem; max-width: 22rem; overflow-wrap: anywhere; }
.sortable thead th { vertical-align: bottom; white-space: normal; }
th:not([aria-sort]) > button::after { content: " ↕"; opacity: .5; }
.strips { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1rem 2rem; }
.strips figure { margin: 0; max-width: 26rem; }
.strips svg { display: block; width: 100%; }
.dot { fill: var(--accent); fill-opacity: .75; stroke: var(--paper); }
.half { fill: var(--accent); fill-opacity: .14; }
.median { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; }
.slide { margin-top: 4rem; padding-top: 1rem; border-top: 4px solid var(--accent); }
.slide > h2 { border: 0; font-size: 1.6rem; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: 1.2rem; margin: 2.6rem 0 .7rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
.notes h3 { all: unset; font-weight: 600; color: var(--warn); }
button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--rule); border-radius: .3rem; padding: .2rem .7rem; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
figure:target { position: fixed; inset: 0; z-index: 1; overflow: auto; padding: 1rem; background: var(--paper); }
figure:target .close { display: inline-block; margin-bottom: .6rem; }
details { margin-top: 2.5rem; }
pre { background: var(--card); padding: 1rem; border-radius: .4rem; overflow-x: auto; font-size: .8rem; }
footer { margin-top: 2rem; color: var(--muted); font-size: .9em; }

@media (max-width: 40rem) {
  main { padding: 1.5rem 1rem 3rem; }
  .why { display: none; }
  .legend { display: flex; }
  figure:target img { max-width: none; width: 60rem; }
  th, td { padding-right: .9rem; }
  tbody th { min-width: 7rem; overflow-wrap: break-word; }
}

@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --muted: #444; --rule: #bbb; --accent: #1b7f7b; --warn: #000; --warn-card: #fff; }
  body { font-size: 9.5pt; line-height: 1.4; }
  main, main.wide { max-width: none; padding: 0; }
  .figures { grid-template-columns: repeat(4, 1fr); gap: .6rem; margin: 1rem 0; }
  .figures div { border: 1px solid var(--rule); padding: .4rem .7rem; }
  .figures dd.big { font-size: 1.4rem; }
  h2, h3 { break-after: avoid; margin-top: 1.3rem; padding-top: .7rem; }
  th, td { padding-top: .18rem; padding-bottom: .18rem; }
  td.bars { padding-top: .45rem; }
  figure, tr, section, .figures { break-inside: avoid; }
  p { break-after: avoid; }
  footer { margin-top: 1rem; }
  figure img { max-height: 13cm; }
  .pictures { grid-template-columns: 1fr 1fr; }
  .pictures img { max-height: 9cm; }
  figure:target { position: static; padding: 0; }
  .close, figure:target .close, .screen, details { display: none; }
  .slider { max-width: none !important; }
  .stack { display: grid; grid-template-columns: 1fr 1fr; gap: .4cm; }
  .stack .after, .stack .before { position: relative; clip-path: none; }
  .stack .before { order: -1; }
  .stack::after { display: none; }
  .worst { columns: 2; gap: .6cm; }
  .planes { gap: .15cm; }
  .planes figcaption, .worst p { font-size: 8pt; }
  .curves { grid-template-columns: repeat(6, 1fr); gap: .2cm; }
  .curves figure { break-inside: avoid; }
  .slide { break-before: page; margin-top: 0; }
  .sortable { font-size: 7pt; }
  th > button::after { display: none; }
  .sortable tbody th { min-width: 0; }
  .sortable th, .sortable td { padding-right: .25cm; }
  .strips { grid-template-columns: repeat(3, 1fr); gap: .3cm; }
  .strips figure { break-inside: avoid; }
  .bar, .tag, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
