import type { Case } from '../case.js';
import { SCORED } from '../tasks/score-cells.js';
import { tfjs } from '../workers.js';
import type { Plan } from './plan.js';

const SIZES = [32, 64];

/** i: what reading the cells of the own encoder adds to a score, whatever the network. */
export function ownCells({ backends, sizes, threads }: Plan): Case[] {
  return backends
    .filter((backend) => backend === 'tensorflow' || backend === 'wasm')
    .flatMap((backend) =>
      SIZES.filter((size) => sizes.includes(size)).map((size) => {
        const score = (of: string, network: string) =>
          tfjs('score-cells', { backend, size, score: of, network }, threads);
        const networks = ['default', 'speed'];
        return {
          row: 'i',
          size,
          backend,
          contestants: Object.fromEntries(
            networks.flatMap((network) =>
              ['both', 'few', 'embedding'].map((of) => [
                `${of}, ${network} network`,
                score(of, network),
              ]),
            ),
          ),
          work: SCORED,
          unit: 'images/s',
          ratios: networks.flatMap((network) =>
            Object.entries({ few: '4 x 4 cells beside 500 rows', both: 'the default cells' }).map(
              ([of, cells]) => ({
                row: 'i',
                what: `score by both / by the embedding, ${cells}, ${network} network`,
                ours: `${of}, ${network} network`,
                against: `embedding, ${network} network`,
                // Both are rates: 15% more time.
                atLeast: 1 / 1.15,
              }),
            ),
          ),
        };
      }),
    );
}
