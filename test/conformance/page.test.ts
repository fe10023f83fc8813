import { chromiumHost } from './chromium.js';
import { describeConformance, PROCESSOR_TOLERANCE } from './describe-conformance.js';

describeConformance('cpu in Chromium', chromiumHost('cpu'), PROCESSOR_TOLERANCE);
describeConformance('wasm in Chromium', chromiumHost('wasm'), PROCESSOR_TOLERANCE);
describeConformance(
  'wasm in Chromium, with threads',
  chromiumHost('wasm', { isolated: true }),
  PROCESSOR_TOLERANCE,
);
