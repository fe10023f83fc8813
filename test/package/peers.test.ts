import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

it('npm installs every peer beside the library in the version that it is tested with', () => {
  const project = inject('project');
  const tested = Object.entries(packageJson.devDependencies).filter(
    ([name]) => name in packageJson.peerDependencies,
  );
  expect(tested.length).toBeGreaterThan(10);
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'));
  const beside = mkdtempSync(join(tmpdir(), 'salad-ad-peers-'));
  try {
    const library = { 'salad-ad': `file:${join(project, tarball ?? '')}` };
    const dependencies = { ...library, ...Object.fromEntries(tested) };
    writeFileSync(join(beside, 'package.json'), JSON.stringify({ private: true, dependencies }));
    // A peer out of range ends it with ERESOLVE.
    const args = ['install', '--package-lock-only', '--prefer-offline', '--no-audit', '--no-fund'];
    execFileSync('npm', ['--loglevel=error', ...args], { cwd: beside });
  } finally {
    rmSync(beside, { recursive: true });
  }
});
