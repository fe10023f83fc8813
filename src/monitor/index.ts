/** Whether films, and what a model says of them, change over time; no TensorFlow.js. */
export { DriftMonitor } from './drift-monitor.js';
export type { DriftSummary, DriftWindow } from './drift-summary.js';
export type { MonitoredFilm } from './monitored-film.js';
export type { DriftMonitorOptions } from './options.js';
