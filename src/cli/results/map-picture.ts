import type { ImageSource, SaladModel } from 'salad-ad';
import type { Picture } from 'salad-ad/explain';
import type { Speaker } from '../frame/command.js';
import { library } from '../frame/library.js';

/** How a map is computed. */
export type MapMethod = 'gradient' | 'reconstruction' | 'occlusion' | 'cells';

/** Pictures are shown at least so large. */
const SHOWN = 512;

/** The map of an encoder that cannot draw is that of its cells. */
export const mapMethod = (model: SaladModel): 'gradient' | 'cells' =>
  'decode' in model.backbone && model.backbone.decode ? 'gradient' : 'cells';

/** One image with its map over it. */
export async function mapPicture(
  model: SaladModel,
  source: ImageSource,
  index: number,
  method: MapMethod,
  { signal }: Speaker,
): Promise<Picture> {
  const { anomalyMaps, overlay } = library('salad-ad/explain');
  const { resize, subset, toUnitRange } = library('salad-ad/data');
  const one = subset(source, [index]);
  const [map] = await anomalyMaps(model, one, { method, signal });
  const { shape, ...batch } = await one.read([0]);
  const [height, width, channels] = shape;
  const times = Math.max(1, Math.ceil(SHOWN / Math.max(height, width)));
  const size = [height * times, width * times] as const;
  const unit = toUnitRange({ ...batch, shape });
  const policy = { method: 'bilinear', fit: 'stretch' } as const;
  const pixels = times === 1 ? unit : resize(unit, [1, height, width, channels], size, policy);
  return overlay({ pixels, shape: [...size, channels] }, map);
}
