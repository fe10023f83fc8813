import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import packageJson from '../../package.json' with { type: 'json' };
import { install, npm } from './npm.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** An empty project that has the packed library installed, two backends, a pool of threads and nothing else. */
    project: string;
    /** The packed library. */
    tarball: string;
  }
}

/**
 * Builds, packs and installs the library as a stranger's `npm install` would. `SALAD_AD_TARBALL` names a library that is
 * packed already: so a release publishes the very file that was tested.
 */
export default function setup({ provide }: TestProject): () => void {
  const project = mkdtempSync(join(tmpdir(), 'salad-ad-package-'));
  const packed = process.env.SALAD_AD_TARBALL;
  if (packed) copyFileSync(packed, join(project, 'salad-ad.tgz'));
  else npm(['pack', '--pack-destination', project], process.cwd());
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz')) as string;
  const { devDependencies } = packageJson;
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({
      private: true,
      dependencies: {
        'salad-ad': `file:${tarball}`,
        '@tensorflow/tfjs-backend-cpu': devDependencies['@tensorflow/tfjs-backend-cpu'],
        '@tensorflow/tfjs-backend-wasm': devDependencies['@tensorflow/tfjs-backend-wasm'],
        tinypool: devDependencies.tinypool,
      },
    }),
  );
  install(project);
  provide('project', project);
  provide('tarball', join(project, tarball));
  return () => rmSync(project, { recursive: true });
}
