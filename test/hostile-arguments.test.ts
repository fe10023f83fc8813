import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { meanIntensity } from '../src/baselines/index.js';
import { imagePreparation, ProblemReport, patientKeys } from '../src/data/index.js';
import { dicom } from '../src/dicom/index.js';
import { CellBank, MemoryBank, none, ProgressiveNeighborhoodScheduler } from '../src/index.js';
import { nodeImages } from '../src/node/index.js';
import { openCv } from '../src/preprocessing/open-cv.js';
import { isSaladError } from '../src/support/errors.js';
import { mixed, normals, tinyModel } from './model/tiny.js';
import { entries } from './package/entries.js';
import '@tensorflow/tfjs-backend-cpu';

type Callable = (...args: unknown[]) => unknown;

/** What a caller in JavaScript may hand over by mistake, made anew for each call. */
const hostile: Record<string, () => unknown> = {
  undefined: () => undefined,
  null: () => null,
  '5': () => 5,
  "'x'": () => 'x',
  '[]': () => [],
  '{}': () => ({}),
  '[NaN]': () => [Number.NaN],
  '[null]': () => [null],
  '[{}]': () => [{}],
  '{ foo: 1 }': () => ({ foo: 1 }),
};

/** What comes before the hostile argument. */
const before: Record<string, () => unknown[]> = {
  '': () => [],
  '5, ': () => [5],
  "'x', ": () => ['x'],
  '[], ': () => [[]],
  '{}, ': () => [{}],
  '[1, 2], ': () => [[1, 2]],
  'records, ': () => [records()],
  'source, ': () => [source()],
  'rows, ': () => [tf.eye(2)],
  'rows, rows, ': () => [tf.eye(2), tf.eye(2)],
  '[1, 2], [0, 1], ': () => [
    [1, 2],
    [0, 1],
  ],
};

const records = () => [
  { path: 'a.png', label: 0, patient: 'p' },
  { path: 'b.png', label: 1, patient: 'q' },
];

const source = () => ({
  length: 1,
  ids: ['film'],
  labels: [0],
  read: async () => ({ pixels: new Float32Array(4), shape: [2, 2, 1] }),
});

/** How many arguments are public; what comes after them says which call errors name, or the call does not compile. */
const ARGUMENTS: Record<string, number> = {
  MemoryBank: 0,
  CellBank: 0,
  'CellBank.nearest': 2,
  cellsOf: 2,
  SaladModel: 0,
  'SaladModel.create': 1,
  checkPatientsDisjoint: 1,
  'SaladModel.score': 2,
  'SaladModel.nearestCells': 2,
  'ProgressiveNeighborhoodScheduler.select': 2,
  'arraySource.read': 1,
  none: 2,
};

/** The functions of an entry, of its namespaces and its classes, by the name that a user writes. */
function functionsOf(exported: object, prefix = ''): [string, Callable][] {
  return Object.entries(exported).flatMap(([key, value]): [string, Callable][] => {
    const name = prefix + key;
    if (typeof value === 'function') return [[name, value], ...staticsOf(name, value)];
    return value?.[Symbol.toStringTag] === 'Module' ? functionsOf(value, `${name}.`) : [];
  });
}

function staticsOf(name: string, made: object): [string, Callable][] {
  return Object.entries(Object.getOwnPropertyDescriptors(made)).flatMap(
    ([key, { value }]): [string, Callable][] =>
      typeof value === 'function' ? [[`${name}.${key}`, value.bind(made)]] : [],
  );
}

const isClass = (made: Callable) => /^class\b/.test(Function.prototype.toString.call(made));

/** Waits for what a call gives, takes its first item, and gives it back. */
async function settled(call: () => unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('did not settle in 20 s')), 20_000);
  });
  try {
    const value = (await Promise.race([call(), late])) as {
      [Symbol.asyncIterator]?(): AsyncIterator<unknown>;
      dispose?(): void;
      close?(): Promise<void>;
    };
    await Promise.race([value?.[Symbol.asyncIterator]?.().next(), late]);
    value?.dispose?.();
    for (const one of Object.values(value ?? {})) if (one instanceof tf.Tensor) one.dispose();
    await value?.close?.();
  } finally {
    clearTimeout(timer);
  }
}

