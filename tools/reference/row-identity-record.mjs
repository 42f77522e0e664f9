import { counts, informationBits } from './identity-records.mjs';
import { transposed } from './matrices.mjs';
import { counterpart, ofComponent, parameters } from './pairs.mjs';
import { notApplicable, record, sum } from './record.mjs';

/** Bits below which equal rows, or experts, prove nothing. */
const TRIVIAL_ROW_BITS = 128;
const TRIVIAL_BITS = 1024;

/** A row's values as one string of bytes, in which 0 and −0 differ. */
function bytesOf(row) {
  return Buffer.from(Float64Array.from(row).buffer).toString('latin1');
}

/** Rows of a tensor that have a name: the bytes of their token, or their index. */
function namedRows(tensor, tokens) {
  const rows = transposed(tensor.factor);
  const byToken = tensor.role === 'embed' || tensor.role === 'lm_head';
  const names = byToken ? [...tokens] : rows.map((_, index) => [index, String(index)]);
  return names.map(([index, name]) => ({ name, row: rows[index], bytes: bytesOf(rows[index]) }));
}

/** −n log2 Σ (c_v/n)² over the values of a row. */
function rowBits(row) {
  return -row.length * Math.log2(sum([...counts(row).values()].map((count) => (count / row.length) ** 2)));
}

/**
 * row_identity: rows of matched tensors that hold the same values, in place or moved. Trivial rows and rows that a
 * tensor has more than once are left out. Rows expected to collide: count · 2^(−d·(H_A + H_B)/2).
 *
 * @param bytes the byte_identity record of the component.
 */
export function rowIdentityRecord(subject, reference, component, bytes) {
  const found = [];
  const skipped = [];
  for (const tensor of ofComponent(subject, component).filter(({ factor }) => factor !== null)) {
    const partner = counterpart(tensor, tensor.layer, reference);
    if (partner === undefined) skipped.push({ key: tensor.key, reason: 'no-counterpart' });
    else if (tensor.axis !== 'vector')
      found.push(compare({ subject: tensor, reference: partner }, subject, reference));
  }
  const total = (name) => sum(found.map((one) => one[name]));
  if (total('counted') === 0) return notApplicable(skipped);
  const all = sum(ofComponent(subject, component).map(parameters));
  const whole = new Set(bytes.blocks.map(({ key }) => key));
  const inTensors = sum(bytes.blocks.map((block) => block.parameters)) / all;
  const others = found.filter(({ pair }) => !whole.has(pair.subject.key));
  const inRows = sum(others.map(inherited)) / all;
  return record({
    tensors: found.length,
    features: total('counted'),
    parameters: sum(found.map(({ pair }) => parameters(pair.subject))),
    skipped,
    blocks: found
      .filter(({ identical, moved }) => identical + moved > 0)
      .map((one) => ({
        ...{ key: one.pair.subject.key, reference_key: one.pair.reference.key, z: null },
        r: (one.identical + one.moved) / one.counted,
        parameters: Math.round(inherited(one)),
        identical: one.identical === one.counted,
      })),
    details: {
      rows: total('counted'),
      rows_identical: total('identical'),
      rows_moved: total('moved'),
      share_rows_identical: total('identical') / total('counted'),
      rows_left_out: total('leftOut'),
      log10_expected: log10Sum(found.filter(({ counted }) => counted > 0).map((one) => one.log10Expected)),
      share_in_equal_tensors: inTensors,
      share_in_equal_rows: inRows,
      share_in_neither: Math.max(0, 1 - inTensors - inRows),
      ...(component === 'experts' ? identicalExperts(subject, reference) : {}),
    },
  });
}

/** log10 Σ 10^x: the numbers themselves underflow. */
function log10Sum(values) {
  const largest = Math.max(...values);
  return largest + Math.log10(sum(values.map((value) => 10 ** (value - largest))));
}

function inherited({ pair, counted, identical, moved }) {
  return counted === 0 ? 0 : (parameters(pair.subject) * (identical + moved)) / counted;
}

function compare(pair, subject, reference) {
  const own = namedRows(pair.subject, subject.tokens);
  const other = namedRows(pair.reference, reference.tokens);
  const times = counts(own.map((row) => row.bytes));
  const known = new Set(other.map((row) => row.bytes));
  const result = { pair, counted: 0, identical: 0, moved: 0, leftOut: 0 };
  for (const { name, row, bytes } of own) {
    const partner = other.find((candidate) => candidate.name === name);
    const equal = known.has(bytes);
    if (partner === undefined && !equal) continue;
    const trivial = equal ? rowBits(row) < TRIVIAL_ROW_BITS : row.every((value) => Object.is(value, row[0]));
    if (trivial || times.get(bytes) > 1) {
      result.leftOut += 1;
      continue;
    }
    result.counted += 1;
    if (equal && partner?.bytes === bytes) result.identical += 1;
    else if (equal) result.moved += 1;
  }
  const entropy = (tensor) => informationBits(tensor) / parameters(tensor);
  const d = pair.subject.factor.length;
  const bits = (d * (entropy(pair.subject) + entropy(pair.reference))) / 2;
  return { ...result, log10Expected: Math.log10(result.counted) - bits * Math.log10(2) };
}

/** Routed experts of which every projection has the same bytes in one expert of the other model. */
function identicalExperts(subject, reference) {
  const experts = (model) => {
    const places = new Map();
    for (const tensor of ofComponent(model, 'experts')) {
      const place = `${tensor.layer}|${tensor.expert}`;
      places.set(place, [...(places.get(place) ?? []), tensor]);
    }
    return places;
  };
  const same = (own, other) =>
    own.length === other.length &&
    own.every((tensor, i) => tensor.role === other[i].role && tensor.bytes.equals(other[i].bytes));
  const others = experts(reference);
  const own = experts(subject);
  let identical = 0;
  let moved = 0;
  for (const [place, tensors] of own) {
    const twins = [...others].filter(([, projections]) => same(tensors, projections));
    if (twins.length === 0 || sum(tensors.map(informationBits)) < TRIVIAL_BITS) continue;
    identical += 1;
    if (!twins.some(([twin]) => twin === place)) moved += 1;
  }
  return { experts: own.size, experts_identical: identical, experts_moved: moved };
}
