import { readFile } from 'node:fs/promises';
import { drawKnownAnomalies, type ImageSource, npzSource, subset } from 'salad-ad/data';

/** A source whose images are all labelled. */
export type LabelledSource = ImageSource & { readonly labels: ArrayLike<number> };

/** The three splits; no patient is in two of them. */
export interface ChestXrays {
  /** Normal films, and with an anomaly ratio above 0 some known anomalies. */
  readonly train: LabelledSource;
  /** For choosing and for the threshold. */
  readonly validation: LabelledSource;
  readonly test: LabelledSource;
}

const FILE = new URL('../data/chest-xray/cxr_pneumonia_64.npz', import.meta.url);

/** Kermany et al. 2018, CC BY 4.0; see examples/data/chest-xray/README.md. */
export async function loadChestXrays(options: {
  anomalyRatio: number;
  seed: number;
}): Promise<ChestXrays> {
  const bytes = new Uint8Array(await readFile(FILE));
  const split = (name: 'train' | 'val' | 'test') => labelled(npzSource(bytes, { split: name }));
  const pool = split('train');
  const { anomalyRatio: ratio, seed } = options;
  const chosen = drawKnownAnomalies(pool.labels, { ratio, form: 'added', seed });
  return {
    train: labelled(subset(pool, chosen)),
    validation: split('val'),
    test: split('test'),
  };
}

/** @throws where the images have no labels */
export function labelled(source: ImageSource): LabelledSource {
  if (!source.labels) throw new Error('expected images with labels');
  return source as LabelledSource;
}
