import { bestOfMaps } from './best-of-maps.mjs';
import { effectSize, GRAM_POWER } from './effect-size.mjs';
import { mantelTest, unitGram } from './mantel.mjs';
import { addTo, timesTransposed, transposed, zeros } from './matrices.mjs';
import { inLayer, layerMaps, ofComponent, parameters } from './pairs.mjs';
import { notApplicable, record, sum } from './record.mjs';

/** Statistics of distinct permutation groups, combined: z = Σz/√k, r̂ = Σ w(T−E)/Σ w·norm, n_eff = (z/r̂)². */
function combined(map, groups) {
  const tests = groups.map(({ a, b }) => mantelTest(a, b));
  const z = sum(tests.map((test) => test.z)) / Math.sqrt(tests.length);
  const r =
    sum(tests.map((test) => test.excess / Math.sqrt(test.variance))) /
    sum(tests.map((test) => test.norms / Math.sqrt(test.variance)));
  return { map, groups, tests, z, r, nEff: (z / r) ** 2 };
}

function combinedRecord(results) {
  if (results.length === 0) return notApplicable();
  const { best, figures } = bestOfMaps(results);
  const { groups, tests } = best;
  return record({
    ...effectSize(best.z, best.r, best.nEff, { power: GRAM_POWER }),
    ...figures,
    units: sum(groups.map(({ a }) => a.length)),
    ceiling: Math.sqrt(best.nEff),
    tensors: sum(groups.map(({ tensors }) => tensors)),
    features: groups.length,
    parameters: sum(groups.map((group) => group.parameters)),
    details: { ...figures.details, groups: groups.length },
    blocks: groups.map((group, index) => ({
      ...{ key: group.key, reference_key: group.referenceKey },
      ...{ z: tests[index].z, r: tests[index].r },
      ...{ parameters: group.parameters, identical: false },
    })),
  });
}

/** W with the weight of the preceding norm folded in; units of the result are the features of the factor. */
function foldedRows({ factor }, norm) {
  const gamma = norm.factor.map(([value]) => value);
  return transposed(factor.map((row, dimension) => row.map((value) => value * gamma[dimension])));
}

/**
 * hidden_gram (H): per layer and expert the sum of the unit Grams of gate rows, up rows and down columns over the
 * hidden units, the weight of the preceding norm folded into gate and up.
 */
export function hiddenGramRecord(subject, reference, component) {
  const results = [];
  for (const map of layerMaps(subject, reference, component)) {
    const groups = [];
    const gates = ofComponent(subject, component).filter(
      ({ role, part }) => role.endsWith('.gate') && part === 'weight',
    );
    for (const gate of gates) {
      const otherGate = inLayer(reference, map.layer(gate.layer), gate.role, gate);
      if (otherGate === undefined || gate.shape[0] !== otherGate.shape[0]) continue;
      const own = blockGram(subject, gate);
      const other = blockGram(reference, otherGate);
      groups.push({
        key: gate.key.replace('.gate|', '|'),
        referenceKey: otherGate.key.replace('.gate|', '|'),
        ...{ a: own.gram, b: other.gram, tensors: own.tensors.length },
        parameters: sum(own.tensors.map(parameters)),
      });
    }
    if (groups.length > 0) results.push(combined(map.name, groups));
  }
  return combinedRecord(results);
}

function blockGram(model, gate) {
  const norm = inLayer(model, gate.layer, 'norm.pre_ffn', { scope: gate.scope });
  const sibling = (role) => inLayer(model, gate.layer, gate.role.replace('.gate', `.${role}`), gate);
  const [up, down] = [sibling('up'), sibling('down')];
  const h = gate.shape[0];
  const gram = zeros(h, h);
  for (const rows of [foldedRows(gate, norm), foldedRows(up, norm), transposed(down.factor)]) {
    addTo(gram, unitGram(timesTransposed(rows, rows)));
  }
  return { gram, tensors: [gate, up, down] };
}

/**
 * value_gram (V): per KV group the unit Grams of its v rows (norm folded in), of the o columns of its query heads, and
 * of the symmetric part of V·O, over the channels of a head.
 */
export function valueGramRecord(subject, reference) {
  const results = [];
  for (const map of layerMaps(subject, reference, 'attention')) {
    const groups = [];
    for (const v of subject.tensors.filter(({ role, scope }) => role === 'attn.v' && scope === 'text')) {
      const layer = map.layer(v.layer);
      const otherV = inLayer(reference, layer, 'attn.v');
      if (otherV === undefined || subject.kvHeads !== reference.kvHeads) continue;
      if (v.shape[0] !== otherV.shape[0]) continue;
      for (let group = 0; group < subject.kvHeads; group += 1) {
        const own = groupGram(subject, v, group);
        groups.push({
          key: `text|${v.layer}|attn.v|group ${group}`,
          referenceKey: `text|${layer}|attn.v|group ${group}`,
          ...{ a: own.gram, b: groupGram(reference, otherV, group).gram },
          ...{ tensors: 2, parameters: own.parameters },
        });
      }
    }
    if (groups.length > 0) results.push(combined(map.name, groups));
  }
  return combinedRecord(results);
}

function groupGram(model, v, group) {
  const channels = v.shape[0] / model.kvHeads;
  const headsPerGroup = model.heads / model.kvHeads;
  const values = foldedRows(v, inLayer(model, v.layer, 'norm.pre_attn'));
  const outputs = transposed(inLayer(model, v.layer, 'attn.o').factor);
  const part = (rows, index) => rows.slice(index * channels, (index + 1) * channels);
  const ownValues = part(values, group);
  const ofOutputs = zeros(channels, channels);
  const ofProducts = zeros(channels, channels);
  for (let head = group * headsPerGroup; head < (group + 1) * headsPerGroup; head += 1) {
    const ownOutputs = part(outputs, head);
    addTo(ofOutputs, timesTransposed(ownOutputs, ownOutputs));
    const product = timesTransposed(ownValues, ownOutputs);
    addTo(ofProducts, product, 0.5);
    addTo(ofProducts, transposed(product), 0.5);
  }
  const gram = zeros(channels, channels);
  for (const one of [timesTransposed(ownValues, ownValues), ofOutputs, ofProducts])
    addTo(gram, unitGram(one));
  return { gram, parameters: channels * v.factor.length * (1 + headsPerGroup) };
}
