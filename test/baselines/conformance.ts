import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Detector,
  type DetectorScores,
  detectorFromConfig,
  loadDetector,
} from '../../src/baselines/index.js';
import type { ImageSource } from '../../src/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { codeOf, memoryFile, mixed, normals } from '../model/tiny.js';
import { type BackendName, expectNoLeak, useBackend } from '../support/backends.js';

/** A detector that is to keep what `Detector` promises. */
export interface DetectorCase {
  /** A new one, for images of 8 x 8 pixels; two epochs at the least where it learns in epochs. */
  create(seed: number): Detector;
  readonly usesLabels: boolean;
  /** Whether it learns in epochs: those are told of, and a run can be aborted or stopped between two. */
  readonly epochs: boolean;
  /** Whether another seed gives other scores. */
  readonly drawn: boolean;
  /** Where the detector is not to be tried on plain JavaScript. */
  readonly backends?: readonly BackendName[];
}

const NORMALS = 14;
const ANOMALIES = 4;
const train = () => mixed(NORMALS, ANOMALIES);
const test = () => mixed(5, 4, 2);

async function fitted(detector: Detector, source: ImageSource = train()): Promise<Detector> {
  await detector.fit(source);
  return detector;
}

async function scoresOf(detector: Detector, images: ImageSource = test()): Promise<number[]> {
  return Array.from((await detector.score(images)).scores);
}

/** What every detector promises, whatever it is. */
export function describeDetector(name: string, detectorCase: DetectorCase): void {
  const { create, usesLabels, epochs, drawn, backends = ['cpu', 'wasm'] } = detectorCase;
  describe.each(backends)(`${name} is a Detector (%s)`, (backend) => {
    beforeAll(async () => {
      await useBackend(backend);
      if (backend === 'wasm') await enableWasmTraining();
    });

    it('gives every image a finite score, and not one to all, and leaves no tensor behind', async () => {
      let result: DetectorScores | undefined;
      await expectNoLeak(async () => {
        const detector = create(1);
        await detector.fit(train(), { validation: mixed(3, 3, 3) });
        result = await expectNoLeak(() => detector.score(test()));
        detector.dispose();
        detector.dispose();
      });
      const { ids, scores } = result as DetectorScores;
      expect(ids).toEqual(test().ids);
      expect(scores).toBeInstanceOf(Float32Array);
      expect(scores.length).toBe(ids.length);
      expect([...scores].every(Number.isFinite)).toBe(true);
      expect(new Set(scores).size).toBeGreaterThan(1);
    });

    it(`repeats itself from a seed${drawn ? ', and only from that' : ''}`, async () => {
      const detectors = [create(1), create(1), create(2)];
      const scores: number[][] = [];
      for (const detector of detectors) scores.push(await scoresOf(await fitted(detector)));
      expect(scores[1]).toEqual(scores[0]);
      if (drawn) expect(scores[2]).not.toEqual(scores[0]);
      for (const detector of detectors) detector.dispose();
    });

    it('scores an image alike in any company', async () => {
      const detector = await fitted(create(1));
      const all = await scoresOf(detector, mixed(5, 4, 2));
      const [alone] = await scoresOf(detector, mixed(1, 0, 2));
      expect(alone).toBeCloseTo(all[0], 4);
      detector.dispose();
    });

    it('is the same once it was saved and loaded', async () => {
      const detector = await fitted(create(1));
      const before = await scoresOf(detector);
      const file = memoryFile();
      await expectNoLeak(() => detector.save(file));
      const { name: savedName, config } = detector;
      detector.dispose();
      await expectNoLeak(async () => {
        const loaded = await loadDetector(file);
        expect(loaded.name).toBe(savedName);
        expect(loaded.config).toEqual(config);
        expect(loaded.usesLabels).toBe(usesLabels);
        expect(await scoresOf(loaded)).toEqual(before);
        loaded.dispose();
      });
    });

    it('is made anew from its config', async () => {
      const detector = await fitted(create(1));
      const config = JSON.parse(JSON.stringify(detector.config));
      const twin = await fitted(await detectorFromConfig(config));
      expect(await scoresOf(twin)).toEqual(await scoresOf(detector));
      detector.dispose();
      twin.dispose();
    });

    it(`${usesLabels ? 'learns from' : 'ignores'} labels, as it says`, async () => {
      const detector = await fitted(create(1));
      expect(detector.usesLabels).toBe(usesLabels);
      const oneLess = Array.from(train().labels ?? [], (label, i) => (i === NORMALS ? 0 : label));
      const twin = await fitted(create(1), { ...train(), labels: oneLess });
      const [scores, others] = [await scoresOf(detector), await scoresOf(twin)];
      if (usesLabels) expect(others).not.toEqual(scores);
      else expect(others).toEqual(scores);
      detector.dispose();
      twin.dispose();
    });

    it('refuses to score or save before it has learnt, and anything once it is gone', async () => {
      const detector = create(1);
      expect(await codeOf(detector.score(test()))).toBe('NOT_FITTED');
      detector.dispose();
      expect(await codeOf(detector.score(test()))).toBe('DISPOSED');
      expect(await codeOf(detector.save(memoryFile()))).toBe('DISPOSED');
      expect(await codeOf(detector.fit(train()))).toBe('DISPOSED');
    });

    it('learns once', async () => {
      const detector = await fitted(create(1));
      expect(await codeOf(detector.fit(train()))).toBe('ALREADY_FITTED');
      detector.dispose();
    });

    it('refuses patients that are in training and in validation', async () => {
      const detector = create(1);
      const validation = { ...normals(2, 4), patients: ['a', 'b'] };
      const source = { ...train(), patients: train().ids.map((_, i) => (i === 3 ? 'b' : `p${i}`)) };
      expect(await codeOf(detector.fit(source, { validation }))).toBe('PATIENT_OVERLAP');
      detector.dispose();
    });

    it('gives up when it is told to before it has begun', async () => {
      const detector = create(1);
      const reason = new Error('enough');
      const fit = expectNoLeak(() =>
        detector.fit(train(), { signal: AbortSignal.abort(reason) }).catch((error) => error),
      );
      expect(await fit).toBe(reason);
      detector.dispose();
    });

    if (!epochs) return;

    it('gives up between two epochs, and leaves nothing behind', async () => {
      const abort = new AbortController();
      const reason = new Error('enough');
      const onEpochEnd = () => abort.abort(reason);
      await expectNoLeak(async () => {
        const detector = create(1);
        const fit = detector.fit(train(), { signal: abort.signal, callbacks: { onEpochEnd } });
        await expect(fit).rejects.toBe(reason);
        detector.dispose();
      });
    });

    it('tells of every epoch, and stops where a callback says so', async () => {
      const told: number[] = [];
      const logged: number[] = [];
      const detector = create(1);
      const history = await detector.fit(train(), {
        validation: mixed(3, 3, 3),
        callbacks: {
          onEpochEnd: (epoch, logs) => {
            told.push(epoch);
            logged.push(logs?.loss ?? Number.NaN);
            return epoch < 1;
          },
        },
      });
      expect(told).toEqual([0, 1]);
      expect(logged.every(Number.isFinite)).toBe(true);
      expect(history.stopped).toBe(true);
      expect(history.epochs.map(({ loss }) => loss)).toEqual(logged);
      expect(history.epochs[1].validationAuc).toBeGreaterThanOrEqual(0);
      expect((await scoresOf(detector)).every(Number.isFinite)).toBe(true);
      detector.dispose();
    });
  });
}
