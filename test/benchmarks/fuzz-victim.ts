// Stands in for the process that examines: what its inputs do to it is told by their index.
import type { Order } from '../../benchmarks/fuzz/examiner.js';
import { Progress } from '../../benchmarks/fuzz/progress.js';

const progress = new Progress(process.argv[2]);
process.on('message', ({ from, to, skip }: Order) => {
  for (let index = from; index < to; index++) {
    if (skip.includes(index)) continue;
    progress.begin(index);
    if (index === 3) process.abort();
    if (index === 5) throw new Error('not one of ours');
    while (index === 7);
  }
  process.send?.({ answer: { counts: {}, findings: [], slowest: [], peakMemory: to } });
});
process.send?.({ ready: true });
