/** Every layer against the same one. */
export const IDENTITY = { name: 'identity', layer: (layer) => layer };

/** Where the layers of one component of two models are held against each other. */
export function layerMaps(subject, reference, component) {
  const scope = component === 'vision' ? 'vision' : 'text';
  const withDepth = !['embedding', 'head', 'projector'].includes(component);
  const own = subject.layers[scope];
  const other = reference.layers[scope];
  // Contiguous maps: the shallower model against layers 0 .. , 1 .. , … of the deeper one.
  const offsets = withDepth ? Math.abs(own - other) : 0;
  return Array.from({ length: offsets + 1 }, (_, offset) => ({
    name: offset === 0 ? 'identity' : `offset:${offset}`,
    layer: (layer) => {
      if (layer === null || !withDepth) return layer;
      const mapped = own >= other ? layer - offset : layer + offset;
      return mapped >= 0 && mapped < other ? mapped : undefined;
    },
  }));
}

export function ofComponent(model, component) {
  return model.tensors.filter((tensor) => tensor.component === component);
}

/** The tensor of `model` with the same scope, role, expert and part in the given layer. */
export function counterpart(tensor, layer, model) {
  const { scope, role, expert, part } = tensor;
  const key = [scope, layer ?? '-', role, expert ?? '-', part].join('|');
  return layer === undefined ? undefined : model.tensors.find((other) => other.key === key);
}

/** Tensors with a residual axis of one component, paired by name under a layer map, with matched features. */
export function pairsOf(subject, reference, component, map) {
  const pairs = [];
  const alone = [];
  const unlike = [];
  for (const tensor of ofComponent(subject, component)) {
    if (tensor.factor === null) continue;
    const partner = counterpart(tensor, map.layer(tensor.layer), reference);
    if (partner === undefined) {
      alone.push({ key: tensor.key, reason: 'no-counterpart' });
      continue;
    }
    const matched = matchedFactors(tensor, partner, subject, reference);
    if (typeof matched === 'string') unlike.push({ key: tensor.key, reason: matched });
    else pairs.push({ subject: tensor, reference: partner, ...matched });
  }
  return { pairs, skipped: [...alone, ...unlike] };
}

/**
 * Factors of two tensors cut to common features: rows of embedding and head by the bytes of their token, everything
 * else by index where the counts agree. A reason where there is nothing in common.
 */
function matchedFactors(tensor, partner, subject, reference) {
  if (tensor.factor.length !== partner.factor.length) return 'residual-width-differs';
  if (tensor.role === 'embed' || tensor.role === 'lm_head') {
    const idOfHex = new Map([...reference.tokens].map(([id, hex]) => [hex, id]));
    const common = [...subject.tokens].filter(([, hex]) => idOfHex.has(hex));
    const ids = common.map(([id]) => id);
    const otherIds = common.map(([, hex]) => idOfHex.get(hex));
    return { a: chosenFeatures(tensor.factor, ids), b: chosenFeatures(partner.factor, otherIds) };
  }
  if (tensor.factor[0].length !== partner.factor[0].length) return 'feature-count-differs';
  return { a: tensor.factor, b: partner.factor };
}

export function chosenFeatures(factor, features) {
  return factor.map((row) => Float64Array.from(features, (feature) => row[feature]));
}

/** Elements of the stored tensor. */
export function parameters(tensor) {
  return tensor.values.length;
}

export function isIdentical(tensor, partner) {
  return tensor.dtype === partner.dtype && tensor.bytes.equals(partner.bytes);
}

/** A weight of a layer, of the text tower unless another scope is given, by role and expert. */
export function inLayer(model, layer, role, { scope = 'text', expert = null } = {}) {
  return model.tensors.find(
    (tensor) =>
      tensor.part === 'weight' &&
      tensor.scope === scope &&
      tensor.layer === layer &&
      tensor.role === role &&
      tensor.expert === expert,
  );
}
