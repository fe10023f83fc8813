export { galleryFigure } from './gallery.js';
export { renderReport } from './render-report.js';
export type {
  Estimate,
  Fact,
  GalleryGroup,
  GalleryItem,
  HistoryRow,
  LabelledScores,
  NamedRocCurve,
  NearestImage,
  OperatingCounts,
  ReportImage,
  ReportInput,
  ResultRow,
} from './report-input.js';
export type { RocFigureInput } from './roc-figure.js';
export { rocFigure } from './roc-figure.js';
export { scoreHistogramFigure } from './score-histogram-figure.js';
export { splitFigure } from './split-figure.js';
export { trainingFigure } from './training-figure.js';
