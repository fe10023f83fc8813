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

  it('keeps the previous model whole, and nothing of the new one, when a save fails between its two files', async () => {
    await fileSystem(folder).save(artifacts(1, 2));
    // A folder where model.json would be written beside stops the save after the weights.
    await mkdir(join(folder, 'model.json.partial'));
    await expect(fileSystem(folder).save(artifacts(3, 4))).rejects.toThrow(
      /^fileSystem: '.*model\.json' could not be written \(EISDIR\).*\[WRITE_FAILED\]$/,
    );
    expect((await readdir(folder)).filter((name) => name.endsWith('.bin'))).toHaveLength(1);
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

  it('reads no file twice, whatever its manifest says, and none before the sizes fit', async () => {
    await fileSystem(folder).save(artifacts(1, 2, 3));
    const model = join(folder, 'model.json');
    const json = JSON.parse(await readFile(model, 'utf8'));
    const [{ paths, weights }] = json.weightsManifest;
    const often = [{ paths: new Array(100_000).fill(paths[0]), weights }];
    await writeFile(model, JSON.stringify({ ...json, weightsManifest: often }));
    await expect(fileSystem(folder).load()).rejects.toThrow(/names a file twice.*NOT_A_MODEL/);
    const huge = [{ paths, weights: [{ ...weights[0], shape: [2 ** 40] }] }];
    await writeFile(model, JSON.stringify({ ...json, weightsManifest: huge }));
    await expect(fileSystem(folder).load()).rejects.toThrow(/are 12 bytes.*TRUNCATED_MODEL/);
    for (const shape of [[-3], [1.5], 'three', [null]]) {
      const odd = [{ paths, weights: [{ ...weights[0], shape }] }];
      await writeFile(model, JSON.stringify({ ...json, weightsManifest: odd }));
      await expect(fileSystem(folder).load()).rejects.toThrow(/NOT_A_MODEL/);
    }
  });

  it('compares the weights with the hash in their name, where there is one', async () => {
    await fileSystem(folder).save(artifacts(1, 2, 3));
    const name = (await readdir(folder)).find((file) => file.endsWith('.bin')) ?? '';
    const bytes = await readFile(join(folder, name));
    for (const bit of [0, 31, 95]) {
      const damaged = Uint8Array.from(bytes);
      damaged[bit >> 3] ^= 1 << (bit & 7);
      await writeFile(join(folder, name), damaged);
      await expect(fileSystem(folder).load()).rejects.toThrow(/SHA-256.*MODEL_DAMAGED/);
    }
    // A name of somebody else's says nothing.
    await writeFile(join(folder, 'w.bin'), bytes);
    const model = join(folder, 'model.json');
    await writeFile(model, (await readFile(model, 'utf8')).replace(name, 'w.bin'));
    expect(join1((await fileSystem(folder).load()).weightData)).toEqual([1, 2, 3]);
  });

  it('takes folders in place of its files for no model', async () => {
    await mkdir(join(folder, 'model.json'));
    await expect(fileSystem(folder).load()).rejects.toThrow(
      /cannot be read \(EISDIR\).*NOT_A_MODEL/,
    );
    await rm(join(folder, 'model.json'), { recursive: true });
    await fileSystem(folder).save(artifacts(1));
    const name = (await readdir(folder)).find((file) => file.endsWith('.bin')) ?? '';
    await rm(join(folder, name));
    await mkdir(join(folder, name));
    await expect(fileSystem(folder).load()).rejects.toThrow(/no plain file.*TRUNCATED_MODEL/);
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
