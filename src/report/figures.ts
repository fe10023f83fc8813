/** The functions of `figures`: each draws one figure of a report, as the source of an SVG. */

export { anomalyRatiosFigure as anomalyRatios } from './figures/anomaly-ratios-figure.js';
export { decisionCurveFigure as decisionCurve } from './figures/decision-curve-figure.js';
export { driftFigure as drift } from './figures/drift-figure.js';
export { pairedDifferencesFigure as pairedDifferences } from './figures/paired-differences-figure.js';
export { precisionRecallFigure as precisionRecall } from './figures/precision-recall-figure.js';
export { projectionFigure as projection } from './figures/projection-figure.js';
export { reliabilityFigure as reliability } from './figures/reliability-figure.js';
export { reportFigures as ofReport } from './figures/report-figures.js';
export { rocFigure as roc } from './figures/roc-figure.js';
export { scoresFigure as scores } from './figures/scores-figure.js';
export { shortcutsFigure as shortcuts } from './figures/shortcuts-figure.js';
export { splitFigure as split } from './figures/split-figure.js';
export { subgroupsFigure as subgroups } from './figures/subgroups-figure.js';
export { trainingHistoryFigure as trainingHistory } from './figures/training-history-figure.js';
export { contactSheet } from './page/contact-sheet.js';
export { galleryFigure as gallery } from './page/gallery.js';
