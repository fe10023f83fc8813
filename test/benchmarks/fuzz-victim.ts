// Stands in for the process that examines: what its inputs do to it is told by their index.
import type { Order } from '../../benchmarks/fuzz/examiner.js';

process.on('message', ({ from, to, skip }: Order) => {
  for (let index = from; index < to; index++) {
    if (skip.includes(index)) continue;
    process.send?.({ begun: index });
    if (index === 3) process.abort();
    if (index === 5) throw new Error('not one of ours');
    while (index === 7);
  }
  process.send?.({ answer: { counts: {}, findings: [], slowest: [], peakMemory: to } });
});
process.send?.({ ready: true });
