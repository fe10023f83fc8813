import { checkRecipe } from '../images/image-recipe.js';
import type { ImageSource } from '../images/image-source.js';
import { asSource, type Images } from '../learning/as-source.js';
import { checkChoice } from '../support/check.js';
import type { Network } from './network.js';

/** Whose recipe images must be made by: the model's, or, where the caller insists, whatever their source says. */
export type WhoseRecipe = 'model' | 'source';

/**
 * Images as a source, made as those that the model learnt from were.
 *
 * @throws RECIPE_MISMATCH, and what `asSource` throws
 */
export async function modelSource(
  where: string,
  { preparation }: Pick<Network, 'preparation'>,
  images: Images,
  recipe: WhoseRecipe = 'model',
): Promise<ImageSource> {
  checkChoice(where, 'recipe', recipe, ['model', 'source']);
  const source = await asSource(where, images);
  if (recipe === 'model') checkRecipe(where, preparation, source);
  return source;
}
