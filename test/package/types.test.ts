import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { entries, specifier } from './entries.js';
import { projectWith } from './npm.js';

const require = createRequire(import.meta.url);
/** The newest TypeScript. Installed here, it would take the name of the command that checks this repository. */
const NEWEST = '7.0.2';
let newest: ReturnType<typeof projectWith>;
const project = inject('project');

const consumer = entries
  .flatMap((entry) => [
    `import * as ${entry} from '${specifier(entry)}';`,
    `export const ${entry}Names: [keyof typeof ${entry}] extends [never] ? 'none' : 'some' = 'some';`,
  ])
  .join('\n');

beforeAll(() => {
  newest = projectWith({ typescript: NEWEST });
  for (const extension of ['ts', 'mts', 'cts']) {
    writeFileSync(join(project, `consumer.${extension}`), consumer);
  }
  writeFileSync(
    join(project, 'mistake.ts'),
    "export type { Nothing } from 'salad-ad/no-such-entry';",
  );
});

afterAll(() => newest.remove());

/** What a TypeScript says of the imports and of our declarations; those of others are their affair. */
function typeErrors(typescript: string, options: string[], files: string[]): string[] {
  const packageJson =
    typescript === 'newest'
      ? join(newest.folder, 'node_modules/typescript/package.json')
      : require.resolve(`${typescript}/package.json`);
  const tsc = join(packageJson, '../bin/tsc');
  const common = ['--noEmit', '--strict', '--target', 'es2022', '--pretty', 'false'];
  const { stdout } = spawnSync(process.execPath, [tsc, ...common, ...options, ...files], {
    cwd: project,
    encoding: 'utf8',
  });
  return stdout
    .split('\n')
    .filter((line) => /^(consumer|mistake|node_modules\/salad-ad|error)/.test(line));
}

it.each([
  ['node10, as a notebook does', 'typescript-5-0', 'commonjs', 'node10', ['consumer.ts']],
  ['node10', 'typescript', 'commonjs', 'node10', ['consumer.ts']],
  ['node16', 'typescript', 'node16', 'node16', ['consumer.mts', 'consumer.cts']],
  ['bundler', 'typescript', 'esnext', 'bundler', ['consumer.ts']],
  ['node20, newest', 'newest', 'node20', 'nodenext', ['consumer.mts', 'consumer.cts']],
  ['bundler, newest', 'newest', 'esnext', 'bundler', ['consumer.ts']],
])('types of every entry resolve: %s', (_, typescript, module, resolution, files) => {
  const options = ['--module', module, '--moduleResolution', resolution];
  // The mistake is there to see that mistakes are seen.
  expect(typeErrors(typescript, options, [...files, 'mistake.ts'])).toEqual([
    expect.stringContaining("'salad-ad/no-such-entry'"),
  ]);
});
