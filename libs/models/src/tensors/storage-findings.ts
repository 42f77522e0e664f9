import type { Dtype, StoredTensor } from '@jokbo/contracts';
import { elementCount } from '@jokbo/safetensors';
import type { ModelConfig } from '../config/parse-config.js';
import type { RoleGroup } from './group-weights.js';

/** Config spellings of the element types that weights are usually stored in. */
const DTYPE_OF: ReadonlyMap<string, Dtype> = new Map([
  ['bfloat16', 'BF16'],
  ['float16', 'F16'],
  ['float32', 'F32'],
]);

/** What a reader should know about how a checkpoint is stored. */
export function storageFindings(
  groups: readonly RoleGroup[],
  orphans: readonly StoredTensor[],
  config: ModelConfig,
  presence: { readonly embedded: boolean; readonly headed: boolean },
): readonly string[] {
  const findings: string[] = [];
  if (config.layout === null) {
    findings.push(
      `unlisted-architecture: model_type ${JSON.stringify(config.modelType)} is mapped by names and shapes`,
    );
  }
  if (config.tied && presence.headed) {
    findings.push(
      'tied-head-stored: the config ties head and embedding, yet a head is stored; it is left out',
    );
  }
  if (!presence.embedded) findings.push('embedding-absent: no token embedding is stored');
  for (const orphan of orphans.slice(0, 5)) {
    findings.push(`scale-without-weight: ${orphan.name} belongs to a weight that is not stored`);
  }
  const bare = groups.filter(
    ({ main, companions }) => main.dtype.startsWith('F8_E') && companions.size === 0,
  );
  const [first] = bare;
  if (first !== undefined) {
    findings.push(
      `fp8-without-scales: ${bare.length} tensors, first ${first.main.name}; read as plain values`,
    );
  }
  const stated = DTYPE_OF.get(config.dtype ?? '');
  const found = commonDtype(groups);
  if (stated !== undefined && found !== null && stated !== found && config.quantisation.method === null) {
    findings.push(`dtype-differs: the config says ${stated}, most parameters are ${found}`);
  }
  const quantised = groups.some(({ companions }) => companions.size > 0);
  if (config.quantisation.method !== null && !quantised) {
    findings.push(`quantisation-absent: the config says ${config.quantisation.method}, no weight has scales`);
  }
  return findings;
}

/** Element type of most parameters. */
function commonDtype(groups: readonly RoleGroup[]): Dtype | null {
  const counts = new Map<Dtype, number>();
  for (const { main } of groups)
    counts.set(main.dtype, (counts.get(main.dtype) ?? 0) + elementCount(main.shape));
  const [most] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return most?.[0] ?? null;
}
