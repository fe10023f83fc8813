import type { ModelDescription } from '../model/model-file.js';

/** What every file says of itself. */
export const NOTICE =
  'Research software, not a medical device: a score is no diagnosis. Scores films by SALAD (Bozorgtabar et al., MICCAI 2020). The weights and the bank come of the images that the model learnt from: whoever passes on the file needs the right to that.';

/** What a file says of its model, by keys of its metadata; values are JSON where they are no text. */
export function metadataOf(
  description: ModelDescription,
  held: { readonly weights: string; readonly bank: string; readonly bankLoss: number },
): Record<string, string> {
  const { settings, backbone, imageNormalization, resize, recipe, threshold, history } =
    description;
  const json = {
    'salad-ad.settings': settings,
    'salad-ad.backbone': backbone,
    'salad-ad.imageNormalization': imageNormalization,
    'salad-ad.resize': resize,
    'salad-ad.recipe': recipe,
    'salad-ad.threshold': threshold,
  };
  const known = Object.entries(json).filter(([, value]) => value !== undefined);
  return {
    'salad-ad.notice': NOTICE,
    'salad-ad.held': JSON.stringify(held),
    'salad-ad.epochs': String(history.length),
    'salad-ad.verdicts': JSON.stringify({ 0: 'normal', 1: 'anomalous', 2: 'invalid' }),
    ...Object.fromEntries(known.map(([key, value]) => [key, JSON.stringify(value)])),
  };
}
