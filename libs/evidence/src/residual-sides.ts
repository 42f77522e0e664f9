import type { Component, TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import {
  createPackedGrams,
  jointGramOfMoments,
  packedLength,
  packedMoments,
  packGram,
  type JointGram,
  type PackedGrams,
  type WeightedSlots,
} from '@jokbo/statistics';
import type { ChosenUnits } from './chosen-units.js';
import type { Comparison } from './comparison.js';
import { referenceComponent, upcycledRole } from './dense-and-experts.js';
import { groupedTensors } from './in-groups.js';
import { layerGram, type GramSource, type RoleTensors } from './layer-gram.js';
import type { ContiguousMap } from './layer-map.js';
import { componentTensors } from './paired-tensors.js';
import { NOT_KEPT } from './partial-results.js';
import { operandType, operandView } from './product-view.js';
import { createRoom } from './room.js';
import { isWide, keepWideRoleGroup } from './wide-role-gram.js';

/** Multiplications of all Grams of a component from which they run in f32: below, f64 costs a quarter of a second. */
const F32_FROM_PRODUCTS = 2 ** 31;

/** Two layers that are held against each other, over the roles that both have. */
interface LayerPair {
  /** Slots of the two Grams. */
  readonly a: number;
  readonly b: number;
  readonly roles: readonly string[];
  readonly tensors: number;
  readonly parameters: number;
}

/** The joint Mantel test of all layers under one layer map. */
export interface MappedGrams {
  readonly joint: JointGram;
  readonly tensors: number;
  readonly features: number;
  readonly parameters: number;
  /** Every feature of every tensor is in its Gram. */
  readonly whole: boolean;
  /** Each layer's weight and the slots of its two Grams; layers without variance are left out. */
  readonly weighted: readonly WeightedSlots[];
  readonly grams: { readonly a: PackedGrams; readonly b: PackedGrams };
}

/**
 * Residual Grams of every layer of either side, made once for all layer maps, and their joint test under each map.
 *
 * @returns null for a map without a layer, or without variance.
 */
export async function residualGrams(
  comparison: Comparison,
  maps: readonly ContiguousMap[],
  chosen: ChosenUnits,
): Promise<(MappedGrams | null)[]> {
  const constant = new Set<string>();
  for (;;) {
    const before = constant.size;
    const plan = planLayers(comparison, maps, constant);
    const a = await sideGrams(plan.a, 'subject', comparison, chosen);
    const b = await sideGrams(plan.b, 'reference', comparison, chosen);
    for (const key of [...a.constant.map((own) => `a|${own}`), ...b.constant.map((own) => `b|${own}`)]) {
      constant.add(key);
    }
    // A role that is constant on one side is left out on both: what was summed without it is made again.
    if (constant.size > before) continue;
    const products = await productsOf(a.grams, b.grams, comparison);
    return plan.maps.map((pairs) => mappedGrams(pairs, a, b, products, chosen.units));
  }
}

/** Makes and keeps what the group of tensors that `comparison` looks at adds to the Grams of either side. */
export async function keepResidualGroup(
  comparison: Comparison,
  maps: readonly ContiguousMap[],
  chosen: ChosenUnits,
): Promise<void> {
  const plan = planLayers(comparison, maps, new Set());
  for (const [side, layers] of [
    ['subject', plan.a],
    ['reference', plan.b],
  ] as const) {
    const source = sourceOf(layers, side, comparison, chosen);
    for (const role of layers.flatMap(({ roles }) => roles)) {
      if (isWide(role, source)) await keepWideRoleGroup(role, source, comparison.group ?? 0);
    }
  }
}

function sourceOf(
  layers: readonly PlannedLayer[],
  side: 'subject' | 'reference',
  comparison: Comparison,
  chosen: ChosenUnits,
): GramSource {
  const { backend, signal, partials = NOT_KEPT } = comparison;
  const tensors = layers.flatMap(({ roles }) => roles.flatMap((role) => role.tensors));
  const features = tensors.reduce((sum, { sample }) => sum + (sample?.features ?? 0), 0);
  const dtype = operandType(features * chosen.units ** 2, F32_FROM_PRODUCTS);
  const component = side === 'subject' ? comparison.component : referenceComponent(comparison);
  const cut = { groups: groupedTensors(comparison, side, component), partials };
  const [room, featureRoom] = [createRoom(Float64Array), createRoom(Float64Array)];
  return { model: comparison[side], backend, chosen, dtype, room, featureRoom, signal, cut };
}

/** A layer of one side with the roles that its Gram sums. */
interface PlannedLayer {
  readonly layer: number;
  readonly roles: readonly RoleTensors[];
}

function planLayers(comparison: Comparison, maps: readonly ContiguousMap[], constant: ReadonlySet<string>) {
  const own = rolesByLayer(comparison.subject, comparison.component, comparison);
  const other = rolesByLayer(comparison.reference, referenceComponent(comparison), comparison);
  const [a, b] = [createSlots(own), createSlots(other)];
  const planned = maps.map((map) => {
    const pairs: LayerPair[] = [];
    for (const [layer, roles] of [...own].sort(([x], [y]) => x - y)) {
      const mapped = map.referenceLayer(layer);
      const partners = mapped === null ? undefined : other.get(mapped);
      if (mapped === null || partners === undefined) continue;
      const common = [...roles.keys()]
        .filter((role) => partners.has(role))
        .filter((role) => !constant.has(`a|${layer}|${role}`) && !constant.has(`b|${mapped}|${role}`))
        .sort();
      if (common.length === 0) continue;
      const tensors = common.flatMap((role) => roles.get(role) ?? []);
      pairs.push({
        a: a.slot(layer, common),
        b: b.slot(mapped, common),
        roles: common,
        tensors: tensors.length,
        parameters: tensors.reduce((sum, tensor) => sum + tensor.parameters, 0),
      });
    }
    return pairs;
  });
  return { maps: planned, a: a.layers, b: b.layers };
}

/** One slot for each layer and set of roles, in the order in which they are asked for. */
function createSlots(byLayer: ReadonlyMap<number, ReadonlyMap<string, TensorSummary[]>>) {
  const slots = new Map<string, number>();
  const layers: PlannedLayer[] = [];
  return {
    layers,
    slot(layer: number, roles: readonly string[]): number {
      const key = `${layer}|${roles.join()}`;
      const known = slots.get(key) ?? layers.length;
      if (!slots.has(key)) {
        slots.set(key, known);
        const tensorsOf = (role: string): TensorSummary[] => byLayer.get(layer)?.get(role) ?? [];
        layers.push({ layer, roles: roles.map((role) => ({ role, tensors: tensorsOf(role) })) });
      }
      return known;
    },
  };
}

interface SideGrams {
  readonly grams: PackedGrams;
  readonly features: readonly number[];
  readonly whole: readonly boolean[];
  /** `layer|role` of every role without a Gram. */
  readonly constant: readonly string[];
}

async function sideGrams(
  layers: readonly PlannedLayer[],
  side: 'subject' | 'reference',
  comparison: Comparison,
  chosen: ChosenUnits,
): Promise<SideGrams> {
  const source = sourceOf(layers, side, comparison, chosen);
  const grams = createPackedGrams(layers.length, chosen.units, source.dtype);
  const made = [];
  const constant: string[] = [];
  for (const [slot, { layer, roles }] of layers.entries()) {
    const own = await layerGram(roles, source);
    packGram(grams, slot, own.gram, own.shift);
    made.push({ features: own.features, whole: own.whole });
    constant.push(...own.constant.map((role) => `${layer}|${role}`));
  }
  return {
    grams,
    features: made.map((layer) => layer.features),
    whole: made.map((layer) => layer.whole),
    constant,
  };
}

interface Products {
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** Layers of A × layers of B. */
  readonly ab: Float64Array;
}

/** Σ_{j<i} of the products of every two Grams, within and across sides, in f64. */
async function productsOf(a: PackedGrams, b: PackedGrams, { backend }: Comparison): Promise<Products> {
  const viewOf = ({ values, layers, units }: PackedGrams) => operandView(values, layers, packedLength(units));
  const [viewA, viewB] = [viewOf(a), viewOf(b)];
  return {
    a: await backend.cross(viewA, viewA, 0),
    b: await backend.cross(viewB, viewB, 0),
    ab: await backend.cross(viewA, viewB, 0),
  };
}

function mappedGrams(
  pairs: readonly LayerPair[],
  a: SideGrams,
  b: SideGrams,
  products: Products,
  units: number,
): MappedGrams | null {
  if (pairs.length === 0) return null;
  const joint = jointGramOfMoments(
    packedMoments(
      a.grams,
      products.a,
      pairs.map((pair) => pair.a),
    ),
    packedMoments(
      b.grams,
      products.b,
      pairs.map((pair) => pair.b),
    ),
    pairs.map((pair) => 2 * (products.ab[pair.a * b.grams.layers + pair.b] ?? NaN)),
    units,
  );
  if (joint === null) return null;
  const total = (value: (pair: LayerPair) => number): number =>
    pairs.reduce((sum, pair) => sum + value(pair), 0);
  return {
    joint,
    tensors: total((pair) => pair.tensors),
    features: total((pair) => a.features[pair.a] ?? NaN),
    parameters: total((pair) => pair.parameters),
    whole: pairs.every((pair) => a.whole[pair.a] === true && b.whole[pair.b] === true),
    weighted: pairs.flatMap((pair, index) => {
      const layer = joint.layers[index] ?? null;
      return layer === null ? [] : [{ a: pair.a, b: pair.b, weight: layer.weight }];
    }),
    grams: { a: a.grams, b: b.grams },
  };
}

function isMatrix(tensor: TensorSummary): boolean {
  return tensor.shape.length > 1 && tensor.residual_axis !== null;
}

/**
 * Layer → role → tensors (the experts of a role together). Between experts and a dense MLP, roles are those within a
 * block.
 */
function rolesByLayer(
  model: ModelData,
  component: Component,
  { against }: Comparison,
): Map<number, Map<string, TensorSummary[]>> {
  const layers = new Map<number, Map<string, TensorSummary[]>>();
  for (const tensor of componentTensors(model, component)) {
    if (tensor.layer === null || !isMatrix(tensor)) continue;
    const roles = layers.get(tensor.layer) ?? new Map<string, TensorSummary[]>();
    layers.set(tensor.layer, roles);
    const inBlock = against === undefined ? tensor.role : upcycledRole(tensor.role);
    if (inBlock === null) continue;
    const role = `${tensor.scope}|${inBlock}`;
    roles.set(role, [...(roles.get(role) ?? []), tensor]);
  }
  return layers;
}
