import { MalformedCheckpoint, type Architecture, type LogicalTensor } from '@jokbo/contracts';
import type { ModelConfig } from '../config/parse-config.js';
import type { AssignedTensor } from '../names/assign-roles.js';

/** Dimensions as the weights show them, and where they differ from the config. */
export interface CheckedDimensions {
  readonly architecture: Architecture;
  readonly findings: readonly string[];
}

/**
 * Width of the text residual stream: the config's, checked against the embedding and the norms; the embedding's
 * where the config does not say.
 *
 * @throws MalformedCheckpoint `config-contradicts-weights` when neither embedding nor norms have the stated width.
 */
export function residualWidth(
  assigned: readonly AssignedTensor[],
  config: ModelConfig,
  object: string,
): number | null {
  const text = assigned.filter(
    ({ scope, part, encoder }) => scope === 'text' && part === 'weight' && !encoder,
  );
  const embedding = text.find(({ role, shape }) => role === 'embed' && shape.length === 2);
  const norm = text.find(
    ({ role, shape }) => /^(?:final_norm|norm\.pre_attn)$/.test(role) && shape.length === 1,
  );
  const seen = [embedding?.shape[1], norm?.shape[0]].filter((width) => width !== undefined);
  if (config.hiddenSize === null) return seen[0] ?? null;
  if (seen.length > 0 && !seen.includes(config.hiddenSize)) {
    throw new MalformedCheckpoint('config-contradicts-weights', `hidden_size is ${config.hiddenSize}`, {
      object,
      tensor: (embedding ?? norm)?.stored ?? '',
      value: seen.join(', '),
    });
  }
  return config.hiddenSize;
}

/**
 * Checks that every layer of the config is there, and that layers beyond them are multi-token prediction.
 *
 * @throws MalformedCheckpoint `config-contradicts-weights`.
 */
export function checkLayers(
  assigned: readonly AssignedTensor[],
  config: ModelConfig,
  object: string,
): readonly string[] {
  const layers = new Set<number>();
  const extra = new Set<number>();
  const predicting = new Set<number>();
  for (const { scope, layer, role, stored, encoder } of assigned) {
    if (layer === null || encoder) continue;
    if (scope === 'text') layers.add(layer);
    if (scope !== 'mtp') continue;
    if (/^mtp\./.test(role)) predicting.add(layer);
    if (!/(?:^|\.)(?:mtp|mtp_\w+|nextn)\./.test(stored)) extra.add(layer);
  }
  const missing = Array.from({ length: Math.min(config.layers, layers.size + 1) }, (_, layer) => layer).find(
    (layer) => !layers.has(layer),
  );
  if (missing !== undefined) {
    throw new MalformedCheckpoint(
      'config-contradicts-weights',
      `layer ${missing} is absent, num_hidden_layers is ${config.layers}`,
      { object, value: config.layers },
    );
  }
  const unexplained = [...extra].filter((layer) => !predicting.has(layer)).length;
  if (unexplained > config.mtpLayers && config.layout?.bareMtpLayers !== true) {
    throw new MalformedCheckpoint(
      'config-contradicts-weights',
      `${unexplained} layers beyond num_hidden_layers are not multi-token prediction`,
      { object, value: config.layers },
    );
  }
  return config.mtpLayers > 0 && !assigned.some(({ scope }) => scope === 'mtp')
    ? [`mtp-absent: the config declares ${config.mtpLayers} layers of multi-token prediction, none is stored`]
    : [];
}

/** The architecture with dimensions that the weights settle, and a finding for each that the config has otherwise. */
export function checkDimensions(
  tensors: readonly LogicalTensor[],
  config: ModelConfig,
  width: number | null,
  visionWidth: number | null,
  tied: boolean,
): CheckedDimensions {
  const findings: string[] = [];
  const rows = (role: string): number | null =>
    tensors.find((tensor) => tensor.scope === 'text' && tensor.role === role && tensor.part === 'weight')
      ?.shape[0] ?? null;
  const differ = (what: string, stated: number | null, found: number | null): void => {
    if (stated !== null && found !== null && stated !== found) {
      findings.push(`config-differs: ${what} is ${stated} in the config, ${found} in the weights`);
    }
  };
  const { heads } = config;
  const queries = rows('attn.q');
  const headDim =
    config.statedHeadDim ??
    (queries !== null && heads !== null && queries % heads === 0 ? queries / heads : config.headDim);
  if (heads !== null && headDim !== null) differ('heads × head_dim', heads * headDim, queries);
  const keys = rows('attn.k');
  const shown = keys !== null && headDim !== null && keys % headDim === 0 ? keys / headDim : null;
  differ('key-value heads', config.kvHeads, shown);
  differ('vocab_size', config.vocabulary, rows('embed'));
  const experts = new Set(
    tensors.filter(({ scope, expert }) => scope === 'text' && expert !== null).map(({ expert }) => expert),
  ).size;
  if (experts > 0) differ('experts', config.experts, experts);
  return {
    findings,
    architecture: {
      modelType: config.modelType,
      architecture: config.architecture,
      hiddenSize: width,
      layers: config.layers,
      heads,
      kvHeads: shown ?? config.kvHeads,
      headDim,
      experts: config.experts ?? (experts > 0 ? experts : null),
      ...(config.routingGroups === undefined ? {} : { routingGroups: config.routingGroups }),
      vocabulary: config.vocabulary ?? rows('embed'),
      tied,
      visionWidth,
      visionHeads: config.visionHeads,
      mla: config.mla,
    },
  };
}
