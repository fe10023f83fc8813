import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SaladModel } from '../../../src/index.js';
import { fileSystem, nodeImages } from '../../../src/node/index.js';
import { noChromium } from '../../conformance/chromium.js';
import { type BuiltPage, builtPage, FIRST_BUILD } from './built-page.js';
import { filmAt, pngOf, testFilms } from './drawn-films.js';
import { drop, rowsOf, untilScored } from './dropped.js';

const sample = fileURLToPath(new URL('../../../examples/browser/public/sample', import.meta.url));
const folder = fileURLToPath(
  new URL(`../../../output/test-app-model-${process.pid}`, import.meta.url),
);

/** As long as a busy machine may take. */
const SOON = { timeout: 60_000 };

describe.skipIf(noChromium)(`training in the page${noChromium ? `: ${noChromium}` : ''}`, () => {
  let built: BuiltPage;
  beforeAll(async () => {
    built = await builtPage();
  }, FIRST_BUILD);
  afterAll(async () => {
    await built?.close();
    for (const made of [folder, `${folder}-films`])
      await rm(made, { recursive: true, force: true });
  });

  it('stops, goes on after a reload, shows what came of it, and scores with it as Node does', async () => {
    const { page, complaints } = await built.open('#training');
    await page.click('#train');
    await expect
      .poll(() => page.textContent('#training-epoch'), { timeout: 240_000 })
      .toMatch(
        /^Epoch 1 of 4, loss \d+\.\d{3}, validation AUC \d\.\d{3}, \d+ (seconds|minutes) left\.$/,
      );
    await page.click('#train-stop');
    await idle(page);
    expect(await page.textContent('#training-result')).toMatch(/^Stopped\. It can go on/);
    await page.reload();
    await page.click('#train-on');
    await idle(page);
    expect(await page.textContent('#training-epoch')).toMatch(/^Epoch 4 of 4/);
    expect(await page.textContent('#training-result')).toMatch(/Validation AUC \d\.\d{3} \(95%/);
    expect(await page.locator('#training-figures svg').count()).toBe(3);
    expect(await page.isHidden('#train-on')).toBe(true);

    await page.click('#use-trained');
    await page.waitForURL(/#films$/);
    const film = await pngOf(filmAt(400));
    await drop(page, [{ name: 'film.png', bytes: film }]);
    await untilScored(page, 1);
    await page.click('nav a[href="#model"]');
    await expect.poll(() => page.textContent('#model-facts'), SOON).toContain('trained here');
    const [saved] = await Promise.all([page.waitForEvent('download'), page.click('#save-model')]);
    await mkdir(folder, { recursive: true });
    const files = unzipSync(await readFile(await saved.path()));
    for (const [name, bytes] of Object.entries(files)) await writeFile(`${folder}/${name}`, bytes);
    await tf.setBackend('cpu');
    const model = await SaladModel.load(fileSystem(folder));
    const { scores } = await model.scoreFiles([film], { decoders: [nodeImages()] });
    model.dispose();
    const [[, , shown]] = await rowsOf(page);
    // The table shows three digits.
    expect(Math.abs(Number(shown) - scores[0])).toBeLessThan(0.00051);
    expect(complaints).toEqual([]);
  });

  it('learns a folder of films with a folder for each class', async () => {
    for (const [label, name] of ['normal', 'abnormal'].entries()) {
      await mkdir(`${folder}-films/${name}`, { recursive: true });
      const ofClass = testFilms.labels.flatMap((one, i) => (one === label ? [i] : []));
      for (const i of ofClass.slice(0, label === 0 ? 40 : 8))
        await writeFile(`${folder}-films/${name}/patient${i}_1.png`, await pngOf(filmAt(i)));
    }
    const { page, complaints } = await built.open('#training');
    await page.check('input[value="own"]');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('#train')]);
    await chooser.setFiles(`${folder}-films`);
    await page.waitForSelector('#train-stop:visible');
    await idle(page);
    expect(await page.textContent('#training-films-text')).toBe(
      "Learnt and validating films share none of 48 patients, by names of folders or files such as 'patient00001'.",
    );
    expect(await page.textContent('#training-result')).toMatch(
      /Validation AUC .* \(computed from 8 normal images\)/,
    );
    await page.click('#use-trained');
    await page.waitForURL(/#films$/);
    await expect
      .poll(() => page.textContent('#model-line'), SOON)
      .toContain('32 normal films of your own');
    expect(complaints).toEqual([]);
  });

  it('loads a model that Node saved, writes it as ONNX, and scores with that file', async () => {
    const { page, complaints } = await built.open('#model');
    const description = JSON.parse(await readFile(`${sample}/model.json`, 'utf8'));
    const [weights] = description.weightsManifest[0].paths;
    await page.setInputFiles('#model-files', [`${sample}/model.json`, `${sample}/${weights}`]);
    await expect.poll(() => page.textContent('#model-facts'), SOON).toContain('from model.json');
    expect(await page.textContent('#model-facts')).toContain('colour and shape alone');
    const [saved] = await Promise.all([page.waitForEvent('download'), page.click('#save-onnx')]);
    const bytes = await readFile(await saved.path());
    await tf.setBackend('cpu');
    const model = await SaladModel.load(fileSystem(sample));
    const { toOnnx } = await import('../../../src/onnx/index.js');
    const expected = await toOnnx(model);
    expect(Buffer.compare(bytes, Buffer.from(expected.bytes))).toBe(0);

    const film = await pngOf(filmAt(400));
    await page.setInputFiles('#model-files', { name: 'a.onnx', mimeType: '', buffer: bytes });
    await expect
      .poll(() => page.textContent('#model-facts'), { timeout: 60_000 })
      .toContain('from a.onnx');
    await drop(page, [{ name: 'film.png', bytes: film }]);
    await untilScored(page, 1);
    const { scores } = await model.scoreFiles([film], { decoders: [nodeImages()] });
    const [[, , shown]] = await rowsOf(page);
    expect(Math.abs(Number(shown) - scores[0])).toBeLessThan(0.00051);
    model.dispose();
    await page.click('nav a[href="#model"]');
    await page.setInputFiles('#model-files', [`${sample}/model.json`]);
    await expect
      .poll(() => page.textContent('#alert'), SOON)
      .toContain(`The weights '${weights}' are missing`);
    expect(complaints).toEqual([]);
  });
});

/** Waits until no run goes on. */
const idle = (page: Page) => page.waitForSelector('#train:visible', { timeout: 280_000 });
