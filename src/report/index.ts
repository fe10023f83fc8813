export type { AnomalyRatioSeries } from './anomaly-ratio-figure.js';
export { anomalyRatioFigure } from './anomaly-ratio-figure.js';
export type { AssessmentOptions } from './assess-scores.js';
export { assessScores } from './assess-scores.js';
export { type ContactSheetInput, contactSheet } from './contact-sheet.js';
export { decisionCurveFigure } from './decision-curve-figure.js';
export { galleryFigure } from './gallery.js';
export { giveAwayFigure } from './give-away-figure.js';
export { type DrawnDifference, pairedDifferenceFigure } from './paired-difference-figure.js';
export type { PrecisionRecallFigureInput } from './precision-recall-figure.js';
export { precisionRecallFigure } from './precision-recall-figure.js';
export type { Projection, ProjectionOptions } from './project-embeddings.js';
export { projectEmbeddings } from './project-embeddings.js';
export { projectionFigure } from './projection-figure.js';
export { reliabilityFigure } from './reliability-figure.js';
export { renderReport } from './render-report.js';
export type { ReportFigures } from './report-figures.js';
export { reportFigures } from './report-figures.js';
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
} from './report-input.js';
export type { RocFigureInput } from './roc-figure.js';
export { rocFigure } from './roc-figure.js';
export { scoreHistogramFigure } from './score-histogram-figure.js';
export { splitFigure } from './split-figure.js';
export type { StandaloneOptions } from './standalone-svg.js';
export { standaloneSvg } from './standalone-svg.js';
export { subgroupFigure } from './subgroup-figure.js';
export type { SubgroupInput, SubgroupOptions } from './subgroup-results.js';
export { subgroupResults } from './subgroup-results.js';
export type { PngOptions } from './svg-to-png.js';
export { svgToPng } from './svg-to-png.js';
export { trainingFigure } from './training-figure.js';
