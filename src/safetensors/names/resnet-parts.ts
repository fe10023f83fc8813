import { halvings } from '../../backbones/layers/upsample.js';
import type { ResnetAutoencoderOptions } from '../../backbones/resnet-autoencoder.js';
import { matrix } from '../layouts.js';
import { convolution, expansion, lastConvolution, linear, type Part } from './parts.js';

const RESNET_STAGES = [0, 1, 2, 3];

/** The parts of resnetAutoencoder, in their order. */
export function resnetParts(options: Required<ResnetAutoencoderOptions>): Part[] {
  const { inputShape, width, decodeFrom, embeddingSize } = options;
  const [height, wide] = halvings(inputShape, RESNET_STAGES.length)[RESNET_STAGES.length];
  const doublings = Math.max(0, Math.ceil(Math.log2(Math.max(height, wide) / 4)));
  const [rows, columns] = halvings([height, wide], doublings)[doublings];
  const own = (stage: number) => width * 2 ** stage;
  const before = (stage: number) => own(Math.max(0, stage - 1));
  return [
    convolution('encoder.stem', [width, inputShape[2], 7]),
    ...RESNET_STAGES.flatMap((stage) => [
      ...block(`encoder.${stage}.0`, before(stage), own(stage)),
      ...block(`encoder.${stage}.1`, own(stage), own(stage)),
    ]),
    linear('projection', [embeddingSize, own(3)], matrix, true),
    ...(decodeFrom === 'embedding' ? expansion(embeddingSize, [rows, columns, own(3)]) : []),
    ...[...RESNET_STAGES]
      .reverse()
      .flatMap((stage) => [
        ...block(`decoder.${stage}.1`, own(stage), own(stage)),
        ...block(`decoder.${stage}.0`, own(stage), before(stage)),
      ]),
    lastConvolution('decoder.image', [inputShape[2], width, 7], inputShape[2]),
  ];
}

/** A residual block; of one that changes the number of channels the shortcut is a convolution too. */
function block(name: string, inputs: number, outputs: number): Part[] {
  return [
    convolution(`${name}.first`, [outputs, inputs, 3]),
    convolution(`${name}.second`, [outputs, outputs, 3]),
    ...(inputs === outputs ? [] : [convolution(`${name}.shortcut`, [outputs, inputs, 1])]),
  ];
}
