import { subset } from '../../data/combine.js';
import type { ImageSource } from '../../images/image-source.js';
import type { ImageProblem } from '../../images/problems.js';
import type { ScoreOptions } from '../../model/compare.js';
import type { SaladModel } from '../../model/salad-model.js';
import { namingCall } from '../../support/errors.js';
import type { Term, TermName } from './terms.js';

/** Each term of the images that every model could read. */
export interface TermValues {
  /** Which images. */
  readonly indices: readonly number[];
  /** [terms][images], in the units of each. */
  readonly values: ReadonlyMap<TermName, Float32Array>;
  /** The other images. */
  readonly problems: readonly ImageProblem[];
}

/** Reads terms of images: one pass through a network for embedding and cells, another one for the error. */
export async function termValues(
  where: string,
  models: Readonly<Record<string, SaladModel>>,
  terms: readonly Term[],
  source: ImageSource,
  options: ScoreOptions,
): Promise<TermValues> {
  const values = new Map<TermName, Map<number, number>>();
  const problems = new Map<number, ImageProblem>();
  let left = Array.from({ length: source.length }, (_, i) => i);
  const keep = (name: TermName, scores: ArrayLike<number>, indices: readonly number[]) => {
    values.set(name, new Map(indices.map((index, i) => [index, scores[i]])));
  };
  for (const [name, model] of Object.entries(models)) {
    const own = terms.filter((term) => term.model === name && term.reading !== 'error');
    if (own.length === 0 || left.length === 0) continue;
    const { ownRows } = options;
    const result = await namingCall(where, () =>
      model.score(part(source, left), {
        ...options,
        ...(ownRows && { ownRows: left.map((index) => ownRows[index]) }),
      }),
    );
    for (const problem of result.problems ?? [])
      problems.set(left[problem.index], { ...problem, index: left[problem.index] });
    if (result.indices) left = result.indices.map((i) => left[i]);
    const { method } = model.settings;
    for (const { name, reading } of own)
      keep(name, reading === 'cells' ? (result.cells as Float32Array) : result[method], left);
  }
  // Last, for here every image must be readable.
  for (const { name, model, reading } of terms) {
    if (reading !== 'error' || left.length === 0) continue;
    const { signal } = options;
    const errors = await namingCall(where, () =>
      models[model].reconstructionErrors(part(source, left), { signal }),
    );
    keep(name, errors, left);
  }
  const inOrder = terms.map(({ name }): [TermName, Float32Array] => [
    name,
    Float32Array.from(left, (index) => values.get(name)?.get(index) as number),
  ]);
  return { indices: left, values: new Map(inOrder), problems: [...problems.values()] };
}

/** Some images of a source, which is itself where they are all. */
function part(source: ImageSource, indices: readonly number[]): ImageSource {
  return indices.length === source.length ? source : subset(source, indices);
}
