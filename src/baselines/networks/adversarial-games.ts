import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** What the two sides of an adversarial training minimise; verdicts are [batch, 1], higher = more real. */
export interface AdversarialGame {
  /** The adversary's, but for a gradient penalty. */
  judge(real: Tensor2D, made: Tensor2D): Scalar;
  /** The generator's. */
  fool(made: Tensor2D): Scalar;
}

/** mean softplus(-D(x)) + softplus(D(G)), and the generator's non-saturating mean softplus(-D(G)). */
const logistic: AdversarialGame = {
  judge: (real, made) =>
    tf.add(tf.mean<Scalar>(tf.softplus(tf.neg(real))), tf.mean<Scalar>(tf.softplus(made))),
  fool: (made) => tf.mean(tf.softplus(tf.neg(made))),
};

/** mean D(G) - D(x), and mean -D(G). */
const wasserstein: AdversarialGame = {
  judge: (real, made) => tf.sub(tf.mean<Scalar>(made), tf.mean<Scalar>(real)),
  fool: (made) => tf.neg(tf.mean<Scalar>(made)),
};

/**
 * @see Goodfellow et al., "Generative Adversarial Nets", NeurIPS 2014; Arjovsky et al., "Wasserstein GAN",
 * ICML 2017.
 */
export const adversarialGames = Object.freeze({ logistic, wasserstein });
