import type { Graph, Value } from '../graph.js';
import { channelsFirst } from '../layer-nodes.js';
import { floats } from '../tensor-data.js';
import type { LayerValue } from './layer-value.js';

/** Numbers that a graph holds. */
export interface Constant {
  readonly values: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** What goes into an operation. */
export type GraphValue = LayerValue | Constant;

export function isConstant(one: GraphValue): one is Constant {
  return 'values' in one;
}

/** A node of a graph of TensorFlow, as model.json has it. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, AttributeDef>>;
}

/** In base64, or the codes of its characters. */
type Text = string | readonly number[];

/** Whole numbers may be texts. */
interface AttributeDef {
  readonly s?: Text;
  readonly i?: number | string;
  readonly f?: number;
  readonly b?: boolean;
  readonly list?: { readonly i?: readonly (number | string)[]; readonly s?: readonly Text[] };
}

/** Attributes of a node. */
export function attributesOf({ attr = {} }: NodeDef) {
  return {
    text: (name: string, otherwise: string) =>
      attr[name]?.s === undefined ? otherwise : textOf(attr[name].s),
    number: (name: string, otherwise: number) => Number(attr[name]?.f ?? otherwise),
    flag: (name: string) => attr[name]?.b === true,
    numbers: (name: string) => attr[name]?.list?.i?.map(Number),
    texts: (name: string) => attr[name]?.list?.s?.map(textOf) ?? [],
  };
}

const textOf = (text: Text): string =>
  typeof text === 'string' ? atob(text) : String.fromCharCode(...text);

/** Numbers as they are spread over what is held of `shape`. */
export function spreadOver(
  graph: Graph,
  { values, shape }: Constant,
  { shape: over }: LayerValue,
): Value {
  const numbers = Float32Array.from(values);
  if (numbers.length === 1) return graph.float(numbers[0]);
  if (over.length !== 3) return graph.constant(floats(numbers, shape));
  const [height, width, channels] = [1, 1, 1, ...shape].slice(-3);
  const ordered = channelsFirst(numbers, { size: [height, width], channels }, 1);
  return graph.constant(floats(ordered, [channels, height, width]));
}
