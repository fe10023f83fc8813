/** Results as DICOM objects, for the study that a film lies in; `store` of `dicomWebSource` sends them there. */

export { secondaryCapture } from './results/secondary-capture.js';
export { structuredReport } from './results/structured-report.js';
