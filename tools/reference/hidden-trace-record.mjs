import { bestOfMaps } from './best-of-maps.mjs';
import { effectSize, TRACE_POWER } from './effect-size.mjs';
import { transposed } from './matrices.mjs';
import { isIdentical, layerMaps, ofComponent, parameters } from './pairs.mjs';
import { notApplicable, record, sum } from './record.mjs';
import { jointTrace } from './trace.mjs';

/** `prefix` and `role` of gate, up and down. */
function inBlock(tensor) {
  const match = /^(.*)\.(gate|up|down)$/.exec(tensor.role);
  return { prefix: match[1], role: match[2] };
}

/**
 * hidden_trace: units are the hidden units of a block (layer, expert), features its residual dimensions; gate, up and
 * down of a block jointly under one permutation, blocks combined: z = Σz/√k, r̂ = Σ w(T−E)/Σ w‖Ac‖‖Bc‖ with
 * w = 1/√Var, n_eff = (z/r̂)². Where experts are held against a dense MLP, all experts of a layer are joint under
 * one permutation of the dense block's units.
 *
 * @param against component of the reference, where it is another one.
 */
export function hiddenTraceRecord(subject, reference, component, against = component) {
  const results = [];
  let unpaired = null;
  for (const map of layerMaps(subject, reference, component)) {
    const groups = new Map();
    const skipped = [];
    for (const own of ofComponent(subject, component)) {
      for (const other of ofComponent(reference, against)) {
        if (!isSamePlace(own, other, map, against !== component)) continue;
        const a = hiddenUnits(own);
        const b = hiddenUnits(other);
        if (a.length !== b.length) {
          skipped.push({ key: own.key, reason: 'hidden-width-differs' });
          continue;
        }
        const group = against === component ? `${own.layer}|${inBlock(own).prefix}|${own.expert}` : own.layer;
        groups.set(group, [...(groups.get(group) ?? []), { subject: own, reference: other, a, b }]);
      }
    }
    const tests = [...groups.values()].map(jointTrace);
    unpaired ??= skipped;
    if (tests.length === 0) continue;
    results.push({ map: map.name, ...combinedTraces(tests), tests, skipped });
  }
  if (results.length === 0) return notApplicable(unpaired);
  const { best, figures } = bestOfMaps(results);
  const { tests } = best;
  const counted = tests.flatMap((test) => test.counted);
  return record({
    ...effectSize(best.z, best.r, (best.z / best.r) ** 2, { power: TRACE_POWER }),
    ...figures,
    units: sum(tests.map(({ units }) => units)),
    ceiling: sum(tests.map(({ ceiling }) => ceiling)) / Math.sqrt(tests.length),
    tensors: sum(tests.map(({ tensors }) => tensors)),
    features: sum(tests.map(({ features }) => features)),
    parameters: sum([...new Set(counted.map(({ pair }) => pair.subject))].map(parameters)),
    skipped: best.skipped,
    details: { ...figures.details, groups: tests.length },
    blocks: counted.map(({ pair, z, r }) => ({
      ...{ key: pair.subject.key, reference_key: pair.reference.key, z, r },
      parameters: parameters(pair.subject),
      identical: isIdentical(pair.subject, pair.reference),
    })),
  });
}

function isSamePlace(own, other, map, acrossBlocks) {
  if (other.layer !== map.layer(own.layer)) return false;
  if (!acrossBlocks) return own.role === other.role && own.expert === other.expert;
  const isRouted = ({ role }) => /^(?:mlp|moe\.expert)\./.test(role);
  return isRouted(own) && isRouted(other) && inBlock(own).role === inBlock(other).role;
}

/** Joint tests of distinct groups, combined: of each z = (T−E)/√Var, and √n_eff = Σ w‖Ac‖‖Bc‖/√Var. */
export function combinedTraces(tests) {
  const z = sum(tests.map((test) => test.z));
  return { z: z / Math.sqrt(tests.length), r: z / sum(tests.map((test) => Math.sqrt(test.n_eff))) };
}

/** Hidden units × residual dimensions. */
export function hiddenUnits({ factor }) {
  return transposed(factor);
}
