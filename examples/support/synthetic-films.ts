import { arraySource, type ImageSource } from 'salad-ad';

/**
 * Made-up films, so that an example runs in seconds without data: soft slanted bands, a little
 * noise, and in the last `anomalies` of them a bright disc.
 */
export function syntheticFilms(options: {
  count: number;
  anomalies?: number;
  size?: number;
  seed: number;
}): ImageSource {
  const { count, anomalies = 0, size = 16, seed } = options;
  const random = randomNumbers(seed);
  const pixels = new Float32Array(count * size * size);
  const labels = Array.from({ length: count }, (_, i) => (i < count - anomalies ? 0 : 1));
  labels.forEach((label, image) => {
    const phase = 2 * Math.PI * random();
    const slant = 0.6 * random();
    const [centreX, centreY] = [random(), random()].map((u) => size * (0.3 + 0.4 * u));
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const band = Math.sin((2 * Math.PI * (2 * y + slant * x)) / size + phase);
        const disc = label && Math.hypot(x - centreX, y - centreY) < size / 6 ? 0.5 : 0;
        const value = 0.4 + 0.15 * band + disc + 0.05 * (random() - 0.5);
        pixels[(image * size + y) * size + x] = Math.min(1, Math.max(0, value));
      }
    }
  });
  return arraySource({ pixels, shape: [size, size, 1], labels });
}

/** Uniform numbers in [0, 1) from a seed (Lehmer's generator). */
function randomNumbers(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
