import type { Command, Commands, Option } from '../frame/command.js';
import { command } from '../frame/command.js';
import { exitCodes } from '../frame/exit-codes.js';
import { unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { optionsOfAll } from '../frame/options-of-all.js';
import { writeWhole } from '../results/write-whole.js';

/** `salad-ad config`; it knows the options of all commands. */
export const configOf = (commands: Commands): Command =>
  command({
    name: 'config',
    usage: '[--out FILE]',
    paths: 0,
    examples: [
      ['salad-ad config', 'every option with its default, as JSON; null is: not set'],
      [
        'salad-ad config --out salad.json',
        'a file to edit; give it to any command as --config salad.json',
      ],
      ['salad-ad fit films --config salad.json --size 128', 'the line comes before the file'],
    ],
    details:
      'One file serves every command: each takes what it knows. `settings` are those of SaladModel.create, which docs/model.md explains. What you leave out keeps its default.',
    options: {
      out: { type: 'text', lineOnly: true, value: 'FILE', help: 'write it there' },
    },
    async run(_, { out }, say) {
      const all = await optionsOfAll(commands);
      const text = `${JSON.stringify(await defaults(all), null, 2)}\n`;
      if (!out) say.print(text);
      else {
        const { access } = await import('node:fs/promises');
        const there = await access(out).then(
          () => true,
          () => false,
        );
        if (there) throw unusable(`'${out}' is there already; remove it, or name another file`);
        await writeWhole(out, text);
        say.note(`wrote '${out}'; edit it, and give it to any command as --config ${out}`);
      }
      return exitCodes.done;
    },
  });

async function defaults(all: Readonly<Record<string, Option>>): Promise<Record<string, unknown>> {
  const { SaladModel } = library('salad-ad');
  const settings = await settingsOf(SaladModel);
  const known: Readonly<Record<string, unknown>> = {
    size: 64,
    encoder: 'convAutoencoder',
    holdOut: 0.2,
    seed: 0,
    falseAlarms: 0.05,
    resize: { method: 'area', fit: 'pad' },
    imageNormalization: { name: 'localContrast', options: {} },
    settings,
  };
  return Object.fromEntries(Object.keys(all).map((name) => [name, known[name] ?? null]));
}

/** The defaults of the library, from an untrained model; no backend is needed but the smallest that is there. */
async function settingsOf(Model: typeof import('salad-ad').SaladModel) {
  const { startBackend } = await import('../frame/backend.js');
  await startBackend();
  const model = Model.create({ backbone: { kind: 'convAutoencoder', inputShape: [64, 64, 1] } });
  const { seed: _, cells, ...settings } = model.settings;
  model.dispose();
  // What follows from the images and the network, unless it is set.
  const byItself = { pretrainEpochs: null, rounds: null, epochsPerRound: null };
  return { ...settings, ...byItself, cells: { ...cells, grid: null } };
}
