import type { Decoder } from '../decoding/decoder.js';
import type { ImageRecipe } from '../images/image-recipe.js';
import type { DecodingOptions } from './decoding-options.js';

/**
 * How files are opened and decoded by recipe where the library runs. The import '#file-decoding' is one for Node or one for
 * browsers: package.json says which, so that no page is given modules of Node or packages that only Node needs.
 */
export interface FileDecoding {
  /** @throws IMAGE_UNREADABLE, IMAGE_TOO_LARGE; INVALID_OPTION where paths cannot be opened */
  open(where: string, path: string, maxPixels: number): Promise<Uint8Array>;
  decoders(where: string, told: ImageRecipe['decoders']): Promise<readonly Decoder[]>;
  /** Made from its recipe; undefined where it is not one of the library's that this place knows. */
  transform(recipe: NonNullable<ImageRecipe['transform']>): Promise<DecodingOptions['transform']>;
}
