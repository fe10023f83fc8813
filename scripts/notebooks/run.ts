/**
 * Runs the notebooks of examples/notebooks by tslab, as Jupyter would, and stores what their cells show.
 *
 *   npm run build && npm run notebooks                  all of them
 *   npm run notebooks -- 01-quickstart                  those whose names begin so
 *   npm run notebooks -- --check                        stores nothing, and fails where stored outputs are not those of the code
 */
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { differences } from './compare-outputs.js';
import { type Notebook, notebookText } from './notebook.js';
import { runCells } from './run-cells.js';

const { values: flags, positionals: names } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const folder = fileURLToPath(new URL('../../examples/notebooks', import.meta.url));
const asked = (file: string) =>
  names.length === 0 || names.some((name) => file.startsWith(name.replace(/\.ipynb$/, '')));
const files = (await readdir(folder)).filter((file) => file.endsWith('.ipynb') && asked(file));
if (files.length === 0) throw new Error(`no notebook in ${folder} begins with ${names.join(', ')}`);

for (const file of files) {
  const path = join(folder, file);
  const stored: Notebook = JSON.parse(await readFile(path, 'utf8'));
  const run = await runCells(stored);
  if (flags.check) {
    const found = differences(stored, run);
    for (const line of found) console.log(`${file}: ${line}`);
    if (found.length > 0) process.exitCode = 1;
  } else {
    const text = notebookText(run);
    await writeFile(`${path}.partial`, text);
    await rename(`${path}.partial`, path);
    console.log(`${file}: ${Math.ceil(text.length / 1000)} kB`);
  }
}
