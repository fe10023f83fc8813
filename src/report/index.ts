/** What a run found, as one HTML page or as single figures; no TensorFlow.js. */
export { type AssessmentOptions, assessScores } from './content/assess-scores.js';
export { type ProjectionOptions, projectEmbeddings } from './content/project-embeddings.js';
export type {
  EmbeddingProjection,
  Estimate,
  GalleryItem,
  HistoryRow,
  LabelledScores,
  NamedPrecisionRecallCurve,
  NamedRocCurve,
  OperatingPoint,
  ReportImage,
  ReportInput,
  ResultRow,
  SubgroupResult,
} from './content/report-input.js';
export { subgroupResults } from './content/subgroup-results.js';
export { standaloneSvg } from './drawing/standalone-svg.js';
export { svgToPng } from './drawing/svg-to-png.js';
export * as figures from './figures.js';
export { renderReport } from './page/render-report.js';
export { tslab } from './page/tslab.js';
