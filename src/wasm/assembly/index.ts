export { bankScan, bankScanScratch } from './bank-scan';
export { correlate, correlateBack, correlateBackScratch, correlateScratch } from './convolution';
export { frameImages, packColumns, packPanels } from './layout';
