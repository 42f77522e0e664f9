import type { Checkpoint, LogicalTensor, SampleSummary, Vocabulary } from '@jokbo/contracts';
import { sampleIndices, sampleTokens, type SampleSeed } from './sampling.js';

/** Joined features per pair in sampled mode: 2·n²·M operations at width 4096 take about 15 s on one core. */
export const DEFAULT_FEATURES = 32_768;

/** Fewest features worth keeping of a tensor: fewer leave a Gram of it without power. */
const MIN_FEATURES = 16;

/** Which part of the budget a kind of tensor gets; the rest of the kinds are kept whole. */
const BUDGET_SHARES = {
  token: 1 / 8,
  attention: 1 / 4,
  mlp: 1 / 8,
  experts: 1 / 4,
  tower: 1 / 8,
} as const;
type BudgetKind = keyof typeof BUDGET_SHARES;

/** Which features of a tensor the fingerprint keeps. */
export interface SamplePlan {
  readonly summary: Omit<SampleSummary, 'dtype' | 'indices' | 'digest'>;
  /** Kept features, ascending; null = all of them. */
  readonly indices: readonly number[] | null;
}

/** The choice for a whole checkpoint: by key of the logical tensor, and the tokens of its embedding rows. */
export interface CheckpointSample {
  readonly plans: ReadonlyMap<string, SamplePlan>;
  /** Token bytes (hex) of the kept embedding rows; null = rows are named by index. */
  readonly tokens: readonly string[] | null;
}

/** Features and units of the residual-axis factor of a tensor; null where it has no residual axis. */
export function factorShape(
  tensor: Pick<LogicalTensor, 'shape' | 'residualAxis'>,
): { features: number; units: number } | null {
  if (tensor.residualAxis === null) return null;
  const [first = 1, ...rest] = tensor.shape;
  const inner = rest.reduce((product, size) => product * size, 1);
  if (tensor.shape.length <= 1) return { features: 1, units: first };
  return tensor.residualAxis === 0 ? { features: inner, units: first } : { features: first, units: inner };
}

function budgetKind(tensor: LogicalTensor): BudgetKind | null {
  if (tensor.role === 'embed' || tensor.role === 'lm_head') return 'token';
  if (tensor.shape.length === 1) return null;
  if (tensor.scope !== 'text') return 'tower';
  if (tensor.component === 'attention') return 'attention';
  if (tensor.component === 'mlp') return 'mlp';
  if (tensor.component === 'experts') return 'experts';
  return null;
}

/**
 * Roles whose features are the same units keep the same ones: gate, up and down of one block, and blocks of one width
 * whether they are dense, shared or routed, as an expert may have been made from a dense block.
 */
function sampleFamily(role: string): { family: string; axis: string } {
  return /\.(?:gate|up|down)$/.test(role)
    ? { family: 'feed_forward', axis: 'hidden' }
    : { family: role, axis: 'row' };
}

/**
 * Value channels of whole KV groups: all rows of v that belong to the chosen groups, and of o the columns of
 * as many of their query heads as the budget allows. Null where the tensor has no such groups.
 */
function valueGroupFeatures(
  tensor: LogicalTensor,
  features: number,
  budget: number,
  checkpoint: Checkpoint,
  draw: Draw,
): { indices: readonly number[]; granule: number } | null {
  if (tensor.scope !== 'text' || (tensor.role !== 'attn.v' && tensor.role !== 'attn.o')) return null;
  const { heads, kvHeads } = checkpoint.architecture;
  const columns = tensor.role === 'attn.v' ? kvHeads : heads;
  if (heads === null || kvHeads === null || columns === null || features % columns !== 0) return null;
  const channels = features / columns;
  const headsPerGroup = columns / kvHeads;
  if (!Number.isInteger(headsPerGroup) || headsPerGroup === 0) return null;
  const groups = Math.max(1, Math.floor(budget / channels));
  const chosen = draw({ family: 'text.attn.value', axis: 'kv-group', shape: [kvHeads] }, kvHeads, groups);
  const keptHeads = Math.min(headsPerGroup, Math.max(1, Math.floor(budget / (channels * chosen.length))));
  const indices = chosen.flatMap((group) =>
    Array.from({ length: keptHeads * channels }, (_, offset) => group * headsPerGroup * channels + offset),
  );
  return { indices, granule: channels };
}

/** Experts of which features are kept: all, or few enough that each keeps `MIN_FEATURES`. */
function keptExperts(tensors: readonly LogicalTensor[], budget: number): ReadonlySet<number> | null {
  const experts = new Set(tensors.map((tensor) => tensor.expert ?? 0));
  const perExpert = tensors.length / experts.size;
  const affordable = Math.max(1, Math.floor(budget / (perExpert * MIN_FEATURES)));
  if (affordable >= experts.size) return null;
  const size = Math.max(...experts) + 1;
  return new Set(sampleIndices({ family: 'moe.expert', axis: 'expert', shape: [size] }, size, affordable));
}

/** Layers share their choice, so each is drawn once: a choice hashes every index. */
type Draw = (seed: SampleSeed, size: number, count: number) => readonly number[];

