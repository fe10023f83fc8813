import { join } from 'node:path';
import type { ImageRecipe, ImageSource, Preparation } from 'salad-ad';
import { filesByRecipe } from './files-by-recipe.js';
import type { Part } from './training-parts.js';

/** The images of records as a model takes them, with their labels and patients. */
export async function labelledByRecipe(
  { root, records }: Part,
  preparation: Preparation,
  recipe?: Partial<ImageRecipe>,
): Promise<ImageSource> {
  const files = records.map(({ path }) => join(root, path));
  const source = await filesByRecipe(files, preparation, recipe);
  const known = (name: 'label' | 'patient') =>
    records.every((record) => record[name] !== undefined)
      ? records.map((record) => record[name])
      : undefined;
  const [labels, patients] = [known('label'), known('patient')];
  return {
    ...source,
    ...(labels && { labels: labels as number[] }),
    ...(patients && { patients: patients as string[] }),
  };
}
