import { MalformedCheckpoint } from '@jokbo/contracts';
import { allGraphs, ONNX_DATA_TYPE, type OnnxGraph, type OnnxNode, type OnnxTensor } from './onnx-model.js';
import type { WeightParts } from './decode-weight.js';

/** How an initialiser has to be turned to have the layout of the published checkpoint. */
export type Layout = 'as stored' | 'transposed' | 'vector';

export interface NamedWeight {
  /** Name in the published (PyTorch) checkpoint. */
  readonly name: string;
  readonly layout: Layout;
  readonly parts: WeightParts;
}

/** The exporter calls some modules otherwise than the published checkpoint. */
const PUBLISHED_MODULE = new Map([
  ['dense', 'o_proj'],
  ['up_proj', 'fc1'],
  ['down_proj', 'fc2'],
]);

/** `layers.0.self_attn.dense` of the encoder file is `model.encoder.layers.0.self_attn.o_proj`. */
function publishedName(path: string): string {
  const parts = path.split('.').map((part) => PUBLISHED_MODULE.get(part) ?? part);
  return parts[0] === 'model' ? parts.join('.') : ['model', 'encoder', ...parts].join('.');
}

/** `onnx::MatMul_1493_quantized` stands for the weight `onnx::MatMul_1493`. */
function weightOf(initialiser: string): string {
  return initialiser.replace(/_quantized$/, '');
}

/** Which weight a node applies, by the node's path: the exporter keeps module paths but not matrix names. */
function weightOfNode(node: OnnxNode): { name: string; weight: string; layout: Layout } | undefined {
  const weight = weightOf(node.input[1] ?? '');
  const [module, operation] = [node.name.slice(1, node.name.lastIndexOf('/')), node.opType];
  const path = module.replaceAll('/', '.');
  if (operation === 'MatMul' || operation === 'MatMulInteger')
    return { name: publishedName(`${path}.weight`), weight, layout: 'transposed' };
  if (path !== 'groupnorm') return undefined;
  if (operation === 'Mul') return { name: publishedName(`${path}.weight`), weight, layout: 'vector' };
  if (operation === 'Add') return { name: publishedName(`${path}.bias`), weight, layout: 'vector' };
  return undefined;
}

function partsByWeight(initialisers: readonly OnnxTensor[]): Map<string, WeightParts> {
  const byName = new Map(initialisers.map((tensor) => [tensor.name, tensor]));
  const weights = new Map<string, WeightParts>();
  for (const stored of initialisers) {
    if (/_(scale|zero_point)$/.test(stored.name)) continue;
    const weight = weightOf(stored.name);
    const scale = byName.get(`${weight}_scale`);
    const zeroPoint = byName.get(`${weight}_zero_point`);
    weights.set(weight, {
      stored,
      ...(scale === undefined ? {} : { scale }),
      ...(zeroPoint === undefined ? {} : { zeroPoint }),
    });
  }
  return weights;
}

/** Constants of the computation have the path of their node as name; integers are shapes and indices. */
function isParameter(tensor: OnnxTensor): boolean {
  return !tensor.name.startsWith('/') && tensor.dims.length > 0 && tensor.dataType !== ONNX_DATA_TYPE.INT64;
}

/**
 * Names the parameters of one Moonshine graph as the published checkpoint does.
 *
 * A parameter that the exporter left unchanged kept its name (norms, biases, convolutions, embedding). Matrices
 * were folded into anonymous `onnx::MatMul_n`; the path of the node that multiplies by one tells the layer. A
 * merged decoder has every node twice, once for each branch of its cache; both must say the same.
 *
 * @param object what errors call the file.
 * @returns sorted by name (code units).
 * @throws MalformedCheckpoint when a name means two weights, or a parameter is left without a name.
 */
export function nameWeights(graph: OnnxGraph, object: string): NamedWeight[] {
  const graphs = allGraphs(graph);
  const weights = partsByWeight(graphs.flatMap((part) => part.initializer));
  const named = new Map<string, { weight: string; layout: Layout }>();
  const claim = (name: string, weight: string, layout: Layout): void => {
    const earlier = named.get(name);
    if (earlier !== undefined && earlier.weight !== weight)
      throw new MalformedCheckpoint('onnx-name', `two weights have one name: ${earlier.weight}, ${weight}`, {
        object,
        tensor: name,
      });
    named.set(name, { weight, layout });
  };
  for (const node of graphs.flatMap((part) => part.node)) {
    const use = weightOfNode(node);
    if (use !== undefined && weights.has(use.weight)) claim(use.name, use.weight, use.layout);
  }
  for (const weight of weights.keys()) {
    const path = weight.replace(/_merged_\d+$/, '');
    if (/\.(weight|bias)$/.test(path)) claim(publishedName(path), weight, 'as stored');
  }
  const used = new Set([...named.values()].map(({ weight }) => weight));
  for (const [weight, { stored }] of weights)
    if (isParameter(stored) && !used.has(weight))
      throw new MalformedCheckpoint('onnx-name', 'a parameter belongs to no layer', {
        object,
        tensor: weight,
      });
  return [...named]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([name, { weight, layout }]) => {
      const parts = weights.get(weight);
      return parts === undefined ? [] : [{ name, layout, parts }];
    });
}
