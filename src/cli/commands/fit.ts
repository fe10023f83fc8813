import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SaladModel, SaladOptions } from 'salad-ad';
import type { fileSystem } from 'salad-ad/node';
import { startBackend } from '../frame/backend.js';
import { command, type Given, type Option, type Speaker } from '../frame/command.js';
import { backendOption, threadsOption } from '../frame/common-options.js';
import { exitCodes } from '../frame/exit-codes.js';
import { Failure, misused, unusable } from '../frame/failure.js';
import { type Held, hold } from '../frame/hold.js';
import { library } from '../frame/library.js';
import { loadModel } from '../frame/load-model.js';
import { checkModelFolder } from '../frame/outputs.js';
import { sourceOf } from '../images/source-of.js';
import { partOptions, trainingParts } from '../images/training-parts.js';
import { trainingPool } from '../images/training-pool.js';
import { calibrationOf, calibrationOptions } from '../options/calibration.js';

const options = {
  out: { type: 'text', lineOnly: true, value: 'FOLDER', help: 'where the model is written' },
  size: {
    type: 'number',
    value: 'PIXELS',
    min: 8,
    whole: true,
    help: 'side that images are brought to; default 64',
  },
  encoder: {
    type: 'text',
    value: 'NAME',
    choices: ['convAutoencoder', 'resnetAutoencoder', 'efficientNetLite0'],
    help: 'the network; efficientNetLite0 comes trained and is not trained further; default convAutoencoder',
  },
  ...partOptions,
  ...calibrationOptions,
  resume: {
    type: 'switch',
    lineOnly: true,
    help: 'go on with a run of the same line that was interrupted',
  },
  replace: { type: 'switch', lineOnly: true, help: 'write over a model that is in --out' },
  threads: {
    ...threadsOption,
    help: 'threads that read images beside those that learn; default one for each core but one',
  },
  backend: backendOption,
  imageNormalization: {
    type: 'object',
    fileOnly: true,
    help: 'such as { "name": "localContrast", "options": {} }, or equalize, or none',
  },
  resize: { type: 'object', fileOnly: true, help: 'such as { "method": "area", "fit": "pad" }' },
  settings: {
    type: 'object',
    fileOnly: true,
    help: 'settings of SaladModel.create, such as { "scoreNeighbors": 1 }',
  },
} as const satisfies Readonly<Record<string, Option>>;

/** `salad-ad fit`. */
export const fit = command({
  name: 'fit',
  usage: 'FOLDER --out FOLDER',
  paths: 1,
  examples: [
    [
      'salad-ad fit films --out model',
      "films/normal/..., or films that are all normal; the model goes to 'model'",
    ],
    [
      'salad-ad fit films --out model --validation others --false-alarms 0.01',
      'the threshold by other films, at 1% false alarms',
    ],
    [
      'salad-ad fit films.csv --root films --out model --size 128',
      'a list with the columns path, label, patient',
    ],
    [
      'salad-ad fit films --out model --encoder efficientNetLite0 --size 224',
      'a pretrained encoder: no training, only banks',
    ],
    [
      'salad-ad fit films --out model --config salad.json',
      'all settings in a file; `salad-ad config > salad.json` writes one',
    ],
  ],
  details:
    'Folders named normal, good, abnormal, pneumonia and the like give labels; train, val and test give parts. Without any, all images count as normal. ' +
    'Ctrl-C keeps the last whole epoch: the same line with --resume goes on.',
  options,
  run,
});

async function run(
  [path]: readonly string[],
  given: Given<typeof options>,
  say: Speaker,
): Promise<number> {
  const { out } = given;
  if (out === undefined)
    throw misused('--out is missing; name the folder that the model is written to');
  if (!given.replace && (await exists(join(out, 'model.json'))))
    throw unusable(
      `there is a model in '${out}' already; name another folder with --out, or add --replace`,
    );
  await checkModelFolder(out);
  const held = await hold(out, { say });
  try {
    return await learn(path, { out, held }, given, say);
  } finally {
    await held.release();
  }
}

