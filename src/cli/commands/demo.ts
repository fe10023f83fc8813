import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SaladModel } from 'salad-ad';
import { startBackend } from '../frame/backend.js';
import { command, type Speaker } from '../frame/command.js';
import { backendOption } from '../frame/common-options.js';
import { distFolder } from '../frame/dist-folder.js';
import { exitCodes } from '../frame/exit-codes.js';
import { told } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { checkFolder } from '../frame/outputs.js';
import { writePage } from '../results/report-page.js';
import { rowsOf } from '../results/row.js';
import { writeTable } from '../results/table.js';
import { writeWhole } from '../results/write-whole.js';

const ATTRIBUTION =
  'Films: Kermany, Zhang, Goldbaum 2018, Mendeley Data V2 (doi:10.17632/rscbjbr9sj.2), CC BY 4.0; children aged 1 to 5, made 8-bit grey and resized to 64 x 64.';

/** `salad-ad demo`. */
export const demo = command({
  name: 'demo',
  usage: '[--out FOLDER]',
  paths: 0,
  examples: [
    [
      'salad-ad demo',
      'trains on 80 normal chest films, scores 50 others, writes salad-ad-demo/report.html',
    ],
    ['salad-ad demo --out somewhere --backend wasm', 'elsewhere, on a backend of your choice'],
  ],
  details: `160 small chest films come in the package. ${ATTRIBUTION} With so few films the result is an example, not a finding.`,
  options: {
    out: { type: 'text', value: 'FOLDER', lineOnly: true, help: 'default salad-ad-demo' },
    epochs: { type: 'number', value: 'N', min: 1, whole: true, help: 'default 60' },
    backend: backendOption,
  },
  async run(_, { out = 'salad-ad-demo', epochs = 60, backend }, say) {
    await checkFolder(out);
    await startBackend(backend);
    const { SaladModel: Model } = library('salad-ad');
    const { npzSource } = library('salad-ad/data');
    const { fileSystem } = library('salad-ad/node');
    const films = await readFile(new URL('demo-films.npz', distFolder()));
    // For who goes on with them in a program.
    await writeWhole(join(out, 'films.npz'), films);
    const train = npzSource(films, { split: 'train' });
    const validation = npzSource(films, { split: 'val' });
    const test = npzSource(films, { split: 'test' });
    const phase = Math.ceil(epochs / 6);
    const model = Model.create({
      backbone: { kind: 'convAutoencoder', inputShape: [32, 32, 1] },
      resize: { method: 'area', fit: 'stretch' },
      pretrainEpochs: phase,
      rounds: 5,
      epochsPerRound: phase,
      seed: 7,
    });
    try {
      say.note(`learning from ${train.length} normal chest films; a minute at most`);
      await model.fit(train, {
        validation,
        signal: say.signal,
        callbacks: { onEpochEnd: (_epoch, logs = {}) => tell(logs, say) },
      });
      await model.save(fileSystem(join(out, 'model')));
      const result = await model.score(test, { signal: say.signal });
      await writeTable(join(out, 'scores.csv'), 'csv', rowsOf(result, test.ids));
      const { areaUnderRoc } = library('salad-ad/metrics');
      const labels = Array.from(test.labels ?? []);
      say.print(
        `AUC of ${test.length} films: ${areaUnderRoc(result.scores, labels).toFixed(3)} (pneumonia counts as abnormal)`,
      );
      await page(join(out, 'report.html'), model, { result, train, images: test, labels }, say);
    } finally {
      model.dispose();
    }
    say.note(
      `wrote the model, the table and the films (films.npz) to '${out}'; next: \`salad-ad check YOUR-FILMS\`, or the Quickstart of README`,
    );
    return exitCodes.done;
  },
});

function tell(logs: Record<string, number>, say: Speaker): void {
  const { done, total, secondsLeft, validationAuc } = logs;
  say.progress('epochs', { done, total, secondsLeft }, { validationAuc });
}

/** The report needs packages that scoring does not; without them the demo has still done its work. */
async function page(
  path: string,
  model: SaladModel,
  pictures: Omit<NonNullable<Parameters<typeof writePage>[1]['pictures']>, 'shown'> & {
    readonly labels: readonly number[];
  },
  say: Speaker,
): Promise<void> {
  try {
    await writePage(path, {
      title: 'SALAD on 50 chest films',
      description: `An example with few films. ${ATTRIBUTION}`,
      scores: pictures.result.scores,
      labels: pictures.labels,
      threshold: model.decisionThreshold,
      model,
      pictures: { ...pictures, shown: 4 },
      command: 'salad-ad demo',
    });
    say.note(`wrote '${path}'; open it in a browser`);
  } catch (error) {
    const { exitCode } = told(error);
    if (exitCode !== exitCodes.missing) throw error;
    say.note(
      'no report is written, since it needs more packages; run `npm install @observablehq/plot linkedom fast-png` and the demo again',
    );
  }
}
