import { chromiumHost } from './chromium.js';
import { describeConformance, GRAPHICS_TOLERANCE } from './describe-conformance.js';

describeConformance('webgl in Chromium', chromiumHost('webgl'), GRAPHICS_TOLERANCE);
