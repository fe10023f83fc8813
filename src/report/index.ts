export type { AssessmentOptions } from './content/assess-scores.js';
export { assessScores } from './content/assess-scores.js';
export type { Projection, ProjectionOptions } from './content/project-embeddings.js';
export { projectEmbeddings } from './content/project-embeddings.js';
export type {
  CalibrationResult,
  EmbeddingProjection,
  Estimate,
  Fact,
  GalleryGroup,
  GalleryItem,
  HistoryRow,
  LabelledScores,
  LeftOut,
  NamedPrecisionRecallCurve,
  NamedRocCurve,
  NearestImage,
  OperatingCounts,
  OperatingPoint,
  ProjectedKind,
  ReportImage,
  ReportInput,
  ResultRow,
  SubgroupResult,
  UnreadableImage,
} from './content/report-input.js';
export type { SubgroupInput, SubgroupOptions } from './content/subgroup-results.js';
export { subgroupResults } from './content/subgroup-results.js';
export type { StandaloneOptions } from './drawing/standalone-svg.js';
export { standaloneSvg } from './drawing/standalone-svg.js';
export type { PngOptions } from './drawing/svg-to-png.js';
export { svgToPng } from './drawing/svg-to-png.js';
export type { AnomalyRatioSeries } from './figures/anomaly-ratio-figure.js';
export { anomalyRatioFigure } from './figures/anomaly-ratio-figure.js';
export { decisionCurveFigure } from './figures/decision-curve-figure.js';
export { giveAwayFigure } from './figures/give-away-figure.js';
export {
  type DrawnDifference,
  pairedDifferenceFigure,
} from './figures/paired-difference-figure.js';
export type { PrecisionRecallFigureInput } from './figures/precision-recall-figure.js';
export { precisionRecallFigure } from './figures/precision-recall-figure.js';
export { projectionFigure } from './figures/projection-figure.js';
export { reliabilityFigure } from './figures/reliability-figure.js';
export type { ReportFigures } from './figures/report-figures.js';
export { reportFigures } from './figures/report-figures.js';
export type { RocFigureInput } from './figures/roc-figure.js';
export { rocFigure } from './figures/roc-figure.js';
export { scoreHistogramFigure } from './figures/score-histogram-figure.js';
export { splitFigure } from './figures/split-figure.js';
export { subgroupFigure } from './figures/subgroup-figure.js';
export { trainingFigure } from './figures/training-figure.js';
export { type ContactSheetInput, contactSheet } from './page/contact-sheet.js';
export { galleryFigure } from './page/gallery.js';
export { renderReport } from './page/render-report.js';
