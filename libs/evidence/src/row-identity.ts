import type { BlockRecord, EvidenceRecord, SkippedTensor } from '@jokbo/contracts';
import type { Comparison } from './comparison.js';
import { evidenceRecord, type RecordIdentity } from './evidence-record.js';
import { identicalExperts } from './identical-experts.js';
import { eachInGroups } from './in-groups.js';
import { IDENTITY_MAP } from './layer-map.js';
import { notMeasured } from './not-measured.js';
import { componentTensors, pairTensors, type TensorPair } from './paired-tensors.js';
import { isConstantRow, rowBits } from './row-bits.js';
import { rowValues, tensorRows } from './tensor-rows.js';
import { tokenText } from './token-text.js';

/** Information of a row below which equal values prove nothing. */
const TRIVIAL_BITS = 128;

/** Rows that a record names. */
const EXAMPLES = 8;

/**
 * Identical rows (tier 0): features of matched tensors (rows of embedding and head by token bytes, features of all other
 * matrices by index) that hold the same values, each by itself: frozen or copied rows in a tensor that was trained on
 * otherwise. A row that lies elsewhere in the other tensor counts as moved. Left out is what proves nothing: rows of
 * less than 128 bits (Rényi-2 entropy of their own values × their number), and rows that a tensor has more than once,
 * as padding that no token trains. Under independence a row of d values collides with probability at most
 * 2^(−d·(H_A + H_B)/2), H the Rényi-2 entropy of the tensors' values; the sum over rows stands beside the count.
 *
 * @param bytes the byte identity of the component, for the share of parameters per class.
 */
export async function rowIdentityEvidence(
  comparison: Comparison,
  bytes: EvidenceRecord,
): Promise<EvidenceRecord> {
  const { component, subject, reference } = comparison;
  const identity: RecordIdentity = {
    ...comparison,
    method: 'row_identity',
    tier: 0,
    primary: false,
    nullHypothesis: 'none needed: equal rows of trained values',
  };
  const { pairs, skipped: unpaired } = pairTensors(subject, reference, component, IDENTITY_MAP);
  const skipped: SkippedTensor[] = [...unpaired];
  const found: ComparedRows[] = [];
  for (const { item: pair, result: rows } of await rowsOfPairs(comparison, pairs)) {
    if (typeof rows === 'string') skipped.push({ key: pair.subject.key, reason: rows });
    else found.push({ pair, ...rows });
  }
  const rows = sum(found, ({ counted }) => counted);
  if (rows === 0) return notMeasured(identity, comparison, 'no-rows-in-common', skipped);
  const identical = sum(found, (of) => of.identical);
  return evidenceRecord(identity, {
    tensors: found.length,
    features: rows,
    parameters: sum(found, ({ pair }) => pair.subject.parameters),
    blocks: found.flatMap((of) => (of.identical + of.moved > 0 ? [blockOf(of)] : [])),
    skipped,
    details: {
      rows,
      rows_identical: identical,
      rows_moved: sum(found, (of) => of.moved),
      share_rows_identical: identical / rows,
      rows_left_out: sum(found, ({ leftOut }) => leftOut),
      log10_expected: log10Sum(found.flatMap(({ log10Expected }) => log10Expected ?? [])),
      examples: found
        .flatMap(({ examples }) => examples)
        .slice(0, EXAMPLES)
        .join(' '),
      ...shares(found, bytes, comparison),
      ...(component === 'experts' ? expertDetails(comparison) : {}),
    },
  });
}

/** Compares and keeps the rows of the group of tensors that `comparison` looks at. */
export async function keepRowIdentityGroup(comparison: Comparison): Promise<void> {
  const { component, subject, reference } = comparison;
  await rowsOfPairs(comparison, pairTensors(subject, reference, component, IDENTITY_MAP).pairs);
}

function rowsOfPairs(comparison: Comparison, pairs: readonly TensorPair[]) {
  return eachInGroups(
    comparison,
    ['row_identity'],
    pairs.filter((pair) => pair.subject.shape.length >= 2),
    (pair) => pair.subject.key,
    (pair) => compareRows(pair, comparison),
  );
}