async function learn(
  path: string | undefined,
  { out, held }: { readonly out: string; readonly held: Held },
  given: Given<typeof options>,
  say: Speaker,
): Promise<number> {
  const parts = await trainingParts(path, given, say);
  const backend = await startBackend(given.backend);
  const { thresholdText } = library('salad-ad');
  const { size = 64, resize } = given;
  const sized = { size: [size, size] as const, ...(resize && { resize: resize as never }) };
  const checkpoint = `${out}.checkpoint`;
  const model = given.resume
    ? await loadModel(checkpoint)
    : await created(given, parts.train.records.length);
  const progress = { epochs: 0 };
  const { train: taught, validation: judging } = parts;
  const count = taught.records.length + (judging?.records.length ?? 0);
  const pool = await trainingPool(count, given.threads, say);
  const teller = pool.imagePool ? undefined : say;
  try {
    const train = await sourceOf(taught, sized, teller);
    const validation = judging && (await sourceOf(judging, sized, teller));
    say.note(`learning from ${train.length} images on ${backend}`);
    await model.fit(train, {
      validation,
      ...(validation && { calibration: calibrationOf(given) }),
      resume: given.resume,
      imagePool: pool.imagePool,
      // What is never trained has no epochs to keep.
      ...(model.name !== 'frozenEncoder' && { checkpoint: heldFolder(checkpoint, held) }),
      signal: say.signal,
      onWarning: (warning) => say.warning(warning),
      callbacks: {
        onEpochEnd(_, logs = {}) {
          progress.epochs = logs.done;
          const { done, total, secondsLeft, loss, validationAuc } = logs;
          say.progress('epochs', { done, total, secondsLeft }, { loss, validationAuc });
        },
      },
    });
    await model.save(heldFolder(out, held));
  } catch (error) {
    if (!say.signal.aborted) throw error;
    throw new Failure(
      exitCodes.interrupted,
      progress.epochs > 0
        ? `interrupted; ${progress.epochs} epochs are kept in '${checkpoint}'; give the same line with --resume to go on`
        : 'interrupted before the first epoch had ended; nothing is kept, give the same line again',
    );
  } finally {
    model.dispose();
    await pool.end();
  }
  await rm(checkpoint, { recursive: true, force: true });
  const { decisionThreshold: threshold } = model;
  if (threshold) say.note(`threshold ${threshold.value.toFixed(4)}: ${thresholdText(threshold)}`);
  say.note(
    `wrote the model to '${out}'; \`salad-ad score FILES --model ${out}\` scores films, \`salad-ad inspect ${out}\` shows what it is`,
  );
  return exitCodes.done;
}

async function created(given: Given<typeof options>, images: number): Promise<SaladModel> {
  const { SaladModel: Model, scheduleFor } = library('salad-ad');
  const { size = 64, encoder = 'convAutoencoder', seed = 0, imageNormalization } = given;
  const inputShape = [size, size, 1] as const;
  const frozen = encoder === 'efficientNetLite0';
  const settings = {
    ...(!frozen && scheduleFor(images)),
    ...given.settings,
    seed,
    ...(imageNormalization && { imageNormalization: await normalizationOf(imageNormalization) }),
    backbone: frozen
      ? await library('salad-ad/encoders').efficientNetLite0({ inputShape })
      : { kind: encoder, inputShape },
  };
  return Model.create(settings as unknown as SaladOptions);
}

async function normalizationOf({ name, options: own }: Readonly<Record<string, unknown>>) {
  const all = library('salad-ad');
  const makers: Record<string, (options?: never) => unknown> = {
    localContrast: all.localContrast as never,
    equalize: all.equalize,
    none: all.none,
  };
  const make = makers[String(name)];
  if (!make)
    throw misused(
      `imageNormalization is '${String(name)}'; expected localContrast, equalize or none`,
    );
  return make(own as never);
}

/** A folder that is written to as long as the place is this run's. */
function heldFolder(path: string, held: Held): ReturnType<typeof fileSystem> {
  const folder = library('salad-ad/node').fileSystem(path);
  return {
    ...folder,
    async save(artifacts) {
      await held.check();
      return folder.save(artifacts);
    },
  };
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
