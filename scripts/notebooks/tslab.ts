import { execFile } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const VERSION = '1.0.22';

/**
 * The folder of tslab below `root`, where it is installed unless it is there. It lies apart because the compiler that comes with
 * it would take the place of this project's command `tsc`. Without its install scripts: nothing speaks to Jupyter here.
 */
export async function tslabFolder(root: string): Promise<string> {
  const home = join(root, `output/tslab-${VERSION}`);
  const folder = join(home, 'node_modules/tslab');
  const found = await access(join(folder, 'dist/executor.js')).then(
    () => true,
    () => false,
  );
  if (found) return folder;
  await mkdir(home, { recursive: true });
  await writeFile(
    join(home, 'package.json'),
    JSON.stringify({ private: true, dependencies: { tslab: VERSION } }),
  );
  const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await promisify(execFile)('npm', ['install', '--loglevel=error', ...flags], { cwd: home });
  return folder;
}
