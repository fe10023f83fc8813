import type { Message } from './protobuf.js';
import { doubles, type ElementType, floats, longs, type TensorData } from './tensor-data.js';

/** The name of a value within a graph. */
export type Value = string;

/** What a node is told besides its inputs. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly text: string }
  | { readonly graph: Graph };

/** One operation. */
export interface GraphNode {
  readonly operation: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** What goes in or out: a dimension is a number, or the name of one that is free. */
export interface GraphEnd {
  readonly name: Value;
  readonly type: ElementType;
  readonly dims: readonly (number | string)[];
  readonly description?: string;
}

/** The oldest opset that has all operations: what newer runtimes of Python load, and the one of npm, which is older. */
export const OPSET = 17;

/** An ONNX graph as it is written down, node after node. */
export class Graph {
  readonly nodes: (GraphNode | Message)[] = [];
  readonly ready: Message[] = [];
  readonly inputs: GraphEnd[] = [];
  readonly outputs: GraphEnd[] = [];
  readonly initializers = new Map<Value, TensorData>();
  private readonly small = new Map<string, Value>();
  private count = 0;

  /**
   * @param prefix of its values, so that a graph within another one uses no name of that.
   * @param opset of its operations; a part that is taken in may need a later one.
   */
  constructor(
    private readonly prefix = '',
    readonly opset = OPSET,
  ) {}

  /** Nodes and numbers of another graph as they stand in a file. */
  takeIn(nodes: readonly Message[], initializers: readonly Message[]): void {
    this.nodes.push(...nodes);
    this.ready.push(...initializers);
  }

  /** What is fed. */
  input(end: GraphEnd): Value {
    this.inputs.push(end);
    return end.name;
  }

  /** What is given back: a value under a name for users. */
  output(value: Value, end: GraphEnd): void {
    this.nodes.push({
      operation: 'Identity',
      inputs: [value],
      outputs: [end.name],
      attributes: {},
    });
    this.outputs.push(end);
  }

  /** An operation with one result. */
  node(
    operation: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value {
    return this.nodeOf(operation, inputs, attributes, 1)[0];
  }

  /** The smallest or the largest along axes, whose place changed with opset 18. */
  extreme(
    operation: 'ReduceMin' | 'ReduceMax',
    value: Value,
    axes: readonly number[],
    keepdims: 0 | 1,
  ): Value {
    const kept = { keepdims: { int: keepdims } };
    return this.opset < 18
      ? this.node(operation, [value], { axes: { ints: axes }, ...kept })
      : this.node(operation, [value, this.longs(...axes)], kept);
  }

  /** An operation with several results. */
  nodeOf(
    operation: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>>,
    results: number,
  ): Value[] {
    const outputs = Array.from({ length: results }, () => this.name(operation));
    this.nodes.push({ operation, inputs, outputs, attributes });
    return outputs;
  }

  /** Numbers that the file holds, by the name that is asked for where it is free. */
  constant(data: TensorData, asked = 'constant'): Value {
    const taken = asked === 'constant' || this.initializers.has(asked);
    const name = taken ? this.name(asked) : asked;
    this.initializers.set(name, data);
    return name;
  }

  /** One float32 that fits any shape. */
  float(value: number): Value {
    return this.shared(`float ${value}`, () => floats(Float32Array.of(value), []));
  }

  /** One float64 that fits any shape. */
  double(value: number): Value {
    return this.shared(`double ${value}`, () => doubles([value], []));
  }

  /** One whole number that fits any shape. */
  long(value: number): Value {
    return this.shared(`long ${value}`, () => longs([value], []));
  }

  /** A list of whole numbers, such as a shape or axes. */
  longs(...values: number[]): Value {
    return this.shared(`longs ${values}`, () => longs(values, [values.length]));
  }

  private shared(key: string, data: () => TensorData): Value {
    const known = this.small.get(key);
    if (known !== undefined) return known;
    const made = this.constant(data());
    this.small.set(key, made);
    return made;
  }

  private name(operation: string): Value {
    this.count += 1;
    return `${this.prefix}${operation}_${this.count}`;
  }
}
