import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { differences } from '../../scripts/notebooks/compare-outputs.js';
import { type Notebook, textOf } from '../../scripts/notebooks/notebook.js';
import { runCells } from '../../scripts/notebooks/run-cells.js';

// On the library as it was built for the tarball.
const folder = resolve('examples/notebooks');
const files = readdirSync(folder).filter((file) => file.endsWith('.ipynb'));

it('there are notebooks', () => expect(files.length).toBeGreaterThanOrEqual(5));

describe.each(files)('%s', (file) => {
  const path = join(folder, file);
  const notebook: Notebook = JSON.parse(readFileSync(path, 'utf8'));
  const texts = notebook.cells
    .filter(({ cell_type }) => cell_type === 'markdown')
    .map(({ source }) => textOf(source));

  it('begins with what one learns, ends with where to go on, and is small', () => {
    expect(texts[0]).toMatch(/^# .+\n\n\*\*What you learn here:\*\*/);
    expect(texts[0]).toContain('Research software, not a medical device');
    expect(texts.at(-1)).toMatch(/^## Where to go on\n/m);
    expect(statSync(path).size).toBeLessThan(300_000);
  });

  it('shows what its code gives', async () => {
    expect(differences(notebook, await runCells(notebook))).toEqual([]);
  });
});
