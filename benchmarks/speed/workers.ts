import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { softwareVulkan } from '../../test/conformance/node-host.js';
import type { Contestant } from './contestant.js';
import { librariesPython } from './other-libraries.js';
import type { Reading } from './speed-model.js';
import type { TaskSettings } from './task.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Every library that these programs use counts its threads by one of them. */
function threadVariables(threads: number): Record<string, string> {
  const count = String(threads);
  return {
    OMP_NUM_THREADS: count,
    OPENBLAS_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
    TF_NUM_INTRAOP_THREADS: count,
    TF_NUM_INTEROP_THREADS: count,
    TF_CPP_MIN_LOG_LEVEL: '2',
  };
}

/** A task on tfjs; `bank` is small and the library's kernels are registered by default. */
export function tfjs(
  task: string,
  settings: Partial<TaskSettings> & { backend: string; size: number },
  threads: number,
): Contestant {
  const all = { kernels: 'ours', bank: 64, ...settings, task };
  return {
    command: [process.execPath, '--import', 'tsx', here('worker.ts'), JSON.stringify(all)],
    env: { ...threadVariables(threads), ...(settings.backend === 'dawn' && softwareVulkan()) },
  };
}

/** The same program in an earlier checkout. */
export function inEarlier({ command, env }: Contestant, checkout: string): Contestant {
  const root = here('../..');
  const moved = command.map((word) =>
    word.startsWith(root) ? resolve(checkout, relative(root, word)) : word,
  );
  return { command: moved, env, cwd: checkout };
}

/** A task in a page of Chromium. */
export function page(
  task: string,
  inPage: Partial<TaskSettings> & { backend: string; size: number },
): Contestant {
  const settings = { bank: 64, ...inPage, task };
  return tfjs('in-page', { backend: 'none', size: inPage.size, inPage: settings }, 1);
}

/** A task in a worker of a page of Chromium in which threads are allowed; with a checkout, by the library as it is there. */
export function isolatedPage(
  task: string,
  inPage: Partial<TaskSettings> & { backend: string; size: number },
  checkout?: string,
): Contestant {
  const { size } = inPage;
  const settings = { bank: 64, ...inPage, task };
  const folder = exportFolder(size);
  const all = { backend: 'none', size, inPage: settings, isolated: true, folder, checkout };
  return tfjs('in-page', all, 1);
}

/** Where the network of a size is written for programs in other languages. */
export function exportFolder(size: number): string {
  return here(`../../output/speed/network-${size}`);
}

/** Where so many cells of a frozen encoder are written. */
export function cellsFolder(count: number): string {
  return here(`../../output/speed/cells-${count}`);
}

/** Where a model of a size is saved. */
export function modelFolder(size: number): string {
  return here(`../../output/speed/model-${size}`);
}

/** Where a model is written as ONNX. */
export function onnxFolder(size: number, bank: number, reading: Reading): string {
  return here(`../../output/speed/onnx-${size}-${bank}-${reading.replaceAll(' ', '-')}`);
}

/** Writes the network. */
export function exportNetwork(size: number): Contestant {
  return tfjs('export-network', { backend: 'wasm', size, folder: exportFolder(size) }, 1);
}

/** A script of other-libraries/, in the Python that holds those libraries. */
export function python(script: string, settings: object, threads: number): Contestant {
  return {
    command: [
      librariesPython(),
      here(`other-libraries/${script}`),
      JSON.stringify({ ...settings, threads }),
    ],
    env: threadVariables(threads),
  };
}

/** Scores of an earlier checkout by its own modules, on tfjs-node. */
export function earlierScore(checkout: string, settings: object, threads: number): Contestant {
  return {
    command: [
      process.execPath,
      ...['--import', 'tsx', here('earlier-score.ts'), JSON.stringify(settings)],
    ],
    env: threadVariables(threads),
    cwd: checkout,
  };
}
