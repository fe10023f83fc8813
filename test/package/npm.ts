import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs npm in a folder; what it complains of is seen. */
export function npm(args: readonly string[], cwd: string): void {
  execFileSync('npm', ['--loglevel=error', ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Installs what package.json of a folder names, as a stranger would, but runs no script of others. */
export const install = (cwd: string): void =>
  npm(['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'], cwd);

/** A program that is installed for all projects, with its own packages below it, and how to throw it away. */
export function globalProgram(name: string, version: string) {
  const prefix = mkdtempSync(join(tmpdir(), 'salad-ad-program-'));
  const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  npm(['install', '--global', '--prefix', prefix, ...flags, `${name}@${version}`], prefix);
  const modules = process.platform === 'win32' ? 'node_modules' : 'lib/node_modules';
  return { folder: join(prefix, modules, name), remove: () => rmSync(prefix, { recursive: true }) };
}

/** A project outside of this repository with these packages, and how to throw it away. */
export function projectWith(dependencies: Readonly<Record<string, string>>): {
  readonly folder: string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'salad-ad-project-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  install(folder);
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
