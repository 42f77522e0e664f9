import { counterpart, IDENTITY, ofComponent, pairsOf, parameters } from './pairs.mjs';
import { notApplicable, record, sum } from './record.mjs';

/** Bits below which equal bytes prove nothing. */
const TRIVIAL_BITS = 1024;

/** Excess of equal values of a tensor from which they are also held against chance within features. */
const NOTABLE_EXCESS = 0.05;

/** How often each stored pattern occurs. */
export function counts(patterns) {
  const found = new Map();
  for (const pattern of patterns) found.set(pattern, (found.get(pattern) ?? 0) + 1);
  return found;
}

/** Stored bit patterns of a tensor's elements. */
function patternsOf({ bytes, values }) {
  const size = bytes.length / values.length;
  return Array.from({ length: values.length }, (_, i) => bytes.readUIntLE(i * size, size));
}

/** Elements × Rényi-2 entropy of their patterns, −log2 Σ p². */
export function informationBits(tensor) {
  const n = tensor.values.length;
  return n * -Math.log2(sum([...counts(patternsOf(tensor)).values()].map((count) => (count / n) ** 2)));
}

/**
 * byte_identity: tensors of the subject whose bytes occur in a tensor of the same role and shape of the reference.
 * Trivial ones do not count, unless all are: then their bits add up.
 */
export function byteIdentityRecord(subject, reference, component) {
  const own = ofComponent(subject, component).map((tensor) => {
    const partner = counterpart(tensor, tensor.layer, reference);
    const bits = informationBits(tensor);
    return { tensor, bits, either: Math.max(bits, partner === undefined ? 0 : informationBits(partner)) };
  });
  const allTrivial = own.every(({ bits }) => bits < TRIVIAL_BITS);
  const together = sum(own.map(({ either }) => either)) >= TRIVIAL_BITS;
  const isCounted = ({ either }) => (allTrivial ? together && either > 0 : either >= TRIVIAL_BITS);
  const counted = own.filter(isCounted);
  if (counted.length === 0) return notApplicable();
  const twins = counted.flatMap(({ tensor, bits }) => {
    if (!allTrivial && bits < TRIVIAL_BITS) return [];
    const twin = [...ofComponent(reference, component), ...predictingOrNot(tensor, reference)].find(
      (other) =>
        other.role === tensor.role &&
        other.part === tensor.part &&
        other.dtype === tensor.dtype &&
        other.shape.join() === tensor.shape.join() &&
        other.bytes.equals(tensor.bytes),
    );
    return twin === undefined ? [] : [{ tensor, twin, bits }];
  });
  const identical = sum(twins.map(({ bits }) => bits)) >= TRIVIAL_BITS ? twins : [];
  const all = sum(counted.map(({ tensor }) => parameters(tensor)));
  const same = sum(identical.map(({ tensor }) => parameters(tensor)));
  return record({
    ...{ tensors: counted.length, parameters: all },
    blocks: identical.map(({ tensor, twin }) => ({
      ...{ key: tensor.key, reference_key: twin.key, z: null, r: 1 },
      ...{ parameters: parameters(tensor), identical: true },
    })),
    details: {
      tensors_identical: identical.length,
      parameters_identical: same,
      bytes_identical: sum(identical.map(({ tensor }) => tensor.bytes.length)),
      share_identical: same / all,
      trivial_tensors: own.length - counted.length,
    },
  });
}

/** Layers of multi-token prediction beside an ordinary tensor, ordinary layers beside one of those. */
function predictingOrNot({ scope }, { tensors }) {
  const [other] = { text: ['mtp'], mtp: ['text'] }[scope] ?? [];
  return tensors.filter((tensor) => tensor.scope === other && tensor.layer !== null);
}

/**
 * value_identity: K = #{i: a_i = b_i} against its permutation moments E K = S/n,
 * Var K = [S − Σ p_v q_v(p_v + q_v)/n + S²/n²]/(n−1), S = Σ p_v q_v, summed over tensors. Features that repeat one
 * pattern on either side are left out.
 */
export function valueIdentityRecord(subject, reference, component) {
  const { pairs, skipped } = pairsOf(subject, reference, component, IDENTITY);
  let largest = 0;
  const tests = [];
  for (const pair of pairs) {
    pair.a.forEach((row, i) =>
      row.forEach((value, j) => (largest = Math.max(largest, Math.abs(value - pair.b[i][j])))),
    );
    if (pair.subject.dtype !== 'BF16' || pair.reference.dtype !== 'BF16') continue;
    const isConstant = (factor, feature) =>
      factor.every((row) => Object.is(row[feature], factor[0][feature]));
    const varying = [...pair.a[0].keys()].filter(
      (feature) => !isConstant(pair.a, feature) && !isConstant(pair.b, feature),
    );
    const elements = (factor) => factor.flatMap((row) => varying.map((feature) => sameBits(row[feature])));
    const test = collision(elements(pair.a), elements(pair.b));
    if (test === null) continue;
    const notable = test.equal - test.expectation >= NOTABLE_EXCESS * test.n;
    const column = (factor, feature) => factor.map((row) => sameBits(row[feature]));
    const within = notable
      ? varying.map((feature) => collision(column(pair.a, feature), column(pair.b, feature)))
      : [test];
    const inside = (name) => sum(within.map((one) => one?.[name] ?? 0));
    tests.push({ ...test, pair, notable, within: [inside('expectation'), inside('variance')] });
  }
  if (tests.length === 0) return notApplicable(skipped);
  const total = (name) => sum(tests.map((test) => test[name]));
  return record({
    z: (total('equal') - total('expectation')) / Math.sqrt(total('variance')),
    tensors: tests.length,
    features: total('n'),
    parameters: sum(tests.map(({ pair }) => parameters(pair.subject))),
    skipped,
    details: {
      values_equal: total('equal'),
      values: total('n'),
      fraction_equal: total('equal') / total('n'),
      fraction_expected: total('expectation') / total('n'),
      max_abs_difference: largest,
      ...(tests.some(({ notable }) => notable) ? byFeature(tests, total('equal'), total('n')) : {}),
    },
  });
}

/** The same with positions within features, where a tensor has notably more equal values than chance. */
function byFeature(tests, equal, n) {
  const [expectation, variance] = [0, 1].map((at) => sum(tests.map(({ within }) => within[at])));
  return {
    fraction_expected_by_feature: expectation / n,
    z_by_feature: variance > 0 ? (equal - expectation) / Math.sqrt(variance) : null,
  };
}

/** A key by which 0 and −0, which a Map takes for one, stay apart. */
function sameBits(value) {
  return Object.is(value, -0) ? '-0' : value;
}

function collision(a, b) {
  const n = a.length;
  if (n === 0) return null;
  const [p, q] = [counts(a), counts(b)];
  let s = 0;
  let weighted = 0;
  for (const [value, count] of p) {
    const other = q.get(value) ?? 0;
    s += count * other;
    weighted += count * other * (count + other);
  }
  const variance = (s - weighted / n + (s / n) ** 2) / (n - 1);
  if (!(variance > 0)) return null;
  return { n, equal: a.filter((value, i) => value === b[i]).length, expectation: s / n, variance };
}
