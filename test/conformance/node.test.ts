import { describeConformance, PROCESSOR_TOLERANCE } from './describe-conformance.js';
import { nodeHost } from './node-host.js';

for (const backend of ['cpu', 'wasm', 'tensorflow'] as const)
  describeConformance(`${backend} in Node`, await nodeHost(backend), PROCESSOR_TOLERANCE);

const threads = await nodeHost('threads');
describeConformance('wasm in Node, on two threads', threads, PROCESSOR_TOLERANCE);
