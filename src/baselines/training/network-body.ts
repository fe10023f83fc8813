import type { NamedTensorMap, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Weights, weightsOf } from '../../learning/weights.js';
import { check } from '../../support/check.js';
import { meanOfEach } from '../../support/sums.js';
import type { DetectorBody } from '../detector/body.js';
import type { PixelBlock } from '../detector/pixel-block.js';

/** Images as the network takes them. */
export function imagesTensor({ values, shape }: PixelBlock): Tensor4D {
  return tf.tensor4d(values, [...shape]);
}

/** The mean square of every image's pixels, [batch]. */
export function meanSquares(x: Tensor4D): Tensor1D {
  return meanOfEach(tf.square(x));
}

/** A body whose knowledge is the variables of a network. */
export function networkBody(parts: {
  readonly weights: Weights;
  readonly learn: DetectorBody['learn'];
  /** [batch], in inference; called inside `tf.tidy`. */
  scores(images: PixelBlock): Tensor1D;
}): DetectorBody {
  const variables = weightsOf(parts.weights);
  return {
    learn: parts.learn,
    async scores(images) {
      const scores = tf.tidy(() => parts.scores(images));
      try {
        return await scores.data();
      } finally {
        scores.dispose();
      }
    },
    pack() {
      const tensors: NamedTensorMap = {};
      variables.forEach((variable, i) => {
        tensors[`weights/${i}`] = tf.clone(variable);
      });
      return { tensors, facts: {} };
    },
    unpack(where, { tensors }) {
      check(
        Object.keys(tensors).length === variables.length &&
          variables.every(({ shape }, i) =>
            tf.util.arraysEqual(shape, tensors[`weights/${i}`]?.shape ?? []),
          ),
        'NOT_A_MODEL',
        () =>
          `${where}: the file's weights are not those of the network that its options describe; expected a file as save wrote it.`,
      );
      variables.forEach((variable, i) => {
        variable.assign(tensors[`weights/${i}`]);
      });
    },
    dispose: () => tf.dispose([...variables]),
  };
}
