const { readdirSync } = require('node:fs');

// Which folders of src a folder may import from, besides itself. Imports run one way.
const mayImport = {
  support: [],
  images: ['support'],
  core: ['support', 'images'],
  backbones: ['support', 'core', 'images'],
  records: ['support'],
  // What could give the label away is told by the area under the ROC curve of a view or an age alone.
  splits: ['support', 'records', 'images', 'metrics'],
  decoding: ['support', 'images'],
  dicom: ['support', 'images', 'decoding', 'records'],
  preprocessing: ['support', 'images', 'decoding'],
  data: ['support', 'images', 'records', 'splits', 'decoding'],
  metrics: ['support'],
  learning: ['support', 'core', 'backbones', 'images', 'data'],
  model: ['support', 'core', 'backbones', 'images', 'data', 'learning', 'metrics'],
  baselines: ['support', 'core', 'images', 'data', 'backbones', 'learning', 'model', 'metrics'],
  wasm: ['support'],
  tensorflow: ['support'],
  explain: ['support', 'core', 'images', 'data', 'learning', 'model'],
  backend: ['support'],
  // Runs whatever is a detector on whatever is a source, and keeps files of it.
  experiments: [
    'support',
    'core',
    'images',
    'records',
    'splits',
    'data',
    'metrics',
    'learning',
    'model',
    'backbones',
    'baselines',
    'node',
  ],
  // A thread that scores loads the model, on kernels that make it fast.
  node: [
    'support',
    'images',
    'records',
    'splits',
    'decoding',
    'dicom',
    'data',
    'learning',
    'model',
    'wasm',
  ],
  report: ['support', 'images', 'records', 'splits', 'metrics'],
};

// Entries that a page or a notebook can load without tfjs.
const withoutTensors = ['metrics', 'report'];

const folders = readdirSync(`${__dirname}/src`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const unlisted = folders.filter((folder) => !(folder in mayImport));
if (unlisted.length > 0) {
  throw new Error(`.dependency-cruiser.cjs: say what ${unlisted.join(', ')} may import`);
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(mayImport).map(([folder, others]) => ({
      name: `${folder}-imports-only-${others.join('-') || 'itself'}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${[folder, ...others].join('|')})/` },
    })),
    {
      name: 'core-files-stand-alone',
      comment:
        'A core file takes what it needs as an argument; similarity.ts, softmax.ts, bank-scan.ts and types are shared.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: {
        path: '^src/core/',
        pathNot: '^src/core/(similarity|softmax|bank-scan)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-backend',
      comment:
        'The application chooses the backend: of tfjs, src imports tfjs-core and tfjs-layers.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '@tensorflow/', pathNot: '@tensorflow/tfjs-(core|layers)(/|$)' },
    },
    {
      name: 'no-tensors',
      severity: 'error',
      from: { path: `^src/(${withoutTensors.join('|')})/` },
      to: { path: '@tensorflow/', reachable: true },
    },
    {
      name: 'node-builtins-only-in-node-and-experiments',
      comment: 'Everything else runs in a browser too.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(node|experiments)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-undeclared-package',
      comment: 'A package that src imports is a dependency or a peer, not a dev dependency alone.',
      severity: 'error',
      // node-worker.js stands in for the built file where the library runs from source.
      from: { path: '^src/', pathNot: '^src/node/node-worker\\.js$' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm', 'npm-peer'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
