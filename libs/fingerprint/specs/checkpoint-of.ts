import type { Architecture, Checkpoint, LogicalTensor, ObjectStore, Vocabulary } from '@jokbo/contracts';
import { readHeader } from '@jokbo/safetensors';

/** An architecture of which nothing is known but what a test says. */
export const UNKNOWN_ARCHITECTURE: Architecture = {
  modelType: 'test',
  architecture: 'unlisted',
  hiddenSize: null,
  layers: null,
  heads: null,
  kvHeads: null,
  headDim: null,
  experts: null,
  vocabulary: null,
  tied: false,
  visionWidth: null,
  visionHeads: null,
  mla: null,
};

/** A logical tensor with the usual values where a test says nothing. */
export function logicalTensor(
  fields: Pick<LogicalTensor, 'stored' | 'shape' | 'residualAxis'> & Partial<LogicalTensor>,
): LogicalTensor {
  const { scope = 'text', layer = 0, role = 'mlp.up', expert = null, part = 'weight' } = fields;
  const key = [scope, layer ?? '-', role, expert ?? '-', part].join('|');
  const component = 'mlp' as const;
  const whole = { cut: null, scales: null, block: null, component, key };
  return { scope, layer, role, expert, part, ...whole, ...fields };
}

/** The checkpoint of the shards in a store, with the given meaning. */
export async function checkpointOf(
  store: ObjectStore,
  tensors: readonly LogicalTensor[],
  architecture: Architecture = UNKNOWN_ARCHITECTURE,
  tokenizer: Vocabulary | null = null,
): Promise<Checkpoint> {
  const files = await store.list();
  const stored = await Promise.all(
    files.map(async ({ path }) => {
      const source = await store.open(path);
      const { tensors: named } = await readHeader(source);
      await source.close();
      return named.map((tensor) => ({ ...tensor, file: path }));
    }),
  );
  return {
    uri: store.uri,
    files,
    architecture,
    stored: stored.flat(),
    tensors,
    excluded: [],
    findings: [],
    tokenizer,
  };
}
