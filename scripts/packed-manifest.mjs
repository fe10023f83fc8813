// Runs before and after npm packs the library: scripts are for whoever works on it, and the files that they call are not in
// the package, so that `prepare` would fail wherever npm runs it there. `package.json` is written back afterwards.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const manifest = fileURLToPath(new URL('../package.json', import.meta.url));
const folder = fileURLToPath(new URL('../output/', import.meta.url));
const kept = `${folder}package.json`;

if (process.argv.includes('--restore')) {
  if (existsSync(kept)) writeFileSync(manifest, readFileSync(kept));
  rmSync(kept, { force: true });
} else {
  const text = readFileSync(manifest, 'utf8');
  mkdirSync(folder, { recursive: true });
  writeFileSync(kept, text);
  const { scripts: _, devDependencies: __, ...packed } = JSON.parse(text);
  writeFileSync(manifest, `${JSON.stringify(packed, null, 2)}\n`);
}
