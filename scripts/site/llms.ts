import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contents } from '../../docs/.vitepress/contents.js';
import { entries } from '../surface/entries.js';
import { baselineRows } from './baselines/rows.js';
import { pagesFolder } from './paths.js';

const HEAD = `# salad-ad

> TypeScript library, npm package and command line: learns what normal X-rays look like and scores those that do not (SALAD, MICCAI 2020), on TensorFlow.js, in Node and in browsers. Research software, not a medical device.

- Install: \`npm install salad-ad @tensorflow/tfjs-core @tensorflow/tfjs-layers @tensorflow/tfjs-backend-wasm\`
- The application imports and sets a backend; on wasm it calls \`enableWasmTraining()\` of \`salad-ad/wasm\` before it trains.
- Call \`normalsOf(source)\` before \`fit\`: what is trained on counts as normal.
- Errors are \`SaladError\`s with a stable \`code\`.
`;

/** llms.txt: what programs that read documentation begin with; llms-full.txt: all pages of docs in one. */
export function writeLlms(pages: ReadonlyMap<string, string>): void {
  const line = (text: string, path: string) => {
    const about = firstSentence(pages.get(path) ?? '');
    return `- [${text}](${path.replace(/md$/, 'html')})${about && `: ${about}`}`;
  };
  const groups = contents.map(
    ({ text, pages: own }) =>
      `## ${text}\n\n${own.map((one) => line(one.text, `${one.page}.md`)).join('\n')}`,
  );
  const baselines = baselineRows().map(({ name }) => line(name, `baselines/${name}.md`));
  const api = entries.map(({ folder }) => {
    const entry = folder ? `salad-ad/${folder}` : 'salad-ad';
    return `- [${entry}](api/${folder || 'salad-ad'}/index.html)`;
  });
  const index = [
    HEAD,
    ...groups,
    `## Baselines\n\n${baselines.join('\n')}`,
    `## API, a page for each export\n\n${api.join('\n')}`,
  ].join('\n\n');
  const full = contents
    .flatMap((group) => group.pages)
    .map(({ page }) => pages.get(`${page}.md`) ?? '')
    .map((text) => text.replace(/^---\n[\s\S]*?\n---\n/, '').trim());

  const folder = join(pagesFolder, 'public');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'llms.txt'), `${index}\n`);
  writeFileSync(join(folder, 'llms-full.txt'), `${HEAD}\n${full.join('\n\n')}\n`);
}

/** The first sentence of the first paragraph that is neither heading, picture, table, list nor code. */
export function firstSentence(markdown: string): string {
  const paragraph = markdown
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .split('\n\n')
    .find((text) => /^([A-Za-z*]|`[^`])/.test(text.trim()));
  const plain = (paragraph ?? '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*\*?/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.match(/^.*?[.:](?= |$)/)?.[0].replace(/:$/, '.') ?? plain;
}
