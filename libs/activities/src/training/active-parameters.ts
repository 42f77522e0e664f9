import type { FingerprintDocument, Json, ObjectStore } from '@jokbo/contracts';
import { CONFIG_JSON_LIMITS, safeJson } from '@jokbo/safetensors';
import { readWhole } from '@jokbo/storage';

/** Names under which configs say how many routed experts a token passes through. */
const TOP_K = ['num_experts_per_tok', 'num_experts_per_token', 'moe_topk', 'moe_top_k', 'top_k_experts'];

/** Sub-configs of multimodal models that hold the text tower. */
const TEXT_CONFIGS = ['text_config', 'language_config', 'llm_config'];

/**
 * Parameters that one token passes through: all, but of the routed experts only the share that is chosen. The
 * embedding counts like any other; it is a lookup, a few percent at most in large models.
 *
 * @returns null where the model has experts and its config does not say how many are chosen.
 */
export async function activeParameters(
  document: FingerprintDocument,
  store: ObjectStore,
  signal?: AbortSignal,
): Promise<number | null> {
  const sum = (isCounted: (tensor: FingerprintDocument['tensors'][number]) => boolean): number =>
    document.tensors.filter(isCounted).reduce((total, { parameters }) => total + parameters, 0);
  const experts = sum(({ component }) => component === 'experts');
  const others = sum(({ component }) => component !== 'experts');
  const count = document.architecture.experts;
  if (experts === 0) return others;
  const chosen = await chosenExperts(store, signal);
  return chosen === null || count === null || count === 0 ? null : others + (experts * chosen) / count;
}

async function chosenExperts(store: ObjectStore, signal?: AbortSignal): Promise<number | null> {
  const source = await store.open('config.json', signal);
  try {
    const bytes = await readWhole(source, CONFIG_JSON_LIMITS.bytes, signal);
    const config = safeJson(bytes, CONFIG_JSON_LIMITS, source.uri);
    for (const object of [config, ...TEXT_CONFIGS.map((key) => member(config, key))]) {
      for (const key of TOP_K) {
        const value = member(object, key);
        if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
      }
    }
    return null;
  } finally {
    await source.close();
  }
}

function member(json: Json, key: string): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
  return (json as Readonly<Record<string, Json>>)[key] ?? null;
}
