import { check } from '../support/check.js';
import { OPSET } from './graph.js';
import { type Field, fieldsOf, textIn, textOf } from './proto-reader.js';
import { type Message, message, nested, ofBytes, text } from './protobuf.js';

/** An encoder's own ONNX file, taken apart to be put into another graph. */
export interface EncoderFile {
  /** The opset that its nodes are of. */
  readonly opset: number;
  /** Of maps, from shallow to deep, as the graph that takes it in calls them. */
  readonly maps: readonly string[];
  readonly layout: 'nchw' | 'nhwc';
  /** Its nodes, reading pixels from `pixels`, and its weights. */
  into(pixels: string): {
    readonly nodes: readonly Message[];
    readonly initializers: readonly Message[];
  };
}

/** The oldest opset whose nodes mean the same in that of our graphs. */
const OLDEST = 13;

/** Before all names of the encoder, so that none is taken twice. */
const PREFIX = 'encoder.';

/**
 * @throws INVALID_OPTION where the file is no graph of one input whose weights are all within it
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, whose numbers of fields these are.
 */
export function encoderFile(
  where: string,
  file: Uint8Array,
  names: readonly string[] | undefined,
  layout: 'nchw' | 'nhwc',
): EncoderFile {
  const model = fieldsOf(where, file);
  const graphs = model.filter(({ field }) => field === 7);
  check(
    graphs.length === 1 && model.every(({ field }) => field !== 25),
    'INVALID_OPTION',
    () =>
      `${where}: encoder is no ONNX graph, or has functions of its own; expected the .onnx file that the encoder's session was made of, exported without functions.`,
  );
  const graph = fieldsOf(where, graphs[0].bytes);
  const opset = opsetOf(where, model);
  const initializers = graph.filter(({ field }) => field === 5);
  const held = new Set(initializers.map(({ bytes }) => textIn(fieldsOf(where, bytes), 8)));
  const named = (number: number) =>
    graph
      .filter(({ field }) => field === number)
      .map(({ bytes }) => textIn(fieldsOf(where, bytes), 1));
  const inputs = named(11).filter((name) => !held.has(name));
  const outputs = named(12);
  const maps = names ?? outputs;
  const missing = maps.find((name) => !outputs.includes(name));
  check(
    inputs.length === 1 && missing === undefined && maps.length > 0,
    'INVALID_OPTION',
    () =>
      `${where}: the encoder's graph takes ${inputs.join(', ')} and gives ${outputs.join(', ')}; expected one input, and ${missing ? `'${missing}' among` : 'some'} outputs; see maps.`,
    { missing },
  );
  for (const { bytes } of initializers) checkWithin(where, bytes);
  return {
    opset,
    maps: maps.map((name) => PREFIX + name),
    layout,
    into(pixels) {
      const rename = (name: string) =>
        name === '' ? '' : name === inputs[0] ? pixels : PREFIX + name;
      return {
        nodes: graph
          .filter(({ field }) => field === 1)
          .map(({ bytes }) => renamedNode(where, bytes, rename)),
        initializers: initializers.map(({ bytes }) => renamedAt(where, bytes, 8, rename)),
      };
    },
  };
}

/** @throws INVALID_OPTION for an older one, or operations that are not ONNX's own */
function opsetOf(where: string, model: readonly Field[]): number {
  const imports = model
    .filter(({ field }) => field === 8)
    .map(({ bytes }) => fieldsOf(where, bytes))
    .map((entry) => ({
      domain: textIn(entry, 1),
      version: entry.find(({ field }) => field === 2)?.value ?? 1,
    }));
  const own = imports.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  check(
    own !== undefined && own.version >= OLDEST && imports.length === 1,
    'INVALID_OPTION',
    () =>
      `${where}: the encoder's graph is of ${imports.map(({ domain, version }) => `${domain || 'opset'} ${version}`).join(', ')}; expected ONNX's own operations of opset ${OLDEST} or later alone; export it again.`,
  );
  return Math.max(OPSET, own.version);
}

/** @throws INVALID_OPTION for a weight in another file */
function checkWithin(where: string, bytes: Uint8Array): void {
  const fields = fieldsOf(where, bytes);
  check(
    fields.every(({ field, value }) => field !== 14 || value === 0),
    'INVALID_OPTION',
    () =>
      `${where}: the weight '${textIn(fields, 8)}' of the encoder lies in a file beside its graph; expected one file; save it with onnx.save, which puts all into one.`,
  );
}

type Rename = (name: string) => string;

/** Inputs, outputs and the name of a node, and whatever its graphs name. */
function renamedNode(where: string, bytes: Uint8Array, rename: Rename): Message {
  return message(
    ...fieldsOf(where, bytes).map((one) => {
      if (one.field <= 2) return text(one.field, rename(textOf(one.bytes)));
      if (one.field === 3) return text(3, PREFIX + textOf(one.bytes));
      if (one.field !== 5) return ofBytes(one.whole);
      return nested(5, renamedAttribute(where, one.bytes, rename));
    }),
  );
}

function renamedAttribute(where: string, bytes: Uint8Array, rename: Rename): Message {
  return message(
    ...fieldsOf(where, bytes).map((one) =>
      one.field === 6 || one.field === 11
        ? nested(one.field, renamedGraph(where, one.bytes, rename))
        : ofBytes(one.whole),
    ),
  );
}

function renamedGraph(where: string, bytes: Uint8Array, rename: Rename): Message {
  return message(
    ...fieldsOf(where, bytes).map((one) => {
      if (one.field === 1) return nested(1, renamedNode(where, one.bytes, rename));
      if (one.field === 5) return nested(5, renamedAt(where, one.bytes, 8, rename));
      if (one.field >= 11 && one.field <= 13)
        return nested(one.field, renamedAt(where, one.bytes, 1, rename));
      return ofBytes(one.whole);
    }),
  );
}

/** A message whose name is the text of one field. */
function renamedAt(where: string, bytes: Uint8Array, name: number, rename: Rename): Message {
  return message(
    ...fieldsOf(where, bytes).map((one) =>
      one.field === name ? text(name, rename(textOf(one.bytes))) : ofBytes(one.whole),
    ),
  );
}
