import { chromiumHost } from './chromium.js';
import { describeConformance, GRAPHICS_TOLERANCE } from './describe-conformance.js';

describeConformance('webgpu in Chromium', chromiumHost('webgpu'), GRAPHICS_TOLERANCE);
