import { MalformedCheckpoint } from '@jokbo/contracts';
import protobuf from 'protobufjs';

/** The messages and fields of onnx.proto3 that hold weights and tell which layer uses them. */
const ONNX_SCHEMA = `
syntax = "proto3";
message ModelProto { GraphProto graph = 7; }
message GraphProto { repeated NodeProto node = 1; repeated TensorProto initializer = 5; }
message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  string name = 3;
  string op_type = 4;
  repeated AttributeProto attribute = 5;
}
message AttributeProto { GraphProto g = 6; }
message TensorProto {
  repeated int64 dims = 1;
  int32 data_type = 2;
  repeated float float_data = 4;
  repeated int32 int32_data = 5;
  string name = 8;
  bytes raw_data = 9;
  int32 data_location = 14;
}`;

/** The protobuf type of an ONNX file. */
export const ONNX_MODEL_TYPE = protobuf.parse(ONNX_SCHEMA).root.lookupType('ModelProto');

/** `TensorProto.DataType` of onnx.proto3, as far as weights use it. */
export const ONNX_DATA_TYPE = { FLOAT: 1, UINT8: 2, INT8: 3, INT64: 7 } as const;

export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly floatData: readonly number[];
  readonly int32Data: readonly number[];
  readonly name: string;
  readonly rawData: Uint8Array;
  /** 0: inside this file. */
  readonly dataLocation: number;
}

export interface OnnxNode {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly attribute: readonly { readonly g: OnnxGraph | null }[];
}

export interface OnnxGraph {
  readonly node: readonly OnnxNode[];
  readonly initializer: readonly OnnxTensor[];
}

/**
 * Reads an ONNX file.
 *
 * @param bytes the whole file; the tensors' raw data are views on it.
 * @param object what errors call the file.
 * @throws MalformedCheckpoint when the bytes are no ONNX model.
 */
export function decodeOnnxModel(bytes: Uint8Array, object: string): OnnxGraph {
  let graph: OnnxGraph | null;
  try {
    const message = ONNX_MODEL_TYPE.decode(bytes);
    const model = ONNX_MODEL_TYPE.toObject(message, { longs: Number, defaults: true, arrays: true });
    ({ graph } = model as { graph: OnnxGraph | null });
  } catch (cause) {
    throw new MalformedCheckpoint('onnx', 'the file is not an ONNX model', { object, cause });
  }
  if (graph === null) throw new MalformedCheckpoint('onnx', 'the ONNX model has no graph', { object });
  return graph;
}

/** All graphs of a model in file order: the graph itself, then the branches of its `If` nodes. */
export function allGraphs(graph: OnnxGraph): OnnxGraph[] {
  const branches = graph.node.flatMap((node) => node.attribute.map((attribute) => attribute.g));
  return [graph, ...branches.flatMap((branch) => (branch === null ? [] : allGraphs(branch)))];
}
