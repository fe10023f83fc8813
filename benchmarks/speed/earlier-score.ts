/**
 * A contestant: `model.score` of an earlier checkout by its default options, on tfjs-node with its kernels. Started in the folder of that
 * checkout, so that its modules are the ones that are found.
 *
 *   node --import tsx earlier-score.ts '{"size": 64, "bank": 1000, "films": 256}'
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as salad from '../../src/index.js';
import type { ModelPieces } from '../../src/model/model-state.js';
import type * as backends from './backends.js';
import type * as network from './network.js';
import { serve } from './serve.js';

const from = (path: string) => import(pathToFileURL(join(process.cwd(), path)).href);

void serve(async () => {
  const { size, bank, films } = JSON.parse(process.argv[2]) as Record<string, number>;
  const { startBackend }: typeof backends = await from('benchmarks/speed/backends.ts');
  const { speedNetwork, settle, randomImages, BATCH }: typeof network = await from(
    'benchmarks/speed/network.ts',
  );
  const { MemoryBank, SaladModel, arraySource }: typeof salad = await from('src/index.ts');
  await startBackend('tensorflow', 'ours');
  const noise = (length: number) => {
    const pixels = Uint8Array.from({ length: length * size * size }, (_, i) => (i * 7919) % 251);
    return arraySource({ pixels, shape: [size, size, 1] });
  };
  const backbone = speedNetwork(size);
  settle(backbone, randomImages(size));
  const model = SaladModel.create({ backbone });
  await model.refreshBank(noise(BATCH));
  const { pieces } = model as unknown as { pieces: Pick<ModelPieces, 'state'> };
  const others = MemoryBank.random({ size: bank - BATCH, dim: backbone.embeddingSize, seed: 1 });
  pieces.state.bank?.append(others.rows);
  others.dispose();
  pieces.state = { ...pieces.state, discard: Array<boolean>(bank).fill(false), ids: undefined };
  const source = noise(films);
  return { run: async () => (await model.score(source)).scores };
});
