import { pages, schemes } from '../drawing/palette.js';

const properties = (colors: Readonly<Record<string, string>>) =>
  Object.entries(colors)
    .map(([name, color]) => `${name}: ${color};`)
    .join(' ');

/** The page's style sheet: one column of text, figures side by side where there is room. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: ${pages.light.paper}; --ink: ${pages.light.ink}; --quiet: #59616c; --line: #dcdfe3; --panel: #f2f3f4;
  ${properties(schemes.light)}
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: ${pages.dark.paper}; --ink: ${pages.dark.ink}; --quiet: #a3abb5; --line: #353b43; --panel: #1e2227;
    ${properties(schemes.dark)}
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; }
h1 { margin: 0 0 .5rem; font-size: 1.9rem; line-height: 1.2; letter-spacing: -.01em; text-wrap: balance; }
h2 { margin: 3.5rem 0 1.25rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 1.3rem; line-height: 1.3; }
h3 { margin: 2rem 0 .75rem; font-size: 1rem; }
h1, h2, h3, p, td, th { overflow-wrap: anywhere; }
p { max-width: 68ch; margin: 0 0 1rem; }
.notice { max-width: 68ch; margin: 1.5rem 0 0; padding: .7rem 1rem; border-left: 3px solid var(--salad-abnormal); background: var(--panel); font-size: .9375rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 2rem; margin-top: 2.5rem; align-items: start; }
h2 + .figures { margin-top: 0; }
.figures figure { margin: 0; max-width: 30rem; }
.figures figcaption { margin-bottom: .6rem; font-weight: 600; }
.figures svg { width: 100%; }
table { border-collapse: collapse; font-size: .9375rem; line-height: 1.4; }
.note { margin: 0 0 .6rem; color: var(--quiet); font-size: .9375rem; }
th, td { padding: .45rem 1.5rem .45rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-variant-numeric: tabular-nums; }
tr > :last-child { padding-right: 0; }
thead th { color: var(--quiet); font-weight: 500; }
tbody th { font-weight: 500; }
.numbers td, .numbers thead th:not(:first-child) { text-align: right; }
.numbers td, .numbers thead th { overflow-wrap: normal; }
.numbers th { overflow-wrap: break-word; }
.numbers th[scope="row"] { min-width: 6.5rem; }
.numbers .why { display: block; max-width: 26rem; margin-top: .1rem; font-weight: 400; }
.scroll { overflow-x: auto; }
.scroll + .scroll, .scroll + .note, .figures + .scroll { margin-top: 2.25rem; }
.figures + p { margin-top: 1.5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; margin: 1.5rem 0 0; padding: 0; list-style: none; font-size: .9375rem; }
a { color: var(--salad-normal); text-underline-offset: .2em; }
details { margin-top: 1rem; font-size: .9375rem; }
summary { cursor: pointer; }
details ul { margin: .75rem 0 0; padding-left: 1.2rem; }
details li { margin-bottom: .35rem; overflow-wrap: anywhere; }
.facts th { width: 11rem; color: var(--quiet); }
.facts td { overflow-wrap: anywhere; }
code { font: .875em/1.5 ui-monospace, monospace; }
small { color: var(--quiet); font-size: .8125rem; }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .875rem; }
@media (max-width: 30rem) {
  main { padding-top: 1.75rem; }
  h1 { font-size: 1.5rem; }
  .facts th, .facts td { display: block; width: auto; padding-right: 0; }
  .facts th { padding-bottom: 0; border-bottom: 0; }
  .facts td { padding-top: 0; }
  th, td { padding-right: .9rem; }
}
@media (min-width: 52rem) and (max-width: 87.99rem) { .figures.of-3 > :last-child { grid-column: 1 / -1; justify-self: center; width: 30rem; } }
@media screen and (min-width: 88rem) { .figures.of-3 { grid-template-columns: repeat(3, minmax(0, 1fr)); width: 84rem; margin-left: -11rem; } }
@page { margin: 14mm 12mm; }
@media print {
  :root { color-scheme: light; }
  body { font-size: 10pt; background: none; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  h1 { font-size: 17pt; }
  h2 { margin: 1.6rem 0 .7rem; padding-top: .6rem; font-size: 13pt; }
  h2, h3, figcaption, .note, thead { break-after: avoid; }
  h3 { margin: 1rem 0 .5rem; }
  p { orphans: 3; widows: 3; }
  tr, figure, .notice, .salad-gallery li { break-inside: avoid; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; margin-top: 1rem; }
  .figures.of-1 { grid-template-columns: minmax(0, 30rem); }
  .figures.of-3 > :last-child { grid-column: 1 / -1; justify-self: center; width: 50%; }
  .scroll { overflow: visible; }
  table { font-size: 9pt; }
  th, td { padding: .3rem .8rem .3rem 0; }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary { list-style: none; }
  a { color: inherit; text-decoration: none; }
}
`;
