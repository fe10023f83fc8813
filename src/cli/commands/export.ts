import { dirname, join } from 'node:path';
import type { SaladModel } from 'salad-ad';
import type { Detector } from 'salad-ad/baselines';
import { startBackend } from '../frame/backend.js';
import { command } from '../frame/command.js';
import { backendOption, scoringModelOption } from '../frame/common-options.js';
import { exitCodes } from '../frame/exit-codes.js';
import { misused } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { loadModel, type ModelPlace, modelAt } from '../frame/load-model.js';
import { checkFile } from '../frame/outputs.js';
import { writeWhole } from '../results/write-whole.js';

/** `salad-ad export`. */
export const exportModel = command({
  name: 'export',
  usage: '--model FOLDER --out FILE',
  paths: 1,
  examples: [
    [
      'salad-ad export --model model --out model.onnx',
      'scores from Python, Java, C#: resize, normalisation, bank and threshold are in the file',
    ],
    [
      'salad-ad export --model model --out small.onnx --weights float16',
      'half the size; docs/onnx.md has the loss',
    ],
    ['salad-ad export --model model --out model.safetensors', 'weights and bank for PyTorch'],
  ],
  options: {
    model: scoringModelOption,
    out: { type: 'text', value: 'FILE', lineOnly: true, help: '.onnx or .safetensors' },
    weights: {
      type: 'text',
      value: 'NAME',
      choices: ['float32', 'float16'],
      help: 'of an .onnx file; default float32',
    },
    bank: {
      type: 'text',
      value: 'NAME',
      choices: ['float32', 'int8'],
      help: 'rows of the banks of an .onnx file; default float32',
    },
    backend: backendOption,
  },
  async run([path], given, say) {
    const { out } = given;
    const [, ending] = /\.(onnx|safetensors)$/i.exec(out ?? '') ?? [];
    if (!out || !ending)
      throw misused('--out is no file of a known kind; expected model.onnx or model.safetensors');
    if (ending.toLowerCase() !== 'onnx' && (given.weights || given.bank))
      throw misused('--weights and --bank are for .onnx files alone; leave them out');
    await checkFile(out);
    const place = await modelAt(given.model ?? path);
    if (place.kind === 'onnx') throw misused(`'${place.path}' is exported already; name a folder`);
    if (place.kind === 'detector' && ending.toLowerCase() !== 'onnx')
      throw misused(
        'a .safetensors file holds models of `salad-ad fit` alone; write an .onnx file, --out model.onnx say',
      );
    await startBackend(given.backend);
    const model = await loaded(place);
    try {
      if (ending.toLowerCase() === 'onnx') {
        const { bytes, data } = await library('salad-ad/onnx').toOnnx(model, {
          ...(given.weights && { weights: given.weights as 'float32' }),
          ...(given.bank && { bank: given.bank as 'float32' }),
        });
        // The file names it so, whatever its own name is.
        if (data) await writeWhole(join(dirname(out), 'model.onnx.data'), data);
        await writeWhole(out, bytes);
      } else {
        await writeWhole(
          out,
          await library('salad-ad/safetensors').toSafetensors(model as SaladModel),
        );
      }
    } finally {
      model.dispose();
    }
    say.note(`wrote '${out}'; research software, not a medical device, wherever it runs`);
    return exitCodes.done;
  },
});

/** A model, or a detector whose scoring a graph can hold; `toOnnx` refuses the others. */
async function loaded({ kind, path }: ModelPlace): Promise<SaladModel | Detector> {
  if (kind === 'salad') return loadModel(path);
  const { loadDetector } = library('salad-ad/baselines');
  return loadDetector(library('salad-ad/node').fileSystem(path));
}
