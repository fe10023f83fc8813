/** One convolution with its bias; a depthwise one has as many outputs as inputs. */
export interface ConvolutionShape {
  /** Height and width of the filter. */
  readonly kernel: number;
  readonly stride: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly depthwise: boolean;
  /** Whether what it returns is clipped to [0, 6]. */
  readonly clipped: boolean;
}

/** Convolutions one after the other. */
export interface BlockShape {
  readonly convolutions: readonly ConvolutionShape[];
  /** Whether the block's input is added to what they return. */
  readonly residual: boolean;
  /** Whether what it returns is one of the maps that cells are read from. */
  readonly map: boolean;
}

/** Stages 1 to 5 of the paper's table 1, those of stride 8 and 16 read at their ends. */
const STAGES = [
  { kernel: 3, stride: 1, expansion: 1, channels: 16, blocks: 1, map: false },
  { kernel: 3, stride: 2, expansion: 6, channels: 24, blocks: 2, map: false },
  { kernel: 5, stride: 2, expansion: 6, channels: 40, blocks: 2, map: true },
  { kernel: 3, stride: 2, expansion: 6, channels: 80, blocks: 3, map: false },
  { kernel: 5, stride: 1, expansion: 6, channels: 112, blocks: 3, map: true },
] as const;

const STEM: BlockShape = {
  convolutions: [{ kernel: 3, stride: 2, inputs: 3, outputs: 32, depthwise: false, clipped: true }],
  residual: false,
  map: false,
};

/**
 * EfficientNet-Lite0 up to its last map of stride 16: a stem and 11 inverted bottlenecks, without squeeze and excitation.
 *
 * @see Tan and Le 2019, "EfficientNet" (ICML), table 1; Google's EfficientNet-Lite leaves out squeeze and excitation, and has
 * ReLU6 in place of swish.
 */
export function lite0Blocks(): readonly BlockShape[] {
  const blocks = [STEM];
  let inputs = 32;
  for (const stage of STAGES) {
    for (let block = 0; block < stage.blocks; block++) {
      const stride = block === 0 ? stage.stride : 1;
      const map = stage.map && block === stage.blocks - 1;
      blocks.push(bottleneck({ ...stage, stride, inputs, map }));
      inputs = stage.channels;
    }
  }
  return blocks;
}

/** Expansion to more channels, a depthwise convolution of these, and a projection to `channels`. */
function bottleneck(options: {
  readonly kernel: number;
  readonly stride: number;
  readonly expansion: number;
  readonly inputs: number;
  readonly channels: number;
  readonly map: boolean;
}): BlockShape {
  const { kernel, stride, expansion, inputs, channels, map } = options;
  const inner = expansion * inputs;
  const pointwise = { kernel: 1, stride: 1, depthwise: false };
  const expand = { ...pointwise, inputs, outputs: inner, clipped: true };
  const spatial = { kernel, stride, inputs: inner, outputs: inner, depthwise: true, clipped: true };
  const project = { ...pointwise, inputs: inner, outputs: channels, clipped: false };
  return {
    convolutions: expansion === 1 ? [spatial, project] : [expand, spatial, project],
    residual: stride === 1 && inputs === channels,
    map,
  };
}

/** [height, width, inputs, outputs] of a filter as tfjs takes it; [height, width, channels, 1] of a depthwise one. */
export function filterShape({
  kernel,
  inputs,
  outputs,
  depthwise,
}: ConvolutionShape): [number, number, number, number] {
  return [kernel, kernel, inputs, depthwise ? 1 : outputs];
}
