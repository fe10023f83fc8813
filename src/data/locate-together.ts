import type { ImageSource, LocatedImages } from '../images/image-source.js';

/**
 * How several sources behind one another are located: where threads open the same for all of them and
 * read items of it, such as the records of training and test set in one folder; otherwise they are not located.
 */
export function locateTogether(
  sources: readonly ImageSource[],
  placeOf: (index: number) => { readonly source: number; readonly position: number },
): Pick<ImageSource, 'locate'> {
  const firsts = sources.map((source) => source.locate?.([0]));
  const opened = ({ module, open, argument }: LocatedImages) =>
    JSON.stringify([module, open, argument]);
  const [first] = firsts;
  if (!first || !firsts.every((one) => one?.items && opened(one) === opened(first))) return {};
  return {
    locate(indices) {
      const located = Array.from(indices, (index) => {
        const { source, position } = placeOf(index);
        return sources[source].locate?.([position]);
      });
      return {
        ...first,
        indices: located.flatMap((one) => one?.indices ?? []),
        items: located.flatMap((one) => one?.items ?? []),
      };
    },
  };
}
