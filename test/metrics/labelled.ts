import fc from 'fast-check';

/** Scores on a coarse grid, so that ties are common, with both classes present. */
export const labelled = fc
  .array(
    fc.record({ score: fc.integer({ min: -8, max: 8 }), label: fc.integer({ min: 0, max: 1 }) }),
    { minLength: 2, maxLength: 40 },
  )
  .filter((images) => new Set(images.map((image) => image.label)).size === 2)
  .map((images) => ({
    scores: images.map((image) => image.score / 4),
    labels: images.map((image) => image.label),
  }));

/** Probabilities by twentieths with a label each; one class may be missing. */
export const forecasts = fc
  .array(
    fc.record({
      twentieth: fc.integer({ min: 0, max: 20 }),
      label: fc.integer({ min: 0, max: 1 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((images) => ({
    probabilities: images.map((image) => image.twentieth / 20),
    labels: images.map((image) => image.label),
  }));
