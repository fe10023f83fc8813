import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from './run.js';

it('demo trains on the films that come along, and says what the report needs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'salad-ad-demo-'));
  try {
    const { code, out, err } = await run(['demo', '--out', 'demo'], { cwd: folder });
    expect(code).toBe(0);
    const [, area] = /^AUC of 50 films: ([\d.]+)/.exec(out) ?? [];
    // Half would be chance; 25 films of each class leave some luck.
    expect(Number(area)).toBeGreaterThan(0.75);
    expect(existsSync(join(folder, 'demo/model/model.json'))).toBe(true);
    expect(existsSync(join(folder, 'demo/scores.csv'))).toBe(true);
    expect(err).toMatch(/npm install @observablehq\/plot linkedom fast-png/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
