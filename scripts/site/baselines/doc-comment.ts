import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.js';

/** The doc comment of an exported function of src/baselines: its text before the first tag, and what `@see` says. */
export function docCommentOf(name: string): { readonly text: string; readonly see?: string } {
  const folder = join(root, 'src/baselines');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) =>
    one.endsWith('.ts'),
  );
  for (const file of files) {
    const source = readFileSync(join(folder, file), 'utf8');
    const before = source.split(new RegExp(`^export function ${name}\\(`, 'm'));
    if (before.length < 2) continue;
    const comment = before[0].slice(before[0].lastIndexOf('/**') + 3, before[0].lastIndexOf('*/'));
    const plain = comment.replace(/^ ?\* ?/gm, '').trim();
    const [text, ...tags] = plain.split(/^(?=@\w)/m);
    const see = tags.find((tag) => tag.startsWith('@see'))?.slice('@see'.length);
    return { text: text.trim(), see: see?.replace(/\s+/g, ' ').trim() };
  }
  throw new Error(`docs: no function '${name}' in src/baselines.`);
}