function createDraw(): Draw {
  const drawn = new Map<string, readonly number[]>();
  return (seed, size, count) => {
    const key = [seed.family, seed.axis, seed.shape.join('x'), size, count].join('|');
    const indices = drawn.get(key) ?? sampleIndices(seed, size, count);
    drawn.set(key, indices);
    return indices;
  };
}

/**
 * Chooses what a fingerprint keeps: norms, routers and biases whole, of every other tensor with a residual
 * axis as many seeded features as the budget allows. The choice looks at names and shapes only, never at
 * values, so every permutation null stays exact.
 *
 * @param features joined features per pair; see `DEFAULT_FEATURES`. Infinity keeps everything.
 */
export function planSample(checkpoint: Checkpoint, features: number = DEFAULT_FEATURES): CheckpointSample {
  const byKind = new Map<BudgetKind, LogicalTensor[]>();
  for (const tensor of checkpoint.tensors) {
    const kind = tensor.component === null ? null : budgetKind(tensor);
    if (kind === null) continue;
    const tensors = byKind.get(kind);
    if (tensors === undefined) byKind.set(kind, [tensor]);
    else tensors.push(tensor);
  }
  const experts = byKind.get('experts') ?? [];
  const expertBudget = features * BUDGET_SHARES.experts;
  const kept = experts.length === 0 ? null : keptExperts(experts, expertBudget);
  const levels = new Map<BudgetKind, number>();
  for (const [kind, tensors] of byKind) {
    const counted =
      kind === 'experts' && kept !== null
        ? tensors.filter((tensor) => kept.has(tensor.expert ?? 0))
        : tensors;
    const sizes = counted.map((tensor) => factorShape(tensor)?.features ?? 0);
    levels.set(kind, evenLevel(sizes, features * BUDGET_SHARES[kind]));
  }
  const tokenRows = Math.min(...(byKind.get('token') ?? []).map((tensor) => tensor.shape[0] ?? 0));
  const draw = createDraw();
  const plans = new Map<string, SamplePlan>();
  const tokenBudget = Math.floor(features * BUDGET_SHARES.token);
  const tokenIds = sampledTokenIds(checkpoint.tokenizer, tokenRows, tokenBudget);
  let tokens: readonly string[] | null = null;
  for (const tensor of checkpoint.tensors) {
    const factor = factorShape(tensor);
    if (factor === null || tensor.component === null) continue;
    const kind = budgetKind(tensor);
    if (kind === 'token') {
      plans.set(tensor.key, planTokenRows(tensor, tokenIds, tokenBudget));
      tokens ??= tokenIds?.map((id) => checkpoint.tokenizer?.bytesById.get(id) ?? '') ?? null;
      continue;
    }
    const whole = { ...factor, of: factor.features, granule: 1, by: 'index' as const };
    if (kind === null) {
      plans.set(tensor.key, { summary: whole, indices: null });
      continue;
    }
    if (kind === 'experts' && kept !== null && !kept.has(tensor.expert ?? 0)) continue;
    const budget = Math.max(MIN_FEATURES, levels.get(kind) ?? 0);
    const { indices, granule } =
      valueGroupFeatures(tensor, factor.features, budget, checkpoint, draw) ??
      rowFeatures(tensor, factor.features, budget, draw);
    plans.set(tensor.key, {
      summary: { ...whole, features: indices.length, granule },
      indices: indices.length === factor.features ? null : indices,
    });
  }
  return { plans, tokens };
}

function rowFeatures(
  tensor: LogicalTensor,
  features: number,
  budget: number,
  draw: Draw,
): { indices: readonly number[]; granule: number } {
  const { family, axis } = sampleFamily(tensor.role);
  const seed = { family: `${tensor.scope}.${family}`, axis, shape: [features] };
  return { indices: draw(seed, features, budget), granule: 1 };
}

/**
 * The largest whole level at which Σ min(size, level) stays within `budget`: what narrow tensors leave over goes
 * to the wide ones.
 */
export function evenLevel(sizes: readonly number[], budget: number): number {
  const ascending = [...sizes].sort((a, b) => a - b);
  let left = budget;
  for (const [index, size] of ascending.entries()) {
    const share = left / (ascending.length - index);
    if (size > share) return Math.floor(share);
    left -= size;
  }
  return ascending.at(-1) ?? 0;
}

/** Tokens are hashed one by one, so that embedding and head share one choice; null without tokenizer or either. */
function sampledTokenIds(vocabulary: Vocabulary | null, rows: number, budget: number): number[] | null {
  return vocabulary === null || rows === Infinity ? null : sampleTokens(vocabulary.bytesById, rows, budget);
}

function planTokenRows(tensor: LogicalTensor, ids: readonly number[] | null, budget: number): SamplePlan {
  const [rows = 0, units = 0] = tensor.shape;
  if (ids !== null) {
    return { summary: { features: ids.length, units, of: rows, granule: 1, by: 'token' }, indices: ids };
  }
  const seed = { family: 'token', axis: 'row', shape: [rows] };
  const indices = sampleIndices(seed, rows, budget);
  return {
    summary: { features: indices.length, units, of: rows, granule: 1, by: 'index' },
    indices: indices.length === rows ? null : indices,
  };
}
