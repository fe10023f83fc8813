import { readFile } from 'node:fs/promises';
import { type ImageSource, npzSource, subset } from 'salad-ad/data';
import { sampleSource } from './src/training/sample-source.js';

const FILE = new URL('../data/chest-xray/cxr_pneumonia_64.npz', import.meta.url);

/** Films as bytes, and as a source whose recipe says how films in files are brought to their size. */
export interface SampleFilms {
  readonly pixels: Uint8Array;
  readonly labels: readonly number[];
  readonly source: ImageSource;
  /** Those without findings. */
  readonly normals: ImageSource;
}

/** The sample films of the page: normal ones to learn, and both kinds to validate. Kermany et al. 2018, CC BY 4.0. */
export async function sampleFilms(): Promise<
  Readonly<Record<'train' | 'validation' | 'test', SampleFilms>>
> {
  const bytes = new Uint8Array(await readFile(FILE));
  return {
    train: await films(onlyNormal(npzSource(bytes, { split: 'train' })), 'normal'),
    validation: await films(npzSource(bytes, { split: 'val' }), 'validation'),
    test: await films(npzSource(bytes, { split: 'test' }), 'test'),
  };
}

function onlyNormal(source: ImageSource): ImageSource {
  return subset(source, normalIndices(source.labels));
}

const normalIndices = (labels: ArrayLike<number> | undefined): number[] =>
  Array.from(labels ?? []).flatMap((label, i) => (label === 0 ? [i] : []));

async function films(source: ImageSource, name: string): Promise<SampleFilms> {
  const { pixels } = await source.read(Array.from({ length: source.length }, (_, i) => i));
  const labels = Array.from(source.labels ?? []);
  const made = sampleSource({ pixels: pixels as Uint8Array, labels, name });
  return {
    pixels: pixels as Uint8Array,
    labels,
    source: made,
    normals: subset(made, normalIndices(labels)),
  };
}
