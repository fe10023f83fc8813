import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileSystem } from '../../src/node/file-system.js';
import { weightBytes } from '../../src/node/weight-bytes.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'salad-ad-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const numbers = (...values: number[]) => Float32Array.from(values).buffer;
const artifacts = (...values: number[]): tf.io.ModelArtifacts => ({
  format: 'salad-ad',
  generatedBy: 'salad-ad 0',
  weightSpecs: [{ name: 'bank', shape: [values.length], dtype: 'float32' }],
  weightData: numbers(...values),
  userDefinedMetadata: { formatVersion: 1, ids: ['a', 'ä'] },
});
const join1 = (data: tf.io.WeightData | undefined) => [
  ...new Float32Array(tf.io.CompositeArrayBuffer.join(data)),
];

describe('fileSystem', () => {
  it('gives back what was saved', async () => {
    const nested = join(folder, 'a', 'b');
    const { modelArtifactsInfo } = await fileSystem(nested).save(artifacts(1, 2, 3));
    expect(modelArtifactsInfo.weightDataBytes).toBe(12);
    expect(await fileSystem(nested).load()).toEqual(artifacts(1, 2, 3));
  });

  it('takes weights in several buffers', async () => {
    const split = { ...artifacts(1, 2, 3), weightData: [numbers(1), numbers(2, 3)] };
    await fileSystem(folder).save(split);
    expect(join1((await fileSystem(folder).load()).weightData)).toEqual([1, 2, 3]);
  });

  it('keeps the topology and training configuration of a tfjs model', async () => {
    const modelTopology = { class_name: 'Sequential' };
    const signature = { inputs: {} };
    await fileSystem(folder).save({ ...artifacts(1), modelTopology, signature });
    expect(await fileSystem(folder).load()).toEqual({ ...artifacts(1), modelTopology, signature });
  });

  it('saves and loads a model without weights', async () => {
    const bare = { weightSpecs: [], weightData: new ArrayBuffer(0), format: 'salad-ad' };
    await fileSystem(folder).save(bare);
    expect(await fileSystem(folder).load()).toEqual(bare);
  });

  it('holds one model: older and half-written weights go after a save', async () => {
    await fileSystem(folder).save(artifacts(1));
    const stray = 'weights-0123456789abcdef.bin.partial';
    await writeFile(join(folder, stray), 'cut');
    await writeFile(join(folder, 'weights-notes.txt'), 'mine');
    await fileSystem(folder).save(artifacts(2));
    const names = (await readdir(folder)).sort();
    expect(names).toEqual([
      'model.json',
      expect.stringMatching(/^weights-\w{16}\.bin$/),
      'weights-notes.txt',
    ]);
    expect(join1((await fileSystem(folder).load()).weightData)).toEqual([2]);
  });

  it('keeps the previous model whole when a save dies between its two files', async () => {
    await fileSystem(folder).save(artifacts(1, 2));
    // A folder where model.json would be written beside stops the save after the weights.
    await mkdir(join(folder, 'model.json.partial'));
    await expect(fileSystem(folder).save(artifacts(3, 4))).rejects.toThrow();
    expect((await readdir(folder)).filter((name) => name.endsWith('.bin'))).toHaveLength(2);
    expect(await fileSystem(folder).load()).toEqual(artifacts(1, 2));
  });

  it('writes what a browser loads over http', async () => {
    await fileSystem(folder).save({ ...artifacts(5, 6), modelTopology: { any: 1 } });
    const asked: string[] = [];
    const server = createServer(async (request, response) => {
      asked.push(String(request.url));
      response.end(await readFile(join(folder, String(request.url))));
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    try {
      const { port } = server.address() as AddressInfo;
      const loaded = await tf.io.http(`http://127.0.0.1:${port}/model.json`).load?.();
      expect(join1(loaded?.weightData)).toEqual([5, 6]);
      expect(loaded).toMatchObject({ ...artifacts(5, 6), weightData: expect.anything() });
      expect(asked).toEqual(['/model.json', expect.stringMatching(/^\/weights-\w{16}\.bin$/)]);
    } finally {
      server.close();
    }
  });

  it('says what is not a model', async () => {
    const load = () => fileSystem(folder).load();
    await expect(fileSystem(join(folder, 'none')).load()).rejects.toThrow(
      /does not exist.*NOT_A_MODEL/,
    );
    await expect(load()).rejects.toThrow(/model\.json' does not exist.*NOT_A_MODEL/);
    const model = join(folder, 'model.json');
    await expect(fileSystem(model).load()).rejects.toThrow(/NOT_A_MODEL/);
    await writeFile(model, '{"weightsManifest": [');
    await expect(load()).rejects.toThrow(/is not JSON.*NOT_A_MODEL/);
    for (const other of ['{}', 'null', '[1]', '{"weightsManifest": [{"paths": ["w.bin"]}]}']) {
      await writeFile(model, other);
      await expect(load()).rejects.toThrow(/no manifest of weights.*NOT_A_MODEL/);
    }
  });

  it('reads no file outside the folder', async () => {
    await writeFile(join(folder, 'secret'), 'four');
    const inner = join(folder, 'inner');
    await mkdir(inner);
    const manifest = [
      { paths: ['../secret'], weights: [{ name: 'w', shape: [1], dtype: 'float32' }] },
    ];
    await writeFile(join(inner, 'model.json'), JSON.stringify({ weightsManifest: manifest }));
    await expect(fileSystem(inner).load()).rejects.toThrow(/NOT_A_MODEL/);
  });

  it.each([
    ['fewer', (bytes: Buffer) => bytes.subarray(0, 9), /are 9 bytes; expected 12.*TRUNCATED_MODEL/],
    ['no', () => Buffer.alloc(0), /are 0 bytes; expected 12.*TRUNCATED_MODEL/],
    ['more', (bytes: Buffer) => Buffer.concat([bytes, bytes]), /are 24 bytes.*TRUNCATED_MODEL/],
  ])('refuses weights of %s bytes', async (_, change, message) => {
    await fileSystem(folder).save(artifacts(1, 2, 3));
    const name = (await readdir(folder)).find((file) => file.endsWith('.bin')) ?? '';
    await writeFile(join(folder, name), change(await readFile(join(folder, name))));
    await expect(fileSystem(folder).load()).rejects.toThrow(message);
    await rm(join(folder, name));
    await expect(fileSystem(folder).load()).rejects.toThrow(
      /model\.json names it.*TRUNCATED_MODEL/,
    );
  });
});

describe('weightBytes', () => {
  it('counts by type, shape and quantisation', () => {
    const spec = (dtype: string, shape: number[], quantization?: string) =>
      ({
        name: 'w',
        shape,
        dtype,
        ...(quantization && { quantization: { dtype: quantization } }),
      }) as tf.io.WeightsManifestEntry;
    expect(weightBytes([])).toBe(0);
    expect(weightBytes([spec('float32', [2, 3]), spec('int32', []), spec('bool', [5])])).toBe(
      2 * 3 * 4 + 4 + 5,
    );
    expect(weightBytes([spec('float32', [7], 'uint8'), spec('float32', [7], 'float16')])).toBe(
      7 + 14,
    );
    expect(weightBytes([spec('complex64', [3]), spec('float32', [0])])).toBe(24);
    expect(weightBytes([spec('float32', [1]), spec('string', [1])])).toBeUndefined();
  });
});
