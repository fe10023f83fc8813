import { SaladModel, type SaladSettings } from 'salad-ad';

/**
 * What the validation films of this example chose, with the weights of the best epoch. The library's defaults, a smaller
 * latent term and fewer neighbours, suit films that nobody has looked at yet: see docs/results.md.
 */
export const chestSettings = { latentWeight: 0.3, scoreNeighbors: 100 } as const;

/** The model of this example. */
export function chestModel({
  size,
  seed,
  ...settings
}: { size: number; seed: number } & Partial<SaladSettings>): SaladModel {
  return SaladModel.create({
    backbone: { kind: 'convAutoencoder', inputShape: [size, size, 1] },
    resize: { method: 'area', fit: 'stretch' },
    keep: 'bestValidation',
    ...chestSettings,
    seed,
    ...settings,
  });
}
