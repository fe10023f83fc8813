import { SaladModel, type SaladSettings } from 'salad-ad';

/** The model of this example: the library's defaults at `size`, for films of any proportions. */
export function chestModel({
  size,
  seed,
  ...settings
}: { size: number; seed: number } & Partial<SaladSettings>): SaladModel {
  return SaladModel.create({
    backbone: { kind: 'convAutoencoder', inputShape: [size, size, 1] },
    resize: { method: 'area', fit: 'stretch' },
    seed,
    ...settings,
  });
}
