import { describeConformance, PROCESSOR_TOLERANCE } from './describe-conformance.js';
import { nodeHost } from './node-host.js';

for (const backend of ['cpu', 'wasm', 'tensorflow'] as const)
  describeConformance(`${backend} in Node`, await nodeHost(backend), PROCESSOR_TOLERANCE);
