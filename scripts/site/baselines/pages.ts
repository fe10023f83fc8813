import type { MadePage } from '../stage.js';
import { docCommentOf } from './doc-comment.js';
import { measuredTable } from './measured.js';
import { type BaselineRow, baselineRows, deviationsOf } from './rows.js';

/** Options of those that learn in epochs, so that the example takes a second. */
const SHORT_RUNS = [
  'memDae',
  'denoisingAutoencoder',
  'deepSvdd',
  'deepSad',
  'geometricTransformations',
  'adversarialOneClass',
  'resnetClassifier',
];
/** Those that are a `SaladModel`, and take a backbone in place of a size. */
const MODELS = ['memDae', 'untrainedEncoder'];
/** Those that learn from both classes. */
const NEEDS_ANOMALIES = ['resnetClassifier', 'logisticRegression'];

/** One page for each detector: from its rows in docs, its doc comment, and what was measured. */
export function baselinePages(): MadePage[] {
  return baselineRows().map((row) => ({
    path: `baselines/${row.name}.md`,
    text: pageOf(row),
    // Its links are those of the tables that it is made of.
    from: 'docs/baselines.md',
  }));
}

function pageOf(row: BaselineRow): string {
  const { text, see } = docCommentOf(row.name);
  const deviations = deviationsOf(row.name);
  const measured = measuredTable(row.name);
  const parts = [
    `# ${row.name}`,
    `${row.idea[0].toUpperCase()}${row.idea.slice(1)}. One of the [baselines](baselines.md) of \`salad-ad/baselines\`.`,
    table([
      ['source', row.source],
      ['labels', row.labels],
      ['its own settings (default)', row.settings],
      ['pitfalls', row.pitfalls],
    ]),
    '## What it computes',
    asMarkdown(text),
    see && `Source: ${see}`,
    '## Use',
    `\`\`\`ts\n${exampleOf(row)}\n\`\`\``,
    'It may stand in the place of any other `Detector`: [interface](baselines.md#the-interface).',
    deviations.length > 0 && '## Where it differs from its source',
    deviations.length > 0 &&
      [
        '| | source | here |',
        '|---|---|---|',
        ...deviations.map((cells) => `| ${cells.join(' | ')} |`),
      ].join('\n'),
    measured && '## What was measured',
    measured &&
      'Test AUC, settings fixed beforehand, weights of the last epoch, +- 1.96 standard deviations over the seeds, films of 28 or 32 px; *SALAD* is its vector alone. [How, and all others](results.md).',
    measured,
    /\| -?\.[0-4]\d\d/.test(measured) &&
      'An AUC below .5 says that normal films score higher: turned round, it is 1 less that number.',
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.filter(([, value]) => value !== '').map((cells) => `| ${cells.join(' | ')} |`);
  return ['| | |', '|---|---|', ...lines].join('\n');
}

/** Indented lines are formulas. */
function asMarkdown(text: string): string {
  return text.replace(
    /(?:^ {4}.*\n?)+/gm,
    (formula) => `\`\`\`text\n${formula.replace(/^ {4}/gm, '').trimEnd()}\n\`\`\`\n`,
  );
}

function exampleOf({ name }: BaselineRow): string {
  const size = MODELS.includes(name)
    ? "backbone: { kind: 'convAutoencoder', inputShape: [16, 16, 1] }"
    : 'inputShape: [16, 16, 1]';
  const phases = 'pretrainEpochs: 1, rounds: 1, epochsPerRound: 1';
  const steps = name === 'memDae' ? phases : SHORT_RUNS.includes(name) ? 'epochs: 1' : '';
  const short = steps && `,\n  ${steps}`;
  const options = `{\n  ${size},\n  resize: { method: 'area', fit: 'stretch' },\n  seed: 7${short},\n}`;
  const train = NEEDS_ANOMALIES.includes(name)
    ? "const train = npzSource(file, { split: 'train' }); // with known anomalies"
    : "const train = normalsOf(npzSource(file, { split: 'train' }));";
  const data = NEEDS_ANOMALIES.includes(name) ? 'npzSource' : 'normalsOf, npzSource';
  const note = short ? ' // one epoch, to be quick' : '';
  return `import '@tensorflow/tfjs-backend-wasm';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { ${name} } from 'salad-ad/baselines';
import { ${data} } from 'salad-ad/data';
import { areaUnderRoc } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';

enableWasmTraining();
await tf.setBackend('wasm');
const file = readFileSync('examples/data/chest-xray/cxr_pneumonia_64.npz');
${train}
const test = npzSource(file, { split: 'test' });

const detector = ${name}(${options});${note}
await detector.fit(train);
const { scores } = await detector.score(test);
console.log(detector.name, areaUnderRoc(scores, test.labels!));
detector.dispose();`;
}
