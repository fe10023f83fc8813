import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import packageJson from '../../package.json' with { type: 'json' };

declare module 'vitest' {
  interface ProvidedContext {
    /** An empty project that has the packed library installed, two backends, a pool of threads and nothing else. */
    project: string;
  }
}

/** Builds, packs and installs the library as a stranger's `npm install` would. */
export default function setup({ provide }: TestProject): () => void {
  const project = mkdtempSync(join(tmpdir(), 'salad-ad-package-'));
  npm(['pack', '--pack-destination', project], process.cwd());
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'));
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
  npm(['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'], project);
  provide('project', project);
  return () => rmSync(project, { recursive: true });
}

function npm(args: string[], cwd: string): void {
  execFileSync('npm', ['--loglevel=error', ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
