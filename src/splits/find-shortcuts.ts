import { delongInterval } from '../metrics/delong.js';
import type { ImageRecord } from '../records/image-record.js';
import { attributeOf, attributes } from './attributes.js';
import type { InspectedImages } from './inspect-images.js';
import type { Shortcut } from './shortcut.js';

/**
 * The shortcuts by attribute, the clearest first. An attribute is left out unless both classes have it in two images at least
 * and it differs among them.
 */
export function shortcutsOf(
  normal: readonly ImageRecord[],
  abnormal: readonly ImageRecord[],
  inspected?: InspectedImages,
): readonly Shortcut[] {
  const found = attributes.flatMap((attribute): Shortcut[] => {
    const labels: number[] = [];
    const values: (string | number)[] = [];
    [normal, abnormal].forEach((records, label) => {
      for (const record of records) {
        const value = attributeOf(record, attribute, inspected);
        if (value === undefined) continue;
        values.push(value);
        labels.push(label);
      }
    });
    const anomalies = labels.filter((label) => label === 1).length;
    if (anomalies < 2 || labels.length - anomalies < 2 || new Set(values).size < 2) return [];
    const { scores, pointer } = scoresOf(values, labels);
    return [
      { attribute, area: delongInterval(scores, labels), images: labels.length, abnormal: pointer },
    ];
  });
  return found.sort((a, b) => b.area.estimate - a.area.estimate);
}

/** Scores that grow with the chance of abnormal, and what stands for the highest. */
function scoresOf(values: readonly (string | number)[], labels: readonly number[]) {
  if (values.every((value) => typeof value === 'number')) {
    const rising = delongInterval(values, labels).estimate >= 0.5;
    return {
      scores: values.map((value) => (rising ? value : -value)),
      pointer: rising ? 'higher' : 'lower',
    };
  }
  const counts = new Map<string | number, { images: number; abnormal: number }>();
  values.forEach((value, i) => {
    const { images, abnormal } = counts.get(value) ?? { images: 0, abnormal: 0 };
    counts.set(value, { images: images + 1, abnormal: abnormal + labels[i] });
  });
  const shares = new Map(
    Array.from(counts, ([value, { images, abnormal }]) => [value, abnormal / images]),
  );
  const [pointer] = [...shares].sort(([, a], [, b]) => b - a)[0];
  return { scores: values.map((value) => shares.get(value) ?? 0), pointer: String(pointer) };
}
