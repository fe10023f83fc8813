import { describe, expect, it } from 'vitest';
import { expectIn, rowsOf, sectionOf, sourcesIn, textOf, touchPoints } from './touch-points.js';

interface Registered {
  readonly kernelName: string;
}

/** What the files of a folder export as kernels, by the names of the constants. */
async function kernelsIn(folder: string): Promise<[constant: string, kernelName: string][]> {
  const modules = await Promise.all(
    sourcesIn(folder)
      .filter((file) => file !== `${folder}index.ts`)
      .map(
        (file) =>
          import(/* @vite-ignore */ `../../${file}`) as Promise<
            Record<string, Registered | undefined>
          >,
      ),
  );
  return modules.flatMap((exported) =>
    Object.entries(exported).flatMap(([constant, value]) =>
      value?.kernelName ? [[constant, value.kernelName] as [string, string]] : [],
    ),
  );
}

const isRegistered = (index: string, constant: string) =>
  index.split(new RegExp(`\\b${constant}\\b`)).length > 2;

const at = touchPoints('A kernel');
at('src/wasm/kernels/');
at('src/tensorflow/');
at('docs/backends.md');
const assembly = at('src/wasm/assembly/index.ts');

describe('on wasm', async () => {
  const index = at('src/wasm/index.ts');
  const tests = at('test/wasm/');
  const covered = [...tests.matchAll(/^covers\(([^)]*)\)/gm)].flatMap(([, names]) =>
    names.split(',').map((name) => name.trim().replace(/^tf\.|'/g, '')),
  );
  const rows = rowsOf(sectionOf('docs/backends.md', '## What `enableWasmTraining()` does'));

  it.each(await kernelsIn('src/wasm/kernels/'))(
    '%s, %s, is registered, tested and told',
    (constant, name) => {
      expect(isRegistered(index, constant), `${constant} in a list of src/wasm/index.ts`).toBe(
        true,
      );
      expect(covered, 'covers(...) of a test').toContain(name);
      expect(rows.some((row) => row.split('|')[1].match(new RegExp(`\\b${name}\\b`)))).toBe(true);
    },
  );

  it('a test that covers a kernel compares it with what else computes it', () => {
    const files = sourcesIn('test/wasm/').filter((file) => /^covers\(/m.test(textOf(file)));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) expectIn(textOf(file), /expectSameOnWasm\(|Cases\(/, file);
  });

  it('every function of the SIMD module is called', () => {
    const exported = assembly.match(/\b[a-z]\w+(?=[,\s]*[,}])/g) ?? [];
    const callers = textOf('src/wasm/simd/') + textOf('src/wasm/kernels/');
    expect(exported.length).toBeGreaterThan(30);
    for (const name of exported) expectIn(callers, new RegExp(`\\b${name}\\(|\\b${name} :`));
  });
});

describe('on tensorflow', async () => {
  const index = at('src/tensorflow/index.ts');
  const tests = at('test/tensorflow/');
  const rows = rowsOf(sectionOf('docs/backends.md', '### What `enableNativeKernels()` does'));

  it.each(await kernelsIn('src/tensorflow/'))(
    '%s, %s, is registered, tested and told',
    (constant, name) => {
      expect(
        isRegistered(index, constant),
        `${constant} in a list of src/tensorflow/index.ts`,
      ).toBe(true);
      expectIn(tests, new RegExp(`('|tf\\.)${name}\\b`));
      expect(rows.some((row) => row.split('|')[1].match(new RegExp(`\\b${name}\\b`)))).toBe(true);
    },
  );
});
