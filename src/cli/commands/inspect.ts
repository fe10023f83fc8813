import { startBackend } from '../frame/backend.js';
import { command } from '../frame/command.js';
import { backendOption, modelOption } from '../frame/common-options.js';
import { exitCodes } from '../frame/exit-codes.js';
import { library } from '../frame/library.js';
import { loadModel, modelFolder } from '../frame/load-model.js';

/** `salad-ad inspect`. */
export const inspect = command({
  name: 'inspect',
  usage: 'FOLDER',
  paths: 1,
  examples: [
    ['salad-ad inspect model', 'kind, size, images learnt from, threshold and what it promises'],
    ['salad-ad inspect model --json', 'all settings, for a program'],
  ],
  options: {
    model: modelOption,
    json: { type: 'switch', lineOnly: true, help: 'print JSON' },
    backend: backendOption,
  },
  async run([path], given, say) {
    const at = await modelFolder(path ?? given.model);
    await startBackend(given.backend);
    const { thresholdText } = library('salad-ad');
    const model = await loadModel(at);
    try {
      const { name, config, bank, discard, preparation, decisionThreshold, history } = model;
      const known = discard?.filter(Boolean).length ?? 0;
      const facts = {
        kind: name,
        backbone: config.backbone,
        images: (bank?.size ?? 0) - known,
        knownAnomalies: known,
        epochs: history.length,
        score: model.settings.score,
        scoreNeighbors: model.settings.scoreNeighbors,
        preparation: preparation.toJSON(),
        threshold: decisionThreshold,
        settings: model.settings,
      };
      if (given.json) say.print(JSON.stringify(facts, null, 2));
      else {
        const [height, width, channels] = preparation.inputShape;
        const lines: readonly (readonly [string, string])[] = [
          ['kind', name],
          [
            'network',
            `${Object(config.backbone).kind}, ${height} x ${width} pixels, ${channels === 1 ? 'grey' : 'colour'}`,
          ],
          [
            'images',
            `learnt from ${facts.images} normal ones${known > 0 ? ` and ${known} known anomalies` : ''}`,
          ],
          ['epochs', String(history.length)],
          ['score', `${facts.score}, K = ${facts.scoreNeighbors}`],
          [
            'files',
            preparation.recipe
              ? JSON.stringify(preparation.recipe)
              : 'no recipe: it learnt from arrays',
          ],
          ['normalised', preparation.imageNormalization.name],
          [
            'threshold',
            decisionThreshold
              ? `${decisionThreshold.value.toFixed(4)}: ${thresholdText(decisionThreshold)}`
              : 'none; set one with `salad-ad calibrate`',
          ],
        ];
        say.print(lines.map(([left, right]) => `${left.padEnd(12)}${right}`).join('\n'));
      }
    } finally {
      model.dispose();
    }
    return exitCodes.done;
  },
});
