import { command } from '../frame/command.js';
import { exitCodes } from '../frame/exit-codes.js';
import { misused } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { checkFile } from '../frame/outputs.js';
import { readRecords } from '../images/read-records.js';
import { recordOptions } from '../options/records.js';
import { judged } from '../results/labels-of.js';
import { readScores } from '../results/read-scores.js';
import { writeWhole } from '../results/write-whole.js';

/** `salad-ad evaluate`. */
export const evaluate = command({
  name: 'evaluate',
  usage: 'SCORES --labelled FOLDER|LIST.csv',
  paths: 1,
  examples: [
    [
      'salad-ad evaluate scores.csv --labelled films',
      'labels by the folders that the films lie in',
    ],
    [
      'salad-ad evaluate scores.csv --labelled films.csv --root films',
      'labels by a list with the columns path and label',
    ],
    ['salad-ad evaluate scores.csv --labelled films --out result.json', 'for a program'],
  ],
  details:
    'Areas under the ROC and the precision-recall curve with 95% intervals, and what the threshold of the model does. Evaluate once, on images that chose nothing.',
  options: {
    labelled: {
      type: 'text',
      value: 'FOLDER',
      help: 'folder or CSV list that says which images are normal',
    },
    out: { type: 'text', lineOnly: true, value: 'FILE', help: 'write the numbers as JSON' },
    ...recordOptions,
  },
  async run([path], given, say) {
    if (!path) throw misused('no table is named; give one that `salad-ad score --out` wrote');
    if (!given.labelled)
      throw misused(
        '--labelled is missing; name the folder or list that says which images are normal',
      );
    if (given.out) await checkFile(given.out);
    const rows = await readScores(path);
    const { scores, labels, threshold } = judged(
      rows,
      await readRecords(given.labelled, given, say),
    );
    const metrics = library('salad-ad/metrics');
    const areaUnderRoc = metrics.delongInterval(scores, labels);
    const averagePrecision = metrics.bootstrapInterval(
      (drawn) => metrics.averagePrecision(metrics.pick(scores, drawn), metrics.pick(labels, drawn)),
      Array.from(labels),
      { replicates: 1000 },
    );
    const { estimate, lower, upper } = averagePrecision;
    const confusion =
      threshold === undefined ? undefined : metrics.confusionAt(scores, labels, threshold);
    const facts = {
      images: scores.length,
      prevalence: metrics.prevalence(labels),
      areaUnderRoc,
      averagePrecision: { estimate, lower, upper },
      confusion,
    };
    say.print(
      [
        `images            ${facts.images}, ${labels.filter(Boolean).length} abnormal (prevalence ${three(facts.prevalence)})`,
        `AUC               ${inText(areaUnderRoc)}`,
        `AUPRC             ${inText(averagePrecision)}`,
        ...(confusion
          ? [
              `at the threshold  ${confusion.threshold.toFixed(4)}`,
              `  sensitivity     ${three(confusion.sensitivity)} (${confusion.truePositives} flagged, ${confusion.falseNegatives} missed)`,
              `  specificity     ${three(confusion.specificity)} (${confusion.trueNegatives} passed, ${confusion.falsePositives} false alarms)`,
            ]
          : ['no threshold; `salad-ad calibrate` sets one']),
      ].join('\n'),
    );
    if (given.out) await writeWhole(given.out, `${JSON.stringify(facts, null, 2)}\n`);
    const left = rows.length - scores.length;
    if (left > 0)
      say.note(`${left} of ${rows.length} rows have no label or no score and do not count`);
    say.note(
      '`salad-ad report` writes a page with curves and pictures; `salad-ad check` says what else could tell the classes apart',
    );
    return exitCodes.done;
  },
});

const three = (value: number) => value.toFixed(3);
const inText = ({ estimate, lower, upper }: { estimate: number; lower: number; upper: number }) =>
  `${three(estimate)} [${three(lower)}, ${three(upper)}]`;
