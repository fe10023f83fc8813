import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import { existsSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import { defaultSettings, slightAugmentation } from 'salad-ad';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baselinePages } from '../scripts/site/baselines/pages.js';

// The ```ts blocks of a page, in order, are one program: it is type-checked and run. A block marked
// ```ts no-run is type-checked by itself. `console.log(...); // text` must print the text.

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'output', 'snippets');
const docs = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
const pages = ['README.md', ...docs.map((name) => `docs/${name}`)];
/** Pages of the site that are made of these and of doc comments. */
const made = baselinePages().map(({ path, text }) => ({ page: path, text }));

interface Program {
  readonly page: string;
  readonly path: string;
  readonly code: string;
  readonly run: boolean;
}

const programs: Program[] = [];
const written = pages.map(async (page) => ({
  page,
  text: await readFile(join(root, page), 'utf8'),
}));
for (const { page, text } of [...(await Promise.all(written)), ...made]) {
  const blocks = [...text.matchAll(/^```ts( no-run)?\n(.*?)^```$/gms)];
  const name = page.replace(/\W/g, '-');
  const add = (suffix: string, codes: string[], run: boolean) => {
    const path = join(folder, `${name}${suffix}.ts`);
    programs.push({ page, path, code: `${codes.join('\n')}\nexport {};\n`, run });
  };
  const running = blocks.filter(([, mark]) => !mark).map(([, , code]) => code);
  if (running.length > 0) add('', running, true);
  blocks
    .filter(([, mark]) => mark)
    .forEach(([, , code], i) => {
      add(`-${i}`, [code], false);
    });
}

let start = '';
beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { path, code } of programs) await writeFile(path, code);
  // Where a page reads or writes files, it does so here.
  start = process.cwd();
  const place = await mkdtemp(join(tmpdir(), 'salad-ad-docs-'));
  for (const path of ['examples/data/chest-xray/cxr_pneumonia_64.npz', 'salad-ad-demo/films.npz']) {
    const data = join(place, path);
    await mkdir(dirname(data), { recursive: true });
    await writeFile(data, smallFile());
  }
  process.chdir(place);
});

afterAll(async () => {
  const place = process.cwd();
  process.chdir(start);
  await rm(place, { recursive: true });
});

describe('documentation', () => {
  it('its TypeScript compiles', () => {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const names = programs.map(({ path }) => path);
    const program = ts.createProgram([...names, join(root, 'test/support/tfjs-node.d.ts')], {
      ...options,
      noUnusedLocals: false,
      typeRoots: [join(root, 'node_modules/@types')],
    });
    const problems = names.flatMap((name) => {
      const file = program.getSourceFile(name);
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    });
    const host = {
      getCurrentDirectory: () => folder,
      getCanonicalFileName: (name: string) => name,
    };
    expect(ts.formatDiagnostics(problems, { ...host, getNewLine: () => '\n' })).toBe('');

    const checker = program.getTypeChecker();
    const synchronous = (node: ts.Node): string[] => {
      const within = node.getChildren().flatMap(synchronous);
      if (!ts.isAwaitExpression(node)) return within;
      const type = checker.getTypeAtLocation(node.expression);
      const types = type.isUnion() ? type.types : [type];
      return types.some((one) => one.flags & ts.TypeFlags.Any || one.getProperty('then'))
        ? within
        : [...within, node.getText()];
    };
    const awaited = names.flatMap((name) => {
      const file = program.getSourceFile(name);
      return file ? synchronous(file) : [];
    });
    expect(awaited).toEqual([]);
  });

  it.each(programs.filter(({ run }) => run))('$page runs', async ({ path, code }) => {
    const logged: [expected: string, got: string][] = [];
    const host = globalThis as { logged?: (expected: string, ...values: unknown[]) => void };
    host.logged = (expected, ...values) => logged.push([expected, format(...values)]);
    const called = code.replace(
      /console\.log\((.*)\); \/\/ (.*)$/gm,
      (_, values, expected) => `globalThis.logged(${JSON.stringify(expected)}, ${values});`,
    );
    const runnable = path.replace(/\.ts$/, '.run.ts');
    await writeFile(runnable, called);
    await import(/* @vite-ignore */ runnable);
    expect(logged.map(([, got]) => got)).toEqual(logged.map(([expected]) => expected));
  });

  it("the model's settings are all there, with their defaults", async () => {
    const text = await readFile(join(root, 'docs/model.md'), 'utf8');
    const rows = [...text.matchAll(/^\| (`.*?`) \| (.*?) \| .*\|$/gm)];
    const words = (cell: string) => cell.split(', ').map((word) => word.replace(/[`']/g, ''));
    const written = new Map<string, string>();
    for (const [, names, defaults] of rows) {
      words(names).forEach((name, i) => {
        written.set(name, words(defaults)[i]);
      });
    }
    const { cells, ...settings } = defaultSettings;
    const ofCells = await readFile(join(root, 'docs/cells.md'), 'utf8');
    const { grid: _, ...told } = cells;
    expect(ofCells).toContain("`cells.grid` | the deeper map's");
    for (const [name, value] of Object.entries(told)) {
      const said = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
      const row = `\`cells.${name}\` | ${said}`.replace(/\| ('.*')$/, '| `$1`');
      expect(ofCells).toContain(row.replace('| 0.', '| .'));
    }
    for (const [name, value] of Object.entries(settings)) {
      const said = written.get(name) ?? 'missing';
      const expected = value === slightAugmentation ? 'slightAugmentation' : value;
      const read = typeof value === 'number' ? Number(said) : said;
      expect(`${name}: ${read}`).toBe(`${name}: ${expected}`);
    }
  });

  it.each(pages)('%s links to what is there', async (page) => {
    const text = await readFile(join(root, page), 'utf8');
    const targets = [...text.matchAll(/(?:\]\(|src=")([^)"#\s]+)/g)].map(([, target]) => target);
    const missing = targets
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(missing).toEqual([]);
  });
});

/** A file of the example's layout and of little content: bands, with a bright corner in the abnormal. */
function smallFile(): Uint8Array {
  const arrays: Record<string, Uint8Array> = {};
  for (const [split, normal, abnormal] of [
    ['train', 20, 4],
    ['val', 8, 8],
    ['test', 8, 8],
  ] as const) {
    const count = normal + abnormal;
    const labels = Uint8Array.from({ length: count }, (_, i) => Number(i >= normal));
    const images = Uint8Array.from({ length: count * 64 * 64 }, (_, i) => {
      const [image, y, x] = [Math.floor(i / 4096), Math.floor(i / 64) % 64, i % 64];
      const band = 100 + 60 * Math.sin((y + image * 5 + (x * image) / 40) / 5);
      return labels[image] && x < 16 && y < 16 ? 255 : band;
    });
    arrays[`${split}_images.npy`] = npy(images, [count, 64, 64]);
    arrays[`${split}_labels.npy`] = npy(labels, [count, 1]);
  }
  return zipSync(arrays);
}

/** NumPy's format, version 1.0, for bytes. */
function npy(values: Uint8Array, shape: readonly number[]): Uint8Array {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = strToU8(`${text.padEnd(117)}\n`);
  const preamble = [0x93, ...strToU8('NUMPY'), 1, 0, header.length, 0];
  return Uint8Array.from([...preamble, ...header, ...values]);
}
