/** `holdOut` as it stands on the line: `hold-out`. */
export const flagOf = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The known name that is nearest to one that is not, for "did you mean". */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, distance: distance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= 2 ? best.candidate : undefined;
}

/** How many letters have to be put in, taken out or changed. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row.push(
        Math.min(
          previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1),
          previous[j] + 1,
          row[j - 1] + 1,
        ),
      );
    previous = row;
  }
  return previous[b.length];
}

/** '1 image', '2 images'. */
export const imagesText = (count: number): string => `${count} ${count === 1 ? 'image' : 'images'}`;
