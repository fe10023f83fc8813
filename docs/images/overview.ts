/**
 * Draws overview.svg: how it works, with what the example's model says of two validation films.
 *
 *   npm run chest-xray && npx tsx docs/images/overview.ts [folder of the model]
 *
 * The two are not picked by eye: each has the median score of its class.
 */
import { writeFile } from 'node:fs/promises';
import '@tensorflow/tfjs-backend-wasm';
import { encode } from 'fast-png';
import { type ImageSource, SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { subset } from 'salad-ad/data';
import { fileSystem } from 'salad-ad/node';
import { loadChestXrays } from '../../examples/chest-xray/data.js';

await detectBackend();
const { train, validation: films } = await loadChestXrays({ anomalyRatio: 0, seed: 1 });
const model = await SaladModel.load(fileSystem(process.argv[2] ?? 'output/chest-xray/model'));
const { scores, threshold = 0, nearestRows, nearestAngles } = await model.score(films);

function rowsOf({ labels = [] }: ImageSource, label: number): number[] {
  return Array.from(labels).flatMap((one, row) => (one === label ? [row] : []));
}

/** The film with the median score of its class. */
function median(label: number): number {
  const rows = rowsOf(films, label).sort((a, b) => scores[a] - scores[b]);
  return rows[rows.length >> 1];
}

/** Films as pictures in the SVG. */
async function pictures(source: ImageSource, rows: ArrayLike<number>): Promise<string[]> {
  const { pixels } = await source.read(rows);
  return Array.from(rows, (_, i) => {
    const data = Uint8Array.from(pixels.slice(i * 4096, (i + 1) * 4096));
    const png = encode({ data, width: 64, height: 64, channels: 1 });
    return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  });
}

const bank = (await model.bank.rows.array()) as number[][];
const chosen = [median(0), median(1)];
const embedded = await model.embed(subset(films, chosen));
const queries = (await embedded.array()) as number[][];

const out: string[] = [];
const text = (x: number, y: number, words: string, kind = '') =>
  out.push(`<text x="${x}" y="${y}" class="${kind}">${words}</text>`);
const line = (path: string) => out.push(`<path d="${path}" class="arrow"/>`);
const film = (x: number, y: number, size: number, href: string) =>
  out.push(
    `<image x="${x}" y="${y}" width="${size}" height="${size}" href="${href}"/>`,
    `<rect x="${x}" y="${y}" width="${size}" height="${size}" rx="3" class="frame"/>`,
  );
/** A vector's first numbers, blue below zero and orange above. */
const strip = (x: number, y: number, width: number, height: number, vector: number[]) => {
  const cells = 28;
  vector.slice(0, cells).forEach((value, i) => {
    const strength = Math.min(1, Math.abs(value) * 7).toFixed(2);
    const side = (width / cells).toFixed(2);
    out.push(
      `<rect x="${(x + (i * width) / cells).toFixed(2)}" y="${y}" width="${side}" height="${height}" class="${value < 0 ? 'low' : 'high'}" opacity="${strength}"/>`,
    );
  });
  out.push(`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="2" class="frame"/>`);
};
/** A network that narrows (an encoder) or widens (a decoder). */
const network = (x: number, y: number, name: string, left: number, right: number) => {
  out.push(
    `<path d="M${x} ${y - left} L${x + 84} ${y - right} L${x + 84} ${y + right} L${x} ${y + left} Z" class="network"/>`,
  );
  text(x + 42, y + 5, name, 'middle');
};

// Training.
text(24, 36, 'Training', 'title');
text(24, 56, 'normal films, perhaps a few known anomalies', 'note');
const shown = Array.from({ length: 8 }, (_, i) => Math.floor(((i + 0.5) * train.length) / 8));
(await pictures(train, shown)).forEach((href, i) => {
  film(24 + (i % 4) * 46, 74 + Math.floor(i / 4) * 46, 42, href);
});
line('M212 117 H236');
network(240, 117, 'encoder', 44, 22);
line('M328 117 H352');
strip(356, 109, 140, 16, bank[shown[0]]);
text(426, 98, 'embedding, unit length', 'note middle');
line('M426 129 V172');
network(384, 190, 'decoder', 12, 16);
line('M472 190 H496');
text(502, 195, 'reconstruction loss', 'note');
line('M500 117 H612');
text(556, 107, 'latent loss,', 'note middle');
text(556, 137, 'then update', 'note middle');
shown.forEach((row, i) => {
  strip(620, 74 + i * 13, 200, 11, bank[row]);
});
text(720, 60, `memory bank: ${train.length} rows, one per training film`, 'note middle');
text(830, 100, 'anchors pull to their', 'note');
text(830, 116, 'neighbours, the others', 'note');
text(830, 132, 'to their own row', 'note');

// Scoring.
out.push('<path d="M24 226 H976" class="rule"/>');
text(24, 260, 'Scoring', 'title');
text(24, 280, 'the median film of each class', 'note');
text(426, 280, 'embedding', 'note middle');
text(606, 280, 'anomaly score and threshold', 'note middle');
text(724, 280, 'nearest training films, and their angles', 'note');
const lowest = Math.min(...scores);
const highest = Math.max(...scores);
const at = (score: number) => 532 + (148 * (score - lowest)) / (highest - lowest);
const tiles = await pictures(films, chosen);
for (const [i, row] of chosen.entries()) {
  const y = 294 + i * 88;
  film(24, y, 68, tiles[i]);
  text(102, y + 32, i === 0 ? 'normal' : 'pneumonia');
  text(102, y + 50, 'validation film', 'note');
  line(`M200 ${y + 34} H236`);
  network(240, y + 34, 'encoder', 26, 14);
  line(`M328 ${y + 34} H352`);
  strip(356, y + 26, 140, 16, queries[i]);
  line(`M500 ${y + 34} H524`);
  out.push(
    `<rect x="532" y="${y + 26}" width="148" height="16" rx="2" class="frame"/>`,
    `<rect x="532" y="${y + 26}" width="${(at(scores[row]) - 532).toFixed(1)}" height="16" rx="2" class="${scores[row] >= threshold ? 'high' : 'low'}"/>`,
    `<path d="M${at(threshold).toFixed(1)} ${y + 18} V${y + 50}" class="threshold"/>`,
  );
  text(606, y + 66, scores[row] >= threshold ? 'flagged' : 'not flagged', 'note middle');
  line(`M684 ${y + 34} H716`);
  const nearest = Array.from(nearestRows[row].subarray(0, 4));
  (await pictures(train, nearest)).forEach((href, k) => {
    film(724 + k * 64, y, 56, href);
    const degrees = ((180 * nearestAngles[row][k]) / Math.PI).toFixed(0);
    text(752 + k * 64, y + 71, `${degrees}°`, 'note middle');
  });
}

const style = `
  svg { --paper: #ffffff; --ink: #1f2328; --soft: #59636e; --edge: #b6bec7; --fill: #eef1f5; --low: #2b83c6; --high: #dd6b10 }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #0d1117; --ink: #f0f6fc; --soft: #9aa4b0; --edge: #4a535e; --fill: #1c232c }
  }
  text { font: 15px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: var(--ink) }
  .title { font-size: 20px; font-weight: 650 } .note { font-size: 13px; fill: var(--soft) } .middle { text-anchor: middle }
  .frame { fill: none; stroke: var(--edge) } .network { fill: var(--fill); stroke: var(--edge) }
  .low { fill: var(--low) } .high { fill: var(--high) } .rule { stroke: var(--edge); fill: none }
  .arrow { stroke: var(--soft); stroke-width: 1.5; fill: none; marker-end: url(#head) }
  .threshold { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; fill: none }`;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 478" width="1000" height="478" role="img" aria-labelledby="title">
<title id="title">Training: normal films pass an encoder; each embedding is decoded again and moves its row of the memory bank. Scoring: a new film's embedding is compared with the bank; its score grows with the angle to the nearest rows, and those rows name training films.</title>
<style>${style}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0 L8 4 L0 8 Z" fill="context-stroke"/></marker></defs>
<rect width="1000" height="478" rx="10" fill="var(--paper)"/>
${out.join('\n')}
</svg>
`;
await writeFile(new URL('overview.svg', import.meta.url), svg);
