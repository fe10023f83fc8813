import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkReading, readRecord } from '../../src/data/read-record.js';
import { dicom } from '../../src/dicom/index.js';
import type { ImageRecipe } from '../../src/images/image-recipe.js';
import { nodeImages } from '../../src/node/index.js';
import { root } from '../safetensors/python.js';

/** A file's bytes, and what the model's file says of how files become pixels. */
export interface Film {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly recipe?: Partial<ImageRecipe>;
}

/** Pixels as the graph gets them, or why there are none. */
export interface Read {
  readonly shape?: readonly number[];
  readonly white?: number;
  readonly pixels?: Float32Array;
  readonly error?: string;
  readonly warnings?: number;
}

const program = `
import json, sys
sys.path.insert(0, "examples/python")
from pathlib import Path
from film_pixels import pixels_of
from film_recipe import recipe_of
from film_refused import Refused

for film in json.load(sys.stdin):
    try:
        recipe = recipe_of({"salad-ad.preparation": json.dumps({"recipe": film["recipe"]})})
        pixels, white = pixels_of(Path(film["path"]).read_bytes(), recipe)
        pixels.tofile(film["path"] + ".f32")
        print(json.dumps({"shape": pixels.shape, "white": white}))
    except Refused as error:
        print(json.dumps({"error": str(error)}))
`;

/** As examples/python reads them, all in one process. */
export function readByPython(films: readonly Film[]): Read[] {
  const folder = mkdtempSync(join(tmpdir(), 'salad-ad-pixels-'));
  try {
    const given = films.map(({ bytes, recipe = {} }, i) => {
      const path = join(folder, String(i));
      writeFileSync(path, bytes);
      return { path, recipe };
    });
    const python = process.env.SALAD_AD_PYTHON ?? 'python3';
    const options = { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
    const text = execFileSync(python, ['-c', program], {
      ...options,
      input: JSON.stringify(given),
    });
    const lines = text.trim().split('\n');
    return given.map(({ path }, i) => {
      const read = JSON.parse(lines[i]) as Read;
      if (read.error) return read;
      const { buffer, byteOffset, length } = readFileSync(`${path}.f32`);
      return { ...read, pixels: new Float32Array(buffer.slice(byteOffset, byteOffset + length)) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As the library reads them. */
export async function readByLibrary({ name, bytes, recipe = {} }: Film): Promise<Read> {
  const { decoders, channels, bitsStored } = recipe;
  const reading = checkReading('test', {
    open: async () => bytes,
    decoders: [dicom(decoders?.dicom), nodeImages()],
    channels,
    bitsStored,
  });
  try {
    const image = await readRecord('test', { path: name }, reading);
    const deep = image.pixels instanceof Uint16Array;
    return {
      shape: image.shape,
      white: deep ? 2 ** (image.bitsStored ?? 16) - 1 : 255,
      pixels: Float32Array.from(image.pixels),
      warnings: image.warnings?.length ?? 0,
    };
  } catch (error) {
    return { error: String(error) };
  }
}