/** What is wrong with an error of the call of `name`, or ''. */
function fault(name: string, error: unknown): string {
  const { message, syscall } = error as NodeJS.ErrnoException;
  // What the system says of a file is handed on as it is: ENOENT, EACCES.
  if (syscall) return '';
  if (!isSaladError(error)) return `no code: ${message}`;
  return message.startsWith(`${name}:`) ? '' : `another call is named: ${message}`;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  process.chdir(mkdtempSync(join(tmpdir(), 'hostile-')));
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});

async function functionsOfEntry(entry: string): Promise<[string, Callable][]> {
  return functionsOf(
    await import(entry === 'index' ? '../src/index.ts' : `../src/${entry}/index.ts`),
  );
}

/** What objects of the library can do, by the name that errors give it. */
async function methods(): Promise<[string, Callable][]> {
  const model = tinyModel({ score: 'both' });
  await model.fit(normals(8), { validation: mixed(6, 2) });
  const objects: [object, Record<string, string>][] = [
    [model, named('SaladModel', MODEL_METHODS)],
    [MemoryBank.random({ size: 4, dim: 2 }), named('MemoryBank', ['update', 'append', 'coreset'])],
    [cellBank(), named('CellBank', ['nearest', 'append'])],
    [
      new ProgressiveNeighborhoodScheduler(),
      named('ProgressiveNeighborhoodScheduler', ['anchorCount', 'select']),
    ],
    [new ProblemReport(), { add: 'ProblemReport.add' }],
    [
      imagePreparation({ inputShape: [8, 8, 1], imageNormalization: none() }),
      { apply: 'Preparation.apply' },
    ],
    [none(), { apply: 'none' }],
    [dicom(), { decode: 'dicom' }],
    [nodeImages(), { decode: 'nodeImages' }],
    [patientKeys(), { of: 'patientKeys' }],
    [normals(2), { read: 'arraySource.read' }],
    [meanIntensity({ inputShape: [8, 8, 1] }), named('meanIntensity', ['score', 'save'])],
  ];
  return objects.flatMap(([object, names]) =>
    Object.entries(names).map(([key, name]): [string, Callable] => [
      name,
      (...args) => (object as Record<string, Callable>)[key](...args),
    ]),
  );
}

function cellBank(): CellBank {
  const rows = tf.eye(2);
  const bank = CellBank.from(rows, { films: [0, 1], places: [0, 0] });
  rows.dispose();
  return bank;
}

const named = (type: string, keys: readonly string[]) =>
  Object.fromEntries(keys.map((key) => [key, `${type}.${key}`]));

const MODEL_METHODS = [
  ...[
    'fit',
    'train',
    'trainer',
    'score',
    'scoreStream',
    'nearest',
    'nearestCells',
    'embed',
    'reconstruct',
  ],
  ...['reconstructionErrors', 'refreshBank', 'extend', 'useStore', 'calibrate', 'save'],
];

/** All that is wrong with some functions. */
async function faultsOf(
  functions: readonly [string, Callable][],
  first: Record<string, () => unknown[]>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, call] of functions)
    for (const [front, argumentsBefore] of Object.entries(first))
      for (const [last, value] of Object.entries(hostile)) {
        const tensors = tf.memory().numTensors;
        const args = [...argumentsBefore(), value()];
        if (args.length > (ARGUMENTS[name] ?? args.length)) continue;
        const found = await settled(() =>
          isClass(call) ? Reflect.construct(call, args) : call(...args),
        ).then(
          () => '',
          (error) => fault(name, error),
        );
        for (const one of args) if (one instanceof tf.Tensor) one.dispose();
        const left = tf.memory().numTensors - tensors;
        if (found || left) faults.push(`${name}(${front}${last}): ${found || `${left} tensors`}`);
      }
  return faults;
}

describe('a call with hostile arguments raises a coded error of its name, ends, and leaves no tensor', () => {
  it.each(entries)('%s', async (entry) => {
    expect(await faultsOf(await functionsOfEntry(entry), before)).toEqual([]);
  });

  it('methods of objects', async () => {
    expect(await faultsOf(await methods(), before)).toEqual([]);
  });

  it('preprocessing, with OpenCV', async () => {
    const cv = await openCv();
    const film = { pixels: new Uint8Array(4), shape: [2, 2, 1] };
    const first = { 'cv, ': () => [cv], 'cv, film, ': () => [cv, film] };
    expect(await faultsOf(await functionsOfEntry('preprocessing'), first)).toEqual([]);
  });
});
