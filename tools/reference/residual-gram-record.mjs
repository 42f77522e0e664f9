import { bestOfMaps } from './best-of-maps.mjs';
import { effectSize, GRAM_POWER } from './effect-size.mjs';
import { mantelCovariance, mantelTest, unitGram } from './mantel.mjs';
import { addTo, timesTransposed, zeros } from './matrices.mjs';
import { layerMaps, ofComponent, parameters } from './pairs.mjs';
import { notApplicable, record, sum } from './record.mjs';

/**
 * Matrices with a residual axis, by layer and role; the experts of a role together. Where experts are held against a
 * dense MLP (`acrossBlocks`), roles are gate, up and down of a dense block or of routed experts; shared experts have
 * no part in it.
 */
function rolesByLayer(model, component, acrossBlocks) {
  const layers = new Map();
  for (const tensor of ofComponent(model, component)) {
    if (tensor.layer === null || tensor.axis === 'vector' || tensor.axis === 'none') continue;
    const inBlock = /^(?:mlp|moe\.expert)\.(gate|up|down)$/.exec(tensor.role)?.[1];
    const role = acrossBlocks ? inBlock : tensor.role;
    if (role === undefined) continue;
    if (!layers.has(tensor.layer)) layers.set(tensor.layer, new Map());
    const roles = layers.get(tensor.layer);
    roles.set(role, [...(roles.get(role) ?? []), tensor]);
  }
  return layers;
}

/** Σ over the tensors of a role of W'W, d × d. */
export function residualGram(tensors) {
  const d = tensors[0].factor.length;
  const gram = zeros(d, d);
  for (const { factor } of tensors) addTo(gram, timesTransposed(factor, factor));
  return gram;
}

/**
 * residual_gram: one d × d Gram per layer, the sum of its roles' Grams, each centred and of unit norm; T = Σ w_t T_t
 * over layers, w_t = 1/√Var_t, with the covariance of every pair of layers.
 *
 * @param against component of the reference, where it is another one.
 */
export function residualGramRecord(subject, reference, component, against = component) {
  const own = rolesByLayer(subject, component, against !== component);
  const other = rolesByLayer(reference, against, against !== component);
  const results = [];
  for (const map of layerMaps(subject, reference, component)) {
    const layers = [];
    for (const [layer, roles] of [...own].sort(([x], [y]) => x - y)) {
      const partners = other.get(map.layer(layer));
      const common = [...roles.keys()].filter((role) => partners?.has(role));
      if (common.length === 0) continue;
      const d = roles.get(common[0])[0].factor.length;
      const [a, b] = [zeros(d, d), zeros(d, d)];
      for (const role of common) {
        addTo(a, unitGram(residualGram(roles.get(role))));
        addTo(b, unitGram(residualGram(partners.get(role))));
      }
      layers.push({ a, b, tensors: common.flatMap((role) => roles.get(role)) });
    }
    if (layers.length > 0) results.push({ map: map.name, ...jointGram(layers) });
  }
  if (results.length === 0) return notApplicable();
  const { best, figures } = bestOfMaps(results);
  return record({
    ...effectSize(best.z, best.r, best.nEff, { power: GRAM_POWER }),
    ...figures,
    units: best.units,
    ceiling: Math.sqrt(best.nEff),
    tensors: best.tensors.length,
    features: sum(best.tensors.map(({ factor }) => factor[0].length)),
    parameters: sum(best.tensors.map(parameters)),
    blocks: best.tests.map(({ z, r }, layer) => ({
      ...{ key: `gram ${layer}`, reference_key: `gram ${layer}` },
      ...{ z, r, parameters: 0, identical: false },
    })),
  });
}

function jointGram(layers) {
  const tests = layers.map(({ a, b }) => mantelTest(a, b));
  const weights = tests.map(({ variance }) => 1 / Math.sqrt(variance));
  const excess = sum(tests.map((test, t) => weights[t] * test.excess));
  const norms = sum(tests.map((test, t) => weights[t] * test.norms));
  let variance = 0;
  layers.forEach(({ a, b }, t) => {
    layers.forEach((other, u) => {
      variance += weights[t] * weights[u] * mantelCovariance(a, other.a, b, other.b);
    });
  });
  const z = excess / Math.sqrt(variance);
  const r = excess / norms;
  const units = layers[0].a.length;
  return { z, r, nEff: (z / r) ** 2, units, tests, tensors: layers.flatMap(({ tensors }) => tensors) };
}
