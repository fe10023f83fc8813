import { join, resolve } from 'node:path';
import type { SaladModel } from 'salad-ad';
import { startBackend } from '../frame/backend.js';
import { command, type Speaker } from '../frame/command.js';
import { backendOption, modelOption } from '../frame/common-options.js';
import { exitCodes } from '../frame/exit-codes.js';
import { misused } from '../frame/failure.js';
import { loadModel, modelFolder } from '../frame/load-model.js';
import { checkFile } from '../frame/outputs.js';
import { filesByRecipe } from '../images/files-by-recipe.js';
import { readRecords } from '../images/read-records.js';
import { recordOptions } from '../options/records.js';
import { type Judged, judged } from '../results/labels-of.js';
import { readScores } from '../results/read-scores.js';
import { writePage } from '../results/report-page.js';

/** `salad-ad report`. */
export const report = command({
  name: 'report',
  usage: 'SCORES --labelled FOLDER|LIST.csv --out FILE.html',
  paths: 1,
  examples: [
    [
      'salad-ad report scores.csv --labelled films --out report.html',
      'curves, what the threshold does, by view, sex and age where known',
    ],
    [
      'salad-ad report scores.csv --labelled films --model model --out report.html',
      'and films worth a look, each with a map: the ends of the ranking, misses, false alarms',
    ],
    [
      'salad-ad report scores.csv --labelled films --model model --anonymous --out report.html',
      'with numbers in place of names, which may identify patients',
    ],
  ],
  options: {
    labelled: {
      type: 'text',
      value: 'FOLDER',
      help: 'folder or CSV list that says which images are normal',
    },
    model: modelOption,
    out: { type: 'text', value: 'FILE', lineOnly: true, help: 'the page' },
    title: { type: 'text', help: 'of the page' },
    pictures: {
      type: 'number',
      value: 'N',
      min: 0,
      whole: true,
      help: 'films of each group; default 6',
    },
    anonymous: { type: 'switch', help: 'numbers in place of the names of films' },
    ...recordOptions,
    backend: backendOption,
  },
  async run([path], given, say) {
    if (!path) throw misused('no table is named; give one that `salad-ad score --out` wrote');
    if (!given.out) throw misused('--out is missing; name the page, report.html say');
    if (!given.labelled)
      throw misused(
        '--labelled is missing; name the folder or list that says which images are normal',
      );
    await checkFile(given.out);
    const rows = await readScores(path);
    const found = await readRecords(given.labelled, given, say);
    const known = judged(rows, found);
    const problems = rows.flatMap(({ file, problem }) => {
      const [code, message] = problem?.split(/: (.*)/s) ?? [];
      return problem ? [{ id: given.anonymous ? 'a film' : file, code, message }] : [];
    });
    const folder = given.model === undefined ? undefined : await modelFolder(given.model);
    if (folder) await startBackend(given.backend);
    const model = folder ? await loadModel(folder) : undefined;
    try {
      await writePage(given.out, {
        title: given.title ?? 'Scores of X-rays',
        ...known,
        threshold:
          model?.decisionThreshold?.value === known.threshold
            ? model?.decisionThreshold
            : known.threshold,
        problems,
        command: `salad-ad ${process.argv.slice(2).join(' ')}`,
        ...(model && { model, pictures: await picturesOf(model, known, found.root, given, say) }),
      });
    } finally {
      model?.dispose();
    }
    say.note(`wrote '${given.out}'; open it in a browser`);
    return exitCodes.done;
  },
});

/** Films worth a look, scored again for their maps: both ends of the ranking, misses, false alarms, those near the threshold. */
async function picturesOf(
  model: SaladModel,
  { records, scores, threshold }: Judged,
  root: string,
  { pictures = 6, anonymous }: { readonly pictures?: number; readonly anonymous?: boolean },
  say: Speaker,
) {
  if (pictures === 0) return undefined;
  const ranked = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
  const ends = [...ranked.slice(0, pictures), ...ranked.slice(-pictures)];
  if (threshold !== undefined) {
    const flagged = (i: number) => scores[i] >= threshold;
    const far = (i: number) => Math.abs(scores[i] - threshold);
    ends.push(
      ...ranked.filter((i) => records[i].label === 1 && !flagged(i)).slice(-pictures),
      ...ranked.filter((i) => records[i].label === 0 && flagged(i)).slice(0, pictures),
      ...[...ranked].sort((a, b) => far(a) - far(b)).slice(0, pictures),
    );
  }
  const shown = [...new Set(ends)];
  const files = shown.map((i) => resolve(join(root, records[i].path)));
  const labels = shown.map((i) => records[i].label as number);
  const source = { ...(await filesByRecipe(files, model.preparation)), labels };
  const result = await model.score(source, { signal: say.signal });
  const names = new Map(
    files.map((file, i) => [file, anonymous ? `film ${i + 1}` : records[shown[i]].path]),
  );
  const nameOf = (id: string) => names.get(id) ?? id;
  return { result, images: source, shown: pictures, nameOf };
}
