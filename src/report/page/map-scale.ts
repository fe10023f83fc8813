import { MAP_OPACITY, underMap } from '../../images/map-colors.js';
import { formatNumber } from '../content/format.js';
import { html, type Markup } from './markup.js';

/** Stops of the gradient, each on the middle grey that a film has. */
const STOPS = 9;
const GREY = 128;

/** What the colours of a map stand for: 0 is clear, the highest value of all maps is full red. */
export function mapScale(top: number): Markup {
  const colors = Array.from({ length: STOPS }, (_, i) => {
    const strength = i / (STOPS - 1);
    const [red, green, blue] = [0, 1, 2].map((c) => underMap(GREY, strength, c, MAP_OPACITY));
    return `rgb(${red} ${green} ${blue})`;
  });
  return html`<div class="scale" role="img" aria-label="Colours of the maps: clear is 0, full red is ${formatNumber(top, 3)}, the highest value of all maps on this page"><span>0</span><span class="bar" style="background: linear-gradient(to right, ${colors.join(', ')})"></span><span>${formatNumber(top, 3)}</span><span class="of">value of the maps, one scale for all</span></div>`;
}
