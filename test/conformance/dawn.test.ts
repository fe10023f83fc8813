import { describeConformance, GRAPHICS_TOLERANCE } from './describe-conformance.js';
import { nodeHost } from './node-host.js';

describeConformance('webgpu in Node (Dawn)', await nodeHost('dawn'), GRAPHICS_TOLERANCE);
