import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What an example prints, run as a reader would run it. */
async function output(name: string): Promise<string> {
  const tsx = fileURLToPath(import.meta.resolve('tsx/cli'));
  const { stdout } = await promisify(execFile)(process.execPath, [tsx, `examples/${name}.ts`], {
    cwd: root,
  });
  return stdout;
}

/** Every number that follows `before`. */
function numbersAfter(before: string, text: string): number[] {
  return [...text.matchAll(new RegExp(`${before} (\\d+(?:\\.\\d+)?)`, 'g'))].map((m) =>
    Number(m[1]),
  );
}

describe('examples', () => {
  it('10-primitives: anchors grow by round, the loss falls, anomalies stand out', async () => {
    const text = await output('10-primitives');
    // round(64 r / 3) anchors in round r.
    expect(numbersAfter('round \\d:', text)).toEqual([0, 21, 43, 64]);
    const losses = numbersAfter('last loss', text);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    for (const area of numbersAfter('ROC curve', text)) expect(area).toBeGreaterThan(0.8);
  });

  it('11-own-backbone: with a decoder and without', async () => {
    const text = await output('11-own-backbone');
    expect(text).toContain('layers autoencoder: reconstruction and latent');
    expect(text).toContain('linear encoder: latent only');
    const areas = numbersAfter('ROC curve', text);
    expect(areas).toHaveLength(2);
    for (const area of areas) expect(area).toBeGreaterThan(0.7);
  });

  it('12-own-loop: aborted, saved, resumed, and equal to the run that was not', async () => {
    const text = await output('12-own-loop');
    expect(text).toContain('aborted in epoch 3: out of time');
    expect(text).toContain('resuming after 3 epochs');
    expect(text).toContain('resumed and uninterrupted scores are equal');
  });

  it('13-notebook: scores, nearest images and plots', async () => {
    const text = await output('13-notebook');
    for (const area of numbersAfter('ROC curve', text)) expect(area).toBeGreaterThan(0.8);
    expect(text).toMatch(/nearest are image-\d+ at \d+ degrees/);
    expect(text).toContain('plots: <svg <svg');
  });
});
