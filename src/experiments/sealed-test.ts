import type { ImageSource } from '../images/image-source.js';
import { check } from '../support/check.js';
import type { Chosen } from './choose.js';
import { type ScoresByMethod, scoresOf } from './scores-by-method.js';

/**
 * Test images that are scored once, by a detector about which everything is fixed.
 *
 * Whatever fits and chooses is never given them: the images lie in a private field that only `scoredBy` reads.
 */
export class SealedTest {
  readonly #images: ImageSource;
  #scored = false;

  constructor(images: ImageSource) {
    this.#images = images;
  }

  /** @throws TEST_SELECTION where they were scored before */
  async scoredBy(chosen: Chosen, methods: readonly string[]): Promise<ScoresByMethod> {
    check(
      !this.#scored,
      'TEST_SELECTION',
      () =>
        'runExperiment: the test images of this run were scored before; expected a single evaluation.',
    );
    this.#scored = true;
    return scoresOf('runExperiment', chosen.trial, this.#images, methods);
  }
}
