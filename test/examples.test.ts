import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What an example prints, run as a reader would run it. */
async function output(name: string, ...flags: string[]): Promise<string> {
  const tsx = fileURLToPath(import.meta.resolve('tsx/cli'));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [tsx, `examples/${name}.ts`, ...flags],
    {
      cwd: root,
    },
  );
  return stdout;
}

/** Every number that follows `before`. */
function numbersAfter(before: string, text: string): number[] {
  return [...text.matchAll(new RegExp(`${before} (\\d+(?:\\.\\d+)?)`, 'g'))].map((m) =>
    Number(m[1]),
  );
}

describe('examples', () => {
  it('02-nih-folder: from a folder and a list of your own, split by patient', async () => {
    const folder = join(root, 'output/test-nih');
    await mkdir(folder, { recursive: true });
    const nih = join(root, 'examples/data/nih-cxr');
    const table = await readFile(join(nih, 'Data_Entry_2017_v2020.csv'), 'utf8');
    const lines = table
      .trim()
      .split('\n')
      .slice(1, 161)
      .map((line) => line.split(','));
    const list = lines.map(([name, findings, , patient, , , view]) =>
      [`images/${name}`, findings === 'No Finding' ? 0 : 1, patient, view].join(','),
    );
    await writeFile(join(folder, 'list.csv'), ['path,label,patient,view', ...list].join('\n'));
    const own = ['--data', nih, '--list', join(folder, 'list.csv'), '--out', folder];
    const text = await output('02-nih-folder', '--quick', '--size', '16', ...own);
    expect(text).toMatch(/SALAD +\.\d{3} \[/);
    expect(text).toMatch(/raw pixels, localContrast +\.\d{3} \[/);
    expect(numbersAfter('pairs of one view: AUC', text)).toHaveLength(1);
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    for (const section of ['results', 'subgroups', 'shortcuts', 'split'])
      expect(page).toContain(`<section id="${section}"`);
    const { parts } = JSON.parse(await readFile(join(folder, 'split.json'), 'utf8'));
    const patientOf = new Map(lines.map(([name, , , patient]) => [`images/${name}`, patient]));
    const patients = Object.values(parts as Record<string, string[]>).map(
      (paths) => new Set(paths.map((path) => patientOf.get(path))),
    );
    expect(patients.length).toBeGreaterThanOrEqual(3);
    const [all, apart] = [
      new Set(patients.flatMap((of) => [...of])),
      patients.map((of) => of.size),
    ];
    expect(all.has(undefined)).toBe(false);
    expect(apart.reduce((a, b) => a + b, 0)).toBe(all.size);
  });

  it('03-class-folders: from a folder for each class, in folders for each part', async () => {
    const out = join(root, 'output/test-class-folders');
    const text = await output('03-class-folders', '--quick', '--size', '16', '--out', out);
    expect(text).toContain(
      [
        '180 images: 160 normal, 20 abnormal',
        '  train: 160 normal, 20 abnormal',
        "  folder 'train/NORMAL': 160 normal",
        "  folder 'train/PNEUMONIA': 20 abnormal",
        '  8 files looked at: 64 x 64 pixels of 8 bits',
      ].join('\n'),
    );
    expect(text).toMatch(/test set: 160 films, prevalence \.500/);
    expect(text).toMatch(/SALAD +\.\d{3} \[/);
  });

  it('04-frozen-encoder: learns without training, and is loaded with its encoder', async () => {
    const out = join(root, 'output/test-frozen-encoder');
    const text = await output('04-frozen-encoder', '--size', '64', '--films', '60', '--out', out);
    expect(text).toMatch(/60 films learnt in [\d.]+ s/);
    expect(numbersAfter('validation films:', text)[0]).toBeGreaterThan(0.8);
  });

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
});
