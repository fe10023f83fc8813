import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { linesOf, type Notebook, type Output, textOf } from './notebook.js';
import { tslabFolder } from './tslab.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs every cell by tslab, in a folder beside the example data that has the built library installed, and gives the notebook with what the
 * cells showed.
 *
 * @throws where a cell fails, with its number and what it said
 */
export async function runCells(notebook: Notebook): Promise<Notebook> {
  const project = await mkdtemp(join(tmpdir(), 'salad-ad-notebook-'));
  try {
    const folder = join(project, 'examples/notebooks');
    await mkdir(join(project, 'examples/node_modules'), { recursive: true });
    await mkdir(folder);
    await symlink(join(root, 'node_modules'), join(project, 'node_modules'));
    await symlink(root, join(project, 'examples/node_modules/salad-ad'));
    await symlink(join(root, 'examples/data'), join(project, 'examples/data'));

    const code = notebook.cells.filter(({ cell_type }) => cell_type === 'code');
    const result = join(project, 'result.json');
    const kernel = fileURLToPath(new URL('kernel.mjs', import.meta.url));
    const tslab = await tslabFolder(root);
    const run = promisify(execFile)(process.execPath, [kernel, tslab, result], { cwd: folder });
    run.child.stdin?.end(JSON.stringify(code.map(({ source }) => textOf(source))));
    await run;
    const shown: { outputs?: Output[]; error?: string }[] = JSON.parse(
      await readFile(result, 'utf8'),
    );
    const failed = shown.findIndex(({ error }) => error !== undefined);
    if (failed >= 0)
      throw new Error(
        `cell ${failed + 1} of ${code.length}:\n${textOf(code[failed].source)}\n\n${shown[failed].error}`,
      );
    return {
      ...notebook,
      cells: notebook.cells.map((cell) => {
        const at = code.indexOf(cell);
        if (at < 0) return cell;
        return { ...cell, execution_count: at + 1, outputs: (shown[at].outputs ?? []).map(kept) };
      }),
    };
  } finally {
    await rm(project, { recursive: true });
  }
}

/** An output with its texts a line each, as notebooks have them. */
function kept(output: Output): Output {
  if (output.output_type === 'stream') return { ...output, text: linesOf(textOf(output.text)) };
  const lines = ([kind, value]: [string, string | readonly string[]]) => [
    kind,
    isPicture(kind) ? value : linesOf(textOf(value)),
  ];
  return { ...output, data: Object.fromEntries(Object.entries(output.data).map(lines)) };
}

/** Whether what is shown is bytes in base64. */
export const isPicture = (kind: string): boolean =>
  kind.startsWith('image/') && kind !== 'image/svg+xml';
