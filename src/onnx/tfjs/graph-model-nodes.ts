import { check } from '../../support/check.js';
import { SaladError } from '../../support/errors.js';
import type { EncoderParts } from '../encoder-parts.js';
import { OPERATIONS } from './graph-operations.js';
import { type Constant, type GraphValue, isConstant, type NodeDef } from './graph-values.js';
import type { LayerValue } from './layer-value.js';

type Network = Pick<EncoderParts, 'where' | 'graph' | 'precision'>;

/** A GraphModel of tfjs-converter 4, as far as it is read: its topology is that of model.json, whose types it does not tell. */
interface ReadableGraph {
  readonly artifacts?: { readonly modelTopology?: { readonly node?: readonly NodeDef[] } };
  readonly weights?: Readonly<
    Record<
      string,
      readonly { readonly shape: readonly number[]; data(): Promise<ArrayLike<number>> }[]
    >
  >;
}

/**
 * What nodes of a GraphModel of tfjs give.
 *
 * @throws INVALID_OPTION for an operation that is not written, or a model whose graph cannot be read
 */
export async function graphModelNodes(
  network: Network,
  model: object,
  input: LayerValue,
  outputs: readonly string[],
): Promise<LayerValue[]> {
  const { where } = network;
  const { artifacts, weights = {} } = model as ReadableGraph;
  const nodes = artifacts?.modelTopology?.node;
  check(
    Array.isArray(nodes),
    'INVALID_OPTION',
    () =>
      `${where}: the backbone is a frozenEncoder of a model that computes nodes by their names, whose graph cannot be read; expected a GraphModel that loadGraphModel of @tensorflow/tfjs-converter 4 made; score with the model itself, or learn with a session of an .onnx file.`,
  );
  const known = new Map<string, GraphValue>();
  for (const [name, [tensor]] of Object.entries(weights))
    known.set(name, { shape: tensor.shape, values: await tensor.data() } satisfies Constant);
  const byName = new Map(nodes.map((node: NodeDef) => [node.name, node]));
  return outputs.map((name) => {
    const found = valueOfNode(network, byName, known, input, name);
    return isConstant(found) ? refused(where, name, 'Const', 'of numbers alone') : found;
  });
}

function valueOfNode(
  network: Network,
  nodes: ReadonlyMap<string, NodeDef>,
  known: Map<string, GraphValue>,
  input: LayerValue,
  named: string,
): GraphValue {
  const { where } = network;
  const name = named.replace(/:0$/, '');
  const found = known.get(name);
  if (found) return found;
  const node = nodes.get(name);
  if (!node) return refused(where, name, 'output', 'of a node with several');
  const made = node.op === 'Placeholder' ? input : ofNode(network, nodes, known, input, node);
  known.set(name, made);
  return made;
}

function ofNode(
  network: Network,
  nodes: ReadonlyMap<string, NodeDef>,
  known: Map<string, GraphValue>,
  input: LayerValue,
  node: NodeDef,
): GraphValue {
  const { where } = network;
  const { name, op } = node;
  if (!Object.hasOwn(OPERATIONS, op))
    return refused(where, name, op, `but none of ${Object.keys(OPERATIONS).join(', ')}`);
  // One that begins with a caret is waited for only.
  const inputs = (node.input ?? [])
    .filter((one) => !one.startsWith('^'))
    .map((one) => valueOfNode(network, nodes, known, input, one));
  const [first] = inputs;
  if (op === 'Identity' && isConstant(first)) return first;
  const refuse = (what: string): never => refused(where, name, op, what);
  return OPERATIONS[op]({ ...network, node, inputs, refuse });
}

function refused(where: string, name: string, op: string, what: string): never {
  throw new SaladError(
    'INVALID_OPTION',
    `${where}: the node '${name}' is a ${op} ${what}, which is not written; expected the operations of docs/onnx.md; score with the model itself, or convert the encoder to an .onnx file (tf2onnx does) and learn with a session of that.`,
    { name, op },
  );
}
