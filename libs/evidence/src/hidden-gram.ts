import type { EvidenceRecord, Scope, TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { mapsFor, type Comparison } from './comparison.js';
import { blockRole, type BlockRole } from './dense-and-experts.js';
import {
  addGram,
  foldedRows,
  hasUnusableNorm,
  precedingNorm,
  rowProducts,
  unitGram,
  type NormPlace,
} from './folded-gram.js';
import type { RecordIdentity } from './evidence-record.js';
import {
  combineTested,
  drawn,
  groupGramRecord,
  testGroup,
  type GroupGrams,
  type TestedGroup,
} from './group-grams.js';
import { eachInGroups } from './in-groups.js';
import { BLOCK_SCOPES, hiddenWidth } from './hidden-pairs.js';
import type { ContiguousMap } from './layer-map.js';
import { notMeasured } from './not-measured.js';
import { componentTensors, tensorKey } from './paired-tensors.js';
import { joinByName } from './paired-factor.js';
import { operandType } from './product-view.js';

/** Hidden units of one Gram: more adds little power and costs memory squared. */
const MAX_UNITS = 1024;

/** Fewest units with a Mantel variance. */
const MIN_UNITS = 4;

/**
 * Hidden-axis Gram–Mantel test (H): per block (layer, expert) the sum over gate rows, up rows and down columns of
 * the units' Gram, each centred and of unit norm, the preceding norm's weight folded into gate and up. Null: the
 * hidden units of each block are permuted. Blocks are distinct groups, so their z add as in Stouffer (1949).
 * Blind to every permutation, sign or rotation of the residual stream and to norm rewriting; needs no alignment.
 */
export async function hiddenGramEvidence(comparison: Comparison): Promise<EvidenceRecord> {
  const results = [];
  for (const map of mapsFor(comparison)) {
    const tested = combineTested(await testedBlocks(comparison, map));
    if (tested !== null) results.push({ map: map.name, z: tested.combined.z, result: tested });
  }
  const identity = identityOf(comparison);
  return groupGramRecord(identity, results) ?? notMeasured(identity, comparison, 'hidden-width-differs');
}

/** Tests and keeps the blocks of the group of tensors that `comparison` looks at. */
export async function keepHiddenGramGroup(comparison: Comparison): Promise<void> {
  for (const map of mapsFor(comparison)) await testedBlocks(comparison, map);
}

function identityOf(comparison: Comparison): RecordIdentity {
  return {
    ...comparison,
    method: 'hidden_gram',
    tier: 1,
    primary: true,
    nullHypothesis: 'hidden units of every block',
  };
}

interface Block {
  readonly scope: Scope;
  readonly layer: number;
  readonly prefix: string;
  readonly expert: number | null;
  readonly tensors: ReadonlyMap<BlockRole, TensorSummary>;
}

function blocksOf(model: ModelData, comparison: Comparison): Map<string, Block> {
  const blocks = new Map<string, Block & { tensors: Map<BlockRole, TensorSummary> }>();
  for (const tensor of componentTensors(model, comparison.component)) {
    const place = blockRole(tensor.role);
    if (place === null || tensor.layer === null || !BLOCK_SCOPES.includes(tensor.scope)) continue;
    if (tensor.part !== 'weight' || tensor.residual_axis === null) continue;
    const { prefix, role } = place;
    const key = tensorKey({ ...tensor, role: prefix });
    const block = blocks.get(key) ?? {
      scope: tensor.scope,
      layer: tensor.layer,
      prefix,
      expert: tensor.expert,
      tensors: new Map(),
    };
    block.tensors.set(role, tensor);
    blocks.set(key, block);
  }
  return blocks;
}

/** Over all elements a block's Grams are let go before the next one's are made. */
async function testedBlocks(comparison: Comparison, map: ContiguousMap): Promise<(TestedGroup | null)[]> {
  const identity = identityOf(comparison);
  const inFull = comparison.subject.mode === 'full';
  const blocks = await eachInGroups(
    comparison,
    ['hidden_gram', map.name],
    pairedBlocks(comparison, map),
    ({ block }) => [...block.tensors.values()][0]?.key ?? '',
    async ({ key, block, partnerKey, partner }) => {
      comparison.signal?.throwIfAborted();
      const grams = await blockGram(key, block, partnerKey, partner, comparison);
      const tested = grams === null ? null : testGroup(grams, identity);
      return tested !== null && inFull ? { ...tested, scrambles: drawn(tested) } : tested;
    },
  );
  return blocks.map(({ result }) => result);
}

interface PairedBlock {
  readonly key: string;
  readonly block: Block;
  readonly partnerKey: string;
  readonly partner: Block;
}

function pairedBlocks(comparison: Comparison, map: ContiguousMap): PairedBlock[] {
  const referenceBlocks = blocksOf(comparison.reference, comparison);
  return [...blocksOf(comparison.subject, comparison)].flatMap(([key, block]) => {
    const layer = map.referenceLayer(block.layer);
    const { scope, prefix: role, expert } = block;
    const partnerKey = tensorKey({ scope, layer, role, expert, part: 'weight' });
    const partner = layer === null ? undefined : referenceBlocks.get(partnerKey);
    return partner === undefined ? [] : [{ key, block, partnerKey, partner }];
  });
}

async function blockGram(
  key: string,
  block: Block,
  referenceKey: string,
  partner: Block,
  comparison: Comparison,
): Promise<GroupGrams | null> {
  const { subject, reference, backend } = comparison;
  const normOf = ({ layer, scope }: Block): NormPlace => ({ layer, scope, role: 'norm.pre_ffn' });
  if (hasUnusableNorm(subject, normOf(block)) || hasUnusableNorm(reference, normOf(partner))) return null;
  let sums: { a: Float64Array; b: Float64Array; n: number } | null = null;
  let tensors = 0;
  let parameters = 0;
  for (const role of ['gate', 'up', 'down'] as const) {
    const [own, other] = [block.tensors.get(role), partner.tensors.get(role)];
    if (own === undefined || other === undefined) continue;
    const [left, right] = [await subject.factor(own.key), await reference.factor(other.key)];
    if (left === null || right === null || hiddenWidth(own) !== hiddenWidth(other)) continue;
    const rows = joinByName(namesOf(left), namesOf(right));
    const n = Math.min(MAX_UNITS, rows.a.length);
    if (n < MIN_UNITS || (sums !== null && sums.n !== n)) continue;
    const folded = role !== 'down';
    const gammaA = folded ? await precedingNorm(subject, normOf(block), left.units) : null;
    const gammaB = folded ? await precedingNorm(reference, normOf(partner), right.units) : null;
    const a = foldedRows(left, rows.a.slice(0, n), gammaA, operandType(n ** 2 * left.units));
    const b = foldedRows(right, rows.b.slice(0, n), gammaB, operandType(n ** 2 * right.units));
    sums ??= { a: new Float64Array(n * n), b: new Float64Array(n * n), n };
    const [gramA, gramB] = [
      unitGram(await rowProducts(a, a, backend), n),
      unitGram(await rowProducts(b, b, backend), n),
    ];
    if (gramA === null || gramB === null) continue;
    addGram(sums.a, gramA);
    addGram(sums.b, gramB);
    tensors += 1;
    parameters += own.parameters;
  }
  return sums === null || tensors === 0 ? null : { key, referenceKey, ...sums, tensors, parameters };
}

function namesOf(factor: {
  readonly features: number;
  readonly indices: readonly number[] | null;
}): string[] {
  return factor.indices === null
    ? Array.from({ length: factor.features }, (_, index) => String(index))
    : factor.indices.map(String);
}
