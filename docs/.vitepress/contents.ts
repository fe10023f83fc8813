/** One page: what the sidebar calls it, and its file in docs without `.md`. */
export interface Entry {
  readonly text: string;
  readonly page: string;
}

export interface Group {
  readonly text: string;
  readonly pages: readonly Entry[];
}

const entry = (text: string, page: string): Entry => ({ text, page });

/** The order in which the pages are read; each file of docs is in it once (test/scripts/site.test.ts). */
export const contents: readonly Group[] = [
  {
    text: 'Start',
    pages: [
      entry('When, and when not', 'when'),
      entry('Quickstart', 'quickstart'),
      entry('Live demo', 'demo'),
      entry('Results in pictures', 'pictures'),
      entry('From images to scores', 'guide'),
      entry('Command line', 'command-line'),
      entry('Notebooks', 'notebooks'),
      entry('The browser app', 'browser-app'),
      entry('Coming from anomalib or PyOD', 'coming-from'),
      entry('Side by side with others', 'side-by-side'),
      entry('The first hour', 'first-hour'),
      entry('Glossary', 'glossary'),
    ],
  },
  {
    text: 'Guides',
    pages: [
      entry('Your own folder', 'image-sources'),
      entry('Data sets', 'data-sets'),
      entry('Splits', 'splits'),
      entry('DICOM', 'dicom'),
      entry('Films of a PACS', 'dicomweb'),
      entry('Preprocessing', 'preprocessing'),
      entry('Bad input', 'bad-input'),
      entry('Small data', 'small-data'),
      entry('Your own backbone', 'backbones'),
      entry('Your own encoder', 'encoders'),
      entry('Thresholds and promises', 'calibration'),
      entry('Another hospital', 'another-hospital'),
      entry('Report', 'report'),
      entry('The drift watch', 'monitor'),
      entry('Deployment', 'deployment'),
      entry('100,000 films', 'many-films'),
      entry('Many machines', 'many-machines'),
      entry('Large banks', 'large-banks'),
      entry('ONNX', 'onnx'),
      entry('safetensors', 'safetensors'),
      entry('Backends', 'backends'),
      entry('Speed', 'speed'),
    ],
  },
  {
    text: 'Primitives',
    pages: [
      entry('SaladModel', 'model'),
      entry('Memory bank', 'memory-bank'),
      entry('Losses', 'losses'),
      entry('Partition of the bank', 'partition'),
      entry('Neighbourhoods and their scheduler', 'neighborhoods'),
      entry('Anomaly score', 'anomaly-score'),
      entry('Cells', 'cells'),
      entry('Maps', 'maps'),
      entry('Image normalisation', 'image-normalization'),
      entry('Augmentation', 'augmentation'),
      entry('Metrics', 'metrics'),
    ],
  },
  {
    text: 'Measuring',
    pages: [
      entry('Results', 'results'),
      entry('Experiments', 'experiments'),
      entry('Baselines', 'baselines'),
      entry('Deviations', 'deviations'),
    ],
  },
  {
    text: 'Reference',
    pages: [entry('Errors and warnings', 'errors'), entry('Architecture', 'architecture')],
  },
];

/** Pages that no file of docs holds: `npm run docs` makes them. */
export const madePages: readonly string[] = ['quickstart'];
