const { readdirSync } = require('node:fs');

// Which folders of src a folder may import from, besides itself. Imports run one way.
const mayImport = {
  support: [],
  images: ['support'],
  operations: ['support'],
  core: ['support', 'operations'],
  cells: ['support', 'core', 'operations'],
  // What a store gives is compared as a bank in memory is.
  stores: ['support', 'core', 'operations'],
  backbones: ['support', 'core', 'images'],
  records: ['support'],
  // What could give the label away is told by the area under the ROC curve of a view or an age alone.
  splits: ['support', 'records', 'images', 'metrics'],
  decoding: ['support', 'images'],
  // The source of a picture archive is one of data's.
  dicom: ['support', 'images', 'decoding', 'records', 'data'],
  preprocessing: ['support', 'images', 'decoding'],
  data: ['support', 'images', 'records', 'splits', 'decoding'],
  metrics: ['support'],
  learning: ['support', 'core', 'backbones', 'images', 'data'],
  model: [
    'support',
    'core',
    'cells',
    'stores',
    'backbones',
    'images',
    'data',
    'learning',
    'metrics',
  ],
  baselines: ['support', 'core', 'images', 'data', 'backbones', 'learning', 'model', 'metrics'],
  wasm: ['support'],
  tensorflow: ['support'],
  explain: ['support', 'core', 'cells', 'images', 'data', 'learning', 'model'],
  backend: ['support'],
  encoders: ['support', 'images', 'backbones', 'operations'],
  // Writes what a model computes as a graph of its own, so that it knows the parts of all.
  onnx: [
    'support',
    'core',
    'cells',
    'backbones',
    'encoders',
    'images',
    'data',
    'learning',
    'model',
    'baselines',
  ],
  safetensors: ['support', 'images', 'backbones', 'learning', 'model'],
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
  // A thread that scores loads the model, on kernels that make it fast; files are decoded by any recipe.
  node: [
    'support',
    'images',
    'records',
    'splits',
    'decoding',
    'dicom',
    'preprocessing',
    'data',
    'learning',
    'model',
    'wasm',
  ],
  monitor: ['support', 'metrics'],
  report: ['support', 'images', 'records', 'splits', 'metrics', 'monitor'],
};

// What package.json's imports name '#file-decoding' and '#encoder-weights', in Node; elsewhere they are other files.
const byCondition = '^src/node/(file-decoding|encoder-weights)\\.ts$';

// Which rooms of a folder a room may import from, besides itself. Files beside the rooms, the entry among
// them, may import from all, and no room from them.
const roomsMayImport = {
  cli: {
    frame: [],
    options: ['frame'],
    images: ['frame', 'options'],
    results: ['frame', 'images'],
    commands: ['frame', 'options', 'images', 'results'],
  },
  baselines: {
    detector: [],
    combined: ['detector'],
    training: ['detector'],
    networks: ['detector', 'training'],
    'vector-methods': ['detector'],
    simple: ['detector'],
  },
  report: {
    content: [],
    drawing: ['content'],
    figures: ['content', 'drawing'],
    page: ['content', 'drawing', 'figures'],
  },
};

// Entries that a page or a notebook can load without tfjs.
const withoutTensors = ['metrics', 'monitor', 'report'];

// A program beside the library: it uses the library by its public entries, as any other does, and nothing imports it.
const programs = ['cli'];

/** Every folder is in its list, so that no new one goes without a rule. */
function checkListed(path, list) {
  const unlisted = readdirSync(`${__dirname}/${path}`, { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && !(entry.name in list) && !programs.includes(entry.name),
    )
    .map((entry) => `${path}/${entry.name}`);
  if (unlisted.length > 0) {
    throw new Error(`.dependency-cruiser.cjs: say what ${unlisted.join(', ')} may import`);
  }
}

/** A rule for each entry of the list: what it imports within `path` is its own or in the folders named. */
function importsOnly(path, list) {
  checkListed(path, list);
  return Object.entries(list).map(([folder, others]) => ({
    name: `${path}/${folder}-imports-only-${others.join('-') || 'itself'}`,
    severity: 'error',
    from: { path: `^${path}/${folder}/` },
    to: {
      path: `^${path}/`,
      pathNot: [`^${path}/(${[folder, ...others].join('|')})/`, byCondition],
    },
  }));
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...importsOnly('src', mayImport),
    ...Object.entries(roomsMayImport).flatMap(([folder, rooms]) =>
      importsOnly(`src/${folder}`, rooms),
    ),
    {
      name: 'programs-use-public-entries',
      severity: 'error',
      from: { path: `^src/(${programs.join('|')})/` },
      to: {
        path: '^src/',
        pathNot: [`^src/(${programs.join('|')})/`, '^src/index\\.ts$', '^src/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'core-files-stand-alone',
      comment:
        'A core file takes what it needs as an argument; a few files that the others are made of, and types, are shared.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: {
        path: '^src/core/',
        pathNot:
          '^src/core/(bank-like|partition|loss-options|bank-angles|neighborhoods|warning)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'by-condition',
      comment:
        'They are imported by the names that package.json gives them, which are other files in a browser, each in one place.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: '^src/(data/recipe-source|encoders/efficientnet-lite0)\\.ts$',
      },
      to: { path: byCondition },
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
      from: { path: '^src/', pathNot: '^src/(node|experiments|cli)/' },
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
