import { palette } from '../drawing/palette.js';

/** The gallery's own style sheet, so that it can stand on any page. */
export const galleryStyle = `
.salad-gallery ul, .salad-gallery ol { list-style: none; margin: 0; padding: 0; }
.salad-gallery ul { display: flex; flex-wrap: wrap; gap: 1.75rem 2rem; }
.salad-gallery ul > li { flex: 1 1 17rem; max-width: 32rem; min-width: min(100%, 15rem); display: grid; grid-template-columns: minmax(0, 9rem) minmax(0, 1fr); gap: .75rem; align-content: start; align-items: start; }
.salad-gallery ul > li:only-child { flex-grow: 0; flex-basis: 24rem; }
.salad-gallery figure { margin: 0; min-width: 0; }
.salad-gallery ul > li.mapped { grid-template-columns: minmax(0, 1fr); gap: .6rem; }
.salad-gallery .mapped figure { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .4rem; align-items: start; }
.salad-gallery .mapped figcaption { grid-column: 1 / -1; margin-top: .1rem; }
.salad-gallery .mapped ol { grid-template-columns: repeat(5, minmax(0, 1fr)); }
.salad-gallery img { display: block; width: 100%; height: auto; border-radius: 3px; background: #000; }
.salad-gallery figcaption { margin-top: .4rem; line-height: 1.35; font-size: .875rem; font-variant-numeric: tabular-nums; }
.salad-gallery .id { display: block; font-size: .75rem; overflow-wrap: anywhere; opacity: .75; }
.salad-gallery ol { display: grid; grid-template-columns: repeat(auto-fill, minmax(3.25rem, 1fr)); gap: .5rem .4rem; font-size: .75rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
.salad-gallery ol li { min-width: 0; }
.salad-gallery ol span { display: block; overflow-wrap: anywhere; }
.salad-gallery .label::before { content: ""; display: inline-block; width: .6em; height: .6em; margin-right: .35em; border-radius: 50%; }
.salad-gallery .normal::before { background: ${palette.normal}; }
.salad-gallery .abnormal::before { background: ${palette.abnormal}; border-radius: 0; }
.salad-gallery .flag { padding: 0 .4em; border: 1px solid currentColor; border-radius: 3px; font-size: .75rem; font-weight: 600; white-space: nowrap; }
.salad-gallery .open { display: block; border-radius: 3px; cursor: zoom-in; }
.salad-gallery .whole { display: none; }
.salad-gallery .whole:target { display: grid; place-items: safe center; position: fixed; inset: 0; z-index: 1; padding: 1rem; overflow: auto; background: rgb(0 0 0 / .92); cursor: zoom-out; }
.salad-gallery .whole img { width: auto; max-width: none; height: auto; border-radius: 0; }
.salad-gallery .scale { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .6rem; margin: 0 0 1rem; font-size: .875rem; font-variant-numeric: tabular-nums; }
.salad-gallery .bar { width: 11rem; max-width: 50%; height: .8rem; border-radius: 2px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
@media print {
  .salad-gallery ul { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1rem; }
  .salad-gallery ul > li { display: block; min-width: 0; max-width: none; break-inside: avoid; }
  .salad-gallery ul > li ol { margin-top: .4rem; grid-template-columns: repeat(5, minmax(0, 1fr)); }
  .salad-gallery .whole, .salad-gallery .whole:target { display: none; }
  .salad-gallery h3 { break-after: avoid; }
}
`;
