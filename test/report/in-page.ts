import * as entry from '../../src/report/index.js';

declare global {
  var reportEntry: typeof entry;
}

globalThis.reportEntry = entry;