/** Share of the component's parameters by what is the same: whole tensors, rows of other tensors, neither. */
function shares(found: readonly ComparedRows[], bytes: EvidenceRecord, { subject, component }: Comparison) {
  const total = sum(componentTensors(subject, component), ({ parameters }) => parameters);
  const whole = new Set(bytes.blocks.map(({ key }) => key));
  const inTensors = sum(bytes.blocks, ({ parameters }) => parameters) / total;
  const others = found.filter(({ pair }) => !whole.has(pair.subject.key));
  const inRows = sum(others, inheritedParameters) / total;
  return {
    share_in_equal_tensors: inTensors,
    share_in_equal_rows: inRows,
    share_in_neither: Math.max(0, 1 - inTensors - inRows),
  };
}

function expertDetails({ subject, reference }: Comparison) {
  const { experts, identical, moved } = identicalExperts(subject, reference);
  return { experts, experts_identical: identical, experts_moved: moved };
}

interface ComparedRows extends CountedRows {
  readonly pair: TensorPair;
}

interface CountedRows {
  readonly counted: number;
  readonly identical: number;
  readonly moved: number;
  readonly leftOut: number;
  /** log10 of the rows expected to collide. */
  readonly log10Expected: number | null;
  readonly examples: readonly string[];
}

/** Parameters of the whole tensor that the kept rows stand for. */
function inheritedParameters({ pair, counted, identical, moved }: ComparedRows): number {
  return counted === 0 ? 0 : (pair.subject.parameters * (identical + moved)) / counted;
}

function blockOf(rows: ComparedRows): BlockRecord {
  const { pair, counted, identical, moved } = rows;
  return {
    key: pair.subject.key,
    reference_key: pair.reference.key,
    z: null,
    r: (identical + moved) / counted,
    parameters: Math.round(inheritedParameters(rows)),
    identical: identical === counted,
  };
}

async function compareRows(pair: TensorPair, comparison: Comparison): Promise<CountedRows | string> {
  const { subject, reference, signal } = comparison;
  signal?.throwIfAborted();
  const [a, b] = [await subject.factor(pair.subject.key), await reference.factor(pair.reference.key)];
  if (a === null || b === null) return 'not-sampled';
  if (a.units !== b.units) return 'residual-width-differs';
  const options = { byToken: a.tokens !== null && b.tokens !== null, asStored: a.dtype === b.dtype };
  const own = await tensorRows(subject, pair.subject.key, a, options);
  const other = await tensorRows(reference, pair.reference.key, b, options);
  const place = new Map(other.names.map((name, row) => [name, row]));
  const known = new Set(other.digests);
  const times = new Map<string, number>();
  for (const digest of own.digests) times.set(digest, (times.get(digest) ?? 0) + 1);
  const found = { counted: 0, identical: 0, moved: 0, leftOut: 0 };
  const examples: string[] = [];
  own.names.forEach((name, row) => {
    const digest = own.digests[row] ?? '';
    const partner = place.get(name);
    const equal = known.has(digest);
    if (partner === undefined && !equal) return;
    const values = rowValues(own, row);
    const trivial = equal
      ? rowBits(values, own.valueBytes) < TRIVIAL_BITS
      : isConstantRow(values, own.valueBytes);
    if (trivial || (times.get(digest) ?? 0) > 1) {
      found.leftOut += 1;
      return;
    }
    found.counted += 1;
    if (!equal) return;
    if (partner !== undefined && other.digests[partner] === digest) found.identical += 1;
    else found.moved += 1;
    if (examples.length < EXAMPLES)
      examples.push(options.byToken ? tokenText(name) : `${pair.subject.key}:${name}`);
  });
  const bits = (a.units * (pair.subject.moments.entropy_bits + pair.reference.moments.entropy_bits)) / 2;
  const log10Expected =
    found.counted === 0 ? null : Math.log10(found.counted) - bits * Math.LOG10E * Math.LN2;
  return { ...found, log10Expected, examples };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

/** log10 Σ 10^x; null without any. */
function log10Sum(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const largest = Math.max(...values);
  return largest + Math.log10(sum(values, (value) => 10 ** (value - largest)));
}
