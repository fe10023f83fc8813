import type { ImageSource } from '../images/image-source.js';
import { check } from '../support/check.js';
import type { Chosen } from './choose.js';
import { type Readings, readingsOf } from './readings.js';

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
  async scoredBy(chosen: Chosen, readouts: readonly string[]): Promise<Readings> {
    check(
      !this.#scored,
      'TEST_SELECTION',
      () => 'runExperiment: the test images of this run were scored before; expected one look.',
    );
    this.#scored = true;
    return readingsOf(chosen.trial, this.#images, readouts);
  }
}
