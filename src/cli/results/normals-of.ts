import { unusable } from '../frame/failure.js';
import { detectorOf, modelAt } from '../frame/load-model.js';

/** What a model keeps of its validation normals. */
export interface Normals {
  readonly threshold?: number;
  readonly normalScores: readonly number[];
}

/** Read from the description of a model; no weight is loaded. @throws Failure for a model that has no scores of normals */
export async function normalsOf(path: string): Promise<Normals> {
  const place = await modelAt(path);
  if (place.kind === 'onnx')
    throw unusable(`'${path}' is an exported file; name the folder that it was exported from`);
  const { saladAd, saladAdDetector } = place.metadata;
  const { threshold, normalScores } =
    place.kind === 'salad' ? Object(saladAd) : Object(Object(saladAdDetector).facts?.calibration);
  if (!Array.isArray(normalScores?.all))
    throw unusable(
      `'${path}' (${place.kind === 'salad' ? 'a model of `salad-ad fit`' : detectorOf(place.metadata).kind}) holds no scores of normal images, which \`salad-ad calibrate\` gives a model`,
    );
  return {
    normalScores: normalScores.all,
    ...(typeof threshold?.value === 'number' && { threshold: threshold.value }),
  };
}
