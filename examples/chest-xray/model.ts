import { convAutoencoder, SaladModel, type SaladSettings } from 'salad-ad';

/** The model of this example: the library's defaults, and the weights that validation likes best. */
export function chestModel({
  size,
  seed,
  ...settings
}: { size: number; seed: number } & Partial<SaladSettings>): SaladModel {
  return SaladModel.create({
    backbone: convAutoencoder({ inputShape: [size, size, 1], seed }),
    resize: { method: 'area', fit: 'stretch' },
    keep: 'best-validation',
    seed,
    ...settings,
  });
}
