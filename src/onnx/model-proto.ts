import type { Attribute, Graph, GraphEnd, GraphNode } from './graph.js';
import {
  float,
  integer,
  integers,
  joined,
  type Message,
  message,
  nested,
  ofBytes,
  text,
} from './protobuf.js';
import { ELEMENT_TYPES, type TensorData } from './tensor-data.js';

/** Of 2022, as the opset is. */
const IR_VERSION = 8;

/** The bytes that a message of Protocol Buffers may have. */
const MOST_BYTES = 2 ** 31 - 1;

/** Tensors of so many bytes may lie in another file. */
const LARGE = 1024;

/** What a file says of itself. */
export interface ProtoOptions {
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The file beside it that large tensors are put into where one file would be too large. */
  readonly dataFile: string;
  /** Bytes that one file may have. @defaultValue 2^31 - 1, those of a protobuf message */
  readonly mostBytes?: number;
}

/** A file, and the one beside it where it would be too large. */
export interface EncodedModel {
  readonly bytes: Uint8Array;
  readonly data?: Uint8Array;
}

/**
 * A graph as the bytes of an ONNX file.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, whose numbers of fields these are.
 */
export function encodeModel(graph: Graph, options: ProtoOptions): EncodedModel {
  const { mostBytes = MOST_BYTES } = options;
  const whole = modelProto(graph, options, tensorProto);
  if (whole.length <= mostBytes) return { bytes: joined(whole) };
  const outside: Uint8Array[] = [];
  let offset = 0;
  const external = (name: string, data: TensorData): Message => {
    if (data.bytes.byteLength < LARGE) return tensorProto(name, data);
    const start = offset;
    outside.push(data.bytes);
    offset += data.bytes.byteLength;
    return externalTensor(name, data, options.dataFile, start);
  };
  const bytes = joined(modelProto(graph, options, external));
  return { bytes, data: joined(message(...outside.map(ofBytes))) };
}

type TensorWriter = (name: string, data: TensorData) => Message;

function modelProto(graph: Graph, options: ProtoOptions, tensor: TensorWriter): Message {
  const { description, metadata } = options;
  return message(
    integer(1, IR_VERSION),
    text(2, 'salad-ad'),
    text(6, description),
    nested(7, graphProto('salad', graph, tensor)),
    nested(8, message(text(1, ''), integer(2, graph.opset))),
    ...Object.entries(metadata).map((entry) => nested(14, pair(...entry))),
  );
}

function graphProto(name: string, graph: Graph, tensor: TensorWriter): Message {
  return message(
    ...graph.nodes.map((node) => nested(1, 'pieces' in node ? node : nodeProto(node, tensor))),
    text(2, name),
    ...[...graph.initializers].map((entry) => nested(5, tensor(...entry))),
    ...graph.ready.map((ready) => nested(5, ready)),
    ...graph.inputs.map((end) => nested(11, valueInfo(end))),
    ...graph.outputs.map((end) => nested(12, valueInfo(end))),
  );
}

function nodeProto({ operation, inputs, outputs, attributes }: GraphNode, tensor: TensorWriter) {
  return message(
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(3, outputs[0]),
    text(4, operation),
    ...Object.entries(attributes).map(([name, attribute]) =>
      nested(5, message(text(1, name), attributeValue(attribute, tensor))),
    ),
  );
}

function attributeValue(attribute: Attribute, tensor: TensorWriter): Message {
  if ('float' in attribute) return message(float(2, attribute.float), integer(20, 1));
  if ('int' in attribute) return message(integer(3, attribute.int), integer(20, 2));
  if ('text' in attribute) return message(text(4, attribute.text), integer(20, 3));
  if ('graph' in attribute)
    return message(nested(6, graphProto('branch', attribute.graph, tensor)), integer(20, 5));
  return message(...attribute.ints.map((value) => integer(8, value)), integer(20, 7));
}

function tensorProto(name: string, { type, dims, bytes }: TensorData): Message {
  return message(
    integers(1, dims),
    integer(2, ELEMENT_TYPES[type]),
    text(8, name),
    nested(9, ofBytes(bytes)),
  );
}

function externalTensor(
  name: string,
  { type, dims, bytes }: TensorData,
  location: string,
  offset: number,
): Message {
  const entries = { location, offset: String(offset), length: String(bytes.byteLength) };
  return message(
    integers(1, dims),
    integer(2, ELEMENT_TYPES[type]),
    text(8, name),
    ...Object.entries(entries).map((entry) => nested(13, pair(...entry))),
    integer(14, 1),
  );
}

function valueInfo({ name, type, dims, description }: GraphEnd): Message {
  const sides = dims.map((side) =>
    nested(1, typeof side === 'number' ? integer(1, side) : message(text(2, side))),
  );
  const tensor = message(integer(1, ELEMENT_TYPES[type]), nested(2, message(...sides)));
  return message(text(1, name), nested(2, nested(1, tensor)), text(3, description));
}

function pair(key: string, value: string): Message {
  return message(text(1, key), text(2, value));
}
