import { bestOfMaps } from './best-of-maps.mjs';
import { splitLeading } from './leading-part.mjs';
import { centred, transposed } from './matrices.mjs';
import { log10P } from './normal-tail.mjs';
import { IDENTITY, isIdentical, layerMaps, pairsOf, parameters } from './pairs.mjs';
import { notApplicable, record, sum } from './record.mjs';
import { jointTrace } from './trace.mjs';

function figuresOf(joint, skipped) {
  const { z, r, n_eff, r_interval, r_min, units, ceiling, tensors, features, counted } = joint;
  return {
    ...{ z, r, n_eff, r_interval, r_min, units, ceiling, tensors, features, skipped },
    parameters: sum(counted.map(({ pair }) => parameters(pair.subject))),
  };
}

/** trace: joint over the tensors of a component, under the best of the layer maps. */
export function traceRecord(subject, reference, component, transform = (factor) => factor) {
  const results = [];
  let unpaired = null;
  for (const map of layerMaps(subject, reference, component)) {
    const { pairs, skipped } = pairsOf(subject, reference, component, map);
    unpaired ??= skipped;
    const joint = jointTrace(pairs.map((pair) => ({ ...pair, a: transform(pair.a), b: transform(pair.b) })));
    if (joint !== null) results.push({ map: map.name, z: joint.z, joint, skipped });
  }
  if (results.length === 0) return notApplicable(unpaired);
  const { best, figures } = bestOfMaps(results);
  const identity = results.find((result) => result.map === 'identity');
  return record({
    ...figuresOf(best.joint, best.skipped),
    ...figures,
    details: { ...figures.details, identity_z: identity?.z ?? null },
    blocks: best.joint.counted.map(({ pair, z, r }) => ({
      ...{ key: pair.subject.key, reference_key: pair.reference.key, z, r },
      parameters: parameters(pair.subject),
      identical: isIdentical(pair.subject, pair.reference),
    })),
  });
}

/** rank_trace: the same on ranks over the units, ties sharing their mean rank. */
export function rankTraceRecord(subject, reference, component) {
  return traceRecord(subject, reference, component, (factor) => transposed(transposed(factor).map(ranks)));
}

function ranks(values) {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2;
  });
}

/** balanced_trace: the same after each side's 16 leading left singular directions (n/8 below 128) are projected out. */
export function balancedTraceRecord(subject, reference, component) {
  const { pairs, skipped } = pairsOf(subject, reference, component, IDENTITY);
  if (pairs.length === 0) return notApplicable(skipped);
  const count = Math.min(16, Math.floor(pairs[0].a.length / 8));
  const balanced = (factor) => splitLeading(centred(factor), count).rest;
  const joint = jointTrace(pairs.map((pair) => ({ ...pair, a: balanced(pair.a), b: balanced(pair.b) })));
  if (joint === null) return notApplicable(skipped);
  return record({
    ...figuresOf(joint, skipped),
    log10_p: log10P(joint.z),
    details: { directions_removed: count },
  });
}
