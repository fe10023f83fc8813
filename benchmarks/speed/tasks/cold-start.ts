import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Missing } from '../contestant.js';
import { librariesPython } from '../other-libraries.js';
import type { Task, TaskSettings } from '../task.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** From nothing to the first scores, in a new process each time, of the built package. */
export async function prepare({ program, size, folder }: TaskSettings): Promise<Task> {
  if (!existsSync(here('../../../dist/index.js'))) {
    throw new Missing('the built package', 'npm run build');
  }
  const [command, script] =
    program === 'PyTorch'
      ? [librariesPython(), here('../other-libraries/torch_cold_start.py')]
      : [process.execPath, here('../cold-start.mjs')];
  const run = () =>
    promisify(execFile)(command, [script, String(program), String(size), String(folder)]);
  await run().catch((error) => {
    if (/ModuleNotFoundError|ERR_MODULE_NOT_FOUND|ENOENT/.test(error.message)) {
      throw new Missing(`what ${program} needs`, 'see the other rows');
    }
    throw error;
  });
  return { run };
}
