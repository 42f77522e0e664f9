import { splitLeading } from './leading-part.mjs';
import { centred, innerProduct, norm } from './matrices.mjs';
import { IDENTITY, pairsOf, parameters } from './pairs.mjs';
import { mean, notApplicable, record, sum } from './record.mjs';

export function cosine(a, b) {
  return innerProduct(a, b) / (norm(a) * norm(b));
}

/** norm_context: raw cosine and Pearson correlation of norm weights, layer by layer. */
export function normContextRecord(subject, reference, component) {
  const { pairs } = pairsOf(subject, reference, component, IDENTITY);
  if (pairs.length === 0) return notApplicable();
  const raw = pairs.map(({ a, b }) => cosine(a, b));
  const pearson = pairs.map(({ a, b }) => cosine(centred(a), centred(b)));
  return record({
    tensors: pairs.length,
    parameters: sum(pairs.map((pair) => parameters(pair.subject))),
    details: {
      cosine: mean(raw),
      cosine_min: Math.min(...raw),
      cosine_max: Math.max(...raw),
      pearson: mean(pearson),
      pearson_max_abs: Math.max(...pearson.map(Math.abs)),
    },
  });
}

/** Tensors over which the split is averaged at most, evenly spread. */
const SPLIT_TENSORS = 64;

/**
 * start_split: each centred factor split, on each side by itself, into its k leading left singular directions,
 * k = min(16, min(n, m)/8), and the rest; q = mean r̂ of the leading parts / mean r̂ of the rests.
 */
export function startSplitRecord(subject, reference, component) {
  const { pairs } = pairsOf(subject, reference, component, IDENTITY);
  const chosen =
    pairs.length <= SPLIT_TENSORS
      ? pairs
      : Array.from(
          { length: SPLIT_TENSORS },
          (_, i) => pairs[Math.floor((i * pairs.length) / SPLIT_TENSORS)],
        );
  const leading = [];
  const rest = [];
  for (const { a, b } of chosen) {
    const count = Math.min(16, Math.floor(Math.min(a.length, a[0].length) / 8));
    if (count < 1) continue;
    const [own, other] = [splitLeading(centred(a), count), splitLeading(centred(b), count)];
    leading.push(cosine(own.leading, other.leading));
    rest.push(cosine(own.rest, other.rest));
  }
  if (rest.length === 0) return notApplicable();
  const [ofLeading, ofRest] = [mean(leading), mean(rest)];
  return record({
    tensors: rest.length,
    details: { r_leading: ofLeading, r_bulk: ofRest, q: ofRest > 0 ? ofLeading / ofRest : null },
  });
}
