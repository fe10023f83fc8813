import { startBackend } from '../frame/backend.js';
import { command } from '../frame/command.js';
import { backendOption, groupOption, modelOption } from '../frame/common-options.js';
import { exitCodes } from '../frame/exit-codes.js';
import { unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { loadModel, modelFolder } from '../frame/load-model.js';
import { checkModelFolder } from '../frame/outputs.js';
import { inPath } from '../images/in-path.js';
import { labelledByRecipe } from '../images/labelled-by-recipe.js';
import { readRecords, summaryText } from '../images/read-records.js';
import { calibrationOf, calibrationOptions } from '../options/calibration.js';
import { recordOptions } from '../options/records.js';

/** `salad-ad calibrate`. */
export const calibrate = command({
  name: 'calibrate',
  usage: 'FOLDER|LIST.csv --model FOLDER',
  paths: 1,
  examples: [
    [
      'salad-ad calibrate local-normals --model model',
      'a threshold by normal films of this hospital, at 5% false alarms',
    ],
    [
      'salad-ad calibrate local-normals --model model --false-alarms 0.01',
      'at 1%; the program says how many films that takes',
    ],
    [
      'salad-ad calibrate labelled --model model --sensitivity 0.9',
      'by films of both classes: 90% of the abnormal ones are to be flagged',
    ],
    [
      'salad-ad calibrate local-normals --model model --extend --out here',
      'add their rows to the bank too, and leave the first model as it is',
    ],
  ],
  details:
    'A threshold holds for films like those that set it: of the same hospital, device and view, and of patients that the model has not learnt from.',
  options: {
    model: modelOption,
    out: {
      type: 'text',
      lineOnly: true,
      value: 'FOLDER',
      help: 'where the model is written; default --model itself',
    },
    extend: {
      type: 'switch',
      lineOnly: true,
      help: 'these normal images become rows of the bank too',
    },
    ...calibrationOptions,
    groupPattern: groupOption,
    ...recordOptions,
    backend: backendOption,
  },
  async run([path], given, say) {
    const folder = await modelFolder(given.model);
    const out = given.out ?? folder;
    await checkModelFolder(out);
    const { root, records, summary } = await readRecords(path, given, say);
    if (summary) say.note(summaryText(summary));
    await startBackend(given.backend);
    const { thresholdText } = library('salad-ad');
    const { fileSystem } = library('salad-ad/node');
    const model = await loadModel(folder);
    try {
      const normals = records.filter(({ label }) => label !== 1);
      const used = given.extend ? normals : records;
      if (used.length === 0)
        throw unusable(`'${path}' has no normal images; give some that set the threshold`);
      const images = await labelledByRecipe({ root, records: used }, model.preparation);
      const groups = given.groupPattern && inPath('--group-pattern', given.groupPattern);
      const options = { ...calibrationOf(given), ...(groups && { groups }) };
      const onWarning = say.warning;
      if (given.extend) {
        const { quantile, trimBeyond } = options;
        await model.extend(images, {
          calibrate: {
            ...(groups && { groups }),
            ...(quantile && { quantile }),
            ...(trimBeyond && { trimBeyond }),
          },
          onWarning,
          signal: say.signal,
        });
      } else await model.calibrate(images, { ...options, onWarning, signal: say.signal });
      await model.save(fileSystem(out), { includeTraining: model.runningBank !== undefined });
      const { decisionThreshold: threshold } = model;
      if (threshold)
        say.print(`threshold ${threshold.value.toFixed(4)}: ${thresholdText(threshold)}`);
      say.note(
        `wrote the model to '${out}'; \`salad-ad score FILES --model ${out}\` goes by this threshold`,
      );
    } finally {
      model.dispose();
    }
    return exitCodes.done;
  },
});
