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

/** What the splits are drawn from: all films of the training part, normal and abnormal. Kermany et al. 2018, CC BY 4.0. */
export async function loadPool(): Promise<ChestXrays> {
  const bytes = new Uint8Array(await readFile(FILE));
  const part = (split: 'train' | 'val' | 'test') => labelled(npzSource(bytes, { split }));
  return { train: part('train'), validation: part('val'), test: part('test') };
}

export async function loadChestXrays(options: {
  anomalyRatio: number;
  seed: number;
}): Promise<ChestXrays> {
  const { train, ...others } = await loadPool();
  const { anomalyRatio: ratio, seed } = options;
  const chosen = drawKnownAnomalies(train.labels, { ratio, form: 'added', seed });
  return { train: labelled(subset(train, chosen)), ...others };
}

/** @throws where the images have no labels */
export function labelled(source: ImageSource): LabelledSource {
  if (!source.labels) throw new Error('expected images with labels');
  return source as LabelledSource;
}
